//! Bodies of requests, for the description only: they are read field by field, so that everything that is wrong is told at
//! once (`packshot_domain::request`).
#![expect(dead_code, reason = "these types are only looked at by the derive macro")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

use crate::named_schemas::{aspect_ratio, event_type, event_types, image_size, on_late};

/// What to make of which photos.
#[derive(ToSchema)]
#[schema(
    as = GenerateRequest,
    example = json!({
        "images": ["data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAgMAAADXB5lNAAAACVBMVEX6+PTk39XIMh9UOtc6AAAAIklEQVR42mNgGAUYYBUUjAqMCqALhAIBTADEJlcAGQxhAQBlYAmwhtTSfwAAAABJRU5ErkJggg=="],
        "product": {"title": "Espresso cup", "description": "Red enamel, 80 ml"},
        "count": 4,
        "aspect_ratio": "1:1",
        "max_cost_usd": "0.50",
        "metadata": {"sku": "cup-17"}
    })
)]
pub(crate) struct GenerateBody {
    /// 1 to 8 photos of one product, each an upload id, an https URL or a data URL.
    #[schema(min_items = 1, max_items = 8)]
    images: Vec<String>,
    product: Option<ProductBody>,
    /// What the pictures are for.
    #[schema(max_length = 2000)]
    brief: Option<String>,
    /// The look that all images share.
    #[schema(max_length = 200)]
    style: Option<String>,
    /// How many images.
    #[schema(minimum = 1, maximum = 10, default = 10)]
    count: Option<u8>,
    /// Width to height; `1:1` where it is not said.
    #[schema(schema_with = aspect_ratio)]
    aspect_ratio: Option<String>,
    /// How large; `1K` where it is not said. Which sizes there are depends on the image model.
    #[schema(schema_with = image_size)]
    image_size: Option<String>,
    /// Where this job's signed webhooks go, in the place of your account's endpoint.
    #[schema(format = "uri", max_length = 2048)]
    callback_url: Option<String>,
    /// Which events go to `callback_url`; every type where it is not said.
    #[schema(schema_with = event_types)]
    callback_events: Option<Vec<String>>,
    /// When the images are to be there: 10 minutes to 48 hours from now. A day from now where it is not said. A job for
    /// which Gemini has no room waits for it until a twelfth of this time is left (with `on_late: wait`, of 48 hours); then it
    /// fails with `provider_unavailable`, or its fallback begins.
    deadline: Option<jiff::Timestamp>,
    /// What happens if they are not.
    #[schema(schema_with = on_late)]
    on_late: Option<String>,
    /// The most that the job may cost, in US dollars: it is refused if it is expected to cost more, and makes fewer images if
    /// a fallback would.
    #[schema(pattern = r"^[0-9]+(\.[0-9]{1,6})?$")]
    max_cost_usd: Option<String>,
    /// Up to 16 labels of your own, echoed everywhere.
    metadata: Option<BTreeMap<String, String>>,
}

/// What is known about the product.
#[derive(ToSchema)]
#[schema(as = Product)]
pub(crate) struct ProductBody {
    /// Its name, as a listing shows it.
    #[schema(max_length = 200)]
    title: Option<String>,
    /// What it is and what it is made of.
    #[schema(max_length = 4000)]
    description: Option<String>,
    /// The shop's category.
    #[schema(max_length = 200)]
    category: Option<String>,
    /// The maker.
    #[schema(max_length = 200)]
    brand: Option<String>,
    /// The language of words in the images, as a BCP 47 tag or a name.
    #[schema(max_length = 200)]
    language: Option<String>,
}

/// The same as a form: photos as parts named `image`, every other field as text (`product.title`, `metadata.sku`).
#[derive(ToSchema)]
#[schema(as = GenerateForm)]
pub(crate) struct GenerateForm {
    /// A photo; may be repeated.
    #[schema(value_type = Vec<String>, format = Binary)]
    image: Vec<u8>,
}

/// What is to be different this time.
#[derive(ToSchema)]
#[schema(as = RetryRequest, example = json!({"prompt": "The cup on a wooden table in morning light"}))]
pub(crate) struct RetryBody {
    /// Another prompt in the place of the image's.
    #[schema(max_length = 2000)]
    prompt: Option<String>,
}

/// A photo that is going to be uploaded.
#[derive(ToSchema)]
#[schema(
    as = UploadRequest,
    example = json!({"filename": "cup.jpg", "content_type": "image/jpeg", "size": 9_000_000})
)]
pub(crate) struct UploadBody {
    /// Its name at yours, for messages only.
    #[schema(min_length = 1, max_length = 255)]
    filename: String,
    /// Its type.
    #[schema(pattern = "^image/(jpeg|png|webp)$")]
    content_type: String,
    /// Its size in bytes.
    #[schema(minimum = 1, maximum = 52_428_800)]
    size: u64,
    /// The SHA-256 that it must have, in hexadecimal.
    #[schema(pattern = "^[0-9A-Fa-f]{64}$")]
    sha256: Option<String>,
}

/// Where the events of all jobs go that have no `callback_url` of their own.
#[derive(ToSchema)]
#[schema(
    as = WebhookEndpointRequest,
    example = json!({"url": "https://shop.example/packshot", "events": ["job.completed", "job.failed"]})
)]
pub(crate) struct EndpointBody {
    /// An https address, of a host that is on the public internet.
    #[schema(format = "uri", max_length = 2048)]
    url: String,
    /// Which events; every type, those to come included, where it is not said.
    #[schema(schema_with = event_types)]
    events: Option<Vec<String>>,
}

/// An address to try out.
#[derive(ToSchema)]
#[schema(
    as = WebhookTestRequest,
    example = json!({"url": "https://shop.example/packshot", "type": "job.completed"})
)]
pub(crate) struct TestBody {
    /// An https address, of a host that is on the public internet.
    #[schema(format = "uri", max_length = 2048)]
    url: String,
    /// What kind of event; `job.completed` where it is not said.
    #[schema(rename = "type", schema_with = event_type)]
    event_type: Option<String>,
}

/// Between which moments deliveries have failed.
#[derive(ToSchema)]
#[schema(as = WebhookReplayRequest, example = json!({"since": "2026-11-24T08:00:00Z"}))]
pub(crate) struct ReplayBody {
    /// From when on: when your receiver began to fail.
    #[schema(format = DateTime)]
    since: String,
    /// Until when; now where it is not said.
    #[schema(format = DateTime)]
    until: Option<String>,
}
