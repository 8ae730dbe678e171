//! Schemas of texts that are one of a closed list: the lists are the domain's.

use packshot_domain::{
    failure::FailureCode,
    image::ImageFailureReason,
    job::Status,
    late::OnLate,
    request::{AspectRatio, ImageSize},
    strategy::ShotKind,
    webhook::{DisabledReason, EventType, FindingCode},
};
use utoipa::openapi::{Array, ArrayBuilder, Object, ObjectBuilder, Type};

fn one_of(names: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

pub(crate) fn job_status() -> Object {
    one_of(Status::ALL.map(Status::as_str))
}

pub(crate) fn failure_code() -> Object {
    one_of(FailureCode::ALL.iter().map(|code| code.as_str()))
}

pub(crate) fn image_failure_reason() -> Object {
    one_of(ImageFailureReason::ALL.map(ImageFailureReason::as_str))
}

pub(crate) fn on_late() -> Object {
    one_of(OnLate::ALL.map(OnLate::as_str))
}

pub(crate) fn shot_kind() -> Object {
    one_of(ShotKind::ALL.iter().map(|kind| kind.as_str()))
}

pub(crate) fn aspect_ratio() -> Object {
    one_of(AspectRatio::ALL.map(AspectRatio::as_str))
}

pub(crate) fn image_size() -> Object {
    one_of(ImageSize::ALL.map(ImageSize::as_str))
}

pub(crate) fn event_type() -> Object {
    one_of(EventType::ALL.map(EventType::as_str))
}

pub(crate) fn event_types() -> Array {
    ArrayBuilder::new().items(event_type()).min_items(Some(1)).build()
}

pub(crate) fn disabled_reason() -> Object {
    one_of(DisabledReason::ALL.map(DisabledReason::as_str))
}

pub(crate) fn finding_code() -> Object {
    one_of(FindingCode::ALL.map(FindingCode::as_str))
}
