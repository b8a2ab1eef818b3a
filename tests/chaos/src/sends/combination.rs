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
    /// How many parts the reply has.
    pub parts: usize,
    /// What the sender does then.
    pub fate: Fate,
}

/// The steps of a send that nothing but the kill disturbs.
const STEPS: [Step; 8] =
    [Step::Keep, Step::Ask, Step::Grant, Step::SeeAgain, Step::Begin, Step::Call, Step::End, Step::Report];
/// Where a desk that came back can die again.
const STEPS_AFTER_RETURN: [Step; 6] =
    [Step::Renew, Step::Ask, Step::Grant, Step::Call, Step::End, Step::Prove];
/// After these first deaths.
const FIRST_DEATHS: [Step; 3] = [Step::Grant, Step::Begin, Step::Call];

/// Every combination for replies of this many parts each.
#[must_use]
pub fn all(parts: &[usize]) -> Vec<Combination> {
    let mut all = Vec::new();
    for parts in parts {
        for channel in [Platform::Messenger, Platform::Instagram] {
            for fate in [Fate::Returns, Fate::StaysDead] {
                for (answer, echo) in answers_and_echoes() {
                    for kill in kills() {
                        let parts = *parts;
                        let one =
                            Combination { number: 0, kill, again: None, answer, echo, channel, parts, fate };
                        if one.can_be() {
                            all.push(one);
                        }
                    }
                }
            }
            all.extend(twice(*parts, channel));
        }
    }
    for (number, one) in all.iter_mut().enumerate() {
        one.number = number;
    }
    all
}

/// Some of them, spread over every value of each dimension.
#[must_use]
pub fn some(parts: &[usize], count: usize) -> Vec<Combination> {
    let all = all(parts);
    let stride = stride(all.len(), count);
    (0..count.min(all.len())).map(|place| all[place * stride % all.len()]).collect()
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
    let mut kills: Vec<Kill> = STEPS.into_iter().flat_map(sides).collect();
    kills.extend(sides(Step::Prove));
    kills.extend([Step::Forget, Step::Echo].map(|step| Kill { step, side: Side::After }));
    kills
}

/// Those that are killed again after they came back.
fn twice(parts: usize, channel: Platform) -> Vec<Combination> {
    let mut twice = Vec::new();
    for first in FIRST_DEATHS {
        for again in STEPS_AFTER_RETURN {
            for side in [Side::Before, Side::After] {
                for echo in [EchoComes::Early, EchoComes::Never] {
                    twice.push(Combination {
                        number: 0,
                        kill: Kill { step: first, side: Side::After },
                        again: Some(Kill { step: again, side }),
                        answer: Answer::CutAfter,
                        echo,
                        channel,
                        parts,
                        fate: Fate::Returns,
                    });
                }
            }
        }
    }
    twice
}

impl Combination {
    /// Which part of the reply everything happens to, from 0: each place in turn.
    #[must_use]
    pub fn struck(&self) -> usize {
        self.number % self.parts
    }

    /// What the customer is to get, part by part.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        (1..=self.parts).map(|part| format!("Reply {} part {part}", self.number)).collect()
    }

    /// Whether a send comes by there at all.
    fn can_be(&self) -> bool {
        match self.kill.step {
            // The answer proves it already.
            Step::Prove => self.answer == Answer::CutAfter,
            Step::Echo => self.answer != Answer::CutBefore,
            _ => true,
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
        let Self { number, kill, answer, echo, channel, parts, fate, .. } = self;
        write!(f, "{number}: killed {kill}")?;
        if let Some(again) = self.again {
            write!(f, " and {again}")?;
        }
        write!(f, ", answer {answer}, echo {echo}, {channel:?}, {parts} parts, {fate}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn some_meet_every_value_of_every_dimension() {
        let few = some(&[1, 4], 40);
        let all = all(&[1, 4]);
        let kills = |list: &[Combination]| list.iter().map(|one| one.kill).collect::<BTreeSet<_>>();
        let rest = |list: &[Combination]| -> BTreeSet<String> {
            let words = |one: &Combination| {
                [
                    one.answer.to_string(),
                    one.echo.to_string(),
                    format!("{:?}", one.channel),
                    one.parts.to_string(),
                    one.fate.to_string(),
                    one.again.is_some().to_string(),
                ]
            };
            list.iter().flat_map(words).collect()
        };
        assert!(all.len() > 1_000, "{}", all.len());
        assert_eq!(rest(&few), rest(&all));
        assert!(kills(&few).len() * 10 >= kills(&all).len() * 8, "{:?}", kills(&few));
    }
}
