//! Reads through the desk's file now and then, and at once when the file gave an error, so that damage is told before it
//! spreads. A damaged file is repaired when it is opened next.
//!
//! ```text
//!   start ──▶ half a minute ──▶ look ──▶ sound ──▶ a day, or the file gave an error ──▶ look
//!                                 └──▶ damaged ──▶ marked, told; nothing more to look at
//! ```

use std::sync::Arc;

use baton_messenger::Words;

use super::inner::Inner;
use super::{Desk, DeskError};
use crate::clock::until_boot;
use crate::store::Salvaged;

/// After the start, so that the list is there first, milliseconds.
const FIRST_MS: i64 = 30_000;
/// Between two looks that nothing asked for, milliseconds.
const EVERY_MS: i64 = 24 * 3_600_000;
/// Between two looks that errors asked for, milliseconds. Reading a large file takes a while.
const AT_LEAST_MS: i64 = 60_000;

/// Runs until the desk stops, or its file is known to be damaged.
pub(super) async fn run(inner: Arc<Inner>) {
    let started = inner.boot_ms();
    let mut looked: Option<i64> = None;
    loop {
        let due = looked.map_or(started.saturating_add(FIRST_MS), |looked| looked.saturating_add(EVERY_MS));
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = until_boot(&*inner.clock, due) => {}
            () = inner.wake_soundness.notified() => {
                let earliest = looked.map_or(0, |looked| looked.saturating_add(AT_LEAST_MS));
                tokio::select! {
                    () = inner.stop.cancelled() => return,
                    () = until_boot(&*inner.clock, earliest) => {}
                }
            }
        }
        looked = Some(inner.boot_ms());
        if !inner.look_at_file().await {
            return;
        }
    }
}

impl Inner {
    /// Returns whether the file is sound, as far as that could be found out.
    async fn look_at_file(&self) -> bool {
        match self.store.is_sound().await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(error) => {
                tracing::debug!(%error, "the file could not be looked at");
                return true;
            }
        }
        tracing::error!("the desk's file is damaged");
        self.mishaps.note("Store: the file is damaged".to_owned());
        if let Err(error) = self.store.found_damaged().await {
            tracing::warn!(%error, "that the file is damaged could not be remembered");
        }
        self.notices.accounts();
        false
    }
}

impl Desk {
    /// Something could not be read or written: the file is looked at soon.
    pub fn suspect_file(&self) {
        self.inner.wake_soundness.notify_one();
    }

    /// True once the file is known to be damaged.
    #[must_use]
    pub fn file_is_damaged(&self) -> bool {
        self.inner.store.is_damaged()
    }

    /// The agent has seen what a repair saved.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn repair_was_seen(&self) -> Result<(), DeskError> {
        self.inner.store.repair_was_told().await?;
        self.inner.notices.accounts();
        Ok(())
    }
}

/// The tables of what was written here and had not left, with the files in it.
const WRITTEN: &[&str] = &[
    "draft",
    "draft_frame",
    "note_draft",
    "reply",
    "reply_frame",
    "outbox_part",
    "outbox_former",
    "own_file",
    "own_file_use",
];
/// What else only this desk has, each with how its loss is said. What the relay, Meta or the key store gives again, and what
/// is only remembered so that nothing is done twice, is not among it.
const ELSE: &[(&[&str], &str)] = &[
    (&["command_queue", "hand_back_due"], "What was done here and had not reached the relay may be lost."),
    (&["media", "media_use"], "Pictures and files whose links at Meta are dead may be lost."),
    (&["saved_view", "own_canned_reply"], "Views and canned replies that are kept here alone may be lost."),
    (&["setting"], "Settings of this desk may be lost."),
];

/// What the agent is told after a repair.
pub(super) fn words(saved: &Salvaged) -> Words {
    let lost_of = |tables: &[&str]| saved.damaged.iter().any(|table| tables.contains(&table.as_str()));
    let mut said = Vec::new();
    if lost_of(WRITTEN) {
        said.push(match saved.drafts {
            0 => "Drafts and replies that had not left may be lost.".to_owned(),
            1 => "One draft was saved; others, and replies that had not left, may be lost.".to_owned(),
            drafts => {
                format!("{drafts} drafts were saved; others, and replies that had not left, may be lost.")
            }
        });
    }
    said.extend(ELSE.iter().filter(|&&(tables, _)| lost_of(tables)).map(|&(_, lost)| lost.to_owned()));
    if said.is_empty() {
        said.push("Nothing that was written here is lost.".to_owned());
    }
    let kept = said.join(" ");
    let join = match saved.enrolment_lost {
        true => " This desk no longer knows its relay: ask an admin for a new invite.",
        false => "",
    };
    Words::new(
        format!("This desk's data was damaged and has been repaired. {kept}{join}"),
        "Conversations are read again from the relay. Have the disk checked.",
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::store::own_tables;

    #[test]
    fn what_may_be_lost_is_said_and_nothing_more() {
        let whole = words(&Salvaged { drafts: 3, ..Salvaged::default() });
        assert!(whole.what.contains("Nothing that was written here is lost"), "{}", whole.what);
        let damaged = Salvaged { drafts: 2, damaged: vec!["draft".to_owned()], ..Salvaged::default() };
        assert!(words(&damaged).what.contains("2 drafts were saved"));
        assert!(!words(&damaged).what.contains("invite"));
        assert!(words(&Salvaged { enrolment_lost: true, ..damaged }).what.contains("new invite"));
    }

    #[rstest]
    #[case::entries("raw_entry", "Nothing that was written here is lost")]
    #[case::checks("account_check", "Nothing that was written here is lost")]
    #[case::pictures("media_use", "Pictures and files whose links at Meta are dead may be lost")]
    #[case::notes("note_draft", "Drafts and replies")]
    #[case::files("own_file", "Drafts and replies")]
    #[case::acts("command_queue", "had not reached the relay")]
    #[case::views("saved_view", "Views and canned replies")]
    #[case::settings("setting", "Settings of this desk")]
    fn a_table_that_lost_rows_is_spoken_of_as_what_it_holds(#[case] table: &str, #[case] said: &str) {
        let told = words(&Salvaged { damaged: vec![table.to_owned()], ..Salvaged::default() }).what;
        assert!(told.contains(said), "{told}");
        // The first sentence says that it was repaired; the second is the only other one.
        assert_eq!(told.matches(". ").count(), 1, "{told}");
    }

    #[test]
    fn what_is_spoken_of_are_tables_that_a_repair_saves() {
        let named = ELSE.iter().flat_map(|(tables, _)| *tables).chain(WRITTEN);
        for table in named {
            assert!(own_tables().contains(table), "{table}");
        }
    }
}
