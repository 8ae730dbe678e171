//! The scenes: one function a sort of picture.

mod close;
mod flat_lay;
mod grounds;
mod infographic;
mod packaging;
mod room;
mod scale;
mod seasonal;
mod studio;
mod window;

use super::canvas::Canvas;
use super::chance::Chance;
use super::colour::{Lab, lab};
use super::figure::{Shadow, Spot};
use super::subject::Subject;
use super::wish::{Sort, Wish};

/// Paper, ink and red as the product's own pages have them.
const PAPER: [u8; 3] = [250, 248, 244];
const INK: [u8; 3] = [27, 26, 23];
const MUTED: [u8; 3] = [107, 103, 94];
const RED: [u8; 3] = [200, 50, 31];

/// All that a scene is made from.
#[derive(Debug)]
struct Scene<'a> {
    canvas: Canvas,
    subject: &'a Subject,
    wish: &'a Wish,
    chance: Chance,
}

/// Draws the scene that is wished for.
pub(super) fn draw(subject: &Subject, wish: &Wish, chance: Chance, pixels: (u32, u32)) -> image::RgbImage {
    let canvas = Canvas::new(pixels, Lab::from_rgb(PAPER));
    let mut scene = Scene {
        canvas,
        subject,
        wish,
        chance,
    };
    let grain = match wish.sort {
        Sort::Studio => scene.studio(),
        Sort::Backdrop => scene.backdrop(),
        Sort::Lifestyle => scene.lifestyle(),
        Sort::InUse => scene.in_use(),
        Sort::CloseUp => scene.close_up(),
        Sort::Infographic => scene.infographic(),
        Sort::FlatLay => scene.flat_lay(),
        Sort::Scale => scene.scale(),
        Sort::Packaging => scene.packaging(),
        Sort::Detail => scene.detail(),
        Sort::Seasonal => scene.seasonal(),
    };
    let seed = scene.chance.seed();
    scene.canvas.finish(grain, seed)
}

impl Scene<'_> {
    /// Sets the figure down in the middle of `(x, y)`, as large as fits `(width, height)`: all in shares of the
    /// canvas. A print lies a little askew.
    fn spot(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) -> Spot {
        let turn = if self.subject.is_cut {
            0.0
        } else {
            self.chance.between(-2.5, 2.5)
        };
        let (full_width, full_height) = (self.canvas.width, self.canvas.height);
        // A narrow picture would leave the product small between wide margins.
        let width = if full_width < full_height * 0.78 {
            width * 1.18
        } else {
            width
        };
        let width = self.subject.fit(width * full_width, height * full_height);
        Spot {
            x: x * full_width,
            y: y * full_height,
            width,
            turn,
        }
    }

    /// The figure with its shadow.
    fn stand(&mut self, spot: Spot, shadow: Shadow) {
        self.canvas.cast(&self.subject.figure, spot, shadow);
        self.canvas.put(&self.subject.figure, spot);
    }

    /// The height of the figure at a spot.
    fn tall(&self, spot: Spot) -> f32 {
        spot.width * self.subject.tallness()
    }

    /// A light colour for a ground: the product's own hue or one that goes with it.
    fn pale(&mut self) -> Lab {
        let turn = [0.0, 30.0, -35.0, 180.0, 150.0][self.chance.choice(5)];
        let chroma = self.chance.between(0.025, 0.05);
        let main = self.subject.main_colour();
        let hue = if main.chroma() < 0.03 {
            lab(0.6, 0.04, 0.07)
        } else {
            main
        };
        hue.turned(turn).toned(0.9, chroma)
    }
}

/// A colour as three numbers from 0 to 255.
fn rgb(lab: Lab) -> [f32; 3] {
    lab.to_rgb().map(f32::from)
}
