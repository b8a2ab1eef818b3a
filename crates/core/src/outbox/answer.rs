//! What the end of the one Graph call means for a part.

use baton_graph::{NoProof, NotBegun, SendResult};
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::id::LEAD_BOT;
use baton_messenger::{AppId, Mid};
use baton_protocol::team::Settlement;

use super::machine::{Effect, Facts, Return, State, Wait, renew, returned, unknown};
use crate::control::WayBack;

/// How the one Graph call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Meta took it.
    Accepted {
        /// The message.
        mid: Mid,
    },
    /// Meta refused it.
    Refused {
        /// What Meta said.
        error: Box<GraphError>,
        /// How the thread comes back, should another app hold it.
        way_back: WayBack,
    },
    /// Meta turned it away unread for its limits.
    Throttled {
        /// Until when to wait, milliseconds of Meta's clock.
        until_ms: i64,
    },
    /// It never left.
    NotBegun(NotBegun),
    /// Nobody knows.
    Unknown {
        /// What happened, without secrets.
        why: String,
    },
}

impl Answered {
    /// From what the client of Graph says. `facts` are those it was sent with.
    #[must_use]
    pub fn of(result: SendResult, facts: &Facts, meta_now_ms: i64) -> Self {
        match result {
            SendResult::Accepted { mid, .. } => Self::Accepted { mid },
            SendResult::Refused(error) => Self::Refused { error: Box::new(error), way_back: facts.way_back },
            SendResult::Throttled { retry_after_ms, .. } => {
                Self::Throttled { until_ms: meta_now_ms.saturating_add(retry_after_ms) }
            }
            SendResult::NotBegun(why) => Self::NotBegun(why),
            SendResult::Unknown(why) => Self::Unknown { why: why.to_string() },
        }
    }
}

pub(super) fn ended(answered: Answered) -> (State, Vec<Effect>) {
    match answered {
        Answered::Accepted { mid } => {
            let settlement = Settlement::Sent { mid: mid.clone(), at_ms: None };
            (State::Sent { mid }, vec![Effect::Settle(settlement)])
        }
        Answered::Refused { error, way_back } => refused(error, way_back),
        Answered::Throttled { until_ms } => renew(Some(Wait::Limit { until_ms })),
        Answered::NotBegun(NotBegun::NoConnection(_)) => renew(Some(Wait::Network)),
        Answered::NotBegun(NotBegun::NoProof(NoProof::NotNow(_))) => renew(Some(Wait::Relay)),
        Answered::NotBegun(NotBegun::TokenUnusable | NotBegun::NoProof(NoProof::NotForThisToken(_))) => {
            let (state, renews) = renew(Some(Wait::Token));
            (state, [Effect::TokenDied].into_iter().chain(renews).collect())
        }
        Answered::NotBegun(why @ NotBegun::RequestUnusable(_)) => {
            let words = why.agent_words();
            let (state, back) = returned(Return::RelayRefused { what: words.what, remedy: words.remedy });
            (state, [Effect::Settle(Settlement::NotBegun)].into_iter().chain(back).collect())
        }
        Answered::Unknown { why } => unknown(&why),
    }
}

fn refused(error: Box<GraphError>, way_back: WayBack) -> (State, Vec<Effect>) {
    let settle = Effect::Settle(Settlement::Refused {
        code: error.code,
        subcode: error.subcode,
        message: error.message.clone(),
        trace_id: error.trace_id.clone(),
    });
    match error.class() {
        ErrorClass::NotOwner => {
            let (state, back) = returned(Return::NotOwner { back: way_back });
            (state, [settle, Effect::LearnNotOwner { by: None }].into_iter().chain(back).collect())
        }
        ErrorClass::AutomatedFlow => {
            let (state, back) = returned(Return::QuestionFlow { back: way_back });
            let learn = Effect::LearnNotOwner { by: Some(AppId::from(LEAD_BOT)) };
            (state, [settle, learn].into_iter().chain(back).collect())
        }
        ErrorClass::TokenDead { .. } => {
            let (state, renews) = renew(Some(Wait::Token));
            (state, [Effect::TokenDied].into_iter().chain(renews).collect())
        }
        _ => (State::Refused { error, aside: false }, vec![settle]),
    }
}
