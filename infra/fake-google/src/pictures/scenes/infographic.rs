//! With the product's title and a few points about it.

use super::super::colour::{Lab, lab};
use super::super::figure::{Shadow, Spot};
use super::super::lettering::{self, Align, DISPLAY, STRONG, TEXT};
use super::super::shapes;
use super::super::wish::capital_first;
use super::{INK, MUTED, PAPER, RED, Scene};

impl Scene<'_> {
    /// Callout lines, two columns, or a disc with points below.
    pub(super) fn infographic(&mut self) -> f32 {
        let tint = self.pale();
        let ground = lab(0.965, tint.a * 0.25, tint.b * 0.25 + 0.004);
        let plain = super::rgb(ground);
        self.canvas.shade(|_, _| plain);
        let usual = self.chance.choice(3);
        let mut variant = self.wish.variant(
            &[&["callout"], &["two columns", "columns"], &["circle", "disc"]],
            usual,
        );
        if variant == 1 && self.canvas.width < self.canvas.height * 1.15 {
            variant = 0;
        }
        match variant {
            0 => self.with_callouts(tint),
            1 => self.in_columns(tint),
            _ => self.on_disc(tint),
        }
        1.5
    }

    /// The title in large letters from `top` down; gives where it ends.
    fn heading(&mut self, (x, top): (f32, f32), room: f32, align: Align) -> f32 {
        let unit = self.canvas.unit();
        let colour = self.subject.colour_names().into_iter().next();
        let plain = colour.map_or_else(|| "The product".to_owned(), |name| format!("In {name}"));
        let title = capital_first(self.wish.title.as_deref().unwrap_or(&plain));
        let mut size = unit * 82.0;
        while lettering::wrapped(&DISPLAY, &title, size, room, 9).len() > 2 && size > unit * 46.0 {
            size *= 0.92;
        }
        let mut y = top + size * 0.8;
        for line in lettering::wrapped(&DISPLAY, &title, size, room, 2) {
            lettering::write(
                &mut self.canvas,
                &DISPLAY,
                &line,
                size,
                (x, y),
                align,
                Lab::from_rgb(INK).paint(1.0),
            );
            y += size * 1.1;
        }
        let bar = unit * 64.0;
        let left = match align {
            Align::Start => x,
            Align::Middle => x - bar / 2.0,
            Align::End => x - bar,
        };
        y -= size * 0.62;
        let rule = shapes::card(left, y, bar, unit * 5.0, unit * 2.5);
        self.canvas.fill(&rule, Lab::from_rgb(RED).paint(1.0));
        y + unit * 20.0
    }

    /// Three points: the caller's own first, then what the photo shows.
    fn points(&self) -> Vec<String> {
        let mut points = self.wish.points.clone();
        let colours = self.subject.colour_names();
        if let Some(first) = colours.first() {
            points.push(format!("{} finish", capital_first(first)));
        }
        if let Some(second) = colours.get(1) {
            points.push(format!("{} accents", capital_first(second)));
        }
        points.push("Shown as it is".to_owned());
        points.push("No filter on shape".to_owned());
        points.truncate(3);
        points
    }

    fn with_callouts(&mut self, tint: Lab) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let top = self.heading((width / 2.0, height * 0.055), width * 0.86, Align::Middle);
        let middle = f32::midpoint(top, height * 0.95);
        let room = height * 0.95 - top;
        let glow = shapes::ellipse(
            width / 2.0,
            middle,
            (width * 0.40).min(room * 0.44),
            (width * 0.40).min(room * 0.44),
        );
        self.canvas.fill(&glow, lab(0.92, tint.a, tint.b).paint(0.75));
        let size = self.subject.fit(width * 0.58, room * 0.62);
        let spot = Spot {
            x: width / 2.0,
            y: middle,
            width: size,
            turn: 0.0,
        };
        let light = self.chance.side();
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.09,
                softness: 0.18,
                strength: 0.36,
            },
        );
        let tall = self.tall(spot);
        let targets = [
            (-0.30, -0.20, -1.0, -0.44),
            (0.32, 0.02, 1.0, -0.30),
            (-0.18, 0.34, -1.0, 0.50),
        ];
        for (point, (tx, ty, side, ly)) in self.points().into_iter().zip(targets) {
            let from = (spot.x + tx * spot.width, spot.y + ty * tall);
            let margin = unit * 52.0;
            let label_x = if side < 0.0 { margin } else { width - margin };
            let label_y = middle + ly * room * 0.92;
            self.callout(from, (label_x, label_y), side, &point);
        }
    }

    /// A dot on the product, a line with one bend, a text over the line's end.
    fn callout(&mut self, from: (f32, f32), to: (f32, f32), side: f32, text: &str) {
        let unit = self.canvas.unit();
        let ink = Lab::from_rgb(INK).paint(0.9);
        let letters = unit * 30.0;
        let room = self.canvas.width * 0.30;
        let lines = lettering::wrapped(&STRONG, text, letters, room, 2);
        let longest = lines
            .iter()
            .map(|line| lettering::width(&STRONG, line, letters))
            .fold(0.0, f32::max);
        let bend = (to.0 - side * longest, to.1);
        self.canvas.line(&shapes::line(to, bend), unit * 2.2, ink);
        self.canvas.line(&shapes::line(bend, from), unit * 2.2, ink);
        self.canvas.fill(
            &shapes::disc(from.0, from.1, unit * 10.0),
            Lab::from_rgb(PAPER).paint(1.0),
        );
        self.canvas.fill(
            &shapes::disc(from.0, from.1, unit * 6.5),
            Lab::from_rgb(RED).paint(1.0),
        );
        let align = if side < 0.0 { Align::Start } else { Align::End };
        for (n, line) in lines.iter().rev().enumerate() {
            let up = unit * 13.0 + letters * 1.2 * f32::from(u8::try_from(n).unwrap_or(0));
            lettering::write(
                &mut self.canvas,
                &STRONG,
                line,
                letters,
                (to.0, to.1 - up),
                align,
                ink,
            );
        }
    }

    fn in_columns(&mut self, tint: Lab) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let panel = shapes::card(width * 0.46, 0.0, width * 0.54 + 1.0, height, 0.1);
        self.canvas.fill(&panel, lab(0.90, tint.a, tint.b).paint(1.0));
        let spot = Spot {
            x: width * 0.73,
            y: height * 0.5,
            width: self.subject.fit(width * 0.43, height * 0.72),
            turn: 0.0,
        };
        let light = self.chance.side();
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.11,
                softness: 0.18,
                strength: 0.40,
            },
        );
        let left = unit * 64.0;
        let mut y =
            self.heading((left, height * 0.20), width * 0.46 - unit * 120.0, Align::Start) + unit * 44.0;
        for (n, point) in self.points().into_iter().enumerate() {
            y = self.numbered(n, &point, (left, y), width * 0.46 - unit * 190.0) + unit * 26.0;
        }
    }

    /// A number and a text beside it; gives where the text ends.
    fn numbered(&mut self, n: usize, text: &str, (x, y): (f32, f32), room: f32) -> f32 {
        let unit = self.canvas.unit();
        let size = unit * 34.0;
        let number = format!("{:02}", n + 1);
        let red = Lab::from_rgb(RED).paint(1.0);
        lettering::write(
            &mut self.canvas,
            &STRONG,
            &number,
            size * 0.72,
            (x, y + size * 0.7),
            Align::Start,
            red,
        );
        let mut base = y + size * 0.78;
        for line in lettering::wrapped(&TEXT, text, size, room, 2) {
            let at = (x + unit * 62.0, base);
            lettering::write(
                &mut self.canvas,
                &TEXT,
                &line,
                size,
                at,
                Align::Start,
                Lab::from_rgb(INK).paint(1.0),
            );
            base += size * 1.22;
        }
        base - size * 0.5
    }

    fn on_disc(&mut self, tint: Lab) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let top = self.heading((width / 2.0, height * 0.06), width * 0.86, Align::Middle);
        let footer = height * 0.84;
        let (middle, radius) = (
            f32::midpoint(top, footer),
            ((footer - top) * 0.47).min(width * 0.42),
        );
        let disc = shapes::disc(width / 2.0, middle, radius);
        self.canvas
            .fill(&disc, lab(0.88, tint.a * 1.3, tint.b * 1.3).paint(1.0));
        let spot = Spot {
            x: width / 2.0,
            y: middle,
            width: self.subject.fit(radius * 1.7, radius * 1.5),
            turn: 0.0,
        };
        let light = self.chance.side();
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.10,
                softness: 0.16,
                strength: 0.40,
            },
        );
        let points = self.points();
        let size = unit * 28.0;
        for (n, point) in points.iter().enumerate() {
            let x = width * [0.18, 0.5, 0.82][n.min(2)];
            let number = format!("{:02}", n + 1);
            let red = Lab::from_rgb(RED).paint(1.0);
            lettering::write(
                &mut self.canvas,
                &STRONG,
                &number,
                size * 0.75,
                (x, footer + unit * 46.0),
                Align::Middle,
                red,
            );
            for (row, line) in lettering::wrapped(&TEXT, point, size, width * 0.27, 2)
                .iter()
                .enumerate()
            {
                let y = footer + unit * 46.0 + size * 1.25 * f32::from(u8::try_from(row + 1).unwrap_or(1));
                lettering::write(
                    &mut self.canvas,
                    &TEXT,
                    line,
                    size,
                    (x, y),
                    Align::Middle,
                    Lab::from_rgb(INK).paint(1.0),
                );
            }
        }
        let rule = shapes::line((width * 0.08, footer), (width * 0.92, footer));
        self.canvas
            .line(&rule, unit * 1.6, Lab::from_rgb(MUTED).paint(0.4));
    }
}
