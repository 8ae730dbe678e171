//! Reads a photo the right way up, at a size that is good to work with.

use std::io::Cursor;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage, RgbaImage};

/// The longest side that is worked with; more detail than this does not show in a picture of 1K.
const LONGEST_SIDE: u32 = 1600;

/// The most memory that decoding may take.
const DECODING_BYTES: u64 = 512 * 1024 * 1024;

/// Decodes a photo and turns it as its EXIF data says. `None` if it cannot be read.
pub(super) fn read(bytes: &[u8]) -> Option<RgbaImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    let picture = picture.into_rgba8();
    let longest = picture.width().max(picture.height());
    if longest <= LONGEST_SIDE {
        return Some(picture);
    }
    let shrink = |side: u32| (side * LONGEST_SIDE / longest).max(1);
    Some(resized(
        &picture,
        shrink(picture.width()),
        shrink(picture.height()),
    ))
}

/// The picture at another size, with its transparency taken into account.
pub(super) fn resized(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    let mut result = RgbaImage::new(width.max(1), height.max(1));
    let filter = if width > picture.width() {
        FilterType::CatmullRom
    } else {
        FilterType::Lanczos3
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    if Resizer::new().resize(picture, &mut result, &options).is_err() {
        // Both sides are RGBA and at least one pixel, so the library has nothing to object to.
        return picture.clone();
    }
    result
}

/// A finished picture at a larger size.
pub(super) fn enlarged(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let mut result = RgbImage::new(width, height);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    if Resizer::new().resize(picture, &mut result, &options).is_err() {
        // Both sides are RGB and at least one pixel, so the library has nothing to object to.
        return picture.clone();
    }
    result
}
