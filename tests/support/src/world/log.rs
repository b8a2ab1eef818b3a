//! What stands in the relay's log, read as an enrolled desk reads it.

use baton_protocol::entry::Content;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{Entry, EntryKind, LogName, Mid, PartId};

use super::World;
use crate::people::Shop;
use crate::wait;

/// Entries read with one call.
const PAGE: u32 = 500;

impl World {
    /// Every entry of an account's log, oldest first.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn entries(&self, shop: Shop) -> anyhow::Result<Vec<Entry>> {
        let relay = self.auditor()?;
        let log = LogName::Account(shop.id());
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let page = relay.entries(&log, Some(after), None, PAGE).await?;
            if page.entries.is_empty() {
                return Ok(entries);
            }
            entries.extend(page.entries);
        }
    }

    /// What Meta told us of these accounts.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn meta_entries(&self, shops: &[Shop]) -> anyhow::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for shop in shops {
            entries.extend(self.entries(*shop).await?.into_iter().filter(|e| e.kind == EntryKind::Meta));
        }
        Ok(entries)
    }

    /// The facts of the team about an account, oldest first.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn team_facts(&self, shop: Shop) -> anyhow::Result<Vec<TeamFact>> {
        let entries = self.entries(shop).await?.into_iter();
        Ok(entries
            .filter_map(|entry| match entry.content() {
                Content::Team(fact) => Some(*fact),
                _ => None,
            })
            .collect())
    }

    /// Waits until the log says that this part became this message: a desk said so, once, and the author and the evidence
    /// stand in the part's grant. Meta's echo names neither.
    ///
    /// # Errors
    /// When it does not say so, or says so twice.
    pub async fn log_tells_sent(&self, shop: Shop, part: PartId, message: &Mid) -> anyhow::Result<()> {
        let says_so = |fact: &TeamFact| {
            matches!(
                fact,
                TeamFact::SendSettled { part: settled, settlement: Settlement::Sent { mid, .. }, .. }
                    if *settled == part && mid == message
            )
        };
        let look = async || {
            let facts = self.team_facts(shop).await.map_err(|error| error.to_string())?;
            match facts.iter().filter(|fact| says_so(fact)).count() {
                1 => Ok(()),
                times => Err(format!("it says so {times} times in {facts:#?}")),
            }
        };
        wait::until("the log to say that the part was sent", look).await?;
        wait::stays("one settlement in the log", look).await
    }

    /// Waits until the log says that nobody knows how a part ended.
    ///
    /// # Errors
    /// When it does not say so in time.
    pub async fn log_tells_unknown(&self, shop: Shop, part: PartId) -> anyhow::Result<()> {
        let says_so = |fact: &TeamFact| {
            matches!(
                fact,
                TeamFact::SendSettled { part: settled, settlement: Settlement::Unknown { .. }, .. }
                    if *settled == part
            )
        };
        wait::until("the log to say that the part is unknown", async || {
            let facts = self.team_facts(shop).await.map_err(|error| error.to_string())?;
            if facts.iter().any(says_so) { Ok(()) } else { Err(format!("{facts:#?}")) }
        })
        .await
    }

    /// The only part of this text that was granted.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub async fn granted_part(&self, shop: Shop, said: &str) -> anyhow::Result<PartId> {
        let facts = self.team_facts(shop).await?;
        let granted: Vec<PartId> = facts
            .iter()
            .filter_map(|fact| match fact {
                TeamFact::SendStarted { text, part, .. } if text == said => Some(*part),
                _ => None,
            })
            .collect();
        anyhow::ensure!(granted.len() == 1, "{} parts of this text were granted", granted.len());
        Ok(granted[0])
    }
}
