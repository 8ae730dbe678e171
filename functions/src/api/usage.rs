//! `GET …/usage`: what was used, per day and key.

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::{
    Json, Router,
    extract::{Query, State as RouterState},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use packshot_clients::{
    clock,
    config::Missing,
    usage::{DayOfUsage, Usage},
};
use packshot_domain::request::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    caller::{Doors, Reader},
    problem::ApiError,
    routes::{self, Serve},
};

/// How many days are shown where the request does not say.
const DEFAULT_DAYS: i64 = 30;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    usage: Usage,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            doors: Doors::from_env(config)?,
            usage: Usage::new(super::table(config)?),
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new().serve(&routes::SHOW_USAGE, show);
    super::serve(routes.with_state(Arc::new(state)), doors)
}

#[utoipa::path(
    get,
    path = "/api/v1/usage",
    operation_id = "show_usage",
    tag = "Usage",
    description = "Shows what was used, per day and key, oldest first.",
    params(("since" = Option<String>, Query, description = "The first day; 30 days ago where it is not said.", format = Date)),
    responses((status = 200, description = "Days of usage.", body = UsageList))
)]
pub(super) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Reader(caller): Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let since = since(&query).map_err(|error| ApiError::invalid_fields(vec![error]))?;
    let days = state.usage.days(caller.user, since).await?;
    Ok(Json(UsageList::of(days)).into_response())
}

/// The first day that is asked for.
pub(super) fn since(query: &[(String, String)]) -> Result<Date, FieldError> {
    let today = clock::now().to_zoned(TimeZone::UTC).date();
    let mut since = today.saturating_sub((DEFAULT_DAYS - 1).days());
    for (name, value) in query {
        if name != "since" {
            return Err(FieldError::new(
                name.as_str(),
                "unknown_field",
                "is not a parameter of this request",
            ));
        }
        since = value
            .parse()
            .map_err(|_| FieldError::new("since", "invalid_date", "must be a day, such as 2026-11-01"))?;
    }
    Ok(since)
}

/// Days of usage, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsageList {
    /// Always `list`.
    #[schema(value_type = String, example = "list")]
    object: &'static str,
    data: Vec<DayView>,
}

/// One key's day. Requests and jobs count on the day they come in; images and their cost on the day their job ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DayOfUsage)]
struct DayView {
    /// The day, in UTC.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// `null` for what was done on the page.
    #[schema(required = true)]
    key_id: Option<String>,
    requests: u64,
    jobs: u64,
    images: u64,
    cost_usd: String,
}

impl UsageList {
    pub(super) fn of(days: impl IntoIterator<Item = DayOfUsage>) -> Self {
        let view = |day: DayOfUsage| DayView {
            day: day.day,
            key_id: day.key.map(|key| key.to_string()),
            requests: day.requests,
            jobs: day.jobs,
            images: day.images,
            cost_usd: day.cost.to_string(),
        };
        Self {
            object: "list",
            data: days.into_iter().map(view).collect(),
        }
    }
}
