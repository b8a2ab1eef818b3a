//! Private notes: whom they mention and what of it waits, who is shown them, their drafts and queue; and what is urgent.

use baton_core::store::{
    Enrolment, ListFrom, ListKey, ListQuery, Sort, Store, StoreError, ThreadId, TimelineLine, View,
};
use baton_messenger::Words;
use baton_messenger::id::Platform;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::snapshot::ReadMark;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, CommandId, CustomerId, LogId, LogName, NoteId};
use rstest::rstest;
use uuid::Uuid;

use crate::builders::*;
use crate::redaction::in_the_files;

fn note(number: u128) -> NoteId {
    NoteId(Uuid::from_u128(number))
}

fn by_jonas() -> Actor {
    Actor::Agent { agent: jonas(), desk: desk_of_ines() }
}

/// Jonas notes something.
fn noted(customer: &str, number: u128, text: &str, mentions: Vec<AgentId>) -> TeamFact {
    TeamFact::NoteAdded {
        customer: CustomerId::from(customer),
        note: note(number),
        text: text.to_owned(),
        mentions,
        supervisors_only: false,
        by: by_jonas(),
    }
}

fn removed(customer: &str, number: u128) -> TeamFact {
    TeamFact::NoteRemoved { customer: CustomerId::from(customer), note: note(number), by: by_jonas() }
}

fn done(customer: &str) -> TeamFact {
    TeamFact::StatusSet { customer: CustomerId::from(customer), status: Status::Done, by: by_ines() }
}

fn urgent(customer: &str, urgent: bool) -> TeamFact {
    TeamFact::PrioritySet { customer: CustomerId::from(customer), urgent, by: by_jonas() }
}

/// A desk of Ines, in a role, that reads Northwind Tea.
async fn desk_of(role: Role, log: &Log) -> Desk {
    let desk = Desk::new().await;
    be_ines(&desk.store, role).await;
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    desk
}

async fn be_ines(store: &Store, role: Role) {
    let enrolment = Enrolment {
        relay: "https://relay.northwind.example".to_owned(),
        desk: desk_of_ines(),
        agent: ines(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    let access = AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role,
        connected: true,
    };
    store.set_access(&[access]).await.unwrap();
}

async fn take_in(desk: &Desk, log: &mut Log, fact: &TeamFact) -> u64 {
    let known = log.entries.len();
    let seq = log.team(fact);
    desk.store.ingest(&log.entries[known..], log_id()).await.unwrap();
    seq
}

async fn read_to(desk: &Desk, customer: &str, read_seq: u64) {
    let mark = ReadMark { account: tea(), customer: CustomerId::from(customer), read_seq };
    desk.store.set_read_mark(&mark).await.unwrap();
}

fn query(from: ListFrom, limit: u32) -> ListQuery {
    ListQuery { view: View::Mentions, account: None, sort: Sort::NeedsReply, from, limit, now_ms: NINE }
}

/// The customers of the view Mentions, in pages of two.
async fn listed(desk: &Desk) -> Vec<String> {
    let (mut from, mut listed) = (ListFrom::Top, Vec::new());
    loop {
        let page = desk.store.thread_list(&query(from, 2)).await.unwrap();
        listed.extend(page.rows.iter().map(|row| row.key.customer.to_string()));
        let Some(next) = page.next else { return listed };
        from = ListFrom::After(next);
    }
}

/// How many are listed, and in how many of them the note waits to be read. Held against the list itself.
async fn counted(desk: &Desk) -> (u64, u64) {
    let counts = desk.store.view_counts(ines(), None).await.unwrap();
    let rows = desk.store.thread_list(&query(ListFrom::Top, 200)).await.unwrap().rows;
    let open = rows.iter().filter(|row| row.mention.is_some_and(|mention| mention.is_open)).count();
    assert_eq!((counts.mentions, counts.mentions_open), (rows.len() as u64, open as u64));
    (counts.mentions, counts.mentions_open)
}

/// Whether an alert may say of Mara that a note waits, and whether it knows that she was erased.
async fn alerted(desk: &Desk) -> (bool, bool) {
    let rows = desk.store.alert_threads(&[key(MARA)]).await.unwrap();
    (rows[0].is_meant, rows[0].is_erased)
}

/// Mara, whom a note with a mention of Ines is about.
fn mentioned() -> (Log, u64) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + 1, "w_1", "Hello");
    let seq = log.team(&noted(MARA, 1, "@Ines look, please", vec![ines()]));
    (log, seq)
}

#[tokio::test]
async fn a_mention_waits_until_it_was_read_and_is_listed_until_the_thread_is_done() {
    let (mut log, seq) = mentioned();
    let desk = desk_of(Role::Agent, &log).await;
    assert_eq!((listed(&desk).await, counted(&desk).await), (vec![MARA.to_owned()], (1, 1)));
    let mention = desk.row(MARA, NINE).await.mention.unwrap();
    assert_eq!((mention.seq, mention.is_open), (seq, true));
    assert_eq!(desk.row(WEBER, NINE).await.mention, None);

    read_to(&desk, MARA, seq - 1).await;
    assert_eq!(counted(&desk).await, (1, 1), "what the customer said was read, the note was not");
    assert_eq!(alerted(&desk).await, (true, false));
    read_to(&desk, MARA, seq).await;
    assert_eq!((counted(&desk).await, alerted(&desk).await), ((1, 0), (false, false)));
    take_in(&desk, &mut log, &done(MARA)).await;
    assert_eq!((listed(&desk).await, counted(&desk).await), (vec![], (0, 0)));

    // Another one begins anew, and being done since does not hide what was not read.
    let again = take_in(&desk, &mut log, &noted(MARA, 2, "@Ines again", vec![ines()])).await;
    assert_eq!(counted(&desk).await, (1, 1));
    take_in(&desk, &mut log, &done(MARA)).await;
    assert_eq!(counted(&desk).await, (1, 1));
    read_to(&desk, MARA, again).await;
    assert_eq!(counted(&desk).await, (0, 0));
    // Marked unread, it waits again.
    read_to(&desk, MARA, seq).await;
    assert_eq!(counted(&desk).await, (1, 1));
}

#[tokio::test]
async fn notes_that_mention_nobody_others_or_whoever_wrote_them_list_nothing() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&noted(MARA, 1, "Pays on delivery", vec![]));
    log.team(&noted(MARA, 2, "@Jonas look", vec![jonas()]));
    let own = TeamFact::NoteAdded {
        customer: CustomerId::from(MARA),
        note: note(3),
        text: "To myself".to_owned(),
        mentions: vec![ines()],
        supervisors_only: false,
        by: by_ines(),
    };
    log.team(&own);
    let desk = desk_of(Role::Agent, &log).await;
    assert_eq!((listed(&desk).await, counted(&desk).await), (vec![], (0, 0)));
}

#[tokio::test]
async fn a_note_that_is_taken_away_mentions_nobody_and_the_one_before_it_counts_again() {
    let (mut log, first) = mentioned();
    let desk = desk_of(Role::Agent, &log).await;
    read_to(&desk, MARA, first).await;
    take_in(&desk, &mut log, &noted(MARA, 2, "@Ines again", vec![ines()])).await;
    assert_eq!(counted(&desk).await, (1, 1));
    take_in(&desk, &mut log, &removed(MARA, 2)).await;
    assert_eq!(counted(&desk).await, (1, 0), "the first was read");
    take_in(&desk, &mut log, &removed(MARA, 1)).await;
    assert_eq!(counted(&desk).await, (0, 0));
}

#[tokio::test]
async fn an_erased_customer_a_lost_account_and_a_new_log_leave_no_mention() {
    let (mut log, _) = mentioned();
    let erased = desk_of(Role::Agent, &log).await;
    let lost = desk_of(Role::Agent, &log).await;
    let anew = desk_of(Role::Agent, &log).await;
    assert_eq!(alerted(&erased).await, (true, false));
    take_in(&erased, &mut log, &TeamFact::CustomerErased { customer: MARA.into(), by: by_ines() }).await;
    assert_eq!(counted(&erased).await, (0, 0));
    assert_eq!(alerted(&erased).await, (false, true), "nothing of her may stay on the desktop");
    log.says("messaging", MARA, NINE + HOUR, "m_9", "Me again");
    erased.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(alerted(&erased).await, (false, false));
    lost.store.purge(&tea()).await.unwrap();
    assert_eq!(counted(&lost).await, (0, 0));
    anew.store.resync(&log.name, LogId(Uuid::from_u128(8))).await.unwrap();
    assert_eq!(counted(&anew).await, (0, 0));
}

#[tokio::test]
async fn the_same_mentions_wait_whatever_order_notes_and_reading_come_in() {
    let (mut log, seq) = mentioned();
    log.team(&done(MARA));
    let again = log.team(&noted(MARA, 2, "@Ines again", vec![ines()]));
    log.team(&removed(MARA, 2));
    for read_seq in [seq - 1, seq, again] {
        let forwards = desk_of(Role::Agent, &log).await;
        read_to(&forwards, MARA, read_seq).await;
        let backwards = Desk::new().await;
        be_ines(&backwards.store, Role::Agent).await;
        read_to(&backwards, MARA, read_seq).await;
        for entry in log.entries.iter().rev() {
            backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
        }
        assert_eq!(counted(&forwards).await, counted(&backwards).await, "read to {read_seq}");
        let exports = (forwards.store.canonical_export().await, backwards.store.canonical_export().await);
        assert_eq!(exports.0.unwrap(), exports.1.unwrap());
    }
}

/// Nine customers, each mentioned once, the later number the newer.
async fn nine() -> Desk {
    let mut log = Log::connected();
    for number in 0..9_u8 {
        let customer = format!("62000000000003{number:02}");
        log.says("messaging", &customer, NINE - i64::from(number) * MINUTE, &format!("m_{number}"), "Hello");
        log.team(&noted(&customer, u128::from(number) + 1, "@Ines", vec![ines()]));
    }
    desk_of(Role::Agent, &log).await
}

#[tokio::test]
async fn the_newest_mention_is_on_top_and_pages_go_both_ways() {
    let desk = nine().await;
    let newest: Vec<String> = (0..9_u8).rev().map(|number| format!("62000000000003{number:02}")).collect();
    assert_eq!(listed(&desk).await, newest);
    let page = async |from| desk.store.thread_list(&query(from, 4)).await.unwrap();
    let first = page(ListFrom::Top).await;
    let second = page(ListFrom::After(first.next.unwrap())).await;
    let third = page(ListFrom::After(second.next.unwrap())).await;
    let up = page(ListFrom::UpTo(third.previous.unwrap())).await;
    let threads = |rows: &[baton_core::store::ThreadRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(threads(&up.rows), threads(&second.rows));
    assert_eq!((up.previous, up.next), (second.previous, second.next));
}

#[rstest]
#[case::of_all(None)]
#[case::of_one_account(Some(tea()))]
#[tokio::test]
async fn the_view_comes_from_an_index_without_sorting(#[case] account: Option<baton_protocol::AccountId>) {
    let desk = nine().await;
    let key = ListKey { sort_ms: 0, thread: ThreadId(0) };
    for from in [ListFrom::Top, ListFrom::After(key), ListFrom::UpTo(key)] {
        let asked = ListQuery { account: account.clone(), ..query(from, 50) };
        let plan = desk.store.explain_thread_list(&asked).await.unwrap();
        let mentions = plan.iter().find(|line| line.contains("SEARCH n ")).unwrap();
        assert!(mentions.contains("INDEX mention_newest"), "{plan:?}");
        let sorts = |line: &&String| line.contains("TEMP B-TREE") && !line.contains("json_group_array");
        assert_eq!(plan.iter().find(sorts), None, "{plan:?}");
        assert!(plan.iter().all(|line| !line.starts_with("SCAN") || line == "SCAN t"), "{plan:?}");
    }
}

/// The texts of the notes that are shown of a thread.
async fn shown(desk: &Desk) -> Vec<String> {
    let thread = desk.thread_id(MARA).await;
    let items = desk.store.timeline(thread, 0, i64::MAX, NINE).await.unwrap();
    items
        .into_iter()
        .filter_map(|item| match item.line {
            TimelineLine::Note(note) => Some(note.text),
            _ => None,
        })
        .collect()
}

#[rstest]
#[case::an_agent(Role::Agent, &["For all", "Mine"])]
#[case::a_supervisor(Role::Supervisor, &["For all", "For them", "Mine"])]
#[case::an_admin(Role::Admin, &["For all", "For them", "Mine"])]
#[tokio::test]
async fn a_note_for_supervisors_is_shown_to_them_and_to_who_wrote_it(
    #[case] role: Role,
    #[case] expected: &[&str],
) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let for_them = |number: u128, text: &str, by: Actor| TeamFact::NoteAdded {
        customer: CustomerId::from(MARA),
        note: note(number),
        text: text.to_owned(),
        mentions: vec![],
        supervisors_only: true,
        by,
    };
    log.team(&noted(MARA, 1, "For all", vec![]));
    log.team(&for_them(2, "For them", by_jonas()));
    log.team(&for_them(3, "Mine", by_ines()));
    let desk = desk_of(role, &log).await;
    assert_eq!(shown(&desk).await, expected);
    let hidden = desk.store.note(note(2)).await.unwrap();
    assert_eq!(hidden.is_some(), role != Role::Agent);

    // A desk that nobody works at yet shows what is for all.
    let nobodys = Desk::with(&log).await;
    assert_eq!(shown(&nobodys).await, ["For all"]);
}

#[rstest]
#[case::as_it_happened(false)]
#[case::removal_first(true)]
#[tokio::test]
async fn the_words_of_a_note_that_was_taken_away_are_nowhere(#[case] backwards: bool) {
    const SECRET: &str = "she is cross about the samovar";
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&noted(MARA, 1, SECRET, vec![ines()]));
    log.team(&noted(MARA, 2, "This one stays", vec![]));
    log.team(&removed(MARA, 1));
    let mut entries = log.entries.clone();
    if backwards {
        entries.reverse();
    }
    let desk = Desk::new().await;
    be_ines(&desk.store, Role::Agent).await;
    for entry in &entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(shown(&desk).await, ["This one stays"]);
    assert_eq!(desk.store.note(note(1)).await.unwrap(), None);
    desk.store.close().await;
    assert!(!in_the_files(&desk, SECRET));
    assert!(in_the_files(&desk, "This one stays"));
}

fn queued(command: Command) -> CommandRequest {
    CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command }
}

fn add(number: u128, text: &str) -> Command {
    Command::AddNote {
        customer: CustomerId::from(MARA),
        note: note(number),
        text: text.to_owned(),
        mentions: vec![jonas()],
        supervisors_only: false,
    }
}

/// A desk with a customer, and the log that commands about her go to.
async fn writes() -> (Desk, ThreadId, LogName, Log) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = desk_of(Role::Agent, &log).await;
    let thread = desk.thread_id(MARA).await;
    (desk, thread, LogName::Account(tea()), log)
}

#[tokio::test]
async fn what_is_written_as_a_note_is_kept_and_never_as_the_reply() {
    let (mut desk, thread, ..) = writes().await;
    desk.store.save_draft(thread, "Dear Mara", "", NINE).await.unwrap();
    desk.store.save_note_draft(thread, "Ask Petra", true, "", NINE).await.unwrap();
    desk.reopen().await;
    let draft = desk.store.note_draft(thread).await.unwrap().unwrap();
    assert_eq!((draft.text.as_str(), draft.supervisors_only, draft.came_back), ("Ask Petra", true, None));
    assert_eq!(desk.store.draft(thread).await.unwrap().unwrap().text, "Dear Mara");

    let stale = desk.store.save_note_draft(thread, "Ask Jonas", false, "Ask", NINE).await;
    assert!(matches!(stale, Err(StoreError::NoteDraftChanged)), "{stale:?}");
    desk.store.save_note_draft(thread, "", false, "Ask Petra", NINE).await.unwrap();
    assert_eq!(desk.store.note_draft(thread).await.unwrap(), None);
    assert!(desk.store.draft(thread).await.unwrap().is_some());
}

#[tokio::test]
async fn a_note_that_waits_is_there_until_the_log_has_it_and_its_draft_is_gone() {
    let (desk, thread, log_name, mut log) = writes().await;
    desk.store.save_note_draft(thread, "She paid", false, "", NINE).await.unwrap();
    let request = queued(add(1, "She paid"));
    let written = Some(("She paid", "She paid"));
    desk.store
        .queue_note(thread, written, &log_name, std::slice::from_ref(&request), NINE + 5)
        .await
        .unwrap();
    assert_eq!(desk.store.note_draft(thread).await.unwrap(), None);

    let waiting = async || desk.store.reading().await.unwrap().queued_notes(&key(MARA)).await.unwrap();
    let waits = waiting().await;
    let [only] = waits.as_slice() else { panic!("{waits:?}") };
    assert_eq!((only.note, only.text.as_str(), only.created_ms), (note(1), "She paid", NINE + 5));
    assert_eq!(only.mentions, [jonas()]);
    // The log may tell of it before the relay's answer is here: it is not shown twice.
    take_in(&desk, &mut log, &noted(MARA, 1, "She paid", vec![jonas()])).await;
    assert!(waiting().await.is_empty());
}

#[tokio::test]
async fn one_that_is_taken_away_while_it_waits_is_gone_here_at_once() {
    let (desk, _, log_name, _) = writes().await;
    let remove = Command::RemoveNote { customer: CustomerId::from(MARA), note: note(1) };
    for command in [add(1, "Wrong thread"), remove] {
        desk.store.queue_command(&log_name, &queued(command), NINE).await.unwrap();
    }
    let mut reading = desk.store.reading().await.unwrap();
    assert!(reading.queued_notes(&key(MARA)).await.unwrap().is_empty());
    assert_eq!(reading.queued_removals(&key(MARA)).await.unwrap(), [note(1)].into_iter().collect());
    assert!(reading.queued_removals(&key(WEBER)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_note_that_the_relay_does_not_take_comes_back_before_what_was_written_since_and_is_told_of_once() {
    let (mut desk, thread, log_name, _) = writes().await;
    let request = queued(add(1, "First"));
    desk.store.queue_note(thread, None, &log_name, std::slice::from_ref(&request), NINE).await.unwrap();
    desk.store.save_note_draft(thread, "Second", true, "", NINE).await.unwrap();
    let why = Words::new("It was refused: Petra left.", "Take the name out.");
    let came = (note(1), "First", false);
    desk.store.note_came_back(thread, request.command_id, came, &why, NINE + 1).await.unwrap();

    desk.reopen().await;
    let draft = desk.store.note_draft(thread).await.unwrap().unwrap();
    assert_eq!((draft.text.as_str(), draft.supervisors_only), ("First\nSecond", true));
    assert_eq!(draft.came_back.as_ref(), Some(&why));
    assert!(desk.store.queued_commands(10).await.unwrap().is_empty());
    assert_eq!(desk.store.notes_untold().await.unwrap(), [(thread, note(1), why)]);
    desk.store.told_of_note(note(1)).await.unwrap();
    assert!(desk.store.notes_untold().await.unwrap().is_empty());
    assert!(
        desk.store.note_draft(thread).await.unwrap().unwrap().came_back.is_some(),
        "the thread says it still"
    );

    // Whoever adds what they see adds it whole; a text that they never saw is not thrown away.
    let unseen = Some(("Second", "Second"));
    let refused = desk.store.queue_note(thread, unseen, &log_name, &[queued(add(2, "Second"))], NINE).await;
    assert!(matches!(refused, Err(StoreError::NoteDraftChanged)), "{refused:?}");
    assert!(desk.store.queued_commands(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn drafts_of_notes_go_with_the_account() {
    let (desk, thread, ..) = writes().await;
    desk.store.save_note_draft(thread, "She is cross", false, "", NINE).await.unwrap();
    desk.store.purge(&tea()).await.unwrap();
    desk.store.close().await;
    assert!(!in_the_files(&desk, "She is cross"));
}

#[tokio::test]
async fn the_last_word_on_what_is_urgent_waits_with_the_queue() {
    let (desk, _, log_name, _) = writes().await;
    assert_eq!(desk.store.queued_priority(&key(MARA)).await.unwrap(), None);
    let mut last = None;
    for urgent in [true, false, true] {
        let request = queued(Command::SetPriority { customer: CustomerId::from(MARA), urgent });
        desk.store.queue_command(&log_name, &request, NINE).await.unwrap();
        last = Some(request.command_id);
    }
    assert_eq!(desk.store.queued_priority(&key(MARA)).await.unwrap(), Some(true));
    assert_eq!(desk.store.queued_priority(&key(WEBER)).await.unwrap(), None);
    desk.store.forget_command(last.unwrap()).await.unwrap();
    assert_eq!(desk.store.queued_priority(&key(MARA)).await.unwrap(), Some(false));
}

#[tokio::test]
async fn of_those_who_can_be_answered_the_urgent_come_first() {
    const DAY: i64 = 24 * HOUR;
    const LI: &str = "6200000000000103";
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "Hello");
    log.says("messaging", LI, NINE + 2 * HOUR, "l_1", "Hello");
    log.team(&urgent(WEBER, true));
    let desk = Desk::with(&log).await;
    let order = async |now_ms| {
        desk.store.shut_windows(now_ms, 100).await.unwrap();
        let asked = ListQuery { view: View::All, now_ms, ..query(ListFrom::Top, 50) };
        let rows = desk.store.thread_list(&asked).await.unwrap().rows;
        rows.into_iter().map(|row| row.key.customer.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order(NINE + 3 * HOUR).await, [WEBER, MARA, LI]);
    assert!(desk.row(WEBER, NINE).await.urgent);
    // Two urgent ones stand by their wait.
    take_in(&desk, &mut log, &urgent(MARA, true)).await;
    take_in(&desk, &mut log, &urgent(LI, true)).await;
    assert_eq!(order(NINE + 3 * HOUR).await, [MARA, WEBER, LI]);
    take_in(&desk, &mut log, &urgent(LI, false)).await;
    // Who can be answered no more stands below whoever can, urgent or not.
    assert_eq!(order(NINE + DAY + HOUR + 1).await, [LI, MARA, WEBER]);
    assert_eq!(desk.store.view_counts(ines(), None).await.unwrap().too_late, 2);
}
