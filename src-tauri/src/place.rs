//! Where one desk lives, and every name that follows from it: two desks with two folders share nothing.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

/// The name on the bus of the desk of the user's own folder.
const BUS_NAME: &str = "chat.baton.Desk";
/// The key-store service of the desk of the user's own folder.
const SERVICE: &str = "Baton";

/// A desk's folder and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    /// Part of every name of a desk that is kept apart; none for the user's own.
    apart: Option<String>,
}

impl Place {
    /// Finds the folder and makes it, readable by its owner only.
    ///
    /// # Errors
    /// When the folder cannot be made, or there is no home folder and none was given.
    pub fn open(data_dir: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match data_dir {
            Some(folder) => folder.to_owned(),
            None => dirs::data_dir()
                .context("this user has no data folder: give one with --data-dir")?
                .join("baton"),
        };
        make_private(&folder).with_context(|| format!("cannot use the folder {}", folder.display()))?;
        // One folder has one name, however it was written.
        let folder =
            folder.canonicalize().with_context(|| format!("cannot use the folder {}", folder.display()))?;
        let apart = data_dir.map(|_| short_hash(&folder));
        Ok(Self { folder, apart })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where log files go.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// The file that says that a desk is open here.
    pub fn lock_file(&self) -> PathBuf {
        self.folder.join("desk.lock")
    }

    /// The file that says where windows stood.
    pub fn windows_file(&self) -> PathBuf {
        self.folder.join("windows.json")
    }

    /// Where the web view keeps what it keeps.
    pub fn web_view(&self) -> PathBuf {
        self.folder.join("webview")
    }

    /// The service under which secrets stand in the key store.
    pub fn key_service(&self) -> String {
        self.apart.as_ref().map_or_else(|| SERVICE.to_owned(), |apart| format!("{SERVICE} ({apart})"))
    }

    /// The name on the session bus.
    pub fn bus_name(&self) -> String {
        self.apart.as_ref().map_or_else(|| BUS_NAME.to_owned(), |apart| format!("{BUS_NAME}.d{apart}"))
    }
}

fn short_hash(folder: &Path) -> String {
    hex::encode(&Sha256::digest(folder.as_os_str().as_encoded_bytes())[..6])
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_share_no_name() -> anyhow::Result<()> {
        let home = tempfile::tempdir()?;
        let ines = Place::open(Some(&home.path().join("ines")))?;
        let jonas = Place::open(Some(&home.path().join("jonas")))?;
        assert_ne!(ines.key_service(), jonas.key_service());
        assert_ne!(ines.bus_name(), jonas.bus_name());
        assert_ne!(ines.lock_file(), jonas.lock_file());
        assert_ne!(ines.key_service(), SERVICE);
        Ok(())
    }

    #[test]
    fn one_folder_has_one_name_however_it_is_written() -> anyhow::Result<()> {
        let home = tempfile::tempdir()?;
        let plain = Place::open(Some(&home.path().join("ines")))?;
        let round = Place::open(Some(&home.path().join("ines/../ines")))?;
        assert_eq!(plain, round);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_its_owners_alone() -> anyhow::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir()?;
        let place = Place::open(Some(&home.path().join("ines")))?;
        assert_eq!(place.folder().metadata()?.permissions().mode() & 0o777, 0o700);
        Ok(())
    }
}
