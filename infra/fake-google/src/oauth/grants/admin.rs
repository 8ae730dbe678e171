//! What tests and people do to grants from outside of the protocol.

use jiff::Timestamp;

use super::book::{Book, Grant, Token};
use super::{GrantView, Grants, REFRESH_IDLE};

impl Grants {
    /// The grant of every account that ever allowed something.
    pub(crate) fn list(&self, now: Timestamp) -> Vec<GrantView> {
        let book = self.lock();
        let view = |(email, grant): (&String, &Grant)| {
            let lives = |token: &&Token| {
                token.grant == grant.number
                    && token.email == *email
                    && !token.dead
                    && !grant.revoked
                    && now.duration_since(token.time) <= REFRESH_IDLE
            };
            GrantView {
                email: email.clone(),
                scopes: grant.scopes.iter().map(|scope| scope.name()).collect(),
                refresh_tokens: book.refresh.values().filter(lives).count(),
                revoked: grant.revoked,
            }
        };
        book.grants.iter().map(view).collect()
    }

    /// The person takes the app's access away; whether there was any.
    pub(crate) fn revoke(&self, email: &str) -> bool {
        self.lock().revoke(email)
    }

    /// All access tokens of the account so far are dead; how many were not.
    pub(crate) fn expire_access_tokens(&self, email: &str) -> usize {
        end(self.lock().access.values_mut(), email)
    }

    /// All refresh tokens of the account so far are dead; how many were not.
    pub(crate) fn expire_refresh_tokens(&self, email: &str) -> usize {
        end(self.lock().refresh.values_mut(), email)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.lock() = Book::default();
    }
}

fn end<'a>(tokens: impl Iterator<Item = &'a mut Token>, email: &str) -> usize {
    let living = tokens.filter(|token| token.email == email && !token.dead);
    living.map(|token| token.dead = true).count()
}
