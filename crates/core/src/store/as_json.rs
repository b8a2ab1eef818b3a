//! Pages that come out of the database as one value: a JSON list of lists, a column after the other.
//!
//! ```text
//!   row by row    SQLite ─▶ 60 rows × 22 values, an allocation and a step between two threads for each ─▶ Row
//!   as JSON       SQLite ─▶ one text                                                                  ─▶ Row
//! ```
//!
//! The driver runs SQLite in a thread of its own. What it hands over row by row costs more than finding the rows; as one
//! text a page costs a fifth of that (docs/decisions/0007). Fields of such a row stand in the order of the columns.

use serde::{Deserialize, Deserializer};

/// The statement for a page: these columns of these rows, in this order.
pub(super) fn page(columns: &str, from: &str, order: &str) -> String {
    format!("SELECT json_group_array(json_array({columns}) ORDER BY {order}) FROM {from}")
}

/// The same where the column may be empty.
pub(super) fn flag_or_none<'de, D: Deserializer<'de>>(value: D) -> Result<Option<bool>, D::Error> {
    Ok(Option::<i64>::deserialize(value)?.map(|number| number != 0))
}

/// SQLite knows 0 and 1 where we mean false and true; a comparison with nothing is neither, and counts as false.
pub(super) fn flag<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(Option::<i64>::deserialize(value)?.is_some_and(|number| number != 0))
}
