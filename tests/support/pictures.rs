//! Photos for tests, drawn.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageBuffer, ImageFormat, Rgb, RgbImage, Rgba};

/// A red cup, more or less, on a light table.
pub fn cup_png() -> Vec<u8> {
    encoded(drawn(320, 240), ImageFormat::Png)
}

/// The same as JPEG, of a given size in pixels.
pub fn cup_jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(drawn(width, height), ImageFormat::Jpeg)
}

/// A PNG of a given size in pixels whose file is nearly as large as its pixels: noise does not compress.
pub fn noise_png(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1u32;
    let mut noise = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    encoded(
        RgbImage::from_fn(width, height, |_, _| Rgb([noise(), noise(), noise()])),
        ImageFormat::Png,
    )
}

/// A PNG of one colour of the given size in pixels, of four channels of 16 bits: a small file with as many bytes of pixels as
/// there can be.
pub fn deep_png(width: u32, height: u32) -> Vec<u8> {
    let pixels = ImageBuffer::from_pixel(width, height, Rgba([48_000u16, 9_000, 7_000, u16::MAX]));
    encoded(pixels, ImageFormat::Png)
}

/// A whole and valid PNG but for its header, which claims a size that the file never had.
pub fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut file = noise_png(1, 1);
    // The header is the first chunk: length, name, width, height, five bytes, checksum (RFC 2083, section 4.1.1).
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32fast::hash(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

/// A file as a data URL.
pub fn data_url(file: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(file))
}

fn drawn(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (
            f64::from(x) / f64::from(width) - 0.5,
            f64::from(y) / f64::from(height) - 0.5,
        );
        if across.hypot(down * 1.2) < 0.3 {
            Rgb([190, 45, 30])
        } else {
            Rgb([238, 232, 222])
        }
    })
}

fn encoded(pixels: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    pixels.into().write_to(&mut file, format).expect("encoded");
    file.into_inner()
}
