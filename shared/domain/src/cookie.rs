//! Cookies that only our own pages' requests carry.

use url::{Host, Url};

/// What browsers hold to `Secure`, `Path=/` and no `Domain`
/// (<https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis>).
const PREFIX: &str = "__Host-";

/// A cookie of one site.
///
/// Scripts cannot read it, other sites cannot send it along with a change, and no other host can set it, which its prefix
/// sees to. Only a site at plain-HTTP localhost does without prefix and `Secure`, which some browsers refuse there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostCookie {
    full_name: &'static str,
    is_secure: bool,
}

impl HostCookie {
    /// The cookie of this name, prefix included, at the site of this address.
    pub(crate) fn new(full_name: &'static str, site: &Url) -> Self {
        let is_this_machine = match site.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self {
            full_name,
            is_secure: !(site.scheme() == "http" && is_this_machine),
        }
    }

    /// Its name there.
    pub(crate) fn name(self) -> &'static str {
        if self.is_secure {
            self.full_name
        } else {
            self.full_name.trim_start_matches(PREFIX)
        }
    }

    /// What sets it for so many seconds, as a `Set-Cookie` header.
    pub(crate) fn set(self, value: &str, max_age: u64) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        format!(
            "{}={value}; Max-Age={max_age}; Path=/; HttpOnly{secure}; SameSite=Lax",
            self.name()
        )
    }

    /// What removes it, as a `Set-Cookie` header. A browser removes only what has the same name and path.
    pub(crate) fn clear(self) -> String {
        self.set("", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_localhost_does_without_the_prefix() {
        for (site, name) in [
            ("https://packshot.example.com", "__Host-session"),
            ("https://localhost:8443", "__Host-session"),
            ("http://packshot.example.com", "__Host-session"),
            ("http://localhost.example.com", "__Host-session"),
            ("http://localhost:8080", "session"),
            ("http://127.0.0.1:8080", "session"),
            ("http://[::1]:8080", "session"),
        ] {
            let cookie = HostCookie::new("__Host-session", &site.parse().expect("a URL"));
            assert_eq!(cookie.name(), name, "{site}");
        }
    }
}
