//! The cookie that carries a session's token.

use url::{Host, Url};

use super::{AGE_LIMIT, SessionToken};

/// The cookie of one site.
///
/// Scripts cannot read it, other sites cannot send it along with a change, and no other host can set it: its prefix makes
/// browsers hold it to `Secure`, `Path=/` and no `Domain`
/// (<https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis>). Only a site at plain-HTTP localhost does
/// without prefix and `Secure`, which some browsers refuse there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCookie {
    is_secure: bool,
}

impl SessionCookie {
    /// The cookie of the site at this address.
    pub fn of(site: &Url) -> Self {
        let is_this_machine = match site.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self {
            is_secure: !(site.scheme() == "http" && is_this_machine),
        }
    }

    /// The cookie's name.
    pub const fn name(self) -> &'static str {
        if self.is_secure {
            "__Host-session"
        } else {
            "session"
        }
    }

    /// What sets it, as a `Set-Cookie` header.
    ///
    /// It is set once and kept for as long as a session can last; when the session is over, its row says.
    pub fn set(self, token: &SessionToken) -> String {
        self.with(token.reveal(), AGE_LIMIT.as_secs())
    }

    /// What removes it, as a `Set-Cookie` header. A browser removes only what has the same name and path.
    pub fn clear(self) -> String {
        self.with("", 0)
    }

    fn with(self, value: &str, max_age: u64) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        format!(
            "{}={value}; Max-Age={max_age}; Path=/; HttpOnly{secure}; SameSite=Lax",
            self.name()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::TOKEN_BYTES;
    use super::*;

    fn cookie_of(site: &str) -> SessionCookie {
        SessionCookie::of(&site.parse().expect("a URL"))
    }

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
            assert_eq!(cookie_of(site).name(), name, "{site}");
        }
    }

    #[test]
    fn it_is_set_and_removed_with_the_same_attributes() {
        let token = SessionToken::from_random([0; TOKEN_BYTES]);
        let cookie = cookie_of("https://packshot.example.com");
        let zeros = "A".repeat(43);
        assert_eq!(
            cookie.set(&token),
            format!("__Host-session={zeros}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax")
        );
        assert_eq!(
            cookie.clear(),
            "__Host-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax"
        );
        assert_eq!(
            cookie_of("http://localhost:8080").clear(),
            "session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
        );
    }
}
