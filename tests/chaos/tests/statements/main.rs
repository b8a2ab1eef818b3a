//! No statement of the store walks over what grows with every message: SQLite is asked of each how it would answer it, once
//! a varied log is in and every question of the window was asked.

use baton_chaos_tests::soak::arrival::Arrival;
use baton_chaos_tests::soak::compare;
use baton_chaos_tests::soak::entries::log_id;
use baton_chaos_tests::soak::world::World;
use baton_chaos_tests::statements::{Statements, walks};
use baton_core::store::Store;

const ENTRIES: u64 = 4_000;
const SEED: u64 = 20_261_201;

/// What may walk, by a piece of the statement that no other has.
const ALLOWED: &[&str] = &[
    // Once, when it becomes known which app is ours: every thread is computed anew.
    "SELECT thread_id FROM thread WHERE account = ?",
    // Once, when the desk opens: the table holds the files of drafts and of parts that have not left.
    "DELETE FROM own_file_use",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_walks_over_what_grows() -> anyhow::Result<()> {
    let statements = Statements::listen()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("desk.sqlite");
    let store = Store::open(&file).await?;
    // What making a file takes is over.
    statements.forget();
    let mut world = World::new(SEED, ENTRIES)?;
    let mut arrival = Arrival::new(SEED);
    let now = arrival.of(world.go_on(usize::try_from(ENTRIES)?)?);
    for batch in now.into_iter().chain(arrival.rest()) {
        store.ingest(&batch, log_id()).await?;
    }
    let differences = compare::differences(&store, &world.end(), SEED).await?;
    assert!(differences.is_empty(), "seed {SEED}:\n{}", differences.join("\n"));
    let heard = statements.heard();
    assert!(heard.len() > 60, "only {} statements were heard", heard.len());
    let mut walks = walks(&file, &heard).await?;
    walks.retain(|walk| !ALLOWED.iter().any(|allowed| walk.contains(allowed)));
    assert!(walks.is_empty(), "{}", walks.join("\n\n"));
    Ok(())
}
