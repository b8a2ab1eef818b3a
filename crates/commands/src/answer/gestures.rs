//! What an agent puts around a draft, and what the customer is shown without a message.

use baton_core::store::ThreadId;
use baton_messenger::Mid;

use super::{Answer, Answering, errors};
use crate::contract::thread::{AnswerMessage, MarkSeen, OfferAnswers, React, ShowTyping};

impl Answering {
    pub(crate) async fn answer_message(&self, asked: AnswerMessage) -> Answer<()> {
        let mid = asked.mid.map(Mid::from);
        self.desk().answer_message(ThreadId(asked.thread.0), mid.as_ref()).await.map_err(errors::of_desk)
    }

    pub(crate) async fn offer_answers(&self, asked: OfferAnswers) -> Answer<()> {
        self.desk().offer_answers(ThreadId(asked.thread.0), &asked.titles).await.map_err(errors::of_desk)
    }

    pub(crate) async fn react(&self, asked: React) -> Answer<()> {
        let mid = Mid::from(asked.mid);
        let emoji = asked.emoji.as_deref();
        self.desk().react(ThreadId(asked.thread.0), &mid, emoji).await.map_err(errors::of_desk)
    }

    pub(crate) async fn show_typing(&self, asked: ShowTyping) -> Answer<()> {
        self.desk().types(ThreadId(asked.thread.0), asked.typing);
        Ok(())
    }

    pub(crate) async fn mark_seen(&self, asked: MarkSeen) -> Answer<()> {
        let thread = ThreadId(asked.thread.0);
        let marked = if asked.by_hand {
            self.desk().mark_seen(thread).await
        } else {
            self.desk().mark_seen_by_itself(thread).await
        };
        marked.map_err(errors::of_desk)
    }
}
