//! The words of a text, as the index has them.

use std::ops::Range;

use super::fold::{fold, fold_into};
use super::scan::{Piece, pieces};

/// Stands between texts that are not one sentence. A private character: nobody's word.
const GAP: &str = "\u{E000}";
/// A message never has more words than this; a longer one is found by its beginning.
const MOST: usize = 4_096;

/// A word and where it stands in the text as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: String,
    pub(super) at: Range<usize>,
}

/// The words of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    /// In the order in which they stand, for phrases.
    pub(super) line: Vec<Token>,
    /// By which parts of them are found too: the number in `AB1234`, a telephone number without its spaces.
    pub(super) beside: Vec<Token>,
}

impl Tokens {
    /// The words of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut tokens = Self::default();
        for piece in pieces(text) {
            tokens.take_in(text, &piece);
        }
        for (at, word) in telephone_numbers(text) {
            tokens.beside.push(Token { word, at });
        }
        tokens
    }

    fn take_in(&mut self, text: &str, piece: &Piece) {
        match piece {
            Piece::Word(at) => {
                let word = fold(text.get(at.clone()).unwrap_or_default());
                if word.is_empty() {
                    return;
                }
                for part in parts(&word) {
                    self.beside.push(Token { word: part.to_owned(), at: at.clone() });
                }
                self.line.push(Token { word, at: at.clone() });
            }
            Piece::Run(run) => {
                let words = (0..run.characters.len()).map(|place| run.word(place));
                self.line.extend(words.map(|(at, word)| Token { word, at }));
            }
            Piece::Emoji(at, word) => self.line.push(Token { word: word.clone(), at: at.clone() }),
        }
    }
}

/// The words of texts that belong together, as the index takes them in: with spaces between.
#[must_use]
pub fn words_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut written = Written::default();
    for text in texts {
        written.gap();
        if text.is_ascii() {
            written.ascii(text);
        } else {
            written.any(text);
        }
    }
    written.done()
}

#[derive(Default)]
struct Written {
    line: String,
    beside: String,
    words: usize,
}

impl Written {
    fn gap(&mut self) {
        if !self.line.is_empty() {
            self.line.push(' ');
            self.line.push_str(GAP);
        }
    }

    /// Most texts are nothing else, and every message passes here.
    fn ascii(&mut self, text: &str) {
        let mut word = String::new();
        for piece in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty()) {
            word.clear();
            let piece = piece.get(..64).unwrap_or(piece);
            word.extend(piece.bytes().map(|b| char::from(b.to_ascii_lowercase())));
            self.word(&word);
        }
        self.telephone_numbers(text);
    }

    fn any(&mut self, text: &str) {
        let mut word = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Word(at) => {
                    word.clear();
                    fold_into(text.get(at).unwrap_or_default(), &mut word);
                    self.word(&word);
                }
                Piece::Run(run) => {
                    for place in 0..run.characters.len() {
                        self.push(&run.word(place).1);
                    }
                }
                Piece::Emoji(_, emoji) => self.push(&emoji),
            }
        }
        self.telephone_numbers(text);
    }

    fn telephone_numbers(&mut self, text: &str) {
        for (_, number) in telephone_numbers(text) {
            self.push_beside(&number);
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        self.push(word);
        for part in parts(word) {
            self.push_beside(part);
        }
    }

    fn push(&mut self, word: &str) {
        if self.words < MOST {
            self.words += 1;
            join(&mut self.line, word);
        }
    }

    fn push_beside(&mut self, word: &str) {
        if self.words < MOST {
            join(&mut self.beside, word);
        }
    }

    fn done(mut self) -> String {
        if !self.beside.is_empty() {
            self.gap();
            join(&mut self.line, &self.beside);
        }
        self.line
    }
}

fn join(into: &mut String, word: &str) {
    if !into.is_empty() {
        into.push(' ');
    }
    into.push_str(word);
}

/// Letters and digits of a word that has both, without those that its beginning finds.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = if word.bytes().any(|b| b.is_ascii_digit()) { word } else { "" };
    let mut first = true;
    std::iter::from_fn(move || {
        loop {
            let is_digit = rest.chars().next()?.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            rest = after;
            if std::mem::take(&mut first) || part.chars().nth(1).is_none() {
                continue;
            }
            return Some(part);
        }
    })
}

/// Telephone numbers in a text, each without its spaces, and without what may stand before a number: the country's code
/// has one to three digits and nothing tells how many, at home a zero stands in its place.
fn telephone_numbers(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut place = 0;
    while place < bytes.len() {
        let starts = bytes[place].is_ascii_digit() || bytes[place] == b'+' || bytes[place] == b'(';
        if !starts {
            place += 1;
            continue;
        }
        let start = place;
        let (mut end, mut digits) = (place, 0_usize);
        while place < bytes.len() {
            match bytes[place] {
                b'0'..=b'9' => {
                    digits += 1;
                    end = place + 1;
                }
                b'+' if place == start => {}
                b' ' | b'-' | b'.' | b'/' | b'(' | b')' => {}
                _ => break,
            }
            place += 1;
        }
        let number = text.get(start..end).unwrap_or_default();
        let stands_alone = !text.get(..start).is_some_and(|before| before.ends_with(char::is_alphanumeric))
            && !text.get(end..).is_some_and(|after| after.starts_with(char::is_alphanumeric));
        if stands_alone && (7..=15).contains(&digits) {
            found.extend(forms(number).into_iter().map(|form| (start..end, form)));
        }
    }
    found
}

/// How a telephone number is written by somebody else: from abroad and at home.
pub(super) fn forms(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let abroad = number.trim_start_matches(['(', ' ']).starts_with('+') || digits.starts_with("00");
    let bare = digits.trim_start_matches('0');
    let mut forms = vec![bare.to_owned()];
    if abroad {
        let shorter = (1..=3).filter_map(|code| bare.get(code..)).map(|rest| rest.trim_start_matches('0'));
        forms.extend(shorter.filter(|rest| rest.len() >= 6).map(str::to_owned));
    }
    forms.retain(|form| form.len() >= 6);
    forms.dedup();
    forms
}

/// What somebody types, if it may be a telephone number.
pub(super) fn is_telephone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text.bytes().enumerate().all(|(place, b)| match b {
            b'+' => place == 0,
            b'0'..=b'9' | b' ' | b'-' | b'.' | b'/' | b'(' | b')' => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Where is my order?", "where is my order")]
    #[case("  ", "")]
    #[case("l'hôtel d’Anna", "l hotel d anna")]
    // A word with letters and digits is found by its later parts too.
    #[case("Order AB1234-x", "order ab1234 x \u{E000} 1234")]
    #[case("https://shop.example/de/cart?id=77", "https shop example de cart id 77")]
    #[case("Mara.Lind@example.com", "mara lind example com")]
    #[case("東京都", "東京 京都 都")]
    #[case("iPhone15を買う", "iphone15 を買 買う う \u{E000} 15")]
    #[case("ｶﾞｽ", "ガス ス")]
    #[case("한국", "한국 국")]
    #[case("ขอบคุณ", "ขอบ อบคุ บคุณ คุณ ณ")]
    #[case("ok 👍🏽👍", "ok 👍 👍")]
    #[case("👩🏽\u{200D}🚀!", "👩\u{200D}🚀")]
    #[case("🇩🇪🇫🇷", "🇩🇪 🇫🇷")]
    #[case("❤\u{FE0F}", "❤")]
    #[case("a\u{200B}b \u{FEFF}c", "ab c")]
    #[case("a\u{F0000}b", "a b")]
    #[case("0170/123 45 67", "0170 123 45 67 \u{E000} 1701234567")]
    fn words(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(words_of([text]), expected);
    }

    #[test]
    fn texts_that_are_no_sentence_are_kept_apart() {
        assert_eq!(words_of(["one", "two"]), "one \u{E000} two");
        assert_eq!(words_of(["", "two"]), "two");
    }

    #[test]
    fn a_number_from_abroad_is_found_without_its_code() {
        assert_eq!(forms("+49 (0) 170 123-4567"), ["4901701234567", "901701234567", "1701234567"]);
        assert_eq!(forms("0170 1234567"), ["1701234567"]);
        assert_eq!(forms("0049 170 1234567")[0], "491701234567");
    }

    #[test]
    fn a_long_word_is_cut_and_a_long_text_has_an_end() {
        let word = "x".repeat(100);
        assert_eq!(words_of([word.as_str()]).len(), 64);
        let text = "a ".repeat(10_000);
        assert_eq!(words_of([text.as_str()]).split(' ').count(), MOST);
    }

    proptest! {
        /// Both ways of making words make the same ones, and nothing but letters, digits and what is beyond ASCII.
        #[test]
        fn written_as_they_are_found(text in "(\\PC|[ -~]){0,60}") {
            let tokens = Tokens::of(&text);
            let mut expected: Vec<String> = tokens.line.iter().map(|token| token.word.clone()).collect();
            let mut beside: Vec<String> = tokens.beside.iter().map(|token| token.word.clone()).collect();
            beside.sort();
            let written = words_of([text.as_str()]);
            let (line, rest) = written.split_once(GAP).unwrap_or((&written, ""));
            let line: Vec<String> = line.split_ascii_whitespace().map(str::to_owned).collect();
            let mut rest: Vec<String> = rest.split_ascii_whitespace().map(str::to_owned).collect();
            rest.sort();
            expected.retain(|word| !word.is_empty());
            prop_assert_eq!(line, expected);
            prop_assert_eq!(rest, beside);
            for token in tokens.line.iter().chain(&tokens.beside) {
                prop_assert!(text.get(token.at.clone()).is_some());
                let safe = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit();
                prop_assert!(token.word.chars().all(safe), "{:?}", token.word);
                prop_assert!(!token.word.chars().any(crate::search::fold::is_private));
            }
        }
    }
}
