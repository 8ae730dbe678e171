//! How much a user may have made, counted exactly: jobs a minute, jobs at a time, images and dollars a month.
//!
//! Usage plans at the edge keep one key from flooding us, but AWS calls them best effort
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>). What costs money is
//! counted here, in a row that changes in the same transaction as the job.

pub mod bucket;

use std::time::Duration;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{id::KeyId, money::MicroUsd};

/// The time over which [`Allowance::jobs_per_minute`] counts.
pub const WINDOW: Duration = Duration::from_mins(1);

/// What a user pays for; it sets the limits, and the usage plan of new keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Plan {
    /// To try it.
    #[default]
    Free,
    /// For programs that make many jobs.
    Pro,
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 2] = [Self::Free, Self::Pro];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
        }
    }

    /// The plan with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.as_str() == name)
    }

    /// The plan's limits.
    pub const fn allowance(self) -> Allowance {
        match self {
            Self::Free => Allowance {
                jobs_per_minute: 5,
                active_jobs: 5,
                images_per_month: 200,
                cost_per_month: MicroUsd(10_000_000),
            },
            Self::Pro => Allowance {
                jobs_per_minute: 120,
                active_jobs: 100,
                images_per_month: 50_000,
                cost_per_month: MicroUsd(2_500_000_000),
            },
        }
    }
}

/// What a user may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Jobs started in any 60 seconds: so many at once, then one each 60 / n seconds.
    pub jobs_per_minute: u32,
    /// Jobs that have not ended.
    pub active_jobs: u32,
    /// Images in a calendar month of UTC.
    pub images_per_month: u32,
    /// What Gemini may charge in a calendar month of UTC.
    pub cost_per_month: MicroUsd,
}

/// What one job asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// How many images.
    pub images: u32,
    /// What Gemini is expected to charge.
    pub cost: MicroUsd,
}

/// Something that its owner's limits have counted is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// What it asked for.
    pub asked: Demand,
    /// What came of it.
    pub came: Demand,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// The key that it was asked for with; `None` for the page.
    pub key: Option<KeyId>,
}

/// What a user has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consumption {
    /// Counts the changes; a write names the version it started from. 0 before the first.
    pub version: u64,
    /// When the full number of jobs could be started at once again: the token bucket, kept as one moment.
    pub bucket_full_at: Timestamp,
    /// Jobs that have not ended.
    pub active_jobs: u32,
    /// The first day of the month that the next two are about.
    pub month: Date,
    /// Images asked for in that month, less those that did not come.
    pub images: u32,
    /// What they cost.
    pub cost: MicroUsd,
}

/// Which limit a job would go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// Too many jobs in a minute.
    JobsPerMinute {
        /// Until the next may be started.
        retry_after: Duration,
    },
    /// Too many jobs at a time.
    ActiveJobs,
    /// Too many images this month.
    ImagesPerMonth {
        /// How many are left.
        left: u32,
        /// Until the month ends.
        retry_after: Duration,
    },
    /// Too dear for this month.
    CostPerMonth {
        /// How much is left.
        left: MicroUsd,
        /// Until the month ends.
        retry_after: Duration,
    },
}

impl Consumption {
    /// Nothing yet.
    pub fn none(now: Timestamp) -> Self {
        Self {
            version: 0,
            // Long ago, not just now: the moment of the first job may have been taken a little earlier.
            bucket_full_at: Timestamp::UNIX_EPOCH,
            active_jobs: 0,
            month: month_of(now),
            images: 0,
            cost: MicroUsd::default(),
        }
    }

    /// With one job more.
    ///
    /// # Errors
    ///
    /// The first limit that it goes over, those first that end by themselves soonest.
    pub fn with(&self, demand: Demand, allowance: Allowance, now: Timestamp) -> Result<Self, Exceeded> {
        let mut next = self.in_month(month_of(now));
        next.version += 1;

        next.bucket_full_at = bucket::take(self.bucket_full_at, allowance.jobs_per_minute, now)
            .map_err(|retry_after| Exceeded::JobsPerMinute { retry_after })?;

        if next.active_jobs >= allowance.active_jobs {
            return Err(Exceeded::ActiveJobs);
        }
        next.active_jobs += 1;

        let retry_after = until_next_month(now);
        let left = allowance.images_per_month.saturating_sub(next.images);
        if demand.images > left {
            return Err(Exceeded::ImagesPerMonth { left, retry_after });
        }
        next.images += demand.images;

        let left = allowance.cost_per_month.less(next.cost);
        if demand.cost > left {
            return Err(Exceeded::CostPerMonth { left, retry_after });
        }
        next.cost = next.cost + demand.cost;
        Ok(next)
    }

    /// After something that was counted is over.
    #[must_use]
    pub fn after(&self, settlement: &Settlement) -> Self {
        let Settlement {
            asked,
            came,
            accepted_at,
            key: _,
        } = *settlement;
        let mut next = *self;
        next.version += 1;
        next.active_jobs = next.active_jobs.saturating_sub(1);
        // What was counted in a month that is over is not given back in another.
        if next.month == month_of(accepted_at) {
            next.images = next.images.saturating_sub(asked.images) + came.images;
            next.cost = next.cost.less(asked.cost) + came.cost;
        }
        next
    }

    /// How many jobs could be started at once, and in how long it is the full number again.
    pub fn bucket(&self, allowance: Allowance, now: Timestamp) -> (u32, Duration) {
        let full_in = bucket::full_in(self.bucket_full_at, now);
        let free = WINDOW.saturating_sub(full_in).as_nanos();
        let left = free / bucket::interval(allowance.jobs_per_minute).as_nanos().max(1);
        (
            u32::try_from(left).map_or(allowance.jobs_per_minute, |left| {
                left.min(allowance.jobs_per_minute)
            }),
            full_in,
        )
    }

    /// How many images are left this month, and how long it lasts.
    pub fn images_left(&self, allowance: Allowance, now: Timestamp) -> (u32, Duration) {
        let current = self.in_month(month_of(now));
        (
            allowance.images_per_month.saturating_sub(current.images),
            until_next_month(now),
        )
    }

    /// How much may still be spent this month.
    pub fn cost_left(&self, allowance: Allowance, now: Timestamp) -> MicroUsd {
        let current = self.in_month(month_of(now));
        allowance.cost_per_month.less(current.cost)
    }

    fn in_month(&self, month: Date) -> Self {
        if self.month == month {
            return *self;
        }
        Self {
            month,
            images: 0,
            cost: MicroUsd::default(),
            ..*self
        }
    }
}

/// The first day of the month, in UTC.
pub fn month_of(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date().first_of_month()
}

fn until_next_month(now: Timestamp) -> Duration {
    let next = month_of(now).saturating_add(1.month()).to_zoned(TimeZone::UTC);
    next.map_or(WINDOW, |next| {
        Duration::try_from(next.timestamp().duration_since(now)).unwrap_or(WINDOW)
    })
}

#[cfg(test)]
mod tests;
