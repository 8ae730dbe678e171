//! The demo user, made by `packshot-seed` through the same code that makes users everywhere.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::command;
use crate::console::Step;
use crate::error::Error;
use crate::stack::aws;

/// The demo user's address.
pub(crate) const EMAIL: &str = "demo@packshot.example";

/// What the embedded Google calls the demo user's account.
pub(crate) const GOOGLE_SUBJECT: &str = "104815162342108000001";

/// What the demo user has.
#[derive(Debug, Deserialize)]
pub(crate) struct DemoUser {
    /// The key for the API.
    pub(crate) api_key: String,
    /// The secret that webhooks are signed with.
    pub(crate) webhook_secret: String,
}

/// Makes the demo user, or finds the one that is there.
pub(crate) fn seed(
    program: &Path,
    endpoint: &str,
    outputs: &BTreeMap<String, String>,
) -> Result<DemoUser, Error> {
    let step = Step::begin("Demo user");
    let output = |name: &str| {
        outputs
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Error::Stack(format!("template.yaml has no output `{name}`")))
    };
    let mut command = Command::new(program);
    command.args([
        "--email",
        EMAIL,
        "--plan",
        "pro",
        "--google-subject",
        GOOGLE_SUBJECT,
    ]);
    command.args([
        "--usage-plan-id",
        output("ProUsagePlanId")?,
        "--table",
        output("TableName")?,
    ]);
    aws::point(&mut command, endpoint);
    let text = command::capture(&mut command)?;
    let user = serde_json::from_str(&text)
        .map_err(|source| Error::Stack(format!("packshot-seed said something unexpected: {source}")))?;
    step.end(EMAIL);
    Ok(user)
}
