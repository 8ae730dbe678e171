//! A request for images, parsed into types that cannot be wrong.
//!
//! [`parse`] reads the JSON body of `POST /api/v1/generate` and reports every wrong field at once, so a developer
//! mends a request in one round.

pub mod drive;
pub mod key;
pub mod retry;
pub mod upload;
pub mod webhook;

mod fields;
mod images;
mod terms;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use self::fields::Fields;
use crate::{address::Reach, id::UploadId, late::OnLate, money::MicroUsd, prices, webhook::EventFilter};

/// The most images of one job.
pub const MAX_COUNT: u8 = 10;

const MAX_BRIEF: usize = 2000;
const MAX_SHORT_TEXT: usize = 200;
const MAX_DESCRIPTION: usize = 4000;
const MAX_METADATA_PAIRS: usize = 16;
const MAX_METADATA_KEY: usize = 64;
const MAX_METADATA_VALUE: usize = 512;

macro_rules! named_values {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl $name {
            /// Every value, in the order in which they are listed to people.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// The value's name in the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value with this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == name)
            }
        }
    };
}

named_values! {
    /// Width to height of an image: the provider's list
    /// (<https://ai.google.dev/gemini-api/docs/image-generation#aspect_ratios>).
    AspectRatio {
        Square = "1:1", TwoThree = "2:3", ThreeTwo = "3:2", ThreeFour = "3:4", FourThree = "4:3", FourFive = "4:5",
        FiveFour = "5:4", NineSixteen = "9:16", SixteenNine = "16:9", TwentyOneNine = "21:9", OneFour = "1:4",
        FourOne = "4:1", OneEight = "1:8", EightOne = "8:1",
    }
}

named_values! {
    /// How large the provider makes an image: roughly the longer side in thousands of pixels.
    ImageSize { Half = "512", OneK = "1K", TwoK = "2K", FourK = "4K" }
}

impl ImageSize {
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// What the seller says about the product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductDetails {
    /// Its name, as a listing shows it.
    pub title: Option<String>,
    /// What it is and what it is made of.
    pub description: Option<String>,
    /// The shop's category.
    pub category: Option<String>,
    /// The maker.
    pub brand: Option<String>,
    /// The language of words in the images, as a BCP 47 tag or a name.
    pub language: Option<String>,
}

/// Where a photo comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageInput {
    /// Uploaded before, by a presigned upload.
    Upload(UploadId),
    /// To be fetched by the workflow.
    Url(Url),
    /// Sent along with the request.
    Inline(Vec<u8>),
}

/// What a job is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The product.
    pub product: ProductDetails,
    /// What the pictures are for.
    pub brief: Option<String>,
    /// The look that all images share.
    pub style: Option<String>,
    /// How many images, 1 to [`MAX_COUNT`].
    pub count: u8,
    /// Their shape.
    pub aspect_ratio: AspectRatio,
    /// Their size.
    pub image_size: ImageSize,
}

/// A whole request, valid but for what only storage and network can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateRequest {
    /// 1 to 8 photos of one product.
    pub images: Vec<ImageInput>,
    /// What to make of them, and on which terms.
    pub order: Order,
}

/// What to make of photos, wherever they come from, and on which terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What to make.
    pub brief: Brief,
    /// Who is told by webhook when the job ends.
    pub callback_url: Option<Url>,
    /// Of what.
    pub callback_events: EventFilter,
    /// When the images are to be there, if the caller says.
    pub deadline_at: Option<Timestamp>,
    /// What happens if they are not.
    pub on_late: OnLate,
    /// The most that the job may be expected to cost.
    pub max_cost: Option<MicroUsd>,
    /// The caller's own labels, echoed everywhere.
    pub metadata: BTreeMap<String, String>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where: `images[2]`, `product.title`.
    pub field: String,
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// The mistake of this kind in this field.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

/// What the deployment allows.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Which addresses may be called.
    pub reach: Reach,
    /// The image model; it decides which sizes there are.
    pub image_model: &'a str,
    /// The moment of the request, from which deadlines count.
    pub now: Timestamp,
}

/// Reads a request body; `attached` are the photos that came as parts of a multipart form.
///
/// # Errors
///
/// Every wrong field, in the order in which the API's documentation names them.
pub fn parse(
    body: &Map<String, Value>,
    attached: Vec<Vec<u8>>,
    rules: Rules<'_>,
) -> Result<GenerateRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let images = images::images(&mut fields, attached, rules.reach);
    let order = order(&mut fields, rules);
    fields.finish()?;
    Ok(GenerateRequest { images, order })
}

/// Reads all that does not depend on where photos come from. Where it is wrong, the fields know so, and what is answered does not
/// matter.
fn order(fields: &mut Fields<'_>, rules: Rules<'_>) -> Order {
    let product = product(fields);
    let brief = fields.text("brief", MAX_BRIEF);
    let style = fields.text("style", MAX_SHORT_TEXT);
    let count = fields
        .integer("count", 1, u64::from(MAX_COUNT))
        .and_then(|n| u8::try_from(n).ok())
        .unwrap_or(MAX_COUNT);
    let ratios = AspectRatio::ALL.map(AspectRatio::as_str);
    let aspect_ratio = fields
        .one_of("aspect_ratio", &ratios)
        .and_then(AspectRatio::parse)
        .unwrap_or(AspectRatio::Square);
    let sizes: Vec<&str> = prices::sizes_of(rules.image_model)
        .into_iter()
        .map(ImageSize::as_str)
        .collect();
    let image_size = fields
        .one_of("image_size", &sizes)
        .and_then(ImageSize::parse)
        .unwrap_or(ImageSize::OneK);
    let callback_url = terms::callback_url(fields, rules.reach);
    let callback_events = terms::callback_events(fields, callback_url.as_ref());
    let deadline_at = terms::deadline(fields, rules.now);
    let on_late = terms::on_late(fields);
    let max_cost = terms::max_cost(fields);
    let metadata = metadata(fields);
    let brief = Brief {
        product,
        brief,
        style,
        count,
        aspect_ratio,
        image_size,
    };
    Order {
        brief,
        callback_url,
        callback_events,
        deadline_at,
        on_late,
        max_cost,
        metadata,
    }
}

fn product(fields: &mut Fields<'_>) -> ProductDetails {
    let Some(mut inner) = fields.object("product") else {
        return ProductDetails::default();
    };
    let product = ProductDetails {
        title: inner.text("title", MAX_SHORT_TEXT),
        description: inner.text("description", MAX_DESCRIPTION),
        category: inner.text("category", MAX_SHORT_TEXT),
        brand: inner.text("brand", MAX_SHORT_TEXT),
        language: inner.text("language", MAX_SHORT_TEXT),
    };
    fields.absorb(inner);
    product
}

fn metadata(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let Some(pairs) = fields.map("metadata") else {
        return BTreeMap::new();
    };
    if pairs.len() > MAX_METADATA_PAIRS {
        fields.refuse(
            "metadata",
            "too_many",
            format!("must hold at most {MAX_METADATA_PAIRS} pairs"),
        );
        return BTreeMap::new();
    }
    let mut metadata = BTreeMap::new();
    for (key, value) in pairs {
        match value.as_str() {
            Some(text) if (1..=MAX_METADATA_KEY).contains(&key.chars().count()) && text.chars().count() <= MAX_METADATA_VALUE => {
                metadata.insert(key.clone(), text.to_owned());
            }
            _ => fields.refuse(
                format!("metadata.{key}"),
                "invalid_metadata",
                format!("keys have 1 to {MAX_METADATA_KEY} characters, values are strings of at most {MAX_METADATA_VALUE}"),
            ),
        }
    }
    metadata
}

#[cfg(test)]
mod tests;
