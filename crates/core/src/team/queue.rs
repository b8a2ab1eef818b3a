//! The command queue: what must reach the relay sooner or later goes out in order, and is forgotten once the relay
//! answered.
//!
//! ```text
//!   told ──▶ stored ──▶ asked ──┬─ accepted, or refused for good ──▶ forgotten; a note that is refused comes back
//!                        ▲      └─ relay away ──┐
//!                        └──────── pause ◀──────┘      (also woken when the stream opens)
//! ```
//!
//! A repeat carries the same command id and so does nothing twice. Of a label or the urgency that was refused the agent is
//! told; an owner that this desk learned and showed is shown no longer.

use std::sync::Arc;

use baton_protocol::command::Command;

use crate::backoff::{Backoff, random};
use crate::clock::until_boot;
use crate::control;
use crate::desk::inner::Inner;
use crate::desk::{labels, notes, setback};
use crate::outbox::step::{Step, Whose};
use crate::store::{QueuedCommand, StoreError};

/// How many commands are looked at together.
const BATCH: u32 = 50;

/// Sends queued commands until it is stopped.
pub(crate) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = send_all(&inner) => {}
    }
}

async fn send_all(inner: &Inner) {
    let mut backoff = Backoff::new(500, 30_000);
    loop {
        match send_some(inner).await {
            Ok(true) => {
                backoff.succeed();
                inner.wake_commands.notified().await;
            }
            Ok(false) => pause(inner, &mut backoff).await,
            Err(error) => {
                tracing::warn!(%error, "the command queue cannot be read");
                pause(inner, &mut backoff).await;
            }
        }
    }
}

async fn pause(inner: &Inner, backoff: &mut Backoff) {
    let until = inner.boot_ms().saturating_add(backoff.fail(random()));
    tokio::select! {
        () = inner.wake_commands.notified() => {}
        () = until_boot(&*inner.clock, until) => {}
    }
}

/// True when the queue is empty; false when the relay is away.
async fn send_some(inner: &Inner) -> Result<bool, StoreError> {
    loop {
        let queued = inner.store.queued_commands(BATCH).await?;
        if queued.is_empty() {
            return Ok(true);
        }
        for command in queued {
            if !send_one(inner, &command).await? {
                return Ok(false);
            }
        }
    }
}

async fn send_one(inner: &Inner, queued: &QueuedCommand) -> Result<bool, StoreError> {
    let id = queued.request.command_id;
    let is_of_a_send = matches!(queued.request.command, Command::SettleSend { .. });
    if is_of_a_send {
        inner.before_step(Step::Report, Whose::default());
    }
    let answer = inner.ask(&queued.log, &queued.request).await;
    if is_of_a_send {
        inner.after_step(Step::Report, Whose::default());
    }
    match answer {
        Ok(accepted) => notes::until_told(inner, queued, &accepted).await?,
        Err(error) if error.may_work_later() => {
            inner.store.tried_command(id).await?;
            return Ok(false);
        }
        // Refused for good: what it wanted is no longer so, or the relay knows better.
        Err(error) => {
            tracing::info!(command = %id, %error, "the relay did not take a queued command");
            if notes::came_back(inner, queued, &error).await?
                || setback::act_refused(inner, queued, &error).await?
                || control::act::was_not_learned(inner, queued).await?
            {
                return Ok(true);
            }
        }
    }
    inner.store.forget_command(id).await?;
    labels::was_answered(inner, queued).await?;
    if is_of_a_send {
        inner.after_step(Step::Forget, Whose::default());
    }
    Ok(true)
}
