//! Gemini, as it is for the run: how long its batches take, which calls it refuses, and what it was asked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use packshot_tests::stack::Stack;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Error, Options};

/// How many batches may be under way at a time
/// (<https://ai.google.dev/gemini-api/docs/rate-limits#batch-api>); the embedded Gemini keeps to it.
pub(super) const CAP: usize = 100;

/// The calls of which some are refused.
const REFUSED: [&str; 3] = ["generate_content", "create_batch", "get_batch"];

/// How long a refused caller is asked to wait.
const RETRY_DELAY: &str = "2s";

/// A batch at Gemini.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Batch {
    /// Its display name: the job's id.
    pub job: String,
    /// Its state.
    pub state: String,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When a poll found it to have ended.
    pub ended_at: Option<Timestamp>,
}

/// How often Gemini was asked for something.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Calls {
    /// The operation.
    pub operation: String,
    /// How often it was called.
    pub count: usize,
    /// How often the answer was 429 because the run ordered it so.
    pub ordered_refusals: usize,
    /// How often it was 429 because too many batches were under way.
    pub refusals_at_the_cap: usize,
    /// How often it was another failure.
    pub other_failures: usize,
}

/// The embedded Gemini, made ready for a run.
#[derive(Debug)]
pub(super) struct Provider {
    ordered: BTreeMap<String, usize>,
}

impl Provider {
    /// Sets the faults and the length of batches, and how fast the state machine's waits pass.
    pub(super) async fn prepare(stack: &Stack, options: &Options) -> Result<Self, Error> {
        set_wait_scale(stack, options.wait_scale).await?;
        let mut faults = json!({"batch": {"seconds_until_done": options.batch_seconds}});
        let mut ordered = BTreeMap::new();
        for (stream, operation) in (0..).zip(REFUSED) {
            let seed = options.seed.wrapping_mul(1_000).wrapping_add(stream);
            let list = refusals(seed, options.refusals, 40 * options.jobs);
            ordered.insert(operation.to_owned(), refusals_in(&list));
            faults[operation] = Value::Array(list);
        }
        stack.google.faults(faults).await;
        Ok(Self { ordered })
    }

    /// All batches that there are.
    pub(super) async fn batches(&self, stack: &Stack) -> Vec<Batch> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let time = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        let batches = stack.google.all_batches().await.into_iter().map(|batch| {
            let metadata = &batch["metadata"];
            Batch {
                job: text(&metadata["displayName"]),
                state: text(&metadata["state"]),
                created_at: time(&metadata["createTime"]),
                ended_at: time(&metadata["endTime"]),
            }
        });
        batches.collect()
    }

    /// How often each operation was called.
    pub(super) async fn calls(&self, stack: &Stack) -> Vec<Calls> {
        let left = stack.google.faults_left().await;
        let counts = stack.google.counts().await.into_iter();
        let calls = counts.map(|(operation, statuses)| {
            let ordered = self.ordered.get(&operation).copied().unwrap_or_default();
            let left = left[&operation].as_array().map_or(0, |list| refusals_in(list));
            let ordered_refusals = ordered.saturating_sub(left);
            let count = statuses.values().sum();
            let refusals = statuses.get(&429).copied().unwrap_or_default();
            let good: usize = statuses.range(200..300).map(|(_, count)| count).sum();
            Calls {
                operation,
                count,
                ordered_refusals,
                refusals_at_the_cap: refusals.saturating_sub(ordered_refusals),
                other_failures: count - refusals - good,
            }
        });
        calls.collect()
    }
}

/// A list of faults for at least so many calls, of which each is refused with this chance of 100. Calls take from it in the
/// order in which they come, so the same seed refuses the same calls by their number.
fn refusals(seed: u64, of_hundred: u8, calls: u32) -> Vec<Value> {
    if of_hundred == 0 {
        return Vec::new();
    }
    let mut random = StdRng::seed_from_u64(seed);
    let mut list = Vec::new();
    let mut let_through = 0u32;
    for _ in 0..calls {
        if random.random_range(0..100) >= of_hundred {
            let_through += 1;
            continue;
        }
        if let_through > 0 {
            list.push(json!({"times": let_through}));
            let_through = 0;
        }
        list.push(json!({"status": 429, "retry_delay": RETRY_DELAY}));
    }
    list
}

fn refusals_in(faults: &[Value]) -> usize {
    faults.iter().filter(|fault| fault["status"] == 429).count()
}

/// Polls of batches that take half a minute would be few at AWS's pace, and never rest without any.
async fn set_wait_scale(stack: &Stack, scale: f64) -> Result<(), Error> {
    let failed = |source| Error::Http {
        what: "MiniStack's settings",
        source,
    };
    let client = reqwest::Client::builder()
        .timeout(packshot_tests::PATIENCE)
        .no_proxy()
        .build()
        .map_err(failed)?;
    client
        .post(format!("{}/_ministack/config", stack.aws_endpoint()))
        .json(&json!({"stepfunctions._SFN_WAIT_SCALE": scale}))
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map(drop)
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_refuses_the_same_calls_in_the_wanted_proportion() {
        let list = refusals(7, 5, 10_000);
        assert_eq!(list, refusals(7, 5, 10_000));
        assert_ne!(list, refusals(8, 5, 10_000));
        let refused = refusals_in(&list);
        assert!((400..600).contains(&refused), "{refused}");
        assert_eq!(refusals(7, 0, 100), Vec::<Value>::new());
    }
}
