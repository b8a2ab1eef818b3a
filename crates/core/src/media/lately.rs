//! Which files came into the vault last.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::desk::inner::lock;

/// So many: more than the window shows of a thread at once.
const MOST: usize = 64;

/// Hashes of the files that came last.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<VecDeque<String>>);

impl Lately {
    /// A file came.
    pub(super) fn came(&self, media: &str) {
        let mut lately = lock(&self.0);
        lately.retain(|known| known != media);
        lately.push_back(media.to_owned());
        if lately.len() > MOST {
            lately.pop_front();
        }
    }

    /// All of them, the newest last.
    pub(super) fn all(&self) -> Vec<String> {
        lock(&self.0).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_are_known_each_once_and_in_their_order() {
        let lately = Lately::default();
        for number in 0..=MOST {
            lately.came(&number.to_string());
        }
        lately.came("5");
        let all = lately.all();
        assert_eq!(all.len(), MOST);
        assert_eq!((all.first().map(String::as_str), all.last().map(String::as_str)), (Some("1"), Some("5")));
        assert_eq!(all.iter().filter(|known| *known == "5").count(), 1);
    }
}
