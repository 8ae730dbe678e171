//! Jobs' rows, written and edited behind the product's back, so that a test can begin in the middle of a job's life.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use jiff::Timestamp;
use packshot_clients::{
    bucket::{self, Bucket},
    jobs::JobStore,
    table::Table,
};
use packshot_domain::{
    id::{JobId, UserId},
    job::{Job, NewJob, PhotoSource},
};

use crate::{ended_jobs, pictures};

/// A row as it is in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(HashMap<String, AttributeValue>);

/// The rows of one user's jobs.
#[derive(Debug)]
pub struct Rows {
    client: Client,
    table: String,
    store: JobStore,
    bucket: Bucket,
    owner: UserId,
}

impl Rows {
    pub(crate) fn new(config: &SdkConfig, outputs: &BTreeMap<String, String>, owner: UserId) -> Self {
        let table = outputs["TableName"].clone();
        Self {
            client: Client::new(config),
            store: JobStore::new(Table::new(config, table.clone())),
            bucket: Bucket::new(config, outputs["ImagesBucket"].clone()),
            table,
            owner,
        }
    }

    /// Writes the row of a new job of this many images, with its photo in the bucket, and starts nothing.
    pub async fn create(&self, count: u8) -> Job {
        self.create_with(count, |_| ()).await
    }

    /// Does the same for a job about which something is different.
    pub async fn create_with(&self, count: u8, change: impl FnOnce(&mut NewJob)) -> Job {
        let mut new = ended_jobs::new_job(self.owner, count);
        new.deadline_at = new.created_at + Duration::from_hours(24);
        for photo in &new.photos {
            let PhotoSource::Upload(id) = photo else { continue };
            let key = bucket::upload_key(self.owner, *id);
            self.bucket
                .put(&key, "image/png", pictures::cup_png().into())
                .await
                .expect("the photo is put");
        }
        change(&mut new);
        let job = Job::from(new);
        self.store.create(&job).await.expect("the row is written");
        job
    }

    /// Writes the row of a job of this age that waits for room at Gemini, and starts nothing.
    pub async fn create_waiting(&self, age: Duration) -> Job {
        let mut new = ended_jobs::new_job(self.owner, 1);
        new.created_at -= age;
        let mut job = Job::from(new);
        job.waiting_since = Some(job.created_at);
        self.store.create(&job).await.expect("the row is written");
        job
    }

    /// A job's row as it is now.
    pub async fn read(&self, job: JobId) -> Row {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true);
        let reply = read
            .set_key(Some(self.key(job)))
            .send()
            .await
            .expect("the row is read");
        Row(reply.item.expect("the row is there"))
    }

    /// Puts a row back as it was, as if whoever changed it since had died before.
    pub async fn restore(&self, row: &Row) {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(row.0.clone()));
        put.send().await.expect("the row is put back");
    }

    /// Sets an instant in a job's row, for what would take hours to come by itself.
    pub async fn set_time(&self, job: JobId, attribute: &str, time: Timestamp) {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(self.key(job)));
        let set = update
            .update_expression("SET #attribute = :time")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":time", AttributeValue::S(time.to_string()));
        set.send().await.expect("the row is changed");
    }

    /// Removes something from a job's row, by its path.
    pub async fn unset(&self, job: JobId, path: &str) {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(self.key(job)));
        let names: Vec<&str> = path.split('.').collect();
        let placeholders: Vec<String> = (0..names.len()).map(|part| format!("#p{part}")).collect();
        let expression = format!("REMOVE {}", placeholders.join("."));
        let names = placeholders.into_iter().zip(names.into_iter().map(str::to_owned));
        let unset = update
            .update_expression(expression)
            .set_expression_attribute_names(Some(names.collect()));
        unset.send().await.expect("the row is changed");
    }

    /// Removes jobs that an earlier test has left waiting for room at Gemini: they would go first.
    pub(crate) async fn clear_queue(&self) {
        let waiting = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("unfinished")
            .key_condition_expression("active = :waiting")
            .expression_attribute_values(":waiting", AttributeValue::S("WAITING".to_owned()));
        let reply = waiting.send().await.expect("the queue is read");
        for mut item in reply.items.unwrap_or_default() {
            item.retain(|name, _| name == "pk" || name == "sk");
            let delete = self.client.delete_item().table_name(&self.table);
            let deleted = delete.set_key(Some(item)).send().await;
            deleted.expect("the row is removed");
        }
    }

    fn key(&self, job: JobId) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(format!("USER#{}", self.owner))),
            ("sk".to_owned(), AttributeValue::S(format!("JOB#{job}"))),
        ])
    }
}
