//! Logs that are long before anybody reads them.

use anyhow::Context as _;
use baton_protocol::Entry;
use baton_protocol::{LogId, LogName};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::World;
use super::desk::TestDesk;
use crate::people::{Shop, TEABOT, teabot};
use crate::wait;

/// How many events one POST carries.
const EVENTS: u64 = 400;
/// Messages are this far apart, milliseconds.
const APART_MS: u64 = 1_000;
/// When the first one was said in a world, milliseconds UTC; long before the story.
const BEGIN_MS: u64 = 1_770_000_000_000;
/// How many customers write in a world.
const CUSTOMERS: u64 = 150;
/// Entries read with one call.
const PAGE: u32 = 1_000;

/// The mid of the message with this number.
#[must_use]
pub fn mid(number: u64) -> String {
    format!("m_bulk-{number}")
}

/// Much that is said on an account: its customers write in turn, and its bot answers now and then.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// The account.
    pub account: String,
    /// Who writes.
    pub customers: Vec<String>,
    /// When message 0 is said, milliseconds UTC; the others follow a second apart.
    pub begin_ms: u64,
}

impl Bulk {
    fn of(shop: Shop) -> Self {
        let customers = (0..CUSTOMERS).map(|number| format!("88{number:014}")).collect();
        Self { account: shop.id().to_string(), customers, begin_ms: BEGIN_MS }
    }

    /// The webhooks that tell of the messages with these numbers.
    #[must_use]
    pub fn webhooks(&self, numbers: std::ops::Range<u64>) -> Vec<Value> {
        let mut webhooks = Vec::new();
        let mut next = numbers.start;
        while next < numbers.end {
            let end = (next + EVENTS).min(numbers.end);
            let mut lists: std::collections::BTreeMap<&str, Vec<Value>> = std::collections::BTreeMap::new();
            for number in next..end {
                let (list, event) = self.said(number);
                lists.entry(list).or_default().push(event);
            }
            let mut entry = json!({ "id": self.account, "time": self.begin_ms + end * APART_MS });
            for (list, events) in lists {
                entry[list] = events.into();
            }
            webhooks.push(json!({ "object": "page", "entry": [entry] }));
            next = end;
        }
        webhooks
    }

    /// A message of some customer, or the bot's answer; now and then somebody else holds the thread.
    fn said(&self, number: u64) -> (&'static str, Value) {
        let timestamp = self.begin_ms + number * APART_MS;
        let list = if number.is_multiple_of(5) { "standby" } else { "messaging" };
        let (customer, account) = (self.customer(number), &self.account);
        let event = if number.is_multiple_of(9) {
            json!({
                "sender": {"id": account}, "recipient": {"id": customer}, "timestamp": timestamp,
                "message": {"mid": mid(number), "is_echo": true, "app_id": teabot().to_string(),
                    "text": format!("{TEABOT}: parcel {number} is on its way.")},
            })
        } else {
            json!({
                "sender": {"id": customer}, "recipient": {"id": account}, "timestamp": timestamp,
                "message": {"mid": mid(number), "text": asks(number)},
            })
        };
        (list, event)
    }

    fn customer(&self, number: u64) -> Option<&String> {
        let many = u64::try_from(self.customers.len()).ok().filter(|many| *many > 0)?;
        usize::try_from(number % many).ok().and_then(|at| self.customers.get(at))
    }
}

/// What a customer says in the message with this number, unless it is the bot's: those that 9 divides are.
#[must_use]
pub fn asks(number: u64) -> String {
    format!("Where is parcel {number}?")
}

impl World {
    /// Customers of a shop write, and its bot answers: the messages with these numbers.
    ///
    /// # Errors
    /// When the relay does not take them.
    pub async fn many_write(&self, shop: Shop, numbers: std::ops::Range<u64>) -> anyhow::Result<()> {
        for webhook in Bulk::of(shop).webhooks(numbers) {
            let status = self.posts(&webhook).await?;
            anyhow::ensure!(status == 200, "the relay answered {status}");
        }
        Ok(())
    }

    /// The message with this number is taken back.
    ///
    /// # Errors
    /// When the relay does not take that.
    pub async fn takes_back(&self, shop: Shop, number: u64) -> anyhow::Result<()> {
        let (list, mut event) = Bulk::of(shop).said(number);
        let is_echo = event["message"]["is_echo"] == true;
        event["message"] = json!({ "mid": mid(number), "is_deleted": true });
        if is_echo {
            event["message"]["is_echo"] = true.into();
        }
        let mut entry = json!({ "id": shop.id().to_string(), "time": event["timestamp"] });
        entry[list] = json!([event]);
        let status = self.posts(&json!({ "object": "page", "entry": [entry] })).await?;
        anyhow::ensure!(status == 200, "the relay answered {status}");
        Ok(())
    }

    /// A whole log as it stands now, oldest first.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub async fn whole_log(&self, log: &LogName) -> anyhow::Result<(LogId, Vec<Entry>)> {
        let relay = self.auditor()?;
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let page = relay.entries(log, Some(after), None, PAGE).await?;
            if page.entries.is_empty() {
                return Ok((page.log_id, entries));
            }
            entries.extend(page.entries);
        }
    }

    /// How many blocks the relay keeps, compressed.
    ///
    /// # Errors
    /// When its folder cannot be read.
    pub fn blocks_kept(&self) -> anyhow::Result<usize> {
        let mut folder = self.relay.database().as_os_str().to_owned();
        folder.push(".blocks");
        Ok(std::fs::read_dir(std::path::PathBuf::from(folder))?.count())
    }
}

impl TestDesk {
    /// How much of a log stands in the desk's file: ranges of seqs, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn holds(&self, log: &LogName) -> anyhow::Result<Vec<(u64, u64)>> {
        let mut file =
            SqliteConnectOptions::new().filename(self.database()?).read_only(true).connect().await?;
        let ranges: Vec<(i64, i64)> =
            sqlx::query_as("SELECT first, last FROM cursor_range WHERE log = ? ORDER BY first")
                .bind(log.as_str())
                .fetch_all(&mut file)
                .await?;
        file.close().await?;
        let seq = |seq: i64| u64::try_from(seq).context("a seq below 0");
        ranges.into_iter().map(|(first, last)| Ok((seq(first)?, seq(last)?))).collect()
    }

    /// Waits as long as more of a log keeps coming, until it looks so.
    ///
    /// # Errors
    /// When nothing comes any more, and it does not look so.
    pub async fn comes_to_hold(
        &self,
        log: &LogName,
        what: &str,
        looks_so: impl Fn(&[(u64, u64)]) -> bool,
    ) -> anyhow::Result<Vec<(u64, u64)>> {
        loop {
            let before = self.holds(log).await?;
            if looks_so(&before) {
                return Ok(before);
            }
            wait::until(format!("{} to hold {what}", self.name()), async || match self.holds(log).await {
                Ok(now) if now != before || looks_so(&now) => Ok(()),
                Ok(now) => Err(format!("{now:?}")),
                Err(error) => Err(format!("{error:#}")),
            })
            .await?;
        }
    }
}
