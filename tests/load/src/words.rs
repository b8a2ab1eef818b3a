//! What people write: a vocabulary in which few words are frequent and most are rare, as in any language.

use fastrand::Rng;

/// Common ones first. The rest of the vocabulary is made of syllables.
const COMMON: &[&str] = &[
    "the",
    "my",
    "parcel",
    "order",
    "is",
    "and",
    "tea",
    "you",
    "for",
    "when",
    "it",
    "to",
    "delivery",
    "please",
    "not",
    "have",
    "in",
    "hello",
    "thanks",
    "where",
    "can",
    "refund",
    "we",
    "of",
    "yesterday",
    "arrived",
    "address",
    "with",
    "been",
    "number",
    "still",
    "waiting",
    "invoice",
    "today",
    "week",
    "change",
    "cup",
    "broken",
    "shop",
    "green",
    "street",
    "website",
    "payment",
    "card",
    "voucher",
    "sorry",
    "will",
    "send",
    "again",
    "thank",
    "café",
    "Grüße",
    "naïve",
    "crème",
    "お茶",
    "配送",
    "ありがとう",
    "شكرا",
    "спасибо",
    "zażółć",
    "teapot",
    "sample",
    "gift",
    "box",
];
const SYLLABLES: &[&str] = &[
    "ba", "ro", "ti", "ne", "lu", "ka", "mo", "se", "vi", "da", "pe", "su", "ri", "fo", "ge", "ma", "ly",
    "cho", "wen", "tra", "ple", "sto", "qui", "zan", "ber",
];
/// So many words are there.
const WORDS: usize = 30_000;

/// A vocabulary.
#[derive(Debug)]
pub struct Words {
    all: Vec<String>,
}

impl Default for Words {
    fn default() -> Self {
        let mut all: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
        let mut rng = Rng::with_seed(7);
        while all.len() < WORDS {
            let syllables = rng.usize(2..5);
            all.push((0..syllables).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect());
        }
        Self { all }
    }
}

impl Words {
    /// One word; the n-th is about n times rarer than the first.
    pub fn one(&self, rng: &mut Rng) -> &str {
        let last = self.all.len() as f64;
        let place = (last.powf(rng.f64()) - 1.0) as usize;
        &self.all[place.min(self.all.len() - 1)]
    }

    /// The word of this rank, the most frequent first; the rarest for whatever is beyond.
    #[must_use]
    pub fn ranked(&self, rank: usize) -> &str {
        &self.all[rank.min(self.all.len() - 1)]
    }

    /// A sentence of some words.
    pub fn sentence(&self, rng: &mut Rng) -> String {
        let words = rng.usize(4..19);
        let mut text = String::with_capacity(words * 7);
        for word in 0..words {
            if word > 0 {
                text.push(' ');
            }
            text.push_str(self.one(rng));
        }
        text.push(if rng.u8(..4) == 0 { '?' } else { '.' });
        text
    }

    /// A customer's name.
    pub fn name(&self, rng: &mut Rng) -> String {
        let mut part = || {
            let mut word: String =
                (0..rng.usize(2..4)).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect();
            if let Some(first) = word.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            word
        };
        format!("{} {}", part(), part())
    }
}
