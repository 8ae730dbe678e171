//! What somebody has let us do.

use std::collections::BTreeSet;

/// The scopes of a grant. People can untick what we ask for, so what was asked for tells nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantedScopes(BTreeSet<String>);

impl GrantedScopes {
    /// Reads scopes as Google's answers have them, with spaces between.
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// Whether a scope is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Each of them, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl std::fmt::Display for GrantedScopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use packshot_domain::drive::DriveScope;

    use super::*;

    #[test]
    fn scopes_read_back_whatever_their_order() {
        let scopes = GrantedScopes::parse(&format!("openid  {} email", DriveScope::File.url()));
        assert!(scopes.contains(DriveScope::File.url()) && !scopes.contains(DriveScope::Readonly.url()));
        assert_eq!(GrantedScopes::parse(&scopes.to_string()), scopes);
        assert!(!GrantedScopes::parse("").contains(""));
    }
}
