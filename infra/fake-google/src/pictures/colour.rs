//! Colours: `OkLab` (Björn Ottosson, <https://bottosson.github.io/posts/oklab/>), palettes, names.

use tiny_skia::Color;

/// A colour as the eye sees it: lightness 0 to 1, and two axes around grey.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Lab {
    pub(super) l: f32,
    pub(super) a: f32,
    pub(super) b: f32,
}

/// A colour by its three numbers.
pub(super) const fn lab(l: f32, a: f32, b: f32) -> Lab {
    Lab { l, a, b }
}

#[expect(
    clippy::many_single_char_names,
    reason = "the letters are the names of the channels"
)]
impl Lab {
    /// From sRGB bytes.
    pub(super) fn from_rgb([r, g, b]: [u8; 3]) -> Self {
        let linear = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let (r, g, b) = (linear(r), linear(g), linear(b));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        Self {
            l: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            a: 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            b: 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        }
    }

    /// To sRGB bytes; what lies outside is cut off.
    pub(super) fn to_rgb(self) -> [u8; 3] {
        let l = (self.l + 0.396_337_78 * self.a + 0.215_803_76 * self.b).powi(3);
        let m = (self.l - 0.105_561_346 * self.a - 0.063_854_17 * self.b).powi(3);
        let s = (self.l - 0.089_484_18 * self.a - 1.291_485_5 * self.b).powi(3);
        let encode = |value: f32| {
            let value = value.clamp(0.0, 1.0);
            let value = if value <= 0.003_130_8 {
                value * 12.92
            } else {
                1.055 * value.powf(1.0 / 2.4) - 0.055
            };
            byte(value * 255.0)
        };
        [
            encode(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
            encode(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s),
            encode(-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s),
        ]
    }

    /// How far from grey.
    pub(super) fn chroma(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The same hue at another lightness and chroma. A grey stays one.
    pub(super) fn toned(self, lightness: f32, chroma: f32) -> Self {
        let own = self.chroma();
        let factor = if own < 0.012 { 0.0 } else { chroma / own };
        Self {
            l: lightness,
            a: self.a * factor,
            b: self.b * factor,
        }
    }

    /// The same colour, so much lighter (or darker, below 0).
    pub(super) fn lit(self, by: f32) -> Self {
        Self {
            l: self.l + by,
            ..self
        }
    }

    /// The hue turned by so many degrees.
    pub(super) fn turned(self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self {
            l: self.l,
            a: self.a * cos - self.b * sin,
            b: self.a * sin + self.b * cos,
        }
    }

    /// Distance, with lightness counting half.
    pub(super) fn distance(self, other: Self) -> f32 {
        let (l, a, b) = ((self.l - other.l) * 0.5, self.a - other.a, self.b - other.b);
        (l * l + a * a + b * b).sqrt()
    }

    /// For shapes, with an opacity.
    pub(super) fn paint(self, opacity: f32) -> Color {
        let [r, g, b] = self.to_rgb();
        Color::from_rgba8(r, g, b, byte(opacity * 255.0))
    }
}

/// Rounds to a byte.
pub(super) fn byte(value: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a byte's range"
    )]
    let byte = value.clamp(0.0, 255.0).round() as u8;
    byte
}

/// The main colours among `pixels`, the weightiest first: k-means from starts that lie far apart.
pub(super) fn palette(pixels: &[[u8; 3]], wanted: usize) -> Vec<Lab> {
    let labs: Vec<Lab> = pixels.iter().map(|rgb| Lab::from_rgb(*rgb)).collect();
    let Some(first) = labs.get(labs.len() / 2) else {
        return Vec::new();
    };
    let mut centres = vec![*first];
    while centres.len() < wanted {
        let apart = |lab: &Lab| {
            centres
                .iter()
                .map(|centre| lab.distance(*centre))
                .fold(f32::MAX, f32::min)
        };
        let farthest = labs.iter().copied().max_by(|x, y| apart(x).total_cmp(&apart(y)));
        match farthest.filter(|lab| apart(lab) > 0.06) {
            Some(lab) => centres.push(lab),
            None => break,
        }
    }
    let mut weights = Vec::new();
    for _ in 0..6 {
        (centres, weights) = settle(&labs, &centres);
    }
    let mut ranked: Vec<(Lab, f32)> = centres.into_iter().zip(weights).collect();
    // A strong colour is what people name first, even where grey takes more room.
    ranked
        .sort_by(|x, y| (y.1 * (0.35 + y.0.chroma() * 4.0)).total_cmp(&(x.1 * (0.35 + x.0.chroma() * 4.0))));
    ranked.retain(|(_, weight)| *weight > 0.04);
    ranked.into_iter().map(|(lab, _)| lab).collect()
}

fn settle(labs: &[Lab], centres: &[Lab]) -> (Vec<Lab>, Vec<f32>) {
    let mut sums = vec![(Lab::default(), 0.0_f32); centres.len()];
    for lab in labs {
        let nearest =
            (0..centres.len()).min_by(|x, y| lab.distance(centres[*x]).total_cmp(&lab.distance(centres[*y])));
        let (sum, count) = &mut sums[nearest.unwrap_or(0)];
        *sum = Lab {
            l: sum.l + lab.l,
            a: sum.a + lab.a,
            b: sum.b + lab.b,
        };
        *count += 1.0;
    }
    let total: f32 = sums.iter().map(|(_, count)| count).sum();
    let mean = |(sum, count): &(Lab, f32)| {
        let count = count.max(1.0);
        Lab {
            l: sum.l / count,
            a: sum.a / count,
            b: sum.b / count,
        }
    };
    (
        sums.iter().map(mean).collect(),
        sums.iter().map(|(_, count)| count / total.max(1.0)).collect(),
    )
}

/// Colour words with an example each.
const NAMES: [(&str, [u8; 3]); 28] = [
    ("white", [245, 245, 243]),
    ("cream", [240, 230, 205]),
    ("light grey", [200, 200, 200]),
    ("grey", [135, 135, 135]),
    ("charcoal", [65, 66, 68]),
    ("black", [22, 22, 22]),
    ("beige", [205, 185, 150]),
    ("tan", [190, 145, 95]),
    ("brown", [120, 75, 45]),
    ("dark brown", [65, 40, 25]),
    ("brick red", [145, 45, 28]),
    ("red", [200, 40, 35]),
    ("burgundy", [100, 22, 35]),
    ("coral", [240, 120, 95]),
    ("orange", [235, 130, 30]),
    ("amber", [205, 135, 40]),
    ("yellow", [240, 205, 60]),
    ("olive", [115, 115, 50]),
    ("green", [60, 140, 70]),
    ("dark green", [30, 75, 50]),
    ("mint", [165, 220, 195]),
    ("teal", [30, 125, 125]),
    ("light blue", [150, 195, 225]),
    ("blue", [45, 95, 185]),
    ("navy", [25, 40, 85]),
    ("purple", [110, 60, 145]),
    ("lilac", [190, 165, 215]),
    ("pink", [235, 150, 175]),
];

/// The word for a colour.
pub(super) fn name(colour: Lab) -> &'static str {
    let distance = |rgb: [u8; 3]| colour.distance(Lab::from_rgb(rgb));
    let nearest = NAMES
        .iter()
        .min_by(|x, y| distance(x.1).total_cmp(&distance(y.1)));
    nearest.map_or("grey", |(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::{Lab, name, palette};

    #[test]
    fn colours_go_there_and_back() {
        for rgb in [[0, 0, 0], [255, 255, 255], [200, 50, 31], [12, 200, 140]] {
            let back = Lab::from_rgb(rgb).to_rgb();
            for channel in 0..3 {
                assert!(
                    rgb[channel].abs_diff(back[channel]) <= 1,
                    "{rgb:?} became {back:?}"
                );
            }
        }
    }

    #[test]
    fn the_strong_colour_is_named_first() {
        let mut pixels = vec![[180, 178, 176]; 60];
        pixels.extend(vec![[190, 40, 30]; 40]);
        let names: Vec<_> = palette(&pixels, 3).into_iter().map(name).collect();
        assert_eq!(names, ["red", "light grey"]);
    }
}
