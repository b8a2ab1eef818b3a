//! What a customer thinks of us (docs/meta.md 2.6.21).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::Mid;
use crate::loose;

/// A feedback form was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The pages of the form.
    #[serde(default, rename = "feedback_screens", deserialize_with = "loose::list")]
    pub screens: Vec<FeedbackScreen>,
}

/// One page of a feedback form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackScreen {
    /// Its number.
    #[serde(default, deserialize_with = "loose::whole")]
    pub screen_id: Option<i64>,
    /// The answers, by the id of their question.
    #[serde(default, deserialize_with = "loose::objects_by_name")]
    pub questions: BTreeMap<String, FeedbackAnswer>,
}

/// The answer to one question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackAnswer {
    /// `csat`, `nps`, `ces`, `free_form`, or a word not known yet.
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// The mark as text, or what the customer wrote.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// The answer to the question that followed.
    #[serde(default, deserialize_with = "loose::object", skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Box<FeedbackAnswer>>,
}

/// A thumb under one of our messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseFeedback {
    /// `Good response` or `Bad response`.
    #[serde(default, deserialize_with = "loose::text")]
    pub feedback: Option<String>,
    /// Our message.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
}

impl ResponseFeedback {
    /// Whether the thumb points up; `None` for a word that is not known.
    pub fn is_good(&self) -> Option<bool> {
        match self.feedback.as_deref() {
            Some("Good response") => Some(true),
            Some("Bad response") => Some(false),
            _ => None,
        }
    }
}
