//! Room on the disk, and copies of it.

use std::path::{Path, PathBuf};

use super::{Finding, Patient};
use crate::clock::{Clock as _, SystemClock};
use crate::log::sqlite::newest_backup;

const ROOM: &str = "disk";
const NEWEST: &str = "backups";
const DAY_MS: i64 = 24 * 3_600_000;
/// A copy older than this should be followed by another one, days.
const OLD_DAYS: i64 = 7;
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
    vec![room, backups(&patient.config.database, SystemClock.wall_ms())]
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

fn backups(database: &Path, now_ms: i64) -> Finding {
    let found = newest_backup(database).filter(|(path, _)| path.exists());
    let remedy = "`baton-relay backup --to <file>` makes one while the relay runs; let a timer do it every day, keep copies \
                  as secret as the database itself, and delete old ones.";
    match found {
        None => Finding::note(NEWEST, "There is no copy of the log that the relay made.", remedy),
        Some((path, at_ms)) => {
            let days = now_ms.saturating_sub(at_ms).max(0) / DAY_MS;
            let what = format!("The newest copy, {}, is {days} days old.", path.display());
            if days <= OLD_DAYS { Finding::good(NEWEST, what) } else { Finding::note(NEWEST, what, remedy) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn an_old_copy_and_none_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("relay.db");
        assert_eq!(backups(&database, 0).standing, Standing::Note);
        let copy = folder.path().join("copy.db");
        std::fs::write(&copy, b"").unwrap();
        let list = serde_json::json!([{ "path": copy, "at_ms": 0, "complete": true }]);
        std::fs::write(folder.path().join("relay.db.backups"), list.to_string()).unwrap();
        assert_eq!(backups(&database, DAY_MS).standing, Standing::Good);
        assert_eq!(backups(&database, (OLD_DAYS + 1) * DAY_MS).standing, Standing::Note);
        // What a restore set aside, or an update kept from before, is no copy that somebody made.
        for name in ["relay.db.before-restore", "relay.db.before-13"] {
            let aside = folder.path().join(name);
            std::fs::write(&aside, b"").unwrap();
            let both = serde_json::json!([
                { "path": copy, "at_ms": 0, "complete": true },
                { "path": aside, "at_ms": 9 * DAY_MS, "complete": true },
            ]);
            std::fs::write(folder.path().join("relay.db.backups"), both.to_string()).unwrap();
            assert_eq!(backups(&database, 9 * DAY_MS).standing, Standing::Note);
        }
        std::fs::remove_file(&copy).unwrap();
        assert_eq!(backups(&database, DAY_MS).standing, Standing::Note);
    }

    #[test]
    fn little_room_is_wrong() {
        assert_eq!(judge(Path::new("/x"), TOO_LITTLE).standing, Standing::Good);
        assert_eq!(judge(Path::new("/x"), TOO_LITTLE - 1).standing, Standing::Wrong);
        assert_eq!(folder(Path::new("relay.db")), Path::new("."));
    }
}
