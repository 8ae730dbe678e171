//! reconcile-keys: no key stays half issued or half ended.
//!
//! A key lives in the table and at API Gateway, and a request that changes both may end in between. Once an hour the keys
//! that have something left to do are brought to where they belong; so are those whose time is up.

use aws_config::SdkConfig;
use packshot_clients::{
    config::{self, Missing, env},
    error::Chain,
    keys::{ApiKeys, KeyIssuer},
    table::Table,
};
use serde::Serialize;
use serde_json::Value;
use tracing::{error, info};

use crate::runtime::TaskError;

/// What this function may use.
#[derive(Debug)]
pub struct State {
    keys: ApiKeys,
    issuer: KeyIssuer,
}

impl State {
    /// The state that the environment describes.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = Table::new(config, config::require(env::TABLE_NAME)?);
        Ok(Self {
            keys: ApiKeys::new(table.clone()),
            issuer: KeyIssuer::new(config, table),
        })
    }
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Keys looked at.
    looked_at: usize,
    /// Keys that something was done about.
    mended: usize,
}

/// Looks at every key that may have something left to do, whatever the event says.
pub async fn handle(state: &State, _: Value) -> Result<Reconciled, TaskError> {
    let keys = state.keys.unfinished().await?;
    let mut reconciled = Reconciled {
        looked_at: keys.len(),
        mended: 0,
    };
    for (owner, id) in keys {
        // One key that cannot be mended must not keep the others from it.
        match state.issuer.repair(owner, id).await {
            Ok(mended) => reconciled.mended += usize::from(mended),
            Err(error) => error!(key.id = %id, error = %Chain(&error), "Could not reconcile {id}"),
        }
    }
    info!(reconciled.looked_at, reconciled.mended, "Reconciled keys");
    Ok(reconciled)
}
