//! `GET /api/drive/picker`: what Google's Picker in the page needs
//! (<https://developers.google.com/workspace/drive/picker/guides/web-picker>).

use std::sync::Arc;

use axum::{
    Json,
    extract::State as RouterState,
    response::{IntoResponse, Response},
};
use packshot_domain::drive::DriveScope;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use crate::api::{
    NO_STORE,
    caller::Owner,
    problem::{ApiError, Document},
};

/// What the Picker is set up with.
#[derive(Serialize, ToSchema)]
#[schema(as = DrivePicker)]
struct PickerView<'a> {
    /// Always `drive_picker`.
    #[schema(value_type = String, example = "drive_picker")]
    object: &'static str,
    /// Opens what the person has picked before, and nothing else of theirs.
    #[schema(value_type = String)]
    access_token: &'a str,
    /// The browser key, which Google holds to our address.
    #[schema(value_type = String)]
    developer_key: &'a str,
    /// The number of our project at Google, without which what is picked is not ours to read.
    app_id: String,
}

/// The token is handed out only where it opens no more than picked files.
#[utoipa::path(
    get,
    path = "/api/drive/picker",
    operation_id = "show_drive_picker",
    tag = "Drive",
    summary = "Show drive picker",
    description = "What Google's Picker is set up with, where photos are picked with it.",
    responses(
        (status = 200, description = "Its settings.", body = PickerView),
        (status = 409, description = "No Drive is connected, it has to be connected again, or photos are chosen from folders.",
            body = Document, content_type = "application/problem+json"),
    )
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    if state.scope != DriveScope::File {
        return Err(ApiError::picker_not_used());
    }
    let grants = state.drives.grants();
    let token = grants.access_token(caller.user).await?;
    let client = grants.client_id().await?;
    let view = PickerView {
        object: "drive_picker",
        access_token: token.reveal(),
        developer_key: &state.picker_key,
        app_id: project_number(&client).to_owned(),
    };
    Ok(([NO_STORE], Json(view)).into_response())
}

/// Ids of Google's clients begin with the number of their project.
fn project_number(client_id: &str) -> &str {
    client_id.split(['-', '.']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_in_the_client_s_id() {
        for (client, project) in [
            ("123456789012-abcdef.apps.googleusercontent.com", "123456789012"),
            ("123456789012.apps.googleusercontent.com", "123456789012"),
        ] {
            assert_eq!(project_number(client), project);
        }
    }
}
