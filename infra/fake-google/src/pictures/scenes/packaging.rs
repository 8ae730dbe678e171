//! With a box.

use super::super::canvas::mix;
use super::super::chance::noise;
use super::super::colour::{Lab, lab};
use super::super::figure::Shadow;
use super::super::lettering::{self, Align, DISPLAY, TEXT};
use super::super::shapes;
use super::super::wish::capital_first;
use super::room::fill_all;
use super::{INK, MUTED, PAPER, RED, Scene, grounds};

impl Scene<'_> {
    /// The product before its box: kraft, or in the product's own colour.
    pub(super) fn packaging(&mut self) -> f32 {
        let usual = self.chance.choice(2);
        let variant = self
            .wish
            .variant(&[&["kraft"], &["own colour", "own color"]], usual);
        let light = self.chance.side();
        let pale = self.pale();
        let ground = lab(0.90, pale.a * 0.6, pale.b * 0.6 + 0.006);
        grounds::sweep(&mut self.canvas, ground, 0.66, light);
        let card = match variant {
            0 => lab(0.70, 0.022, 0.062),
            _ => self.subject.main_colour().toned(0.52, 0.11),
        };
        self.carton(card, variant == 0, light);
        let x = 0.5 + light * 0.15;
        let spot = self.spot((x, 0.70), (0.50, 0.40));
        self.stand(
            spot,
            Shadow {
                light,
                reach: 0.10,
                softness: 0.14,
                strength: 0.52,
            },
        );
        self.canvas.vignette(0.12);
        3.0
    }

    /// A box seen from a little above, its front turned towards the light.
    fn carton(&mut self, card: Lab, kraft: bool, light: f32) {
        let (width, height, unit) = (self.canvas.width, self.canvas.height, self.canvas.unit());
        let size = width.min(height * 1.05);
        let x = |share: f32| width * 0.5 - light * size * (share - 0.06);
        let (top, bottom) = (height * 0.5 - size * 0.34, height * 0.5 + size * 0.24);
        let lid = size * 0.075;
        let (inner, edge, outer) = (-0.26, 0.27, 0.40);
        let front = [
            (x(inner), top),
            (x(edge), top),
            (x(edge), bottom),
            (x(inner), bottom),
        ];
        let flank = [
            (x(edge), top),
            (x(outer), top - lid * 0.8),
            (x(outer), bottom - lid),
            (x(edge), bottom),
        ];
        let cover = [
            (x(inner), top),
            (x(edge), top),
            (x(outer), top - lid * 0.8),
            (x(inner + 0.13), top - lid * 0.8),
        ];
        let fall = [
            (x(inner) - light * size * 0.02, bottom - size * 0.02),
            (x(edge), bottom + size * 0.012),
            (x(outer + 0.22), bottom - size * 0.02),
            (x(outer + 0.16), bottom - size * 0.14),
        ];
        let shadow = [(shapes::polygon(&fall), Lab { l: 0.22, ..card }.paint(0.42))];
        self.canvas.blurred_layer(unit * 46.0, |layer, transform| {
            fill_all(layer, transform, &shadow);
        });
        for (corners, shade) in [(&front, 0.0), (&flank, -0.13), (&cover, 0.075)] {
            self.canvas
                .fill(&shapes::polygon(corners), card.lit(shade).paint(1.0));
        }
        if kraft {
            self.fibres(card);
        }
        let rim = card.lit(0.12).paint(0.7);
        self.canvas
            .line(&shapes::line(front[0], front[1]), unit * 1.6, rim);
        self.canvas
            .line(&shapes::line(front[1], front[2]), unit * 1.6, rim);
        let (from, to) = (x(inner).min(x(edge)), x(inner).max(x(edge)));
        self.label(f32::midpoint(from, to), top + (bottom - top) * 0.27, to - from);
    }

    /// Short fibres in the card, wherever its colour is.
    fn fibres(&mut self, card: Lab) {
        let (seed, unit) = (self.chance.seed(), self.canvas.unit());
        let (width, height) = (self.canvas.width, self.canvas.height);
        let dark = super::rgb(card.lit(-0.10));
        let own = super::rgb(card);
        self.canvas.tint(|x, y, rgb| {
            let warm = rgb[0] - rgb[2] > (own[0] - own[2]) * 0.72;
            let (px, py) = (x * width / unit, y * height / unit);
            let fibre = noise(px * 0.10, py * 0.42, seed) * noise(px * 0.33, py * 0.12, seed ^ 3);
            if warm {
                mix(rgb, dark, (fibre - 0.34) * 0.9)
            } else {
                rgb
            }
        });
    }

    /// A paper label with the product's title.
    fn label(&mut self, x: f32, y: f32, room: f32) {
        let unit = self.canvas.unit();
        let (wide, tall) = (room * 0.80, room * 0.36);
        let paper = shapes::card(x - wide / 2.0, y - tall / 2.0, wide, tall, unit * 4.0);
        self.canvas.fill(&paper, Lab::from_rgb(PAPER).paint(1.0));
        let colour = self
            .subject
            .colour_names()
            .into_iter()
            .next()
            .unwrap_or_else(|| "natural".to_owned());
        let title = capital_first(self.wish.title.as_deref().unwrap_or("One of ten"));
        let mut size = tall * 0.34;
        while lettering::width(&DISPLAY, &title, size) > wide * 0.86 && size > tall * 0.15 {
            size *= 0.94;
        }
        let line = lettering::wrapped(&DISPLAY, &title, size, wide * 0.88, 1)
            .pop()
            .unwrap_or_default();
        let ink = Lab::from_rgb(INK).paint(1.0);
        lettering::write(
            &mut self.canvas,
            &DISPLAY,
            &line,
            size,
            (x, y + size * 0.12),
            Align::Middle,
            ink,
        );
        let rule = shapes::line(
            (x - wide * 0.06, y + tall * 0.16),
            (x + wide * 0.06, y + tall * 0.16),
        );
        self.canvas.line(&rule, unit * 3.0, Lab::from_rgb(RED).paint(1.0));
        let small = (tall * 0.11, (x, y + tall * 0.34));
        let muted = Lab::from_rgb(MUTED).paint(1.0);
        lettering::write(
            &mut self.canvas,
            &TEXT,
            &capital_first(&colour),
            small.0,
            small.1,
            Align::Middle,
            muted,
        );
    }
}
