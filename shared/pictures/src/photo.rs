//! Making a stranger's photo fit to be sent on: is it what it says, how large, which way up.
//!
//! Sizes are read before pixels are decoded, so a small file that claims a huge picture costs nothing.

mod cut_short;

use std::{borrow::Cow, io::Cursor};

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageResult, Limits, RgbImage,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::{PngDecoder, PngEncoder},
        webp::WebPDecoder,
    },
    imageops,
    metadata::Orientation,
};
use packshot_domain::{
    failure::FailureCode,
    photo::{self, PhotoFormat, Sniffed},
};

use crate::pixels::{fitted, in_8_bits};

/// The longest side of a photo that is sent to Gemini, in pixels. Its models look at far fewer.
const LONGEST_SIDE: u32 = 4096;

/// The largest file that is sent on as it is.
const LARGEST_AS_IT_IS: usize = 15 * 1024 * 1024;

/// The longest side of the copy that the planning model looks at.
const PREVIEW_SIDE: u32 = 1024;

/// What decoding one photo may allocate: 50 megapixels of four 16-bit channels.
const DECODING_BYTES: u64 = 8 * photo::MAX_PIXELS;

const JPEG_QUALITY: u8 = 92;

/// A photo that is fit to be sent on.
#[derive(Debug)]
pub struct FitPhoto {
    /// The file: as it was sent, unless it had to be turned upright, converted or made smaller.
    pub bytes: Bytes,
    /// Its format.
    pub format: PhotoFormat,
    /// A small JPEG of it.
    pub preview: Bytes,
}

/// Checks a photo and makes it fit.
///
/// # Errors
///
/// The reason for which the photo is refused.
pub fn make_fit(bytes: Bytes) -> Result<FitPhoto, FailureCode> {
    if bytes.len() as u64 > photo::MAX_BYTES {
        return Err(FailureCode::PhotoTooLarge);
    }
    let format = match photo::sniff(&bytes) {
        Sniffed::Photo(format) => format,
        Sniffed::OtherPicture(_) => return Err(FailureCode::PhotoUnsupportedFormat),
        Sniffed::NotAPicture => return Err(FailureCode::PhotoUnreadable),
    };
    let decoded = decode(&bytes, format)?;
    let preview = preview(&decoded.pixels)?;
    let side = decoded.pixels.width().max(decoded.pixels.height());
    if decoded.is_plain && side <= LONGEST_SIDE && bytes.len() <= LARGEST_AS_IT_IS {
        return Ok(FitPhoto {
            bytes,
            format,
            preview,
        });
    }
    let pixels = at_most(&decoded.pixels, LONGEST_SIDE)?;
    let (bytes, format) = encode(&pixels)?;
    Ok(FitPhoto {
        bytes,
        format,
        preview,
    })
}

struct Decoded {
    /// Upright.
    pixels: DynamicImage,
    /// Whether the file shows just these pixels to any reader: upright, one frame, no ink colours.
    is_plain: bool,
}

fn decode(bytes: &[u8], format: PhotoFormat) -> Result<Decoded, FailureCode> {
    let file = Cursor::new(bytes);
    match format {
        PhotoFormat::Jpeg if cut_short::is_cut_short(bytes) => Err(FailureCode::PhotoUnreadable),
        PhotoFormat::Jpeg => {
            let decoder = JpegDecoder::new(file).map_err(unreadable)?;
            let has_ink_colours = matches!(decoder.original_color_type(), image::ExtendedColorType::Cmyk8);
            decode_with(decoder, !has_ink_colours)
        }
        PhotoFormat::Png => {
            let decoder = PngDecoder::new(file).map_err(unreadable)?;
            let is_animated = decoder.is_apng().map_err(unreadable)?;
            decode_with(decoder, !is_animated)
        }
        PhotoFormat::WebP => {
            let decoder = WebPDecoder::new(file).map_err(unreadable)?;
            let is_animated = decoder.has_animation();
            decode_with(decoder, !is_animated)
        }
    }
}

fn decode_with(mut decoder: impl ImageDecoder, is_plain: bool) -> Result<Decoded, FailureCode> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > photo::MAX_PIXELS {
        return Err(FailureCode::PhotoTooManyPixels);
    }
    if width.min(height) < photo::MIN_SIDE {
        return Err(FailureCode::PhotoTooSmall);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODING_BYTES);
    decoder.set_limits(limits).map_err(unreadable)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut pixels = in_8_bits(DynamicImage::from_decoder(decoder).map_err(unreadable)?);
    pixels.apply_orientation(orientation);
    Ok(Decoded {
        pixels,
        is_plain: is_plain && orientation == Orientation::NoTransforms,
    })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form in which `map_err` hands it over"
)]
fn unreadable(error: image::ImageError) -> FailureCode {
    match error {
        image::ImageError::Limits(_) => FailureCode::PhotoTooManyPixels,
        image::ImageError::Unsupported(_) => FailureCode::PhotoUnsupportedFormat,
        _ => FailureCode::PhotoUnreadable,
    }
}

/// The picture, its longest side at most `side` pixels.
fn at_most(pixels: &DynamicImage, side: u32) -> Result<Cow<'_, DynamicImage>, FailureCode> {
    fitted(pixels, side).map_err(|_| FailureCode::PhotoUnreadable)
}

fn preview(pixels: &DynamicImage) -> Result<Bytes, FailureCode> {
    let small = at_most(pixels, PREVIEW_SIDE)?;
    encode_jpeg(&on_white(&small), 85).map_err(unreadable)
}

/// JPEG has no transparency; what is behind a product is best white.
fn on_white(pixels: &DynamicImage) -> RgbImage {
    if !pixels.color().has_alpha() {
        return pixels.to_rgb8();
    }
    let mut white = image::RgbaImage::from_pixel(pixels.width(), pixels.height(), image::Rgba([255; 4]));
    imageops::overlay(&mut white, &pixels.to_rgba8(), 0, 0);
    DynamicImage::from(white).to_rgb8()
}

/// PNG where transparency matters, else JPEG.
fn encode(pixels: &DynamicImage) -> Result<(Bytes, PhotoFormat), FailureCode> {
    if !pixels.color().has_alpha() {
        return Ok((
            encode_jpeg(&pixels.to_rgb8(), JPEG_QUALITY).map_err(unreadable)?,
            PhotoFormat::Jpeg,
        ));
    }
    let mut file = Vec::new();
    pixels
        .to_rgba8()
        .write_with_encoder(PngEncoder::new(&mut file))
        .map_err(unreadable)?;
    Ok((file.into(), PhotoFormat::Png))
}

fn encode_jpeg(pixels: &RgbImage, quality: u8) -> ImageResult<Bytes> {
    let mut file = Vec::new();
    pixels.write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality))?;
    Ok(file.into())
}

#[cfg(test)]
mod tests;
