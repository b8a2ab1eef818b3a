//! What there is to choose from, for whoever makes rules: the control room asks for it.

use serde_json::{Value, json};

use super::effect::{Effect, LooseForm, Right};
use crate::world::refusals::Refusal;

/// `(effect with its usual values, what it is about, in words)`
fn lines() -> Vec<(Effect, &'static str, &'static str)> {
    let error = |name: &str| name.to_owned();
    vec![
        (Effect::AnswerCut, "answers", "The message is sent, its answer is lost"),
        (Effect::AnswerAfterEcho, "answers", "The echo comes before the answer"),
        (Effect::AnswerLate { ms: 5_000 }, "answers", "The message is sent, its answer comes late"),
        (
            Effect::SendRefusedButSent { error: error("maybe_sent") },
            "answers",
            "The message is sent, the answer is an error",
        ),
        (
            Effect::ServerErrorButDone { status: 502 },
            "answers",
            "The message is sent, the answer is a server's error page",
        ),
        (Effect::BodySlow { ms: 10_000 }, "answers", "The answer comes slowly, in pieces"),
        (Effect::BodyCut, "answers", "The answer breaks off in the middle"),
        (Effect::ServerError { status: 500 }, "calls", "A call is answered with a server's error page"),
        (Effect::CallCut, "calls", "The connection is closed before anything is done"),
        (Effect::Throttled { error: error("rate_buc_messenger") }, "calls", "Too many calls"),
        (Effect::CallRefused { error: error("transient_service") }, "calls", "A call is refused"),
        (Effect::SendRefused { error: error("person_unavailable") }, "calls", "A send is refused"),
        (Effect::ReadRefused { error: error("transient_unknown") }, "calls", "A read is refused"),
        (Effect::PagesUneven, "calls", "Lists come in pages of uneven length, some of them empty"),
        (Effect::TokenDead { subcode: 460 }, "rights", "The token is dead"),
        (Effect::RightRemoved { right: Right::PagesMessaging }, "rights", "A right is taken away"),
        (Effect::PageRestricted, "rights", "Meta restricts the account"),
        (Effect::EchoLate { ms: 5_000 }, "echoes", "The echo comes late"),
        (Effect::EchoNever, "echoes", "The echo never comes"),
        (Effect::WebhookDropped, "webhooks", "A webhook is lost"),
        (Effect::WebhookTwice { ms: 2_000 }, "webhooks", "A webhook comes twice"),
        (Effect::WebhookLate { ms: 5_000 }, "webhooks", "A webhook comes late"),
        (Effect::WebhooksShuffled { count: 4, ms: 5_000 }, "webhooks", "Webhooks come in another order"),
        (Effect::WebhooksTogether { count: 4, ms: 5_000 }, "webhooks", "Webhooks come in one POST"),
        (Effect::WebhookForged, "webhooks", "A webhook comes first with a wrong signature"),
        (
            Effect::WebhookLoose { form: LooseForm::Everything },
            "webhooks",
            "A webhook is written loosely: times, ids, strange members",
        ),
        (
            Effect::WebhookFails { status: 0 },
            "webhooks",
            "The receiver cannot be reached; after an hour it is unsubscribed",
        ),
        (Effect::MediaDead, "media", "A media link is dead"),
    ]
}

/// Every effect with its usual values, and the errors that can be named.
pub(crate) fn catalogue() -> Value {
    let effects = lines().into_iter().map(|(effect, about, words)| {
        let mut takes = json!(effect);
        let name = takes.as_object_mut().and_then(|fields| fields.remove("effect"));
        json!({"effect": name, "about": about, "words": words, "takes": takes})
    });
    let errors: Vec<&str> = Refusal::names().collect();
    json!({"effects": effects.collect::<Vec<_>>(), "errors": errors})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::faults::Fault;

    #[test]
    fn every_line_is_a_rule_that_can_be_and_none_stands_twice() {
        let mut names = BTreeSet::new();
        for (effect, ..) in lines() {
            assert!(names.insert(effect.name()), "{effect:?}");
            assert_eq!(Fault::once(effect).check(), Ok(()));
        }
    }

    #[test]
    fn the_name_on_the_wire_is_the_name_in_the_journal() {
        for (effect, ..) in lines() {
            assert_eq!(json!(effect)["effect"], effect.name());
        }
    }
}
