//! The evidence of late replies becomes a file: what stands in it is what stands in the log.

use baton_commands::contract::composer::Verdict;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::thread::SendState;
use baton_protocol::enrol::Role;
use baton_protocol::team::{TagEvidence, TeamFact};
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{JONAS, NORTHWIND_TEA};
use jiff::Timestamp;

use crate::scene::mara_is_passed_to_ines;

const LATE: &str = "Sorry for the wait, Mara.";
const REFUSED: &str = "And here is the number.";

#[tokio::test(flavor = "multi_thread")]
async fn each_late_reply_is_a_row_with_what_the_log_says_of_it() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let folder = tempfile::tempdir()?;
    ines.browser().saves_into(folder.path());
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    ines.answers(&mara, "Hello Mara.").await?;
    mara.gets("Hello Mara.").await?;

    let empty = ines.exports_evidence(NORTHWIND_TEA).await?;
    assert_eq!(empty.rows.0, 0, "an ordinary reply leaves no evidence");

    world.moves_clock(30);
    ines.sees(&mara, "that it is late", |t| t.composer.verdict == Verdict::HumanAgent).await?;
    ines.answers(&mara, LATE).await?;
    let mid = mara.gets(LATE).await?.mid;
    ines.sees(&mara, "it sent", |t| t.stands(LATE, SendState::Sent)).await?;
    world.goes_wrong(Fault {
        call: Some(CallKind::Send),
        times: Some(1),
        ..Fault::always(Effect::SendRefused { error: "person_unavailable".to_owned() })
    })?;
    ines.answers(&mara, REFUSED).await?;
    ines.sees(&mara, "it refused", |t| t.stands(REFUSED, SendState::Refused)).await?;

    // The log tells how they ended a moment later.
    let (file, text) = baton_support::wait::until("both in the file", async || {
        let file = ines.exports_evidence(NORTHWIND_TEA).await.map_err(|error| error.to_string())?;
        let text = std::fs::read_to_string(folder.path().join(file.name.as_deref().unwrap_or_default()))
            .map_err(|error| error.to_string())?;
        let ended = text.contains(",sent,") && text.contains(",refused,");
        if ended { Ok((file, text)) } else { Err(text) }
    })
    .await?;
    assert_eq!(
        (file.name.as_deref(), file.rows.0, file.lacks.0),
        (Some("late-replies-Northwind-Tea.csv"), 2, 0)
    );
    assert!(!text.contains(LATE) && !text.contains(REFUSED), "no words are in it");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let at = |line: &[&str], column: &str| {
        line[lines[0].iter().position(|name| *name == column).unwrap()].to_owned()
    };
    let evidence = evidence_in_the_log(&world).await?;
    assert_eq!(evidence.len(), 2);
    for (line, tag) in lines[1..].iter().zip(&evidence) {
        assert_eq!(at(line, "account_id"), NORTHWIND_TEA.id().as_str());
        assert_eq!(at(line, "customer_id"), mara.id().as_str());
        assert_eq!(
            (at(line, "agent_id"), at(line, "agent_name")),
            (tag.agent.to_string(), ines.name().to_owned())
        );
        assert_eq!(ms(&at(line, "customer_acted_at")), Some(tag.last_opening_ms));
        assert_eq!(ms(&at(line, "may_be_sent_until")), Some(tag.until_ms));
        assert_eq!(ms(&at(line, "meta_time_at_send")), Some(tag.meta_now_ms));
        assert_eq!(at(line, "unchecked"), "no");
    }
    assert_eq!(at(&lines[1], "message_id"), mid.as_str());
    assert!(at(&lines[2], "refusal_code").starts_with("551"), "{}", at(&lines[2], "refusal_code"));
    let left: Vec<_> = std::fs::read_dir(folder.path())?.collect::<Result<_, _>>()?;
    assert_eq!(left.len(), 1, "nothing half is left beside it");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_and_places_that_cannot_be_written_get_words() -> anyhow::Result<()> {
    let (world, ines, _mara) = mara_is_passed_to_ines().await?;
    let folder = tempfile::tempdir()?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.browser().saves_into(folder.path());
    let refused = refusal(jonas.exports_evidence(NORTHWIND_TEA).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotAllowed);
    ines.browser().saves_into(&folder.path().join("nowhere"));
    let refused = refusal(ines.exports_evidence(NORTHWIND_TEA).await)?;
    assert_eq!(refused.code, CommandErrorCode::Storage);
    assert!(refused.message.contains("could not be written"), "{}", refused.message);
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

async fn evidence_in_the_log(world: &baton_support::World) -> anyhow::Result<Vec<TagEvidence>> {
    let facts = world.team_facts(NORTHWIND_TEA).await?.into_iter();
    let tags = facts.filter_map(|fact| match fact {
        TeamFact::SendStarted { tag, .. } => tag,
        _ => None,
    });
    Ok(tags.collect())
}

fn ms(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
