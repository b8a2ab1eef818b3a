//! What bytes are. The header of an answer and the ending of a name are anybody's words; the first bytes decide.

use image::ImageFormat;

/// How many of the first bytes are looked at.
pub(super) const HEAD: usize = 8 << 10;

/// What a file is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniffed {
    /// A picture that may be shown, once it was decoded.
    Picture(ImageFormat),
    /// A sound, video or document of this MIME type, which the page or the desktop may open.
    Known(&'static str),
    /// Anything else, SVG and HTML among it: it is saved, never shown.
    Other,
}

/// What is said of a file that is not shown.
pub(super) const OTHER: &str = "application/octet-stream";

/// Looks at the first bytes of a file.
pub(super) fn sniff(head: &[u8]) -> Sniffed {
    let Some(found) = infer::get(head) else { return Sniffed::Other };
    match found.mime_type() {
        "image/jpeg" => Sniffed::Picture(ImageFormat::Jpeg),
        "image/png" => Sniffed::Picture(ImageFormat::Png),
        "image/gif" => Sniffed::Picture(ImageFormat::Gif),
        "image/webp" => Sniffed::Picture(ImageFormat::WebP),
        "audio/mpeg" => Sniffed::Known("audio/mpeg"),
        "audio/m4a" | "audio/mp4" => Sniffed::Known("audio/mp4"),
        "audio/ogg" => Sniffed::Known("audio/ogg"),
        "audio/x-wav" | "audio/wav" => Sniffed::Known("audio/wav"),
        "audio/aac" => Sniffed::Known("audio/aac"),
        "audio/amr" => Sniffed::Known("audio/amr"),
        "audio/x-flac" => Sniffed::Known("audio/flac"),
        "video/mp4" | "video/x-m4v" => Sniffed::Known("video/mp4"),
        "video/webm" => Sniffed::Known("video/webm"),
        "video/x-matroska" => Sniffed::Known("video/x-matroska"),
        "video/quicktime" => Sniffed::Known("video/quicktime"),
        "video/3gpp" => Sniffed::Known("video/3gpp"),
        "application/pdf" => Sniffed::Known("application/pdf"),
        _ => Sniffed::Other,
    }
}

impl Sniffed {
    /// Its MIME type, as it is told to the page.
    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Picture(format) => format.to_mime_type(),
            Self::Known(mime) => mime,
            Self::Other => OTHER,
        }
    }
}

/// The usual ending of a file of this type; none for what is not known.
#[must_use]
pub(crate) fn ending(mime: &str) -> Option<&'static str> {
    Some(match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "audio/wav" => "wav",
        "audio/aac" => "aac",
        "audio/amr" => "amr",
        "audio/flac" => "flac",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "video/x-matroska" => "mkv",
        "video/quicktime" => "mov",
        "video/3gpp" => "3gp",
        "application/pdf" => "pdf",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png")]
    #[case(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg")]
    #[case(b"GIF89a\x01\x00\x01\x00", "image/gif")]
    #[case(b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp")]
    #[case(b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav")]
    #[case(b"OggS\x00\x02\x00\x00\x00\x00\x00\x00", "audio/ogg")]
    #[case(b"ID3\x03\x00\x00\x00\x00\x00\x00", "audio/mpeg")]
    #[case(b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2", "video/mp4")]
    #[case(b"%PDF-1.4\n", "application/pdf")]
    #[case(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", OTHER)]
    #[case(b"<?xml version=\"1.0\"?><svg/>", OTHER)]
    #[case(b"<!DOCTYPE html><script>alert(1)</script>", OTHER)]
    #[case(b"MZ\x90\x00\x03", OTHER)]
    #[case(b"#!/bin/sh\n", OTHER)]
    #[case(b"PK\x03\x04", OTHER)]
    #[case(b"BM\x00\x00\x00\x00", OTHER)]
    #[case(b"", OTHER)]
    fn bytes_say_what_they_are(#[case] head: &[u8], #[case] mime: &str) {
        assert_eq!(sniff(head).mime(), mime);
        assert_eq!(ending(mime).is_some(), mime != OTHER);
    }
}
