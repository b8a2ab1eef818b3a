//! What a webhook event is to the team: somebody's word, the echo of one of our parts, or neither. What counts as a word
//! is said once, for relay and desks alike, in [`baton_thread::word`].

use baton_messenger::id::AppId;
use baton_messenger::webhook::Event;
use baton_protocol::PartId;
use baton_thread::word::{WordBy, word_of_event};

/// What an event is to the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A word of the customer, of a person in Meta's inbox, or of our app outside of any desk's outbox.
    Others,
    /// The echo of a part that one of our desks sent.
    OfPart(PartId),
    /// Nothing an agent must have seen before answering.
    NoWord,
}

/// What this event is to the team.
#[must_use]
pub fn heard(event: &Event, our_app: &AppId) -> Heard {
    match word_of_event(event, Some(our_app), event.at_ms(0)).map(|word| word.by) {
        Some(WordBy::Ours { part: Some(part) }) => Heard::OfPart(part),
        Some(WordBy::Customer | WordBy::MetaInbox | WordBy::Ours { part: None }) => Heard::Others,
        None => Heard::NoWord,
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::webhook;
    use rstest::rstest;

    use super::*;

    fn all(json: &str) -> Vec<Heard> {
        let ours = AppId::from("700100200300400");
        webhook::parse(json.as_bytes()).unwrap().events.iter().map(|event| heard(event, &ours)).collect()
    }

    #[rstest]
    #[case::text(include_str!("../../../../fixtures/page_message_text.json"), Heard::Others)]
    #[case::postback(include_str!("../../../../fixtures/page_postback.json"), Heard::Others)]
    #[case::read(include_str!("../../../../fixtures/page_read.json"), Heard::NoWord)]
    #[case::our_app_outside_of_an_outbox(include_str!("../../../../fixtures/page_echo_own_app.json"), Heard::Others)]
    #[case::pass(include_str!("../../../../fixtures/page_handover_take.json"), Heard::NoWord)]
    fn fixtures_are_heard(#[case] json: &str, #[case] expected: Heard) {
        assert_eq!(all(json).first(), Some(&expected));
    }

    #[test]
    fn a_person_in_metas_inbox_is_heard_and_a_bot_is_not() {
        let heard = all(include_str!("../../../../fixtures/page_echo_other_senders.json"));
        assert_eq!(heard, [Heard::Others, Heard::NoWord, Heard::NoWord]);
    }

    #[test]
    fn our_own_echo_names_its_part() {
        let part = PartId::new();
        let json = format!(
            r#"{{"object":"page","entry":[{{"id":"1","messaging":[{{"sender":{{"id":"1"}},"recipient":{{"id":"2"}},
            "message":{{"mid":"m_1","is_echo":true,"app_id":9,"metadata":"b1:out:{part}","text":"x"}}}}]}}]}}"#
        );
        assert_eq!(all(&json), [Heard::OfPart(part)]);
    }
}
