//! What is said is found, newest first, by whatever part of it somebody remembers; what is taken back is found no more.

use std::collections::BTreeSet;

use baton_core::search::Query;
use baton_core::search::query::Calendar;
use baton_core::store::{Author, SearchFor, SearchHit, SearchPage, Store, StoreError};
use baton_messenger::id::CustomerId;
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::{LabelId, LogName, ReplyId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;

use crate::builders::*;

fn calendar() -> Calendar {
    Calendar { today: Date::constant(2026, 10, 5), zone: TimeZone::UTC }
}

fn looking_for(typed: &str) -> SearchFor {
    let query = Query::parse(typed, &calendar()).unwrap();
    SearchFor { query, thread: None, me: ines(), before: None, limit: 50, now_ms: NINE }
}

async fn search(store: &Store, typed: &str) -> SearchPage {
    store.search(&looking_for(typed)).await.unwrap()
}

/// A number out of the file.
async fn one(desk: &Desk, sql: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(desk.file()).read_only(true);
    let mut file = options.connect().await.unwrap();
    let one = sqlx::query_scalar(sql).fetch_one(&mut file).await.unwrap();
    file.close().await.unwrap();
    one
}

/// The hits, newest first, with what was found in brackets.
async fn found(desk: &Desk, typed: &str) -> Vec<String> {
    search(&desk.store, typed).await.hits.iter().map(drawn).collect()
}

fn drawn(hit: &SearchHit) -> String {
    let pieces = hit.snippet.pieces.iter();
    pieces.map(|piece| if piece.found { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

async fn keys(desk: &Desk, typed: &str) -> Vec<String> {
    search(&desk.store, typed).await.hits.into_iter().map(|hit| hit.place.key).collect()
}

/// Two customers, a bot, an agent and some files.
fn a_day() -> Log {
    let mut log = Log::connected();
    let named = |customer: &str, name: &str, by_hand| TeamFact::CustomerNamed {
        customer: CustomerId::from(customer),
        name: name.to_owned(),
        by_hand,
    };
    log.team(&named(MARA, "Mara Lindt", false));
    log.team(&named(MARA, "Big order Mara", true));
    log.team(&named(WEBER, "Jonas Weber", false));
    log.says("messaging", MARA, NINE, "m_1", "Where is my order AB1234? I want a refund");
    log.echo("standby", MARA, NINE + 1_000, "m_2", TEABOT, "Your refund request was received");
    log.team(&TeamFact::SendStarted {
        file: None,
        customer: CustomerId::from(MARA),
        reply: ReplyId(part(1).0),
        part: part(1),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "The refund is on its way".to_owned(),
        tag: None,
        unchecked: false,
    });
    log.echo_of_part(MARA, NINE + 2_000, "m_3", part(1), "The refund is on its way");
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "Refund, please! See https://northwind.example/tea");
    let file = json!({
        "sender": {"id": WEBER}, "recipient": {"id": TEA}, "timestamp": NINE + HOUR + 1,
        "message": {"mid": "w_2", "attachments": [
            {"type": "file", "payload": {"url": "https://cdn.invalid/x/Rechnung%20M%C3%A4rz.pdf?oh=1"}},
            {"type": "image", "payload": {"url": "https://cdn.invalid/1.jpg"}}]},
    });
    log.event("messaging", NINE + HOUR + 1, &file);
    log
}

#[rstest]
#[case("refund", &["w_1", "m_3", "m_2", "m_1"])]
#[case("refund order", &["m_1"])]
#[case("order refund", &["m_1"])]
#[case("ORD", &["m_1"])]
#[case("ord ", &[])]
#[case("\"refund is\"", &["m_3"])]
#[case("\"is refund\"", &[])]
#[case("1234", &["m_1"])]
#[case("northwind.example/tea", &["w_1"])]
#[case("rechnung marz", &["w_2"])]
#[case("refund from:customer", &["w_1", "m_1"])]
#[case("refund from:bot", &["m_2"])]
#[case("refund from:team", &["m_3"])]
#[case("refund from:me", &["m_3"])]
#[case("refund from:weber", &["w_1"])]
#[case("refund in:\"Jonas Weber\"", &["w_1"])]
#[case("refund in:mara", &["m_3", "m_2", "m_1"])]
#[case("refund in:north", &["w_1", "m_3", "m_2", "m_1"])]
#[case("refund in:messenger", &["w_1", "m_3", "m_2", "m_1"])]
#[case("refund in:instagram ", &[])]
#[case("has:link", &["w_1"])]
#[case("has:file", &["w_2"])]
#[case("has:image rech", &["w_2"])]
#[case("has:video ", &[])]
#[case("refund after:today", &["w_1", "m_3", "m_2", "m_1"])]
#[case("refund after:2026-10-06 ", &[])]
#[case("refund before:2026-10-05 ", &[])]
#[case("refund before:2026-10-06 ", &["w_1", "m_3", "m_2", "m_1"])]
#[case("nothing like it", &[])]
#[case("has:image from:customer jonas", &["w_2"])]
#[case("jon has:image", &[])]
#[case("has:image jon", &["w_2"])]
#[case("weber jonas has:file", &["w_2"])]
#[case("jonas rechnung has:file ", &["w_2"])]
#[case("refund lindt from:customer ", &["m_1"])]
#[case("lindt big from:bot ", &["m_2"])]
#[case("mara weber from:customer ", &[])]
#[case("order from:customer ", &["m_1"])]
#[case("lindt", &[])]
#[case("lindt refund", &[])]
#[tokio::test]
async fn messages_are_found_newest_first(#[case] typed: &str, #[case] expected: &[&str]) {
    let desk = Desk::with(&a_day()).await;
    assert_eq!(keys(&desk, typed).await, expected);
}

#[tokio::test]
async fn a_hit_says_who_said_it_where_and_shows_it() {
    let desk = Desk::with(&a_day()).await;
    let page = search(&desk.store, "refun").await;
    let hit = &page.hits[1];
    assert_eq!(hit.author, Author::Agent(ines()));
    assert_eq!(hit.thread, desk.thread_id(MARA).await);
    assert_eq!(hit.customer_name.as_deref(), Some("Big order Mara"));
    assert_eq!(hit.account_name, "Northwind Tea");
    assert_eq!(drawn(hit), "The [refun]d is on its way");
}

#[tokio::test]
async fn customers_are_found_by_every_name_they_have() {
    let desk = Desk::with(&a_day()).await;
    for typed in ["lindt", "mara", "big or", "ord mar"] {
        let page = search(&desk.store, typed).await;
        let names: Vec<_> = page.names.iter().map(|row| row.key.customer.as_str()).collect();
        let expected: &[&str] = if typed == "ord mar" { &[] } else { &[MARA] };
        assert_eq!(names, expected, "{typed}");
    }
}

/// With filters, of the people who are called so those are shown of whom there is something that passes.
#[rstest]
#[case("mara from:customer ", &[MARA])]
#[case("mara from:me ", &[MARA])]
#[case("jonas from:me ", &[])]
#[case("jonas has:file ", &[WEBER])]
#[case("mara has:file ", &[])]
#[case("mara refund from:customer ", &[])]
#[case("mara after:2026-10-05 ", &[MARA])]
#[case("mara after:2026-10-06 ", &[])]
#[case("mara is:done ", &[])]
#[case("mara is:open ", &[MARA])]
#[case("from:customer ", &[])]
#[tokio::test]
async fn people_are_shown_who_pass_the_filters(#[case] typed: &str, #[case] expected: &[&str]) {
    let desk = Desk::with(&a_day()).await;
    let page = search(&desk.store, typed).await;
    let names: Vec<_> = page.names.iter().map(|row| row.key.customer.as_str()).collect();
    assert_eq!(names, expected);
}

/// However many are called so, whoever is meant by all the words is among those that are looked at.
#[tokio::test]
async fn a_frequent_first_name_hides_nobody() {
    let mut log = Log::connected();
    let name = |log: &mut Log, customer: &str, name: &str| {
        log.team(&TeamFact::CustomerNamed {
            customer: CustomerId::from(customer),
            name: name.to_owned(),
            by_hand: false,
        });
    };
    log.says("messaging", MARA, NINE, "m_1", "tea");
    name(&mut log, MARA, "Mara Lindt");
    for number in 0..300 {
        let customer = format!("{}", 7_000_000 + number);
        log.says("messaging", &customer, NINE + HOUR + number, &format!("n_{number}"), "coffee");
        name(&mut log, &customer, "Mara Weber");
    }
    let desk = Desk::with(&log).await;
    assert_eq!(keys(&desk, "mara lindt from:customer ").await, ["m_1"]);
    assert_eq!(keys(&desk, "lindt tea mara from:customer ").await, ["m_1"]);
    assert_eq!(keys(&desk, "mara weber coffee from:customer ").await.len(), 50);
}

/// The first in each of their threads, then an answer, then somebody else in between; everybody is called Anna.
fn annas(many: i64) -> Log {
    let mut log = Log::connected();
    log.team(&TeamFact::CustomerNamed {
        customer: CustomerId::from(WEBER),
        name: "Jonas Weber".to_owned(),
        by_hand: false,
    });
    for number in 0..many {
        let customer = format!("{}", 7_000_000 + number);
        let at_ms = NINE + number * 10;
        log.says("messaging", &customer, at_ms, &format!("a_{number}"), "green tea");
        log.team(&TeamFact::CustomerNamed {
            customer: CustomerId::from(customer.as_str()),
            name: format!("Anna Kremer{number}"),
            by_hand: false,
        });
        log.echo("standby", &customer, at_ms + 1, &format!("e_{number}"), TEABOT, "your tea");
        log.says("messaging", WEBER, at_ms + 2, &format!("w_{number}"), "black tea");
    }
    log
}

/// All pages of a search, by the keys of what was found.
async fn all_pages(desk: &Desk, mut asked: SearchFor) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let page = desk.store.search(&asked).await.unwrap();
        seen.extend(page.hits.into_iter().map(|hit| hit.place.key));
        let Some(next) = page.next else { return seen };
        asked.before = Some(next);
    }
}

/// However many are called so: few whom the index is asked for, and very many who are looked at with each hit.
#[rstest]
#[case(150)]
#[case(260)]
#[tokio::test]
async fn a_name_in_a_filter_stands_for_all_who_have_it(#[case] many: i64) {
    let desk = Desk::with(&annas(many)).await;
    let theirs = |kinds: &[&str]| -> Vec<String> {
        (0..many).rev().flat_map(|number| kinds.iter().map(move |kind| format!("{kind}_{number}"))).collect()
    };
    let asked = |typed: &str| SearchFor { limit: 40, ..looking_for(typed) };
    assert_eq!(all_pages(&desk, asked("from:anna ")).await, theirs(&["a"]));
    assert_eq!(all_pages(&desk, asked("tea from:anna ")).await, theirs(&["a"]));
    assert_eq!(all_pages(&desk, asked("black from:anna ")).await, [""; 0]);
    assert_eq!(all_pages(&desk, asked("in:anna ")).await, theirs(&["e", "a"]));
    assert_eq!(all_pages(&desk, asked("from:anna from:bot ")).await, theirs(&["e", "a"]));
    assert_eq!(all_pages(&desk, asked("in:anna from:bot ")).await, theirs(&["e"]));
    assert_eq!(all_pages(&desk, asked("in:anna from:weber ")).await, [""; 0]);
    assert_eq!(all_pages(&desk, asked("in:anna in:weber black ")).await, theirs(&["w"]));
    // A word that is in very many names, in what was said, or in both.
    assert_eq!(all_pages(&desk, asked("anna tea from:customer ")).await, theirs(&["a"]));
    assert_eq!(all_pages(&desk, asked("anna green is:open from:customer ")).await, theirs(&["a"]));
    assert_eq!(all_pages(&desk, asked("anna black from:customer ")).await, [""; 0]);
    let oldest = asked("from:\"anna kremer0\" ");
    assert_eq!(all_pages(&desk, oldest).await.last().map(String::as_str), Some("a_0"));
}

/// In a thread it is known whose it is.
#[tokio::test]
async fn inside_a_thread_a_frequent_name_is_one_of_its_customer_or_not() {
    let desk = Desk::with(&annas(260)).await;
    let in_thread = async |customer: &str, typed: &str| {
        let thread = Some(desk.thread_id(customer).await);
        desk.store.search(&SearchFor { thread, ..looking_for(typed) }).await.unwrap()
    };
    for (typed, expected) in [("from:anna ", 1), ("in:anna ", 2), ("from:weber ", 0), ("tea in:weber ", 0)] {
        let page = in_thread("7000003", typed).await;
        assert_eq!(
            (page.hits.len(), page.count, page.next),
            (expected, Some(expected as u64), None),
            "{typed}"
        );
    }
    let page = in_thread(WEBER, "in:anna ").await;
    assert_eq!((page.hits.len(), page.count, page.next), (0, Some(0), None));
}

/// What is typed about the thread holds for all of it, or for nothing of it.
#[tokio::test]
async fn inside_a_thread_filters_count_too() {
    let mut log = Log::connected();
    for number in 0..1_204 {
        log.says("messaging", MARA, NINE + number, &format!("n_{number:04}"), "tea again");
    }
    let desk = Desk::with(&log).await;
    let thread = Some(desk.thread_id(MARA).await);
    for typed in ["tea is:done ", "tea is:mine ", "tea from:me ", "tea has:image "] {
        let page = desk.store.search(&SearchFor { thread, ..looking_for(typed) }).await.unwrap();
        assert_eq!(
            (page.hits.len(), page.count, page.counts_on, page.next),
            (0, Some(0), false, None),
            "{typed}"
        );
    }
    let asked = SearchFor { thread, limit: 100, ..looking_for("tea is:open from:customer ") };
    let page = desk.store.search(&asked).await.unwrap();
    assert_eq!((page.count, page.counts_on), (Some(1_000), true));
    assert_eq!(all_pages(&desk, asked).await.len(), 1_204, "one steps on beyond what is counted");
}

/// The customers of all pages of names, and how many the first page said that there are.
async fn all_people(desk: &Desk, asked: &SearchFor) -> (Vec<String>, Option<u64>) {
    let first = desk.store.search(asked).await.unwrap();
    let mut seen: Vec<String> = first.names.iter().map(|row| row.key.customer.to_string()).collect();
    let mut next = first.names_next;
    assert!(seen.len() <= 6);
    while let Some(after) = next {
        let page = desk.store.search_people(asked, after).await.unwrap();
        seen.extend(page.people.iter().map(|row| row.key.customer.to_string()));
        next = page.next;
    }
    (seen, first.names_count)
}

/// Few are put in order, of very many the newest threads are gone through.
#[rstest]
#[case(3, Some(3))]
#[case(73, Some(73))]
#[case(1_200, None)]
#[tokio::test]
async fn everybody_who_is_called_so_is_on_a_page_of_names(#[case] many: i64, #[case] count: Option<u64>) {
    let desk = Desk::with(&annas(many)).await;
    let newest_first: Vec<String> = (0..many).rev().map(|number| format!("{}", 7_000_000 + number)).collect();
    let asked = SearchFor { limit: 20, ..looking_for("anna ") };
    assert_eq!(all_people(&desk, &asked).await, (newest_first.clone(), count));
    // With a filter those of whom something passes; how many they are would have to be asked of each.
    let asked = SearchFor { limit: 20, ..looking_for("anna from:bot ") };
    assert_eq!(all_people(&desk, &asked).await, (newest_first, None));
    let asked = SearchFor { limit: 20, ..looking_for("anna from:weber ") };
    assert_eq!(all_people(&desk, &asked).await, (Vec::new(), None));
}

/// However many are called so, and whenever they came: of everybody the newest activity counts, on whatever shelf the thread is.
#[rstest]
#[case(40)]
#[case(1_200)]
#[tokio::test]
async fn whoever_wrote_last_is_the_first_of_all_who_are_called_so(#[case] many: i64) {
    let customer = |number: i64| format!("{}", 7_000_000 + number);
    let mut log = annas(many);
    let again = [3, 17, 0, 25];
    for (place, number) in (1..).zip(again) {
        let (customer, at_ms) = (customer(number), NINE + 10 * HOUR + place * MINUTE);
        log.says("messaging", &customer, at_ms, &format!("b_{number}"), "black tea");
        if place % 2 == 0 {
            let customer = CustomerId::from(customer.as_str());
            log.team(&TeamFact::StatusSet { customer, status: Status::Done, by: by_ines() });
        }
    }
    let desk = Desk::with(&log).await;
    let others = (0..many).rev().filter(|number| !again.contains(number));
    let expected: Vec<String> = again.into_iter().rev().chain(others).map(customer).collect();
    for typed in ["anna ", "anna from:customer "] {
        let asked = SearchFor { limit: 20, ..looking_for(typed) };
        assert_eq!(all_people(&desk, &asked).await.0, expected, "{typed}");
    }
}

#[rstest]
#[case("from:nobody x", "Nobody here is called “nobody”.")]
#[case("in:nowhere x", "No account and no customer here is called “nowhere”.")]
#[case("label:none x", "No label here is called “none”.")]
#[tokio::test]
async fn who_names_nobody_is_told(#[case] typed: &str, #[case] expected: &str) {
    let desk = Desk::with(&a_day()).await;
    let error = desk.store.search(&looking_for(typed)).await.unwrap_err();
    assert_eq!(error.words().what, expected);
}

#[tokio::test]
async fn threads_are_told_apart_by_how_they_stand_and_by_labels() {
    let mut log = a_day();
    let label = LabelId(Uuid::from_u128(77));
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(MARA), status: Status::Done, by: by_ines() });
    log.team(&TeamFact::LabelAdded { customer: CustomerId::from(MARA), label, by: by_ines() });
    let desk = Desk::with(&log).await;
    let mut workspace = Log::new();
    workspace.name = LogName::Workspace;
    workspace.team(&TeamFact::LabelDefined {
        label,
        name: "Late delivery".to_owned(),
        colour: "#aa0000".to_owned(),
        removed: false,
    });
    desk.store.ingest(&workspace.entries, log_id()).await.unwrap();
    assert_eq!(keys(&desk, "refund is:done ").await, ["m_3", "m_2", "m_1"]);
    assert_eq!(keys(&desk, "refund is:open ").await, ["w_1"]);
    assert_eq!(keys(&desk, "refund is:waiting is:unassigned ").await, ["w_1"]);
    assert_eq!(keys(&desk, "refund is:mine ").await, [""; 0]);
    assert_eq!(keys(&desk, "refund label:late").await, ["m_3", "m_2", "m_1"]);
    assert_eq!(keys(&desk, "refund label:\"late delivery\" is:open ").await, [""; 0]);
}

#[tokio::test]
async fn inside_one_thread_hits_are_counted_and_paged_by_key() {
    let mut log = Log::connected();
    for number in 0..250 {
        let customer = if number % 2 == 0 { MARA } else { WEBER };
        log.says("messaging", customer, NINE + number, &format!("n_{number:03}"), "tea again");
    }
    let desk = Desk::with(&log).await;
    let mut asked = looking_for("tea");
    asked.thread = Some(desk.thread_id(MARA).await);
    let mut seen = Vec::new();
    loop {
        let page = desk.store.search(&asked).await.unwrap();
        assert_eq!(page.count, asked.before.is_none().then_some(125));
        seen.extend(page.hits.into_iter().map(|hit| hit.place.key));
        let Some(next) = page.next else { break };
        asked.before = Some(next);
    }
    let expected: Vec<String> = (0..250).rev().filter(|n| n % 2 == 0).map(|n| format!("n_{n:03}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_does_not_fit_is_looked_at_only_so_long_and_then_the_page_says_where_to_go_on() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "tea");
    for number in 1..3_200 {
        log.says("messaging", WEBER, NINE + number, &format!("n_{number}"), "tea");
    }
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(WEBER), status: Status::Done, by: by_ines() });
    let desk = Desk::with(&log).await;
    let mut asked = looking_for("tea is:open ");
    let page = desk.store.search(&asked).await.unwrap();
    assert!(page.hits.is_empty() && page.next.is_some());
    asked.before = page.next;
    let page = desk.store.search(&asked).await.unwrap();
    assert_eq!(page.hits[0].place.key, "m_1");
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn an_edit_is_found_and_what_it_replaced_is_not() {
    let mut log = a_day();
    let edit = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 5_000,
        "message_edit": {"mid": "m_1", "text": "I only want a teapot", "num_edit": 1},
    });
    log.event("messaging", NINE + 5_000, &edit);
    let desk = Desk::with(&log).await;
    assert_eq!(found(&desk, "teapot ").await, ["I only want a [teapot]"]);
    assert_eq!(keys(&desk, "AB1234 ").await, [""; 0]);
}

/// History knows seconds; the webhook that comes later knows better.
#[tokio::test]
async fn a_better_time_moves_the_hit() {
    let mut log = Log::connected();
    log.history(MARA, NINE + HOUR, &[("m_1", NINE, true, "first tea"), ("m_2", NINE, true, "second tea")]);
    log.says("messaging", MARA, NINE + 700, "m_1", "first tea");
    log.says("messaging", MARA, NINE + 300, "m_2", "second tea");
    let desk = Desk::new().await;
    for entry in &log.entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(keys(&desk, "tea").await, ["m_1", "m_2"]);
}

/// On Instagram only the end of a part says which message it was.
#[tokio::test]
async fn whose_message_it_was_may_be_told_later() {
    let mut log = Log::connected();
    log.echo("messaging", MARA, NINE, "m_1", BATON, "the price is ten");
    log.team(&TeamFact::SendStarted {
        file: None,
        customer: CustomerId::from(MARA),
        reply: ReplyId(part(1).0),
        part: part(1),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "the price is ten".to_owned(),
        tag: None,
        unchecked: false,
    });
    log.team(&TeamFact::SendSettled {
        customer: CustomerId::from(MARA),
        part: part(1),
        reply: ReplyId(part(1).0),
        desk: desk_of_ines(),
        settlement: Settlement::Sent { mid: "m_1".into(), at_ms: Some(NINE) },
    });
    let desk = Desk::new().await;
    for entry in &log.entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(keys(&desk, "price from:me").await, ["m_1"]);
}

/// Words that stand nowhere else and begin alike, so that the index has many of them side by side.
fn secret(number: i64) -> String {
    let letter = |place: i64| char::from(b'a' + u8::try_from((number * 7 + place) % 26).unwrap());
    format!("zq{}{number:05}", (0..6).map(letter).collect::<String>())
}

#[tokio::test]
async fn no_word_of_what_is_taken_back_stays_in_the_file_however_full_the_index_is() {
    const MANY: i64 = 1_500;
    let mut log = Log::connected();
    let mut desk = Desk::new().await;
    for number in 0..MANY {
        let text = format!("the tea {} is here, {} cups", secret(number), number % 97);
        log.says("messaging", MARA, NINE + number * 1_000, &format!("n_{number}"), &text);
    }
    for batch in log.entries.chunks(100) {
        desk.store.ingest(batch, log_id()).await.unwrap();
    }
    let start = log.entries.len();
    let taken_back: BTreeSet<i64> = (0..MANY).filter(|number| number % 10 == 3).collect();
    for number in &taken_back {
        let event = json!({
            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + MANY * 1_000 + number,
            "message": {"mid": format!("n_{number}"), "is_deleted": true},
        });
        log.event_of("instagram", TEA, "messaging", NINE + MANY * 1_000 + number, &event);
    }
    for batch in log.entries[start..].chunks(7) {
        desk.store.ingest(batch, log_id()).await.unwrap();
    }
    for number in [3, 13] {
        assert!(found(&desk, &secret(number)).await.is_empty());
    }
    assert_eq!(found(&desk, &secret(4)).await.len(), 1);
    desk.store.close().await;
    let mut bytes = std::fs::read(desk.file()).unwrap();
    bytes.extend(std::fs::read(desk.file().with_file_name("desk.db-wal")).unwrap_or_default());
    let there = |word: &str| memchr(&bytes, word.as_bytes());
    let left: Vec<String> = taken_back.iter().map(|n| secret(*n)).filter(|word| there(word)).collect();
    assert_eq!(left, [""; 0], "still in the file");
    assert!(there(&secret(4)), "the look itself works");
    let terms = terms(&desk).await;
    assert!(terms.contains(&secret(4)) && taken_back.iter().all(|number| !terms.contains(&secret(*number))));
    desk.reopen().await;
    assert_eq!(found(&desk, &secret(4)).await.len(), 1);
}

/// Every word that the index holds.
async fn terms(desk: &Desk) -> BTreeSet<String> {
    let mut conn = SqliteConnectOptions::new().filename(desk.file()).connect().await.unwrap();
    sqlx::query("CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, search, row)")
        .execute(&mut conn)
        .await
        .unwrap();
    let terms: Vec<String> =
        sqlx::query_scalar("SELECT term FROM temp.held").fetch_all(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    terms.into_iter().collect()
}

/// A search for bytes that does not take a minute.
fn memchr(bytes: &[u8], word: &[u8]) -> bool {
    bytes.split(|b| *b == word[0]).skip(1).any(|rest| {
        // The word may go on over further first letters.
        let start = rest.as_ptr() as usize - bytes.as_ptr() as usize;
        bytes[start..].starts_with(&word[1..])
    })
}

#[tokio::test]
async fn a_lost_account_leaves_nothing_to_find() {
    let desk = Desk::with(&a_day()).await;
    desk.store.purge(&tea()).await.unwrap();
    assert_eq!(keys(&desk, "refund").await, [""; 0]);
    assert!(search(&desk.store, "mara").await.names.is_empty());
    desk.store.close().await;
    let bytes = std::fs::read(desk.file()).unwrap();
    for word in ["refund", "weber", "rechnung"] {
        assert!(!memchr(&bytes, word.as_bytes()), "{word}");
    }
}

#[tokio::test]
async fn an_index_of_other_words_is_made_anew_a_little_at_a_time() {
    let mut desk = Desk::with(&a_day()).await;
    desk.store.set_setting("search.index", Some(r#"{"version":"0/0"}"#)).await.unwrap();
    desk.reopen().await;
    assert_eq!(keys(&desk, "refund").await, [""; 0]);
    assert!(desk.store.is_indexing().await.unwrap());
    let mut steps = 0;
    while desk.store.index_step(2).await.unwrap() {
        steps += 1;
    }
    assert!(steps > 2 && !desk.store.is_indexing().await.unwrap());
    assert_eq!(keys(&desk, "refund").await, ["w_1", "m_3", "m_2", "m_1"]);
    assert_eq!(search(&desk.store, "lindt").await.names.len(), 1);
    desk.reopen().await;
    assert!(!desk.store.is_indexing().await.unwrap());
}

#[tokio::test]
async fn an_index_that_is_not_good_any_more_goes_a_slice_at_a_time_and_leaves_nothing() {
    let mut log = Log::connected();
    for number in 0..700 {
        // Words enough for more than one slice.
        let words: Vec<String> = (0..60).map(|word| format!("w{word}n{number}")).collect();
        let text = format!("tea number{number} {}", words.join(" "));
        log.says("messaging", WEBER, NINE + number, &format!("n_{number}"), &text);
    }
    let mut desk = Desk::new().await;
    for batch in log.entries.chunks(100) {
        desk.store.ingest(batch, log_id()).await.unwrap();
    }
    desk.store.set_setting("search.index", Some(r#"{"version":"0/0"}"#)).await.unwrap();
    desk.reopen().await;
    let aside = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%aside%'";
    assert!(one(&desk, aside).await > 0, "it was emptied in one go");
    assert!(desk.store.is_sound().await.unwrap(), "half of an index looks like damage");
    assert!(desk.store.index_step(50).await.unwrap());
    // A second one before the first is gone, and a desk that ends between slices.
    desk.store.set_setting("search.index", Some(r#"{"version":"0/1"}"#)).await.unwrap();
    desk.reopen().await;
    assert!(desk.store.is_sound().await.unwrap());
    while desk.store.index_step(50).await.unwrap() {
        assert!(desk.store.is_sound().await.unwrap());
    }
    assert_eq!(one(&desk, aside).await, 0);
    assert_eq!(keys(&desk, "number699").await, ["n_699"]);
    assert_eq!(search(&desk.store, "tea").await.hits.len(), 50);
    // What was made anew forgets as well as what was there before.
    let gone = log.event_of(
        "instagram",
        TEA,
        "messaging",
        NINE + 800,
        &json!({
            "sender": {"id": WEBER}, "recipient": {"id": TEA}, "timestamp": NINE + 800,
            "message": {"mid": "n_699", "is_deleted": true},
        }),
    );
    desk.store.ingest(&log.entries[gone as usize - 1..], log_id()).await.unwrap();
    desk.store.close().await;
    let bytes = std::fs::read(desk.file()).unwrap();
    assert!(!memchr(&bytes, b"number699"));
}

#[tokio::test]
async fn merging_makes_fewer_pieces_and_ends() {
    let desk = Desk::new().await;
    let mut log = Log::connected();
    for number in 0..60 {
        log.says("messaging", WEBER, NINE + number, &format!("n_{number}"), "tea");
    }
    for entry in &log.entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let pieces = "SELECT count(DISTINCT segid) FROM search_idx";
    let (before, version) = (one(&desk, pieces).await, desk.store.version());
    let mut steps = 0;
    while desk.store.merge_step().await.unwrap() {
        steps += 1;
        assert!(steps < 100, "it never ends");
    }
    assert!(one(&desk, pieces).await < before.min(4), "{before}");
    assert_eq!(desk.store.version(), version, "nothing that anybody sees has changed");
    assert_eq!(search(&desk.store, "tea").await.hits.len(), 50);
    assert!(!desk.store.merge_step().await.unwrap());
}

#[tokio::test]
async fn what_changes_while_the_index_is_made_is_in_it_once() {
    let mut log = a_day();
    let mut desk = Desk::with(&log).await;
    desk.store.set_setting("search.index", Some(r#"{"version":"0/0"}"#)).await.unwrap();
    desk.reopen().await;
    let edit = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 5_000,
        "message_edit": {"mid": "m_1", "text": "no refund any more", "num_edit": 1},
    });
    log.event("messaging", NINE + 5_000, &edit);
    desk.store.ingest(&log.entries[log.entries.len() - 1..], log_id()).await.unwrap();
    assert_eq!(found(&desk, "refund").await, ["no [refund] any more"]);
    while desk.store.index_step(1).await.unwrap() {}
    assert_eq!(keys(&desk, "refund").await, ["w_1", "m_3", "m_2", "m_1"]);
}

#[rstest]
#[case("refund")]
#[case("refund order from:customer")]
#[case("refund from:mara in:north has:link after:2026-01-01 is:open ")]
#[tokio::test]
async fn no_search_reads_a_table_from_end_to_end(#[case] typed: &str) {
    let desk = Desk::with(&a_day()).await;
    let plan = desk.store.explain_search(&looking_for(typed)).await.unwrap();
    // The index of words is a virtual table, and what is made of it a list of so many hits.
    let scans: Vec<&String> = plan
        .iter()
        .filter(|step| step.starts_with("SCAN"))
        .filter(|step| !step.contains("VIRTUAL TABLE INDEX") && !step.starts_with("SCAN h"))
        .collect();
    assert!(scans.is_empty(), "{plan:#?}");
    // The hits of one page are put into one value in their order; nothing else is sorted.
    let put_together = "USE TEMP B-TREE FOR json_group_array(ORDER BY)";
    assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE") || step == put_together), "{plan:#?}");
}

#[tokio::test]
async fn whoever_types_on_ends_the_search_before() {
    let mut log = Log::connected();
    for number in 0..300 {
        log.says("messaging", WEBER, NINE + number, &format!("n_{number}"), "tea");
    }
    log.team(&TeamFact::StatusSet { customer: CustomerId::from(WEBER), status: Status::Done, by: by_ines() });
    let desk = Desk::with(&log).await;
    let (slow, quick) = (looking_for("tea is:open "), looking_for("tea"));
    let (slow, quick) = tokio::join!(desk.store.search(&slow), desk.store.search(&quick));
    assert!(matches!(slow, Err(StoreError::Superseded)), "{slow:?}");
    assert_eq!(quick.unwrap().hits.len(), 50);
    // And nothing of it lingers in the connection.
    assert_eq!(search(&desk.store, "tea").await.hits.len(), 50);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Whatever is typed, the index can read it.
    #[test]
    fn nothing_typed_is_a_fault(typed in prop::collection::vec("(\\PC|[ -~]|[\"*():^{}+-]){0,40}|refund|AND|NEAR\\(|from:|is:open|\"", 0..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::with(&a_day()).await;
            for joint in ["", " "] {
                let Ok(query) = Query::parse(&typed.join(joint), &calendar()) else { continue };
                let asked = SearchFor { query, ..looking_for("x") };
                match desk.store.search(&asked).await {
                    Ok(_) | Err(StoreError::Query(_)) => {}
                    Err(error) => panic!("{:?}: {error:?}", typed.join(joint)),
                }
            }
        });
    }

    /// Said, edited, told again and taken back in any order and in any batches: what is found is what stands there.
    #[test]
    fn the_index_says_what_the_messages_say(
        acts in prop::collection::vec((0..4_u8, 0..8_usize, 0..6_usize, 0..5_i64), 1..40),
        cuts in prop::collection::vec(1..6_usize, 1..40),
    ) {
        const WORDS: [&str; 6] = ["tea", "teapot", "東京タワー", "Ärger", "cup99", "ขอบคุณ"];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut log = Log::connected();
            for (place, (act, message, word, time)) in acts.iter().enumerate() {
                let at_ms = NINE + time;
                let mid = format!("m_{message}");
                let text = format!("{} and {}", WORDS[*word], WORDS[(word + message) % 6]);
                match act {
                    0 => { log.says("messaging", MARA, at_ms, &mid, &text); }
                    1 => { log.history(MARA, NINE + HOUR + place as i64, &[(&mid, at_ms, true, &text)]); }
                    2 => {
                        let edit = json!({
                            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
                            "message_edit": {"mid": mid, "text": text, "num_edit": 1 + place},
                        });
                        log.event("messaging", at_ms, &edit);
                    }
                    _ => {
                        let event = json!({
                            "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms,
                            "message": {"mid": mid, "is_deleted": true},
                        });
                        log.event_of("instagram", TEA, "messaging", at_ms, &event);
                    }
                }
            }
            let desk = Desk::new().await;
            let mut rest = log.entries.as_slice();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break }
                let (batch, after) = rest.split_at((*cut).min(rest.len()));
                desk.store.ingest(batch, log_id()).await.unwrap();
                rest = after;
            }
            if desk.store.thread_id(&key(MARA)).await.unwrap().is_none() { return }
            let messages = desk.messages(MARA).await;
            for word in WORDS {
                let expected: BTreeSet<String> = messages
                    .iter()
                    .filter(|message| message.text.as_deref().is_some_and(|text| {
                        text.split(' ').any(|its| its == word)
                    }))
                    .map(|message| message.place.key.clone())
                    .collect();
                let hits = search(&desk.store, &format!("\"{word}\"")).await.hits;
                let times: Vec<i64> = hits.iter().map(|hit| hit.place.at_ms).collect();
                assert!(times.is_sorted_by(|a, b| a >= b), "newest first: {times:?}");
                let hits: BTreeSet<String> = hits.into_iter().map(|hit| hit.place.key).collect();
                assert_eq!(hits, expected, "{word}");
            }
        });
    }
}
