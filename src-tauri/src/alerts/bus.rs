//! The session bus of the desktop, connected when it is first needed.

use tokio::sync::OnceCell;
use zbus::Connection;

/// The session bus.
#[derive(Debug, Default)]
pub struct Bus {
    connection: OnceCell<Connection>,
}

impl Bus {
    /// The connection.
    ///
    /// # Errors
    /// When there is no bus. The next call tries again.
    pub async fn get(&self) -> zbus::Result<&Connection> {
        self.connection.get_or_try_init(Connection::session).await
    }
}
