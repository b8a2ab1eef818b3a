//! Blocking people and putting their threads aside (docs/meta.md 4.10).

use serde::Serialize;

use super::Recipient;
use crate::id::CustomerId;

/// The body of `POST /{page}/moderate_conversations`, about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModerationBody {
    user_ids: [Recipient; 1],
    /// One or two; Meta takes no more.
    actions: Vec<Moderation>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
enum Moderation {
    BlockUser,
    UnblockUser,
    MoveToSpam,
}

impl ModerationBody {
    /// The person can write no more.
    pub fn block(customer: &CustomerId) -> Self {
        Self::of(customer, vec![Moderation::BlockUser])
    }

    /// The person can write no more, and the thread goes to the spam folder of Meta's own inbox. Meta has no way to take it
    /// out of there but that inbox.
    pub fn block_as_spam(customer: &CustomerId) -> Self {
        Self::of(customer, vec![Moderation::BlockUser, Moderation::MoveToSpam])
    }

    /// The person can write again.
    pub fn unblock(customer: &CustomerId) -> Self {
        Self::of(customer, vec![Moderation::UnblockUser])
    }

    /// The thread goes to the spam folder of Meta's own inbox.
    pub fn move_to_spam(customer: &CustomerId) -> Self {
        Self::of(customer, vec![Moderation::MoveToSpam])
    }

    /// Whom it is about.
    pub fn customer(&self) -> &CustomerId {
        &self.user_ids[0].id
    }

    fn of(customer: &CustomerId, actions: Vec<Moderation>) -> Self {
        Self { user_ids: [customer.into()], actions }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_are_named_as_objects() {
        let mara = CustomerId::from("7300000000000201");
        let block = serde_json::to_value(ModerationBody::block(&mara)).unwrap();
        assert_eq!(block, json!({"user_ids": [{"id": "7300000000000201"}], "actions": ["block_user"]}));
        let unblock = serde_json::to_value(ModerationBody::unblock(&mara)).unwrap();
        assert_eq!(unblock["actions"], json!(["unblock_user"]));
        let spam = serde_json::to_value(ModerationBody::move_to_spam(&mara)).unwrap();
        assert_eq!(spam["actions"], json!(["move_to_spam"]));
        let both = serde_json::to_value(ModerationBody::block_as_spam(&mara)).unwrap();
        assert_eq!(both["actions"], json!(["block_user", "move_to_spam"]));
    }
}
