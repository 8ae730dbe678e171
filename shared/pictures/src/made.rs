//! A picture that a model made: reading it out of an answer, checking it whole, making its thumbnail.

mod jpeg;

use std::{
    borrow::Cow,
    io::Cursor,
    sync::{Mutex, PoisonError},
};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageResult, Limits,
    codecs::{png::PngDecoder, webp::WebPDecoder},
};
use packshot_domain::{
    image::{ImageFormat, StoredImage},
    photo::{self, PhotoFormat, Sniffed},
};
use sha2::{Digest, Sha256};

use crate::pixels::{fitted, in_8_bits};

/// The longest side of a thumbnail, in pixels.
const THUMBNAIL_SIDE: u32 = 512;

const THUMBNAIL_QUALITY: f32 = 80.0;

/// How hard libwebp looks for a smaller file, from 0 to 6 (`method` of <https://developers.google.com/speed/webp/docs/api>). Its
/// usual 4 takes twice the time, and saves 3 to 5 of 100 bytes of a thumbnail.
const THUMBNAIL_EFFORT: i32 = 2;

/// The longest side of what a thumbnail is made from, where the file can be read smaller than it is: with fewer pixels it would get
/// less sharp.
const SOURCE_SIDE: u16 = 1024;

/// What decoding one picture may allocate: 4K of four 16-bit channels and some.
const DECODING_BYTES: usize = 256 * 1024 * 1024;

/// Held while all pixels of a picture are in memory.
static ALL_PIXELS: Mutex<()> = Mutex::new(());

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A picture that can be shown.
#[derive(Debug)]
pub struct CheckedPicture {
    /// What is kept about it.
    pub stored: StoredImage,
    /// The file, byte for byte as it came.
    pub bytes: Bytes,
    /// A WebP of at most 512 pixels a side.
    pub thumbnail: Bytes,
}

/// Why a picture cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Neither JPEG nor PNG nor WebP.
    #[error("it is not a picture")]
    NotAPicture,
    /// Its pixels cannot all be read, or would take too much memory.
    #[error("it is damaged")]
    Damaged,
    /// It cannot be made small.
    #[error("it has no thumbnail")]
    NoThumbnail,
}

/// Decodes base64 of either alphabet, padded or not: the API's own clients use both.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let is_url_safe = text.bytes().any(|byte| matches!(byte, b'-' | b'_'));
    if is_url_safe {
        URL_SAFE.decode(text)
    } else {
        STANDARD.decode(text)
    }
    .ok()
}

/// Reads a picture whole and makes its thumbnail.
///
/// # Errors
///
/// The reason why it cannot be used.
pub fn check(bytes: Vec<u8>) -> Result<CheckedPicture, Problem> {
    let format = match photo::sniff(&bytes) {
        Sniffed::Photo(PhotoFormat::Jpeg) => ImageFormat::Jpeg,
        Sniffed::Photo(PhotoFormat::Png) => ImageFormat::Png,
        Sniffed::Photo(PhotoFormat::WebP) => ImageFormat::WebP,
        Sniffed::OtherPicture(_) | Sniffed::NotAPicture => return Err(Problem::NotAPicture),
    };
    let ((width, height), small) = decode(&bytes, format)?;
    let stored = StoredImage {
        format,
        width,
        height,
        bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&bytes)),
    };
    Ok(CheckedPicture {
        stored,
        thumbnail: thumbnail(&small)?,
        bytes: bytes.into(),
    })
}

/// The picture's size, and the pixels of its thumbnail.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<((u32, u32), DynamicImage), Problem> {
    let file = Cursor::new(bytes);
    match format {
        ImageFormat::Jpeg => {
            let (size, pixels) = jpeg::decode(bytes, SOURCE_SIDE)?;
            Ok((size, small(pixels)?))
        }
        ImageFormat::Png => decode_all(PngDecoder::new(file)),
        ImageFormat::WebP => decode_all(WebPDecoder::new(file)),
    }
}

/// All pixels of a picture are what takes memory: whoever comes while those of another one are there waits.
fn decode_all(decoder: ImageResult<impl ImageDecoder>) -> Result<((u32, u32), DynamicImage), Problem> {
    let _one_at_a_time = ALL_PIXELS.lock().unwrap_or_else(PoisonError::into_inner);
    let pixels = decoder.and_then(decode_with).map_err(|_| Problem::Damaged)?;
    Ok(((pixels.width(), pixels.height()), small(pixels)?))
}

fn decode_with(mut decoder: impl ImageDecoder) -> ImageResult<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODING_BYTES as u64);
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    DynamicImage::from_decoder(decoder)
}

fn small(pixels: DynamicImage) -> Result<DynamicImage, Problem> {
    let pixels = in_8_bits(pixels);
    match fitted(&pixels, THUMBNAIL_SIDE).map_err(|_| Problem::NoThumbnail)? {
        Cow::Owned(small) => Ok(small),
        Cow::Borrowed(_) => Ok(pixels),
    }
}

fn thumbnail(small: &DynamicImage) -> Result<Bytes, Problem> {
    let encoder = webp::Encoder::new(
        small.as_bytes(),
        pixel_layout(small),
        small.width(),
        small.height(),
    );
    let file = encoder
        .encode_advanced(&thumbnail_config()?)
        .map_err(|_| Problem::NoThumbnail)?;
    Ok(Bytes::copy_from_slice(&file))
}

fn thumbnail_config() -> Result<webp::WebPConfig, Problem> {
    let mut config = webp::WebPConfig::new().map_err(|()| Problem::NoThumbnail)?;
    config.quality = THUMBNAIL_QUALITY;
    config.method = THUMBNAIL_EFFORT;
    Ok(config)
}

fn pixel_layout(pixels: &DynamicImage) -> webp::PixelLayout {
    if pixels.color().has_alpha() {
        webp::PixelLayout::Rgba
    } else {
        webp::PixelLayout::Rgb
    }
}

#[cfg(test)]
mod tests {
    use image::{RgbImage, codecs::png::PngEncoder};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = Vec::new();
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90])
        })
        .write_with_encoder(PngEncoder::new(&mut file))
        .expect("encoded");
        file
    }

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        let bytes = vec![0xFB, 0xFF, 0xFE, 0x01];
        for text in ["+//+AQ==", "+//+AQ", "-__-AQ==", "-__-AQ"] {
            assert_eq!(from_base64(text), Some(bytes.clone()), "{text}");
        }
        assert_eq!(from_base64("not base64!"), None);
    }

    #[test]
    fn a_picture_keeps_its_bytes_and_gets_a_thumbnail_of_its_shape() {
        let file = png(1000, 500);
        let picture = check(file.clone()).expect("usable");
        assert_eq!(picture.bytes, file);
        assert_eq!(
            (picture.stored.width, picture.stored.height, picture.stored.format),
            (1000, 500, ImageFormat::Png)
        );
        let thumbnail = image::load_from_memory(&picture.thumbnail).expect("a picture");
        assert_eq!((thumbnail.width(), thumbnail.height()), (512, 256));
    }

    #[test]
    fn small_and_narrow_pictures_have_thumbnails_too() {
        let size_of = |file| {
            let picture = check(file).expect("usable");
            let thumbnail = image::load_from_memory(&picture.thumbnail).expect("a picture");
            (thumbnail.width(), thumbnail.height())
        };
        assert_eq!(size_of(png(30, 20)), (30, 20));
        assert_eq!(size_of(png(4000, 3)), (512, 1));
    }

    #[test]
    fn what_is_not_a_whole_picture_is_refused() {
        let mut cut = png(300, 300);
        cut.truncate(cut.len() / 2);
        assert_eq!(check(cut).expect_err("cut short"), Problem::Damaged);
        assert_eq!(
            check(b"<html>".to_vec()).expect_err("a page"),
            Problem::NotAPicture
        );
    }
}
