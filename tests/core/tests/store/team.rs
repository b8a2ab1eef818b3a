//! What the team decides: assignment, status, sends, notes, names; and what each agent has read.

use baton_core::store::{Author, Block, HistoryThread, ListFrom, ListQuery, Move, Sort, TimelineLine, View};
use baton_protocol::snapshot::ReadMark;
use baton_protocol::team::{Settlement, Status, TagEvidence, TeamFact};
use baton_protocol::{AgentId, CustomerId, DeskId, LogName, NoteId, PartId};

use crate::builders::{self, *};

fn assigned(assignee: Option<AgentId>) -> TeamFact {
    TeamFact::Assigned { customer: CustomerId::from(MARA), assignee, by: by_ines(), reply: None }
}

fn status(status: Status) -> TeamFact {
    TeamFact::StatusSet { customer: CustomerId::from(MARA), status, by: by_ines() }
}

fn started(part: PartId, text: &str) -> TeamFact {
    builders::started(part, (ines(), desk_of_ines()), text, false)
}

fn settled(part: PartId, settlement: Settlement) -> TeamFact {
    builders::settled(part, desk_of_ines(), settlement)
}

#[tokio::test]
async fn the_version_is_the_seq_of_the_last_assignment_or_status() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let claim = log.team(&assigned(Some(ines())));
    let word = log.says("messaging", MARA, NINE + 1, "m_2", "Anybody?");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    assert_eq!(desk.store.thread_head_seqs(thread).await.unwrap(), (claim, word));
    assert_eq!(desk.row(MARA, NINE).await.assignee, Some(ines()));
}

#[tokio::test]
async fn the_last_move_since_a_version_says_who_was_faster() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let claim = log.team(&assigned(Some(jonas())));
    let done = log.team(&status(Status::Done));
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let last = async |seen, now| desk.store.last_move(thread, seen, now).await.unwrap();
    assert_eq!(last(0, claim).await, Some(Move::Assigned { to: Some(jonas()), by: by_ines() }));
    assert_eq!(last(0, done).await, Some(Move::StatusSet { status: Status::Done, by: by_ines() }));
    assert_eq!(last(done, done).await, None);
}

#[tokio::test]
async fn a_thread_that_is_done_opens_again_when_the_customer_writes() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&status(Status::Done));
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.status, row.needs_reply, row.waiting_since_ms), (Status::Done, false, None));
    assert_eq!(desk.store.view_counts(ines(), None).await.unwrap().done, 1);

    let start = log.entries.len();
    log.says("messaging", MARA, NINE + HOUR, "m_2", "One more thing");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE + HOUR).await;
    assert_eq!((row.status, row.needs_reply), (Status::Open, true));
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.done, counts.all, counts.all_waiting), (0, 1, 1));
}

fn block(blocked: bool, spam: bool) -> TeamFact {
    TeamFact::BlockSet { customer: CustomerId::from(MARA), blocked, spam, by: by_ines() }
}

#[tokio::test]
async fn the_thread_of_a_blocked_customer_stands_in_a_list_of_its_own_and_counts_in_no_other() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE, "m_2", "Good morning");
    log.team(&block(true, true));
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.block, row.needs_reply, row.waiting_since_ms), (Block::Spam, false, None));
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.blocked, counts.all, counts.unassigned_waiting, counts.done), (1, 1, 1, 0));
    let query = ListQuery {
        view: View::Blocked,
        account: None,
        sort: Sort::Newest,
        from: ListFrom::Top,
        limit: 10,
        now_ms: NINE,
    };
    assert_eq!(desk.store.thread_list(&query).await.unwrap().rows.len(), 1);

    // Done or not, whoever is blocked stands there; and what was set stands again afterwards.
    let start = log.entries.len();
    log.team(&status(Status::Done));
    log.team(&block(false, false));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.block, row.status), (Block::No, Status::Done));
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    assert_eq!((counts.blocked, counts.all, counts.done), (0, 1, 1));
}

#[tokio::test]
async fn an_older_block_says_nothing_after_a_newer_one() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&block(true, false));
    log.team(&block(false, false));
    let mut turned = log.entries.clone();
    turned.reverse();
    let desk = Desk::new().await;
    for entry in &turned {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(desk.row(MARA, NINE).await.block, Block::No);
    assert_eq!(desk.store.view_counts(ines(), None).await.unwrap().all, 1);
}

#[tokio::test]
async fn our_reaction_is_told_by_the_log_and_the_newest_stands() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let set = |emoji: Option<&str>, at_ms| TeamFact::ReactionSet {
        customer: CustomerId::from(MARA),
        mid: "m_1".into(),
        emoji: emoji.map(str::to_owned),
        at_ms,
        by: by_ines(),
    };
    log.team(&set(Some("\u{1f44d}"), NINE + 2));
    log.team(&set(Some("\u{2764}\u{fe0f}"), NINE + 1));
    let desk = Desk::with(&log).await;
    let reactions = desk.messages(MARA).await[0].reactions.clone();
    assert_eq!(reactions.len(), 1);
    assert_eq!((reactions[0].emoji.as_str(), reactions[0].actor.as_str()), ("\u{1f44d}", TEA));
    let start = log.entries.len();
    log.team(&set(None, NINE + 3));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert!(desk.messages(MARA).await[0].reactions.is_empty());
}

#[tokio::test]
async fn an_echo_gets_its_author_from_the_grant_before_or_after_it() {
    let mut log = Log::connected();
    log.echo_of_part(MARA, NINE, "m_1", part(1), "Yes, three left.");
    let desk = Desk::with(&log).await;
    assert_eq!(desk.messages(MARA).await[0].author, Author::OtherDesk);
    let start = log.entries.len();
    log.team(&started(part(1), "Yes, three left."));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.messages(MARA).await[0].author, Author::Agent(ines()));
    assert_eq!(desk.row(MARA, NINE).await.preview.by, Author::Agent(ines()));
}

#[tokio::test]
async fn an_instagram_echo_gets_its_author_from_the_settlement() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let event = serde_json::json!({
        "sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": NINE + 1_000,
        "message": {"mid": "m_2", "is_echo": true, "text": "Hi Mara"},
    });
    log.event_of("instagram", TEA, "messaging", NINE + 1_000, &event);
    let desk = Desk::with(&log).await;
    assert_eq!(desk.messages(MARA).await[1].author, Author::Account);
    assert!(desk.row(MARA, NINE).await.needs_reply);
    let start = log.entries.len();
    log.team(&started(part(1), "Hi Mara"));
    log.team(&settled(part(1), Settlement::Sent { mid: "m_2".into(), at_ms: None }));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.messages(MARA).await[1].author, Author::Agent(ines()));
    assert!(!desk.row(MARA, NINE).await.needs_reply);
}

#[tokio::test]
async fn an_echo_and_the_desks_word_for_it_are_one_message_whichever_comes_first() {
    let sent = || Settlement::Sent { mid: "m_2".into(), at_ms: None };
    let mut ends = Vec::new();
    for echo_first in [true, false] {
        let mut log = Log::connected();
        log.says("messaging", MARA, NINE, "m_1", "Hello");
        log.team(&started(part(1), "Hi Mara"));
        if echo_first {
            log.echo_of_part(MARA, NINE + 1_000, "m_2", part(1), "Hi Mara");
            log.team(&settled(part(1), sent()));
        } else {
            log.team(&settled(part(1), sent()));
            log.echo_of_part(MARA, NINE + 1_000, "m_2", part(1), "Hi Mara");
        }
        let desk = Desk::with(&log).await;
        let messages = desk.messages(MARA).await;
        let ours: Vec<_> =
            messages.iter().filter(|message| message.author == Author::Agent(ines())).collect();
        assert_eq!((messages.len(), ours.len()), (2, 1), "{messages:?}");
        let row = desk.row(MARA, NINE).await;
        assert!(!row.needs_reply);
        ends.push((ours[0].place.at_ms, row.preview.by.clone(), row.unread, row.last_at_ms));
    }
    assert_eq!(ends[0], ends[1]);
}

#[tokio::test]
async fn a_reply_is_a_word_from_the_moment_it_is_known_to_be_sent() {
    let mut log = Log::connected();
    let asked = log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&started(part(1), "Hi Mara"));
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, NINE).await.word_seq, asked);
    let start = log.entries.len();
    let sent = log.team(&settled(part(1), Settlement::Sent { mid: "m_2".into(), at_ms: None }));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE).await.word_seq, sent);
}

/// Whatever the clocks say: the relay's may be behind Meta's, as here.
#[tokio::test]
async fn a_reply_without_an_echo_answers_what_stood_before_it_and_nothing_later() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE + MINUTE, "m_1", "Hello");
    log.team(&started(part(1), "Hi Mara"));
    let desk = Desk::with(&log).await;
    assert!(desk.row(MARA, NINE).await.needs_reply);
    let start = log.entries.len();
    log.team(&settled(part(1), Settlement::Sent { mid: "m_9".into(), at_ms: None }));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.needs_reply, row.waiting_since_ms), (false, None));

    let start = log.entries.len();
    log.says("messaging", MARA, NINE + MINUTE + 1, "m_2", "And where is it?");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.needs_reply, row.waiting_since_ms), (true, Some(NINE + MINUTE + 1)));

    // The echo says when it really was.
    let start = log.entries.len();
    log.echo_of_part(MARA, NINE + 2 * MINUTE, "m_9", part(1), "Hi Mara");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert!(!desk.row(MARA, NINE).await.needs_reply);
}

#[tokio::test]
async fn colleagues_see_what_is_on_its_way_until_it_ends() {
    let mut log = Log::connected();
    log.team(&started(part(1), "Yes"));
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let open = desk.store.parts_elsewhere(thread).await.unwrap();
    assert_eq!((open.len(), open[0].text.as_deref(), open[0].agent), (1, Some("Yes"), Some(ines())));

    let unknown = Settlement::Unknown { why: "the line was cut".to_owned() };
    for (settlement, is_open) in [
        (unknown.clone(), true),
        (Settlement::Abandoned { by: jonas() }, false),
        (unknown, false),
        (Settlement::Sent { mid: "m_1".into(), at_ms: None }, false),
        (Settlement::Abandoned { by: jonas() }, false),
    ] {
        let start = log.entries.len();
        log.team(&settled(part(1), settlement));
        desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
        assert_eq!(!desk.store.parts_elsewhere(thread).await.unwrap().is_empty(), is_open);
    }
    let part = desk.store.team_part(part(1)).await.unwrap().unwrap();
    assert_eq!(part.settlement, Some(Settlement::Sent { mid: "m_1".into(), at_ms: None }));
}

#[tokio::test]
async fn what_a_desk_left_is_what_has_no_end_and_what_it_called_unknown_of_late() {
    let mut log = Log::connected();
    for number in 1..=4 {
        log.team(&started(part(number), "Yes"));
    }
    log.team(&settled(part(2), Settlement::Unknown { why: "the line was cut".to_owned() }));
    log.team(&settled(part(3), Settlement::NotBegun));
    log.team(&settled(part(4), Settlement::Sent { mid: "m_1".into(), at_ms: None }));
    log.echo_of_part(MARA, NINE, "m_2", part(2), "Yes");
    let desk = Desk::with(&log).await;
    let row = desk.store.team_part(part(1)).await.unwrap().unwrap();
    let (granted_ms, mine) = (row.granted_ms.unwrap(), DeskId::new());
    let left = async |before_ms: i64, since_ms: i64| {
        let left = desk.store.left_parts(&tea(), mine, before_ms, since_ms).await.unwrap();
        left.into_iter().map(|left| (left.part, left.is_unknown, left.echo)).collect::<Vec<_>>()
    };
    let (open, unknown) = ((part(1), false, None), (part(2), true, Some("m_2".into())));
    let later_ms = granted_ms + MINUTE;
    assert_eq!(left(later_ms, granted_ms - MINUTE).await, [open.clone(), unknown]);
    assert_eq!(left(later_ms, later_ms).await, [open]);
    assert_eq!(left(granted_ms - MINUTE, 0).await, []);
}

#[tokio::test]
async fn what_desks_left_is_found_by_index() {
    let desk = Desk::with(&Log::connected()).await;
    let plan = desk.store.explain_left_parts().await.unwrap();
    let seeks =
        plan.iter().filter(|line| line.contains("USING INDEX team_part_left (account=? AND settled_rank=?"));
    assert_eq!(seeks.count(), 2, "{plan:?}");
    assert!(!plan.iter().any(|line| line.contains("SCAN team_part")), "{plan:?}");
}

#[tokio::test]
async fn what_no_webhook_brought_is_counted_by_its_index() {
    let desk = Desk::with(&Log::connected()).await;
    let plan = desk.store.explain_missed().await.unwrap();
    assert!(plan[0].starts_with("SEARCH m USING INDEX message_of_audit (at_ms>?)"), "{plan:?}");
}

#[tokio::test]
async fn what_a_colleague_sent_stays_in_sight_until_its_message_is_here() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&started(part(1), "Yes"));
    log.team(&settled(part(1), Settlement::Sent { mid: "m_2".into(), at_ms: None }));
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let mut reading = desk.store.reading().await.unwrap();
    let sent = reading.sent_without_message(thread).await.unwrap();
    assert_eq!((sent.len(), sent[0].text.as_deref(), sent[0].is_sent()), (1, Some("Yes"), true));
    drop(reading);

    let start = log.entries.len();
    log.echo_of_part(MARA, NINE + MINUTE, "m_2", part(1), "Yes");
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let mut reading = desk.store.reading().await.unwrap();
    assert!(reading.sent_without_message(thread).await.unwrap().is_empty(), "it would be shown twice");
}

#[tokio::test]
async fn unread_is_what_came_after_this_agents_mark() {
    let mut log = Log::connected();
    let first = log.says("messaging", MARA, NINE, "m_1", "one");
    log.says("messaging", MARA, NINE + 1, "m_2", "two");
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, NINE).await.unread, 2);
    let mark = ReadMark { account: tea(), customer: CustomerId::from(MARA), read_seq: first };
    assert_eq!(desk.store.set_read_mark(&mark).await.unwrap(), Some(desk.thread_id(MARA).await));
    assert_eq!(desk.row(MARA, NINE).await.unread, 1);
    let mut reading = desk.store.reading().await.unwrap();
    let begins = reading.first_unread(desk.thread_id(MARA).await).await.unwrap().unwrap();
    assert_eq!(begins.key, "m_2");
}

#[tokio::test]
async fn names_notes_and_agents_are_there() {
    let mut log = Log::connected();
    log.history(MARA, NINE, &[("m_1", NINE, true, "Hello")]);
    let customer = || CustomerId::from(MARA);
    let note = NoteId::new();
    log.team(&TeamFact::NoteAdded {
        customer: customer(),
        note,
        text: "Pays on delivery".to_owned(),
        mentions: vec![jonas()],
        supervisors_only: false,
        by: by_ines(),
    });
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, NINE).await.customer_name.as_deref(), Some("Mara Lindt"));
    let start = log.entries.len();
    log.team(&TeamFact::CustomerNamed { customer: customer(), name: "Ms Lindt".to_owned(), by_hand: true });
    log.team(&TeamFact::CustomerNamed { customer: customer(), name: "M. Lindt".to_owned(), by_hand: false });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE).await.customer_name.as_deref(), Some("Ms Lindt"));
    let thread = desk.thread_id(MARA).await;
    let items = desk.store.timeline(thread, 0, i64::MAX, NINE).await.unwrap();
    assert!(
        items
            .iter()
            .any(|item| matches!(&item.line, TimelineLine::Note(note) if note.text == "Pays on delivery"))
    );

    let mut workspace = Log::new();
    workspace.name = LogName::Workspace;
    workspace.team(&TeamFact::AgentNamed { agent: ines(), name: "Ines".to_owned() });
    workspace.team(&TeamFact::AgentNamed { agent: ines(), name: "Ines Duarte".to_owned() });
    let changes = desk.store.ingest(&workspace.entries, log_id()).await.unwrap();
    assert!(changes.workspace);
    assert_eq!(desk.store.agents().await.unwrap()[0].name, "Ines Duarte");
}

#[tokio::test]
async fn a_resync_drops_team_facts_and_keeps_what_meta_said() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&assigned(Some(jonas())));
    let mut desk = Desk::with(&log).await;
    desk.store.save_draft(desk.thread_id(MARA).await, "Dear Mara", "", NINE).await.unwrap();

    // The relay was restored from a backup: the claim never happened.
    let other = baton_protocol::LogId::new();
    assert!(desk.store.ingest(&log.entries, other).await.is_err());
    desk.store.resync(&log.name, other).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.row(MARA, NINE).await.assignee, None);
    assert_eq!(desk.texts(MARA).await, ["Hello"]);
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!((cursor.log_id, cursor.ranges.is_empty()), (other, true));

    log.entries.pop();
    desk.store.ingest(&log.entries, other).await.unwrap();
    let row = desk.row(MARA, NINE).await;
    assert_eq!((row.assignee, row.draft.as_deref()), (None, Some("Dear Mara")));
    assert_eq!(row.account_name, "Northwind Tea");
    assert_eq!(desk.store.canonical_export().await.unwrap(), {
        Desk::with(&log).await.store.canonical_export().await.unwrap()
    });
}

#[tokio::test]
async fn what_has_no_place_in_a_restored_log_is_to_be_read_from_meta_again() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let copied = log.entries.len();
    log.says("messaging", MARA, NINE + MINUTE, "m_2", "Anybody there?");
    log.history(MARA, NINE + HOUR, &[("m_0", NINE - MINUTE, true, "Good morning")]);
    let desk = Desk::with(&log).await;
    let mids = ["m_0", "m_1", "m_2"].map(baton_messenger::Mid::from);
    let asked: Vec<_> = mids.iter().collect();
    let mara = key(MARA);
    assert_eq!(desk.store.logged_messages(&mara, &asked).await.unwrap().len(), 3);
    desk.store.begin_history_pass(&mara.account, NINE + HOUR, None).await.unwrap();

    let other = baton_protocol::LogId::new();
    desk.store.resync(&log.name, other).await.unwrap();
    desk.store.ingest(&log.entries[..copied], other).await.unwrap();
    assert_eq!(desk.store.known_messages(&mara, &asked).await.unwrap().len(), 3, "they stay here");
    let logged = desk.store.logged_messages(&mara, &asked).await.unwrap();
    assert_eq!(logged.into_iter().collect::<Vec<_>>(), [mids[1].clone()]);

    // A pass that was under way had read for another log, and so had the page.
    assert_eq!(desk.store.history_pass(&mara.account).await.unwrap(), None);
    desk.store.begin_history_pass(&mara.account, NINE + HOUR, None).await.unwrap();
    let thread = HistoryThread {
        conversation: "t_1".to_owned(),
        customer: Some(mara.customer.clone()),
        name: None,
        updated_ms: NINE + MINUTE,
        is_aside: false,
        is_carried: false,
    };
    desk.store.history_listed(&mara.account, std::slice::from_ref(&thread), true).await.unwrap();
    assert_eq!(desk.store.next_history_thread(&mara.account).await.unwrap(), Some(thread));
}

#[tokio::test]
async fn holes_are_known_until_they_are_filled() {
    let mut log = Log::connected();
    for number in 0..8 {
        log.says("messaging", MARA, NINE + number, &format!("m_{number}"), "text");
    }
    let desk = Desk::new().await;
    desk.store.ingest(&log.entries[6..], log_id()).await.unwrap();
    desk.store.ingest(&log.entries[..2], log_id()).await.unwrap();
    let cursor = desk.store.cursor(&log.name).await.unwrap().unwrap();
    assert_eq!(cursor.ranges.as_slice(), [(1, 2), (7, 10)]);
    assert_eq!(cursor.ranges.holes(10), [(3, 6)]);
    assert_eq!(cursor.chain, log.entries[9].chain);
    desk.store.ingest(&log.entries[2..6], log_id()).await.unwrap();
    assert_eq!(desk.store.cursors().await.unwrap()[0].cursor.ranges.as_slice(), [(1, 10)]);
}

#[tokio::test]
async fn mine_shows_what_was_given_to_me() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + 1, "m_2", "Good day");
    log.team(&assigned(Some(ines())));
    let desk = Desk::with(&log).await;
    let query = ListQuery {
        view: View::Mine(ines()),
        account: None,
        sort: Sort::NeedsReply,
        from: ListFrom::Top,
        limit: 50,
        now_ms: NINE,
    };
    let page = desk.store.thread_list(&query).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>(), [key(MARA)]);
    let counts = desk.store.view_counts(ines(), Some(&tea())).await.unwrap();
    assert_eq!((counts.mine, counts.mine_waiting, counts.unassigned, counts.all), (1, 1, 1, 2));
}

#[tokio::test]
async fn evidence_is_read_by_pages_in_the_logs_order_from_its_index() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let tag = TagEvidence {
        last_opening_ms: NINE,
        until_ms: NINE + HOUR,
        meta_now_ms: NINE + MINUTE,
        agent: ines(),
        composed_ms: 2_000,
    };
    let mut seqs = Vec::new();
    for number in 0..7 {
        let late = number % 2 == 0;
        let mut fact = started(part(number), "Sorry for the wait");
        if let TeamFact::SendStarted { tag: of_part, .. } = &mut fact {
            *of_part = late.then(|| tag.clone());
        }
        let seq = log.team(&fact);
        seqs.extend(late.then_some(seq));
    }
    log.team(&settled(part(0), Settlement::Sent { mid: "m_2".into(), at_ms: None }));
    let desk = Desk::with(&log).await;
    let first = desk.store.evidence(&tea(), 0, 3).await.unwrap();
    let rest = desk.store.evidence(&tea(), first[2].seq, 3).await.unwrap();
    let read: Vec<u64> = first.iter().chain(&rest).map(|row| row.seq).collect();
    assert_eq!(read, seqs);
    assert_eq!((&first[0].tag, first[0].customer.as_str()), (&tag, MARA));
    assert!(matches!(first[0].settlement, Some(Settlement::Sent { .. })) && first[1].settlement.is_none());
    let plan = desk.store.explain_evidence().await.unwrap().join("; ");
    assert!(plan.contains("team_part_tagged") && !plan.contains("TEMP B-TREE"), "{plan}");
}

#[tokio::test]
async fn customers_whom_nobody_named_are_found_newest_first() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + MINUTE, "w_1", "Hello");
    let desk = Desk::with(&log).await;
    let (mara, weber) = (desk.thread_id(MARA).await, desk.thread_id(WEBER).await);
    assert_eq!(desk.store.nameless_threads(&tea()).await.unwrap(), [weber, mara]);
    // A page of history names her.
    log.history(MARA, NINE + HOUR, &[]);
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.store.nameless_threads(&tea()).await.unwrap(), [weber]);
}
