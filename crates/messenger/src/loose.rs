//! Tolerant reading of single fields (docs/meta.md 2.3.1).
//!
//! Each function is for `#[serde(default, deserialize_with = …)]`. A value of an unexpected type is read as
//! absent, never as a failure of the whole: the raw bytes are kept elsewhere, so nothing is lost by it.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

/// Below this a time is in seconds, from it on in milliseconds (docs/meta.md 2.3.1).
const FIRST_MILLISECOND_VALUE: i64 = 100_000_000_000;

/// Text; a number is taken by its digits.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(text_of(&Value::deserialize(deserializer)?))
}

/// An id of any kind; empty text is no id.
pub(crate) fn id<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    Ok(id_of(&Value::deserialize(deserializer)?))
}

/// A list of ids; what is no id is left out.
pub(crate) fn ids<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    let Value::Array(values) = Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    Ok(values.iter().filter_map(id_of).collect())
}

/// A whole number, also as text.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(whole_of(&Value::deserialize(deserializer)?))
}

/// A number with a fraction, also as text.
pub(crate) fn real<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A time in milliseconds from whatever unit it came in.
pub(crate) fn time_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(time_ms_of(&Value::deserialize(deserializer)?))
}

/// A flag; absent means false, `"true"` and 1 mean true.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(flag_of(&Value::deserialize(deserializer)?).unwrap_or(false))
}

/// A flag whose absence is a fact of its own.
pub(crate) fn maybe_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(flag_of(&Value::deserialize(deserializer)?))
}

/// A nested object; anything else is absent.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(object_of(Value::deserialize(deserializer)?))
}

/// A list of objects; what is no such object is left out.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(list_of(Value::deserialize(deserializer)?))
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
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(iso_text_ms).or_else(|| time_ms_of(&value)))
}

pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(crate) fn id_of<T: From<String>>(value: &Value) -> Option<T> {
    text_of(value).filter(|id| !id.is_empty()).map(T::from)
}

pub(crate) fn time_ms_of(value: &Value) -> Option<i64> {
    let time = whole_of(value).filter(|time| *time > 0)?;
    Some(if time < FIRST_MILLISECOND_VALUE { time * 1000 } else { time })
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

fn whole_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole_of_real)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range in which f64 holds whole numbers is checked")]
fn whole_of_real(real: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (real.fract() == 0.0 && real.abs() <= EXACT).then_some(real as i64)
}

fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        _ => None,
    }
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
    #[case("2026-10-05T09:00:00+0000", Some(1_791_190_800_000))]
    #[case("2026-10-05T11:00:00+0200", Some(1_791_190_800_000))]
    #[case("2026-10-05T09:00:00Z", Some(1_791_190_800_000))]
    #[case("2026-10-05T09:00:00+00:00", Some(1_791_190_800_000))]
    #[case("Monday", None)]
    fn graphs_times_are_read(#[case] text: &str, #[case] ms: Option<i64>) {
        assert_eq!(iso_text_ms(text), ms);
    }
}
