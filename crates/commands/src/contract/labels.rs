//! Labels: which there are, and which a thread carries.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ThreadRef;

/// A label of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelView {
    /// Our id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub colour: String,
}

/// The labels of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelsView {
    /// By name.
    pub labels: Vec<LabelView>,
    /// True when this agent may make, change and remove them.
    pub may_define: bool,
    /// How long a name may be, characters.
    pub name_max: u32,
    /// How many there are at most.
    pub most: u32,
}

/// How a thread carries a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LabelState {
    /// The team knows of it.
    On,
    /// It was put on here, and the team has not been told.
    PuttingOn,
    /// It was taken off here, and the team has not been told.
    TakingOff,
}

/// A label as a thread carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadLabelView {
    /// Our id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub colour: String,
    /// How.
    pub state: LabelState,
}

/// Makes a label, or gives one another name or colour. For the whole workspace.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefineLabel {
    /// The one that is changed; none makes one.
    pub label: Option<String>,
    /// Its name; no other label goes by it.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub colour: String,
}

/// Names a label.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelName {
    /// Our id.
    pub label: String,
}

/// Puts a label on a thread, or takes it off. While the relay is away it waits.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetLabel {
    /// The thread.
    pub thread: ThreadRef,
    /// The label.
    pub label: String,
    /// True to put it on.
    pub on: bool,
}
