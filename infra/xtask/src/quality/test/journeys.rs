//! Journeys through the page in a real browser, and how fast it is there.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::command;
use crate::error::Error;
use crate::node;
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// Where `playwright.config.ts` has the report written that a program reads
/// (<https://playwright.dev/docs/test-reporters#json-reporter>).
const REPORT: &str = "tests/e2e/test-results/report.json";

/// Runs Playwright on the stack of this file. Words that name a spec (`keys.spec`) choose it.
pub(super) fn run(workspace: &Workspace, stack: &Path, words: &[String]) -> Result<Verdict, Error> {
    let mut playwright = playwright(workspace, stack)?;
    // Playwright takes them as expressions that fit anywhere in a path.
    let specs = words.iter().filter(|word| word.contains(".spec"));
    playwright.args(specs.map(|word| format!("/{}", word.replace('.', r"\."))));
    judged(workspace, &mut playwright)
}

/// Has Lighthouse look at the landing page and at the dashboard.
pub(super) fn audit(workspace: &Workspace, stack: &Path) -> Result<Verdict, Error> {
    judged(
        workspace,
        playwright(workspace, stack)?.args(["--config", "lighthouse.config.ts"]),
    )
}

/// Runs it; if it fails, with the names of what failed.
fn judged(workspace: &Workspace, playwright: &mut Command) -> Result<Verdict, Error> {
    let report = workspace.root.join(REPORT);
    // One of an earlier run would tell of other journeys.
    let _ = std::fs::remove_file(&report);
    command::run(playwright).map_err(|error| failures(&report).map_or(error, Error::Found))?;
    Ok(Verdict::Passed)
}

/// The journeys that failed, a line each: Playwright's own list is long, and other steps write below it.
fn failures(report: &Path) -> Option<String> {
    let report: Value = serde_json::from_slice(&std::fs::read(report).ok()?).ok()?;
    let mut lines = Vec::new();
    for suite in report["suites"].as_array()? {
        collect(suite, &mut lines);
    }
    (!lines.is_empty()).then(|| format!("these journeys failed\n  {}", lines.join("\n  ")))
}

/// Adds the failed journeys of a suite and of those within it.
fn collect(suite: &Value, lines: &mut Vec<String>) {
    for suite in suite["suites"].as_array().into_iter().flatten() {
        collect(suite, lines);
    }
    for spec in suite["specs"].as_array().into_iter().flatten() {
        for test in spec["tests"].as_array().into_iter().flatten() {
            let status = test["status"].as_str().unwrap_or_default();
            // `flaky` has failed once and passed once, which is a failure here.
            if !matches!(status, "unexpected" | "flaky") {
                continue;
            }
            let mut results = test["results"].as_array().into_iter().flatten();
            let message = results.find_map(|result| result["error"]["message"].as_str());
            lines.push(format!(
                "[{}] {}:{} {} ({status}): {}",
                test["projectName"].as_str().unwrap_or_default(),
                spec["file"].as_str().unwrap_or_default(),
                spec["line"],
                spec["title"].as_str().unwrap_or_default(),
                message
                    .unwrap_or("no message")
                    .lines()
                    .take(12)
                    .collect::<Vec<_>>()
                    .join("\n      "),
            ));
        }
    }
}

fn playwright(workspace: &Workspace, stack: &Path) -> Result<Command, Error> {
    let folder = workspace.root.join("tests/e2e");
    let mut command = Command::new(node::ready(workspace, &folder)?);
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(folder)
        .env("PACKSHOT_STACK", stack);
    if workspace.environment.is_ci {
        command.env("CI", "true");
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn journeys_that_failed_are_named_and_those_that_failed_once_too() {
        let run = |status: &str, message: Option<&str>| json!({"projectName": "phone", "status": status, "results": [{"error": message.map(|text| json!({"message": text}))}]});
        let spec = |title: &str, test: Value| json!({"title": title, "file": "job.spec.ts", "line": 7, "tests": [test]});
        let suite = json!({
            "specs": [spec("goes well", run("expected", None))],
            "suites": [{"specs": [spec("breaks", run("unexpected", Some("no button\nlooked twice"))), spec("wavers", run("flaky", None))]}],
        });
        let mut lines = Vec::new();
        collect(&suite, &mut lines);
        assert_eq!(
            lines,
            [
                "[phone] job.spec.ts:7 breaks (unexpected): no button\n      looked twice",
                "[phone] job.spec.ts:7 wavers (flaky): no message",
            ]
        );
    }
}
