//! Labels: the workspace's are known, threads carry them, and the lists of one label come from indexes and kept counts.

use baton_core::store::{Filter, LabelRow, ListFrom, ListQuery, Sort, ThreadLabel, View, ViewCounts};
use baton_messenger::Words;
use baton_messenger::id::Platform;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AccountId, CommandId, CustomerId, LabelId, LogName};
use rstest::rstest;
use uuid::Uuid;

use crate::builders::*;

fn vip() -> LabelId {
    LabelId(Uuid::from_u128(1))
}

fn late() -> LabelId {
    LabelId(Uuid::from_u128(2))
}

fn defined(label: LabelId, name: &str, removed: bool) -> TeamFact {
    TeamFact::LabelDefined { label, name: name.to_owned(), colour: "#b3261e".to_owned(), removed }
}

fn workspace(facts: &[TeamFact]) -> Log {
    let mut log = Log::new();
    log.name = LogName::Workspace;
    for fact in facts {
        log.team(fact);
    }
    log
}

fn set(customer: &str, label: LabelId, on: bool) -> TeamFact {
    let (customer, by) = (CustomerId::from(customer), by_ines());
    if on {
        TeamFact::LabelAdded { customer, label, by }
    } else {
        TeamFact::LabelRemoved { customer, label, by }
    }
}

fn query(view: View, sort: Sort, from: ListFrom, limit: u32) -> ListQuery {
    ListQuery { view, account: None, sort, from, limit, now_ms: NINE + HOUR }
}

fn with(label: LabelId) -> Filter {
    Filter { label: Some(label), platform: None }
}

/// The customers of a filtered view, in pages of so many.
async fn listed(desk: &Desk, view: View, sort: Sort, filter: &Filter, limit: u32) -> Vec<String> {
    let (mut from, mut listed) = (ListFrom::Top, Vec::new());
    loop {
        let page = desk.store.filtered_list(&query(view, sort, from, limit), filter).await.unwrap();
        listed.extend(page.rows.iter().map(|row| row.key.customer.to_string()));
        let Some(next) = page.next else { return listed };
        from = ListFrom::After(next);
    }
}

async fn counts(desk: &Desk, filter: &Filter) -> ViewCounts {
    desk.store.filtered_counts(ines(), None, filter).await.unwrap()
}

#[tokio::test]
async fn the_newest_name_and_colour_hold_and_one_that_is_gone_is_not_shown() {
    let log = workspace(&[
        defined(vip(), "vip", false),
        defined(late(), "Parcel late", false),
        defined(vip(), "VIP", false),
        defined(late(), "Parcel late", true),
    ]);
    let desk = Desk::with(&log).await;
    let row = |name: &str| LabelRow { label: vip(), name: name.to_owned(), colour: "#b3261e".to_owned() };
    assert_eq!(desk.store.labels().await.unwrap(), [row("VIP")]);

    let mut backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    backwards.reopen().await;
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());

    // It comes back under its id, and sorts without its capitals.
    let again = workspace(&[
        defined(vip(), "vip", false),
        defined(late(), "Parcel late", true),
        defined(late(), "parcel late", false),
    ]);
    let desk = Desk::with(&again).await;
    let names: Vec<String> = desk.store.labels().await.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["parcel late", "vip"]);
}

#[tokio::test]
async fn what_was_done_here_shows_before_the_team_knows_and_counts_once_it_does() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&set(MARA, late(), true));
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let mut queued = Vec::new();
    for (label, on) in [(vip(), true), (late(), false), (vip(), false), (vip(), true)] {
        let command = Command::SetLabel { customer: CustomerId::from(MARA), label, on };
        let command_id = CommandId::new();
        let request = CommandRequest { command_id, if_version: None, if_no_word_after: None, command };
        desk.store.queue_command(&LogName::Account(tea()), &request, NINE).await.unwrap();
        queued.push(command_id);
    }
    let expected = [(vip(), ThreadLabel::PuttingOn), (late(), ThreadLabel::TakingOff)];
    assert_eq!(desk.row(MARA, NINE).await.labels, expected.into_iter().collect());
    assert_eq!(desk.store.label_of_thread(thread, &key(MARA), vip()).await.unwrap(), (false, Some(true)));
    assert_eq!(desk.store.label_of_thread(thread, &key(MARA), late()).await.unwrap(), (true, Some(false)));
    assert_eq!((counts(&desk, &with(vip())).await.all, counts(&desk, &with(late())).await.all), (0, 1));

    let start = log.entries.len();
    log.team(&set(MARA, vip(), true));
    log.team(&set(MARA, late(), false));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    for command in queued {
        desk.store.forget_command(command).await.unwrap();
    }
    assert_eq!(desk.row(MARA, NINE).await.labels, [(vip(), ThreadLabel::On)].into_iter().collect());
    assert_eq!((counts(&desk, &with(vip())).await.all, counts(&desk, &with(late())).await.all), (1, 0));
}

const COFFEE: &str = "104500000000022";

/// Thirty customers of two accounts and channels: some answered, done, asleep, assigned, and every third with the label.
async fn busy() -> Desk {
    let desk = Desk::new().await;
    let mut log = Log::connected();
    for number in 0..30_i64 {
        let customer = format!("62000000000002{number:02}");
        let at_ms = NINE + (number * 7 % 30) * MINUTE;
        log.says("messaging", &customer, at_ms, &format!("m_{number}"), "Hello");
        if number % 4 == 0 {
            log.echo("messaging", &customer, at_ms + 10, &format!("e_{number}"), BATON, "Hi");
        }
        let who = || CustomerId::from(customer.as_str());
        let status = match number % 10 {
            8 => Some(Status::Done),
            9 => Some(Status::Snoozed { until_ms: NINE + (100 - number) * HOUR }),
            _ => None,
        };
        if let Some(status) = status {
            log.team(&TeamFact::StatusSet { customer: who(), status, by: by_ines() });
        }
        if number % 5 < 2 {
            let assignee = Some(if number % 5 == 0 { ines() } else { jonas() });
            log.team(&TeamFact::Assigned { customer: who(), assignee, by: by_ines(), reply: None });
        }
        if number % 3 == 0 {
            log.team(&set(&customer, vip(), true));
        }
        if number % 6 == 0 {
            log.team(&set(&customer, late(), true));
        }
        if number % 12 == 0 {
            log.team(&set(&customer, late(), false));
        }
    }
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    let mut coffee = Log::new();
    coffee.name = LogName::Account(AccountId::from(COFFEE));
    coffee.team(&TeamFact::AccountConnected {
        platform: Platform::Instagram,
        name: "Northwind Coffee".to_owned(),
        page: AccountId::from(COFFEE),
        app: BATON.into(),
        routing: baton_protocol::account::RoutingMode::On,
        fields: vec![],
        by: by_ines(),
    });
    for number in 0..10_i64 {
        let customer = format!("63000000000002{number:02}");
        let event = serde_json::json!({
            "sender": {"id": customer}, "recipient": {"id": COFFEE}, "timestamp": NINE + number * 2 * MINUTE + 1,
            "message": {"mid": format!("c_{number}"), "text": "Hello"},
        });
        coffee.event_of("instagram", COFFEE, "messaging", NINE + number * 2 * MINUTE + 1, &event);
        if number % 2 == 0 {
            coffee.team(&set(&customer, vip(), true));
        }
    }
    desk.store.ingest(&coffee.entries, log_id()).await.unwrap();
    desk
}

const VIEWS: [View; 7] =
    [View::Unassigned, View::EndingSoon, View::All, View::TooLate, View::Snoozed, View::Done, View::Blocked];

/// What a filter leaves of a list is the list without the rows that it does not let through, in the same order.
#[rstest]
#[case::one_channel(Filter { platform: Some(Platform::Messenger), label: None })]
#[case::the_other_channel(Filter { platform: Some(Platform::Instagram), label: None })]
#[case::one_label(with(vip()))]
#[case::a_label_that_came_off(with(late()))]
#[case::both(Filter { platform: Some(Platform::Messenger), label: Some(vip()) })]
#[tokio::test]
async fn a_filter_leaves_what_fits_in_the_same_order_and_the_counts_say_how_much(#[case] filter: Filter) {
    let desk = busy().await;
    desk.store.look_at_ends(NINE + 19 * HOUR, 100).await.unwrap();
    let counts = counts(&desk, &filter).await;
    for view in VIEWS.into_iter().chain([View::Mine(ines())]) {
        for sort in [Sort::NeedsReply, Sort::Newest] {
            let whole = desk.store.thread_list(&query(view, sort, ListFrom::Top, 200)).await.unwrap();
            let fits = whole.rows.iter().filter(|row| {
                filter.platform.is_none_or(|platform| row.platform == Some(platform))
                    && filter.label.is_none_or(|label| row.labels.contains_key(&label))
            });
            let fits: Vec<String> = fits.map(|row| row.key.customer.to_string()).collect();
            assert_eq!(listed(&desk, view, sort, &filter, 3).await, fits, "{view:?} {sort:?}");
            let counted = match view {
                View::Mine(_) => counts.mine,
                View::Unassigned => counts.unassigned,
                View::EndingSoon => counts.ending_soon,
                View::All => counts.all,
                View::TooLate => counts.too_late,
                View::Snoozed => counts.snoozed,
                View::Done => counts.done,
                View::Mentions | View::Blocked => continue,
            };
            assert_eq!(counted, fits.len() as u64, "{view:?}");
        }
    }
    assert!(counts.all > 0 && counts.all_waiting <= counts.all);
}

#[tokio::test]
async fn counts_of_labels_follow_assignment_status_and_what_comes_off_in_any_order() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    log.team(&set(MARA, vip(), true));
    let who = || CustomerId::from(MARA);
    log.team(&TeamFact::Assigned { customer: who(), assignee: Some(ines()), by: by_ines(), reply: None });
    let desk = Desk::with(&log).await;
    let found = counts(&desk, &with(vip())).await;
    assert_eq!((found.mine, found.mine_waiting, found.all, found.unassigned), (1, 1, 1, 0));

    let start = log.entries.len();
    log.team(&TeamFact::StatusSet { customer: who(), status: Status::Done, by: by_ines() });
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    let found = counts(&desk, &with(vip())).await;
    assert_eq!((found.mine, found.all, found.done), (0, 0, 1));
    log.team(&set(MARA, vip(), false));
    desk.store.ingest(&log.entries[start..], log_id()).await.unwrap();
    assert_eq!(counts(&desk, &with(vip())).await, ViewCounts::default());

    let backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());
}

#[tokio::test]
async fn losing_the_account_takes_its_labels_and_their_counts_along() {
    let desk = busy().await;
    assert_eq!(counts(&desk, &with(vip())).await.unassigned, 5 + in_tea(&desk).await);
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(counts(&desk, &with(vip())).await.all, 5);
    desk.store.purge(&AccountId::from(COFFEE)).await.unwrap();
    assert_eq!(counts(&desk, &with(vip())).await, ViewCounts::default());
}

async fn in_tea(desk: &Desk) -> u64 {
    desk.store.filtered_counts(ines(), Some(&tea()), &with(vip())).await.unwrap().unassigned
}

#[rstest]
#[case::mine(View::Mine(ines()))]
#[case::unassigned(View::Unassigned)]
#[case::all(View::All)]
#[case::too_late(View::TooLate)]
#[case::done(View::Done)]
#[case::blocked(View::Blocked)]
#[case::mentions(View::Mentions)]
#[case::snoozed(View::Snoozed)]
#[case::ending_soon(View::EndingSoon)]
#[tokio::test]
async fn a_filtered_list_comes_from_an_index_without_sorting(#[case] view: View) {
    let desk = busy().await;
    let key = baton_core::store::ListKey { sort_ms: 0, thread: baton_core::store::ThreadId(0) };
    let filters = [
        Filter { platform: Some(Platform::Messenger), label: None },
        with(vip()),
        Filter { platform: Some(Platform::Messenger), label: Some(vip()) },
        Filter::default(),
    ];
    for filter in filters {
        for sort in [Sort::Newest, Sort::NeedsReply] {
            for from in [ListFrom::Top, ListFrom::UpTo(key)] {
                let asked = query(view, sort, from, 50);
                let plan = desk.store.explain_filtered_list(&asked, &filter).await.unwrap();
                let sorts =
                    |line: &&String| line.contains("TEMP B-TREE") && !line.contains("json_group_array");
                assert_eq!(plan.iter().find(sorts), None, "{filter:?}: {plan:?}");
                // The page itself is gone through as a whole, and the few accounts that are asked for.
                let scans: Vec<_> = plan.iter().filter(|line| line.starts_with("SCAN")).collect();
                let few = |line: &&&String| {
                    matches!(line.as_str(), "SCAN k" | "SCAN t") || line.contains("json_each")
                };
                assert!(scans.iter().all(|line| few(&line)), "{filter:?}: {plan:?}");
            }
        }
    }
}

#[tokio::test]
async fn one_that_the_relay_refused_is_forgotten_and_told_of_over_a_start_until_the_agent_heard_of_it() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let mut desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let command_id = CommandId::new();
    let command = Command::SetLabel { customer: CustomerId::from(MARA), label: vip(), on: true };
    let request = CommandRequest { command_id, if_version: None, if_no_word_after: None, command };
    desk.store.queue_command(&LogName::Account(tea()), &request, NINE).await.unwrap();

    let why = Words::new("A label was not put on the thread.", "Choose another one.");
    desk.store.act_refused(thread, command_id, &why).await.unwrap();
    assert!(desk.store.queued_commands(9).await.unwrap().is_empty());
    desk.reopen().await;
    assert_eq!(desk.store.acts_untold().await.unwrap(), [(thread, command_id, why.clone())]);
    desk.store.told_of_act(CommandId::new()).await.unwrap();
    assert_eq!(desk.store.acts_untold().await.unwrap().len(), 1, "it was another one");
    desk.store.told_of_act(command_id).await.unwrap();
    assert!(desk.store.acts_untold().await.unwrap().is_empty());

    // Of a thread that is gone nobody is told.
    desk.store.act_refused(thread, command_id, &why).await.unwrap();
    desk.store.purge(&tea()).await.unwrap();
    assert!(desk.store.acts_untold().await.unwrap().is_empty());
}
