//! Pictures: decoded within limits, turned as the camera meant, and made small. A picture that does not decode is a file.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder as _, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::store::Picture;

/// Wider or higher pictures are not decoded, pixels.
const MOST_SIDE: u32 = 16_384;
/// A picture that takes more memory is not decoded, bytes: about 64 million pixels.
const MOST_MEMORY: u64 = 256 << 20;
/// The longer side of the small picture, pixels.
pub(super) const THUMB_SIDE: u32 = 640;
/// Quality of the small picture, of 100.
const QUALITY: u8 = 82;

/// A small picture, encoded here.
#[derive(Debug)]
pub(crate) struct Thumb {
    pub(crate) mime: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Reads a picture and makes it small; none when it cannot be decoded or is too large. Takes its time: not for a thread
/// that others wait for.
pub(super) fn read(mut source: impl BufRead + Seek, format: ImageFormat) -> Option<(Picture, Thumb)> {
    let moves = moves(&mut source, format);
    source.rewind().ok()?;
    let mut reader = ImageReader::with_format(source, format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().ok()?;
    decoder.set_limits(limits()).ok()?;
    if decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    let picture = Picture { width: image.width(), height: image.height(), moves };
    if picture.width == 0 || picture.height == 0 {
        return None;
    }
    Some((picture, thumb(image)?))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// Whether there is more than one frame. Only the second frame is looked at.
fn moves(source: &mut (impl BufRead + Seek), format: ImageFormat) -> bool {
    match format {
        ImageFormat::Gif => GifDecoder::new(source).ok().is_some_and(|mut decoder| {
            decoder.set_limits(limits()).is_ok() && decoder.into_frames().take(2).flatten().count() == 2
        }),
        ImageFormat::WebP => WebPDecoder::new(source).is_ok_and(|decoder| decoder.has_animation()),
        _ => false,
    }
}

fn thumb(image: DynamicImage) -> Option<Thumb> {
    let is_small = image.width() <= THUMB_SIDE && image.height() <= THUMB_SIDE;
    let small = if is_small { image } else { image.thumbnail(THUMB_SIDE, THUMB_SIDE) };
    let mut bytes = Vec::new();
    if small.color().has_alpha() {
        DynamicImage::ImageRgba8(small.into_rgba8())
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .ok()?;
        return Some(Thumb { mime: "image/png", bytes });
    }
    small.into_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    Some(Thumb { mime: "image/jpeg", bytes })
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, RgbaImage};

    use super::*;

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn hills(width: u32, height: u32) -> DynamicImage {
        let colour = |x: u32, y: u32| Rgb([(x % 256) as u8, (y % 256) as u8, 90]);
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, colour))
    }

    fn size_of(thumb: &Thumb) -> (u32, u32) {
        let small = image::load_from_memory(&thumb.bytes).unwrap();
        (small.width(), small.height())
    }

    #[test]
    fn a_large_picture_is_made_small_and_keeps_its_shape() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let bytes = encoded(&hills(1600, 800), format);
            let (picture, thumb) = read(Cursor::new(bytes), format).unwrap();
            assert_eq!(picture, Picture { width: 1600, height: 800, moves: false });
            assert_eq!((size_of(&thumb), thumb.mime), ((640, 320), "image/jpeg"));
        }
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::new(96, 96));
        let (picture, thumb) =
            read(Cursor::new(encoded(&clear, ImageFormat::Png)), ImageFormat::Png).unwrap();
        assert_eq!((picture.width, size_of(&thumb), thumb.mime), (96, (96, 96), "image/png"));
    }

    #[test]
    fn a_picture_that_the_camera_turned_is_shown_upright() {
        // An Exif segment that says "turned by a quarter" (6), put behind the start of a JPEG.
        let exif: &[u8] =
            b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let plain = encoded(&hills(300, 200), ImageFormat::Jpeg);
        let turned = [&plain[..2], exif, &plain[2..]].concat();
        let (picture, thumb) = read(Cursor::new(turned), ImageFormat::Jpeg).unwrap();
        assert_eq!((picture.width, picture.height), (200, 300));
        assert_eq!(size_of(&thumb), (200, 300));
    }

    #[test]
    fn a_gif_of_several_frames_moves() {
        let frames = |count: usize| {
            let mut bytes = Vec::new();
            let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
            let frame = image::Frame::new(hills(20, 10).into_rgba8());
            encoder.encode_frames(std::iter::repeat_n(frame, count)).unwrap();
            drop(encoder);
            read(Cursor::new(bytes), ImageFormat::Gif).unwrap().0.moves
        };
        assert!(!frames(1));
        assert!(frames(3));
    }

    #[test]
    fn a_bomb_is_no_picture() {
        // A PNG whose head promises 60 000 by 60 000 pixels and whose content is a few bytes.
        let mut bomb = encoded(&hills(8, 8), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(read(Cursor::new(bomb), ImageFormat::Png).is_none());
        let wide = encoded(&hills(MOST_SIDE + 1, 1), ImageFormat::Png);
        assert!(read(Cursor::new(wide), ImageFormat::Png).is_none());
    }

    #[test]
    fn what_only_begins_like_a_picture_is_none() {
        assert!(read(Cursor::new(b"\x89PNG\r\n\x1a\n<script>".to_vec()), ImageFormat::Png).is_none());
        assert!(read(Cursor::new(Vec::new()), ImageFormat::Jpeg).is_none());
    }

    /// The checksum of a PNG's chunk.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8)
                .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }
}
