//! What is said in a thread: meetings of some minutes, days or months apart, in which a customer asks and is answered.

use rand::RngExt;
use rand_pcg::Pcg64;

use super::hours::moment;
use super::tongue::{Tongue, pick};
use super::{SeededMessage, SeededThing, Voice, mid};
use crate::clock::{DAY_MS, HOUR_MS};

/// So many messages make a meeting, on average.
const MEETING: usize = 7;
/// No thread is older.
const OLDEST_MS: i64 = 3 * 365 * DAY_MS;

const EMOJI: &[&str] = &["👍", "❤️", "😂", "🙏🏽", "👨‍👩‍👧‍👦", "🎉🎉", "😢", "🫖", "🏳️‍🌈", "☕", "🤷🏻‍♀️", "🇵🇱"];
const TAILS: &[&str] = &[" 🙂", " 😅", " ☕", " 🙏", " 🌿", " 🎁"];
const BOT: &[&str] = &[
    "Hello, this is Teabot. Ask me about orders, parcels, returns or opening hours.",
    "I can look that up. What is the number of your order?",
    "Thank you. Your parcel has left our shop; the carrier gives no newer news yet.",
    "The shop is open Monday to Saturday, 9:00 to 18:00.",
    "You can return unopened tea within 30 days. The label is in your order confirmation.",
];

/// The whole thread, oldest first.
pub(super) fn all(
    count: usize,
    tongue: &Tongue,
    timezone: i32,
    now_ms: i64,
    dice: &mut Pcg64,
) -> Vec<SeededMessage> {
    if count == 0 {
        return Vec::new();
    }
    let mut talk = Talk { tongue, now_ms, said: Vec::with_capacity(count) };
    let meetings = meetings(count, timezone, now_ms, dice);
    for (at, began_ms) in meetings.iter().enumerate() {
        let left = count - talk.said.len();
        let left_meetings = meetings.len() - at;
        let length = if left_meetings == 1 {
            left
        } else {
            dice.random_range(1..2 * MEETING).min(left.saturating_sub(left_meetings - 1)).max(1)
        };
        talk.meet(*began_ms, length, dice);
    }
    talk.into_past()
}

/// When the meetings began, oldest first.
fn meetings(count: usize, timezone: i32, now_ms: i64, dice: &mut Pcg64) -> Vec<i64> {
    let many = count.div_ceil(MEETING);
    let newest_ms = now_ms - newest_age_ms(dice);
    let apart_ms = dice.random_range(1..12) * DAY_MS;
    let span_ms = apart_ms.saturating_mul(many as i64).min(OLDEST_MS);
    // The newest is where it is, whatever the hour: somebody always writes now.
    let mut began: Vec<i64> =
        (1..many).map(|_| moment(newest_ms - span_ms, newest_ms, timezone, dice)).collect();
    let is_settled = now_ms - newest_ms > DAY_MS;
    let newest_ms =
        if is_settled { moment(newest_ms - DAY_MS, newest_ms, timezone, dice) } else { newest_ms };
    began.push(newest_ms);
    began.sort_unstable();
    began
}

/// How long ago the last meeting was: some just now, most in the last months, none before two years.
fn newest_age_ms(dice: &mut Pcg64) -> i64 {
    let share: f64 = dice.random();
    match dice.random_range(0..100) {
        0..10 => HOUR_MS / 4 + (share * share * 23.0 * HOUR_MS as f64) as i64,
        10..35 => DAY_MS + (share * 6.0 * DAY_MS as f64) as i64,
        _ => 7 * DAY_MS + (share * share * 720.0 * DAY_MS as f64) as i64,
    }
}

struct Talk<'a> {
    tongue: &'a Tongue,
    now_ms: i64,
    /// `ago_ms` holds the moment itself until the talk is over.
    said: Vec<SeededMessage>,
}

impl Talk<'_> {
    fn meet(&mut self, began_ms: i64, length: usize, dice: &mut Pcg64) {
        let mut at_ms = began_ms.max(self.said.last().map_or(i64::MIN, |m| m.ago_ms + 60_000));
        let has_bot = dice.random_bool(0.5);
        let mut by = Voice::Customer;
        for at in 0..length {
            let is_end = at + 1 >= length.saturating_sub(1);
            if at > 0 {
                let next = self.next_voice(by, at, has_bot, dice);
                at_ms += pause_ms(by, next, dice);
                by = next;
            }
            let message = self.message(by, at, is_end, at_ms, dice);
            self.said.push(message);
        }
    }

    fn next_voice(&self, last: Voice, at: usize, has_bot: bool, dice: &mut Pcg64) -> Voice {
        let goes_on = dice.random_bool(0.18);
        match last {
            Voice::Customer if goes_on => Voice::Customer,
            Voice::Customer if has_bot && at < 4 => Voice::Bot,
            Voice::Customer => Voice::Team,
            Voice::Team if goes_on => Voice::Team,
            Voice::Team | Voice::Bot => Voice::Customer,
        }
    }

    fn message(&self, by: Voice, at: usize, is_end: bool, at_ms: i64, dice: &mut Pcg64) -> SeededMessage {
        let thing = if by == Voice::Bot { None } else { thing(by, dice) };
        let text = if thing.is_some() { None } else { Some(self.words(by, at, is_end, dice)) };
        let before = u32::try_from(self.said.len()).unwrap_or(u32::MAX);
        let replies_back = (by != Voice::Bot && before > 0 && dice.random_bool(0.04))
            .then(|| dice.random_range(1..=before.min(6)));
        let reaction = dice.random_bool(0.03).then(|| pick(&["love", "like", "smile", "wow", "sad"], dice));
        SeededMessage {
            mid: mid(dice),
            ago_ms: at_ms,
            by,
            text,
            thing,
            replies_back,
            reaction: reaction.map(str::to_owned),
        }
    }

    fn words(&self, by: Voice, at: usize, is_end: bool, dice: &mut Pcg64) -> String {
        let tongue = self.tongue;
        if by == Voice::Bot {
            return BOT[if at < 2 { 0 } else { dice.random_range(1..BOT.len()) }].to_owned();
        }
        if by == Voice::Customer && at > 0 && dice.random_bool(0.06) {
            return pick(EMOJI, dice).to_owned();
        }
        let phrases = match by {
            Voice::Customer if at == 0 => &tongue.asks,
            Voice::Customer if is_end => &tongue.thanks,
            Voice::Customer => &tongue.adds,
            _ if is_end && at > 2 => &tongue.closes,
            _ => &tongue.answers,
        };
        let mut text = String::with_capacity(96);
        tongue.say(pick(phrases, dice), dice, &mut text);
        if at == 0 && dice.random_bool(0.5) {
            text.push(' ');
            tongue.say(pick(&tongue.adds, dice), dice, &mut text);
        }
        if dice.random_bool(0.1) {
            text.push_str(pick(TAILS, dice));
        }
        text
    }

    /// Moments become ages; a meeting that would reach into the future moves the whole thread back.
    fn into_past(mut self) -> Vec<SeededMessage> {
        let newest_ms = self.said.last().map_or(self.now_ms, |m| m.ago_ms);
        let back_ms = (newest_ms - (self.now_ms - 20_000)).max(0);
        for message in &mut self.said {
            message.ago_ms = self.now_ms - (message.ago_ms - back_ms);
        }
        self.said
    }
}

fn thing(by: Voice, dice: &mut Pcg64) -> Option<SeededThing> {
    match dice.random_range(0..1000) {
        0..38 => Some(SeededThing::Image),
        38..48 => Some(SeededThing::Audio),
        48..55 => Some(SeededThing::Video),
        55..63 => Some(SeededThing::File),
        63..80 if by == Voice::Customer => Some(SeededThing::Sticker),
        _ => None,
    }
}

fn pause_ms(last: Voice, next: Voice, dice: &mut Pcg64) -> i64 {
    match (last, next) {
        (Voice::Customer, Voice::Bot) => dice.random_range(400..2500),
        (Voice::Customer, Voice::Team) => dice.random_range(20_000..1_500_000),
        (Voice::Customer, Voice::Customer) | (Voice::Team, Voice::Team) => dice.random_range(2_000..50_000),
        _ => dice.random_range(8_000..420_000),
    }
}
