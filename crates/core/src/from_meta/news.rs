//! What Meta told of a thread and this desk does not have, as the thread shows it. Pure but for the look into the store.
//!
//! A message is the same by its id. On Instagram nobody confirmed that Graph and the webhook call it the same (docs/meta.md
//! 3.2), so one that was said in the same second by the same side in the same words is the same too. A reply that may have
//! left from here or from another desk is shown as that, and not a second time as something the account said.

use std::collections::BTreeSet;

use baton_messenger::answer::ConversationMessage;
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, Mid};
use baton_protocol::team::Settlement;

use super::book::Told;
use crate::apply::{attachments, extra_of};
use crate::store::{
    AttachmentPlace, AttachmentRow, Author, MessageKey, MessageKind, MessageRow, PartRow, PartStateName,
    Quote, Reading, StoreError, TeamPartRow, ThreadRow,
};

/// What this desk has of a thread's end.
#[derive(Default)]
struct Here {
    /// Of what Meta told, what is here or known to be gone.
    mids: BTreeSet<Mid>,
    /// The newest messages, oldest first.
    messages: Vec<MessageRow>,
    /// What this desk sends and is no message yet.
    parts: Vec<PartRow>,
    /// What others send and is no message yet.
    elsewhere: Vec<TeamPartRow>,
}

/// What Meta told of a thread and this desk does not have, oldest first.
pub(super) async fn news(
    reading: &mut Reading,
    thread: &ThreadRow,
    told: &Told,
) -> Result<Vec<MessageRow>, StoreError> {
    let most = u32::try_from(MESSAGES_WITH_DETAILS).unwrap_or(u32::MAX);
    let mut elsewhere = reading.sent_without_message(thread.id).await?;
    elsewhere.extend(reading.parts_elsewhere(thread.id).await?);
    let here = Here {
        mids: reading.here_or_gone(thread.id, &told.mids()).await?,
        messages: reading.messages(thread.id, None, most).await?,
        parts: reading.parts_of_thread(thread.id).await?,
        elsewhere,
    };
    let mut news = of(told, &thread.key.account, &here);
    let answered: Vec<Mid> = news.iter().filter_map(|row| Some(row.reply_to.as_ref()?.mid.clone())).collect();
    if !answered.is_empty() {
        let quotes = reading.quotes(thread.id, &answered).await?;
        for quote in news.iter_mut().filter_map(|row| row.reply_to.as_mut()) {
            quote.original = quotes.get(&quote.mid).and_then(|known| known.original.clone());
        }
    }
    Ok(news)
}

fn of(told: &Told, account: &AccountId, here: &Here) -> Vec<MessageRow> {
    // What is older than the newest that is here belongs to the history, and is not read while the relay is away.
    let from_s = here.messages.last().map_or(i64::MIN, |newest| newest.place.at_ms / 1000);
    let rows = told.messages.iter().zip(1..).filter_map(|(message, number)| row(message, account, -number));
    let mut news: Vec<MessageRow> = rows
        .filter(|row| row.place.at_ms / 1000 >= from_s)
        .filter(|row| row.mid.as_ref().is_some_and(|mid| !here.mids.contains(mid)))
        .filter(|row| !here.messages.iter().any(|known| is_the_same(known, row)))
        .filter(|row| row.inbound || !is_sent_by_a_desk(row, here))
        .collect();
    // Meta gave the newest first, in whole seconds.
    news.reverse();
    news
}

fn is_the_same(known: &MessageRow, row: &MessageRow) -> bool {
    known.inbound == row.inbound
        && known.place.at_ms / 1000 == row.place.at_ms / 1000
        && known.text.is_some()
        && known.text == row.text
}

fn is_sent_by_a_desk(row: &MessageRow, here: &Here) -> bool {
    let text = row.text.as_deref().unwrap_or_default();
    let is_one_file = text.is_empty() && row.attachments.len() == 1;
    let is_own = |part: &PartRow| match &part.mid {
        Some(mid) => row.mid.as_ref() == Some(mid),
        None if !may_have_left(part.state) => false,
        None if part.text.is_empty() => is_one_file,
        None => part.text == text,
    };
    let is_other = |part: &TeamPartRow| match (&part.settlement, &part.text) {
        (Some(Settlement::Sent { mid, .. }), _) => row.mid.as_ref() == Some(mid),
        (_, None) => is_one_file,
        (_, Some(said)) => said == text,
    };
    here.parts.iter().any(is_own) || here.elsewhere.iter().any(is_other)
}

fn may_have_left(state: PartStateName) -> bool {
    matches!(state, PartStateName::Sending | PartStateName::Unknown | PartStateName::Abandoned)
}

/// A message as it is shown; `number` is no message's of the store, and another one's for each.
fn row(message: &ConversationMessage, account: &AccountId, number: i64) -> Option<MessageRow> {
    let (mid, at_ms) = (message.id.clone()?, message.created_ms?);
    let inbound = !message.is_from_account(account)?;
    let attachments = attachments(message).into_iter().zip(0..).map(|(said, idx)| AttachmentRow {
        kind: said.kind,
        url: said.url,
        title: said.title,
        payload: said.payload,
        place: AttachmentPlace { message: number, idx },
    });
    let reply_to = message.reply_to.as_ref().and_then(|to| to.mid.clone());
    Some(MessageRow {
        number,
        place: MessageKey { at_ms, tie: 0, key: mid.to_string() },
        kind: MessageKind::Message,
        inbound,
        author: if inbound { Author::Customer } else { Author::Account },
        text: message.text.clone().filter(|text| !text.is_empty()),
        edited: false,
        earlier: Vec::new(),
        attachments: attachments.collect(),
        media: Vec::new(),
        reactions: Vec::new(),
        delivery: None,
        part: None,
        reply: None,
        own_part: None,
        tagged: false,
        unchecked: false,
        crossed: None,
        unsent: false,
        standby: false,
        found_late: false,
        reply_to: reply_to.map(|mid| Quote { mid, original: None }),
        extra: extra_of(message).unwrap_or_default(),
        seq: None,
        mid: Some(mid),
    })
}

#[cfg(test)]
mod tests {
    use baton_protocol::{PartId, ReplyId};
    use serde_json::{Value, json};

    use super::*;
    use crate::store::{PartKey, ThreadId};

    const TEA: &str = "104500000000011";
    const MARA: &str = "6200000000000101";

    fn told(messages: &[Value]) -> Told {
        let messages = messages.iter().map(|one| serde_json::from_value(one.clone()).unwrap()).collect();
        Told { messages, ..Told::default() }
    }

    fn said(mid: &str, from: &str, second: u32, text: &str) -> Value {
        let created = format!("2026-10-05T09:00:{second:02}+0000");
        json!({"id": mid, "created_time": created, "from": {"id": from}, "message": text})
    }

    fn stored(mid: &str, from: &str, second: u32, text: &str) -> MessageRow {
        let message = serde_json::from_value(said(mid, from, second, text)).unwrap();
        row(&message, &TEA.into(), 1).unwrap()
    }

    fn texts(told: &Told, here: &Here) -> Vec<String> {
        of(told, &TEA.into(), here).into_iter().filter_map(|row| row.text).collect()
    }

    #[test]
    fn what_is_new_stands_oldest_first_and_nothing_stands_twice() {
        let told = told(&[
            said("m_5", MARA, 9, "Hello?"),
            said("m_4", MARA, 9, "Are you there?"),
            said("m_3", TEA, 8, "We are closed."),
            said("m_2", MARA, 5, "Where is it?"),
            said("m_1", MARA, 1, "Long ago"),
        ]);
        let all = ["Long ago", "Where is it?", "We are closed.", "Are you there?", "Hello?"];
        assert_eq!(texts(&told, &Here::default()), all);
        let here = Here {
            mids: ["m_2".into(), "m_4".into()].into(),
            messages: vec![stored("m_2", MARA, 5, "Where is it?")],
            ..Here::default()
        };
        assert_eq!(texts(&told, &here), ["We are closed.", "Hello?"]);
    }

    #[test]
    fn a_message_that_graph_calls_otherwise_is_the_same_by_its_second_side_and_words() {
        let here = Here { messages: vec![stored("aWd_webhook", MARA, 5, "Where is it?")], ..Here::default() };
        assert!(texts(&told(&[said("aWd_graph", MARA, 5, "Where is it?")]), &here).is_empty());
        assert_eq!(texts(&told(&[said("aWd_graph", MARA, 5, "Hello?")]), &here).len(), 1);
        assert_eq!(texts(&told(&[said("aWd_graph", TEA, 5, "Where is it?")]), &here).len(), 1);
    }

    #[test]
    fn what_meta_only_names_is_not_shown() {
        let bare = json!({"id": "m_1", "created_time": "2026-10-05T09:00:00+0000"});
        assert!(of(&told(&[bare]), &TEA.into(), &Here::default()).is_empty());
    }

    fn part(state: PartStateName, mid: Option<&str>) -> PartRow {
        let part = PartId::new();
        PartRow {
            key: PartKey(part),
            part,
            reply: ReplyId::new(),
            thread: ThreadId(1),
            idx: 0,
            of: 1,
            text: "Tomorrow.".to_owned(),
            file: None,
            state,
            detail: None,
            tag: None,
            grant_boot_ms: None,
            mid: mid.map(Mid::from),
            attempts: 1,
            created_ms: 0,
            updated_ms: 0,
            pressed_ms: 0,
        }
    }

    #[test]
    fn a_reply_of_this_desk_is_not_shown_a_second_time() {
        let told = told(&[said("m_1", TEA, 5, "Tomorrow.")]);
        let shown = |part| texts(&told, &Here { parts: vec![part], ..Here::default() }).len();
        assert_eq!(shown(part(PartStateName::Sent, Some("m_1"))), 0);
        assert_eq!(shown(part(PartStateName::Sent, Some("m_2"))), 1, "another one in the same words");
        assert_eq!(shown(part(PartStateName::Unknown, None)), 0);
        assert_eq!(shown(part(PartStateName::Queued, None)), 1, "it has not left");
    }
}
