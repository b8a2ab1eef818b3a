//! Ending well: the window is closed, or the system asks by a signal; either way the desk shuts down first.

use tauri::AppHandle;

/// Ends the application when the system asks. Ctrl-C and a session that ends both come here.
pub async fn on_signal(app: AppHandle) {
    wait_for_signal().await;
    tracing::info!("asked to end by a signal");
    app.exit(0);
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
