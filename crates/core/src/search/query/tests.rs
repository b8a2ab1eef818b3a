use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn calendar() -> Calendar {
    Calendar { today: Date::constant(2026, 11, 30), zone: TimeZone::fixed(jiff::tz::offset(1)) }
}

fn parse(typed: &str) -> Result<Query, QueryError> {
    Query::parse(typed, &calendar())
}

fn expression(typed: &str) -> String {
    parse(typed).unwrap().expression().unwrap_or_default()
}

#[rstest]
#[case("refund", "\"refund\"*")]
#[case("refund ", "\"refund\"")]
#[case("where REFund", "\"where\" AND \"refund\"*")]
#[case("\"not working\" refund", "\"not working\" AND \"refund\"*")]
#[case("\"not working\"", "\"not working\"")]
#[case("\"not worki", "\"not worki\"*")]
#[case("„sehr gut“ x ", "\"sehr gut\" AND \"x\"")]
#[case("mara@example.com", "\"mara example com\"*")]
#[case("https://shop.example/cart ", "\"https shop example cart\"")]
#[case("l'hotel ", "\"l hotel\"")]
#[case("東", "\"東\"*")]
#[case("東京", "\"東京\"")]
#[case("東京都", "\"東京 京都\"")]
#[case("東京 塔 ", "\"東京\" AND \"塔\"*")]
#[case("iPhone15を買", "\"iphone15 を買\"")]
#[case("東京tower", "\"東京 京 tower\"*")]
#[case("รถ", "\"รถ\"*")]
#[case("ขอบคุณ ", "\"ขอบ อบคุ บคุณ\"*")]
#[case("👍", "\"👍\"")]
#[case("-- ; ' ) ( *", "")]
#[case("AND OR NOT NEAR(", "\"and\" AND \"or\" AND \"not\" AND \"near\"*")]
#[case("12", "\"12\"*")]
#[case("0170 1234567", "(\"0170 1234567\"* OR \"1701234567\"*)")]
#[case("1234567 ", "\"1234567\"")]
#[case("order:77", "\"order 77\"*")]
fn words_become_an_expression(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(expression(typed), expected);
}

#[test]
fn filters_are_understood_beside_the_words() {
    let query = parse(
        "refund from:customer from:Ines in:instagram has:photo label:\"late delivery\" is:open is:mine x ",
    )
    .unwrap();
    assert_eq!(query.filters.from, [Who::Customer, Who::Called("Ines".to_owned())]);
    assert_eq!(query.filters.within, [Place::Instagram]);
    assert_eq!(query.filters.has, [Content::Image]);
    assert_eq!(query.filters.labels, ["late delivery"]);
    assert_eq!(query.filters.is, [State::Open, State::Mine]);
    assert_eq!(query.expression().unwrap(), "\"refund\" AND \"x\"");
}

#[rstest]
#[case("before:2026-11-30", "2026-11-29T23:00:00Z")]
#[case("BEFORE:today", "2026-11-29T23:00:00Z")]
#[case("before: yesterday", "2026-11-28T23:00:00Z")]
#[case("before:2026-11-30 before:2026-10-01", "2026-09-30T23:00:00Z")]
fn days_begin_where_the_agent_is(#[case] typed: &str, #[case] expected: jiff::Timestamp) {
    assert_eq!(parse(typed).unwrap().filters.before_ms.unwrap(), expected.as_millisecond());
}

#[test]
fn months_and_years_begin_with_their_first_day() {
    let after = |typed| parse(typed).unwrap().filters.after_ms.unwrap();
    assert_eq!(after("after:2026-11 "), after("after:2026-11-01 "));
    assert_eq!(after("after:2026 "), after("after:2026-01-01 "));
    assert_eq!(after("after:2026 after:2026-02-01 "), after("after:2026-02-01 "));
}

#[rstest]
#[case("has:pony ", "has: does not know “pony”")]
#[case("is:sleeping refund", "is: does not know “sleeping”")]
#[case("is:xyz", "is: does not know “xyz”")]
#[case("before:soon ", "before: needs a day, not “soon”")]
#[case("after:2026-13-01 ", "after: needs a day, not “2026-13-01”")]
#[case("after:2026-02-30 x", "after: needs a day, not “2026-02-30”")]
fn a_wrong_filter_says_so(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(parse(typed).unwrap_err().to_string(), expected);
}

#[rstest]
#[case("from:")]
#[case("refund is:")]
#[case("is:o")]
#[case("has:im")]
#[case("before:20")]
#[case("before:2026-1")]
#[case("after:yest")]
#[case("label:\"")]
#[case("in:\"")]
fn a_filter_that_is_being_typed_says_nothing_yet(#[case] typed: &str) {
    assert_eq!(parse(typed).unwrap().filters, Filters::default());
}

#[test]
fn a_pasted_letter_is_found_by_its_beginning() {
    let letter = "lorem ipsum ".repeat(500);
    assert_eq!(parse(&letter).unwrap().terms.len(), MOST);
    let one = "a-".repeat(500);
    assert!(parse(&one).unwrap().terms[0].words_count() <= MOST);
}

impl Term {
    fn words_count(&self) -> usize {
        self.any.iter().map(|phrase| phrase.words.len()).max().unwrap_or(0)
    }
}

proptest! {
    /// The strings of an expression hold nothing that could end them, so that the index can read it whatever is typed.
    #[test]
    fn nothing_typed_gets_out_of_its_quotes(typed in "(\\PC|[ -~]|[\"*():^{}+-]){0,80}") {
        let Ok(query) = parse(&typed) else { return Ok(()) };
        for phrase in query.terms.iter().flat_map(|term| &term.any) {
            prop_assert!(!phrase.words.is_empty());
            for word in &phrase.words {
                let safe = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit();
                prop_assert!(!word.is_empty() && word.chars().all(safe), "{:?}", word);
            }
        }
    }
}
