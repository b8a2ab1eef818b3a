//! Closing the window while replies have not left: the page asks first. Where the agent chose so, closing it leaves Baton in
//! the tray, and *Quit* there asks the same.
//!
//! Promises: a page that hangs, or a desk that does not answer, never keeps the window open; pressed twice at once it closes
//! all the same. A signal of the system never asks. The board's own window closes at once and ends nothing; it goes with the
//! main window.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_core::clock::{Clock as _, SystemClock};
use baton_core::desk::Screen;
use tauri::{AppHandle, Manager, Window, WindowEvent, Wry};

use crate::alerts::Alerting;
use crate::raise;
use crate::shell::Shell;
use crate::window::BOARD;

/// The desk has so long to say what has not left; the window stands still meanwhile.
const ANSWERS_WITHIN: Duration = Duration::from_millis(500);
/// Whoever presses again so soon means it, milliseconds.
const AGAIN_MS: i64 = 3_000;

/// When the person was asked last, milliseconds of the boot clock.
#[derive(Debug, Default)]
pub struct Closing {
    asked: Mutex<Option<i64>>,
}

impl Closing {
    /// True when the person is asked now; false when it was asked a moment ago.
    fn asks(&self, boot_ms: i64) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let again = asked.is_some_and(|asked| boot_ms - asked < AGAIN_MS);
        *asked = (!again).then_some(boot_ms);
        !again
    }
}

/// Keeps a window open that was asked to close, when something has not left and somebody can be asked.
pub fn on_event(window: &Window, event: &WindowEvent) {
    if window.label() == BOARD {
        if matches!(event, WindowEvent::Destroyed) {
            board_is_gone(window);
        }
        return;
    }
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let keeps_running = window.state::<Arc<Alerting>>().keeps_running() && window.hide().is_ok();
    if keeps_running || asks(window) {
        api.prevent_close();
    } else if let Some(board) = window.get_webview_window(BOARD) {
        // Without the inbox there is no way back to it.
        let _ = board.destroy();
    }
}

/// Whatever page was in it says nothing any more: nobody looks at anything there.
fn board_is_gone(window: &Window) {
    let shell = window.state::<Arc<Shell>>();
    let Some(desk) = shell.desk().cloned() else { return };
    desk.desk().looks_on(Screen::Board, None);
    tauri::async_runtime::spawn(async move {
        if let Err(error) = desk.desk().shows_on(Screen::Board, None).await {
            tracing::debug!(%error, "what the board showed was not taken back");
        }
    });
}

/// Ends Baton from the tray, once the person was asked about what has not left.
pub fn quit(app: &AppHandle) {
    if asks(app) {
        raise::window(app, None);
    } else {
        app.exit(0);
    }
}

/// True when the page asks about what has not left: then nothing ends yet.
fn asks(app: &impl Manager<Wry>) -> bool {
    let shell = app.state::<Arc<Shell>>();
    let Some(desk) = shell.desk().filter(|_| shell.is_heard()) else { return false };
    let not_left = tauri::async_runtime::block_on(async {
        tokio::time::timeout(ANSWERS_WITHIN, desk.desk().not_left()).await
    });
    let has_some = matches!(not_left, Ok(Ok(not_left)) if !not_left.is_empty());
    let asks = has_some && app.state::<Closing>().asks(SystemClock.boot_ms());
    if asks {
        desk.desk().asked_to_close();
    }
    asks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressed_twice_at_once_it_closes_and_later_it_asks_again() {
        let closing = Closing::default();
        assert!(closing.asks(10_000));
        assert!(!closing.asks(11_000));
        assert!(closing.asks(12_000));
        assert!(closing.asks(70_000));
    }
}
