//! The red grease pencil: a ring drawn by hand around the pick.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels: small positive numbers that every one of these types holds exactly, rounded on purpose"
)]

use image::RgbaImage;
use tiny_skia::{LineCap, LineJoin, Paint, PathBuilder, PixmapMut, Stroke, Transform};

use crate::demo::drawing::RED;

/// How far the ring stands off its frame, as a part of the frame's shorter side.
const DISTANCE: f32 = 0.035;
/// How far round it goes: a hand does not stop where it began.
const TURNS: f32 = 1.13;
const STEPS: u16 = 220;
/// A grease pencil leaves several lines beside each other: offset in pixels, width, strength.
const LINES: [(f32, f32, f32); 4] = [
    (0.0, 5.0, 0.85),
    (-2.2, 2.4, 0.6),
    (2.4, 2.0, 0.55),
    (3.6, 1.0, 0.35),
];

/// Draws a ring around a frame, given by its upper left corner and its size.
pub(crate) fn ring(sheet: &mut RgbaImage, corner: (u32, u32), size: (u32, u32)) {
    let (width, height) = (sheet.width(), sheet.height());
    // The sheet is opaque, so its pixels are the same whether or not colours are multiplied with the opacity.
    let Some(mut canvas) = PixmapMut::from_bytes(sheet.as_mut(), width, height) else {
        return;
    };
    for (offset, line_width, strength) in LINES {
        let Some(path) = path(corner, size, offset) else {
            continue;
        };
        let mut paint = Paint::default();
        paint.set_color_rgba8(RED.0[0], RED.0[1], RED.0[2], (255.0 * strength) as u8);
        let stroke = Stroke {
            width: line_width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        canvas.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }
}

/// One line of the ring: an oval between an ellipse and a rectangle, whose radius wanders a little and grows slowly, so
/// that the end misses the beginning.
fn path(corner: (u32, u32), size: (u32, u32), offset: f32) -> Option<tiny_skia::Path> {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let (centre_x, centre_y) = (corner.0 as f32 + width / 2.0, corner.1 as f32 + height / 2.0);
    let stand_off = width.min(height) * DISTANCE + offset;
    let mut builder = PathBuilder::new();
    for step in 0..=STEPS {
        let part = f32::from(step) / f32::from(STEPS);
        let angle = -2.2 + part * TURNS * std::f32::consts::TAU;
        let wander =
            1.0 + 0.012 * (2.0 * angle + 0.6).sin() + 0.006 * (5.0 * angle).sin() + 0.022 * (part - 0.5);
        let x = centre_x + (width / 2.0 + stand_off) * wander * rounded(angle.cos());
        let y = centre_y + (height / 2.0 + stand_off) * wander * rounded(angle.sin());
        if step == 0 {
            builder.move_to(x, y);
        } else {
            builder.line_to(x, y);
        }
    }
    builder.finish()
}

/// Bends a circle towards a square (a superellipse), so that the ring goes around a frame's corners closely.
fn rounded(direction: f32) -> f32 {
    direction.signum() * direction.abs().powf(0.58)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::drawing::PAPER;

    #[test]
    fn the_ring_goes_around_the_frame_and_not_through_its_middle() {
        let mut sheet = RgbaImage::from_pixel(500, 500, PAPER);
        ring(&mut sheet, (100, 100), (300, 300));
        assert_eq!(*sheet.get_pixel(250, 250), PAPER);
        let reddish = |x: u32| (60..120).any(|y| sheet.get_pixel(x, y).0[0] > 150);
        assert!(reddish(200) && reddish(250) && reddish(300));
    }
}
