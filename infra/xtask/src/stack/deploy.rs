//! Deploying `template.yaml` through CloudFormation, as on AWS: package, change set, execute.
//!
//! `aws cloudformation deploy` does the last two as well, but looks only every 30 seconds whether it is done.

mod answers;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use self::answers::{ChangeSet, Stack, Stacks, parse};
use crate::console::Step;
use crate::error::Error;
use crate::stack::artifacts::{self, BUCKET};
use crate::stack::aws::Aws;

/// The CloudFormation stack's name.
pub(crate) const STACK: &str = "packshot-dev";
/// How long a deployment may take.
const PATIENCE: Duration = Duration::from_mins(3);
/// The pause between two looks, on top of what the CLI needs to start.
const PAUSE: Duration = Duration::from_millis(200);

/// Where a deployment takes its things from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The checkout, with `template.yaml`.
    pub(crate) root: &'a Path,
    /// The functions' archives.
    pub(crate) lambda: &'a Path,
    /// The stack's folder, for what is written on the way.
    pub(crate) directory: &'a Path,
}

/// What a deployment did.
#[derive(Debug)]
pub(crate) struct Deployment {
    /// The stack's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
    /// False if everything was as the template says already.
    pub(crate) changed: bool,
}

/// Deploys the template with these parameters and waits for the end.
pub(crate) async fn deploy(
    aws: &Aws,
    source: &Source<'_>,
    parameters: &[(&str, String)],
) -> Result<Deployment, Error> {
    let step = Step::begin("template.yaml");
    step.update("uploading the functions");
    let kind = if is_deployed(aws) {
        "UPDATE"
    } else {
        aws.run(["s3", "mb", &format!("s3://{BUCKET}")])?;
        "CREATE"
    };
    let template = upload(aws, source)?;
    step.update("making the change set");
    let name = change_set_name(&template);
    // A template of this size has to come from a bucket: a request takes 51,200 bytes.
    let url = format!("https://s3.amazonaws.com/{BUCKET}/{template}");
    if !create_change_set(aws, kind, &name, &url, parameters).await? {
        let outputs = describe(aws)?.outputs();
        step.end("nothing to change");
        return Ok(Deployment {
            outputs,
            changed: false,
        });
    }
    step.update("deploying");
    aws.run([
        "cloudformation",
        "execute-change-set",
        "--stack-name",
        STACK,
        "--change-set-name",
        &name,
    ])?;
    let outputs = wait_for_stack(aws).await?.outputs();
    step.end(if kind == "CREATE" { "deployed" } else { "updated" });
    Ok(Deployment {
        outputs,
        changed: true,
    })
}

/// Uploads the functions with the rewritten template, and answers what that template is called.
fn upload(aws: &Aws, source: &Source) -> Result<String, Error> {
    let artifacts = source.directory.join("artifacts");
    let template = artifacts::collect(source.root, source.lambda, &artifacts)?;
    // Every name holds the content's hash, so a file that is there already need not be compared.
    let folder = artifacts.to_string_lossy();
    aws.run([
        "s3",
        "sync",
        "--only-show-errors",
        "--size-only",
        &folder,
        &format!("s3://{BUCKET}"),
    ])?;
    Ok(template
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned())
}

/// A change set needs a name of its own. Two for the same template differ in the process that asks.
fn change_set_name(template: &str) -> String {
    let name = template.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let process = std::process::id();
    format!("{name}-{process}")
}

/// Makes the change set and waits until it is made. False means that there is nothing to change.
async fn create_change_set(
    aws: &Aws,
    kind: &str,
    name: &str,
    template_url: &str,
    parameters: &[(&str, String)],
) -> Result<bool, Error> {
    let parameters: serde_json::Value = parameters
        .iter()
        .map(|(key, value)| serde_json::json!({"ParameterKey": key, "ParameterValue": value}))
        .collect();
    aws.run([
        "cloudformation",
        "create-change-set",
        "--stack-name",
        STACK,
        "--change-set-name",
        name,
        "--change-set-type",
        kind,
        "--template-url",
        template_url,
        "--parameters",
        &parameters.to_string(),
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_NAMED_IAM",
        "CAPABILITY_AUTO_EXPAND",
    ])?;
    let asked = Instant::now();
    loop {
        let text = aws.run([
            "cloudformation",
            "describe-change-set",
            "--stack-name",
            STACK,
            "--change-set-name",
            name,
            "--output",
            "json",
        ])?;
        let change_set: ChangeSet = parse(&text)?;
        let reason = change_set.reason.unwrap_or_default();
        match change_set.status.as_str() {
            "CREATE_COMPLETE" => return Ok(true),
            "FAILED" if is_empty_change(&reason) => return Ok(false),
            "FAILED" => return Err(Error::Stack(format!("template.yaml is refused: {reason}"))),
            _ if asked.elapsed() > PATIENCE => return Err(too_long()),
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// CloudFormation reports a change set without changes as failed, and tells it only by these words.
fn is_empty_change(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

async fn wait_for_stack(aws: &Aws) -> Result<Stack, Error> {
    let asked = Instant::now();
    loop {
        let stack = describe(aws)?;
        match stack.status.as_str() {
            "CREATE_COMPLETE" | "UPDATE_COMPLETE" => return Ok(stack),
            status if status.ends_with("IN_PROGRESS") && asked.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            }
            status if status.ends_with("IN_PROGRESS") => return Err(too_long()),
            status => return Err(failure(aws, status)),
        }
    }
}

fn too_long() -> Error {
    Error::Stack(format!(
        "CloudFormation is not done after {} s; see the log of ministack",
        PATIENCE.as_secs()
    ))
}

/// Says which resources failed and why.
fn failure(aws: &Aws, status: &str) -> Error {
    let query = "StackEvents[?contains(ResourceStatus, 'FAILED')].[LogicalResourceId, ResourceStatusReason]";
    let arguments = [
        "cloudformation",
        "describe-stack-events",
        "--stack-name",
        STACK,
        "--query",
        query,
        "--output",
        "text",
    ];
    let events = aws.run(arguments).unwrap_or_default();
    let events = events
        .lines()
        .fold(String::new(), |text, line| text + "\n    " + line);
    Error::Stack(format!("template.yaml cannot be deployed ({status}):{events}"))
}

fn is_deployed(aws: &Aws) -> bool {
    describe(aws).is_ok_and(|stack| stack.status != "REVIEW_IN_PROGRESS")
}

fn describe(aws: &Aws) -> Result<Stack, Error> {
    let text = aws.run([
        "cloudformation",
        "describe-stacks",
        "--stack-name",
        STACK,
        "--output",
        "json",
    ])?;
    let mut stacks: Stacks = parse(&text)?;
    stacks
        .stacks
        .pop()
        .ok_or_else(|| Error::Stack(format!("CloudFormation does not know {STACK}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_change_set_is_told_from_a_refused_one() {
        assert!(is_empty_change(
            "The submitted information didn't contain changes. Submit different information"
        ));
        assert!(!is_empty_change("Template error: resource Jobs does not exist"));
    }
}
