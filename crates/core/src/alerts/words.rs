//! What an alert says, in words for people. Pure.

use super::choice::AlertKind;
use super::machine::{Alert, End, News, Says, What};
use crate::store::PreviewKind;

/// Longer lines are cut: notifications show two or three of them.
const MOST_CHARS: usize = 200;
const MINUTE_MS: i64 = 60_000;

/// An alert in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertWords {
    /// Whom or what it is about.
    pub title: String,
    /// What happened.
    pub body: String,
}

impl Alert {
    /// What it says. `hides_text`: it names nobody and quotes nothing, for a screen that others see.
    #[must_use]
    pub fn words(&self, hides_text: bool) -> AlertWords {
        match &self.says {
            Says::One(news) if hides_text => in_baton(without_words(news.what.kind())),
            Says::One(news) => of_one(news),
            Says::Many { kind, threads } => in_baton(&of_many(*kind, *threads)),
            Says::Trial if hides_text => in_baton(without_words(AlertKind::Message)),
            Says::Trial => in_baton("Notifications of Baton look like this."),
        }
    }
}

fn in_baton(body: &str) -> AlertWords {
    AlertWords { title: "Baton".to_owned(), body: body.to_owned() }
}

fn without_words(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Message => "New message",
        AlertKind::Assigned => "A thread was given to you",
        AlertKind::Shutting => "The time to answer in one of your threads ends soon",
        AlertKind::Mention => "You were mentioned in a note",
    }
}

fn of_many(kind: AlertKind, threads: usize) -> String {
    match (kind, threads) {
        (_, 1) => without_words(kind).to_owned(),
        (AlertKind::Message, _) => format!("{threads} customers wrote"),
        (AlertKind::Assigned, _) => format!("{threads} threads were given to you"),
        (AlertKind::Shutting, _) => format!("The time to answer in {threads} of your threads ends soon"),
        (AlertKind::Mention, _) => format!("You were mentioned in {threads} threads"),
    }
}

fn of_one(news: &News) -> AlertWords {
    let customer = news.customer.as_deref().map_or_else(|| "A customer".to_owned(), isolated);
    let whose = format!("{customer} · {}", isolated(&news.account));
    match &news.what {
        What::Wrote { kind, line } => AlertWords { title: whose, body: cut(&of_message(*kind, line)) },
        What::Given { by: Some(by) } => {
            AlertWords { title: whose, body: format!("{} gave you this thread", isolated(by)) }
        }
        What::Given { by: None } => AlertWords { title: whose, body: "This thread is yours now".to_owned() },
        What::Meant { by, line, .. } => {
            let who = by.as_deref().map_or_else(|| "A colleague".to_owned(), isolated);
            AlertWords {
                title: format!("{who} mentioned you"),
                body: cut(&format!("{customer}: {}", isolated(line))),
            }
        }
        What::Ends { end: End::Window, left_ms } => {
            AlertWords { title: whose, body: format!("You can reply freely for {} more", time(*left_ms)) }
        }
        What::Ends { end: End::LateWindow, left_ms } => AlertWords {
            title: whose,
            body: format!("You can reply for {} more, and not after", time(*left_ms)),
        },
        What::Ends { end: End::Control, left_ms } => {
            AlertWords { title: whose, body: format!("Baton loses this thread in {}", time(*left_ms)) }
        }
    }
}

/// What a message was, in one line. A text of a customer stands as it is.
fn of_message(kind: PreviewKind, line: &str) -> String {
    let says = match kind {
        PreviewKind::Text | PreviewKind::StoryReply | PreviewKind::Pressed if !line.is_empty() => line,
        PreviewKind::Image | PreviewKind::Disappearing => "Sent a photo",
        PreviewKind::Files => "Sent files",
        PreviewKind::Video => "Sent a video",
        PreviewKind::Audio => "Sent a voice message",
        PreviewKind::File => "Sent a file",
        PreviewKind::Sticker => "Sent a sticker",
        PreviewKind::Place => "Sent a place",
        PreviewKind::Link => "Sent a link",
        PreviewKind::Product => "Shared a product",
        PreviewKind::Post => "Shared a post",
        PreviewKind::Reel => "Shared a reel",
        PreviewKind::StoryReply => "Replied to your story",
        PreviewKind::StoryMention => "Mentioned you in a story",
        PreviewKind::Appointment => "Asks for an appointment",
        PreviewKind::Order => "Sent an order",
        PreviewKind::Feedback => "Gave feedback",
        _ => without_words(AlertKind::Message),
    };
    says.to_owned()
}

/// How long: "1 h 40 min", "25 min".
fn time(left_ms: i64) -> String {
    // What is nearly over is not over.
    let minutes = (left_ms + MINUTE_MS - 1) / MINUTE_MS;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn cut(line: &str) -> String {
    let mut shown: String = line.chars().take(MOST_CHARS).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

/// A text of somebody's as one piece of a sentence of ours: where it reads from right to left, what stands around it keeps
/// its place. Signs that would turn more than their own text are left out.
fn isolated(text: &str) -> String {
    let turns =
        |letter: char| matches!(letter, '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_turned = |letter: char| {
        turns(letter)
            || matches!(letter, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
            || matches!(letter, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if text.chars().any(is_turned) {
        let plain: String = text.chars().filter(|letter| !turns(*letter)).collect();
        format!("\u{2068}{plain}\u{2069}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::NoteId;
    use rstest::rstest;

    use super::*;
    use crate::alerts::machine::Slot;
    use crate::store::ThreadId;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn alert(customer: Option<&str>, what: What) -> Alert {
        let news = News {
            thread: ThreadId(1),
            customer: customer.map(str::to_owned),
            account: "Northwind Tea".to_owned(),
            what,
        };
        Alert { slot: Slot::Thread(ThreadId(1)), says: Says::One(news) }
    }

    fn wrote(kind: PreviewKind, line: &str) -> What {
        What::Wrote { kind, line: line.to_owned() }
    }

    fn meant(by: Option<&str>) -> What {
        What::Meant { note: NoteId::new(), by: by.map(str::to_owned), line: "@Ines, please".to_owned() }
    }

    fn ends(end: End, left_ms: i64) -> What {
        What::Ends { end, left_ms }
    }

    #[rstest]
    #[case(wrote(PreviewKind::Text, "Where is it?"), "Mara Lindt · Northwind Tea", "Where is it?")]
    #[case(wrote(PreviewKind::Image, ""), "Mara Lindt · Northwind Tea", "Sent a photo")]
    #[case(wrote(PreviewKind::Text, ""), "Mara Lindt · Northwind Tea", "New message")]
    #[case(What::Given { by: Some("Jonas".to_owned()) }, "Mara Lindt · Northwind Tea", "Jonas gave you this thread")]
    #[case(What::Given { by: None }, "Mara Lindt · Northwind Tea", "This thread is yours now")]
    #[case(meant(Some("Jonas")), "Jonas mentioned you", "Mara Lindt: @Ines, please")]
    #[case(meant(None), "A colleague mentioned you", "Mara Lindt: @Ines, please")]
    #[case(ends(End::Window, 2 * HOUR_MS), "Mara Lindt · Northwind Tea", "You can reply freely for 2 h more")]
    #[case(
        ends(End::LateWindow, HOUR_MS),
        "Mara Lindt · Northwind Tea",
        "You can reply for 1 h more, and not after"
    )]
    #[case(ends(End::Control, 29 * MINUTE_MS + 1), "Mara Lindt · Northwind Tea", "Baton loses this thread in 30 min")]
    #[case(ends(End::Control, HOUR_MS + MINUTE_MS), "Mara Lindt · Northwind Tea", "Baton loses this thread in 1 h 1 min")]
    fn an_alert_says_who_and_what(#[case] what: What, #[case] title: &str, #[case] body: &str) {
        let words = alert(Some("Mara Lindt"), what.clone()).words(false);
        assert_eq!((words.title.as_str(), words.body.as_str()), (title, body));

        let hidden = alert(Some("Mara Lindt"), what).words(true);
        let all = format!("{} {}", hidden.title, hidden.body);
        for word in ["Mara", "Northwind", "Jonas", "Ines", "Where"] {
            assert!(!all.contains(word), "{all}");
        }
    }

    #[test]
    fn a_message_is_only_a_message_where_text_is_hidden() {
        let words = alert(Some("Mara Lindt"), wrote(PreviewKind::Text, "Where is it?")).words(true);
        assert_eq!((words.title.as_str(), words.body.as_str()), ("Baton", "New message"));
    }

    #[rstest]
    #[case(AlertKind::Message, 12, "12 customers wrote")]
    #[case(AlertKind::Message, 1, "New message")]
    #[case(AlertKind::Assigned, 20, "20 threads were given to you")]
    #[case(AlertKind::Shutting, 4, "The time to answer in 4 of your threads ends soon")]
    #[case(AlertKind::Mention, 5, "You were mentioned in 5 threads")]
    fn many_are_counted(#[case] kind: AlertKind, #[case] threads: usize, #[case] body: &str) {
        let alert = Alert { slot: Slot::Many(kind), says: Says::Many { kind, threads } };
        assert_eq!(alert.words(false).body, body);
        assert_eq!(alert.words(true), alert.words(false));
    }

    #[test]
    fn somebody_without_a_name_is_a_customer() {
        assert_eq!(alert(None, What::Given { by: None }).words(false).title, "A customer · Northwind Tea");
    }

    #[test]
    fn a_name_that_reads_the_other_way_turns_nothing_else_round() {
        let words = alert(Some("דנה\u{202e}"), What::Given { by: None }).words(false);
        assert_eq!(words.title, "\u{2068}דנה\u{2069} · Northwind Tea");
    }

    #[test]
    fn a_long_text_is_cut() {
        let words = alert(Some("Mara"), wrote(PreviewKind::Text, &"é".repeat(300))).words(false);
        assert_eq!(words.body.chars().count(), MOST_CHARS + 1);
        assert!(words.body.ends_with('…'));
    }
}
