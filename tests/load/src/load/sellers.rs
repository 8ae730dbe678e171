//! The users whose jobs they are.

use packshot_domain::{id::UserId, limits::Allowance, money::MicroUsd};
use packshot_tests::{api::Api, stack::Stack};

/// What each may have: so much that the product's own limits are not what is measured.
const ALLOWANCE: Allowance = Allowance {
    jobs_per_minute: 100_000,
    active_jobs: 100_000,
    images_per_month: 1_000_000,
    cost_per_month: MicroUsd(1_000_000_000_000),
};

/// How many jobs each has, more or less: few enough for one page of the API's list.
const JOBS_EACH: u32 = 25;

/// The fewest and the most.
const LEAST: u32 = 4;
const MOST: u32 = 40;

/// A user with a key.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    /// Its id.
    pub id: UserId,
    /// Its address.
    pub email: String,
    /// The API with its key.
    pub api: Api,
}

/// Makes the users for so many jobs.
pub(super) async fn make(stack: &Stack, jobs: u32) -> Vec<Seller> {
    let count = (jobs / JOBS_EACH).clamp(LEAST, MOST);
    let mut sellers = Vec::new();
    for _ in 0..count {
        let (user, api) = stack.another_user(Some(ALLOWANCE)).await;
        sellers.push(Seller {
            id: user.id,
            email: user.email,
            api,
        });
    }
    sellers
}
