//! Graph's `fields` parameter: `id,messages.limit(20){id,from,attachments{name}}` (docs/meta.md 3.2).

use serde_json::{Map, Value};

use crate::world::refusals::Refusal;

/// Nesting deeper than this is refused.
const DEPTH: usize = 8;

/// One wanted field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    /// `.limit(20)` and the like.
    pub args: Vec<(String, String)>,
    pub sub: Option<Vec<Field>>,
}

impl Field {
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a `fields` parameter.
pub(crate) fn parse(text: &str) -> Result<Vec<Field>, Refusal> {
    let mut rest = text.trim();
    let fields = list(&mut rest, 0)?;
    if rest.is_empty() { Ok(fields) } else { Err(syntax(text)) }
}

fn list(rest: &mut &str, depth: usize) -> Result<Vec<Field>, Refusal> {
    if depth > DEPTH {
        return Err(syntax(rest));
    }
    let mut fields = Vec::new();
    loop {
        let name = word(rest);
        if name.is_empty() {
            return Err(syntax(rest));
        }
        let mut args = Vec::new();
        while let Some(after) = rest.strip_prefix('.') {
            *rest = after;
            args.push(argument(rest)?);
        }
        let mut sub = None;
        if let Some(after) = rest.strip_prefix('{') {
            *rest = after;
            sub = Some(list(rest, depth + 1)?);
            *rest = rest.strip_prefix('}').ok_or_else(|| syntax(rest))?;
        }
        fields.push(Field { name, args, sub });
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Ok(fields),
        }
    }
}

fn argument(rest: &mut &str) -> Result<(String, String), Refusal> {
    let name = word(rest);
    let inner = rest.strip_prefix('(').and_then(|r| r.split_once(')'));
    let (value, after) = inner.ok_or_else(|| syntax(rest))?;
    *rest = after;
    Ok((name, value.to_owned()))
}

fn word(rest: &mut &str) -> String {
    let trimmed = rest.trim_start();
    let end = trimmed.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(trimmed.len());
    let (word, after) = trimmed.split_at(end);
    *rest = after.trim_start();
    word.to_owned()
}

fn syntax(near: &str) -> Refusal {
    let near: String = near.chars().take(40).collect();
    Refusal { code: 2500, ..Refusal::bad_parameter(format!("Syntax error in fields near \"{near}\".")) }
}

/// The wanted part of an object. `id` is always there, as in Graph; a field without content is left out.
pub(crate) fn pick(whole: &Value, fields: &[Field]) -> Value {
    let mut picked = Map::new();
    for field in fields {
        if let Some(value) = whole.get(&field.name) {
            let value = match &field.sub {
                Some(sub) => pick_within(value, sub),
                None => value.clone(),
            };
            picked.insert(field.name.clone(), value);
        }
    }
    if let Some(id) = whole.get("id") {
        picked.insert("id".into(), id.clone());
    }
    Value::Object(picked)
}

fn pick_within(value: &Value, fields: &[Field]) -> Value {
    match value.get("data").and_then(Value::as_array) {
        Some(items) => {
            let mut edge = value.clone();
            edge["data"] = items.iter().map(|item| pick(item, fields)).collect();
            edge
        }
        None => pick(value, fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_fields_with_arguments_are_read() {
        let fields = parse("id, messages.limit(5).after(x){id,from{name}},snippet").unwrap();
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[1].arg("limit"), Some("5"));
        assert_eq!(fields[1].arg("after"), Some("x"));
        assert_eq!(fields[1].sub.as_ref().unwrap()[1].name, "from");
    }

    #[test]
    fn broken_fields_are_refused() {
        for broken in ["", "a{", "a{}", "a,,b", "a.limit(3", "a}b", &"a{".repeat(50)] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn only_what_was_asked_for_is_given() {
        let whole = json!({"id": "1", "a": 1, "b": {"data": [{"id": "2", "x": 1, "y": 2}]}});
        let picked = pick(&whole, &parse("b{x}").unwrap());
        assert_eq!(picked, json!({"id": "1", "b": {"data": [{"id": "2", "x": 1}]}}));
    }
}
