//! `GET /auth/google/drive`: lets us into somebody's Google Drive, who is signed in already. It is asked for when it is first
//! used, and the right to put files there only when that is used.

use std::sync::Arc;

use axum::{
    extract::{Query, State as RouterState},
    http::HeaderMap,
    response::Response,
};
use packshot_clients::{
    drive_grants::{GoogleAccount, NewGrant},
    google::Tokens,
};
use packshot_domain::{
    drive::DriveScope,
    id::UserId,
    sign_in::{Identity, NextPath, NotOurAttempt, Purpose},
};
use tracing::info;
use url::Url;

use super::{
    Asked, SIGN_IN_SCOPES, Sender, State, begin,
    outcome::{Failed, Way},
    parameter,
};
use crate::api::problem::ApiError;

/// What somebody has agreed to at Google.
pub(super) struct Consent {
    /// Who went there.
    pub(super) user: UserId,
    /// Whether they were asked to let us put files into their Drive, too.
    pub(super) save: bool,
    /// The account that they chose, which need not be the one that they sign in with.
    pub(super) identity: Identity,
    pub(super) tokens: Tokens,
}

/// Leads to Google; `next` says where to go after that, and `save=true` asks for the right to put files there as well.
pub(super) async fn lead(
    RouterState(state): RouterState<Arc<State>>,
    Query(query): Query<Vec<(String, String)>>,
    sender: Sender,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = state.doors.base_url().await?;
    let next = parameter(&query, "next")
        .and_then(NextPath::parse)
        .unwrap_or_default();
    let save = parameter(&query, "save") == Some("true");
    let way = lead_to_google(&state, &site, &sender, &headers, save, &next).await;
    Ok(way
        .unwrap_or_else(|failed| failed.way_without_drive(&next))
        .answer())
}

async fn lead_to_google(
    state: &State,
    site: &Url,
    sender: &Sender,
    headers: &HeaderMap,
    save: bool,
    next: &NextPath,
) -> Result<Way, Failed> {
    let session = state
        .doors
        .open_session(headers)
        .await?
        .ok_or(Failed::SignedOut)?;
    let grant = state.grants.status(session.user).await?;
    let login_hint = match grant {
        Some(grant) => Some(grant.account.email),
        None => state.accounts.get(session.user).await?.map(|user| user.email),
    };
    let mut scopes = SIGN_IN_SCOPES.to_vec();
    scopes.push(state.drive_scope.url());
    if save && state.drive_scope != DriveScope::SAVING {
        scopes.push(DriveScope::SAVING.url());
    }
    let purpose = Purpose::ConnectDrive {
        user: session.user,
        save,
    };
    let asked = Asked {
        purpose,
        next,
        scopes: &scopes,
        login_hint: login_hint.as_deref(),
    };
    begin(state, site, sender, headers, &asked).await
}

/// Makes sure that whoever went to Google is still the one who is signed in here.
pub(super) async fn must_be_signed_in(
    state: &State,
    headers: &HeaderMap,
    user: UserId,
) -> Result<(), Failed> {
    let session = state.doors.open_session(headers).await?;
    if session.ok_or(Failed::SignedOut)?.user == user {
        Ok(())
    } else {
        Err(NotOurAttempt::Foreign.into())
    }
}

/// Keeps what was granted, for the person who went to Google.
pub(super) async fn keep(state: &State, consent: Consent) -> Result<(), Failed> {
    let scopes = &consent.tokens.access.scopes;
    // People can untick what we ask for.
    if !scopes.contains(state.drive_scope.url()) {
        return Err(Failed::DriveScopeMissing);
    }
    let may_save = scopes.contains(DriveScope::SAVING.url());
    let grant = NewGrant {
        account: GoogleAccount {
            subject: consent.identity.subject,
            email: consent.identity.email,
        },
        refresh_token: consent.tokens.refresh_token,
        access: consent.tokens.access,
    };
    state.grants.save(consent.user, &grant).await?;
    info!(may_save, "Connected a Drive");
    if consent.save && !may_save {
        return Err(Failed::DriveScopeMissing);
    }
    Ok(())
}
