//! The list of a user's jobs.

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::{
    id::{JobId, UserId},
    job::{Job, Search, Status},
};

use super::{JobStore, item::JobItem, job};
use crate::{
    error::AwsError,
    table::{self, Item, Key},
};

/// How many rows are read at once where only some of them are wanted.
const READ_TO_FILTER: usize = 100;

/// How many rows are read for one page where only some of them are wanted: about 15 MB at most, and some seconds. The page
/// after it goes on from there.
const MOST_READ: usize = 1000;

/// Which of a user's jobs are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Those of these statuses; of any where there are none.
    pub statuses: &'a [Status],
    /// Those in which these words are.
    pub search: Option<&'a Search>,
}

impl Wanted<'_> {
    const fn is_everything(self) -> bool {
        self.statuses.is_empty() && self.search.is_none()
    }

    fn includes(self, job: &Job) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&job.status))
            && self.search.is_none_or(|search| search.finds(job))
    }
}

/// Some of a user's jobs, newest first.
#[derive(Debug)]
pub struct Page {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Whether there are older ones, or may be where not all were looked at.
    pub has_more: bool,
    /// The job that was looked at last, where looking ended before there were as many jobs as asked for.
    pub looked_until: Option<JobId>,
}

impl JobStore {
    /// The jobs of a user that are wanted, newest first, from the one after `after`.
    pub async fn list(
        &self,
        owner: UserId,
        limit: usize,
        after: Option<JobId>,
        wanted: Wanted<'_>,
    ) -> Result<Page, AwsError> {
        let action = || format!("listing the jobs of {owner}");
        let mut jobs = Vec::new();
        let mut start = after.map(|after| start_key(&Key::job(owner, after)));
        let mut read = 0;
        // One more than asked for tells whether there is more; a reply holds at most 1 MB, hence the loop.
        while jobs.len() <= limit && (wanted.is_everything() || read < MOST_READ) {
            let at_once = if wanted.is_everything() {
                limit + 1 - jobs.len()
            } else {
                READ_TO_FILTER.min(MOST_READ - read)
            };
            let reply = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                .key_condition_expression("pk = :user AND begins_with(sk, :jobs)")
                .expression_attribute_values(":user", AttributeValue::S(format!("USER#{owner}")))
                .expression_attribute_values(":jobs", AttributeValue::S(Key::JOBS.to_owned()))
                .scan_index_forward(false)
                .limit(i32::try_from(at_once).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start.take())
                .send()
                .await
                .map_err(|error| AwsError::new(action(), error))?;
            for item in reply.items.unwrap_or_default() {
                read += 1;
                let item: JobItem = table::decode(item, action)?;
                if item.is_deleted() {
                    continue;
                }
                let job = job(item, "a listed job")?;
                if wanted.includes(&job) {
                    jobs.push(job);
                }
            }
            start = reply.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        let looked_until = start.filter(|_| jobs.len() <= limit);
        let has_more = jobs.len() > limit || looked_until.is_some();
        jobs.truncate(limit);
        Ok(Page {
            jobs,
            has_more,
            looked_until: looked_until.as_ref().and_then(job_of),
        })
    }
}

fn start_key(key: &Key) -> Item {
    Item::from([
        ("pk".to_owned(), AttributeValue::S(key.pk.clone())),
        ("sk".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

/// The job that a row or its key is of.
pub(super) fn job_of(key: &Item) -> Option<JobId> {
    key.get("sk")?.as_s().ok()?.strip_prefix(Key::JOBS)?.parse().ok()
}
