//! Cuts the product out of a photo: what does not look like the photo's border, refined the way `GrabCut` does
//! (Rother, Kolmogorov and Blake, 2004), with an edge that follows the photo (guided filter, He, Sun and Tang, 2013).

use image::RgbaImage;

use super::canvas::whole;
use super::graph_cut::{Grid, STEPS};
use super::matte::{matte, without_background};
use super::mixture::{Mixture, Rgb};
use super::photo::resized;
use super::plane::Plane;

/// Longest side of the copy on which the border is sought.
const SEARCH_SIDE: u32 = 220;

/// Rounds of fitting colours and cutting.
const ROUNDS: usize = 7;

/// How dear it is to separate two pixels of the same colour.
const SMOOTHNESS: f32 = 5.0;

/// The product without its surroundings.
#[derive(Debug)]
pub(super) struct Cutout {
    /// The product with transparency, cropped to it.
    pub(super) sprite: RgbaImage,
    /// Where it lay in the photo: left, top, width, height as shares of the photo.
    pub(super) place: [f32; 4],
}

/// Cuts the product out; `None` where the result would not be worth showing.
pub(super) fn cut_out(photo: &RgbaImage) -> Option<Cutout> {
    let alpha = own_transparency(photo).or_else(|| search(photo).map(|mask| matte(photo, &mask)))?;
    let [left, top, right, bottom] = alpha.bounds(0.08)?;
    let cleaned = without_background(photo, &alpha);
    let (width, height) = (right - left, bottom - top);
    if width < 8 || height < 8 {
        return None;
    }
    let pixel = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let sprite =
        image::imageops::crop_imm(&cleaned, pixel(left), pixel(top), pixel(width), pixel(height)).to_image();
    let share = |part: usize, whole: usize| ratio(part, whole);
    let place = [
        share(left, alpha.width),
        share(top, alpha.height),
        share(width, alpha.width),
        share(height, alpha.height),
    ];
    Some(Cutout { sprite, place })
}

/// A count as a share of another.
pub(super) fn ratio(part: usize, whole: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "sides and counts of a small picture")]
    let ratio = part as f32 / whole.max(1) as f32;
    ratio
}

/// A photo that comes with transparency has been cut out already.
fn own_transparency(photo: &RgbaImage) -> Option<Plane> {
    let clear = photo.pixels().filter(|pixel| pixel[3] < 128).count();
    let all = photo.pixels().len();
    if clear * 50 < all || clear == all {
        return None;
    }
    let mut plane = Plane::new(photo.width() as usize, photo.height() as usize);
    for (value, pixel) in plane.values.iter_mut().zip(photo.pixels()) {
        *value = f32::from(pixel[3]) / 255.0;
    }
    Some(plane)
}

/// Finds the product on a small copy.
fn search(photo: &RgbaImage) -> Option<Plane> {
    let longest = photo.width().max(photo.height());
    let side = |side: u32| (side * SEARCH_SIDE / longest).max(16);
    let small = if longest > SEARCH_SIDE {
        resized(photo, side(photo.width()), side(photo.height()))
    } else {
        photo.clone()
    };
    let colours: Vec<Rgb> = small
        .pixels()
        .map(|pixel| [0, 1, 2].map(|channel| f32::from(pixel[channel]) / 255.0))
        .collect();
    let field = Field::new(small.width() as usize, small.height() as usize, colours);
    let mut mask = field.first_guess();
    for _ in 0..ROUNDS {
        mask = field.refine(&mask)?;
    }
    field.is_credible(&mask).then_some(mask)
}

/// The small copy with what is known about each pixel.
struct Field {
    width: usize,
    height: usize,
    colours: Vec<Rgb>,
    /// Distance from the middle, 1 at the middle of a side.
    radius: Vec<f32>,
    links: Vec<[f32; 8]>,
}

impl Field {
    fn new(width: usize, height: usize, colours: Vec<Rgb>) -> Self {
        let radius = (0..colours.len())
            .map(|place| {
                let (x, y) = (ratio(place % width, width - 1), ratio(place / width, height - 1));
                (x * 2.0 - 1.0).hypot(y * 2.0 - 1.0)
            })
            .collect();
        let links = links(width, height, &colours);
        Self {
            width,
            height,
            colours,
            radius,
            links,
        }
    }

    fn on_border(&self, place: usize) -> bool {
        let (x, y) = (place % self.width, place / self.width);
        let margin = self.margin();
        x < margin || y < margin || x + margin >= self.width || y + margin >= self.height
    }

    /// What looks unlike the border, the more so the nearer to the middle it is.
    fn first_guess(&self) -> Plane {
        let border: Vec<Rgb> = (0..self.colours.len())
            .filter(|place| self.on_border(*place))
            .map(|place| self.colours[place])
            .collect();
        let model = Mixture::fit(&border, &vec![1.0; border.len()], 5);
        let mut costs: Vec<f32> = border.iter().map(|colour| model.cost(*colour)).collect();
        costs.sort_by(f32::total_cmp);
        let usual = costs[costs.len() * 9 / 10];
        let mut mask = Plane::new(self.width, self.height);
        for (place, value) in mask.values.iter_mut().enumerate() {
            let unlike = model.cost(self.colours[place]) - usual;
            let inside = 1.0 - self.radius[place].powi(2) * 1.15;
            *value = if !self.on_border(place) && unlike + 3.0 * inside > 1.6 && inside > -0.2 {
                1.0
            } else {
                0.0
            };
        }
        mask
    }

    /// Fits both colour models to the mask, and cuts again.
    fn refine(&self, mask: &Plane) -> Option<Plane> {
        let model = |inside: bool, bells: usize| {
            let places: Vec<usize> = (0..self.colours.len())
                .filter(|place| (mask.values[*place] > 0.5) == inside)
                .collect();
            let colours: Vec<Rgb> = places.iter().map(|place| self.colours[*place]).collect();
            let weight = |place: &usize| {
                if inside {
                    (1.6 - self.radius[*place]).max(0.15)
                } else {
                    1.0
                }
            };
            (colours.len() > 40)
                .then(|| Mixture::fit(&colours, &places.iter().map(weight).collect::<Vec<_>>(), bells))
        };
        let (product, ground) = (model(true, 5)?, model(false, 5)?);
        let wish = |place: usize| {
            if self.on_border(place) {
                return -60.0;
            }
            let colour = self.colours[place];
            let middle = 1.4 * (0.75 - self.radius[place]);
            (ground.cost(colour) - product.cost(colour)).clamp(-9.0, 9.0) + middle
        };
        let terminal = (0..self.colours.len()).map(wish).collect();
        let cut = Grid::new(self.width, self.height, terminal, self.links.clone()).cut();
        let mut next = Plane::new(self.width, self.height);
        for (value, inside) in next.values.iter_mut().zip(cut) {
            *value = f32::from(u8::from(inside));
        }
        Some(next.main_area())
    }

    /// Whether the area has a likely size and a firm shape, lies whole within the photo, and stands out from what is
    /// around it.
    fn is_credible(&self, mask: &Plane) -> bool {
        let area = mask.values.iter().filter(|value| **value > 0.5).count();
        let share = ratio(area, mask.values.len());
        let Some([left, top, right, bottom]) = mask.bounds(0.5) else {
            return false;
        };
        let filled = ratio(area, (right - left) * (bottom - top));
        let edge: Vec<usize> = (0..mask.values.len())
            .filter(|place| self.is_edge(mask, *place))
            .collect();
        // 1 for a disc, less for ragged shapes.
        let firmness = 4.0 * std::f32::consts::PI * ratio(area, 1) / ratio(edge.len(), 1).powi(2).max(1.0);
        let cut_off = edge.iter().filter(|place| self.is_near_border(**place)).count();
        let cut_off = ratio(cut_off, edge.len());
        let contrast = self.contrast(mask, &edge);
        // Tried on photos: a cup on wood has a contrast of 0.57, fur that was cut through 0.24; a ragged shape is
        // worth showing only if it stands out all the more.
        let stands_out = contrast > 0.26 && contrast * firmness > 0.2;
        (0.04..0.82).contains(&share) && filled > 0.36 && cut_off < 0.15 && stands_out
    }

    /// How much the colours on both sides of the edge differ, on average.
    fn contrast(&self, mask: &Plane, edge: &[usize]) -> f32 {
        const REACH: f32 = 3.5;
        let soft = mask.boxed(3);
        let at = |x: f32, y: f32| {
            let x = x.round().clamp(0.0, ratio(self.width - 1, 1));
            let y = y.round().clamp(0.0, ratio(self.height - 1, 1));
            self.colours[whole(y) as usize * self.width + whole(x) as usize]
        };
        let difference = |place: usize| {
            let (x, y) = (ratio(place % self.width, 1), ratio(place / self.width, 1));
            let dx = soft.sample(x + 1.0, y) - soft.sample(x - 1.0, y);
            let dy = soft.sample(x, y + 1.0) - soft.sample(x, y - 1.0);
            let length = dx.hypot(dy).max(1e-3);
            let (dx, dy) = (dx / length * REACH, dy / length * REACH);
            let (inside, outside) = (at(x + dx, y + dy), at(x - dx, y - dy));
            (0..3)
                .map(|i| (inside[i] - outside[i]).powi(2))
                .sum::<f32>()
                .sqrt()
        };
        edge.iter().map(|place| difference(*place)).sum::<f32>() / ratio(edge.len(), 1).max(1.0)
    }

    fn is_near_border(&self, place: usize) -> bool {
        let (x, y) = (place % self.width, place / self.width);
        let margin = self.margin() + 1;
        x < margin || y < margin || x + margin >= self.width || y + margin >= self.height
    }

    /// How much of the photo's rim counts as background.
    fn margin(&self) -> usize {
        (self.width.min(self.height) / 40).max(2)
    }

    fn is_edge(&self, mask: &Plane, place: usize) -> bool {
        let at = |value: usize| i32::try_from(value).unwrap_or(0);
        let (x, y) = (at(place % self.width), at(place / self.width));
        mask.values[place] > 0.5
            && [(1, 0), (-1, 0), (0, 1), (0, -1)]
                .into_iter()
                .any(|(dx, dy)| mask.at(x + dx, y + dy) < 0.5)
    }
}

/// The cost of separating neighbours: high where their colours are alike.
fn links(width: usize, height: usize, colours: &[Rgb]) -> Vec<[f32; 8]> {
    let square = |x: Rgb, y: Rgb| (0..3).map(|i| (x[i] - y[i]).powi(2)).sum::<f32>();
    let neighbour = |place: usize, step: (i32, i32)| {
        let at = |value: usize| i32::try_from(value).unwrap_or(0);
        let x = usize::try_from(at(place % width) + step.0)
            .ok()
            .filter(|x| *x < width)?;
        let y = usize::try_from(at(place / width) + step.1)
            .ok()
            .filter(|y| *y < height)?;
        Some(y * width + x)
    };
    let across: Vec<f32> = (0..colours.len())
        .filter_map(|place| neighbour(place, (1, 0)).map(|next| square(colours[place], colours[next])))
        .collect();
    let usual = (across.iter().sum::<f32>() / ratio(across.len(), 1).max(1.0)).max(1e-4);
    let strength = |place: usize, (dx, dy): (i32, i32)| {
        let Some(next) = neighbour(place, (dx, dy)) else {
            return 0.0;
        };
        let length = if dx != 0 && dy != 0 {
            std::f32::consts::SQRT_2
        } else {
            1.0
        };
        SMOOTHNESS * (-square(colours[place], colours[next]) / (2.0 * usual)).exp() / length + 0.4
    };
    (0..colours.len())
        .map(|place| STEPS.map(|step| strength(place, step)))
        .collect()
}
