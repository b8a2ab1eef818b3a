//! The window's title counts what waits for the agent: "(3) Baton", and so does the icon in the tray.

use std::sync::Arc;
use std::time::Duration;

use baton_commands::{Answering, Notice};
use futures_util::StreamExt as _;
use serde_json::Value;
use tauri::WebviewWindow;

use crate::alerts::Alerting;

/// The count may come this much later than what it counts: a burst of news asks for it once.
const GATHER: Duration = Duration::from_millis(150);

/// Keeps the title true as long as the window is there.
pub async fn keep(window: WebviewWindow, desk: Arc<Answering>, alerting: Arc<Alerting>) {
    let mut notices = std::pin::pin!(desk.notices());
    let mut shown = None;
    loop {
        let waiting = waiting_for_me(&desk).await;
        if waiting != shown && waiting.is_some() {
            if window.set_title(&title(waiting.unwrap_or_default())).is_err() {
                return;
            }
            alerting.waits(waiting.unwrap_or_default());
            shown = waiting;
        }
        loop {
            match notices.next().await {
                Some(notice) if counts(&notice) => break,
                Some(_) => {}
                None => return,
            }
        }
        tokio::time::sleep(GATHER).await;
    }
}

fn counts(notice: &Notice) -> bool {
    !matches!(
        notice,
        Notice::Session
            | Notice::Presence
            | Notice::Alert { .. }
            | Notice::Sound { .. }
            | Notice::Go { .. }
            | Notice::Alerts
            | Notice::Settings { .. }
    )
}

async fn waiting_for_me(desk: &Answering) -> Option<u64> {
    let status = baton_commands::dispatch(desk, "status", Value::Null).await.ok()?;
    status.get("waitingForMe").and_then(Value::as_u64)
}

fn title(waiting: u64) -> String {
    if waiting == 0 { "Baton".to_owned() } else { format!("({waiting}) Baton") }
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn the_title_counts_only_what_waits() {
        assert_eq!(title(0), "Baton");
        assert_eq!(title(3), "(3) Baton");
    }
}
