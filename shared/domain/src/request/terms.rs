//! On which terms a job is asked for: who is told, until when, for how much.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{MAX_SHORT_TEXT, fields::Fields, webhook};
use crate::{
    address::{self, Reach},
    late::{self, OnLate},
    money::MicroUsd,
    webhook::EventFilter,
};

pub(super) fn callback_url(fields: &mut Fields<'_>, reach: Reach) -> Option<Url> {
    let text = fields.text("callback_url", address::MAX_URL_CHARACTERS)?;
    match address::check_url(&text, reach) {
        Ok(url) => Some(url),
        Err(refused) => {
            fields.refuse("callback_url", "invalid_callback_url", refused.to_string());
            None
        }
    }
}

pub(super) fn deadline(fields: &mut Fields<'_>, now: Timestamp) -> Option<Timestamp> {
    let text = fields.text("deadline", MAX_SHORT_TEXT)?;
    let Ok(deadline) = text.parse::<Timestamp>() else {
        let message = "must be a moment as RFC 3339 has it, such as \"2026-11-30T18:00:00Z\"";
        fields.refuse("deadline", "invalid_time", message);
        return None;
    };
    // A request takes a moment to arrive, and clocks differ a little.
    let slack = SignedDuration::from_mins(1);
    let ahead = deadline.duration_since(now);
    if ahead < late::SHORTEST - slack || ahead > late::LONGEST + slack {
        let message = format!(
            "must be {} minutes to {} hours from now",
            late::SHORTEST.as_mins(),
            late::LONGEST.as_hours()
        );
        fields.refuse("deadline", "out_of_range", message);
        return None;
    }
    Some(deadline)
}

/// Which events the job's own receiver wants. Without one they would mean nothing: the account's endpoint has a list of its
/// own.
pub(super) fn callback_events(fields: &mut Fields<'_>, url: Option<&Url>) -> EventFilter {
    let events = webhook::event_filter(fields, "callback_events");
    if events.named().is_some() && url.is_none() && !fields.has_error("callback_url") {
        let message =
            "needs a callback_url; without one, the events that your account's endpoint wants go there";
        fields.refuse("callback_events", "needs_callback_url", message);
    }
    events
}

pub(super) fn max_cost(fields: &mut Fields<'_>) -> Option<MicroUsd> {
    let text = fields.text("max_cost_usd", MAX_SHORT_TEXT)?;
    let amount = MicroUsd::parse(&text);
    if amount.is_none() {
        let message = "must be an amount of dollars as a string, such as \"0.50\"";
        fields.refuse("max_cost_usd", "invalid_amount", message);
    }
    amount
}

/// What happens to a job that is late; it fails where the request does not say.
pub(super) fn on_late(fields: &mut Fields<'_>) -> OnLate {
    fields
        .one_of("on_late", &OnLate::ALL.map(OnLate::as_str))
        .and_then(OnLate::parse)
        .unwrap_or_default()
}
