//! In use: on a table by a sunlit wall, with the window's light across both.

use super::super::chance::grain;
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::shapes;
use super::room::fill_all;
use super::{Scene, grounds, rgb};

/// Where the table meets the wall.
const EDGE: f32 = 0.46;

/// The colour of sunlight.
const SUN: Lab = lab(0.985, 0.008, 0.045);

impl Scene<'_> {
    /// By a window, under leaves, or by a lamp.
    pub(super) fn in_use(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let words: [&[&str]; 3] = [
            &["window"],
            &["leaves", "breakfast"],
            &["lamp", "desk", "evening"],
        ];
        let variant = self.wish.variant(&words, usual);
        let light = self.chance.side();
        let pale = self.pale();
        let by_window = lab(0.80, pale.a * 0.7, pale.b * 0.7 + 0.012);
        let wall = [by_window, lab(0.85, -0.012, 0.028), lab(0.50, 0.012, 0.03)][variant];
        let table = [
            lab(0.74, 0.014, 0.045),
            lab(0.66, 0.022, 0.055),
            lab(0.40, 0.022, 0.04),
        ][variant];
        self.corner_of_room(wall, table, light);
        match variant {
            0 => self.window_panes(light),
            1 => {
                self.shade_of_leaves(light);
                self.light_from(light, SUN, 0.16);
            }
            _ => self.light_from(light, lab(0.90, 0.045, 0.11), 0.42),
        }
        let spot = self.spot((0.5 + light * 0.02, 0.61), (0.64, 0.56));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.15,
                softness: 0.10,
                strength: 0.50,
            },
        );
        self.canvas.vignette(0.20);
        4.0
    }

    /// A plastered wall and a wooden table before it.
    fn corner_of_room(&mut self, wall: Lab, table: Lab, light: f32) {
        let base = rgb(wall);
        let seed = self.chance.seed();
        self.canvas.shade(|x, y| {
            let plaster = (grain(x * 7.0, y * 7.0, seed) - 0.5) * 9.0;
            let lit = 1.0 - 0.14 * (x - 0.5) * -light - 0.10 * y;
            base.map(|channel| channel * lit + plaster)
        });
        grounds::wood(&mut self.canvas, table, EDGE, seed ^ 5);
        self.canvas.tint(|_, y, rgb| {
            let crease = 1.0 - ((y - EDGE) / 0.02).powi(2);
            rgb.map(|channel| channel * (1.0 - 0.20 * crease.max(0.0)))
        });
    }

    /// The light of a window with four panes.
    fn window_panes(&mut self, light: f32) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let mut panes = Vec::new();
        for (column, row) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let at = |dx: f32, dy: f32| {
                let (u, v) = (column + dx, row + dy);
                let x = 0.5 - light * 0.34 + light * (u * 0.27 + v * 0.10);
                (x * width, (0.06 + v * 0.40 - u * 0.03) * height)
            };
            let corners = [at(0.05, 0.04), at(0.95, 0.04), at(0.95, 0.96), at(0.05, 0.96)];
            panes.push((shapes::polygon(&corners), SUN.paint(0.40)));
        }
        self.canvas.blurred_layer(height * 0.014, |layer, transform| {
            fill_all(layer, transform, &panes);
        });
    }

    /// The shadow of a branch with leaves on both sides.
    fn shade_of_leaves(&mut self, light: f32) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let shade = lab(0.30, -0.02, 0.02).paint(0.24);
        let mut leaves = Vec::new();
        for n in 0..20_u8 {
            let along = f32::from(n) / 20.0;
            let x = width * (0.5 + light * (0.60 - along * 0.95));
            let y = height * (-0.06 + along * 0.5 + self.chance.between(-0.02, 0.02));
            let turn =
                light * -62.0 + if n % 2 == 0 { 46.0 } else { -46.0 } + self.chance.between(-10.0, 10.0);
            let long = height * self.chance.between(0.16, 0.25);
            leaves.push((shapes::leaf(x, y, long, long * 0.19, turn), shade));
        }
        self.canvas.blurred_layer(height * 0.016, |layer, transform| {
            fill_all(layer, transform, &leaves);
        });
    }
}
