//! Labels of the workspace, put on threads of any account: what is a usable one, the same at desk and relay.

/// How long a name may be, characters.
pub const NAME_CHARS: usize = 40;
/// How many labels a workspace has at most; nobody chooses from more.
pub const MOST: usize = 200;

/// Why a label cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// The name is empty, has white space around it, or more than one line.
    #[error("the name of a label is one line of text")]
    Name,
    /// The name is too long.
    #[error("the name of a label is too long")]
    NameTooLong,
    /// The colour is not written as `#rrggbb`.
    #[error("a label without a colour")]
    Colour,
}

/// Whether a label can be kept under this name and with this colour.
///
/// # Errors
/// [`LabelFault`] says what is wrong with it.
pub fn check(name: &str, colour: &str) -> Result<(), LabelFault> {
    if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
        return Err(LabelFault::Name);
    }
    if name.chars().count() > NAME_CHARS {
        return Err(LabelFault::NameTooLong);
    }
    let digits = colour.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(LabelFault::Colour);
    }
    Ok(())
}

/// Whether two labels would go by one name: capitals do not tell them apart.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_usable_one() {
        assert_eq!(check("Parcel late", "#b8386f"), Ok(()));
        assert_eq!(check("VIP", "#B8386F"), Ok(()));
        for name in ["", " ", " VIP", "VIP ", "two\nlines"] {
            assert_eq!(check(name, "#b8386f"), Err(LabelFault::Name), "{name:?}");
        }
        assert_eq!(check(&"ä".repeat(NAME_CHARS), "#b8386f"), Ok(()));
        assert_eq!(check(&"a".repeat(NAME_CHARS + 1), "#b8386f"), Err(LabelFault::NameTooLong));
        for colour in ["", "red", "b8386f", "#b8386", "#b8386f0", "#b8386g", "#ääää"] {
            assert_eq!(check("VIP", colour), Err(LabelFault::Colour), "{colour:?}");
        }
    }

    #[test]
    fn capitals_do_not_tell_names_apart() {
        assert!(is_same_name("Grüße", "GRÜßE"));
        assert!(!is_same_name("VIP", "VIPs"));
    }
}
