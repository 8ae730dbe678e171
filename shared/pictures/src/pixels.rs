//! What is done to decoded pictures, strangers' photos and Gemini's pictures alike.

use std::borrow::Cow;

use fast_image_resize::{
    ImageError, PixelTrait, ResizeError, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{U8x3, U8x4},
};
use image::{DynamicImage, RgbImage, RgbaImage};

/// RGB or RGBA of 8 bits a channel. Any other pixels would take up to four times the memory, for differences that neither
/// the models nor a listing shows. Most pictures are so already, and then this moves nothing.
pub(crate) fn in_8_bits(pixels: DynamicImage) -> DynamicImage {
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
/// For pixels that did not come from [`in_8_bits`]. The resizer knows more kinds, at two megabytes of code in each function that
/// makes pictures small.
pub(crate) fn fitted(pixels: &DynamicImage, side: u32) -> Result<Cow<'_, DynamicImage>, ResizeError> {
    let longest = pixels.width().max(pixels.height());
    if longest <= side {
        return Ok(Cow::Borrowed(pixels));
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side) / u64::from(longest);
        u32::try_from(exact).unwrap_or(side).max(1)
    };
    let from = (pixels.width(), pixels.height());
    let to = (scaled(from.0), scaled(from.1));
    let small = match pixels {
        DynamicImage::ImageRgb8(image) => {
            let mut small = RgbImage::new(to.0, to.1);
            resize::<U8x3>((image.as_raw(), from), (&mut small, to))?;
            small.into()
        }
        DynamicImage::ImageRgba8(image) => {
            let mut small = RgbaImage::new(to.0, to.1);
            resize::<U8x4>((image.as_raw(), from), (&mut small, to))?;
            small.into()
        }
        _ => return Err(ImageError::UnsupportedPixelType.into()),
    };
    Ok(Cow::Owned(small))
}

/// Resizes pixels of one kind, each side given with its width and height.
fn resize<P: PixelTrait>(
    (from, (width, height)): (&[u8], (u32, u32)),
    (to, (new_width, new_height)): (&mut [u8], (u32, u32)),
) -> Result<(), ResizeError> {
    // Buffers of pictures are as large as those are.
    let unusable = |_| ResizeError::from(ImageError::UnsupportedPixelType);
    let from = TypedImageRef::<P>::from_buffer(width, height, from).map_err(unusable)?;
    let mut to = TypedImage::<P>::from_buffer(new_width, new_height, to).map_err(unusable)?;
    Resizer::new().resize_typed(&from, &mut to, None)
}
