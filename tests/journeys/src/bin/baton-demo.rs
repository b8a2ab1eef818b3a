//! The demo: a local Meta, a relay and a desk on free ports, in a folder of its own that begins empty each time.
//!
//! With a display it opens the window and waits; colleagues work at desks without one, or with `--team` at windows of their
//! own. Without a display, or with `--play`, it plays the story through the window, prints it and leaves pictures. Ctrl-C ends
//! all of it, and nothing stays behind.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Context as _;
use baton_journeys_tests::INES;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::demo_team::{self, Colleagues, EMIL, Morning};
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::story::Story;
use baton_journeys_tests::team::SVEN;
use baton_journeys_tests::telling::Telling;
use baton_journeys_tests::tending::{AWAY, Tending};
use baton_support::window::desk::DeskStart;
use baton_support::window::meta::Beginning;
use baton_support::window::program::{Program, built};
use baton_support::window::room::{KeyRing, Screen, has_display};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

/// Opens Baton with a local Meta, or plays its story where there is no display.
#[derive(Debug, Parser)]
struct Args {
    /// Where the demo lives. Emptied at the start.
    #[arg(long, default_value = ".demo")]
    folder: PathBuf,
    /// Play the story through the window, on a display of its own, even where there is one.
    #[arg(long)]
    play: bool,
    /// Open three windows on one relay: two agents and their supervisor.
    #[arg(long, conflicts_with = "play")]
    team: bool,
    /// Where the pictures of the story go.
    #[arg(long)]
    screenshots: Option<PathBuf>,
    /// A world that `baton-simulator seed` made, instead of the demo's own customers.
    #[arg(long, conflicts_with_all = ["customers", "play"])]
    world: Option<PathBuf>,
    /// So many made-up customers instead of the demo's own.
    #[arg(long, requires = "messages", conflicts_with = "play")]
    customers: Option<u32>,
    /// How many messages they and the team have said.
    #[arg(long, requires = "customers")]
    messages: Option<u64>,
    /// Decides what they said.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Args {
    fn is_own_world(&self) -> bool {
        self.world.is_none() && self.customers.is_none()
    }

    fn beginning(&self) -> Beginning {
        match (&self.world, self.customers, self.messages) {
            (Some(file), ..) => Beginning::File(file.clone()),
            (None, Some(customers), Some(messages)) => {
                Beginning::Crowd { customers, messages, seed: self.seed }
            }
            _ => Beginning::Demo,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let mut telling = Telling::aloud();
    let ended = tokio::select! {
        ended = run(&args, &mut telling) => ended,
        ended = asked_to_end() => ended,
    };
    // By now every program of the demo has been ended: whoever drops the stage waits for them.
    let (word, code) = match ended {
        Ok(()) => (
            format!("Ended. {} stays until the next demo; remove it when you like.", args.folder.display()),
            0,
        ),
        Err(error) => (format!("The demo ended: {error:#}"), 1),
    };
    let _ = Telling::aloud().plain(&format!("\n{word}"));
    ExitCode::from(code)
}

async fn run(args: &Args, telling: &mut Telling) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.is_own_world() || has_display(),
        "without a display the story plays itself, and it is about the demo's own customers"
    );
    anyhow::ensure!(!args.team || has_display(), "there is no display for the windows of a team");
    let (folder, _lock) = fresh(&args.folder)?;
    if args.play || !has_display() {
        let album = args.screenshots.clone().unwrap_or_else(|| folder.join("screenshots"));
        play(&folder, &album, telling).await
    } else {
        open(&folder, args, telling).await
    }
}

/// With a display: everything runs until the last window is closed.
async fn open(folder: &Path, args: &Args, telling: &mut Telling) -> anyhow::Result<()> {
    telling.plain("Starting a local Meta, a relay and desks")?;
    let mut stage = Stage::set_in(folder, Screen::Users, KeyRing::Open, &args.beginning()).await?;
    // Alone she may do everything. An admin's desk hands the Page tokens on to the colleagues'.
    let role = if args.team { "agent" } else { "admin" };
    let enrol_file = stage.enrol_file_as(role).await?;
    demo_team::shares(&stage).await?;
    let mut windows = vec![window(&stage, &stage.desk_start(Some(enrol_file)))?];
    let mut colleagues = None;
    if args.team {
        for (role, name) in [("agent", EMIL), ("supervisor", SVEN)] {
            windows.push(window(&stage, &demo_team::window_of(&stage, role, name)?)?);
        }
    } else {
        colleagues = Some(Colleagues::sit_down(&stage).await?);
    }
    says_what_is_here(&stage, args, telling)?;

    let morning = if args.is_own_world() { Some(Morning::of(&stage).await?) } else { None };
    let mut begins = pin!(async {
        match (&colleagues, &morning) {
            (Some(colleagues), Some(morning)) => colleagues.begin(morning).await,
            _ => Ok(()),
        }
    });
    let mut has_begun = false;
    let began = tokio::time::Instant::now();
    let mut tending = Tending::after(AWAY);
    while is_one_open(&mut windows)? {
        tending.look(&mut stage, telling, began.elapsed()).await?;
        tokio::select! {
            done = &mut begins, if !has_begun => {
                has_begun = true;
                if let Err(error) = done {
                    telling.plain(&format!("{EMIL} and {SVEN} are there, and did not do all they begin with: {error:#}"))?;
                }
            }
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
        }
    }
    Ok(())
}

/// A desk with its window.
fn window(stage: &Stage, start: &DeskStart) -> anyhow::Result<Program> {
    let mut command = Command::new(built("baton-desk")?);
    stage.room().enter(&mut command);
    command.arg("--data-dir").arg(&start.data_dir).args(["--graph-url", &start.graph_url]);
    if let Some(file) = &start.enrol_file {
        command.arg("--enrol-file").arg(file);
    }
    Program::start("baton-desk", command, &stage.room().log(&start.name))
}

/// Whether somebody has a window still. One that did not end well ends the demo.
fn is_one_open(windows: &mut Vec<Program>) -> anyhow::Result<bool> {
    let mut open = Vec::new();
    for mut window in windows.drain(..) {
        match window.ended()? {
            None => open.push(window),
            Some(status) => anyhow::ensure!(status.success(), window.last_words()),
        }
    }
    *windows = open;
    Ok(!windows.is_empty())
}

fn says_what_is_here(stage: &Stage, args: &Args, telling: &mut Telling) -> anyhow::Result<()> {
    telling.plain("")?;
    addresses(stage, telling)?;
    telling
        .plain("Open the phone in a browser and write: the bot answers, and the thread stands under All. \"I want a person\"")?;
    telling.plain("makes the bot pass the thread on: it waits under Unassigned, where a click opens it. Ctrl+J takes up")?;
    telling.plain("whoever waits longest.")?;
    telling.plain(
        "Under \"They write to\" the phone is also that of a customer on Instagram: @kiteandco on Instagram.",
    )?;
    telling.plain(&if args.team {
        format!("The windows are those of {INES} and {EMIL}, who are agents, and of {SVEN}, who begins on the board.")
    } else {
        format!(
            "You are {INES}, an admin. {EMIL}, an agent, and {SVEN}, a supervisor, are online at desks without a window; \
             Ctrl+0 shows the board."
        )
    })?;
    let (relay, seconds) = (stage.relay()?.pid(), AWAY.as_secs());
    telling.plain(&format!(
        "To see the window without its relay: kill {relay}. It is started again after {seconds} seconds. `kill {}` does it",
        stage.meta().pid()
    ))?;
    telling.plain("to the local Meta.")?;
    telling.plain("Close the window or press Ctrl-C to end all of it.")
}

fn addresses(stage: &Stage, telling: &mut Telling) -> anyhow::Result<()> {
    telling.plain(&format!("The customer's phone: {}", stage.meta().phone_url()))?;
    telling.plain(&format!("The control room:     {}", stage.meta().control_room_url()))
}

/// Without a display: the story plays itself.
async fn play(folder: &Path, album: &Path, telling: &mut Telling) -> anyhow::Result<()> {
    telling.plain("No display is used: the story plays itself on a display of its own.")?;
    let mut stage = Stage::set(folder, Screen::Virtual, KeyRing::Open).await?;
    addresses(&stage, telling)?;
    let mut album = Album::open(album)?;
    let file = stage.enrol_file().await?;
    stage.open_desk(Some(file)).await?;
    let played = Story { stage: &mut stage, album: &mut album, telling }.play().await;
    let pictures = album.folder().canonicalize()?;
    telling.plain(&format!(
        "\n{} views of the window, in light and dark: {}",
        album.taken(),
        pictures.display()
    ))?;
    played?;
    stage.close_desk().await?;
    telling.plain("The story is complete.")
}

/// What an earlier demo left is removed, so that each begins the same; one that still runs is left alone. The folder is
/// this demo's while the file is held.
fn fresh(folder: &Path) -> anyhow::Result<(PathBuf, File)> {
    let mark = folder.join(".baton-demo");
    if folder.exists() {
        let ours = mark.exists() || folder.read_dir()?.next().is_none();
        anyhow::ensure!(ours, "{} holds something else: give another folder with --folder", folder.display());
        let _free = held(&mark, folder)?;
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder)?;
    let lock = held(&mark, folder)?;
    Ok((folder.canonicalize()?, lock))
}

fn held(mark: &Path, folder: &Path) -> anyhow::Result<File> {
    let file = File::create(mark).with_context(|| format!("cannot write into {}", folder.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!(
                "a demo already runs in {}: end it first, with Ctrl-C where it was started",
                folder.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).context("cannot lock the demo's folder"),
    }
}

async fn asked_to_end() -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}
