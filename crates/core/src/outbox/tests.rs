//! What each step of the machine does, and against a plain reference: a customer's phone that counts, a relay that grants, a
//! desk that is killed at every moment.

mod crashes;

use baton_messenger::error::GraphError;
use baton_messenger::policy::{Refusal, Verdict};
use baton_protocol::command::GRANT_MS;
use baton_protocol::team::Settlement;
use baton_protocol::{AgentId, Mid};
use rstest::rstest;

use super::machine::{Control, Effect, Event, Facts, Leaves, MovedOn, Return, State, Wait, has_ended, step};
use super::{Answered, NotUploaded};
use crate::control::WayBack;

const PLAIN: Verdict = Verdict::Plain { until_ms: 1_000_000 };
const LATE: Verdict = Verdict::HumanAgent { until_ms: 1_000_000 };
const SHUT: Verdict = Verdict::Refused { reason: Refusal::Closed };

fn facts() -> Facts {
    Facts {
        leaves: Leaves::Plain,
        verdict: PLAIN,
        control: Control::Ours,
        way_back: WayBack::Take,
        is_blocked: false,
        moved: None,
        heard: false,
        goes_unchecked: false,
        has_token: true,
        upload_due: false,
        meta_now_ms: 0,
    }
}

fn pressed() -> State {
    State::Queued { asked: false, wait: None }
}

fn mid() -> Mid {
    "m_1".into()
}

fn meta_says(code: i64, subcode: Option<i64>) -> GraphError {
    GraphError { code, subcode, http_status: 400, ..GraphError::default() }
}

fn sending() -> State {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    step(asked, Event::Granted { asked_boot_ms: 0, facts: facts() }, 1).0
}

#[test]
fn a_reply_asks_is_granted_leaves_and_is_sent() {
    let (state, effects) = step(pressed(), Event::Turn(facts()), 100);
    assert_eq!(effects, [Effect::AskGrant]);
    let (state, effects) = step(state, Event::Granted { asked_boot_ms: 100, facts: facts() }, 140);
    assert_eq!(state, State::Sending);
    assert_eq!(effects, [Effect::CallMeta { not_from_boot_ms: 100 + GRANT_MS }]);
    let (state, effects) = step(state, Event::Answered(Answered::Accepted { mid: mid() }), 400);
    assert_eq!(state, State::Sent { mid: mid() });
    assert_eq!(effects, [Effect::Settle(Settlement::Sent { mid: mid(), at_ms: None })]);
}

#[rstest]
#[case::plain_in_time(Leaves::Plain, PLAIN, None)]
#[case::late_in_time(Leaves::Tagged, LATE, None)]
#[case::plain_that_would_be_late(Leaves::Plain, LATE, Some(Return::TagNeeded))]
#[case::late_that_could_be_plain(Leaves::Tagged, PLAIN, Some(Return::TagNotNeeded))]
#[case::plain_shut(Leaves::Plain, SHUT, Some(Return::Window { refusal: Refusal::Closed }))]
#[case::late_shut(Leaves::Tagged, SHUT, Some(Return::Window { refusal: Refusal::Closed }))]
fn a_reply_leaves_as_what_was_shown_or_comes_back(
    #[case] leaves: Leaves,
    #[case] verdict: Verdict,
    #[case] back: Option<Return>,
) {
    let (state, effects) = step(pressed(), Event::Turn(Facts { leaves, verdict, ..facts() }), 0);
    match back {
        None => assert_eq!(effects, [Effect::AskGrant]),
        Some(reason) => assert_eq!((state, effects), (State::Returned { reason }, vec![Effect::ToDraft])),
    }
}

#[test]
fn a_reply_is_kept_back_for_its_time_and_then_goes_its_way() {
    let held = State::Held { until_boot_ms: 5_000 };
    let (state, effects) = step(held.clone(), Event::Turn(facts()), 1_000);
    assert_eq!((state, effects), (held.clone(), vec![Effect::TurnAgain { in_ms: 4_000 }]));
    assert_eq!(step(held.clone(), Event::Turn(facts()), 5_000).1, [Effect::AskGrant]);
    assert_eq!(step(held, Event::SendNow, 1_000).0, pressed());
}

#[test]
fn what_waited_comes_back_when_the_customer_wrote_meanwhile_and_nothing_was_granted() {
    for asked in [false, true] {
        let queued = State::Queued { asked, wait: None };
        let (state, effects) = step(queued, Event::CustomerWrote, 0);
        assert_eq!(state, State::Returned { reason: Return::CustomerWrote });
        assert_eq!(effects, [Effect::ToDraft]);
    }
    assert_eq!(step(State::Sending, Event::CustomerWrote, 0), (State::Sending, vec![]));
}

#[rstest]
#[case::taken_back(Event::Discard { by: AgentId::new() }, Return::Taken)]
#[case::cut_off(Event::Restarted, Return::Closed)]
fn what_is_kept_back_becomes_a_draft(#[case] event: Event, #[case] reason: Return) {
    let (state, effects) = step(State::Held { until_boot_ms: 5_000 }, event, 1_000);
    assert_eq!((state, effects), (State::Returned { reason }, vec![Effect::ToDraft]));
}

#[test]
fn a_grant_that_comes_late_is_not_used() {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    let (state, effects) = step(asked, Event::Granted { asked_boot_ms: 0, facts: facts() }, GRANT_MS);
    assert!(matches!(state, State::Queued { asked: true, .. }));
    assert_eq!(effects, [Effect::Renew]);
    let (state, effects) = step(state, Event::Renewed, GRANT_MS);
    assert_eq!((state, effects), (pressed(), vec![Effect::TurnAgain { in_ms: 0 }]));
}

#[test]
fn a_window_that_shuts_while_the_grant_is_asked_gives_the_text_back() {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    let late = Facts { verdict: LATE, ..facts() };
    let (state, effects) = step(asked, Event::Granted { asked_boot_ms: 0, facts: late }, 1);
    assert_eq!(state, State::Returned { reason: Return::TagNeeded });
    assert_eq!(effects, [Effect::Settle(Settlement::NotBegun), Effect::ToDraft]);
}

#[test]
fn a_reply_that_asked_before_a_crash_begins_anew_under_another_id() {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    let (state, _) = step(asked, Event::Restarted, 0);
    let (_, effects) = step(state, Event::Turn(facts()), 0);
    assert_eq!(effects, [Effect::Renew]);
}

#[test]
fn while_the_relay_is_away_a_reply_leaves_where_the_account_lets_it_and_the_relay_is_told_first() {
    let unchecked = Facts { goes_unchecked: true, ..facts() };
    let (state, effects) = step(pressed(), Event::Turn(unchecked), 100);
    assert_eq!(effects, [Effect::TellLater]);
    let (state, effects) = step(state, Event::ToldLater { facts: unchecked }, 140);
    assert_eq!(state, State::Sending);
    assert_eq!(effects, [Effect::CallMeta { not_from_boot_ms: 140 + GRANT_MS }]);
}

#[test]
fn what_asked_the_relay_before_it_went_away_leaves_under_another_id() {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    let (waits, _) = step(asked, Event::RelayAway, 0);
    let unchecked = Facts { goes_unchecked: true, ..facts() };
    let (state, effects) = step(waits, Event::Turn(unchecked), 0);
    assert_eq!(effects, [Effect::RenewLater]);
    let (state, _) = step(state, Event::Renewed, 0);
    assert_eq!(state, pressed());
    assert_eq!(step(state, Event::Turn(unchecked), 0).1, [Effect::TellLater]);
}

#[rstest]
#[case::blocked(Facts { is_blocked: true, goes_unchecked: true, ..facts() }, Return::Blocked)]
#[case::late(Facts { verdict: LATE, goes_unchecked: true, ..facts() }, Return::TagNeeded)]
#[case::moved(
    Facts { moved: Some(MovedOn { assignee: None, by: None }), goes_unchecked: true, ..facts() },
    Return::ThreadMoved { assignee: None, by: None, by_name: None }
)]
fn what_may_not_leave_does_not_leave_unchecked_either(#[case] facts: Facts, #[case] reason: Return) {
    assert_eq!(step(pressed(), Event::Turn(facts), 0).0, State::Returned { reason });
}

#[test]
fn control_is_taken_before_the_grant_is_asked_and_a_failure_gives_the_text_back() {
    let take = Facts { control: Control::TakeFirst, ..facts() };
    let (state, effects) = step(pressed(), Event::Turn(take), 0);
    assert_eq!(effects, [Effect::Take]);
    let (_, effects) = step(state.clone(), Event::Took, 0);
    assert_eq!(effects, [Effect::AskGrant]);
    let (what, remedy) = ("no".to_owned(), "wait".to_owned());
    let (state, effects) = step(state, Event::TakeFailed { what: what.clone(), remedy: remedy.clone() }, 0);
    assert_eq!(state, State::Returned { reason: Return::TakeFailed { what, remedy } });
    assert_eq!(effects, [Effect::ToDraft]);
}

#[test]
fn control_is_not_taken_for_a_reply_that_was_overtaken_whatever_it_waited_for() {
    let heard = Facts { control: Control::TakeFirst, heard: true, ..facts() };
    let limit = Some(Wait::Limit { until_ms: 60_000 });
    for state in [State::Held { until_boot_ms: 0 }, pressed(), State::Queued { asked: false, wait: limit }] {
        let uploads = Facts { upload_due: true, ..heard };
        for facts in [heard, uploads] {
            let (state, effects) = step(state.clone(), Event::Turn(facts), 0);
            assert_eq!(state, State::Returned { reason: Return::SomeoneWrote });
            assert_eq!(effects, [Effect::ToDraft]);
        }
    }
    // Of a thread that is ours the relay knows best, and nothing is lost by asking it.
    let ours = Facts { control: Control::Ours, ..heard };
    assert_eq!(step(pressed(), Event::Turn(ours), 0).1, [Effect::AskGrant]);
}

#[rstest]
#[case::the_network(Wait::Network)]
#[case::the_relay(Wait::Relay)]
#[case::the_token(Wait::Token)]
#[case::limits(Wait::Limit { until_ms: 60_000 })]
fn a_take_that_did_not_begin_is_waited_for_and_made_again(#[case] wait: Wait) {
    let take = Facts { control: Control::TakeFirst, ..facts() };
    let (taking, _) = step(pressed(), Event::Turn(take), 0);
    let (state, effects) = step(taking, Event::TakePutOff { wait: wait.clone() }, 0);
    assert_eq!(state, State::Queued { asked: false, wait: Some(wait) });
    assert!(matches!(effects[..], [Effect::TurnAgain { .. }]), "{effects:?}");
    let later = Facts { meta_now_ms: 60_000, ..take };
    assert_eq!(step(state, Event::Turn(later), 60_000).1, [Effect::Take]);
}

#[test]
fn a_file_is_given_to_meta_before_the_grant_is_asked_and_before_control_is_taken() {
    let due = Facts { upload_due: true, ..facts() };
    for control in [Control::Ours, Control::TakeFirst] {
        let (state, effects) = step(pressed(), Event::Turn(Facts { control, ..due }), 0);
        assert_eq!(state, State::Queued { asked: false, wait: Some(Wait::Upload) });
        assert_eq!(effects, [Effect::Upload]);
        let next = if control == Control::Ours { Effect::AskGrant } else { Effect::Take };
        assert_eq!(step(state, Event::Uploaded(Facts { control, ..facts() }), 0).1, [next]);
    }
    let theirs = Facts { control: Control::Theirs, ..due };
    let (state, _) = step(pressed(), Event::Turn(theirs), 0);
    assert!(matches!(state, State::Returned { .. }), "what may not be sent is not uploaded either");
}

#[rstest]
#[case::cut(NotUploaded::Network, Wait::Network)]
#[case::no_proof(NotUploaded::Relay, Wait::Relay)]
#[case::limits(NotUploaded::Throttled { until_ms: 60_000 }, Wait::Limit { until_ms: 60_000 })]
#[case::token(NotUploaded::Token, Wait::Token)]
fn an_upload_that_failed_is_made_again(#[case] why: NotUploaded, #[case] wait: Wait) {
    let due = Facts { upload_due: true, ..facts() };
    let (uploading, _) = step(pressed(), Event::Turn(due), 0);
    let (state, _) = step(uploading, Event::NotUploaded(why), 0);
    assert_eq!(state, State::Queued { asked: false, wait: Some(wait) });
    let later = Facts { meta_now_ms: 60_000, ..due };
    assert_eq!(step(state, Event::Turn(later), 60_000).1, [Effect::Upload]);
}

#[test]
fn a_crash_in_an_upload_costs_the_upload_alone() {
    let due = Facts { upload_due: true, ..facts() };
    let (uploading, _) = step(pressed(), Event::Turn(due), 0);
    let (state, effects) = step(uploading.clone(), Event::Restarted, 0);
    assert_eq!((&state, effects), (&uploading, vec![]));
    assert_eq!(step(state, Event::Turn(due), 0).1, [Effect::Upload]);
}

#[test]
fn a_file_that_meta_refuses_is_refused_without_a_grant_and_can_be_sent_again() {
    let due = Facts { upload_due: true, ..facts() };
    let (uploading, _) = step(pressed(), Event::Turn(due), 0);
    let error = Box::new(meta_says(100, Some(2_018_047)));
    let (state, effects) =
        step(uploading, Event::NotUploaded(NotUploaded::Refused { error: error.clone() }), 0);
    assert_eq!((&state, effects), (&State::Refused { error, aside: false }, vec![]));
    assert_eq!(step(state, Event::Retry { by: AgentId::new() }, 0).1, [Effect::Renew]);
}

#[test]
fn what_is_being_uploaded_can_be_taken_back_and_an_answer_that_comes_then_does_nothing() {
    let due = Facts { upload_due: true, ..facts() };
    let (uploading, _) = step(pressed(), Event::Turn(due), 0);
    let (state, effects) = step(uploading, Event::Discard { by: AgentId::new() }, 0);
    assert_eq!(effects, [Effect::ToDraft]);
    assert_eq!(step(state.clone(), Event::Uploaded(facts()), 0), (state, vec![]));
}

#[test]
fn without_relay_network_or_token_a_reply_waits_and_says_for_what() {
    let (asked, _) = step(pressed(), Event::Turn(facts()), 0);
    let (state, _) = step(asked, Event::RelayAway, 0);
    assert_eq!(state, State::Queued { asked: true, wait: Some(Wait::Relay) });

    let no_network = baton_graph::NotBegun::NoConnection("refused".to_owned());
    let (state, effects) = step(sending(), Event::Answered(Answered::NotBegun(no_network)), 0);
    assert_eq!(state, State::Queued { asked: true, wait: Some(Wait::Network) });
    assert_eq!(effects, [Effect::Renew]);

    let (state, _) = step(pressed(), Event::Turn(Facts { has_token: false, ..facts() }), 0);
    assert_eq!(state, State::Queued { asked: false, wait: Some(Wait::Token) });
}

#[test]
fn a_limit_of_meta_is_waited_out_on_metas_clock() {
    let (state, _) = step(sending(), Event::Answered(Answered::Throttled { until_ms: 60_000 }), 0);
    let (state, _) = step(state, Event::Renewed, 0);
    let (state, effects) = step(state, Event::Turn(Facts { meta_now_ms: 59_000, ..facts() }), 0);
    assert_eq!(effects, [Effect::TurnAgain { in_ms: 1_000 }]);
    let (_, effects) = step(state, Event::Turn(Facts { meta_now_ms: 60_000, ..facts() }), 0);
    assert_eq!(effects, [Effect::AskGrant]);
}

#[rstest]
#[case::the_relay(State::Queued { asked: true, wait: Some(Wait::Relay) }, true)]
#[case::the_network(State::Queued { asked: true, wait: Some(Wait::Network) }, true)]
#[case::a_limit(State::Queued { asked: false, wait: Some(Wait::Limit { until_ms: 60_000 }) }, false)]
#[case::a_token(State::Queued { asked: false, wait: Some(Wait::Token) }, false)]
fn a_window_that_shuts_while_a_reply_waits_gives_the_text_back_at_once(
    #[case] waits: State,
    #[case] asked: bool,
) {
    let (state, effects) = step(waits, Event::Turn(Facts { verdict: LATE, ..facts() }), 0);
    assert_eq!(state, State::Returned { reason: Return::TagNeeded });
    let settles = asked.then_some(Effect::Settle(Settlement::NotBegun));
    assert_eq!(effects, settles.into_iter().chain([Effect::ToDraft]).collect::<Vec<_>>());
}

#[test]
fn a_refusal_for_control_gives_the_text_back_and_tells_the_team() {
    let error = Box::new(meta_says(10, Some(2_018_300)));
    let (state, effects) =
        step(sending(), Event::Answered(Answered::Refused { error, way_back: WayBack::Ask }), 0);
    assert_eq!(state, State::Returned { reason: Return::NotOwner { back: WayBack::Ask } });
    assert!(effects.contains(&Effect::LearnNotOwner { by: None }) && effects.contains(&Effect::ToDraft));
}

#[test]
fn a_dead_token_makes_the_reply_wait_and_tells_the_team() {
    let error = Box::new(meta_says(190, Some(460)));
    let (state, effects) =
        step(sending(), Event::Answered(Answered::Refused { error, way_back: WayBack::Ask }), 0);
    assert_eq!(state, State::Queued { asked: true, wait: Some(Wait::Token) });
    assert_eq!(effects, [Effect::TokenDied, Effect::Renew]);
}

#[test]
fn an_unclear_end_is_looked_at_and_never_sent_again_by_itself() {
    let (state, effects) = step(sending(), Event::Answered(Answered::Unknown { why: "cut".to_owned() }), 0);
    assert!(matches!(state, State::Unknown { looked: false, .. }));
    assert!(effects.contains(&Effect::Look));
    let (state, effects) = step(state, Event::LookedInVain { several_fit: false }, 0);
    assert!(matches!(state, State::Unknown { looked: true, .. }) && effects.is_empty());
    let (state, effects) = step(state, Event::Turn(facts()), 0);
    assert!(matches!(state, State::Unknown { .. }) && effects.is_empty());
    let (state, _) = step(state, Event::Proved { mid: mid(), at_ms: None }, 0);
    assert_eq!(state, State::Sent { mid: mid() });
}

#[test]
fn what_nobody_knows_is_sent_again_only_after_the_look() {
    let again = Event::Retry { by: AgentId::new() };
    let checking = step(sending(), Event::Answered(Answered::Unknown { why: "cut".to_owned() }), 0).0;
    assert!(!checking.may_be_sent_again());
    assert_eq!(step(checking.clone(), again.clone(), 0), (checking.clone(), vec![]));
    for seen in [Event::LookedInVain { several_fit: false }, Event::LookFailed] {
        let (state, effects) = step(checking.clone(), seen, 0);
        assert!(effects.is_empty() && state.may_be_sent_again() && state.is_setback(), "{state:?}");
        assert!(!has_ended(&state), "a proof is still waited for");
        let (state, effects) = step(state, again.clone(), 0);
        assert!(matches!(state, State::Abandoned { .. }) && state.may_be_sent_again(), "{state:?}");
        assert!(effects.contains(&Effect::SendCopy));
    }
}

#[test]
fn what_was_closed_before_the_look_is_sent_again_only_after_it() {
    let again = Event::Retry { by: AgentId::new() };
    let checking = step(sending(), Event::Answered(Answered::Unknown { why: "cut".to_owned() }), 0).0;
    for closes in [Event::Discard { by: AgentId::new() }, Event::ClosedElsewhere] {
        let (closed, _) = step(checking.clone(), closes, 0);
        assert_eq!(closed, State::Abandoned { looked: false, look_failed: false, several_fit: false });
        assert!(!closed.may_be_sent_again());
        assert_eq!(step(closed.clone(), again.clone(), 0), (closed.clone(), vec![]));
        for seen in [Event::LookedInVain { several_fit: false }, Event::LookFailed] {
            let (seen, effects) = step(closed.clone(), seen, 0);
            assert!(effects.is_empty() && seen.may_be_sent_again() && has_ended(&seen), "{seen:?}");
            assert_eq!(step(seen.clone(), again.clone(), 0), (seen, vec![Effect::SendCopy]));
        }
        let (found, _) = step(closed, Event::Proved { mid: mid(), at_ms: None }, 0);
        assert_eq!(found, State::Sent { mid: mid() });
    }
    let looked = step(checking, Event::LookedInVain { several_fit: false }, 0).0;
    let (closed, _) = step(looked, Event::Discard { by: AgentId::new() }, 0);
    assert!(closed.may_be_sent_again(), "Meta was asked before it was closed");
}

#[test]
fn a_closed_part_of_before_a_look_was_remembered_is_looked_for() {
    let state: State = serde_json::from_str(r#"{"state":"abandoned"}"#).unwrap();
    assert_eq!(state, State::Abandoned { looked: false, look_failed: false, several_fit: false });
}

#[test]
fn a_look_that_failed_says_so_and_one_that_follows_says_what_it_found() {
    let checking = step(sending(), Event::Restarted, 0).0;
    let (blind, _) = step(checking, Event::LookFailed, 0);
    assert!(blind.agent_words().unwrap().what.contains("could not look"));
    let (looked, _) = step(blind.clone(), Event::LookedInVain { several_fit: false }, 0);
    assert!(looked.agent_words().unwrap().what.contains("does not show it"));
    assert_eq!(step(looked.clone(), Event::LookFailed, 0).0, looked, "what was found stays true");
    assert_eq!(step(blind, Event::Proved { mid: mid(), at_ms: None }, 0).0, State::Sent { mid: mid() });
}

#[test]
fn where_several_messages_fit_nothing_says_that_meta_does_not_show_it() {
    let checking = step(sending(), Event::Restarted, 0).0;
    let (state, effects) = step(checking, Event::LookedInVain { several_fit: true }, 0);
    assert!(effects.is_empty() && state.may_be_sent_again() && state.is_setback(), "{state:?}");
    let words = state.agent_words().unwrap();
    assert!(words.what.contains("more than one message"), "{words:?}");
    let (closed, _) = step(state, Event::Discard { by: AgentId::new() }, 0);
    let words = closed.agent_words().unwrap();
    assert!(words.what.contains("more than one message"), "{words:?}");
}

#[test]
fn an_unknown_part_of_before_a_look_could_fail_is_read() {
    let kept = r#"{"state":"unknown","why":"cut","looked":false}"#;
    let state: State = serde_json::from_str(kept).unwrap();
    assert_eq!(
        state,
        State::Unknown { why: "cut".to_owned(), looked: false, look_failed: false, several_fit: false }
    );
}

#[test]
fn what_meta_refused_is_put_aside_and_back_and_can_still_be_sent_or_taken_back() {
    let error = Box::new(meta_says(551, None));
    let refused = State::Refused { error: error.clone(), aside: false };
    let (aside, effects) = step(refused.clone(), Event::PutAside { aside: true }, 0);
    assert_eq!((&aside, effects), (&State::Refused { error, aside: true }, vec![]));
    assert!(refused.is_setback() && !aside.is_setback());
    assert!(aside.agent_words().unwrap().what.contains("put this reply aside"));
    assert_eq!(step(aside.clone(), Event::PutAside { aside: false }, 0), (refused, vec![]));
    assert_eq!(step(aside.clone(), Event::Retry { by: AgentId::new() }, 0).1, [Effect::Renew]);
    assert_eq!(step(aside.clone(), Event::Discard { by: AgentId::new() }, 0).1, [Effect::ToDraft]);
    assert_eq!(step(aside, Event::Proved { mid: mid(), at_ms: None }, 0).0, State::Sent { mid: mid() });
    let (state, effects) = step(sending(), Event::PutAside { aside: true }, 0);
    assert_eq!((state, effects), (sending(), vec![]), "it may reach the customer still");
}

#[test]
fn a_refused_part_of_before_one_could_be_put_aside_is_read() {
    let now = serde_json::to_value(State::Refused { error: Box::new(meta_says(551, None)), aside: false });
    let mut kept = now.unwrap();
    kept.as_object_mut().unwrap().remove("aside");
    let state: State = serde_json::from_value(kept).unwrap();
    assert!(matches!(state, State::Refused { aside: false, .. }), "{state:?}");
}

#[test]
fn closing_an_unknown_reply_leaves_room_for_a_late_proof() {
    let unknown = step(sending(), Event::Restarted, 0).0;
    let by = AgentId::new();
    let (state, effects) = step(unknown, Event::Discard { by }, 0);
    let closed = State::Abandoned { looked: false, look_failed: false, several_fit: false };
    assert_eq!((&state, effects), (&closed, vec![Effect::Settle(Settlement::Abandoned { by })]));
    let (state, _) = step(state, Event::Proved { mid: mid(), at_ms: Some(7) }, 0);
    assert_eq!(state, State::Sent { mid: mid() });
}

#[rstest]
#[case::by_one_for_another(
    Some("Ada"),
    Some("Jonas"),
    "This was not sent: Ada moved the thread first, and Jonas works on it now."
)]
#[case::taken(
    Some("Jonas"),
    Some("Jonas"),
    "This was not sent: the thread changed first, and Jonas works on it now."
)]
#[case::to_the_queue(
    Some("Ada"),
    None,
    "This was not sent: Ada moved the thread or changed its status first."
)]
#[case::of_before(None, None, "This was not sent: the thread was moved or its status changed.")]
fn what_comes_back_says_who_moved_the_thread(
    #[case] by_name: Option<&str>,
    #[case] winner: Option<&str>,
    #[case] says: &str,
) {
    let by_name = by_name.map(str::to_owned);
    let moved = Return::ThreadMoved { assignee: None, by: None, by_name };
    assert_eq!(moved.agent_words(false, winner).what, says);
}

#[test]
fn a_part_that_came_back_before_it_was_told_who_moved_its_thread_is_read() {
    let kept = r#"{"state":"returned","reason":{"reason":"thread_moved","assignee":null}}"#;
    let state: State = serde_json::from_str(kept).unwrap();
    let reason = Return::ThreadMoved { assignee: None, by: None, by_name: None };
    assert_eq!(state, State::Returned { reason });
}
