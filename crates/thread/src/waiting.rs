//! Since when the customer waits for a person.
//!
//! The time since the later of two moments: the customer's first message after a person last answered, and the moment
//! the thread last came to us from another app. A bot's answers do not stop it. While another app or Meta's inbox
//! holds the thread, nobody waits for us. A thread that lapsed from another app, or that such an app gave up, does not
//! wait until the customer writes again; one that lapsed from us, or that we gave up, goes on waiting since the same
//! moment, also when we take it again.
//!
//! On Instagram no echo names its app (docs/meta.md 2.7.8), so that an answer from Meta's inbox looks like a bot's. Where routing is
//! on, control tells who had the thread. Where it is off nothing does, and what is not ours counts as a person's answer
//! ([`counts_unnamed`]), because else whoever was answered in Meta's inbox would wait here for ever. Two things speak against
//! that: an app that somebody named works there and its answers do not count, or the answer came so soon that no person can
//! have written it ([`is_by_itself`]): then the customer goes on waiting, which is the mistake that somebody sees.

#[cfg(test)]
mod stories;

use baton_messenger::Platform;
use baton_messenger::id::is_meta_inbox;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::Status;

use crate::owner::{AccountFacts, OwnerState};

/// What answers a word of the customer within this time is no person, milliseconds: Meta's instant replies, away messages and
/// questions with answers come at once, and bring echoes like everything else (docs/meta.md 2.6.11). Our choice.
pub const BY_ITSELF_MS: i64 = 10_000;

/// Whether an echo that names no app and no part of ours may be the answer of a person in Meta's inbox: on an Instagram account with routing
/// off, where no app that somebody named answers without that its answers count.
#[must_use]
pub fn counts_unnamed(facts: &AccountFacts) -> bool {
    facts.platform == Some(Platform::Instagram)
        && facts.routing == RoutingMode::Off
        && !facts.apps.iter().any(|(app, known)| {
            let is_bot = !is_meta_inbox(app) && Some(app) != facts.our_app.as_ref();
            is_bot && !known.name.is_empty() && !known.answers_count
        })
}

/// Whether an answer followed a word of the customer too soon for a person. Both are milliseconds UTC of Meta.
#[must_use]
pub fn is_by_itself(word_ms: i64, answer_ms: i64) -> bool {
    word_ms <= answer_ms && answer_ms < word_ms.saturating_add(BY_ITSELF_MS)
}

/// What the waiting time depends on. Times are milliseconds UTC of Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFacts {
    /// The customer's first message after a person last answered; none when all are answered.
    pub first_unanswered_ms: Option<i64>,
    /// When a person last answered: one of our desks, or Meta's inbox; on an unmanaged account also an app whose
    /// answers count.
    pub last_person_ms: Option<i64>,
    /// Who holds the thread.
    pub owner: OwnerState,
}

/// Since when the customer waits, milliseconds UTC of Meta; none while nobody waits for us.
#[must_use]
pub fn waiting(facts: &WaitingFacts) -> Option<i64> {
    if facts.owner.is_theirs() {
        return None;
    }
    let answered_since = |came_ms: &i64| facts.last_person_ms.is_some_and(|person_ms| person_ms >= *came_ms);
    let came_ms = facts.owner.came_ms.filter(|came_ms| !answered_since(came_ms));
    facts.first_unanswered_ms.max(came_ms)
}

/// Whether a person should answer now. `status` is the effective one ([`crate::team::effective_status`]).
#[must_use]
pub fn needs_reply(waiting_since_ms: Option<i64>, status: &Status) -> bool {
    waiting_since_ms.is_some() && matches!(status, Status::Open)
}

#[cfg(test)]
mod tests {
    use baton_messenger::id::PAGE_INBOX;
    use rstest::rstest;

    use super::*;
    use crate::owner::{Cause, Owner};

    const NINE: i64 = 1_791_190_800_000;
    const MINUTE: i64 = 60_000;
    const BATON: &str = "700100200300400";
    const TEABOT: &str = "700555666777888";

    fn held(owner: Owner, came_ms: Option<i64>) -> OwnerState {
        OwnerState { owner, came_ms, ..OwnerState::default() }
    }

    fn lapsed_from(owner: &Owner, came_ms: Option<i64>) -> OwnerState {
        OwnerState { away: owner.is_elsewhere(), by: Cause::Lapsed, ..held(Owner::Idle, came_ms) }
    }

    fn teabot() -> Owner {
        Owner::Other { app: Some(TEABOT.into()) }
    }

    #[rstest]
    #[case::nobody_wrote(None, None, held(Owner::Ours, None), None)]
    #[case::wrote_to_us(Some(NINE), None, held(Owner::Ours, None), Some(NINE))]
    #[case::wrote_to_anybody(Some(NINE), None, held(Owner::Unmanaged, None), Some(NINE))]
    #[case::wrote_while_free(Some(NINE), None, held(Owner::Idle, None), Some(NINE))]
    #[case::wrote_and_nobody_knows_to_whom(Some(NINE), None, held(Owner::Unknown, None), Some(NINE))]
    #[case::wrote_to_the_bot(Some(NINE), None, held(teabot(), None), None)]
    #[case::wrote_to_metas_inbox(Some(NINE), None, held(Owner::MetaInbox, None), None)]
    #[case::bot_passed_it_on(Some(NINE), None, held(Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    #[case::wrote_after_it_came(Some(NINE + MINUTE), Some(NINE + 30_000), held(Owner::Ours, Some(NINE)), Some(NINE + MINUTE))]
    #[case::wrote_again_before_an_answer(Some(NINE + 2 * MINUTE), None, held(Owner::Ours, Some(NINE)), Some(NINE + 2 * MINUTE))]
    #[case::came_after_a_person_answered(None, Some(NINE), held(Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    #[case::a_person_answered_since(None, Some(NINE + MINUTE), held(Owner::Ours, Some(NINE)), None)]
    #[case::bot_let_it_lapse(Some(NINE), None, lapsed_from(&teabot(), None), None)]
    #[case::inbox_let_it_lapse(Some(NINE), None, lapsed_from(&Owner::MetaInbox, None), None)]
    #[case::we_let_it_lapse(Some(NINE), None, lapsed_from(&Owner::Ours, Some(NINE + MINUTE)), Some(NINE + MINUTE))]
    fn the_customer_waits_since(
        #[case] first_unanswered_ms: Option<i64>,
        #[case] last_person_ms: Option<i64>,
        #[case] owner: OwnerState,
        #[case] since_ms: Option<i64>,
    ) {
        assert_eq!(waiting(&WaitingFacts { first_unanswered_ms, last_person_ms, owner }), since_ms);
    }

    fn on_instagram(routing: RoutingMode, app: Option<(&str, &str, bool)>) -> AccountFacts {
        let known = |(app, name, answers_count): (&str, &str, bool)| {
            (app.into(), crate::owner::KnownApp { name: name.to_owned(), answers_count })
        };
        AccountFacts {
            platform: Some(Platform::Instagram),
            our_app: Some(BATON.into()),
            routing,
            apps: app.map(known).into_iter().collect(),
            ..AccountFacts::default()
        }
    }

    #[rstest]
    #[case::nothing_tells_who_answered(on_instagram(RoutingMode::Off, None), true)]
    #[case::control_tells(on_instagram(RoutingMode::On, None), false)]
    #[case::messenger_names_the_app(AccountFacts { platform: Some(Platform::Messenger), ..on_instagram(RoutingMode::Off, None) }, false)]
    #[case::nobody_knows_the_channel(AccountFacts { platform: None, ..on_instagram(RoutingMode::Off, None) }, false)]
    #[case::a_bot_works_there(on_instagram(RoutingMode::Off, Some((TEABOT, "Teabot", false))), false)]
    #[case::its_answers_count(on_instagram(RoutingMode::Off, Some((TEABOT, "Teabot", true))), true)]
    #[case::an_app_that_nobody_named(on_instagram(RoutingMode::Off, Some((TEABOT, "", false))), true)]
    #[case::metas_inbox_has_a_name(on_instagram(RoutingMode::Off, Some((PAGE_INBOX, "Inbox", false))), true)]
    #[case::we_have_a_name(on_instagram(RoutingMode::Off, Some((BATON, "Baton", false))), true)]
    fn an_answer_without_a_name_is_a_persons(#[case] facts: AccountFacts, #[case] counts: bool) {
        assert_eq!(counts_unnamed(&facts), counts);
    }

    #[rstest]
    #[case::at_once(NINE, NINE, true)]
    #[case::after_seconds(NINE, NINE + BY_ITSELF_MS - 1, true)]
    #[case::after_a_while(NINE, NINE + BY_ITSELF_MS, false)]
    #[case::before_the_word(NINE, NINE - 1, false)]
    fn an_answer_that_comes_at_once_is_no_persons(
        #[case] word_ms: i64,
        #[case] answer_ms: i64,
        #[case] is: bool,
    ) {
        assert_eq!(is_by_itself(word_ms, answer_ms), is);
    }

    #[rstest]
    #[case(Some(NINE), Status::Open, true)]
    #[case(None, Status::Open, false)]
    #[case(Some(NINE), Status::Done, false)]
    #[case(Some(NINE), Status::WaitingOnCustomer, false)]
    #[case(Some(NINE), Status::Snoozed { until_ms: NINE }, false)]
    fn a_person_should_answer(#[case] since_ms: Option<i64>, #[case] status: Status, #[case] needs: bool) {
        assert_eq!(needs_reply(since_ms, &status), needs);
    }
}
