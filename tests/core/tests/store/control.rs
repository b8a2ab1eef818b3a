//! Who holds a thread, as the store keeps it and the timeline tells it.

use baton_core::store::{Author, PreviewKind, TimelineLine};
use baton_messenger::Platform;
use baton_messenger::id::{AppId, PAGE_INBOX};
use baton_protocol::CustomerId;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::{OwnerSeen, OwnerSource, TeamFact};
use baton_thread::{Cause, Owner};
use serde_json::json;

use crate::builders::*;

fn teabot() -> Owner {
    Owner::Other { app: Some(AppId::from(TEABOT)) }
}

/// Mara asks, Teabot answers and passes to us.
fn passed_to_us() -> Log {
    let mut log = Log::connected();
    log.says("standby", MARA, NINE, "m_1", "I want a person");
    log.echo("standby", MARA, NINE + 1_000, "m_2", TEABOT, "One moment.");
    log.pass(MARA, NINE + 2_000, Some(TEABOT), BATON, "refund");
    log
}

#[tokio::test]
async fn the_bot_holds_a_thread_until_it_passes_it_to_us() {
    let log = passed_to_us();
    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[..3], log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE + 1_500).await.owner.owner, teabot());
    desk.store.ingest(&log.entries[3..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE + HOUR).await;
    assert_eq!(row.owner.owner, Owner::Ours);
    assert_eq!(row.owner.note.as_deref(), Some("refund"));
    assert_eq!(row.owner.until_ms, Some(NINE + 2_000 + 24 * HOUR));
    assert_eq!(row.waiting_since_ms, Some(NINE + 2_000));
    assert!(row.needs_reply);
}

#[tokio::test]
async fn what_lapses_of_ones_own_threads_is_found_between_two_moments() {
    let mut log = passed_to_us();
    let lapse_ms = NINE + 2_000 + 24 * HOUR;
    let assigned = |assignee| TeamFact::Assigned {
        customer: CustomerId::from(MARA),
        assignee,
        by: by_ines(),
        reply: None,
    };
    log.team(&assigned(Some(ines())));
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let lapsing = async |after_ms, by_ms| -> Vec<_> {
        let found = desk.store.lapsing(ines(), after_ms, by_ms).await.unwrap();
        found.into_iter().map(|row| (row.thread, row.owner.until_ms, row.drafted_ms)).collect()
    };
    let is_it = vec![(thread, Some(lapse_ms), None)];
    assert_eq!(lapsing(lapse_ms - HOUR, lapse_ms).await, is_it);
    assert_eq!(lapsing(lapse_ms - HOUR, lapse_ms - 1).await, []);
    assert_eq!(lapsing(lapse_ms, lapse_ms + HOUR).await, []);
    assert_eq!(desk.store.next_lapse_ms(ines(), NINE).await.unwrap(), Some(lapse_ms));
    assert_eq!(desk.store.next_lapse_ms(ines(), lapse_ms).await.unwrap(), None);
    assert_eq!(desk.store.lapsing(jonas(), NINE, lapse_ms).await.unwrap(), []);

    desk.store.save_draft(thread, "I am looking", "", NINE).await.unwrap();
    assert_eq!(lapsing(lapse_ms - HOUR, lapse_ms).await, [(thread, Some(lapse_ms), Some(NINE))]);
    log.team(&assigned(None));
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(lapsing(NINE, lapse_ms).await, []);
}

#[tokio::test]
async fn that_a_thread_is_to_go_back_is_kept_until_it_is_settled() {
    let mut log = passed_to_us();
    log.says("messaging", WEBER, NINE, "w_1", "Hello");
    let mut desk = Desk::with(&log).await;
    let (mara, weber) = (desk.thread_id(MARA).await, desk.thread_id(WEBER).await);
    desk.store.hand_back_is_due(weber, NINE + 1).await.unwrap();
    desk.store.hand_back_is_due(mara, NINE).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.hand_backs_due().await.unwrap(), [mara, weber]);
    // Done anew, it is due anew.
    desk.store.hand_back_is_due(mara, NINE + 2).await.unwrap();
    assert_eq!(desk.store.hand_backs_due().await.unwrap(), [weber, mara]);
    desk.store.hand_back_is_settled(weber).await.unwrap();
    assert_eq!(desk.store.hand_backs_due().await.unwrap(), [mara]);
    // It goes with its account.
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(desk.store.hand_backs_due().await.unwrap(), []);
}

#[tokio::test]
async fn control_lapses_by_the_time_that_is_asked_for() {
    let desk = Desk::with(&passed_to_us()).await;
    let lapse_ms = NINE + 2_000 + 24 * HOUR;
    assert_eq!(desk.row(MARA, lapse_ms - 1).await.owner.owner, Owner::Ours);
    let row = desk.row(MARA, lapse_ms).await;
    assert_eq!((row.owner.owner.clone(), row.owner.since_ms), (Owner::Idle, Some(lapse_ms)));
    // A thread that lapsed from us goes on waiting.
    assert_eq!(row.waiting_since_ms, Some(NINE + 2_000));

    let lines = desk.store.owner_changes(desk.thread_id(MARA).await, 10, lapse_ms).await.unwrap();
    let causes: Vec<_> = lines.iter().map(|line| line.cause).collect();
    assert_eq!(causes, [Cause::Lapsed, Cause::Passed, Cause::CustomerWrote]);
}

#[tokio::test]
async fn the_timeline_tells_a_lapse_at_its_own_time() {
    let mut log = passed_to_us();
    let again_ms = NINE + 40 * HOUR;
    log.says("standby", MARA, again_ms, "m_3", "Still there?");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let lapse_ms = NINE + 2_000 + 24 * HOUR;
    let items = desk.store.timeline(thread, NINE, again_ms + 1, again_ms + HOUR).await.unwrap();
    let told: Vec<_> = items
        .iter()
        .map(|item| match &item.line {
            TimelineLine::Owner(change) => (item.at_ms, change.cause, change.to.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            (NINE, Cause::CustomerWrote, teabot()),
            (NINE + 2_000, Cause::Passed, Owner::Ours),
            (lapse_ms, Cause::Lapsed, Owner::Idle),
            (again_ms, Cause::CustomerWrote, teabot()),
        ]
    );
    // Only the lapse lies in this stretch; the evidence that shows it comes later.
    let items = desk.store.timeline(thread, lapse_ms, lapse_ms + 1, again_ms).await.unwrap();
    assert_eq!(items.len(), 1);
}

#[tokio::test]
async fn late_evidence_is_folded_in_where_it_belongs() {
    let mut log = passed_to_us();
    log.says("messaging", MARA, NINE + HOUR, "m_3", "Thanks");
    let whole = Desk::with(&log).await;
    let late = Desk::new().await;
    // Everything but the pass, then the pass.
    let (pass, rest): (Vec<_>, Vec<_>) = log.entries.clone().into_iter().partition(|entry| entry.seq == 5);
    late.store.ingest(&rest, log_id()).await.unwrap();
    late.store.ingest(&pass, log_id()).await.unwrap();
    assert_eq!(late.store.canonical_export().await.unwrap(), whole.store.canonical_export().await.unwrap());
}

#[tokio::test]
async fn taking_passing_and_releasing_are_learned_from_the_desk_that_did_it() {
    let mut log = passed_to_us();
    log.team(&learned(OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::Passed, NINE + HOUR));
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE + 2 * HOUR).await;
    assert_eq!((row.owner.owner, row.waiting_since_ms), (teabot(), None));

    let start = log.entries.len();
    log.team(&learned(OwnerSeen::Ours, OwnerSource::Took, NINE + 2 * HOUR));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE + 3 * HOUR).await;
    assert_eq!((row.owner.owner, row.waiting_since_ms), (Owner::Ours, Some(NINE + 2 * HOUR)));

    let start = log.entries.len();
    log.team(&learned(OwnerSeen::Idle, OwnerSource::Released, NINE + 3 * HOUR));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE + 4 * HOUR).await;
    assert_eq!((row.owner.owner, row.owner.until_ms), (Owner::Idle, None));
}

#[tokio::test]
async fn a_person_in_metas_inbox_takes_the_thread_by_answering() {
    let mut log = passed_to_us();
    log.echo("standby", MARA, NINE + HOUR, "m_3", PAGE_INBOX, "Hello from the office");
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE + HOUR).await;
    assert_eq!((row.owner.owner, row.waiting_since_ms), (Owner::MetaInbox, None));
}

#[tokio::test]
async fn with_routing_off_nobody_owns_anything_and_nothing_expires() {
    let mut log = Log::new();
    log.connect(RoutingMode::Off);
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.echo("messaging", MARA, NINE + 1, "m_2", TEABOT, "Hello!");
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE + 1_000 * HOUR).await;
    assert_eq!((row.owner.owner, row.owner.until_ms), (Owner::Unmanaged, None));
    // A bot's answer does not stop the waiting time, unless a setting says that it counts.
    assert_eq!(row.waiting_since_ms, Some(NINE));
    let start = log.entries.len();
    log.team(&TeamFact::AppNamed {
        app: AppId::from(TEABOT),
        name: "Teabot".to_owned(),
        answers_count: true,
    });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE + HOUR).await.waiting_since_ms, None);
}

/// No echo on Instagram names its app: with routing off, an answer that came in a person's time is a person's.
#[tokio::test]
async fn with_routing_off_on_instagram_an_answer_that_names_no_app_is_a_persons() {
    let mut log = Log::new();
    log.team(&TeamFact::AccountConnected {
        platform: Platform::Instagram,
        name: "Northwind Tea".to_owned(),
        page: tea(),
        app: AppId::from(BATON),
        routing: RoutingMode::Off,
        fields: vec!["messages".to_owned()],
        by: by_ines(),
    });
    let says = |log: &mut Log, by_customer: bool, at_ms: i64, mid: &str| {
        let (from, to) = if by_customer { (MARA, TEA) } else { (TEA, MARA) };
        let mut message = json!({"mid": mid, "text": "Hello"});
        if !by_customer {
            message["is_echo"] = json!(true);
        }
        let event =
            json!({"sender": {"id": from}, "recipient": {"id": to}, "timestamp": at_ms, "message": message});
        log.event_of("instagram", TEA, "messaging", at_ms, &event);
    };
    says(&mut log, true, NINE, "m_1");
    says(&mut log, false, NINE + 1_000, "m_2");
    let desk = Desk::with(&log).await;
    let waits = async || desk.row(MARA, NINE + HOUR).await.waiting_since_ms;
    assert_eq!(waits().await, Some(NINE), "it came at once: Meta's instant reply");

    let start = log.entries.len();
    says(&mut log, false, NINE + MINUTE, "m_3");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(waits().await, None);

    // What came late tells that it followed a word at once.
    let start = log.entries.len();
    says(&mut log, true, NINE + MINUTE - 2_000, "m_4");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(waits().await, Some(NINE));

    let start = log.entries.len();
    says(&mut log, false, NINE + 2 * MINUTE, "m_5");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(waits().await, None);
    // Where a bot works that somebody named, it may have been the bot.
    let start = log.entries.len();
    log.team(&TeamFact::AppNamed {
        app: AppId::from(TEABOT),
        name: "Teabot".to_owned(),
        answers_count: false,
    });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(waits().await, Some(NINE));
}

#[tokio::test]
async fn connecting_late_gives_older_threads_their_owner() {
    let mut log = Log::new();
    log.says("standby", MARA, NINE, "m_1", "Hello");
    log.echo("messaging", WEBER, NINE, "m_2", BATON, "Good morning");
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, NINE).await.owner.owner, Owner::Other { app: None });
    let start = log.entries.len();
    log.connect(RoutingMode::On);
    log.team(&TeamFact::RoutingSet { routing: RoutingMode::On, default_app: Some(AppId::from(TEABOT)) });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE).await.owner.owner, teabot());
    assert_eq!(desk.row(WEBER, NINE).await.owner.owner, Owner::Ours);
}

#[tokio::test]
async fn a_row_shows_what_was_said_last_and_without_a_word_the_note_of_the_handover() {
    let mut log = Log::connected();
    // Meta tells of it twice, and the second time without the note.
    log.pass(MARA, NINE - 2_000, Some(TEABOT), BATON, "Wants a person: refund\nof order 4412");
    log.pass(MARA, NINE, None, BATON, "");
    log.pass(WEBER, NINE, Some(TEABOT), BATON, "");
    let desk = Desk::with(&log).await;
    let previews = async |customer: &str| {
        let row = desk.row(customer, NINE).await;
        (row.preview.by, row.preview.kind, row.preview.text, row.last_at_ms)
    };
    let handed = |text: &str| (Author::System, PreviewKind::HandedOver, text.to_owned(), NINE);
    assert_eq!(previews(MARA).await, handed("Wants a person: refund"));
    assert_eq!(previews(WEBER).await, handed(""));

    let start = log.entries.len();
    log.echo("standby", MARA, NINE - MINUTE, "m_1", TEABOT, "One moment.");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let said = (Author::App(TEABOT.into()), PreviewKind::Text, "One moment.".to_owned(), NINE - MINUTE);
    assert_eq!(previews(MARA).await, said);
}

#[tokio::test]
async fn apps_are_known_once_they_were_seen_and_by_the_name_that_somebody_gave_them() {
    let mut log = passed_to_us();
    log.echo("standby", WEBER, NINE, "m_9", "42", "Good morning");
    let desk = Desk::with(&log).await;
    let known = async || {
        let rows = desk.store.known_apps(&tea()).await.unwrap();
        rows.into_iter().map(|row| (row.app.into_string(), row.name)).collect::<Vec<_>>()
    };
    let nameless = |app: &str| (app.to_owned(), None);
    let ours = nameless(BATON);
    assert_eq!(known().await, [nameless("42"), ours.clone(), nameless(TEABOT)]);
    // A thread can be passed to each of them, by its id where nobody named it.
    let facts = desk.store.account_facts(&tea()).await.unwrap();
    assert_eq!(facts.apps.len(), 3);
    assert!(facts.apps.values().all(|app| app.name.is_empty() && !app.answers_count));

    let start = log.entries.len();
    log.team(&TeamFact::AppNamed {
        app: AppId::from(TEABOT),
        name: "Teabot".to_owned(),
        answers_count: false,
    });
    let (named, last) = (log.entries[start..].to_vec(), log.entries[..3].to_vec());
    desk.store.ingest(&named, log_id()).await.unwrap();
    desk.store.ingest(&last, log_id()).await.unwrap();
    let teabot = (TEABOT.to_owned(), Some("Teabot".to_owned()));
    assert_eq!(known().await, [nameless("42"), ours.clone(), teabot]);

    // What the team said is forgotten, what Meta told is not.
    let other = baton_protocol::LogId(uuid::Uuid::from_u128(8));
    desk.store.resync(&log.name, other).await.unwrap();
    assert_eq!(known().await, [nameless("42"), ours, nameless(TEABOT)]);
}

#[tokio::test]
async fn a_thread_in_which_only_a_label_was_set_says_so_until_somebody_says_something() {
    let label = |action: &str| {
        serde_json::json!({"field": "inbox_labels", "value": {
            "user": {"id": MARA}, "action": action, "label": {"id": "990000000000010", "page_label_name": "VIP"},
        }})
    };
    let mut log = Log::connected();
    log.event("changes", NINE, &label("add"));
    let desk = Desk::with(&log).await;
    let previews = async || {
        let row = desk.row(MARA, NINE).await;
        (row.preview.by, row.preview.kind, row.preview.text, row.last_at_ms)
    };
    let done = |kind: PreviewKind, at_ms: i64| (Author::System, kind, "VIP".to_owned(), at_ms);
    assert_eq!(previews().await, done(PreviewKind::LabelSet, NINE));

    let start = log.entries.len();
    log.event("changes", NINE + MINUTE, &label("remove"));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(previews().await, done(PreviewKind::LabelRemoved, NINE + MINUTE));

    let start = log.entries.len();
    log.pass(MARA, NINE + 2 * MINUTE, Some(TEABOT), BATON, "");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(previews().await.1, PreviewKind::HandedOver, "what happened last is said");
}
