//! The jobs of a run: asked for until they are accepted, whatever happens on the way.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use packshot_domain::id::JobId;
use packshot_tests::{audit::Accepted, pictures, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

use super::plan::Plan;

/// The pause before a request is sent again. A program would wait longer; the storm does not last.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a request is sent again; no weather lasts so long.
const PATIENCE: Duration = Duration::from_mins(5);

/// The jobs that were accepted so far.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<Vec<Accepted>>);

impl Jobs {
    /// Asks for all jobs of a plan, each at its time and under a name of its own, until each is accepted.
    pub(super) async fn ask_for_all(&self, plan: &Plan, stack: &Stack, callback_url: &str) {
        let begun = Instant::now();
        let asked = plan
            .jobs
            .iter()
            .zip(1..)
            .map(async |(at, number): (&Duration, u32)| {
                tokio::time::sleep(at.saturating_sub(begun.elapsed())).await;
                let job = ask_for(stack, callback_url, number).await;
                self.lock().push(Accepted {
                    owner: stack.user.id,
                    email: stack.user.email.clone(),
                    job,
                });
            });
        join_all(asked).await;
    }

    /// Those that were accepted so far, in that order.
    pub(super) fn accepted(&self) -> Vec<Accepted> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Accepted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a program does whose requests fail: the same request under the same Idempotency-Key.
async fn ask_for(stack: &Stack, callback_url: &str, number: u32) -> JobId {
    let body = json!({
        "images": [pictures::data_url(&pictures::cup_png())],
        "count": 2,
        "callback_url": callback_url,
        "metadata": {"number": number.to_string()},
    });
    let begun = Instant::now();
    loop {
        assert!(
            begun.elapsed() < PATIENCE,
            "job {number} was not accepted within {PATIENCE:?}"
        );
        let request = stack.api.request(Method::POST, "/api/v1/generate").json(&body);
        let request = request
            .header("idempotency-key", format!("chaos-{number}"))
            .timeout(Duration::from_secs(40));
        if let Ok(answer) = request.send().await
            && answer.status() == 202
            && let Ok(job) = answer.json::<Value>().await
            && let Some(id) = job["id"].as_str().and_then(|id| id.parse().ok())
        {
            return id;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
