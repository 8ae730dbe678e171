//! Whose call it is, for records and faults. Secrets are looked up, never kept.

use axum::extract::Request;

use crate::oauth::{OAuth, Parameters, bearer_token};
use crate::operation::{Operation, Service};

/// What a call tells about itself besides its path.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    /// The account's address.
    pub(crate) account: Option<String>,
    /// `grant_type` of a call of the token endpoint.
    pub(crate) grant_type: Option<String>,
}

impl Caller {
    /// Reads it off token, code or form.
    pub(crate) fn of(oauth: &OAuth, operation: Operation, request: &Request, body: &[u8]) -> Self {
        let form = || Parameters::read(body);
        let query = || Parameters::read(request.uri().query().unwrap_or_default().as_bytes());
        let of_secret = |secret: Option<&str>| oauth.grants.email_of(secret?);
        match operation {
            Operation::Token => {
                let form = form();
                Self {
                    account: of_secret(form.get("refresh_token").or_else(|| form.get("code"))),
                    grant_type: form.get("grant_type").map(str::to_owned),
                }
            }
            Operation::Revoke => {
                let in_form = of_secret(form().get("token"));
                Self::named(in_form.or_else(|| of_secret(query().get("token"))))
            }
            Operation::Authorize => {
                let chosen = form().get("account").map(str::to_owned);
                Self::named(chosen.or_else(|| query().get("login_hint").map(str::to_owned)))
            }
            Operation::Userinfo => Self::named(of_secret(bearer_token(request.headers()))),
            other if other.service() == Service::Drive => {
                Self::named(of_secret(bearer_token(request.headers())))
            }
            _ => Self::default(),
        }
    }

    fn named(account: Option<String>) -> Self {
        Self {
            account,
            grant_type: None,
        }
    }
}
