//! Jobs among faults: `cargo xtask chaos`.
//!
//! Jobs are asked for while calls between the functions and AWS fail, Gemini fails, functions are killed and invoked twice,
//! and AWS is restarted. Then the weather clears, the product mends what is left, and the auditor has the last word.

mod functions;
mod jobs;
mod mending;
mod plan;
mod proxy;
mod storm;

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use packshot_domain::{limits::Allowance, money::MicroUsd};
use packshot_tests::{
    audit::{Finding, Webhook},
    receiver::Receiver,
    stack::Stack,
};
use tokio::sync::watch;

use self::{jobs::Jobs, plan::Plan, proxy::Proxy};

/// What a run can be told.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// What chance is made from: the same seed gives the same plan of faults
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many jobs are asked for
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub jobs: u32,
    /// The program that restarts AWS, and its argument
    #[arg(long, num_args = 1.., value_name = "PROGRAM", hide = true)]
    restart: Vec<PathBuf>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Faults that have happened, by what they were, with their number.
    pub faults: Vec<(String, usize)>,
    /// How many jobs ended as what.
    pub ends: Vec<(String, usize)>,
    /// How long the product took to mend everything once the weather had cleared.
    pub mended_after: Duration,
    /// What does not add up.
    pub findings: Vec<Finding>,
}

/// What the user may have: the product's own limits are not what is tried.
const ALLOWANCE: Allowance = Allowance {
    jobs_per_minute: 100_000,
    active_jobs: 100_000,
    images_per_month: 1_000_000,
    cost_per_month: MicroUsd(1_000_000_000_000),
};

/// Runs jobs among the faults of a seed.
///
/// # Panics
///
/// Where the stack cannot be reached.
pub async fn run(options: &Options, say: fn(&str)) -> Outcome {
    let plan = Plan::of(options.seed, options.jobs);
    let stack = Stack::connect_with(Some(ALLOWANCE)).await;
    let proxy = Proxy::of(&stack);
    let receiver = Receiver::start(Vec::new()).await;
    let jobs = Jobs::default();
    let (clears, weather) = watch::channel(false);

    proxy.follow(&plan.aws).await;
    stack.google.faults(plan.google.clone()).await;
    say("Asking for jobs while AWS and Gemini fail.");
    let storm = storm::rage(&plan, &stack, &jobs, &options.restart, weather, say);
    let asking = async {
        jobs.ask_for_all(&plan, &stack, &receiver.url).await;
        // Nothing more comes in, and what is under way gets its share of the faults.
        tokio::time::sleep(plan.rest).await;
        let _ = clears.send(true);
    };
    let (mut faults, ()) = tokio::join!(storm, asking);

    proxy.follow(&[]).await;
    faults.extend(proxy.counts().await);
    stack.google.faults(serde_json::json!({})).await;
    say("The weather has cleared. Waiting for the product to mend what is left.");
    let webhooks = || receiver.received().iter().map(Webhook::from).collect::<Vec<_>>();
    let mending::Mended { after, findings } = mending::wait(&stack, &jobs, &webhooks, say).await;
    Outcome {
        faults,
        ends: mending::ends(&stack).await,
        mended_after: after,
        findings,
    }
}
