//! The four things the page may ask of its host: a command of the list, a file for a draft, the news, and what the opening of
//! the desk is at.
//!
//! ```text
//!   first try, beside the making of the window ──▶ open
//!      └──▶ why not ──session, or once there may be space──▶ the next try ──▶ …
//! ```
//!
//! Promises: one try at a time, and whoever asks while it goes on takes how it ends; nothing is refused because a first try has
//! not ended yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use baton_commands::contract::attachment::MediaView;
use baton_commands::{Answering, CommandError, Notice, Opening, OpeningView, files};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{State, WebviewWindow};
use tokio::sync::Notify;

use crate::window::MAIN;

/// The command by which the page asks how things stand.
const SESSION: &str = "session";

/// Opens the desk; asked again where it did not work.
pub type Opener =
    Box<dyn Fn() -> BoxFuture<'static, Result<Arc<Answering>, CommandError>> + Send + Sync + 'static>;

/// What the window works on: an open desk, or why there is none yet.
pub struct Shell {
    desk: OnceLock<Arc<Answering>>,
    /// Wakes the one that waits for it.
    opened: Notify,
    why_not: Mutex<Option<CommandError>>,
    opener: Opener,
    /// One at a time opens it.
    opening: tokio::sync::Mutex<()>,
    /// What takes long in that.
    at: Arc<Opening>,
    /// What sends the news to each window, by its label.
    news: Mutex<HashMap<String, JoinHandle<()>>>,
}

impl Shell {
    /// A shell around a desk that is opened with this. `at`: hears from the opener where it stands.
    pub fn new(opener: Opener, at: Arc<Opening>) -> Self {
        Self {
            desk: OnceLock::new(),
            opened: Notify::new(),
            why_not: Mutex::default(),
            opener,
            opening: tokio::sync::Mutex::default(),
            at,
            news: Mutex::default(),
        }
    }

    /// The desk, if it opened.
    pub fn desk(&self) -> Option<&Arc<Answering>> {
        self.desk.get()
    }

    /// Why there is no desk, where it could not be opened.
    pub fn why_not(&self) -> Option<CommandError> {
        self.why_not.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens the desk where it is not open yet. A try that goes on is waited for, and is this one too.
    ///
    /// # Errors
    /// Why it cannot be opened now.
    pub async fn opens(&self) -> Result<&Arc<Answering>, CommandError> {
        if let Some(desk) = self.desk() {
            return Ok(desk);
        }
        let (_one, waited) = match self.opening.try_lock() {
            Ok(one) => (one, false),
            Err(_) => (self.opening.lock().await, true),
        };
        if let Some(desk) = self.desk() {
            return Ok(desk);
        }
        if waited && let Some(why_not) = self.why_not() {
            return Err(why_not);
        }
        let opened = (self.opener)().await;
        self.at.ended();
        *self.why_not.lock().unwrap_or_else(PoisonError::into_inner) = opened.as_ref().err().cloned();
        let opened = opened?;
        let desk = self.desk.get_or_init(|| opened);
        self.opened.notify_one();
        Ok(desk)
    }

    /// The desk for a question: once the first try ended, where it has not.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn asked(&self) -> Result<&Arc<Answering>, CommandError> {
        match self.why_not() {
            Some(why_not) => self.desk().ok_or(why_not),
            None => self.opens().await,
        }
    }

    /// The desk, whenever that is open. One may wait for it.
    pub async fn until_open(&self) -> &Arc<Answering> {
        loop {
            if let Some(desk) = self.desk() {
                return desk;
            }
            self.opened.notified().await;
        }
    }

    /// The desk that is to be closed. One that is just opening is waited for; one that is at something long is not: the next
    /// start begins that anew.
    pub async fn to_close(&self) -> Option<&Arc<Answering>> {
        if self.at.view().is_none() {
            drop(self.opening.lock().await);
        }
        self.desk()
    }

    /// True while the page of the main window listens for news.
    pub fn is_heard(&self) -> bool {
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.get(MAIN).is_some_and(|news| !news.inner().is_finished())
    }

    async fn listen(&self, window: &str, channel: Channel<Notice>) -> Result<(), CommandError> {
        let desk = Arc::clone(self.asked().await?);
        let news = tauri::async_runtime::spawn(async move {
            let mut notices = std::pin::pin!(desk.notices());
            while let Some(notice) = notices.next().await {
                if channel.send(notice).is_err() {
                    return;
                }
            }
        });
        // A page that was loaded anew listens in place of the old one of its window.
        let mut all = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.insert(window.to_owned(), news);
        drop(all);
        if let Some(before) = before {
            before.abort();
        }
        Ok(())
    }
}

/// Answers a command of the list. Where the desk could not be opened, whoever asks how things stand has it tried once more:
/// space may be free by now, or another program installed.
#[tauri::command]
pub async fn call(shell: State<'_, Arc<Shell>>, name: String, request: Value) -> Result<Value, CommandError> {
    let desk = match name.as_str() {
        SESSION => shell.opens().await?,
        _ => shell.asked().await?,
    };
    baton_commands::dispatch(desk, &name, request).await
}

/// Adds a file to a draft. Its bytes are the body of the call as they are.
#[tauri::command]
pub async fn attach(shell: State<'_, Arc<Shell>>, request: Request<'_>) -> Result<MediaView, CommandError> {
    let desk = shell.asked().await?;
    let header = request.headers().get(files::HEADER).and_then(|value| value.to_str().ok());
    match request.body() {
        InvokeBody::Raw(bytes) => files::attach(desk, header, bytes).await,
        // Without bytes there is no file: the command says so.
        InvokeBody::Json(_) => files::attach(desk, None, &[]).await,
    }
}

/// Sends the news to the page of this window, from now on.
#[tauri::command]
pub async fn subscribe(
    window: WebviewWindow,
    shell: State<'_, Arc<Shell>>,
    channel: Channel<Notice>,
) -> Result<(), CommandError> {
    // Where there is no desk the page asks again, and reads everything once it stands.
    shell.listen(window.label(), channel).await
}

/// What the opening of the desk is at, where that takes long. Answered while there is no desk, and never waits.
#[tauri::command]
pub async fn opening(shell: State<'_, Arc<Shell>>) -> Result<Option<OpeningView>, CommandError> {
    Ok(shell.at.view())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use baton_commands::CommandErrorCode;
    use futures_util::FutureExt as _;
    use tokio::sync::Semaphore;

    use super::*;

    fn full_disk() -> CommandError {
        CommandError {
            code: CommandErrorCode::Storage,
            message: "The disk is full.".to_owned(),
            action: "Make room.".to_owned(),
            retryable: true,
            link: None,
        }
    }

    /// A shell whose tries fail, each once the test lets it; and how many were begun.
    fn failing(may_end: &Arc<Semaphore>) -> (Shell, Arc<AtomicUsize>) {
        let tries = Arc::new(AtomicUsize::new(0));
        let opener = {
            let (may_end, tries) = (Arc::clone(may_end), Arc::clone(&tries));
            move || {
                let may_end = Arc::clone(&may_end);
                tries.fetch_add(1, Ordering::SeqCst);
                async move {
                    if let Ok(may) = may_end.acquire().await {
                        may.forget();
                    }
                    Err::<Arc<Answering>, _>(full_disk())
                }
                .boxed()
            }
        };
        (Shell::new(Box::new(opener), Arc::default()), tries)
    }

    #[tokio::test]
    async fn whoever_asks_during_a_try_takes_how_it_ends_and_the_next_one_tries_again() {
        let may_end = Arc::new(Semaphore::new(0));
        let (shell, tries) = failing(&may_end);
        let (first, session, other, ()) =
            tokio::join!(shell.opens(), shell.opens(), shell.asked(), async { may_end.add_permits(1) });
        for ended in [first, session, other] {
            assert_eq!(ended.map(drop), Err(full_disk()));
        }
        assert_eq!(tries.load(Ordering::SeqCst), 1);

        // Once that is known, only who asks how things stand has it tried again.
        assert_eq!(shell.asked().await.map(drop), Err(full_disk()));
        assert_eq!(tries.load(Ordering::SeqCst), 1);
        may_end.add_permits(1);
        assert_eq!(shell.opens().await.map(drop), Err(full_disk()));
        assert_eq!(tries.load(Ordering::SeqCst), 2);
    }
}
