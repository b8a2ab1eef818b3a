//! The evidence of late replies as a file, for whoever has to show that people wrote them in time. Its columns are
//! explained in docs/evidence.md.

use std::path::{Path, PathBuf};

use baton_protocol::enrol::Role;
use baton_protocol::team::Settlement;
use baton_protocol::{AccountId, LogName};
use jiff::Timestamp;
use tokio::fs;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::inner::lock;
use super::status::lacking;
use super::{Desk, DeskError};
use crate::csv;
use crate::store::EvidenceRow;

/// So many late replies are read at once: others get at the file in between.
const PAGE: u32 = 500;

/// The columns, in their order.
pub const COLUMNS: &[&str] = &[
    "log_seq",
    "granted_at",
    "account_id",
    "account_name",
    "customer_id",
    "customer_name",
    "agent_id",
    "agent_name",
    "desk_id",
    "customer_acted_at",
    "may_be_sent_until",
    "meta_time_at_send",
    "composed_seconds",
    "outcome",
    "message_id",
    "refusal_code",
    "unchecked",
];

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Late replies in the file.
    pub rows: u64,
    /// Entries of the account's log that are not on this desk yet; there may be more late replies in them.
    pub lacks: u64,
}

impl Desk {
    /// Writes the evidence of an account's late replies into a file, oldest first. The file is whole or not there.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`] for agents, [`DeskError::File`] when the file cannot be written.
    pub async fn export_evidence(&self, account: &AccountId, file: &Path) -> Result<Exported, DeskError> {
        let access = self.inner.store.access().await?;
        let access = access.iter().find(|access| access.account == *account);
        if access.is_none_or(|access| access.role == Role::Agent) {
            return Err(DeskError::NotForRole);
        }
        let row = self.inner.store.account(account).await?;
        let name = row.and_then(|row| row.name).unwrap_or_default();
        let partial = beside(file);
        let written = self.write_evidence(account, &name, &partial).await;
        let rows = match written {
            Ok(rows) => rows,
            Err(error) => {
                // Nobody takes half of it for the whole.
                let _ = fs::remove_file(&partial).await;
                return Err(error);
            }
        };
        if let Err(error) = fs::rename(&partial, file).await {
            let _ = fs::remove_file(&partial).await;
            return Err(DeskError::file(&error));
        }
        let log = LogName::Account(account.clone());
        let head = lock(&self.inner.heads).get(&log).copied().unwrap_or_default();
        let held = self.inner.store.cursor(&log).await?.map(|cursor| cursor.ranges).unwrap_or_default();
        Ok(Exported { rows, lacks: lacking(&held, head) })
    }

    async fn write_evidence(&self, account: &AccountId, name: &str, file: &Path) -> Result<u64, DeskError> {
        let opened = fs::File::create(file).await.map_err(|error| DeskError::file(&error))?;
        let mut out = BufWriter::new(opened);
        let mut text = String::new();
        csv::row(&mut text, COLUMNS.iter().copied());
        let (mut rows, mut after) = (0, 0);
        loop {
            let page = self.inner.store.evidence(account, after, PAGE).await?;
            for one in &page {
                let fields = fields(account, name, one);
                csv::row(&mut text, fields.iter().map(String::as_str));
            }
            out.write_all(text.as_bytes()).await.map_err(|error| DeskError::file(&error))?;
            text.clear();
            rows += page.len() as u64;
            match page.last() {
                Some(last) if page.len() >= PAGE as usize => after = last.seq,
                _ => break,
            }
        }
        out.flush().await.map_err(|error| DeskError::file(&error))?;
        out.get_ref().sync_all().await.map_err(|error| DeskError::file(&error))?;
        Ok(rows)
    }
}

/// Where a file is written until it is whole.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}

fn fields(account: &AccountId, name: &str, row: &EvidenceRow) -> Vec<String> {
    let (outcome, message, code) = outcome(row.settlement.as_ref());
    vec![
        row.seq.to_string(),
        iso(row.granted_ms),
        account.to_string(),
        name.to_owned(),
        row.customer.clone(),
        row.customer_name.clone(),
        row.agent.clone(),
        row.agent_name.clone(),
        row.desk.clone(),
        iso(row.tag.last_opening_ms),
        iso(row.tag.until_ms),
        iso(row.tag.meta_now_ms),
        seconds(row.tag.composed_ms),
        outcome.to_owned(),
        message,
        code,
        if row.unchecked { "yes" } else { "no" }.to_owned(),
    ]
}

fn outcome(settlement: Option<&Settlement>) -> (&'static str, String, String) {
    match settlement {
        None => ("on its way", String::new(), String::new()),
        Some(Settlement::NotBegun) => ("not sent", String::new(), String::new()),
        Some(Settlement::Unknown { .. }) => ("not known", String::new(), String::new()),
        Some(Settlement::Abandoned { .. }) => ("given up, not known", String::new(), String::new()),
        Some(Settlement::Refused { code, subcode, .. }) => {
            let code = subcode.map_or_else(|| code.to_string(), |subcode| format!("{code}/{subcode}"));
            ("refused", String::new(), code)
        }
        Some(Settlement::Sent { mid, .. }) => ("sent", mid.to_string(), String::new()),
    }
}

/// A moment as ISO 8601 in UTC, to the millisecond; empty where there is none.
fn iso(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).ok().filter(|_| ms > 0);
    moment.map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()).unwrap_or_default()
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms.max(0) / 1000, ms.max(0) % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_iso_in_utc() {
        assert_eq!(iso(1_791_190_800_123), "2026-10-05T09:00:00.123Z");
        assert_eq!((iso(0).as_str(), iso(i64::MAX).as_str()), ("", ""));
        assert_eq!(seconds(12_345), "12.345");
    }

    #[test]
    fn every_column_has_its_name_and_its_words() {
        let docs = include_str!("../../../../docs/evidence.md");
        for column in COLUMNS {
            assert!(docs.contains(&format!("| `{column}` |")), "{column} is not explained");
        }
    }
}
