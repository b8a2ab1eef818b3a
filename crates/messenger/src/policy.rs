//! What may be sent now: one pure function that composer and outbox both ask (docs/meta.md 4.3).
//!
//! ```text
//! last opening action         +24 h                          +7 d
//!        │◀─────── open ───────▶│◀─────── human agent ───────▶│   closed
//!        │   plain, by anyone   │  tagged: written by a       │   nothing
//!        │                      │  person, no template, and   │
//!        │                      │  the account has the right  │
//! ```
//!
//! It promises that the human-agent tag is given only to a person's own words, only outside the open window, and
//! only on an account that Meta approved. Deadlines are exclusive: at the deadline itself it is too late. While
//! Meta's time is doubtful, every deadline comes a minute earlier.
//!
//! Meta has the last word: a refusal for the window is believed over this computation.

use serde::{Deserialize, Serialize};

use crate::id::Platform;
use crate::limits::{DOUBT_MARGIN_MS, HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use crate::words::Words;

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The channel. Both have the same windows today; the words differ.
    pub platform: Platform,
    /// When the customer last did something that opens the window (docs/meta.md 2.5.1), in milliseconds;
    /// `None` when they never did, as far as is known.
    pub last_opening_ms: Option<i64>,
    /// Who wrote what is to be sent.
    pub author: Author,
    /// What is to be sent.
    pub content: Content,
    /// Whether Meta lets this account send late replies.
    pub human_agent: HumanAgent,
    /// Meta's time.
    pub now: MetaNow,
}

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A signed-in agent, in the composer, just now.
    Person,
    /// A rule, a schedule, a bot.
    Automation,
}

/// What is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Text.
    Text,
    /// Pictures, sound, files.
    Media,
    /// A structured template.
    Template,
}

/// The Human Agent feature as a fact of the account: whether replies after 24 hours may carry the tag (docs/meta.md 1.6,
/// 4.3). It is this one type everywhere: in the account's log, in the desk's store, in the decision.
#[derive(
    Debug,
    Clone,
    Copy,
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
pub enum HumanAgent {
    /// Nobody said that Meta approved it, so nothing is tried.
    #[default]
    NotApproved,
    /// An admin says that Meta approved it.
    Approved,
    /// Taken for approved, but Meta refused a late reply; off until an admin says otherwise.
    Refused,
}

/// Meta's time as we know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaNow {
    /// Milliseconds UTC.
    pub ms: i64,
    /// The clock jumped since Meta last told the time.
    pub doubtful: bool,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Send as an ordinary response, before the deadline.
    Plain {
        /// The first moment at which it is too late, in milliseconds.
        until_ms: i64,
    },
    /// Send as a late reply by a person, before the deadline.
    HumanAgent {
        /// The first moment at which it is too late, in milliseconds.
        until_ms: i64,
    },
    /// Do not send.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

/// Why nothing may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// The customer never wrote, as far as is known.
    NeverOpened,
    /// Seven days are over.
    Closed,
    /// 24 hours are over, and the account has no right to late replies.
    LateNotApproved,
    /// 24 hours are over, and Meta refused late replies of this account.
    LateRefusedByMeta,
    /// 24 hours are over, and no person wrote this.
    LateNotByPerson,
    /// 24 hours are over, and this is a template.
    LateTemplate,
}

/// The two deadlines, for showing them; as Meta counts them, without reserve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// End of the 24 hours; `None` when they are over or never began.
    pub open_until_ms: Option<i64>,
    /// End of the 7 days; `None` when they are over, never began, or cannot be used on this account.
    pub human_until_ms: Option<i64>,
}

/// Decides.
pub fn decide(facts: &Facts) -> Verdict {
    let Some(opened_ms) = facts.last_opening_ms else {
        return Verdict::Refused { reason: Refusal::NeverOpened };
    };
    let open_until_ms = deadline(opened_ms, OPEN_WINDOW_MS, facts.now);
    if facts.now.ms < open_until_ms {
        return Verdict::Plain { until_ms: open_until_ms };
    }
    let until_ms = deadline(opened_ms, HUMAN_AGENT_WINDOW_MS, facts.now);
    if facts.now.ms >= until_ms {
        return Verdict::Refused { reason: Refusal::Closed };
    }
    match bar_to_late_reply(facts) {
        Some(reason) => Verdict::Refused { reason },
        None => Verdict::HumanAgent { until_ms },
    }
}

/// The deadlines that are still ahead.
pub fn windows(facts: &Facts) -> Windows {
    let ahead = |length_ms: i64| {
        facts.last_opening_ms.map(|opened| opened.saturating_add(length_ms)).filter(|end| facts.now.ms < *end)
    };
    let late_works = facts.human_agent == HumanAgent::Approved;
    Windows {
        open_until_ms: ahead(OPEN_WINDOW_MS),
        human_until_ms: if late_works { ahead(HUMAN_AGENT_WINDOW_MS) } else { None },
    }
}

fn deadline(opened_ms: i64, length_ms: i64, now: MetaNow) -> i64 {
    let reserve_ms = if now.doubtful { DOUBT_MARGIN_MS } else { 0 };
    opened_ms.saturating_add(length_ms).saturating_sub(reserve_ms)
}

fn bar_to_late_reply(facts: &Facts) -> Option<Refusal> {
    match (facts.author, facts.content, facts.human_agent) {
        (Author::Automation, _, _) => Some(Refusal::LateNotByPerson),
        (_, Content::Template, _) => Some(Refusal::LateTemplate),
        (_, _, HumanAgent::NotApproved) => Some(Refusal::LateNotApproved),
        (_, _, HumanAgent::Refused) => Some(Refusal::LateRefusedByMeta),
        (Author::Person, Content::Text | Content::Media, HumanAgent::Approved) => None,
    }
}

impl Refusal {
    /// A short stable name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What the agent is told.
    pub fn agent_words(self) -> Words {
        match self {
            Self::NeverOpened => Words::new(
                "The customer has not written to this account yet, so Meta does not allow a message.",
                "You can answer as soon as the customer writes.",
            ),
            Self::Closed => Words::new(
                "More than 7 days have passed since the customer last wrote. Meta no longer allows a reply.",
                "You can answer as soon as the customer writes again.",
            ),
            Self::LateNotApproved => Words::new(
                "More than 24 hours have passed since the customer last wrote, and late replies are not set up for \
                 this account.",
                "Wait until the customer writes again, or ask an admin to apply for Meta's Human Agent feature.",
            ),
            Self::LateRefusedByMeta => Words::new(
                "More than 24 hours have passed since the customer last wrote, and Meta does not accept late replies \
                 from this account.",
                "Wait until the customer writes again, or ask an admin to check Meta's Human Agent feature.",
            ),
            Self::LateNotByPerson => Words::new(
                "More than 24 hours have passed since the customer last wrote. Only a person may still answer.",
                "Write the reply yourself.",
            ),
            Self::LateTemplate => Words::new(
                "More than 24 hours have passed since the customer last wrote. A template can no longer be sent.",
                "Write the reply as text.",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
