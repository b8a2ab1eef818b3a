//! The supervisor's board: who will be too late first stands first, pages follow each other by key, counts add up, and every
//! read goes by an index.

use baton_core::store::{
    BoardFilter, BoardFrom, BoardKey, BoardLoad, BoardOf, BoardPage, BoardQuery, BoardSort, BoardStatus,
    ThreadId,
};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AgentId, CustomerId, LabelId, LogName};
use baton_thread::team::counts;
use rstest::rstest;
use uuid::Uuid;

use crate::builders::*;

fn label() -> LabelId {
    LabelId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0002_0001))
}

fn number(number: i64) -> String {
    format!("62000000000003{number:02}")
}

fn query(of: BoardOf, sort: BoardSort, from: BoardFrom, limit: u32) -> BoardQuery {
    BoardQuery {
        of,
        sort,
        accounts: vec![tea()],
        filter: BoardFilter::default(),
        from,
        limit,
        now_ms: NINE + HOUR,
    }
}

fn assign(log: &mut Log, customer: &str, assignee: Option<AgentId>) {
    let customer = CustomerId::from(customer);
    log.team(&TeamFact::Assigned { customer, assignee, by: by_ines(), reply: None });
}

fn set(log: &mut Log, customer: &str, status: Status) {
    let customer = CustomerId::from(customer);
    log.team(&TeamFact::StatusSet { customer, status, by: by_ines() });
}

/// Twelve customers who wrote in another order than they are numbered. Of each three one was answered; one is done, one urgent;
/// every second is Ines's, every fourth of the others Jonas's.
fn busy() -> Log {
    let mut log = Log::connected();
    for at in 0..12_i64 {
        let customer = number(at);
        let at_ms = NINE + (at * 7 % 12) * MINUTE;
        log.says("messaging", &customer, at_ms, &format!("m_{at}"), "Hello");
        if at % 3 == 0 {
            log.echo("messaging", &customer, at_ms + 10, &format!("e_{at}"), BATON, "Hi");
        }
        let assignee = if at % 2 == 0 { Some(ines()) } else { (at % 4 == 1).then(jonas) };
        if assignee.is_some() {
            assign(&mut log, &customer, assignee);
        }
    }
    set(&mut log, &number(11), Status::Done);
    set(&mut log, &number(3), Status::WaitingOnCustomer);
    let customer = CustomerId::from(number(8).as_str());
    log.team(&TeamFact::PrioritySet { customer, urgent: true, by: by_ines() });
    log
}

async fn page(desk: &Desk, query: &BoardQuery) -> BoardPage {
    desk.store.reading().await.unwrap().board_page(query).await.unwrap()
}

fn customers(page: &BoardPage) -> Vec<String> {
    page.rows.iter().map(|one| one.row.key.customer.to_string()).collect()
}

/// All pages downwards, three at a time.
async fn all(desk: &Desk, of: BoardOf, sort: BoardSort, filter: BoardFilter) -> Vec<BoardPage> {
    let (mut from, mut pages) = (BoardFrom::Top, Vec::new());
    loop {
        let asked = BoardQuery { filter, ..query(of, sort, from, 3) };
        let read = page(desk, &asked).await;
        let next = read.next;
        pages.push(read);
        match next {
            Some(key) => from = BoardFrom::After(key),
            None => return pages,
        }
    }
}

async fn names(desk: &Desk, of: BoardOf, sort: BoardSort, filter: BoardFilter) -> Vec<String> {
    all(desk, of, sort, filter).await.iter().flat_map(customers).collect()
}

#[tokio::test]
async fn who_will_be_too_late_first_stands_first_and_who_needs_nothing_last() {
    let desk = Desk::with(&busy()).await;
    let pages = all(&desk, BoardOf::All, BoardSort::Breach, BoardFilter::default()).await;
    let rows: Vec<_> = pages.iter().flat_map(|page| &page.rows).collect();
    assert_eq!((rows.len(), pages[0].total), (11, Some(11)), "who is done is not on the board");
    let ends: Vec<i64> = rows.iter().map_while(|one| one.ends_ms).collect();
    assert!(ends.len() >= 7 && ends.is_sorted(), "{ends:?}");
    assert!(rows[..ends.len()].iter().all(|one| one.row.needs_reply), "urgent or not: time decides");
    let rest: Vec<i64> = rows[ends.len()..].iter().map(|one| one.row.last_at_ms).collect();
    assert!(rows[ends.len()..].iter().all(|one| !one.row.needs_reply));
    assert!(rest.iter().rev().is_sorted(), "the newest first: {rest:?}");
}

#[tokio::test]
async fn by_wait_the_urgent_stand_before_the_others() {
    let desk = Desk::with(&busy()).await;
    let waiting = BoardFilter { only_waiting: true, ..BoardFilter::default() };
    let pages = all(&desk, BoardOf::All, BoardSort::Wait, waiting).await;
    let rows: Vec<_> = pages.iter().flat_map(|page| &page.rows).collect();
    assert_eq!(rows[0].row.key.customer.to_string(), number(8));
    let waits: Vec<i64> = rows[1..].iter().map(|one| one.row.waiting_since_ms.unwrap()).collect();
    assert!(waits.is_sorted());
    assert_eq!(pages[0].total, Some(rows.len() as u64), "the count knows who waits");
}

#[tokio::test]
async fn what_is_too_late_stands_below_what_can_be_answered() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.says("messaging", WEBER, NINE + HOUR, "m_2", "Hello");
    let desk = Desk::with(&log).await;
    let later = NINE + 24 * HOUR + MINUTE;
    desk.store.shut_windows(later, 100).await.unwrap();
    desk.store.look_at_ends(later, 100).await.unwrap();
    let read = page(&desk, &query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 10)).await;
    assert_eq!(customers(&read), [WEBER, MARA]);
    assert_eq!((read.rows[0].ends_ms, read.rows[1].ends_ms), (Some(NINE + 25 * HOUR), None));

    // Late replies are allowed: the late window ends later than Weber's free one.
    log.team(&TeamFact::HumanAgentSet { right: HumanAgentRight::Approved, by: by_ines() });
    desk.store.ingest(&log.entries[log.entries.len() - 1..], log_id()).await.unwrap();
    desk.store.shut_windows(later, 100).await.unwrap();
    desk.store.look_at_ends(later, 100).await.unwrap();
    let read = page(&desk, &query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 10)).await;
    assert_eq!(customers(&read), [WEBER, MARA]);
    assert_eq!(read.rows[1].ends_ms, Some(NINE + 7 * 24 * HOUR));
}

#[tokio::test]
async fn columns_hold_each_thread_once_and_add_up() {
    let desk = Desk::with(&busy()).await;
    let mut of_columns = Vec::new();
    for of in [BoardOf::Queue, BoardOf::Agent(ines()), BoardOf::Agent(jonas())] {
        let pages = all(&desk, of, BoardSort::Breach, BoardFilter::default()).await;
        let column: Vec<String> = pages.iter().flat_map(customers).collect();
        assert_eq!(pages[0].total, Some(column.len() as u64), "{of:?}");
        of_columns.extend(column);
    }
    let mut everybody = names(&desk, BoardOf::All, BoardSort::Breach, BoardFilter::default()).await;
    of_columns.sort();
    everybody.sort();
    assert_eq!(of_columns, everybody);
}

#[tokio::test]
async fn by_agent_the_queue_comes_first_and_then_everybody_by_name() {
    let desk = Desk::with(&busy()).await;
    let mut workspace = Log::new();
    workspace.name = LogName::Workspace;
    workspace.team(&TeamFact::AgentNamed { agent: jonas(), name: "Adam".to_owned() });
    workspace.team(&TeamFact::AgentNamed { agent: ines(), name: "ines".to_owned() });
    desk.store.ingest(&workspace.entries, log_id()).await.unwrap();
    let mut expected = Vec::new();
    for of in [BoardOf::Queue, BoardOf::Agent(jonas()), BoardOf::Agent(ines())] {
        expected.extend(names(&desk, of, BoardSort::Breach, BoardFilter::default()).await);
    }
    let by_agent = names(&desk, BoardOf::All, BoardSort::Assignee, BoardFilter::default()).await;
    assert_eq!(by_agent, expected, "Jonas is called Adam");
}

#[rstest]
#[case(BoardSort::Breach)]
#[case(BoardSort::Wait)]
#[case(BoardSort::Assignee)]
#[tokio::test]
async fn pages_upwards_are_the_pages_downwards(#[case] sort: BoardSort) {
    let desk = Desk::with(&busy()).await;
    let read = async |from| page(&desk, &query(BoardOf::All, sort, from, 3)).await;
    let first = read(BoardFrom::Top).await;
    let second = read(BoardFrom::After(first.next.unwrap())).await;
    let third = read(BoardFrom::After(second.next.unwrap())).await;
    assert_eq!((first.previous, third.previous), (None, second.next));
    let up = read(BoardFrom::UpTo(third.previous.unwrap())).await;
    assert_eq!((customers(&up), up.previous, up.next), (customers(&second), second.previous, second.next));
    let top = read(BoardFrom::UpTo(up.previous.unwrap())).await;
    assert_eq!((customers(&top), top.previous, top.next), (customers(&first), None, first.next));
}

#[tokio::test]
async fn filters_leave_what_fits_and_what_is_counted_fits_too() {
    let mut log = busy();
    for at in [1, 2, 3, 11] {
        let customer = CustomerId::from(number(at).as_str());
        log.team(&TeamFact::LabelAdded { customer, label: label(), by: by_ines() });
    }
    let desk = Desk::with(&log).await;
    let sorted = async |of, filter| {
        let mut names = names(&desk, of, BoardSort::Breach, filter).await;
        names.sort();
        names
    };
    let labelled = BoardFilter { label: Some(label()), ..BoardFilter::default() };
    assert_eq!(sorted(BoardOf::All, labelled).await, [number(1), number(2), number(3)]);
    assert_eq!(sorted(BoardOf::Agent(ines()), labelled).await, [number(2)]);
    let asked = BoardQuery { filter: labelled, ..query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 10) };
    assert_eq!(page(&desk, &asked).await.total, Some(3));

    let waits = BoardFilter { status: Some(BoardStatus::WaitingOnCustomer), ..BoardFilter::default() };
    assert_eq!(sorted(BoardOf::All, waits).await, [number(3)]);
    let open = BoardFilter { status: Some(BoardStatus::Open), ..BoardFilter::default() };
    assert_eq!(sorted(BoardOf::All, open).await.len(), 10);
    let asked = BoardQuery { filter: open, ..query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 10) };
    assert_eq!(page(&desk, &asked).await.total, None, "no count is kept of a status");

    let elsewhere = BoardQuery {
        accounts: vec!["104500000000099".into()],
        ..query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 10)
    };
    let read = page(&desk, &elsewhere).await;
    assert_eq!((read.rows.len(), read.total), (0, Some(0)), "another account's threads are not on it");
}

/// However a label is read, of few threads or of many, the same threads come in the same order.
#[tokio::test]
async fn a_label_of_many_threads_gives_what_that_of_few_does() {
    const MANY: i64 = 450;
    let mut log = Log::connected();
    for at in 0..MANY {
        let customer = format!("6200000000010{at:03}");
        log.says("messaging", &customer, NINE + at * 1_000, &format!("m_{at}"), "Hello");
        if at % 9 != 0 {
            let customer = CustomerId::from(customer.as_str());
            log.team(&TeamFact::LabelAdded { customer, label: label(), by: by_ines() });
        }
    }
    let desk = Desk::with(&log).await;
    let filter = BoardFilter { label: Some(label()), ..BoardFilter::default() };
    let expected: Vec<String> =
        (0..MANY).filter(|at| at % 9 != 0).map(|at| format!("6200000000010{at:03}")).collect();
    let asked = BoardQuery { filter, ..query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 200) };
    let first = page(&desk, &asked).await;
    assert_eq!((customers(&first).as_slice(), first.total), (&expected[..200], Some(400)));

    // One more, and it is looked up for each key.
    let customer = CustomerId::from("6200000000010000");
    let fact = TeamFact::LabelAdded { customer, label: label(), by: by_ines() };
    log.team(&fact);
    desk.store.ingest(&log.entries[log.entries.len() - 1..], log_id()).await.unwrap();
    let many = page(&desk, &asked).await;
    assert_eq!(many.total, Some(401));
    assert_eq!(customers(&many)[1..], expected[..199]);
    let next = page(&desk, &BoardQuery { from: BoardFrom::After(many.next.unwrap()), ..asked }).await;
    assert_eq!(customers(&next), expected[199..399]);
}

/// A thread that the customer wrote in again no longer waits for the customer.
#[tokio::test]
async fn who_wrote_again_is_open() {
    let mut log = busy();
    log.says("messaging", &number(3), NINE + HOUR, "m_again", "Hello?");
    let desk = Desk::with(&log).await;
    let waits = BoardFilter { status: Some(BoardStatus::WaitingOnCustomer), ..BoardFilter::default() };
    assert_eq!(names(&desk, BoardOf::All, BoardSort::Breach, waits).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_each_agent_has_to_do_is_what_their_threads_say() {
    let desk = Desk::with(&busy()).await;
    let nobody = AgentId(Uuid::from_u128(77));
    // Number 4 wrote at 04 past nine; an hour before its window ends it is due.
    let by_ms = NINE + 24 * HOUR + 4 * MINUTE;
    let loads = desk.store.reading().await.unwrap().board_loads(&[tea()], &[nobody], by_ms).await.unwrap();
    assert_eq!(loads.get(&Some(nobody)), Some(&BoardLoad::default()), "who has nothing has a row too");
    for (agent, of) in [
        (None, BoardOf::Queue),
        (Some(ines()), BoardOf::Agent(ines())),
        (Some(jonas()), BoardOf::Agent(jonas())),
    ] {
        let read = page(&desk, &query(of, BoardSort::Breach, BoardFrom::Top, 100)).await;
        let load = &loads[&agent];
        let waiting: Vec<_> = read.rows.iter().filter(|one| one.row.needs_reply).collect();
        let has = load.open.values().sum::<u64>() + load.on_customer;
        assert_eq!(has, read.rows.len() as u64, "{of:?}");
        assert_eq!(load.waiting, waiting.len() as u64);
        assert_eq!(load.oldest_wait_ms, waiting.iter().filter_map(|one| one.row.waiting_since_ms).min());
        let ends: Vec<i64> = read.rows.iter().filter_map(|one| one.ends_ms).collect();
        assert_eq!(load.due, ends.iter().filter(|ms| **ms <= by_ms).count() as u64);
        assert_eq!(load.next_due_ms, ends.iter().min().copied());
    }
    let waits = loads.values().filter_map(|load| load.oldest_wait_ms).count();
    assert!(waits >= 2 && loads.values().any(|load| load.due > 0));
}

#[rstest]
#[case(BoardOf::All)]
#[case(BoardOf::Queue)]
#[case(BoardOf::Agent(ines()))]
#[tokio::test]
async fn a_page_comes_from_an_index_without_sorting(#[case] of: BoardOf) {
    let desk = Desk::with(&busy()).await;
    let key = BoardKey { agent: None, place_ms: 0, thread: ThreadId(0) };
    let whole = BoardFilter::default();
    let narrow = BoardFilter { label: Some(label()), status: Some(BoardStatus::Open), only_waiting: true };
    for sort in [BoardSort::Breach, BoardSort::Wait] {
        for from in [BoardFrom::Top, BoardFrom::UpTo(key)] {
            for filter in [whole, narrow] {
                let asked = BoardQuery { filter, ..query(of, sort, from, 50) };
                let plan = desk.store.explain_board(&asked, false).await.unwrap();
                let index = match sort {
                    BoardSort::Wait => "thread_waiting",
                    _ => "thread_breach",
                };
                let keys = plan.iter().find(|line| line.starts_with("SEARCH t") && line.contains(index));
                assert!(keys.is_some(), "{plan:?}");
                let sorts = plan.iter().filter(|line| line.contains("TEMP B-TREE"));
                assert!(
                    sorts.clone().all(|line| line.contains("json_group_array")),
                    "only the page itself is put in order: {plan:?}"
                );
                assert!(!plan.iter().any(|line| line.starts_with("SCAN thread")), "{plan:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_label_of_few_threads_is_read_from_its_own_list() {
    let desk = Desk::with(&busy()).await;
    let filter = BoardFilter { label: Some(label()), ..BoardFilter::default() };
    let asked = BoardQuery { filter, ..query(BoardOf::All, BoardSort::Breach, BoardFrom::Top, 50) };
    let plan = desk.store.explain_board(&asked, true).await.unwrap();
    assert!(plan.iter().any(|line| line.starts_with("SEARCH x USING") && line.contains("thread_label")));
    assert!(plan.iter().any(|line| line.contains("SEARCH t USING INTEGER PRIMARY KEY")), "{plan:?}");
}

#[tokio::test]
async fn loads_are_seeks_for_each_agent() {
    let desk = Desk::with(&busy()).await;
    let plan = desk.store.explain_board_loads().await.unwrap();
    let seeks: Vec<_> = plan.iter().filter(|line| line.starts_with("SEARCH t ")).collect();
    assert_eq!(seeks.len(), 4, "{plan:?}");
    assert!(seeks.iter().all(|line| line.contains("assignee=?")), "{plan:?}");
    assert!(plan.iter().all(|line| !line.contains("TEMP B-TREE")), "{plan:?}");

    let plan = desk.store.explain_on_customer().await.unwrap();
    let seek = plan.iter().find(|line| line.starts_with("SEARCH t "));
    assert!(
        seek.is_some_and(|line| line.contains("assignee=? AND breach_ms>?")),
        "what needs a reply is passed over: {plan:?}"
    );
}

/// The rule by which the relay gives out: the board has the thread among its agent's exactly when it counts.
#[rstest]
#[case::open(Status::Open)]
#[case::waits_on_the_customer(Status::WaitingOnCustomer)]
#[case::asleep(Status::Snoozed { until_ms: NINE + 24 * HOUR })]
#[case::done(Status::Done)]
#[tokio::test]
async fn what_counts_for_the_limit(#[case] status: Status) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.echo("messaging", MARA, NINE + MINUTE, "e_1", BATON, "Hi");
    assign(&mut log, MARA, Some(ines()));
    set(&mut log, MARA, status.clone());
    let desk = Desk::with(&log).await;
    let load = async || {
        let mut reading = desk.store.reading().await.unwrap();
        let loads = reading.board_loads(&[tea()], &[ines()], NINE).await.unwrap();
        loads.get(&Some(ines())).cloned().unwrap()
    };
    let before = load().await;
    assert_eq!(before.open.get(&tea()).copied().unwrap_or(0), u64::from(counts(&status)));
    assert_eq!(before.on_customer, u64::from(status == Status::WaitingOnCustomer));

    // The customer writes again: it counts, whatever it was.
    log.says("messaging", MARA, NINE + 2 * MINUTE, "m_2", "And?");
    desk.store.ingest(&log.entries[log.entries.len() - 1..], log_id()).await.unwrap();
    let after = load().await;
    assert_eq!((after.open.get(&tea()).copied(), after.on_customer), (Some(1), 0));
}
