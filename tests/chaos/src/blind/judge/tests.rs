use super::*;

struct Story {
    lines: Vec<Line>,
    pressed: Vec<Pressed>,
    ines: DeskId,
    jonas: DeskId,
}

impl Story {
    fn new() -> Self {
        Self { lines: Vec::new(), pressed: Vec::new(), ines: DeskId::new(), jonas: DeskId::new() }
    }

    fn tells(&mut self, what: What) -> u64 {
        let seq = self.lines.len() as u64 + 1;
        self.lines.push(Line { seq, customer: "mara".into(), what });
        seq
    }

    /// A desk presses with this word seen, and is granted.
    fn grants(&mut self, desk: DeskId, word: u64, text: &str) -> PartId {
        let part = PartId::new();
        self.pressed.push(Pressed { text: text.to_owned(), word });
        self.tells(What::Granted { part, desk, text: text.to_owned() });
        part
    }

    fn judge(&self) -> Judged {
        judge(&self.lines, &self.pressed)
    }
}

#[test]
fn replies_to_what_was_seen_are_good_and_what_crosses_is_counted() {
    let mut story = Story::new();
    let (ines, jonas) = (story.ines, story.jonas);
    story.tells(What::Wrote);
    let first = story.grants(ines, 1, "one");
    // It comes after the grant: they cross.
    story.tells(What::Wrote);
    let sent = story.tells(What::Ended { part: first, is_sent: true });
    story.tells(What::Echo { part: first });
    // Her own word does not speak against her, whatever she saw of it.
    let second = story.grants(ines, 3, "two");
    story.tells(What::Ended { part: second, is_sent: false });
    let third = story.grants(jonas, sent, "three");
    story.tells(What::Echo { part: third });
    let judged = story.judge();
    assert_eq!((judged.faults.as_slice(), judged.granted, judged.sent), (&[][..], 3, 2));
    assert_eq!(judged.crossings, [Crossing { granted: 2, word: 3 }]);
    assert_eq!(crossed_texts(&story.lines, &judged), BTreeSet::from(["one".to_owned()]));
}

#[test]
fn a_grant_over_a_newer_word_of_the_customer_is_found() {
    let mut story = Story::new();
    let ines = story.ines;
    story.tells(What::Wrote);
    story.tells(What::Wrote);
    story.grants(ines, 1, "one");
    assert_eq!(story.judge().faults, [Fault::NewerWord { granted: 3, word: 2 }]);
}

#[test]
fn a_grant_over_a_colleagues_reply_is_found_whether_it_is_on_its_way_or_arrived() {
    let mut story = Story::new();
    let (ines, jonas) = (story.ines, story.jonas);
    story.tells(What::Wrote);
    let part = story.grants(ines, 1, "one");
    story.grants(jonas, 1, "two");
    assert_eq!(story.judge().faults, [Fault::TwoOnTheirWay { granted: 3, other: 2 }]);

    let mut story = Story::new();
    story.tells(What::Wrote);
    story.pressed.push(Pressed { text: "one".into(), word: 1 });
    story.tells(What::Granted { part, desk: ines, text: "one".into() });
    story.tells(What::Echo { part });
    story.grants(jonas, 1, "two");
    assert_eq!(story.judge().faults, [Fault::NewerWord { granted: 4, word: 3 }]);
}

#[test]
fn what_nobody_pressed_and_what_left_twice_is_found() {
    let mut story = Story::new();
    let ines = story.ines;
    let part = story.grants(ines, 0, "one");
    story.tells(What::Ended { part, is_sent: true });
    let again = story.grants(ines, 2, "one");
    story.tells(What::Ended { part: again, is_sent: true });
    story.tells(What::Granted { part: PartId::new(), desk: ines, text: "nobody's".into() });
    let found = story.judge().faults;
    assert_eq!(found, [Fault::Unpressed { granted: 5 }, Fault::SentTwice { text: "one".into() }]);
}
