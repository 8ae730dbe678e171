//! The soft edge of a cut-out: an alpha that follows the photo, and colours without the old background.

use image::RgbaImage;

use super::colour::byte;
use super::cutout::ratio;
use super::plane::Plane;

/// The mask at the photo's size, its edge drawn to the photo's own edges.
pub(super) fn matte(photo: &RgbaImage, mask: &Plane) -> Plane {
    let (width, height) = (photo.width() as usize, photo.height() as usize);
    let (sx, sy) = (ratio(mask.width, width), ratio(mask.height, height));
    let soft = mask.clone().boxed(1);
    let mut large = Plane::new(width, height);
    let mut guide = Plane::new(width, height);
    for place in 0..width * height {
        let (x, y) = (ratio(place % width, 1), ratio(place / width, 1));
        large.values[place] = soft.sample((x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5);
    }
    for (value, pixel) in guide.values.iter_mut().zip(photo.pixels()) {
        *value =
            (f32::from(pixel[0]) * 0.45 + f32::from(pixel[1]) * 0.4 + f32::from(pixel[2]) * 0.15) / 255.0;
    }
    let radius = (width.max(height) / 110).max(2);
    let mut alpha = guided(&guide, &large, radius);
    for value in &mut alpha.values {
        // A little inwards, so that no rim of background comes along.
        let inwards = ((*value - 0.34) / 0.46).clamp(0.0, 1.0);
        *value = inwards * inwards * (3.0 - 2.0 * inwards);
    }
    alpha
}

/// Guided filter with a grey guide.
fn guided(guide: &Plane, mask: &Plane, radius: usize) -> Plane {
    const EPSILON: f32 = 4e-4;
    let product = |x: &Plane, y: &Plane| {
        let values = x.values.iter().zip(&y.values).map(|(x, y)| x * y).collect();
        Plane {
            width: x.width,
            height: x.height,
            values,
        }
    };
    let (mean_guide, mean_mask) = (guide.boxed(radius), mask.boxed(radius));
    let (mean_square, mean_both) = (
        product(guide, guide).boxed(radius),
        product(guide, mask).boxed(radius),
    );
    let mut slope = Plane::new(guide.width, guide.height);
    let mut offset = Plane::new(guide.width, guide.height);
    for place in 0..slope.values.len() {
        let (g, m) = (mean_guide.values[place], mean_mask.values[place]);
        let variance = mean_square.values[place] - g * g;
        let a = (mean_both.values[place] - g * m) / (variance + EPSILON);
        slope.values[place] = a;
        offset.values[place] = m - a * g;
    }
    let (slope, offset) = (slope.boxed(radius), offset.boxed(radius));
    let mut result = product(&slope, guide);
    for (value, offset) in result.values.iter_mut().zip(&offset.values) {
        *value += offset;
    }
    result
}

/// The photo with `alpha`, where half-transparent pixels take their colour from the product beside them.
pub(super) fn without_background(photo: &RgbaImage, alpha: &Plane) -> RgbaImage {
    let solid: Vec<f32> = alpha
        .values
        .iter()
        .map(|value| f32::from(u8::from(*value > 0.96)))
        .collect();
    let radius = (alpha.width.max(alpha.height) / 130).max(2);
    let weight = Plane {
        width: alpha.width,
        height: alpha.height,
        values: solid.clone(),
    }
    .boxed(radius);
    let channels: Vec<Plane> = (0..3)
        .map(|channel| {
            let values = photo
                .pixels()
                .zip(&solid)
                .map(|(pixel, solid)| f32::from(pixel[channel]) * solid)
                .collect();
            Plane {
                width: alpha.width,
                height: alpha.height,
                values,
            }
            .boxed(radius)
        })
        .collect();
    let mut result = photo.clone();
    for (place, pixel) in result.pixels_mut().enumerate() {
        let (value, near) = (alpha.values[place], weight.values[place]);
        if value < 0.96 && near > 0.02 {
            for channel in 0..3 {
                let inner = channels[channel].values[place] / near;
                let own = f32::from(pixel[channel]);
                pixel[channel] = byte(own * value + inner * (1.0 - value));
            }
        }
        pixel[3] = byte(value * 255.0);
    }
    result
}
