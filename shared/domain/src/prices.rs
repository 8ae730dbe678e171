//! What Gemini charges, with the source of each number.
//!
//! Model ids and prices change several times a year, so a model that is not listed is priced like the dearest one
//! here: an estimate may be too high, never too low.
//!
//! Source of all numbers: <https://ai.google.dev/gemini-api/docs/pricing> as recorded by the `genai-prices` 0.2.3 and
//! `litellm` 1.109.1 packages; tokens of an image from the table of the image generation guide.

use jiff::civil::Date;

use crate::{money::MicroUsd, request::ImageSize};

/// What an image model charges by batch, which is half of its interactive price.
#[derive(Debug, Clone, Copy)]
pub struct ImagePrice {
    /// The model's id in the API's path.
    pub model: &'static str,
    /// One image per size: 512, 1K, 2K, 4K; `None` where the model does not make that size.
    by_size: [Option<MicroUsd>; 4],
    tokens: TokenPrice,
    /// The day on which the numbers were compared with their source.
    pub checked: &'static str,
}

/// What a model charges for a million tokens.
#[derive(Debug, Clone, Copy)]
struct TokenPrice {
    input: MicroUsd,
    /// Text and thoughts.
    text: MicroUsd,
    image: MicroUsd,
}

/// What a text model charges, interactively, from a day on.
#[derive(Debug, Clone, Copy)]
struct TextPrice {
    model: &'static str,
    from: Date,
    tokens: TokenPrice,
}

/// Batch prices of image models.
pub const IMAGE_PRICES: &[ImagePrice] = &[
    ImagePrice {
        model: "gemini-nano-banana-2.1",
        by_size: [
            None,
            Some(MicroUsd(16_800)),
            Some(MicroUsd(25_200)),
            Some(MicroUsd(37_800)),
        ],
        tokens: TokenPrice {
            input: MicroUsd(750_000),
            text: MicroUsd(3_750_000),
            image: MicroUsd(15_000_000),
        },
        checked: "2026-10-15",
    },
    ImagePrice {
        model: "gemini-3-pro-image",
        by_size: [
            None,
            Some(MicroUsd(67_000)),
            Some(MicroUsd(67_000)),
            Some(MicroUsd(120_000)),
        ],
        tokens: TokenPrice {
            input: MicroUsd(1_000_000),
            text: MicroUsd(6_000_000),
            image: MicroUsd(60_000_000),
        },
        checked: "2026-10-15",
    },
    ImagePrice {
        model: "gemini-3.1-flash-lite-image",
        by_size: [None, Some(MicroUsd(16_800)), None, None],
        tokens: TokenPrice {
            input: MicroUsd(125_000),
            text: MicroUsd(750_000),
            image: MicroUsd(15_000_000),
        },
        checked: "2026-10-15",
    },
];

/// Interactive prices of text models, in the order of their days.
const TEXT_PRICES: &[TextPrice] = &[
    TextPrice {
        model: "gemini-3.8-flash",
        from: Date::constant(2026, 1, 1),
        tokens: TokenPrice::of_text(750_000, 3_750_000),
    },
    TextPrice {
        model: "gemini-3.5-flash-lite",
        from: Date::constant(2026, 1, 1),
        tokens: TokenPrice::of_text(300_000, 2_500_000),
    },
    TextPrice {
        model: "gemini-3.1-flash-lite",
        from: Date::constant(2026, 1, 1),
        tokens: TokenPrice::of_text(250_000, 1_500_000),
    },
    TextPrice {
        model: "gemini-3.8-flash",
        from: Date::constant(2027, 1, 1),
        tokens: TokenPrice::of_text(1_500_000, 7_500_000),
    },
];

impl TokenPrice {
    /// The price of a model that makes no images.
    const fn of_text(input: u64, text: u64) -> Self {
        Self {
            input: MicroUsd(input),
            text: MicroUsd(text),
            image: MicroUsd(text),
        }
    }

    /// The price of a call, rounded up.
    fn of(self, tokens: Tokens) -> MicroUsd {
        let price = |price: MicroUsd, count: u64| u128::from(price.0) * u128::from(count);
        let millionths =
            price(self.input, tokens.input) + price(self.text, tokens.text) + price(self.image, tokens.image);
        MicroUsd(u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }

    fn dearest(one: Self, other: Self) -> Self {
        Self {
            input: one.input.max(other.input),
            text: one.text.max(other.text),
            image: one.image.max(other.image),
        }
    }
}

/// What calls used, as Gemini counted it (`usageMetadata`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// What was sent: words and photos.
    pub input: u64,
    /// Words that came, thoughts among them.
    pub text: u64,
    /// Pictures that came.
    pub image: u64,
}

impl std::ops::Add for Tokens {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            text: self.text.saturating_add(other.text),
            image: self.image.saturating_add(other.image),
        }
    }
}

/// What an image model charges for lines of a batch.
pub fn cost_by_batch(model: &str, tokens: Tokens) -> MicroUsd {
    let listed = IMAGE_PRICES.iter().find(|price| price.model == model);
    let dearest = || {
        IMAGE_PRICES
            .iter()
            .map(|price| price.tokens)
            .reduce(TokenPrice::dearest)
    };
    listed
        .map(|price| price.tokens)
        .or_else(dearest)
        .map_or(MicroUsd::default(), |price| price.of(tokens))
}

/// What an image model charges for a call that is answered at once: a batch costs half of it
/// (<https://ai.google.dev/gemini-api/docs/batch-api>).
pub fn cost_interactive(model: &str, tokens: Tokens) -> MicroUsd {
    cost_by_batch(model, tokens).times(2)
}

/// What a text model charges for calls on this day.
pub fn cost_of_text(model: &str, tokens: Tokens, day: Date) -> MicroUsd {
    let valid = || TEXT_PRICES.iter().filter(|price| price.from <= day);
    let listed = valid().rfind(|price| price.model == model);
    let dearest = || valid().map(|price| price.tokens).reduce(TokenPrice::dearest);
    listed
        .map(|price| price.tokens)
        .or_else(dearest)
        .map_or(MicroUsd::default(), |price| price.of(tokens))
}

/// What one planning call costs at most: about 12,000 tokens in (eight photos and the brief) and 4,000 out, at the
/// interactive price of `gemini-3.8-flash` (0.75 and 3.75 USD per million tokens, same source and day).
pub const STRATEGY_ESTIMATE: MicroUsd = MicroUsd(24_000);

/// What the photos cost as input of one image by batch: about 1,500 tokens a photo at 0.75 USD per million.
const PHOTO_INPUT_ESTIMATE: MicroUsd = MicroUsd(1_125);

/// The sizes that `model` makes; every size for a model that is not listed.
pub fn sizes_of(model: &str) -> Vec<ImageSize> {
    let listed = IMAGE_PRICES.iter().find(|price| price.model == model);
    ImageSize::ALL
        .into_iter()
        .filter(|size| listed.is_none_or(|price| price.by_size[size.index()].is_some()))
        .collect()
}

/// What a job of `count` images from `photos` photos is expected to cost at Gemini.
pub fn estimate(model: &str, size: ImageSize, count: u8, photos: usize) -> MicroUsd {
    estimate_image(model, size, photos).times(count.into()) + STRATEGY_ESTIMATE
}

/// What one image from `photos` photos is expected to cost by batch, once it is planned.
pub fn estimate_image(model: &str, size: ImageSize, photos: usize) -> MicroUsd {
    image_price(model, size) + PHOTO_INPUT_ESTIMATE.times(photos as u64)
}

/// What one image from `photos` photos is expected to cost by a call that is answered at once.
pub fn estimate_interactive_image(model: &str, size: ImageSize, photos: usize) -> MicroUsd {
    estimate_image(model, size, photos).times(2)
}

fn image_price(model: &str, size: ImageSize) -> MicroUsd {
    let dearest = || {
        IMAGE_PRICES
            .iter()
            .filter_map(|price| price.by_size[size.index()])
            .max()
            .unwrap_or(MicroUsd(120_000))
    };
    IMAGE_PRICES
        .iter()
        .find(|price| price.model == model)
        .and_then(|price| price.by_size[size.index()])
        .unwrap_or_else(dearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_images_at_1k_cost_about_a_fifth_of_a_dollar() {
        let estimated = estimate("gemini-nano-banana-2.1", ImageSize::OneK, 10, 1);
        assert_eq!(estimated.to_string(), "0.203250");
    }

    #[test]
    fn tokens_cost_what_the_list_says() {
        let image = Tokens {
            input: 300,
            text: 0,
            image: 1120,
        };
        // 1120 tokens at 15 USD a million are 0.0168, the listed price of an image; the rest is input.
        assert_eq!(
            cost_by_batch("gemini-nano-banana-2.1", image),
            MicroUsd(16_800 + 225)
        );
        let words = Tokens {
            input: 1000,
            text: 1000,
            image: 0,
        };
        let on = |day: &str| cost_of_text("gemini-3.8-flash", words, day.parse().expect("a day"));
        assert_eq!(on("2026-12-31"), MicroUsd(4_500));
        assert_eq!(on("2027-01-01"), MicroUsd(9_000), "the price has doubled");
        assert!(cost_by_batch("gemini-of-next-year", image) >= cost_by_batch("gemini-3-pro-image", image));
    }

    #[test]
    fn an_unknown_model_is_never_estimated_too_low() {
        for size in ImageSize::ALL {
            let unknown = estimate("gemini-of-next-year", size, 10, 1);
            assert!(
                IMAGE_PRICES
                    .iter()
                    .all(|price| unknown >= estimate(price.model, size, 10, 1))
            );
        }
    }
}
