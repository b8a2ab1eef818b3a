//! Tolerant reading of single fields (docs/meta.md 2.3.1).
//!
//! Each function is for `#[serde(default, deserialize_with = …)]`. A value of an unexpected type is read as
//! absent, never as a failure of the whole: the raw bytes are kept elsewhere, so nothing is lost by it.
//!
//! Values are read as they stream by, without a tree in between: a webhook is read while Meta waits. Only the
//! functions that must go on after an object that cannot be read (`…_complete`) build one first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Number, Value};

/// Below this a time is in seconds, from it on in milliseconds (docs/meta.md 2.3.1).
const FIRST_MILLISECOND_VALUE: i64 = 100_000_000_000;

/// Text; a number is taken by its digits.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Scalar::read(deserializer)?.into_text())
}

/// An id of any kind; empty text is no id.
pub(crate) fn id<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    Ok(Scalar::read(deserializer)?.into_id())
}

/// A list of ids; what is no id is left out.
pub(crate) fn ids<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    deserializer.deserialize_any(List(|scalar: Scalar<'de>| scalar.into_id(), PhantomData))
}

/// A whole number, also as text.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Scalar::read(deserializer)?.whole())
}

/// A number with a fraction, also as text.
pub(crate) fn real<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match Scalar::read(deserializer)? {
        Scalar::Number(number) => number.as_f64(),
        Scalar::Text(text) => text.trim().parse().ok().filter(|real: &f64| real.is_finite()),
        _ => None,
    })
}

/// A time in milliseconds from whatever unit it came in.
pub(crate) fn time_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Scalar::read(deserializer)?.time_ms())
}

/// A flag; absent means false, `"true"` and 1 mean true.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Scalar::read(deserializer)?.flag().unwrap_or(false))
}

/// A flag whose absence is a fact of its own.
pub(crate) fn maybe_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Scalar::read(deserializer)?.flag())
}

/// A nested object; anything else is absent. For types in which nothing has to be there.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Object(PhantomData).deserialize(deserializer)
}

/// A nested object; anything else, and an object that lacks what has to be there, is absent.
pub(crate) fn complete_object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(object_of(Value::deserialize(deserializer)?))
}

/// A list of objects; what is no object is left out. For types in which nothing has to be there.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Objects(PhantomData))
}

/// A list of objects; what is no object, or lacks what has to be there, is left out.
pub(crate) fn complete_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(list_of(Value::deserialize(deserializer)?))
}

/// Objects under names that are not known beforehand; what is no object is left out. For types in which nothing has to
/// be there.
pub(crate) fn objects_by_name<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ObjectsByName(PhantomData))
}

/// A list inside Graph's wrapping `{"data": […]}`; a bare list is taken too.
pub(crate) fn data<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(mut members) => members.remove("data").map_or_else(Vec::new, list_of),
        bare => list_of(bare),
    })
}

/// An ISO time of Graph such as `2026-10-05T09:02:04+0000`, or any number, in milliseconds.
pub(crate) fn iso_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Scalar::read(deserializer)?;
    Ok(value.as_text().and_then(iso_text_ms).or_else(|| value.time_ms()))
}

pub(crate) fn text_of(value: &Value) -> Option<String> {
    Scalar::of(value).into_text()
}

pub(crate) fn id_of<T: From<String>>(value: &Value) -> Option<T> {
    Scalar::of(value).into_id()
}

pub(crate) fn time_ms_of(value: &Value) -> Option<i64> {
    Scalar::of(value).time_ms()
}

pub(crate) fn flag_of(value: &Value) -> Option<bool> {
    Scalar::of(value).flag()
}

pub(crate) fn object_of<T: DeserializeOwned>(value: Value) -> Option<T> {
    if value.is_object() { serde_json::from_value(value).ok() } else { None }
}

pub(crate) fn list_of<T: DeserializeOwned>(value: Value) -> Vec<T> {
    let Value::Array(values) = value else {
        return Vec::new();
    };
    values.into_iter().filter_map(object_of).collect()
}

/// One value without structure, or the fact that it was none.
enum Scalar<'de> {
    Text(Cow<'de, str>),
    Number(Number),
    Flag(bool),
    Other,
}

impl<'de> Scalar<'de> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }

    fn of(value: &'de Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Number(number) => Self::Number(number.clone()),
            Value::Bool(flag) => Self::Flag(*flag),
            _ => Self::Other,
        }
    }

    fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.into_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Flag(_) | Self::Other => None,
        }
    }

    /// A number that is no whole one, or too large to be read exactly, is no id: what it would be read as belongs to
    /// somebody else or to nobody.
    fn into_id<T: From<String>>(self) -> Option<T> {
        let id = match self {
            Self::Text(text) => text.into_owned(),
            Self::Number(number) if number.is_f64() => number.as_f64().and_then(whole_of_real)?.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Flag(_) | Self::Other => return None,
        };
        (!id.is_empty()).then(|| T::from(id))
    }

    fn whole(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole_of_real)),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Flag(_) | Self::Other => None,
        }
    }

    fn time_ms(&self) -> Option<i64> {
        let time = self.whole().filter(|time| *time > 0)?;
        Some(if time < FIRST_MILLISECOND_VALUE { time * 1000 } else { time })
    }

    fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Self::Number(number) => number.as_i64().map(|number| number != 0),
            Self::Text(_) | Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Number::from_f64(number).map_or(Scalar::Other, Scalar::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Scalar<'de>, S::Error> {
        pass_over_list(seq).map(|()| Scalar::Other)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Scalar<'de>, M::Error> {
        pass_over_object(map).map(|()| Scalar::Other)
    }
}

fn pass_over_list<'de, S: SeqAccess<'de>>(mut seq: S) -> Result<(), S::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn pass_over_object<'de, M: MapAccess<'de>>(mut map: M) -> Result<(), M::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// What a value that is neither object nor list is for a reader of objects: absent.
macro_rules! scalars_are_absent {
    ($absent:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }

        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok($absent)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($absent)
        }
    };
}

/// Reads an object, or that there is none.
pub(crate) struct Object<T>(pub(crate) PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Object<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    scalars_are_absent!(None);

    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Option<T>, S::Error> {
        pass_over_list(seq).map(|()| None)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Option<T>, M::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

/// Reads an object and whether it has any member at all, or that there is none.
pub(crate) struct Filled<T>(pub(crate) PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Filled<T> {
    type Value = Option<(T, bool)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Filled<T> {
    type Value = Option<(T, bool)>;

    scalars_are_absent!(None);

    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Self::Value, S::Error> {
        pass_over_list(seq).map(|()| None)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
        let mut has_members = false;
        let noticed = Noticed { map, has_members: &mut has_members };
        let object = T::deserialize(MapAccessDeserializer::new(noticed))?;
        Ok(Some((object, has_members)))
    }
}

/// Members as they are read, with a note that there was one.
struct Noticed<'a, M> {
    map: M,
    has_members: &'a mut bool,
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for Noticed<'_, M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, M::Error> {
        let key = self.map.next_key_seed(seed)?;
        *self.has_members |= key.is_some();
        Ok(key)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        self.map.next_value_seed(seed)
    }
}

/// Reads a list of objects, leaving out what is none.
struct Objects<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Objects<T> {
    type Value = Vec<T>;

    scalars_are_absent!(Vec::new());

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Vec<T>, S::Error> {
        let mut objects = Vec::new();
        while let Some(object) = seq.next_element_seed(Object(PhantomData))? {
            objects.extend(object);
        }
        Ok(objects)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Vec<T>, M::Error> {
        pass_over_object(map).map(|()| Vec::new())
    }
}

/// Reads the members of an object, leaving out those that are no objects.
struct ObjectsByName<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectsByName<T> {
    type Value = BTreeMap<String, T>;

    scalars_are_absent!(BTreeMap::new());

    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Self::Value, S::Error> {
        pass_over_list(seq).map(|()| BTreeMap::new())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut objects = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if let Some(object) = map.next_value_seed(Object(PhantomData))? {
                objects.insert(name, object);
            }
        }
        Ok(objects)
    }
}

/// Reads a list of scalars, leaving out what the function does not take.
struct List<F, T>(F, PhantomData<T>);

impl<'de, F: Fn(Scalar<'de>) -> Option<T>, T> Visitor<'de> for List<F, T> {
    type Value = Vec<T>;

    scalars_are_absent!(Vec::new());

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Vec<T>, S::Error> {
        let mut taken = Vec::new();
        while let Some(scalar) = seq.next_element::<Scalar<'de>>()? {
            taken.extend((self.0)(scalar));
        }
        Ok(taken)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Vec<T>, M::Error> {
        pass_over_object(map).map(|()| Vec::new())
    }
}

/// The name of a member, borrowed where its spelling allows.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::read(deserializer)? {
            Scalar::Text(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("the name of a member is no text")),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range in which f64 holds whole numbers is checked")]
fn whole_of_real(real: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (real.fract() == 0.0 && real.abs() <= EXACT).then_some(real as i64)
}

fn iso_text_ms(text: &str) -> Option<i64> {
    let offset =
        jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text).and_then(|parts| parts.to_timestamp());
    offset.or_else(|_| text.parse()).ok().map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::milliseconds(json!(1_791_190_800_000_i64), Some(1_791_190_800_000))]
    #[case::seconds(json!(1_791_190_908), Some(1_791_190_908_000))]
    #[case::seconds_as_text(json!("1527459824"), Some(1_527_459_824_000))]
    #[case::milliseconds_as_text(json!("1791190800000"), Some(1_791_190_800_000))]
    #[case::whole_fraction(json!(1_791_190_800_000.0), Some(1_791_190_800_000))]
    #[case::null(json!(null), None)]
    #[case::zero(json!(0), None)]
    #[case::negative(json!(-5), None)]
    #[case::words(json!("yesterday"), None)]
    #[case::beyond_i64(json!(u64::MAX), None)]
    fn a_time_becomes_milliseconds(#[case] value: Value, #[case] ms: Option<i64>) {
        assert_eq!(time_ms_of(&value), ms);
    }

    #[rstest]
    #[case::number(json!(104_500_000_000_011_i64), Some("104500000000011"))]
    #[case::beyond_two_to_the_53(json!(9_007_199_254_740_993_i64), Some("9007199254740993"))]
    #[case::largest(json!(u64::MAX), Some("18446744073709551615"))]
    #[case::whole_fraction(json!(6_200_000_000_000_101.0), Some("6200000000000101"))]
    #[case::too_large_to_be_exact(json!(9.007_199_572_232_737e34), None)]
    #[case::fraction(json!(1.5), None)]
    #[case::empty(json!(""), None)]
    #[case::flag(json!(true), None)]
    fn an_id_is_exact_or_none(#[case] value: Value, #[case] id: Option<&str>) {
        assert_eq!(id_of::<String>(&value).as_deref(), id);
    }

    #[rstest]
    #[case("2026-10-05T09:00:00+0000", Some(1_791_190_800_000))]
    #[case("2026-10-05T11:00:00+0200", Some(1_791_190_800_000))]
    #[case("2026-10-05T09:00:00Z", Some(1_791_190_800_000))]
    #[case("2026-10-05T09:00:00+00:00", Some(1_791_190_800_000))]
    #[case("Monday", None)]
    fn graphs_times_are_read(#[case] text: &str, #[case] ms: Option<i64>) {
        assert_eq!(iso_text_ms(text), ms);
    }
}
