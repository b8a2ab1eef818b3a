//! What Meta sends of an account and of our app, held against what an inbox needs. Pure.

use baton_messenger::limits::{INSTAGRAM_FIELDS, INSTAGRAM_FIELDS_NEEDED, PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use baton_messenger::{Platform, Words};

use super::{FactKind, FactState, HealthFact, fact};
use crate::store::AccountRow;

/// What Meta sends of an account, of what an inbox needs (docs/meta.md 2.4, 2.5).
pub(super) fn subscription(row: &AccountRow, platform: Platform) -> HealthFact {
    let fact =
        |state, value: &str, what: &str, action| fact(FactKind::Subscription, state, value, what, action);
    if let Some(words) = not_subscribed(row, platform) {
        let value = if row.subscribed { "incomplete" } else { "off" };
        return HealthFact { words, ..fact(FactState::Bad, value, "", "") };
    }
    if platform == Platform::Instagram {
        // Which events of Instagram the app gets stands with the app: the next fact says it.
        return fact(FactState::Good, "on", "Its Page is subscribed.", "");
    }
    let missing = missing_of(row, PAGE_FIELDS);
    if missing.is_empty() {
        return fact(FactState::Good, &format!("all {} kinds of events", PAGE_FIELDS.len()), "", "");
    }
    let what = format!("Meta does not send: {}.", missing.join(", "));
    fact(FactState::Warning, "incomplete", &what, "Subscribe again.")
}

/// Why customers are not heard; none while Meta sends what an inbox needs.
pub(in crate::desk) fn not_subscribed(row: &AccountRow, platform: Platform) -> Option<Words> {
    let action =
        "Subscribe again. What Meta did not send meanwhile it does not send later; its own inbox shows it.";
    if !row.subscribed {
        return Some(Words::new(
            "Meta stopped sending what happens at this account, so nothing new arrives.",
            action,
        ));
    }
    if platform == Platform::Instagram {
        return None;
    }
    let missing = missing_of(row, PAGE_FIELDS_NEEDED);
    (!missing.is_empty()).then(|| {
        Words::new(
            format!("Meta does not send everything of this account: {} is missing.", missing.join(", ")),
            action,
        )
    })
}

/// What Meta sends our app at all (docs/meta.md 2.5), as the relay said it.
pub(super) fn app_subscription(row: &AccountRow, platform: Platform) -> HealthFact {
    let fact =
        |state, value: &str, what: &str, action| fact(FactKind::AppSubscription, state, value, what, action);
    let Some(sent) = row.app_sent.as_ref() else {
        return match platform {
            // Of Pages the relay says only what is missing, or what came back.
            Platform::Messenger => fact(
                FactState::Note,
                "nothing missing",
                "The relay asks Meta once a day what it is sent of Pages, and has not said that anything is missing.",
                "",
            ),
            Platform::Instagram => fact(
                FactState::Note,
                "not known yet",
                "The relay asks Meta when it starts, when an account is connected, and once a day, and has not said what \
                 came of it.",
                "If it stays so, whoever runs the relay finds the reason with `baton-relay doctor`.",
            ),
        };
    };
    if let Some(words) = app_not_subscribed(row, platform) {
        let value = if sent.subscribed { "incomplete" } else { "off" };
        return HealthFact { words, ..fact(FactState::Bad, value, "", "") };
    }
    let wanted = match platform {
        Platform::Messenger => PAGE_FIELDS,
        Platform::Instagram => INSTAGRAM_FIELDS,
    };
    let missing = missing(&sent.fields, wanted);
    if missing.is_empty() {
        return fact(FactState::Good, &format!("all {} kinds of events", wanted.len()), "", "");
    }
    let what = format!("Meta does not send the relay: {}.", missing.join(", "));
    fact(FactState::Warning, "incomplete", &what, SUBSCRIBE_THE_APP)
}

/// No desk may do it: it takes the app's own token.
const SUBSCRIBE_THE_APP: &str = "Whoever runs the relay can mend it with `baton-relay subscribe`. This notice goes away some \
     minutes later. What Meta did not send meanwhile it does not send later; its own inbox shows it.";

/// Why customers of a whole platform are not heard; none while Meta sends what an inbox needs, or nobody found out.
pub(in crate::desk) fn app_not_subscribed(row: &AccountRow, platform: Platform) -> Option<Words> {
    let sent = row.app_sent.as_ref()?;
    let (places, needed) = match platform {
        Platform::Messenger => ("Pages", PAGE_FIELDS_NEEDED),
        Platform::Instagram => ("Instagram accounts", INSTAGRAM_FIELDS_NEEDED),
    };
    if !sent.subscribed {
        let what =
            format!("Meta sends the relay nothing of what happens at {places}, so nothing new arrives.");
        return Some(Words::new(what, SUBSCRIBE_THE_APP));
    }
    let missing = missing(&sent.fields, needed);
    (!missing.is_empty()).then(|| {
        let what = format!(
            "Meta does not send the relay everything of {places}: {} is missing.",
            missing.join(", ")
        );
        Words::new(what, SUBSCRIBE_THE_APP)
    })
}

fn missing_of<'a>(row: &AccountRow, wanted: &[&'a str]) -> Vec<&'a str> {
    missing(&row.fields, wanted)
}

fn missing<'a>(fields: &[String], wanted: &[&'a str]) -> Vec<&'a str> {
    wanted.iter().copied().filter(|field| !fields.iter().any(|has| has == field)).collect()
}
