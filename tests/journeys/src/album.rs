//! Pictures of the window, each in light and in dark.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;

/// A folder of pictures, numbered in the order they were taken.
#[derive(Debug)]
pub struct Album {
    folder: PathBuf,
    taken: usize,
}

impl Album {
    /// An empty album: what lay in the folder before is removed.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), taken: 0 })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many views were taken, each in both themes.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Takes the window in both themes and leaves it as it was.
    ///
    /// # Errors
    /// When the window is gone or the pictures of the two themes are the same.
    pub async fn take(&mut self, desk: &DeskWindow, what: &str) -> anyhow::Result<()> {
        self.taken += 1;
        let worn = desk.wears(None).await?;
        let mut pictures = Vec::new();
        for theme in ["light", "dark"] {
            desk.wears(Some(theme)).await?;
            let file = self.folder.join(format!("{:02}-{what}-{theme}.png", self.taken));
            desk.screenshot(&file).await?;
            pictures.push(std::fs::read(&file)?);
        }
        desk.wears(Some(&worn)).await?;
        anyhow::ensure!(pictures[0] != pictures[1], "{what} looks the same in light and in dark");
        Ok(())
    }
}
