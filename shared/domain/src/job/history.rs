//! When a job entered its statuses. A job never goes back, so it enters each of them once at most.

use jiff::Timestamp;

use super::{Job, Status};

/// A job has entered a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// Which.
    pub status: Status,
    /// When.
    pub at: Timestamp,
}

/// The history of a job that was accepted at this moment.
pub(super) fn at_first(created_at: Timestamp) -> Vec<Entered> {
    vec![Entered {
        status: Status::Queued,
        at: created_at,
    }]
}

impl Job {
    /// Notes the status that the job has now, unless it had it before. Moments never go back, although the clocks of two
    /// functions may differ.
    pub(super) fn note_status(&mut self, now: Timestamp) {
        let last = self.history.last().copied();
        if last.is_some_and(|last| last.status == self.status) {
            return;
        }
        self.history.push(Entered {
            status: self.status,
            at: last.map_or(now, |last| last.at.max(now)),
        });
    }

    /// What is known of the history of a job that was written before histories were kept: its beginning, when Gemini took its
    /// batch, and its end.
    #[must_use]
    pub fn known_history(&self) -> Vec<Entered> {
        let mut history = at_first(self.created_at);
        let batch = self.round.batch.as_ref();
        history.extend(batch.map(|batch| Entered {
            status: Status::BatchSubmitted,
            at: batch.submitted_at,
        }));
        let end = self.finished_at.filter(|_| self.status.is_terminal());
        history.extend(end.map(|at| Entered {
            status: self.status,
            at,
        }));
        history
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{moment, submitted},
        *,
    };
    use crate::job::JobEvent;

    fn told(history: &[Entered]) -> Vec<(&'static str, Timestamp)> {
        let entered = history.iter();
        entered
            .map(|entered| (entered.status.as_str(), entered.at))
            .collect()
    }

    #[test]
    fn a_job_remembers_when_it_entered_each_status() {
        let job = submitted();
        let canceled = job.apply(JobEvent::Canceled, moment(30)).expect("applies");
        assert_eq!(
            told(&canceled.history),
            [
                ("queued", moment(0)),
                ("strategy", moment(1)),
                ("batch_submitted", moment(5)),
                ("canceled", moment(30)),
            ]
        );
    }

    #[test]
    fn a_clock_that_is_behind_does_not_turn_time_back() {
        let canceled = submitted().apply(JobEvent::Canceled, moment(2)).expect("applies");
        assert_eq!(told(&canceled.history).last(), Some(&("canceled", moment(5))));
    }

    #[test]
    fn of_older_jobs_something_is_known() {
        let job = submitted();
        let beginning = [("queued", moment(0)), ("batch_submitted", moment(5))];
        assert_eq!(told(&job.known_history()), beginning);
        let canceled = job.apply(JobEvent::Canceled, moment(30)).expect("applies");
        assert_eq!(told(&canceled.known_history())[..2], beginning);
        assert_eq!(told(&canceled.known_history())[2..], [("canceled", moment(30))]);
    }
}
