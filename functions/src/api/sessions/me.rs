//! `GET /api/me`: the person who is signed in.

use std::sync::Arc;

use axum::{
    Json,
    extract::State as RouterState,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use packshot_clients::clock;
use packshot_domain::{
    id,
    limits::{Allowance, Consumption},
    user::User,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use crate::{
    api::{NO_STORE, caller::Owner, problem::ApiError},
    named_schemas::plan,
};

/// A person, to themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
struct UserView {
    /// Your id.
    id: String,
    /// Always `user`.
    #[schema(value_type = String, example = "user")]
    object: &'static str,
    /// Where mails about your jobs go.
    email: String,
    /// The plan, whose limits hold.
    #[schema(schema_with = plan)]
    plan: &'static str,
    /// When you signed in first.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    limits: LimitsView,
}

/// What the plan allows, and what is left of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
struct LimitsView {
    /// Jobs that may begin within a minute.
    jobs_per_minute: LimitView,
    /// Jobs at a time.
    active_jobs: LimitView,
    /// Images in a month.
    images_per_month: LimitView,
    /// Dollars in a month.
    usd_per_month: SpendingLimitView,
}

/// A limit and what is left of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limit)]
struct LimitView {
    /// The most.
    limit: u32,
    /// What is left of it.
    left: u32,
    /// When all of it is there again; jobs at a time come back when jobs end.
    #[serde(skip_serializing_if = "Option::is_none")]
    full_at: Option<Timestamp>,
}

/// A limit of money, in US dollars, and what is left of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpendingLimit)]
struct SpendingLimitView {
    /// The most.
    #[schema(example = "10.000000")]
    limit: String,
    /// What is left of it.
    #[schema(example = "9.796750")]
    left: String,
    /// When all of it is there again.
    #[serde(skip_serializing_if = "Option::is_none")]
    full_at: Option<Timestamp>,
}

impl UserView {
    fn of(user: &User, consumption: &Consumption, now: Timestamp) -> Self {
        Self {
            id: user.id.to_string(),
            object: "user",
            email: user.email.clone(),
            plan: user.plan.as_str(),
            created_at: id::made_at(&user.id),
            limits: LimitsView::of(user.allowance(), consumption, now),
        }
    }
}

impl LimitsView {
    fn of(allowance: Allowance, consumption: &Consumption, now: Timestamp) -> Self {
        let after = |wait| now.saturating_add(wait).ok();
        let (jobs_left, full_in) = consumption.bucket(allowance, now);
        let (images_left, month_ends_in) = consumption.images_left(allowance, now);
        Self {
            jobs_per_minute: LimitView {
                limit: allowance.jobs_per_minute,
                left: jobs_left,
                full_at: after(full_in),
            },
            active_jobs: LimitView {
                limit: allowance.active_jobs,
                left: allowance.active_jobs.saturating_sub(consumption.active_jobs),
                full_at: None,
            },
            images_per_month: LimitView {
                limit: allowance.images_per_month,
                left: images_left,
                full_at: after(month_ends_in),
            },
            usd_per_month: SpendingLimitView {
                limit: allowance.cost_per_month.to_string(),
                left: consumption.cost_left(allowance, now).to_string(),
                full_at: after(month_ends_in),
            },
        }
    }
}

#[utoipa::path(
    get,
    path = "/api/me",
    operation_id = "show_me",
    tag = "Account",
    description = "Shows who is signed in, with the plan and what is left of its limits.",
    responses((status = 200, description = "You.", body = UserView))
)]
pub(in crate::api) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let found = state.accounts.with_consumption(caller.user).await?;
    let (user, consumption) = found.ok_or_else(|| caller.account_is_gone())?;
    let view = UserView::of(&user, &consumption, clock::now());
    Ok(([NO_STORE], Json(view)).into_response())
}
