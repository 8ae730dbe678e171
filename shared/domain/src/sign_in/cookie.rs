//! The cookie of a browser that is on its way to Google.

use url::Url;

use super::{ATTEMPT_LIMIT, BrowserSecret};
use crate::cookie::HostCookie;

/// Holds the browser's secret on one site for as long as an attempt may take, and goes by itself. It must come along when Google sends the
/// browser back, which `SameSite=Lax` lets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptCookie(HostCookie);

impl AttemptCookie {
    /// The cookie of the site at this address.
    pub fn of(site: &Url) -> Self {
        Self(HostCookie::new("__Host-sign-in", site))
    }

    /// The cookie's name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What sets it, as a `Set-Cookie` header.
    pub fn set(self, secret: &BrowserSecret) -> String {
        self.0.set(secret.reveal(), ATTEMPT_LIMIT.as_secs())
    }
}
