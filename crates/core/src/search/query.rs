//! What somebody types, understood.
//!
//! ```text
//!   refund "not working" from:customer has:image after:2026-11 inv
//!   ──┬─── ──────┬────── ─────┬─────── ────┬──── ──────┬────── ─┬─
//!    word      phrase       filter       filter      filter   beginning of a word
//! ```
//!
//! Words may stand in any order. The last one is a beginning for as long as nothing follows it. What belongs together
//! without a space, like an address or an order number, is looked for as it stands. A filter that is still being typed
//! says nothing yet; one that is wrong says what is right.

use baton_messenger::Words;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use strum::VariantNames;

use super::fold::fold;
use super::scan::{Piece, pieces};
use super::scope::Content;
use super::tokens::{forms, is_telephone_number};

/// More words than these are not looked for; whoever pastes a letter finds it by its beginning.
const MOST: usize = 24;
/// Longer input is not read.
const MOST_BYTES: usize = 2_000;

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these have to be found.
    pub(super) terms: Vec<Term>,
    /// And all of these have to hold.
    pub filters: Filters,
}

/// Found when one of these is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(super) any: Vec<Phrase>,
}

/// Words that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    /// The last word may go on.
    pub(super) open: bool,
}

/// What has to hold besides the words. Of several people, places or moments one has to hold, of the others all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Who said it.
    pub from: Vec<Who>,
    /// Where.
    pub within: Vec<Place>,
    /// What came with it.
    pub has: Vec<Content>,
    /// Said before this moment, milliseconds UTC.
    pub before_ms: Option<i64>,
    /// Said at this moment or later, milliseconds UTC.
    pub after_ms: Option<i64>,
    /// Labels on the thread, as typed.
    pub labels: Vec<String>,
    /// How the thread stands.
    pub is: Vec<State>,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A customer.
    Customer,
    /// Whoever is asking.
    Me,
    /// A person of ours or in Meta's inbox.
    Team,
    /// Another app.
    Bot,
    /// An agent or a customer of this name.
    Called(String),
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On Messenger.
    Messenger,
    /// On Instagram.
    Instagram,
    /// In an account or a thread of this name.
    Called(String),
}

/// How a thread stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Not done.
    Open,
    /// Done.
    Done,
    /// Of a customer who is kept away.
    Blocked,
    /// Set aside until later.
    Snoozed,
    /// A person should answer.
    Waiting,
    /// With something that the asking agent has not read.
    Unread,
    /// Of the asking agent.
    Mine,
    /// Of nobody.
    Unassigned,
}

/// Why something cannot be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The filter does not know this word.
    #[error("{filter}: does not know “{value}”")]
    Unknown {
        /// The filter's name.
        filter: &'static str,
        /// What was typed.
        value: String,
        /// What it knows.
        known: &'static [&'static str],
    },
    /// The filter needs a day.
    #[error("{filter}: needs a day, not “{value}”")]
    NotADay {
        /// The filter's name.
        filter: &'static str,
        /// What was typed.
        value: String,
    },
    /// Nobody and nothing is called so.
    #[error("{filter}: nothing is called “{value}”")]
    NotCalled {
        /// The filter's name.
        filter: &'static str,
        /// What was typed.
        value: String,
    },
}

impl QueryError {
    /// What people are told, and what they can do.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Unknown { filter, value, known } => Words::new(
                format!("{filter}: does not know “{value}”."),
                format!("It can be {}.", listed(known)),
            ),
            Self::NotADay { filter, value } => Words::new(
                format!("“{value}” is no day, so that {filter}: cannot be followed."),
                "Write it like 2026-11-30, 2026-11 or 2026, or today or yesterday.",
            ),
            Self::NotCalled { filter, value } => Words::new(
                match *filter {
                    "in" => format!("No account and no customer here is called “{value}”."),
                    "label" => format!("No label here is called “{value}”."),
                    _ => format!("Nobody here is called “{value}”."),
                },
                match *filter {
                    "in" => "Try another name, or messenger or instagram.",
                    "label" => "Try another name.",
                    _ => "Try another name, or customer, team, me or bot.",
                },
            ),
        }
    }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What a day is to whoever asks.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Today.
    pub today: Date,
    /// Where.
    pub zone: TimeZone,
}

impl Filters {
    /// True when nothing has to hold besides the words.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Calendar {
    /// The day that it is at this moment, milliseconds UTC, in a zone such as "Europe/Berlin". A zone that this machine
    /// does not know is UTC.
    #[must_use]
    pub fn at(now_ms: i64, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let now = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default();
        Self { today: zone.to_datetime(now).date(), zone }
    }

    /// For text in which there are no days.
    #[must_use]
    pub(crate) fn none() -> Self {
        Self { today: Date::ZERO, zone: TimeZone::UTC }
    }
}

impl Query {
    /// Understands what somebody typed.
    ///
    /// # Errors
    /// When a filter is there and its word is not one of those that it knows.
    pub fn parse(typed: &str, calendar: &Calendar) -> Result<Self, QueryError> {
        let typed = typed.get(..typed.floor_char_boundary(MOST_BYTES)).unwrap_or_default();
        let mut query = Self::default();
        let mut waiting: Option<&'static str> = None;
        let chunks = chunks(typed);
        let mut numbers: Vec<&Chunk<'_>> = Vec::new();
        for chunk in &chunks {
            if let Some(filter) = waiting.take() {
                query.filter(filter, chunk, calendar)?;
                continue;
            }
            if chunk.filter.is_none() && !chunk.quoted && is_number_part(chunk.text) {
                numbers.push(chunk);
                continue;
            }
            query.numbers(&mut numbers);
            match chunk.filter {
                Some(filter) if chunk.text.is_empty() => waiting = Some(filter),
                Some(filter) => query.filter(filter, chunk, calendar)?,
                None => query.words(chunk),
            }
        }
        query.numbers(&mut numbers);
        query.terms.truncate(MOST);
        Ok(query)
    }

    /// True when there is nothing to look for yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.filters.is_none()
    }

    /// True when words are looked for, and not only what a filter leaves.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !self.terms.is_empty()
    }

    /// The words as an expression of the index; none when there are none.
    #[must_use]
    pub fn expression(&self) -> Option<String> {
        let terms: Vec<String> = self.terms.iter().map(Term::expression).collect();
        (!terms.is_empty()).then(|| terms.join(" AND "))
    }

    /// Each of the words for itself, in the order in which they were typed.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    fn words(&mut self, chunk: &Chunk<'_>) {
        let open = chunk.last && !chunk.closed;
        if let Some(phrase) = phrase(chunk.text, open) {
            self.terms.push(Term { any: vec![phrase] });
        }
    }

    /// Digits side by side: each for itself, or all of them as one telephone number.
    fn numbers(&mut self, chunks: &mut Vec<&Chunk<'_>>) {
        let chunks = std::mem::take(chunks);
        let Some(last) = chunks.last() else { return };
        let together: String = chunks.iter().map(|chunk| chunk.text).collect();
        let (before, open) = (self.terms.len(), last.last && !last.closed);
        for chunk in &chunks {
            self.words(chunk);
        }
        if !is_telephone_number(&together) {
            return;
        }
        let forms = forms(&together).into_iter().map(|form| Phrase { words: vec![form], open });
        match self.terms.len() - before {
            0 => {}
            1 => {
                if let Some(term) = self.terms.last_mut() {
                    term.any.extend(forms.filter(|form| !term.any.contains(form)).collect::<Vec<_>>());
                }
            }
            _ => {
                // "All of these words, or that number" is no list of alternatives. Written with other spaces, a number
                // is hardly ever the same words, so that its forms are what counts.
                let spaced: Vec<&str> = chunks.iter().map(|chunk| chunk.text).collect();
                self.terms.truncate(before);
                let mut any: Vec<Phrase> = phrase(&spaced.join(" "), open).into_iter().collect();
                any.extend(forms);
                self.terms.push(Term { any });
            }
        }
    }

    fn filter(
        &mut self,
        filter: &'static str,
        chunk: &Chunk<'_>,
        calendar: &Calendar,
    ) -> Result<(), QueryError> {
        let value = chunk.text.trim();
        let typing = chunk.last && !chunk.closed;
        if fold(value).is_empty() {
            return Ok(());
        }
        match filter {
            "from" => self.filters.from.push(who(value)),
            "in" => self.filters.within.push(place(value)),
            "label" => self.filters.labels.push(value.to_owned()),
            "has" => {
                let value = content_word(value);
                self.filters.has.extend(one_of::<Content>(filter, &value, typing, Content::VARIANTS)?);
            }
            "is" => self.filters.is.extend(one_of::<State>(filter, value, typing, State::VARIANTS)?),
            "before" => {
                let moment = moment(filter, value, typing, calendar)?;
                self.filters.before_ms = earlier(self.filters.before_ms, moment);
            }
            _ => {
                let moment = moment(filter, value, typing, calendar)?;
                self.filters.after_ms = self.filters.after_ms.max(moment);
            }
        }
        Ok(())
    }
}

/// The filters there are.
pub const FILTERS: &[&str] = &["from", "in", "has", "before", "after", "label", "is"];

impl Term {
    /// True when it is found among words as the index has them.
    pub(crate) fn is_among(&self, line: &[&str]) -> bool {
        self.any.iter().any(|phrase| phrase.is_among(line))
    }

    /// It as an expression of the index.
    pub(crate) fn expression(&self) -> String {
        let any: Vec<String> = self.any.iter().map(Phrase::expression).collect();
        if any.len() == 1 { any.concat() } else { format!("({})", any.join(" OR ")) }
    }
}

impl Phrase {
    fn is_among(&self, line: &[&str]) -> bool {
        let Some(last) = self.words.len().checked_sub(1) else { return false };
        line.windows(self.words.len()).any(|window| {
            window.iter().zip(&self.words).enumerate().all(|(place, (there, word))| {
                if place == last && self.open { there.starts_with(word.as_str()) } else { there == word }
            })
        })
    }

    /// Words hold no quotes, so that nothing can end the string before its end.
    fn expression(&self) -> String {
        format!("\"{}\"{}", self.words.join(" "), if self.open { "*" } else { "" })
    }
}

/// What stands between spaces, or between quotes.
struct Chunk<'a> {
    filter: Option<&'static str>,
    text: &'a str,
    /// Nothing follows.
    last: bool,
    /// Something says that it is complete: a space or a quote after it.
    closed: bool,
    quoted: bool,
}

fn chunks(typed: &str) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let (filter, after) = filter_name(rest);
        let (text, after, quoted, closed) = value(after);
        rest = after.trim_start();
        chunks.push(Chunk { filter, text, last: rest.is_empty(), closed, quoted });
    }
    chunks
}

fn filter_name(rest: &str) -> (Option<&'static str>, &str) {
    for name in FILTERS {
        let Some((typed, after)) = rest.split_once(':') else { break };
        if typed.eq_ignore_ascii_case(name) {
            return (Some(name), after);
        }
    }
    (None, rest)
}

fn value(rest: &str) -> (&str, &str, bool, bool) {
    let quotes: &[char] = match rest.chars().next() {
        Some('"') => &['"'],
        Some('“' | '”' | '„') => &['“', '”', '"'],
        Some('«') => &['»'],
        _ => {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            return (text, after, false, !after.is_empty());
        }
    };
    let begun = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    match begun.find(quotes) {
        Some(end) => {
            let after = begun.get(end..).unwrap_or_default();
            let after = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
            (begun.get(..end).unwrap_or_default(), after, true, true)
        }
        None => (begun, "", true, begun.ends_with(char::is_whitespace)),
    }
}

/// The words of a chunk as they stand in the index; none when there are none.
fn phrase(text: &str, open: bool) -> Option<Phrase> {
    let mut phrase = Phrase { words: Vec::new(), open: false };
    let pieces = pieces(text);
    let count = pieces.len();
    for (place, piece) in pieces.into_iter().enumerate() {
        let last = place + 1 == count;
        match piece {
            Piece::Word(at) => {
                let word = fold(text.get(at).unwrap_or_default());
                if !word.is_empty() {
                    phrase.words.push(word);
                    phrase.open = last && open;
                }
            }
            Piece::Emoji(_, word) => {
                phrase.words.push(word);
                phrase.open = false;
            }
            Piece::Run(run) => {
                let length = run.characters.len();
                // Where the run ends here it may go on in the text, so that what only its end makes is left out.
                let words = if last { length.saturating_sub(run.wide - 1).max(1) } else { length };
                phrase.words.extend((0..words).map(|place| run.word(place).1));
                phrase.open = last && (length < run.wide || run.wide > 2);
            }
        }
    }
    phrase.words.truncate(MOST);
    (!phrase.words.is_empty()).then_some(phrase)
}

fn is_number_part(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-./()".contains(&b))
}

fn who(value: &str) -> Who {
    match fold(value).as_str() {
        "customer" | "customers" => Who::Customer,
        "me" => Who::Me,
        "us" | "team" => Who::Team,
        "bot" | "bots" => Who::Bot,
        _ => Who::Called(value.to_owned()),
    }
}

fn place(value: &str) -> Place {
    match fold(value).as_str() {
        "messenger" | "facebook" => Place::Messenger,
        "instagram" => Place::Instagram,
        _ => Place::Called(value.to_owned()),
    }
}

/// Other words for the same.
fn content_word(value: &str) -> String {
    let value = fold(value);
    match value.as_str() {
        "picture" | "pictures" | "photo" | "photos" | "images" => "image".to_owned(),
        "voice" | "sound" => "audio".to_owned(),
        "videos" => "video".to_owned(),
        "files" | "document" => "file".to_owned(),
        "links" | "url" => "link".to_owned(),
        "attachments" => "attachment".to_owned(),
        _ => value,
    }
}

fn one_of<T: std::str::FromStr>(
    filter: &'static str,
    value: &str,
    typing: bool,
    known: &'static [&'static str],
) -> Result<Option<T>, QueryError> {
    let folded = fold(value);
    if let Ok(found) = folded.parse() {
        return Ok(Some(found));
    }
    if typing && known.iter().any(|word| word.starts_with(&folded)) {
        return Ok(None);
    }
    Err(QueryError::Unknown { filter, value: value.to_owned(), known })
}

/// The first moment of a day, a month or a year.
fn moment(
    filter: &'static str,
    value: &str,
    typing: bool,
    calendar: &Calendar,
) -> Result<Option<i64>, QueryError> {
    if typing && value.rsplit('-').next().is_some_and(|last| last.len() == 1) {
        return Ok(None);
    }
    let Some(day) = day(value, calendar.today) else {
        let may_become_one = value.bytes().all(|b| b.is_ascii_digit() || b == b'-') && value.len() < 10;
        let may_become_word =
            ["today", "yesterday"].iter().any(|word| word.starts_with(&value.to_ascii_lowercase()));
        if typing && (may_become_one || may_become_word) {
            return Ok(None);
        }
        return Err(QueryError::NotADay { filter, value: value.to_owned() });
    };
    let start = calendar.zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible();
    start
        .map(|start| Some(start.timestamp().as_millisecond()))
        .map_err(|_| QueryError::NotADay { filter, value: value.to_owned() })
}

fn day(value: &str, today: Date) -> Option<Date> {
    match value.to_ascii_lowercase().as_str() {
        "today" => return Some(today),
        "yesterday" => return today.checked_sub(1.day()).ok(),
        _ => {}
    }
    if value.bytes().any(|b| !b.is_ascii_digit() && b != b'-') {
        return None;
    }
    let mut numbers = value.split('-');
    let year = numbers.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = numbers.next().map_or(Some(1), |month| month.parse().ok())?;
    let day = numbers.next().map_or(Some(1), |day| day.parse().ok())?;
    if numbers.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
