//! What can happen that is told by webhook, and which of it a receiver wants to hear.

use crate::job::{RetryOutcome, Status};

/// The type of the event that only tries an address out. No filter names it, because nobody waits for it.
pub const TEST_EVENT: &str = "webhook.test";

/// Something that happens and is told by webhook. The list is closed: programs may switch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// A job has ended with at least one image.
    JobCompleted,
    /// A job has ended without an image.
    JobFailed,
    /// Its owner has stopped a job.
    JobCanceled,
    /// An image that was asked for again is there.
    ImageCompleted,
    /// An image that was asked for again could not be made.
    ImageFailed,
}

impl EventType {
    /// Every type, in the order in which they are listed to people.
    pub const ALL: [Self; 5] = [
        Self::JobCompleted,
        Self::JobFailed,
        Self::JobCanceled,
        Self::ImageCompleted,
        Self::ImageFailed,
    ];

    /// The stable name that receivers switch on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::JobCanceled => "job.canceled",
            Self::ImageCompleted => "image.completed",
            Self::ImageFailed => "image.failed",
        }
    }

    /// The type with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|event_type| event_type.as_str() == name)
    }

    /// The event that a retry's coming to this is; `None` for one that is not over.
    pub const fn end_of_retry(outcome: &RetryOutcome) -> Option<Self> {
        match outcome {
            RetryOutcome::Pending => None,
            RetryOutcome::Ready => Some(Self::ImageCompleted),
            RetryOutcome::Failed { .. } => Some(Self::ImageFailed),
        }
    }

    /// The event that a job's reaching this status is; `None` for a status that is not an end.
    pub const fn end_of_job(status: Status) -> Option<Self> {
        match status {
            Status::Completed => Some(Self::JobCompleted),
            Status::Failed => Some(Self::JobFailed),
            Status::Canceled => Some(Self::JobCanceled),
            Status::Queued | Status::Strategy | Status::BatchSubmitted | Status::Generating => None,
        }
    }
}

/// Which events a receiver wants.
///
/// One that was not told wants every type, those included that are yet to be invented: that is not the same as a list of
/// all types of today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    only: Option<Vec<EventType>>,
}

impl EventFilter {
    /// Only these types, each counted once.
    pub fn only(types: impl IntoIterator<Item = EventType>) -> Self {
        let mut types: Vec<EventType> = types.into_iter().collect();
        types.sort_unstable();
        types.dedup();
        Self { only: Some(types) }
    }

    /// Whether the receiver wants events of this type.
    pub fn includes(&self, event_type: EventType) -> bool {
        self.named().is_none_or(|types| types.contains(&event_type))
    }

    /// The types that were named; `None` where every type is wanted.
    pub fn named(&self) -> Option<&[EventType]> {
        self.only.as_deref()
    }

    /// The types that are wanted, as of today.
    pub fn types(&self) -> &[EventType] {
        self.named().unwrap_or(&EventType::ALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_types() {
        for event_type in EventType::ALL {
            assert_eq!(EventType::parse(event_type.as_str()), Some(event_type));
        }
        assert_eq!(EventType::parse(TEST_EVENT), None);
        assert_eq!(EventType::parse("job.*"), None);
    }

    #[test]
    fn exactly_the_ends_of_jobs_are_events() {
        for status in Status::ALL {
            assert_eq!(
                EventType::end_of_job(status).is_some(),
                status.is_terminal(),
                "{}",
                status.as_str()
            );
        }
    }

    #[test]
    fn a_filter_that_names_nothing_lets_everything_through() {
        assert!(
            EventType::ALL
                .into_iter()
                .all(|one| EventFilter::default().includes(one))
        );
        let failures = EventFilter::only([EventType::JobFailed, EventType::JobFailed]);
        assert_eq!(failures.named(), Some(&[EventType::JobFailed][..]));
        assert!(failures.includes(EventType::JobFailed) && !failures.includes(EventType::JobCompleted));
    }
}
