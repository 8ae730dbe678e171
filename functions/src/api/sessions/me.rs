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

use super::State;
use crate::api::{NO_STORE, caller::Owner, problem::ApiError};

/// A person, to themselves.
#[derive(Debug, Serialize)]
struct UserView {
    id: String,
    object: &'static str,
    email: String,
    plan: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    limits: LimitsView,
}

#[derive(Debug, Serialize)]
struct LimitsView {
    jobs_per_minute: LimitView<u32>,
    active_jobs: LimitView<u32>,
    images_per_month: LimitView<u32>,
    usd_per_month: LimitView<String>,
}

/// A limit and what is left of it.
#[derive(Debug, Serialize)]
struct LimitView<T> {
    limit: T,
    left: T,
    /// When all of it is there again; jobs at a time come back when jobs end.
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
            usd_per_month: LimitView {
                limit: allowance.cost_per_month.to_string(),
                left: consumption.cost_left(allowance, now).to_string(),
                full_at: after(month_ends_in),
            },
        }
    }
}

pub(super) async fn show(
    RouterState(state): RouterState<Arc<State>>,
    Owner(caller): Owner,
) -> Result<Response, ApiError> {
    let found = state.accounts.with_consumption(caller.user).await?;
    let (user, consumption) = found.ok_or_else(|| caller.account_is_gone())?;
    let view = UserView::of(&user, &consumption, clock::now());
    Ok(([NO_STORE], Json(view)).into_response())
}
