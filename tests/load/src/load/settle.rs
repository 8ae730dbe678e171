//! The moments after the last job has ended: its webhook, its mail, the end of its execution.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use packshot_tests::{receiver::Receiver, stack::Stack};

use super::{following::Following, say};

/// How long it may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long a webhook that comes twice is waited for.
const DOUBLES: Duration = Duration::from_secs(5);

/// How many executions are asked for at a time.
const AT_ONCE: usize = 16;

/// Waits until everything is quiet, but not for ever: what is missing then is found by the checks.
pub(super) async fn all(stack: &Stack, receiver: &Receiver, following: &Following) {
    let ended = following.accepted.len() - following.open().count();
    let quiet = async {
        while distinct(receiver) < ended {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        while running(stack, following).await > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, quiet).await.is_err() {
        say(format!("  It has not become quiet in {} s", PATIENCE.as_secs()));
    }
    tokio::time::sleep(DOUBLES).await;
}

/// How many webhooks have come, those that came again left out.
fn distinct(receiver: &Receiver) -> usize {
    let webhooks = receiver.received();
    let ids: BTreeSet<&[u8]> = webhooks
        .iter()
        .filter_map(|webhook| Some(webhook.headers.get("webhook-id")?.as_bytes()))
        .collect();
    ids.len()
}

/// How many executions of jobs that have ended still run.
async fn running(stack: &Stack, following: &Following) -> usize {
    let open: BTreeSet<&str> = following.open().map(|accepted| accepted.job.as_str()).collect();
    let ended = following
        .accepted
        .iter()
        .filter(|accepted| !open.contains(accepted.job.as_str()));
    let statuses = stream::iter(ended.map(|accepted| stack.workflow.status(&accepted.job)));
    let statuses = statuses.buffer_unordered(AT_ONCE);
    statuses
        .filter(|status| {
            std::future::ready(status.as_ref().is_some_and(|status| status.as_str() == "RUNNING"))
        })
        .count()
        .await
}
