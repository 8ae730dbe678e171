//! The charts of the report, as SVG that stands in the page itself. Legends are the page's.

use plotters::{coord::types::RangedCoordf64, prelude::*};

use super::{
    Error,
    following::{ENDS, Tick},
    series::Steps,
};

/// The sizes of the charts, in pixels.
const WIDE: (u32, u32) = (860, 260);
const SMALL: (u32, u32) = (270, 120);

/// The page's colours.
const INK: RGBColor = RGBColor(0x1b, 0x1a, 0x17);
const MUTED: RGBColor = RGBColor(0x6b, 0x67, 0x5e);
const HAIRLINE: RGBColor = RGBColor(0xe4, 0xdf, 0xd5);
const RED: RGBColor = RGBColor(0xc8, 0x32, 0x1f);
const GREEN: RGBColor = RGBColor(0x2f, 0x7d, 0x4f);

/// The statuses in which a job is open, with their colours, the last one drawn lowest.
pub(super) const OPEN: [(&str, &str, RGBColor); 4] = [
    ("queued", "#d9d3c6", RGBColor(0xd9, 0xd3, 0xc6)),
    ("strategy", "#e3b341", RGBColor(0xe3, 0xb3, 0x41)),
    ("batch_submitted", "#8fb3a0", RGBColor(0x8f, 0xb3, 0xa0)),
    ("generating", "#2f7d4f", GREEN),
];

type Canvas<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Jobs accepted and jobs ended.
pub(super) fn jobs(accepted: &Steps, ended: &Steps) -> Result<String, Error> {
    let end = last(accepted).0.max(last(ended).0);
    let most = last(accepted).1.max(last(ended).1);
    draw(WIDE, (0.0, end), most, |chart| {
        chart.draw_series(line(accepted, end, INK)).map_err(failed)?;
        chart.draw_series(line(ended, end, GREEN)).map_err(failed)?;
        Ok(())
    })
}

/// How many open jobs were in each status.
pub(super) fn statuses(ticks: &[Tick]) -> Result<String, Error> {
    let end = ticks.last().map_or(1.0, |tick| tick.at);
    let open = |tick: &Tick| {
        let open = tick.statuses.iter();
        let open = open.filter(|(status, _)| !ENDS.contains(&status.as_str()));
        count(open.map(|(_, count)| *count).sum())
    };
    let most = ticks.iter().map(open).fold(0.0, f64::max);
    draw(WIDE, (0.0, end), most, |chart| {
        // From the top of the pile downwards: each one covers what is not above it.
        for (index, (_, _, colour)) in OPEN.iter().enumerate() {
            let height = |tick: &Tick| {
                let pile = OPEN[index..].iter();
                let counts = pile.map(|(status, _, _)| tick.statuses.get(*status).copied().unwrap_or(0));
                count(counts.sum())
            };
            let area = AreaSeries::new(
                ticks.iter().map(|tick| (tick.at, height(tick))),
                0.0,
                colour.filled(),
            );
            chart.draw_series(area).map_err(failed)?;
        }
        Ok(())
    })
}

/// Batches under way, with the line of the most that Gemini allows.
pub(super) fn batches(steps: &Steps, cap: usize) -> Result<String, Error> {
    let end = last(steps).0;
    draw(WIDE, (0.0, end), count(cap) * 1.1, |chart| {
        let limit = vec![(0.0, count(cap)), (end, count(cap))];
        chart
            .draw_series(LineSeries::new(limit, RED.stroke_width(1)))
            .map_err(failed)?;
        chart.draw_series(line(steps, end, INK)).map_err(failed)?;
        Ok(())
    })
}

/// How many jobs took how long.
pub(super) fn distribution(seconds: &[f64]) -> Result<String, Error> {
    const BARS: usize = 40;
    let longest = seconds.iter().copied().fold(1.0, f64::max);
    let width = (longest / count(BARS)).ceil().max(1.0);
    let mut bars = vec![0usize; BARS + 1];
    for value in seconds {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the number of a bar is small and positive"
        )]
        let bar = (value / width) as usize;
        bars[bar.min(BARS)] += 1;
    }
    let most = bars.iter().copied().max().unwrap_or(0);
    draw(WIDE, (0.0, longest), count(most), |chart| {
        let shown = bars.iter().enumerate().filter(|(_, height)| **height > 0);
        let shown = shown.map(|(bar, height)| {
            let left = count(bar) * width;
            Rectangle::new([(left, 0.0), (left + width * 0.92, count(*height))], INK.filled())
        });
        chart.draw_series(shown).map_err(failed)?;
        Ok(())
    })
}

/// The memory of one function, in megabytes; all of them to the same scale.
pub(super) fn memory(steps: &Steps, end: f64, most: f64) -> Result<String, Error> {
    draw(SMALL, (0.0, end), most, |chart| {
        let line = LineSeries::new(steps.iter().copied(), INK.stroke_width(1));
        chart.draw_series(line).map_err(failed)?;
        Ok(())
    })
}

/// Draws a chart of seconds against a count that begins at 0.
fn draw(
    size: (u32, u32),
    (begin, end): (f64, f64),
    most: f64,
    content: impl FnOnce(&mut Canvas<'_, '_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let is_small = size.1 < WIDE.1;
        let mut chart = ChartBuilder::on(&area)
            .margin_top(8)
            .margin_right(12)
            .x_label_area_size(24)
            .y_label_area_size(44)
            .build_cartesian_2d(begin..end.max(begin + 1.0), 0.0..most.max(1.0) * 1.04)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(if is_small { 3 } else { 10 })
            .y_labels(if is_small || most < 6.0 { 3 } else { 6 })
            .axis_style(HAIRLINE)
            .bold_line_style(HAIRLINE)
            .light_line_style(TRANSPARENT)
            .label_style(("sans-serif", 12).into_font().color(&MUTED))
            .x_label_formatter(&|seconds| format!("{seconds:.0} s"))
            .y_label_formatter(&|value| format!("{value:.0}"))
            .draw()
            .map_err(failed)?;
        content(&mut chart)?;
        area.present().map_err(failed)?;
    }
    Ok(text)
}

/// A line that stays where it is until the next change.
fn line<B: DrawingBackend>(steps: &Steps, end: f64, colour: RGBColor) -> LineSeries<B, (f64, f64)> {
    let mut points = vec![(0.0, 0.0)];
    for (at, value) in steps {
        let before = points.last().map_or(0.0, |(_, value)| *value);
        points.push((*at, before));
        points.push((*at, *value));
    }
    let last = points.last().map_or(0.0, |(_, value)| *value);
    points.push((end, last));
    LineSeries::new(points, colour.stroke_width(2))
}

fn last(steps: &Steps) -> (f64, f64) {
    steps.last().copied().unwrap_or((1.0, 1.0))
}

#[expect(clippy::cast_precision_loss, reason = "no chart counts beyond 2^52")]
fn count(value: usize) -> f64 {
    value as f64
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Chart(error.to_string())
}
