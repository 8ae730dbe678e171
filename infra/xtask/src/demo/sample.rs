//! The sample product: a glazed oil bottle with a cork, drawn by the project itself, so that a demo needs no photo.

use image::{Rgba, RgbaImage};
use tiny_skia::{
    Color, FillRule, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point, RadialGradient,
    Rect, Shader, SpreadMode, Transform,
};

use crate::demo::drawing::{Lettering, png};

/// What the product is called.
pub(crate) const TITLE: &str = "Olive oil bottle";
/// The photo's side in pixels.
const SIDE: u16 = 1400;
/// The drawing has units of its own: it is made on a square of 1000 by 1000.
const SCALE: f32 = SIDE as f32 / 1000.0;

/// The left and the right side of the bottle, which is round: every colour on it runs from one to the other.
const SIDES: (f32, f32) = (322.0, 678.0);

/// Sea green glaze, from the shaded edge over the light to the other edge.
const GLAZE: [(f32, u32); 8] = [
    (0.0, 0x0012_2a28),
    (0.10, 0x0022_4b47),
    (0.26, 0x0046_7f77),
    (0.34, 0x0078_aaa0),
    (0.42, 0x003f_766e),
    (0.66, 0x0027_524d),
    (0.90, 0x0013_302d),
    (1.0, 0x0026_4f49),
];
/// Bare clay.
const CLAY: [(f32, u32); 5] = [
    (0.0, 0x0059_3a28),
    (0.2, 0x00a0_7252),
    (0.34, 0x00dc_b593),
    (0.6, 0x00a8_7855),
    (1.0, 0x0052_3525),
];
/// Cork.
const CORK: [(f32, u32); 4] = [
    (0.0, 0x0078_542f),
    (0.3, 0x00d3_a873),
    (0.6, 0x00b3_8552),
    (1.0, 0x0066_4526),
];
/// The label's paper.
const LABEL: [(f32, u32); 4] = [
    (0.0, 0x00cf_c7b6),
    (0.3, 0x00fb_f7ee),
    (0.7, 0x00e6_dfd0),
    (1.0, 0x00b9_b09d),
];

/// The sample photo as a PNG file.
pub(crate) fn draw() -> Vec<u8> {
    let mut canvas = Pixmap::new(SIDE.into(), SIDE.into()).expect("the side is not zero");
    canvas.fill(Color::WHITE);
    backdrop(&mut canvas);
    shadow(&mut canvas);
    cork(&mut canvas);
    bottle(&mut canvas);
    label(&mut canvas);
    let side = u32::from(SIDE);
    let mut photo =
        RgbaImage::from_raw(side, side, canvas.take()).expect("the canvas has this size and is opaque");
    lettering(&mut photo);
    png(&photo)
}

/// A paper sweep, a little darker towards the front.
fn backdrop(canvas: &mut Pixmap) {
    let all = rectangle(0.0, 0.0, 1000.0, 1000.0);
    let stops = [
        stop(0.0, 0x00f4_f1eb, 1.0),
        stop(0.75, 0x00ea_e5dc, 1.0),
        stop(1.0, 0x00e0_dacf, 1.0),
    ];
    fill(canvas, all, linear((500.0, 0.0), (500.0, 1000.0), stops.to_vec()));
}

/// Two shadows: a wide soft one, and a narrow dark one where the bottle stands.
fn shadow(canvas: &mut Pixmap) {
    for (width, height, shift, strength) in [(330.0, 46.0, 60.0, 0.30), (205.0, 20.0, 8.0, 0.55)] {
        let stops = vec![
            stop(0.0, 0x002a_241c, strength),
            stop(0.55, 0x002a_241c, strength * 0.45),
            stop(1.0, 0x002a_241c, 0.0),
        ];
        // A circle, flattened to lie on the table.
        let flat = Transform::from_scale(1.0, height / width).post_translate(500.0 + shift, 872.0);
        let origin = Point::from_xy(0.0, 0.0);
        let shader = RadialGradient::new(origin, 0.0, origin, width, stops, SpreadMode::Pad, flat);
        let ground = rectangle(500.0 + shift - width, 872.0 - height, 2.0 * width, 2.0 * height);
        fill(canvas, ground, shader);
    }
}

fn cork(canvas: &mut Pixmap) {
    let mut side = PathBuilder::new();
    side.move_to(446.0, 128.0);
    side.line_to(554.0, 128.0);
    side.line_to(546.0, 230.0);
    side.line_to(454.0, 230.0);
    side.close();
    fill(canvas, side.finish(), across(446.0, 554.0, &CORK));
    let top = PathBuilder::from_oval(area(446.0, 114.0, 108.0, 28.0));
    fill(
        canvas,
        top,
        across(
            446.0,
            554.0,
            &[(0.0, 0x00c0_9461), (0.5, 0x00e4_c08e), (1.0, 0x00ae_8350)],
        ),
    );
    for (x, y, width) in [
        (468.0, 158.0, 9.0),
        (503.0, 186.0, 7.0),
        (526.0, 150.0, 6.0),
        (487.0, 206.0, 8.0),
        (480.0, 126.0, 7.0),
    ] {
        let pore = PathBuilder::from_oval(area(x, y, width, width * 0.5));
        fill(canvas, pore, Some(Shader::SolidColor(colour(0x004a_3018, 0.55))));
    }
}

fn bottle(canvas: &mut Pixmap) {
    let (left, right) = SIDES;
    let mut body = PathBuilder::new();
    body.move_to(444.0, 226.0);
    body.line_to(444.0, 262.0);
    body.cubic_to(444.0, 354.0, left, 352.0, left, 470.0);
    body.line_to(left, 810.0);
    body.cubic_to(left, 862.0, 350.0, 876.0, 500.0, 876.0);
    body.cubic_to(650.0, 876.0, right, 862.0, right, 810.0);
    body.line_to(right, 470.0);
    body.cubic_to(right, 352.0, 556.0, 354.0, 556.0, 262.0);
    body.line_to(556.0, 226.0);
    body.close();
    fill(canvas, body.finish(), across(left, right, &GLAZE));

    // The glaze ends in an uneven line; below it the clay is bare.
    let mut foot = PathBuilder::new();
    foot.move_to(left, 752.0);
    foot.cubic_to(370.0, 790.0, 410.0, 768.0, 450.0, 786.0);
    foot.cubic_to(500.0, 806.0, 540.0, 772.0, 590.0, 790.0);
    foot.cubic_to(630.0, 802.0, 655.0, 776.0, right, 756.0);
    foot.line_to(right, 810.0);
    foot.cubic_to(right, 862.0, 650.0, 876.0, 500.0, 876.0);
    foot.cubic_to(350.0, 876.0, left, 862.0, left, 810.0);
    foot.close();
    fill(canvas, foot.finish(), across(left, right, &CLAY));

    // The lip, and the shadow that it throws on the neck.
    let stops = [stop(0.0, 0x0008_1614, 0.65), stop(1.0, 0x0008_1614, 0.0)];
    fill(
        canvas,
        rectangle(445.0, 236.0, 110.0, 34.0),
        linear((0.0, 238.0), (0.0, 270.0), stops.to_vec()),
    );
    let lip = rounded(430.0, 206.0, 140.0, 34.0, 16.0);
    fill(canvas, lip, across(430.0, 570.0, &GLAZE));

    // The window that lights the scene, mirrored in the glaze.
    let window = rounded(400.0, 470.0, 26.0, 262.0, 13.0);
    let stops = [
        stop(0.0, 0x00ff_ffff, 0.75),
        stop(0.6, 0x00ff_ffff, 0.28),
        stop(1.0, 0x00ff_ffff, 0.0),
    ];
    fill(canvas, window, linear((0.0, 470.0), (0.0, 732.0), stops.to_vec()));
}

fn label(canvas: &mut Pixmap) {
    let paper = rounded(440.0, 520.0, 190.0, 180.0, 4.0);
    fill(canvas, paper, across(SIDES.0, SIDES.1, &LABEL));
    for y in [536.0, 682.0] {
        fill(
            canvas,
            rectangle(452.0, y, 166.0, 2.0),
            Some(Shader::SolidColor(colour(0x0022_4b47, 0.8))),
        );
    }
}

fn lettering(photo: &mut RgbaImage) {
    let ink = Rgba([0x22, 0x4b, 0x47, 255]);
    for (text, size, baseline) in [
        ("OLIVE OIL", 34.0, 600.0),
        ("first harvest", 24.0, 634.0),
        ("500 ml", 20.0, 666.0),
    ] {
        let letters = Lettering::new(size * SCALE);
        let left = 535.0 * SCALE - letters.width(text) / 2.0;
        letters.write(photo, left, baseline * SCALE, ink, text);
    }
}

fn fill(canvas: &mut Pixmap, path: impl Into<Option<Path>>, shader: Option<Shader>) {
    let (Some(path), Some(shader)) = (path.into(), shader) else {
        return;
    };
    let paint = Paint {
        shader,
        anti_alias: true,
        ..Paint::default()
    };
    canvas.fill_path(
        &path,
        &paint,
        FillRule::Winding,
        Transform::from_scale(SCALE, SCALE),
        None,
    );
}

/// Colours that run from left to right, as they do on something round.
fn across(left: f32, right: f32, stops: &[(f32, u32)]) -> Option<Shader<'static>> {
    let stops = stops
        .iter()
        .map(|(position, code)| stop(*position, *code, 1.0))
        .collect();
    linear((left, 0.0), (right, 0.0), stops)
}

fn linear(from: (f32, f32), to: (f32, f32), stops: Vec<GradientStop>) -> Option<Shader<'static>> {
    let (from, to) = (Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1));
    LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity())
}

fn stop(position: f32, code: u32, opacity: f32) -> GradientStop {
    GradientStop::new(position, colour(code, opacity))
}

/// A colour from its usual code, `0x00rr_ggbb`.
fn colour(code: u32, opacity: f32) -> Color {
    let [_, red, green, blue] = code.to_be_bytes();
    let mut colour = Color::from_rgba8(red, green, blue, 255);
    colour.set_alpha(opacity);
    colour
}

fn area(x: f32, y: f32, width: f32, height: f32) -> Rect {
    Rect::from_xywh(x, y, width, height).expect("the drawing's numbers are constants and positive")
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Path {
    PathBuilder::from_rect(area(x, y, width, height))
}

fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.quad_to(right, y, right, y + radius);
    path.line_to(right, bottom - radius);
    path.quad_to(right, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.quad_to(x, bottom, x, bottom - radius);
    path.line_to(x, y + radius);
    path.quad_to(x, y, x + radius, y);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_an_opaque_square_with_a_product_in_its_middle() {
        let photo = image::load_from_memory(&draw())
            .expect("it is a PNG")
            .into_rgba8();
        assert_eq!(photo.dimensions(), (u32::from(SIDE), u32::from(SIDE)));
        assert!(photo.pixels().all(|pixel| pixel.0[3] == 255));
        let brightness = |x: u32, y: u32| {
            photo.get_pixel(x, y).0[..3]
                .iter()
                .map(|value| u32::from(*value))
                .sum::<u32>()
        };
        assert!(brightness(20, 20) > 600, "the backdrop is light");
        assert!(brightness(480, 1000) < 450, "the bottle is dark");
    }
}
