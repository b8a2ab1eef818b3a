//! Opening something outside of the window: a browser, a map, a player. Every host does it in its own way.

use std::fmt::Debug;

/// Opens addresses outside of the window.
pub trait Outside: Debug + Send + Sync {
    /// Opens an address of the web, http or https, in whatever the person uses for that.
    ///
    /// # Errors
    /// [`NotOpened`], when the host has said why in its log.
    fn open(&self, address: &str) -> Result<(), NotOpened>;
}

/// An address was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing here opens addresses")]
pub struct NotOpened;

/// A host that opens nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Outside for Nowhere {
    fn open(&self, _address: &str) -> Result<(), NotOpened> {
        Err(NotOpened)
    }
}
