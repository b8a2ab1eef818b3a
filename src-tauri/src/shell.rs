//! The three things the page may ask of its host: a command of the list, a file for a draft, and the news.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_commands::contract::attachment::MediaView;
use baton_commands::{Answering, CommandError, Notice, files};
use futures_util::StreamExt as _;
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{State, WebviewWindow};

use crate::window::MAIN;

/// What the window works on: an open desk, or why there is none.
pub struct Shell {
    desk: Result<Arc<Answering>, CommandError>,
    /// What sends the news to each window, by its label.
    news: Mutex<HashMap<String, JoinHandle<()>>>,
}

impl Shell {
    /// A shell around a desk.
    pub fn new(desk: Result<Arc<Answering>, CommandError>) -> Self {
        Self { desk, news: Mutex::default() }
    }

    /// The desk, if it opened.
    pub fn desk(&self) -> Option<&Arc<Answering>> {
        self.desk.as_ref().ok()
    }

    /// True while the page of the main window listens for news.
    pub fn is_heard(&self) -> bool {
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.get(MAIN).is_some_and(|news| !news.inner().is_finished())
    }

    fn listen(&self, window: &str, channel: Channel<Notice>) {
        let Some(desk) = self.desk().cloned() else { return };
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
    }
}

/// Answers a command of the list.
#[tauri::command]
pub async fn call(shell: State<'_, Shell>, name: String, request: Value) -> Result<Value, CommandError> {
    let desk = shell.desk.as_ref().map_err(Clone::clone)?;
    baton_commands::dispatch(desk, &name, request).await
}

/// Adds a file to a draft. Its bytes are the body of the call as they are.
#[tauri::command]
pub async fn attach(shell: State<'_, Shell>, request: Request<'_>) -> Result<MediaView, CommandError> {
    let desk = shell.desk.as_ref().map_err(Clone::clone)?;
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
    shell.listen(window.label(), channel);
    Ok(())
}
