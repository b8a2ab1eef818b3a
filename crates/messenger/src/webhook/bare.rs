//! What stays of a stored event when its words have to go: who, when, which message, in which list, through which app.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::StoredEvent;
use crate::send::OutMetadata;

/// Members of an event that say nothing in words.
const ENVELOPE: &[&str] = &["sender", "recipient", "timestamp"];
/// What is left of a message.
const KEPT: &[&str] = &["mid", "is_echo", "is_deleted", "num_edit", "app_id"];

impl StoredEvent {
    /// The same event without its words; none when it is no object. Its key, its place and what it says about control are
    /// as before.
    #[must_use]
    pub fn without_words(&self) -> Option<Self> {
        let mut event: Value = serde_json::from_str(self.event.get()).ok()?;
        let members = event.as_object_mut()?;
        match members.get_mut("value").and_then(Value::as_object_mut) {
            // In `changes` the event lies one level deeper.
            Some(value) => keep_only_which_in(value),
            None => keep_only_which_in(members),
        }
        let event = RawValue::from_string(event.to_string()).ok()?;
        Some(Self { event, ..self.clone() })
    }
}

fn keep_only_which_in(event: &mut Map<String, Value>) {
    for (name, said) in event {
        match said {
            _ if name == "timestamp" => {}
            Value::Object(party) if ENVELOPE.contains(&name.as_str()) => party.retain(|name, _| name == "id"),
            said => keep_only_which(said),
        }
    }
}

/// Leaves which message it is, and not a word of it.
pub fn keep_only_which(said: &mut Value) {
    let Value::Object(members) = said else {
        *said = Value::Null;
        return;
    };
    // Of our own messages the echo names the part; what other apps write there is theirs.
    let part = members.get("metadata").and_then(Value::as_str).and_then(OutMetadata::parse);
    let answers = members.get("reply_to").and_then(|to| to.get("mid")).cloned();
    members.retain(|name, value| KEPT.contains(&name.as_str()) && !value.is_object() && !value.is_array());
    if let Some(part) = part {
        members.insert("metadata".to_owned(), part.encode().into());
    }
    if let Some(mid) = answers.filter(Value::is_string) {
        members.insert("reply_to".to_owned(), serde_json::json!({ "mid": mid }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bare(event: &Value) -> StoredEvent {
        let stored = json!({
            "object": "page", "list": "standby", "account": "104500000000011", "entry_time_ms": 5, "received_ms": 7,
            "event": event,
        });
        let stored: StoredEvent = serde_json::from_value(stored).unwrap();
        let bare = stored.without_words().unwrap();
        assert!(!bare.event.get().contains("secret"), "{}", bare.event.get());
        let (before, after) = (stored.into_event(), bare.clone().into_event());
        assert_eq!(
            (before.key(), before.customer, before.timestamp_ms),
            (after.key(), after.customer, after.timestamp_ms)
        );
        assert_eq!((before.kind.name(), before.envelope.list), (after.kind.name(), after.envelope.list));
        bare
    }

    #[test]
    fn a_message_keeps_which_it_is_and_what_it_answers() {
        let event = bare(&json!({
            "sender": {"id": "62", "name": "secret"}, "recipient": {"id": "104500000000011"}, "timestamp": 3,
            "message": {
                "mid": "m_1", "text": "secret", "reply_to": {"mid": "m_0", "text": "secret"},
                "attachments": [{"type": "image", "payload": {"url": "secret"}}], "quick_reply": {"payload": "secret"},
            },
            "note": "secret",
        }));
        assert!(event.event.get().contains("m_0"));
    }

    #[test]
    fn an_echo_keeps_its_app_and_only_a_part_of_ours() {
        let echo = |metadata: &str| {
            bare(&json!({
                "sender": {"id": "104500000000011"}, "recipient": {"id": "62"}, "timestamp": 3,
                "message": {"mid": "m_1", "is_echo": true, "app_id": 7, "text": "secret", "metadata": metadata},
            }))
        };
        assert!(!echo("secret").event.get().contains("metadata"));
        let ours = echo("b1:out:0199b2c0-0000-7000-8000-000000000001");
        assert!(ours.event.get().contains("b1:out:0199b2c0-0000-7000-8000-000000000001"));
        assert!(ours.event.get().contains("\"app_id\":7"));
    }

    #[test]
    fn edits_and_buttons_keep_which_they_are() {
        let parties = json!({"sender": {"id": "62"}, "recipient": {"id": "104500000000011"}, "timestamp": 3});
        for (name, said) in [
            ("message_edit", json!({"mid": "m_1", "text": "secret", "num_edit": 2})),
            ("postback", json!({"mid": "m_1", "title": "secret", "payload": "secret"})),
        ] {
            let mut event = parties.clone();
            event[name] = said;
            bare(&event);
        }
    }
}
