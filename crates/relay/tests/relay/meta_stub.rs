//! As much of Graph as logins and token checks ask, answering with the fixtures. What it gets is looked at by its mocks:
//! a call without the right secret or proof has no answer.

use baton_messenger::signature::appsecret_proof;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{APP, SECRET};

pub const CODE: &str = "AQDFIXTUREcode";
const SHORT: &str = "EAAFIXTUREshortUserToken";
const LONG: &str = "EAAFIXTURElongLivedUserToken";
/// The token of the Page "Northwind Tea", as `me/accounts` gives it.
pub const TEA_TOKEN: &str = "EAAFIXTUREpageTokenOne";
/// The token of the Page "Northwind Coffee".
pub const COFFEE_TOKEN: &str = "EAAFIXTUREpageTokenTwo";
/// The Instagram account linked to "Northwind Tea".
pub const TEA_INSTAGRAM: &str = "17841400000000033";

pub struct Meta(pub MockServer);

impl Meta {
    pub async fn new() -> Self {
        Self(MockServer::start().await)
    }

    pub fn url(&self) -> String {
        self.0.uri()
    }

    /// Exchanges the code for the person's Pages.
    pub async fn knows_the_code(&self, redirect_uri: &str) {
        self.exchanges(redirect_uri, &ResponseTemplate::new(200).set_body_json(token(SHORT))).await;
        self.has_pages(
            &serde_json::from_str(include_str!("../../../../fixtures/graph_me_accounts.json")).unwrap(),
        )
        .await;
    }

    pub async fn exchanges(&self, redirect_uri: &str, answer: &ResponseTemplate) {
        Mock::given(method("GET"))
            .and(path("/v26.0/oauth/access_token"))
            .and(query_param("client_id", APP))
            .and(query_param("client_secret", SECRET))
            .and(query_param("redirect_uri", redirect_uri))
            .and(query_param("code", CODE))
            .respond_with(answer.clone())
            .mount(&self.0)
            .await;
    }

    pub async fn has_pages(&self, pages: &Value) {
        Mock::given(method("GET"))
            .and(path("/v26.0/oauth/access_token"))
            .and(query_param("grant_type", "fb_exchange_token"))
            .and(query_param("client_secret", SECRET))
            .and(query_param("fb_exchange_token", SHORT))
            .respond_with(ResponseTemplate::new(200).set_body_json(token(LONG)))
            .mount(&self.0)
            .await;
        Mock::given(method("GET"))
            .and(path("/v26.0/me/accounts"))
            .and(header("authorization", format!("Bearer {LONG}").as_str()))
            .and(query_param("appsecret_proof", proof(LONG)))
            .respond_with(ResponseTemplate::new(200).set_body_json(pages))
            .mount(&self.0)
            .await;
    }

    /// Knows a Page token, as `debug_token` tells it.
    pub async fn knows_token(&self, token: &str, page: &str) {
        self.says_of(token, |facts| facts["profile_id"] = page.into()).await;
    }

    pub async fn says_of(&self, token: &str, change: impl FnOnce(&mut Value)) {
        let fixture: Value =
            serde_json::from_str(include_str!("../../../../fixtures/graph_debug_token.json")).unwrap();
        let mut facts = fixture["variants"]["page_token"].clone();
        change(&mut facts["data"]);
        let app_token = format!("{APP}|{SECRET}");
        Mock::given(method("GET"))
            .and(path("/v26.0/debug_token"))
            .and(query_param("input_token", token))
            .and(header("authorization", format!("Bearer {app_token}").as_str()))
            .and(query_param("appsecret_proof", proof(&app_token)))
            .respond_with(ResponseTemplate::new(200).set_body_json(facts))
            .mount(&self.0)
            .await;
    }

    /// The Page of this token is linked to an Instagram account.
    pub async fn links(&self, token: &str, page: &str, instagram: &str) {
        let body = json!({"id": page, "name": "Kettle Corner",
            "instagram_business_account": {"id": instagram, "username": "kettlecorner"}});
        Mock::given(method("GET"))
            .and(path("/v26.0/me"))
            .and(header("authorization", format!("Bearer {token}").as_str()))
            .and(query_param("appsecret_proof", proof(token)))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&self.0)
            .await;
    }
}

fn token(token: &str) -> Value {
    json!({"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})
}

fn proof(token: &str) -> String {
    appsecret_proof(SECRET.as_bytes(), token)
}
