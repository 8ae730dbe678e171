//! Sets figures onto a canvas, with their shadows and reflections.

use image::{Rgba, RgbaImage};
use tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};

use super::canvas::{Canvas, pixels, place, side, whole};
use super::colour::byte;
use super::photo::resized;
use super::plane::Plane;

/// Shadows are worked out at this fraction of the size.
const COARSE: usize = 4;

/// Clear pixels around a figure.
const RIM: u32 = 2;

/// Where a figure stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// Middle, in pixels.
    pub(super) x: f32,
    /// Middle, in pixels.
    pub(super) y: f32,
    /// Width, in pixels.
    pub(super) width: f32,
    /// Turned clockwise by so many degrees.
    pub(super) turn: f32,
}

/// How a figure throws its shadow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shadow {
    /// Where the light comes from: -1 is the left, 1 the right.
    pub(super) light: f32,
    /// How far the shadow falls, as a share of the figure's height.
    pub(super) reach: f32,
    /// How soft its edge is, as a share of the figure's height.
    pub(super) softness: f32,
    /// How dark it is, 0 to 1.
    pub(super) strength: f32,
}

impl Canvas {
    /// Sets a figure down, without a shadow.
    pub(super) fn put(&mut self, figure: &RgbaImage, spot: Spot) {
        let scale = spot.width / place(figure.width() as usize);
        let height = side(place(figure.height() as usize) * scale);
        let mut sized = resized(figure, side(spot.width), height);
        if scale > 1.15 {
            sharpen(&mut sized, (scale - 1.0).min(0.8));
        }
        let Some(layer) = with_clear_rim(&sized) else {
            return;
        };
        let paint = PixmapPaint {
            quality: FilterQuality::Bicubic,
            ..PixmapPaint::default()
        };
        let middle = (
            place(layer.width() as usize) / 2.0,
            place(layer.height() as usize) / 2.0,
        );
        let corner = ((spot.x - middle.0).round(), (spot.y - middle.1).round());
        let transform =
            Transform::from_rotate_at(spot.turn, middle.0, middle.1).post_translate(corner.0, corner.1);
        self.overlay(layer.as_ref(), paint, transform);
    }

    /// Throws the shadow of a figure: dark and narrow where it stands, wide and faint where it falls.
    pub(super) fn cast(&mut self, figure: &RgbaImage, spot: Spot, shadow: Shadow) {
        let (width, height) = (
            whole(self.width) as usize / COARSE + 2,
            whole(self.height) as usize / COARSE + 2,
        );
        let outline = Outline::new(figure, spot);
        let size = outline.height;
        let silhouette = |dx: f32, dy: f32| {
            let mut plane = Plane::new(width, height);
            for (n, value) in plane.values.iter_mut().enumerate() {
                let (x, y) = (place(n % width) * place(COARSE), place(n / width) * place(COARSE));
                *value = outline.at(x - dx, y - dy);
            }
            plane
        };
        let near = silhouette(-shadow.light * size * 0.012, size * 0.016)
            .blurred(pixels(size * 0.012 / place(COARSE)));
        let far = silhouette(-shadow.light * size * shadow.reach, size * shadow.reach * 0.8)
            .blurred(pixels(size * shadow.softness / 2.0 / place(COARSE)));
        let (full_width, full_height) = (self.width, self.height);
        self.tint(|x, y, rgb| {
            let (x, y) = (x * full_width / place(COARSE), y * full_height / place(COARSE));
            let (near, far) = (near.sample(x, y) * 0.55, far.sample(x, y) * shadow.strength);
            let left = (1.0 - near * shadow.strength.min(0.8)) * (1.0 - far * 0.85);
            // Shadows are a little warm; a neutral one looks like dirt on coloured ground.
            [
                rgb[0] * (left * 0.97 + 0.03 * left * left),
                rgb[1] * left,
                rgb[2] * left,
            ]
        });
    }

    /// Mirrors the lower part of a figure in the ground below it.
    pub(super) fn mirror(&mut self, figure: &RgbaImage, spot: Spot, strength: f32) {
        let mut flipped = image::imageops::flip_vertical(figure);
        let height = place(flipped.height() as usize);
        for (_, y, pixel) in flipped.enumerate_pixels_mut() {
            let fade = (1.0 - place(y as usize) / (height * 0.4)).max(0.0);
            pixel[3] = byte(f32::from(pixel[3]) * fade * fade * strength);
        }
        let tall = height * spot.width / place(figure.width() as usize);
        self.put(
            &flipped,
            Spot {
                y: spot.y + tall * 0.985,
                ..spot
            },
        );
    }
}

/// A figure's outline where it stands.
struct Outline<'a> {
    figure: &'a RgbaImage,
    spot: Spot,
    scale: f32,
    height: f32,
    sin: f32,
    cos: f32,
}

impl<'a> Outline<'a> {
    fn new(figure: &'a RgbaImage, spot: Spot) -> Self {
        let scale = spot.width / place(figure.width() as usize);
        let (sin, cos) = (-spot.turn).to_radians().sin_cos();
        Self {
            figure,
            spot,
            scale,
            height: place(figure.height() as usize) * scale,
            sin,
            cos,
        }
    }

    /// How much of the figure is at a place of the canvas.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.spot.x, y - self.spot.y);
        let (dx, dy) = (dx * self.cos - dy * self.sin, dx * self.sin + dy * self.cos);
        let x = dx / self.scale + place(self.figure.width() as usize) / 2.0;
        let y = dy / self.scale + place(self.figure.height() as usize) / 2.0;
        if x < 0.0 || y < 0.0 {
            return 0.0;
        }
        let pixel = self.figure.get_pixel_checked(whole(x), whole(y));
        pixel.map_or(0.0, |pixel| f32::from(pixel[3]) / 255.0)
    }
}

/// Makes edges crisper, which an enlarged photo needs.
pub(super) fn sharpen(picture: &mut RgbaImage, strength: f32) {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    for channel in 0..3 {
        let values: Vec<f32> = picture.pixels().map(|pixel| f32::from(pixel[channel])).collect();
        let soft = Plane {
            width,
            height,
            values,
        }
        .boxed(1)
        .boxed(1);
        for (pixel, soft) in picture.pixels_mut().zip(&soft.values) {
            let own = f32::from(pixel[channel]);
            pixel[channel] = byte(own + (own - soft) * strength);
        }
    }
}

/// The picture as a layer with some clear pixels around it: without them a turned edge is jagged.
fn with_clear_rim(picture: &RgbaImage) -> Option<Pixmap> {
    let mut layer = Pixmap::new(picture.width() + 2 * RIM, picture.height() + 2 * RIM)?;
    let (row, rim) = (layer.width() as usize, RIM as usize);
    for (x, y, pixel) in picture.enumerate_pixels() {
        let start = ((y as usize + rim) * row + x as usize + rim) * 4;
        layer.data_mut()[start..start + 4].copy_from_slice(&premultiplied(*pixel));
    }
    Some(layer)
}

fn premultiplied(Rgba([r, g, b, a]): Rgba<u8>) -> [u8; 4] {
    let times = |channel: u8| byte(f32::from(channel) * f32::from(a) / 255.0);
    [times(r), times(g), times(b), a]
}
