//! Grants with their codes and tokens, as they are kept.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{ACCESS_LIFETIME, Consent, random};
use crate::oauth::scope::Scopes;

/// Refresh tokens that an account and an app can have; the oldest go first.
const MOST_REFRESH_TOKENS: usize = 100;

#[derive(Debug)]
pub(super) struct Grant {
    pub(super) number: u64,
    pub(super) scopes: Scopes,
    pub(super) revoked: bool,
    pub(super) had_refresh_token: bool,
}

#[derive(Debug)]
pub(super) struct Code {
    pub(super) consent: Consent,
    pub(super) grant: u64,
    pub(super) gives_refresh_token: bool,
    pub(super) made: Timestamp,
    /// The tokens that it was exchanged for.
    pub(super) used_for: Option<Vec<String>>,
}

#[derive(Debug)]
pub(super) struct Token {
    pub(super) email: String,
    pub(super) grant: u64,
    pub(super) scopes: Scopes,
    pub(super) dead: bool,
    /// Expiry of an access token, last use of a refresh token.
    pub(super) time: Timestamp,
    pub(super) sequence: u64,
}

#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) grants: BTreeMap<String, Grant>,
    pub(super) codes: HashMap<String, Code>,
    pub(super) access: HashMap<String, Token>,
    pub(super) refresh: HashMap<String, Token>,
    pub(super) last_number: u64,
}

impl Book {
    pub(super) fn next(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(super) fn is_alive(&self, email: &str, grant: u64) -> bool {
        self.grants
            .get(email)
            .is_some_and(|known| known.number == grant && !known.revoked)
    }

    pub(super) fn revoke(&mut self, email: &str) -> bool {
        let grant = self.grants.get_mut(email).filter(|grant| !grant.revoked);
        grant.map(|grant| grant.revoked = true).is_some()
    }

    pub(super) fn kill(&mut self, token: &str) {
        for tokens in [&mut self.access, &mut self.refresh] {
            if let Some(token) = tokens.get_mut(token) {
                token.dead = true;
            }
        }
    }

    pub(super) fn issue_access(
        &mut self,
        email: &str,
        grant: u64,
        scopes: &Scopes,
        now: Timestamp,
    ) -> String {
        let expires = now.checked_add(ACCESS_LIFETIME).unwrap_or(Timestamp::MAX);
        let (name, token) = (random("ya29.a0", 160), self.token(email, grant, scopes, expires));
        self.access.insert(name.clone(), token);
        name
    }

    pub(super) fn issue_refresh(
        &mut self,
        email: &str,
        grant: u64,
        scopes: &Scopes,
        now: Timestamp,
    ) -> String {
        let (name, token) = (random("1//0", 90), self.token(email, grant, scopes, now));
        let mut living: Vec<&mut Token> = self
            .refresh
            .values_mut()
            .filter(|token| token.email == email && !token.dead)
            .collect();
        living.sort_by_key(|token| token.sequence);
        let too_many = (living.len() + 1).saturating_sub(MOST_REFRESH_TOKENS);
        for token in living.into_iter().take(too_many) {
            token.dead = true;
        }
        self.refresh.insert(name.clone(), token);
        name
    }

    fn token(&mut self, email: &str, grant: u64, scopes: &Scopes, time: Timestamp) -> Token {
        Token {
            email: email.to_owned(),
            grant,
            scopes: scopes.clone(),
            dead: false,
            time,
            sequence: self.next(),
        }
    }
}
