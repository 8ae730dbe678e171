//! From near: one crop with little in focus, or several.

use image::RgbaImage;

use super::super::canvas::{place, step};
use super::super::colour::Lab;
use super::super::figure::Spot;
use super::super::lettering::{self, Align, STRONG};
use super::super::plane::Plane;
use super::{MUTED, Scene};

impl Scene<'_> {
    /// One crop, sharp along a band, soft away from it.
    pub(super) fn close_up(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let variant = self.wish.variant(
            &[&["upper edge", "rim", "top"], &["side", "raking"], &["middle"]],
            usual,
        );
        let (fx, fy, zoom) = [(0.52, 0.30, 0.80), (0.30, 0.62, 0.62), (0.64, 0.60, 0.66)][variant];
        let zoom = zoom * self.chance.between(0.92, 1.06);
        let part = self.detail_part((fx, fy), zoom, self.canvas.height / self.canvas.width);
        self.cover(&part, (0.0, 0.0), (1.0, 1.0));
        let (focus, depth) = ([0.42, 0.5, 0.5][variant], 0.20);
        self.soften_away_from(focus, depth);
        self.canvas.tint(|x, y, [r, g, b]| {
            let lit = 1.05 - 0.16 * (x * 0.6 + y * 0.4);
            [(r * lit).min(255.0) * 1.005, g * lit, b * lit * 0.985]
        });
        self.canvas.vignette(0.42);
        7.0
    }

    /// Crops beside each other, numbered like frames on film.
    pub(super) fn detail(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let cells: &[[f32; 4]] = match self.wish.variant(&[&["four"], &["one large"], &["three"]], usual) {
            0 => &[
                [0.0, 0.0, 0.5, 0.5],
                [0.5, 0.0, 0.5, 0.5],
                [0.0, 0.5, 0.5, 0.5],
                [0.5, 0.5, 0.5, 0.5],
            ],
            1 => &[
                [0.0, 0.0, 0.64, 1.0],
                [0.64, 0.0, 0.36, 0.3333],
                [0.64, 0.3333, 0.36, 0.3333],
                [0.64, 0.6667, 0.36, 0.3333],
            ],
            _ => &[
                [0.0, 0.0, 0.3333, 1.0],
                [0.3333, 0.0, 0.3333, 1.0],
                [0.6667, 0.0, 0.3333, 1.0],
            ],
        };
        let focus = [
            (0.5, 0.28, 0.62),
            (0.27, 0.66, 0.44),
            (0.68, 0.66, 0.46),
            (0.5, 0.5, 1.04),
        ];
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let (margin, gap, caption) = (unit * 34.0, unit * 16.0, unit * 34.0);
        for (n, ([x, y, w, h], (fx, fy, zoom))) in cells.iter().zip(focus).enumerate() {
            let (room_x, room_y) = (width - 2.0 * margin + gap, height - 2.0 * margin + gap);
            let left = margin + x * room_x;
            let top = margin + y * room_y;
            let (wide, tall) = (w * room_x - gap, h * room_y - gap - caption);
            let (jitter_x, jitter_y) = (self.chance.between(-0.05, 0.05), self.chance.between(-0.05, 0.05));
            let part = self.detail_part((fx + jitter_x, fy + jitter_y), zoom, tall / wide);
            self.cover(&part, (left / width, top / height), (wide / width, tall / height));
            let (size, at) = (unit * 19.0, (left, top + tall + unit * 23.0));
            let number = format!("{:02}", n + 1);
            lettering::write(
                &mut self.canvas,
                &STRONG,
                &number,
                size,
                at,
                Align::Start,
                Lab::from_rgb(MUTED).paint(1.0),
            );
            let arrow = (left + unit * 34.0, at.1);
            lettering::write(
                &mut self.canvas,
                &STRONG,
                "\u{2192}",
                size,
                arrow,
                Align::Start,
                Lab::from_rgb(MUTED).paint(0.5),
            );
        }
        2.0
    }

    /// A part of the photo at a place of the product; `zoom` is its width as a share of the product's.
    fn detail_part(&self, (fx, fy): (f32, f32), zoom: f32, tallness: f32) -> RgbaImage {
        let [left, top, width, height] = self.subject.place;
        self.subject
            .part((left + width * fx, top + height * fy), width * zoom, tallness)
    }

    /// Covers a part of the canvas (in shares) with a picture of the same shape.
    fn cover(&mut self, part: &RgbaImage, (left, top): (f32, f32), (wide, tall): (f32, f32)) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let spot = Spot {
            x: (left + wide / 2.0) * width,
            y: (top + tall / 2.0) * height,
            width: wide * width,
            turn: 0.0,
        };
        self.canvas.put(part, spot);
    }

    /// Blurs what is far from a height of the picture, as a long lens does.
    fn soften_away_from(&mut self, focus: f32, depth: f32) {
        const FACTOR: usize = 4;
        let (width, height) = (self.canvas.width, self.canvas.height);
        let sharp = self.canvas.channels(FACTOR);
        let radius = (sharp[0].width.min(sharp[0].height) / 60).max(1);
        let soft: Vec<Plane> = sharp.into_iter().map(|plane| plane.blurred(radius)).collect();
        self.canvas.tint(|x, y, rgb| {
            let away = step(depth, depth * 2.6, (y - focus).abs() + (x - 0.5).abs() * 0.25);
            let (x, y) = (x * width / place(FACTOR) - 0.5, y * height / place(FACTOR) - 0.5);
            [0, 1, 2].map(|n| rgb[n] * (1.0 - away) + soft[n].sample(x, y) * away)
        });
    }
}
