//! One thread, read from its newest message on: which messages Meta names and does not give, where they stand, and how far it
//! is worth asking. Pure.
//!
//! Meta names every message and gives the newest twenty (docs/meta.md 3.2). What it only names is in the middle of the thread
//! where something older is known, from the same read or from webhooks of before, and is told of one by one. What is older than
//! all that is known is told of by one mark at the top.
//!
//! ```text
//!   newest ──▶ given … given │ named named │ in the log …      two are missing in the middle: asked for until the log has it
//!   newest ──▶ given … given │ named named named …             nothing older is known: that there is more, and no further
//! ```

use std::collections::BTreeSet;

use baton_messenger::Mid;
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_protocol::audit::Lack;

use super::page::Told;

/// What this desk's copy of the log has of a page.
#[derive(Debug, Default)]
pub(super) struct Logged {
    /// Of the messages that Meta gave, those that are there.
    pub(super) given: BTreeSet<Mid>,
    /// Of those that it only named, those that are there.
    pub(super) named: BTreeSet<Mid>,
    /// Of those, the ones of which nothing more is to be said: they are told of as lacking, or were taken back.
    pub(super) lacking: BTreeSet<Mid>,
    /// When the oldest message was said that is there of the thread, milliseconds UTC of Meta.
    pub(super) oldest_ms: Option<i64>,
}

/// Where a message stands that Meta only named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// The log has it.
    Logged,
    /// Something older is known.
    Between,
    /// Nothing older is known so far.
    Oldest,
}

/// What a page comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// What is to be told of as lacking.
    pub(super) lacks: Vec<Lack>,
    /// The cursor of the next page; none when there is no reason to read on.
    pub(super) after: Option<String>,
    /// Meta gives nothing older.
    pub(super) is_oldest: bool,
    /// There are older ones than all that is known, and Meta does not give them.
    pub(super) is_withheld: bool,
}

/// How far a thread was read.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// How many messages Meta named, given or not.
    listed: usize,
    /// Those of them that stand before nothing known so far, newest first.
    oldest: Vec<Lack>,
}

impl Walk {
    /// Takes in the next page. In the first pass over an account it is to be found out where every thread ends; later only what
    /// is newer than what the log has.
    pub(super) fn settle(&mut self, told: &Told, logged: &Logged, is_first: bool) -> Settled {
        let mut lacks = Vec::new();
        if !told.messages.is_empty() {
            lacks.append(&mut self.oldest);
        }
        let (mut last, mut in_a_row) = (None, 0);
        for named in &told.named {
            let stand = stand(&named.lack, named.is_before_given, logged);
            match stand {
                Stand::Between if !logged.lacking.contains(&named.lack.mid) => lacks.push(named.lack.clone()),
                Stand::Oldest => self.oldest.push(named.lack.clone()),
                Stand::Between | Stand::Logged => {}
            }
            if !named.is_before_given {
                last = Some(stand);
                in_a_row += 1;
            }
        }
        self.listed += told.messages.len() + told.named.len();
        let goes_on = match last {
            None => true,
            // So few have details: it is a single one, and what is older may be given.
            Some(_) if self.listed.saturating_sub(in_a_row) < MESSAGES_WITH_DETAILS => true,
            Some(Stand::Between) => true,
            Some(Stand::Logged) => is_first,
            Some(Stand::Oldest) => false,
        };
        let after = told.after.clone().filter(|_| goes_on);
        // How far the thread goes beyond what the log has was told when that was read.
        let is_oldest = after.is_none() && (told.after.is_none() || last != Some(Stand::Logged));
        let is_withheld = is_oldest && (told.is_refused || !self.oldest.is_empty());
        Settled { lacks, after, is_oldest, is_withheld }
    }
}

fn stand(lack: &Lack, is_before_given: bool, logged: &Logged) -> Stand {
    if logged.named.contains(&lack.mid) {
        return Stand::Logged;
    }
    // Times are to the second, so that what was said in the same one is not taken for older.
    let is_newer_than_known = logged.oldest_ms.is_some_and(|oldest_ms| oldest_ms < lack.at_ms);
    if is_before_given || is_newer_than_known || logged.lacking.contains(&lack.mid) {
        Stand::Between
    } else {
        Stand::Oldest
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::answer::ConversationMessage;

    use super::super::page::Named;
    use super::*;

    /// A page of Meta's, newest first: `g` for a message that is given, `n` for one that is only named. The first one was said
    /// at `newest_ms`, each other one a second before.
    fn page(shape: &str, newest_ms: i64, after: Option<&str>) -> Told {
        let last_given = shape.rfind('g');
        let (mut messages, mut named) = (Vec::new(), Vec::new());
        for (place, letter) in shape.chars().enumerate() {
            let at_ms = newest_ms - 1_000 * i64::try_from(place).unwrap();
            let mid = Mid::from(format!("m_{at_ms}").as_str());
            if letter == 'g' {
                let (id, created_ms) = (Some(mid), Some(at_ms));
                messages.push(ConversationMessage { id, created_ms, ..ConversationMessage::default() });
            } else {
                let is_before_given = last_given.is_some_and(|last| place < last);
                named.push(Named { lack: Lack { mid, at_ms }, is_before_given });
            }
        }
        Told { messages, named, after: after.map(str::to_owned), is_refused: false }
    }

    fn mids(times: &[i64]) -> BTreeSet<Mid> {
        times.iter().map(|at_ms| Mid::from(format!("m_{at_ms}").as_str())).collect()
    }

    fn times(lacks: &[Lack]) -> Vec<i64> {
        lacks.iter().map(|lack| lack.at_ms).collect()
    }

    const TWENTY: &str = "gggggggggggggggggggg";

    #[test]
    fn one_that_is_not_given_between_two_that_are_is_lacking_and_ends_nothing() {
        let told = page("gngg", 100_000, Some("A"));
        let settled = Walk::default().settle(&told, &Logged::default(), true);
        assert_eq!(times(&settled.lacks), [99_000]);
        assert_eq!((settled.after.as_deref(), settled.is_oldest), (Some("A"), false));
        let told = page("gngg", 100_000, None);
        let settled = Walk::default().settle(&told, &Logged::default(), true);
        assert_eq!((settled.is_oldest, settled.is_withheld), (true, false), "it is whole but for that one");
    }

    #[test]
    fn older_ones_before_which_nothing_is_known_are_one_mark() {
        let told = page(&format!("{TWENTY}nnnnn"), 100_000, Some("A"));
        let settled = Walk::default().settle(&told, &Logged::default(), true);
        let mark = Settled { is_oldest: true, is_withheld: true, ..Settled::default() };
        assert_eq!(settled, mark);
        // The log has nothing older than the oldest that is given, in the same second or later.
        let logged = Logged { oldest_ms: Some(81_000), ..Logged::default() };
        assert_eq!(Walk::default().settle(&told, &logged, false), mark);
    }

    #[test]
    fn what_was_lost_between_webhooks_of_before_and_the_newest_twenty_is_counted_to_its_end() {
        let logged = || Logged { oldest_ms: Some(1_000), ..Logged::default() };
        let mut walk = Walk::default();
        let first = walk.settle(&page(&format!("{TWENTY}nnnnn"), 100_000, Some("A")), &logged(), false);
        assert_eq!(times(&first.lacks), [80_000, 79_000, 78_000, 77_000, 76_000]);
        assert_eq!((first.after.as_deref(), first.is_oldest), (Some("A"), false));
        let known = Logged { named: mids(&[73_000, 72_000]), ..logged() };
        let second = walk.settle(&page("nnnn", 75_000, Some("B")), &known, false);
        assert_eq!(times(&second.lacks), [75_000, 74_000]);
        assert_eq!((second.after, second.is_oldest), (None, false), "of the rest it says nothing");
    }

    #[test]
    fn what_was_named_before_is_not_named_again_and_is_no_end() {
        let told = page(&format!("{TWENTY}nn"), 100_000, Some("A"));
        let logged = Logged { oldest_ms: Some(1_000), lacking: mids(&[80_000, 79_000]), ..Logged::default() };
        let settled = Walk::default().settle(&told, &logged, false);
        assert_eq!((settled.lacks.len(), settled.after.as_deref()), (0, Some("A")));
    }

    #[test]
    fn a_first_pass_goes_on_to_what_was_said_before_webhooks_came() {
        let told = page(&format!("{TWENTY}nn"), 100_000, Some("A"));
        let logged = Logged { oldest_ms: Some(79_000), named: mids(&[80_000, 79_000]), ..Logged::default() };
        let mut walk = Walk::default();
        assert_eq!(walk.settle(&told, &logged, true).after.as_deref(), Some("A"));
        let older = walk.settle(&page("nn", 78_000, Some("B")), &logged, true);
        assert_eq!(
            (older.lacks.len(), older.after, older.is_oldest, older.is_withheld),
            (0, None, true, true)
        );
    }

    #[test]
    fn a_single_one_at_the_end_of_a_short_page_is_lacking_once_older_ones_are_given() {
        let mut walk = Walk::default();
        let first = walk.settle(&page("ggn", 100_000, Some("A")), &Logged::default(), true);
        assert_eq!((first.lacks.len(), first.after.as_deref()), (0, Some("A")));
        let empty = walk.settle(&page("", 0, Some("B")), &Logged::default(), true);
        assert_eq!((empty.lacks.len(), empty.after.as_deref()), (0, Some("B")));
        let last = walk.settle(&page("gg", 97_000, None), &Logged::default(), true);
        assert_eq!(times(&last.lacks), [98_000]);
        assert_eq!((last.is_oldest, last.is_withheld), (true, false));
    }

    #[test]
    fn what_meta_refuses_to_list_is_marked() {
        let told = Told { is_refused: true, ..page("gg", 100_000, None) };
        let settled = Walk::default().settle(&told, &Logged::default(), true);
        assert_eq!((settled.is_oldest, settled.is_withheld), (true, true));
    }
}
