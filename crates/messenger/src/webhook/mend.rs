//! Half of a surrogate pair, as a text cut in the middle of an emoji can carry it, is legal JSON grammar but no text.
//! It is read as U+FFFD, so that the rest of the event can be shown. The raw bytes keep what came.

use std::borrow::Cow;

/// The same JSON with every lone `\uD800`–`\uDFFF` escape replaced by `\ufffd`.
pub(super) fn lone_surrogates(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut mended: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let Some(unit) = unit_at(bytes, at) else {
            at += 2;
            continue;
        };
        let paired = (0xD800..0xDC00).contains(&unit)
            && unit_at(bytes, at + 6).is_some_and(|low| (0xDC00..0xE000).contains(&low));
        if paired {
            at += 12;
            continue;
        }
        if (0xD800..0xE000).contains(&unit) {
            let mended = mended.get_or_insert_with(String::new);
            mended.push_str(&json[copied..at]);
            mended.push_str("\\ufffd");
            copied = at + 6;
        }
        at += 6;
    }
    match mended {
        None => Cow::Borrowed(json),
        Some(mut mended) => {
            mended.push_str(&json[copied..]);
            Cow::Owned(mended)
        }
    }
}

/// The code unit of a `\uXXXX` escape that begins here.
fn unit_at(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(r#"{"a":"b"}"#, r#"{"a":"b"}"#)]
    #[case::pair(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#)]
    #[case::lone_high(r#""x\ud83d""#, r#""x\ufffd""#)]
    #[case::lone_low(r#""\ude00x""#, r#""\ufffdx""#)]
    #[case::two_high(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#)]
    #[case::escaped_backslash(r#""\\ud83d""#, r#""\\ud83d""#)]
    #[case::cut(r#""\ud8"#, r#""\ud8"#)]
    fn only_lone_surrogates_are_replaced(#[case] json: &str, #[case] mended: &str) {
        assert_eq!(lone_surrogates(json), mended);
    }

    proptest::proptest! {
        #[test]
        fn it_takes_any_text(json in "[\\\\u0-9a-fD\"é😀]{0,40}") {
            let _ = lone_surrogates(&json);
        }
    }
}
