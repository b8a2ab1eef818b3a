//! The application around the desk: opens both at the same time, keeps the title, ends both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use baton_commands::{Answering, CommandError, CommandErrorCode, DiagnosticFact, Opening};
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig, DeskError};
use baton_core::store::StoreError;
use baton_graph::{ConfigError, GRAPH, GraphConfig};
use futures_util::FutureExt as _;
use tauri::{AppHandle, Manager as _, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::alerts::Alerting;
use crate::args::Args;
use crate::closing::{self, Closing};
use crate::desktop::Desktop;
use crate::disk::Encryption;
use crate::enrol_file;
use crate::key_store::SystemKeyStore;
use crate::lock::LockError;
use crate::media;
use crate::place::Place;
use crate::quit;
use crate::raise;
use crate::renderer::Renderer;
use crate::shell::{self, Shell};
use crate::spelling;
use crate::stays::{self, Stays};
use crate::title;

/// The window of the inbox.
pub const MAIN: &str = "main";
/// The supervisor's board in a window of its own. These two have a capability, and no other.
pub const BOARD: &str = "board";
/// The page knows by it that it is the board's own window.
const BOARD_PAGE: &str = "index.html#board";
/// How often it is looked whether a desk that found no space opens now.
const LOOKS_FOR_SPACE_EVERY: Duration = Duration::from_secs(10);
/// How long closing may take before the desk goes without it.
const LAST_WORDS: Duration = Duration::from_secs(4);

/// Runs until the window is closed.
///
/// # Errors
/// When the toolkit does not start: no display, no web view.
pub fn run(args: &Args, place: &Place, renderer: Renderer) -> anyhow::Result<()> {
    let desktop = Arc::new(Desktop::default());
    let alerting = Arc::new(Alerting::default());
    let at = Arc::new(Opening::default());
    let opener = {
        let (args, place, at) = (args.clone(), place.clone(), Arc::clone(&at));
        let (desktop, alerting) = (Arc::clone(&desktop), Arc::clone(&alerting));
        move || {
            let (args, place, at) = (args.clone(), place.clone(), Arc::clone(&at));
            let hosts = (Arc::clone(&desktop), Arc::clone(&alerting));
            async move { open_desk(&args, &place, renderer, hosts, &at).await }.boxed()
        }
    };
    let shell = Arc::new(Shell::new(Box::new(opener), at));
    // The window is made meanwhile. How it ends is what the page is told when it asks.
    let first = Arc::clone(&shell);
    tauri::async_runtime::spawn(async move { first.opens().await.map(drop) });
    let web_view = place.web_view();
    let app = tauri::Builder::default()
        .plugin(one_window(place))
        .manage(shell)
        .manage(Closing::default())
        .manage(Stays::read(place.windows_file()))
        .manage(Arc::clone(&alerting))
        .on_window_event(stays::on_event)
        .on_window_event(closing::on_event)
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, media::answer)
        .invoke_handler(tauri::generate_handler![
            shell::call,
            shell::attach,
            shell::subscribe,
            shell::opening
        ])
        .setup(move |app| {
            desktop.belongs_to(app.handle(), &web_view);
            alerting.belongs_to(app.handle());
            open_window(app.handle(), web_view)?;
            tauri::async_runtime::spawn(begins_once_open(app.handle().clone()));
            tauri::async_runtime::spawn(opens_when_it_can(app.handle().clone()));
            tauri::async_runtime::spawn(quit::on_signal(app.handle().clone()));
            Ok(())
        })
        .build(context())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            app.state::<Stays>().write();
            close_desk(app);
        }
    });
    Ok(())
}

/// Begins whatever goes with an open desk, once: whoever it was that opened it, and whenever.
async fn begins_once_open(app: AppHandle) {
    let shell = Arc::clone(&app.state::<Arc<Shell>>());
    let desk = shell.until_open().await;
    let alerting = Arc::clone(&app.state::<Arc<Alerting>>());
    tauri::async_runtime::spawn(baton_commands::alerts::tell(Arc::clone(desk)));
    if let Some(window) = app.get_webview_window(MAIN) {
        tauri::async_runtime::spawn(title::keep(window, Arc::clone(desk), alerting));
    }
}

/// A full disk passes: the desk opens by itself once there is space.
async fn opens_when_it_can(app: AppHandle) {
    let shell = Arc::clone(&app.state::<Arc<Shell>>());
    let mut tried = shell.asked().await;
    while tried.is_err_and(|why_not| why_not.retryable) {
        tokio::time::sleep(LOOKS_FOR_SPACE_EVERY).await;
        tried = shell.opens().await;
    }
}

/// Brings the window of the desk that is open on this folder to the front, and ends.
///
/// # Errors
/// When that desk cannot be reached, which leaves only to say that it is there.
pub fn hand_over(place: &Place) -> anyhow::Result<()> {
    // The plugin ends this process once the other one has heard. If it comes back, there is no bus.
    let _ = tauri::Builder::default().plugin(one_window(place)).build(context());
    Err(LockError::Taken.into())
}

fn context() -> tauri::Context {
    tauri::generate_context!()
}

fn one_window(place: &Place) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(place.bus_name())
        .callback(|app, _, _| raise::window(app, None))
        .build()
}

fn open_window(app: &AppHandle, web_view: PathBuf) -> tauri::Result<WebviewWindow> {
    open(app, MAIN, WebviewUrl::default(), "Baton", web_view)
}

/// Opens the board's own window, beside the main one and with the same data.
///
/// # Errors
/// When the toolkit does not.
pub fn open_board(app: &AppHandle, web_view: PathBuf) -> tauri::Result<()> {
    open(app, BOARD, WebviewUrl::App(BOARD_PAGE.into()), "Board, Baton", web_view).map(drop)
}

fn open(
    app: &AppHandle,
    label: &str,
    page: WebviewUrl,
    title: &str,
    web_view: PathBuf,
) -> tauri::Result<WebviewWindow> {
    let stay = app.state::<Stays>().of(app, label);
    let mut window = WebviewWindowBuilder::new(app, label, page);
    if let Some((left, top)) = stay.corner {
        window = window.position(left, top);
    }
    let window = window
        .title(title)
        .inner_size(stay.size.0, stay.size.1)
        .min_inner_size(stays::LEAST.0, stays::LEAST.1)
        .maximized(stay.maximized)
        .data_directory(web_view)
        // The page takes files that are dropped on it by itself.
        .disable_drag_drop_handler()
        // The page never leaves its own files, whatever a link in it says.
        .on_navigation(|to| {
            matches!(to.scheme(), "tauri" | "about") || to.host_str() == Some("tauri.localhost")
        })
        .build()?;
    spelling::check(&window, system_languages());
    Ok(window)
}

/// Opens the desk, and enrols it where a file says so, before anybody can ask it anything.
async fn open_desk(
    args: &Args,
    place: &Place,
    renderer: Renderer,
    (desktop, alerting): (Arc<Desktop>, Arc<Alerting>),
    at: &Opening,
) -> Result<Arc<Answering>, CommandError> {
    let opened = match desk_config(args, place) {
        Ok(config) => Desk::open_told(config, at).await,
        Err(error) => Err(DeskError::from(error)),
    };
    match opened {
        Ok(desk) => {
            let facts = host_facts(place, renderer);
            let desk = Answering::new(desk, facts).opening(desktop).alerting(alerting);
            if let Some(path) = &args.enrol_file {
                enrol(&desk, path).await;
            }
            Ok(Arc::new(desk))
        }
        Err(error) => {
            tracing::error!(%error, "the desk cannot be opened");
            let words = error.agent_words();
            let code = CommandErrorCode::Storage;
            Err(CommandError {
                code,
                message: words.what,
                action: words.remedy,
                retryable: matches!(error, DeskError::Store(StoreError::DiskFull)),
                link: None,
            })
        }
    }
}

fn desk_config(args: &Args, place: &Place) -> Result<DeskConfig, ConfigError> {
    Ok(DeskConfig {
        data_dir: place.folder().to_owned(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(SystemKeyStore::new(place.key_service())),
        graph: GraphConfig::at(args.graph_url.as_deref().unwrap_or(GRAPH))?,
        desk_name: machine_name(),
        history_after: baton_core::history::BEGINS_AFTER,
    })
}

fn host_facts(place: &Place, renderer: Renderer) -> Vec<DiagnosticFact> {
    let fact = |name: &str, value: String| DiagnosticFact { name: name.to_owned(), value };
    vec![
        fact("Renderer", renderer.to_string()),
        fact("Web view", tauri::webview_version().unwrap_or_else(|_| "not known".to_owned())),
        fact("Spell checking", system_languages().join(", ")),
        fact("Folder", place.folder().display().to_string()),
        fact("Disk encryption", Encryption::of(place.folder()).words().to_owned()),
    ]
}

fn system_languages() -> Vec<String> {
    spelling::languages(|name| std::env::var(name).ok())
}

/// What the list of desks at the relay calls this machine.
fn machine_name() -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named =
        named.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    named
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "A computer".to_owned())
}

async fn enrol(desk: &Answering, path: &Path) {
    let enrolled = match enrol_file::take(path) {
        Ok(file) => enrol_file::enrol(desk, &file).await,
        Err(error) => Err(error),
    };
    if let Err(error) = enrolled {
        tracing::error!("the enrol file was of no use: {error:#}");
    }
}

fn close_desk(app: &AppHandle) {
    let shell = Arc::clone(&app.state::<Arc<Shell>>());
    let alerting = Arc::clone(&app.state::<Arc<Alerting>>());
    tauri::async_runtime::block_on(async move {
        let ends = async {
            if let Some(desk) = shell.to_close().await {
                alerting.end().await;
                desk.desk().shutdown().await;
            }
        };
        if tokio::time::timeout(LAST_WORDS, ends).await.is_err() {
            tracing::warn!("the desk did not close in time; what was under way is settled at the next start");
        }
    });
}
