//! A damaged file is made anew: own tables are copied as far as they can be read, derived ones are made from the entries
//! that came through, and the relay gives the rest, because the cursor says that it is missing.
//!
//! ```text
//!  damaged ─copy own rows─▶ building, of its schema ─migrate─▶ apply every entry ─▶ built ─▶ the file
//!     └──▶ set-aside
//! ```
//!
//! What is lost for good is what only this desk had, in pages that could not be read: drafts, and replies that had not left;
//! which file of the vault is which picture, where Meta does not give it again; and the others that ARCHITECTURE names. A
//! changed letter inside a page that is otherwise sound is not noticed: SQLite keeps no checksums of pages.

use std::sync::atomic::Ordering;

use baton_protocol::entry::Entry;
use baton_protocol::{AccountId, LogName, SeqRanges};
use baton_thread::AccountFacts;
use sqlx::Connection as _;

use super::ingest::Batch;
use super::place::{self, Place};
use super::salvage::{self, Salvaged};
use super::telling::{OpeningStep, OpeningWatcher, Share, Untold};
use super::{Conn, Result, SCHEMA, Store, StoreError, account, again, customer, learned_here, log, opening};

/// Where is kept what a repair saved, until the agent was told.
const SETTING: &str = "store.repaired";
/// How many entries one transaction applies.
const STRIDE: u32 = 500;

/// Makes a new file from what can be read of a damaged one, and puts it in its place.
pub(super) async fn run(place: &Place, tells: &dyn OpeningWatcher) -> Result<()> {
    tracing::warn!("the desk's file is damaged and is being repaired");
    let building = Place::of(&place.building());
    Place::remove(building.file()).await?;
    if let Err(error) = build(place, &building, tells).await {
        let _ = Place::remove(building.file()).await;
        return Err(error);
    }
    // The log of writes was emptied into the file, so that the file alone is all of it.
    place::sync_file(building.file()).await?;
    tokio::fs::rename(building.file(), place.built()).await.map_err(|error| StoreError::of_io(&error))?;
    place::sync_folder(place.file()).await?;
    Place::remove(building.file()).await?;
    place.finish_repair().await
}

async fn build(place: &Place, building: &Place, tells: &dyn OpeningWatcher) -> Result<()> {
    let salvaged = save(place, building, tells).await?;
    // Its migrations are a part of the repair, and are not told as an update.
    let fresh = Store::open_as_it_is(building, &Untold).await?;
    let made = match fresh.make(&salvaged, tells).await {
        Ok(()) => fresh.fold_log().await,
        Err(error) => Err(error),
    };
    fresh.close().await;
    made
}

/// Copies the own rows into a file of the schema that they are of, so that the migrations bring them forward as they bring
/// forward those of a sound file.
async fn save(place: &Place, building: &Place, tells: &dyn OpeningWatcher) -> Result<Salvaged> {
    let Some(mut old) = salvage::open(place.file()).await else {
        return Ok(Salvaged {
            damaged: salvage::OWN.iter().map(|name| (*name).to_owned()).collect(),
            enrolment_lost: true,
            ..Salvaged::default()
        });
    };
    let schema = salvage::schema(&mut old).await.unwrap_or(SCHEMA);
    if schema > SCHEMA {
        return Err(StoreError::TooNew { found: schema, known: SCHEMA });
    }
    let new = opening::new_file(building.file(), schema).await?;
    let copied = async {
        let mut tx = new.begin().await?;
        let salvaged = salvage::copy(&mut old, &mut tx, tells).await?;
        tx.commit().await?;
        Ok(salvaged)
    };
    let copied = copied.await;
    let _ = old.close().await;
    new.close().await;
    copied
}

impl Store {
    /// Makes of the saved rows what a desk's file holds.
    async fn make(&self, salvaged: &Salvaged, tells: &dyn OpeningWatcher) -> Result<()> {
        let mut tx = self.write().await?;
        customer::ensure_of_threads(&mut tx).await?;
        self.commit(tx).await?;
        self.apply_all(salvaged.entries, tells).await?;
        tracing::warn!(?salvaged, "the desk's file was made anew");
        let json = super::error::to_json(salvaged)?;
        self.set_setting(SETTING, Some(&json)).await
    }

    /// What a repair saved, until [`Store::repair_was_told`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn repaired(&self) -> Result<Option<Salvaged>> {
        let kept = self.setting(SETTING).await?;
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// The agent was told of the repair.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn repair_was_told(&self) -> Result<()> {
        self.set_setting(SETTING, None).await
    }

    /// Whether files without a row are kept for now: a repair lost rows that name files, the agent was not told yet, and the
    /// damaged file, which may still say what they are, is set aside. It goes with the first removal; then nothing that was
    /// removed may linger in such a file either.
    ///
    /// # Errors
    /// When the file or its folder cannot be read.
    pub(crate) async fn spares_files(&self) -> Result<bool> {
        let has_lost = self.repaired().await?.is_some_and(|saved| saved.lost_files());
        Ok(has_lost && Place::exists(&self.place.damaged()).await?)
    }

    /// True once the file is known to be damaged; it is repaired when it is opened next.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::SeqCst)
    }

    /// The file was found to be damaged. Remembered over a restart.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn found_damaged(&self) -> Result<()> {
        self.damaged.store(true, Ordering::SeqCst);
        self.place.set_mark().await
    }

    /// Reads through the file and says whether it is sound. Takes about two seconds for a million messages, on a
    /// connection of its own.
    ///
    /// # Errors
    /// When the file cannot be read for another reason than damage.
    pub async fn is_sound(&self) -> Result<bool> {
        let options = super::opening::options(self.place.file()).read_only(true);
        let mut conn = sqlx::SqliteConnection::connect_with(&options).await?;
        let said: std::result::Result<String, _> =
            sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut conn).await;
        let _ = conn.close().await;
        match said.map_err(StoreError::from) {
            Ok(said) => Ok(said == "ok"),
            Err(StoreError::Corrupt) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// What is set aside beside the file, with its size in bytes.
    pub async fn set_aside(&self) -> Vec<(String, u64)> {
        self.place.set_aside().await
    }

    /// Makes every derived row from the entries that are here, so many.
    async fn apply_all(&self, of: u64, tells: &dyn OpeningWatcher) -> Result<()> {
        let mut tx = self.write().await?;
        let logs = log::names(&mut tx).await?;
        for name in &logs {
            let held = log::held(&mut tx, name).await?;
            tell_ranges(&mut tx, name, &held).await?;
        }
        self.commit(tx).await?;
        let mut done = 0;
        tells.stands(OpeningStep::Remaking(Share::new(done, of)));
        for name in &logs {
            let mut after = log::Mark::default();
            loop {
                let mut tx = self.write().await?;
                let entries = log::page_of_all(&mut tx, name, &after, STRIDE).await?;
                let Some(last) = entries.last() else { break };
                after = log::Mark::of(last);
                let due = apply(&mut tx, name, &entries).await?;
                self.commit(tx).await?;
                if let Some(account) = due {
                    self.compute_all_due(&account, &mut again::Far::begin(0, &Untold)).await?;
                }
                done += u64::try_from(entries.len()).unwrap_or(0);
                tells.stands(OpeningStep::Remaking(Share::new(done, of)));
            }
        }
        let mut tx = self.write().await?;
        for account in logs.iter().filter_map(LogName::account) {
            learned_here::put_back(&mut tx, account).await?;
        }
        log::unplace_messages(&mut tx).await?;
        self.commit(tx).await?;
        self.set_setting(again::SETTING, Some(&crate::apply::VERSION.to_string())).await
    }
}

/// The cursor holds what is here and nothing else.
async fn tell_ranges(conn: &mut Conn, name: &LogName, held: &log::Held) -> Result<()> {
    if log::cursor(conn, name).await?.is_none() {
        // Nobody knows which log these places belong to: the relay tells them anew.
        return log::unplace(conn, name).await;
    }
    let mut ranges = SeqRanges::new();
    for (first, last) in &held.ranges {
        ranges.insert(*first, *last);
    }
    log::set_ranges(conn, name, &ranges).await?;
    log::set_chain(conn, name, &held.chain).await
}

/// Applies entries, and names the account of which threads are to be computed anew.
async fn apply(conn: &mut Conn, name: &LogName, entries: &[Entry]) -> Result<Option<AccountId>> {
    let facts = match name.account() {
        Some(account) => {
            account::ensure(conn, account).await?;
            account::facts(conn, account).await?
        }
        None => AccountFacts::default(),
    };
    let mut batch = Batch::new(conn, name.clone(), facts);
    batch.take_in(entries).await?;
    Ok(batch.into_due())
}
