//! Room on the disk, and copies of it.

use std::path::{Path, PathBuf};

use super::{Finding, Patient};

const ROOM: &str = "disk";
/// Below this somebody should act, bytes.
const TOO_LITTLE: u64 = 1024 * 1024 * 1024;

pub(super) fn examine(patient: &Patient) -> Vec<Finding> {
    let folder = folder(&patient.config.database);
    let room = match rustix::fs::statvfs(&folder) {
        Ok(disk) => judge(&folder, disk.f_bavail.saturating_mul(disk.f_frsize)),
        Err(error) => Finding::wrong(
            ROOM,
            format!("{} cannot be looked at: {error}.", folder.display()),
            "Check `database`: its folder must exist and belong to the relay's user.",
        ),
    };
    vec![room, backups(&patient.config.database)]
}

fn folder(database: &Path) -> PathBuf {
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn judge(folder: &Path, free: u64) -> Finding {
    let gib = free / (1024 * 1024 * 1024);
    let what = format!("{gib} GiB are free in {}.", folder.display());
    if free >= TOO_LITTLE {
        return Finding::good(ROOM, what);
    }
    Finding::wrong(
        ROOM,
        what,
        "Make room: without it webhooks are refused, and Meta gives up after about an hour.",
    )
}

fn backups(database: &Path) -> Finding {
    Finding::note(
        "backups",
        "The relay makes no copies of its log by itself.",
        format!(
            "Copy it while it runs with `sqlite3 {} \".backup <file>\"`, keep copies as secret as the file itself, and \
             delete old ones: a copy still holds what customers took back later.",
            database.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn little_room_is_wrong() {
        assert_eq!(judge(Path::new("/x"), TOO_LITTLE).standing, Standing::Good);
        assert_eq!(judge(Path::new("/x"), TOO_LITTLE - 1).standing, Standing::Wrong);
        assert_eq!(folder(Path::new("relay.db")), Path::new("."));
    }
}
