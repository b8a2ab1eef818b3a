//! Meta's rules about the human-agent tag, held against the whole program: a person's own late words carry it, and nothing
//! else does. There is no way to carry it always.

use std::fs;
use std::path::{Path, PathBuf};

use baton_commands::contract::composer::Verdict as Shown;
use baton_messenger::policy::{Author, Content, Facts, HumanAgent, MetaNow, Verdict, decide};
use baton_messenger::send::{MessageBody, QuickReply, SendBody};
use baton_messenger::{CustomerId, Platform};
use baton_support::NORTHWIND_TEA;

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;
const WROTE_MS: i64 = 1_791_190_800_000;

/// Every combination of who, what, where and how late, by the hour for eight days.
fn every_case() -> impl Iterator<Item = Facts> {
    let hours = 0..(8 * 24);
    let authors = [Author::Person, Author::Automation];
    let contents = [Content::Text, Content::Media, Content::Template];
    let rights = [HumanAgent::NotApproved, HumanAgent::Approved, HumanAgent::Refused];
    hours.flat_map(move |hour| {
        authors.into_iter().flat_map(move |author| {
            contents.into_iter().flat_map(move |content| {
                rights.into_iter().flat_map(move |human_agent| {
                    [Platform::Messenger, Platform::Instagram].into_iter().flat_map(move |platform| {
                        [false, true].into_iter().map(move |doubtful| Facts {
                            platform,
                            last_opening_ms: Some(WROTE_MS),
                            author,
                            content,
                            human_agent,
                            now: MetaNow { ms: WROTE_MS + hour * HOUR_MS, doubtful },
                        })
                    })
                })
            })
        })
    })
}

#[test]
fn nothing_that_a_rule_or_a_schedule_sends_carries_the_tag() {
    for facts in every_case().filter(|facts| facts.author == Author::Automation) {
        assert!(!matches!(decide(&facts), Verdict::HumanAgent { .. }), "{facts:?}");
    }
}

#[test]
fn within_the_day_nobody_carries_it_and_no_template_ever_does() {
    for facts in every_case() {
        let is_late = facts.now.ms - WROTE_MS >= 24 * HOUR_MS - 60_000;
        let may = is_late && facts.content != Content::Template && facts.human_agent == HumanAgent::Approved;
        assert!(may || !matches!(decide(&facts), Verdict::HumanAgent { .. }), "{facts:?}");
    }
}

#[test]
fn quick_replies_that_a_rule_sends_late_are_refused_and_in_time_go_without_the_tag() {
    let of = |hour: i64| {
        decide(&Facts {
            platform: Platform::Messenger,
            last_opening_ms: Some(WROTE_MS),
            author: Author::Automation,
            content: Content::Text,
            human_agent: HumanAgent::Approved,
            now: MetaNow { ms: WROTE_MS + hour * HOUR_MS, doubtful: false },
        })
    };
    let asked = || {
        let replies = vec![QuickReply::text("Yes", "Yes").unwrap()];
        MessageBody::text(Platform::Messenger, "Did it arrive?").unwrap().with_quick_replies(replies).unwrap()
    };
    let mara = CustomerId::from("6200000000000101");
    assert!(!SendBody::message(&mara, &of(1), asked()).unwrap().is_tagged());
    assert!(SendBody::message(&mara, &of(30), asked()).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_that_leaves_the_late_words_of_a_person_alone_carry_it() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    ines.offers(&mara, &["Yes", "No"]).await?;
    ines.answers(&mara, "Did it arrive?").await?;
    mara.gets("Did it arrive?").await?;
    world.moves_clock(30);
    ines.sees(&mara, "that it is late", |t| t.composer.verdict == Shown::HumanAgent).await?;
    ines.answers(&mara, "Sorry for the wait.").await?;
    mara.gets("Sorry for the wait.").await?;

    let tagged = |call: &baton_simulator::Call| call.params.get("tag").is_some();
    let ours: Vec<bool> = world.our_sends().iter().map(tagged).collect();
    assert_eq!(ours, [false, true]);
    let bots = world.meta().calls();
    let ours = world.meta().app_id();
    assert!(!bots.iter().filter(|call| call.app_id.as_ref() != Some(&ours)).any(tagged));
    Ok(())
}

/// Who says that a person wrote something: the composer, and the outbox about the same text. No setting, no rule, nothing
/// at the relay does.
#[test]
fn only_composer_and_outbox_say_that_a_person_wrote_it() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let mut sources = Vec::new();
    for name in ["core", "commands", "relay", "graph", "protocol", "thread"] {
        rust_files(&crates.join(name).join("src"), &mut sources);
    }
    assert!(sources.len() > 200, "{}", sources.len());
    let mut saying: Vec<String> = sources
        .iter()
        .filter(|file| fs::read_to_string(file).unwrap_or_default().contains("Author::Person"))
        .map(|file| file.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    saying.sort();
    assert_eq!(saying, ["composer.rs", "lane.rs"]);
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}
