//! What a caller has left, told with every answer.
//!
//! Header fields: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/> (draft 11).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use packshot_domain::limits::{Allowance, Consumption, WINDOW};

/// A user's limits and what they have had of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) allowance: Allowance,
    pub(super) consumption: Consumption,
}

impl Standing {
    /// Puts `RateLimit-Policy` and `RateLimit` among an answer's headers.
    pub(super) fn tell(&self, headers: &mut HeaderMap, now: Timestamp) {
        let mut put = |name, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        put("ratelimit-policy", self.policy());
        put("ratelimit", self.left(now));
    }

    fn policy(&self) -> String {
        let Allowance {
            jobs_per_minute,
            active_jobs,
            images_per_month,
            cost_per_month: _,
        } = self.allowance;
        format!(
            r#""jobs-per-minute";q={jobs_per_minute};w={}, "active-jobs";q={active_jobs};qu="concurrent-requests", "images-per-month";q={images_per_month}"#,
            WINDOW.as_secs()
        )
    }

    fn left(&self, now: Timestamp) -> String {
        let (jobs, full_in) = self.consumption.bucket(self.allowance, now);
        let (images, month_ends_in) = self.consumption.images_left(self.allowance, now);
        let active = self
            .allowance
            .active_jobs
            .saturating_sub(self.consumption.active_jobs);
        format!(
            r#""jobs-per-minute";r={jobs};t={}, "active-jobs";r={active}, "images-per-month";r={images};t={}"#,
            whole_seconds(full_in),
            whole_seconds(month_ends_in)
        )
    }
}

/// Rounded up: whoever waits so long has waited long enough.
pub(super) const fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + if duration.subsec_nanos() > 0 { 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use packshot_domain::limits::{Demand, Plan};

    use super::*;

    #[test]
    fn limits_are_told_as_the_draft_has_them() {
        let now: Timestamp = "2026-11-30T23:59:00Z".parse().expect("a moment");
        let allowance = Plan::Free.allowance();
        let consumption = Consumption::none(now).with(
            Demand {
                images: 10,
                cost: packshot_domain::money::MicroUsd(1),
            },
            allowance,
            now,
        );
        let standing = Standing {
            allowance,
            consumption: consumption.expect("within the limits"),
        };
        let mut headers = HeaderMap::new();
        standing.tell(&mut headers, now);
        assert_eq!(
            headers["ratelimit-policy"],
            r#""jobs-per-minute";q=5;w=60, "active-jobs";q=5;qu="concurrent-requests", "images-per-month";q=200"#
        );
        assert_eq!(
            headers["ratelimit"],
            r#""jobs-per-minute";r=4;t=12, "active-jobs";r=4, "images-per-month";r=190;t=60"#
        );
    }
}
