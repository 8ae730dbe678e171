//! What an app can be allowed, under the names that Google has for it.

use std::collections::BTreeSet;
use std::fmt;

/// One thing that a person can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// Who the person is.
    OpenId,
    /// Their e-mail address.
    Email,
    /// Their name and picture.
    Profile,
    /// To read everything in their Drive.
    DriveReadonly,
    /// The files that the app made or was handed.
    DriveFile,
}

/// Several of them, in Google's order.
pub(crate) type Scopes = BTreeSet<Scope>;

impl Scope {
    /// All that this server knows.
    pub(crate) const ALL: [Self; 5] = [
        Self::OpenId,
        Self::Email,
        Self::Profile,
        Self::DriveReadonly,
        Self::DriveFile,
    ];

    /// Reads a name; `email` and `profile` have a long one besides.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == name || scope.asked_name() == name)
    }

    /// The name in tokens.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Email => "https://www.googleapis.com/auth/userinfo.email",
            Self::Profile => "https://www.googleapis.com/auth/userinfo.profile",
            Self::DriveReadonly => "https://www.googleapis.com/auth/drive.readonly",
            Self::DriveFile => "https://www.googleapis.com/auth/drive.file",
        }
    }

    /// The name under which it is mostly asked for.
    pub(crate) fn asked_name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Profile => "profile",
            other => other.name(),
        }
    }

    /// The sentence of the consent page.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::OpenId => "Know who you are on Google",
            Self::Email => "See your e-mail address",
            Self::Profile => "See your name and picture",
            Self::DriveReadonly => "See and download all your Google Drive files",
            Self::DriveFile => "See, edit, create and delete only the Drive files that you use with this app",
        }
    }

    /// Whether it comes with signing in, and cannot be unticked.
    pub(crate) fn is_identity(self) -> bool {
        matches!(self, Self::OpenId | Self::Email | Self::Profile)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The names as tokens have them, with a space between.
pub(crate) fn joined(scopes: &Scopes) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    names.join(" ")
}

/// The names as the redirect has them: the short ones of `email` and `profile` too.
pub(crate) fn joined_for_redirect(scopes: &Scopes) -> String {
    let short = scopes
        .iter()
        .filter(|scope| scope.asked_name() != scope.name())
        .map(|scope| scope.asked_name());
    let names: Vec<&str> = short.chain(scopes.iter().map(|scope| scope.name())).collect();
    names.join(" ")
}

/// Reads names with spaces between; the first unknown one is the error.
pub(crate) fn parse(text: &str) -> Result<Scopes, String> {
    text.split(' ')
        .filter(|name| !name.is_empty())
        .map(|name| Scope::parse(name).ok_or_else(|| name.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn short_names_become_long_ones_in_tokens() {
        let scopes = super::parse("email openid").expect("is known");
        assert_eq!(
            super::joined(&scopes),
            "openid https://www.googleapis.com/auth/userinfo.email"
        );
        assert!(super::joined_for_redirect(&scopes).starts_with("email openid https://"));
        assert_eq!(super::parse("openid calendar"), Err("calendar".to_owned()));
    }
}
