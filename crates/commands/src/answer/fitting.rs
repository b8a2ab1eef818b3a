//! How much of a thread one answer carries: so many messages, and so many bytes of words. Whoever writes very long
//! messages, or a bot that sends many cards, makes pages shorter and not the window slow.

use baton_core::store::{AttachmentRow, MessageRow};
use serde_json::Value;

/// How many bytes of words one page holds at most; one message is in it, however long it is.
pub(super) const PAGE_BYTES: usize = 1024 * 1024;

/// The messages of a page.
#[derive(Debug, PartialEq)]
pub(super) struct Fitting {
    /// Oldest first.
    pub(super) messages: Vec<MessageRow>,
    /// True when there may be others beyond the end at which it was cut.
    pub(super) more: bool,
}

/// The newest of these messages that fit together; `more` when older ones may be left even where all fit.
pub(super) fn newest(mut messages: Vec<MessageRow>, more: bool, most_bytes: usize) -> Fitting {
    let cut = messages.len().saturating_sub(how_many(messages.iter().rev(), most_bytes));
    messages.drain(..cut);
    Fitting { messages, more: more || cut > 0 }
}

/// The oldest of these messages that fit together; `more` when newer ones may be left even where all fit.
pub(super) fn oldest(mut messages: Vec<MessageRow>, more: bool, most_bytes: usize) -> Fitting {
    let fit = how_many(messages.iter(), most_bytes);
    let is_cut = fit < messages.len();
    messages.truncate(fit);
    Fitting { messages, more: more || is_cut }
}

/// How many of these fit together, at least one.
fn how_many<'a>(messages: impl Iterator<Item = &'a MessageRow>, most_bytes: usize) -> usize {
    let mut bytes = 0_usize;
    let fit = messages.take_while(|message| {
        bytes = bytes.saturating_add(bytes_of(message));
        bytes <= most_bytes
    });
    fit.count().max(1)
}

/// About how many bytes of what others wrote are shown of a message. What it answers is shown in one line.
fn bytes_of(message: &MessageRow) -> usize {
    let text = message.text.as_ref().map_or(0, String::len);
    let earlier: usize = message.earlier.iter().map(|earlier| earlier.text.len()).sum();
    let attachments: usize = message.attachments.iter().map(bytes_of_attachment).sum();
    let extra = serde_json::to_string(&message.extra).map_or(0, |extra| extra.len());
    text + earlier + attachments + extra
}

fn bytes_of_attachment(attachment: &AttachmentRow) -> usize {
    let url = attachment.url.as_ref().map_or(0, String::len);
    let title = attachment.title.as_ref().map_or(0, String::len);
    url + title + attachment.payload.as_ref().map_or(0, bytes_of_value)
}

fn bytes_of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => size_of::<Value>(),
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(bytes_of_value).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + bytes_of_value(value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use baton_core::store::{AttachmentPlace, Author, Earlier, MessageKey, MessageKind};
    use serde_json::json;

    use super::*;

    const MOST: usize = 1_000;

    fn said(number: i64, bytes: usize) -> MessageRow {
        MessageRow {
            number,
            place: MessageKey { at_ms: number, tie: 0, key: format!("m_{number}") },
            mid: None,
            kind: MessageKind::Message,
            inbound: true,
            author: Author::Customer,
            text: Some("a".repeat(bytes)),
            edited: false,
            earlier: Vec::new(),
            attachments: Vec::new(),
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
            reply_to: None,
            extra: Default::default(),
            seq: None,
        }
    }

    fn card(number: i64, bytes: usize) -> MessageRow {
        let attachment = AttachmentRow {
            kind: "template".to_owned(),
            url: None,
            title: None,
            payload: Some(json!({"elements": [{"title": "a".repeat(bytes), "price": 3}]})),
            place: AttachmentPlace { message: number, idx: 0 },
        };
        MessageRow { text: None, attachments: vec![attachment], ..said(number, 0) }
    }

    fn numbers(fitting: &Fitting) -> Vec<i64> {
        fitting.messages.iter().map(|message| message.number).collect()
    }

    #[test]
    fn what_fits_is_left_alone() {
        let all = vec![said(1, 300), said(2, 300), said(3, 300)];
        for more in [false, true] {
            let whole = Fitting { messages: all.clone(), more };
            assert_eq!(newest(all.clone(), more, MOST), whole);
            assert_eq!(oldest(all.clone(), more, MOST), whole);
            assert_eq!(newest(Vec::new(), more, MOST), Fitting { messages: Vec::new(), more });
            assert_eq!(oldest(Vec::new(), more, MOST), Fitting { messages: Vec::new(), more });
        }
    }

    #[test]
    fn what_does_not_fit_is_left_for_the_next_page_on_its_own_side() {
        let all = vec![said(1, 400), said(2, 400), said(3, 400)];
        let (upper, lower) = (newest(all.clone(), false, MOST), oldest(all, false, MOST));
        assert_eq!((numbers(&upper), upper.more), (vec![2, 3], true));
        assert_eq!((numbers(&lower), lower.more), (vec![1, 2], true));
    }

    #[test]
    fn one_that_is_longer_than_a_page_is_a_page() {
        let all = vec![said(1, 10), said(2, 5_000), said(3, 5_000)];
        assert_eq!(numbers(&newest(all.clone(), false, MOST)), [3]);
        assert_eq!(numbers(&oldest(all[1..].to_vec(), false, MOST)), [2]);
        assert_eq!(numbers(&oldest(all, false, MOST)), [1]);
    }

    #[test]
    fn cards_and_what_a_text_was_before_count_too() {
        let earlier = Earlier { at_ms: 0, text: "a".repeat(700) };
        let edited = MessageRow { earlier: vec![earlier], ..said(2, 100) };
        assert_eq!(numbers(&newest(vec![card(1, 600), card(3, 600)], false, MOST)), [3]);
        assert_eq!(numbers(&newest(vec![edited, said(3, 600)], false, MOST)), [3]);
    }
}
