//! A migration that was released is never edited: a desk's file that ran it is refused by a program that has another one under
//! its number. `migrations/desk/released.txt` holds the checksum of each, as `sha384sum` writes it.

use std::collections::BTreeMap;

use sqlx::migrate::Migrator;

const RELEASED: &str = include_str!("../../../../migrations/desk/released.txt");

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// Checksums by version.
fn released() -> BTreeMap<i64, Vec<u8>> {
    let lines = RELEASED.lines().map(|line| line.split_once("  ").unwrap());
    lines
        .map(|(checksum, name)| {
            let (version, _) = name.split_once('_').unwrap();
            (version.parse().unwrap(), bytes(checksum))
        })
        .collect()
}

#[test]
fn a_released_migration_is_as_it_was() {
    let migrations: Migrator = sqlx::migrate!("../../migrations/desk");
    let released = released();
    let last = released.keys().copied().max().unwrap();
    for one in migrations.iter() {
        let (version, about) = (one.version, &one.description);
        match released.get(&version) {
            Some(checksum) => assert!(
                *one.checksum == **checksum,
                "migration {version} ({about}) was released and is edited: take the edit back and make it a migration of its own"
            ),
            None => assert!(
                version > last,
                "migration {version} ({about}) comes before {last}, which was released: give it the next number"
            ),
        }
    }
    for version in released.keys() {
        assert!(
            migrations.version_exists(*version),
            "migration {version} was released and is gone: put it back"
        );
    }
}
