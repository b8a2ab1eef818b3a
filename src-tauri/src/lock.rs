//! One desk per folder. Two would each move the same outbox.
//!
//! The lock is the kernel's and goes with the process, however it ends. The bus name only lets a second start bring
//! the first window to the front; where there is no bus, the lock still holds. The file says which process holds it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// Held as long as the desk is open.
#[derive(Debug)]
pub struct DeskLock {
    _file: File,
}

/// Why the lock is not ours.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another desk has it.
    #[error("Baton is already open on this folder. Close it there, or give another folder with --data-dir.")]
    Taken,
    /// The file cannot be used.
    #[error("cannot use the lock file: {0}")]
    Io(#[from] std::io::Error),
}

/// Takes the lock or says why not. Never waits.
///
/// # Errors
/// [`LockError::Taken`] when another desk is open on the folder.
pub fn take(path: &Path) -> Result<DeskLock, LockError> {
    let mut file = File::options().create(true).truncate(false).write(true).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Err(LockError::Taken),
        Err(errno) => return Err(LockError::Io(errno.into())),
    }
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(DeskLock { _file: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_desk_is_told_and_the_next_one_may_come() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("desk.lock");
        let first = take(&path)?;
        assert!(matches!(take(&path), Err(LockError::Taken)));
        drop(first);
        take(&path)?;
        Ok(())
    }

    #[test]
    fn the_file_names_the_process_that_holds_it() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("desk.lock");
        std::fs::write(&path, "123456789 from another time")?;
        let _lock = take(&path)?;
        assert_eq!(std::fs::read_to_string(&path)?.trim(), std::process::id().to_string());
        Ok(())
    }
}
