//! Why an act on control does not work, and what can be done: the setting of Meta that an admin has to change, with its
//! address, where there is one.

use baton_graph::Unknown;
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::routing::settings_address;
use baton_messenger::{Platform, Words};
use baton_protocol::account::RoutingMode;

use super::Act;

/// Baton did not ask Meta, because it cannot work. `refuses_takes`: the channel, where Meta refused our app to take control
/// on this account before.
pub(super) fn not_now(act: Act, routing: RoutingMode, refuses_takes: Option<Platform>) -> Words {
    if let (Act::Take, Some(platform)) = (act, refuses_takes) {
        let settings = settings_address(platform);
        return Words::new(
            "Meta does not let Baton take control on this account.",
            format!(
                "Wait until the thread is given back, or answer in Meta's own inbox. An admin of the account can allow Baton \
                 to take control: {settings}. Then check the account in Settings, Accounts."
            ),
        );
    }
    match (routing, act) {
        (RoutingMode::Off, _) => Words::new(
            "On this account any connected app may answer, so there is nothing to take, to pass or to give up.",
            "Write your reply. To have one app at a time, an admin of the account switches on Meta's routing.",
        ),
        (RoutingMode::Unknown, _) => Words::new(
            "Baton does not know yet how Meta decides here which app may answer.",
            "Wait until the account is connected, then try again.",
        ),
        (RoutingMode::HopV2, Act::Take) => Words::new(
            "Only the first receiver of this account may take a thread, and that is another app.",
            "Ask for the thread instead.",
        ),
        (RoutingMode::On, Act::Take) => {
            Words::new("Control of this thread cannot be taken now.", "Look at who holds it.")
        }
        (RoutingMode::On, Act::Request) => {
            Words::new("On this account a thread is taken, not asked for.", "Take the thread.")
        }
        (RoutingMode::HopV2, Act::Extend) => Words::new(
            "This account's old handover settings do not let an app keep a thread for longer.",
            "Answer before control ends, or take it again afterwards.",
        ),
        (RoutingMode::HopV2, Act::Request) => {
            Words::new("There is nobody to ask for this thread now.", "Look at who holds it.")
        }
        (RoutingMode::On | RoutingMode::HopV2, _) => Words::new(
            "This is not possible now: Baton does not hold the thread, or there is nobody to give it to.",
            "Look at who holds it.",
        ),
    }
}

/// The app that a thread was to be passed to is not one of this account.
pub(super) fn no_such_app() -> Words {
    Words::new(
        "Baton does not know this app on the account, so nothing was passed.",
        "Choose another app, or Meta's inbox.",
    )
}

/// Nobody knows whether Meta did it; who holds the thread was asked for since.
pub(super) fn unclear(why: &Unknown) -> Words {
    Words::new(
        why.agent_words().what,
        "Look at who holds the thread now. If it is not as you wanted it, try again.",
    )
}

/// Meta said no. Codes 10, 27 and 100 of these calls all say that control is not to be had now (docs/meta.md 5.4).
pub(super) fn refused(error: &GraphError, act: Act, routing: RoutingMode, platform: Platform) -> Words {
    if let ErrorClass::TokenDead { .. } | ErrorClass::Throttled = error.class() {
        return error.agent_words();
    }
    let settings = settings_address(platform);
    let what = match act {
        Act::Take => "Meta did not give control of this thread.",
        Act::Request => "Meta did not let Baton ask for this thread.",
        Act::PassToDefault | Act::PassToInbox | Act::PassToApp => {
            "Meta did not let Baton pass this thread on."
        }
        Act::Release => "Meta did not let Baton give this thread up.",
        Act::Extend => "Meta did not let Baton keep this thread for longer.",
    };
    let remedy = match (routing, act) {
        (RoutingMode::HopV2, Act::Take | Act::Request) => format!(
            "Look at who holds it now: the account's old handover settings leave this to another app. An admin of the \
             account can choose another first receiver, or switch on Meta's routing: {settings}"
        ),
        (_, Act::Take) => format!(
            "Look at who holds it now. If it never works, an admin of the account must allow Baton to take control: \
             {settings}"
        ),
        _ => format!(
            "Look at who holds it now. Which apps take part is set by an admin of the account: {settings}"
        ),
    };
    Words::new(what, remedy)
}

/// Whether a setting of Meta stands behind it, so that its address helps.
pub(super) fn is_of_a_setting(error: &GraphError) -> bool {
    !matches!(error.class(), ErrorClass::TokenDead { .. } | ErrorClass::Throttled)
}
