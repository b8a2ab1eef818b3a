//! Cuts a text into pieces: words, runs of scripts that are written without spaces, emoji. Everything else parts them.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::fold::{fold, is_private};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Letters and digits, not folded yet.
    Word(Range<usize>),
    /// Characters of a script that puts no spaces between words.
    Run(Run),
    /// One emoji, however many characters it is made of.
    Emoji(Range<usize>, String),
}

/// Characters of a script that puts no spaces between words. Any two of them side by side are found: each place of the
/// run is a word of so many characters, the last ones shorter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// How many characters make a word: two where there are thousands of characters, three where there are dozens.
    pub(super) wide: usize,
    /// Each character with the marks on it: where it stands, and how it is folded.
    pub(super) characters: Vec<(Range<usize>, String)>,
}

impl Run {
    /// The word that begins at this place, and where it stands.
    pub(super) fn word(&self, place: usize) -> (Range<usize>, String) {
        let end = (place + self.wide).min(self.characters.len());
        let part = self.characters.get(place..end).unwrap_or_default();
        let at = match (part.first(), part.last()) {
            (Some((first, _)), Some((last, _))) => first.start..last.end,
            _ => 0..0,
        };
        (at, part.iter().map(|(_, folded)| folded.as_str()).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Run(usize),
    Emoji,
    /// Belongs to what stands before it.
    Mark,
    Other,
}

/// The pieces of a text, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        match class(c) {
            Class::Other | Class::Mark => {}
            Class::Word => {
                let mut end = start + c.len_utf8();
                while let Some((at, c)) =
                    rest.next_if(|(_, c)| matches!(class(*c), Class::Word | Class::Mark))
                {
                    end = at + c.len_utf8();
                }
                pieces.push(Piece::Word(start..end));
            }
            Class::Run(wide) => {
                let mut run = Run { wide, characters: Vec::new() };
                let mut character = start..start + c.len_utf8();
                while let Some((at, c)) =
                    rest.next_if(|(_, c)| class(*c) == Class::Run(wide) || class(*c) == Class::Mark)
                {
                    if class(c) != Class::Mark && !joins_before(c) {
                        keep(text, &mut run, character);
                        character = at..at;
                    }
                    character.end = at + c.len_utf8();
                }
                keep(text, &mut run, character);
                if !run.characters.is_empty() {
                    pieces.push(Piece::Run(run));
                }
            }
            Class::Emoji => {
                let (end, written) = emoji(&mut rest, start, c);
                pieces.push(Piece::Emoji(start..end, written));
            }
        }
    }
    pieces
}

fn keep(text: &str, run: &mut Run, at: Range<usize>) {
    let folded = fold(text.get(at.clone()).unwrap_or_default());
    if !folded.is_empty() {
        run.characters.push((at, folded));
    }
}

type Characters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// The rest of an emoji: skin, form, those joined to it, the other half of a flag.
fn emoji(rest: &mut Characters<'_>, start: usize, first: char) -> (usize, String) {
    const JOINER: char = '\u{200D}';
    let mut written = String::from(first);
    let mut end = start + first.len_utf8();
    let mut whole_flag = !is_half_flag(first);
    let mut joined = false;
    while let Some((at, c)) = rest.next_if(|(_, c)| {
        is_dress(*c) || *c == JOINER || (joined && is_emoji(*c)) || (!whole_flag && is_half_flag(*c))
    }) {
        end = at + c.len_utf8();
        whole_flag |= is_half_flag(c);
        joined = c == JOINER;
        if !is_dress(c) {
            written.push(c);
        }
    }
    (end, written.trim_end_matches(JOINER).to_owned())
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Word } else { Class::Other };
    }
    if is_emoji(c) {
        return Class::Emoji;
    }
    if is_private(c) {
        return Class::Other;
    }
    if let Some(wide) = unspaced(c) {
        return Class::Run(wide);
    }
    if is_combining_mark(c) || is_unseen(c) {
        return Class::Mark;
    }
    if c.is_alphanumeric() { Class::Word } else { Class::Other }
}

/// Marks that have a class of their own, and stand on the character before them.
fn joins_before(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{FF9E}' | '\u{FF9F}' | '\u{0E33}' | '\u{0EB3}')
}

/// How many characters make a word in a script that puts no spaces between words.
fn unspaced(c: char) -> Option<usize> {
    match c {
        // Japanese, Chinese, Korean.
        '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FFDC}'
        | '\u{1AFF0}'..='\u{1B16F}'
        | '\u{20000}'..='\u{3FFFD}' => Some(2),
        // Thai, Lao, Burmese, Khmer, without their digits.
        '\u{0E01}'..='\u{0E3A}'
        | '\u{0E40}'..='\u{0E4E}'
        | '\u{0E81}'..='\u{0ECE}'
        | '\u{0EDC}'..='\u{0EDF}'
        | '\u{1000}'..='\u{103F}'
        | '\u{1050}'..='\u{108F}'
        | '\u{109A}'..='\u{109F}'
        | '\u{1780}'..='\u{17D3}'
        | '\u{17D7}'
        | '\u{17DC}'
        | '\u{17DD}' => Some(3),
        _ => None,
    }
}

/// Characters that are not seen: joiners, soft hyphens, marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1F0FF}'
        | '\u{1F170}'..='\u{1F19A}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F201}'..='\u{1F265}'
        | '\u{1F300}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

fn is_half_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// What only changes how an emoji looks: its skin, its form, a flag's region.
fn is_dress(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}
