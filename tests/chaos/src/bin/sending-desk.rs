//! A desk without a window that kills itself where it is told to: the product's core and the browser host's commands on a
//! folder. Its secrets come from a file in the folder, because a real key store is nothing to test with.
//!
//! `sending-desk <folder>`, with `BATON_GRAPH_URL`, and `BATON_FLAW` for a desk that is broken on purpose.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_chaos_tests::sends::{Flaw, KillSwitch, READY, keys};
use baton_commands::Answering;
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::outbox::{State, detail_of};
use baton_core::store::{NewPart, NewReply, OwnFileId, PartRow, PartStateName, StoreError};
use baton_graph::GraphConfig;
use baton_protocol::{PartId, ReplyId};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How soon a desk that resends by itself does so.
const AT_ONCE: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let folder = PathBuf::from(std::env::args_os().nth(1).context("give it a folder")?);
    let graph = std::env::var("BATON_GRAPH_URL").context("tell it where Graph is")?;
    let flaw: Flaw = std::env::var("BATON_FLAW").unwrap_or_default().parse().unwrap_or_default();
    if flaw == Flaw::Forgets {
        forget(&folder).await?;
    }
    let config = DeskConfig {
        data_dir: folder.clone(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(keys::read(&folder).await?),
        graph: GraphConfig::at(&graph)?,
        desk_name: "to be killed".to_owned(),
        history_after: Duration::MAX,
    };
    let desk = Desk::open_watched(config, Arc::new(KillSwitch::of(&folder))).await?;
    if flaw == Flaw::Resends {
        tokio::spawn(resend(desk.clone()));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let (written, ready) = (folder.join(format!("{READY}.part")), folder.join(READY));
    std::fs::write(&written, json!({ "address": address }).to_string())?;
    std::fs::rename(&written, &ready)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let answering = Arc::new(Answering::new(desk.clone(), Vec::new()));
    let end = async move {
        let _ = terminate.recv().await;
    };
    baton_devhost::serve(listener, answering, &folder, end).await?;
    desk.shutdown().await;
    Ok(())
}

/// What every messenger without a state *unknown* does after a time-out. The core sends nothing again before it looked, also
/// of what was given up, so a copy is put into the outbox past it.
async fn resend(desk: Desk) {
    loop {
        tokio::time::sleep(AT_ONCE).await;
        for part in desk.store().parts_in(&[PartStateName::Unknown]).await.unwrap_or_default() {
            let _ = desk.discard_part(part.part).await;
            let _ = copy(&desk, &part).await;
        }
    }
}

/// Puts a reply into the outbox that says the same as a part.
async fn copy(desk: &Desk, part: &PartRow) -> Result<(), StoreError> {
    let (store, before) = (desk.store(), desk.store().reply(part.reply).await?);
    let thread = store.thread(part.thread, part.pressed_ms).await?;
    let waiting = detail_of(&State::Queued { asked: false, wait: None })?;
    let reply = NewReply {
        reply: ReplyId::new(),
        thread: part.thread,
        agent: before.agent,
        created_ms: part.created_ms,
        pressed_ms: part.pressed_ms,
        version_seen: thread.version,
        word_seq_seen: thread.word_seq,
        claim: before.claim,
        take_first: before.take_first,
        despite_unknown: true,
        leaves: before.leaves,
        after_sent: None,
        parts: vec![NewPart {
            part: PartId::new(),
            text: part.text.clone(),
            file: part.file.map(|_| OwnFileId::new()),
            tag: part.tag.clone(),
            state: PartStateName::Queued,
            detail: Some(waiting.clone()),
        }],
    };
    store.send_copy(&reply, part, &waiting).await
}

/// What a desk does that keeps its outbox in memory.
async fn forget(folder: &std::path::Path) -> anyhow::Result<()> {
    let mut file =
        SqliteConnectOptions::new().filename(folder.join(baton_chaos_tests::desk::STORE)).connect().await?;
    sqlx::query("DELETE FROM outbox_part WHERE state IN ('queued', 'sending')").execute(&mut file).await?;
    Ok(file.close().await?)
}
