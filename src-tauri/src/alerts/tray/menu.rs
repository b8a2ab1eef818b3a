//! The item's menu: `com.canonical.dbusmenu`. It never changes its rows, only a mark.

#![allow(clippy::needless_pass_by_value, reason = "what comes over the bus is handed over so")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::interface;
use zbus::zvariant::{OwnedValue, Value};

use super::{Act, Acts, Seen};

/// The row that holds all others.
const ROOT: i32 = 0;
/// A row was chosen.
const CLICKED: &str = "clicked";

type Properties = HashMap<String, Value<'static>>;
/// A row: its number, what it is like, and the rows in it, each as a value of the same shape.
type Row = (i32, Properties, Vec<Value<'static>>);

/// One row of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Act(Act),
    Line,
}

/// The rows, from the top; a row's number is its place, from 1.
const ENTRIES: [Entry; 4] =
    [Entry::Act(Act::Open), Entry::Act(Act::Quiet), Entry::Line, Entry::Act(Act::Quit)];

/// What a tray asks of the menu.
pub(super) struct Menu {
    pub(super) seen: Arc<Mutex<Seen>>,
    pub(super) act: Acts,
}

impl Menu {
    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn row(&self, id: i32) -> Option<Row> {
        if id == ROOT {
            let rows = numbered().map(|(id, entry)| Value::from((id, self.like(entry), no_rows()))).collect();
            return Some((ROOT, Properties::from([of("children-display", "submenu")]), rows));
        }
        numbered().find(|(number, _)| *number == id).map(|(id, entry)| (id, self.like(entry), no_rows()))
    }

    fn like(&self, entry: Entry) -> Properties {
        match entry {
            Entry::Line => Properties::from([of("type", "separator")]),
            Entry::Act(Act::Open) => Properties::from([of("label", "Open Baton")]),
            Entry::Act(Act::Quiet) => Properties::from([
                of("label", "Do not disturb"),
                of("toggle-type", "checkmark"),
                of("toggle-state", i32::from(self.seen().is_quiet)),
            ]),
            Entry::Act(Act::Quit) => Properties::from([of("label", "Quit Baton")]),
        }
    }

    fn happened(&self, id: i32, what: &str) {
        let entry = numbered().find(|(number, _)| *number == id).map(|(_, entry)| entry);
        if let Some(Entry::Act(act)) = entry.filter(|_| what == CLICKED) {
            (self.act)(act);
        }
    }
}

fn numbered() -> impl Iterator<Item = (i32, Entry)> {
    (1..).zip(ENTRIES)
}

fn no_rows() -> Vec<Value<'static>> {
    Vec::new()
}

fn of(name: &str, value: impl Into<Value<'static>>) -> (String, Value<'static>) {
    (name.to_owned(), value.into())
}

#[interface(name = "com.canonical.dbusmenu")]
impl Menu {
    #[zbus(property(emits_changed_signal = "const"))]
    fn version(&self) -> u32 {
        3
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn text_direction(&self) -> String {
        "ltr".to_owned()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn status(&self) -> String {
        "normal".to_owned()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn icon_theme_path(&self) -> Vec<String> {
        Vec::new()
    }

    fn get_layout(
        &self,
        parent: i32,
        _depth: i32,
        _properties: Vec<String>,
    ) -> zbus::fdo::Result<(u32, Row)> {
        let row = self.row(parent).ok_or_else(no_such_row)?;
        Ok((self.seen().revision, row))
    }

    /// Of no rows at all means of every row.
    fn get_group_properties(&self, ids: Vec<i32>, _properties: Vec<String>) -> Vec<(i32, Properties)> {
        let asked = |id: &i32| ids.is_empty() || ids.contains(id);
        numbered().filter(|(id, _)| asked(id)).map(|(id, entry)| (id, self.like(entry))).collect()
    }

    fn get_property(&self, id: i32, name: String) -> zbus::fdo::Result<OwnedValue> {
        let (_, mut properties, _) = self.row(id).ok_or_else(no_such_row)?;
        let value = properties.remove(&name).ok_or_else(no_such_row)?;
        OwnedValue::try_from(value).map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
    }

    fn event(&self, id: i32, what: String, _data: OwnedValue, _at: u32) {
        self.happened(id, &what);
    }

    /// Returns the rows that are not there.
    fn event_group(&self, events: Vec<(i32, String, OwnedValue, u32)>) -> Vec<i32> {
        for (id, what, _, _) in &events {
            self.happened(*id, what);
        }
        events.iter().map(|(id, ..)| *id).filter(|id| self.row(*id).is_none()).collect()
    }

    /// Nothing is made only when it is looked at.
    fn about_to_show(&self, _id: i32) -> bool {
        false
    }

    fn about_to_show_group(&self, _ids: Vec<i32>) -> (Vec<i32>, Vec<i32>) {
        (Vec::new(), Vec::new())
    }
}

fn no_such_row() -> zbus::fdo::Error {
    zbus::fdo::Error::InvalidArgs("there is no such row".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu(is_quiet: bool, acts: &Arc<Mutex<Vec<Act>>>) -> Menu {
        let seen = Seen { is_quiet, ..Seen::default() };
        let acts = Arc::clone(acts);
        let act: Acts = Arc::new(move |act| acts.lock().unwrap().push(act));
        Menu { seen: Arc::new(Mutex::new(seen)), act }
    }

    #[test]
    fn it_opens_is_quiet_and_quits() {
        let acts = Arc::default();
        let menu = menu(false, &acts);
        for id in 1..=4 {
            menu.happened(id, "hovered");
            menu.happened(id, CLICKED);
        }
        menu.happened(99, CLICKED);
        assert_eq!(*acts.lock().unwrap(), [Act::Open, Act::Quiet, Act::Quit]);
    }

    #[test]
    fn the_mark_says_whether_nobody_is_to_be_disturbed() {
        for is_quiet in [false, true] {
            let like = menu(is_quiet, &Arc::default()).like(Entry::Act(Act::Quiet));
            assert_eq!(like.get("toggle-state"), Some(&Value::from(i32::from(is_quiet))));
        }
    }

    #[test]
    fn the_root_holds_every_row_and_an_unknown_row_is_none() {
        let menu = menu(false, &Arc::default());
        assert_eq!(menu.row(ROOT).map(|(_, _, rows)| rows.len()), Some(ENTRIES.len()));
        assert!(menu.row(99).is_none());
    }
}
