//! Drafts that are told the relay, so that whoever goes on in a thread sees what was being written there.
//!
//! Its files stay here; what they are called is told with it. While somebody writes on, what stands there is told every ten
//! seconds; a draft that was sent or cleared is taken back at once.

use std::collections::BTreeMap;

use baton_protocol::draft::{AGE_MS, DraftTold, MOST_BYTES, MOST_FILES, MOST_NAME_BYTES};
use sha2::{Digest as _, Sha256};

use super::{AGAIN_MS, Tell};
use crate::desk::inner::Inner;
use crate::store::{DraftToTell, StoreError, ThreadId};

/// What the relay is to hear of a draft, and the digest of that; none for one that is no more.
#[derive(Debug, PartialEq, Eq)]
struct Telling {
    text: String,
    files: Vec<String>,
    digest: Option<String>,
}

/// Tells what is due; `due` says since when a draft is other than the relay knows.
pub(super) async fn look(
    inner: &Inner,
    due: &mut BTreeMap<ThreadId, i64>,
    tell: Tell,
) -> Result<Option<i64>, StoreError> {
    let now_ms = inner.boot_ms();
    let drafts = inner.store.drafts_to_tell().await?;
    due.retain(|thread, _| drafts.iter().any(|draft| draft.thread == *thread));
    let mut next_ms: Option<i64> = None;
    for draft in drafts {
        let Some(telling) = to_tell(&draft) else {
            due.remove(&draft.thread);
            continue;
        };
        let age_ms = inner.wall_ms().saturating_sub(draft.updated_ms).clamp(0, AGE_MS);
        let at_ms = *due.entry(draft.thread).or_insert_with(|| now_ms.saturating_add(AGE_MS - age_ms));
        if at_ms > now_ms && telling.digest.is_some() && tell == Tell::Due {
            next_ms = next_ms.into_iter().chain([at_ms]).min();
            continue;
        }
        if !say(inner, &draft, telling).await? {
            return Ok(Some(now_ms.saturating_add(AGAIN_MS)));
        }
        due.remove(&draft.thread);
    }
    Ok(next_ms)
}

/// False when the relay is away.
async fn say(inner: &Inner, draft: &DraftToTell, telling: Telling) -> Result<bool, StoreError> {
    let Some(relay) = inner.relay() else { return Ok(false) };
    inner.store.draft_is_being_told(draft.thread).await?;
    let told = DraftTold { customer: draft.key.customer.clone(), text: telling.text, files: telling.files };
    match relay.tell_draft(&draft.key.account, &told).await {
        Ok(()) => {}
        Err(error) if error.may_work_later() => return Ok(false),
        // It is not asked again for the same.
        Err(error) => tracing::info!(%error, "the relay does not keep a draft"),
    }
    inner.store.draft_was_told(draft.thread, telling.digest.as_deref()).await?;
    Ok(true)
}

/// What the relay is to hear of a draft; none where it knows.
fn to_tell(draft: &DraftToTell) -> Option<Telling> {
    let text = if draft.text.trim().is_empty() { "" } else { cut(&draft.text, MOST_BYTES) };
    let names = draft.files.iter().take(MOST_FILES);
    let files: Vec<String> = names.map(|name| cut(name, MOST_NAME_BYTES).to_owned()).collect();
    if text.is_empty() && files.is_empty() {
        return draft.told.is_some().then(|| Telling { text: String::new(), files, digest: None });
    }
    let digest = digest(text, &files);
    let is_known = draft.told.as_deref() == Some(digest.as_str());
    (!is_known).then(|| Telling { text: text.to_owned(), files, digest: Some(digest) })
}

/// Tells one draft from another. No text holds what stands between the names.
fn digest(text: &str, files: &[String]) -> String {
    let mut digest = Sha256::new();
    digest.update(text.as_bytes());
    for name in files {
        digest.update([0_u8]);
        digest.update(name.as_bytes());
    }
    hex::encode(digest.finalize())
}

/// As much of a text as the relay keeps.
fn cut(text: &str, most_bytes: usize) -> &str {
    let mut end = text.len().min(most_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::store::ThreadKey;

    fn draft(text: &str, told: Option<&str>) -> DraftToTell {
        let key = ThreadKey { account: "104500000000011".into(), customer: "6200".into() };
        DraftToTell {
            thread: ThreadId(1),
            key,
            text: text.to_owned(),
            files: Vec::new(),
            updated_ms: 0,
            told: told.map(str::to_owned),
        }
    }

    /// SHA-256 of "Dear Anna".
    fn of_anna() -> String {
        hex::encode(Sha256::digest(b"Dear Anna"))
    }

    #[rstest]
    #[case::nothing_ever("", None, None)]
    #[case::white_space_is_nothing(" \n", None, None)]
    #[case::cleared("", Some("1f"), Some(""))]
    #[case::cleared_while_nobody_knows("", Some(""), Some(""))]
    #[case::begun("Dear Anna", None, Some("Dear Anna"))]
    #[case::changed("Dear Anna", Some("1f"), Some("Dear Anna"))]
    #[case::not_known_whether_told("Dear Anna", Some(""), Some("Dear Anna"))]
    fn what_the_relay_is_told(#[case] text: &str, #[case] told: Option<&str>, #[case] tells: Option<&str>) {
        let telling = to_tell(&draft(text, told));
        assert_eq!(telling.as_ref().map(|telling| telling.text.as_str()), tells);
        assert_eq!(
            telling.and_then(|telling| telling.digest),
            tells.filter(|text| !text.is_empty()).map(|_| of_anna())
        );
    }

    #[test]
    fn what_it_knows_is_not_told_again() {
        assert_eq!(to_tell(&draft("Dear Anna", Some(&of_anna()))), None);
    }

    #[test]
    fn a_long_draft_is_told_as_far_as_it_is_kept_and_no_letter_is_cut() {
        let long = "ü".repeat(MOST_BYTES);
        assert_eq!(cut(&long, MOST_BYTES).len(), MOST_BYTES);
        assert_eq!(cut(&format!("a{long}"), MOST_BYTES).len(), MOST_BYTES - 1);
        assert_eq!(cut("short", MOST_BYTES), "short");
    }

    #[test]
    fn what_its_files_are_called_is_told_with_it_and_alone() {
        let with = |text: &str, files: &[&str], told: Option<&str>| {
            let files = files.iter().map(|name| (*name).to_owned()).collect();
            to_tell(&DraftToTell { files, ..draft(text, told) })
        };
        let first = with("Dear Anna", &["offer.pdf"], Some(&of_anna())).unwrap();
        assert_eq!(
            (first.text.as_str(), first.files.as_slice()),
            ("Dear Anna", ["offer.pdf".to_owned()].as_slice())
        );
        let known = first.digest.unwrap();
        assert_eq!(with("Dear Anna", &["offer.pdf"], Some(&known)), None);
        assert!(with("Dear Anna", &["other.pdf"], Some(&known)).is_some());
        assert!(with("Dear Anna", &[], Some(&known)).is_some(), "it was taken out");
        let alone = with(" ", &["offer.pdf"], None).unwrap();
        assert!(alone.text.is_empty() && alone.digest.is_some());

        let long = "ü".repeat(MOST_NAME_BYTES);
        let many = vec![long.as_str(); MOST_FILES + 1];
        let told = with("", &many, None).unwrap();
        assert_eq!(told.files.len(), MOST_FILES);
        assert!(told.files.iter().all(|name| name.len() <= MOST_NAME_BYTES));
    }
}
