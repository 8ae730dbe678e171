//! What the page says that images cost, before anybody has signed in: `web/src/prices.json`, from the list that jobs are priced
//! with. `cargo xtask openapi` writes it.

use std::collections::BTreeMap;

use packshot_domain::{money::MicroUsd, prices, request::ImageSize};
use serde::Serialize;

/// The models of a deployment whose parameters say nothing else; a test holds them against `template.yaml`.
const IMAGE_MODEL: &str = "gemini-nano-banana-2.1";
const TEXT_MODEL: &str = "gemini-3.8-flash";

/// Prices, for people who look at the page. All are estimates: what a job has cost, Gemini's count of tokens says.
#[derive(Debug, Serialize)]
struct ShownPrices {
    currency: &'static str,
    image_model: &'static str,
    text_model: &'static str,
    /// One image, by its size, without the photos that are sent along.
    image_size: BTreeMap<&'static str, Price>,
    /// One photo, for each image that is made of it.
    photo: Price,
    /// What the shot list of a job costs at most.
    planning_usd: String,
    /// A job of ten images from one photo, as a dry run would price it.
    ten_images_1k_usd: String,
}

/// What something costs in US dollars.
#[derive(Debug, Serialize)]
struct Price {
    /// By batch.
    batch_usd: String,
    /// At once, as a fallback makes it.
    interactive_usd: String,
}

impl Price {
    fn of(batch: MicroUsd, interactive: MicroUsd) -> Self {
        Self {
            batch_usd: batch.to_string(),
            interactive_usd: interactive.to_string(),
        }
    }
}

/// The file's content.
///
/// # Errors
///
/// Where it cannot be written as JSON.
pub fn document() -> Result<String, serde_json::Error> {
    let by_batch = |size, photos| prices::estimate_image(IMAGE_MODEL, size, photos);
    let at_once = |size, photos| prices::estimate_interactive_image(IMAGE_MODEL, size, photos);
    let sizes = prices::sizes_of(IMAGE_MODEL).into_iter();
    let smallest = ImageSize::OneK;
    serde_json::to_string_pretty(&ShownPrices {
        currency: "USD",
        image_model: IMAGE_MODEL,
        text_model: TEXT_MODEL,
        image_size: sizes
            .map(|size| (size.as_str(), Price::of(by_batch(size, 0), at_once(size, 0))))
            .collect(),
        photo: Price::of(
            by_batch(smallest, 1).less(by_batch(smallest, 0)),
            at_once(smallest, 1).less(at_once(smallest, 0)),
        ),
        planning_usd: prices::STRATEGY_ESTIMATE.to_string(),
        ten_images_1k_usd: prices::estimate(IMAGE_MODEL, smallest, 10, 1).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask openapi` writes the file.
    #[test]
    fn the_written_prices_are_those_of_the_list() {
        let written = include_str!("../../web/src/prices.json");
        assert_eq!(
            written.trim_end(),
            document().expect("JSON"),
            "run `cargo xtask openapi`"
        );
    }
}
