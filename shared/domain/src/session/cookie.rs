//! The cookie that carries a session's token.

use url::Url;

use super::{AGE_LIMIT, SessionToken};
use crate::cookie::HostCookie;

/// The session's cookie on one site: no script reads it, no other site sends it along with a change, no other host sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCookie(HostCookie);

impl SessionCookie {
    /// The cookie of the site at this address.
    pub fn of(site: &Url) -> Self {
        Self(HostCookie::new("__Host-session", site))
    }

    /// The cookie's name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What sets it, as a `Set-Cookie` header.
    ///
    /// It is set once and kept for as long as a session can last; when the session is over, its row says.
    pub fn set(self, token: &SessionToken) -> String {
        self.0.set(token.reveal(), AGE_LIMIT.as_secs())
    }

    /// What removes it, as a `Set-Cookie` header.
    pub fn clear(self) -> String {
        self.0.clear()
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
