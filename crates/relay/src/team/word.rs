//! Which webhook events are a *word*: a customer's message, or a person's reply from Meta's inbox. What a bot says is
//! none, and neither are receipts, reactions and handovers.

use baton_messenger::id::is_meta_inbox;
use baton_messenger::send::OutMetadata;
use baton_messenger::webhook::{Event, Kind, Message};
use baton_protocol::PartId;

/// What an event is to the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A word of the customer or of a person in Meta's inbox.
    Others,
    /// The echo of a part that one of our desks sent.
    OfPart(PartId),
    /// Nothing an agent must have seen before answering.
    NoWord,
}

/// What this event is to the team.
#[must_use]
pub fn heard(event: &Event) -> Heard {
    match &event.kind {
        Kind::Message(_) | Kind::Postback(_) => Heard::Others,
        Kind::Echo(message) => heard_echo(message),
        _ => Heard::NoWord,
    }
}

fn heard_echo(message: &Message) -> Heard {
    if let Some(part) = part_of(message) {
        return Heard::OfPart(part);
    }
    if message.app_id.as_ref().is_some_and(is_meta_inbox) { Heard::Others } else { Heard::NoWord }
}

fn part_of(message: &Message) -> Option<PartId> {
    let ours = OutMetadata::parse(message.metadata.as_deref()?)?;
    ours.part().parse().ok()
}

#[cfg(test)]
mod tests {
    use baton_messenger::webhook;
    use rstest::rstest;

    use super::*;

    fn all(json: &str) -> Vec<Heard> {
        webhook::parse(json.as_bytes()).unwrap().events.iter().map(heard).collect()
    }

    #[rstest]
    #[case::text(include_str!("../../../../fixtures/page_message_text.json"), Heard::Others)]
    #[case::postback(include_str!("../../../../fixtures/page_postback.json"), Heard::Others)]
    #[case::read(include_str!("../../../../fixtures/page_read.json"), Heard::NoWord)]
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
