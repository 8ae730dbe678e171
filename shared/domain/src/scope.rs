//! What an API key may do.

/// One thing that a key may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Whatever makes or changes something: jobs, uploads, webhooks.
    Generate,
    /// Looking: jobs, deliveries, usage.
    Read,
}

impl Scope {
    /// Every scope, in the order in which they are listed to people.
    pub const ALL: [Self; 2] = [Self::Generate, Self::Read];

    /// The stable name that the API shows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Read => "read",
        }
    }

    /// The scope with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// The scopes of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    generate: bool,
    read: bool,
}

impl Scopes {
    /// Every scope there is.
    pub const ALL: Self = Self {
        generate: true,
        read: true,
    };

    /// Whether `scope` is among them.
    pub const fn allow(self, scope: Scope) -> bool {
        match scope {
            Scope::Generate => self.generate,
            Scope::Read => self.read,
        }
    }

    /// The scopes, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.allow(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut all = Self {
            generate: false,
            read: false,
        };
        for scope in scopes {
            match scope {
                Scope::Generate => all.generate = true,
                Scope::Read => all.read = true,
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_allow_what_they_were_made_of() {
        let read: Scopes = [Scope::Read].into_iter().collect();
        assert!(read.allow(Scope::Read) && !read.allow(Scope::Generate));
        assert!(Scopes::ALL.iter().eq(Scope::ALL));
        assert!(
            Scope::ALL
                .iter()
                .all(|scope| Scope::parse(scope.as_str()) == Some(*scope))
        );
    }
}
