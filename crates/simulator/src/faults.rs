//! Faults by rule: what goes wrong next, where, and how often.
//!
//! A rule names an effect, may be narrowed to a Page, a customer or an app, and wears off after `times` uses.
//! The first rule that fits is used. A new fault is a new [`Effect`] and the one place that asks for it.

use std::sync::{Mutex, PoisonError};

use baton_messenger::{AccountId, AppId, CustomerId};
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// A send is answered with this error (a name of fixtures/graph_errors.json); nothing is sent.
    SendRefused {
        /// The error's name.
        error: String,
    },
    /// A send is answered with this error although the message was sent (1/1357046 and its like).
    SendRefusedButSent {
        /// The error's name.
        error: String,
    },
    /// The message is accepted, then the connection is closed without an answer.
    AnswerCut,
    /// The message is accepted, the answer comes later: the echo overtakes it.
    AnswerLate {
        /// By how much, in real milliseconds.
        ms: u64,
    },
    /// The echo comes later.
    EchoLate {
        /// By how much, in real milliseconds.
        ms: u64,
    },
    /// The echo never comes.
    EchoNever,
    /// A webhook is never delivered.
    WebhookDropped,
    /// A webhook is delivered twice.
    WebhookTwice,
    /// A read call is answered with this error.
    ReadRefused {
        /// The error's name.
        error: String,
    },
}

/// The moments at which rules are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeSend,
    AfterSend,
    Echo,
    Webhook,
    Read,
}

impl Effect {
    fn moment(&self) -> Moment {
        match self {
            Self::SendRefused { .. } => Moment::BeforeSend,
            Self::SendRefusedButSent { .. } | Self::AnswerCut | Self::AnswerLate { .. } => Moment::AfterSend,
            Self::EchoLate { .. } | Self::EchoNever => Moment::Echo,
            Self::WebhookDropped | Self::WebhookTwice => Moment::Webhook,
            Self::ReadRefused { .. } => Moment::Read,
        }
    }

    /// The error's name, for effects that answer with one.
    pub fn error_name(&self) -> Option<&str> {
        match self {
            Self::SendRefused { error }
            | Self::SendRefusedButSent { error }
            | Self::ReadRefused { error } => Some(error),
            _ => None,
        }
    }
}

/// One rule. Empty filters fit everything; `times: None` never wears off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub effect: Effect,
    /// Only on this Page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_id: Option<AccountId>,
    /// Only with this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// Only for this app: the caller of a send, the sender of an echo, the receiver of a webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<AppId>,
    /// Only for events of this webhook field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How many times it still strikes; `None`: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Fault {
    /// A rule that strikes once, anywhere.
    pub fn once(effect: Effect) -> Self {
        Self { times: Some(1), ..Self::always(effect) }
    }

    /// A rule that strikes until it is removed, anywhere.
    pub fn always(effect: Effect) -> Self {
        Self { effect, page_id: None, customer_id: None, app_id: None, field: None, times: None }
    }
}

/// What a rule is held against.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Case<'a> {
    pub page: Option<&'a AccountId>,
    pub customer: Option<&'a CustomerId>,
    pub app: Option<&'a AppId>,
    pub field: Option<&'a str>,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Fault>>,
}

impl Faults {
    pub fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    pub fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// The effect that strikes now, if any; uses up one of its times.
    pub fn strike(&self, moment: Moment, case: Case<'_>) -> Option<Effect> {
        let mut rules = self.lock();
        let at = rules.iter().position(|rule| rule.effect.moment() == moment && fits(rule, case))?;
        let effect = rules[at].effect.clone();
        match &mut rules[at].times {
            None => {}
            Some(times) if *times > 1 => *times -= 1,
            Some(_) => {
                rules.remove(at);
            }
        }
        Some(effect)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fits(rule: &Fault, case: Case<'_>) -> bool {
    let page = rule.page_id.as_ref().is_none_or(|page| case.page == Some(page));
    let customer = rule.customer_id.as_ref().is_none_or(|customer| case.customer == Some(customer));
    let app = rule.app_id.as_ref().is_none_or(|app| case.app == Some(app));
    let field = rule.field.as_deref().is_none_or(|field| case.field == Some(field));
    page && customer && app && field && rule.times != Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_strikes_as_often_as_it_says_and_only_where_it_fits() {
        let faults = Faults::default();
        let tea = AccountId::from("1");
        let kite = AccountId::from("2");
        faults.add(Fault {
            page_id: Some(tea.clone()),
            times: Some(2),
            ..Fault::always(Effect::WebhookDropped)
        });
        let on = |page| Case { page: Some(page), ..Case::default() };

        assert_eq!(faults.strike(Moment::Webhook, on(&kite)), None);
        assert_eq!(faults.strike(Moment::Echo, on(&tea)), None);
        assert_eq!(faults.strike(Moment::Webhook, on(&tea)), Some(Effect::WebhookDropped));
        assert_eq!(faults.strike(Moment::Webhook, on(&tea)), Some(Effect::WebhookDropped));
        assert_eq!(faults.strike(Moment::Webhook, on(&tea)), None);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn rules_are_written_as_flat_json() {
        let fault: Fault =
            serde_json::from_str(r#"{"effect":"echo_late","ms":1500,"page_id":"1","times":3}"#).unwrap();
        assert_eq!(fault.effect, Effect::EchoLate { ms: 1500 });
        assert_eq!(fault.times, Some(3));
    }
}
