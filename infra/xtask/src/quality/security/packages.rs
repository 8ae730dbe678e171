//! Advisories about packages from npm.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use super::{no_report, output};
use crate::console::say;
use crate::error::Error;
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// The folders whose packages are looked up.
const FOLDERS: [&str; 2] = ["web", "tests/e2e"];

/// Has npm look up advisories about what the lock files name. Grave ones must not be about a package that is shipped. The
/// others are only told: what builds and tests the page meets no input but ours.
pub(in crate::quality) fn check(workspace: &Workspace) -> Result<Verdict, Error> {
    let mut faults = Vec::new();
    for folder in FOLDERS {
        let Some(advisories) = audit(&workspace.root.join(folder))? else {
            if faults.is_empty() {
                return Ok(Verdict::Skipped(
                    "the registry looks up no advisories from here".to_owned(),
                ));
            }
            break;
        };
        for advisory in advisories {
            let line = format!("{folder}: {}", advisory.line());
            if advisory.is_grave() {
                faults.push(line);
            } else {
                say(format!("  {line}"));
            }
        }
    }
    if faults.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(faults.join("\n")))
}

/// What npm says about a folder's lock file; nothing where the registry does not answer.
fn audit(folder: &Path) -> Result<Option<Vec<Advisory>>, Error> {
    let file = folder.join("package-lock.json");
    let lock = std::fs::read(&file).map_err(Error::file("read", file))?;
    let mut npm = Command::new("npm");
    npm.args(["audit", "--json", "--package-lock-only"])
        .args(["--fetch-timeout", "30000"])
        .current_dir(folder);
    let output = output(&mut npm)?;
    advisories(&output.stdout, &lock).map_err(|_| no_report(&npm, &output))
}

/// The advisories of a report of npm's. Where the registry did not answer, it has a message instead of a version.
fn advisories(report: &[u8], lock: &[u8]) -> Result<Option<Vec<Advisory>>, serde_json::Error> {
    let report: Value = serde_json::from_slice(report)?;
    if report["auditReportVersion"].is_null() {
        return Ok(None);
    }
    let report: Report = serde_json::from_value(report)?;
    let lock: Value = serde_json::from_slice(lock)?;
    let mut advisories = Vec::new();
    for (package, entry) in report.vulnerabilities {
        let is_shipped = |node: &String| lock["packages"][node]["dev"] != true;
        let is_shipped = entry.nodes.iter().any(is_shipped);
        // Names instead of an advisory say that only what the package depends on has something wrong.
        for advisory in entry.via.into_iter().filter(Value::is_object) {
            advisories.push(Advisory {
                package: package.clone(),
                is_shipped,
                details: serde_json::from_value(advisory)?,
            });
        }
    }
    Ok(Some(advisories))
}

/// The report of `npm audit --json`, version 2.
#[derive(Debug, Deserialize)]
struct Report {
    vulnerabilities: BTreeMap<String, Vulnerability>,
}

#[derive(Debug, Deserialize)]
struct Vulnerability {
    /// Advisories, and names of other packages of the report.
    via: Vec<Value>,
    /// Where the lock file has the package.
    nodes: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Advisory {
    package: String,
    is_shipped: bool,
    details: Details,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Details {
    title: String,
    url: String,
    severity: String,
}

impl Advisory {
    fn is_grave(&self) -> bool {
        // A level that npm invents one day is rather looked at.
        self.is_shipped && !matches!(self.details.severity.as_str(), "info" | "low" | "moderate")
    }

    fn line(&self) -> String {
        let Details { title, url, severity } = &self.details;
        let shipped = if self.is_shipped { "" } else { ", not shipped" };
        format!("{} ({severity}{shipped}): {title}, {url}", self.package)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bytes(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    #[test]
    fn an_advisory_is_grave_where_its_package_is_shipped_and_npm_says_so() {
        let hole = |severity: &str| json!({ "title": "A hole", "url": "https://example.com/1", "severity": severity });
        let report = json!({ "auditReportVersion": 2, "vulnerabilities": {
            "react": { "via": [hole("critical"), hole("moderate")], "nodes": ["node_modules/react"] },
            "react-dom": { "via": ["react"], "nodes": ["node_modules/react-dom"] },
            "vite": { "via": [hole("high"), "rolldown"], "nodes": ["node_modules/vite"] },
            "zod": { "via": [hole("high")], "nodes": ["node_modules/vite/node_modules/zod", "node_modules/zod"] },
        }});
        let lock = json!({ "packages": {
            "node_modules/react": {},
            "node_modules/react-dom": {},
            "node_modules/vite": { "dev": true },
            "node_modules/vite/node_modules/zod": { "dev": true },
            "node_modules/zod": { "devOptional": true },
        }});
        let advisories = advisories(&bytes(&report), &bytes(&lock)).unwrap().unwrap();
        let lines = |grave: bool| -> Vec<String> {
            let some = advisories.iter().filter(|advisory| advisory.is_grave() == grave);
            some.map(Advisory::line).collect()
        };
        assert_eq!(
            lines(true),
            [
                "react (critical): A hole, https://example.com/1",
                "zod (high): A hole, https://example.com/1"
            ]
        );
        assert_eq!(
            lines(false),
            [
                "react (moderate): A hole, https://example.com/1",
                "vite (high, not shipped): A hole, https://example.com/1"
            ]
        );
    }

    #[test]
    fn a_registry_that_does_not_answer_is_told_from_a_report_that_is_not_understood() {
        let refused = br#"{ "message": "405 Method Not Allowed", "error": { "summary": "", "detail": "" } }"#;
        assert_eq!(advisories(refused, b"{}").unwrap(), None);
        advisories(br#"{ "auditReportVersion": 3, "holes": [] }"#, b"{}")
            .expect_err("it is of another version");
        advisories(b"npm is not here", b"{}").expect_err("it is no JSON");
    }
}
