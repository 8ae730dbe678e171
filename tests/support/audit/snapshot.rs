//! What the auditor reads: everything that there is of some users and their jobs at one moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sfn::types::ExecutionStatus;
use futures_util::{StreamExt, stream};
use packshot_clients::{
    accounts::Accounts,
    usage::{DayOfUsage, Usage},
};
use packshot_domain::{
    id::{JobId, UserId},
    job::Job,
    limits::Consumption,
};
use serde_json::Value;

use super::Accepted;
use crate::{receiver::Received, stack::Stack};

/// How many jobs are asked for at the same time.
const AT_ONCE: usize = 16;

/// A row of a user, as it is in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its sort key.
    pub sort_key: String,
    /// Its other attributes that are texts.
    pub texts: BTreeMap<String, String>,
}

impl Row {
    fn from_item(item: &HashMap<String, AttributeValue>) -> Self {
        let texts = item
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_s().ok()?.clone())));
        let mut texts: BTreeMap<String, String> = texts.collect();
        Self {
            sort_key: texts.remove("sk").unwrap_or_default(),
            texts,
        }
    }

    /// The text of this name, empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }
}

/// A batch at Gemini.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The job's id, or another name that begins with it.
    pub display_name: String,
    /// `BATCH_STATE_SUCCEEDED` and the like.
    pub state: String,
}

/// A webhook as a receiver got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The id of its event.
    pub id: String,
    /// The job that it is about.
    pub job: String,
}

impl From<&Received> for Webhook {
    fn from(received: &Received) -> Self {
        let id = received.headers.get("webhook-id");
        let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
        let job = received.json()["data"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Self {
            id: id.to_owned(),
            job,
        }
    }
}

/// Everything there is of some users and their jobs.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The rows of each user.
    pub rows: BTreeMap<UserId, Vec<Row>>,
    /// The jobs that have rows.
    pub jobs: Vec<Job>,
    /// What each user has had.
    pub consumption: BTreeMap<UserId, Consumption>,
    /// What was counted for each user, by day and key.
    pub usage: BTreeMap<UserId, Vec<DayOfUsage>>,
    /// The keys of all files in the bucket that are results, and of these users' photos.
    pub files: BTreeSet<String>,
    /// Jobs whose execution runs.
    pub running: Vec<JobId>,
    /// All batches.
    pub batches: Vec<Batch>,
    /// The texts of the mails to each address.
    pub mails: BTreeMap<String, Vec<String>>,
    /// What the receiver got.
    pub webhooks: Vec<Webhook>,
}

impl Snapshot {
    /// Reads everything that there is of these jobs and their owners.
    ///
    /// # Panics
    ///
    /// Where a part of the stack cannot be read.
    pub async fn take(stack: &Stack, accepted: &[Accepted], webhooks: &[Webhook]) -> Self {
        let mut snapshot = Self {
            webhooks: webhooks.to_vec(),
            batches: batches(stack).await,
            ..Self::default()
        };
        let owners: BTreeMap<UserId, &str> = accepted
            .iter()
            .map(|accepted| (accepted.owner, accepted.email.as_str()))
            .collect();
        snapshot.files.extend(keys(stack, "images/").await);
        for (owner, email) in owners {
            snapshot.read_user(stack, owner, email).await;
        }
        let running = stream::iter(accepted.iter().map(|accepted| running(stack, accepted.job)));
        let running: Vec<_> = running.buffer_unordered(AT_ONCE).collect().await;
        snapshot.running = running.into_iter().flatten().collect();
        snapshot
    }

    async fn read_user(&mut self, stack: &Stack, owner: UserId, email: &str) {
        let rows = rows(stack, owner).await;
        let ids = rows.iter().filter_map(|row| row.sort_key.strip_prefix("JOB#"));
        let ids: Vec<JobId> = ids.filter_map(|id| id.parse().ok()).collect();
        let jobs = stream::iter(ids).map(async |id| stack.jobs.get(owner, id).await.expect("read"));
        let jobs: Vec<_> = jobs.buffered(AT_ONCE).collect().await;
        self.jobs.extend(jobs.into_iter().flatten());
        let standing = Accounts::new(stack.table.clone()).standing(owner).await;
        if let Some((_, consumption)) = standing.expect("the user is read") {
            self.consumption.insert(owner, consumption);
        }
        let first_day = jiff::civil::Date::constant(2020, 1, 1);
        let usage = Usage::new(stack.table.clone()).days(owner, first_day).await;
        self.usage.insert(owner, usage.expect("the usage is read"));
        self.files.extend(keys(stack, &format!("uploads/{owner}/")).await);
        let mails = stack.mailbox.to(email).await;
        let texts = mails
            .iter()
            .map(|mail| mail["BodyText"].as_str().unwrap_or_default().to_owned());
        self.mails.insert(email.to_owned(), texts.collect());
        self.rows.insert(owner, rows);
    }
}

async fn running(stack: &Stack, job: JobId) -> Option<JobId> {
    let status = stack.workflow.status(&job.to_string()).await;
    (status == Some(ExecutionStatus::Running)).then_some(job)
}

async fn rows(stack: &Stack, owner: UserId) -> Vec<Row> {
    let query = aws_sdk_dynamodb::Client::new(&stack.config)
        .query()
        .table_name(stack.output("TableName"))
        .consistent_read(true)
        .key_condition_expression("pk = :owner")
        .expression_attribute_values(":owner", AttributeValue::S(format!("USER#{owner}")));
    let items: Result<Vec<_>, _> = query.into_paginator().items().send().collect().await;
    items
        .expect("the rows are read")
        .iter()
        .map(Row::from_item)
        .collect()
}

async fn keys(stack: &Stack, prefix: &str) -> Vec<String> {
    let mut pages = aws_sdk_s3::Client::new(&stack.config)
        .list_objects_v2()
        .bucket(stack.output("ImagesBucket"))
        .prefix(prefix)
        .into_paginator()
        .send();
    let mut keys = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("the bucket is listed");
        keys.extend(
            page.contents()
                .iter()
                .filter_map(|file| file.key().map(str::to_owned)),
        );
    }
    keys
}

async fn batches(stack: &Stack) -> Vec<Batch> {
    let mut batches = Vec::new();
    for listed in stack.google.all_batches().await {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut state = text(&listed["metadata"]["state"]);
        // The embedded Gemini's batches move when they are looked at, to their cancellation, too.
        if matches!(&*state, "BATCH_STATE_PENDING" | "BATCH_STATE_RUNNING") {
            let batch = stack.google.batch(&text(&listed["name"])).await;
            state = text(&batch["metadata"]["state"]);
        }
        batches.push(Batch {
            display_name: text(&listed["metadata"]["displayName"]),
            state,
        });
    }
    batches
}
