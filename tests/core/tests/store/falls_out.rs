//! What stays when somebody falls out: drafts that were handed over, replies that wait on a desk, and what this desk told the
//! relay ahead; and how threads are given out.

use baton_core::store::{
    DraftToTell, Enrolment, LeavesAs, MovedBy, NewPart, NewReply, PartMove, PartStateName, RepliesWaiting,
    Store, ThreadId,
};
use baton_protocol::account::{AssignBy, QueueRules};
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, CustomerId, DeskId, ReplyId};

use crate::builders::*;
use crate::redaction::in_the_files;

const DRAFT: &str = "Dear Mara, the samovar left";

fn mara() -> CustomerId {
    CustomerId::from(MARA)
}

fn desk_of_jonas() -> DeskId {
    DeskId(part(900).0)
}

fn by_jonas() -> Actor {
    Actor::Agent { agent: jonas(), desk: desk_of_jonas() }
}

fn handed(from: AgentId, text: &str) -> TeamFact {
    handed_with(from, text, &[])
}

fn handed_with(from: AgentId, text: &str, files: &[&str]) -> TeamFact {
    let files = files.iter().map(|name| (*name).to_owned()).collect();
    TeamFact::DraftHanded { customer: mara(), from, text: text.to_owned(), files, by: by_ines() }
}

fn pending(desk: DeskId, agent: AgentId, parts: u32) -> TeamFact {
    TeamFact::ReplyPending { customer: mara(), desk, agent, parts }
}

fn assigned(assignee: Option<AgentId>, by: Actor) -> TeamFact {
    TeamFact::Assigned { customer: mara(), assignee, by, reply: None }
}

fn queue(rules: QueueRules) -> TeamFact {
    TeamFact::QueueSet { rules, by: by_ines() }
}

fn said_hello() -> Log {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log
}

async fn be_ines(store: &Store) {
    let enrolment = Enrolment {
        relay: "https://relay.northwind.example".to_owned(),
        desk: desk_of_ines(),
        agent: ines(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
}

/// The desk of Ines, who has read all of it.
async fn of_ines(log: &Log) -> (Desk, ThreadId) {
    let desk = Desk::new().await;
    be_ines(&desk.store).await;
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    let thread = desk.thread_id(MARA).await;
    (desk, thread)
}

async fn goes_on(desk: &Desk, log: &Log, from: usize) {
    desk.store.ingest(&log.entries[from..], log_id()).await.unwrap();
}

async fn shown(desk: &Desk, thread: ThreadId) -> Option<(AgentId, String)> {
    desk.store.handed_draft(thread).await.unwrap().map(|draft| (draft.from, draft.text))
}

#[tokio::test]
async fn a_draft_that_was_handed_over_is_shown_until_it_is_done_with_or_somebody_answered() {
    let mut log = said_hello();
    let seq = log.team(&handed(jonas(), DRAFT));
    let (mut desk, thread) = of_ines(&log).await;
    assert_eq!(shown(&desk, thread).await, Some((jonas(), DRAFT.to_owned())));
    desk.reopen().await;
    desk.store.handed_draft_is_done(thread, seq).await.unwrap();
    assert_eq!(shown(&desk, thread).await, None);

    // Another one is another thing.
    let from = log.entries.len();
    log.team(&handed(jonas(), "And again"));
    goes_on(&desk, &log, from).await;
    assert_eq!(shown(&desk, thread).await, Some((jonas(), "And again".to_owned())));
    let from = log.entries.len();
    log.echo_of_part(MARA, NINE + MINUTE, "m_2", part(1), "It left yesterday");
    goes_on(&desk, &log, from).await;
    assert_eq!(shown(&desk, thread).await, None, "somebody answered");
}

#[tokio::test]
async fn what_whoever_works_on_the_thread_is_done_with_is_shown_to_nobody_in_whatever_order_that_is_read() {
    let mut log = said_hello();
    let first = log.team(&handed(jonas(), "Dear"));
    log.team(&handed(jonas(), DRAFT));
    let done = |seq| TeamFact::DraftDone { customer: mara(), seq, by: by_jonas() };
    log.team(&done(first));
    let (desk, thread) = of_ines(&log).await;
    assert_eq!(shown(&desk, thread).await, Some((jonas(), DRAFT.to_owned())), "that is another one");
    let from = log.entries.len();
    log.team(&done(first + 1));
    goes_on(&desk, &log, from).await;
    assert_eq!(shown(&desk, thread).await, None);

    let backwards = Desk::new().await;
    be_ines(&backwards.store).await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let thread = backwards.thread_id(MARA).await;
    assert_eq!(shown(&backwards, thread).await, None);
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());
}

#[tokio::test]
async fn whoever_wrote_a_draft_has_it_and_is_not_shown_it() {
    let mut log = said_hello();
    log.team(&handed(ines(), DRAFT));
    let (desk, thread) = of_ines(&log).await;
    assert_eq!(shown(&desk, thread).await, None);
}

#[tokio::test]
async fn what_its_files_are_called_is_shown_with_it_also_where_there_is_no_text() {
    let mut log = said_hello();
    log.team(&handed_with(jonas(), DRAFT, &["offer.pdf", "map.png"]));
    let (desk, thread) = of_ines(&log).await;
    let shown = async || {
        let draft = desk.store.handed_draft(thread).await.unwrap();
        draft.map(|draft| (draft.text, draft.files))
    };
    let (offer, map) = ("offer.pdf".to_owned(), "map.png".to_owned());
    assert_eq!(shown().await, Some((DRAFT.to_owned(), vec![offer, map.clone()])));
    let from = log.entries.len();
    log.team(&handed_with(jonas(), "", &["map.png"]));
    goes_on(&desk, &log, from).await;
    assert_eq!(shown().await, Some((String::new(), vec![map])));
    let from = log.entries.len();
    log.team(&TeamFact::CustomerErased { customer: mara(), by: by_ines() });
    goes_on(&desk, &log, from).await;
    assert_eq!(shown().await, None);
    desk.store.close().await;
    assert!(!in_the_files(&desk, "offer.pdf"));
}

#[tokio::test]
async fn an_erased_customer_takes_what_was_being_written_to_them_along() {
    let mut log = said_hello();
    log.team(&handed(jonas(), DRAFT));
    let (desk, thread) = of_ines(&log).await;
    assert!(in_the_files(&desk, "samovar"));
    let from = log.entries.len();
    log.team(&TeamFact::CustomerErased { customer: mara(), by: by_ines() });
    goes_on(&desk, &log, from).await;
    assert_eq!(shown(&desk, thread).await, None);
    // Read the other way round it never gets in.
    let backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(backwards.store.handed_draft(backwards.thread_id(MARA).await).await.unwrap(), None);
    assert!(!in_the_files(&backwards, "samovar"));
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());
    desk.store.close().await;
    assert!(!in_the_files(&desk, "samovar"), "something of it is still in the files");
}

#[tokio::test]
async fn a_reply_that_waits_on_another_desk_is_told_until_that_desk_says_otherwise_or_is_cut_off() {
    let mut log = said_hello();
    log.team(&pending(desk_of_ines(), ines(), 2));
    let (desk, _) = of_ines(&log).await;
    assert_eq!(desk.row(MARA, NINE).await.reply_waits, None, "what waits here is shown as it stands");
    let from = log.entries.len();
    log.team(&pending(desk_of_jonas(), jonas(), 1));
    goes_on(&desk, &log, from).await;
    assert_eq!(desk.row(MARA, NINE).await.reply_waits, Some(jonas()));
    let from = log.entries.len();
    log.team(&pending(desk_of_jonas(), jonas(), 0));
    goes_on(&desk, &log, from).await;
    assert_eq!(desk.row(MARA, NINE).await.reply_waits, None);

    let from = log.entries.len();
    log.team(&pending(desk_of_jonas(), jonas(), 1));
    goes_on(&desk, &log, from).await;
    let mut workspace = Log::new();
    workspace.name = baton_protocol::LogName::Workspace;
    workspace.team(&TeamFact::DeskRevoked { desk: desk_of_jonas() });
    desk.store.ingest(&workspace.entries, log_id()).await.unwrap();
    assert_eq!(desk.row(MARA, NINE).await.reply_waits, None, "nothing is left on a desk that was cut off");
}

#[tokio::test]
async fn the_newest_rules_of_the_queue_hold_and_the_usual_ones_before() {
    let mut log = said_hello();
    let desk = Desk::with(&log).await;
    assert_eq!(desk.store.queue_rules(&tea()).await.unwrap(), QueueRules::default());
    let first = QueueRules { limit: 7, ..QueueRules::default() };
    let second = QueueRules { assign: AssignBy::RoundRobin, only_assignee_sends: true, ..first.clone() };
    let from = log.entries.len();
    log.team(&queue(first));
    log.team(&queue(second.clone()));
    for entry in log.entries[from..].iter().rev() {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(desk.store.queue_rules(&tea()).await.unwrap(), second);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(desk.store.queue_rules(&tea()).await.unwrap(), QueueRules::default());
}

#[tokio::test]
async fn what_the_relay_was_told_of_drafts_outlives_the_program() {
    let (mut desk, thread) = of_ines(&said_hello()).await;
    let told = async |desk: &Desk| -> Vec<DraftToTell> { desk.store.drafts_to_tell().await.unwrap() };
    assert_eq!(told(&desk).await, []);
    desk.store.save_draft(thread, DRAFT, "", NINE).await.unwrap();
    let draft = |text: &str, updated_ms, told: Option<&str>| DraftToTell {
        thread,
        key: key(MARA),
        text: text.to_owned(),
        files: Vec::new(),
        updated_ms,
        told: told.map(str::to_owned),
    };
    assert_eq!(told(&desk).await, [draft(DRAFT, NINE, None)]);
    // Cut off while it is told: nobody knows.
    desk.store.draft_is_being_told(thread).await.unwrap();
    desk.reopen().await;
    assert_eq!(told(&desk).await, [draft(DRAFT, NINE, Some(""))]);
    desk.store.draft_was_told(thread, Some("1f")).await.unwrap();
    desk.reopen().await;
    assert_eq!(told(&desk).await, [draft(DRAFT, NINE, Some("1f"))]);
    // It was cleared: that is still to be told.
    desk.store.save_draft(thread, "", DRAFT, NINE + 1).await.unwrap();
    assert_eq!(told(&desk).await, [draft("", 0, Some("1f"))]);
    desk.store.draft_was_told(thread, None).await.unwrap();
    assert_eq!(told(&desk).await, []);
}

#[tokio::test]
async fn a_draft_of_ones_own_that_was_handed_on_is_told_anew() {
    let mut log = said_hello();
    let (desk, thread) = of_ines(&log).await;
    desk.store.save_draft(thread, DRAFT, "", NINE).await.unwrap();
    desk.store.draft_is_being_told(thread).await.unwrap();
    let from = log.entries.len();
    log.team(&handed(ines(), DRAFT));
    goes_on(&desk, &log, from).await;
    // The answer to the telling comes after that: it is of what the relay no longer keeps.
    desk.store.draft_was_told(thread, Some("1f")).await.unwrap();
    assert_eq!(desk.store.drafts_to_tell().await.unwrap()[0].told, None);
}

fn reply(thread: ThreadId) -> NewReply {
    let new = |number, state| NewPart {
        part: part(number),
        file: None,
        text: "Yes".to_owned(),
        tag: None,
        state,
        detail: None,
    };
    NewReply {
        reply: ReplyId(part(1).0),
        thread,
        agent: ines(),
        created_ms: NINE,
        pressed_ms: NINE,
        version_seen: 0,
        word_seq_seen: 3,
        claim: true,
        take_first: false,
        despite_unknown: false,
        leaves: LeavesAs::Plain,
        after_sent: None,
        parts: vec![new(1, PartStateName::Queued), new(2, PartStateName::Held)],
    }
}

#[tokio::test]
async fn what_the_team_was_told_of_waiting_replies_outlives_the_program() {
    let (mut desk, thread) = of_ines(&said_hello()).await;
    desk.store.insert_reply(&reply(thread)).await.unwrap();
    let waiting = |held, queued, since_ms, told| RepliesWaiting {
        thread,
        key: key(MARA),
        held,
        queued,
        since_ms,
        told,
    };
    let read = async |desk: &Desk| desk.store.replies_waiting().await.unwrap();
    assert_eq!(read(&desk).await, [waiting(1, 1, NINE, None)]);
    desk.store.replies_are_being_told(thread).await.unwrap();
    desk.reopen().await;
    assert_eq!(read(&desk).await, [waiting(1, 1, NINE, Some(false))]);
    desk.store.replies_were_told(thread, true).await.unwrap();
    // To begin telling once more takes nothing back.
    desk.store.replies_are_being_told(thread).await.unwrap();
    desk.reopen().await;
    assert_eq!(read(&desk).await, [waiting(1, 1, NINE, Some(true))]);
    let parts = desk.store.parts_of_thread(thread).await.unwrap();
    let from = [PartStateName::Queued, PartStateName::Held];
    for one in parts {
        let back = PartMove::new(&from, PartStateName::Draft, NINE + 1);
        desk.store.return_to_draft(one.key, &back).await.unwrap();
    }
    assert_eq!(read(&desk).await, [waiting(0, 0, 0, Some(true))], "that none wait is to be told");
    desk.store.replies_were_told(thread, false).await.unwrap();
    assert_eq!(read(&desk).await, []);
}

#[tokio::test]
async fn what_is_told_ahead_is_found_without_a_look_at_every_thread() {
    let desk = Desk::with(&said_hello()).await;
    let plan = desk.store.explain_told_ahead().await.unwrap();
    assert!(!plan.iter().any(|line| line == "SCAN t" || line.starts_with("SCAN t ")), "{plan:?}");
    assert!(!plan.iter().any(|line| line.starts_with("SCAN o")), "{plan:?}");
}

#[tokio::test]
async fn that_a_reply_waits_here_is_taken_back_when_the_log_knows_it_and_this_desk_does_not() {
    let mut log = said_hello();
    log.team(&pending(desk_of_jonas(), jonas(), 1));
    let (desk, thread) = of_ines(&log).await;
    assert_eq!(desk.store.replies_waiting().await.unwrap(), [], "of another desk nothing is to be said");
    let from = log.entries.len();
    log.team(&pending(desk_of_ines(), ines(), 2));
    goes_on(&desk, &log, from).await;
    let none = RepliesWaiting { thread, key: key(MARA), held: 0, queued: 0, since_ms: 0, told: Some(false) };
    assert_eq!(desk.store.replies_waiting().await.unwrap(), [none]);

    // What is long over is no more than read.
    let from = log.entries.len();
    log.team(&pending(desk_of_ines(), ines(), 0));
    goes_on(&desk, &log, from).await;
    desk.store.replies_were_told(thread, false).await.unwrap();
    goes_on(&desk, &log, 0).await;
    assert_eq!(desk.store.replies_waiting().await.unwrap(), []);
}

#[tokio::test]
async fn another_log_knows_nothing_of_what_was_told() {
    let (desk, thread) = of_ines(&said_hello()).await;
    desk.store.save_draft(thread, DRAFT, "", NINE).await.unwrap();
    desk.store.draft_is_being_told(thread).await.unwrap();
    desk.store.replies_are_being_told(thread).await.unwrap();
    desk.store.handed_draft_is_done(thread, 4).await.unwrap();
    let other = baton_protocol::LogId::new();
    desk.store.resync(&said_hello().name, other).await.unwrap();
    // It may be one of before: what was cleared since is still to be taken back.
    assert_eq!(desk.store.drafts_to_tell().await.unwrap()[0].told.as_deref(), Some(""));
    let waiting = desk.store.replies_waiting().await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| (one.held + one.queued, one.told)).collect::<Vec<_>>(),
        [(0, Some(false))]
    );
}

#[tokio::test]
async fn who_moved_a_thread_is_known_and_what_a_rule_gives_to_this_agent_is_no_move_of_others() {
    let mut log = said_hello();
    let seen = log.team(&assigned(Some(ines()), by_ines()));
    let given = log.team(&assigned(Some(ines()), Actor::Relay));
    let (desk, thread) = of_ines(&log).await;
    let whose = (desk_of_ines(), ines());
    let moved = async |now| desk.store.moved_by(thread, &tea(), whose, (seen, now)).await.unwrap();
    assert_eq!(moved(given).await, MovedBy::ThisDesk { assigned: true, status_set: false });
    assert_eq!(desk.store.first_mover(thread, whose, (seen, given)).await.unwrap(), None);

    let from = log.entries.len();
    log.team(&assigned(None, by_jonas()));
    let done = TeamFact::StatusSet { customer: mara(), status: Status::Done, by: Actor::Relay };
    let now = log.team(&done);
    assert_eq!(moved(now).await, MovedBy::NotKnown, "it is not all here");
    goes_on(&desk, &log, from).await;
    assert_eq!(moved(now).await, MovedBy::Others);
    assert_eq!(desk.store.first_mover(thread, whose, (seen, now)).await.unwrap(), Some(jonas()));
    assert_eq!(desk.store.first_mover(thread, whose, (now - 1, now)).await.unwrap(), None, "a rule did it");
}

#[tokio::test]
async fn the_open_threads_of_an_agent_are_counted_and_those_that_were_taken_are_found() {
    let mut log = said_hello();
    log.team(&assigned(Some(jonas()), by_jonas()));
    log.says("messaging", WEBER, NINE, "m_9", "Hello");
    let weber = CustomerId::from(WEBER);
    let of_weber =
        |assignee| TeamFact::Assigned { customer: weber.clone(), assignee, by: by_ines(), reply: None };
    log.team(&of_weber(Some(jonas())));
    let done = TeamFact::StatusSet { customer: weber.clone(), status: Status::Done, by: by_jonas() };
    log.team(&done);
    let (desk, thread) = of_ines(&log).await;
    let open = desk.store.open_threads_of(jonas()).await.unwrap();
    assert_eq!(open.into_iter().collect::<Vec<_>>(), [(tea(), 1)], "one is done");
    assert!(desk.store.open_threads_of(ines()).await.unwrap().is_empty());

    let from = log.entries.len();
    log.team(&TeamFact::BlockSet { customer: mara(), blocked: true, spam: false, by: by_ines() });
    goes_on(&desk, &log, from).await;
    let open = desk.store.open_threads_of(jonas()).await.unwrap();
    assert_eq!(open.into_iter().collect::<Vec<_>>(), [(tea(), 1)], "the relay takes it too");
    let holders =
        async |account| desk.store.holders(&[account]).await.unwrap().into_iter().collect::<Vec<_>>();
    assert_eq!(holders(tea()).await, [jonas()]);
    assert!(holders("999".into()).await.is_empty());

    let from = log.entries.len();
    let taken = log.team(&assigned(None, by_ines()));
    let draft = log.team(&handed(jonas(), DRAFT));
    goes_on(&desk, &log, from).await;
    let found = desk.store.assigned_by(&tea(), &[taken, draft, 999]).await.unwrap();
    assert_eq!(found, [(thread, taken)]);
    assert!(holders(tea()).await.is_empty());
    assert!(desk.store.open_threads_of(jonas()).await.unwrap().is_empty());
}
