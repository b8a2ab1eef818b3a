//! The small files that customers of this world send: pictures and stickers are drawn here, films and voice clips
//! stand in `media/`.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::world::media::{Content, File, NewFile};

/// The kinds that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MadeKind {
    Image,
    Animation,
    Sticker,
    Video,
    Audio,
    Document,
}

/// Width and height of the pictures drawn here, in pixels.
pub(crate) const PICTURE: (u32, u32) = (240, 180);
const STICKER: (u32, u32) = (96, 96);
/// Width and height of the film in `media/`, in pixels.
pub(crate) const FILM: (u32, u32) = (180, 320);
/// Its length in seconds.
pub(crate) const FILM_S: u32 = 6;

const FILM_BYTES: &[u8] = include_bytes!("../media/clip.mp4");
const VOICE_BYTES: &[u8] = include_bytes!("../media/voice.mp4");
const ANIMATION_BYTES: &[u8] = include_bytes!("../media/wave.gif");

/// As many different pictures there are.
const PICTURES: usize = 12;

/// A file of this kind under its usual name.
pub(crate) fn made(kind: MadeKind) -> NewFile {
    let name = match kind {
        MadeKind::Image => "image.png",
        MadeKind::Animation => "animation.gif",
        MadeKind::Sticker => "sticker.png",
        MadeKind::Video => "clip.mp4",
        MadeKind::Audio => "audioclip.mp4",
        MadeKind::Document => "invoice.pdf",
    };
    made_named(kind, name)
}

/// A file of this kind under a name of its own.
pub(crate) fn made_named(kind: MadeKind, name: &str) -> NewFile {
    let mime = match kind {
        MadeKind::Image | MadeKind::Sticker => "image/png",
        MadeKind::Animation => "image/gif",
        MadeKind::Video => "video/mp4",
        MadeKind::Audio => "audio/mp4",
        MadeKind::Document => "application/pdf",
    };
    NewFile { name: name.to_owned(), mime: mime.to_owned(), content: Content::Made(kind), until_ms: None }
}

/// What is in a file.
pub(crate) fn bytes(file: &File) -> Cow<'_, [u8]> {
    match &file.content {
        Content::Given(bytes) => Cow::Borrowed(bytes),
        Content::Made(MadeKind::Image) => Cow::Borrowed(picture(number(file) % PICTURES)),
        Content::Made(MadeKind::Sticker) => Cow::Borrowed(sticker()),
        Content::Made(MadeKind::Animation) => Cow::Borrowed(ANIMATION_BYTES),
        Content::Made(MadeKind::Video) => Cow::Borrowed(FILM_BYTES),
        Content::Made(MadeKind::Audio) => Cow::Borrowed(VOICE_BYTES),
        Content::Made(MadeKind::Document) => Cow::Owned(document(&file.name)),
    }
}

fn number(file: &File) -> usize {
    file.id.parse().unwrap_or(0)
}

fn picture(which: usize) -> &'static [u8] {
    static DRAWN: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let drawn = DRAWN.get_or_init(|| (0..PICTURES).map(draw_picture).collect());
    drawn.get(which).map_or(&[], Vec::as_slice)
}

fn sticker() -> &'static [u8] {
    static DRAWN: OnceLock<Vec<u8>> = OnceLock::new();
    DRAWN.get_or_init(draw_sticker)
}

/// Hills under a sky, in colours of their own.
fn draw_picture(which: usize) -> Vec<u8> {
    let (width, height) = PICTURE;
    let turn = u8::try_from(which * 21).unwrap_or(0);
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let hill = 100 + (x * (3 + which as u32 % 4) / 5) % 60;
            let shade = u8::try_from(y * 255 / height).unwrap_or(255);
            let colour = if y > hill {
                [60_u8.wrapping_add(turn / 2), 120 - shade / 4, 70]
            } else {
                [200 - shade / 2, 120_u8.wrapping_add(turn / 3), 255 - turn / 2]
            };
            pixels.extend_from_slice(&colour);
        }
    }
    png(PICTURE, png::ColorType::Rgb, &pixels)
}

/// A smiling disc on nothing.
fn draw_sticker() -> Vec<u8> {
    let (width, height) = STICKER;
    let mut pixels = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height.cast_signed() {
        for x in 0..width.cast_signed() {
            let (dx, dy) = (x - 48, y - 48);
            let from_middle = dx * dx + dy * dy;
            let is_eye = (dx.abs() - 15) * (dx.abs() - 15) + (dy + 12) * (dy + 12) < 26;
            let is_mouth = dy > 8 && (24 * 24..30 * 30).contains(&from_middle);
            let colour: [u8; 4] = match from_middle {
                far if far >= 44 * 44 => [0, 0, 0, 0],
                _ if is_eye || is_mouth => [70, 50, 10, 255],
                _ => [255, 200, 60, 255],
            };
            pixels.extend_from_slice(&colour);
        }
    }
    png(STICKER, png::ColorType::Rgba, &pixels)
}

fn png((width, height): (u32, u32), colour: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels));
    if let Err(error) = written {
        tracing::error!(%error, "a picture could not be drawn");
    }
    bytes
}

/// One page with the file's name on it.
fn document(name: &str) -> Vec<u8> {
    let shown: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || " .-_".contains(*c)).collect();
    let text = format!("BT /F1 18 Tf 60 760 Td ({shown}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut whole = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(whole.len());
        whole.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let table = whole.len();
    whole.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        whole.push_str(&format!("{place:010} 00000 n \n"));
    }
    let size = objects.len() + 1;
    whole.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    whole.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: MadeKind, id: &str) -> File {
        let NewFile { name, mime, content, until_ms } = made(kind);
        File { id: id.into(), name, mime, content, until_ms, is_gone: false }
    }

    #[test]
    fn every_kind_has_the_bytes_that_its_type_promises() {
        for (kind, at, mark) in [
            (MadeKind::Image, 0, &b"\x89PNG\r\n"[..]),
            (MadeKind::Sticker, 0, b"\x89PNG\r\n"),
            (MadeKind::Animation, 0, b"GIF89a"),
            (MadeKind::Video, 4, b"ftyp"),
            (MadeKind::Audio, 4, b"ftyp"),
            (MadeKind::Document, 0, b"%PDF-"),
        ] {
            let file = file(kind, "7");
            assert!(bytes(&file)[at..].starts_with(mark), "{kind:?}");
        }
    }

    #[test]
    fn pictures_differ_and_a_picture_stays_the_same() {
        let (one, two) = (file(MadeKind::Image, "440000000000001"), file(MadeKind::Image, "440000000000002"));
        assert_ne!(bytes(&one), bytes(&two));
        assert_eq!(bytes(&one), bytes(&one.clone()));
        let reader = png::Decoder::new(std::io::Cursor::new(bytes(&one).into_owned())).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), PICTURE);
    }
}
