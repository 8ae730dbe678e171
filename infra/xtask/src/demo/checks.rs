//! Whether the images are what was promised: all of them, readable, of the right shape and size, and all different.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::demo::api::Image;

/// The picture area of the size `1K`, which is what an order gets that names no other.
const AREA: f64 = 1024.0 * 1024.0;
/// How far the area may be off. Google's own sizes for `1K` differ by up to 4 percent between the aspect ratios.
const AREA_TOLERANCE: f64 = 0.1;
/// How far the shape may be off. Google's own sizes are multiples of 16 pixels and so never quite the ratio.
const SHAPE_TOLERANCE: f64 = 0.03;

/// An image that was fetched.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Its place in the set, from 1.
    pub(crate) number: u32,
    /// What the API says of it.
    pub(crate) image: Image,
    /// The file.
    pub(crate) bytes: bytes::Bytes,
    /// What the file holds.
    pub(crate) pixels: image::RgbaImage,
    /// The ending of its file name.
    pub(crate) extension: &'static str,
}

impl Picture {
    /// Decodes a file. The error is a sentence about this image.
    pub(crate) fn decode(number: u32, image: Image, bytes: bytes::Bytes) -> Result<Self, String> {
        let format = image::guess_format(&bytes).map_err(|error| format!("image {number}: {error}"))?;
        let pixels = image::load_from_memory_with_format(&bytes, format)
            .map_err(|error| format!("image {number} cannot be read: {error}"))?
            .into_rgba8();
        let extension = match format {
            image::ImageFormat::Jpeg => "jpg",
            image::ImageFormat::WebP => "webp",
            _ => "png",
        };
        Ok(Self {
            number,
            image,
            bytes,
            pixels,
            extension,
        })
    }
}

/// What is wrong with the pictures, a sentence each. Empty if nothing is.
pub(crate) fn faults(pictures: &[Picture], aspect_ratio: &str) -> Vec<String> {
    let mut faults: Vec<String> = pictures
        .iter()
        .filter_map(|picture| size_fault(picture, aspect_ratio))
        .collect();
    let mut seen: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    for picture in pictures {
        let number = picture.number;
        if let Some(other) = seen.insert(Sha256::digest(picture.pixels.as_raw()).to_vec(), number) {
            faults.push(format!("images {other} and {number} are the same picture"));
        }
    }
    faults
}

fn size_fault(picture: &Picture, aspect_ratio: &str) -> Option<String> {
    let (width, height) = picture.pixels.dimensions();
    let number = picture.number;
    let stated = (picture.image.width?, picture.image.height?);
    if stated != (width, height) {
        return Some(format!(
            "image {number} is {width} x {height}, but the job says {} x {}",
            stated.0, stated.1
        ));
    }
    let shape = f64::from(width) / f64::from(height);
    let wanted = ratio(aspect_ratio)?;
    if (shape / wanted - 1.0).abs() > SHAPE_TOLERANCE {
        return Some(format!(
            "image {number} is {width} x {height}, which is not {aspect_ratio}"
        ));
    }
    let area = f64::from(width) * f64::from(height);
    ((area / AREA - 1.0).abs() > AREA_TOLERANCE)
        .then(|| format!("image {number} is {width} x {height}, which is not the size 1K"))
}

/// A ratio like `4:5` as a number.
pub(crate) fn ratio(text: &str) -> Option<f64> {
    let (width, height) = text.split_once(':')?;
    let (width, height): (f64, f64) = (width.parse().ok()?, height.parse().ok()?);
    (width > 0.0 && height > 0.0).then_some(width / height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(number: u32, width: u32, height: u32, shade: u8) -> Picture {
        let pixels = image::RgbaImage::from_pixel(width, height, image::Rgba([shade, shade, shade, 255]));
        let image: Image = serde_json::from_value(
            serde_json::json!({"index": number, "status": "ready", "width": width, "height": height}),
        )
        .expect("the rest may be absent");
        Picture {
            number,
            image,
            bytes: bytes::Bytes::new(),
            pixels,
            extension: "png",
        }
    }

    #[test]
    fn distinct_pictures_of_googles_sizes_pass() {
        assert_eq!(
            faults(&[picture(1, 1024, 1024, 1), picture(2, 1024, 1024, 2)], "1:1"),
            [""; 0]
        );
        assert_eq!(faults(&[picture(1, 1376, 768, 1)], "16:9"), [""; 0]);
        assert_eq!(faults(&[picture(1, 1584, 672, 1)], "21:9"), [""; 0]);
    }

    #[test]
    fn the_same_picture_twice_is_told() {
        let faults = faults(&[picture(1, 1024, 1024, 7), picture(5, 1024, 1024, 7)], "1:1");
        assert_eq!(faults, ["images 1 and 5 are the same picture"]);
    }

    #[test]
    fn a_wrong_shape_size_or_statement_is_told() {
        let mut misstated = picture(3, 1024, 1024, 3);
        misstated.image.width = Some(2048);
        let faults = faults(
            &[picture(1, 1024, 768, 1), picture(2, 512, 512, 2), misstated],
            "1:1",
        );
        assert_eq!(
            faults,
            [
                "image 1 is 1024 x 768, which is not 1:1",
                "image 2 is 512 x 512, which is not the size 1K",
                "image 3 is 1024 x 1024, but the job says 2048 x 1024"
            ]
        );
    }
}
