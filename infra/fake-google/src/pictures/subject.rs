//! The product as the scenes use it: cut out where that went well, else the whole photo as a print.

use image::{Rgba, RgbaImage};

use super::canvas::{place, side};
use super::colour::{self, Lab, lab};
use super::cutout::{self, Cutout};
use super::photo;

/// Pixels that colours are read from.
const SAMPLES: usize = 4000;

/// What is to be shown.
#[derive(Debug)]
pub(super) struct Subject {
    /// The whole photo.
    pub(super) photo: RgbaImage,
    /// The product, or a print of the photo.
    pub(super) figure: RgbaImage,
    /// Whether the figure is the product by itself.
    pub(super) is_cut: bool,
    /// Where the product is in the photo: left, top, width, height as shares.
    pub(super) place: [f32; 4],
    /// The product's colours, the main one first.
    pub(super) colours: Vec<Lab>,
    /// The colours around it.
    pub(super) ground: Vec<Lab>,
}

impl Subject {
    /// Reads a photo; something to show in its place if there is none, or none that can be read.
    pub(super) fn new(bytes: Option<&[u8]>) -> Self {
        let photo = bytes.and_then(photo::read).unwrap_or_else(blank);
        let cutout = cutout::cut_out(&photo);
        let is_cut = cutout.is_some();
        let Cutout { sprite, place } = cutout.unwrap_or_else(|| Cutout {
            sprite: print(&photo),
            place: [0.15, 0.15, 0.7, 0.7],
        });
        let product = if is_cut {
            samples(&sprite)
        } else {
            samples(&middle(&photo))
        };
        let ground = samples(&frame(&photo));
        Self {
            colours: colour::palette(&product, 4),
            ground: colour::palette(&ground, 3),
            figure: sprite,
            photo,
            is_cut,
            place,
        }
    }

    /// The product's main colour.
    pub(super) fn main_colour(&self) -> Lab {
        self.colours.first().copied().unwrap_or(lab(0.6, 0.0, 0.0))
    }

    /// Names of the product's colours, each once.
    pub(super) fn colour_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.colours.iter().map(|colour| colour::name(*colour).to_owned()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Height over width of the figure.
    pub(super) fn tallness(&self) -> f32 {
        place(self.figure.height() as usize) / place(self.figure.width() as usize)
    }

    /// The width at which the figure just fits into a box.
    pub(super) fn fit(&self, width: f32, height: f32) -> f32 {
        width.min(height / self.tallness())
    }

    /// A part of the photo, given by its middle and width as shares of the photo, in the given shape.
    pub(super) fn part(&self, middle: (f32, f32), width: f32, tallness: f32) -> RgbaImage {
        let (whole_width, whole_height) = (
            place(self.photo.width() as usize),
            place(self.photo.height() as usize),
        );
        let wide = (width * whole_width)
            .min(whole_width)
            .min(whole_height / tallness)
            .max(8.0);
        let tall = wide * tallness;
        let left = (middle.0 * whole_width - wide / 2.0).clamp(0.0, whole_width - wide);
        let top = (middle.1 * whole_height - tall / 2.0).clamp(0.0, (whole_height - tall).max(0.0));
        let (left, top) = (side(left + 1.0) - 1, side(top + 1.0) - 1);
        image::imageops::crop_imm(&self.photo, left, top, side(wide), side(tall)).to_image()
    }
}

/// A sheet with a soft pattern, for requests without a photo.
fn blank() -> RgbaImage {
    RgbaImage::from_fn(480, 480, |x, y| {
        let near = (f64::from(x) - 240.0).hypot(f64::from(y) - 240.0) < 150.0;
        if near {
            Rgba([176, 168, 154, 255])
        } else {
            Rgba([250, 248, 244, 255])
        }
    })
}

/// The photo as a print: on white paper with a narrow rim.
fn print(photo: &RgbaImage) -> RgbaImage {
    let rim = (photo.width().max(photo.height()) / 28).max(4);
    let (width, height) = (photo.width() + rim * 2, photo.height() + rim * 2);
    let mut sheet = RgbaImage::from_pixel(width, height, Rgba([252, 251, 249, 255]));
    image::imageops::overlay(&mut sheet, photo, i64::from(rim), i64::from(rim));
    sheet
}

fn middle(photo: &RgbaImage) -> RgbaImage {
    let (width, height) = (photo.width(), photo.height());
    image::imageops::crop_imm(
        photo,
        width / 4,
        height / 4,
        (width / 2).max(1),
        (height / 2).max(1),
    )
    .to_image()
}

/// What lies along the photo's edge.
fn frame(photo: &RgbaImage) -> RgbaImage {
    let rim = photo.width().min(photo.height()) / 14;
    let mut copy = photo.clone();
    for (x, y, pixel) in copy.enumerate_pixels_mut() {
        if x > rim && y > rim && x + rim < photo.width() && y + rim < photo.height() {
            pixel[3] = 0;
        }
    }
    copy
}

fn samples(picture: &RgbaImage) -> Vec<[u8; 3]> {
    let step = (picture.pixels().len() / SAMPLES).max(1);
    let solid = picture.pixels().filter(|pixel| pixel[3] > 200);
    solid
        .step_by(step)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect()
}
