//! Where each window stood and how large it was, so that it opens there again: the inbox, and the board on whichever screen it
//! was put.
//!
//! ```text
//!   moved, resized ──▶ known ──(a window goes, Baton ends)──▶ windows.json ──▶ the next opening, as far as screens are there
//! ```
//!
//! What it refuses: a window that nobody can reach because its screen is gone. It is a convenience and never in the way: what
//! cannot be read or written is logged, and windows open where the desktop puts them. Where the desktop tells nobody where
//! windows are (Wayland), sizes alone are remembered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager as _, Window, WindowEvent};

/// As large a window opens that was never seen, logical pixels.
const USUAL: (f64, f64) = (1280.0, 820.0);
/// No window is smaller, logical pixels.
pub const LEAST: (f64, f64) = (512.0, 480.0);
/// So much of a window's top has to be on a screen for a hand to take hold of it, logical pixels.
const HOLD: (f64, f64) = (96.0, 32.0);

/// Where a window stands, logical pixels: its outer corner, and the size of what is in it while it is not maximised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// Left and top; none to have the desktop choose.
    pub corner: Option<(f64, f64)>,
    /// Width and height.
    pub size: (f64, f64),
    /// It fills its screen.
    pub maximized: bool,
}

/// A screen, logical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Screen {
    corner: (f64, f64),
    size: (f64, f64),
}

impl Default for Stay {
    fn default() -> Self {
        Self { corner: None, size: USUAL, maximized: false }
    }
}

impl Stay {
    /// As much of it as these screens let be seen and reached.
    fn on(self, screens: &[Screen]) -> Self {
        let Some(widest) =
            screens.iter().copied().reduce(|one, other| if other.size.0 > one.size.0 { other } else { one })
        else {
            return Self { corner: None, ..self };
        };
        let is_reached =
            |(left, top): &(f64, f64)| screens.iter().any(|screen| screen.holds((*left, *top), self.size.0));
        let size = (self.size.0.min(widest.size.0).max(LEAST.0), self.size.1.min(widest.size.1).max(LEAST.1));
        Self { corner: self.corner.filter(is_reached), size, ..self }
    }
}

impl Screen {
    /// Whether the top of a window of this width can be taken hold of here.
    fn holds(self, (left, top): (f64, f64), width: f64) -> bool {
        let right = (left + width).min(self.corner.0 + self.size.0);
        let is_below = top >= self.corner.1 - 1.0;
        is_below && right - left.max(self.corner.0) >= HOLD.0 && top + HOLD.1 <= self.corner.1 + self.size.1
    }
}

/// What is known of windows.
#[derive(Debug)]
pub struct Stays {
    file: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By the window's label.
    of: BTreeMap<String, Stay>,
    /// The file says something else.
    is_new: bool,
}

impl Stays {
    /// As the file says; nothing where it cannot be read.
    pub fn read(file: PathBuf) -> Self {
        let of = std::fs::read(&file).ok().and_then(|bytes| match serde_json::from_slice(&bytes) {
            Ok(of) => Some(of),
            Err(error) => {
                tracing::info!(%error, "where windows stood cannot be read");
                None
            }
        });
        Self { file, known: Mutex::new(Known { of: of.unwrap_or_default(), is_new: false }) }
    }

    /// Where a window is to open now.
    pub fn of(&self, app: &AppHandle, label: &str) -> Stay {
        self.last(label).on(&screens(app))
    }

    fn last(&self, label: &str) -> Stay {
        self.lock().of.get(label).copied().unwrap_or_default()
    }

    fn note(&self, label: &str, stay: Stay) {
        let mut known = self.lock();
        if known.of.get(label) != Some(&stay) {
            known.of.insert(label.to_owned(), stay);
            known.is_new = true;
        }
    }

    /// Writes down what changed. The file is whole whenever it is there.
    pub fn write(&self) {
        let mut known = self.lock();
        if !known.is_new {
            return;
        }
        known.is_new = false;
        if let Err(error) = write(&self.file, &known.of) {
            tracing::warn!(%error, "where windows stand could not be written down");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(file: &Path, of: &BTreeMap<String, Stay>) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, serde_json::to_vec(of)?)?;
    std::fs::rename(&beside, file)
}

/// Takes note of where a window is, and writes it down when one goes.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let stays = window.state::<Stays>();
    match event {
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => {
            if let Some(stay) = now(window, stays.last(window.label())) {
                stays.note(window.label(), stay);
            }
        }
        WindowEvent::CloseRequested { .. } | WindowEvent::Destroyed => stays.write(),
        _ => {}
    }
}

/// Where a window is; none while it is put away, or cannot say. One that fills its screen has the place still that it had
/// before, to go back to.
fn now(window: &Window, last: Stay) -> Option<Stay> {
    if window.is_minimized().ok()? || window.is_fullscreen().ok()? || !window.is_visible().ok()? {
        return None;
    }
    if window.is_maximized().ok()? {
        return Some(Stay { maximized: true, ..last });
    }
    let scale = window.scale_factor().ok()?;
    let size = window.inner_size().ok()?.to_logical::<f64>(scale);
    let corner = window.outer_position().ok().map(|corner| corner.to_logical::<f64>(scale));
    let corner = corner.map(|corner| (corner.x, corner.y));
    Some(Stay { corner, size: (size.width, size.height), maximized: false })
}

fn screens(app: &AppHandle) -> Vec<Screen> {
    let monitors = app.available_monitors().unwrap_or_default();
    let screen = |monitor: &tauri::Monitor| {
        let scale = monitor.scale_factor();
        let corner = monitor.position().to_logical::<f64>(scale);
        let size = monitor.size().to_logical::<f64>(scale);
        Screen { corner: (corner.x, corner.y), size: (size.width, size.height) }
    };
    monitors.iter().map(screen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Screen = Screen { corner: (0.0, 0.0), size: (1920.0, 1080.0) };
    /// Right of it, and smaller.
    const TWO: Screen = Screen { corner: (1920.0, 0.0), size: (1280.0, 1024.0) };

    fn at(left: f64, top: f64) -> Stay {
        Stay { corner: Some((left, top)), size: (1000.0, 700.0), maximized: false }
    }

    #[test]
    fn a_window_stays_where_it_was_put() {
        for stay in [at(0.0, 0.0), at(300.0, 200.0), at(2000.0, 100.0), at(-500.0, 40.0), at(1500.0, 900.0)] {
            assert_eq!(stay.on(&[ONE, TWO]), stay);
        }
    }

    #[test]
    fn one_whose_screen_is_gone_is_not_lost_and_keeps_its_size() {
        let put = at(2000.0, 100.0);
        assert_eq!(put.on(&[ONE]), Stay { corner: None, ..put });
        for out_of_reach in [at(-950.0, 100.0), at(100.0, -300.0), at(100.0, 1070.0), at(1900.0, 100.0)] {
            assert_eq!(out_of_reach.on(&[ONE]).corner, None, "{out_of_reach:?}");
        }
        assert_eq!(put.on(&[]).corner, None, "nobody says what screens there are");
    }

    #[test]
    fn none_is_larger_than_a_screen_or_smaller_than_it_can_be() {
        let large = Stay { size: (5000.0, 3000.0), ..at(10.0, 10.0) };
        assert_eq!(large.on(&[TWO, ONE]).size, ONE.size);
        let small = Stay { size: (10.0, 10.0), ..at(10.0, 10.0) };
        assert_eq!(small.on(&[ONE]).size, LEAST);
    }

    #[test]
    fn what_was_noted_is_there_at_the_next_start_and_a_torn_file_is_nothing() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("windows.json");
        let stays = Stays::read(file.clone());
        assert_eq!(stays.last("board"), Stay::default());
        stays.note("board", at(2000.0, 100.0));
        stays.note("main", Stay { maximized: true, ..Stay::default() });
        stays.write();
        let again = Stays::read(file.clone());
        assert_eq!(again.last("board"), at(2000.0, 100.0));
        assert!(again.last("main").maximized);

        // Nothing changed: nothing is written.
        std::fs::write(&file, "{\"board\":")?;
        again.note("board", at(2000.0, 100.0));
        again.write();
        assert_eq!(std::fs::read(&file)?, b"{\"board\":");
        assert_eq!(Stays::read(file).last("board"), Stay::default());
        Ok(())
    }
}
