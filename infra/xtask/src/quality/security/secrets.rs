//! Secrets in the repository.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{no_report, output};
use crate::command;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::{Verdict, scripts};
use crate::workspace::Workspace;

/// How Kingfisher searches, and which samples it lets through.
const CONFIGURATION: &str = "infra/kingfisher/config.yaml";

/// The folder of planted secrets. No folder of the repository has this name.
const PLANTED: &str = "planted-secrets";

/// Has every file that git knows or would take in, and every commit, searched for secrets by Kingfisher.
///
/// It gets a copy of the files, since it does not heed `.gitignore` and takes ten times as long for a thousand files that
/// are named one by one. Secrets are planted among them, one of each form that matters most here: a search that has stopped
/// working finds nothing, which would look like success.
pub(in crate::quality) fn check(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let copy = tempfile::tempdir().map_err(Error::file("create", std::env::temp_dir()))?;
    for path in scripts::files(workspace)? {
        let (from, to) = (workspace.root.join(&path), copy.path().join(&path));
        make_parent(&to)?;
        std::fs::copy(&from, &to).map_err(Error::file("copy", from))?;
    }
    let planted = planted();
    for (rule, text) in &planted {
        let file = copy.path().join(PLANTED).join(rule);
        make_parent(&file)?;
        std::fs::write(&file, text).map_err(Error::file("write", file))?;
    }
    let mut git = Command::new("git");
    git.args(["rev-parse", "--path-format=absolute", "--git-common-dir"])
        .current_dir(&workspace.root);
    let commits = command::capture(&mut git)?;
    let mut kingfisher = Command::new(tools.program("kingfisher"));
    kingfisher
        .args(["scan", ".", commits.trim_end_matches('\n')])
        .args(["--config", CONFIGURATION])
        // It would try out at AWS, Google and others whether what it finds works, and ask for a newer version of itself.
        .args(["--no-validate", "--no-update-check"])
        .args(["--quiet", "--format", "json", "--rule-cache-dir"])
        // Its rules take seconds to be compiled. Here they go away with the version that has compiled them.
        .arg(tools.programs().join("kingfisher-rules"))
        .current_dir(copy.path());
    let output = output(&mut kingfisher)?;
    let report: Report =
        serde_json::from_slice(&output.stdout).map_err(|_| no_report(&kingfisher, &output))?;
    let (seen, found) = report.split();
    let unseen: Vec<&str> = planted
        .iter()
        .map(|(rule, _)| *rule)
        .filter(|rule| !seen.contains(*rule))
        .collect();
    if !unseen.is_empty() {
        return Err(Error::Found(format!(
            "Kingfisher does not find what was planted for it: {}",
            unseen.join(", ")
        )));
    }
    if found.is_empty() {
        return Ok(Verdict::Passed);
    }
    let found: Vec<String> = found.into_iter().collect();
    Err(Error::Found(format!(
        "{}\nA secret has to be changed where it is valid, and a commit that holds it, made anew. \
         A sample that is none goes into {CONFIGURATION}.",
        found.join("\n")
    )))
}

fn make_parent(file: &Path) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(Error::file("create", folder))
}

/// What Kingfisher writes.
#[derive(Debug, Deserialize)]
struct Report {
    findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Finding {
    rule: Rule,
    finding: Place,
}

#[derive(Debug, Deserialize)]
struct Rule {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    path: String,
    line: u64,
    #[serde(rename = "git_metadata")]
    origin: Option<Origin>,
}

#[derive(Debug, Deserialize)]
struct Origin {
    commit: Commit,
}

#[derive(Debug, Deserialize)]
struct Commit {
    id: String,
}

impl Report {
    /// The rules that have found what was planted for them, and a line for everything else.
    fn split(self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        let mut found = BTreeSet::new();
        for Finding { rule, finding } in self.findings {
            let path = finding.path.strip_prefix("./").unwrap_or(&finding.path);
            match path.strip_prefix(PLANTED).and_then(|rest| rest.strip_prefix('/')) {
                Some(file) if file == rule.id => {
                    seen.insert(rule.id);
                }
                // Other rules may find something there as well.
                Some(_) => {}
                None => {
                    let commit = finding
                        .origin
                        .map(|origin| format!(", in commit {}", origin.commit.id));
                    let commit = commit.unwrap_or_default();
                    found.insert(format!("{path}:{}: {}{commit}", finding.line, rule.id));
                }
            }
        }
        (seen, found)
    }
}

/// A text for each of these rules, with a secret of the form that it looks for. They are made here and not written down, or
/// they would be found in this file.
fn planted() -> Vec<(&'static str, String)> {
    const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let beginning = |start: &str, count: u8| start.to_owned() + &letters(BASE62, count);
    let id = format!("AKIA{}", letters(BASE32, 16));
    let pair = format!(
        "AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={}\n",
        letters(BASE62, 40)
    );
    let key = format!("{} KEY-----", "PRIVATE");
    let key = format!("-----BEGIN {key}\n{}\n-----END {key}\n", letters(BASE62, 64));
    vec![
        ("packshot.api-key", beginning("packshot_live_", 36)),
        ("packshot.webhook-secret", beginning("whsec_", 32)),
        ("packshot.google-client-secret", beginning("GOCSPX-", 28)),
        ("packshot.google-refresh-token", beginning("1//0", 60)),
        ("packshot.aws-access-key-id", id),
        ("betterleaks.aws-access-token", pair),
        ("betterleaks.gcp-api-key", beginning("AIza", 35)),
        ("betterleaks.gcp-gemini-api", beginning("AQ.Ab8RN6", 44)),
        ("betterleaks.private-key", key),
    ]
}

/// So many letters of an alphabet, without a pattern in them and the same each time.
fn letters(alphabet: &str, count: u8) -> String {
    let letter = |number: u8| {
        let digest = Sha256::digest([number, count]);
        let at = usize::from(digest[0]) % alphabet.len();
        &alphabet[at..=at]
    };
    (0..count).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_planted_is_told_from_what_was_found() {
        let finding = |rule: &str, path: &str| {
            json!({
                "rule": { "id": rule },
                "finding": { "path": path, "line": 7, "snippet": "…" },
            })
        };
        let mut committed = finding("packshot.api-key", "src/a.rs");
        committed["finding"]["git_metadata"] = json!({ "commit": { "id": "0123abc", "date": "2026-11-26" } });
        let report = json!({ "findings": [
            committed,
            finding("packshot.api-key", "./planted-secrets/packshot.api-key"),
            finding("betterleaks.gcp-api-key", "./planted-secrets/packshot.webhook-secret"),
            finding("packshot.api-key", "./docs/planted-secrets/a.md"),
            finding("packshot.api-key", "./docs/planted-secrets/a.md"),
        ]});
        let (seen, found) = serde_json::from_value::<Report>(report).unwrap().split();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["packshot.api-key"]);
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [
                "docs/planted-secrets/a.md:7: packshot.api-key",
                "src/a.rs:7: packshot.api-key, in commit 0123abc"
            ]
        );
    }

    #[test]
    fn letters_have_no_pattern_and_stay_the_same() {
        let key = letters("0123456789ABCDEF", 200);
        assert_eq!(key, letters("0123456789ABCDEF", 200));
        assert_eq!(key.len(), 200);
        assert_eq!(key.chars().collect::<BTreeSet<_>>().len(), 16);
    }
}
