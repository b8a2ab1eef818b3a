//! JSON as Meta writes it into webhooks: compact ASCII, `\u` escapes with lower-case hex, `\/` for a slash
//! (docs/meta.md 2.2). The signature is over these bytes.

use serde_json::Value;

/// The bytes of a webhook body.
pub(crate) fn ascii_json(value: &Value) -> Vec<u8> {
    let plain = value.to_string();
    let mut out = Vec::with_capacity(plain.len() + plain.len() / 8);
    let mut units = [0_u16; 2];
    for c in plain.chars() {
        match c {
            // A slash can only stand inside a string: JSON has no other place for it.
            '/' => out.extend_from_slice(b"\\/"),
            c if c.is_ascii() && c != '\u{7f}' => out.push(c as u8),
            c => {
                for unit in c.encode_utf16(&mut units) {
                    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn umlauts_emoji_and_slashes_are_escaped() {
        let body = ascii_json(&json!({"text": "Grüße ☕ 😀 https://a/x \"q\" \n"}));
        let expected = r#"{"text":"Gr\u00fc\u00dfe \u2615 \ud83d\ude00 https:\/\/a\/x \"q\" \n"}"#;
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }

    #[test]
    fn the_escaped_body_reads_back_as_the_same_value() {
        let value = json!({"a/b": ["żółć", "日本語", {"x": 1.5, "y": null}], "e": "\u{7f}\u{1}"});
        let bytes = ascii_json(&value);
        assert!(bytes.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }
}
