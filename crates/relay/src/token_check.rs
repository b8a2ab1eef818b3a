//! What a token is worth, asked of Meta with the app's own token (docs/meta.md 1.4).

use baton_graph::CallError;
use baton_messenger::answer::TokenFacts;
use baton_messenger::id::{AppId, Platform};
use baton_protocol::AccountId;
use baton_protocol::enrol::AccountRole;
use baton_protocol::token::PageToken;
use secrecy::SecretString;

use crate::state::Shared;

/// Why a token is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadToken {
    /// Meta does not accept it.
    #[error("Meta no longer accepts this token.")]
    Dead,
    /// It was made for another app.
    #[error("The token belongs to another Meta app than the relay's.")]
    OtherApp,
    /// It is a person's, not a Page's.
    #[error("This is not the token of a Page.")]
    NoPage,
    /// It is another account's.
    #[error("The token belongs to another account.")]
    OtherAccount,
    /// Meta could not be asked.
    #[error("The relay cannot reach Meta to check the token.")]
    MetaAway,
    /// Meta refuses the relay itself.
    #[error("Meta refuses the relay's own app token.")]
    RelayRefused,
}

/// Asks Meta whether it is a living Page token of our app for this account.
pub(crate) async fn check(
    shared: &Shared,
    on: &AccountRole,
    token: &PageToken,
) -> Result<TokenFacts, BadToken> {
    let token = SecretString::from(token.expose().to_owned());
    let asked = shared.graph.debug_token(&shared.app_secret.credentials(), &token).await;
    let facts = asked.map_err(|error| unasked(&error))?;
    let page = judge(&facts, &shared.app)?;
    match on.platform {
        Platform::Messenger if page == on.account => Ok(facts),
        Platform::Instagram if is_linked(shared, &token, on).await? => Ok(facts),
        Platform::Messenger | Platform::Instagram => Err(BadToken::OtherAccount),
    }
}

/// The Page that the token is for, if it lives and is ours.
fn judge(facts: &TokenFacts, app: &AppId) -> Result<AccountId, BadToken> {
    if !facts.is_valid || facts.error.is_some() {
        return Err(BadToken::Dead);
    }
    if facts.app_id.as_ref() != Some(app) {
        return Err(BadToken::OtherApp);
    }
    if facts.kind.as_deref().is_some_and(|kind| kind != "PAGE") {
        return Err(BadToken::NoPage);
    }
    facts.account.clone().ok_or(BadToken::NoPage)
}

/// An Instagram account is served by the token of the Page it is linked to, which only that token tells.
async fn is_linked(shared: &Shared, token: &SecretString, on: &AccountRole) -> Result<bool, BadToken> {
    let credentials = shared.app_secret.credentials_of(token);
    match shared.graph.linked_instagram(&credentials).await {
        Ok(page) => Ok(page.instagram_business_account.is_some_and(|linked| linked.id == on.account)),
        Err(error) if error.is_dead_token() => Err(BadToken::Dead),
        Err(error) => Err(unasked(&error)),
    }
}

fn unasked(error: &CallError) -> BadToken {
    tracing::warn!(%error, "Meta could not be asked about a token");
    match error {
        CallError::Meta(_) => BadToken::RelayRefused,
        _ => BadToken::MetaAway,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const OURS: &str = "700100200300400";

    fn facts(variant: &str) -> Value {
        let fixture: Value =
            serde_json::from_str(include_str!("../../../fixtures/graph_debug_token.json")).unwrap();
        fixture["variants"][variant].clone()
    }

    fn judged(facts: Value) -> Result<String, String> {
        let facts: TokenFacts = serde_json::from_value(facts).unwrap();
        judge(&facts, &OURS.into()).map(AccountId::into_string).map_err(|bad| format!("{bad:?}"))
    }

    #[test]
    fn the_fixtures_are_judged() {
        assert_eq!(judged(facts("page_token")).as_deref(), Ok("104500000000011"));
        assert_eq!(judged(facts("invalid")).unwrap_err(), "Dead");
    }

    #[rstest]
    #[case::not_valid("is_valid", json!(false), "Dead")]
    #[case::another_app("app_id", json!("700555666777888"), "OtherApp")]
    #[case::no_app("app_id", Value::Null, "OtherApp")]
    #[case::a_persons("type", json!("USER"), "NoPage")]
    #[case::no_page("profile_id", Value::Null, "NoPage")]
    fn what_does_not_fit_is_refused(#[case] member: &str, #[case] value: Value, #[case] why: &str) {
        let mut odd = facts("page_token");
        odd["data"][member] = value;
        assert_eq!(judged(odd).unwrap_err(), why);
    }
}
