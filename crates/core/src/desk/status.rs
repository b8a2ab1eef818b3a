//! The status line and facts for support.

use baton_graph::Pace;
use baton_messenger::policy::MetaNow;

use super::inner::lock;
use super::tokens::Token;
use super::{Desk, DeskError};
use crate::keys::KeyStoreError;
use crate::store::{PartStateName, SCHEMA};
use crate::sync::SyncStatus;

/// What the status line is made of.
#[derive(Debug, Clone)]
pub struct StatusFacts {
    /// How the relay answers, and how complete this desk is.
    pub relay: SyncStatus,
    /// How Meta answers.
    pub meta: MetaHealth,
    /// Accounts whose reads are slowed or held back for Meta's limits, by name.
    pub paces: Vec<(String, Pace)>,
    /// Why the key store does not serve, if it does not.
    pub key_store: Option<KeyStoreError>,
    /// Replies that have not left.
    pub waiting_parts: u64,
    /// Replies of which nobody knows whether they arrived.
    pub unknown_parts: u64,
    /// Meta's time.
    pub now: MetaNow,
    /// Threads of this agent that wait for a reply.
    pub waiting_for_me: u64,
}

/// How Meta answers this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaHealth {
    /// It was not asked since the start.
    NotAsked,
    /// It answered.
    Answered {
        /// How long ago, milliseconds.
        ago_ms: i64,
    },
    /// A reply waits because Meta cannot be reached.
    Unreachable,
}

impl Desk {
    /// What the status line says.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn status(&self) -> Result<StatusFacts, DeskError> {
        let states = [PartStateName::Held, PartStateName::Queued, PartStateName::Sending];
        let waiting = self.inner.store.parts_in(&states).await?;
        let unknown = self.inner.store.parts_in(&[PartStateName::Unknown]).await?;
        let no_network = waiting.iter().any(|part| {
            matches!(
                crate::outbox::state_of(part),
                Ok(crate::outbox::State::Queued { wait: Some(crate::outbox::Wait::Network), .. })
            )
        });
        let key_store = lock(&self.inner.locked).clone();
        Ok(StatusFacts {
            relay: self.inner.sync_status(),
            meta: self.meta_health(no_network),
            paces: self.paces().await?,
            key_store,
            waiting_parts: waiting.len() as u64,
            unknown_parts: unknown.len() as u64,
            now: self.inner.meta_now(),
            waiting_for_me: self.waiting_for_me().await?,
        })
    }

    /// Facts for support, name and value. Never a secret, never a customer's words.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn diagnostics(&self) -> Result<Vec<(String, String)>, DeskError> {
        let session = self.session().await?;
        let status = self.status().await?;
        let mut facts = vec![
            ("Version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("Schema of the store".to_owned(), SCHEMA.to_string()),
            ("Relay".to_owned(), session.enrolment.as_ref().map_or("none".to_owned(), |e| e.relay.clone())),
            ("Desk".to_owned(), session.enrolment.as_ref().map_or("none".to_owned(), |e| e.desk.to_string())),
            ("Stream".to_owned(), format!("{:?}", status.relay)),
            ("Meta".to_owned(), format!("{:?}", status.meta)),
            ("Meta's time is doubtful".to_owned(), yes(status.now.doubtful)),
            (
                "Meta's clock minus this computer's".to_owned(),
                format!("{} s", (status.now.ms - self.inner.wall_ms()) / 1000),
            ),
            (
                "Key store".to_owned(),
                status.key_store.map_or("answers".to_owned(), |error| error.to_string()),
            ),
            ("Replies waiting".to_owned(), status.waiting_parts.to_string()),
            ("Replies unknown".to_owned(), status.unknown_parts.to_string()),
        ];
        for (name, pace) in status.paces {
            facts.push((format!("Reads of {name}"), format!("{pace:?}")));
        }
        for account in session.accounts {
            let id = &account.access.account;
            facts.push((format!("Account {id}: role"), account.access.role.to_string()));
            facts.push((format!("Account {id}: Page token"), token_word(&account.token).to_owned()));
            if let Some(row) = account.facts {
                facts.push((format!("Account {id}: routing"), row.routing.to_string()));
                facts.push((format!("Account {id}: human agent"), row.human_agent.to_string()));
            }
        }
        for log in self.inner.store.cursors().await? {
            let ranges = &log.cursor.ranges;
            let held = format!("{} entries up to {}", ranges.count(), ranges.highest().unwrap_or(0));
            facts.push((format!("Log {}", log.log), held));
        }
        Ok(facts)
    }

    async fn paces(&self) -> Result<Vec<(String, Pace)>, DeskError> {
        let graph = self.inner.graph();
        let accounts = self.inner.store.access().await?.into_iter();
        let paces = accounts.map(|access| {
            let pace = graph.pace(&access.account);
            (if access.name.is_empty() { access.account.to_string() } else { access.name }, pace)
        });
        Ok(paces.filter(|(_, pace)| *pace != Pace::Free).collect())
    }

    async fn waiting_for_me(&self) -> Result<u64, DeskError> {
        let Some(me) = self.me() else { return Ok(0) };
        Ok(self.inner.store.view_counts(me, None).await?.mine_waiting)
    }

    fn meta_health(&self, no_network: bool) -> MetaHealth {
        if no_network {
            return MetaHealth::Unreachable;
        }
        match self.inner.meta.answered_boot_ms() {
            Some(answered) => {
                MetaHealth::Answered { ago_ms: self.inner.boot_ms().saturating_sub(answered).max(0) }
            }
            None => MetaHealth::NotAsked,
        }
    }
}

fn yes(fact: bool) -> String {
    if fact { "yes" } else { "no" }.to_owned()
}

fn token_word(token: &Token) -> &'static str {
    match token {
        Token::Missing => "none",
        Token::Alive(_) => "accepted",
        Token::Dead => "refused by Meta",
        Token::Locked(_) => "key store closed",
    }
}
