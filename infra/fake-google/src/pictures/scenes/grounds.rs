//! Grounds that things stand or lie on.

use super::super::canvas::{Canvas, mix, step};
use super::super::chance::{grain, noise};
use super::super::colour::Lab;
use super::rgb;

/// A wall that bends into a floor at `bend`, lit from `light` (-1 left, 1 right).
pub(super) fn sweep(canvas: &mut Canvas, colour: Lab, bend: f32, light: f32) {
    let (wall, floor) = (rgb(colour.lit(-0.035)), rgb(colour.lit(0.015)));
    let (glow, dusk) = (
        rgb(Lab {
            l: (colour.l + 0.05).min(0.995),
            ..colour
        }),
        rgb(colour.lit(-0.11)),
    );
    canvas.shade(|x, y| {
        let base = mix(wall, floor, step(bend - 0.16, bend + 0.16, y));
        let from_light = ((x - 0.5 - light * 0.28).powi(2) + (y - 0.36).powi(2)).sqrt();
        let lit = mix(base, glow, 1.0 - step(0.0, 0.6, from_light));
        let lit = mix(lit, dusk, step(0.35, 1.15, from_light) * 0.75);
        // The bend itself is a shade darker, which is what makes it read as one.
        let crease = 1.0 - ((y - bend) / 0.13).powi(2);
        mix(lit, dusk, crease.max(0.0) * 0.16)
    });
}

/// A wooden table top below `edge`, going away from the viewer.
pub(super) fn wood(canvas: &mut Canvas, colour: Lab, edge: f32, seed: u64) {
    let (light, dark) = (rgb(colour.lit(0.07)), rgb(colour.lit(-0.11)));
    let aspect = canvas.width / canvas.height;
    canvas.tint(|x, y, rgb| {
        if y < edge - 0.004 {
            return rgb;
        }
        // Nearness grows from the far edge to the viewer; the grain widens with it.
        let near = ((y - edge) / (1.0 - edge)).clamp(0.0, 1.0);
        let depth = 1.0 / (0.18 + near);
        let across = (x - 0.5) * aspect * depth * 0.55;
        let board = (depth * 1.15).floor();
        let fibres = grain(across * 3.0 + board * 7.3, depth * 34.0, seed) * 0.6
            + noise(across * 0.9 + board * 3.1, depth * 90.0, seed ^ 7) * 0.4;
        let seam = (depth * 1.15 - board) < 0.035;
        let share = (fibres * 0.95 + noise(board * 5.7, 0.5, seed) * 0.28 - 0.1).clamp(0.0, 1.0);
        let wood = mix(light, dark, if seam { 1.0 } else { share });
        let far_haze = mix(wood, light, (1.0 - near * 3.0).clamp(0.0, 0.5));
        mix(rgb, far_haze, step(edge - 0.004, edge + 0.004, y))
    });
}

/// Woven cloth seen from above.
pub(super) fn linen(canvas: &mut Canvas, colour: Lab, seed: u64) {
    let (light, dark) = (rgb(colour.lit(0.03)), rgb(colour.lit(-0.06)));
    let (width, height, unit) = (canvas.width, canvas.height, canvas.unit());
    canvas.shade(|x, y| {
        let (px, py) = (x * width / unit, y * height / unit);
        let warp = (px * 1.15 + noise(px * 0.05, py * 0.004, seed) * 5.0).sin() * 0.5 + 0.5;
        let weft = (py * 1.15 + noise(px * 0.004, py * 0.05, seed ^ 3) * 5.0).sin() * 0.5 + 0.5;
        let thread = noise(px * 0.5, py * 0.03, seed ^ 5) * 0.5 + noise(px * 0.03, py * 0.5, seed ^ 9) * 0.5;
        let folds = noise(px * 0.0022 + py * 0.0012, py * 0.0007, seed ^ 0xb);
        mix(
            light,
            dark,
            (warp + weft) * 0.16 + thread * 0.45 + (folds - 0.4) * 0.5,
        )
    });
}

/// Pale stone seen from above.
pub(super) fn stone(canvas: &mut Canvas, colour: Lab, seed: u64) {
    let (light, dark) = (rgb(colour.lit(0.03)), rgb(colour.lit(-0.09)));
    let vein = rgb(colour.lit(-0.2));
    let aspect = canvas.width / canvas.height;
    canvas.shade(|x, y| {
        let (x, y) = (x * aspect * 4.0, y * 4.0);
        let cloud = grain(x, y, seed);
        let bend = grain(x * 0.7 + 9.0, y * 0.7, seed ^ 0x15) * 3.4 + (x * 0.35 + y * 0.6);
        let line = (1.0 - ((bend * 1.9).sin().abs() / 0.05)).clamp(0.0, 1.0);
        mix(mix(light, dark, cloud * 0.8 - 0.15), vein, line * 0.28 * cloud)
    });
}
