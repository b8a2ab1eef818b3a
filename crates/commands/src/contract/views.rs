//! Lists that this agent keeps under names, on this desk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::threads::{Sort, View};
use super::{Channel, Count};

/// A list under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// Our id.
    pub id: String,
    /// What the agent calls it.
    pub name: String,
    /// Which threads.
    pub view: View,
    /// Only of this account.
    pub account: Option<String>,
    /// Only of this channel.
    pub channel: Option<Channel>,
    /// Only with this label.
    pub label: Option<String>,
    /// True when that label was taken out of the workspace.
    pub label_is_gone: bool,
    /// In which order.
    pub sort: Sort,
    /// How many threads it holds.
    pub all: Count,
    /// How many of them are to be answered.
    pub waiting: Count,
}

/// The lists that this agent keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedViews {
    /// In the order in which they were made.
    pub views: Vec<SavedView>,
    /// How many there are at most.
    pub most: u32,
    /// How long a name may be, characters.
    pub name_max: u32,
}

/// Keeps a list under a name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveView {
    /// The one that is changed; none keeps another one.
    pub id: Option<String>,
    /// What it is called.
    pub name: String,
    /// Which threads.
    pub view: View,
    /// Only of this account.
    pub account: Option<String>,
    /// Only of this channel.
    pub channel: Option<Channel>,
    /// Only with this label.
    pub label: Option<String>,
    /// In which order.
    pub sort: Sort,
}

/// Names a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedViewName {
    /// Our id.
    pub id: String,
}
