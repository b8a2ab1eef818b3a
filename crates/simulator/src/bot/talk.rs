//! What the bot says, as a pure function of what the customer wrote.

use super::shown::{Shown, asked_for};

/// What the bot does about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Move {
    Answer(String),
    /// Something to press.
    Show(Shown),
    /// Say something short, then pass control with a note for the person who takes over.
    PassOn {
        words: String,
        note: String,
    },
}

const ASKS_FOR_PERSON: &[&str] = &[
    "person",
    "human",
    "agent",
    "somebody real",
    "someone real",
    "real someone",
    "mensch",
    "mitarbeiter",
    "człowiek",
    "konsultant",
    "humano",
    "humain",
];

/// `text` is the newest of `said`, the customer's recent messages, oldest first.
pub(super) fn reply_to(text: &str, said: &[String]) -> Move {
    let lower = text.to_lowercase();
    let language = language_of(said);
    if ASKS_FOR_PERSON.iter().any(|ask| lower.contains(ask)) {
        let words = match language {
            "German" => "Einen Moment, ich hole jemanden aus dem Team.",
            "Polish" => "Chwileczkę, przekazuję rozmowę komuś z zespołu.",
            "Spanish" => "Un momento, le paso con alguien del equipo.",
            "French" => "Un instant, je vous passe quelqu'un de l'équipe.",
            _ => "One moment, I am getting somebody from the team.",
        };
        return Move::PassOn { words: words.to_owned(), note: note(said, language) };
    }
    match asked_for(&lower) {
        Some(shown) => Move::Show(shown),
        None => Move::Answer(canned(&lower, said).to_owned()),
    }
}

fn canned(lower: &str, said: &[String]) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["parcel", "deliver", "order", "paket", "bestell", "paczk", "zamówieni", "pedido"]) {
        return match order_number(said) {
            Some(_) => "Thank you. Your parcel has left our shop; the carrier gives no newer news yet.",
            None => "I can look that up. What is the number of your order?",
        };
    }
    if has(&["open", "hours", "geöffnet", "öffnungs", "godzin", "otwart"]) {
        return "The shop is open Monday to Saturday, 9:00 to 18:00.";
    }
    if has(&["refund", "return", "money back", "rückgabe", "zwrot"]) {
        return "You can return unopened tea within 30 days. The label is in your order confirmation.";
    }
    if has(&["price", "cost", "how much", "kostet", "preis", "ile kosztuje"]) {
        return "Our loose teas start at 6.50 for 100 g. Which one are you looking at?";
    }
    if has(&["thank", "danke", "dzięk", "gracias", "merci"]) {
        return "You are welcome. Write whenever you need something.";
    }
    if has(&["hello", "hi ", "hallo", "guten", "dzień", "cześć", "hola", "bonjour"]) || lower.trim() == "hi"
    {
        return "Hello, this is Teabot. Ask me about orders, parcels, returns or opening hours.";
    }
    if lower.chars().filter(char::is_ascii_digit).count() >= 3 {
        return "Thank you, I found the order. The parcel has left our shop and is with the carrier.";
    }
    "I am Teabot and know about orders, parcels, returns and opening hours. Write “I want a person” to reach the team."
}

/// For example: `Order 4412, parcel late since Friday. Customer asked twice. Language: English.`
fn note(said: &[String], language: &str) -> String {
    let all = said.join(" ").to_lowercase();
    let mut about = Vec::new();
    if let Some(number) = order_number(said) {
        about.push(format!("order {number}"));
    }
    if let Some(topic) = topic_of(&all) {
        about.push(match since(said) {
            Some(since) => format!("{topic} since {since}"),
            None => topic.to_owned(),
        });
    }
    if about.is_empty() {
        about.push("asks for a person".to_owned());
    }
    let times = match said.len() {
        0 | 1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    format!("{}. Customer asked {times}. Language: {language}.", first_upper(&about.join(", ")))
}

fn order_number(said: &[String]) -> Option<String> {
    let numbers = said.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_digit()));
    let mut long = numbers.filter(|digits| (3..=12).contains(&digits.len()));
    long.next_back().map(str::to_owned)
}

fn topic_of(all: &str) -> Option<&'static str> {
    let topics: [(&[&str], &str); 7] = [
        (
            &["late", "where is my parcel", "not arrived", "still waiting", "verspät", "nicht angekommen"],
            "parcel late",
        ),
        (&["broken", "damaged", "kaputt", "uszkodz"], "parcel damaged"),
        (&["wrong", "falsch", "instead of"], "wrong item"),
        (&["refund", "money back", "geld zurück", "zwrot"], "wants a refund"),
        (&["invoice", "rechnung", "faktur"], "needs an invoice"),
        (&["allerg"], "asks about allergens"),
        (&["parcel", "deliver", "paket", "paczk"], "asks about a parcel"),
    ];
    topics.iter().find(|(words, _)| words.iter().any(|w| all.contains(w))).map(|(_, topic)| *topic)
}

/// The word after "since", for example a weekday.
fn since(said: &[String]) -> Option<String> {
    let texts = said.iter().rev();
    texts.filter_map(|text| word_after(text, &["since", "seit"])).next()
}

fn word_after(text: &str, markers: &[&str]) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.find(|word| markers.contains(&word.to_lowercase().as_str()))?;
    words.next().map(str::to_owned)
}

fn language_of(said: &[String]) -> &'static str {
    let all = format!(" {} ", said.join(" ").to_lowercase());
    let marks: [(&str, &[&str]); 4] = [
        ("German", &[" ich ", " ist ", " nicht ", " bitte ", " und ", " mein", "ß", " hallo"]),
        ("Polish", &[" nie ", " jest ", " proszę ", " mam ", "ł", "ż", " czy ", "ś"]),
        ("Spanish", &[" hola", " pedido", " gracias", " quiero ", "¿", " mi "]),
        ("French", &[" bonjour", " je ", " merci", " est ", " ma ", " pas "]),
    ];
    let score = |words: &[&str]| words.iter().filter(|w| all.contains(*w)).count();
    let best = marks.iter().max_by_key(|(_, words)| score(words));
    best.filter(|(_, words)| score(words) >= 2).map_or("English", |(language, _)| language)
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn mara_asks_for_a_person_and_the_note_says_what_she_wrote() {
        let texts = said(&["My order 4412 is late since Friday, where is my parcel?", "I want a person"]);
        let Move::PassOn { words, note } = reply_to(&texts[1], &texts) else {
            panic!("the bot kept the thread")
        };
        assert_eq!(words, "One moment, I am getting somebody from the team.");
        assert_eq!(note, "Order 4412, parcel late since Friday. Customer asked twice. Language: English.");
    }

    #[test]
    fn a_german_customer_is_answered_in_german_when_asking_for_a_person() {
        let texts = said(&["Hallo, ich möchte bitte mit einem Menschen sprechen"]);
        let Move::PassOn { words, note } = reply_to(&texts[0], &texts) else {
            panic!("the bot kept the thread")
        };
        assert!(words.starts_with("Einen Moment"));
        assert_eq!(note, "Asks for a person. Customer asked once. Language: German.");
    }

    #[test]
    fn the_bot_shows_what_is_asked_for_and_answers_what_is_pressed_there() {
        for (ask, shown) in [
            ("Show me quick replies", Shown::QuickReplies),
            ("Buttons, please", Shown::Buttons),
            ("A carousel?", Shown::Cards),
        ] {
            assert_eq!(reply_to(ask, &said(&[ask])), Move::Show(shown));
        }
        let fallback = reply_to("Hm", &said(&["Hm"]));
        for title in ["My parcel", "A return", "Opening hours", "What does it cost?"] {
            let answer = reply_to(title, &said(&[title]));
            assert!(matches!(&answer, Move::Answer(_)) && answer != fallback, "{title}: {answer:?}");
        }
    }

    #[test]
    fn the_bot_keeps_ordinary_questions() {
        let texts = said(&["Where is my parcel?"]);
        assert_eq!(
            reply_to(&texts[0], &texts),
            Move::Answer("I can look that up. What is the number of your order?".into())
        );
    }
}
