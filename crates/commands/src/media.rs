//! Bytes of media for the page, by the name that a view gives them: what each host answers at its media address.
//!
//! `<address>/<id>` is the file as it came, `<address>/<id>?size=thumb` the small picture. An answer has the type that the
//! desk found in the bytes; what is neither picture nor sound nor video is handed out as a download only, so that nothing
//! a customer sends can run.

use baton_core::desk::{MediaPiece, MediaSize, Span};
use baton_core::media::MediaError;
use baton_core::store::StoreError;

use crate::Answering;
use crate::answer::named;

/// An answer of HTTP, for whatever carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaAnswer {
    /// The status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(&'static str, String)>,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Answering {
    /// Answers for a path such as `/a.12.0`, a query such as `size=thumb` and the value of a `Range` header.
    pub async fn serve_media(&self, path: &str, query: Option<&str>, range: Option<&str>) -> MediaAnswer {
        let Ok(medium) = named(path.trim_start_matches('/')) else { return empty(400) };
        let size = match query {
            Some("size=thumb") => MediaSize::Thumb,
            Some("") | None => MediaSize::Whole,
            Some(_) => return empty(400),
        };
        let span = range.and_then(span).filter(|_| size == MediaSize::Whole);
        match self.desk().media_piece(medium, size, span).await {
            Ok(piece) => given(piece, span.is_some()),
            Err(MediaError::Store(StoreError::Missing(_))) if span.is_some() => empty(416),
            Err(MediaError::Unreachable(_)) => empty(503),
            Err(MediaError::Vault(_)) => empty(500),
            Err(_) => empty(404),
        }
    }
}

fn given(piece: MediaPiece, is_part: bool) -> MediaAnswer {
    let is_shown = ["image/", "audio/", "video/"].iter().any(|kind| piece.mime.starts_with(kind));
    let mut headers = guards();
    headers.push(("Accept-Ranges", "bytes".to_owned()));
    headers.push(("Content-Length", piece.bytes.len().to_string()));
    if is_shown {
        headers.push(("Content-Type", piece.mime));
    } else {
        headers.push(("Content-Type", "application/octet-stream".to_owned()));
        headers.push(("Content-Disposition", "attachment".to_owned()));
    }
    if is_part {
        let last = piece.start + (piece.bytes.len() as u64).saturating_sub(1);
        headers.push(("Content-Range", format!("bytes {}-{last}/{}", piece.start, piece.total)));
    }
    MediaAnswer { status: if is_part { 206 } else { 200 }, headers, body: piece.bytes }
}

fn empty(status: u16) -> MediaAnswer {
    MediaAnswer { status, headers: guards(), body: Vec::new() }
}

/// Nothing is guessed, nothing runs, and no cache keeps what may be taken back.
fn guards() -> Vec<(&'static str, String)> {
    vec![
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Content-Security-Policy", "default-src 'none'; sandbox".to_owned()),
        ("Cache-Control", "no-store".to_owned()),
    ]
}

/// `bytes=10-19`, `bytes=10-`. Any other form is answered with the whole, which is allowed (RFC 9110, 14.2).
fn span(range: &str) -> Option<Span> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let last = if last.is_empty() { None } else { Some(last.parse().ok()?) };
    Some(Span { first: first.parse().ok()?, last })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("bytes=0-", Some((0, None)))]
    #[case("bytes=10-19", Some((10, Some(19))))]
    #[case("bytes=-5", None)]
    #[case("bytes=1-2,5-6", None)]
    #[case("lines=1-2", None)]
    #[case("bytes=a-b", None)]
    fn a_range_is_read_or_left_alone(#[case] range: &str, #[case] read: Option<(u64, Option<u64>)>) {
        assert_eq!(span(range), read.map(|(first, last)| Span { first, last }));
    }

    #[test]
    fn only_pictures_sounds_and_videos_keep_their_type() {
        let of = |mime: &str| {
            let piece = MediaPiece { mime: mime.to_owned(), bytes: vec![1, 2], start: 0, total: 2 };
            let answer = given(piece, false);
            let header = |name: &str| {
                let found = answer.headers.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            assert_eq!(header("X-Content-Type-Options"), "nosniff");
            (header("Content-Type"), header("Content-Disposition"))
        };
        for mime in ["image/png", "audio/mp4", "video/webm"] {
            assert_eq!(of(mime), (mime.to_owned(), String::new()));
        }
        for mime in ["application/pdf", "application/octet-stream", "text/html"] {
            assert_eq!(of(mime), ("application/octet-stream".to_owned(), "attachment".to_owned()));
        }
    }

    #[test]
    fn a_part_says_which_one_it_is() {
        let piece = MediaPiece { mime: "video/mp4".to_owned(), bytes: vec![0; 10], start: 5, total: 100 };
        let answer = given(piece, true);
        assert_eq!(answer.status, 206);
        assert!(answer.headers.contains(&("Content-Range", "bytes 5-14/100".to_owned())));
    }
}
