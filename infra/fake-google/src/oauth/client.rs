//! The one app that is registered here.

use url::Url;

/// An app's registration, as the Cloud console has it.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Where answers may go. Empty: to any page of this machine.
    pub redirect_uris: Vec<String>,
}

impl Default for OAuthClient {
    fn default() -> Self {
        Self {
            id: "packshot-local.apps.googleusercontent.example".to_owned(),
            secret: "local-secret-of-the-fake-google".to_owned(),
            redirect_uris: Vec::new(),
        }
    }
}

impl OAuthClient {
    /// The redirect URI, if answers may go there.
    pub(crate) fn allowed(&self, redirect_uri: &str) -> Option<Url> {
        let url = Url::parse(redirect_uri).ok()?;
        let is_registered = if self.redirect_uris.is_empty() {
            url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1"))
        } else {
            self.redirect_uris.iter().any(|known| known == redirect_uri)
        };
        (is_registered && url.fragment().is_none()).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::OAuthClient;

    #[test]
    fn answers_go_to_known_places_only() {
        let any = OAuthClient::default();
        assert!(any.allowed("http://localhost:4400/callback").is_some());
        assert!(any.allowed("http://127.0.0.1/x?y=z").is_some());
        assert!(any.allowed("https://localhost/callback").is_none());
        assert!(any.allowed("http://localhost.example/callback").is_none());
        assert!(any.allowed("http://localhost/#part").is_none());
        let one = OAuthClient {
            redirect_uris: vec!["http://localhost:1/a".to_owned()],
            ..any
        };
        assert!(one.allowed("http://localhost:1/a").is_some());
        assert!(one.allowed("http://localhost:1/a/").is_none());
    }
}
