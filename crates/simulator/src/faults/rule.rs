//! One rule: its effect, what it fits, whose turn it is.

use baton_messenger::{AccountId, AppId, CustomerId};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

use super::case::{CallKind, Case};
use super::effect::{Effect, Moment};
use super::{Strike, Struck};
use crate::world::refusals::Refusal;
use crate::world::token::death;

/// A rule as it is asked for. Empty filters fit everything; without `times` and `for_ms` it never wears off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub effect: Effect,
    /// Only on this account.
    #[serde(default, alias = "account_id", skip_serializing_if = "Option::is_none")]
    pub page_id: Option<AccountId>,
    /// Only with this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// Only for this app: the caller of a call, the sender of an echo, the receiver of a webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<AppId>,
    /// Only for webhooks of this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Only for this kind of call. Effects on answers are about sends unless a rule names a call, method or path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallKind>,
    /// Only for calls by this method: `GET`, `POST`, `DELETE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only for calls of this path, without its version; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// So many fitting cases pass first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: u32,
    /// How many times it strikes; `None`: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Strikes with this probability, 0 to 1; `None`: each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Seeds the dice of `chance` and of shuffling: the same seed decides the same.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seed: u64,
    /// In force for so long, simulated milliseconds from when it is added; `None`: until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<i64>,
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Fault {
    /// A rule that strikes once, anywhere.
    pub fn once(effect: Effect) -> Self {
        Self { times: Some(1), ..Self::always(effect) }
    }

    /// A rule that strikes until it is removed, anywhere.
    pub fn always(effect: Effect) -> Self {
        Self {
            effect,
            page_id: None,
            customer_id: None,
            app_id: None,
            field: None,
            call: None,
            method: None,
            path: None,
            after: 0,
            times: None,
            chance: None,
            seed: 0,
            for_ms: None,
        }
    }

    /// Why this rule cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(name) = self.effect.error_name()
            && Refusal::by_name(name).is_none()
        {
            let known: Vec<&str> = Refusal::names().collect();
            return Err(format!("{name} is no error. Known: {}.", known.join(", ")));
        }
        match &self.effect {
            Effect::ServerError { status } | Effect::ServerErrorButDone { status }
                if !(500..600).contains(status) =>
            {
                return Err("status must be between 500 and 599.".into());
            }
            Effect::WebhookFails { status: 200..300 } => {
                return Err("A status from 200 on is no failure: take 0, 403, 500 …".into());
            }
            Effect::TokenDead { subcode } if death(*subcode).is_none() => {
                return Err(format!("190 has no subcode {subcode} here."));
            }
            Effect::WebhooksShuffled { count, .. } | Effect::WebhooksTogether { count, .. }
                if !(2..=1000).contains(count) =>
            {
                return Err("count must be between 2 and 1000.".into());
            }
            _ => {}
        }
        if self.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err("chance must be between 0 and 1.".into());
        }
        if self.times == Some(0) || self.for_ms.is_some_and(|ms| ms <= 0) {
            return Err("times and for_ms must be above 0.".into());
        }
        Ok(())
    }
}

/// A rule and how it has fared.
#[derive(Debug, Clone, Serialize)]
pub struct FaultView {
    /// The rule's number, by which it is removed.
    pub number: u64,
    /// The rule.
    #[serde(flatten)]
    pub fault: Fault,
    /// When it was added, simulated milliseconds UTC.
    pub added_ms: i64,
    /// When it ends by itself.
    pub until_ms: Option<i64>,
    /// How many cases fitted, those let through included.
    pub fitted: u64,
    /// How many it struck.
    pub struck: u64,
    /// Whether it has worn off.
    pub is_over: bool,
}

#[derive(Debug)]
pub(super) struct Rule {
    number: u64,
    fault: Fault,
    added_ms: i64,
    dice: Pcg64,
    fitted: u64,
    struck: u64,
}

impl Rule {
    pub fn new(number: u64, fault: Fault, now_ms: i64) -> Self {
        let dice = Pcg64::seed_from_u64(fault.seed);
        Self { number, fault, added_ms: now_ms, dice, fitted: 0, struck: 0 }
    }

    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn into_fault(self) -> Fault {
        self.fault
    }

    pub fn moment(&self) -> Moment {
        self.fault.effect.moment()
    }

    pub fn effect(&self) -> &Effect {
        &self.fault.effect
    }

    pub fn is_over(&self, now_ms: i64) -> bool {
        self.fault.times.is_some_and(|times| self.struck >= u64::from(times))
            || self.until_ms().is_some_and(|until_ms| now_ms >= until_ms)
    }

    fn until_ms(&self) -> Option<i64> {
        self.fault.for_ms.map(|ms| self.added_ms.saturating_add(ms))
    }

    /// Whether it is in force for this case.
    pub fn holds(&self, case: Case<'_>, now_ms: i64) -> bool {
        !self.is_over(now_ms) && fits(&self.fault, case)
    }

    /// Strikes, if it fits and it is its turn.
    pub fn strike(&mut self, case: Case<'_>, now_ms: i64) -> Option<Strike> {
        if !self.holds(case, now_ms) {
            return None;
        }
        self.fitted += 1;
        if self.fitted <= u64::from(self.fault.after) {
            return None;
        }
        if let Some(chance) = self.fault.chance
            && !self.dice.random_bool(chance.clamp(0.0, 1.0))
        {
            return None;
        }
        self.struck += 1;
        Some(Strike {
            effect: self.fault.effect.clone(),
            by: Struck { rule: self.number, effect: self.fault.effect.name() },
            until_ms: self.until_ms(),
            seed: self.fault.seed,
        })
    }

    pub fn show(&self, now_ms: i64) -> FaultView {
        FaultView {
            number: self.number,
            fault: self.fault.clone(),
            added_ms: self.added_ms,
            until_ms: self.until_ms(),
            fitted: self.fitted,
            struck: self.struck,
            is_over: self.is_over(now_ms),
        }
    }
}

fn fits(fault: &Fault, case: Case<'_>) -> bool {
    let page = fault.page_id.as_ref().is_none_or(|page| case.page == Some(page));
    let customer = fault.customer_id.as_ref().is_none_or(|customer| case.customer == Some(customer));
    let app = fault.app_id.as_ref().is_none_or(|app| case.app == Some(app));
    let field = fault.field.as_deref().is_none_or(|field| case.field == Some(field));
    page && customer && app && field && fits_call(fault, case)
}

fn fits_call(fault: &Fault, case: Case<'_>) -> bool {
    let names_calls = fault.call.is_some() || fault.method.is_some() || fault.path.is_some();
    let Some(call) = case.call else { return !names_calls };
    if !names_calls {
        return fault.effect.is_about(call.kind, call.method == "GET");
    }
    fault.call.is_none_or(|kind| kind == call.kind)
        && fault.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(call.method))
        && fault.path.as_deref().is_none_or(|path| matches(path, call.path))
}

/// Whether the text is of this form, in which `*` stands for any text.
fn matches(form: &str, text: &str) -> bool {
    let Some((head, rest)) = form.split_once('*') else { return form == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    let places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    places.into_iter().any(|at| matches(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::super::case::CallCase;
    use super::*;

    #[test]
    fn rules_are_written_as_flat_json() {
        let text = r#"{"effect":"echo_late","ms":1500,"account_id":"1","times":3}"#;
        let fault: Fault = serde_json::from_str(text).unwrap();
        assert_eq!(fault.effect, Effect::EchoLate { ms: 1500 });
        assert_eq!((fault.times, fault.page_id), (Some(3), Some(AccountId::from("1"))));
    }

    #[test]
    fn paths_may_have_stars() {
        for (form, text, is_match) in [
            ("/me/messages", "/me/messages", true),
            ("/me/messages", "/me/messages/x", false),
            ("*/messages", "/1045/messages", true),
            ("/t_*/mess*", "/t_9/messages", true),
            ("*", "", true),
            ("/t_*", "/me", false),
        ] {
            assert_eq!(matches(form, text), is_match, "{form} {text}");
        }
    }

    #[test]
    fn a_lost_answer_is_a_sends_unless_the_rule_names_another_call() {
        let case =
            |kind, path| Case { call: Some(CallCase { kind, method: "POST", path }), ..Case::default() };
        let send = case(CallKind::Send, "/me/messages");
        let take = case(CallKind::Control, "/me/take_thread_control");
        let any = Fault::always(Effect::AnswerCut);
        assert!(fits(&any, send) && !fits(&any, take));
        let control = Fault { call: Some(CallKind::Control), ..any.clone() };
        assert!(!fits(&control, send) && fits(&control, take));
        let path = Fault { path: Some("*_thread_control".into()), ..any };
        assert!(!fits(&path, send) && fits(&path, take));
    }

    #[test]
    fn impossible_rules_say_why() {
        let impossible = [
            Fault::once(Effect::SendRefused { error: "nonsense".into() }),
            Fault::once(Effect::ServerError { status: 404 }),
            Fault::once(Effect::WebhookFails { status: 200 }),
            Fault::once(Effect::TokenDead { subcode: 1 }),
            Fault::once(Effect::WebhooksShuffled { count: 1, ms: 0 }),
            Fault { chance: Some(1.5), ..Fault::once(Effect::CallCut) },
            Fault { times: Some(0), ..Fault::always(Effect::CallCut) },
            Fault { for_ms: Some(-1), ..Fault::always(Effect::CallCut) },
        ];
        for fault in impossible {
            assert!(fault.check().is_err(), "{fault:?}");
        }
        assert_eq!(Fault::once(Effect::WebhookFails { status: 0 }).check(), Ok(()));
    }
}
