//! The window's title counts what waits for the agent and says who that is: "(3) Baton - Ines Keller, Northwind". The icon in
//! the tray counts the same.

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
    let mut who = None;
    let mut may_be_another = true;
    loop {
        if may_be_another && let Ok(now) = who_sits_here(&desk).await {
            who = now;
            may_be_another = false;
        }
        if let Some(waiting) = waiting_for_me(&desk).await {
            let title = title(waiting, who.as_deref());
            if shown.as_ref() != Some(&title) {
                if window.set_title(&title).is_err() {
                    return;
                }
                alerting.waits(waiting);
                shown = Some(title);
            }
        }
        loop {
            match notices.next().await {
                Some(Notice::Session) => {
                    may_be_another = true;
                    break;
                }
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
            | Notice::Passed { .. }
            | Notice::Settings { .. }
    )
}

async fn waiting_for_me(desk: &Answering) -> Option<u64> {
    let status = baton_commands::dispatch(desk, "status", Value::Null).await.ok()?;
    status.get("waitingForMe").and_then(Value::as_u64)
}

/// The agent and the workspace of this desk; none before it has joined one. Several desks may stand beside each other on a
/// screen.
///
/// # Errors
/// When that cannot be read now.
async fn who_sits_here(desk: &Answering) -> Result<Option<String>, ()> {
    let session = baton_commands::dispatch(desk, "session", Value::Null).await.map_err(drop)?;
    let named = |field: &str| session.get(field).and_then(Value::as_str);
    Ok(match (named("agentName"), named("workspace")) {
        (Some(agent), Some(workspace)) => Some(format!("{agent}, {workspace}")),
        (agent, workspace) => agent.or(workspace).map(str::to_owned),
    })
}

fn title(waiting: u64, who: Option<&str>) -> String {
    let count = if waiting == 0 { String::new() } else { format!("({waiting}) ") };
    let who = who.map(|who| format!(" - {who}")).unwrap_or_default();
    format!("{count}Baton{who}")
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn the_title_counts_only_what_waits_and_says_who_sits_there() {
        assert_eq!(title(0, None), "Baton");
        assert_eq!(title(3, None), "(3) Baton");
        assert_eq!(title(0, Some("Ines Keller, Northwind")), "Baton - Ines Keller, Northwind");
        assert_eq!(title(3, Some("Ines Keller, Northwind")), "(3) Baton - Ines Keller, Northwind");
    }
}
