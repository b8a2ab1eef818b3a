//! Where the words that somebody looked for stand in a text as it was written.

use std::ops::Range;

use super::Query;
use super::fold::fold;
use super::query::Phrase;
use super::tokens::{Token, Tokens};

/// A snippet has about so many characters.
const LONG: usize = 160;
/// Of which so many stand before the first word that was found.
const BEFORE: usize = 40;

/// A piece of a text with what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Which of the texts it is from.
    pub text: usize,
    /// The pieces in order.
    pub pieces: Vec<Piece>,
    /// Something stands before it.
    pub cut_before: bool,
    /// Something stands after it.
    pub cut_after: bool,
}

/// A part of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words, on one line.
    pub text: String,
    /// These were looked for.
    pub found: bool,
}

impl Query {
    /// The piece of the texts of a message that shows best why it was found: of the text in which most was found, from
    /// where the first of it stands.
    #[must_use]
    pub fn snippet<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Snippet {
        let mut best: Option<(usize, usize, &str, Vec<Range<usize>>)> = None;
        for (place, text) in texts.into_iter().enumerate() {
            let (found, places) = self.found_in(text);
            if best.as_ref().is_none_or(|(most, ..)| found > *most) {
                best = Some((found, place, text, places));
            }
        }
        match best {
            Some((_, place, text, places)) => cut(place, text, &places),
            None => Snippet { text: 0, pieces: Vec::new(), cut_before: false, cut_after: false },
        }
    }

    /// Where in a text the words stand, in order and without overlap, for a text that is shown as a whole.
    #[must_use]
    pub fn places_in(&self, text: &str) -> Vec<Range<usize>> {
        self.found_in(text).1
    }

    /// How many of the terms are in a text, and where.
    fn found_in(&self, text: &str) -> (usize, Vec<Range<usize>>) {
        let tokens = Tokens::of(text);
        let mut places = Vec::new();
        let mut found = 0;
        for term in &self.terms {
            let before = places.len();
            for phrase in &term.any {
                phrase_in(text, phrase, &tokens, &mut places);
            }
            found += usize::from(places.len() > before);
        }
        (found, joined(places))
    }
}

fn phrase_in(text: &str, phrase: &Phrase, tokens: &Tokens, places: &mut Vec<Range<usize>>) {
    let Some(last) = phrase.words.len().checked_sub(1) else { return };
    for window in tokens.line.windows(phrase.words.len()) {
        let fits = window.iter().zip(&phrase.words).enumerate().all(|(place, (token, word))| {
            if place == last && phrase.open { token.word.starts_with(word) } else { token.word == *word }
        });
        if !fits {
            continue;
        }
        let words = window.iter().zip(&phrase.words);
        places.extend(words.map(|(token, word)| shown(text, token, word)));
    }
    if let [word] = phrase.words.as_slice() {
        let fits = |token: &&Token| {
            if phrase.open { token.word.starts_with(word) } else { token.word == *word }
        };
        places.extend(tokens.beside.iter().filter(fits).map(|token| token.at.clone()));
    }
}

/// As much of a word as was typed: the shortest beginning that is folded to it.
fn shown(text: &str, token: &Token, word: &str) -> Range<usize> {
    if token.word == word {
        return token.at.clone();
    }
    let written = text.get(token.at.clone()).unwrap_or_default();
    let ends = written.char_indices().map(|(at, c)| at + c.len_utf8());
    let enough = |end: &usize| written.get(..*end).is_some_and(|begun| fold(begun).starts_with(word));
    ends.into_iter().find(enough).map_or_else(|| token.at.clone(), |end| token.at.start..token.at.start + end)
}

fn joined(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match joined.last_mut() {
            Some(last)
                if place.start < last.end || (place.start == last.end && place.start == last.start) =>
            {
                last.end = last.end.max(place.end);
            }
            _ => joined.push(place),
        }
    }
    joined
}

fn cut(which: usize, text: &str, places: &[Range<usize>]) -> Snippet {
    let first = places.first().map_or(0, |place| place.start);
    let start = start_of(text, first);
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(LONG).map_or(text.len(), |(at, _)| start + at);
    let mut pieces = Vec::new();
    let mut done = start;
    for place in places.iter().filter(|place| place.start < end && place.end > start) {
        push(&mut pieces, text.get(done..place.start), false);
        done = place.end.min(end);
        push(&mut pieces, text.get(place.start..done), true);
    }
    push(&mut pieces, text.get(done..end), false);
    let blank = |part: Option<&str>| part.is_none_or(|part| part.trim().is_empty());
    Snippet { text: which, pieces, cut_before: !blank(text.get(..start)), cut_after: !blank(text.get(end..)) }
}

/// Some characters before what was found, at the beginning of a word where there is one.
fn start_of(text: &str, first: usize) -> usize {
    let before = text.get(..first).unwrap_or_default();
    let Some((from, _)) = before.char_indices().rev().nth(BEFORE - 1) else { return 0 };
    let window = before.get(from..).unwrap_or_default();
    match window.find(char::is_whitespace) {
        Some(space) => {
            from + space + window.get(space..).and_then(|w| w.chars().next()).map_or(0, char::len_utf8)
        }
        None => from,
    }
}

fn push(pieces: &mut Vec<Piece>, text: Option<&str>, found: bool) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    pieces.push(Piece { text, found });
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::search::query::Calendar;

    fn query(typed: &str) -> Query {
        let calendar = Calendar { today: Date::constant(2026, 11, 30), zone: TimeZone::UTC };
        Query::parse(typed, &calendar).unwrap()
    }

    /// What was found between brackets, and dots where something was cut.
    fn drawn(snippet: &Snippet) -> String {
        let pieces = snippet
            .pieces
            .iter()
            .map(|piece| if piece.found { format!("[{}]", piece.text) } else { piece.text.clone() });
        let dots = |cut| if cut { "…" } else { "" };
        format!("{}{}{}", dots(snippet.cut_before), pieces.collect::<String>(), dots(snippet.cut_after))
    }

    #[rstest]
    #[case("refund", "I want a Refund now", "I want a [Refund] now")]
    #[case("ref", "I want a Refund now", "I want a [Ref]und now")]
    #[case("müll ", "Der Müll, der MÜLL", "Der [Müll], der [MÜLL]")]
    #[case("mul", "Herr Müller", "Herr [Mül]ler")]
    #[case("mul", "Herr Mu\u{308}ller", "Herr [Mu\u{308}l]ler")]
    #[case("\"not work\"", "not working, does not work", "not working, does [not] [work]")]
    #[case("京都", "東京都庁", "東[京都]庁")]
    #[case("東京都", "東京都庁と東京", "[東京都]庁と東京")]
    #[case("京", "東京都", "東[京]都")]
    #[case("คุณ", "ขอบคุณครับ", "ขอบ[คุณ]ครับ")]
    #[case("example.com", "mail mara@example.com", "mail mara@[example].[com]")]
    #[case("1234", "Order AB1234 please", "Order [AB1234] please")]
    #[case("01701234567", "call +49 170 123 45 67 now", "call [+49 170 123 45 67] now")]
    #[case("كتاب ", "هذا كِتَابٌ جديد", "هذا [كِتَابٌ] جديد")]
    #[case("👍", "ok 👍🏽", "ok [👍🏽]")]
    #[case("a b", "one\ntwo", "one two")]
    fn what_was_found_is_marked(#[case] typed: &str, #[case] text: &str, #[case] expected: &str) {
        assert_eq!(drawn(&query(typed).snippet([text])), expected);
    }

    #[test]
    fn a_long_text_is_cut_around_what_was_found() {
        let text = format!("{} needle {}", "some words before it".repeat(10), "and after ".repeat(40));
        let snippet = query("needle").snippet([text.as_str()]);
        let drawn = drawn(&snippet);
        assert!(drawn.starts_with("…words before it") && drawn.ends_with('…'), "{drawn}");
        assert!(drawn.contains(" [needle] and after"), "{drawn}");
        assert!(drawn.chars().count() < LONG + 10);
    }

    #[test]
    fn the_text_in_which_most_was_found_is_shown() {
        let snippet = query("late invoice").snippet(["It is late", "invoice-late.pdf", "late"]);
        assert_eq!((snippet.text, drawn(&snippet).as_str()), (1, "[invoice]-[late].pdf"));
    }

    proptest! {
        /// The pieces are the text, whatever was found in it.
        #[test]
        fn nothing_is_lost_or_doubled(text in "(\\PC|[ -~\\n]){0,120}", typed in "(\\PC|[ -~]){0,12}") {
            let calendar = Calendar { today: Date::constant(2026, 11, 30), zone: TimeZone::UTC };
            let Ok(query) = Query::parse(&typed, &calendar) else { return Ok(()) };
            let snippet = query.snippet([text.as_str()]);
            let shown: String = snippet.pieces.iter().map(|piece| piece.text.as_str()).collect();
            let whole: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            prop_assert!(whole.contains(&shown));
        }

        /// Whatever stands in a text is found by its beginning, and marked.
        #[test]
        fn each_word_of_a_text_is_found_in_it(text in "(\\PC|[ -~]){1,40}") {
            for chunk in text.split_whitespace() {
                let calendar = Calendar { today: Date::constant(2026, 11, 30), zone: TimeZone::UTC };
                let Ok(query) = Query::parse(&format!("\"{}\"", chunk.replace(['"', '“', '”', '„', '«', '»'], " ")), &calendar)
                    else { continue };
                if query.has_words() {
                    prop_assert!(!query.places_in(&text).is_empty(), "{:?} in {:?}", chunk, text);
                }
            }
        }
    }
}
