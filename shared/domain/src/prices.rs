//! What Gemini charges, with the source of each number.
//!
//! Model ids and prices change several times a year, so a model that is not listed is priced like the dearest one
//! here: an estimate may be too high, never too low.

use crate::{money::MicroUsd, request::ImageSize};

/// The batch price of one model's images.
#[derive(Debug, Clone, Copy)]
pub struct ImagePrice {
    /// The model's id in the API's path.
    pub model: &'static str,
    /// One image by batch, per size: 512, 1K, 2K, 4K; `None` where the model does not make that size.
    by_size: [Option<MicroUsd>; 4],
    /// The day on which the numbers were compared with their source.
    pub checked: &'static str,
}

/// Batch prices of image models.
///
/// Source: <https://ai.google.dev/gemini-api/docs/pricing> as recorded by the `genai-prices` 0.2.3 and `litellm`
/// 1.109.1 packages (batch = half of standard); sizes from the output token table of the image generation guide.
pub const IMAGE_PRICES: &[ImagePrice] = &[
    ImagePrice {
        model: "gemini-nano-banana-2.1",
        by_size: [
            None,
            Some(MicroUsd(16_800)),
            Some(MicroUsd(25_200)),
            Some(MicroUsd(37_800)),
        ],
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
        checked: "2026-10-15",
    },
    ImagePrice {
        model: "gemini-3.1-flash-lite-image",
        by_size: [None, Some(MicroUsd(16_800)), None, None],
        checked: "2026-10-15",
    },
];

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
    let input = PHOTO_INPUT_ESTIMATE.times(photos as u64);
    (image_price(model, size) + input).times(count.into()) + STRATEGY_ESTIMATE
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
