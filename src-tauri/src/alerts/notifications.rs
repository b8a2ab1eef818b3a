//! Notifications by `org.freedesktop.Notifications`, the desktops' own way: a click says which one, so that its thread can be
//! opened.
//!
//! ```text
//!   show ──Notify (replaces the slot's last one)──▶ daemon
//!   daemon ──ActivationToken, ActionInvoked──▶ clicked     ──NotificationClosed──▶ gone
//! ```
//!
//! Promises: nobody waits for a daemon that hangs; names and texts are escaped where the daemon reads markup; where it has no
//! buttons none are asked for. Refuses: another program's notifications, whose numbers pass by here too.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_commands::alerts::{NotShown, ShownAlert};
use baton_commands::contract::Words;
use baton_core::alerts::Slot;
use futures_util::StreamExt as _;
use serde::Serialize;
use zbus::message::Message;
use zbus::proxy::SignalStream;
use zbus::zvariant::{DynamicDeserialize, DynamicType, Value};
use zbus::{Connection, Proxy};

use super::Done;
use super::bus::Bus;

/// The daemon's name, and that of its interface.
const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Who we are, as `packaging/desk/baton.desktop` and its icon are called.
const DESKTOP_ENTRY: &str = "baton";
/// The act of a click on the notification itself.
const CLICK: &str = "default";
/// A daemon that does not answer within this is none.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// The daemon decides how long it shows.
const AS_LONG_AS_USUAL: i32 = -1;

/// What a daemon can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Skills {
    has_actions: bool,
    has_body: bool,
    reads_markup: bool,
}

impl Skills {
    fn of(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|one| one == name);
        Self { has_actions: has("actions"), has_body: has("body"), reads_markup: has("body-markup") }
    }

    /// Title and body as this daemon takes them.
    fn text(self, alert: &ShownAlert) -> (String, String) {
        if !self.has_body {
            return (format!("{}: {}", alert.title, alert.body), String::new());
        }
        let body = if self.reads_markup { escaped(&alert.body) } else { alert.body.clone() };
        (alert.title.clone(), body)
    }
}

/// Which notifications of ours the daemon shows.
#[derive(Debug, Default)]
struct Shown {
    ids: BTreeMap<Slot, u32>,
    slots: BTreeMap<u32, Slot>,
    tokens: BTreeMap<u32, String>,
}

impl Shown {
    fn put(&mut self, slot: Slot, id: u32) {
        if let Some(before) = self.ids.insert(slot, id).filter(|before| *before != id) {
            self.slots.remove(&before);
        }
        self.slots.insert(id, slot);
    }

    fn take(&mut self, slot: Slot) -> Option<u32> {
        let id = self.ids.remove(&slot)?;
        self.slots.remove(&id);
        self.tokens.remove(&id);
        Some(id)
    }

    /// A token for what is clicked next.
    fn token(&mut self, id: u32, token: String) {
        if self.slots.contains_key(&id) {
            self.tokens.insert(id, token);
        }
    }

    fn clicked(&mut self, id: u32) -> Option<Done> {
        let slot = *self.slots.get(&id)?;
        let token = self.tokens.remove(&id);
        self.take(slot);
        Some(Done::Clicked { slot, token })
    }

    fn closed(&mut self, id: u32) -> Option<Done> {
        let slot = *self.slots.get(&id)?;
        self.take(slot);
        Some(Done::Gone(slot))
    }
}

/// The daemon of this desktop, if it has one.
#[derive(Debug)]
pub struct Notifications {
    bus: Arc<Bus>,
    shown: Mutex<Shown>,
    skills: Mutex<Option<Skills>>,
}

impl Notifications {
    /// On this bus. Nothing is asked yet.
    pub fn new(bus: Arc<Bus>) -> Self {
        Self { bus, shown: Mutex::default(), skills: Mutex::default() }
    }

    /// Whether a daemon answers now.
    ///
    /// # Errors
    /// [`NotShown`], when none does.
    pub async fn shows(&self) -> Result<(), NotShown> {
        self.ask_skills().await.map(drop)
    }

    /// Shows an alert in the place of what its slot shows.
    ///
    /// # Errors
    /// [`NotShown`], when no daemon takes it.
    pub async fn show(&self, alert: &ShownAlert) -> Result<(), NotShown> {
        let known = *lock(&self.skills);
        let skills = match known {
            Some(skills) => skills,
            None => self.ask_skills().await?,
        };
        let replaces = lock(&self.shown).ids.get(&alert.slot).copied().unwrap_or(0);
        let (title, body) = skills.text(alert);
        let actions: Vec<&str> = if skills.has_actions { vec![CLICK, "Open"] } else { Vec::new() };
        let hints = HashMap::from([
            ("desktop-entry", Value::from(DESKTOP_ENTRY)),
            ("category", Value::from("im.received")),
            // Baton has sounds of its own, which the agent chose.
            ("suppress-sound", Value::from(true)),
        ]);
        let asked = ("Baton", replaces, DESKTOP_ENTRY, &*title, &*body, actions, hints, AS_LONG_AS_USUAL);
        let id: u32 = match self.call("Notify", &asked).await {
            Ok(id) => id,
            Err(error) => {
                // Another daemon may take its place, which can do other things.
                *lock(&self.skills) = None;
                return Err(error);
            }
        };
        lock(&self.shown).put(alert.slot, id);
        Ok(())
    }

    /// Takes away what a slot shows.
    pub async fn close(&self, slot: Slot) {
        let Some(id) = lock(&self.shown).take(slot) else { return };
        let closed: Result<(), NotShown> = self.call("CloseNotification", &id).await;
        if closed.is_err() {
            tracing::debug!("a notification was not taken away");
        }
    }

    /// Takes away everything: what is clicked later would find nobody.
    pub async fn close_all(&self) {
        let slots: Vec<Slot> = lock(&self.shown).ids.keys().copied().collect();
        for slot in slots {
            self.close(slot).await;
        }
    }

    /// Hears what people do with notifications, until the bus is gone.
    pub async fn hear(&self, hear: impl Fn(Done)) {
        let mut signals = match self.signals().await {
            Ok(signals) => signals,
            Err(error) => {
                tracing::info!(%error, "there is no session bus: alerts come inside the window");
                return;
            }
        };
        while let Some(message) = signals.next().await {
            if let Some(done) = self.understand(&message) {
                hear(done);
            }
        }
    }

    async fn signals(&self) -> zbus::Result<SignalStream<'static>> {
        proxy(self.bus.get().await?).await?.receive_all_signals().await
    }

    fn understand(&self, message: &Message) -> Option<Done> {
        let (header, body) = (message.header(), message.body());
        let mut shown = lock(&self.shown);
        match header.member()?.as_str() {
            "ActivationToken" => {
                let (id, token): (u32, String) = body.deserialize().ok()?;
                shown.token(id, token);
                None
            }
            "ActionInvoked" => {
                let (id, _): (u32, String) = body.deserialize().ok()?;
                shown.clicked(id)
            }
            "NotificationClosed" => {
                let (id, _): (u32, u32) = body.deserialize().ok()?;
                shown.closed(id)
            }
            _ => None,
        }
    }

    async fn ask_skills(&self) -> Result<Skills, NotShown> {
        let names: Vec<String> = self.call("GetCapabilities", &()).await?;
        let skills = Skills::of(&names);
        *lock(&self.skills) = Some(skills);
        Ok(skills)
    }

    async fn call<B, R>(&self, method: &'static str, body: &B) -> Result<R, NotShown>
    where
        B: Serialize + DynamicType + Sync,
        R: for<'d> DynamicDeserialize<'d>,
    {
        let calling = async { proxy(self.bus.get().await?).await?.call(method, body).await };
        match tokio::time::timeout(ANSWERS_WITHIN, calling).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::debug!(%error, method, "no program takes notifications");
                Err(nobody())
            }
            Err(_) => Err(silent()),
        }
    }
}

async fn proxy(connection: &Connection) -> zbus::Result<Proxy<'static>> {
    Proxy::new(connection, NAME, PATH, NAME).await
}

fn nobody() -> NotShown {
    NotShown(Words {
        what: "No program on this desktop shows notifications, so they come inside the window.".to_owned(),
        action: "Most desktops have one by themselves; a bare window manager needs one, for example dunst or mako."
            .to_owned(),
    })
}

fn silent() -> NotShown {
    NotShown(Words {
        what: "The program that shows notifications on this desktop does not answer, so they come inside the window."
            .to_owned(),
        action: "Baton goes on trying. Logging out and in again may help.".to_owned(),
    })
}

/// What is no markup of ours stands as it was written.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use baton_core::store::ThreadId;

    use super::*;

    const MARA: Slot = Slot::Thread(ThreadId(1));
    const NOOR: Slot = Slot::Thread(ThreadId(2));

    fn skills(names: &[&str]) -> Skills {
        Skills::of(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    fn alert(body: &str) -> ShownAlert {
        ShownAlert { slot: MARA, title: "Mara <3".to_owned(), body: body.to_owned() }
    }

    #[test]
    fn what_a_customer_wrote_is_no_markup() {
        let said = alert("<b>now</b> & here");
        let plain = ("Mara <3".to_owned(), "<b>now</b> & here".to_owned());
        assert_eq!(skills(&["body"]).text(&said), plain);
        let escaped = ("Mara <3".to_owned(), "&lt;b&gt;now&lt;/b&gt; &amp; here".to_owned());
        assert_eq!(skills(&["body", "body-markup"]).text(&said), escaped);
    }

    #[test]
    fn a_daemon_with_one_line_gets_all_in_it() {
        assert_eq!(skills(&[]).text(&alert("Hello")), ("Mara <3: Hello".to_owned(), String::new()));
    }

    #[test]
    fn a_click_names_its_slot_once_and_brings_its_token() {
        let mut shown = Shown::default();
        shown.put(MARA, 7);
        shown.token(7, "leave".to_owned());
        let clicked = Done::Clicked { slot: MARA, token: Some("leave".to_owned()) };
        assert_eq!(shown.clicked(7), Some(clicked));
        assert_eq!(shown.clicked(7), None);
        assert_eq!(shown.closed(7), None, "the daemon closes what was clicked");
    }

    #[test]
    fn what_belongs_to_another_program_is_none_of_ours() {
        let mut shown = Shown::default();
        shown.put(MARA, 7);
        shown.token(8, "leave".to_owned());
        assert_eq!((shown.clicked(8), shown.closed(8)), (None, None));
        assert!(shown.tokens.is_empty());
    }

    #[test]
    fn an_alert_that_takes_the_place_of_another_leaves_no_number_behind() {
        let mut shown = Shown::default();
        shown.put(MARA, 7);
        shown.put(NOOR, 8);
        shown.put(MARA, 9);
        assert_eq!(shown.closed(7), None);
        assert_eq!(shown.closed(9), Some(Done::Gone(MARA)));
        assert_eq!((shown.take(NOOR), shown.take(NOOR)), (Some(8), None));
    }
}
