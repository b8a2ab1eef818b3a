//! Canned replies, read and set.

use super::{Answer, Answering, errors};
use crate::contract::canned::{CannedReplies, CannedReply, SetCannedReply};

impl Answering {
    pub(crate) async fn canned_replies(&self, (): ()) -> Answer<CannedReplies> {
        let canned = self.desk().canned_replies().await.map_err(errors::of_desk)?;
        let replies = canned
            .replies
            .into_iter()
            .map(|row| CannedReply { name: row.name, text: row.text, shared: row.shared })
            .collect();
        Ok(CannedReplies { replies, may_share: canned.may_share })
    }

    pub(crate) async fn set_canned_reply(&self, set: SetCannedReply) -> Answer<CannedReplies> {
        let (name, text) = (set.name.trim(), set.text.as_deref());
        self.desk().set_canned_reply(name, text, set.shared).await.map_err(errors::of_desk)?;
        self.canned_replies(()).await
    }
}
