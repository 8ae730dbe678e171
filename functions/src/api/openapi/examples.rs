//! Examples of answers, by the name of their schema. `cargo xtask test` holds each against its schema.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};

/// Puts an example into each schema that has one here.
pub(super) struct Examples;

impl utoipa::Modify for Examples {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let Some(components) = &mut document.components else {
            return;
        };
        for (name, example) in examples() {
            if let Some(RefOr::T(Schema::Object(schema))) = components.schemas.get_mut(name) {
                schema.example = Some(example);
            }
        }
    }
}

/// The schemas' names with their examples.
pub(super) fn examples() -> [(&'static str, Value); 11] {
    [
        ("Estimate", estimate()),
        ("Job", job()),
        ("JobList", list(&job())),
        ("Problem", problem()),
        ("Upload", upload()),
        ("UsageList", json!({"object": "list", "data": [day()]})),
        ("WebhookDelivery", delivery()),
        ("WebhookDeliveryList", list(&delivery())),
        ("WebhookEndpoint", endpoint()),
        (
            "WebhookReplay",
            json!({"object": "webhook_replay", "replayed": 12, "has_more": false}),
        ),
        ("WebhookTest", webhook_test()),
    ]
}

fn list(entry: &Value) -> Value {
    json!({"object": "list", "data": [entry], "has_more": false})
}

fn estimate() -> Value {
    json!({"object": "estimate", "count": 4, "image_size": "1K", "estimated_usd": "0.081300", "at_most_usd": "0.081300"})
}

/// A job of two images, of which Gemini has declined one.
fn job() -> Value {
    let images = "https://packshot.example.com/images/5d1c9be0f6a48f3c7a520d1e4b7f9a35";
    let itself = "https://packshot.example.com/api/v1/jobs/job_01kav3ny0se4m8s1v3gt9a6j4x";
    let shots = [
        json!({
            "title": "On white",
            "kind": "studio",
            "prompt": "The cup from the photo on pure white, soft light from the left.",
            "alt": "A red enamel espresso cup on a white background",
            "aspect_ratio": "1:1",
        }),
        json!({
            "title": "At breakfast",
            "kind": "lifestyle",
            "prompt": "The cup from the photo on a wooden table beside a croissant.",
            "alt": "A red enamel espresso cup beside a croissant",
            "aspect_ratio": "1:1",
        }),
    ];
    json!({
        "id": "job_01kav3ny0se4m8s1v3gt9a6j4x",
        "object": "job",
        "status": "completed",
        "stage": "1 of 2 images is ready",
        "progress": 100,
        "history": [
            {"status": "queued", "at": "2026-11-24T11:52:08Z"},
            {"status": "strategy", "at": "2026-11-24T11:52:09Z"},
            {"status": "batch_submitted", "at": "2026-11-24T11:52:31Z"},
            {"status": "generating", "at": "2026-11-24T11:52:46Z"},
            {"status": "completed", "at": "2026-11-24T12:00:00Z"},
        ],
        "created_at": "2026-11-24T11:52:08Z",
        "updated_at": "2026-11-24T12:00:00Z",
        "finished_at": "2026-11-24T12:00:00Z",
        "deadline": "2026-11-25T11:52:08Z",
        "on_late": "fail",
        "product": {"title": "Espresso cup", "description": "Red enamel, 80 ml"},
        "brief": "For the breakfast page of the autumn catalogue",
        "aspect_ratio": "1:1",
        "image_size": "1K",
        "photos": [{"index": 0, "source": "upload", "available": true}],
        "count": 2,
        "images": [
            {
                "id": "img_01kav3ny0se4m8s1v3hb2c7k5y",
                "index": 0,
                "status": "ready",
                "title": "On white",
                "kind": "studio",
                "prompt": shots[0]["prompt"],
                "alt": shots[0]["alt"],
                "aspect_ratio": "1:1",
                "url": format!("{images}/01.png"),
                "thumbnail_url": format!("{images}/01-thumbnail.webp"),
                "width": 1024,
                "height": 1024,
                "bytes": 1_482_113,
                "content_type": "image/png",
            },
            {
                "id": "img_01kav3ny0se4m8s1v3hf9d8m6z",
                "index": 1,
                "status": "failed",
                "reason": "blocked_by_safety",
                "message": "Gemini declined it (safety). Edit its prompt and try again.",
                "title": "At breakfast",
                "kind": "lifestyle",
                "prompt": shots[1]["prompt"],
                "alt": shots[1]["alt"],
                "aspect_ratio": "1:1",
            },
        ],
        "strategy": {"shots": shots},
        "cost": {"estimated_usd": "0.041150", "actual_usd": "0.020480"},
        "metadata": {"sku": "cup-17"},
        "links": {"self": itself, "archive": format!("{images}/images.zip")},
    })
}

fn problem() -> Value {
    json!({
        "type": "/docs/errors#invalid_fields",
        "title": "The request is not valid",
        "status": 422,
        "detail": "count must be a whole number from 1 to 10.",
        "instance": "/api/v1/generate",
        "code": "invalid_fields",
        "request_id": "8f3c7a52-0d1e-4b7f-9a35-1d2c9be0f6a4",
        "retryable": false,
        "errors": [
            {"field": "count", "code": "out_of_range", "message": "must be a whole number from 1 to 10"},
        ],
    })
}

fn upload() -> Value {
    json!({
        "upload_id": "upl_01kav3kq2hfb5t7w9y1a3c5e7g",
        "url": "https://packshot-images.s3.us-east-1.amazonaws.com/uploads/…?X-Amz-Signature=…",
        "method": "PUT",
        "headers": {"content-type": "image/jpeg"},
        "expires_at": "2026-11-24T12:05:00Z",
    })
}

fn day() -> Value {
    json!({
        "day": "2026-11-24",
        "key_id": "key_01kav3ha4rg6v8x0z2b4d6f8hj",
        "requests": 128,
        "jobs": 12,
        "images": 96,
        "cost_usd": "1.951200",
    })
}

fn delivery() -> Value {
    json!({
        "id": "evt_01kav3pjqfeyrs0r5zq3t8d2mh",
        "object": "webhook_delivery",
        "type": "job.completed",
        "job_id": "job_01kav3ny0se4m8s1v3gt9a6j4x",
        "url": "https://shop.example.com/packshot",
        "status": "delivered",
        "attempts": [
            {
                "at": "2026-11-24T12:00:00Z",
                "milliseconds": 15_000,
                "problem": "there was no answer in time",
            },
            {"at": "2026-11-24T12:00:05Z", "milliseconds": 84, "status": 204, "answer": ""},
        ],
    })
}

/// An endpoint that was found to redirect when it was saved.
fn endpoint() -> Value {
    json!({
        "object": "webhook_endpoint",
        "url": "https://shop.example.com/packshot",
        "events": ["job.completed", "job.failed"],
        "status": "enabled",
        "created_at": "2026-11-24T11:40:00Z",
        "check": {
            "at": "2026-11-24T11:40:00Z",
            "ok": false,
            "milliseconds": 120,
            "status": 301,
            "findings": [{
                "code": "redirect",
                "message": "The answer was a redirect to https://www.shop.example.com/packshot, which deliveries do not follow. Save that address.",
            }],
        },
    })
}

fn webhook_test() -> Value {
    json!({
        "object": "webhook_test",
        "ok": true,
        "status": 204,
        "milliseconds": 84,
        "findings": [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A schema that is renamed would lose its example in silence.
    #[test]
    fn every_example_is_in_the_description() {
        let document = serde_json::to_value(crate::api::openapi::document()).expect("JSON");
        for (name, example) in examples() {
            assert_eq!(
                document["components"]["schemas"][name]["example"], example,
                "{name}"
            );
        }
    }
}
