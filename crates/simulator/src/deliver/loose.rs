//! A webhook in one of the loose ways in which Meta has been seen to write (docs/meta.md 2.3.1).

use serde_json::{Map, Value, json};

use crate::faults::LooseForm;

/// Writes what stands around the events in this form.
pub(crate) fn write_entry(entry: &mut Value, form: LooseForm) {
    // A member with a body would be a list of events of its own.
    if matches!(form, LooseForm::Strangers | LooseForm::Everything) {
        entry["fx_new"] = true.into();
    }
    if form != LooseForm::Strangers {
        write_members(entry, form);
    }
}

/// Writes an event in this form.
pub(crate) fn write(event: &mut Value, form: LooseForm) {
    write_members(event, form);
    match form {
        LooseForm::Untimed => {
            if let Some(event) = event.as_object_mut() {
                event.remove("timestamp");
            }
        }
        LooseForm::Strangers | LooseForm::Everything => strangers(event, 0),
        _ => {}
    }
}

fn write_members(part: &mut Value, form: LooseForm) {
    match form {
        LooseForm::Seconds => members(part, &mut in_seconds),
        LooseForm::Texts => members(part, &mut as_text),
        LooseForm::Numbers => members(part, &mut as_number),
        LooseForm::Everything => {
            members(part, &mut in_seconds);
            members(part, &mut as_text);
            members(part, &mut as_number);
        }
        LooseForm::Untimed | LooseForm::Strangers => {}
    }
}

/// Goes through every member at every level.
fn members(part: &mut Value, change: &mut impl FnMut(&str, &mut Value)) {
    match part {
        Value::Object(object) => {
            for (name, value) in object {
                change(name, value);
                members(value, change);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| members(value, change)),
        _ => {}
    }
}

fn is_time(name: &str) -> bool {
    matches!(name, "timestamp" | "time")
}

fn in_seconds(name: &str, value: &mut Value) {
    if let (true, Some(ms)) = (is_time(name), value.as_i64()) {
        *value = (ms / 1000).into();
    }
}

fn as_text(name: &str, value: &mut Value) {
    if let (true, Some(number)) = (is_time(name) || name == "num_edit", value.as_i64()) {
        *value = number.to_string().into();
    }
}

fn as_number(name: &str, value: &mut Value) {
    if name != "id" && !name.ends_with("_id") {
        return;
    }
    let number = value.as_str().and_then(|text| text.parse::<u64>().ok().filter(|n| n.to_string() == text));
    if let Some(number) = number {
        *value = number.into();
    }
}

/// Members that nobody has heard of: beside what happened, in it, and in what hangs on it.
fn strangers(part: &mut Value, depth: usize) {
    const LEVELS: usize = 5;
    match part {
        Value::Object(object) if depth < LEVELS => {
            for value in object.values_mut() {
                strangers(value, depth + 1);
            }
            object.extend(Map::from_iter([
                ("fx_new".to_owned(), json!({"of": [1, null, "tomorrow", {"id": "0"}]})),
                ("fx_nothing".to_owned(), Value::Null),
            ]));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| strangers(value, depth + 1)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: LooseForm) -> Value {
        let mut event = json!({
            "sender": {"id": "6200000000000101"}, "timestamp": 1_791_190_800_123_i64,
            "message": {"mid": "m_1", "app_id": "007", "attachments": [{"payload": {"sticker_id": "36"}}]},
            "message_edit": {"num_edit": 2},
        });
        write(&mut event, form);
        event
    }

    #[test]
    fn each_form_changes_what_it_names_and_nothing_else() {
        assert_eq!(written(LooseForm::Seconds)["timestamp"], 1_791_190_800);
        let texts = written(LooseForm::Texts);
        assert_eq!(
            (&texts["timestamp"], &texts["message_edit"]["num_edit"]),
            (&json!("1791190800123"), &json!("2"))
        );
        assert_eq!(written(LooseForm::Untimed).get("timestamp"), None);
        let numbers = written(LooseForm::Numbers);
        assert_eq!(numbers["sender"]["id"], 6_200_000_000_000_101_u64);
        assert_eq!(numbers["message"]["attachments"][0]["payload"]["sticker_id"], 36);
        assert_eq!(numbers["message"]["app_id"], "007", "what a number cannot hold stays text");
        assert_eq!(numbers["message"]["mid"], "m_1");
        let strangers = written(LooseForm::Strangers);
        assert!(strangers.get("fx_new").is_some() && strangers["message"].get("fx_nothing").is_some());
        assert_eq!(written(LooseForm::Everything)["timestamp"], "1791190800");
    }
}
