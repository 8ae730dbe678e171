//! Deadlines: until when a job's images are to be there, and what happens if they are not.

use jiff::{SignedDuration, Timestamp};

use crate::money::MicroUsd;

/// The shortest time that a caller may give a job: a batch of ten images takes some minutes at its fastest.
pub const SHORTEST: SignedDuration = SignedDuration::from_mins(10);

/// The longest: Gemini gives a batch up after 48 hours (<https://ai.google.dev/gemini-api/docs/batch-api>).
pub const LONGEST: SignedDuration = SignedDuration::from_hours(48);

/// How long images are made one by one after the deadline, at most.
pub const FALLBACK: SignedDuration = SignedDuration::from_hours(2);

/// What happens to a job whose batch is not done at its deadline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OnLate {
    /// It goes on waiting, for as long as Gemini keeps the batch.
    Wait,
    /// It fails, and the batch is stopped.
    #[default]
    Fail,
    /// The batch is stopped, and the images are made one by one at the interactive price.
    Fallback,
}

impl OnLate {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Wait, Self::Fail, Self::Fallback];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Fail => "fail",
            Self::Fallback => "fallback",
        }
    }

    /// The choice with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == name)
    }

    /// Until when the batch of a job with this deadline is waited for.
    pub fn waits_until(self, created_at: Timestamp, deadline_at: Timestamp) -> Timestamp {
        match self {
            Self::Wait => created_at
                .saturating_add(LONGEST)
                .map_or(deadline_at, |longest| longest.max(deadline_at)),
            Self::Fail | Self::Fallback => deadline_at,
        }
    }

    /// What is set aside of its owner's money for a job that is expected to cost `estimated`. A fallback may pay the batch
    /// and, at twice its price, the images again.
    pub fn reserve(self, estimated: MicroUsd, max_cost: Option<MicroUsd>) -> MicroUsd {
        match self {
            Self::Wait | Self::Fail => estimated,
            Self::Fallback => {
                let most = estimated.times(3);
                max_cost.map_or(most, |max_cost| most.min(max_cost))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_want_to_wait_longer_than_their_deadline_do() {
        let created: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a moment");
        let deadline = created + SignedDuration::from_hours(1);
        let until = |on_late: OnLate| on_late.waits_until(created, deadline);
        assert_eq!(until(OnLate::Fail), deadline);
        assert_eq!(until(OnLate::Fallback), deadline);
        assert_eq!(until(OnLate::Wait), created + LONGEST);
    }

    #[test]
    fn a_fallback_sets_its_own_price_aside_but_no_more_than_its_owner_wants_to_pay() {
        let reserve = |on_late: OnLate, most| on_late.reserve(MicroUsd(100), most);
        assert_eq!(reserve(OnLate::Fail, None), MicroUsd(100));
        assert_eq!(reserve(OnLate::Fallback, None), MicroUsd(300));
        assert_eq!(reserve(OnLate::Fallback, Some(MicroUsd(150))), MicroUsd(150));
    }

    #[test]
    fn every_choice_has_one_name() {
        for choice in OnLate::ALL {
            assert_eq!(OnLate::parse(choice.as_str()), Some(choice));
        }
    }
}
