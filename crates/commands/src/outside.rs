//! What lies outside of the window: a browser, a map, a player, a folder to save into. Every host reaches it in its own
//! way.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

/// Reaches outside of the window.
#[async_trait]
pub trait Outside: Debug + Send + Sync {
    /// Opens an address of the web, http or https, in whatever the person uses for that.
    ///
    /// # Errors
    /// [`NotOpened`], when the host has said why in its log.
    fn open(&self, address: &str) -> Result<(), NotOpened>;

    /// Opens a file in the program for it. Only pictures, sounds, videos and PDFs are given here.
    ///
    /// # Errors
    /// [`NotOpened`], when the host has said why in its log.
    fn open_file(&self, file: &Path) -> Result<(), NotOpened>;

    /// Asks the person where to save a file of this name; none when they change their mind.
    ///
    /// # Errors
    /// [`NotOpened`], when the host cannot ask.
    async fn place_to_save(&self, name: &str) -> Result<Option<PathBuf>, NotOpened>;

    /// Opens the supervisor's board in a window of its own, or brings that to the front.
    ///
    /// # Errors
    /// [`NotOpened`], in a host that opens no windows.
    fn open_board(&self) -> Result<(), NotOpened> {
        Err(NotOpened)
    }

    /// Closes the application.
    ///
    /// # Errors
    /// [`NotOpened`], in a host that cannot.
    fn quit(&self) -> Result<(), NotOpened> {
        Err(NotOpened)
    }
}

/// It was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing here opens it")]
pub struct NotOpened;

/// A host that opens nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

#[async_trait]
impl Outside for Nowhere {
    fn open(&self, _address: &str) -> Result<(), NotOpened> {
        Err(NotOpened)
    }

    fn open_file(&self, _file: &Path) -> Result<(), NotOpened> {
        Err(NotOpened)
    }

    async fn place_to_save(&self, _name: &str) -> Result<Option<PathBuf>, NotOpened> {
        Err(NotOpened)
    }
}
