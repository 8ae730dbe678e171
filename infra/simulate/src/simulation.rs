//! The run: what happens to each job, in the order of time.

use std::time::Duration;

use jiff::Timestamp;
use packshot_domain::{
    late::OnLate,
    poll,
    queue::{self, MOST_COUNTED, Place},
};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use crate::agenda::{Agenda, Moment};
use crate::arrivals;
use crate::gemini::{BatchTimes, Gemini};
use crate::job::{Batch, Job, JobNumber};
use crate::measures::Measures;
use crate::options::Options;
use crate::overtaking::Queue;
use crate::report::Report;
use crate::tasks::Task;

/// Uploaded photos are used for this long, then uploaded again
/// (`FILES_FRESH_FOR` in `functions/src/workflow/provider_photos.rs`).
const FILES_FRESH_FOR: Moment = 12 * 3600 * 1000;

/// What happens to the job of a number. A later variant comes after an earlier one that was planned at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// It is accepted and its execution starts.
    Arrives(JobNumber),
    /// It is planned.
    Planned(JobNumber),
    /// Its files are at Gemini: it asks for a batch.
    Asks(JobNumber),
    /// Its wait for a place is over: submit-batch runs again.
    WaitEnds(JobNumber),
    /// Gemini has done its batch.
    BatchEnds(JobNumber),
    /// Its wait for the batch is over: poll-batch runs.
    Looks(JobNumber),
    /// Its images are stored.
    Collected(JobNumber),
    /// It is marked as failed.
    Failed(JobNumber),
}

/// Runs a load until its last job has ended.
pub(crate) fn run(options: &Options, jobs_a_day: u32) -> Report {
    let mut simulation = Simulation::new(options, jobs_a_day);
    while let Some((now, event)) = simulation.agenda.next() {
        simulation.happens(now, event);
    }
    Report::of(options, jobs_a_day, simulation.measures)
}

/// How many batches run on the mean of the days on which jobs arrive.
#[cfg(test)]
pub(crate) fn mean_batches(options: &Options, jobs_a_day: u32) -> f64 {
    let mut simulation = Simulation::new(options, jobs_a_day);
    while let Some((now, event)) = simulation.agenda.next() {
        simulation.happens(now, event);
    }
    let days = Duration::from_hours(24) * options.days;
    Duration::from_millis(simulation.measures.batch_milliseconds).as_secs_f64() / days.as_secs_f64()
}

struct Simulation<'a> {
    options: &'a Options,
    chance: Xoshiro256PlusPlus,
    agenda: Agenda<Event>,
    jobs: Vec<Job>,
    gemini: Gemini,
    batch_times: BatchTimes,
    queue: Queue,
    measures: Measures,
}

impl<'a> Simulation<'a> {
    fn new(options: &'a Options, jobs_a_day: u32) -> Self {
        // A generator with a name, so that a seed means the same day with every version of the crate.
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(options.seed);
        let arrivals = arrivals::of(options, jobs_a_day, &mut chance);
        let mut agenda = Agenda::new();
        let mut jobs = Vec::with_capacity(arrivals.len());
        for (number, at) in (0..).zip(arrivals) {
            agenda.plan(at, Event::Arrives(number));
            jobs.push(Job::new(at, patience(at, options.deadline())));
        }
        Self {
            options,
            chance,
            agenda,
            gemini: Gemini::new(options),
            batch_times: BatchTimes::new(options),
            queue: Queue::new(jobs.len()),
            measures: Measures::default(),
            jobs,
        }
    }

    fn happens(&mut self, now: Moment, event: Event) {
        match event {
            Event::Arrives(job) => self.arrive(job, now),
            Event::Planned(job) | Event::WaitEnds(job) => self.submit(job, now),
            Event::Asks(job) => self.ask(job, now, now),
            Event::BatchEnds(job) => {
                if matches!(self.job(job).batch, Batch::Running(_)) {
                    self.measures.batch_runs(now, self.gemini.running, -1);
                    self.gemini.end_batch();
                    self.job(job).batch = Batch::Done;
                }
            }
            Event::Looks(job) => self.look(job, now),
            Event::Collected(job) => self.end(job, now, false),
            Event::Failed(job) => self.end(job, now, true),
        }
    }

    fn job(&mut self, number: JobNumber) -> &mut Job {
        &mut self.jobs[number as usize]
    }

    /// Runs a function; the answer is when it is done.
    fn invoke(&mut self, task: Task, now: Moment) -> Moment {
        let time = task.draw_time(self.options.task_time, &mut self.chance);
        self.measures.invoked(task, now, time);
        now + time
    }

    fn arrive(&mut self, number: JobNumber, now: Moment) {
        self.measures.arrived(now);
        self.invoke(Task::CreateJob, now);
        let planned = self.invoke(Task::PlanStrategy, now);
        self.agenda.plan(planned, Event::Planned(number));
    }

    fn upload(&mut self, number: JobNumber, now: Moment) -> Moment {
        let uploaded = self.invoke(Task::Submit, now);
        self.job(number).uploaded_at = Some(uploaded);
        self.measures.uploaded(uploaded);
        uploaded
    }

    /// As `handle` in `functions/src/workflow/submit_batch.rs` decides.
    fn submit(&mut self, number: JobNumber, now: Moment) {
        let job = *self.job(number);
        if !self.place(number, now).may_ask(job.has_waited()) {
            let answered = self.invoke(Task::AskAgain, now);
            self.job(number).sleeps += 1;
            self.measures.slept(now);
            self.wait_for_place(number, now, answered, None);
        } else if job.uploaded_at.is_none_or(|at| now - at >= FILES_FRESH_FOR) {
            let uploaded = self.upload(number, now);
            self.agenda.plan(uploaded, Event::Asks(number));
        } else {
            let answered = self.invoke(Task::AskAgain, now);
            self.ask(number, now, answered);
        }
    }

    /// As `jobs::JobStore::place_of` finds it.
    fn place(&mut self, number: JobNumber, now: Moment) -> Place {
        let ahead = self.queue.older_than(number) as usize;
        let oldest = self.queue.oldest().map_or(number, |oldest| oldest.min(number));
        Place {
            ahead: ahead.min(MOST_COUNTED),
            oldest: self.job(oldest).age(now),
        }
    }

    /// Asks for a batch, in an invocation that ends at `answered`.
    fn ask(&mut self, number: JobNumber, now: Moment, answered: Moment) {
        let has_room = self.gemini.create_batch();
        self.measures.asked(now, has_room);
        if has_room {
            self.get_place(number, now);
        } else {
            self.job(number).refusals += 1;
            let asked = self.options.asked_wait_seconds.map(Duration::from_secs);
            self.wait_for_place(number, now, answered, asked);
        }
    }

    fn get_place(&mut self, number: JobNumber, now: Moment) {
        self.queue.leave(number);
        let older = self.queue.older_than(number);
        let (has_waited, age) = (self.job(number).has_waited(), self.job(number).age(now));
        self.measures.got_place(now, age, has_waited, older);
        self.measures.batch_runs(now, self.gemini.running - 1, 1);
        self.job(number).batch = Batch::Running(now);
        let time = self.batch_times.draw(&mut self.chance);
        self.agenda.plan(now + time, Event::BatchEnds(number));
        let wait = in_whole_seconds(poll::next_wait(Duration::ZERO));
        self.agenda.plan(now + wait, Event::Looks(number));
    }

    /// As `Patience::after` in functions/src/workflow/provider.rs decides.
    fn wait_for_place(&mut self, number: JobNumber, now: Moment, answered: Moment, asked: Option<Duration>) {
        let left = self.job(number).left_to_ask(now);
        if left.is_zero() {
            self.fail(number, answered);
            return;
        }
        self.queue.join(number);
        self.measures.queue_is(self.queue.length);
        let wait = poll::wait_at_least(self.place(number, now).next_wait(), asked).min(left);
        self.agenda
            .plan(answered + in_whole_seconds(wait), Event::WaitEnds(number));
    }

    /// As `handle` in `functions/src/workflow/poll_batch.rs` decides.
    fn look(&mut self, number: JobNumber, now: Moment) {
        let answered = self.invoke(Task::PollBatch, now);
        self.measures.looked(now);
        self.job(number).looks += 1;
        let Batch::Running(since) = self.job(number).batch else {
            let collected = self.invoke(Task::CollectImages, answered);
            self.agenda.plan(collected, Event::Collected(number));
            return;
        };
        let left = self.job(number).left(now);
        if left.is_zero() {
            self.fail(number, answered);
            return;
        }
        let wait = poll::next_wait_before(Duration::from_millis(now - since), left);
        self.agenda
            .plan(answered + in_whole_seconds(wait), Event::Looks(number));
    }

    /// fail-job cancels a batch that still runs.
    fn fail(&mut self, number: JobNumber, now: Moment) {
        self.queue.leave(number);
        let failed = self.invoke(Task::FailJob, now);
        self.agenda.plan(failed, Event::Failed(number));
    }

    fn end(&mut self, number: JobNumber, now: Moment, has_failed: bool) {
        if matches!(self.job(number).batch, Batch::Running(_)) {
            self.measures.batch_runs(now, self.gemini.running, -1);
            self.gemini.end_batch();
            self.job(number).batch = Batch::None;
        }
        self.invoke(Task::SendEmail, now);
        self.invoke(Task::DeliverWebhook, now);
        let job = *self.job(number);
        self.measures.ended(&job, now, has_failed);
    }
}

/// A wait as a task answers it: whole seconds, at least one (`Step::wait` in functions/src/workflow.rs).
fn in_whole_seconds(wait: Duration) -> Moment {
    wait.as_secs().max(1) * 1000
}

/// Until when a batch is asked for, and until when Gemini is waited for, with a job that says nothing about being late.
fn patience(created_at: Moment, deadline: Duration) -> (Moment, Moment) {
    let deadline = Moment::try_from(deadline.as_millis()).unwrap_or(Moment::MAX);
    let deadline_at = timestamp(created_at.saturating_add(deadline));
    let created_at = timestamp(created_at);
    let until = OnLate::default().waits_until(created_at, deadline_at);
    (moment(queue::asks_until(created_at, until)), moment(until))
}

fn timestamp(moment: Moment) -> Timestamp {
    i64::try_from(moment)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .unwrap_or(Timestamp::MAX)
}

fn moment(timestamp: Timestamp) -> Moment {
    Moment::try_from(timestamp.as_millisecond()).unwrap_or_default()
}
