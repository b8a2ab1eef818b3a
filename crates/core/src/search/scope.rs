//! Words about a message instead of in it: of which thread it is, who said it, what came with it. Asked for together
//! with what somebody typed, they keep a frequent word cheap inside one thread.
//!
//! They are made of private characters, so that nobody can type one and none is the beginning of a word. They are short,
//! because the index keeps the first characters of every word apart, and each of those costs.

use std::fmt::Write as _;

/// What can be asked of a message besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope<'a> {
    /// It is of this thread, by this desk's number.
    Thread(i64),
    /// It is of this account.
    Account(&'a str),
    /// This agent said it.
    Agent(&'a str),
    /// The customer said it.
    Inbound,
    /// The account said it, through whomever.
    Outbound,
    /// A person said it for the account.
    Person,
    /// An app that is not ours said it for the account.
    Bot,
    /// Something of this kind came with it.
    Has(Content),
}

/// What can come with a message.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum Content {
    /// Anything but words.
    Attachment,
    /// A picture.
    Image,
    /// A video.
    Video,
    /// A voice message or other sound.
    Audio,
    /// A file.
    File,
    /// An address of a web page in the text.
    Link,
    /// A place on the map.
    Location,
    /// A sticker.
    Sticker,
}

const DIGITS: u32 = 1 << 15;
const FIRST: u32 = 0xF_0000;
const ACCOUNT: u32 = FIRST + DIGITS;
const AGENT: u32 = ACCOUNT + (DIGITS >> 1);
const SINGLE: u32 = 0x10_0000;

impl Scope<'_> {
    /// As the index has it.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Thread(number) => {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                pair(FIRST + (number / DIGITS) % DIGITS, number)
            }
            Self::Account(id) => {
                let hash = hash(id);
                pair(ACCOUNT + (hash / DIGITS) % (DIGITS >> 1), hash)
            }
            Self::Agent(id) => {
                let hash = hash(id);
                pair(AGENT + (hash / DIGITS) % (DIGITS >> 2), hash)
            }
            Self::Inbound => single(0),
            Self::Outbound => single(1),
            Self::Person => single(2),
            Self::Bot => single(3),
            Self::Has(content) => single(16 + content as u32),
        }
    }
}

/// As the index takes them in: with spaces between.
#[must_use]
pub fn written(scopes: &[Scope<'_>]) -> String {
    let mut written = String::new();
    for scope in scopes {
        let space = if written.is_empty() { "" } else { " " };
        // Writing into a string does not fail.
        let _ = write!(written, "{space}{}", scope.word());
    }
    written
}

fn single(number: u32) -> String {
    char::from_u32(SINGLE + number).into_iter().collect()
}

fn pair(first: u32, number: u32) -> String {
    [first, FIRST + number % DIGITS].into_iter().filter_map(char::from_u32).collect()
}

/// Kept in the file, so it is the same for ever: FNV-1a.
fn hash(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_are_alike_and_none_can_be_typed() {
        let scopes = [
            Scope::Thread(1),
            Scope::Thread(32_768),
            Scope::Thread(32_769),
            Scope::Thread(1_000_000),
            Scope::Account("1"),
            Scope::Account("2"),
            Scope::Agent("1"),
            Scope::Inbound,
            Scope::Outbound,
            Scope::Person,
            Scope::Bot,
            Scope::Has(Content::Attachment),
            Scope::Has(Content::Sticker),
        ];
        let words: BTreeSet<String> = scopes.into_iter().map(Scope::word).collect();
        assert_eq!(words.len(), scopes.len());
        assert!(words.iter().flat_map(|word| word.chars()).all(super::super::fold::is_private));
        assert_eq!(super::super::words_of(words.iter().map(String::as_str)), "");
    }

    #[test]
    fn they_stay_what_they_are_because_they_are_kept_in_files() {
        assert_eq!(Scope::Thread(40_000).word(), "\u{F0001}\u{F1C40}");
        assert_eq!(Scope::Account("104812345678901").word().chars().count(), 2);
        assert_eq!(Scope::Has(Content::Image).word(), "\u{100011}");
    }
}
