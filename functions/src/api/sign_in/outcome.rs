//! Where a browser is led to.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use packshot_clients::{
    drive_grants::SaveError,
    error::{AwsError, Chain},
    google::{IdTokenError, OauthError},
};
use packshot_domain::sign_in::{Attempt, NextPath, NotOurAttempt, Purpose, Untrusted};
use tracing::{error, info, warn};
use url::form_urlencoded;

/// The page that says what is wrong and lets people try again.
const PAGE: &str = "/sign-in";

/// Where to go, and the cookies that change on the way.
#[derive(Debug)]
pub(super) struct Way {
    to: String,
    cookies: Vec<String>,
}

impl Way {
    pub(super) fn to(address: &str) -> Self {
        Self {
            to: address.to_owned(),
            cookies: Vec::new(),
        }
    }

    /// The way with one more `Set-Cookie`.
    pub(super) fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// The answer. It is for one browser at one time, and the address that it answers, with a code in it, is nobody else's
    /// business.
    pub(super) fn answer(self) -> Response {
        const NO_REFERRER: (HeaderName, HeaderValue) =
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        const NO_STORE: (HeaderName, HeaderValue) =
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let cookies = self
            .cookies
            .into_iter()
            .map(|cookie| (header::SET_COOKIE, cookie));
        (
            StatusCode::SEE_OTHER,
            [NO_STORE, NO_REFERRER],
            [(header::LOCATION, self.to)],
            AppendHeaders(cookies.collect::<Vec<_>>()),
        )
            .into_response()
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// They said no at Google.
    #[error("access was denied at Google")]
    Denied,
    /// The answer is not one to this browser.
    #[error(transparent)]
    NotOurs(#[from] NotOurAttempt),
    /// Too many come from there.
    #[error("too many attempts from one network")]
    TooOften,
    /// Google did not say, or not so that we can believe it, who they are.
    #[error("Google's answer is not believed")]
    NotBelieved(#[source] IdTokenError),
    /// Nobody has shown that the address is theirs.
    #[error("the e-mail address is not verified")]
    EmailNotVerified,
    /// The code is used up or was never one.
    #[error("Google does not know the code")]
    CodeUsedUp,
    /// They are not signed in, and what they came for needs that.
    #[error("nobody is signed in")]
    SignedOut,
    /// They have not let us do in their Drive what we asked for.
    #[error("a permission for Drive was not given")]
    DriveScopeMissing,
    /// Something that we depend on does not answer.
    #[error("not possible at the moment")]
    Unavailable(#[source] packshot_clients::error::BoxError),
    /// Ours to mend.
    #[error("not as it should be")]
    NotPossible,
}

impl Failed {
    /// The code in the address of the page.
    const fn code(&self) -> &'static str {
        match self {
            Self::Denied => "access_denied",
            Self::NotOurs(NotOurAttempt::Late) | Self::CodeUsedUp => "attempt_expired",
            Self::NotOurs(NotOurAttempt::Foreign) => "attempt_unknown",
            Self::TooOften => "rate_limited",
            Self::NotBelieved(_) | Self::NotPossible => "sign_in_failed",
            Self::EmailNotVerified => "email_not_verified",
            Self::SignedOut => "signed_out",
            Self::DriveScopeMissing => "drive_scope_missing",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// The way to the page that says so, from where one can try again to get where one was going.
    pub(super) fn way(&self, next: &NextPath) -> Way {
        self.log();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("error", self.code())
            .append_pair("next", next.as_str())
            .finish();
        Way::to(&format!("{PAGE}?{query}"))
    }

    /// The way for whoever wanted to connect their Drive: they are signed in, and go on with what they were doing, where they are
    /// told.
    pub(super) fn way_without_drive(&self, next: &NextPath) -> Way {
        if matches!(self, Self::SignedOut) {
            return self.way(next);
        }
        self.log();
        Way::to(next.with("drive_error", self.code()).as_str())
    }

    /// The way for whoever comes back from an attempt.
    pub(super) fn way_of(&self, attempt: &Attempt) -> Way {
        match attempt.purpose {
            Purpose::SignIn => self.way(&attempt.next),
            Purpose::ConnectDrive { .. } => self.way_without_drive(&attempt.next),
        }
    }

    fn log(&self) {
        match self {
            Self::Denied
            | Self::NotOurs(_)
            | Self::TooOften
            | Self::CodeUsedUp
            | Self::EmailNotVerified
            | Self::SignedOut
            | Self::DriveScopeMissing => {
                info!(code = self.code(), "Did not sign in: {self}");
            }
            Self::NotBelieved(_) => warn!(error = %Chain(self), code = self.code(), "Did not sign in"),
            Self::Unavailable(_) | Self::NotPossible => {
                error!(error = %Chain(self), code = self.code(), "Could not sign in");
            }
        }
    }
}

impl From<AwsError> for Failed {
    fn from(error: AwsError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<OauthError> for Failed {
    fn from(error: OauthError) -> Self {
        match error {
            OauthError::GrantIsGone => Self::CodeUsedUp,
            other => Self::Unavailable(other.into()),
        }
    }
}

impl From<IdTokenError> for Failed {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Untrusted(Untrusted::EmailNotVerified) => Self::EmailNotVerified,
            IdTokenError::Oauth(error) => error.into(),
            other => Self::NotBelieved(other),
        }
    }
}

impl From<SaveError> for Failed {
    fn from(error: SaveError) -> Self {
        Self::Unavailable(error.into())
    }
}
