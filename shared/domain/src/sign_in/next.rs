//! Where the page goes on after somebody was sent to Google.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

/// The longest path that is kept, in bytes.
const LONGEST: usize = 512;

/// A path of ours, with its query: never an address of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextPath(String);

impl NextPath {
    /// Reads a path as somebody's link named it; `None` for what is, or could be read as, anything but a path of ours.
    ///
    /// Browsers read `\` as `/`, drop tabs and line breaks, and take `//host` for an address (WHATWG URL, "special" schemes).
    /// So the path must stay what it is when it is read as they read it.
    pub fn parse(text: &str) -> Option<Self> {
        // What it is relative to does not matter, only that it does not leave it.
        let site = Url::parse("https://packshot.invalid").ok()?;
        let plain = text.len() <= LONGEST
            && text.starts_with('/')
            && !text.starts_with("//")
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !plain {
            return None;
        }
        let read = site.join(text).ok()?;
        let stays = read.origin() == site.origin() && !read.path().starts_with("//");
        // To sign in only to be signed in again, or to be sent to a file of JSON, helps nobody.
        let leads_to_the_page = !["/auth/", "/api/"]
            .iter()
            .any(|below| read.path().starts_with(below));
        (stays && leads_to_the_page).then(|| Self(text.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path with one more parameter in its query, which goes before a fragment.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let (path, fragment) = match self.0.split_once('#') {
            Some((path, fragment)) => (path, format!("#{fragment}")),
            None => (self.0.as_str(), String::new()),
        };
        let separator = if path.contains('?') { '&' } else { '?' };
        Self(format!("{path}{separator}{name}={value}{fragment}"))
    }
}

/// Where people go who were not on their way to anything: their jobs.
impl Default for NextPath {
    fn default() -> Self {
        Self("/jobs".to_owned())
    }
}

impl fmt::Display for NextPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NextPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a path of ours"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_ours_are_taken_as_they_are() {
        for text in [
            "/",
            "/jobs",
            "/jobs/job_1?tab=images&q=a%20b#third",
            "/new?from=//elsewhere.example",
            "/a:b@c",
        ] {
            assert_eq!(
                NextPath::parse(text).map(|next| next.to_string()),
                Some(text.to_owned())
            );
        }
    }

    #[test]
    fn nothing_leads_away() {
        for text in [
            "",
            "jobs",
            "//elsewhere.example",
            "///elsewhere.example",
            "/\\elsewhere.example",
            "\\\\elsewhere.example",
            "/\t/elsewhere.example",
            "/\n/elsewhere.example",
            " //elsewhere.example",
            "/.//elsewhere.example",
            "/a/..//elsewhere.example",
            "/%2e//elsewhere.example",
            "https://elsewhere.example/",
            "https:elsewhere.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/jobs\r\nset-cookie: a=b",
            "/jöbs",
            "/auth/google/login",
            "/jobs/../auth/google/login",
            "/api/me",
        ] {
            assert_eq!(NextPath::parse(text), None, "{text:?}");
        }
        assert_eq!(NextPath::parse(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn a_parameter_joins_the_query() {
        for (path, with) in [
            ("/new", "/new?error=no"),
            ("/new?a=b", "/new?a=b&error=no"),
            ("/new?a=b#c?d", "/new?a=b&error=no#c?d"),
        ] {
            let next = NextPath::parse(path).expect("a path");
            assert_eq!(next.with("error", "no").as_str(), with);
        }
    }
}
