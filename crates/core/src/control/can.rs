//! Which acts on control can work now. Pure: the owner, the account's routing, and in the old protocol our role decide
//! (docs/meta.md 5.2, 5.3). Both channels have the same rules; each has its own routing.
//!
//! ```text
//!                        ours                        idle                     elsewhere, unknown
//!  on                    pass · release · extend     take · pass              take
//!  off                   pass · release              nothing                  request
//!  old, we are first     pass · release              pass                     take
//!  old, we are another   pass · release              request                  request
//!  old, role not known   pass · release              –                        take · request: one of them works
//!  not known             nothing: no call can be promised
//! ```
//!
//! A pass goes to the default app, to Meta's inbox, or to any other app that is known there. In the old protocol what nobody
//! holds is the first receiver's, and as with routing off a pass must name its target: there is a default one only where an
//! admin has said which app is to get threads. With routing off Meta would take a pass or a request of a thread that nobody
//! holds, and it would be one app's although none is meant to own any; Baton offers neither. Where an app was given one all
//! the same it can be asked for it, and what we were given can be given on.
//!
//! Where Meta refused our app a take on the whole account, none is offered until something says otherwise
//! ([`AccountFacts::take_refused`]).

use std::collections::BTreeSet;

use baton_messenger::AppId;
use baton_messenger::id::{LEAD_BOT, is_meta_inbox};
use baton_messenger::routing::AppRole;
use baton_messenger::send::ControlCall;
use baton_protocol::account::RoutingMode;
use baton_thread::{AccountFacts, Owner};
use serde::{Deserialize, Serialize};

/// What an agent can do about control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Take control from whoever has it.
    Take,
    /// Pass it to the account's default app.
    PassToDefault,
    /// Pass it to people in Meta's inbox.
    PassToInbox,
    /// Pass it to another app that is known there.
    PassToApp,
    /// Give it up.
    Release,
    /// Ask the owner for it.
    Request,
    /// Keep it for seven days.
    Extend,
}

/// Whether a reply can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// At once.
    Now,
    /// After control was taken.
    AfterTake,
    /// Not by anything we can do.
    Not,
}

/// How an agent gets a thread that another app turned out to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayBack {
    /// By taking it.
    #[default]
    Take,
    /// By asking the app that holds it.
    Ask,
    /// Not by anything we can do.
    Wait,
}

impl Act {
    fn call(self) -> ControlCall {
        match self {
            Self::Take => ControlCall::TakeThreadControl,
            Self::PassToDefault | Self::PassToInbox | Self::PassToApp => ControlCall::PassThreadControl,
            Self::Release => ControlCall::ReleaseThreadControl,
            Self::Request => ControlCall::RequestThreadControl,
            Self::Extend => ControlCall::ExtendThreadControl,
        }
    }
}

/// The acts that can work now.
#[must_use]
pub fn can_do(owner: &Owner, account: &AccountFacts) -> BTreeSet<Act> {
    let acts: &[Act] = match account.routing {
        RoutingMode::HopV2 if *owner == Owner::Idle => idle_with_roles(account.role),
        RoutingMode::On | RoutingMode::Off | RoutingMode::HopV2 | RoutingMode::Unknown => held_by(owner),
    };
    let has_target = |act: &Act| match act {
        Act::PassToDefault => somebody_else_is_default(account),
        Act::PassToApp => other_apps(account).next().is_some(),
        _ => true,
    };
    // What Meta refuses outweighs what was said of our role: then the thread can at least be asked for.
    let role = account.role.filter(|_| !account.take_refused);
    let is_refused = |act: &Act| *act == Act::Take && account.take_refused;
    let can = |act: &Act| account.routing.has(act.call(), role) && has_target(act) && !is_refused(act);
    acts.iter().copied().filter(can).collect()
}

/// The apps besides ours, the default one and Meta's inboxes that a thread may be passed to, by id.
pub fn other_apps(account: &AccountFacts) -> impl Iterator<Item = &AppId> {
    let is_other = |app: &&AppId| {
        let has_an_act = account.our_app.as_ref() == Some(*app)
            || (account.default_app.as_ref() == Some(*app) && somebody_else_is_default(account));
        // A flow of questions is started by an ad, never by a pass.
        !has_an_act && !is_meta_inbox(app) && app.as_str() != LEAD_BOT
    };
    account.apps.keys().filter(is_other)
}

/// Whether a reply can leave.
#[must_use]
pub fn may_send(owner: &Owner, account: &AccountFacts) -> Permit {
    match (account.routing, owner) {
        (_, Owner::Ours | Owner::Unmanaged) => Permit::Now,
        (_, Owner::Other { .. } | Owner::MetaInbox) if account.take_refused => Permit::Not,
        (RoutingMode::On, Owner::Idle) if default_is_another(account) && account.take_refused => Permit::Not,
        (RoutingMode::On, Owner::Other { .. } | Owner::MetaInbox) => Permit::AfterTake,
        // In an idle thread only the default app may write.
        (RoutingMode::On, Owner::Idle) if default_is_another(account) => Permit::AfterTake,
        (RoutingMode::HopV2, Owner::Idle) if account.role == Some(AppRole::SecondaryReceiver) => Permit::Not,
        (RoutingMode::HopV2, Owner::Other { .. } | Owner::MetaInbox)
            if account.role == Some(AppRole::PrimaryReceiver) =>
        {
            Permit::AfterTake
        }
        (_, Owner::Other { .. } | Owner::MetaInbox) => Permit::Not,
        // A send tells who holds it.
        (_, Owner::Idle | Owner::Unknown) => Permit::Now,
    }
}

/// How a thread of this account comes back from another app.
#[must_use]
pub fn way_back(account: &AccountFacts) -> WayBack {
    let acts = can_do(&Owner::Other { app: None }, account);
    if acts.contains(&Act::Take) {
        WayBack::Take
    } else if acts.contains(&Act::Request) {
        WayBack::Ask
    } else {
        WayBack::Wait
    }
}

fn held_by(owner: &Owner) -> &'static [Act] {
    match owner {
        Owner::Ours => &[Act::PassToDefault, Act::PassToInbox, Act::PassToApp, Act::Release, Act::Extend],
        Owner::Idle => &[Act::Take, Act::PassToDefault, Act::PassToInbox, Act::PassToApp],
        Owner::Other { .. } | Owner::MetaInbox | Owner::Unknown => &[Act::Take, Act::Request],
        Owner::Unmanaged => &[],
    }
}

fn idle_with_roles(role: Option<AppRole>) -> &'static [Act] {
    match role {
        Some(AppRole::PrimaryReceiver) => &[Act::PassToDefault, Act::PassToInbox, Act::PassToApp],
        Some(AppRole::SecondaryReceiver) => &[Act::Request],
        None => &[],
    }
}

/// Whether a pass to the default app has somebody to go to. With routing on there is one, named to us or not; an owner
/// cannot pass to itself.
fn somebody_else_is_default(account: &AccountFacts) -> bool {
    if names_its_target(account) { default_is_another(account) } else { !we_are_default(account) }
}

/// Meta knows the default app of its routing; without that a pass has to name whom it is for.
pub(super) fn names_its_target(account: &AccountFacts) -> bool {
    matches!(account.routing, RoutingMode::HopV2 | RoutingMode::Off)
}

fn we_are_default(account: &AccountFacts) -> bool {
    account.default_app.is_some() && account.default_app == account.our_app
}

fn default_is_another(account: &AccountFacts) -> bool {
    account.default_app.is_some() && account.default_app != account.our_app
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn account(routing: RoutingMode, default_app: Option<&str>) -> AccountFacts {
        AccountFacts {
            our_app: Some("700100200300400".into()),
            routing,
            default_app: default_app.map(Into::into),
            ..AccountFacts::default()
        }
    }

    const BOT: Option<&str> = Some("700555666777888");
    const US: Option<&str> = Some("700100200300400");

    #[rstest]
    #[case::ours(Owner::Ours, &[Act::PassToDefault, Act::PassToInbox, Act::Release, Act::Extend])]
    #[case::idle(Owner::Idle, &[Act::Take, Act::PassToDefault, Act::PassToInbox])]
    #[case::bot(Owner::Other { app: None }, &[Act::Take])]
    #[case::inbox(Owner::MetaInbox, &[Act::Take])]
    fn with_routing_on_an_agent_takes_passes_and_releases(#[case] owner: Owner, #[case] acts: &[Act]) {
        let can = can_do(&owner, &account(RoutingMode::On, BOT));
        assert_eq!(can, acts.iter().copied().collect());
    }

    #[rstest]
    #[case::nobodys(Owner::Unmanaged, None, &[], Permit::Now)]
    #[case::ours(Owner::Ours, None, &[Act::PassToInbox, Act::Release], Permit::Now)]
    #[case::ours_and_the_bot_is_known(Owner::Ours, BOT, &[Act::PassToDefault, Act::PassToInbox, Act::Release], Permit::Now)]
    #[case::bots(Owner::Other { app: None }, None, &[Act::Request], Permit::Not)]
    #[case::inboxes(Owner::MetaInbox, None, &[Act::Request], Permit::Not)]
    fn without_routing_only_what_an_app_was_given_can_be_given_on_or_asked_for(
        #[case] owner: Owner,
        #[case] default_app: Option<&str>,
        #[case] acts: &[Act],
        #[case] permit: Permit,
    ) {
        let account = account(RoutingMode::Off, default_app);
        assert_eq!(can_do(&owner, &account), acts.iter().copied().collect());
        assert_eq!(may_send(&owner, &account), permit);
    }

    #[test]
    fn a_thread_may_be_passed_to_every_app_that_is_known_there() {
        let known = |apps: &[&str]| AccountFacts {
            apps: apps
                .iter()
                .map(|app| (AppId::from(*app), baton_thread::owner::KnownApp::default()))
                .collect(),
            ..account(RoutingMode::On, BOT)
        };
        let few = known(&["700100200300400", "700555666777888", "263902037430900", LEAD_BOT]);
        assert!(
            !can_do(&Owner::Ours, &few).contains(&Act::PassToApp),
            "they have acts of their own, or none"
        );
        let more = known(&["42", "700555666777888"]);
        assert!(can_do(&Owner::Ours, &more).contains(&Act::PassToApp));
        assert!(can_do(&Owner::Idle, &more).contains(&Act::PassToApp));
        assert!(!can_do(&Owner::MetaInbox, &more).contains(&Act::PassToApp));
        assert_eq!(other_apps(&more).map(AppId::as_str).collect::<Vec<_>>(), ["42"]);
    }

    #[test]
    fn the_default_app_does_not_pass_to_itself() {
        assert!(!can_do(&Owner::Ours, &account(RoutingMode::On, US)).contains(&Act::PassToDefault));
    }

    #[rstest]
    #[case::ours(Owner::Ours, BOT, Permit::Now)]
    #[case::idle_and_the_bot_is_default(Owner::Idle, BOT, Permit::AfterTake)]
    #[case::idle_and_we_are_default(Owner::Idle, US, Permit::Now)]
    #[case::idle_without_a_default(Owner::Idle, None, Permit::Now)]
    #[case::the_bot_holds_it(Owner::Other { app: None }, BOT, Permit::AfterTake)]
    #[case::nobody_knows(Owner::Unknown, BOT, Permit::Now)]
    fn a_reply_leaves_at_once_or_after_a_take(
        #[case] owner: Owner,
        #[case] default_app: Option<&str>,
        #[case] permit: Permit,
    ) {
        assert_eq!(may_send(&owner, &account(RoutingMode::On, default_app)), permit);
    }

    const FIRST: Option<AppRole> = Some(AppRole::PrimaryReceiver);
    const ANOTHER: Option<AppRole> = Some(AppRole::SecondaryReceiver);

    #[rstest]
    #[case::first_ours(FIRST, Owner::Ours, BOT, &[Act::PassToDefault, Act::PassToInbox, Act::Release], Permit::Now)]
    #[case::first_idle(FIRST, Owner::Idle, None, &[Act::PassToInbox], Permit::Now)]
    #[case::first_bot(FIRST, Owner::Other { app: None }, BOT, &[Act::Take], Permit::AfterTake)]
    #[case::first_inbox(FIRST, Owner::MetaInbox, BOT, &[Act::Take], Permit::AfterTake)]
    #[case::another_ours(ANOTHER, Owner::Ours, None, &[Act::PassToInbox, Act::Release], Permit::Now)]
    #[case::another_idle(ANOTHER, Owner::Idle, None, &[Act::Request], Permit::Not)]
    #[case::another_bot(ANOTHER, Owner::Other { app: None }, None, &[Act::Request], Permit::Not)]
    #[case::unknown_idle(None, Owner::Idle, None, &[], Permit::Now)]
    #[case::unknown_bot(None, Owner::Other { app: None }, None, &[Act::Take, Act::Request], Permit::Not)]
    fn under_the_old_protocol_the_role_decides(
        #[case] role: Option<AppRole>,
        #[case] owner: Owner,
        #[case] default_app: Option<&str>,
        #[case] acts: &[Act],
        #[case] permit: Permit,
    ) {
        let account = AccountFacts { role, ..account(RoutingMode::HopV2, default_app) };
        assert_eq!(can_do(&owner, &account), acts.iter().copied().collect());
        assert_eq!(may_send(&owner, &account), permit);
    }

    #[rstest]
    #[case(RoutingMode::On, None, WayBack::Take)]
    #[case(RoutingMode::Off, None, WayBack::Ask)]
    #[case(RoutingMode::HopV2, FIRST, WayBack::Take)]
    #[case(RoutingMode::HopV2, ANOTHER, WayBack::Ask)]
    #[case(RoutingMode::Unknown, None, WayBack::Wait)]
    fn another_apps_thread_comes_back(
        #[case] routing: RoutingMode,
        #[case] role: Option<AppRole>,
        #[case] way: WayBack,
    ) {
        assert_eq!(way_back(&AccountFacts { role, ..account(routing, BOT) }), way);
    }

    #[rstest]
    #[case::bot(RoutingMode::On, None, Owner::Other { app: None }, &[], Permit::Not, WayBack::Wait)]
    #[case::inbox(RoutingMode::On, None, Owner::MetaInbox, &[], Permit::Not, WayBack::Wait)]
    #[case::idle(RoutingMode::On, None, Owner::Idle, &[Act::PassToDefault, Act::PassToInbox], Permit::Not, WayBack::Wait)]
    #[case::nobody_knows(RoutingMode::On, None, Owner::Unknown, &[], Permit::Now, WayBack::Wait)]
    #[case::old(RoutingMode::HopV2, FIRST, Owner::Other { app: None }, &[Act::Request], Permit::Not, WayBack::Ask)]
    fn what_meta_refused_for_the_whole_account_is_not_offered_again(
        #[case] routing: RoutingMode,
        #[case] role: Option<AppRole>,
        #[case] owner: Owner,
        #[case] acts: &[Act],
        #[case] permit: Permit,
        #[case] way: WayBack,
    ) {
        let account = AccountFacts { role, take_refused: true, ..account(routing, BOT) };
        assert_eq!(can_do(&owner, &account), acts.iter().copied().collect());
        assert_eq!((may_send(&owner, &account), way_back(&account)), (permit, way));
    }

    #[test]
    fn a_thread_of_ours_is_as_before_where_takes_are_refused() {
        let may = account(RoutingMode::On, BOT);
        let refused = AccountFacts { take_refused: true, ..may.clone() };
        assert_eq!(can_do(&Owner::Ours, &refused), can_do(&Owner::Ours, &may));
        assert_eq!(may_send(&Owner::Ours, &refused), Permit::Now);
    }

    #[test]
    fn where_the_routing_is_not_known_nothing_is_promised() {
        assert!(can_do(&Owner::Other { app: None }, &account(RoutingMode::Unknown, None)).is_empty());
    }
}
