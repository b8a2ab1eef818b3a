//! What Meta lost on the way while the relay was killed is found afterwards: a desk becomes the steward, makes a pass over Graph,
//! and says how many webhooks were missed.
//!
//! ```text
//!  few customers ── webhooks, a fifth lost for good ──▶ relay, SIGKILL × rounds ──▶ its log
//!        │                                                                           │ what no webhook told
//!        └────────────── Graph, all messages ◀── a pass ── a desk, the steward ◀─────┴──▶ pages of history, the count
//! ```
//!
//! For that the relay asks the same Graph: it gives the lease to no desk whose Page token Meta did not confirm.

use std::collections::BTreeSet;

use anyhow::Context as _;
use baton_chaos_tests::desk;
use baton_chaos_tests::few::Few;
use baton_chaos_tests::relay::{ACCOUNT, Relay};
use baton_core::desk::Desk;
use baton_core::store::ThreadKey;
use baton_messenger::{AccountId, Mid};
use baton_protocol::entry::{Content, Entry};
use baton_support::window::until;

/// With the messages of a round so few that Graph gives each: it gives the newest 20 of a thread.
const ROUNDS: usize = 3;
/// How often everybody writes before a kill, and again while nobody answers.
const TIMES: usize = 2;
/// How many are answered before a kill, so that it comes while others are on their way.
const ANSWERS_BEFORE_A_KILL: usize = 3;
/// Decides what is lost.
const SEED: u64 = 20_261_122;

/// The messages of a log that pages of history brought, as often as they did.
fn audited(log: &[Entry]) -> Vec<Mid> {
    let pages = log.iter().filter_map(|entry| match entry.content() {
        Content::Audit(page) => Some(page.messages),
        _ => None,
    });
    pages.flatten().filter_map(|message| message.id).collect()
}

/// The messages of these customers that a desk has.
async fn on_the_desk(desk: &Desk, meta: &Few) -> anyhow::Result<BTreeSet<Mid>> {
    let mut there = BTreeSet::new();
    for customer in meta.customers() {
        let key = ThreadKey { account: AccountId::from(ACCOUNT), customer: customer.clone() };
        let Some(thread) = desk.store().thread_id(&key).await? else { continue };
        let messages = desk.store().messages(thread, None, 200).await?;
        there.extend(messages.into_iter().filter_map(|message| message.mid));
    }
    Ok(there)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_webhook_told_of_is_found_by_a_pass_over_graph_and_counted() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Relay::program()?;
    let mut relay = Relay::start(&program, folder.path()).await?;
    let reader = relay.enrol().await?;
    reader.connect_account(&relay).await?;
    let own = relay.enrol().await?;
    let desk_url = relay.desk_url().to_owned();
    let address = desk_url.trim_start_matches("http://").to_owned();
    let meta = Few::start(relay.webhook_url(), SEED).await?;
    // What was said before the account was connected was not missed.
    meta.begins_a_later_second().await?;
    for _ in 0..ROUNDS {
        let answered = meta.answered();
        meta.everybody_writes(TIMES)?;
        meta.answers(answered + ANSWERS_BEFORE_A_KILL).await?;
        relay.kill();
        meta.everybody_writes(TIMES)?;
        relay = Relay::start_asking(&program, folder.path(), &address, &meta.graph_url()).await?;
        meta.goes_on_at(relay.webhook_url());
    }
    meta.is_through().await?;
    let (held, lost) = (meta.messages(), meta.lost());
    assert!(!lost.is_empty() && lost.is_subset(&held), "{} of {} were lost", lost.len(), held.len());
    let told: BTreeSet<Mid> =
        reader.all_entries(&relay).await?.into_iter().filter_map(|(_, mid)| mid.map(Mid::from)).collect();
    let expected: BTreeSet<Mid> = held.difference(&lost).cloned().collect();
    assert_eq!(told, expected, "webhooks told of other messages than those that were not lost");

    let (token, graph) = (meta.page_token()?, meta.graph_url());
    let at = folder.path().join("auditing");
    let desk = desk::open_to_audit(&at, &desk_url, own.enrolled(), &graph, &token).await?;
    let mut last = String::new();
    let found =
        until::holds("every message that Meta holds, and how many were missed", until::LONG, async || {
            let there = on_the_desk(&desk, &meta).await?;
            let standing = desk.histories().await?.into_iter().next();
            last = format!("{} of {} messages, {} lost; {standing:?}", there.len(), held.len(), lost.len());
            let is_counted = standing
                .is_some_and(|history| history.through_ms.is_some() && history.missed == lost.len() as u64);
            Ok(there == held && is_counted)
        })
        .await;
    found.with_context(|| {
        let (asked, words) = (meta.was_asked(), relay.last_words());
        format!("the desk had {last}. Meta was asked: {asked}. The relay said last:\n{words}")
    })?;

    let mut pages = audited(&reader.log(&relay).await?.1);
    pages.sort_unstable();
    assert_eq!(pages, lost.into_iter().collect::<Vec<_>>(), "each once, and nothing that a webhook told");
    desk.shutdown().await;
    meta.stop().await;
    relay.stop();
    Ok(())
}
