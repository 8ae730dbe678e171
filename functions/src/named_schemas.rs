//! Schemas of texts that are one of a closed list: the lists are the domain's. The derive macro leaves out the comment of a
//! field that names one of these, so that each says itself what it is.

use packshot_domain::{
    failure::FailureCode,
    image::ImageFailureReason,
    job::{PhotoSource, SavingFailure, Status},
    late::OnLate,
    limits::Plan,
    request::{AspectRatio, ImageSize},
    scope::Scope,
    strategy::ShotKind,
    webhook::{DisabledReason, EventType, FindingCode},
};
use utoipa::openapi::{Array, ArrayBuilder, Object, ObjectBuilder, Type};

/// A text that is one of these.
pub(crate) fn one_of(description: &str, names: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .description(Some(description))
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

pub(crate) fn job_status() -> Object {
    one_of(
        "Where the job is; `completed`, `failed` and `canceled` are final.",
        Status::ALL.map(Status::as_str),
    )
}

pub(crate) fn failure_code() -> Object {
    one_of(
        "Why it failed, for programs.",
        FailureCode::ALL.iter().map(|code| code.as_str()),
    )
}

pub(crate) fn saving_failure() -> Object {
    one_of(
        "Why the images are not in Google Drive, for programs.",
        SavingFailure::ALL.map(SavingFailure::as_str),
    )
}

pub(crate) fn image_failure_reason() -> Object {
    one_of(
        "Why there is none, for programs.",
        ImageFailureReason::ALL.map(ImageFailureReason::as_str),
    )
}

pub(crate) fn on_late() -> Object {
    one_of(
        "What happens if the images are not there at the deadline: `fail` (the default) stops the batch, `wait` waits for \
         it for up to 48 hours, `fallback` stops it and makes the images one by one, at twice the price and never for more \
         than `max_cost_usd`.",
        OnLate::ALL.map(OnLate::as_str),
    )
}

pub(crate) fn shot_kind() -> Object {
    one_of(
        "What the image is for in a listing.",
        ShotKind::ALL.iter().map(|kind| kind.as_str()),
    )
}

pub(crate) fn aspect_ratio() -> Object {
    one_of(
        "Width to height; `1:1` where it is not said.",
        AspectRatio::ALL.map(AspectRatio::as_str),
    )
}

pub(crate) fn image_size() -> Object {
    one_of(
        "How large, as Gemini names it; `1K` where it is not said. Which sizes there are depends on the image model.",
        ImageSize::ALL.map(ImageSize::as_str),
    )
}

pub(crate) fn event_type() -> Object {
    one_of("What has happened.", EventType::ALL.map(EventType::as_str))
}

pub(crate) fn event_types() -> Array {
    ArrayBuilder::new()
        .description(Some("Which events; every type where it is not said."))
        .items(event_type())
        .min_items(Some(1))
        .build()
}

pub(crate) fn disabled_reason() -> Object {
    one_of(
        "Why it is disabled: `failing` where an event was tried for two days in which nothing arrived, `gone` where the \
         answer was 410.",
        DisabledReason::ALL.map(DisabledReason::as_str),
    )
}

pub(crate) fn finding_code() -> Object {
    one_of(
        "What was found, for programs.",
        FindingCode::ALL.map(FindingCode::as_str),
    )
}

pub(crate) fn photo_source() -> Object {
    one_of("Where the photo comes from.", PhotoSource::NAMES)
}

pub(crate) fn scopes() -> Array {
    let scope = one_of(
        "`generate` makes and changes things, `read` looks at them.",
        Scope::ALL.map(Scope::as_str),
    );
    ArrayBuilder::new()
        .description(Some("What the key may do."))
        .items(scope)
        .build()
}

pub(crate) fn plan() -> Object {
    one_of("The plan, whose limits hold.", Plan::ALL.map(Plan::as_str))
}
