//! Reading a JPEG whole, but into fewer pixels than it has.
//!
//! A JPEG is made of blocks of 8x8, each a sum of waves; whoever leaves the fine waves out gets blocks of 4x4, 2x2 or 1x1, with a
//! fraction of the memory. Every byte of the file is still read, so that a damaged one is found.

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use super::{DECODING_BYTES, Problem};

/// What all pixels of a file may take. They are not decoded, but a progressive JPEG's waves are all kept until its end, in twice as
/// many bytes, and two files may be read at a time.
const ALL_BYTES: usize = DECODING_BYTES / 4;

/// A JPEG's size as it says, and its pixels: those of the file, or an even fraction, of which the longest side is at least `side`.
pub(super) fn decode(bytes: &[u8], side: u16) -> Result<((u32, u32), DynamicImage), Problem> {
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(DECODING_BYTES);
    decoder.read_info().map_err(|_| Problem::Damaged)?;
    // It tells the size of what it decodes, which is the file's until it is asked for less.
    let whole = decoder.info().ok_or(Problem::Damaged)?;
    let all_pixels = usize::from(whole.width) * usize::from(whole.height);
    if all_pixels * whole.pixel_format.pixel_bytes() > ALL_BYTES {
        return Err(Problem::Damaged);
    }
    let (width, height) = decoder.scale(side, side).map_err(|_| Problem::Damaged)?;
    let bytes = decoder.decode().map_err(|_| Problem::Damaged)?;
    let (width, height) = (width.into(), height.into());
    let pixels = match whole.pixel_format {
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, bytes).map(DynamicImage::from),
        PixelFormat::L8 => GrayImage::from_raw(width, height, bytes).map(DynamicImage::from),
        PixelFormat::CMYK32 => RgbImage::from_raw(width, height, without_ink(&bytes)).map(DynamicImage::from),
        // Only lossless JPEGs have 16 bits, and no browser shows those.
        PixelFormat::L16 => None,
    };
    let pixels = pixels.ok_or(Problem::Damaged)?;
    Ok(((whole.width.into(), whole.height.into()), pixels))
}

/// Colours of four inks as light. Without the profile of a press it is the formula that everyone uses.
fn without_ink(inks: &[u8]) -> Vec<u8> {
    let (pixels, _) = inks.as_chunks::<4>();
    let light = |ink: u8, black: u8| {
        let light = u16::from(255 - ink) * u16::from(255 - black) / 255;
        light.to_le_bytes()[0]
    };
    pixels
        .iter()
        .flat_map(|&[cyan, magenta, yellow, black]| [cyan, magenta, yellow].map(|ink| light(ink, black)))
        .collect()
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;

    use super::*;

    /// Something with a slow change from side to side, which looks alike at any size.
    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut file = Vec::new();
        let shade = |at: u32, of: u32| (at * 255 / of).to_le_bytes()[0];
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([shade(x, width), shade(y, height), 90])
        })
        .write_with_encoder(JpegEncoder::new_with_quality(&mut file, 90))
        .expect("encoded");
        file
    }

    #[test]
    fn a_large_one_is_read_small_and_keeps_its_size_and_its_colours() {
        let (size, pixels) = decode(&jpeg(1600, 800), 400).expect("whole");
        assert_eq!(size, (1600, 800));
        let pixels = pixels.into_rgb8();
        assert_eq!(pixels.dimensions(), (400, 200));
        let [red, green, blue] = pixels.get_pixel(200, 50).0;
        for (is, should) in [(red, 127), (green, 63), (blue, 90)] {
            assert!(is.abs_diff(should) < 4, "{red} {green} {blue}");
        }
    }

    #[test]
    fn it_is_never_read_smaller_than_asked() {
        let longest = |width, height| {
            let (_, pixels) = decode(&jpeg(width, height), 400).expect("whole");
            pixels.width().max(pixels.height())
        };
        assert_eq!(longest(790, 30), 790);
        assert_eq!(longest(30, 800), 400);
        assert_eq!(longest(120, 90), 120);
    }

    #[test]
    fn one_that_is_cut_short_is_damaged() {
        let whole = jpeg(1600, 800);
        for part in [whole.len() / 2, whole.len() - 100, 200, 2] {
            let cut = decode(&whole[..part], 400);
            assert_eq!(cut.expect_err("cut short"), Problem::Damaged, "{part} bytes");
        }
    }

    #[test]
    fn one_of_more_pixels_than_fit_is_refused_though_few_of_them_are_wanted() {
        let file = |side: u32| {
            let mut file = Vec::new();
            GrayImage::new(side, side)
                .write_with_encoder(JpegEncoder::new_with_quality(&mut file, 90))
                .expect("encoded");
            decode(&file, 400).map(|(size, _)| size)
        };
        assert_eq!(file(8192).expect("as many as fit"), (8192, 8192));
        assert_eq!(file(8193).expect_err("too many"), Problem::Damaged);
    }

    #[test]
    fn inks_become_light() {
        let none_some_and_all = [0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
        assert_eq!(
            without_ink(&none_some_and_all),
            [255, 255, 255, 0, 255, 255, 0, 0, 0]
        );
    }
}
