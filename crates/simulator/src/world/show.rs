//! What a test or the phone may see of the world: plain values, without tokens or secrets.

use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform};
use serde::Serialize;
use serde_json::Value;

use super::account::Account;
use super::app::AppKind;
use super::thread::{Author, Message, Thread};
use super::{World, ownership, window};
use crate::clock::DAY_MS;

/// The whole world at one moment.
#[derive(Debug, Clone, Serialize)]
pub struct WorldView {
    /// Simulated time, milliseconds UTC.
    pub now_ms: i64,
    /// Every app, Meta's own inbox included.
    pub apps: Vec<AppView>,
    /// Every account: Pages, and Instagram accounts with their platform.
    pub pages: Vec<PageView>,
}

/// One app.
#[derive(Debug, Clone, Serialize)]
pub struct AppView {
    /// The app's id.
    pub id: AppId,
    /// The app's name.
    pub name: String,
    /// What it is in this world.
    pub kind: AppKind,
}

/// One account.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: String,
    /// A Page or an Instagram account.
    pub platform: Platform,
    /// Instagram's handle.
    pub username: Option<String>,
    /// The Page that an Instagram account is linked to.
    pub page_id: Option<AccountId>,
    /// Whether Conversation Routing is on.
    pub is_routing_on: bool,
    /// `off`, `on`, or `hop_v2` for the old protocol with its roles.
    pub routing: &'static str,
    /// The app that answers idle threads: the default app, or the primary receiver.
    pub default_app: Option<AppId>,
    /// Whether Meta approved the Human Agent feature.
    pub is_human_agent_approved: bool,
    /// Whether Meta approved reading names and pictures.
    pub is_profile_access_approved: bool,
    /// Whether Meta has blocked sending.
    pub is_restricted: bool,
    /// Which app is subscribed to which fields.
    pub subscriptions: Vec<SubscriptionView>,
    /// The customers, the one with the newest message first.
    pub customers: Vec<CustomerView>,
}

/// One app's subscription to one Page.
#[derive(Debug, Clone, Serialize)]
pub struct SubscriptionView {
    /// The app.
    pub app_id: AppId,
    /// The fields it hears.
    pub fields: Vec<String>,
}

/// One customer in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerView {
    /// The PSID.
    pub id: CustomerId,
    /// First and last name.
    pub name: String,
    /// When something was last said, milliseconds UTC; 0 when nothing was.
    pub updated_ms: i64,
    /// The newest text.
    pub snippet: String,
}

/// One thread, as its customer's phone and a test see it.
#[derive(Debug, Clone, Serialize)]
pub struct ThreadView {
    /// Simulated time of this view, milliseconds UTC.
    pub now_ms: i64,
    /// Graph's id of the conversation.
    pub id: String,
    /// The account.
    pub page_id: AccountId,
    /// What people call the account: on Instagram its handle.
    pub page_name: String,
    /// A Page or an Instagram account.
    pub platform: Platform,
    /// The customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Whether messages can reach the customer.
    pub is_reachable: bool,
    /// Whether the business has blocked the customer.
    pub is_blocked: bool,
    /// Whether the business put the thread among its spam.
    pub is_spam: bool,
    /// Instagram: still among the requests.
    pub is_request: bool,
    /// The app that controls the thread; `None`: idle.
    pub owner: Option<OwnerView>,
    /// Whether the account uses Conversation Routing.
    pub is_routing_on: bool,
    /// When the 24-hour window closes, milliseconds UTC; `None`: the customer never wrote.
    pub window_until_ms: Option<i64>,
    /// Whether that window is open.
    pub is_window_open: bool,
    /// Whether an app is showing that it types.
    pub is_typing: bool,
    /// Everything up to here was marked as seen by the business.
    pub business_seen_ms: i64,
    /// What was said, oldest first.
    pub messages: Vec<MessageView>,
}

/// Who controls a thread.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerView {
    /// The app.
    pub app_id: AppId,
    /// Its name.
    pub app_name: String,
    /// When control lapses, milliseconds UTC.
    pub expires_ms: i64,
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView {
    /// Meta's id of the message.
    pub mid: Mid,
    /// When it was said, milliseconds UTC.
    pub at_ms: i64,
    /// The app that sent it; `None`: the customer.
    pub app_id: Option<AppId>,
    /// That app's name.
    pub app_name: Option<String>,
    /// The text, if it has one.
    pub text: Option<String>,
    /// Attachments as Meta writes them.
    pub attachments: Vec<Value>,
    /// The quick replies offered with it.
    pub quick_replies: Vec<Value>,
    /// The sender's own note, as it stands in the echo.
    pub metadata: Option<String>,
    /// The persona it was sent under.
    pub persona_id: Option<String>,
    /// The message this one answers.
    pub reply_to: Option<Mid>,
    /// A link to the story that this answers.
    pub story_url: Option<String>,
    /// The payload of the quick reply that was tapped.
    pub quick_reply: Option<String>,
    /// What led here.
    pub referral: Option<Value>,
    /// How often its text was changed.
    pub edits: u32,
    /// Taken back by whoever said it.
    pub is_deleted: bool,
    /// Of a kind that the API cannot carry.
    pub is_unsupported: bool,
    /// `RESPONSE`, `UPDATE` or `MESSAGE_TAG`, for an app's message.
    pub messaging_type: Option<String>,
    /// The tag it was sent with.
    pub tag: Option<String>,
    /// The customer's reaction.
    pub reaction: Option<String>,
    /// The account's reaction.
    pub page_reaction: Option<String>,
    /// The phone has shown it (an app's message), always true for the customer's own.
    pub is_delivered: bool,
    /// The other side has seen it.
    pub is_seen: bool,
}

impl World {
    pub fn show(&self, now_ms: i64) -> WorldView {
        let app = |a: &super::app::App| AppView { id: a.id.clone(), name: a.name.clone(), kind: a.kind };
        let pages = self.accounts.values().map(show_account).collect();
        WorldView { now_ms, apps: self.apps.values().map(app).collect(), pages }
    }

    pub fn show_thread(&self, account: &AccountId, customer: &CustomerId, now_ms: i64) -> Option<ThreadView> {
        self.show_newest(account, customer, usize::MAX, now_ms).map(|(view, _)| view)
    }

    /// A thread with no more than its newest messages, and how many there are before them.
    pub fn show_newest(
        &self,
        account: &AccountId,
        customer: &CustomerId,
        most: usize,
        now_ms: i64,
    ) -> Option<(ThreadView, usize)> {
        let account = self.accounts.get(account)?;
        let thread = account.threads.get(customer)?;
        let earlier = thread.messages.len().saturating_sub(most);
        let owner = ownership::owner(thread, now_ms).map(|(app, expires_ms)| OwnerView {
            app_id: app.clone(),
            app_name: self.app_name(app),
            expires_ms,
        });
        let view = ThreadView {
            now_ms,
            id: thread.id.clone(),
            page_id: account.id.clone(),
            page_name: account.called(),
            platform: account.platform,
            customer_id: thread.customer.id.clone(),
            customer_name: thread.customer.name(),
            is_reachable: thread.customer.is_reachable,
            is_blocked: thread.customer.is_blocked,
            is_spam: thread.is_spam,
            is_request: thread.is_request,
            owner,
            is_routing_on: account.routing.is_on(),
            window_until_ms: thread.window_opened_ms.map(|ms| ms + DAY_MS),
            is_window_open: window::is_open(thread, now_ms),
            is_typing: now_ms < thread.typing_until_ms,
            business_seen_ms: thread.business_seen_ms,
            messages: thread.messages[earlier..]
                .iter()
                .map(|m| self.show_message(thread, m, now_ms))
                .collect(),
        };
        Some((view, earlier))
    }

    pub fn app_name(&self, app: &AppId) -> String {
        self.apps.get(app).map_or_else(|| app.to_string(), |a| a.name.clone())
    }

    fn show_message(&self, thread: &Thread, message: &Message, now_ms: i64) -> MessageView {
        let app_id = match &message.author {
            Author::Customer => None,
            Author::App(app) => Some(app.clone()),
        };
        let is_from_customer = app_id.is_none();
        let seen_ms = if is_from_customer { thread.business_seen_ms } else { thread.read_ms };
        let story = message.story.as_ref();
        MessageView {
            mid: message.mid.clone(),
            at_ms: message.at_ms,
            app_name: app_id.as_ref().map(|app| self.app_name(app)),
            app_id,
            text: message.text.clone(),
            attachments: message.attachments.iter().map(|a| a.to_json(&self.files, now_ms)).collect(),
            quick_replies: message.quick_replies.clone(),
            metadata: message.metadata.clone(),
            persona_id: message.persona.clone(),
            reply_to: message.reply_to.as_ref().map(|to| to.mid.clone()),
            story_url: story.and_then(|story| self.files.link(&story.file, now_ms)),
            quick_reply: message.chosen.clone(),
            referral: message.referral.clone(),
            edits: message.edits,
            is_deleted: message.is_deleted,
            is_unsupported: message.is_unsupported,
            messaging_type: message.manner.as_ref().map(|m| m.messaging_type.clone()),
            tag: message.manner.as_ref().and_then(|m| m.tag.clone()),
            reaction: message.reaction.as_ref().map(|r| r.emoji.clone()),
            page_reaction: message.page_reaction.as_ref().map(|r| r.emoji.clone()),
            is_delivered: is_from_customer || message.at_ms <= thread.delivered_ms,
            is_seen: message.at_ms <= seen_ms,
        }
    }
}

fn show_account(account: &Account) -> PageView {
    let subscriptions = account
        .subscriptions
        .iter()
        .map(|(app, s)| SubscriptionView { app_id: app.clone(), fields: s.fields.iter().cloned().collect() });
    let mut threads: Vec<&Thread> = account.threads.values().collect();
    threads.sort_by(|a, b| b.updated_ms().cmp(&a.updated_ms()).then_with(|| a.id.cmp(&b.id)));
    let customers = threads.into_iter().map(|t| CustomerView {
        id: t.customer.id.clone(),
        name: t.customer.name(),
        updated_ms: t.updated_ms(),
        snippet: snippet(t),
    });
    PageView {
        id: account.id.clone(),
        name: account.name.clone(),
        platform: account.platform,
        username: account.username.clone(),
        page_id: account.page.clone(),
        is_routing_on: account.routing.is_on(),
        routing: account.routing.name(),
        default_app: account.routing.default_app().cloned(),
        is_human_agent_approved: account.switches.has_human_agent,
        is_profile_access_approved: account.switches.has_names,
        is_restricted: account.is_restricted,
        subscriptions: subscriptions.collect(),
        customers: customers.collect(),
    }
}

/// The newest text of a thread.
pub(crate) fn snippet(thread: &Thread) -> String {
    thread.messages.iter().rev().filter(|m| !m.is_deleted).find_map(|m| m.text.clone()).unwrap_or_default()
}
