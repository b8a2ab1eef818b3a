//! The desk's window: one thin host of the command list.
//!
//! What it promises: every command of the list is answered by [`baton_commands::dispatch`] and nowhere else; news go
//! to the page in order; the page has no network and may ask nothing but these, besides what an opening is at. What it
//! refuses: a second desk on the same folder, and secrets anywhere but in the operating system's key store.
//!
//! ```text
//! renderer (may start the program once more) → folder → lock → logs → desk and window, side by side
//!                                                                       └ close, SIGTERM, SIGINT → shutdown
//! ```

mod alerts;
mod args;
mod closing;
mod desktop;
mod disk;
mod enrol_file;
mod key_store;
mod lock;
mod logs;
mod media;
mod place;
mod quit;
mod raise;
mod renderer;
mod shell;
mod spelling;
mod stays;
mod title;
mod window;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // What a person can read; where it happened is for the log.
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let renderer = renderer::choose();
    let args = args::Args::parse();
    let place = place::Place::open(args.data_dir.as_deref())?;
    let _lock = match lock::take(&place.lock_file()) {
        Err(lock::LockError::Taken) => return window::hand_over(&place),
        lock => lock?,
    };
    let _logs = logs::start(&place.logs())?;
    tracing::info!(%renderer, version = env!("CARGO_PKG_VERSION"), "the desk starts");
    anyhow::ensure!(
        has_display(),
        "there is no display to open a window on: DISPLAY and WAYLAND_DISPLAY are not set"
    );
    window::run(&args, &place, renderer)
}

/// The toolkit ends the program without a word for the person when there is none.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
