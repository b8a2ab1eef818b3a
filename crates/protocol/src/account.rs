//! What is true of a whole account and kept in its log.

pub use baton_messenger::policy::HumanAgent as HumanAgentRight;
pub use baton_messenger::routing::RoutingMode;
use serde::{Deserialize, Serialize};

/// What a reply does while the relay is away.
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
pub enum WaitingRule {
    /// It waits until the relay grants it.
    #[default]
    Relay,
    /// It leaves, and is marked unchecked.
    Send,
}

/// How new threads find an agent.
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
pub enum AssignBy {
    /// Agents claim them.
    #[default]
    Manual,
    /// The relay gives them out in turn, the longest wait first.
    RoundRobin,
    /// A way of a newer version; nothing is given out.
    #[serde(other)]
    Unknown,
}

/// How the account's threads are given out, and who may answer in them. Fields that a newer version adds are left out here,
/// and a program of before goes on with what it knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueRules {
    /// How new threads find an agent.
    pub assign: AssignBy,
    /// How many open threads of the account one agent gets by the rules at most, from 1 to [`QueueRules::MOST`]. What
    /// people give and claim is not held to it.
    pub limit: u32,
    /// Whether a thread that the customer opens again goes to whoever had it last, where they are online and under the
    /// limit. Else, and without it, it waits in the queue.
    pub reopen_to_last: bool,
    /// Whether a customer's reaction opens a thread again as a message does.
    pub reaction_reopens: bool,
    /// Whether a reply leaves for the thread's assignee alone.
    pub only_assignee_sends: bool,
}

impl QueueRules {
    /// The highest limit of open threads for one agent.
    pub const MOST: u32 = 200;

    /// Whether rules like these can be kept.
    ///
    /// # Errors
    /// [`QueueFault`] says what is wrong with them.
    pub fn check(&self) -> Result<(), QueueFault> {
        if self.assign == AssignBy::Unknown {
            return Err(QueueFault::UnknownWay);
        }
        if !(1..=Self::MOST).contains(&self.limit) {
            return Err(QueueFault::Limit);
        }
        Ok(())
    }
}

impl Default for QueueRules {
    fn default() -> Self {
        Self {
            assign: AssignBy::Manual,
            limit: 20,
            reopen_to_last: true,
            reaction_reopens: false,
            only_assignee_sends: false,
        }
    }
}

/// Why rules of the queue cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueFault {
    /// The way in which threads are given out is none that this version knows.
    #[error("a way of giving threads out that is not known here")]
    UnknownWay,
    /// The limit is out of its range.
    #[error("one agent gets from 1 to {} open threads", QueueRules::MOST)]
    Limit,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_that_say_little_are_the_usual_ones() {
        let read: QueueRules = serde_json::from_value(json!({"limit": 7, "shift": "late"})).unwrap();
        assert_eq!(read, QueueRules { limit: 7, ..QueueRules::default() });
        assert_eq!(serde_json::from_value::<QueueRules>(json!({})).unwrap(), QueueRules::default());
    }

    #[test]
    fn a_way_of_a_newer_version_is_a_value_and_cannot_be_chosen() {
        let read: QueueRules = serde_json::from_value(json!({"assign": "by_skill"})).unwrap();
        assert_eq!(read.assign, AssignBy::Unknown);
        assert_eq!(read.check(), Err(QueueFault::UnknownWay));
    }

    #[test]
    fn an_agent_gets_from_one_to_two_hundred() {
        let rules = |limit| QueueRules { limit, ..QueueRules::default() };
        assert_eq!(rules(0).check(), Err(QueueFault::Limit));
        assert_eq!(rules(1).check(), Ok(()));
        assert_eq!(rules(QueueRules::MOST).check(), Ok(()));
        assert_eq!(rules(QueueRules::MOST + 1).check(), Err(QueueFault::Limit));
    }

    #[test]
    fn the_words_on_the_wire() {
        let rules = QueueRules { assign: AssignBy::RoundRobin, ..QueueRules::default() };
        let written = json!({
            "assign": "round_robin", "limit": 20, "reopen_to_last": true, "reaction_reopens": false,
            "only_assignee_sends": false,
        });
        assert_eq!(serde_json::to_value(rules).unwrap(), written);
    }
}
