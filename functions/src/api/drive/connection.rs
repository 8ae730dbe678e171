//! `GET /api/drive` and `DELETE /api/drive`: whether a Drive is connected, and the end of it.

use std::sync::Arc;

use axum::{
    Json,
    extract::State as RouterState,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::drive_grants::GrantStatus;
use packshot_domain::drive::DriveScope;
use serde::Serialize;
use tracing::info;
use utoipa::{ToSchema, openapi::Object};

use super::State;
use crate::{
    api::{NO_STORE, caller::Owner, problem::ApiError},
    named_schemas::one_of,
};

/// What the page needs to know before it shows a Drive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DriveConnection)]
struct ConnectionView {
    /// Always `drive`.
    #[schema(value_type = String, example = "drive")]
    object: &'static str,
    /// Whether photos can be read there now.
    connected: bool,
    /// Whether it was connected, and Google no longer lets us in.
    needs_reconnect: bool,
    /// Whether files can be put there too.
    can_save: bool,
    /// How photos are chosen: in our own `folders`, or with Google's `picker`.
    #[schema(schema_with = chosen_with)]
    chosen_with: &'static str,
    /// Whose Drive it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_at: Option<Timestamp>,
    /// Where a browser goes to connect it; `next` says where to go after that.
    #[schema(value_type = String, example = "/auth/google/drive")]
    connect_url: &'static str,
    /// Where it goes to let us put files there too.
    #[schema(value_type = String, example = "/auth/google/drive?save=true")]
    connect_to_save_url: &'static str,
}

/// The ways in which [`ConnectionView::of`] has photos chosen.
fn chosen_with() -> Object {
    one_of(
        "How photos are chosen: in our own `folders`, or with Google's `picker`.",
        ["folders", "picker"],
    )
}

impl ConnectionView {
    fn of(grant: Option<GrantStatus>, scope: DriveScope) -> Self {
        let allows = |scope: DriveScope| {
            grant
                .as_ref()
                .is_some_and(|grant| !grant.needs_reconnect && grant.scopes.contains(scope.url()))
        };
        Self {
            object: "drive",
            connected: allows(scope),
            needs_reconnect: grant.as_ref().is_some_and(|grant| grant.needs_reconnect),
            can_save: allows(DriveScope::SAVING),
            chosen_with: match scope {
                DriveScope::Readonly => "folders",
                DriveScope::File => "picker",
            },
            connected_at: grant.as_ref().map(|grant| grant.connected_at),
            email: grant.map(|grant| grant.account.email),
            connect_url: "/auth/google/drive",
            connect_to_save_url: "/auth/google/drive?save=true",
        }
    }
}

#[utoipa::path(
    get,
    path = "/api/drive",
    operation_id = "show_drive",
    tag = "Drive",
    description = "Tells whether a Google Drive is connected, and what may be done there.",
    responses((status = 200, description = "The connection.", body = ConnectionView))
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let grant = state.drives.grants().status(caller.user).await?;
    let view = ConnectionView::of(grant, state.scope);
    Ok(([NO_STORE], Json(view)).into_response())
}

/// Takes the grant back at Google and forgets it. Without one there is nothing to do, so doing it twice is doing it once.
#[utoipa::path(
    delete,
    path = "/api/drive",
    operation_id = "disconnect_drive",
    tag = "Drive",
    summary = "Disconnect drive",
    description = "Takes the grant back at Google and forgets it.",
    responses((status = 204, description = "No Drive is connected any more."))
)]
pub(in crate::api) async fn disconnect(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<StatusCode, ApiError> {
    if state.drives.grants().forget(caller.user).await? {
        info!("Disconnected a Drive");
    }
    Ok(StatusCode::NO_CONTENT)
}
