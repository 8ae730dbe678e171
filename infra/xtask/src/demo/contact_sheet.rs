//! The contact sheet: every frame on dark paper with its number, and one red ring around the pick.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels: small positive numbers that every one of these types holds exactly, rounded on purpose"
)]

use image::{DynamicImage, RgbaImage, imageops};

use crate::demo::checks::Picture;
use crate::demo::drawing::{HAIRLINE, INK, Lettering, MUTED_INK, PAPER, SURFACE, png};
use crate::demo::pencil;

/// The most frames in a row, as on a sheet of film strips.
const COLUMNS: u32 = 5;
/// The longer side of a frame.
const FRAME: u32 = 336;
const MARGIN: u32 = 56;
const GAP: u32 = 28;
/// Room above the frames for the title.
const HEADING: u32 = 64;
/// Room under a frame for its number.
const CAPTION: u32 = 40;

/// Where things are on a sheet. All in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    columns: u32,
    rows: u32,
    frame_width: u32,
    frame_height: u32,
}

impl Layout {
    /// A sheet for so many frames of this shape (width by height).
    fn new(count: u32, shape: f64) -> Self {
        let columns = count.clamp(1, COLUMNS);
        let shorter = |ratio: f64| ((f64::from(FRAME) * ratio).round() as u32).max(1);
        let (frame_width, frame_height) = if shape >= 1.0 {
            (FRAME, shorter(1.0 / shape))
        } else {
            (shorter(shape), FRAME)
        };
        Self {
            columns,
            rows: count.max(1).div_ceil(columns),
            frame_width,
            frame_height,
        }
    }

    fn size(&self) -> (u32, u32) {
        let width = 2 * MARGIN + self.columns * self.frame_width + (self.columns - 1) * GAP;
        let height = 2 * MARGIN + HEADING + self.rows * (self.frame_height + CAPTION) + (self.rows - 1) * GAP;
        (width, height)
    }

    /// The upper left corner of a frame, counted from 0.
    fn corner(&self, index: u32) -> (u32, u32) {
        let (column, row) = (index % self.columns, index / self.columns);
        let x = MARGIN + column * (self.frame_width + GAP);
        let y = MARGIN + HEADING + row * (self.frame_height + CAPTION + GAP);
        (x, y)
    }
}

/// Draws the sheet of a set, as a PNG file. A frame without a picture stays empty.
pub(crate) fn draw(title: &str, count: u32, shape: f64, pictures: &[Picture]) -> Vec<u8> {
    let layout = Layout::new(count, shape);
    let (width, height) = layout.size();
    let mut sheet = RgbaImage::from_pixel(width, height, PAPER);
    heading(&mut sheet, title, &format!("{} of {count}", pictures.len()));
    for index in 0..count {
        let number = index + 1;
        frame(
            &mut sheet,
            &layout,
            index,
            pictures.iter().find(|picture| picture.number == number),
        );
    }
    if let Some(pick) = pictures.first() {
        let (x, y) = layout.corner(pick.number - 1);
        pencil::ring(&mut sheet, (x, y), (layout.frame_width, layout.frame_height));
    }
    png(&sheet)
}

fn heading(sheet: &mut RgbaImage, title: &str, count: &str) {
    let (large, small) = (Lettering::new(30.0), Lettering::new(22.0));
    let (left, right) = (MARGIN as f32, (sheet.width() - MARGIN) as f32);
    let baseline = (MARGIN + 24) as f32;
    let count_width = small.width(count);
    let title = large.cut(title, right - left - count_width - GAP as f32);
    large.write(sheet, left, baseline, INK, &title);
    small.write(sheet, right - count_width, baseline, MUTED_INK, count);
}

fn frame(sheet: &mut RgbaImage, layout: &Layout, index: u32, picture: Option<&Picture>) {
    let (x, y) = layout.corner(index);
    let (width, height) = (layout.frame_width, layout.frame_height);
    let edge = RgbaImage::from_pixel(width + 2, height + 2, HAIRLINE);
    imageops::replace(sheet, &edge, i64::from(x) - 1, i64::from(y) - 1);
    let content = picture.map_or_else(
        || RgbaImage::from_pixel(width, height, SURFACE),
        |picture| scaled(&picture.pixels, width, height),
    );
    imageops::replace(sheet, &content, i64::from(x), i64::from(y));
    let letters = Lettering::new(20.0);
    let number = format!("{:02}", index + 1);
    let colour = if picture.is_some() { INK } else { MUTED_INK };
    letters.write(sheet, x as f32, (y + height + 28) as f32, colour, &number);
}

fn scaled(pixels: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    // `imageops::resize` is generic and would be compiled here, without optimisation; this one is compiled in its crate.
    let picture = DynamicImage::from(pixels.clone());
    picture
        .resize_exact(width, height, imageops::FilterType::CatmullRom)
        .into_rgba8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_squares_lie_in_two_rows_of_five() {
        let layout = Layout::new(10, 1.0);
        assert_eq!((layout.columns, layout.rows), (5, 2));
        assert_eq!((layout.frame_width, layout.frame_height), (FRAME, FRAME));
        assert_eq!(layout.size(), (1904, 956));
        assert_eq!(layout.corner(0), (56, 120));
        assert_eq!(layout.corner(5), (56, 524));
        let (x, _) = layout.corner(4);
        assert_eq!(x + FRAME + MARGIN, 1904, "the last frame ends at the margin");
    }

    #[test]
    fn frames_keep_their_shape() {
        let wide = Layout::new(3, 16.0 / 9.0);
        assert_eq!(
            (wide.columns, wide.rows, wide.frame_width, wide.frame_height),
            (3, 1, 336, 189)
        );
        let high = Layout::new(7, 0.5);
        assert_eq!(
            (high.columns, high.rows, high.frame_width, high.frame_height),
            (5, 2, 168, 336)
        );
    }

    #[test]
    fn one_frame_makes_a_sheet_as_well() {
        let bytes = draw(
            "A title that is far too long for a sheet of a single frame",
            1,
            1.0,
            &[],
        );
        let sheet = image::load_from_memory(&bytes).expect("it is a PNG");
        assert_eq!((sheet.width(), sheet.height()), Layout::new(1, 1.0).size());
    }
}
