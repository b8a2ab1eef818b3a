//! A customer with a phone.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Context as _;
use baton_messenger::{AccountId, CustomerId, Mid};
use baton_simulator::{MessageView, Said, Simulator, Thing, ThreadView};
use serde_json::{Value, json};

use crate::people::Shop;
use crate::wait::{self, Look};

/// A customer of one Page.
#[derive(Debug, Clone)]
pub struct Customer {
    pub(crate) meta: Arc<Simulator>,
    pub(crate) shop: Shop,
    pub(crate) id: CustomerId,
    pub(crate) name: &'static str,
}

impl Customer {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The id that the customer has with the Page.
    #[must_use]
    pub fn id(&self) -> &CustomerId {
        &self.id
    }

    /// The Page that the customer writes to.
    #[must_use]
    pub fn shop(&self) -> Shop {
        self.shop
    }

    /// The Page's id.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.shop.id()
    }

    /// Writes to the Page.
    ///
    /// # Errors
    /// When Meta does not take it.
    pub fn writes(&self, text: &str) -> anyhow::Result<Mid> {
        Ok(self.meta.customer_writes(&self.account(), &self.id, text)?)
    }

    /// Writes about an earlier message.
    ///
    /// # Errors
    /// When Meta does not take it.
    pub fn writes_about(&self, earlier: &Mid, text: &str) -> anyhow::Result<Mid> {
        Ok(self.meta.customer_replies(&self.account(), &self.id, text, earlier)?)
    }

    /// Says something else than plain words.
    ///
    /// # Errors
    /// When Meta does not take it.
    pub fn says(&self, said: &Said) -> anyhow::Result<Mid> {
        Ok(self.meta.customer_says(&self.account(), &self.id, said)?)
    }

    /// Reacts to a message, or takes the reaction back.
    ///
    /// # Errors
    /// When there is no such message.
    pub fn reacts(&self, to: &Mid, name: Option<&str>) -> anyhow::Result<()> {
        Ok(self.meta.customer_reacts(&self.account(), &self.id, to, name)?)
    }

    /// Takes a message back.
    ///
    /// # Errors
    /// When it is not theirs to take back.
    pub fn unsends(&self, mid: &Mid) -> anyhow::Result<()> {
        Ok(self.meta.customer_unsends(&self.account(), &self.id, mid)?)
    }

    /// Changes a message.
    ///
    /// # Errors
    /// When it is not theirs to change.
    pub fn edits(&self, mid: &Mid, text: &str) -> anyhow::Result<()> {
        Ok(self.meta.customer_edits(&self.account(), &self.id, mid, text)?)
    }

    /// Sends a picture, video, sound, file …
    ///
    /// # Errors
    /// When Meta does not take it.
    pub fn sends(&self, thing: Thing) -> anyhow::Result<Mid> {
        Ok(self.meta.customer_says(&self.account(), &self.id, &Said::thing(thing))?)
    }

    /// An event of this customer, as it stands in a webhook of the Page.
    #[must_use]
    pub fn event(&self, at_ms: i64, message: &Value) -> Value {
        let account = self.account();
        json!({"object": "page", "entry": [{"id": account, "time": at_ms, "messaging": [{
            "sender": {"id": self.id}, "recipient": {"id": account}, "timestamp": at_ms, "message": message,
        }]}]})
    }

    /// The phone is switched on and shows what was sent.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn phone_is_on(&self) -> anyhow::Result<()> {
        Ok(self.meta.customer_receives(&self.account(), &self.id)?)
    }

    /// Looks at what was sent.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn reads(&self) -> anyhow::Result<()> {
        Ok(self.meta.customer_reads(&self.account(), &self.id)?)
    }

    /// The thread as Meta has it.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn thread(&self) -> anyhow::Result<ThreadView> {
        self.meta.thread(&self.account(), &self.id).context("Meta does not know this customer")
    }

    /// What is on the phone, oldest first.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn phone(&self) -> anyhow::Result<Vec<MessageView>> {
        Ok(self.thread()?.messages)
    }

    /// How often this very text, sent by some app, is on the phone.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn got(&self, text: &str) -> anyhow::Result<usize> {
        let is_it = |m: &&MessageView| m.app_id.is_some() && m.text.as_deref() == Some(text);
        Ok(self.phone()?.iter().filter(is_it).count())
    }

    /// Waits until this text, sent by some app, is on the phone; once, or it is an error.
    ///
    /// # Errors
    /// When it does not come, or comes more than once.
    pub async fn gets(&self, text: &str) -> anyhow::Result<MessageView> {
        let look = async || self.look_for(text);
        wait::until(format!("“{text}” on the phone of {}", self.name), look).await
    }

    fn look_for(&self, text: &str) -> Look<MessageView> {
        let phone = self.phone().map_err(|e| e.to_string())?;
        let mut copies = phone.iter().filter(|m| m.app_id.is_some() && m.text.as_deref() == Some(text));
        match (copies.next(), copies.next()) {
            (Some(message), None) => Ok(message.clone()),
            _ => Err(transcript(&phone)),
        }
    }

    /// Whose app controls the thread at Meta; `None`: nobody's.
    ///
    /// # Errors
    /// When there is no such customer.
    pub fn held_by(&self) -> anyhow::Result<Option<String>> {
        Ok(self.thread()?.owner.map(|owner| owner.app_name))
    }
}

/// The name of the file that a message on a phone is, as its link tells it; none for a message without one.
#[must_use]
pub fn file_name(message: &MessageView) -> Option<String> {
    let url = message.attachments.first()?["payload"]["url"].as_str()?;
    let name = url.split('?').next()?.rsplit('/').next()?;
    Some(name.replace("%20", " ").replace('+', " "))
}

/// What is on a phone, one line a message, for a failing test.
fn transcript(phone: &[MessageView]) -> String {
    phone.iter().fold(String::from("phone:"), |mut lines, message| {
        let author = message.app_name.as_deref().unwrap_or("customer");
        let _ = write!(lines, "\n  {author}: {}", message.text.as_deref().unwrap_or("(no text)"));
        lines
    })
}
