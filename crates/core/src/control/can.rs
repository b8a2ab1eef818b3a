//! Which acts on control can work now. Pure: the owner and the account's routing decide (docs/meta.md 5.2, 5.3).
//!
//! ```text
//!               ours                          idle                     elsewhere     unknown
//!  on           pass · inbox · release ·      take · pass · inbox      take          take
//!               extend
//!  off          inbox, and nothing else: any connected app may answer
//!  old (hop_v2) inbox · release               inbox                    request       request
//!  not known    nothing: no call can be promised
//! ```

use std::collections::BTreeSet;

use baton_protocol::account::RoutingMode;
use baton_thread::{AccountFacts, Owner};

/// What an agent can do about control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Take control from whoever has it.
    Take,
    /// Pass it to the account's default app.
    PassToDefault,
    /// Pass it to people in Meta's inbox.
    PassToInbox,
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

/// The acts that can work now.
#[must_use]
pub fn can_do(owner: &Owner, account: &AccountFacts) -> BTreeSet<Act> {
    let acts: &[Act] = match account.routing {
        RoutingMode::On => with_routing(owner),
        RoutingMode::Off => &[Act::PassToInbox],
        RoutingMode::HopV2 => with_roles(owner),
        RoutingMode::Unknown => &[],
    };
    let mut acts: BTreeSet<Act> = acts.iter().copied().collect();
    // An owner cannot pass to itself.
    if we_are_default(account) {
        acts.remove(&Act::PassToDefault);
    }
    acts
}

/// Whether a reply can leave.
#[must_use]
pub fn may_send(owner: &Owner, account: &AccountFacts) -> Permit {
    match (account.routing, owner) {
        (RoutingMode::Off, _) | (_, Owner::Ours | Owner::Unmanaged) => Permit::Now,
        (RoutingMode::On, Owner::Other { .. } | Owner::MetaInbox) => Permit::AfterTake,
        // In an idle thread only the default app may write.
        (RoutingMode::On, Owner::Idle) if default_is_another(account) => Permit::AfterTake,
        (_, Owner::Other { .. } | Owner::MetaInbox) => Permit::Not,
        // A send tells who holds it.
        (_, Owner::Idle | Owner::Unknown) => Permit::Now,
    }
}

fn with_routing(owner: &Owner) -> &'static [Act] {
    match owner {
        Owner::Ours => &[Act::PassToDefault, Act::PassToInbox, Act::Release, Act::Extend],
        Owner::Idle => &[Act::Take, Act::PassToDefault, Act::PassToInbox],
        Owner::Other { .. } | Owner::MetaInbox | Owner::Unknown => &[Act::Take],
        Owner::Unmanaged => &[],
    }
}

fn with_roles(owner: &Owner) -> &'static [Act] {
    match owner {
        Owner::Ours => &[Act::PassToInbox, Act::Release],
        Owner::Idle => &[Act::PassToInbox],
        Owner::Other { .. } | Owner::MetaInbox | Owner::Unknown => &[Act::Request],
        Owner::Unmanaged => &[],
    }
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
    fn without_routing_there_is_nothing_to_take(
        #[values(Owner::Unmanaged, Owner::Idle, Owner::Other { app: None })] owner: Owner,
    ) {
        let account = account(RoutingMode::Off, None);
        let can = can_do(&owner, &account);
        assert!(!can.contains(&Act::Take) && !can.contains(&Act::Extend));
        assert_eq!(may_send(&owner, &account), Permit::Now);
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

    #[test]
    fn under_the_old_protocol_an_agent_asks() {
        let account = account(RoutingMode::HopV2, None);
        let bot = Owner::Other { app: None };
        assert_eq!(can_do(&bot, &account), BTreeSet::from([Act::Request]));
        assert_eq!(may_send(&bot, &account), Permit::Not);
    }
}
