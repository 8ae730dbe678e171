//! What the drawn pictures share: the brand's colours, letters, and files.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels: small positive numbers that every one of these types holds exactly, rounded on purpose"
)]

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use image::{ImageEncoder, Rgba, RgbaImage};

/// Paper of the dark light table.
pub(crate) const PAPER: Rgba<u8> = Rgba([0x16, 0x15, 0x13, 255]);
/// Where a picture is missing.
pub(crate) const SURFACE: Rgba<u8> = Rgba([0x1f, 0x1e, 0x1b, 255]);
/// Lines around frames.
pub(crate) const HAIRLINE: Rgba<u8> = Rgba([0x34, 0x32, 0x2d, 255]);
/// Text.
pub(crate) const INK: Rgba<u8> = Rgba([0xf2, 0xef, 0xe8, 255]);
/// Text that keeps back.
pub(crate) const MUTED_INK: Rgba<u8> = Rgba([0xa2, 0x9d, 0x92, 255]);
/// The grease pencil.
pub(crate) const RED: Rgba<u8> = Rgba([0xff, 0x6b, 0x57, 255]);

/// Inter (SIL Open Font License, beside the file), of which the repository has one copy.
const INTER: &[u8] = include_bytes!("../../../fake-google/fonts/Inter-Medium.ttf");

/// The interface's typeface in one size.
#[derive(Debug)]
pub(crate) struct Lettering {
    font: FontRef<'static>,
    scale: PxScale,
}

impl Lettering {
    /// Letters of this height in pixels.
    pub(crate) fn new(height: f32) -> Self {
        let font = FontRef::try_from_slice(INTER).expect("the font is part of the repository and whole");
        Self {
            font,
            scale: PxScale::from(height),
        }
    }

    /// How wide a text becomes.
    pub(crate) fn width(&self, text: &str) -> f32 {
        self.glyphs(text, 0.0, 0.0).1
    }

    /// The text, cut so that it fits this width.
    pub(crate) fn cut(&self, text: &str, width: f32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut letters: Vec<char> = text.chars().collect();
        while !letters.is_empty() {
            letters.pop();
            let shorter = letters.iter().collect::<String>().trim_end().to_owned() + "…";
            if self.width(&shorter) <= width {
                return shorter;
            }
        }
        String::new()
    }

    /// Writes a text with its left end and its baseline here.
    pub(crate) fn write(
        &self,
        canvas: &mut RgbaImage,
        left: f32,
        baseline: f32,
        colour: Rgba<u8>,
        text: &str,
    ) {
        for glyph in self.glyphs(text, left, baseline).0 {
            let Some(outline) = self.font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                blend(
                    canvas,
                    corner.x as i64 + i64::from(x),
                    corner.y as i64 + i64::from(y),
                    colour,
                    coverage,
                );
            });
        }
    }

    fn glyphs(&self, text: &str, left: f32, baseline: f32) -> (Vec<Glyph>, f32) {
        let font = self.font.as_scaled(self.scale);
        let mut glyphs = Vec::new();
        let mut at = left;
        for letter in text.chars() {
            let mut glyph = font.scaled_glyph(letter);
            glyph.position = point(at, baseline);
            at += font.h_advance(glyph.id);
            glyphs.push(glyph);
        }
        (glyphs, at - left)
    }
}

/// Mixes a colour into a pixel. Outside the canvas nothing happens.
fn blend(canvas: &mut RgbaImage, x: i64, y: i64, colour: Rgba<u8>, coverage: f32) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
        return;
    };
    let Some(pixel) = canvas.get_pixel_mut_checked(x, y) else {
        return;
    };
    for channel in 0..3 {
        let (below, above) = (f32::from(pixel.0[channel]), f32::from(colour.0[channel]));
        pixel.0[channel] = (below + (above - below) * coverage.clamp(0.0, 1.0)).round() as u8;
    }
}

/// A picture as the bytes of a PNG file.
pub(crate) fn png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            image::ExtendedColorType::Rgba8,
        )
        .expect("writing to memory cannot fail, and the size is the picture's own");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_its_place() {
        let letters = Lettering::new(20.0);
        assert_eq!(letters.cut("Cup", 500.0), "Cup");
        let cut = letters.cut("A cup with a very long name that nobody would read", 120.0);
        assert!(cut.ends_with('…') && letters.width(&cut) <= 120.0, "{cut}");
        assert_eq!(letters.cut("Cup", 1.0), "");
    }
}
