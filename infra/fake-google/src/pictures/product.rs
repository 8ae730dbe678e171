//! Photos of products that were never photographed: something for a Drive to hold.

use tiny_skia::{Path, PathBuilder};

use super::canvas::{Canvas, mix, step};
use super::chance::Chance;
use super::colour::{Lab, lab};
use super::shapes;
use super::{Format, encode};

/// Colours that a seed can name.
const COLOURS: [(&str, Lab); 6] = [
    ("white", lab(0.95, 0.0, 0.004)),
    ("sage", lab(0.72, -0.035, 0.035)),
    ("amber", lab(0.58, 0.06, 0.11)),
    ("green", lab(0.45, -0.07, 0.05)),
    ("clear", lab(0.86, -0.012, -0.012)),
    ("kraft", lab(0.68, 0.02, 0.06)),
];

/// A photo of the thing that the seed names (`cup`, `vase`, `bottle`, `box`): the same seed gives the same bytes.
pub fn product_photo(seed: &str, pixels: (u32, u32), format: Format) -> Vec<u8> {
    let mut chance = Chance::of(seed);
    let named = COLOURS.iter().find(|(name, _)| seed.contains(name));
    let colour = named.map_or_else(
        || lab(chance.between(0.5, 0.8), 0.07, 0.03).turned(chance.between(0.0, 360.0)),
        |(_, colour)| *colour,
    );
    let mut canvas = Canvas::new(pixels, lab(0.9, 0.0, 0.0));
    ground(&mut canvas, &mut chance);
    let things = ["cup", "vase", "bottle", "box"];
    let thing = things
        .into_iter()
        .find(|thing| seed.contains(thing))
        .unwrap_or(things[chance.choice(things.len())]);
    let size = chance.between(0.5, 0.62);
    let (middle, unit) = (
        canvas.width * chance.between(0.47, 0.53),
        canvas.width.min(canvas.height) * size,
    );
    let floor = canvas.height * 0.5 + unit * 0.48;
    shadow(&mut canvas, middle, floor, unit);
    match thing {
        "cup" => cup(&mut canvas, middle, floor, unit, colour),
        "vase" => turned(
            &mut canvas,
            middle,
            floor,
            unit,
            colour,
            &[0.20, 0.38, 0.36, 0.14, 0.19],
        ),
        "bottle" => turned(
            &mut canvas,
            middle,
            floor,
            unit,
            colour,
            &[0.22, 0.23, 0.22, 0.08, 0.08],
        ),
        _ => carton(&mut canvas, middle, floor, unit, colour),
    }
    let picture = canvas.finish(2.0, chance.seed());
    encode(&picture, format)
}

fn ground(canvas: &mut Canvas, chance: &mut Chance) {
    let tint = lab(chance.between(0.86, 0.93), 0.008, 0.012).turned(chance.between(0.0, 360.0));
    let rgb = |colour: Lab| colour.to_rgb().map(f32::from);
    let (wall, floor, dusk) = (rgb(tint), rgb(tint.lit(0.03)), rgb(tint.lit(-0.12)));
    canvas.shade(|x, y| {
        let base = mix(wall, floor, step(0.5, 0.75, y));
        let far = ((x - 0.4).powi(2) + (y - 0.4).powi(2)).sqrt();
        mix(base, dusk, step(0.3, 1.0, far))
    });
}

fn shadow(canvas: &mut Canvas, middle: f32, floor: f32, unit: f32) {
    let spot = shapes::ellipse(
        middle + unit * 0.06,
        floor - unit * 0.01,
        unit * 0.42,
        unit * 0.07,
    );
    canvas.blurred_layer(unit * 0.06, |layer, transform| {
        let paint = super::canvas::paint(lab(0.2, 0.0, 0.0).paint(0.5));
        layer.fill_path(&spot, &paint, tiny_skia::FillRule::Winding, transform, None);
    });
}

/// A round body, lit from the left: strips from edge to edge.
fn round(canvas: &mut Canvas, outline: impl Fn(f32, f32) -> Path, colour: Lab) {
    let strips: u8 = 100;
    for n in 0..strips {
        let at = |n: u8| f32::from(n) / f32::from(strips) * 2.0 - 1.0;
        let (from, to) = (at(n), at(n + 1));
        let lit = 0.06 - 0.30 * (from + 0.35).powi(2);
        // Each strip reaches under the next, so that no ground shows between them.
        canvas.fill(&outline(from, (to + 0.06).min(1.0)), colour.lit(lit).paint(1.0));
    }
}

fn cup(canvas: &mut Canvas, middle: f32, floor: f32, unit: f32, colour: Lab) {
    let saucer = shapes::ellipse(middle, floor - unit * 0.03, unit * 0.48, unit * 0.085);
    canvas.fill(&saucer, colour.lit(-0.06).paint(1.0));
    let handle = shapes::disc(middle + unit * 0.36, floor - unit * 0.32, unit * 0.13);
    canvas.line(&handle, unit * 0.055, colour.lit(-0.10).paint(1.0));
    let (top, bottom) = (floor - unit * 0.56, floor - unit * 0.05);
    let body = |from: f32, to: f32| {
        let edge = |x: f32| unit * 0.06 * (1.0 - x * x).max(0.0).sqrt();
        let (upper, lower) = (unit * 0.36, unit * 0.22);
        shapes::polygon(&[
            (middle + from * upper, top + edge(from)),
            (middle + to * upper, top + edge(to)),
            (middle + to * lower, bottom + edge(to) * 0.5),
            (middle + from * lower, bottom + edge(from) * 0.5),
        ])
    };
    round(canvas, body, colour);
    let rim = shapes::ellipse(middle, top, unit * 0.36, unit * 0.075);
    canvas.fill(&rim, colour.lit(0.03).paint(1.0));
    let coffee = shapes::ellipse(middle, top + unit * 0.012, unit * 0.32, unit * 0.058);
    canvas.fill(&coffee, lab(0.32, 0.03, 0.05).paint(1.0));
}

/// A body of revolution: half widths from the foot to the rim.
fn turned(canvas: &mut Canvas, middle: f32, floor: f32, unit: f32, colour: Lab, widths: &[f32; 5]) {
    let heights = [0.0, 0.32, 0.55, 0.80, 1.05].map(|height| floor - unit * height);
    let strip = |from: f32, to: f32| {
        let mut builder = PathBuilder::new();
        let at = |n: usize, side: f32| (middle + side * widths[n] * unit, heights[n]);
        let (x, y) = at(0, from);
        builder.move_to(x, y);
        for n in 1..widths.len() {
            let ((before_x, before_y), (x, y)) = (at(n - 1, from), at(n, from));
            let half = f32::midpoint(before_y, y);
            builder.cubic_to(before_x, half, x, half, x, y);
        }
        let (x, y) = at(widths.len() - 1, to);
        builder.line_to(x, y);
        for n in (0..widths.len() - 1).rev() {
            let ((before_x, before_y), (x, y)) = (at(n + 1, to), at(n, to));
            let half = f32::midpoint(before_y, y);
            builder.cubic_to(before_x, half, x, half, x, y);
        }
        builder.close();
        builder
            .finish()
            .unwrap_or_else(|| shapes::disc(middle, floor, 1.0))
    };
    round(canvas, strip, colour);
    let rim = shapes::ellipse(middle, heights[4], unit * widths[4], unit * widths[4] * 0.2);
    canvas.fill(&rim, colour.lit(-0.18).paint(1.0));
    let foot = shapes::ellipse(middle, floor, unit * widths[0] * 0.98, unit * 0.03);
    canvas.fill(&foot, colour.lit(-0.14).paint(1.0));
}

fn carton(canvas: &mut Canvas, middle: f32, floor: f32, unit: f32, colour: Lab) {
    let (left, edge, right) = (middle - unit * 0.42, middle + unit * 0.12, middle + unit * 0.44);
    let (top, slope) = (floor - unit * 0.68, unit * 0.12);
    let front = [
        (left, top),
        (edge, top + slope * 0.4),
        (edge, floor),
        (left, floor - slope * 0.5),
    ];
    let side = [
        (edge, top + slope * 0.4),
        (right, top - slope * 0.3),
        (right, floor - slope * 0.8),
        (edge, floor),
    ];
    let lid = [
        (left, top),
        (edge, top + slope * 0.4),
        (right, top - slope * 0.3),
        (middle - unit * 0.1, top - slope * 0.8),
    ];
    canvas.fill(&shapes::polygon(&front), colour.paint(1.0));
    canvas.fill(&shapes::polygon(&side), colour.lit(-0.14).paint(1.0));
    canvas.fill(&shapes::polygon(&lid), colour.lit(0.07).paint(1.0));
    let label = shapes::card(
        left + unit * 0.12,
        top + unit * 0.22,
        unit * 0.28,
        unit * 0.2,
        unit * 0.02,
    );
    canvas.fill(&label, lab(0.97, 0.0, 0.01).paint(1.0));
}
