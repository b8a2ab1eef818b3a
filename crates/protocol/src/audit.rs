//! A page of one thread's history as the steward read it from Graph, kept in the log so that Graph is asked
//! once for the whole team. A webhook always merges over what an audit found: it has milliseconds and
//! metadata, Graph has whole seconds.

use baton_messenger::answer::ConversationMessage;
use baton_messenger::id::CustomerId;
use serde::{Deserialize, Serialize};

use crate::ids::DeskId;

/// The largest audit page the relay takes, in bytes of JSON.
pub const MAX_PAGE_BYTES: usize = 256 * 1024;

/// One page of one thread, newest first, as Graph listed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditPage {
    /// The thread's customer.
    pub customer: CustomerId,
    /// Graph's id of the conversation.
    pub conversation: String,
    /// The desk that read it.
    pub desk: DeskId,
    /// When Meta answered, milliseconds UTC of Meta's clock.
    pub read_at_ms: i64,
    /// The customer's name as `participants` gives it.
    pub customer_name: Option<String>,
    /// The messages, newest first.
    pub messages: Vec<ConversationMessage>,
    /// True when Meta gives nothing older than this page.
    pub is_oldest: bool,
}
