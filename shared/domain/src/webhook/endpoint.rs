//! The one receiver of an account: what it wants, how it fares, and when it is given up.

use jiff::Timestamp;
use url::Url;

use super::{Check, EventFilter, EventType};
use crate::{job::Job, user::User};

/// The receiver of every job that names none of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where events go.
    pub url: Url,
    /// Which events.
    pub events: EventFilter,
    /// When its owner first set it.
    pub created_at: Timestamp,
    /// Since when and why nothing goes there any more.
    pub disabled: Option<Disabled>,
    /// The first failed attempt since something last arrived.
    pub failing_since: Option<Timestamp>,
    /// What was found when its address was saved.
    pub check: Option<Check>,
}

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disabled {
    /// Why.
    pub reason: DisabledReason,
    /// Since when.
    pub at: Timestamp,
}

/// The reasons for which an endpoint is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisabledReason {
    /// An event was tried for two days, and nothing else arrived in that time.
    Failing,
    /// It answered 410.
    Gone,
}

impl DisabledReason {
    /// Every reason.
    pub const ALL: [Self; 2] = [Self::Failing, Self::Gone];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// The reason with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// What an attempt to deliver to an endpoint came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Arrived,
    /// It failed and will be tried again, or failed for a reason that more attempts would not change.
    Failed,
    /// The last attempt failed, of a schedule whose first one was at `first_attempt_at`.
    Exhausted {
        /// When the schedule began.
        first_attempt_at: Timestamp,
    },
    /// The answer was 410.
    Gone,
}

impl Endpoint {
    /// What becomes of the endpoint by an attempt that began at `at`; `None` where nothing changes, which is the
    /// rule.
    pub fn after(&self, outcome: Outcome, at: Timestamp) -> Option<Self> {
        let mut next = self.clone();
        match outcome {
            Outcome::Arrived => next.failing_since = None,
            Outcome::Failed | Outcome::Exhausted { .. } | Outcome::Gone => {
                next.failing_since.get_or_insert(at);
            }
        }
        let reason = match outcome {
            Outcome::Gone => Some(DisabledReason::Gone),
            Outcome::Exhausted { first_attempt_at } if next.has_failed_since(first_attempt_at) => {
                Some(DisabledReason::Failing)
            }
            _ => None,
        };
        if let Some(reason) = reason {
            next.disabled.get_or_insert(Disabled { reason, at });
        }
        (next != *self).then_some(next)
    }

    /// Whether nothing has arrived since this moment, at which an attempt failed.
    pub fn has_failed_since(&self, moment: Timestamp) -> bool {
        self.failing_since.is_some_and(|since| since <= moment)
    }
}

/// Who is told of an event of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver<'a> {
    /// The address that the job's request named.
    Callback(&'a Url),
    /// The account's endpoint. It may be disabled: then the event is kept until it no longer is.
    Endpoint(&'a Endpoint),
}

/// The receiver of an event: the job's own where it has one, else the account's. `None` where there is neither, or
/// where the one there is does not want such events.
pub fn receiver<'a>(job: &'a Job, user: &'a User, event_type: EventType) -> Option<Receiver<'a>> {
    match (&job.callback_url, &user.webhook_endpoint) {
        (Some(url), _) => job
            .callback_events
            .includes(event_type)
            .then_some(Receiver::Callback(url)),
        (None, Some(endpoint)) => endpoint
            .events
            .includes(event_type)
            .then_some(Receiver::Endpoint(endpoint)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + minute * 60).expect("a moment")
    }

    fn endpoint() -> Endpoint {
        Endpoint {
            url: "https://shop.example/hook".parse().expect("a URL"),
            events: EventFilter::default(),
            created_at: at(0),
            disabled: None,
            failing_since: None,
            check: None,
        }
    }

    fn exhausted(first_attempt: i64) -> Outcome {
        Outcome::Exhausted {
            first_attempt_at: at(first_attempt),
        }
    }

    #[test]
    fn an_endpoint_that_works_is_not_written() {
        assert_eq!(endpoint().after(Outcome::Arrived, at(1)), None);
    }

    #[test]
    fn the_first_failure_counts_until_something_arrives() {
        let failing = endpoint().after(Outcome::Failed, at(1)).expect("changed");
        assert_eq!(failing.failing_since, Some(at(1)));
        assert_eq!(failing.after(Outcome::Failed, at(2)), None);
        let well = failing.after(Outcome::Arrived, at(3)).expect("changed");
        assert_eq!(well, endpoint());
    }

    #[test]
    fn it_is_given_up_where_nothing_arrived_during_a_whole_schedule() {
        let failing = endpoint().after(Outcome::Failed, at(1)).expect("changed");
        let given_up = failing.after(exhausted(1), at(9)).expect("changed");
        let expected = Disabled {
            reason: DisabledReason::Failing,
            at: at(9),
        };
        assert_eq!(given_up.disabled, Some(expected));
        // A schedule that ends later changes nothing any more.
        assert_eq!(given_up.after(exhausted(2), at(10)), None);
    }

    #[test]
    fn it_is_kept_where_another_event_arrived_meanwhile() {
        let failing = endpoint().after(Outcome::Failed, at(1)).expect("changed");
        let well = failing.after(Outcome::Arrived, at(2)).expect("changed");
        let failing_again = well.after(Outcome::Failed, at(3)).expect("changed");
        assert_eq!(failing_again.after(exhausted(1), at(9)), None);
    }

    #[test]
    fn it_is_given_up_at_once_where_it_says_so() {
        let gone = endpoint().after(Outcome::Gone, at(1)).expect("changed");
        assert_eq!(
            gone.disabled.map(|disabled| disabled.reason),
            Some(DisabledReason::Gone)
        );
    }
}
