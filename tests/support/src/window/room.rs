//! A place of its own for desks: display, session bus, key ring and home folder.
//!
//! The bus has no service folders, so nothing is started behind our back, and the key ring behind it keeps its file
//! in the room's own home: the user's key store is never touched. On a virtual display nothing opens what a desk hands to the
//! browser: the room notes it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::program::Program;
use super::until;

/// Where the room notes what was to be opened.
const OPENED: &str = "opened.txt";

/// Display, bus, key ring, home. Dropping it ends them.
#[derive(Debug)]
pub struct Room {
    folder: PathBuf,
    display: Option<String>,
    bus_address: String,
    // Ended in this order.
    key_ring: Option<Program>,
    bus: Option<Program>,
    screen: Option<Program>,
}

/// Whether desks of the room find a key store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRing {
    /// An open one.
    Open,
    /// None at all.
    Absent,
}

/// Where windows show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// On the user's display where there is one.
    Users,
    /// On a virtual one, always.
    Virtual,
}

impl Room {
    /// Opens a room in a folder.
    ///
    /// # Errors
    /// When one of the programs is missing (`scripts/setup.sh` installs them) or does not answer.
    pub async fn open(folder: &Path, screen: Screen, key_ring: KeyRing) -> anyhow::Result<Self> {
        for part in ["home", "run", "logs", "tmp", "bin"] {
            private_folder(&folder.join(part))?;
        }
        let mut room = Self {
            folder: folder.canonicalize()?,
            display: None,
            bus_address: String::new(),
            key_ring: None,
            bus: None,
            screen: None,
        };
        if screen == Screen::Virtual || !has_display() {
            room.start_screen()?;
            room.notes_what_is_opened()?;
        }
        room.start_bus().await?;
        if key_ring == KeyRing::Open {
            room.start_key_ring().await?;
        }
        Ok(room)
    }

    /// The room's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a program of the room writes what it says.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// The virtual display that windows show on; none when it is the user's.
    #[must_use]
    pub fn display(&self) -> Option<&str> {
        self.display.as_deref()
    }

    /// The address of the room's bus.
    #[must_use]
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// What was to be opened outside of a desk, oldest first: addresses and files.
    ///
    /// # Errors
    /// When the note of it cannot be read.
    pub fn opened(&self) -> anyhow::Result<Vec<String>> {
        match std::fs::read_to_string(self.folder.join(OPENED)) {
            Ok(noted) => Ok(noted.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a command into the room.
    pub fn enter(&self, command: &mut Command) {
        let home = self.folder.join("home");
        command
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GSETTINGS_BACKEND", "memory")
            .env("GIO_USE_VFS", "local")
            .env("NO_AT_BRIDGE", "1")
            .env("TMPDIR", self.folder.join("tmp"));
        match &self.display {
            Some(display) => {
                command
                    .env("DISPLAY", display)
                    .env("GDK_BACKEND", "x11")
                    .env("XDG_RUNTIME_DIR", self.folder.join("run"))
                    .env("PATH", self.path())
                    .env_remove("WAYLAND_DISPLAY")
                    .env_remove("XAUTHORITY");
            }
            None => keep_the_users_display(command),
        }
    }

    /// The room's own `xdg-open` comes before the system's.
    fn path(&self) -> std::ffi::OsString {
        let mut path = self.folder.join("bin").into_os_string();
        if let Some(others) = std::env::var_os("PATH") {
            path.push(":");
            path.push(others);
        }
        path
    }

    fn notes_what_is_opened(&self) -> anyhow::Result<()> {
        let program = self.folder.join("bin/xdg-open");
        let note = self.folder.join(OPENED);
        // A line is written at once, so that nobody reads half of one.
        std::fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n", note.display()))?;
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(())
    }

    /// The screen is as large as a desk's window, so that a picture of the one is a picture of the other.
    fn start_screen(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-screen", "0", "1280x820x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.log("xvfb"))?);
        let mut screen = Program::start_with_output("Xvfb", command, &self.log("xvfb"))?;
        let number = first_line(&mut screen)?;
        self.display = Some(format!(":{number}"));
        self.screen = Some(screen);
        Ok(())
    }

    async fn start_bus(&mut self) -> anyhow::Result<()> {
        // A socket's path has room for 107 bytes; the folder of the project may be deep.
        let socket = std::env::temp_dir().join(format!("baton-bus-{}", uuid::Uuid::new_v4().simple()));
        let config = self.folder.join("bus.conf");
        std::fs::write(&config, bus_config(&socket))?;
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--nopidfile").arg("--config-file").arg(&config);
        command.env("HOME", self.folder.join("home")).env_remove("DBUS_SESSION_BUS_ADDRESS");
        let mut bus = Program::start("dbus-daemon", command, &self.log("dbus"))?;
        until::holds("the session bus", until::LONG, async || {
            bus.must_run()?;
            Ok(socket.exists())
        })
        .await?;
        self.bus_address = format!("unix:path={}", socket.display());
        self.bus = Some(bus);
        Ok(())
    }

    async fn start_key_ring(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        self.enter(&mut command);
        command
            .env("XDG_RUNTIME_DIR", self.folder.join("run"))
            .arg("--control-directory")
            .arg(self.folder.join("run/keyring"));
        command.stdin(Stdio::piped());
        let mut key_ring = Program::start("gnome-keyring-daemon", command, &self.log("keyring"))?;
        let mut stdin = key_ring.take_stdin().context("the key ring takes no password")?;
        // The key ring of this room holds only what the tests and the demo make.
        stdin.write_all(b"baton")?;
        drop(stdin);
        let address = self.bus_address.clone();
        until::holds("the key ring", until::LONG, async || {
            key_ring.must_run()?;
            Ok(owns_secrets(&address))
        })
        .await?;
        self.key_ring = Some(key_ring);
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        drop(self.key_ring.take());
        drop(self.bus.take());
        drop(self.screen.take());
        if let Some(socket) = self.bus_address.strip_prefix("unix:path=") {
            let _ = std::fs::remove_file(socket);
        }
    }
}

/// True when the user has a display.
#[must_use]
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn keep_the_users_display(command: &mut Command) {
    // The home is another one now, so where the display's key is has to be said.
    if std::env::var_os("XAUTHORITY").is_none()
        && let Some(home) = std::env::var_os("HOME")
    {
        command.env("XAUTHORITY", Path::new(&home).join(".Xauthority"));
    }
}

fn first_line(program: &mut Program) -> anyhow::Result<String> {
    let output = program.take_stdout().context("Xvfb has no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let line = line.trim();
    if line.is_empty() {
        anyhow::bail!("Xvfb did not start: {}", program.last_words());
    }
    Ok(line.to_owned())
}

fn owns_secrets(address: &str) -> bool {
    Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
        .args(["org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets"])
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn bus_config(socket: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    )
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
