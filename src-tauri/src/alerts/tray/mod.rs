//! The icon in the desktop's tray, by the protocol of trays on D-Bus, without a library of the system: a desktop without a
//! tray is no fault, and one that comes later gets the icon then.
//!
//! ```text
//!   wanted ──▶ item and menu on the bus ──▶ a watcher is there ──register──▶ the icon shows
//!     ▲                                       └ comes, goes, comes again        │ clicked: open · do not disturb · quit
//!     └── switched off: both leave the bus ◀────────────────────────────────────┘
//! ```

mod icon;
mod item;
mod menu;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use tokio::sync::watch;
use zbus::object_server::SignalEmitter;
use zbus::proxy::{self, CacheProperties};
use zbus::{Connection, Proxy, connection};

use self::icon::Icon;
use self::item::Item;
use self::menu::Menu;
use super::Act;

const ITEM: &str = "org.kde.StatusNotifierItem";
const ITEM_PATH: &str = "/StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const MENU_PATH: &str = "/MenuBar";
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// Where clicks go.
type Acts = Arc<dyn Fn(Act) + Send + Sync>;

/// What the icon tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    waiting: u64,
    is_quiet: bool,
    /// Counts up with each change of the menu.
    revision: u32,
}

impl Seen {
    fn title(self) -> String {
        match self.waiting {
            0 => "Baton".to_owned(),
            waiting => format!("Baton: {waiting} to answer"),
        }
    }

    fn text(self) -> String {
        if self.is_quiet { "Do not disturb".to_owned() } else { String::new() }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wanted {
    is_on: bool,
    is_quiet: bool,
    waiting: u64,
}

/// Our place in the tray.
#[derive(Debug)]
pub struct Tray {
    wanted: watch::Sender<Wanted>,
    is_there: AtomicBool,
    /// Each item on the bus has a name of its own.
    stood: AtomicU32,
}

impl Default for Tray {
    fn default() -> Self {
        Self {
            wanted: watch::Sender::new(Wanted::default()),
            is_there: AtomicBool::default(),
            stood: AtomicU32::default(),
        }
    }
}

impl Tray {
    /// Whether the icon is wanted, and whether nobody is to be disturbed.
    pub fn chosen(&self, is_on: bool, is_quiet: bool) {
        self.wants(|wanted| (wanted.is_on, wanted.is_quiet) = (is_on, is_quiet));
    }

    /// How many wait for an answer.
    pub fn waits(&self, waiting: u64) {
        self.wants(|wanted| wanted.waiting = waiting);
    }

    /// Whether a tray shows the icon now.
    pub fn is_there(&self) -> bool {
        self.is_there.load(Ordering::SeqCst)
    }

    fn wants(&self, change: impl FnOnce(&mut Wanted)) {
        self.wanted.send_if_modified(|wanted| {
            let before = *wanted;
            change(wanted);
            *wanted != before
        });
    }

    /// Keeps the icon where it is wanted, as long as the program runs.
    pub async fn keep(&self, icon: tauri::image::Image<'static>, act: impl Fn(Act) + Send + Sync + 'static) {
        let icon = Arc::new(Icon::new(icon.width(), icon.height(), icon.rgba()));
        let act: Acts = Arc::new(act);
        let mut wanted = self.wanted.subscribe();
        loop {
            if wanted.wait_for(|wanted| wanted.is_on).await.is_err() {
                return;
            }
            let stood = self.stand(&mut wanted, &icon, &act).await;
            self.is_there.store(false, Ordering::SeqCst);
            if let Err(error) = stood {
                tracing::info!(%error, "there is no icon in a tray");
                // Without a bus there is none until somebody asks for it again.
                if wanted.wait_for(|wanted| !wanted.is_on).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Stands on the bus until the icon is not wanted any more.
    async fn stand(
        &self,
        wanted: &mut watch::Receiver<Wanted>,
        icon: &Arc<Icon>,
        act: &Acts,
    ) -> zbus::Result<()> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        take_over(&seen, *wanted.borrow_and_update());
        let name = format!("{ITEM}-{}-{}", std::process::id(), self.stood.fetch_add(1, Ordering::SeqCst) + 1);
        let item = Item { icon: Arc::clone(icon), seen: Arc::clone(&seen), act: Arc::clone(act) };
        let menu = Menu { seen: Arc::clone(&seen), act: Arc::clone(act) };
        let connection = connection::Builder::session()?
            .name(name.as_str())?
            .serve_at(ITEM_PATH, item)?
            .serve_at(MENU_PATH, menu)?
            .build()
            .await?;
        // Whether something shows what is watched is told by a signal of its own, so nothing is to be remembered.
        let watcher: Proxy<'static> = proxy::Builder::<Proxy<'static>>::new(&connection)
            .destination(WATCHER)?
            .path(WATCHER_PATH)?
            .interface(WATCHER)?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        let mut owners = watcher.receive_owner_changed().await?;
        let mut hosts = watcher.receive_all_signals().await?;
        self.register(&watcher, &name).await;
        loop {
            tokio::select! {
                changed = wanted.changed() => {
                    let now = *wanted.borrow_and_update();
                    if changed.is_err() || !now.is_on {
                        return connection.close().await;
                    }
                    take_over(&seen, now);
                    tell(&connection, &seen).await?;
                }
                owner = owners.next() => match owner {
                    Some(Some(_)) => self.register(&watcher, &name).await,
                    Some(None) => self.is_there.store(false, Ordering::SeqCst),
                    None => return Ok(()),
                },
                told = hosts.next() => match told {
                    Some(_) => self.look_for_host(&watcher).await,
                    None => return Ok(()),
                },
            }
        }
    }

    /// Asks the watcher, if there is one, to show the icon.
    async fn register(&self, watcher: &Proxy<'_>, name: &str) {
        let registered: zbus::Result<()> = watcher.call("RegisterStatusNotifierItem", &name).await;
        match registered {
            Ok(()) => self.look_for_host(watcher).await,
            Err(error) => tracing::debug!(%error, "no tray takes the icon"),
        }
    }

    /// A watcher may be there before anything shows what it watches.
    async fn look_for_host(&self, watcher: &Proxy<'_>) {
        let has_host: zbus::Result<bool> = watcher.get_property("IsStatusNotifierHostRegistered").await;
        self.is_there.store(has_host.unwrap_or(false), Ordering::SeqCst);
    }
}

/// What is wanted is what is seen from now on.
fn take_over(seen: &Mutex<Seen>, wanted: Wanted) {
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let revision = seen.revision.wrapping_add(u32::from(seen.is_quiet != wanted.is_quiet));
    *seen = Seen { waiting: wanted.waiting, is_quiet: wanted.is_quiet, revision };
}

/// Tells the tray to look again.
async fn tell(connection: &Connection, seen: &Mutex<Seen>) -> zbus::Result<()> {
    let revision = seen.lock().unwrap_or_else(PoisonError::into_inner).revision;
    let item = SignalEmitter::new(connection, ITEM_PATH)?;
    for signal in ["NewIcon", "NewTitle", "NewToolTip"] {
        item.emit(ITEM, signal, &()).await?;
    }
    let menu = SignalEmitter::new(connection, MENU_PATH)?;
    menu.emit(MENU, "LayoutUpdated", &(revision, 0_i32)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_counts_and_the_text_says_that_nobody_is_disturbed() {
        assert_eq!(Seen::default().title(), "Baton");
        let seen = Seen { waiting: 3, is_quiet: true, ..Seen::default() };
        assert_eq!((seen.title().as_str(), seen.text().as_str()), ("Baton: 3 to answer", "Do not disturb"));
    }

    #[test]
    fn what_is_wanted_already_wakes_nobody() {
        let tray = Tray::default();
        let wanted = tray.wanted.subscribe();
        tray.waits(0);
        tray.chosen(false, false);
        assert!(!wanted.has_changed().unwrap());
        tray.waits(1);
        assert!(wanted.has_changed().unwrap());
    }

    #[test]
    fn the_menu_is_another_one_once_its_mark_is() {
        let seen = Mutex::new(Seen::default());
        take_over(&seen, Wanted { waiting: 4, ..Wanted::default() });
        assert_eq!(seen.lock().unwrap().revision, 0);
        take_over(&seen, Wanted { waiting: 4, is_quiet: true, ..Wanted::default() });
        assert_eq!(seen.lock().unwrap().revision, 1);
    }
}
