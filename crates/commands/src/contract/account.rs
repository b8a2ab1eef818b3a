//! One account: how it is, and removing it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, Ms, Words};

/// One fact about how an account is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountFact {
    /// What it is about.
    pub kind: AccountFactKind,
    /// How it is.
    pub state: AccountFactState,
    /// The fact itself, in a few words; empty where `at_ms` says it.
    pub value: String,
    /// What it means and what can be done; empty where there is nothing to say.
    pub words: Words,
    /// The moment that the fact is, or began.
    pub at_ms: Option<Ms>,
}

/// What a fact about an account is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AccountFactKind {
    /// Whether what happens there arrives here.
    Connection,
    /// How its Page token stands on this desk.
    Token,
    /// Which rights that token carries.
    TokenRights,
    /// When that token ends, or Meta stops giving data for it.
    TokenEnd,
    /// Whether Meta sends what happens there.
    Subscription,
    /// Whether Meta sends our app anything of its platform, as the relay found out.
    AppSubscription,
    /// When Meta last sent something.
    LastWebhook,
    /// What Meta did to it.
    Policy,
    /// How it is decided who may answer.
    Routing,
    /// Who answers when nobody holds a thread.
    DefaultApp,
    /// Whether late replies may be sent.
    HumanAgent,
    /// Whether Meta gives customers' names.
    Names,
    /// Messages that did not arrive by themselves.
    Missed,
}

/// How a fact about an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AccountFactState {
    /// All is well.
    Good,
    /// Neither good nor bad.
    Note,
    /// Somebody should look at it.
    Warning,
    /// Not well.
    Bad,
}

/// Another app that works at an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownAppView {
    /// Meta's id.
    pub app: String,
    /// What it is called; none when nobody named it.
    pub name: Option<String>,
    /// True where its answers stop the waiting time, as a person's do. It matters where routing is off.
    pub answers_count: bool,
}

/// Gives an app of an account another name, for the whole team. Needs an admin.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameApp {
    /// The account.
    pub account: String,
    /// The app.
    pub app: String,
    /// Its name.
    pub name: String,
}

/// Chooses whether the answers of an app count as a person's where routing is off. Needs an admin.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountAnswers {
    /// The account.
    pub account: String,
    /// The app.
    pub app: String,
    /// True to count them.
    pub on: bool,
}

/// Names an account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountName {
    /// Meta's id.
    pub account: String,
}

/// What would be lost on this desk with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovalView {
    /// Threads.
    pub threads: Count,
    /// Parts of replies that have not left.
    pub replies_waiting: Count,
    /// Drafts.
    pub drafts: Count,
}

/// An account was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovedView {
    /// What is left to do at Meta; empty when nothing is.
    pub words: Words,
}

/// What became of a file with the evidence of late replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFile {
    /// Its name; none when the person changed their mind.
    pub name: Option<String>,
    /// Late replies in it.
    pub rows: Count,
    /// Entries of the account's log that are not on this desk yet.
    pub lacks: Count,
}
