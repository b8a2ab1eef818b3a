//! A made world as a file: one line of JSON about the world, then one line for each thread.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use super::{Plan, SeededThread};

/// The only form there is so far.
const FORM: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    baton_world: u32,
    #[serde(flatten)]
    plan: Plan,
}

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SeedFileError {
    /// The disk.
    #[error("the world's file: {0}")]
    Io(#[from] std::io::Error),
    /// A line that is not what it should be.
    #[error("line {line} is no part of a made world ({cause}). Make the file with `baton-simulator seed`.")]
    Line {
        /// From 1.
        line: u64,
        /// Why.
        cause: serde_json::Error,
    },
    /// A form that this version does not know.
    #[error("the world is of form {0}, and this version reads form {FORM}. Make it again.")]
    Form(u32),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
}

/// Writes a world; gives how many messages it holds.
///
/// # Errors
/// The disk is full or the like.
pub fn write(plan: &Plan, mut to: impl Write) -> Result<u64, SeedFileError> {
    let head = Head { baton_world: FORM, plan: plan.clone() };
    serde_json::to_writer(&mut to, &head).map_err(std::io::Error::from)?;
    to.write_all(b"\n")?;
    let mut messages = 0;
    for thread in plan.threads() {
        messages += thread.said.len() as u64;
        serde_json::to_writer(&mut to, &thread).map_err(std::io::Error::from)?;
        to.write_all(b"\n")?;
    }
    to.flush()?;
    Ok(messages)
}

/// Reads a world: its plan, and its threads one by one.
///
/// # Errors
/// The file is none of [`write`]'s.
pub fn read<R: BufRead>(
    from: R,
) -> Result<(Plan, impl Iterator<Item = Result<SeededThread, SeedFileError>>), SeedFileError> {
    let mut lines = from.lines();
    let head = lines.next().ok_or(SeedFileError::Empty)??;
    let head: Head = serde_json::from_str(&head).map_err(|cause| SeedFileError::Line { line: 1, cause })?;
    if head.baton_world != FORM {
        return Err(SeedFileError::Form(head.baton_world));
    }
    let threads = lines.zip(2..).map(|(text, line)| {
        serde_json::from_str(&text?).map_err(|cause| SeedFileError::Line { line, cause })
    });
    Ok((head.plan, threads))
}

#[cfg(test)]
mod tests {
    use baton_messenger::Platform;

    use super::*;
    use crate::seed::{SeedAccount, USUAL_MOMENT_MS};

    fn plan() -> Plan {
        let id = "104500000000011".into();
        let accounts = vec![SeedAccount { id, platform: Platform::Messenger, weight: 1 }];
        Plan { customers: 30, messages: 400, seed: 3, at_ms: USUAL_MOMENT_MS, accounts }
    }

    #[test]
    fn what_is_written_reads_back_and_is_the_same_every_time() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        assert_eq!(write(&plan(), &mut first).unwrap(), 400);
        write(&plan(), &mut second).unwrap();
        assert_eq!(first, second);
        let (read_plan, threads) = read(first.as_slice()).unwrap();
        assert_eq!(read_plan, plan());
        let threads: Vec<SeededThread> = threads.map(Result::unwrap).collect();
        assert_eq!(threads, plan().threads().collect::<Vec<_>>());
    }

    #[test]
    fn other_files_are_refused_with_the_line() {
        let refusal = |text: &str| match read(text.as_bytes()) {
            Err(error) => error.to_string(),
            Ok((_, threads)) => threads.filter_map(Result::err).next().unwrap().to_string(),
        };
        assert!(refusal("").contains("empty"));
        assert!(refusal("{}\n").contains("line 1"));
        let mut head = Vec::new();
        write(&Plan { customers: 0, messages: 0, ..plan() }, &mut head).unwrap();
        let head = String::from_utf8(head).unwrap();
        assert!(refusal(&head.replace("\"baton_world\":1", "\"baton_world\":9")).contains("form 9"));
        assert!(refusal(&format!("{head}nonsense\n")).contains("line 2"));
    }
}
