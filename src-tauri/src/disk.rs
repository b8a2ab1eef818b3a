//! Whether the disk under the desk's folder is encrypted. The desk's file is not, see docs/decisions: whoever has the disk
//! reads what customers wrote, unless the disk is.
//!
//! On Linux the kernel tells it: the folder's mount, the block device under it, and whatever that stands on; one of them
//! is a crypt target of the device mapper. Elsewhere nothing is claimed.

use std::path::{Path, PathBuf};

/// What is known of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// It is encrypted.
    On,
    /// It is not.
    Off,
    /// This system does not say.
    NotKnown,
}

impl Encryption {
    /// Of the disk that this folder is on.
    pub fn of(folder: &Path) -> Self {
        let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else { return Self::NotKnown };
        under(&mounts, folder, Path::new("/sys/dev/block"))
    }

    /// For the diagnostics.
    pub fn words(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => {
                "off: turn on full-disk encryption, or whoever has the disk reads what customers wrote"
            }
            Self::NotKnown => "not known here: look at the system's settings for full-disk encryption",
        }
    }
}

fn under(mounts: &str, folder: &Path, devices: &Path) -> Encryption {
    match device_of(mounts, folder) {
        Some(number) if devices.join(&number).exists() => {
            if stands_on_crypt(&devices.join(number), 0) {
                Encryption::On
            } else {
                Encryption::Off
            }
        }
        // Memory, a network, or a file system that spreads over several devices.
        _ => Encryption::NotKnown,
    }
}

/// The number of the device that is mounted nearest above the folder, as `259:2`.
fn device_of(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        let (number, place) = (fields.nth(2)?, fields.nth(1)?);
        let place = PathBuf::from(unescaped(place));
        folder.starts_with(&place).then(|| (place.components().count(), number.to_owned()))
    });
    // Of several at the same place the last one lies on top.
    mounted.max_by_key(|(depth, _)| *depth).map(|(_, number)| number)
}

/// The kernel writes space, tab, newline and backslash as octal numbers.
fn unescaped(place: &str) -> String {
    place.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

fn stands_on_crypt(device: &Path, depth: usize) -> bool {
    let uuid = std::fs::read_to_string(device.join("dm/uuid")).unwrap_or_default();
    if uuid.starts_with("CRYPT-") {
        return true;
    }
    // No honest stack of devices is this high; one that turns in a circle is.
    if depth > 16 {
        return false;
    }
    let Ok(below) = std::fs::read_dir(device.join("slaves")) else {
        // A partition has none; the disk that it is part of may stand on others.
        let part_of = device.canonicalize().ok().and_then(|real| real.parent().map(Path::to_owned));
        let disk = part_of.filter(|disk| disk.join("slaves").exists());
        return disk.is_some_and(|disk| stands_on_crypt(&disk, depth + 1));
    };
    below.filter_map(Result::ok).any(|device| stands_on_crypt(&device.path(), depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw
30 22 259:2 / /data rw,relatime shared:2 - ext4 /dev/nvme0n1p2 rw
31 22 0:45 / /run/user/1000 rw,nosuid - tmpfs tmpfs rw
32 22 254:9 / /srv/my\\040desk rw - xfs /dev/mapper/plain rw
";

    /// A kernel's tree: the root is a volume on a crypt device, data is a bare partition.
    fn devices() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let make = |path: &str| std::fs::create_dir_all(root.path().join(path)).unwrap();
        let uuid = |device: &str, uuid: &str| {
            make(&format!("{device}/dm"));
            std::fs::write(root.path().join(format!("{device}/dm/uuid")), uuid).unwrap();
        };
        uuid("254:1", "LVM-abc\n");
        uuid("254:1/slaves/dm-0", "CRYPT-LUKS2-def-luks\n");
        make("disk/slaves");
        make("disk/part");
        std::os::unix::fs::symlink(root.path().join("disk/part"), root.path().join("259:2")).unwrap();
        uuid("254:9", "LVM-plain\n");
        make("254:9/slaves/sda");
        root
    }

    #[test]
    fn the_device_under_the_folder_tells() {
        let devices = devices();
        let of = |folder: &str| under(MOUNTS, Path::new(folder), devices.path());
        assert_eq!(of("/var/lib/baton"), Encryption::On);
        assert_eq!(of("/data/baton"), Encryption::Off);
        assert_eq!(of("/srv/my desk/baton"), Encryption::Off);
        assert_eq!(of("/run/user/1000/baton"), Encryption::NotKnown);
        assert_eq!(under("", Path::new("/data"), devices.path()), Encryption::NotKnown);
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another_place() {
        assert_eq!(device_of(MOUNTS, Path::new("/database")).as_deref(), Some("254:1"));
    }
}
