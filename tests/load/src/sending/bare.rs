//! The Graph call and nothing else: what a program would make that only sends.

use anyhow::Context as _;
use baton_support::people::Shop;
use baton_support::{Customer, World};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

/// Calls Graph on one connection.
pub(super) struct Bare {
    http: reqwest::Client,
    url: String,
    token: String,
    customer: String,
}

impl Bare {
    pub fn new(world: &World, shop: Shop, customer: &Customer) -> anyhow::Result<Self> {
        Ok(Self {
            http: reqwest::Client::builder().no_proxy().build()?,
            url: format!(
                "{}/{}/{}/messages",
                world.meta().base_url(),
                baton_graph::DEFAULT_VERSION,
                shop.id()
            ),
            token: world.page_token(shop)?.expose_secret().to_owned(),
            customer: customer.id().to_string(),
        })
    }

    /// Sends a text and waits for the message's id. Milliseconds.
    pub async fn sends(&self, text: &str) -> anyhow::Result<f64> {
        let body = json!({
            "recipient": {"id": self.customer}, "messaging_type": "RESPONSE",
            "message": {"text": text, "metadata": "bare"},
        });
        let begun = std::time::Instant::now();
        let answer = self.http.post(&self.url).bearer_auth(&self.token).json(&body).send().await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let took = begun.elapsed();
        answer["message_id"].as_str().context("Meta took it")?;
        Ok(took.as_secs_f64() * 1e3)
    }
}
