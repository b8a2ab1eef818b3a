//! Opens a desk's file and begins to work on it. Damage that is met on the way is repaired by the same start: otherwise no
//! desk would run that could find it, and each start would end at the same place.
//!
//! ```text
//!   open ──▶ begin ──▶ works
//!              └──▶ damaged ──▶ marked, closed ──▶ open, which repairs ──▶ begin ──▶ works, or fails
//! ```

use std::sync::Arc;

use super::cut_off::CutOffs;
use super::{Desk, DeskConfig, DeskError, STORE_FILE};
use crate::outbox::step::{Nobody, StepWatcher};
use crate::store::{OpeningStep, OpeningWatcher, Store, StoreError, Untold};

impl Desk {
    /// The same as [`Desk::open`], with somebody who hears of every durable step of a send: for tests that end the desk
    /// there.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub async fn open_watched(config: DeskConfig, steps: Arc<dyn StepWatcher>) -> Result<Self, DeskError> {
        Self::open_with(config, steps, &Untold).await
    }

    /// The same as [`Desk::open`], with somebody who hears what takes long: the copy of a large file, its migration, the
    /// repair of a damaged one.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub async fn open_told(config: DeskConfig, tells: &dyn OpeningWatcher) -> Result<Self, DeskError> {
        Self::open_with(config, Arc::new(Nobody), tells).await
    }

    async fn open_with(
        config: DeskConfig,
        steps: Arc<dyn StepWatcher>,
        tells: &dyn OpeningWatcher,
    ) -> Result<Self, DeskError> {
        tokio::fs::create_dir_all(&config.data_dir).await.map_err(|error| DeskError::folder(&error))?;
        let file = config.data_dir.join(STORE_FILE);
        let cut_offs = read_cut_offs(&config).await?;
        let store = Store::open_told(&file, tells).await?;
        tells.stands(OpeningStep::Starting);
        match Self::on(store.clone(), cut_offs, config.clone(), Arc::clone(&steps)).await {
            Err(DeskError::Store(StoreError::Corrupt)) => {}
            opened => return opened,
        }
        tracing::error!("the desk's file was found to be damaged while the desk opened");
        store.found_damaged().await?;
        store.close().await;
        // Once only: what is damaged after a repair is the disk's fault.
        let cut_offs = read_cut_offs(&config).await?;
        let store = Store::open_told(&file, tells).await?;
        tells.stands(OpeningStep::Starting);
        Self::on(store, cut_offs, config, steps).await
    }
}

/// What an earlier run left to be removed goes before anybody opens the file.
async fn read_cut_offs(config: &DeskConfig) -> Result<CutOffs, DeskError> {
    CutOffs::open(&config.data_dir).await.map_err(|error| DeskError::folder(&error))
}
