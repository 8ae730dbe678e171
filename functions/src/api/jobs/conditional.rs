//! Asking for a job only if it has changed: `ETag` with `If-None-Match` (RFC 9110), and `Prefer: wait` (RFC 7240).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use packshot_domain::job::Job;

/// API Gateway gives a function 29 seconds; this leaves some for the rest.
const LONGEST_WAIT_SECONDS: u64 = 25;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The name of one version of a job.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    /// The job's version as it is.
    pub(super) fn of(job: &Job) -> Self {
        Self(format!("\"{}\"", job.version))
    }

    /// The tags in `If-None-Match`, less the mark of weakness: the comparison is the weak one, and the distribution
    /// weakens the tags of what it compresses.
    pub(super) fn known_to(headers: &HeaderMap) -> Vec<String> {
        let tags = values(headers, &header::IF_NONE_MATCH);
        tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag).to_owned())
            .collect()
    }

    /// Whether it is one of these; `*` is any.
    pub(super) fn is_among(&self, known: &[String]) -> bool {
        known.iter().any(|tag| tag == "*" || *tag == self.0)
    }
}

/// How long the caller would have us wait for news, within what we can. A preference that cannot be read is passed over,
/// as RFC 7240 has it.
pub(super) fn wait(headers: &HeaderMap) -> Option<Duration> {
    values(headers, &PREFER)
        .filter_map(|preference| preference.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))
        .find_map(|(_, value)| seconds(value.trim().trim_matches('"')))
        .map(Duration::from_secs)
}

/// A number of any length, as far as we can wait.
fn seconds(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let most = LONGEST_WAIT_SECONDS;
    is_number.then(|| digits.parse().map_or(most, |seconds: u64| seconds.min(most)))
}

/// What an answer with the job says about it.
pub(super) fn headers(tag: &Tag, wait: Option<Duration>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag.0) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(applied) =
        wait.and_then(|wait| HeaderValue::from_str(&format!("wait={}", wait.as_secs())).ok())
    {
        headers.insert(PREFERENCE_APPLIED, applied);
    }
    headers
}

/// The members of a header that is a list.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(values: &[&'static str]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(PREFER, HeaderValue::from_static(value));
        }
        wait(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_read_among_other_preferences_and_bounded() {
        assert_eq!(waited(&["wait=10"]), Some(10));
        assert_eq!(waited(&["respond-async, Wait = \"7\""]), Some(7));
        assert_eq!(waited(&["return=minimal", "wait=26"]), Some(25));
        assert_eq!(waited(&["wait=99999999999999999999999"]), Some(25));
        assert_eq!(waited(&["wait=0"]), Some(0));
        for none in ["wait", "wait=", "wait=-1", "wait=1.5", "wait=soon", "waiting=3"] {
            assert_eq!(waited(&[none]), None, "{none}");
        }
        assert_eq!(waited(&[]), None);
    }

    #[test]
    fn tags_are_compared_without_their_weakness() {
        let tag = Tag("\"7\"".to_owned());
        for (value, expected) in [
            ("\"7\"", true),
            ("W/\"7\"", true),
            ("\"6\", W/\"7\"", true),
            ("*", true),
            ("\"6\"", false),
            ("7", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            assert_eq!(tag.is_among(&Tag::known_to(&headers)), expected, "{value}");
        }
    }
}
