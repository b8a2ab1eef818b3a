//! Private notes: what the team writes to itself in a thread. What is a usable one, the same at desk and relay.

/// How long a note may be, UTF-16 units, as the composer counts.
pub const TEXT_UNITS: usize = 5000;
/// How many people one note may mention.
pub const MOST_MENTIONS: usize = 200;

/// Why a note cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// It says nothing.
    #[error("a note without text")]
    Empty,
    /// It is too long.
    #[error("the text of a note is too long")]
    TooLong,
    /// It mentions too many, or somebody twice.
    #[error("a note mentions each of at most {MOST_MENTIONS} people once")]
    Mentions,
}

/// Whether a note with this text and these mentions can be kept.
///
/// # Errors
/// [`NoteFault`] says what is wrong with it.
pub fn check<T: Ord>(text: &str, mentions: &[T]) -> Result<(), NoteFault> {
    if text.trim().is_empty() {
        return Err(NoteFault::Empty);
    }
    if text.encode_utf16().count() > TEXT_UNITS {
        return Err(NoteFault::TooLong);
    }
    let each: std::collections::BTreeSet<&T> = mentions.iter().collect();
    if mentions.len() > MOST_MENTIONS || each.len() != mentions.len() {
        return Err(NoteFault::Mentions);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_usable_one() {
        let nobody: &[u32] = &[];
        assert_eq!(check("x", nobody), Ok(()));
        assert_eq!(check(" \n", nobody), Err(NoteFault::Empty));
        assert_eq!(check(&"a".repeat(TEXT_UNITS), nobody), Ok(()));
        assert_eq!(check(&"a".repeat(TEXT_UNITS + 1), nobody), Err(NoteFault::TooLong));
        assert_eq!(check(&"🍵".repeat(TEXT_UNITS / 2 + 1), nobody), Err(NoteFault::TooLong));
        assert_eq!(check("@Ines", &[1, 2]), Ok(()));
        assert_eq!(check("@Ines", &[1, 1]), Err(NoteFault::Mentions));
        let many: Vec<usize> = (0..=MOST_MENTIONS).collect();
        assert_eq!(check("@all", &many), Err(NoteFault::Mentions));
    }
}
