//! Canned replies: texts that agents keep under a short name and put into the composer. What is a usable one, the same at
//! desk and relay.

/// How long a name may be, characters.
pub const NAME_CHARS: usize = 40;
/// How long a text may be, UTF-16 units: what Messenger takes as one message. Instagram takes less, which the composer
/// counts when the text stands in it.
pub const TEXT_UNITS: usize = 2000;

/// Why a canned reply cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannedFault {
    /// The name is empty, has white space around it, or more than one line.
    #[error("the name of a canned reply is one line of text")]
    Name,
    /// The name is too long.
    #[error("the name of a canned reply is too long")]
    NameTooLong,
    /// The text says nothing.
    #[error("a canned reply without text")]
    Empty,
    /// The text is too long.
    #[error("the text of a canned reply is too long")]
    TextTooLong,
}

/// Whether a canned reply can be kept under this name with this text; without text it is removed.
///
/// # Errors
/// [`CannedFault`] says what is wrong with it.
pub fn check(name: &str, text: Option<&str>) -> Result<(), CannedFault> {
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return Err(CannedFault::Name);
    }
    if name.chars().count() > NAME_CHARS {
        return Err(CannedFault::NameTooLong);
    }
    let Some(text) = text else { return Ok(()) };
    if text.trim().is_empty() {
        return Err(CannedFault::Empty);
    }
    if text.encode_utf16().count() > TEXT_UNITS {
        return Err(CannedFault::TextTooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_usable_one() {
        assert_eq!(check("hours", Some("We open at nine.")), Ok(()));
        assert_eq!(check("opening hours", None), Ok(()));
        for name in ["", " ", " hours", "two\nlines"] {
            assert_eq!(check(name, Some("Hello")), Err(CannedFault::Name), "{name:?}");
        }
        assert_eq!(check(&"ä".repeat(NAME_CHARS), Some("Hello")), Ok(()));
        assert_eq!(check(&"a".repeat(NAME_CHARS + 1), None), Err(CannedFault::NameTooLong));
        assert_eq!(check("hours", Some(" \n")), Err(CannedFault::Empty));
        assert_eq!(check("hours", Some(&"a".repeat(TEXT_UNITS))), Ok(()));
        assert_eq!(check("hours", Some(&"🍵".repeat(TEXT_UNITS / 2 + 1))), Err(CannedFault::TextTooLong));
    }
}
