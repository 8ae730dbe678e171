//! Draws the pictures: cuts the product out of a photo and sets it into a scene.
//!
//! Everything here is a function of its input, so the same request gives the same bytes. Nothing here knows HTTP.

mod canvas;
mod chance;
mod colour;
mod cutout;
mod figure;
mod frame;
mod graph_cut;
mod lettering;
mod matte;
mod mixture;
mod photo;
mod plane;
mod product;
mod scenes;
mod shapes;
mod subject;
mod wish;

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

pub use self::frame::{Format, Ratio, Size};
pub use self::product::product_photo;

use self::chance::Chance;
use self::subject::Subject;
use self::wish::Wish;

/// Photos whose product is kept cut out. The pictures of a job share theirs.
const KEPT_SUBJECTS: usize = 6;

/// Pictures with a longer side are drawn at a fraction of their size and enlarged: at 4K there is nothing more to see
/// in a photo of usual size, and it would take ten times as long.
const LARGEST_DRAWING: u32 = 3200;

/// JPEG quality; about what the real service sends.
const QUALITY: u8 = 92;

/// A picture to be drawn.
#[derive(Debug)]
pub struct Commission<'a> {
    /// The photo's file, if there is one.
    pub photo: Option<Vec<u8>>,
    /// SHA-256 of the photo's file.
    pub photo_digest: [u8; 32],
    /// What is asked for, in words.
    pub prompt: &'a str,
    /// Width and height.
    pub pixels: (u32, u32),
    /// File format.
    pub format: Format,
}

/// Draws pictures, and remembers the last photos it has worked with.
#[derive(Debug, Default)]
pub struct Studio {
    kept: Mutex<VecDeque<Kept>>,
}

/// A photo by its digest, with the product that was cut out of it.
type Kept = ([u8; 32], Arc<Subject>);

impl Studio {
    /// Draws a picture and gives its file. It takes a good part of a second of a processor for a picture of 1K.
    pub fn draw(&self, commission: &Commission<'_>) -> Vec<u8> {
        let subject = self.subject(commission);
        let mut chance = Chance::of(commission.prompt);
        let wish = Wish::read(commission.prompt, &mut chance);
        let (width, height) = commission.pixels;
        let shrink = width.max(height).div_ceil(LARGEST_DRAWING);
        let drawn = scenes::draw(&subject, &wish, chance, (width / shrink, height / shrink));
        let picture = if shrink > 1 {
            photo::enlarged(&drawn, width, height)
        } else {
            drawn
        };
        encode(&picture, commission.format)
    }

    fn subject(&self, commission: &Commission<'_>) -> Arc<Subject> {
        // The lock is held while a photo is cut out, so that the pictures of one job wait for it and not all do it.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.iter().find(|(digest, _)| *digest == commission.photo_digest) {
            return Arc::clone(known);
        }
        let subject = Arc::new(Subject::new(commission.photo.as_deref()));
        kept.push_front((commission.photo_digest, Arc::clone(&subject)));
        kept.truncate(KEPT_SUBJECTS);
        subject
    }
}

/// Words for the main colours of the product in a photo; `None` if the photo cannot be read.
pub fn colour_names(photo: &[u8]) -> Option<Vec<String>> {
    photo::read(photo)?;
    Some(Subject::new(Some(photo)).colour_names())
}

fn encode(picture: &RgbImage, format: Format) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let written = match format {
        Format::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, QUALITY)),
        Format::Png => picture.write_with_encoder(PngEncoder::new_with_quality(
            &mut file,
            CompressionType::Fast,
            FilterType::Adaptive,
        )),
    };
    written.expect("a picture can be written into memory");
    file.into_inner()
}
