//! A plain second reading of JSON: a tree that keeps the order and the repeats of members, as a reference.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Any JSON; only what the reference needs is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Flag,
    Number,
    Text,
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// The first member of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Tree> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Whether any object inside names a member twice.
    pub(crate) fn repeats(&self) -> bool {
        match self {
            Self::Object(members) => {
                let twice = |(n, (name, _)): (usize, &(String, Tree))| {
                    members[..n].iter().any(|(earlier, _)| earlier == name)
                };
                members.iter().enumerate().any(twice) || members.iter().any(|(_, value)| value.repeats())
            }
            Self::List(values) => values.iter().any(Self::repeats),
            _ => false,
        }
    }

    /// Whether Meta's loose reading takes it as text.
    fn is_texty(&self) -> bool {
        matches!(self, Self::Text | Self::Number)
    }

    /// How many events the body holds, told a second time from the shape alone; `None` when it is no delivery.
    pub(crate) fn count_events(&self) -> Option<usize> {
        self.get("object").filter(|object| object.is_texty())?;
        match self.get("entry")? {
            Self::Null => Some(0),
            Self::List(entries) => Some(entries.iter().map(events_of).sum()),
            _ => None,
        }
    }
}

fn events_of(entry: &Tree) -> usize {
    let Tree::Object(members) = entry else { return 1 };
    let holds_events = |name: &str, value: &Tree| match name {
        "messaging" | "standby" | "messaging_handovers" | "changes" => true,
        "id" | "time" => false,
        _ => matches!(value, Tree::List(_) | Tree::Object(_)),
    };
    let mut lists = members.iter().filter(|(name, value)| holds_events(name, value)).peekable();
    if lists.peek().is_none() {
        return 1;
    }
    let length = |value: &Tree| match value {
        Tree::List(events) => events.len(),
        Tree::Null => 0,
        _ => 1,
    };
    lists.map(|(_, value)| length(value)).sum()
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Flag)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Tree, E> {
        Ok(Tree::Number)
    }

    fn visit_str<E>(self, _: &str) -> Result<Tree, E> {
        Ok(Tree::Text)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Tree, S::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Tree, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
