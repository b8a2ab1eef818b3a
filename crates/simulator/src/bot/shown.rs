//! What the bot shows besides words, for whoever asks for it: quick replies, buttons, cards. Each title is a question that
//! the bot answers, so that whoever presses one goes on.

use serde_json::{Value, json};

/// Something to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    QuickReplies,
    Buttons,
    /// Cards side by side, each with a picture and a button.
    Cards,
}

/// Words of a customer, each with what it asks for.
const ASKS: &[(&[&str], Shown)] = &[
    (&["quick repl", "choices"], Shown::QuickReplies),
    (&["button"], Shown::Buttons),
    (&["carousel", "catalog", "cards", "show me teas"], Shown::Cards),
];

const TEAS: &[(&str, &str)] = &[
    ("Sencha Uji", "Green, from Kyoto · 9.80"),
    ("Darjeeling first flush", "Black, harvested in March · 12.40"),
    ("Peppermint", "No caffeine · 6.50"),
];

/// What a message asks to be shown; `lower` in small letters.
pub(super) fn asked_for(lower: &str) -> Option<Shown> {
    ASKS.iter().find(|(words, _)| words.iter().any(|word| lower.contains(word))).map(|(_, shown)| *shown)
}

impl Shown {
    /// How many pictures it needs.
    pub(super) fn pictures(self) -> usize {
        if self == Self::Cards { TEAS.len() } else { 0 }
    }

    /// The message, as the Send API takes it. `pictures` are addresses.
    pub(super) fn message(self, pictures: &[Option<String>]) -> Value {
        match self {
            Self::QuickReplies => {
                let titles = ["My parcel", "A return", "Opening hours", "I want a person"];
                let replies = titles
                    .map(|title| json!({"content_type": "text", "title": title, "payload": payload(title)}));
                json!({"text": "What is it about?", "quick_replies": replies})
            }
            Self::Buttons => template(&json!({
                "template_type": "button",
                "text": "You can return unopened tea within 30 days.",
                "buttons": [
                    {"type": "web_url", "title": "How to return it", "url": "https://shop.example.invalid/returns"},
                    postback("Opening hours"),
                    postback("I want a person"),
                ],
            })),
            Self::Cards => {
                let cards = TEAS.iter().zip(pictures).map(|((title, subtitle), picture)| {
                    json!({
                        "title": title, "subtitle": subtitle, "image_url": picture,
                        "buttons": [postback("What does it cost?"), postback("I want a person")],
                    })
                });
                template(&json!({"template_type": "generic", "elements": cards.collect::<Vec<_>>()}))
            }
        }
    }
}

fn template(payload: &Value) -> Value {
    json!({"attachment": {"type": "template", "payload": payload}})
}

fn postback(title: &str) -> Value {
    json!({"type": "postback", "title": title, "payload": payload(title)})
}

fn payload(title: &str) -> String {
    title.to_uppercase().replace(' ', "_")
}
