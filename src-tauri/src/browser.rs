//! Opens addresses in whatever the desktop uses for them.

use baton_commands::outside::{NotOpened, Outside};

/// The desktop's own browser.
#[derive(Clone, Copy, Debug)]
pub struct Browser;

impl Outside for Browser {
    fn open(&self, address: &str) -> Result<(), NotOpened> {
        // The address is a customer's and does not go into the log.
        open::that_detached(address).map_err(|error| {
            tracing::warn!(%error, "nothing here opens addresses");
            NotOpened
        })
    }
}
