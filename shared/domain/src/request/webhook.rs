//! Requests about webhooks.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use super::{FieldError, fields::Fields};
use crate::{
    address::{self, Reach},
    webhook::{EventFilter, EventType},
};

/// The longest time for which old secrets may go on signing.
const MAX_OVERLAP_HOURS: u64 = 7 * 24;

const DEFAULT_OVERLAP_HOURS: u64 = 24;

/// An endpoint that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRequest {
    /// Where events go.
    pub url: Url,
    /// Which events.
    pub events: EventFilter,
}

/// Reads the body of `PUT /api/v1/webhook-endpoint`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse_endpoint(body: &Map<String, Value>, reach: Reach) -> Result<EndpointRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let url = url(&mut fields, reach);
    let events = event_filter(&mut fields, "events");
    let url = finished(fields, url)?;
    Ok(EndpointRequest { url, events })
}

/// An address to try out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRequest {
    /// Where the event goes.
    pub url: Url,
    /// What kind it is a sample of.
    pub event_type: EventType,
}

/// Reads the body of `POST /api/v1/webhook-test`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse_test(body: &Map<String, Value>, reach: Reach) -> Result<TestRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let url = url(&mut fields, reach);
    let event_type = fields
        .one_of("type", &EventType::ALL.map(EventType::as_str))
        .and_then(EventType::parse)
        .unwrap_or(EventType::JobCompleted);
    let url = finished(fields, url)?;
    Ok(TestRequest { url, event_type })
}

/// Reads the body of `PUT /api/webhooks/secret`: for how long the old secrets go on signing.
///
/// # Errors
///
/// Every wrong field.
pub fn parse_rotation(body: &Map<String, Value>) -> Result<Duration, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let hours = fields.integer("overlap_hours", 0, MAX_OVERLAP_HOURS);
    fields.finish()?;
    Ok(Duration::from_hours(hours.unwrap_or(DEFAULT_OVERLAP_HOURS)))
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub since: Timestamp,
    /// Its end; `None` for now.
    pub until: Option<Timestamp>,
}

/// Reads the body of `POST /api/v1/webhook-deliveries/replay`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse_replay(body: &Map<String, Value>) -> Result<Span, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let since = moment(&mut fields, "since");
    let until = moment(&mut fields, "until");
    if since.is_none() && !fields.has_error("since") {
        fields.refuse(
            "since",
            "required",
            "must say from when on, such as 2027-01-31T00:00:00Z",
        );
    }
    if let (Some(since), Some(until)) = (since, until)
        && until < since
    {
        fields.refuse("until", "out_of_range", "must not be before since");
    }
    let since = finished(fields, since)?;
    Ok(Span { since, until })
}

/// The types of events in a field; every type where it is absent.
pub(super) fn event_filter(fields: &mut Fields<'_>, name: &'static str) -> EventFilter {
    let Some(items) = fields.some_of(name) else {
        return EventFilter::default();
    };
    let mut types = Vec::new();
    for (index, value) in items.into_iter().enumerate() {
        match value.as_str().and_then(EventType::parse) {
            Some(event_type) => types.push(event_type),
            None => fields.refuse(
                format!("{name}[{index}]"),
                "unknown_value",
                format!(
                    "must be one of {}",
                    EventType::ALL.map(EventType::as_str).join(", ")
                ),
            ),
        }
    }
    EventFilter::only(types)
}

fn url(fields: &mut Fields<'_>, reach: Reach) -> Option<Url> {
    let Some(text) = fields.text("url", address::MAX_URL_CHARACTERS) else {
        if !fields.has_error("url") {
            fields.refuse("url", "required", "must say where the events go");
        }
        return None;
    };
    match address::check_url(&text, reach) {
        Ok(url) => Some(url),
        Err(refused) => {
            fields.refuse("url", "invalid_url", refused.to_string());
            None
        }
    }
}

fn moment(fields: &mut Fields<'_>, name: &'static str) -> Option<Timestamp> {
    let text = fields.text(name, 64)?;
    let moment = text.parse().ok();
    if moment.is_none() {
        fields.refuse(
            name,
            "invalid_time",
            "must be a time such as 2027-01-31T00:00:00Z",
        );
    }
    moment
}

/// A field that is needed, once nothing is wrong. Whoever read it has refused its absence.
fn finished<T>(fields: Fields<'_>, needed: Option<T>) -> Result<T, Vec<FieldError>> {
    fields.finish()?;
    needed.ok_or_else(Vec::new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes<T>(parsed: Result<T, Vec<FieldError>>) -> Vec<String> {
        let errors = parsed.err().unwrap_or_default();
        let name = |error: FieldError| format!("{} {}", error.field, error.code);
        errors.into_iter().map(name).collect()
    }

    fn object(value: &Value) -> &Map<String, Value> {
        value.as_object().expect("an object")
    }

    #[test]
    fn an_endpoint_wants_everything_unless_told() {
        let parse = |body: Value| parse_endpoint(object(&body), Reach::Public);
        let wanted = parse(json!({"url": "https://shop.example/hook"})).expect("valid");
        assert_eq!(wanted.events, EventFilter::default());
        let wanted = parse(json!({"url": "https://shop.example/hook", "events": ["job.failed"]}));
        assert_eq!(
            wanted.expect("valid").events.named(),
            Some(&[EventType::JobFailed][..])
        );
        assert_eq!(codes(parse(json!({}))), ["url required"]);
        let wrong = json!({"url": "https://10.0.0.1/", "events": ["job.failed", "job.*", 7], "secret": "x"});
        assert_eq!(
            codes(parse(wrong)),
            [
                "url invalid_url",
                "events[1] unknown_value",
                "events[2] unknown_value",
                "secret unknown_field"
            ]
        );
        let url = "https://shop.example/hook";
        assert_eq!(
            codes(parse(json!({"url": url, "events": []}))),
            ["events required"]
        );
        assert_eq!(
            codes(parse(json!({"url": url, "events": "job.failed"}))),
            ["events wrong_type"]
        );
        assert!(parse(json!({"url": url, "events": null})).is_ok());
    }

    #[test]
    fn a_test_is_of_a_completed_job_unless_told() {
        let parse = |body: Value| parse_test(object(&body), Reach::Public);
        let wanted = parse(json!({"url": "https://shop.example/hook"})).expect("valid");
        assert_eq!(wanted.event_type, EventType::JobCompleted);
        assert_eq!(
            codes(parse(json!({"url": 1, "type": "webhook.test"}))),
            ["url wrong_type", "type unknown_value"]
        );
    }

    #[test]
    fn a_span_has_a_beginning_and_is_the_right_way_round() {
        let parse = |body: Value| parse_replay(object(&body));
        let open = parse(json!({"since": "2026-11-24T12:00:00+01:00"})).expect("valid");
        assert_eq!(
            (open.since.to_string().as_str(), open.until),
            ("2026-11-24T11:00:00Z", None)
        );
        assert_eq!(
            codes(parse(json!({"until": "yesterday"}))),
            ["until invalid_time", "since required"]
        );
        let turned = json!({"since": "2026-11-24T12:00:00Z", "until": "2026-11-24T11:59:59Z"});
        assert_eq!(codes(parse(turned)), ["until out_of_range"]);
    }

    #[test]
    fn an_overlap_is_a_day_unless_told_and_a_week_at_most() {
        let hours = |body: Value| parse_rotation(object(&body));
        assert_eq!(hours(json!({})), Ok(Duration::from_hours(24)));
        assert_eq!(hours(json!({"overlap_hours": 0})), Ok(Duration::ZERO));
        assert!(hours(json!({"overlap_hours": 169})).is_err());
    }
}
