//! The outbox's rows: durable before the composer clears, moved by compare-and-set, found again by any id.

use baton_core::outbox::{State, detail_of};
use baton_core::store::{
    AfterSent, LeavesAs, NewPart, NewReply, Outgoing, PartKey, PartMove, PartStateName, StoreError, ThreadId,
};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::ids::CommandId;
use baton_protocol::team::TeamFact;
use baton_protocol::{CustomerId, LogName, ReplyId};

use crate::builders::*;

pub fn reply(thread: ThreadId, first: u128, texts: &[&str], created_ms: i64) -> NewReply {
    let parts = texts.iter().zip(first..).map(|(text, number)| NewPart {
        part: part(number),
        file: None,
        text: (*text).to_owned(),
        tag: None,
        state: PartStateName::Queued,
        detail: None,
    });
    NewReply {
        reply: ReplyId(part(first).0),
        thread,
        agent: ines(),
        created_ms,
        pressed_ms: created_ms,
        version_seen: 0,
        word_seq_seen: 3,
        claim: true,
        take_first: false,
        despite_unknown: false,
        leaves: LeavesAs::Plain,
        after_sent: None,
        parts: parts.collect(),
    }
}

pub async fn desk_with_mara() -> (Desk, ThreadId) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    (desk, thread)
}

#[tokio::test]
async fn what_is_read_more_than_once_is_of_one_moment() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.save_draft(thread, "Yes, three left.", "", NINE).await.unwrap();
    let mut before = desk.store.reading().await.unwrap();
    desk.store
        .take_draft_into_reply(&reply(thread, 1, &["Yes, three left."], NINE), "Yes, three left.")
        .await
        .unwrap();
    let mut after = desk.store.reading().await.unwrap();
    assert!(after.version() > before.version());
    for (reading, drafts, parts) in [(&mut before, 1, 0), (&mut after, 0, 1)] {
        let draft = reading.draft(thread).await.unwrap();
        let found = reading.parts_of_thread(thread).await.unwrap().len();
        assert_eq!((usize::from(draft.is_some()), found), (drafts, parts));
    }
}

#[tokio::test]
async fn a_draft_becomes_a_reply_in_one_step_and_survives_a_restart() {
    let (mut desk, thread) = desk_with_mara().await;
    desk.store.save_draft(thread, "Yes, three left.", "", NINE).await.unwrap();
    assert_eq!(desk.row(MARA, NINE).await.draft.as_deref(), Some("Yes, three left."));
    desk.store
        .take_draft_into_reply(&reply(thread, 1, &["Yes,", "three left."], NINE), "Yes, three left.")
        .await
        .unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.draft(thread).await.unwrap(), None);
    let parts = desk.store.parts_of_thread(thread).await.unwrap();
    let told: Vec<_> = parts.iter().map(|part| (part.text.as_str(), part.state, part.idx, part.of)).collect();
    let queued = PartStateName::Queued;
    assert_eq!(told, [("Yes,", queued, 0, 2), ("three left.", queued, 1, 2)]);
    assert_eq!(desk.row(MARA, NINE).await.outgoing.queued, 2);
    let row = desk.store.reply(parts[0].reply).await.unwrap();
    assert_eq!((row.claim, row.word_seq_seen, row.leaves), (true, 3, LeavesAs::Plain));
}

#[tokio::test]
async fn a_row_says_what_leaves_this_desk_until_something_newer_is_said() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let leaving = async || desk.row(MARA, NINE).await.leaving;
    assert_eq!(leaving().await, None);
    let yes = "Yes, three left.\nShall I send one?";
    desk.store.insert_reply(&reply(thread, 1, &[yes], NINE + MINUTE)).await.unwrap();
    assert_eq!(leaving().await.as_deref(), Some("Yes, three left."));

    let limit = r#"{"state":"queued","asked":false,"wait":{"wait":"network"}}"#;
    let waits = PartMove {
        detail: Some(limit.to_owned()),
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Queued, NINE)
    };
    assert_eq!(desk.row(MARA, NINE).await.outgoing.waiting, 0);
    assert!(desk.store.set_state(PartKey(part(1)), &waits).await.unwrap());
    let outgoing = desk.row(MARA, NINE).await.outgoing;
    assert_eq!((outgoing.queued, outgoing.waiting), (1, 1));

    let sent = PartMove::new(&[PartStateName::Queued], PartStateName::Sent, NINE);
    assert!(desk.store.set_state(PartKey(part(1)), &sent).await.unwrap());
    assert_eq!(
        leaving().await.as_deref(),
        Some("Yes, three left."),
        "Meta has it, and its echo is not here yet"
    );
    let known = log.entries.len();
    log.says("messaging", MARA, NINE + 2 * MINUTE, "m_2", "Never mind");
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    assert_eq!(leaving().await, None);
}

#[tokio::test]
async fn a_row_says_how_the_reply_stands_that_it_shows_and_not_one_of_before() {
    let (desk, thread) = desk_with_mara().await;
    let row = async || desk.row(MARA, NINE).await;
    desk.store.insert_reply(&reply(thread, 1, &["Yes."], NINE + MINUTE)).await.unwrap();
    let refused = PartMove::new(&[PartStateName::Queued], PartStateName::Refused, NINE + MINUTE);
    assert!(desk.store.set_state(PartKey(part(1)), &refused).await.unwrap());
    assert_eq!((row().await.leaving, row().await.leaving_is), (None, Outgoing::default()));

    desk.store.insert_reply(&reply(thread, 2, &["Yes, three left."], NINE + 2 * MINUTE)).await.unwrap();
    let now = row().await;
    assert_eq!(now.leaving.as_deref(), Some("Yes, three left."));
    assert_eq!((now.outgoing.refused, now.outgoing.queued), (1, 1));
    assert_eq!(now.leaving_is, Outgoing { queued: 1, ..Outgoing::default() });

    let sent = PartMove::new(&[PartStateName::Queued], PartStateName::Sent, NINE + 2 * MINUTE);
    assert!(desk.store.set_state(PartKey(part(2)), &sent).await.unwrap());
    let now = row().await;
    assert_eq!(now.leaving.as_deref(), Some("Yes, three left."));
    assert_eq!(now.leaving_is, Outgoing::default());
}

#[tokio::test]
async fn a_reply_that_cannot_be_stored_leaves_the_draft_alone() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.save_draft(thread, "Yes", "", NINE).await.unwrap();
    desk.store.insert_reply(&reply(thread, 1, &["Yes"], NINE)).await.unwrap();
    // The same ids again: refused as a whole.
    assert!(desk.store.take_draft_into_reply(&reply(thread, 1, &["Yes"], NINE), "Yes").await.is_err());
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, "Yes");
    assert_eq!(desk.store.parts_of_thread(thread).await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_who_saw_the_state_right_moves_a_part() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["Yes"], NINE)).await.unwrap();
    let key = PartKey(part(1));
    let begin = PartMove {
        grant_boot_ms: Some(77),
        begins_call: true,
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Sending, NINE + 1)
    };
    assert!(desk.store.set_state(key, &begin).await.unwrap());
    assert!(!desk.store.set_state(key, &begin).await.unwrap());
    let row = desk.store.part(part(1)).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts, row.grant_boot_ms), (PartStateName::Sending, 1, Some(77)));
}

#[tokio::test]
async fn parts_leave_in_order_and_wait_for_an_unknown_one() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one", "two"], NINE)).await.unwrap();
    desk.store.insert_reply(&reply(thread, 5, &["three"], NINE + 1)).await.unwrap();
    let next = || async { desk.store.next_queued(thread).await.unwrap().map(|row| row.text) };
    let moved = |number, from, to| {
        let store = desk.store.clone();
        async move { store.set_state(PartKey(part(number)), &PartMove::new(&[from], to, NINE)).await.unwrap() }
    };
    let waiting = || async { desk.store.threads_with_waiting_parts().await.unwrap() };
    assert_eq!(next().await.as_deref(), Some("one"));
    assert_eq!(waiting().await, [thread]);
    assert!(moved(1, PartStateName::Queued, PartStateName::Sending).await);
    assert!(moved(1, PartStateName::Sending, PartStateName::Unknown).await);
    assert_eq!(next().await.as_deref(), Some("one"));
    assert!(moved(1, PartStateName::Unknown, PartStateName::Sent).await);
    assert_eq!(next().await.as_deref(), Some("two"));
    assert!(moved(2, PartStateName::Queued, PartStateName::Refused).await);
    assert_eq!(next().await.as_deref(), Some("three"));
    let open = desk.store.parts_in(&[PartStateName::Queued, PartStateName::Refused]).await.unwrap();
    assert_eq!(open.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["two", "three"]);
    assert_eq!(desk.store.threads_with_open_parts().await.unwrap(), [thread]);
}

#[tokio::test]
async fn what_stands_behind_a_refused_part_waits_for_an_agent_and_not_by_itself() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one", "two"], NINE)).await.unwrap();
    assert_eq!(desk.store.threads_with_waiting_parts().await.unwrap(), [thread]);
    let refused = PartMove::new(&[PartStateName::Queued], PartStateName::Refused, NINE);
    assert!(desk.store.set_state(PartKey(part(1)), &refused).await.unwrap());
    assert!(desk.store.threads_with_waiting_parts().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_looked_for_counts_as_waiting_until_it_was_looked_for_or_cannot_be() {
    let mut log = Log::connected();
    log.says("standby", MARA, NINE, "m_1", "I want a person");
    log.pass(MARA, NINE + 2_000, Some(TEABOT), BATON, "refund");
    let customer = CustomerId::from(MARA);
    log.team(&TeamFact::Assigned { customer, assignee: Some(ines()), by: by_ines(), reply: None });
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    desk.store.insert_reply(&reply(thread, 1, &["Yes"], NINE)).await.unwrap();
    // As whoever keeps the thread sees it, and as whoever warns of its end does.
    let waits = async || {
        let waiting = desk.store.threads_with_waiting_parts().await.unwrap();
        let lapsing = desk.store.lapsing(ines(), NINE, NINE + 48 * HOUR).await.unwrap();
        let rows: Vec<_> = lapsing.iter().map(|row| (row.thread, row.reply_waits)).collect();
        assert_eq!(rows, [(thread, waiting.contains(&thread))]);
        !waiting.is_empty()
    };
    let moves = async |from: PartStateName, detail: Option<String>| {
        let to = PartMove { detail, ..PartMove::new(&[from], PartStateName::Unknown, NINE) };
        assert!(desk.store.set_state(PartKey(part(1)), &to).await.unwrap());
    };
    let unknown = |looked, look_failed| {
        let state = State::Unknown { why: "cut".to_owned(), looked, look_failed, several_fit: false };
        Some(detail_of(&state).unwrap())
    };
    assert!(waits().await);
    moves(PartStateName::Queued, unknown(false, false)).await;
    assert!(waits().await);
    moves(PartStateName::Unknown, unknown(false, true)).await;
    assert!(!waits().await);
    moves(PartStateName::Unknown, unknown(true, false)).await;
    assert!(!waits().await);
    // A settlement that came in with an entry leaves no detail of ours.
    moves(PartStateName::Unknown, None).await;
    assert!(waits().await);
}

#[tokio::test]
async fn a_part_is_found_by_every_id_it_ever_had() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["Yes"], NINE)).await.unwrap();
    let anew = PartMove {
        new_part: Some(part(9)),
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Queued, NINE)
    };
    assert!(desk.store.set_state(PartKey(part(1)), &anew).await.unwrap());
    for id in [part(1), part(9)] {
        let row = desk.store.part(id).await.unwrap().unwrap();
        assert_eq!((row.key, row.part), (PartKey(part(1)), part(9)));
    }
    // The echo of the first id settles the very same part, and the thread shows it once.
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.echo_of_part(MARA, NINE + 1, "m_2", part(1), "Yes");
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert!(desk.store.parts_of_thread(thread).await.unwrap().is_empty());
    assert_eq!(desk.messages(MARA).await[1].own_part, Some(PartKey(part(1))));
}

#[tokio::test]
async fn what_goes_back_to_the_draft_stands_before_what_was_written_since() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.take_draft_into_reply(&reply(thread, 1, &["Yes"], NINE), "").await.unwrap();
    desk.store.save_draft(thread, "and green tea", "", NINE).await.unwrap();
    let back = PartMove {
        detail: Some(r#"{"reason":"someone_wrote"}"#.to_owned()),
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Draft, NINE + 1)
    };
    assert!(desk.store.return_to_draft(PartKey(part(1)), &back).await.unwrap());
    assert!(!desk.store.return_to_draft(PartKey(part(1)), &back).await.unwrap());
    let draft = desk.store.draft(thread).await.unwrap().unwrap();
    assert_eq!(draft.text, "Yes\n\nand green tea");
    assert_eq!(draft.reason.as_deref(), Some(r#"{"reason":"someone_wrote"}"#));
    desk.store.save_draft(thread, "", "Yes\n\nand green tea", NINE).await.unwrap();
    assert_eq!(desk.store.draft(thread).await.unwrap(), None);
}

#[tokio::test]
async fn settings_and_queued_commands_are_kept_in_order() {
    let (mut desk, _) = desk_with_mara().await;
    desk.store.set_setting("theme", Some("\"dark\"")).await.unwrap();
    let command = |text: &str| CommandRequest {
        command_id: CommandId::new(),
        if_version: None,
        if_no_word_after: None,
        command: Command::NameCustomer {
            customer: CustomerId::from(MARA),
            name: text.to_owned(),
            by_hand: true,
        },
    };
    let (first, second) = (command("Mara"), command("Mara Lindt"));
    let log = LogName::Account(tea());
    for request in [&first, &second, &first] {
        desk.store.queue_command(&log, request, NINE).await.unwrap();
    }
    desk.reopen().await;
    assert_eq!(desk.store.setting("theme").await.unwrap().as_deref(), Some("\"dark\""));
    desk.store.set_setting("theme", None).await.unwrap();
    assert_eq!(desk.store.setting("theme").await.unwrap(), None);
    desk.store.tried_command(first.command_id).await.unwrap();
    let queue = desk.store.queued_commands(10).await.unwrap();
    let ids: Vec<_> = queue.iter().map(|queued| (queued.request.command_id, queued.attempts)).collect();
    assert_eq!(ids, [(first.command_id, 1), (second.command_id, 0)]);
    desk.store.forget_command(first.command_id).await.unwrap();
    assert_eq!(desk.store.queued_commands(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_missing() {
    let (desk, _) = desk_with_mara().await;
    let missing = desk.store.reply(ReplyId::new()).await;
    assert!(matches!(missing, Err(StoreError::Missing("reply"))));
    assert!(matches!(desk.store.thread(ThreadId(99), NINE).await, Err(StoreError::Missing("thread"))));
}

#[tokio::test]
async fn what_follows_a_reply_waits_for_its_last_part_and_does_not_follow_one_that_did_not_arrive() {
    let (desk, thread) = desk_with_mara().await;
    let done = |first, texts: &[&str]| NewReply {
        after_sent: Some(AfterSent::Done),
        ..reply(thread, first, texts, NINE)
    };
    let moved = |number, to| {
        let store = desk.store.clone();
        let change = PartMove::new(&[PartStateName::Queued], to, NINE);
        async move { store.set_state(PartKey(part(number)), &change).await.unwrap() }
    };
    let to_finish = || async { desk.store.reply_to_finish(thread).await.unwrap().map(|row| row.reply) };
    desk.store.insert_reply(&done(1, &["one", "two"])).await.unwrap();
    assert!(moved(1, PartStateName::Sent).await);
    assert_eq!(to_finish().await, None);
    assert!(moved(2, PartStateName::Sent).await);
    assert_eq!(to_finish().await, Some(ReplyId(part(1).0)));
    assert_eq!(desk.store.threads_with_open_parts().await.unwrap(), [thread]);
    desk.store.finished(ReplyId(part(1).0)).await.unwrap();
    assert_eq!(to_finish().await, None);

    desk.store.insert_reply(&done(5, &["three"])).await.unwrap();
    assert!(moved(5, PartStateName::Refused).await);
    assert_eq!(desk.store.reply(ReplyId(part(5).0)).await.unwrap().after_sent, None);
    assert!(desk.store.threads_with_open_parts().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_end_is_untold_until_somebody_was_told_or_the_part_moves_on() {
    let (mut desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["one"], NINE)).await.unwrap();
    desk.store.insert_reply(&reply(thread, 2, &["two"], NINE + 1)).await.unwrap();
    let refuse =
        PartMove { untold: true, ..PartMove::new(&[PartStateName::Queued], PartStateName::Refused, NINE) };
    assert!(desk.store.set_state(PartKey(part(1)), &refuse).await.unwrap());
    assert!(desk.store.set_state(PartKey(part(2)), &refuse).await.unwrap());
    desk.reopen().await;
    let untold = || async {
        let rows = desk.store.untold().await.unwrap();
        rows.into_iter().map(|(part, _)| part.text).collect::<Vec<_>>()
    };
    assert_eq!(untold().await, ["one", "two"]);
    desk.store.told(part(1)).await.unwrap();
    assert_eq!(untold().await, ["two"]);
    let again = PartMove::new(&[PartStateName::Refused], PartStateName::Queued, NINE);
    assert!(desk.store.set_state(PartKey(part(2)), &again).await.unwrap());
    assert!(untold().await.is_empty());
}

const SAID_SINCE: &str = r#"{"reason":"someone_wrote"}"#;

/// A reply of this thread comes back into its draft.
async fn comes_back(desk: &Desk, number: u128) {
    let back = PartMove {
        detail: Some(SAID_SINCE.to_owned()),
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Draft, NINE + 1)
    };
    assert!(desk.store.return_to_draft(PartKey(part(number)), &back).await.unwrap());
}

/// The draft's text, empty where there is none.
async fn drafted(desk: &Desk, thread: ThreadId) -> String {
    desk.store.draft(thread).await.unwrap().map(|draft| draft.text).unwrap_or_default()
}

/// Whoever wrote on meanwhile finds the replies in their order, and then what was written: nothing got in between a sentence.
#[tokio::test]
async fn replies_that_come_back_one_after_the_other_stand_in_their_order_before_what_was_written() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.insert_reply(&reply(thread, 1, &["Yes", "three left"], NINE - 3)).await.unwrap();
    desk.store.insert_reply(&reply(thread, 5, &["Shall I send one?"], NINE - 2)).await.unwrap();
    desk.store.insert_reply(&reply(thread, 7, &["Or two?"], NINE - 1)).await.unwrap();
    desk.store.save_draft(thread, "and green tea", "", NINE + 3).await.unwrap();
    comes_back(&desk, 1).await;
    let first = "Yes\nthree left\n\nand green tea";
    assert_eq!(drafted(&desk, thread).await, first);
    desk.store.save_draft(thread, &format!("{first}?"), first, NINE + 4).await.unwrap();
    comes_back(&desk, 5).await;
    let second = "Yes\nthree left\nShall I send one?\n\nand green tea?";
    assert_eq!(drafted(&desk, thread).await, second);

    // One that was pressed before them and comes back last stands first.
    desk.store.insert_reply(&reply(thread, 9, &["Hello"], NINE - 4)).await.unwrap();
    comes_back(&desk, 9).await;
    let third = format!("Hello\n\n{second}");
    assert_eq!(drafted(&desk, thread).await, third);

    // Rewritten it is the agent's own text: the next one stands before it.
    desk.store.save_draft(thread, "Yes, three, and green tea", &third, NINE + 5).await.unwrap();
    comes_back(&desk, 7).await;
    assert_eq!(drafted(&desk, thread).await, "Or two?\n\nYes, three, and green tea");
}

#[rstest::rstest]
#[case::into_nothing("", "Yes")]
#[case::into_what_was_written("and", "Yes\n\nand")]
#[tokio::test]
async fn a_late_save_of_an_older_draft_does_not_take_what_came_back(
    #[case] known: &str,
    #[case] joined: &str,
    #[values("and green tea", "")] late: &str,
) {
    let (desk, thread) = desk_with_mara().await;
    desk.store.take_draft_into_reply(&reply(thread, 1, &["Yes"], NINE), "").await.unwrap();
    desk.store.save_draft(thread, known, "", NINE).await.unwrap();
    comes_back(&desk, 1).await;

    // The page saves what it had, before it heard.
    let saved = desk.store.save_draft(thread, late, known, NINE + 2).await;

    assert!(matches!(saved, Err(StoreError::DraftChanged)), "{saved:?}");
    let kept = desk.store.draft(thread).await.unwrap().unwrap();
    assert_eq!((kept.text.as_str(), kept.reason.as_deref()), (joined, Some(SAID_SINCE)));
    // It has read what came back, and saves both.
    desk.store.save_draft(thread, "Yes\n\nand green tea", joined, NINE + 3).await.unwrap();
    assert_eq!(drafted(&desk, thread).await, "Yes\n\nand green tea");
}

#[tokio::test]
async fn a_reply_pressed_in_the_moment_in_which_another_comes_back_does_not_take_it() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.take_draft_into_reply(&reply(thread, 1, &["Yes"], NINE), "").await.unwrap();
    desk.store.save_draft(thread, "and green tea", "", NINE).await.unwrap();
    comes_back(&desk, 1).await;
    let next = reply(thread, 2, &["and green tea"], NINE + 2);

    let pressed = desk.store.take_draft_into_reply(&next, "and green tea").await;

    assert!(matches!(pressed, Err(StoreError::DraftChanged)), "{pressed:?}");
    assert_eq!(drafted(&desk, thread).await, "Yes\n\nand green tea");
    let next_queued = desk.store.next_queued(thread).await.unwrap();
    assert!(next_queued.is_none(), "nothing of it was stored");
    desk.store.take_draft_into_reply(&next, "Yes\n\nand green tea").await.unwrap();
    assert_eq!(drafted(&desk, thread).await, "");
}

#[tokio::test]
async fn a_save_whose_answer_was_lost_may_be_repeated() {
    let (desk, thread) = desk_with_mara().await;
    desk.store.save_draft(thread, "Yes", "", NINE).await.unwrap();
    desk.store.save_draft(thread, "Yes", "", NINE + 1).await.unwrap();
    assert_eq!(drafted(&desk, thread).await, "Yes");
}
