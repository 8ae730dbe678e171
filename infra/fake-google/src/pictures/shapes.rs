//! Outlines of things.

use tiny_skia::{Path, PathBuilder, Rect, Transform};

/// Makes a path; an empty one (which nothing here makes) becomes a point.
fn path(build: impl FnOnce(&mut PathBuilder)) -> Path {
    let mut builder = PathBuilder::new();
    build(&mut builder);
    builder
        .finish()
        .unwrap_or_else(|| PathBuilder::from_rect(Rect::from_xywh(0.0, 0.0, 1e-3, 1e-3).expect("has a size")))
}

/// A straight line.
pub(super) fn line(from: (f32, f32), to: (f32, f32)) -> Path {
    path(|builder| {
        builder.move_to(from.0, from.1);
        builder.line_to(to.0, to.1);
    })
}

/// A closed shape with straight sides.
pub(super) fn polygon(points: &[(f32, f32)]) -> Path {
    path(|builder| {
        for (n, (x, y)) in points.iter().enumerate() {
            if n == 0 {
                builder.move_to(*x, *y);
            } else {
                builder.line_to(*x, *y);
            }
        }
        builder.close();
    })
}

/// A disc.
pub(super) fn disc(x: f32, y: f32, radius: f32) -> Path {
    path(|builder| builder.push_circle(x, y, radius.max(0.01)))
}

/// An ellipse around a middle.
pub(super) fn ellipse(x: f32, y: f32, across: f32, down: f32) -> Path {
    path(|builder| {
        if let Some(rect) = Rect::from_xywh(x - across, y - down, across * 2.0, down * 2.0) {
            builder.push_oval(rect);
        }
    })
}

/// A rectangle with round corners.
pub(super) fn card(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Path {
    let (right, bottom) = (x + width, y + height);
    let inner = radius * 0.448;
    path(|builder| {
        builder.move_to(x + radius, y);
        builder.line_to(right - radius, y);
        builder.cubic_to(right - inner, y, right, y + inner, right, y + radius);
        builder.line_to(right, bottom - radius);
        builder.cubic_to(
            right,
            bottom - inner,
            right - inner,
            bottom,
            right - radius,
            bottom,
        );
        builder.line_to(x + radius, bottom);
        builder.cubic_to(x + inner, bottom, x, bottom - inner, x, bottom - radius);
        builder.line_to(x, y + radius);
        builder.cubic_to(x, y + inner, x + inner, y, x + radius, y);
        builder.close();
    })
}

/// Where the tip of a [`leaf`] is, or a point on the way to it.
pub(super) fn leaf_tip(x: f32, y: f32, length: f32, turn: f32) -> (f32, f32) {
    let (sin, cos) = turn.to_radians().sin_cos();
    (x + sin * length, y - cos * length)
}

/// A leaf with its stalk at a place, growing in the direction of `turn` (0 is up).
pub(super) fn leaf(x: f32, y: f32, length: f32, width: f32, turn: f32) -> Path {
    let leaf = path(|builder| {
        builder.move_to(0.0, 0.0);
        builder.cubic_to(width, -length * 0.25, width * 0.8, -length * 0.75, 0.0, -length);
        builder.cubic_to(-width * 0.8, -length * 0.75, -width, -length * 0.25, 0.0, 0.0);
        builder.close();
    });
    leaf.clone()
        .transform(Transform::from_rotate(turn).post_translate(x, y))
        .unwrap_or(leaf)
}
