//! What a rule is held against: one call, one webhook, one media link.

use axum::http::Method;
use baton_messenger::{AccountId, AppId, CustomerId};
use serde::{Deserialize, Serialize};

use crate::routes::GraphCall;

/// The kinds of Graph calls, as rules name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// `POST /{account}/messages` with a message.
    Send,
    /// `POST /{account}/messages` with a sender action.
    Action,
    /// `POST /{account}/message_attachments`.
    Upload,
    /// Pass, take, request, release, extend.
    Control,
    /// `GET /{account}/thread_owner`.
    Owner,
    /// `GET /{account}/conversations` and one conversation.
    Conversations,
    /// `GET /{conversation}/messages`.
    Messages,
    /// One message by its id.
    Message,
    /// A person's profile.
    Profile,
    /// `/me`, a Page, an Instagram account.
    Account,
    /// `GET /me/accounts`.
    Accounts,
    /// `GET /debug_token`.
    DebugToken,
    /// `/{account}/subscribed_apps` and `/{app}/subscriptions`.
    Subscriptions,
    /// `/oauth/…`.
    Login,
    /// Anything else.
    Other,
}

impl CallKind {
    /// What kind of call this is, by its path; an id that looks like a person's or a Page's is told by `is_account`.
    pub(crate) fn of(call: &GraphCall, is_account: impl Fn(&str) -> bool) -> Self {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        let is_post = call.method == Method::POST;
        match path.as_slice() {
            ["oauth", ..] => Self::Login,
            ["me", "accounts"] => Self::Accounts,
            ["debug_token"] => Self::DebugToken,
            ["me"] => Self::Account,
            [_, "messages"] if is_post && call.text("sender_action").is_some() => Self::Action,
            [_, "messages"] if is_post => Self::Send,
            [_, "messages"] => Self::Messages,
            [_, "message_attachments"] => Self::Upload,
            [_, "thread_owner"] => Self::Owner,
            [_, edge] if edge.ends_with("_thread_control") => Self::Control,
            [_, "conversations"] => Self::Conversations,
            [_, "subscribed_apps" | "subscriptions"] => Self::Subscriptions,
            [node] if node.starts_with("t_") => Self::Conversations,
            [node] if node.starts_with("m_") || node.starts_with("aW") => Self::Message,
            [node] if is_account(node) => Self::Account,
            [node] if node.bytes().all(|b| b.is_ascii_digit()) => Self::Profile,
            _ => Self::Other,
        }
    }
}

/// One case. What is not known of it fits no filter that asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Case<'a> {
    pub page: Option<&'a AccountId>,
    pub customer: Option<&'a CustomerId>,
    pub app: Option<&'a AppId>,
    pub field: Option<&'a str>,
    pub call: Option<CallCase<'a>>,
}

/// The part of a case that only a call has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallCase<'a> {
    pub kind: CallKind,
    pub method: &'a str,
    pub path: &'a str,
}
