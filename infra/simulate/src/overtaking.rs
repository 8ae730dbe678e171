//! Who waits, in the order of arrival: a job's place, and how many older jobs one overtakes that gets a batch.

use crate::job::JobNumber;

/// The jobs that wait, as a Fenwick tree over the order of arrival.
#[derive(Debug)]
pub(crate) struct Queue {
    tree: Vec<u32>,
    waiting: Vec<bool>,
    /// How many wait.
    pub(crate) length: u32,
}

impl Queue {
    /// Nobody of so many.
    pub(crate) fn new(jobs: usize) -> Self {
        Self {
            tree: vec![0; jobs + 1],
            waiting: vec![false; jobs],
            length: 0,
        }
    }

    /// A job waits from now on; nothing changes where it does already.
    pub(crate) fn join(&mut self, job: JobNumber) {
        if !self.waiting[job as usize] {
            self.waiting[job as usize] = true;
            self.length += 1;
            self.note(job, true);
        }
    }

    /// A job does not wait any more.
    pub(crate) fn leave(&mut self, job: JobNumber) {
        if self.waiting[job as usize] {
            self.waiting[job as usize] = false;
            self.length -= 1;
            self.note(job, false);
        }
    }

    /// How many jobs wait that arrived before this one.
    pub(crate) fn older_than(&self, job: JobNumber) -> u32 {
        let mut place = job as usize;
        let mut older = 0;
        while place > 0 {
            older += self.tree[place];
            place &= place - 1;
        }
        older
    }

    /// The one that arrived first of those that wait.
    pub(crate) fn oldest(&self) -> Option<JobNumber> {
        let mut place = 0;
        let mut step = self.tree.len().next_power_of_two();
        while step > 0 {
            // Nobody waits up to here, so that the first one is behind it.
            if self.tree.get(place + step) == Some(&0) {
                place += step;
            }
            step /= 2;
        }
        (self.length > 0).then(|| JobNumber::try_from(place).unwrap_or(JobNumber::MAX))
    }

    fn note(&mut self, job: JobNumber, joins: bool) {
        let mut place = job as usize + 1;
        while let Some(count) = self.tree.get_mut(place) {
            *count = if joins { *count + 1 } else { *count - 1 };
            place += place & place.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_wait_and_came_before_are_overtaken() {
        let mut queue = Queue::new(10);
        for job in [1, 4, 4, 7] {
            queue.join(job);
        }
        assert_eq!(queue.length, 3);
        assert_eq!([0, 1, 2, 5, 9].map(|job| queue.older_than(job)), [0, 0, 1, 2, 3]);
        assert_eq!(queue.oldest(), Some(1));
        queue.leave(1);
        assert_eq!(queue.oldest(), Some(4));
        queue.join(1);
        queue.leave(4);
        queue.leave(5);
        assert_eq!([5, 9].map(|job| queue.older_than(job)), [1, 2]);
        queue.leave(1);
        queue.leave(7);
        assert_eq!(queue.oldest(), None);
    }
}
