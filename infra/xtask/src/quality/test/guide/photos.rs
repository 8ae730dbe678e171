//! The photos that the guide's examples send.

use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};

use crate::demo::sample;
use crate::error::Error;

/// What the guide calls large: too large for a form.
#[cfg(test)]
const LARGE: usize = 8_000_000;

static CUP: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let drawn = image::load_from_memory(&sample::draw()).expect("the sample is a picture");
    jpeg(&drawn.to_rgb8(), 85)
});

static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let drawn = image::load_from_memory(&sample::draw()).expect("the sample is a picture");
    jpeg(&drawn.thumbnail(128, 128).to_rgb8(), 80)
});

static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| jpeg(&noise(2400, 2000), 100));

/// Puts `cup.jpg`, `cup-small.jpg` and `cup-large.jpg` into a folder.
pub(super) fn lay(folder: &Path) -> Result<(), Error> {
    for (name, bytes) in [
        ("cup.jpg", &CUP),
        ("cup-small.jpg", &SMALL),
        ("cup-large.jpg", &NOISE),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, bytes.as_slice()).map_err(Error::file("write", &file))?;
    }
    Ok(())
}

/// The sample as a photo for a form.
pub(super) fn cup() -> Vec<u8> {
    CUP.clone()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture.clone())
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .expect("memory can be written to");
    bytes.into_inner()
}

/// Pixels that no compression makes smaller; the same each time.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 0x2545_f491_u32;
    RgbImage::from_fn(width, height, |_, _| {
        // xorshift (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, _] = state.to_le_bytes();
        image::Rgb([a, b, c])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_photo_is_larger_than_a_form_carries_and_the_others_are_not() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        lay(folder.path()).expect("it can be written");
        let size = |name| {
            std::fs::metadata(folder.path().join(name))
                .expect("it is there")
                .len()
        };
        assert!(size("cup-large.jpg") > LARGE as u64, "{}", size("cup-large.jpg"));
        assert!(size("cup.jpg") < 1_000_000 && size("cup-small.jpg") < 20_000);
    }
}
