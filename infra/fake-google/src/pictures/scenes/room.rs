//! In a room: a table, and behind it a room out of focus or a sunlit wall.

use tiny_skia::{FillRule, Path, Pixmap, Transform};

use super::super::canvas::{mix, paint, step};
use super::super::chance::grain;
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::shapes;
use super::{Scene, grounds, rgb};

/// The colours of a room.
#[derive(Debug, Clone, Copy)]
struct Mood {
    wall: Lab,
    glow: Lab,
    table: Lab,
}

/// Morning in a kitchen, afternoon by a window, dusk on a terrace.
const MOODS: [Mood; 3] = [
    Mood {
        wall: lab(0.84, 0.004, 0.022),
        glow: lab(0.97, 0.002, 0.022),
        table: lab(0.60, 0.028, 0.062),
    },
    Mood {
        wall: lab(0.78, -0.012, 0.04),
        glow: lab(0.95, 0.008, 0.07),
        table: lab(0.70, 0.012, 0.045),
    },
    Mood {
        wall: lab(0.33, 0.006, -0.035),
        glow: lab(0.80, 0.05, 0.115),
        table: lab(0.42, 0.006, 0.008),
    },
];

/// The one of [`MOODS`] that is outdoors, by night.
const DUSK: usize = 2;

/// Where the table ends and the room behind it begins: the product stands on the table with all of itself.
const EDGE: f32 = 0.44;

impl Scene<'_> {
    /// A table in a room that is far out of focus.
    pub(super) fn lifestyle(&mut self) -> f32 {
        let usual = self.chance.choice(3);
        let words: [&[&str]; 3] = [
            &["morning", "kitchen"],
            &["shelf", "afternoon", "plants"],
            &["dusk", "terrace", "evening"],
        ];
        let variant = self.wish.variant(&words, usual);
        let Mood { wall, glow, table } = MOODS[variant];
        let light = self.chance.side();
        let (top, bottom) = (rgb(wall.lit(0.05)), rgb(wall.lit(-0.10)));
        self.canvas.shade(|_, y| mix(top, bottom, y * 1.3));
        self.furniture(variant, light);
        self.bokeh(variant, glow);
        let seed = self.chance.seed();
        if variant == DUSK {
            self.terrace(table, seed);
        } else {
            let table = self.like_the_photo(table);
            grounds::wood(&mut self.canvas, table, EDGE, seed);
        }
        self.light_from(light, glow, if variant == DUSK { 0.10 } else { 0.16 });
        let spot = self.spot((0.5 - light * 0.03, 0.60), (0.66, 0.58));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.11,
                softness: 0.14,
                strength: 0.48,
            },
        );
        self.foreground_leaf(variant, light);
        self.canvas.vignette(0.22);
        4.0
    }

    /// A table's colour, halfway to what the product stood on in the photo: its reflections then fit.
    fn like_the_photo(&self, table: Lab) -> Lab {
        match self.subject.ground.first() {
            Some(ground) if ground.chroma() > 0.02 => {
                let own = ground.toned(table.l, ground.chroma().min(0.085));
                lab(table.l, table.a.midpoint(own.a), table.b.midpoint(own.b))
            }
            _ => table,
        }
    }

    /// Rough stone, lighter in the distance.
    fn terrace(&mut self, stone: Lab, seed: u64) {
        let (near, far) = (rgb(stone), rgb(stone.lit(0.10)));
        self.canvas.tint(|x, y, below| {
            let cloud = grain(x * 26.0, y * 44.0, seed) * 26.0 - 13.0;
            let ground = mix(far, near, (y - EDGE) * 2.6).map(|channel| channel + cloud);
            mix(below, ground, step(EDGE - 0.012, EDGE + 0.012, y))
        });
    }

    /// Window, shelf, plant and lamps, all far behind.
    fn furniture(&mut self, variant: usize, light: f32) {
        let Mood { wall, glow, .. } = MOODS[variant];
        let (width, height) = (self.canvas.width, self.canvas.height);
        let mut shapes: Vec<(Path, tiny_skia::Color)> = Vec::new();
        let x = |share: f32| width * (0.5 + light * (share - 0.5));
        let mut rect = |left: f32, top: f32, right: f32, bottom: f32, colour: tiny_skia::Color| {
            let corners = [
                (x(left), top * height),
                (x(right), top * height),
                (x(right), bottom * height),
                (x(left), bottom * height),
            ];
            shapes.push((shapes::polygon(&corners), colour));
        };
        if variant < DUSK {
            rect(0.66, -0.1, 1.1, 0.38, glow.paint(0.95));
            rect(0.83, -0.1, 0.85, 0.38, wall.paint(0.8));
            rect(0.66, 0.13, 1.1, 0.145, wall.paint(0.8));
            rect(0.0, 0.22, 0.42, 0.245, lab(wall.l - 0.28, 0.02, 0.04).paint(0.9));
            for n in 0..4_u8 {
                let left = 0.04 + f32::from(n) * 0.09 + self.chance.between(-0.015, 0.015);
                let tall = self.chance.between(0.06, 0.14);
                let hue = self
                    .subject
                    .main_colour()
                    .turned(self.chance.between(-80.0, 80.0))
                    .toned(0.62, 0.06);
                rect(
                    left,
                    0.22 - tall,
                    left + self.chance.between(0.035, 0.07),
                    0.22,
                    hue.paint(0.9),
                );
            }
        } else {
            rect(-0.1, 0.26, 1.1, 0.46, lab(0.22, 0.0, -0.03).paint(0.7));
        }
        let plants = [3, 9, 4][variant];
        for _ in 0..plants {
            let (x, y) = (
                x(self.chance.between(0.0, 0.5)),
                height * self.chance.between(0.32, 0.48),
            );
            let (long, turn) = (
                height * self.chance.between(0.16, 0.32),
                self.chance.between(-55.0, 55.0),
            );
            let green = Lab {
                l: self.chance.between(0.34, 0.52),
                a: -0.06,
                b: 0.06,
            };
            shapes.push((shapes::leaf(x, y, long, long * 0.22, turn), green.paint(0.85)));
        }
        self.canvas.blurred_layer(height * 0.034, |layer, transform| {
            fill_all(layer, transform, &shapes);
        });
    }

    /// Discs of light, as a wide open lens makes them.
    fn bokeh(&mut self, variant: usize, glow: Lab) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let count = [7, 9, 22][variant];
        let mut discs = Vec::new();
        for _ in 0..count {
            let (x, y) = (
                self.chance.between(0.0, 1.0) * width,
                self.chance.between(0.05, 0.5) * height,
            );
            let radius = self.chance.between(0.016, 0.048) * height;
            let strength = self.chance.between(0.10, [0.22, 0.24, 0.55][variant]);
            discs.push((shapes::disc(x, y, radius), glow.paint(strength)));
        }
        self.canvas.blurred_layer(height * 0.006, |layer, transform| {
            fill_all(layer, transform, &discs);
        });
    }

    /// A leaf close to the lens.
    fn foreground_leaf(&mut self, variant: usize, light: f32) {
        if variant == 0 && self.chance.choice(2) == 0 {
            return;
        }
        let (width, height) = (self.canvas.width, self.canvas.height);
        let mut leaves = Vec::new();
        for _ in 0..3 {
            let x = width * (0.5 - light * self.chance.between(0.47, 0.56));
            let y = height * self.chance.between(0.98, 1.08);
            let (long, turn) = (
                height * self.chance.between(0.26, 0.42),
                light * self.chance.between(4.0, 48.0),
            );
            let green = Lab {
                l: self.chance.between(0.26, 0.40),
                a: -0.05,
                b: 0.055,
            };
            leaves.push((shapes::leaf(x, y, long, long * 0.24, turn), green.paint(0.9)));
        }
        self.canvas.blurred_layer(height * 0.042, |layer, transform| {
            fill_all(layer, transform, &leaves);
        });
    }

    /// Light that comes in from one side.
    pub(super) fn light_from(&mut self, light: f32, colour: Lab, strength: f32) {
        let colour = rgb(colour);
        self.canvas.tint(|x, y, rgb| {
            let far = ((x - 0.5 - light * 0.55).powi(2) + (y - 0.12).powi(2)).sqrt();
            let glow = 1.0 - step(0.0, 0.95, far);
            mix(rgb, colour, glow * strength)
        });
    }
}

/// Fills shapes on a layer.
pub(super) fn fill_all(layer: &mut Pixmap, transform: Transform, shapes: &[(Path, tiny_skia::Color)]) {
    for (path, colour) in shapes {
        layer.fill_path(path, &paint(*colour), FillRule::Winding, transform, None);
    }
}
