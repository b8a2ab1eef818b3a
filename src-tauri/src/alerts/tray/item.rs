//! The item itself: `org.kde.StatusNotifierItem`, which trays of every kind read.

use std::sync::{Arc, Mutex, PoisonError};

use zbus::interface;
use zbus::zvariant::ObjectPath;

use super::icon::{Icon, Pixmap};
use super::{Act, Acts, MENU_PATH, Seen};

/// What a tray asks of us.
pub(super) struct Item {
    pub(super) icon: Arc<Icon>,
    pub(super) seen: Arc<Mutex<Seen>>,
    pub(super) act: Acts,
}

impl Item {
    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[interface(name = "org.kde.StatusNotifierItem")]
impl Item {
    #[zbus(property(emits_changed_signal = "const"))]
    fn category(&self) -> String {
        "Communications".to_owned()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> String {
        "chat.baton.desk".to_owned()
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn title(&self) -> String {
        self.seen().title()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn status(&self) -> String {
        "Active".to_owned()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn window_id(&self) -> i32 {
        0
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn icon_name(&self) -> String {
        String::new()
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn icon_pixmap(&self) -> Vec<Pixmap> {
        let seen = self.seen();
        vec![self.icon.with(seen.waiting, seen.is_quiet)]
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn overlay_icon_name(&self) -> String {
        String::new()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn attention_icon_name(&self) -> String {
        String::new()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn attention_movie_name(&self) -> String {
        String::new()
    }

    /// Icon, its points, title, text.
    #[zbus(property(emits_changed_signal = "false"))]
    fn tool_tip(&self) -> (String, Vec<Pixmap>, String, String) {
        (String::new(), Vec::new(), self.seen().title(), self.seen().text())
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn item_is_menu(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn menu(&self) -> ObjectPath<'static> {
        ObjectPath::from_static_str_unchecked(MENU_PATH)
    }

    fn activate(&self, _x: i32, _y: i32) {
        (self.act)(Act::Open);
    }

    fn secondary_activate(&self, _x: i32, _y: i32) {
        (self.act)(Act::Open);
    }

    /// The tray shows the menu by itself.
    fn context_menu(&self, _x: i32, _y: i32) {}

    fn scroll(&self, _delta: i32, _orientation: &str) {}
}
