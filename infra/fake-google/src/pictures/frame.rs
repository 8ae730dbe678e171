//! Aspect ratios, sizes and formats of pictures, by the names that Gemini gives them.

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
}

impl Format {
    /// The media type.
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// `imageConfig.imageSize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// `512`
    Half,
    /// `1K`
    K1,
    /// `2K`
    K2,
    /// `4K`
    K4,
}

impl Size {
    const ALL: [(&'static str, Self); 4] = [
        ("512", Self::Half),
        ("1K", Self::K1),
        ("2K", Self::K2),
        ("4K", Self::K4),
    ];

    /// The size with this name. The K is a capital one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, size)| *size)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, size)| *size == self)
            .map_or("1K", |(name, _)| *name)
    }

    /// Tokens that one picture of this size costs (Google's table for the Flash image models, July 2026).
    pub fn tokens(self) -> u64 {
        match self {
            Self::Half => 747,
            Self::K1 => 1120,
            Self::K2 => 1680,
            Self::K4 => 2520,
        }
    }
}

/// `imageConfig.aspectRatio`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Such as `4:5`.
    pub name: &'static str,
    /// Width and height at `1K`.
    pixels: (u32, u32),
}

const fn ratio(name: &'static str, width: u32, height: u32) -> Ratio {
    Ratio {
        name,
        pixels: (width, height),
    }
}

impl Ratio {
    /// All ratios; the last four are the extreme ones, which not every model has.
    pub const ALL: [Self; 14] = [
        ratio("1:1", 1024, 1024),
        ratio("2:3", 848, 1264),
        ratio("3:2", 1264, 848),
        ratio("3:4", 896, 1200),
        ratio("4:3", 1200, 896),
        ratio("4:5", 928, 1152),
        ratio("5:4", 1152, 928),
        ratio("9:16", 768, 1376),
        ratio("16:9", 1376, 768),
        ratio("21:9", 1584, 672),
        ratio("1:4", 512, 2048),
        ratio("4:1", 2048, 512),
        ratio("1:8", 384, 3072),
        ratio("8:1", 3072, 384),
    ];

    /// The ten that every image model has.
    pub const COMMON: &'static [Self] = Self::ALL.split_at(10).0;

    /// The square.
    pub const SQUARE: Self = Self::ALL[0];

    /// The ratio with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ratio| ratio.name == name)
    }

    /// The ratio of `among` that comes nearest to a picture's own.
    pub fn nearest(width: u32, height: u32, among: &[Self]) -> Self {
        let wanted = (f64::from(width.max(1)) / f64::from(height.max(1))).ln();
        let distance = |ratio: &Self| {
            let (width, height) = ratio.pixels;
            ((f64::from(width) / f64::from(height)).ln() - wanted).abs()
        };
        let nearest = among
            .iter()
            .copied()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.unwrap_or(Self::SQUARE)
    }

    /// Width and height in pixels: the larger sizes are exact multiples of `1K`.
    pub fn pixels(self, size: Size) -> (u32, u32) {
        let (width, height) = self.pixels;
        match size {
            Size::Half => (width / 2, height / 2),
            Size::K1 => (width, height),
            Size::K2 => (width * 2, height * 2),
            Size::K4 => (width * 4, height * 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ratio, Size};

    #[test]
    fn sizes_are_those_of_the_reference() {
        let pixels = |name, size| Ratio::parse(name).expect("is known").pixels(size);
        assert_eq!(pixels("4:5", Size::K1), (928, 1152));
        assert_eq!(pixels("21:9", Size::K2), (3168, 1344));
        assert_eq!(pixels("1:1", Size::Half), (512, 512));
        assert_eq!(Ratio::nearest(600, 400, Ratio::COMMON).name, "3:2");
        assert_eq!(Size::parse("2k"), None);
    }
}
