//! Brings a window to the front: from the tray, from behind other windows, from its icon.

use tauri::{AppHandle, Manager as _, WebviewWindow};

use crate::window::{BOARD, MAIN};

/// Shows the main window and gives it the focus. `token` is the desktop's leave to do so, where it gave one: without it some
/// desktops only say that the window wants to be looked at.
pub fn window(app: &AppHandle, token: Option<String>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        show(app, window, token);
    }
}

/// The same of the board's own window. False when there is none.
pub fn board(app: &AppHandle) -> bool {
    let window = app.get_webview_window(BOARD);
    let is_there = window.is_some();
    if let Some(window) = window {
        show(app, window, None);
    }
    is_there
}

fn show(app: &AppHandle, window: WebviewWindow, token: Option<String>) {
    let shown = app.run_on_main_thread(move || {
        let _ = window.show();
        let _ = window.unminimize();
        if let Some(token) = token {
            take_leave(&window, &token);
        }
        let _ = window.set_focus();
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

/// Wayland lets nobody come to the front without the token; X11 reads from it when the person clicked.
#[cfg(target_os = "linux")]
fn take_leave(window: &WebviewWindow, token: &str) {
    use gtk::prelude::GtkWindowExt as _;
    match window.gtk_window() {
        Ok(window) => window.set_startup_id(token),
        Err(error) => tracing::debug!(%error, "the window has no leave to come to the front"),
    }
}

#[cfg(not(target_os = "linux"))]
fn take_leave(_window: &WebviewWindow, _token: &str) {}
