//! Between rulers. The photo does not tell a length, so the marks count shares of the product's width.

use super::super::colour::{Lab, lab};
use super::super::figure::{Shadow, Spot};
use super::super::lettering::{self, Align, STRONG, TEXT};
use super::super::shapes;
use super::{INK, MUTED, RED, Scene};

impl Scene<'_> {
    /// Rulers, a cutting mat, or measuring lines alone.
    pub(super) fn scale(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let variant = self
            .wish
            .variant(&[&["ruler"], &["mat", "grid"], &["plain"]], usual);
        let (ground, ink) = match variant {
            0 => (lab(0.968, 0.0, 0.006), Lab::from_rgb(INK)),
            1 => (lab(0.40, -0.045, 0.0), lab(0.93, -0.01, 0.01)),
            _ => (lab(0.93, 0.004, 0.014), Lab::from_rgb(INK)),
        };
        let plain = super::rgb(ground);
        self.canvas
            .shade(|x, y| plain.map(|channel| channel * (1.015 - 0.03 * (x + y) / 2.0)));
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let size = self.subject.fit(width * 0.56, height * 0.56);
        let spot = Spot {
            x: width * 0.53,
            y: height * 0.47,
            width: size,
            turn: 0.0,
        };
        let step = size / 10.0;
        let (left, bottom) = (spot.x - size / 2.0, spot.y + self.tall(spot) / 2.0);
        if variant < 2 {
            self.graph_lines((left, bottom), step, ink);
        }
        let light = self.chance.side();
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.06,
                softness: 0.10,
                strength: 0.40,
            },
        );
        if variant == 0 {
            self.rulers((left, bottom), step);
        }
        self.measures(spot, ink, if variant == 0 { unit * 26.0 } else { unit * 54.0 });
        2.0
    }

    fn graph_lines(&mut self, (left, bottom): (f32, f32), step: f32, ink: Lab) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        for tick in ticks(left, width, step) {
            let x = left + f32::from(tick) * step;
            let colour = ink.paint(if tick % 5 == 0 { 0.22 } else { 0.09 });
            self.canvas
                .line(&shapes::line((x, 0.0), (x, height)), unit * 1.2, colour);
        }
        for tick in ticks(bottom, height, step) {
            let y = bottom + f32::from(tick) * step;
            let colour = ink.paint(if tick % 5 == 0 { 0.22 } else { 0.09 });
            self.canvas
                .line(&shapes::line((0.0, y), (width, y)), unit * 1.2, colour);
        }
    }

    /// One ruler below and one to the left, with ten numbers over the product's width.
    fn rulers(&mut self, (left, bottom): (f32, f32), step: f32) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let body = lab(0.86, 0.015, 0.065);
        let edge = unit * 86.0;
        let (top, right) = (height - edge, edge);
        self.canvas
            .fill(&shapes::card(0.0, top, width, edge + 1.0, 0.1), body.paint(1.0));
        self.canvas.fill(
            &shapes::card(0.0, 0.0, right, height, 0.1),
            Lab { l: 0.88, ..body }.paint(1.0),
        );
        let ink = Lab::from_rgb(INK).paint(0.85);
        let fine = step / 5.0;
        for tick in ticks(left, width, fine) {
            let (x, long) = (left + f32::from(tick) * fine, tick_length(tick, unit));
            if x > right {
                self.canvas
                    .line(&shapes::line((x, top), (x, top + long)), unit * 1.8, ink);
                self.ruler_number(tick, (x, top + unit * 60.0));
            }
        }
        for tick in ticks(bottom, height, fine) {
            let (y, long) = (bottom + f32::from(tick) * fine, tick_length(tick, unit));
            if y < top {
                self.canvas
                    .line(&shapes::line((right, y), (right - long, y)), unit * 1.8, ink);
                self.ruler_number(-tick, (right - unit * 54.0, y + unit * 8.0));
            }
        }
        self.canvas
            .fill(&shapes::card(0.0, top, right, edge + 1.0, 0.1), body.paint(1.0));
    }

    /// The number at every fifth mark, from the product's edge on.
    fn ruler_number(&mut self, tick: i16, at: (f32, f32)) {
        if tick >= 0 && tick % 5 == 0 {
            let (size, ink) = (self.canvas.unit() * 22.0, Lab::from_rgb(INK).paint(0.85));
            lettering::write(
                &mut self.canvas,
                &STRONG,
                &(tick / 5).to_string(),
                size,
                at,
                Align::Middle,
                ink,
            );
        }
    }

    /// Lines for width and height with their ends marked, away from the product by `gap`.
    fn measures(&mut self, spot: Spot, ink: Lab, gap: f32) {
        let unit = self.canvas.unit();
        let tall = self.tall(spot);
        let (left, right) = (spot.x - spot.width / 2.0, spot.x + spot.width / 2.0);
        let (top, bottom) = (spot.y - tall / 2.0, spot.y + tall / 2.0);
        let red = if ink.l > 0.8 {
            lab(0.75, 0.14, 0.07)
        } else {
            Lab::from_rgb(RED)
        };
        let (y, x, end) = (bottom + gap, right + gap, unit * 14.0);
        for (from, to) in [
            ((left, y), (right, y)),
            ((left, y - end), (left, y + end)),
            ((right, y - end), (right, y + end)),
            ((x, top), (x, bottom)),
            ((x - end, top), (x + end, top)),
            ((x - end, bottom), (x + end, bottom)),
        ] {
            self.canvas
                .line(&shapes::line(from, to), unit * 2.6, red.paint(1.0));
        }
        let muted = if ink.l > 0.8 { ink } else { Lab::from_rgb(MUTED) };
        let size = unit * 27.0;
        let share = format!("{:.2} wide", 1.0);
        lettering::write(
            &mut self.canvas,
            &STRONG,
            &share,
            size,
            (spot.x, y + unit * 36.0),
            Align::Middle,
            ink.paint(1.0),
        );
        let share = format!("{:.2}", self.subject.tallness());
        let at = (x + unit * 14.0, spot.y);
        lettering::write(
            &mut self.canvas,
            &STRONG,
            &share,
            size,
            at,
            Align::Start,
            ink.paint(1.0),
        );
        let below = (x + unit * 14.0, spot.y + size * 1.1);
        lettering::write(
            &mut self.canvas,
            &TEXT,
            "high",
            size * 0.8,
            below,
            Align::Start,
            muted.paint(1.0),
        );
    }
}

/// The marks that fall on a side of `length`, counted from the one at `origin`.
fn ticks(origin: f32, length: f32, step: f32) -> impl Iterator<Item = i16> {
    (-300..300_i16).filter(move |tick| (0.0..length).contains(&(origin + f32::from(*tick) * step)))
}

fn tick_length(tick: i16, unit: f32) -> f32 {
    unit * if tick % 5 == 0 { 30.0 } else { 15.0 }
}
