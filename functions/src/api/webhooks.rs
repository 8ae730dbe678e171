//! Webhooks as their owner manages them: what was sent, the account's endpoint, trying an address out, the secret.

pub(super) mod deliveries;
pub(super) mod endpoint;
pub(super) mod replay;
pub(super) mod secret;
pub(super) mod trial;

mod findings;

use std::sync::Arc;

use aws_config::SdkConfig;
use axum::Router;
use packshot_clients::{
    accounts::Accounts,
    config::{self, Missing, env},
    deliveries::Deliveries,
    hostile_http::HostileHttp,
    pace::Pace,
    queue::WebhookQueue,
};
use packshot_domain::address::Reach;

use super::{
    caller::Doors,
    routes::{self, Serve},
};
use crate::signed_post::ANSWER_TIME_LIMIT;

/// How many test events a user may have posted in a minute, those included that an endpoint gets when it is saved. Each is
/// a call to an address that may be somebody else's.
const TESTS_PER_MINUTE: u32 = 10;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    doors: Arc<Doors>,
    accounts: Accounts,
    deliveries: Deliveries,
    queue: WebhookQueue,
    receivers: HostileHttp,
    reach: Reach,
    tests: Pace,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let (table, reach) = (super::table(config)?, config::reach()?);
        let receivers = HostileHttp::new(reach, ANSWER_TIME_LIMIT);
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            deliveries: Deliveries::new(table.clone()),
            queue: WebhookQueue::from_env(config)?,
            receivers: receivers.map_err(|_| Missing::Value(env::ALLOW_PRIVATE_ADDRESSES))?,
            reach,
            tests: Pace::new(table, "webhook-tests", TESTS_PER_MINUTE),
        })
    }
}

/// The routes of this function.
pub fn router(state: State) -> Router {
    let doors = Arc::clone(&state.doors);
    let routes = Router::new()
        .serve(&routes::LIST_DELIVERIES, deliveries::list)
        .serve(&routes::REPLAY_FAILED_DELIVERIES, replay::replay_failed)
        .serve(&routes::SHOW_DELIVERY, deliveries::show)
        .serve(&routes::REPLAY_DELIVERY, deliveries::replay)
        .serve(&routes::SHOW_ENDPOINT, endpoint::show)
        .serve(&routes::SAVE_ENDPOINT, endpoint::save)
        .serve(&routes::REMOVE_ENDPOINT, endpoint::remove)
        .serve(&routes::TEST_WEBHOOK, trial::send)
        .serve(&routes::SHOW_SECRET, secret::show)
        .serve(&routes::ROTATE_SECRET, secret::rotate);
    super::serve(routes.with_state(Arc::new(state)), doors)
}
