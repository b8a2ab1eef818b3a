//! The loops of the vault: what arrives is fetched, what is not needed is removed, what failed is tried again.

use std::sync::Arc;

use super::error::MediaError;
use super::queue::Next;
use crate::clock::until_boot;
use crate::desk::inner::Inner;
use crate::store::{FreshMedia, StoreError};

/// How old a message may be whose media are fetched unasked, milliseconds of Meta's time: links live for days
/// (docs/meta.md 2.6.4).
const FRESH_MS: i64 = 3 * 24 * 3_600_000;
/// How often it is looked for what may be tried again, and for files that could not be removed, milliseconds of the boot
/// clock.
const LOOK_EVERY_MS: i64 = 30_000;
/// How many messages one look takes.
const AT_ONCE: u32 = 200;

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    let all = async {
        begin(&inner).await;
        // Two are fetched at once without anybody asking.
        tokio::join!(work(&inner), work(&inner), keep_clean(&inner), look(&inner));
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = all => {}
    }
}

/// What an earlier run left.
async fn begin(inner: &Inner) {
    let swept = async {
        inner.clean_vault().await?;
        if inner.store.spares_files().await? {
            tracing::warn!("files that a repair left without a row are kept for now");
            return inner.clean_own_files().await;
        }
        inner.media.vault.sweep(|files| async move { inner.store.strange_media(&files).await }).await?;
        inner.clean_own_files().await?;
        inner.media.own.sweep(|files| async move { inner.store.strange_own_files(&files).await }).await
    };
    if let Err(error) = swept.await {
        tracing::warn!(%error, "the vault could not be swept");
    }
    let _ = inner.media.swept.set(());
    if let Err(error) = read_more(inner, None).await {
        tracing::warn!(%error, "nothing is fetched of what arrived before");
    }
}

/// Puts messages of which nothing was tried yet into the queue, the newest of those that are older than `before`.
async fn read_more(inner: &Inner, before: Option<&FreshMedia>) -> Result<(), StoreError> {
    let fresh = inner.store.fresh_media(fresh_since(inner), before, AT_ONCE).await?;
    let is_cut = u32::try_from(fresh.len()).is_ok_and(|read| read >= AT_ONCE);
    inner.media.queue.add_read(fresh, is_cut);
    Ok(())
}

async fn work(inner: &Inner) {
    loop {
        match inner.media.queue.next().await {
            Next::Message(message) => {
                let Err(error) = fetch_all(inner, &message).await else { continue };
                tracing::debug!(%error, "media of a message were not fetched");
                // Where the disk is full nothing could be noted of it: it is known here alone.
                if error.may_pass() {
                    pause(inner).await;
                    inner.media.queue.add([message]);
                }
            }
            Next::OlderThan(before) => {
                let Err(error) = read_more(inner, Some(&before)).await else { continue };
                tracing::debug!(%error, "what was left out could not be read");
                pause(inner).await;
                inner.media.queue.was_not_read(before);
            }
        }
    }
}

async fn fetch_all(inner: &Inner, message: &FreshMedia) -> Result<(), StoreError> {
    if message.at_ms < fresh_since(inner) {
        return Ok(());
    }
    for medium in inner.store.media_to_fetch(message, inner.wall_ms()).await? {
        match inner.have(medium).await {
            Ok(_) => {}
            Err(MediaError::Store(error)) => return Err(error),
            Err(error) => tracing::debug!(%error, "a medium was not fetched"),
        }
    }
    Ok(())
}

async fn keep_clean(inner: &Inner) {
    loop {
        inner.media.wake_clean.notified().await;
        if let Err(error) = inner.clean_vault().await {
            tracing::warn!(%error, "files that are not needed any more are still in the vault");
        }
        if let Err(error) = inner.clean_own_files().await {
            tracing::warn!(%error, "files that were sent and are not needed any more are still here");
        }
    }
}

async fn look(inner: &Inner) {
    loop {
        pause(inner).await;
        inner.media.fleeting.let_go(inner.boot_ms());
        inner.media.wake_clean.notify_one();
        match inner.store.media_to_retry(inner.wall_ms(), fresh_since(inner), AT_ONCE).await {
            Ok(due) => inner.media.queue.add(due),
            Err(error) => tracing::debug!(%error, "nothing is tried again"),
        }
        // What was taken back before has to be here first, or it is not counted.
        if inner.media.queue.is_empty() {
            match inner.take_back(fresh_since(inner), AT_ONCE).await {
                Ok(given_up) => inner.media.queue.add(given_up),
                Err(error) => tracing::debug!(%error, "nothing is taken back"),
            }
        }
    }
}

async fn pause(inner: &Inner) {
    until_boot(&*inner.clock, inner.boot_ms().saturating_add(LOOK_EVERY_MS)).await;
}

fn fresh_since(inner: &Inner) -> i64 {
    inner.meta_now().ms.saturating_sub(FRESH_MS)
}
