//! The jobs on their way, as the API's lists tell of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use futures_util::future;
use jiff::Timestamp;
use packshot_tests::{api::Api, audit};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::{
    Options,
    ledger::{Accepted, Ledger},
    say,
    sellers::Seller,
};

/// How often it is counted where the jobs are.
const TICK: Duration = Duration::from_secs(1);

/// How many sellers' lists are read in a tick: their reading is not to be the load.
const LISTS_A_TICK: usize = 2;

/// How often a list is asked for after the end.
const LAST_TRIES: usize = 5;

/// How long a list may take; it is read again in a later tick.
const LIST_TIMEOUT: Duration = Duration::from_secs(30);

/// A line is printed once in so many ticks.
const TICKS_A_LINE: usize = 10;

/// The statuses in which a job is over.
pub(super) const ENDS: [&str; 3] = ["completed", "failed", "canceled"];

/// A job as its seller's list had it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    /// Its status.
    pub status: String,
    /// When it was accepted.
    pub created_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How many of its images are there.
    pub ready_images: usize,
    /// How many it was to have.
    pub images: usize,
    /// Why it failed.
    pub error: Option<String>,
}

impl View {
    fn of(job: &Value) -> Self {
        let time = |name: &str| job[name].as_str().and_then(|text| text.parse().ok());
        let images = job["images"].as_array().cloned().unwrap_or_default();
        Self {
            status: job["status"].as_str().unwrap_or_default().to_owned(),
            created_at: time("created_at"),
            finished_at: time("finished_at"),
            ready_images: images.iter().filter(|image| image["status"] == "ready").count(),
            images: images.len(),
            error: job["error"]["code"].as_str().map(str::to_owned),
        }
    }

    /// Whether it is over.
    pub(super) fn has_ended(&self) -> bool {
        ENDS.contains(&self.status.as_str())
    }

    /// How long it took.
    pub(super) fn took(&self) -> Option<Duration> {
        Duration::try_from(self.finished_at?.duration_since(self.created_at?)).ok()
    }
}

/// Where the jobs were at one moment.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Tick {
    /// Seconds since the beginning.
    pub at: f64,
    /// How many jobs were in each status.
    pub statuses: BTreeMap<String, usize>,
}

/// The jobs on their way.
#[derive(Debug)]
pub(super) struct Following {
    apis: Vec<Api>,
    wanted: usize,
    begun: Instant,
    limit: Duration,
    /// The accepted jobs, in order.
    pub accepted: Vec<Accepted>,
    /// Each job as it was seen last.
    pub views: BTreeMap<String, View>,
    /// Where they were, a tick each.
    pub ticks: Vec<Tick>,
    /// Lists that were not answered with 200, by what came instead.
    pub failed_lists: BTreeMap<String, usize>,
}

impl Following {
    /// Begins to follow the jobs of these sellers.
    pub(super) fn new(sellers: &[Seller], options: &Options, begun: Instant) -> Self {
        Self {
            apis: sellers.iter().map(|seller| seller.api.clone()).collect(),
            wanted: options.jobs as usize,
            begun,
            limit: options.limit(),
            accepted: Vec::new(),
            views: BTreeMap::new(),
            ticks: Vec::new(),
            failed_lists: BTreeMap::new(),
        }
    }

    /// Follows the jobs until all that were accepted have ended, or the time is over.
    pub(super) async fn until_all_have_ended(mut self, ledger: &Ledger) -> Self {
        let mut clock = tokio::time::interval(TICK);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for number in 0.. {
            clock.tick().await;
            let is_closed = ledger.is_closed();
            self.accepted.extend(ledger.accepted_after(self.accepted.len()));
            self.read(number).await;
            self.count();
            let is_over = is_closed && self.open().next().is_none();
            if is_over || number % TICKS_A_LINE == 0 {
                say(self.line());
            }
            if is_over {
                // Once more, all of them: a seller without open jobs is not read, and may have one that nobody was told of.
                self.read_all().await;
                return self;
            }
            if self.begun.elapsed() > self.limit && is_closed {
                say(format!("  The time of {} s is over", self.limit.as_secs()));
                self.read_all().await;
                return self;
            }
        }
        self
    }

    /// The accepted jobs that have not been seen to have ended.
    pub(super) fn open(&self) -> impl Iterator<Item = &Accepted> {
        let has_ended = |job: &str| self.views.get(job).is_some_and(View::has_ended);
        self.accepted
            .iter()
            .filter(move |accepted| !has_ended(&accepted.job))
    }

    /// The accepted jobs, as the auditor wants them.
    pub(super) fn accepted_by(&self, sellers: &[Seller]) -> Vec<audit::Accepted> {
        let accepted = self.accepted.iter().filter_map(|accepted| {
            let seller = &sellers[accepted.seller];
            Some(audit::Accepted {
                owner: seller.id,
                email: seller.email.clone(),
                job: accepted.job.parse().ok()?,
            })
        });
        accepted.collect()
    }

    /// Reads the lists whose turn it is.
    async fn read(&mut self, number: usize) {
        let open: BTreeSet<usize> = self.open().map(|accepted| accepted.seller).collect();
        let round = self.apis.len().div_ceil(LISTS_A_TICK);
        let turn = open.into_iter().filter(|seller| seller % round == number % round);
        self.read_of(turn.collect()).await;
    }

    /// Reads the lists of all sellers, a few at a time, those that fail once more.
    async fn read_all(&mut self) {
        let mut left: Vec<usize> = (0..self.apis.len()).collect();
        for _ in 0..LAST_TRIES {
            let mut failed = Vec::new();
            for sellers in left.chunks(LISTS_A_TICK) {
                failed.extend(self.read_of(sellers.to_vec()).await);
            }
            left = failed;
        }
    }

    /// Reads these sellers' lists, and answers with those that could not be read.
    async fn read_of(&mut self, sellers: Vec<usize>) -> Vec<usize> {
        let apis = sellers.iter().map(|seller| self.apis[*seller].clone());
        let lists = apis.map(|api| async move { list(&api).await });
        let mut failed = Vec::new();
        for (seller, page) in sellers.iter().zip(future::join_all(lists).await) {
            match page {
                Ok(jobs) => self.views.extend(jobs),
                Err(words) => {
                    *self.failed_lists.entry(words).or_default() += 1;
                    failed.push(*seller);
                }
            }
        }
        failed
    }

    fn count(&mut self) {
        let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
        for accepted in &self.accepted {
            let view = self.views.get(&accepted.job);
            let status = view.map_or("queued", |view| view.status.as_str());
            *statuses.entry(status.to_owned()).or_default() += 1;
        }
        self.ticks.push(Tick {
            at: self.begun.elapsed().as_secs_f64(),
            statuses,
        });
    }

    fn line(&self) -> String {
        let statuses = self.ticks.last().map(|tick| tick.statuses.iter());
        let statuses = statuses.into_iter().flatten();
        let words: Vec<String> = statuses
            .map(|(status, count)| format!("{count} {status}"))
            .collect();
        format!(
            "  {:>5} s  {} of {} accepted: {}",
            self.begun.elapsed().as_secs(),
            self.accepted.len(),
            self.wanted,
            words.join(", ")
        )
    }
}

/// All jobs of a seller; the error says what came instead.
async fn list(api: &Api) -> Result<Vec<(String, View)>, String> {
    let mut jobs = Vec::new();
    let mut after = String::new();
    loop {
        let request = api.request(Method::GET, &format!("/api/v1/jobs?limit=100{after}"));
        let response = request.timeout(LIST_TIMEOUT).send().await.map_err(no_answer)?;
        if response.status() != StatusCode::OK {
            return Err(format!("status {}", response.status().as_u16()));
        }
        let body: Value = response.json().await.map_err(no_answer)?;
        let page = body["data"].as_array().cloned().unwrap_or_default();
        let id = |job: &Value| job["id"].as_str().unwrap_or_default().to_owned();
        jobs.extend(page.iter().map(|job| (id(job), View::of(job))));
        let last = page.last().map(id);
        match (body["has_more"] == true, last) {
            (true, Some(last)) => after = format!("&starting_after={last}"),
            _ => return Ok(jobs),
        }
    }
}

/// Why there was no answer.
pub(super) fn no_answer(error: reqwest::Error) -> String {
    let why = if error.is_timeout() {
        "in time".to_owned()
    } else {
        format!("({})", error.without_url())
    };
    format!("no answer {why}")
}
