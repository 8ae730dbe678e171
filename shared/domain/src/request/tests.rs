use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::webhook::EventType;

const RULES: Rules<'_> = Rules {
    reach: Reach::Public,
    image_model: "gemini-nano-banana-2.1",
    now: Timestamp::constant(1_790_000_000, 0),
};
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

fn parsed(body: &Value) -> Result<GenerateRequest, Vec<(String, &'static str)>> {
    let map = body.as_object().expect("an object");
    parse(map, Vec::new(), RULES).map_err(|errors| {
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    })
}

#[test]
fn the_smallest_request_gets_the_defaults() {
    let request = parsed(&json!({"images": ["https://example.com/cup.jpg"]})).expect("valid");
    assert_eq!(request.images.len(), 1);
    assert_eq!(request.order.brief.count, 10);
    assert_eq!(request.order.brief.aspect_ratio, AspectRatio::Square);
    assert_eq!(request.order.brief.image_size, ImageSize::OneK);
    assert_eq!(request.order.callback_url, None);
}

#[test]
fn events_are_chosen_for_a_receiver_of_the_jobs_own() {
    let with = |more: Value| {
        let mut body = json!({"images": ["https://example.com/cup.jpg"]});
        let more = more.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(more);
        parsed(&body)
    };
    let url = "https://shop.example/hook";
    let request = with(json!({"callback_url": url})).expect("valid");
    assert_eq!(request.order.callback_events, EventFilter::default());
    let request = with(json!({"callback_url": url, "callback_events": ["job.failed", "image.failed"]}));
    let events = request.expect("valid").order.callback_events;
    assert!(events.includes(EventType::JobFailed) && !events.includes(EventType::JobCompleted));

    let error = |field: &str, code| Err(vec![(field.to_owned(), code)]);
    assert_eq!(
        with(json!({"callback_events": ["job.failed"]})),
        error("callback_events", "needs_callback_url")
    );
    assert_eq!(
        with(json!({"callback_url": url, "callback_events": ["job.failed", "job.*"]})),
        error("callback_events[1]", "unknown_value")
    );
    assert_eq!(
        with(json!({"callback_url": url, "callback_events": []})),
        error("callback_events", "required")
    );
    assert_eq!(
        with(json!({"callback_url": "ftp://shop.example/", "callback_events": ["job.failed"]})),
        error("callback_url", "invalid_callback_url"),
        "the mistake is not told twice"
    );
}

#[test]
fn all_errors_are_told_at_once() {
    let body = json!({
        "images": ["ftp://example.com/x", "upl_nonsense", "data:image/png,raw", 7, "https://10.0.0.1/x.jpg"],
        "product": {"title": "x".repeat(201), "colour": "red"},
        "count": 11,
        "aspect_ratio": "7:3",
        "image_size": "512",
        "callback_url": "http://example.com/",
        "metadata": {"": "x"},
        "brief": 5,
        "quantity": 3,
    });
    let errors = parsed(&body).expect_err("invalid");
    let expected = [
        ("images[0]", "invalid_image_url"),
        ("images[1]", "invalid_upload_id"),
        ("images[2]", "invalid_data_url"),
        ("images[3]", "wrong_type"),
        ("images[4]", "invalid_image_url"),
        ("product.title", "too_long"),
        ("product.colour", "unknown_field"),
        ("brief", "wrong_type"),
        ("count", "out_of_range"),
        ("aspect_ratio", "unknown_value"),
        ("image_size", "unknown_value"),
        ("callback_url", "invalid_callback_url"),
        ("metadata.", "invalid_metadata"),
        ("quantity", "unknown_field"),
    ];
    assert_eq!(errors, expected.map(|(field, code)| (field.to_owned(), code)));
}

#[test]
fn photos_are_counted_and_looked_at() {
    assert_eq!(parsed(&json!({})), Err(vec![("images".to_owned(), "required")]));
    assert_eq!(
        parsed(&json!({"images": "x"})),
        Err(vec![("images".to_owned(), "wrong_type")])
    );
    let many = vec!["https://example.com/x.png"; 11];
    assert_eq!(
        parsed(&json!({"images": many})),
        Err(vec![("images".to_owned(), "too_many")])
    );
    let svg = format!("data:image/png;base64,{}", STANDARD.encode("<svg></svg>"));
    assert_eq!(
        parsed(&json!({"images": [svg]})),
        Err(vec![("images[0]".to_owned(), "unsupported_photo_format")])
    );
    let html = format!("data:image/png;base64,{}", STANDARD.encode("<!doctype html>"));
    assert_eq!(
        parsed(&json!({"images": [html]})),
        Err(vec![("images[0]".to_owned(), "not_a_picture")])
    );
}

#[test]
fn attached_parts_and_data_urls_are_the_same_photos() {
    let data_url = format!("data:image/png;base64,{}", STANDARD.encode(PNG));
    let body = json!({"images": [data_url]});
    let request = parse(body.as_object().expect("an object"), vec![PNG.to_vec()], RULES).expect("valid");
    assert_eq!(
        request.images,
        [ImageInput::Inline(PNG.to_vec()), ImageInput::Inline(PNG.to_vec())]
    );
}

#[test]
fn empty_texts_of_a_form_count_as_absent() {
    let body = json!({"images": ["https://example.com/x.png"], "brief": "  ", "product": {"title": ""}, "style": null});
    let request = parsed(&body).expect("valid");
    assert_eq!(
        (
            request.order.brief.brief,
            request.order.brief.product.title,
            request.order.brief.style
        ),
        (None, None, None)
    );
}

proptest! {
    /// Whatever is sent, the answer is a request or a list of errors, never a panic.
    #[test]
    fn any_json_is_answered(images in prop::collection::vec(".{0,40}", 0..12), count in any::<i64>(), text in ".{0,3000}") {
        let body = json!({"images": images, "count": count, "brief": text, "style": text, "callback_url": text});
        match parsed(&body) {
            Ok(request) => prop_assert!((1..=MAX_COUNT).contains(&request.order.brief.count)),
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }
}

#[test]
fn deadlines_are_moments_within_reach() {
    let with = |deadline: Timestamp| {
        let body = json!({"images": ["https://example.com/x"], "deadline": deadline.to_string(), "on_late": "fallback"});
        parsed(&body).map(|request| (request.order.deadline_at, request.order.on_late))
    };
    let after = |minutes| RULES.now + SignedDuration::from_mins(minutes);
    for minutes in [10, 600, 48 * 60] {
        let deadline = after(minutes);
        assert_eq!(with(deadline), Ok((Some(deadline), OnLate::Fallback)));
    }
    for minutes in [-5, 8, 48 * 60 + 2] {
        let errors = with(after(minutes)).expect_err("out of reach");
        assert_eq!(errors, [("deadline".to_owned(), "out_of_range")], "{minutes}");
    }
    let body = json!({"images": ["https://example.com/x"], "deadline": "tomorrow", "on_late": "cry"});
    assert_eq!(
        parsed(&body).expect_err("neither is known"),
        [
            ("deadline".to_owned(), "invalid_time"),
            ("on_late".to_owned(), "unknown_value")
        ]
    );
}
