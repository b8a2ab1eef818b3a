//! The three things the page may ask of its host: a command of the list, a file for a draft, and the news.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use baton_commands::contract::attachment::MediaView;
use baton_commands::{Answering, CommandError, CommandErrorCode, Notice, files};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{AppHandle, State, WebviewWindow};

use crate::window::{self, MAIN};

/// The command by which the page asks how things stand.
const SESSION: &str = "session";

/// Opens the desk; asked again where it did not work.
pub type Opener =
    Box<dyn Fn() -> BoxFuture<'static, Result<Arc<Answering>, CommandError>> + Send + Sync + 'static>;

/// What the window works on: an open desk, or why there is none yet.
pub struct Shell {
    desk: OnceLock<Arc<Answering>>,
    why_not: Mutex<Option<CommandError>>,
    opener: Opener,
    /// One at a time opens it.
    opening: tokio::sync::Mutex<()>,
    /// What sends the news to each window, by its label.
    news: Mutex<HashMap<String, JoinHandle<()>>>,
}

impl Shell {
    /// A shell around a desk that is opened with this.
    pub fn new(opener: Opener) -> Self {
        Self {
            desk: OnceLock::new(),
            why_not: Mutex::default(),
            opener,
            opening: tokio::sync::Mutex::default(),
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

    /// Opens the desk where it is not open yet; true when this did it.
    ///
    /// # Errors
    /// Why it cannot be opened now.
    pub async fn opens(&self) -> Result<bool, CommandError> {
        let _one = self.opening.lock().await;
        if self.desk.get().is_some() {
            return Ok(false);
        }
        let opened = (self.opener)().await;
        *self.why_not.lock().unwrap_or_else(PoisonError::into_inner) = opened.as_ref().err().cloned();
        Ok(self.desk.set(opened?).is_ok())
    }

    /// The desk for a question of the page.
    fn asked(&self) -> Result<&Arc<Answering>, CommandError> {
        self.desk().ok_or_else(|| self.why_not().unwrap_or_else(not_yet))
    }

    /// True while the page of the main window listens for news.
    pub fn is_heard(&self) -> bool {
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.get(MAIN).is_some_and(|news| !news.inner().is_finished())
    }

    fn listen(&self, window: &str, channel: Channel<Notice>) -> Result<(), CommandError> {
        let desk = Arc::clone(self.asked()?);
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

/// The page asks before anything was tried.
fn not_yet() -> CommandError {
    CommandError {
        code: CommandErrorCode::Storage,
        message: "This desk is not open yet.".to_owned(),
        action: "Wait a moment, then try again.".to_owned(),
        retryable: true,
        link: None,
    }
}

/// Answers a command of the list. Where the desk could not be opened, whoever asks how things stand has it tried once more:
/// space may be free by now, or another program installed.
#[tauri::command]
pub async fn call(
    app: AppHandle,
    shell: State<'_, Shell>,
    name: String,
    request: Value,
) -> Result<Value, CommandError> {
    if shell.desk().is_none() && name == SESSION {
        window::opens_desk(&app).await?;
    }
    baton_commands::dispatch(shell.asked()?, &name, request).await
}

/// Adds a file to a draft. Its bytes are the body of the call as they are.
#[tauri::command]
pub async fn attach(shell: State<'_, Shell>, request: Request<'_>) -> Result<MediaView, CommandError> {
    let desk = shell.asked()?;
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
    shell: State<'_, Shell>,
    channel: Channel<Notice>,
) -> Result<(), CommandError> {
    // While there is no desk the page asks again, and reads everything once it stands.
    shell.listen(window.label(), channel)
}
