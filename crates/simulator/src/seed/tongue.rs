//! Languages: names, places and phrases. The words stand in `words/`, one file a language.

use rand::RngExt;
use rand_pcg::Pcg64;

/// Files and how many of a hundred people speak so.
const FILES: &[(&str, u32)] = &[
    (include_str!("words/en.txt"), 34),
    (include_str!("words/de.txt"), 18),
    (include_str!("words/fr.txt"), 8),
    (include_str!("words/es.txt"), 8),
    (include_str!("words/pl.txt"), 8),
    (include_str!("words/uk.txt"), 6),
    (include_str!("words/ar.txt"), 6),
    (include_str!("words/he.txt"), 4),
    (include_str!("words/ja.txt"), 4),
    (include_str!("words/tr.txt"), 4),
];

/// One language.
#[derive(Debug, Default)]
pub(super) struct Tongue {
    pub locale: &'static str,
    /// Hours ahead of UTC.
    pub timezone: i32,
    weight: u32,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    cities: Vec<&'static str>,
    things: Vec<&'static str>,
    pub asks: Vec<&'static str>,
    pub adds: Vec<&'static str>,
    pub answers: Vec<&'static str>,
    pub thanks: Vec<&'static str>,
    pub closes: Vec<&'static str>,
}

impl Tongue {
    pub fn all() -> Vec<Self> {
        FILES.iter().map(|(text, weight)| Self { weight: *weight, ..Self::read(text) }).collect()
    }

    fn read(text: &'static str) -> Self {
        let mut tongue = Self::default();
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(rest) = line.strip_prefix("locale ") {
                let (locale, timezone) = rest.split_once(' ').unwrap_or((rest, "0"));
                (tongue.locale, tongue.timezone) = (locale, timezone.parse().unwrap_or(0));
            } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
            } else {
                match section {
                    "first" => tongue.first.extend(line.split(' ')),
                    "last" => tongue.last.extend(line.split(' ')),
                    "city" => tongue.cities.extend(line.split('|')),
                    "thing" => tongue.things.extend(line.split('|')),
                    "ask" => tongue.asks.push(line),
                    "add" => tongue.adds.push(line),
                    "answer" => tongue.answers.push(line),
                    "thanks" => tongue.thanks.push(line),
                    _ => tongue.closes.push(line),
                }
            }
        }
        tongue
    }

    pub fn first_name(&self, dice: &mut Pcg64) -> &'static str {
        pick(&self.first, dice)
    }

    pub fn last_name(&self, dice: &mut Pcg64) -> &'static str {
        pick(&self.last, dice)
    }

    /// A phrase with its slots filled, put at the end of a text.
    pub fn say(&self, phrase: &str, dice: &mut Pcg64, text: &mut String) {
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            match slot {
                "order" => number(dice.random_range(3000..99_000), text),
                "n" => number(dice.random_range(2..9), text),
                "price" => {
                    number(dice.random_range(6..180), text);
                    text.push_str(pick(&[".50", ".90", ".00", ".25"], dice));
                    text.push_str(" €");
                }
                "city" => text.push_str(pick(&self.cities, dice)),
                _ => text.push_str(pick(&self.things, dice)),
            }
            rest = after;
        }
        text.push_str(rest);
    }
}

fn number(value: u32, text: &mut String) {
    use std::fmt::Write;
    let _ = write!(text, "{value}");
}

/// One of the languages, by how many speak it.
pub(super) fn choose<'a>(tongues: &'a [Tongue], dice: &mut Pcg64) -> &'a Tongue {
    let mut at = dice.random_range(0..100);
    for tongue in tongues {
        if at < tongue.weight {
            return tongue;
        }
        at -= tongue.weight;
    }
    &tongues[0]
}

/// One of these; nothing when there are none.
pub(super) fn pick(of: &[&'static str], dice: &mut Pcg64) -> &'static str {
    if of.is_empty() { "" } else { of[dice.random_range(0..of.len())] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_all_it_needs() {
        let tongues = Tongue::all();
        assert_eq!(tongues.iter().map(|t| t.weight).sum::<u32>(), 100);
        for tongue in tongues {
            assert!(tongue.first.len() >= 16 && tongue.last.len() >= 16, "{}", tongue.locale);
            for list in [&tongue.cities, &tongue.things, &tongue.asks, &tongue.adds, &tongue.answers] {
                assert!(list.len() >= 4, "{}: {list:?}", tongue.locale);
            }
            assert!(tongue.thanks.len() >= 3 && tongue.closes.len() >= 2, "{}", tongue.locale);
            let phrases = [&tongue.asks, &tongue.adds, &tongue.answers, &tongue.thanks, &tongue.closes];
            for phrase in phrases.into_iter().flatten() {
                for slot in phrase.split('{').skip(1) {
                    let name = slot.split('}').next().unwrap_or_default();
                    assert!(["order", "n", "price", "city", "thing"].contains(&name), "{phrase}");
                }
            }
        }
    }
}
