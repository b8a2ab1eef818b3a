//! Pictures that are made as they are needed, each another one.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A picture in the PNG format: stripes of one colour on another, which nobody takes for another one.
///
/// # Errors
/// When it cannot be encoded.
pub fn png(width: u32, height: u32, colour: [u8; 3]) -> anyhow::Result<Vec<u8>> {
    let [red, green, blue] = colour;
    let stripes = |x: u32, y: u32| {
        let is_dark = (x / 24 + y / 24).is_multiple_of(2);
        if is_dark { Rgb([red / 2, green / 2, blue / 2]) } else { Rgb(colour) }
    };
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, stripes));
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    Ok(bytes)
}
