//! What people have allowed, and the codes and tokens that came of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rand::distr::{Alphanumeric, SampleString as _};
use serde::Serialize;

use super::authorize::Challenge;
use super::error::OAuthError;
use super::scope::Scopes;

mod admin;
mod book;

use self::book::{Book, Code, Grant};

/// How long a code waits to be exchanged.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How long an access token is good.
pub(super) const ACCESS_LIFETIME: SignedDuration = SignedDuration::from_secs(3599);

/// After so long without use a refresh token is dead: six months.
const REFRESH_IDLE: SignedDuration = SignedDuration::from_hours(24 * 183);

/// What a person decided on the page.
#[derive(Debug, Clone)]
pub(super) struct Consent {
    pub(super) email: String,
    pub(super) scopes: Scopes,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
    pub(super) nonce: Option<String>,
    /// A refresh token is wanted.
    pub(super) offline: bool,
    /// The person was asked anew, so there is a refresh token even if there was one before.
    pub(super) asked_anew: bool,
}

/// Tokens that were just made.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) scopes: Scopes,
    pub(super) email: String,
    pub(super) nonce: Option<String>,
}

/// What an access token allows, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    pub(crate) email: String,
    pub(crate) scopes: Scopes,
}

/// All grants. The newest of an account is the one that counts.
#[derive(Debug, Default)]
pub(crate) struct Grants(Mutex<Book>);

impl Grants {
    /// The scopes that an account has allowed so far and not taken back.
    pub(super) fn granted(&self, email: &str) -> Scopes {
        let book = self.lock();
        let grant = book.grants.get(email).filter(|grant| !grant.revoked);
        grant.map(|grant| grant.scopes.clone()).unwrap_or_default()
    }

    /// Notes a consent and gives the code for it.
    pub(super) fn allow(&self, consent: Consent, now: Timestamp) -> String {
        let mut book = self.lock();
        let number = book.next();
        let grant = book.grants.entry(consent.email.clone()).or_insert(Grant {
            number,
            scopes: Scopes::new(),
            revoked: false,
            had_refresh_token: false,
        });
        if grant.revoked {
            *grant = Grant {
                number,
                scopes: Scopes::new(),
                revoked: false,
                had_refresh_token: false,
            };
        }
        grant.scopes.extend(&consent.scopes);
        let gives_refresh_token = consent.offline && (consent.asked_anew || !grant.had_refresh_token);
        grant.had_refresh_token |= gives_refresh_token;
        let grant = grant.number;
        let code = random("4/0A", 70);
        book.codes.insert(
            code.clone(),
            Code {
                consent,
                grant,
                gives_refresh_token,
                made: now,
                used_for: None,
            },
        );
        code
    }

    /// Exchanges a code, once. A second try takes back what the first one gave.
    pub(super) fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Result<Issued, OAuthError> {
        let mut book = self.lock();
        let known = book
            .codes
            .get(code)
            .ok_or_else(|| OAuthError::new("invalid_grant", "Malformed auth code."))?;
        if let Some(tokens) = known.used_for.clone() {
            for token in tokens {
                book.kill(&token);
            }
            return Err(OAuthError::new("invalid_grant", "Bad Request"));
        }
        if now.duration_since(known.made) > CODE_LIFETIME || !book.is_alive(&known.consent.email, known.grant)
        {
            return Err(OAuthError::new("invalid_grant", "Bad Request"));
        }
        if known.consent.redirect_uri != redirect_uri {
            return Err(OAuthError::new("redirect_uri_mismatch", "Bad Request"));
        }
        check_verifier(known.consent.challenge.as_ref(), verifier)?;
        let (consent, grant, refreshes) = (known.consent.clone(), known.grant, known.gives_refresh_token);
        let access_token = book.issue_access(&consent.email, grant, &consent.scopes, now);
        let refresh_token =
            refreshes.then(|| book.issue_refresh(&consent.email, grant, &consent.scopes, now));
        let tokens = refresh_token.iter().chain([&access_token]).cloned().collect();
        if let Some(known) = book.codes.get_mut(code) {
            known.used_for = Some(tokens);
        }
        Ok(Issued {
            access_token,
            refresh_token,
            scopes: consent.scopes,
            email: consent.email,
            nonce: consent.nonce,
        })
    }

    /// A new access token for a refresh token, with fewer scopes if so wished.
    pub(super) fn refresh(
        &self,
        refresh_token: &str,
        wanted: Option<Scopes>,
        now: Timestamp,
    ) -> Result<Issued, OAuthError> {
        let mut book = self.lock();
        let token = book
            .refresh
            .get(refresh_token)
            .ok_or_else(|| OAuthError::new("invalid_grant", "Bad Request"))?;
        let idle = now.duration_since(token.time) > REFRESH_IDLE;
        if token.dead || idle || !book.is_alive(&token.email, token.grant) {
            return Err(OAuthError::dead_grant());
        }
        let scopes = wanted.unwrap_or_else(|| token.scopes.clone());
        if !scopes.is_subset(&token.scopes) {
            return Err(OAuthError::new(
                "invalid_scope",
                "Some requested scopes were not granted.",
            ));
        }
        let (email, grant) = (token.email.clone(), token.grant);
        if let Some(token) = book.refresh.get_mut(refresh_token) {
            token.time = now;
        }
        let access_token = book.issue_access(&email, grant, &scopes, now);
        Ok(Issued {
            access_token,
            refresh_token: None,
            scopes,
            email,
            nonce: None,
        })
    }

    /// Ends the whole grant that a living token belongs to.
    pub(super) fn revoke_by_token(&self, token: &str, now: Timestamp) -> Result<(), OAuthError> {
        let mut book = self.lock();
        let access = book
            .access
            .get(token)
            .filter(|token| now < token.time)
            .or_else(|| book.refresh.get(token));
        let living = access.filter(|token| !token.dead && book.is_alive(&token.email, token.grant));
        let email = living
            .map(|token| token.email.clone())
            .ok_or_else(|| OAuthError::new("invalid_token", "Token expired or revoked"))?;
        book.revoke(&email);
        Ok(())
    }

    /// What an access token allows; `None` if it is dead or was never given.
    pub(crate) fn bearer(&self, access_token: &str, now: Timestamp) -> Option<Bearer> {
        let book = self.lock();
        let token = book.access.get(access_token)?;
        let lives = !token.dead && now < token.time && book.is_alive(&token.email, token.grant);
        lives.then(|| Bearer {
            email: token.email.clone(),
            scopes: token.scopes.clone(),
        })
    }

    /// Whose code or token this is, dead or alive.
    pub(crate) fn email_of(&self, secret: &str) -> Option<String> {
        let book = self.lock();
        let token = book.access.get(secret).or_else(|| book.refresh.get(secret));
        let code = || book.codes.get(secret).map(|code| code.consent.email.clone());
        token.map(|token| token.email.clone()).or_else(code)
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_verifier(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.fits(verifier) => Ok(()),
        (Some(_), None) => Err(OAuthError::new("invalid_grant", "Missing code verifier.")),
        _ => Err(OAuthError::new("invalid_grant", "Invalid code verifier.")),
    }
}

/// A secret in the form of Google's.
pub(super) fn random(prefix: &str, length: usize) -> String {
    format!("{prefix}{}", Alphanumeric.sample_string(&mut rand::rng(), length))
}

/// A grant as `GET /__grants` shows it.
#[derive(Debug, Serialize)]
pub(crate) struct GrantView {
    email: String,
    scopes: Vec<&'static str>,
    /// How many of them are alive.
    refresh_tokens: usize,
    revoked: bool,
}

impl GrantView {
    /// Whose it is.
    pub(crate) fn email(&self) -> &str {
        &self.email
    }
}
