//! What is done to decoded pictures, strangers' photos and Gemini's pictures alike.

use std::borrow::Cow;

use fast_image_resize::{ResizeError, ResizeOptions, Resizer};
use image::DynamicImage;

/// RGB or RGBA of 8 bits a channel. Any other pixels would take up to four times the memory, for differences that neither
/// the models nor a listing shows. Most pictures are so already, and then this moves nothing.
pub(super) fn in_8_bits(pixels: DynamicImage) -> DynamicImage {
    if pixels.color().has_alpha() {
        pixels.into_rgba8().into()
    } else {
        pixels.into_rgb8().into()
    }
}

/// The picture, its longest side at most `side` pixels; one that is not longer stays as it is.
///
/// # Errors
///
/// For pixels that did not come from [`in_8_bits`]: the resizer does not know all kinds.
pub(super) fn fitted(pixels: &DynamicImage, side: u32) -> Result<Cow<'_, DynamicImage>, ResizeError> {
    let longest = pixels.width().max(pixels.height());
    if longest <= side {
        return Ok(Cow::Borrowed(pixels));
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side) / u64::from(longest);
        u32::try_from(exact).unwrap_or(side).max(1)
    };
    let mut small = DynamicImage::new(scaled(pixels.width()), scaled(pixels.height()), pixels.color());
    Resizer::new().resize(pixels, &mut small, &ResizeOptions::default())?;
    Ok(Cow::Owned(small))
}
