//! Parameters of queries and forms.

use std::borrow::Cow;
use std::collections::HashSet;

use super::error::OAuthError;

/// Names with their values, in order.
#[derive(Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn read(encoded: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(encoded);
        let own = |text: Cow<'_, str>| text.into_owned();
        Self(pairs.map(|(name, value)| (own(name), own(value))).collect())
    }

    /// The first value that is not empty: an empty one counts as absent (RFC 6749, 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let pair = pairs.find(|(own, value)| own == name && !value.is_empty());
        pair.map(|(_, value)| value.as_str())
    }

    /// All values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter(move |(own, _)| own == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// The value, or the refusal for want of it.
    pub(crate) fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::new("invalid_request", format!("Missing required parameter: {name}")))
    }

    /// A name that stands there twice, which RFC 6749 forbids.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let mut seen = HashSet::new();
        let second = self.0.iter().find(|(name, _)| !seen.insert(name.as_str()));
        second.map(|(name, _)| name.as_str())
    }
}
