//! One job from the request to the webhook: how many calls, state transitions and writes it takes, and what AWS asks for them.
//!
//! The functions are the released ones. The order of the tasks is that of `statemachine.asl.json`, which is followed state by
//! state. What answers as AWS is [`crate::aws`], so that nothing but the job itself is counted.

mod prices;
mod receiver;
mod state_machine;

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use self::prices::Bill;
use self::receiver::Receiver;
use self::state_machine::StateMachine;
use crate::archives::Functions;
use crate::aws::Aws;
use crate::collect::Gemini;
use crate::error::Error;
use crate::events;
use crate::function::{Running, Surroundings};
use crate::job_row;
use crate::table::{Table, time};
use crate::units::Units;

/// The hash of the sample events' key.
const KEY_HASH: &str = "07ed20979f56c631272f0b36eda5d7173ca68e63e6cabc02a53a8bc9a9c02430";

/// What one function did for the job.
#[derive(Debug, Default, Serialize)]
struct Part {
    invocations: u64,
    seconds: f64,
    memory_megabytes: u64,
    aws_calls: BTreeMap<String, u64>,
    table_writes: u64,
    table_write_units: u64,
    table_read_units: u64,
}

/// What the whole job did.
#[derive(Debug, Serialize)]
pub(crate) struct Job {
    functions: BTreeMap<String, Part>,
    transitions: u64,
    polls: u64,
    bill: Bill,
}

/// The functions at work on one job.
struct Workers<'a> {
    functions: &'a Functions,
    aws: &'a Aws,
    surroundings: Surroundings<'a>,
    template: String,
    running: BTreeMap<String, Running>,
    parts: BTreeMap<String, Part>,
}

/// Has one job of ten images done.
pub(crate) async fn measure(
    functions: &Functions,
    root: &Path,
    gemini: &Path,
    aws: &Aws,
    scratch: &Path,
) -> Result<Job, Error> {
    let gemini = Gemini::start(gemini, scratch).await?;
    let receiver = Receiver::listen().await?;
    prepare(aws);
    let template = root.join("template.yaml");
    let mut workers = Workers {
        functions,
        aws,
        surroundings: Surroundings {
            aws_url: &aws.url(),
            google_url: &gemini.url,
            scratch,
        },
        template: std::fs::read_to_string(&template).map_err(Error::file("read", template))?,
        running: BTreeMap::new(),
        parts: BTreeMap::new(),
    };
    let input = workers.create(root, &receiver.url()).await?;
    let mut machine = StateMachine::read(root)?;
    let ended = machine.run(&mut workers, input.clone()).await?;
    workers.deliver(root, &input, &ended).await?;
    for (_, running) in std::mem::take(&mut workers.running) {
        running.end().await?;
    }
    if receiver.count() == 0 {
        return Err(Error::answer("deliver-webhook", "no webhook arrived"));
    }
    let sort = format!("JOB#{}", input["job_id"].as_str().unwrap_or_default());
    let images = aws.number(&job_row::partition(), &sort, "actual_micro_usd");
    let polls = workers.parts.get("poll-batch").map_or(0, |part| part.invocations);
    let bill = Bill::of(&workers.parts, machine.transitions, images.unwrap_or_default());
    Ok(Job {
        functions: workers.parts,
        transitions: machine.transitions,
        polls,
        bill,
    })
}

/// A user with a key, as packshot-seed makes them.
fn prepare(aws: &Aws) {
    let key = json!({
        "schema": 1,
        "sha256": KEY_HASH,
        "key_id": "key_01m83z7kcve3yt4m9xw2n8b7cg",
        "user_id": job_row::USER,
    });
    aws.put(&format!("KEY#{KEY_HASH}"), "KEY", &key);
    let user = json!({
        "schema": 1,
        "email": "demo@packshot.example",
        "webhook_secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "plan": "pro",
    });
    aws.put(&job_row::partition(), "PROFILE", &user);
}

impl Workers<'_> {
    /// Posts the sample request for ten images, and answers what the execution was started with.
    async fn create(&mut self, root: &Path, callback: &str) -> Result<Value, Error> {
        let event = events::named(root, "create-job.json-data-url")?;
        let not_json = |error| Error::answer("events/create-job.json-data-url.json", error);
        let mut event: Value = serde_json::from_slice(&event).map_err(not_json)?;
        let mut body: Value =
            serde_json::from_str(event["body"].as_str().unwrap_or_default()).map_err(not_json)?;
        body["count"] = json!(job_row::IMAGES);
        body["callback_url"] = json!(callback);
        event["body"] = json!(body.to_string());
        self.aws.take_started();
        let answer = self.invoke("create-job", &event).await?;
        let input = self
            .aws
            .take_started()
            .and_then(|input| serde_json::from_str(&input).ok());
        input.ok_or_else(|| Error::answer("create-job", format!("it has started no execution: {answer}")))
    }

    /// Hands the webhook's message to deliver-webhook, as its queue does.
    async fn deliver(&mut self, root: &Path, input: &Value, ended: &Value) -> Result<(), Error> {
        let event = events::named(root, "deliver-webhook.two-messages")?;
        let not_json = |error| Error::answer("events/deliver-webhook.two-messages.json", error);
        let mut event: Value = serde_json::from_slice(&event).map_err(not_json)?;
        let message = json!({
            "user_id": input["user_id"],
            "job_id": input["job_id"],
            "event_id": ended["event_id"],
        });
        event["Records"][0]["body"] = json!(message.to_string());
        event["Records"] = json!([event["Records"][0]]);
        self.invoke("deliver-webhook", &event).await.map(drop)
    }

    /// One invocation; what it did is added to the function's part.
    async fn invoke(&mut self, name: &str, event: &Value) -> Result<Value, Error> {
        if !self.running.contains_key(name) {
            let function = self.functions.named(name).ok_or_else(|| {
                Error::missing(
                    format!("the archive of {name}"),
                    "`cargo xtask package --arch x86_64` builds all that a job needs",
                )
            })?;
            let running = Running::start(&function.program, self.surroundings, &[]).await?;
            self.running.insert(name.to_owned(), running);
        }
        let running = self.running.get_mut(name).expect("it was started");
        self.aws.take_calls();
        self.aws.take_units();
        let answered = running.invoke(&Bytes::from(event.to_string())).await?;
        let Some(answer) = answered.answer else {
            return Err(running.error("has not done its part of the job".to_owned()));
        };
        let memory_megabytes = memory(&self.template, name);
        let part = self.parts.entry(name.to_owned()).or_default();
        part.invocations += 1;
        part.seconds += answered.after_event.as_secs_f64();
        part.memory_megabytes = memory_megabytes;
        for (call, count) in self.aws.take_calls() {
            *part.aws_calls.entry(call).or_default() += count;
        }
        let Units { writes, write, read } = self.aws.take_units();
        part.table_writes += writes;
        part.table_write_units += write;
        part.table_read_units += read;
        serde_json::from_slice(&answer).map_err(|error| Error::answer(name, error))
    }
}

/// How many megabytes `template.yaml` gives a function: its own, else those of all.
fn memory(template: &str, function: &str) -> u64 {
    let name: String = function
        .split('-')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    let of_all = template.lines();
    let own = template
        .lines()
        .skip_while(|line| *line != format!("  {name}Function:"))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with("   "));
    let size = |line: &str| line.trim().strip_prefix("MemorySize:")?.trim().parse().ok();
    own.filter_map(size)
        .chain(of_all.filter_map(size))
        .next()
        .unwrap_or_default()
}

/// The tables of a job: what each function did, and what it all costs.
pub(crate) fn table(job: &Job) -> Table {
    let mut table = Table::new(&[
        "function",
        "invoked",
        "time",
        "AWS calls",
        "rows written",
        "write units",
        "read units",
    ]);
    for (name, part) in &job.functions {
        table.row([
            name.clone(),
            part.invocations.to_string(),
            time(part.seconds),
            part.aws_calls.values().sum::<u64>().to_string(),
            part.table_writes.to_string(),
            part.table_write_units.to_string(),
            part.table_read_units.to_string(),
        ]);
    }
    let sum = |value: fn(&Part) -> u64| job.functions.values().map(value).sum::<u64>().to_string();
    table.row([
        "all".to_owned(),
        sum(|part| part.invocations),
        time(job.functions.values().map(|part| part.seconds).sum()),
        sum(|part| part.aws_calls.values().sum()),
        sum(|part| part.table_writes),
        sum(|part| part.table_write_units),
        sum(|part| part.table_read_units),
    ]);
    table
}

/// What AWS asks for the job, beside what Gemini asks.
pub(crate) fn bill(job: &Job) -> Table {
    job.bill.table(job.transitions, job.polls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_memory_is_its_own_or_that_of_all() {
        let template = "Globals:\n    MemorySize: 256\nResources:\n  CreateJobFunction:\n    Properties:\n      MemorySize: 512\n\n  \
                        ReadJobsFunction:\n    Properties:\n      Handler: x\n\n  OtherFunction:\n    MemorySize: 1024\n";
        assert_eq!(memory(template, "create-job"), 512);
        assert_eq!(memory(template, "read-jobs"), 256);
    }
}
