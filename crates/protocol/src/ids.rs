//! Names of the things that desk and relay speak about. One type per kind of thing, so that an agent's id
//! cannot be passed for a desk's.

use std::fmt;
use std::str::FromStr;

use baton_messenger::id::AccountId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; sorts after the ones made before it.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// A person of ours who answers customers, whatever machine they sit at.
    AgentId
);
uuid_id!(
    /// One enrolled program on one machine of one agent.
    DeskId
);
uuid_id!(
    /// Chosen by the desk for one command; a repeat with the same id returns the first result.
    CommandId
);
uuid_id!(
    /// What an agent sends with one press; one or more parts.
    ReplyId
);
uuid_id!(
    /// One Send API call of a reply. Travels to Meta in `metadata` and comes back in the echo.
    PartId
);
uuid_id!(
    /// Made when a log is created and after every restore or failover that may have lost entries.
    LogId
);
uuid_id!(
    /// A private note in a thread.
    NoteId
);
uuid_id!(
    /// A label of the workspace.
    LabelId
);
uuid_id!(
    /// One try to get Page tokens by Meta's login.
    LoginId
);
uuid_id!(
    /// An invite, as it is listed and taken back. Not the secret that lets a desk in.
    InviteId
);
uuid_id!(
    /// One run of a desk's program.
    RunId
);
uuid_id!(
    /// One act of a supervisor who set an agent offline.
    OfflineId
);

/// Which log: an account's, or the workspace's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LogName {
    /// What names no account: agents, labels, shared canned replies. Readable by every enrolled desk.
    Workspace,
    /// Everything about one account. Readable only by desks with a role on it.
    Account(AccountId),
}

/// How the workspace log is called on the wire. Meta's ids are digits, so it can never be an account's.
const WORKSPACE: &str = "workspace";

impl LogName {
    /// The account whose log this is, if it is one.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Workspace => None,
            Self::Account(account) => Some(account),
        }
    }

    /// The name on the wire and in tables.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Workspace => WORKSPACE,
            Self::Account(account) => account.as_str(),
        }
    }
}

impl From<String> for LogName {
    fn from(name: String) -> Self {
        if name == WORKSPACE { Self::Workspace } else { Self::Account(AccountId::from(name.as_str())) }
    }
}

impl From<LogName> for String {
    fn from(name: LogName) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
