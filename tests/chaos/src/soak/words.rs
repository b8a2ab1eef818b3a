//! What people say in the made-up desk. Every text has a word of its own, so that a search can be judged.

use super::truth::Said;

/// Said often, so that it stands in many messages of one thread.
const OFTEN: [&str; 24] = [
    "parcel",
    "delivery",
    "today",
    "please",
    "Größe",
    "retour",
    "merci",
    "gracias",
    "teapot",
    "green",
    "broken",
    "invoice",
    "Straße",
    "überall",
    "refund",
    "spasibo",
    "заказ",
    "شكرا",
    "お茶",
    "🙂",
    "thanks",
    "again",
    "still",
    "waiting",
];

/// The word that stands in no other text of this version.
#[must_use]
pub fn own_word(thread: usize, number: u32, version: u32) -> String {
    format!("z{thread}x{number}v{version}")
}

/// What a message says after it was changed `version` times.
#[must_use]
pub fn text(thread: usize, number: u32, version: u32) -> String {
    let mut choose =
        fastrand::Rng::with_seed((thread as u64) << 32 | u64::from(number) << 4 | u64::from(version));
    let mut words: Vec<&str> = (0..choose.usize(2..7)).map(|_| OFTEN[choose.usize(..OFTEN.len())]).collect();
    let own = own_word(thread, number, version);
    words.insert(choose.usize(..words.len()), &own);
    words.join(" ")
}

/// A word that is said often.
#[must_use]
pub fn often(number: usize) -> &'static str {
    // Only the ones of plain letters, which nothing folds.
    const PLAIN: [&str; 6] = ["parcel", "delivery", "teapot", "invoice", "thanks", "waiting"];
    PLAIN[number % PLAIN.len()]
}

/// Whether a message says this word now.
#[must_use]
pub fn says(thread: usize, said: &Said, word: &str) -> bool {
    said.text(thread).is_some_and(|text| text.split(' ').any(|one| one == word))
}

/// Meta's id of a message.
#[must_use]
pub fn mid(thread: usize, number: u32) -> String {
    format!("m_long-{thread}-{number}")
}

/// A customer's id.
#[must_use]
pub fn customer(thread: usize) -> String {
    format!("72000000{thread:08}")
}
