//! What must hold of each part of a reply once everything has come to rest. Pure.

use std::fmt;

use baton_commands::contract::thread::SendState;
use baton_protocol::PartId;
use baton_protocol::team::Settlement;

/// What was seen of one part.
#[derive(Debug, Clone, Default)]
pub struct PartSeen {
    /// How often it is on the customer's phone.
    pub got: usize,
    /// How it stands in the thread at the sender's desk, each time that it is shown there.
    pub shown: Vec<Shown>,
    /// Its text or its file stands in the composer.
    pub is_in_draft: bool,
    /// Its grants in the log, oldest first, each with its end if it has one.
    pub granted: Vec<(PartId, Option<Settlement>)>,
}

/// A part as its agent sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its state.
    pub state: Option<SendState>,
    /// Whether there are words for it.
    pub has_words: bool,
}

/// What is true of a part, and allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// The customer has it once, and the desk and the log say so.
    Arrived,
    /// Nobody can know whether the customer has it; the desk says so, with the reason, and the log too.
    Unknown,
    /// The customer does not have it: it never left, and waits in the composer, in the outbox of the desk, or behind an
    /// unknown part.
    Kept,
}

/// What must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The customer has it more than once.
    Twice,
    /// The customer does not have it, and nobody has it any more.
    Lost,
    /// Desk or log say that it was sent, and the customer does not have it.
    Lie,
    /// It arrived, which could be known, and it is said to be unknown.
    Unsure,
    /// It arrived, and is offered to be sent again.
    Offered,
    /// It is unknown without a word why.
    NoReason,
    /// It was granted, and the log does not tell its end: nobody else can answer for that.
    NotTold,
    /// It arrived, and the log also tells of a try of unknown end.
    Ghost,
    /// The desk shows it more than once.
    ShownTwice,
    /// It arrived before a part of its reply that stands before it.
    OutOfOrder,
    /// It arrived as another kind of reply than the agent was shown.
    WrongTag,
    /// It has not come to rest.
    Restless(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Judges a part while its desk runs. `waits`: an earlier part of the reply did not arrive, so that this one may wait.
///
/// # Errors
/// What must not be, or not yet.
pub fn judge(part: &PartSeen, waits: bool) -> Result<Verdict, Fault> {
    if part.got > 1 {
        return Err(Fault::Twice);
    }
    let verdict = match part.shown.as_slice() {
        [] if part.is_in_draft && part.got == 0 => Verdict::Kept,
        [] if part.is_in_draft => return Err(Fault::Offered),
        [] => return Err(Fault::Lost),
        [shown] => judge_shown(part, shown, waits)?,
        _ => return Err(Fault::ShownTwice),
    };
    judge_log(part, verdict)?;
    Ok(verdict)
}

fn judge_shown(part: &PartSeen, shown: &Shown, waits: bool) -> Result<Verdict, Fault> {
    let got = part.got == 1;
    match shown.state {
        Some(SendState::Sent | SendState::Delivered | SendState::Seen) if got => Ok(Verdict::Arrived),
        Some(SendState::Sent | SendState::Delivered | SendState::Seen) => Err(Fault::Lie),
        Some(SendState::Unknown) if got => Err(Fault::Unsure),
        Some(SendState::Unknown) if shown.has_words => Ok(Verdict::Unknown),
        Some(SendState::Unknown) => Err(Fault::NoReason),
        Some(SendState::Queued | SendState::Waiting) if waits && !got => Ok(Verdict::Kept),
        state => Err(Fault::Restless(format!("{state:?}, got {}", part.got))),
    }
}

fn judge_log(part: &PartSeen, verdict: Verdict) -> Result<(), Fault> {
    if part.granted.iter().any(|(_, end)| end.is_none()) {
        return Err(Fault::NotTold);
    }
    let ends = || part.granted.iter().filter_map(|(_, end)| end.as_ref());
    let is_sent = ends().any(|end| matches!(end, Settlement::Sent { .. }));
    let is_unknown = ends().any(|end| matches!(end, Settlement::Unknown { .. }));
    match verdict {
        Verdict::Arrived if !is_sent => Err(Fault::NotTold),
        Verdict::Arrived if is_unknown => Err(Fault::Ghost),
        Verdict::Unknown | Verdict::Kept if is_sent => Err(Fault::Lie),
        Verdict::Unknown if !is_unknown => Err(Fault::NotTold),
        _ => Ok(()),
    }
}

/// Judges a part while its desk is dead, by what everybody else can know.
///
/// # Errors
/// What must not be, or not yet.
pub fn judge_left(part: &PartSeen) -> Result<Verdict, Fault> {
    if part.got > 1 {
        return Err(Fault::Twice);
    }
    let Some((_, newest)) = part.granted.last() else {
        // It never left, and lies in the file of its desk.
        return if part.got == 0 { Ok(Verdict::Kept) } else { Err(Fault::NotTold) };
    };
    match newest {
        None => Err(Fault::NotTold),
        Some(Settlement::Sent { .. }) if part.got == 1 => Ok(Verdict::Arrived),
        Some(Settlement::Sent { .. }) => Err(Fault::Lie),
        Some(Settlement::Unknown { .. }) if part.got == 1 => Err(Fault::Unsure),
        Some(Settlement::Unknown { why }) if why.is_empty() => Err(Fault::NoReason),
        Some(Settlement::Unknown { .. }) => Ok(Verdict::Unknown),
        Some(Settlement::NotBegun) if part.got == 0 => Ok(Verdict::Kept),
        Some(other) => Err(Fault::Restless(format!("{other:?}, got {}", part.got))),
    }
}

/// Judges in which order the parts of a reply arrived: where each stands on the phone, none for those that did not arrive.
///
/// # Errors
/// [`Fault::OutOfOrder`].
pub fn judge_order(places: impl IntoIterator<Item = Option<usize>>) -> Result<(), Fault> {
    if places.into_iter().flatten().is_sorted() { Ok(()) } else { Err(Fault::OutOfOrder) }
}

/// Judges as what each part that arrived did: `tags` are those on the phone, `is_late` what the agent was shown.
///
/// # Errors
/// [`Fault::WrongTag`].
pub fn judge_tags<'a>(tags: impl IntoIterator<Item = Option<&'a str>>, is_late: bool) -> Result<(), Fault> {
    let wanted = is_late.then_some("HUMAN_AGENT");
    if tags.into_iter().all(|tag| tag == wanted) { Ok(()) } else { Err(Fault::WrongTag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Settlement {
        Settlement::Sent { mid: "m_1".into(), at_ms: None }
    }

    fn unknown() -> Settlement {
        Settlement::Unknown { why: "cut".to_owned() }
    }

    fn seen(got: usize, state: Option<SendState>, end: Option<Settlement>) -> PartSeen {
        let shown = state.map(|state| Shown { state: Some(state), has_words: true });
        PartSeen {
            got,
            shown: shown.into_iter().collect(),
            is_in_draft: false,
            granted: vec![(PartId::new(), end)],
        }
    }

    #[test]
    fn what_may_be_passes() {
        assert_eq!(judge(&seen(1, Some(SendState::Sent), Some(sent())), false), Ok(Verdict::Arrived));
        assert_eq!(judge(&seen(0, Some(SendState::Unknown), Some(unknown())), false), Ok(Verdict::Unknown));
        let kept = PartSeen { is_in_draft: true, ..PartSeen::default() };
        assert_eq!(judge(&kept, false), Ok(Verdict::Kept));
        assert_eq!(judge_left(&PartSeen::default()), Ok(Verdict::Kept));
        assert_eq!(judge_left(&seen(1, None, Some(sent()))), Ok(Verdict::Arrived));
        assert_eq!(judge_order([Some(1), None, Some(4)]), Ok(()));
        assert_eq!(judge_tags([Some("HUMAN_AGENT")], true), Ok(()));
        assert_eq!(judge_tags([None, None], false), Ok(()));
    }

    #[test]
    fn each_fault_is_found() {
        let twice = seen(2, Some(SendState::Sent), Some(sent()));
        assert_eq!(judge(&twice, false), Err(Fault::Twice));
        assert_eq!(judge_left(&twice), Err(Fault::Twice));
        assert_eq!(judge(&PartSeen::default(), false), Err(Fault::Lost));
        assert_eq!(judge(&seen(0, Some(SendState::Sent), Some(sent())), false), Err(Fault::Lie));
        assert_eq!(judge(&seen(1, Some(SendState::Unknown), Some(unknown())), false), Err(Fault::Unsure));
        assert_eq!(judge(&seen(1, Some(SendState::Sent), None), false), Err(Fault::NotTold));
        assert_eq!(judge(&seen(1, Some(SendState::Sent), Some(unknown())), false), Err(Fault::NotTold));
        let offered = PartSeen { is_in_draft: true, got: 1, ..PartSeen::default() };
        assert_eq!(judge(&offered, false), Err(Fault::Offered));
        let mut ghost = seen(1, Some(SendState::Sent), Some(sent()));
        ghost.granted.insert(0, (PartId::new(), Some(unknown())));
        assert_eq!(judge(&ghost, false), Err(Fault::Ghost));
        assert_eq!(judge_order([Some(3), None, Some(2)]), Err(Fault::OutOfOrder));
        assert_eq!(judge_tags([None, Some("HUMAN_AGENT")], true), Err(Fault::WrongTag));
        assert_eq!(judge_tags([Some("HUMAN_AGENT")], false), Err(Fault::WrongTag));
        let mut mute = seen(0, Some(SendState::Unknown), Some(unknown()));
        mute.shown[0].has_words = false;
        assert_eq!(judge(&mute, false), Err(Fault::NoReason));
    }
}
