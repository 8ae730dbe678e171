//! After a run, no line of any log holds a secret that was in use, or an e-mail address.

use regex_lite::Regex;
use serde_json::Value;

use crate::error::Error;
use crate::quality::Verdict;
use crate::stack::{Aws, StackFile};

/// How much of a line is shown of what was found: enough to find the place, too little to leak on.
const SHOWN: usize = 160;

/// What secrets of ours, of Google's and of AWS's look like, and what an address looks like. The functions blot such texts out
/// themselves (`functions/src/telemetry/redaction.rs`); these are written down here once more, so that a mistake there is seen.
const FORMS: [(&str, &str); 9] = [
    ("an API key", r"packshot_live_[0-9A-Za-z]{36}"),
    ("a webhook secret", r"whsec_[0-9A-Za-z+/]{20}"),
    ("an access token of Google's", r"ya29\.[0-9A-Za-z._-]{20}"),
    ("a refresh token of Google's", r"1//0[0-9A-Za-z._-]{20}"),
    ("a JSON Web Token", r"eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\."),
    ("a signed address", r"X-Amz-Signature=[0-9a-f]{16}"),
    ("a session", r"(?:__Host-|__)session=[0-9A-Za-z_-]{8}"),
    ("an image's address", r"\bimages/[0-9a-f]{32}"),
    (
        "an e-mail address",
        r"[A-Za-z0-9][A-Za-z0-9._+-]+@(?:seller|packshot)\.example",
    ),
];

/// Looks through the logs of all functions and of API Gateway. `planted` are secrets that the stack was given.
pub(super) fn check(aws: &Aws, stack: &StackFile, planted: &[String]) -> Result<Verdict, Error> {
    let mut secrets = planted.to_vec();
    secrets.extend([stack.api_key.clone(), stack.webhook_secret.clone()]);
    let forms: Vec<(&str, Regex)> = FORMS
        .iter()
        .filter_map(|(name, form)| Some((*name, Regex::new(form).ok()?)))
        .collect();
    let mut lines = 0;
    let mut found = Vec::new();
    for group in groups(aws)? {
        for line in lines_of(aws, &group)? {
            lines += 1;
            if let Some(what) = secret_in(&line, &secrets, &forms) {
                found.push(format!("{group} holds {what}: {}", beginning(&line)));
            }
        }
    }
    if lines == 0 {
        return Err(Error::Found("there is no log to look through".to_owned()));
    }
    if found.is_empty() {
        crate::console::say(format!("  {lines} lines"));
        return Ok(Verdict::Passed);
    }
    found.truncate(20);
    Err(Error::Found(found.join("\n  ")))
}

/// What a line holds that it must not.
fn secret_in(line: &str, secrets: &[String], forms: &[(&str, Regex)]) -> Option<String> {
    if secrets.iter().any(|secret| line.contains(secret.as_str())) {
        return Some("a secret of the stack".to_owned());
    }
    let form = forms.iter().find(|(_, form)| form.is_match(line));
    form.map(|(name, _)| (*name).to_owned())
}

fn beginning(line: &str) -> String {
    line.chars().take(SHOWN).collect()
}

fn groups(aws: &Aws) -> Result<Vec<String>, Error> {
    let answer = aws.run(["logs", "describe-log-groups", "--output", "json"])?;
    let groups: Value = parse(&answer)?;
    let names = groups["logGroups"].as_array().into_iter().flatten();
    Ok(names
        .filter_map(|group| group["logGroupName"].as_str().map(str::to_owned))
        .collect())
}

fn lines_of(aws: &Aws, group: &str) -> Result<Vec<String>, Error> {
    let answer = aws.run([
        "logs",
        "filter-log-events",
        "--log-group-name",
        group,
        "--output",
        "json",
    ])?;
    let events: Value = parse(&answer)?;
    let messages = events["events"].as_array().into_iter().flatten();
    Ok(messages
        .filter_map(|event| event["message"].as_str().map(str::to_owned))
        .collect())
}

fn parse(answer: &str) -> Result<Value, Error> {
    serde_json::from_str(answer).map_err(|error| Error::Stack(format!("the logs cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_found_and_a_plain_line_is_not() {
        let forms: Vec<(&str, Regex)> = FORMS
            .iter()
            .map(|(name, form)| (*name, Regex::new(form).expect("the form is correct")))
            .collect();
        let key = format!("packshot_live_{}", "a1B2c3".repeat(6));
        let samples = [
            key.as_str(),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "ya29.a0AfH6SMBxxxxxxxxxxxxxxxxxxx",
            "1//0gAbCdEfGhIjKlMnOpQrStUv",
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig",
            "?X-Amz-Signature=0123456789abcdef0123",
            "cookie: __Host-session=abcdefghij",
            "images/0123456789abcdef0123456789abcdef/1.png",
            "to someone@seller.example",
        ];
        for (sample, (name, _)) in samples.iter().zip(FORMS) {
            assert_eq!(secret_in(sample, &[], &forms).as_deref(), Some(name), "{sample}");
        }
        let plain =
            r#"{"message":"Sent the mail to s…@seller.example","job.id":"job_01h2xcejqtf2nbrexx3vqjhp41"}"#;
        assert_eq!(secret_in(plain, &["other".to_owned()], &forms), None);
        assert!(secret_in("it is other", &["other".to_owned()], &forms).is_some());
    }
}
