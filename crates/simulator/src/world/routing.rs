//! Which system of thread control an account uses (docs/meta.md 5.1).

use std::collections::BTreeSet;

use baton_messenger::{AppId, id};

/// The three systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Routing {
    /// Not set up: any connected app may answer.
    Off,
    /// Conversation Routing: `msgr_multi_app` or `ig_multi_app` is true.
    On {
        /// The app that answers when a customer writes into an idle thread.
        default_app: AppId,
        /// Apps for which the admin switched on "allow this app to take control".
        may_take: BTreeSet<AppId>,
    },
    /// The old handover protocol: `hop_v2` is true. What nobody owns is the primary receiver's.
    Roles { primary: AppId, secondary: BTreeSet<AppId> },
}

impl Routing {
    pub fn is_on(&self) -> bool {
        matches!(self, Self::On { .. })
    }

    /// `off`, `on` or `hop_v2`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On { .. } => "on",
            Self::Roles { .. } => "hop_v2",
        }
    }

    pub fn has_roles(&self) -> bool {
        matches!(self, Self::Roles { .. })
    }

    /// The app that answers when a customer writes into an idle thread; it alone may send there.
    pub fn default_app(&self) -> Option<&AppId> {
        match self {
            Self::Off => None,
            Self::On { default_app, .. } => Some(default_app),
            Self::Roles { primary, .. } => Some(primary),
        }
    }

    /// Whether control can be passed to this app. With roles only receivers and Meta's own inboxes take part.
    pub fn knows(&self, app: &AppId) -> bool {
        match self {
            Self::Off | Self::On { .. } => true,
            Self::Roles { primary, secondary } => {
                primary == app || secondary.contains(app) || id::is_meta_inbox(app)
            }
        }
    }

    /// The roles of an app, as `app_roles` names them; none outside the old protocol.
    pub fn roles_of(&self, app: &AppId) -> Vec<&'static str> {
        match self {
            Self::Roles { primary, .. } if primary == app => vec!["primary_receiver"],
            Self::Roles { secondary, .. } if secondary.contains(app) => vec!["secondary_receiver"],
            _ => Vec::new(),
        }
    }
}
