//! Pass, take, release, request and extend control of a thread (docs/meta.md 5.3).

use serde::Serialize;

use super::{Metadata, Recipient, Unsendable};
use crate::id::{AppId, CustomerId};
use crate::limits::EXTEND_SECONDS_MAX;

/// One of the five calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ControlCall {
    /// Hands the thread to another app.
    PassThreadControl,
    /// Takes it from whoever holds it.
    TakeThreadControl,
    /// Leaves it to nobody.
    ReleaseThreadControl,
    /// Asks the owner for it.
    RequestThreadControl,
    /// Keeps it longer than 24 h.
    ExtendThreadControl,
}

impl ControlCall {
    /// The edge of the account that is called, such as `pass_thread_control`.
    pub fn edge(self) -> &'static str {
        self.into()
    }
}

/// What becomes of control after a message, in the same call (docs/meta.md 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "control_type")]
pub(super) enum SendControl {
    Release,
    Pass {
        #[serde(skip_serializing_if = "Option::is_none")]
        app_id: Option<AppId>,
    },
}

/// The body of a control call, together with which call it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlBody {
    #[serde(skip)]
    call: ControlCall,
    recipient: Recipient,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_app_id: Option<AppId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
}

impl ControlBody {
    /// Hands the thread to an app, or to the default app when none is named.
    pub fn pass(customer: &CustomerId, to: Option<&AppId>, note: Option<Metadata>) -> Self {
        let body = Self::plain(ControlCall::PassThreadControl, customer, note);
        Self { target_app_id: to.cloned(), ..body }
    }

    /// Takes the thread.
    pub fn take(customer: &CustomerId, note: Option<Metadata>) -> Self {
        Self::plain(ControlCall::TakeThreadControl, customer, note)
    }

    /// Leaves the thread to nobody.
    pub fn release(customer: &CustomerId) -> Self {
        Self::plain(ControlCall::ReleaseThreadControl, customer, None)
    }

    /// Asks the owner.
    pub fn request(customer: &CustomerId, note: Option<Metadata>) -> Self {
        Self::plain(ControlCall::RequestThreadControl, customer, note)
    }

    /// Keeps the thread for this many seconds from now.
    ///
    /// # Errors
    /// [`Unsendable::ExtendOutOfRange`] for nothing, and for more than seven days.
    pub fn extend(customer: &CustomerId, seconds: u32) -> Result<Self, Unsendable> {
        if !(1..=EXTEND_SECONDS_MAX).contains(&seconds) {
            return Err(Unsendable::ExtendOutOfRange);
        }
        let body = Self::plain(ControlCall::ExtendThreadControl, customer, None);
        Ok(Self { duration: Some(seconds), ..body })
    }

    /// Which call this is.
    pub fn call(&self) -> ControlCall {
        self.call
    }

    /// Whose thread.
    pub fn customer(&self) -> &CustomerId {
        &self.recipient.id
    }

    fn plain(call: ControlCall, customer: &CustomerId, metadata: Option<Metadata>) -> Self {
        Self { call, recipient: customer.into(), target_app_id: None, metadata, duration: None }
    }
}
