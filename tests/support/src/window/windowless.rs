//! A colleague's desk without a window, in this process: somebody who is there and works, and whom nobody drives.
//!
//! It is a whole desk that was let in by an invite, on files of its own. It ends with this process, as if its machine had
//! lost its power; its secrets are kept in memory and end with it.

use std::path::Path;
use std::sync::Arc;

use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig, DeskError, NewNote};
use baton_core::history::BEGINS_AFTER;
use baton_core::keys::MemoryKeyStore;
use baton_core::store::{ThreadId, ThreadKey};
use baton_graph::GraphConfig;
use baton_protocol::AgentId;
use baton_protocol::presence::Doing;
use secrecy::SecretString;

use super::until;
use crate::island::Island;

/// Somebody at a desk without a window.
#[derive(Debug)]
pub struct Windowless {
    // The desk's tasks end with the threads that they run on.
    desk: Desk,
    island: Island,
}

/// How somebody sits down. It holds an invite, so it is never shown.
#[derive(Clone, Copy)]
pub struct Seat<'a> {
    /// Where the desk's files are.
    pub data_dir: &'a Path,
    /// What its machine is called.
    pub machine: &'a str,
    /// Where Graph answers.
    pub graph_url: &'a str,
    /// Where the relay is.
    pub relay: &'a str,
    /// What lets the desk in.
    pub invite: &'a str,
}

impl Windowless {
    /// Opens a desk, joins the relay, and stays online however long nobody touches anything.
    ///
    /// # Errors
    /// When its files cannot be made, or the relay does not let it in.
    pub async fn sits_down(seat: &Seat<'_>) -> anyhow::Result<Self> {
        let island = Island::new("colleague")?;
        let config = DeskConfig {
            data_dir: seat.data_dir.to_owned(),
            clock: Arc::new(SystemClock),
            keys: Arc::new(MemoryKeyStore::default()),
            graph: GraphConfig::at(seat.graph_url)?,
            desk_name: seat.machine.to_owned(),
            history_after: BEGINS_AFTER,
        };
        let desk = island.run(Desk::open(config)).await??;
        let colleague = Self { desk, island };
        let (relay, invite) = (seat.relay.to_owned(), SecretString::from(seat.invite.to_owned()));
        colleague
            .does(|desk| async move {
                desk.enrol(&relay, &invite).await?;
                desk.set_goes_away(false).await
            })
            .await?;
        Ok(colleague)
    }

    /// A customer's thread, once this desk has it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn thread(&self, account: &str, customer: &str) -> anyhow::Result<ThreadId> {
        let key = ThreadKey { account: account.into(), customer: customer.into() };
        until::some(&format!("the thread of {customer}"), until::LONG, async || {
            let key = key.clone();
            self.does(|desk| async move { Ok(desk.store().thread_id(&key).await?) }).await
        })
        .await
    }

    /// Takes a thread.
    ///
    /// # Errors
    /// When somebody was faster, or the relay refuses.
    pub async fn claims(&self, thread: ThreadId) -> anyhow::Result<()> {
        self.does(move |desk| async move { desk.assign(thread, true).await }).await
    }

    /// Has a thread on the screen, as far as anybody can tell.
    ///
    /// # Errors
    /// When it is not here.
    pub async fn reads(&self, thread: ThreadId) -> anyhow::Result<()> {
        self.does(move |desk| async move { desk.shows(Some((thread, Doing::Reads))).await }).await
    }

    /// Writes a private note that means colleagues of these names.
    ///
    /// # Errors
    /// When one of them does not work on the account, or the note cannot be kept.
    pub async fn notes(&self, thread: ThreadId, text: &str, to: &[&str]) -> anyhow::Result<()> {
        let members = self.does(move |desk| async move { desk.members(thread).await }).await?;
        let meant = members.iter().filter(|one| to.contains(&one.name.as_str()));
        let mentions: Vec<AgentId> = meant.map(|one| one.agent).collect();
        anyhow::ensure!(mentions.len() == to.len(), "not all of {to:?} work on the account");
        let note = NewNote { text: text.to_owned(), mentions, supervisors_only: false };
        self.does(move |desk| async move { desk.add_note(thread, note, "").await.map(drop) }).await
    }

    async fn does<T, F>(&self, act: impl FnOnce(Desk) -> F) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DeskError>> + Send + 'static,
    {
        Ok(self.island.run(act(self.desk.clone())).await??)
    }
}
