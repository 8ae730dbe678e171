//! Requests about API keys.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{FieldError, fields::Fields};
use crate::scope::{Scope, Scopes};

/// How many keys a user may have that have not ended.
pub const MAX_KEYS: usize = 20;

const MAX_NAME: usize = 100;

/// The longest time for which a key that was rolled may go on working.
const MAX_OVERLAP_HOURS: u64 = 7 * 24;

const DEFAULT_OVERLAP_HOURS: u64 = 24;

/// A key that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// From when on it is to open nothing.
    pub expires_at: Option<Timestamp>,
}

/// Reads the body of `POST /api/keys`.
///
/// # Errors
///
/// Every wrong field.
pub fn parse(body: &Map<String, Value>, now: Timestamp) -> Result<KeyRequest, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let name = fields.text("name", MAX_NAME).unwrap_or_default();
    if name.is_empty() && !fields.has_error("name") {
        fields.refuse("name", "required", "must say what the key is for");
    }
    let scopes = scopes(&mut fields);
    let expires_at = expires_at(&mut fields, now);
    fields.finish()?;
    Ok(KeyRequest {
        name,
        scopes,
        expires_at,
    })
}

fn scopes(fields: &mut Fields<'_>) -> Scopes {
    let named = fields.list("scopes");
    if named.is_empty() {
        return Scopes::ALL;
    }
    let mut scopes = Vec::new();
    for (index, value) in named.into_iter().enumerate() {
        match value.as_str().and_then(Scope::parse) {
            Some(scope) => scopes.push(scope),
            None => fields.refuse(
                format!("scopes[{index}]"),
                "unknown_value",
                format!("must be one of {}", Scope::ALL.map(Scope::as_str).join(", ")),
            ),
        }
    }
    scopes.into_iter().collect()
}

fn expires_at(fields: &mut Fields<'_>, now: Timestamp) -> Option<Timestamp> {
    let text = fields.text("expires_at", 64)?;
    let moment: Option<Timestamp> = text.parse().ok();
    let in_future = moment.filter(|moment| *moment > now);
    if in_future.is_none() {
        let message = "must be a time in the future, such as 2027-01-31T00:00:00Z";
        fields.refuse("expires_at", "invalid_time", message);
    }
    in_future
}

/// Reads the body of `POST /api/keys/{key_id}/roll`: for how long the old key goes on working.
///
/// # Errors
///
/// Every wrong field.
pub fn parse_roll(body: &Map<String, Value>) -> Result<Duration, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let hours = fields.integer("overlap_hours", 0, MAX_OVERLAP_HOURS);
    fields.finish()?;
    Ok(Duration::from_hours(hours.unwrap_or(DEFAULT_OVERLAP_HOURS)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(body: &Value) -> Result<KeyRequest, Vec<String>> {
        let now = "2026-11-24T12:00:00Z".parse().expect("a moment");
        let body = body.as_object().expect("an object");
        parse(body, now).map_err(|errors| {
            let name = |error: FieldError| format!("{} {}", error.field, error.code);
            errors.into_iter().map(name).collect()
        })
    }

    #[test]
    fn a_key_needs_a_name_and_may_do_everything_unless_told() {
        let key = parsed(&json!({"name": " shop "})).expect("valid");
        assert_eq!(
            (key.name.as_str(), key.scopes, key.expires_at),
            ("shop", Scopes::ALL, None)
        );
        let key = parsed(&json!({"name": "x", "scopes": ["read"], "expires_at": "2027-01-01T00:00:00Z"}));
        let key = key.expect("valid");
        assert!(!key.scopes.allow(Scope::Generate) && key.expires_at.is_some());
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let wrong = json!({"scopes": ["write"], "expires_at": "2026-11-24T11:59:59Z", "plan": "pro"});
        assert_eq!(
            parsed(&wrong),
            Err(vec![
                "name required".to_owned(),
                "scopes[0] unknown_value".to_owned(),
                "expires_at invalid_time".to_owned(),
                "plan unknown_field".to_owned(),
            ])
        );
        let hours = |hours: u64| parse_roll(json!({"overlap_hours": hours}).as_object().expect("an object"));
        assert_eq!(hours(0), Ok(Duration::ZERO));
        assert!(hours(169).is_err());
    }
}
