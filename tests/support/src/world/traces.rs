//! Words looked for in every byte of every file, in each spelling in which a part might keep them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Where these words stand under a folder: each file with the spelling that was found in it.
///
/// # Errors
/// When a file cannot be read. One that goes meanwhile holds nothing.
pub fn traces(folder: &Path, words: &str) -> anyhow::Result<Vec<String>> {
    let spellings = spellings(words);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(traces(&path, words)?);
            continue;
        }
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            // A socket is no file.
            Err(_) if !path.is_file() => continue,
            read => read?,
        };
        for (how, spelling) in &spellings {
            if holds(&bytes, spelling) {
                found.push(format!("“{words}” in {}, {how}", path.display()));
            }
        }
    }
    Ok(found)
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|at| at == words)
}

/// Every way to write the words down.
fn spellings(words: &str) -> BTreeSet<(&'static str, Vec<u8>)> {
    let json = serde_json::Value::from(words).to_string();
    let wide = |bytes: fn(u16) -> [u8; 2]| words.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    BTreeSet::from([
        ("as it is", words.as_bytes().to_vec()),
        ("as JSON", json.trim_matches('"').as_bytes().to_vec()),
        ("as JSON in ASCII", escaped(words, char::is_ascii, |unit| format!("\\u{unit:04x}"))),
        ("as JSON in ASCII, large", escaped(words, char::is_ascii, |unit| format!("\\u{unit:04X}"))),
        ("as JSON with every letter escaped", escaped(words, |_| false, |unit| format!("\\u{unit:04x}"))),
        ("in UTF-16", wide(u16::to_le_bytes)),
        ("in UTF-16, turned round", wide(u16::to_be_bytes)),
    ])
}

/// The words with each character escaped that does not pass.
pub fn escaped(words: &str, passes: fn(&char) -> bool, escape: fn(u16) -> String) -> Vec<u8> {
    let mut spelt = String::new();
    for character in words.chars() {
        if passes(&character) {
            spelt.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(spelt, "{}", escape(*unit));
        }
    }
    spelt.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_spelling_and_every_folder() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let deep = folder.path().join("a/b");
        std::fs::create_dir_all(&deep)?;
        for (number, (_, spelling)) in spellings("tea “ä” 🫖").into_iter().enumerate() {
            std::fs::write(deep.join(number.to_string()), [b"before ", &*spelling, b" after"].concat())?;
        }
        let found = traces(folder.path(), "tea “ä” 🫖")?;
        assert!(found.len() >= 6, "{found:#?}");
        assert_eq!(traces(folder.path(), "coffee")?, Vec::<String>::new());
        Ok(())
    }
}
