//! A picture that Gemini made: finding it in the answer, checking it, storing it with its thumbnail.

use std::io::Cursor;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use image::{DynamicImage, ImageReader, Limits};
use packshot_clients::{bucket::Bucket, gemini::Row};
use packshot_domain::{
    batch,
    image::{ImageFailureReason, ImageFormat, ImageState, StoredImage},
    job::Job,
    photo::{self, PhotoFormat, Sniffed},
};
use sha2::{Digest, Sha256};
use tracing::warn;

use super::pixels::{fitted, in_8_bits};
use crate::runtime::TaskError;

/// The most that is kept of Gemini's words about one image.
const MAX_WORDS: usize = 500;

/// The longest side of a thumbnail, in pixels.
const THUMBNAIL_SIDE: u32 = 512;

const THUMBNAIL_QUALITY: f32 = 80.0;

/// What decoding one picture may allocate: 4K of four 16-bit channels and some.
const DECODING_BYTES: u64 = 256 * 1024 * 1024;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A picture that can be shown.
#[derive(Debug)]
struct CheckedPicture {
    stored: StoredImage,
    /// The file, byte for byte as it came.
    bytes: Bytes,
    /// A WebP of at most 512 pixels a side.
    thumbnail: Bytes,
}

/// Why a picture cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("it is not a picture")]
    NotAPicture,
    #[error("it is damaged")]
    Damaged,
    #[error("it has no thumbnail")]
    NoThumbnail,
}

/// What an answer for one image brings.
pub(super) enum Found {
    /// A picture's file.
    Picture(Vec<u8>),
    /// The reason why there is none.
    Nothing(ImageState),
}

/// Reads what Gemini answered for one image.
pub(super) fn found_in(row: Row<'_>) -> Found {
    let failed = |reason, words: Option<&str>| Found::Nothing(failed(reason, words));
    match row {
        Row::Picture(base64) => match decode_base64(&base64) {
            Some(bytes) => Found::Picture(bytes),
            None => failed(
                ImageFailureReason::ProviderError,
                Some("The picture that came is not base64."),
            ),
        },
        Row::NoPicture {
            finish_reason,
            block_reason,
            words,
        } => failed(
            batch::reason_without_image(finish_reason.as_deref(), block_reason.as_deref()),
            words.as_deref(),
        ),
        Row::Error { code, message } => {
            let words = format!("{message} (code {code})");
            failed(ImageFailureReason::ProviderError, Some(&words))
        }
    }
}

/// An image that will not come, with the beginning of the words that explain it.
pub(super) fn failed(reason: ImageFailureReason, words: Option<&str>) -> ImageState {
    let message = words.map(|words| words.trim().chars().take(MAX_WORDS).collect::<String>());
    ImageState::Failed {
        reason,
        message: message.filter(|words| !words.is_empty()),
    }
}

/// A picture after it was checked: in the bucket, or refused for this reason.
pub(super) enum Kept {
    /// It is stored; its bytes, byte for byte as they came, are for the archive.
    Stored(StoredImage, Bytes),
    /// It cannot be used.
    Refused(ImageState),
}

/// Checks a picture and stores it with its thumbnail. The keys are fixed by the image's place and the retry that it came
/// from, so that a second run stores the same things again.
pub(super) async fn keep(
    bucket: &Bucket,
    job: &Job,
    index: usize,
    attempt: u32,
    bytes: Vec<u8>,
) -> Result<Kept, TaskError> {
    let checked = tokio::task::spawn_blocking(move || check(bytes))
        .await
        .map_err(TaskError::bug)?;
    let CheckedPicture {
        stored,
        bytes,
        thumbnail,
    } = match checked {
        Ok(picture) => picture,
        Err(problem) => {
            warn!(job.id = %job.id, image = index + 1, %problem, "Gemini's picture cannot be used");
            let words = format!("The picture that came cannot be used: {problem}.");
            return Ok(Kept::Refused(failed(
                ImageFailureReason::ProviderError,
                Some(&words),
            )));
        }
    };
    let (image_key, thumbnail_key) = (
        job.image_path(&Job::image_file_name(index, attempt, stored.format)),
        job.image_path(&Job::thumbnail_file_name(index, attempt)),
    );
    tokio::try_join!(
        bucket.put_immutable(&image_key, stored.format.content_type(), bytes.clone().into()),
        bucket.put_immutable(&thumbnail_key, "image/webp", thumbnail.into()),
    )?;
    Ok(Kept::Stored(stored, bytes))
}

/// Decodes base64 of either alphabet, padded or not: the API's own clients use both.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let is_url_safe = text.bytes().any(|byte| matches!(byte, b'-' | b'_'));
    if is_url_safe {
        URL_SAFE.decode(text)
    } else {
        STANDARD.decode(text)
    }
    .ok()
}

/// Reads a picture whole and makes its thumbnail.
fn check(bytes: Vec<u8>) -> Result<CheckedPicture, Problem> {
    let format = match photo::sniff(&bytes) {
        Sniffed::Photo(PhotoFormat::Jpeg) => ImageFormat::Jpeg,
        Sniffed::Photo(PhotoFormat::Png) => ImageFormat::Png,
        Sniffed::Photo(PhotoFormat::WebP) => ImageFormat::WebP,
        Sniffed::OtherPicture(_) | Sniffed::NotAPicture => return Err(Problem::NotAPicture),
    };
    let pixels = decode(&bytes)?;
    let stored = StoredImage {
        format,
        width: pixels.width(),
        height: pixels.height(),
        bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&bytes)),
    };
    Ok(CheckedPicture {
        stored,
        thumbnail: thumbnail(pixels)?,
        bytes: bytes.into(),
    })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, Problem> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Problem::Damaged)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    reader.decode().map_err(|_| Problem::Damaged)
}

fn thumbnail(pixels: DynamicImage) -> Result<Bytes, Problem> {
    let pixels = in_8_bits(pixels);
    let small = fitted(&pixels, THUMBNAIL_SIDE).map_err(|_| Problem::NoThumbnail)?;
    let encoder = webp::Encoder::new(
        small.as_bytes(),
        pixel_layout(&small),
        small.width(),
        small.height(),
    );
    let file = encoder
        .encode_simple(false, THUMBNAIL_QUALITY)
        .map_err(|_| Problem::NoThumbnail)?;
    Ok(Bytes::copy_from_slice(&file))
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
            assert_eq!(decode_base64(text), Some(bytes.clone()), "{text}");
        }
        assert_eq!(decode_base64("not base64!"), None);
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
