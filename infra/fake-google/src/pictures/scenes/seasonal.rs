//! With weather: snow, leaves, petals, sun.

use super::super::canvas::{mix, step};
use super::super::chance::noise;
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::shapes;
use super::room::fill_all;
use super::{Scene, rgb};

/// Sky, horizon and ground of winter, autumn, spring and summer.
const SKIES: [(Lab, Lab, Lab); 4] = [
    (
        lab(0.62, -0.015, -0.045),
        lab(0.86, -0.006, -0.018),
        lab(0.95, -0.003, -0.010),
    ),
    (
        lab(0.66, 0.045, 0.085),
        lab(0.86, 0.022, 0.065),
        lab(0.58, 0.04, 0.07),
    ),
    (
        lab(0.87, -0.035, 0.030),
        lab(0.94, 0.020, 0.010),
        lab(0.90, -0.03, 0.045),
    ),
    (
        lab(0.82, -0.045, -0.045),
        lab(0.95, -0.012, 0.02),
        lab(0.91, 0.012, 0.055),
    ),
];

impl Scene<'_> {
    /// The season that the prompt names, or one by chance.
    pub(super) fn seasonal(&mut self) -> f32 {
        let usual = self.chance.choice(4);
        let seasons: [&[&str]; 4] = [
            &["winter", "christmas", "snow", "holiday"],
            &["autumn", "fall ", "halloween"],
            &["spring", "easter"],
            &["summer"],
        ];
        let season = self.wish.variant(&seasons, usual);
        let (sky, low, ground) = SKIES[season];
        let (sky, low, near) = (rgb(sky), rgb(low), rgb(ground));
        let seed = self.chance.seed();
        self.canvas.shade(|x, y| {
            let hill = 0.52 + (noise(x * 2.3, 0.5, seed) - 0.5) * 0.07;
            let shade = 1.0 - 0.10 * step(hill, 1.0, y);
            mix(mix(sky, low, y * 1.5), near, step(hill - 0.008, hill + 0.012, y))
                .map(|channel| channel * shade)
        });
        self.distance(season);
        let light = self.chance.side();
        let spot = self.spot((0.5, 0.60), (0.66, 0.56));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.10,
                softness: 0.16,
                strength: 0.45,
            },
        );
        self.weather(season);
        self.canvas.vignette(0.15);
        3.0
    }

    /// What is far behind: lights in winter and autumn, blossom in spring, a sun in summer.
    fn distance(&mut self, season: usize) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let mut far = Vec::new();
        if season == 3 {
            let sun = (width * self.chance.between(0.2, 0.8), height * 0.2);
            far.push((
                shapes::disc(sun.0, sun.1, height * 0.16),
                lab(0.98, 0.0, 0.06).paint(0.9),
            ));
        }
        let hue = [
            lab(0.90, 0.03, 0.10),
            lab(0.84, 0.06, 0.12),
            lab(0.88, 0.07, 0.0),
            lab(0.97, 0.0, 0.03),
        ][season];
        for _ in 0..[20, 16, 26, 6][season] {
            let (x, y) = (
                self.chance.between(0.0, 1.0) * width,
                self.chance.between(0.04, 0.5) * height,
            );
            let radius = height * self.chance.between(0.012, 0.04);
            far.push((
                shapes::disc(x, y, radius),
                hue.paint(self.chance.between(0.15, 0.5)),
            ));
        }
        if season == 0 {
            for _ in 0..6 {
                let (x, tall) = (
                    width * self.chance.between(-0.05, 1.05),
                    height * self.chance.between(0.25, 0.45),
                );
                let fir = lab(0.40, -0.035, 0.0).paint(0.55);
                let foot = height * 0.54;
                far.push((
                    shapes::polygon(&[(x, foot - tall), (x + tall * 0.24, foot), (x - tall * 0.24, foot)]),
                    fir,
                ));
            }
        }
        self.canvas.blurred_layer(height * 0.014, |layer, transform| {
            fill_all(layer, transform, &far);
        });
    }

    /// What falls: most behind the focus, some close to the lens, little over the product.
    fn weather(&mut self, season: usize) {
        if season == 3 {
            return self.palm_shade();
        }
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        for (count, size, softness) in [
            ([70, 12, 16], 0.55, 3.0),
            ([34, 8, 11], 1.0, 0.0),
            ([10, 4, 5], 2.8, 26.0),
        ] {
            let mut bits = Vec::new();
            for _ in 0..count[season] {
                let (mut x, y) = (self.chance.between(-0.03, 1.03), self.chance.between(-0.03, 1.03));
                if size > 0.9 && (x - 0.5).abs() < 0.33 && (y - 0.55).abs() < 0.36 {
                    x += if x < 0.5 { -0.36 } else { 0.36 };
                }
                let (x, y, turn) = (x * width, y * height, self.chance.between(0.0, 360.0));
                let long = unit * size * self.chance.between(0.7, 1.3);
                bits.push(match season {
                    0 => (shapes::disc(x, y, long * 7.0), lab(0.99, 0.0, -0.003).paint(0.85)),
                    1 => {
                        let hue = [
                            lab(0.58, 0.11, 0.10),
                            lab(0.70, 0.05, 0.14),
                            lab(0.48, 0.08, 0.08),
                        ];
                        (
                            shapes::leaf(x, y, long * 74.0, long * 24.0, turn),
                            hue[self.chance.choice(3)].paint(0.95),
                        )
                    }
                    _ => {
                        let hue = [lab(0.86, 0.07, 0.0), lab(0.93, 0.03, 0.0)];
                        (
                            shapes::leaf(x, y, long * 40.0, long * 21.0, turn),
                            hue[self.chance.choice(2)].paint(0.95),
                        )
                    }
                });
            }
            if softness > 0.0 {
                self.canvas.blurred_layer(unit * softness, |layer, transform| {
                    fill_all(layer, transform, &bits);
                });
            } else {
                for (path, colour) in &bits {
                    self.canvas.fill(path, *colour);
                }
            }
        }
    }

    /// The shadow of a palm leaf across the picture.
    fn palm_shade(&mut self) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let side = self.chance.side();
        let shade = lab(0.32, 0.0, -0.03).paint(0.26);
        let mut leaves = Vec::new();
        for n in 0..26_u8 {
            let along = f32::from(n) / 26.0;
            let (x, y) = (
                width * (0.5 + side * (0.62 - along * 0.6)),
                height * (-0.08 + along * 0.42),
            );
            let turn = side * (-128.0 + along * 30.0) + if n % 2 == 0 { 42.0 } else { -42.0 };
            let long = height * (0.34 - along * 0.16);
            leaves.push((shapes::leaf(x, y, long, long * 0.07, turn), shade));
        }
        self.canvas.blurred_layer(height * 0.012, |layer, transform| {
            fill_all(layer, transform, &leaves);
        });
    }
}
