//! Who is there, what they look at, and whether they write there.
//!
//! ```text
//!   desk ──PresenceSaid──▶ relay ──Present (not numbered, gathered)──▶ desks that share an account with the agent
//!    with its stream, on each change,      the agent's desks joined
//!    and every 10 s
//! ```
//!
//! The relay keeps presence in memory only. A desk is there as long as its stream is, and for [`GRACE_MS`] after it; one
//! that ever said something and then says nothing for [`SILENT_MS`] is not there either, so that a machine that lost its
//! network without a word is found. What a desk looks at and types is told to nobody who may not read that account.
//!
//! An agent is as present as the most present of their desks ([`PresenceState::rank`]), and looks at what each of them
//! shows. While the agent is offline, by choice or because no desk is there, nothing is told of what they look at.

use baton_messenger::id::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, OfflineId, RunId};

/// For how long a desk whose stream is gone counts as there, milliseconds of the relay's boot clock.
pub const GRACE_MS: i64 = 5_000;
/// How often a desk says again what it said last, milliseconds.
pub const RENEW_EVERY_MS: i64 = 10_000;
/// A desk that said something and then is silent for so long is not there any more, milliseconds of the relay's boot clock.
pub const SILENT_MS: i64 = 30_000;
/// Typing ends by itself after so long without being said again, milliseconds of the relay's boot clock.
pub const TYPING_MS: i64 = 6_000;
/// The longest id of a customer that is taken, bytes. Meta's have about twenty digits.
pub const MAX_CUSTOMER_BYTES: usize = 100;

/// How present an agent is, by their own choice.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PresenceState {
    /// Gets new threads.
    #[default]
    Online,
    /// Gets no new threads.
    Away,
    /// Gets only what is handed over to them.
    TransfersOnly,
    /// As if Baton were closed.
    Offline,
    /// A state of a newer version.
    #[serde(other)]
    Unknown,
}

impl PresenceState {
    /// How present that is: of two desks of an agent the one with the higher rank counts.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Offline => 0,
            Self::Unknown => 1,
            Self::Away => 2,
            Self::TransfersOnly => 3,
            Self::Online => 4,
        }
    }
}

/// What somebody does in a thread that they look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Reads.
    #[default]
    Reads,
    /// Types a reply.
    WritesReply,
    /// Types a note for colleagues.
    WritesNote,
    /// Something of a newer version.
    #[serde(other)]
    Unknown,
}

impl Doing {
    /// True for what ends by itself after [`TYPING_MS`].
    #[must_use]
    pub fn is_typing(self) -> bool {
        matches!(self, Self::WritesReply | Self::WritesNote)
    }
}

/// A thread that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LooksAt {
    /// The thread's account.
    pub account: AccountId,
    /// The thread's customer, at most [`MAX_CUSTOMER_BYTES`] long.
    pub customer: CustomerId,
}

/// A thread that somebody looks at, and what they do there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewing {
    /// The thread.
    #[serde(flatten)]
    pub thread: LooksAt,
    /// What they do there.
    #[serde(default)]
    pub doing: Doing,
}

/// What one desk says of its agent. It goes with [`crate::stream::StreamRequest`], and to [`crate::routes::PRESENCE`] on each
/// change and every [`RENEW_EVERY_MS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceSaid {
    /// The run of the desk's program that says it.
    pub run: RunId,
    /// Counts up with each telling of a run: what overtook a newer one on its way is dropped.
    pub seq: u64,
    /// How present the agent is.
    pub state: PresenceState,
    /// The thread that is on the desk's screen.
    #[serde(default)]
    pub viewing: Option<Viewing>,
    /// The last [`SetOffline`] that this desk showed its agent in this run: a state other than offline that is said with it is a
    /// choice made since, and ends it. What was on its way when a supervisor acted, and a program that starts, do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_offline: Option<OfflineId>,
}

/// A supervisor set this desk's agent offline. Not numbered; told to each desk of the agent at once and whenever a stream of
/// theirs opens, until the agent chooses a state on any of them. The desk then says [`PresenceState::Offline`] by itself and
/// tells its agent who did it.
///
/// It goes by [`crate::routes::AGENT_OFFLINE`]. The relay keeps it in memory, like all presence: after a restart the desks, which
/// say offline by themselves, stay so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetOffline {
    /// The agent.
    pub agent: AgentId,
    /// Who did it.
    pub by: AgentId,
    /// Names the act.
    pub offline: OfflineId,
}

impl PresenceSaid {
    /// Whether it is newer than what this desk said before, as far as anybody can tell: another run always is.
    #[must_use]
    pub fn is_newer_than(&self, run: RunId, seq: u64) -> bool {
        self.run != run || self.seq > seq
    }
}

/// How present one agent is, all desks of theirs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The agent.
    pub agent: AgentId,
    /// How present they are.
    pub state: PresenceState,
    /// What their desks show, as far as this desk may read it; each thread once.
    #[serde(default)]
    pub views: Vec<Viewing>,
}

/// What changed of who is there. Not numbered, gathered: a desk gets a few of them a second at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// True for the first one of a stream: an agent who is not named in it is offline. Later ones name whoever changed.
    #[serde(default)]
    pub whole: bool,
    /// The agents that this desk may hear of: they have a role on an account that it may read.
    pub agents: Vec<Presence>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::stream::{StreamEvent, StreamRequest};

    fn state() -> impl Strategy<Value = PresenceState> {
        prop::sample::select(vec![
            PresenceState::Online,
            PresenceState::Away,
            PresenceState::TransfersOnly,
            PresenceState::Offline,
        ])
    }

    fn viewing() -> impl Strategy<Value = Viewing> {
        let doing = prop::sample::select(vec![Doing::Reads, Doing::WritesReply, Doing::WritesNote]);
        ("[0-9]{1,20}", "[0-9]{1,20}", doing).prop_map(|(account, customer, doing)| Viewing {
            thread: LooksAt {
                account: AccountId::from(account.as_str()),
                customer: CustomerId::from(customer.as_str()),
            },
            doing,
        })
    }

    fn presence() -> impl Strategy<Value = Presence> {
        (state(), prop::collection::vec(viewing(), 0..4)).prop_map(|(state, views)| Presence {
            agent: AgentId::new(),
            state,
            views,
        })
    }

    proptest! {
        #[test]
        fn what_a_desk_says_survives_the_wire(
            seq in any::<u64>(), state in state(), viewing in prop::option::of(viewing()),
        ) {
            let said = PresenceSaid { run: RunId::new(), seq, state, viewing, shown_offline: None };
            let read: PresenceSaid = serde_json::from_str(&serde_json::to_string(&said).unwrap()).unwrap();
            prop_assert_eq!(read, said);
        }

        #[test]
        fn who_is_there_survives_the_wire(whole in any::<bool>(), agents in prop::collection::vec(presence(), 0..5)) {
            let event = StreamEvent::Present(Present { whole, agents: agents.clone() });
            let data = event.data().unwrap();
            prop_assert!(!data.contains('\n'));
            let StreamEvent::Present(read) = StreamEvent::parse(event.name(), &data).unwrap() else {
                return Err(TestCaseError::fail("read as another event"));
            };
            prop_assert_eq!(read, Present { whole, agents });
        }
    }

    #[test]
    fn the_words_on_the_wire() {
        let said = PresenceSaid {
            run: RunId(uuid::Uuid::nil()),
            seq: 7,
            state: PresenceState::TransfersOnly,
            viewing: Some(Viewing {
                thread: LooksAt { account: "104500000000011".into(), customer: "6200".into() },
                doing: Doing::WritesReply,
            }),
            shown_offline: None,
        };
        let written = json!({
            "run": "00000000-0000-0000-0000-000000000000", "seq": 7, "state": "transfers_only",
            "viewing": {"account": "104500000000011", "customer": "6200", "doing": "writes_reply"},
        });
        assert_eq!(serde_json::to_value(said).unwrap(), written);
    }

    #[test]
    fn words_of_a_newer_version_are_values() {
        let said = json!({
            "run": "00000000-0000-0000-0000-000000000000", "seq": 1, "state": "on_the_phone", "mood": "fine",
            "viewing": {"account": "1", "customer": "2", "doing": "draws"},
        });
        let said: PresenceSaid = serde_json::from_value(said).unwrap();
        assert_eq!(said.state, PresenceState::Unknown);
        assert_eq!(said.viewing.map(|viewing| viewing.doing), Some(Doing::Unknown));
        let bare = json!({"run": RunId::new(), "seq": 1, "state": "online"});
        assert_eq!(serde_json::from_value::<PresenceSaid>(bare).unwrap().viewing, None);
    }

    #[test]
    fn who_was_set_offline_survives_the_wire() {
        let told = SetOffline { agent: AgentId::new(), by: AgentId::new(), offline: OfflineId::new() };
        let event = StreamEvent::SetOffline(told.clone());
        let read = StreamEvent::parse("set_offline", &event.data().unwrap()).unwrap();
        assert!(matches!(read, StreamEvent::SetOffline(read) if read == told));
        let shown = told.offline;
        let said = json!({"run": RunId::new(), "seq": 1, "state": "online", "shown_offline": shown});
        assert_eq!(serde_json::from_value::<PresenceSaid>(said).unwrap().shown_offline, Some(shown));
    }

    #[test]
    fn a_desk_of_before_opens_its_stream_without_it() {
        let request: StreamRequest = serde_json::from_value(json!({"cursors": {}})).unwrap();
        assert_eq!(request.presence, None);
    }

    #[test]
    fn the_shape_that_no_relay_ever_sent_is_no_fault() {
        // Desks of before read data of this name in another shape, so nothing is ever sent under it.
        let event = StreamEvent::parse("presence", "{\"agent\": 3}").unwrap();
        assert!(matches!(event, StreamEvent::Unknown(name) if name == "presence"));
    }

    #[test]
    fn what_overtook_a_newer_telling_is_old_and_another_run_begins_anew() {
        let (run, other) = (RunId::new(), RunId::new());
        let said = |run, seq| {
            let (state, viewing, shown_offline) = (PresenceState::Online, None, None);
            PresenceSaid { run, seq, state, viewing, shown_offline }
        };
        assert!(said(run, 3).is_newer_than(run, 2));
        assert!(!said(run, 2).is_newer_than(run, 2));
        assert!(!said(run, 1).is_newer_than(run, 2));
        assert!(said(other, 1).is_newer_than(run, 2));
    }
}
