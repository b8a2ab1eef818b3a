//! How a word is written in the index: small letters, without accents and the like, one form where there are several.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut; whoever looks for one finds it by its beginning.
const MOST_CHARS: usize = 64;

/// Writes the folded form of a piece of text behind what `into` holds.
pub(super) fn fold_into(text: &str, into: &mut String) {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).take(MOST_CHARS);
        into.extend(letters.map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    if text.chars().all(is_plain) {
        into.extend(text.chars().take(MOST_CHARS));
        return;
    }
    let folded = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_accent(*c))
        .flat_map(plain)
        .filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
        .filter(|c| !is_private(*c))
        .nfc()
        .take(MOST_CHARS);
    into.extend(folded);
}

/// The folded form of a piece of text.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Characters of Asian scripts that have one form only and no small letters: most of a text in such a script, which
/// needs no look into the tables. Thai is here without the vowel that is two.
fn is_plain(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{0E01}'..='\u{0E32}' | '\u{0E34}'..='\u{0E3A}'
        | '\u{0E40}'..='\u{0E4D}')
}

/// Marks that a reader may leave out: accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs.
/// The voicing marks of Japanese and the vowels of Indian scripts are letters in all but name, and stay.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08FF}')
}

/// Characters of their own that stand for others: letters with a stroke, ligatures, Arabic letters that are written in
/// several ways, digits of other scripts.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        // Alef with wasla; the others lose their hamza as an accent.
        'ٱ' => ('ا', None),
        'ى' | 'ی' | 'ې' => ('ي', None),
        'ک' | 'ڪ' => ('ك', None),
        'ة' | 'ہ' | 'ھ' | 'ە' => ('ه', None),
        // Tatweel only stretches a word.
        'ـ' => return Pair(None, None),
        other => (digit(other).unwrap_or(other), None),
    };
    Pair(Some(first), second)
}

struct Pair(Option<char>, Option<char>);

impl Iterator for Pair {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        self.0.take().or_else(|| self.1.take())
    }
}

/// The ASCII digit for a digit of another script.
fn digit(c: char) -> Option<char> {
    const ZEROS: &[char] = &[
        '\u{0660}', '\u{06F0}', '\u{07C0}', '\u{0966}', '\u{09E6}', '\u{0A66}', '\u{0AE6}', '\u{0B66}',
        '\u{0BE6}', '\u{0C66}', '\u{0CE6}', '\u{0D66}', '\u{0E50}', '\u{0ED0}', '\u{0F20}', '\u{1040}',
        '\u{17E0}', '\u{1810}',
    ];
    if c.is_ascii() {
        return None;
    }
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    })
}

/// Characters that Unicode gives no meaning; the index has its own use for them.
pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Müller", "muller")]
    #[case("MU\u{308}LLER", "muller")]
    #[case("Straße", "strasse")]
    #[case("STRASSE", "strasse")]
    #[case("Łódź", "lodz")]
    #[case("København", "kobenhavn")]
    #[case("Œuvre", "oeuvre")]
    #[case("İstanbul", "istanbul")]
    #[case("ılık", "ilik")]
    #[case("ΟΔΟΣ", "οδοσ")]
    #[case("οδός", "οδοσ")]
    #[case("Ёлка", "елка")]
    #[case("ｆｕｌｌ", "full")]
    #[case("ﬁx", "fix")]
    #[case("m²", "m2")]
    // Arabic: hamza on alef, maqsura, ta marbuta, vowel signs, tatweel, presentation forms, digits.
    #[case("أحمد", "احمد")]
    #[case("إلى", "الي")]
    #[case("آخر", "اخر")]
    #[case("مدرسة", "مدرسه")]
    #[case("كِتَابٌ", "كتاب")]
    #[case("كتـــاب", "كتاب")]
    #[case("کتاب", "كتاب")]
    #[case("\u{FEDB}\u{FE98}\u{FE8E}\u{FE8F}", "كتاب")]
    #[case("١٢٣", "123")]
    #[case("۴۵۶", "456")]
    #[case("שָׁלוֹם", "שלום")]
    // Voicing marks and vowels stay.
    #[case("が", "が")]
    #[case("か\u{3099}", "が")]
    #[case("ｶﾞ", "ガ")]
    #[case("हिन्दी", "हिन्दी")]
    #[case("५", "5")]
    fn folded(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(fold(text), expected);
    }

    #[test]
    fn private_characters_are_nobodys_words() {
        assert_eq!(fold("a\u{F0001}b\u{E000}c\u{10FFFD}"), "abc");
    }

    /// What is taken as it is has no other form.
    #[test]
    fn plain_characters_have_one_form() {
        let plain = ('\u{80}'..='\u{FFFF}').filter(|c| is_plain(*c));
        for c in plain {
            let alone = c.to_string();
            assert_eq!(alone.nfkd().nfc().collect::<String>(), alone);
            assert!(c.is_alphanumeric() || is_combining_mark(c), "{c:?}");
            assert!(c.to_lowercase().eq([c]) && super::plain(c).eq([c]) && !is_accent(c), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,30}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(once.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()));
        }
    }
}
