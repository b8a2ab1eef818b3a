//! A child process that cannot outlive its parent.
//!
//! Each has a process group of its own, so that what it starts ends with it. A keeper process waits on a pipe that
//! only we hold: when we are gone, however that happened, it ends the group.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::until;

/// A running program. Dropping it ends its whole group.
#[derive(Debug)]
pub struct Program {
    name: String,
    log: PathBuf,
    child: Child,
    group: Pid,
    keeper: Child,
}

impl Program {
    /// Starts a command in a group of its own, with what it prints in `log`.
    ///
    /// # Errors
    /// When the program is not there or cannot be started.
    pub fn start(name: &str, mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let output = File::options().create(true).append(true).open(log)?;
        if command.get_program().is_empty() {
            anyhow::bail!("{name}: no program given");
        }
        command.stdout(output.try_clone()?).stderr(output);
        Self::start_with_output(name, command, log)
    }

    /// As [`Program::start`], but standard output and error stay as the command has them.
    ///
    /// # Errors
    /// When the program is not there or cannot be started.
    pub fn start_with_output(name: &str, mut command: Command, log: &Path) -> anyhow::Result<Self> {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        let group = Pid::from_child(&child);
        match keeper(group) {
            Ok(keeper) => Ok(Self { name: name.to_owned(), log: log.to_owned(), child, group, keeper }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, when the command piped it.
    pub fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Its standard input, when the command piped it.
    pub fn take_stdin(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Fails with its last words when it has ended.
    ///
    /// # Errors
    /// When it is no longer running.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.ended()? {
            anyhow::bail!("{} ended ({status}). Its last words:\n{}", self.name, self.last_words());
        }
        Ok(())
    }

    /// How it ended, with the end of its log; none while it runs.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn end_and_last_words(&mut self) -> anyhow::Result<Option<String>> {
        let Some(status) = self.ended()? else { return Ok(None) };
        let words = self.last_words();
        let words = words.lines().last().unwrap_or_default().trim();
        Ok(Some(if words.is_empty() { status.to_string() } else { format!("{status}; {words}") }))
    }

    /// The end of its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Waits for the file that the program writes once it answers, and reads it as JSON.
    ///
    /// # Errors
    /// When the program ends before, or takes longer than half a minute.
    pub async fn ready(&mut self, file: &Path) -> anyhow::Result<serde_json::Value> {
        let what = format!("{} to answer", self.name);
        until::some(&what, until::LONG, async || {
            self.must_run()?;
            let Ok(text) = std::fs::read(file) else { return Ok(None) };
            Ok(serde_json::from_slice(&text).ok())
        })
        .await
    }

    /// Kills it at once, as a power cut would, and waits until it is gone.
    pub fn kill(mut self) {
        self.end(Signal::KILL);
    }

    /// Asks it to end and waits for that; kills it when it does not.
    pub fn stop(mut self) {
        let _ = kill_process(self.group, Signal::TERM);
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        self.end(Signal::KILL);
    }

    fn end(&mut self, signal: Signal) {
        // The keeper first: once the group is gone its number may be given to somebody else.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
        let _ = kill_process_group(self.group, signal);
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end(Signal::KILL);
    }
}

fn keeper(group: Pid) -> anyhow::Result<Child> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' INT TERM HUP; cat >/dev/null; kill -s KILL -- \"-$0\""])
        .arg(group.as_raw_nonzero().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().context("cannot start /bin/sh")
}

/// Where the workspace's own programs are: beside the running test.
///
/// # Errors
/// When the program was not built.
pub fn built(name: &str) -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    // A test runs in target/<profile>/deps, a program in target/<profile>.
    here.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file()).with_context(
        || format!("{name} is not built: run `cargo build --workspace`, which `make test` does"),
    )
}
