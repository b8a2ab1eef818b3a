//! The types that cross between page and host. TypeScript is generated from them (`make contract`), so they are
//! shaped for the page: camelCase, times in milliseconds, words ready to show.

pub mod account;
pub mod alerts;
pub mod attachment;
pub mod board;
pub mod canned;
pub mod composer;
pub mod error;
pub mod happened;
pub mod history;
pub mod labels;
pub mod login;
pub mod many;
pub mod note;
pub mod notice;
pub mod opening;
pub mod people;
pub mod presence;
pub mod queue;
pub mod search;
pub mod session;
pub mod status;
pub mod thread;
pub mod threads;
pub mod views;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use session::RoutingView;

/// A moment: milliseconds UTC of Meta's clock, save where a field says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Ms(pub i64);

/// A thread as this desk numbers it. Stable while the desk's store lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct ThreadRef(pub i64);

/// A count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Count(pub u64);

/// What happened and what can be done, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Words {
    /// What happened and what it means.
    pub what: String,
    /// What can be done; empty when there is nothing to do.
    pub action: String,
}

/// Messenger or Instagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// A Facebook Page's Messenger.
    Messenger,
    /// An Instagram Professional account.
    Instagram,
}

/// Who holds control of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnerView {
    /// Which kind of owner.
    pub owner: OwnerKind,
    /// The app's name, or its id where nobody named it; none for ours, idle and unmanaged.
    pub app_name: Option<String>,
    /// Until when it holds, where control lapses.
    pub until_ms: Option<Ms>,
    /// Since when.
    pub since_ms: Option<Ms>,
    /// The default app's name: the bot, where there is one.
    pub default_app_name: Option<String>,
    /// Who gets a customer who writes while nobody holds the thread, where that is known: the default app or, in the old
    /// handover protocol, the first receiver.
    pub first_name: Option<String>,
    /// How Meta decides there which app may answer.
    pub routing: RoutingView,
}

/// Which kind of owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OwnerKind {
    /// Baton.
    Ours,
    /// Nobody.
    Idle,
    /// Another app.
    Other,
    /// People in Meta's own inbox.
    MetaInbox,
    /// A flow of questions that an ad began; Meta runs it.
    QuestionFlow,
    /// Routing is off and no app was given the thread: any connected app may answer.
    Unmanaged,
    /// Not known yet.
    Unknown,
}

/// What an agent can do about control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ControlAct {
    /// Take control from whoever has it.
    Take,
    /// Pass control to the account's default app.
    PassToDefault,
    /// Pass control to people in Meta's inbox.
    PassToInbox,
    /// Pass control to another app that is known there.
    PassToApp,
    /// Give control up.
    Release,
    /// Ask the owner for control.
    Request,
    /// Keep control for seven days.
    Extend,
}

/// Where a thread stands in the team's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StatusView {
    /// Somebody should look at it.
    Open,
    /// We wait for the customer.
    WaitingOnCustomer,
    /// Asleep.
    Snoozed {
        /// Until when.
        until_ms: Ms,
    },
    /// Finished.
    Done,
}
