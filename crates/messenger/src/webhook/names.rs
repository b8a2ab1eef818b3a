//! Whether JSON that nobody understood names something.

use serde_json::Value;

use super::mend;

/// Whether this JSON names a message or a person, in whatever place and however Meta spelt it. What names a message may
/// hold its words.
#[must_use]
pub fn json_names(json: &str, name: &str) -> bool {
    !name.is_empty() && (json.contains(name) || plain_json(json).is_some_and(|plain| plain.contains(name)))
}

/// The same JSON as it is usually spelt; none when it cannot be read.
#[must_use]
pub fn plain_json(json: &str) -> Option<String> {
    let tree: Value = serde_json::from_str(&mend::lone_surrogates(json)).ok()?;
    Some(tree.to_string())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::json_names;

    #[rstest]
    #[case::in_a_member(r#"{"whisper":{"mid":"m_1/a","text":"x"}}"#, true)]
    #[case::deep_in_a_list(r#"{"value":{"of":[["m_1/a"]]}}"#, true)]
    #[case::as_meta_spells_it(r#"{"whisper":{"mid":"m_1\/a"}}"#, true)]
    #[case::escaped_whole("{\"mid\":\"\\u006d\\u005f\\u0031\\u002fa\"}", true)]
    #[case::beside_half_an_emoji(r#"{"mid":"m_1\/a","text":"\ud83d"}"#, true)]
    #[case::another(r#"{"mid":"m_2/a"}"#, false)]
    #[case::no_json("m_1", false)]
    fn a_message_is_named(#[case] json: &str, #[case] is_named: bool) {
        assert_eq!(json_names(json, "m_1/a"), is_named);
    }

    #[test]
    fn nothing_names_nobody() {
        assert!(!json_names("{}", ""));
    }
}
