//! What a desk is at while it opens, where that takes long. It is no command of the list: the host answers it by itself,
//! because there is no desk yet.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Count;

/// What an opening desk's file goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OpeningStepView {
    /// It is copied as it is, before an update. In bytes.
    Copying,
    /// It is brought to what this program needs. In parts of the update.
    Updating,
    /// What can be read of a damaged one is copied into a new one. In tables.
    Salvaging,
    /// What is derived is made anew. In entries of logs.
    Remaking,
    /// Its threads are computed as this program sees them. In threads.
    Applying,
}

/// How far an opening desk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpeningView {
    /// Where it stands.
    pub step: OpeningStepView,
    /// So much of the step is done.
    pub done: Count,
    /// So much there is of it; never less than what is done.
    pub of: Count,
}
