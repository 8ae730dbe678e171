//! What is counted while a load runs.

use std::time::Duration;

use crate::agenda::Moment;
use crate::history::History;
use crate::job::Job;
use crate::tasks::Task;

/// The resolution of what runs at once, in milliseconds.
const TICK: Moment = 100;

/// Uploaded files are kept for 48 hours (<https://ai.google.dev/gemini-api/docs/files>), which is so many minutes.
const FILES_KEPT: usize = 48 * 60;

/// A count for each stretch of time.
#[derive(Debug, Default)]
pub(crate) struct Track(Vec<i64>);

impl Track {
    fn add(&mut self, place: usize, count: i64) {
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] += count;
    }

    /// The most in one stretch.
    pub(crate) fn most(&self) -> i64 {
        self.0.iter().copied().max().unwrap_or(0)
    }

    /// The sum.
    pub(crate) fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// The most that there is at once, where what begins is counted up and what ends is counted down.
    pub(crate) fn most_at_once(&self) -> i64 {
        self.0
            .iter()
            .scan(0, |at_once, change| {
                *at_once += change;
                Some(*at_once)
            })
            .max()
            .unwrap_or(0)
    }

    /// The most in so many stretches that follow each other.
    pub(crate) fn most_within(&self, stretches: usize) -> i64 {
        let mut within = 0;
        let mut most = 0;
        for (place, count) in self.0.iter().enumerate() {
            within += count;
            if place >= stretches {
                within -= self.0[place - stretches];
            }
            most = most.max(within);
        }
        most
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub(crate) struct Measures {
    /// By the second.
    pub(crate) starts: Track,
    /// By the second.
    pub(crate) transitions: Track,
    /// By the second.
    pub(crate) asks: Track,
    /// By the second.
    pub(crate) looks: Track,
    /// By the second.
    pub(crate) places: Track,
    /// By the minute.
    pub(crate) files: Track,
    /// By the tick.
    pub(crate) functions: Track,
    /// How often functions ran.
    pub(crate) invocations: u64,
    /// How long, times their memory.
    pub(crate) gigabyte_seconds: f64,
    /// Executions that run.
    open: u32,
    /// The most of them.
    pub(crate) most_open: u32,
    /// The most jobs that wait for a place.
    pub(crate) longest_queue: u32,
    /// The most batches at once.
    pub(crate) most_batches: u32,
    /// All times of all batches, in milliseconds.
    pub(crate) batch_milliseconds: u64,
    batches_changed_at: Moment,
    /// From acceptance to the place, in milliseconds, of those that got one.
    pub(crate) place_waits: Vec<Moment>,
    /// Places that were taken while an older job waited.
    pub(crate) overtaking: u64,
    /// How many older jobs all of them overtook.
    pub(crate) overtaken: u64,
    /// Jobs that got a batch and had to wait for it.
    pub(crate) waited: u64,
    /// From acceptance to the end, in milliseconds, of completed jobs.
    pub(crate) times: Vec<Moment>,
    /// Jobs that failed at their deadline.
    pub(crate) failed: u64,
    /// Looks of each job that ended.
    pub(crate) looks_of_jobs: Vec<u32>,
    /// Refusals of each job that ended.
    pub(crate) refusals_of_jobs: Vec<u32>,
    /// Sleeps of each job that ended.
    pub(crate) sleeps_of_jobs: Vec<u32>,
    /// What each execution took.
    pub(crate) histories: Vec<History>,
    /// When the last job ended.
    pub(crate) ended_at: Moment,
}

impl Measures {
    pub(crate) fn arrived(&mut self, now: Moment) {
        self.starts.add(second(now), 1);
        // Up to the first ask.
        self.transitions.add(second(now), 5);
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
    }

    pub(crate) fn invoked(&mut self, task: Task, now: Moment, time: Moment) {
        let tick = |moment: Moment| usize::try_from(moment / TICK).unwrap_or(usize::MAX);
        self.functions.add(tick(now), 1);
        self.functions.add(tick(now + time) + 1, -1);
        self.invocations += 1;
        self.gigabyte_seconds += Duration::from_millis(time).as_secs_f64() * task.gigabytes();
    }

    pub(crate) fn uploaded(&mut self, now: Moment) {
        let minute = second(now) / 60;
        self.files.add(minute, 1);
        self.files.add(minute + FILES_KEPT, -1);
    }

    pub(crate) fn asked(&mut self, now: Moment, has_room: bool) {
        self.asks.add(second(now), 1);
        if !has_room {
            self.transitions.add(second(now), 3);
        }
    }

    /// A job looked at its place in the queue and did not ask.
    pub(crate) fn slept(&mut self, now: Moment) {
        self.transitions.add(second(now), 3);
    }

    pub(crate) fn looked(&mut self, now: Moment) {
        self.looks.add(second(now), 1);
        self.transitions.add(second(now), 3);
    }

    pub(crate) fn got_place(&mut self, now: Moment, age: Duration, has_waited: bool, older: u32) {
        self.places.add(second(now), 1);
        self.place_waits
            .push(Moment::try_from(age.as_millis()).unwrap_or(Moment::MAX));
        self.waited += u64::from(has_waited);
        self.overtaking += u64::from(older > 0);
        self.overtaken += u64::from(older);
    }

    pub(crate) fn queue_is(&mut self, length: u32) {
        self.longest_queue = self.longest_queue.max(length);
    }

    /// One batch more or less, where so many ran before.
    pub(crate) fn batch_runs(&mut self, now: Moment, before: u32, change: i32) {
        self.batch_milliseconds += u64::from(before) * (now - self.batches_changed_at);
        self.batches_changed_at = now;
        self.most_batches = self.most_batches.max(before.saturating_add_signed(change));
    }

    pub(crate) fn ended(&mut self, job: &Job, now: Moment, has_failed: bool) {
        self.open -= 1;
        self.transitions.add(second(now), 6);
        if has_failed {
            self.failed += 1;
        } else {
            self.times.push(now - job.created_at);
        }
        self.looks_of_jobs.push(job.looks);
        self.refusals_of_jobs.push(job.refusals);
        self.sleeps_of_jobs.push(job.sleeps);
        self.histories.push(History::of(job.turns(), has_failed));
        self.ended_at = now;
    }
}

fn second(moment: Moment) -> usize {
    usize::try_from(moment / 1000).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(counts: &[i64]) -> Track {
        Track(counts.to_vec())
    }

    #[test]
    fn what_begins_and_ends_is_counted_while_it_lasts() {
        let mut track = Track::default();
        for (begins, ends) in [(0, 5), (2, 4), (3, 4), (6, 7)] {
            track.add(begins, 1);
            track.add(ends, -1);
        }
        assert_eq!(track.most_at_once(), 3);
        assert_eq!(track.total(), 0);
    }

    #[test]
    fn a_window_slides() {
        assert_eq!(track(&[1, 0, 4, 3, 0, 6]).most_within(2), 7);
        assert_eq!(track(&[1, 0, 4, 3, 0, 6]).most_within(3), 9);
        assert_eq!(track(&[]).most_within(3), 0);
    }
}
