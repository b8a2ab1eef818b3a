//! Drafts as the relay keeps them for when somebody falls out.
//!
//! A desk tells the relay a draft that is older than [`AGE_MS`], and an empty one once it is cleared or sent
//! ([`crate::routes::DRAFTS`]). The relay keeps the newest of each agent per thread, beside the log and readable by nobody.
//! When a thread is taken from its assignee, their draft becomes a fact, [`crate::team::TeamFact::DraftHanded`], and is kept no
//! longer: whoever goes on there sees what was being written. Files of a draft stay on its desk; what they are called goes
//! along, so that whoever goes on knows of them.

use baton_messenger::id::CustomerId;
use serde::{Deserialize, Serialize};

/// How old a draft is before its desk tells the relay, milliseconds.
pub const AGE_MS: i64 = 10_000;
/// The longest draft that is kept, bytes of UTF-8.
pub const MOST_BYTES: usize = 20_000;
/// The most files of a draft that are named.
pub const MOST_FILES: usize = 20;
/// The longest name of a file, bytes of UTF-8; a longer one is told as far as this.
pub const MOST_NAME_BYTES: usize = 255;

/// A desk's draft of a thread. It goes to [`crate::routes::DRAFTS`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTold {
    /// The thread, see [`crate::presence::MAX_CUSTOMER_BYTES`].
    pub customer: CustomerId,
    /// The whole text, at most [`MOST_BYTES`]. What is empty or only white space, and has no files, is no draft any more.
    pub text: String,
    /// What the files in it are called, in order: at most [`MOST_FILES`], each at most [`MOST_NAME_BYTES`]. A program of before
    /// tells none, and keeps none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

impl DraftTold {
    /// Whether there is no draft any more.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.text.trim().is_empty() && self.files.is_empty()
    }
}

impl std::fmt::Debug for DraftTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DraftTold")
            .field("bytes", &self.text.len())
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_debug_output_shows_a_draft() {
        let files = vec!["Anna.pdf".to_owned()];
        let told = DraftTold { customer: "6200".into(), text: "Dear Anna".to_owned(), files };
        assert!(!format!("{told:?}").contains("Anna"));
    }

    #[test]
    fn a_program_of_before_tells_no_files_and_hears_of_none() {
        let before = r#"{"customer":"6200","text":"Dear Anna"}"#;
        let told: DraftTold = serde_json::from_str(before).unwrap();
        assert!(told.files.is_empty() && !told.is_nothing());
        assert_eq!(serde_json::to_string(&told).unwrap(), before);
        let of_files = DraftTold { text: " ".to_owned(), files: vec!["a.pdf".to_owned()], ..told };
        assert!(!of_files.is_nothing());
        assert!(DraftTold { files: Vec::new(), ..of_files }.is_nothing());
    }
}
