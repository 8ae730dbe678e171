//! The requests, sent by Goose (<https://book.goose.rs>): each of its users is a seller with a key.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use goose::{config::GooseConfiguration, prelude::*};
use packshot_tests::{pictures, stack::Stack};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::{Value, json};

use super::{
    Error, Options,
    following::no_answer,
    ledger::{Ledger, Repeat},
    sellers::Seller,
};

/// Where jobs are started.
const PATH: &str = "/api/v1/generate";

/// Each request whose number divides by this is sent once more after it was accepted.
const REPEATED: u32 = 10;

/// How often a request is sent before it is given up.
const TRIES: u32 = 12;

/// The names by which Goose counts.
pub(super) const FIRST: &str = "start a job";
pub(super) const AGAIN: &str = "the same request once more";

/// What is left to do for one seller, as the data of a Goose user's session.
#[derive(Debug, Clone)]
struct Shift {
    seller: usize,
    key: String,
    numbers: VecDeque<u32>,
}

/// What all sellers share.
#[derive(Debug)]
struct Work {
    shifts: Mutex<VecDeque<Shift>>,
    ledger: Arc<Ledger>,
    images: u8,
    photo: String,
    callback_url: String,
}

/// An answer.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

/// Sends all requests, and answers with what Goose has measured.
pub(super) async fn send(
    options: &Options,
    stack: &Stack,
    sellers: &[Seller],
    callback_url: &str,
    ledger: &Arc<Ledger>,
) -> Result<GooseMetrics, Error> {
    let work = Arc::new(Work {
        shifts: Mutex::new(shifts(options.jobs, sellers)),
        ledger: Arc::clone(ledger),
        images: options.images,
        photo: pictures::data_url(&pictures::cup_png()),
        callback_url: callback_url.to_owned(),
    });
    let most = work.lock().iter().map(|shift| shift.numbers.len()).max();
    let configuration = configuration(options, stack, sellers.len(), most.unwrap_or(0));
    let scenario = Scenario::new("sellers")
        .register_transaction(begin(&work).set_on_start())
        .register_transaction(start_jobs(&work));
    let attack = GooseAttack::initialize_with_config(configuration)
        .map(|attack| attack.register_scenario(scenario))
        .map_err(Box::new)
        .map_err(Error::Goose)?;
    attack
        .execute()
        .await
        .map_err(|error| Error::Goose(Box::new(error)))
}

/// Deals the jobs out.
fn shifts(jobs: u32, sellers: &[Seller]) -> VecDeque<Shift> {
    let dealt = sellers.iter().enumerate().map(|(index, seller)| {
        let numbers = (0..jobs).filter(|number| *number as usize % sellers.len() == index);
        Shift {
            seller: index,
            key: seller.api.key().to_owned(),
            numbers: numbers.collect(),
        }
    });
    dealt.collect()
}

fn configuration(options: &Options, stack: &Stack, users: usize, iterations: usize) -> GooseConfiguration {
    let mut configuration = GooseConfiguration::default();
    configuration.host = Some(stack.base_url().to_owned());
    configuration.users = Some(users);
    // All at once: the throttle alone sets the pace.
    configuration.increase_rate = Some("1000".to_owned());
    configuration.iterations = Some(iterations);
    configuration.throttle_requests = Some(options.rate as usize);
    configuration.no_print_metrics = true;
    configuration.quiet = 1;
    configuration
}

/// Goose's user takes the place of a seller.
fn begin(work: &Arc<Work>) -> Transaction {
    let work = Arc::clone(work);
    let function: TransactionFunction = Arc::new(move |user| {
        let shift = work.lock().pop_front();
        Box::pin(async move {
            let shift = shift.ok_or_else(|| custom("there are more users than sellers"))?;
            user.set_session_data(shift);
            Ok(())
        })
    });
    Transaction::new(function).set_name("take a seller's place")
}

/// One job is started.
fn start_jobs(work: &Arc<Work>) -> Transaction {
    let work = Arc::clone(work);
    let function: TransactionFunction = Arc::new(move |user| {
        let work = Arc::clone(&work);
        Box::pin(async move { work.start_next(user).await })
    });
    Transaction::new(function).set_name(FIRST)
}

impl Work {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Shift>> {
        self.shifts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn start_next(&self, user: &mut GooseUser) -> TransactionResult {
        let shift = user
            .get_session_data_mut::<Shift>()
            .ok_or_else(|| custom("the user has no seller's place"))?;
        let Some(number) = shift.numbers.pop_front() else {
            // Some sellers have one job fewer than the others.
            return Ok(());
        };
        let (seller, key) = (shift.seller, shift.key.clone());
        let request = Request {
            work: self,
            idempotency_key: format!("load-{number}"),
            body: self.body(number),
            key,
        };
        let Some(answer) = request.until_accepted(user, FIRST).await? else {
            return Ok(());
        };
        let idempotency_key = request.idempotency_key.clone();
        self.ledger.accepted(job_of(&answer), idempotency_key, seller);
        if number.is_multiple_of(REPEATED)
            && let Some(answer) = request.until_accepted(user, AGAIN).await?
        {
            self.ledger.repeated(Repeat {
                key: request.idempotency_key,
                job: job_of(&answer),
                is_marked: answer
                    .headers
                    .get("idempotent-replayed")
                    .is_some_and(|value| value == "true"),
            });
        }
        Ok(())
    }

    fn body(&self, number: u32) -> Value {
        json!({
            "images": [self.photo],
            "count": self.images,
            "callback_url": self.callback_url,
            "metadata": {"number": number.to_string()},
        })
    }
}

/// A request, which may have to be sent several times.
struct Request<'a> {
    work: &'a Work,
    idempotency_key: String,
    body: Value,
    key: String,
}

impl Request<'_> {
    /// Sends it until it is accepted, as the guide tells developers to: after 429 and 503 once the time that the answer
    /// names has passed, after other failures of the server or the network a little later, each time with the same key.
    async fn until_accepted(
        &self,
        user: &mut GooseUser,
        name: &str,
    ) -> Result<Option<Answer>, Box<TransactionError>> {
        let mut last = String::new();
        for attempt in 1..=TRIES {
            let (why, wait) = match self.send(user, name).await? {
                Ok(answer) if answer.status == 202 => return Ok(Some(answer)),
                Ok(answer) if matches!(answer.status, 429 | 503) => {
                    (format!("status {}", answer.status), retry_after(&answer.headers))
                }
                Ok(answer) if answer.status >= 500 => (format!("status {}", answer.status), None),
                Ok(answer) => {
                    self.given_up(&format!("status {}: {}", answer.status, answer.body));
                    return Ok(None);
                }
                Err(error) => (error, None),
            };
            self.work.ledger.sent_again(&why);
            last = why;
            tokio::time::sleep(wait.unwrap_or(Duration::from_secs(u64::from(attempt)))).await;
        }
        self.given_up(&format!("{TRIES} tries, the last: {last}"));
        Ok(None)
    }

    fn given_up(&self, why: &str) {
        self.work.ledger.given_up(format!(
            "the request {} was given up: {why}",
            self.idempotency_key
        ));
    }

    /// Sends it once. The outer error is Goose's and ends the transaction; the inner one is the network's.
    async fn send(
        &self,
        user: &mut GooseUser,
        name: &str,
    ) -> Result<Result<Answer, String>, Box<TransactionError>> {
        let builder = user
            .get_request_builder(&GooseMethod::Post, PATH)?
            .header("x-api-key", &self.key)
            .header("idempotency-key", &self.idempotency_key)
            .json(&self.body);
        let request = GooseRequest::builder()
            .method(GooseMethod::Post)
            .path(PATH)
            .name(name)
            .expect_status_code(202)
            .set_request_builder(builder)
            .build();
        let response = match user.request(request).await?.response {
            Ok(response) => response,
            Err(error) => return Ok(Err(no_answer(error))),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = |bytes: &[u8]| Answer {
            status,
            headers,
            // Not every gateway on the way answers in JSON.
            body: serde_json::from_slice(bytes).unwrap_or_default(),
        };
        Ok(match response.bytes().await {
            Ok(bytes) => Ok(answer(&bytes)),
            Err(error) => Err(no_answer(error)),
        })
    }
}

fn job_of(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap_or_default().to_owned()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn custom(words: &str) -> TransactionError {
    TransactionError::Custom(words.to_owned())
}
