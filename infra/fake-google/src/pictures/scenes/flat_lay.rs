//! From above, with a few things around the product.

use super::super::canvas::{mix, step};
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::shapes;
use super::room::fill_all;
use super::{Scene, grounds, rgb};

impl Scene<'_> {
    /// Linen with leaves, stone with hard sun, or paper in two colours.
    pub(super) fn flat_lay(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let variant = self.wish.variant(
            &[
                &["linen", "cloth", "leaves"],
                &["stone", "marble"],
                &["paper", "halves"],
            ],
            usual,
        );
        let (seed, light) = (self.chance.seed(), self.chance.side());
        let pale = self.pale();
        match variant {
            0 => grounds::linen(
                &mut self.canvas,
                lab(0.90, pale.a * 0.35, pale.b * 0.35 + 0.008),
                seed,
            ),
            1 => grounds::stone(&mut self.canvas, lab(0.90, 0.0, 0.006), seed),
            _ => self.two_papers(pale),
        }
        self.props(variant, pale, light);
        let turn = if self.subject.is_cut {
            self.chance.between(-14.0, 14.0)
        } else {
            self.chance.between(-4.0, 4.0)
        };
        let mut spot = self.spot((0.5, 0.5), (0.56, 0.56));
        spot.turn = turn;
        let softness = if variant == 1 { 0.03 } else { 0.09 };
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.075,
                softness,
                strength: 0.46,
            },
        );
        if variant == 1 {
            self.slanted_shade(light);
        }
        3.5
    }

    fn two_papers(&mut self, pale: Lab) {
        let slope = self.chance.between(-0.25, 0.25);
        let first = rgb(lab(0.88, pale.a, pale.b));
        let second = pale.turned(150.0);
        let second = rgb(lab(0.80, second.a * 1.5, second.b * 1.5));
        let aspect = self.canvas.width / self.canvas.height;
        self.canvas.shade(|x, y| {
            let across = (x - 0.5) * aspect + (y - 0.5) * slope;
            let shadow = 1.0 - 0.16 * (1.0 - step(0.0, 0.03, across)) * step(-0.001, 0.0, across);
            mix(first, second, step(-0.001, 0.001, across))
                .map(|channel| channel * shadow * (1.02 - 0.08 * y))
        });
    }

    /// Leaves, cards and pebbles near the corners, each with its shadow.
    fn props(&mut self, variant: usize, pale: Lab, light: f32) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let corners = [(0.08, 0.10), (0.92, 0.10), (0.08, 0.92), (0.92, 0.90)];
        let skip = self.chance.choice(4);
        for (n, (x, y)) in corners.into_iter().enumerate().filter(|(n, _)| *n != skip) {
            let (x, y) = (
                (x + self.chance.between(-0.03, 0.03)) * width,
                (y + self.chance.between(-0.03, 0.03)) * height,
            );
            let (mut shapes, mut tips) = (Vec::new(), Vec::new());
            match (variant, n % 2) {
                (0, _) => {
                    let outwards = (x - width / 2.0).atan2(height / 2.0 - y).to_degrees() + 180.0;
                    for leaf in 0..4_u8 {
                        let turn = outwards + (f32::from(leaf) - 1.5) * 27.0 + self.chance.between(-6.0, 6.0);
                        let long = unit * self.chance.between(170.0, 250.0);
                        let green = Lab {
                            l: self.chance.between(0.42, 0.56),
                            a: -0.055,
                            b: 0.05,
                        };
                        shapes.push((shapes::leaf(x, y, long, long * 0.26, turn), green.paint(1.0)));
                        tips.push(shapes::leaf_tip(x, y, long * 0.86, turn));
                    }
                }
                (1, _) => {
                    for _ in 0..3 {
                        let (dx, dy) = (
                            self.chance.between(-90.0, 90.0) * unit,
                            self.chance.between(-70.0, 70.0) * unit,
                        );
                        let radius = unit * self.chance.between(26.0, 58.0);
                        let grey = Lab {
                            l: self.chance.between(0.45, 0.75),
                            a: 0.003,
                            b: 0.010,
                        };
                        let flat = radius * self.chance.between(0.72, 0.95);
                        shapes.push((shapes::ellipse(x + dx, y + dy, radius, flat), grey.paint(1.0)));
                    }
                }
                (_, 0) => shapes.push((
                    shapes::disc(x, y, unit * self.chance.between(90.0, 150.0)),
                    pale.turned(60.0).toned(0.72, 0.09).paint(1.0),
                )),
                (_, _) => {
                    let (w, h) = (unit * 230.0, unit * 150.0);
                    let tone = self.subject.main_colour().toned(0.62, 0.10);
                    shapes.push((
                        shapes::card(x - w / 2.0, y - h / 2.0, w, h, unit * 6.0),
                        tone.paint(1.0),
                    ));
                }
            }
            let shade = lab(0.25, 0.005, 0.01).paint(0.34);
            let offset = tiny_skia::Transform::from_translate(-light * unit * 12.0, unit * 14.0);
            let shadows: Vec<_> = shapes
                .iter()
                .filter_map(|(path, _)| path.clone().transform(offset).map(|path| (path, shade)))
                .collect();
            self.canvas.blurred_layer(unit * 18.0, |layer, transform| {
                fill_all(layer, transform, &shadows);
            });
            for (path, colour) in &shapes {
                self.canvas.fill(path, *colour);
            }
            self.veins((x, y), &tips);
        }
    }

    /// The middle line of each leaf, up to a little before its tip.
    fn veins(&mut self, from: (f32, f32), tips: &[(f32, f32)]) {
        let width = self.canvas.unit() * 2.0;
        for tip in tips {
            self.canvas.line(
                &shapes::line(from, *tip),
                width,
                lab(0.68, -0.04, 0.05).paint(0.55),
            );
        }
    }

    /// The shadows of window bars, across everything.
    fn slanted_shade(&mut self, light: f32) {
        let aspect = self.canvas.width / self.canvas.height;
        self.canvas.tint(|x, y, rgb| {
            let along = (x - 0.5) * aspect * light + (y - 0.5) * 0.9;
            let bar = |at: f32, half: f32| step(half, half + 0.018, (along - at).abs());
            let lit = bar(-0.52, 0.10).min(bar(0.60, 0.13)).min(bar(0.12, 0.012));
            rgb.map(|channel| channel * (0.80 + 0.20 * lit))
        });
    }
}
