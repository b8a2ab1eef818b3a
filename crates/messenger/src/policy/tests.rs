//! Borders by table, everything else against a plain second reading of the rule.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Mara's last message.
const MARA_WROTE: i64 = 1_791_190_800_000;

fn ines_answers_mara(after_ms: i64) -> Facts {
    Facts {
        platform: Platform::Messenger,
        last_opening_ms: Some(MARA_WROTE),
        author: Author::Person,
        content: Content::Text,
        human_agent: HumanAgent::Approved,
        now: MetaNow { ms: MARA_WROTE + after_ms, doubtful: false },
    }
}

fn plain() -> Verdict {
    Verdict::Plain { until_ms: MARA_WROTE + DAY }
}

fn late() -> Verdict {
    Verdict::HumanAgent { until_ms: MARA_WROTE + 7 * DAY }
}

fn refused(reason: Refusal) -> Verdict {
    Verdict::Refused { reason }
}

#[rstest]
#[case::at_once(0, plain())]
#[case::last_millisecond_of_the_day(DAY - 1, plain())]
#[case::day_over(DAY, late())]
#[case::thirty_hours(30 * HOUR, late())]
#[case::last_millisecond_of_the_week(7 * DAY - 1, late())]
#[case::week_over(7 * DAY, refused(Refusal::Closed))]
#[case::a_year(365 * DAY, refused(Refusal::Closed))]
#[case::her_clock_is_ahead(-2 * MINUTE, plain())]
fn the_borders_on_good_time(#[case] after_ms: i64, #[case] verdict: Verdict) {
    assert_eq!(decide(&ines_answers_mara(after_ms)), verdict);
}

#[rstest]
#[case::well_inside(HOUR, Verdict::Plain { until_ms: MARA_WROTE + DAY - MINUTE })]
#[case::just_before_the_reserve(DAY - MINUTE - 1, Verdict::Plain { until_ms: MARA_WROTE + DAY - MINUTE })]
#[case::inside_the_reserve(DAY - MINUTE, Verdict::HumanAgent { until_ms: MARA_WROTE + 7 * DAY - MINUTE })]
#[case::before_the_last_reserve(7 * DAY - MINUTE - 1, Verdict::HumanAgent { until_ms: MARA_WROTE + 7 * DAY - MINUTE })]
#[case::inside_the_last_reserve(7 * DAY - MINUTE, refused(Refusal::Closed))]
fn doubtful_time_takes_the_strict_side(#[case] after_ms: i64, #[case] verdict: Verdict) {
    let mut facts = ines_answers_mara(after_ms);
    facts.now.doubtful = true;
    assert_eq!(decide(&facts), verdict);
}

#[rstest]
#[case::bot(Author::Automation, Content::Text, HumanAgent::Approved, Refusal::LateNotByPerson)]
#[case::scheduled_template(
    Author::Automation,
    Content::Template,
    HumanAgent::Approved,
    Refusal::LateNotByPerson
)]
#[case::template(Author::Person, Content::Template, HumanAgent::Approved, Refusal::LateTemplate)]
#[case::no_approval(Author::Person, Content::Text, HumanAgent::NotApproved, Refusal::LateNotApproved)]
#[case::no_approval_media(Author::Person, Content::Media, HumanAgent::NotApproved, Refusal::LateNotApproved)]
#[case::meta_refused(Author::Person, Content::Text, HumanAgent::Refused, Refusal::LateRefusedByMeta)]
fn what_may_not_leave_late(
    #[case] author: Author,
    #[case] content: Content,
    #[case] human_agent: HumanAgent,
    #[case] reason: Refusal,
) {
    let facts = Facts { author, content, human_agent, ..ines_answers_mara(30 * HOUR) };
    assert_eq!(decide(&facts), refused(reason));
    // After a week the reason is the week, whoever wrote it.
    let facts = Facts { author, content, human_agent, ..ines_answers_mara(8 * DAY) };
    assert_eq!(decide(&facts), refused(Refusal::Closed));
}

#[test]
fn nobody_is_written_to_first() {
    let facts = Facts { last_opening_ms: None, ..ines_answers_mara(0) };
    assert_eq!(decide(&facts), refused(Refusal::NeverOpened));
    assert_eq!(windows(&facts), Windows::default());
}

#[rstest]
#[case::open(HOUR, HumanAgent::Approved, Some(DAY), Some(7 * DAY))]
#[case::late(30 * HOUR, HumanAgent::Approved, None, Some(7 * DAY))]
#[case::late_without_right(30 * HOUR, HumanAgent::NotApproved, None, None)]
#[case::open_without_right(HOUR, HumanAgent::Refused, Some(DAY), None)]
#[case::closed(8 * DAY, HumanAgent::Approved, None, None)]
fn the_deadlines_shown(
    #[case] after_ms: i64,
    #[case] human_agent: HumanAgent,
    #[case] open: Option<i64>,
    #[case] human: Option<i64>,
) {
    let facts = Facts { human_agent, ..ines_answers_mara(after_ms) };
    let at = |after: Option<i64>| after.map(|after| MARA_WROTE + after);
    assert_eq!(windows(&facts), Windows { open_until_ms: at(open), human_until_ms: at(human) });
}

fn any_facts() -> impl Strategy<Value = Facts> {
    (
        prop_oneof![Just(Platform::Messenger), Just(Platform::Instagram)],
        prop_oneof![1 => Just(None), 9 => (0_i64..20 * DAY).prop_map(Some)],
        prop_oneof![Just(Author::Person), Just(Author::Automation)],
        prop_oneof![Just(Content::Text), Just(Content::Media), Just(Content::Template)],
        prop_oneof![Just(HumanAgent::NotApproved), Just(HumanAgent::Approved), Just(HumanAgent::Refused)],
        0_i64..20 * DAY,
        any::<bool>(),
    )
        .prop_map(|(platform, last_opening_ms, author, content, human_agent, ms, doubtful)| Facts {
            platform,
            last_opening_ms,
            author,
            content,
            human_agent,
            now: MetaNow { ms, doubtful },
        })
}

/// The rule told once more, from the age of the last opening action instead of from deadlines.
fn plain_reading(facts: &Facts) -> &'static str {
    let Some(opened) = facts.last_opening_ms else { return "refused" };
    let mut age = facts.now.ms - opened;
    if facts.now.doubtful {
        age += MINUTE;
    }
    let tag_allowed = facts.author == Author::Person
        && facts.content != Content::Template
        && facts.human_agent == HumanAgent::Approved;
    if age < 24 * HOUR {
        "plain"
    } else if age < 168 * HOUR && tag_allowed {
        "tagged"
    } else {
        "refused"
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn it_agrees_with_the_plain_reading(facts in any_facts()) {
        let said = match decide(&facts) {
            Verdict::Plain { .. } => "plain",
            Verdict::HumanAgent { .. } => "tagged",
            Verdict::Refused { .. } => "refused",
        };
        prop_assert_eq!(said, plain_reading(&facts));
    }

    #[test]
    fn a_verdict_holds_up_to_its_deadline_and_not_at_it(facts in any_facts()) {
        if let Verdict::Plain { until_ms } | Verdict::HumanAgent { until_ms } = decide(&facts) {
            let at = |ms| decide(&Facts { now: MetaNow { ms, ..facts.now }, ..facts });
            prop_assert_eq!(at(until_ms - 1), decide(&facts));
            prop_assert_ne!(at(until_ms), decide(&facts));
        }
    }

    #[test]
    fn doubt_never_allows_more(facts in any_facts()) {
        let sure = decide(&Facts { now: MetaNow { doubtful: false, ..facts.now }, ..facts });
        let unsure = decide(&Facts { now: MetaNow { doubtful: true, ..facts.now }, ..facts });
        if let Verdict::Refused { .. } = sure {
            prop_assert!(matches!(unsure, Verdict::Refused { .. }), "{unsure:?}");
        }
    }

    /// Our clock can be off by up to the reserve after a jump, either way, and says so. Whatever it shows then, what is
    /// sent was allowed at Meta's own time.
    #[test]
    fn a_clock_that_jumped_never_sends_what_meta_refuses(
        facts in any_facts(),
        off_ms in -MINUTE..=MINUTE,
        near in prop_oneof![Just(None), (-2 * MINUTE..2 * MINUTE).prop_map(Some)],
        week: bool,
    ) {
        // Half of the cases lie around a border, where it matters.
        let true_ms = match (near, facts.last_opening_ms) {
            (Some(near), Some(opened)) => opened + if week { 7 * DAY } else { DAY } + near,
            _ => facts.now.ms,
        };
        let shown = Facts { now: MetaNow { ms: true_ms + off_ms, doubtful: true }, ..facts };
        let truly = decide(&Facts { now: MetaNow { ms: true_ms, doubtful: false }, ..facts });
        match decide(&shown) {
            // A plain reply in the second window, or anything after it, is what Meta refuses.
            Verdict::Plain { .. } => prop_assert!(matches!(truly, Verdict::Plain { .. }), "{truly:?}"),
            // A tag a little early only costs the plain form; a tag after the week is refused.
            Verdict::HumanAgent { .. } => prop_assert!(!matches!(truly, Verdict::Refused { .. }), "{truly:?}"),
            Verdict::Refused { .. } => {}
        }
    }

    /// While the customer does nothing, what is allowed only shrinks, through whatever jumps of the clock that was
    /// made good again.
    #[test]
    fn what_is_allowed_shrinks_until_the_customer_acts(
        facts in any_facts(),
        mut moments in prop::collection::vec(0_i64..20 * DAY, 2..8),
        again_ms in 0_i64..20 * DAY,
    ) {
        let rank = |verdict: Verdict| match verdict {
            Verdict::Plain { .. } => 0,
            Verdict::HumanAgent { .. } => 1,
            Verdict::Refused { .. } => 2,
        };
        let at = |ms, opened| decide(&Facts { last_opening_ms: opened, now: MetaNow { ms, doubtful: false }, ..facts });
        moments.sort_unstable();
        let ranks: Vec<_> = moments.iter().map(|ms| rank(at(*ms, facts.last_opening_ms))).collect();
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
        // An act opens everything anew, and an older one that is found late takes nothing away.
        prop_assert_eq!(rank(at(again_ms, Some(again_ms))), 0);
        let newest = facts.last_opening_ms.max(Some(again_ms));
        let now_ms = newest.unwrap_or_default();
        prop_assert!(rank(at(now_ms, newest)) <= rank(at(now_ms, facts.last_opening_ms)));
    }

    /// Both channels have the same windows, counted from the same act.
    #[test]
    fn the_channel_changes_no_deadline(facts in any_facts()) {
        let on = |platform| (decide(&Facts { platform, ..facts }), windows(&Facts { platform, ..facts }));
        prop_assert_eq!(on(Platform::Messenger), on(Platform::Instagram));
    }

    #[test]
    fn no_time_overflows(opened: i64, now: i64, doubtful: bool) {
        let facts = Facts { last_opening_ms: Some(opened), now: MetaNow { ms: now, doubtful }, ..ines_answers_mara(0) };
        let _ = (decide(&facts), windows(&facts));
    }
}

#[test]
fn every_refusal_has_its_own_words() {
    use Refusal::{Closed, LateNotApproved, LateNotByPerson, LateRefusedByMeta, LateTemplate, NeverOpened};
    let all = [NeverOpened, Closed, LateNotApproved, LateRefusedByMeta, LateNotByPerson, LateTemplate];
    let words: std::collections::BTreeSet<String> =
        all.iter().map(|refusal| refusal.agent_words().what).collect();
    assert_eq!(words.len(), all.len());
    assert!(all.iter().all(|refusal| !refusal.agent_words().remedy.is_empty()));
}
