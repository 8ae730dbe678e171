//! What users have had of what they may have, as a row.

use jiff::{Timestamp, civil::Date};
use packshot_domain::{id::UserId, limits::Consumption, money::MicroUsd};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    error::AwsError,
    table::{Condition, Key, Table, Write},
};

#[derive(Debug, Serialize, Deserialize)]
struct ConsumptionItem {
    schema: u8,
    version: u64,
    bucket_full_at: Timestamp,
    active_jobs: u32,
    month: Date,
    images: u32,
    micro_usd: u64,
}

impl From<&Consumption> for ConsumptionItem {
    fn from(consumption: &Consumption) -> Self {
        Self {
            schema: 1,
            version: consumption.version,
            bucket_full_at: consumption.bucket_full_at,
            active_jobs: consumption.active_jobs,
            month: consumption.month,
            images: consumption.images,
            micro_usd: consumption.cost.0,
        }
    }
}

impl From<ConsumptionItem> for Consumption {
    fn from(item: ConsumptionItem) -> Self {
        Self {
            version: item.version,
            bucket_full_at: item.bucket_full_at,
            active_jobs: item.active_jobs,
            month: item.month,
            images: item.images,
            cost: MicroUsd(item.micro_usd),
        }
    }
}

/// A user's consumption as it is at this moment.
pub(crate) async fn get(table: &Table, user: UserId) -> Result<Consumption, AwsError> {
    let item: Option<ConsumptionItem> = table.get(&Key::consumption(user)).await?;
    Ok(item.map_or_else(|| Consumption::none(clock::now()), Consumption::from))
}

/// The write of `next`, which was made from the version before it.
pub(crate) fn write(table: &Table, user: UserId, next: &Consumption) -> Result<Write, AwsError> {
    table.write(
        &Key::consumption(user),
        &ConsumptionItem::from(next),
        &Condition::at(next.version.saturating_sub(1)),
    )
}
