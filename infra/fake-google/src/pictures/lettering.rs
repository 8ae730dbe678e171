//! Text in pictures.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, GlyphId, OutlineCurve, ScaleFont as _};
use tiny_skia::{Color, Path, PathBuilder, Transform};

use super::canvas::Canvas;

/// Fraunces semi-bold, for titles.
pub(super) static DISPLAY: LazyLock<FontRef<'static>> =
    LazyLock::new(|| bundled(include_bytes!("../../fonts/Fraunces-SemiBold.ttf")));
/// Inter medium, for everything else.
pub(super) static TEXT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| bundled(include_bytes!("../../fonts/Inter-Medium.ttf")));
/// Inter bold, for numbers and labels.
pub(super) static STRONG: LazyLock<FontRef<'static>> =
    LazyLock::new(|| bundled(include_bytes!("../../fonts/Inter-Bold.ttf")));

fn bundled(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the fonts in this crate are sound")
}

/// Which side of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// It starts there.
    Start,
    /// It has its middle there.
    Middle,
    /// It ends there.
    End,
}

/// The width of a text at a size.
pub(super) fn width(font: &FontRef<'_>, text: &str, size: f32) -> f32 {
    let font = font.as_scaled(scale(font, size));
    text.chars()
        .map(|letter| font.h_advance(font.glyph_id(letter)))
        .sum()
}

/// Draws one line with its base line at `at`.
pub(super) fn write(
    canvas: &mut Canvas,
    font: &FontRef<'_>,
    text: &str,
    size: f32,
    at: (f32, f32),
    align: Align,
    colour: Color,
) {
    let length = width(font, text, size);
    let mut x = at.0
        - match align {
            Align::Start => 0.0,
            Align::Middle => length / 2.0,
            Align::End => length,
        };
    let scaled = font.as_scaled(scale(font, size));
    for letter in text.chars() {
        let id = scaled.glyph_id(letter);
        if let Some(path) = outline(font, id) {
            let factor = size / font.units_per_em().unwrap_or(1000.0);
            let transform = Transform::from_scale(factor, -factor).post_translate(x, at.1);
            if let Some(path) = path.transform(transform) {
                canvas.fill(&path, colour);
            }
        }
        x += scaled.h_advance(id);
    }
}

/// Breaks a text into lines that fit, at most `most` of them; the last ends in an ellipsis if there was more.
pub(super) fn wrapped(font: &FontRef<'_>, text: &str, size: f32, room: f32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(font, &format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let more = lines.len() > most;
    lines.truncate(most);
    for line in &mut lines {
        while width(font, line, size) > room && line.chars().count() > 2 {
            line.pop();
            line.pop();
            line.push('\u{2026}');
        }
    }
    if more
        && let Some(last) = lines.last_mut()
        && !last.ends_with('\u{2026}')
    {
        last.push('\u{2026}');
    }
    lines
}

/// The scale at which the em is `size` pixels.
fn scale(font: &FontRef<'_>, size: f32) -> f32 {
    size * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0)
}

fn outline(font: &FontRef<'_>, id: GlyphId) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let mut last = None;
    for curve in font.outline(id)?.curves {
        let (from, to) = match curve {
            OutlineCurve::Line(from, to)
            | OutlineCurve::Quad(from, _, to)
            | OutlineCurve::Cubic(from, _, _, to) => (from, to),
        };
        if last != Some(from) {
            builder.move_to(from.x, from.y);
        }
        match curve {
            OutlineCurve::Line(..) => builder.line_to(to.x, to.y),
            OutlineCurve::Quad(_, via, _) => builder.quad_to(via.x, via.y, to.x, to.y),
            OutlineCurve::Cubic(_, first, second, _) => {
                builder.cubic_to(first.x, first.y, second.x, second.y, to.x, to.y);
            }
        }
        last = Some(to);
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::{TEXT, width, wrapped};

    #[test]
    fn lines_fit_their_room() {
        let lines = wrapped(
            &TEXT,
            "A cup for espresso, made of thick porcelain, brick red",
            30.0,
            220.0,
            2,
        );
        assert_eq!(lines.len(), 2);
        assert!(
            lines.iter().all(|line| width(&TEXT, line, 30.0) < 260.0),
            "{lines:?}"
        );
        assert!(lines[1].ends_with('\u{2026}'));
    }
}
