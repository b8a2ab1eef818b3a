//! What a customer does without saying anything: arrive by a link or an ad, agree to news, link an account, fill a
//! cart or a form (docs/meta.md 2.6.16, 2.6.17, 2.6.21).

use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::DAY_MS;
use crate::world::refusals::Refusal;
use crate::world::topic::Topic;
use crate::world::webhook_out::{Happening, Shape};
use crate::world::{World, ownership};

/// One of these acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Arrival {
    /// A link or ad led into the thread, which exists already.
    Referral {
        /// `{ref, source, type, ad_id, ads_context_data}`.
        referral: Value,
        /// The campaign's app: it owns the thread from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_app: Option<AppId>,
        /// For how many days; one when left out, at most 30.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<i64>,
    },
    /// A lead ad was filled in. Its time is told in seconds.
    Lead {
        /// `{source, type, ad_id, ads_context_data}`.
        referral: Value,
        /// Questions and answers.
        answers: Vec<(String, String)>,
    },
    /// The person agreed to be sent news, or stops or resumes them.
    Optin {
        /// What was agreed to.
        title: String,
        /// The developer's text.
        payload: String,
        /// `STOP NOTIFICATIONS` or `RESUME NOTIFICATIONS`; left out for a new agreement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
    },
    /// The person linked an account of the business's own website.
    Linked {
        /// What the website gave.
        authorization_code: String,
    },
    /// The person ended that link.
    Unlinked,
    /// The person sent a shopping cart.
    Cart {
        /// Its products.
        products: Vec<Value>,
        /// A note of the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The person filled in a feedback form.
    Feedback {
        /// A mark, as text.
        score: String,
        /// Words, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// A thumb under a message of the account.
    Thumb {
        /// The message.
        mid: Mid,
        /// Up or down.
        is_good: bool,
    },
    /// Somebody set or removed a label of this person in Meta's inbox.
    Label {
        /// Its name.
        name: String,
        /// Set or removed.
        is_set: bool,
    },
}

impl World {
    /// Does what the arrival says.
    pub fn customer_arrives(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        arrival: &Arrival,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let platform = self.account(account)?.platform;
        self.thread(account, customer)?;
        if platform == Platform::Instagram && !is_on_instagram(arrival) {
            return Err(Refusal::bad_parameter("Instagram has no such event."));
        }
        match arrival {
            Arrival::Referral { referral, to_app, days } => {
                self.opens_window(account, customer, now_ms)?;
                if let Some(app) = to_app {
                    self.assign(account, customer, app, days.unwrap_or(1), now_ms)?;
                }
                self.quiet(account, customer, Topic::Referrals, "referral", referral.clone(), now_ms);
            }
            Arrival::Lead { referral, answers } => self.lead(account, customer, referral, answers, now_ms),
            Arrival::Optin { title, payload, status } => {
                let detail = self.optin(title, payload, status.as_deref(), now_ms);
                self.quiet(account, customer, Topic::Optins, "optin", detail, now_ms);
            }
            Arrival::Linked { authorization_code } => {
                let detail = json!({"status": "linked", "authorization_code": authorization_code});
                self.quiet(account, customer, Topic::Linking, "account_linking", detail, now_ms);
            }
            Arrival::Unlinked => {
                let detail = json!({"status": "unlinked"});
                self.quiet(account, customer, Topic::Linking, "account_linking", detail, now_ms);
            }
            Arrival::Cart { products, note } => {
                let mut detail = json!({ "products": products });
                if let Some(note) = note {
                    detail["note"] = note.as_str().into();
                }
                self.quiet(account, customer, Topic::Carts, "order", detail, now_ms);
            }
            Arrival::Feedback { score, words } => {
                self.feedback(account, customer, score, words.as_deref(), now_ms);
            }
            Arrival::Thumb { mid, is_good } => self.thumb(account, customer, mid, *is_good, now_ms)?,
            Arrival::Label { name, is_set } => self.label_set(account, customer, name, *is_set, now_ms),
        }
        Ok(())
    }

    fn quiet(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        topic: Topic,
        kind: &'static str,
        detail: Value,
        now_ms: i64,
    ) {
        self.publish_act(account, customer, topic, kind, detail, now_ms);
    }

    fn opens_window(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.thread_mut(account, customer)?.window_opened_ms = Some(now_ms);
        Ok(())
    }

    /// A campaign gives the thread to its app, without an event (docs/meta.md 5.2).
    fn assign(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        days: i64,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.app(app)?;
        let until_ms = now_ms + days.clamp(1, 30) * DAY_MS;
        self.thread_mut(account, customer)?.control = ownership::owned_until(app, now_ms, until_ms);
        Ok(())
    }

    fn lead(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        referral: &Value,
        answers: &[(String, String)],
        now_ms: i64,
    ) {
        let answers =
            answers.iter().map(|(question, answer)| json!({"question": question, "answer": answer}));
        let lead = json!({"data": answers.collect::<Vec<_>>()});
        let shape = Shape {
            time_in_seconds: true,
            beside: Map::from_iter([("lead".to_owned(), lead)]),
            ..Shape::default()
        };
        let what = Happening::by_customer(Topic::Referrals, "referral", referral.clone(), now_ms);
        self.publish(account, customer, &Happening { shape, ..what });
    }

    fn optin(&mut self, title: &str, payload: &str, status: Option<&str>, now_ms: i64) -> Value {
        let mut detail = json!({
            "type": "notification_messages", "payload": payload, "title": title,
            "notification_messages_token": format!("nm_{}", self.new_number(1_000_000)),
            "notification_messages_timezone": "Europe/Berlin",
            "token_expiry_timestamp": now_ms + 180 * DAY_MS, "user_token_status": "NOT_REFRESHED",
        });
        if let Some(status) = status {
            detail["notification_messages_status"] = status.into();
        }
        detail
    }

    /// Without a time, as Meta's own sample is.
    fn feedback(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        score: &str,
        words: Option<&str>,
        now_ms: i64,
    ) {
        let mut question = json!({"type": "csat", "payload": score});
        if let Some(words) = words {
            question["follow_up"] = json!({"type": "free_form", "payload": words});
        }
        let detail = json!({"feedback_screens": [{"screen_id": 0, "questions": {"q1": question}}]});
        let what = Happening::by_customer(Topic::Feedback, "messaging_feedback", detail, now_ms);
        let shape = Shape { without_time: true, ..Shape::default() };
        self.publish(account, customer, &Happening { shape, ..what });
    }

    fn thumb(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        is_good: bool,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let message = self.thread(account, customer)?.message(mid).filter(|m| !m.is_from_customer());
        message.ok_or_else(|| Refusal::bad_parameter("The account has no such message."))?;
        let feedback = if is_good { "Good response" } else { "Bad response" };
        let detail = json!({"feedback": feedback, "mid": mid.as_str()});
        self.quiet(account, customer, Topic::Thumbs, "response_feedback", detail, now_ms);
        Ok(())
    }
}

fn is_on_instagram(arrival: &Arrival) -> bool {
    matches!(arrival, Arrival::Referral { .. } | Arrival::Optin { .. })
}
