//! Opens addresses and files in whatever the desktop uses for them, and asks where to save.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use async_trait::async_trait;
use baton_commands::outside::{NotOpened, Outside};
use tauri::AppHandle;

use crate::{raise, window};

/// The desktop around the window.
#[derive(Debug, Default)]
pub struct Desktop {
    /// The application, once it runs: dialogs belong to it.
    app: OnceLock<AppHandle>,
    /// Where the web view keeps what it keeps.
    web_view: OnceLock<PathBuf>,
}

impl Desktop {
    /// The application runs.
    pub fn belongs_to(&self, app: &AppHandle, web_view: &Path) {
        let _ = self.app.set(app.clone());
        let _ = self.web_view.set(web_view.to_owned());
    }
}

#[async_trait]
impl Outside for Desktop {
    fn open(&self, address: &str) -> Result<(), NotOpened> {
        // The address is a customer's and does not go into the log.
        open::that_detached(address).map_err(|error| {
            tracing::warn!(%error, "nothing here opens addresses");
            NotOpened
        })
    }

    fn open_file(&self, file: &Path) -> Result<(), NotOpened> {
        open::that_detached(file).map_err(|error| {
            tracing::warn!(%error, "nothing here opens files");
            NotOpened
        })
    }

    fn open_board(&self) -> Result<(), NotOpened> {
        let (app, web_view) = self.app.get().zip(self.web_view.get()).ok_or(NotOpened)?;
        if raise::board(app) {
            return Ok(());
        }
        window::open_board(app, web_view.clone()).map_err(|error| {
            tracing::warn!(%error, "the board's own window did not open");
            NotOpened
        })
    }

    fn quit(&self) -> Result<(), NotOpened> {
        self.app.get().ok_or(NotOpened)?.exit(0);
        Ok(())
    }

    async fn place_to_save(&self, name: &str) -> Result<Option<PathBuf>, NotOpened> {
        let app = self.app.get().ok_or(NotOpened)?;
        let (tell, told) = tokio::sync::oneshot::channel();
        let name = name.to_owned();
        // The toolkit opens dialogs on its own thread only.
        let asked = app.run_on_main_thread(move || {
            let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
            tauri::async_runtime::spawn(async move {
                let _ = tell.send(dialog.await.map(|file| file.path().to_owned()));
            });
        });
        asked.map_err(|error| {
            tracing::warn!(%error, "the dialog for saving did not open");
            NotOpened
        })?;
        told.await.map_err(|_| NotOpened)
    }
}
