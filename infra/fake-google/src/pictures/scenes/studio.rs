//! On a sweep, on a podium, before a coloured wall.

use super::super::canvas::mix;
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::shapes;
use super::{Scene, grounds, rgb};

impl Scene<'_> {
    /// White sweep, grey paper, or a podium in a tint of the product's colour.
    pub(super) fn studio(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let light = self.wish.variant(&[&["from the left"], &["from the right"]], 2);
        let light = [-1.0, 1.0, self.chance.side()][light];
        match self
            .wish
            .variant(&[&["white"], &["grey", "gray"], &["podium"]], usual)
        {
            0 => self.on_sweep(lab(0.965, 0.0, 0.002), light),
            1 => self.on_sweep(lab(0.80, 0.003, 0.012), light),
            _ => self.on_podium(light),
        }
        3.0
    }

    fn on_sweep(&mut self, colour: Lab, light: f32) {
        grounds::sweep(&mut self.canvas, colour, 0.46, light);
        let size = self.chance.between(0.60, 0.68);
        let x = 0.5 + self.chance.between(-0.02, 0.02);
        let spot = self.spot((x, 0.53), (size, 0.66));
        if self.subject.is_cut {
            self.canvas.mirror(&self.subject.figure, spot, 0.16);
        }
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.10,
                softness: 0.20,
                strength: 0.38,
            },
        );
    }

    fn on_podium(&mut self, light: f32) {
        let pale = self.pale();
        grounds::sweep(&mut self.canvas, pale, 0.62, light);
        let (width, height) = (self.canvas.width, self.canvas.height);
        let spot = self.spot((0.5, 0.44), (0.56, 0.54));
        let bottom = spot.y + self.tall(spot) / 2.0;
        let (across, down) = (spot.width * 0.68, spot.width * 0.155);
        let (top, thick) = (bottom - self.tall(spot) * 0.12, height * 0.15);
        let side = pale.lit(-0.12);
        let far = shapes::ellipse(
            width / 2.0 - light * width * 0.07,
            top + thick + down * 0.25,
            across * 1.1,
            down * 1.1,
        );
        self.canvas.blurred_layer(height * 0.035, |layer, transform| {
            let paint = super::super::canvas::paint(Lab { l: 0.3, ..pale }.paint(0.4));
            layer.fill_path(&far, &paint, tiny_skia::FillRule::Winding, transform, None);
        });
        let body = [
            (width / 2.0 - across, top),
            (width / 2.0 + across, top),
            (width / 2.0 + across, top + thick),
            (width / 2.0 - across, top + thick),
        ];
        let strips = 48;
        for n in 0..strips {
            let at = |n: u8| f32::from(n) / f32::from(strips);
            let turn = at(n) * 2.0 - 1.0;
            // A round side is lightest where it faces the light.
            let lit = 1.0 - (turn - light * 0.45).abs() * 0.75;
            let colour = Lab {
                l: side.l - 0.12 + 0.17 * lit,
                ..side
            };
            let edge = |turn: f32| (1.0 - turn * turn).max(0.0).sqrt() * down;
            let (x0, x1) = (
                body[0].0 + at(n) * across * 2.0,
                body[0].0 + at(n + 1) * across * 2.0 + 0.7,
            );
            let next = at(n + 1) * 2.0 - 1.0;
            let strip = [
                (x0, top),
                (x1, top),
                (x1, top + thick + edge(next)),
                (x0, top + thick + edge(turn)),
            ];
            self.canvas.fill(&shapes::polygon(&strip), colour.paint(1.0));
        }
        let cap = shapes::ellipse(width / 2.0, top, across, down);
        self.canvas.fill(&cap, pale.lit(0.035).paint(1.0));
        self.canvas
            .line(&cap, self.canvas.unit() * 1.4, Lab { l: 0.98, ..pale }.paint(0.6));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.06,
                softness: 0.14,
                strength: 0.5,
            },
        );
    }

    /// A coloured wall, a large disc, hard light.
    pub(super) fn backdrop(&mut self) -> f32 {
        let (pale, light) = (self.pale(), self.chance.side());
        let wall = Lab {
            l: self.chance.between(0.74, 0.86),
            a: pale.a * 1.8,
            b: pale.b * 1.8,
        };
        let (from, to) = (rgb(wall.lit(0.05)), rgb(wall.lit(-0.09)));
        self.canvas
            .shade(|x, y| mix(from, to, (x - 0.5) * -light * 0.8 + 0.25 + y * 0.5));
        let (width, height) = (self.canvas.width, self.canvas.height);
        let radius = width.min(height) * self.chance.between(0.33, 0.39);
        let disc = shapes::disc(width * 0.5 + light * width * 0.05, height * 0.45, radius);
        self.canvas
            .fill(&disc, lab(wall.l + 0.075, wall.a * 0.8, wall.b * 0.8).paint(1.0));
        let spot = self.spot((0.5, 0.53), (0.66, 0.62));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.20,
                softness: 0.06,
                strength: 0.34,
            },
        );
        3.0
    }
}
