//! Learns which rows the product writes: triggers in a file of its own note every row of every table.
//!
//! What a commit did to a row counts once, as it stands at the end of the commit. Rows that triggers of the schema keep
//! are left to those. The words of the index are read from the index itself; a document that was taken out again is not
//! taken out by the loop, which makes the loop a little cheaper than what it is compared with.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use baton_core::store::Store;
use baton_protocol::entry::Entry;
use serde_json::Value as Json;

use super::script::{Op, Script};
use crate::sqlite::{Connection, Value};
use crate::world;

/// Kept by triggers of the schema, in the loop as in the product.
const BY_TRIGGERS: &[&str] = &["label_count", "list_count", "mention_count"];

struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<usize>,
}

/// Takes these batches in with the product, and notes what it writes.
///
/// # Errors
/// When the file cannot be written.
pub async fn record(file: &Path, batches: &[Vec<Entry>]) -> anyhow::Result<Script> {
    Store::open(file).await?.close().await;
    let notes = Connection::open(file)?;
    let tables = tables(&notes)?;
    watch(&notes, &tables)?;
    let store = Store::open(file).await?;
    let mut ends = Vec::with_capacity(batches.len());
    for batch in batches {
        store.ingest(batch, world::log_id()).await?;
        ends.push(notes.number("SELECT coalesce(max(n), 0) FROM noted", &[])?);
    }
    store.close().await;
    script(&notes, &tables, &ends)
}

fn tables(notes: &Connection) -> anyhow::Result<Vec<Table>> {
    let named = notes.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
           AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'",
        &[],
    )?;
    let mut tables = Vec::new();
    for name in named.into_iter().filter_map(|row| text(row.into_iter().next()?)) {
        if BY_TRIGGERS.contains(&name.as_str()) {
            continue;
        }
        let info = notes
            .rows("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", &[Value::from(name.as_str())])?;
        let mut table = Table { name, columns: Vec::new(), key: Vec::new() };
        for row in info {
            if row.get(1).is_some_and(|pk| *pk != Value::Integer(0)) {
                table.key.push(table.columns.len());
            }
            table.columns.extend(row.into_iter().next().and_then(text));
        }
        tables.push(table);
    }
    Ok(tables)
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn watch(notes: &Connection, tables: &[Table]) -> anyhow::Result<()> {
    notes.batch("CREATE TABLE noted (n INTEGER PRIMARY KEY, place INTEGER, op TEXT, row TEXT)")?;
    for (place, table) in tables.iter().enumerate() {
        let name = &table.name;
        for (op, when, side) in [("i", "INSERT", "new"), ("u", "UPDATE", "new"), ("d", "DELETE", "old")] {
            let row: Vec<String> =
                table.columns.iter().map(|column| format!("{side}.\"{column}\"")).collect();
            notes.batch(&format!(
                "CREATE TRIGGER noted_{op}_{name} AFTER {when} ON \"{name}\" BEGIN
                   INSERT INTO noted (place, op, row) VALUES ({place}, '{op}', json_array({})); END",
                row.join(", ")
            ))?;
        }
    }
    Ok(())
}

/// What became of a row within a commit.
struct Net {
    was_there: bool,
    row: Option<Vec<Json>>,
    place: usize,
    key: Vec<Json>,
}

fn script(notes: &Connection, tables: &[Table], ends: &[i64]) -> anyhow::Result<Script> {
    let words = words_of_index(notes)?;
    let mut writing = Writing::default();
    let read = notes.statement("SELECT place, op, row FROM noted WHERE n > ? AND n <= ? ORDER BY n")?;
    let mut begin = 0;
    for end in ends {
        let mut order: Vec<Net> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for row in read.rows(&[Value::from(begin), Value::from(*end)])? {
            let [Value::Integer(place), Value::Text(op), Value::Text(json)] = row.as_slice() else {
                anyhow::bail!("a note that is none");
            };
            let place = usize::try_from(*place)?;
            let row: Vec<Json> = serde_json::from_str(json)?;
            let key: Vec<Json> = tables[place].key.iter().map(|column| row[*column].clone()).collect();
            let name = format!("{place}{}", Json::from(key.clone()));
            let number = *known.entry(name).or_insert_with(|| {
                order.push(Net { was_there: op != "i", row: None, place, key });
                order.len() - 1
            });
            order[number].row = (op != "d").then_some(row);
        }
        let mut commit = Vec::new();
        for net in order {
            writing.row(&mut commit, &tables[net.place], net, &words)?;
        }
        writing.script.commits.push(commit);
        begin = *end;
    }
    Ok(writing.script)
}

#[derive(Default)]
struct Writing {
    script: Script,
    known: HashMap<String, usize>,
}

impl Writing {
    fn row(
        &mut self,
        commit: &mut Vec<Op>,
        table: &Table,
        net: Net,
        words: &HashMap<i64, String>,
    ) -> anyhow::Result<()> {
        let quoted = |columns: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            columns.map(|column| format!("\"{column}\"")).collect()
        };
        let name = &table.name;
        let key = table.key.iter().map(|column| format!("\"{}\" = ?", table.columns[*column]));
        let key = key.collect::<Vec<_>>().join(" AND ");
        match (net.was_there, net.row) {
            (false, None) => {}
            (true, None) => self.op(commit, format!("DELETE FROM \"{name}\" WHERE {key}"), net.key)?,
            (false, Some(row)) => {
                let marks = vec!["?"; row.len()].join(", ");
                let columns = quoted(&mut table.columns.iter()).join(", ");
                self.index(commit, name, &row, words)?;
                self.op(commit, format!("INSERT INTO \"{name}\" ({columns}) VALUES ({marks})"), row)?;
            }
            (true, Some(row)) => {
                let other = |place: &usize| !table.key.contains(place);
                let places: Vec<usize> = (0..row.len()).filter(other).collect();
                if places.is_empty() {
                    return Ok(());
                }
                let sets: Vec<String> =
                    places.iter().map(|place| format!("\"{}\" = ?", table.columns[*place])).collect();
                let mut values: Vec<Json> = places.iter().map(|place| row[*place].clone()).collect();
                values.extend(net.key);
                self.op(commit, format!("UPDATE \"{name}\" SET {} WHERE {key}", sets.join(", ")), values)?;
            }
        }
        Ok(())
    }

    /// What goes into an index together with its row.
    fn index(
        &mut self,
        commit: &mut Vec<Op>,
        table: &str,
        row: &[Json],
        words: &HashMap<i64, String>,
    ) -> anyhow::Result<()> {
        match table {
            "search_doc" => {
                let docid = row[0].as_i64().context("a docid is a number")?;
                let words = words.get(&docid).cloned().unwrap_or_default();
                let values = vec![row[0].clone(), Json::from(words), row[2].clone()];
                self.op(
                    commit,
                    "INSERT INTO search (rowid, words, scope) VALUES (?, ?, ?)".to_owned(),
                    values,
                )
            }
            "name_doc" => self.op(
                commit,
                "INSERT INTO name_search (rowid, words) VALUES (?, ?)".to_owned(),
                row.to_vec(),
            ),
            _ => Ok(()),
        }
    }

    fn op(&mut self, commit: &mut Vec<Op>, sql: String, values: Vec<Json>) -> anyhow::Result<()> {
        let next = self.script.statements.len();
        let statement = *self.known.entry(sql.clone()).or_insert(next);
        if statement == next {
            self.script.statements.push(sql);
        }
        let values = values.into_iter().map(value).collect::<anyhow::Result<_>>()?;
        commit.push(Op { statement, values });
        Ok(())
    }
}

fn value(json: Json) -> anyhow::Result<Value> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Integer(number.as_i64().context("only whole numbers are stored")?),
        Json::String(text) => Value::Text(text),
        other => anyhow::bail!("{other} is in no table"),
    })
}

/// The words of every document, in their order.
fn words_of_index(notes: &Connection) -> anyhow::Result<HashMap<i64, String>> {
    notes.batch("CREATE VIRTUAL TABLE temp.every_word USING fts5vocab(main, search, instance)")?;
    let mut all: Vec<(i64, i64, String)> = Vec::new();
    for row in notes.rows("SELECT doc, offset, term FROM temp.every_word WHERE col = 'words'", &[])? {
        if let [Value::Integer(doc), Value::Integer(offset), Value::Text(term)] = row.as_slice() {
            all.push((*doc, *offset, term.clone()));
        }
    }
    all.sort_unstable();
    let mut words: HashMap<i64, String> = HashMap::new();
    for (doc, _, term) in all {
        let text = words.entry(doc).or_default();
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&term);
    }
    Ok(words)
}
