//! What a desktop has around a window: the program that shows notifications, and a tray. Both live on a room's bus, as a
//! desktop's own would, and a test does what a person does with them.

#![allow(
    clippy::too_many_arguments,
    clippy::needless_pass_by_value,
    reason = "the desktop's protocols are so"
)]

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, Proxy, connection};

use super::room::Room;
use super::until;

const DAEMON: &str = "org.freedesktop.Notifications";
const DAEMON_PATH: &str = "/org/freedesktop/Notifications";
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const ITEM_PATH: &str = "/StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const MENU_PATH: &str = "/MenuBar";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// Somebody sent a notification away.
const DISMISSED: u32 = 2;

/// A row of a menu: its number, and what it is like.
type Row = (i32, HashMap<String, OwnedValue>);

/// A notification as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The daemon's number for it.
    pub id: u32,
    /// Which program it is of.
    pub app: String,
    /// Its first line.
    pub title: String,
    /// What stands below.
    pub body: String,
    /// What can be done with it, by name.
    pub actions: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    last: u32,
    now: BTreeMap<u32, Notification>,
    /// How often something was shown.
    times: usize,
    /// Items of trays, by their names on the bus.
    items: Vec<String>,
}

type Shared = Arc<Mutex<State>>;

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Daemon(Shared);

#[interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("desktop of a test".to_owned(), "Baton".to_owned(), "1".to_owned(), "1.2".to_owned())
    }

    fn notify(
        &self,
        app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut state = lock(&self.0);
        let id = if state.now.contains_key(&replaces) { replaces } else { state.last + 1 };
        state.last = state.last.max(id);
        state.times += 1;
        state.now.insert(id, Notification { id, app, title, body, actions });
        id
    }

    fn close_notification(&self, id: u32) {
        lock(&self.0).now.remove(&id);
    }
}

struct Watcher(Shared);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, item: String) {
        lock(&self.0).items.push(item);
    }

    fn register_status_notifier_host(&self, _host: String) {}

    #[zbus(property(emits_changed_signal = "const"))]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        lock(&self.0).items.clone()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// The programs of a desktop. Dropping it ends them.
#[derive(Debug)]
pub struct Desktop {
    connection: Connection,
    state: Shared,
}

impl Desktop {
    /// Starts them on a room's bus.
    ///
    /// # Errors
    /// When the bus cannot be reached, or another desktop is there.
    pub async fn open(room: &Room) -> anyhow::Result<Self> {
        let state = Shared::default();
        let connection = connection::Builder::address(room.bus_address())?
            .serve_at(DAEMON_PATH, Daemon(Arc::clone(&state)))?
            .serve_at(WATCHER_PATH, Watcher(Arc::clone(&state)))?
            .name(DAEMON)?
            .name(WATCHER)?
            .build()
            .await?;
        Ok(Self { connection, state })
    }

    /// What is on the screen now, oldest first.
    #[must_use]
    pub fn now(&self) -> Vec<Notification> {
        lock(&self.state).now.values().cloned().collect()
    }

    /// How often something was shown until now.
    #[must_use]
    pub fn times(&self) -> usize {
        lock(&self.state).times
    }

    /// Waits for a notification that says this.
    ///
    /// # Errors
    /// When none comes, with what is there instead.
    pub async fn shows(&self, words: &str) -> anyhow::Result<Notification> {
        let says = |one: &Notification| one.title.contains(words) || one.body.contains(words);
        let found = until::some(&format!("a notification that says {words:?}"), until::LONG, async || {
            Ok(self.now().into_iter().find(says))
        })
        .await;
        found.with_context(|| format!("on the screen are {:?}", self.now()))
    }

    /// Waits until nothing is on the screen.
    ///
    /// # Errors
    /// When something stays.
    pub async fn is_clear(&self) -> anyhow::Result<()> {
        let clear = until::holds("no notification", until::SHORT, async || Ok(self.now().is_empty())).await;
        clear.with_context(|| format!("on the screen are {:?}", self.now()))
    }

    /// A person clicks a notification. As desktops do, it goes then.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn clicks(&self, shown: &Notification) -> anyhow::Result<()> {
        let daemon = SignalEmitter::new(&self.connection, DAEMON_PATH)?;
        daemon.emit(DAEMON, "ActivationToken", &(shown.id, "token-of-a-test")).await?;
        daemon.emit(DAEMON, "ActionInvoked", &(shown.id, "default")).await?;
        self.goes(shown).await
    }

    /// A person sends a notification away.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn sends_away(&self, shown: &Notification) -> anyhow::Result<()> {
        self.goes(shown).await
    }

    async fn goes(&self, shown: &Notification) -> anyhow::Result<()> {
        lock(&self.state).now.remove(&shown.id);
        let daemon = SignalEmitter::new(&self.connection, DAEMON_PATH)?;
        Ok(daemon.emit(DAEMON, "NotificationClosed", &(shown.id, DISMISSED)).await?)
    }

    // The tray

    /// Waits until the icon in the tray is called so.
    ///
    /// # Errors
    /// When it does not come to be, with what it is called instead.
    pub async fn tray_says(&self, title: &str) -> anyhow::Result<()> {
        let mut last = None;
        let says = until::holds(&format!("the tray to say {title:?}"), until::LONG, async || {
            last = self.tray_title().await;
            Ok(last.as_deref() == Some(title))
        })
        .await;
        says.with_context(|| format!("it says {last:?}"))
    }

    /// The points of the icon in the tray.
    ///
    /// # Errors
    /// When there is none.
    pub async fn tray_icon(&self) -> anyhow::Result<Vec<u8>> {
        let item = self.of_item(ITEM_PATH, PROPERTIES).await.context("there is no icon in the tray")?;
        let pictures: OwnedValue = item.call("Get", &(ITEM, "IconPixmap")).await?;
        points(&pictures).context("the icon has no picture")
    }

    /// A person chooses a row of the icon's menu.
    ///
    /// # Errors
    /// When there is no such row.
    pub async fn chooses(&self, label: &str) -> anyhow::Result<()> {
        let (id, _) = self.menu_row(label).await?;
        let menu = self.of_item(MENU_PATH, MENU).await.context("there is no icon in the tray")?;
        let clicked: zbus::Result<()> = menu.call("Event", &(id, "clicked", Value::from(0_i32), 0_u32)).await;
        Ok(clicked?)
    }

    /// Waits until a row of the icon's menu has its mark, or has not.
    ///
    /// # Errors
    /// When there is no such row.
    pub async fn is_marked(&self, label: &str, marked: bool) -> anyhow::Result<()> {
        until::holds(&format!("the mark of {label:?} to be {marked}"), until::SHORT, async || {
            Ok(self.menu_row(label).await?.1 == Some(i32::from(marked)))
        })
        .await
    }

    /// The number of a row of the menu, and its mark where it has one.
    async fn menu_row(&self, label: &str) -> anyhow::Result<(i32, Option<i32>)> {
        let menu = self.of_item(MENU_PATH, MENU).await.context("there is no icon in the tray")?;
        let rows: Vec<Row> =
            menu.call("GetGroupProperties", &(Vec::<i32>::new(), Vec::<String>::new())).await?;
        for (id, like) in rows {
            let value = |name: &str| like.get(name).map(|value| &**value);
            let mark = match value("toggle-state") {
                Some(Value::I32(mark)) => Some(*mark),
                _ => None,
            };
            if matches!(value("label"), Some(Value::Str(text)) if **text == *label) {
                return Ok((id, mark));
            }
        }
        anyhow::bail!("the menu has no row {label:?}")
    }

    async fn tray_title(&self) -> Option<String> {
        self.of_item(ITEM_PATH, ITEM).await?.get_property("Title").await.ok()
    }

    /// The item that came last.
    async fn of_item(&self, path: &'static str, interface: &'static str) -> Option<Proxy<'static>> {
        let name = lock(&self.state).items.last().cloned()?;
        let built = zbus::proxy::Builder::<Proxy<'static>>::new(&self.connection)
            .destination(name)
            .ok()?
            .path(path)
            .ok()?
            .interface(interface)
            .ok()?
            // What it says changes without a word of the kind that caches wait for.
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build();
        built.await.ok()
    }
}

/// The points of the first picture of several, each with its width and height before them.
fn points(pictures: &Value<'_>) -> Option<Vec<u8>> {
    let Value::Array(pictures) = pictures else { return None };
    let Value::Structure(picture) = pictures.iter().next()? else { return None };
    let Value::Array(points) = picture.fields().get(2)? else { return None };
    let byte = |point: &Value<'_>| match point {
        Value::U8(byte) => Some(*byte),
        _ => None,
    };
    points.iter().map(byte).collect()
}
