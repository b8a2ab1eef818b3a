//! The history of accounts: how far it is, in words, and pausing it.

use baton_core::desk::AccountStanding;
use baton_core::history::HistoryStanding;
use baton_protocol::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::lease::{HistoryProgress, HistoryState, HistoryWait};

use super::{Answer, Answering, errors};
use crate::contract::history::{HistoryStateView, HistoryView, PauseHistory};
use crate::contract::session::Session;
use crate::contract::status::{Health, Layer};
use crate::contract::{Count, Ms, Words};

impl Answering {
    pub(crate) async fn pause_history(&self, asked: PauseHistory) -> Answer<Session> {
        let account = AccountId::from(asked.account.as_str());
        self.desk().pause_history(&account, asked.paused).await.map_err(errors::of_desk)?;
        self.session(()).await
    }
}

/// How the history of an account stands, for the page; none while the account is not connected.
pub(crate) fn view(of: &AccountStanding) -> Option<HistoryView> {
    let history = of.history.as_ref()?;
    let may_pause = of.access.role != Role::Agent;
    let progress = history.progress.as_ref();
    let is_paused = history.is_paused;
    Some(HistoryView {
        state: state(history),
        words: words(history, may_pause),
        threads_done: Count(progress.map_or(0, |told| told.threads_done)),
        threads_known: Count(progress.map_or(0, |told| told.threads_known)),
        is_listed: progress.is_some_and(|told| told.is_listed),
        is_paused,
        may_pause,
        missed: Count(history.missed),
        through_ms: history.through_ms.map(Ms),
    })
}

fn state(history: &HistoryStanding) -> HistoryStateView {
    if history.is_paused {
        return HistoryStateView::Paused;
    }
    let before = match history.through_ms {
        Some(_) => HistoryStateView::UpToDate,
        None => HistoryStateView::NotBegun,
    };
    match history.progress.as_ref() {
        None => before,
        Some(told) => match told.state {
            HistoryState::Done => before,
            HistoryState::Waiting { .. } => HistoryStateView::Waiting,
            HistoryState::Reading | HistoryState::Paused | HistoryState::Unknown if told.is_first => {
                HistoryStateView::Reading
            }
            HistoryState::Reading | HistoryState::Paused | HistoryState::Unknown => HistoryStateView::Looking,
        },
    }
}

fn words(history: &HistoryStanding, may_pause: bool) -> Words {
    let say = |what: String, action: &str| Words { what, action: action.to_owned() };
    let far = history.progress.as_ref().map(far).unwrap_or_default();
    match state(history) {
        HistoryStateView::Paused => say(
            format!("Reading older messages from Meta is paused for the whole team. {far}").trim().to_owned(),
            if may_pause { "" } else { "A supervisor or an admin can let it go on." },
        ),
        HistoryStateView::Reading => say(format!("Older messages are being read from Meta. {far}"), ""),
        HistoryStateView::Looking => {
            say("Meta is asked for messages that did not arrive by themselves.".to_owned(), "")
        }
        HistoryStateView::Waiting => waiting(history.progress.as_ref(), &far),
        HistoryStateView::UpToDate => match history.unread {
            0 => say(
                "Every older message that Meta gives is here. Meta is asked again every 20 minutes."
                    .to_owned(),
                "",
            ),
            unread => say(
                format!(
                    "Older messages that Meta gives are here, but {} could not be read: Meta fails each time. It is asked \
                     again every 20 minutes.",
                    many(unread, "thread")
                ),
                "To see them now, look into Meta's inbox.",
            ),
        },
        HistoryStateView::NotBegun => say(
            "Older messages were not read from Meta yet.".to_owned(),
            "It begins by itself while a desk with a working Page token is connected to the relay.",
        ),
    }
}

fn waiting(told: Option<&HistoryProgress>, far: &str) -> Words {
    let why = match told.map(|told| &told.state) {
        Some(HistoryState::Waiting { why, .. }) => *why,
        _ => HistoryWait::Unknown,
    };
    let (what, action) = match why {
        HistoryWait::Limit => (
            "Meta's limit of calls is reached, so older messages wait.",
            "Replies go out as always. It goes on by itself.",
        ),
        HistoryWait::Meta => {
            ("Meta does not answer, so older messages wait.", "It is tried again by itself.")
        }
        HistoryWait::Refused => (
            "Meta does not give the older messages of this account.",
            "Check the rights of the Page token; on Instagram also that access to messages is allowed in its settings. It \
             is tried again by itself.",
        ),
        HistoryWait::Unknown => ("Older messages wait.", "It goes on by itself."),
    };
    Words { what: format!("{what} {far}").trim().to_owned(), action: action.to_owned() }
}

/// How far it is: threads, messages, and how long it still takes. Of how many threads is said once Meta has listed them all:
/// before that the number grows, and would say nothing of how much is left.
fn far(told: &HistoryProgress) -> String {
    if told.threads_known == 0 {
        return String::new();
    }
    let mut far = match told.is_listed {
        true => format!("{} of {} read", told.threads_done, many(told.threads_known, "thread")),
        false => format!("{} read so far", many(told.threads_done, "thread")),
    };
    far.push_str(&format!(", {} found", many(told.messages, "message")));
    if told.threads_failing > 0 {
        far.push_str(&format!(", {} could not be read", many(told.threads_failing, "thread")));
    }
    if let Some(left_ms) = told.left_ms.filter(|ms| *ms > 0) {
        far.push_str(&format!(", {} left", span(left_ms)));
    }
    far.push('.');
    far
}

fn many(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Whole minutes or hours, rounded up, in words.
fn span(ms: i64) -> String {
    match ms.saturating_add(59_999) / 60_000 {
        ..=1 => "about a minute".to_owned(),
        minutes @ 2..=90 => format!("about {minutes} minutes"),
        minutes => format!("about {} hours", (minutes + 59) / 60),
    }
}

/// The status line's entry: accounts whose older messages are read for the first time, wait, or are paused. A later look for
/// what was missed is no news.
pub(crate) fn layer(accounts: &[AccountStanding]) -> Option<Layer> {
    let shown = |of: &&AccountStanding| {
        of.history.as_ref().is_some_and(|history| {
            let is_first = history.progress.as_ref().is_some_and(|told| told.is_first);
            match state(history) {
                HistoryStateView::Reading => true,
                HistoryStateView::Waiting => is_first,
                HistoryStateView::Paused => history.through_ms.is_none(),
                HistoryStateView::Looking | HistoryStateView::UpToDate | HistoryStateView::NotBegun => false,
            }
        })
    };
    let shown: Vec<&AccountStanding> = accounts.iter().filter(shown).collect();
    let first = shown.first()?.history.as_ref()?;
    let short = short(first);
    let mut told = Words::default();
    for account in &shown {
        let Some(history) = &account.history else { continue };
        let said = words(history, account.access.role != Role::Agent);
        let name = super::session::display_name(&account.access);
        let space = if told.what.is_empty() { "" } else { " " };
        told.what.push_str(&format!("{space}{name}: {}", said.what));
        if told.action.is_empty() {
            told.action = said.action;
        }
    }
    Some(Layer { health: Health::Busy, short, words: told })
}

/// The entry in a few words. Like [`far`] it names no number that still grows as if it were the goal.
fn short(history: &HistoryStanding) -> String {
    match (state(history), &history.progress) {
        (HistoryStateView::Paused, _) => "Older messages paused".to_owned(),
        (HistoryStateView::Waiting, _) => "Older messages wait".to_owned(),
        (_, Some(told)) if told.is_listed && told.threads_known > 0 => {
            format!("Older messages {} of {}", told.threads_done, told.threads_known)
        }
        (_, Some(told)) if told.threads_done > 0 => {
            format!("Older messages, {} so far", many(told.threads_done, "thread"))
        }
        _ => "Older messages".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn progress(state: HistoryState) -> HistoryProgress {
        HistoryProgress {
            state,
            threads_done: 12,
            threads_known: 40,
            threads_failing: 0,
            is_listed: true,
            messages: 230,
            left_ms: Some(150_000),
            is_first: true,
        }
    }

    fn standing(progress: Option<HistoryProgress>, through_ms: Option<i64>) -> HistoryStanding {
        HistoryStanding {
            account: "104500000000011".into(),
            steward: None,
            is_here: false,
            progress,
            is_paused: false,
            through_ms,
            unread: 0,
            missed: 0,
        }
    }

    #[rstest]
    #[case::nothing(None, None, HistoryStateView::NotBegun)]
    #[case::reading(Some(HistoryState::Reading), None, HistoryStateView::Reading)]
    #[case::done(Some(HistoryState::Done), Some(1), HistoryStateView::UpToDate)]
    #[case::nobody_tells(None, Some(1), HistoryStateView::UpToDate)]
    #[case::limit(
        Some(HistoryState::Waiting { why: HistoryWait::Limit, for_ms: None }), None, HistoryStateView::Waiting)]
    fn a_history_stands(
        #[case] told: Option<HistoryState>,
        #[case] through_ms: Option<i64>,
        #[case] expected: HistoryStateView,
    ) {
        let mut history = standing(told.map(progress), through_ms);
        assert_eq!(state(&history), expected);
        history.is_paused = true;
        assert_eq!(state(&history), HistoryStateView::Paused);
    }

    #[test]
    fn it_says_how_far_it_is_and_how_long_it_takes() {
        let said = words(&standing(Some(progress(HistoryState::Reading)), None), false);
        assert_eq!(
            said.what,
            "Older messages are being read from Meta. 12 of 40 threads read, 230 messages found, about 3 minutes left."
        );
        let unlisted = HistoryProgress { is_listed: false, left_ms: None, ..progress(HistoryState::Reading) };
        let said = words(&standing(Some(unlisted), None), false).what;
        assert!(said.contains("12 threads read so far, 230 messages found."), "{said}");
        assert!(!said.contains("40"), "a number that grows is no goal: {said}");
        assert_eq!(span(100 * 60_000), "about 2 hours");
    }

    #[test]
    fn what_could_not_be_read_is_said_and_nothing_is_called_whole_then() {
        let failing = HistoryProgress { threads_failing: 1, ..progress(HistoryState::Reading) };
        let said = words(&standing(Some(failing), None), false).what;
        assert!(
            said.contains("230 messages found, 1 thread could not be read, about 3 minutes left."),
            "{said}"
        );
        let done = HistoryStanding { unread: 2, ..standing(Some(progress(HistoryState::Done)), Some(1)) };
        let said = words(&done, false).what;
        assert!(said.contains("2 threads could not be read") && !said.contains("Every"), "{said}");
    }

    #[rstest]
    #[case::listed(true, 12, "Older messages 12 of 40")]
    #[case::grows(false, 12, "Older messages, 12 threads so far")]
    #[case::first(false, 1, "Older messages, 1 thread so far")]
    #[case::begins(false, 0, "Older messages")]
    fn of_how_many_is_said_once_that_grows_no_more(
        #[case] is_listed: bool,
        #[case] threads_done: u64,
        #[case] says: &str,
    ) {
        let told = HistoryProgress { is_listed, threads_done, ..progress(HistoryState::Reading) };
        assert_eq!(short(&standing(Some(told), None)), says);
    }

    #[test]
    fn a_later_look_is_no_first_reading() {
        let later = HistoryProgress { is_first: false, ..progress(HistoryState::Reading) };
        assert_eq!(state(&standing(Some(later), Some(1))), HistoryStateView::Looking);
    }
}
