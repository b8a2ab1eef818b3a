//! Private notes, and what is urgent: what the team says to itself about a thread. Nothing of it ever goes near the outbox.
//!
//! ```text
//!   written ──▶ draft of a note ──added──▶ queued, shown as on its way ──▶ in the log ──▶ removed: its words go everywhere
//!                    ▲                            │
//!                    └── the relay refuses it ────┘  with why, told until the agent heard of it
//! ```
//!
//! A note, its removal and a priority are queued like everything that the relay may learn later, so they work without it.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::Words;
use baton_protocol::command::{Accepted, Command};
use baton_protocol::enrol::Role;
use baton_protocol::note::{self, NoteFault};
use baton_protocol::{AccountId, AgentId, LogName, NoteId};

use super::inner::{Inner, request};
use super::{Desk, DeskError};
use crate::clock::until_boot;
use crate::relay_client::RelayError;
use crate::store::{MemberRow, QueuedCommand, QueuedNote, Reading, StoreError, ThreadId, ThreadKey};

/// How long the log may take to bring what the relay accepted, milliseconds. Then it comes later, and until it does the note
/// is not shown.
const STREAM_MS: i64 = 2_000;

/// A note as an agent adds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// Its text.
    pub text: String,
    /// Who is meant.
    pub mentions: Vec<AgentId>,
    /// Only for supervisors and admins.
    pub supervisors_only: bool,
}

/// A note that waits for the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingNote {
    /// The note.
    pub note: QueuedNote,
    /// When it was written, milliseconds UTC of Meta as this desk knows it.
    pub at_ms: i64,
}

/// Why a note is not added, or a thread not escalated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is no note that can be kept.
    #[error(transparent)]
    Fault(#[from] NoteFault),
    /// It mentions somebody who does not work on the account.
    #[error("the note mentions somebody who does not work on the account")]
    NotHere {
        /// The name, where it is known.
        name: Option<String>,
    },
    /// A note for supervisors mentions somebody who is none.
    #[error("a note for supervisors mentions somebody who is none")]
    NotForThem {
        /// The name.
        name: String,
    },
    /// Nobody else supervises the account.
    #[error("there is no supervisor to escalate to")]
    NoSupervisor,
}

impl NoteError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Fault(NoteFault::Empty) => Words::new("The note says nothing.", "Write something."),
            Self::Fault(NoteFault::TooLong) => Words::new(
                format!("The note is longer than {} characters.", note::TEXT_UNITS),
                "Shorten it, or make two notes of it.",
            ),
            Self::Fault(NoteFault::Mentions) => Words::new(
                format!("The note mentions more than {} people.", note::MOST_MENTIONS),
                "Mention fewer of them.",
            ),
            Self::NotHere { name } => Words::new(
                match name {
                    Some(name) => {
                        format!("{name} does not work on this account and could not read the note.")
                    }
                    None => "The note mentions somebody who does not work on this account.".to_owned(),
                },
                "Take the name out, or have an administrator add them to the account.",
            ),
            Self::NotForThem { name } => Words::new(
                format!("{name} is no supervisor and would not be shown a note for supervisors."),
                "Take the name out, or write the note for all.",
            ),
            Self::NoSupervisor => Words::new(
                "Nobody else supervises this account, so there is nobody to escalate to.",
                "Make the thread urgent instead, or have an administrator name a supervisor.",
            ),
        }
    }
}

impl Desk {
    /// Saves what is written as a note, going out from the text `based_on`; an empty text removes it.
    ///
    /// # Errors
    /// [`StoreError::NoteDraftChanged`] when another text stands there by now; when the store cannot be written.
    pub async fn save_note_draft(
        &self,
        thread: ThreadId,
        text: &str,
        supervisors_only: bool,
        based_on: &str,
    ) -> Result<(), DeskError> {
        let now_ms = self.inner.wall_ms();
        self.inner.store.save_note_draft(thread, text, supervisors_only, based_on, now_ms).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// Adds a private note. It is durable when this returns, and what was written is gone with it; the team has it now or when
    /// the relay is back.
    ///
    /// # Errors
    /// [`DeskError::Note`] when it cannot be kept, [`StoreError::NoteDraftChanged`] when another one came back meanwhile;
    /// nothing was stored and what was written stays.
    pub async fn add_note(
        &self,
        thread: ThreadId,
        new: NewNote,
        based_on: &str,
    ) -> Result<NoteId, DeskError> {
        let key = self.inner.thread(thread).await?.key;
        self.inner.check_note(&key.account, &new).await?;
        let (note, written) = (NoteId::new(), new.text.clone());
        let requests = [request(add(&key, note, new))];
        let log = LogName::Account(key.account);
        let now_ms = self.inner.wall_ms();
        self.inner
            .store
            .queue_note(thread, Some((written.as_str(), based_on)), &log, &requests, now_ms)
            .await?;
        self.inner.noted(thread);
        Ok(note)
    }

    /// Takes a note away for the whole team, and its words with it. Its author may, and supervisors.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`]; when the store cannot be written.
    pub async fn remove_note(&self, thread: ThreadId, note: NoteId) -> Result<(), DeskError> {
        let key = self.inner.thread(thread).await?.key;
        // One that the log has not brought yet was written here.
        if let Some(row) = self.inner.store.note(note).await? {
            let role = self.inner.role_on(&key.account).await?;
            if row.by != self.me() && role.is_none_or(|role| role == Role::Agent) {
                return Err(DeskError::NotForRole);
            }
        }
        let command = Command::RemoveNote { customer: key.customer, note };
        self.inner.tell(&LogName::Account(key.account), command).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// Makes a thread urgent, or no longer so.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_urgent(&self, thread: ThreadId, urgent: bool) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        if self.inner.store.queued_priority(&row.key).await?.unwrap_or(row.urgent) == urgent {
            return Ok(());
        }
        let command = Command::SetPriority { customer: row.key.customer, urgent };
        self.inner.tell(&LogName::Account(row.key.account), command).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// Makes a thread urgent and tells the account's supervisors why, in a note that mentions them. Both or neither.
    ///
    /// # Errors
    /// [`DeskError::Note`] when there is nobody to tell, or why cannot be kept; when the store cannot be written.
    pub async fn escalate(&self, thread: ThreadId, why: &str) -> Result<(), DeskError> {
        let key = self.inner.thread(thread).await?.key;
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let members = self.inner.store.members(&key.account).await?;
        let supervisors: Vec<_> = members
            .into_iter()
            .filter(|one| one.role >= Role::Supervisor && one.agent != me)
            .take(note::MOST_MENTIONS)
            .collect();
        if supervisors.is_empty() {
            return Err(NoteError::NoSupervisor.into());
        }
        note::check(why, &[] as &[AgentId]).map_err(NoteError::Fault)?;
        let new = NewNote {
            text: escalation(why, &supervisors),
            mentions: supervisors.iter().map(|one| one.agent).collect(),
            supervisors_only: false,
        };
        self.inner.check_note(&key.account, &new).await?;
        let urgent = Command::SetPriority { customer: key.customer.clone(), urgent: true };
        let requests = [request(urgent), request(add(&key, NoteId::new(), new))];
        let log = LogName::Account(key.account);
        self.inner.store.queue_note(thread, None, &log, &requests, self.inner.wall_ms()).await?;
        self.inner.noted(thread);
        Ok(())
    }

    /// Everybody who works on a thread's account, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn members(&self, thread: ThreadId) -> Result<Vec<MemberRow>, DeskError> {
        let key = self.inner.thread(thread).await?.key;
        Ok(self.inner.store.members(&key.account).await?)
    }

    /// The notes of a thread that wait for the relay, and those that are being taken away.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn pending_notes(
        &self,
        reading: &mut Reading,
        thread: &ThreadKey,
    ) -> Result<(Vec<PendingNote>, BTreeSet<NoteId>), StoreError> {
        let (wall_ms, meta_ms) = (self.inner.wall_ms(), self.inner.meta_now().ms);
        let notes = reading.queued_notes(thread).await?.into_iter();
        let notes = notes.map(|note| {
            let ago_ms = wall_ms.saturating_sub(note.created_ms).max(0);
            PendingNote { at_ms: meta_ms.saturating_sub(ago_ms), note }
        });
        Ok((notes.collect(), reading.queued_removals(thread).await?))
    }
}

impl Inner {
    /// What the relay would refuse, as far as this desk knows: better said while the text is on the screen.
    async fn check_note(&self, account: &AccountId, new: &NewNote) -> Result<(), DeskError> {
        note::check(&new.text, &new.mentions).map_err(NoteError::Fault)?;
        if new.mentions.is_empty() {
            return Ok(());
        }
        let members = self.store.members(account).await?;
        let here: BTreeMap<AgentId, &MemberRow> = members.iter().map(|one| (one.agent, one)).collect();
        for agent in &new.mentions {
            let Some(one) = here.get(agent) else {
                let agents = self.store.agents().await?;
                let name = agents.into_iter().find(|known| known.agent == *agent).map(|known| known.name);
                return Err(NoteError::NotHere { name }.into());
            };
            if new.supervisors_only && one.role == Role::Agent {
                return Err(NoteError::NotForThem { name: one.name.clone() }.into());
            }
        }
        Ok(())
    }

    async fn role_on(&self, account: &AccountId) -> Result<Option<Role>, StoreError> {
        let access = self.store.access().await?;
        Ok(access.iter().find(|access| access.account == *account).map(|access| access.role))
    }

    fn noted(&self, thread: ThreadId) {
        self.wake_commands.notify_one();
        self.notices.threads([thread], self.store.version());
    }
}

/// The relay took a command that is shown before it is in the log: it is forgotten once it is there, so that what is shown
/// never goes and comes back.
pub(crate) async fn until_told(
    inner: &Inner,
    queued: &QueuedCommand,
    accepted: &Accepted,
) -> Result<(), StoreError> {
    let is_shown = matches!(
        queued.request.command,
        Command::AddNote { .. }
            | Command::RemoveNote { .. }
            | Command::SetPriority { .. }
            | Command::SetLabel { .. }
    );
    if is_shown { until_here(inner, &queued.log, accepted).await } else { Ok(()) }
}

/// Waits for the log to bring what the relay accepted, as long as that may take.
pub(super) async fn until_here(inner: &Inner, log: &LogName, accepted: &Accepted) -> Result<(), StoreError> {
    let Some(seq) = accepted.seqs.last() else { return Ok(()) };
    let until = inner.boot_ms().saturating_add(STREAM_MS);
    let mut news = inner.notices.subscribe();
    while !inner.store.has_entry(log, *seq).await? && inner.boot_ms() < until {
        tokio::select! {
            () = inner.stop.cancelled() => break,
            _ = news.recv() => {}
            () = until_boot(&*inner.clock, until) => {}
        }
    }
    Ok(())
}

/// The relay refused a queued command for good. A note's text comes back to where it was written; true when it did, and the
/// command was forgotten with it.
pub(crate) async fn came_back(
    inner: &Inner,
    queued: &QueuedCommand,
    error: &RelayError,
) -> Result<bool, StoreError> {
    let Command::AddNote { customer, note, text, supervisors_only, .. } = &queued.request.command else {
        return Ok(false);
    };
    let Some(account) = queued.log.account().cloned() else { return Ok(false) };
    let key = ThreadKey { account, customer: customer.clone() };
    let Some(thread) = inner.store.thread_id(&key).await? else { return Ok(false) };
    let said = error.agent_words();
    let why = Words::new(format!("Your note was not added. {}", said.what), said.remedy);
    let (command, now_ms) = (queued.request.command_id, inner.wall_ms());
    inner.store.note_came_back(thread, command, (*note, text, *supervisors_only), &why, now_ms).await?;
    inner.notices.threads([thread], inner.store.version());
    inner.notices.status();
    Ok(true)
}

fn add(key: &ThreadKey, note: NoteId, new: NewNote) -> Command {
    let NewNote { text, mentions, supervisors_only } = new;
    Command::AddNote { customer: key.customer.clone(), note, text, mentions, supervisors_only }
}

/// Why, and whom it is for.
fn escalation(why: &str, supervisors: &[MemberRow]) -> String {
    let names: Vec<String> = supervisors.iter().map(|one| format!("@{}", one.name)).collect();
    format!("{}\n{}", why.trim(), names.join(" "))
}
