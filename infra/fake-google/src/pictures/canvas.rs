//! The surface that pictures are drawn on.

use tiny_skia::{Color, FillRule, Paint, Path, Pixmap, PixmapPaint, PixmapRef, Stroke, Transform};

use super::chance::speck;
use super::colour::{Lab, byte};
use super::plane::Plane;

/// Shapes that are out of focus are worked out at this fraction of the size.
const COARSE: usize = 8;

/// An opaque picture in the making.
#[derive(Debug)]
pub(super) struct Canvas {
    pixels: Pixmap,
    /// Width in pixels.
    pub(super) width: f32,
    /// Height in pixels.
    pub(super) height: f32,
}

impl Canvas {
    /// A canvas of one colour.
    pub(super) fn new((width, height): (u32, u32), colour: Lab) -> Self {
        // Every size that a model draws is far within what a pixmap can hold.
        let mut pixels = Pixmap::new(width.max(1), height.max(1)).expect("sizes of pictures are not zero");
        pixels.fill(colour.paint(1.0));
        #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
        let (width, height) = (width as f32, height as f32);
        Self {
            pixels,
            width,
            height,
        }
    }

    /// A thousandth of the shorter side, the unit of all measures.
    pub(super) fn unit(&self) -> f32 {
        self.width.min(self.height) / 1000.0
    }

    /// Colours every pixel anew: `shade` gets the place (0 to 1 in both directions).
    pub(super) fn shade(&mut self, shade: impl Fn(f32, f32) -> [f32; 3]) {
        let (width, height) = (self.width, self.height);
        let row_bytes = self.pixels.width() as usize * 4;
        for (y, row) in self.pixels.data_mut().chunks_mut(row_bytes).enumerate() {
            for (x, pixel) in row.chunks_mut(4).enumerate() {
                let rgb = shade(place(x) / width, place(y) / height);
                for (channel, value) in pixel.iter_mut().zip(rgb) {
                    *channel = byte(value);
                }
            }
        }
    }

    /// Changes every pixel: `change` gets the place and the colour that is there.
    pub(super) fn tint(&mut self, change: impl Fn(f32, f32, [f32; 3]) -> [f32; 3]) {
        let (width, height) = (self.width, self.height);
        let row_bytes = self.pixels.width() as usize * 4;
        for (y, row) in self.pixels.data_mut().chunks_mut(row_bytes).enumerate() {
            for (x, pixel) in row.chunks_mut(4).enumerate() {
                let rgb = [f32::from(pixel[0]), f32::from(pixel[1]), f32::from(pixel[2])];
                for (channel, value) in pixel
                    .iter_mut()
                    .zip(change(place(x) / width, place(y) / height, rgb))
                {
                    *channel = byte(value);
                }
            }
        }
    }

    /// Fills a shape.
    pub(super) fn fill(&mut self, path: &Path, colour: Color) {
        self.pixels.fill_path(
            path,
            &paint(colour),
            FillRule::Winding,
            Transform::identity(),
            None,
        );
    }

    /// Draws along a shape.
    pub(super) fn line(&mut self, path: &Path, width: f32, colour: Color) {
        let stroke = Stroke {
            width,
            line_cap: tiny_skia::LineCap::Round,
            ..Stroke::default()
        };
        self.pixels
            .stroke_path(path, &paint(colour), &stroke, Transform::identity(), None);
    }

    /// Draws shapes out of focus: `draw` gets a small canvas that is blurred and laid over this one, `through` being
    /// how much of it shows at each place of the shapes.
    pub(super) fn blurred_layer(&mut self, softness: f32, draw: impl FnOnce(&mut Pixmap, Transform)) {
        let factor = COARSE;
        let (width, height) = (
            self.pixels.width() as usize / factor + 2,
            self.pixels.height() as usize / factor + 2,
        );
        let small = |side: usize| u32::try_from(side).unwrap_or(1);
        let Some(mut layer) = Pixmap::new(small(width), small(height)) else {
            return;
        };
        draw(
            &mut layer,
            Transform::from_scale(1.0 / place(factor), 1.0 / place(factor)),
        );
        let radius = pixels(softness / place(factor) / 2.0);
        let channel = |n: usize| {
            let values = layer.data().chunks(4).map(|pixel| f32::from(pixel[n])).collect();
            Plane {
                width,
                height,
                values,
            }
            .blurred(radius)
        };
        let channels = [channel(0), channel(1), channel(2), channel(3)];
        let (full_width, full_height) = (self.width, self.height);
        self.tint(|x, y, rgb| {
            let (x, y) = (
                x * full_width / place(factor) - 0.5,
                y * full_height / place(factor) - 0.5,
            );
            let clear = 1.0 - channels[3].sample(x, y) / 255.0;
            [0, 1, 2].map(|n| rgb[n] * clear + channels[n].sample(x, y))
        });
    }

    /// Lays a picture over this one.
    pub(super) fn overlay(&mut self, picture: PixmapRef<'_>, paint: PixmapPaint, transform: Transform) {
        self.pixels.draw_pixmap(0, 0, picture, &paint, transform, None);
    }

    /// The three channels at a fraction of the size, each value the mean of the pixels it stands for.
    pub(super) fn channels(&self, factor: usize) -> [Plane; 3] {
        let (wide, high) = (self.pixels.width() as usize, self.pixels.height() as usize);
        let (width, height) = (wide.div_ceil(factor), high.div_ceil(factor));
        let channel = |n: usize| {
            let mut plane = Plane::new(width, height);
            for (place_in_plane, value) in plane.values.iter_mut().enumerate() {
                let (left, top) = (place_in_plane % width * factor, place_in_plane / width * factor);
                let (right, bottom) = ((left + factor).min(wide), (top + factor).min(high));
                let rows = (top..bottom).flat_map(|y| (left..right).map(move |x| (y * wide + x) * 4 + n));
                let sum: f32 = rows.map(|byte| f32::from(self.pixels.data()[byte])).sum();
                *value = sum / place((right - left) * (bottom - top));
            }
            plane
        };
        [channel(0), channel(1), channel(2)]
    }

    /// Darkens the corners.
    pub(super) fn vignette(&mut self, strength: f32) {
        self.tint(|x, y, rgb| {
            let far = ((x - 0.5).powi(2) + (y - 0.5).powi(2)) * 2.0;
            let left = 1.0 - strength * far * far.sqrt();
            rgb.map(|channel| channel * left)
        });
    }

    /// The finished picture, with a little grain: smooth gradients show steps without it.
    pub(super) fn finish(mut self, grain: f32, seed: u64) -> image::RgbImage {
        let width = self.pixels.width();
        let row_bytes = width as usize * 4;
        for (y, row) in self.pixels.data_mut().chunks_mut(row_bytes).enumerate() {
            for (x, pixel) in row.chunks_mut(4).enumerate() {
                let (x, y) = (i32::try_from(x).unwrap_or(0), i32::try_from(y).unwrap_or(0));
                let offset = (speck(x, y, seed) + speck(y, x, !seed) - 1.0) * grain;
                for channel in &mut pixel[..3] {
                    *channel = byte(f32::from(*channel) + offset);
                }
            }
        }
        let rgb = self
            .pixels
            .data()
            .chunks(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect();
        // The buffer has three bytes for each pixel by construction.
        image::RgbImage::from_raw(width, self.pixels.height(), rgb).expect("the buffer fits the size")
    }
}

/// Anti-aliased paint of one colour.
pub(super) fn paint(colour: Color) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color(colour);
    paint
}

/// A count of pixels as a measure.
pub(super) fn place(count: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of pixels in a row or column")]
    let place = count as f32;
    place
}

/// A measure as a whole number of pixels, at least one.
pub(super) fn side(measure: f32) -> u32 {
    whole(measure.round().max(1.0))
}

pub(super) fn whole(measure: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "measures within a picture"
    )]
    let whole = measure.max(0.0) as u32;
    whole
}

pub(super) fn pixels(measure: f32) -> usize {
    whole(measure.round()) as usize
}

/// `from` at 0, `to` at 1.
pub(super) fn mix(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    let share = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|n| from[n] + (to[n] - from[n]) * share)
}

/// 0 below `low`, 1 above `high`, smooth in between.
pub(super) fn step(low: f32, high: f32, value: f32) -> f32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}
