//! Everything that can come together when a reply is sent and its desk dies.

use std::fmt;

use baton_core::outbox::step::{Side, Step};
use baton_messenger::Platform;

/// Where the sending desk is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kill {
    /// At which step of the send.
    pub step: Step,
    /// Right before or right after it.
    pub side: Side,
}

/// How Meta answers the call of the part that everything happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Answer {
    /// As usual.
    Whole,
    /// It takes the message; the connection is cut before its answer.
    CutAfter,
    /// The connection is cut before it does anything.
    CutBefore,
}

/// When the echo of that part comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum EchoComes {
    /// Before the answer.
    Early,
    /// Long after it: when the desk is back, or the steward has settled the part.
    Late,
    /// Not at all.
    Never,
}

/// What the sender does after its death.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Fate {
    /// It is started again at once.
    Returns,
    /// It stays away for more than an hour; another desk settles what it left.
    StaysDead,
}

/// How a reply goes that nothing disturbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Course {
    /// At once, from a thread that is ours.
    Straight,
    /// Control is taken before it.
    TakesFirst,
    /// Control is to be taken before it, and nobody knows whether it was: it comes back as a draft.
    TakeFails,
    /// The customer writes before it is granted: it comes back as a draft.
    Overtaken,
    /// Meta turns the call away for its limits: it waits until they allow it, to leave by itself.
    Throttled,
    /// A day later, as a person's late reply, with control taken before it.
    Late,
    /// While the relay is away, on an account that allows it.
    Unchecked,
}

impl Course {
    /// Those that one world can play beside each other: Meta's limits, its clock and a relay that is away are everybody's.
    pub(super) fn world(self) -> u8 {
        match self {
            Self::Straight | Self::TakesFirst | Self::TakeFails | Self::Overtaken => 0,
            Self::Throttled => 1,
            Self::Late => 2,
            Self::Unchecked => 3,
        }
    }
}

/// One way in which it all comes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Combination {
    /// Its place among all of them.
    pub number: usize,
    /// Where the sender is killed.
    pub kill: Kill,
    /// Where it is killed once more after it came back.
    pub again: Option<Kill>,
    /// How Meta answers.
    pub answer: Answer,
    /// When the echo comes.
    pub echo: EchoComes,
    /// Messenger or Instagram.
    pub channel: Platform,
    /// How many parts the reply has: a text, and pictures after it.
    pub parts: usize,
    /// The part that everything happens to, from 0.
    pub struck: usize,
    /// What the sender does then.
    pub fate: Fate,
    /// How it would go without all that.
    pub course: Course,
}

/// What one part of a reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// This text.
    Text(String),
    /// A picture with this file name, which no other one has.
    Picture(String),
}

/// The steps of a send that nothing but the kill disturbs.
const STEPS: [Step; 8] =
    [Step::Keep, Step::Ask, Step::Grant, Step::SeeAgain, Step::Begin, Step::Call, Step::End, Step::Report];
/// What a file has before them.
const STEPS_OF_A_FILE: [Step; 2] = [Step::Upload, Step::KeepUpload];
/// Where a desk that came back can die again.
const STEPS_AFTER_RETURN: [Step; 6] =
    [Step::Renew, Step::Ask, Step::Grant, Step::Call, Step::End, Step::Prove];
/// After these first deaths.
const FIRST_DEATHS: [Step; 3] = [Step::Grant, Step::Begin, Step::Call];

/// Every combination for replies of this many parts each. Of a reply of several parts the first, one in the middle and the
/// last are struck; which one in the middle, goes round.
#[must_use]
pub fn all(parts: &[usize]) -> Vec<Combination> {
    let mut all = Vec::new();
    for parts in parts {
        for place in places(*parts) {
            for channel in [Platform::Messenger, Platform::Instagram] {
                for fate in [Fate::Returns, Fate::StaysDead] {
                    all.extend(once(*parts, &place, channel, fate));
                }
                all.extend(twice(*parts, &place, channel));
            }
        }
    }
    for (number, one) in all.iter_mut().enumerate() {
        one.number = number;
    }
    all
}

/// Of those with so many parts so many each, spread over all of them; those whose sender stays dead come last, because they
/// wait together. Each seed takes up where the one before it ended, so that enough seeds after each other meet all.
#[must_use]
pub fn some(of: &[Combination], counts: &[(usize, usize)], seed: usize) -> Vec<Combination> {
    let mut some = Vec::new();
    for (parts, count) in counts {
        let of: Vec<Combination> = of.iter().filter(|one| one.parts == *parts).copied().collect();
        some.extend(spread(&of, *count, seed));
    }
    some.sort_by_key(|one| one.fate);
    some
}

pub(super) fn spread(of: &[Combination], count: usize, seed: usize) -> Vec<Combination> {
    if of.is_empty() {
        return Vec::new();
    }
    let stride = stride(of.len(), count);
    let count = count.min(of.len());
    let first = seed.wrapping_mul(count) % of.len();
    (0..count).map(|place| of[(first + place) * stride % of.len()]).collect()
}

/// Which parts are struck of so many: each place has the parts that take turns in it.
fn places(parts: usize) -> Vec<Vec<usize>> {
    let last = parts.saturating_sub(1);
    let mut places = vec![vec![0]];
    places.extend((last > 1).then(|| (1..last).collect()));
    places.extend((last > 0).then(|| vec![last]));
    places
}

/// A step through so many that meets each of them once, and values of all dimensions in turn.
fn stride(of: usize, count: usize) -> usize {
    let from = (of / count.max(1)).max(1);
    (from..).find(|stride| greatest_common_divisor(*stride, of) == 1).unwrap_or(1)
}

fn greatest_common_divisor(one: usize, other: usize) -> usize {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

fn answers_and_echoes() -> Vec<(Answer, EchoComes)> {
    let mut both = Vec::new();
    for answer in [Answer::Whole, Answer::CutAfter] {
        both.extend([EchoComes::Early, EchoComes::Late, EchoComes::Never].map(|echo| (answer, echo)));
    }
    // What Meta did not take has no echo.
    both.push((Answer::CutBefore, EchoComes::Never));
    both
}

fn kills() -> Vec<Kill> {
    let sides = |step| [Side::Before, Side::After].map(|side| Kill { step, side });
    let mut kills: Vec<Kill> = STEPS.into_iter().chain(STEPS_OF_A_FILE).flat_map(sides).collect();
    kills.extend(sides(Step::Prove));
    kills.extend([Step::Forget, Step::Echo].map(|step| Kill { step, side: Side::After }));
    kills
}

/// Those that are killed once. Parts of one place take turns.
fn once(parts: usize, place: &[usize], channel: Platform, fate: Fate) -> Vec<Combination> {
    let mut once = Vec::new();
    for (row, (answer, echo)) in answers_and_echoes().into_iter().enumerate() {
        for (column, kill) in kills().into_iter().enumerate() {
            let struck = place[(row + column) % place.len()];
            let one =
                Combination { fate, answer, echo, ..Combination::straight(kill, channel, parts, struck) };
            if one.can_be() {
                once.push(one);
            }
        }
    }
    once
}

/// Those that are killed again after they came back.
fn twice(parts: usize, place: &[usize], channel: Platform) -> Vec<Combination> {
    let mut twice = Vec::new();
    for (row, first) in FIRST_DEATHS.into_iter().enumerate() {
        for (column, again) in STEPS_AFTER_RETURN.into_iter().enumerate() {
            for (turn, side) in [Side::Before, Side::After].into_iter().enumerate() {
                let struck = place[(row + column + turn) % place.len()];
                for echo in [EchoComes::Early, EchoComes::Never] {
                    let first = Kill { step: first, side: Side::After };
                    let one = Combination {
                        again: Some(Kill { step: again, side }),
                        answer: Answer::CutAfter,
                        echo,
                        ..Combination::straight(first, channel, parts, struck)
                    };
                    if one.can_be() {
                        twice.push(one);
                    }
                }
            }
        }
    }
    twice
}

impl Said {
    /// The text, or the name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text(name) | Self::Picture(name) => name,
        }
    }
}

impl Combination {
    /// The same with nothing else in its way: the sender is killed there, and returns.
    #[must_use]
    pub fn straight(kill: Kill, channel: Platform, parts: usize, struck: usize) -> Self {
        Self {
            number: 0,
            kill,
            again: None,
            answer: Answer::Whole,
            echo: EchoComes::Early,
            channel,
            parts,
            struck,
            fate: Fate::Returns,
            course: Course::Straight,
        }
    }

    /// What the customer is to get, part by part.
    #[must_use]
    pub fn said(&self) -> Vec<Said> {
        let number = self.number;
        let pictures = (2..=self.parts).map(|part| Said::Picture(format!("reply-{number}-part-{part}.png")));
        [Said::Text(format!("Reply {number} part 1"))].into_iter().chain(pictures).collect()
    }

    /// Whether a send comes by there at all.
    fn can_be(&self) -> bool {
        let once = match self.kill.step {
            // The answer proves it already.
            Step::Prove => self.answer == Answer::CutAfter,
            Step::Echo => self.answer != Answer::CutBefore,
            Step::Upload | Step::KeepUpload => self.struck > 0,
            _ => true,
        };
        once && self.again.is_none_or(|again| self.can_come_by(again.step))
    }

    /// Whether a desk that came back after its first death comes by there.
    fn can_come_by(&self, step: Step) -> bool {
        match self.kill.step {
            // It was granted and did not begin: it is begun anew.
            Step::Grant => true,
            // Whether the call was made is not known, and it was not: it ends as unknown, and all behind it wait.
            Step::Begin => step == Step::End,
            // It was made. Once that is proved the parts behind it leave.
            _ => {
                matches!(step, Step::End | Step::Prove) || step != Step::Renew && self.struck + 1 < self.parts
            }
        }
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.side, self.step)
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, kill, answer, echo, channel, parts, struck, fate, course, .. } = self;
        write!(f, "{number}: killed {kill}")?;
        if let Some(again) = self.again {
            write!(f, " and {again}")?;
        }
        write!(f, ", answer {answer}, echo {echo}, {channel:?}, part {} of {parts}, {fate}", struck + 1)?;
        if *course == Course::Straight { Ok(()) } else { write!(f, ", {course}") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn values(list: &[Combination]) -> BTreeSet<String> {
        let words = |one: &Combination| {
            [
                one.answer.to_string(),
                one.echo.to_string(),
                format!("{:?}", one.channel),
                format!("{} parts", one.parts),
                one.fate.to_string(),
            ]
        };
        list.iter().flat_map(words).collect()
    }

    #[test]
    fn every_part_of_four_is_struck_at_every_moment_that_it_has() {
        let all = all(&[1, 4]);
        let moments = |struck: usize| -> BTreeSet<Kill> {
            all.iter().filter(|one| (one.parts, one.struck) == (4, struck)).map(|one| one.kill).collect()
        };
        let of_a_file = moments(3);
        assert_eq!(of_a_file.len(), moments(0).len() + 2 * STEPS_OF_A_FILE.len());
        assert_eq!((moments(1), moments(2)), (of_a_file.clone(), of_a_file));
        let numbers: BTreeSet<usize> = all.iter().map(|one| one.number).collect();
        assert_eq!(numbers.len(), all.len());
        assert!(all.len() > 2_000, "{}", all.len());
    }

    #[test]
    fn some_meet_every_value_whatever_the_seed_and_seeds_after_each_other_meet_all() {
        const COUNTS: [(usize, usize); 2] = [(1, 24), (4, 12)];
        let all = all(&[1, 4]);
        for seed in 20_000..20_400 {
            let few = some(&all, &COUNTS, seed);
            assert_eq!((few.len(), values(&few)), (36, values(&all)), "{seed}");
        }
        let seeds = all.len().div_ceil(12);
        let met: BTreeSet<usize> =
            (7..7 + seeds).flat_map(|seed| some(&all, &COUNTS, seed)).map(|one| one.number).collect();
        assert_eq!(met.len(), all.len());
    }

    #[test]
    fn a_reply_of_four_parts_says_a_text_and_three_pictures() {
        let said = all(&[4])[0].said();
        assert!(matches!(said[0], Said::Text(_)) && said.len() == 4, "{said:?}");
        assert!(said[1..].iter().all(|one| matches!(one, Said::Picture(_))), "{said:?}");
    }
}
