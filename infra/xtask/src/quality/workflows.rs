//! GitHub's workflows: those that git knows or would take in.
//!
//! actionlint, which would also read their expressions, is on no package registry as a program: its package on `PyPI` fetches it
//! from GitHub while it is installed, which `--only-binary` rightly refuses (docs/decisions/0008).

use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::{Verdict, scripts};
use crate::workspace::Workspace;

/// Where GitHub looks for workflows.
const FOLDER: &str = ".github/workflows/";

/// Has every workflow held against the schema of workflows by check-jsonschema, which brings the schema along, and searched by
/// zizmor for what would let somebody else run things in it. zizmor asks GitHub nothing, so that it says the same everywhere.
pub(super) fn check(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let workflows: Vec<String> = scripts::files(workspace)?
        .into_iter()
        .filter(|path| is_workflow(path))
        .collect();
    if workflows.is_empty() {
        return Ok(Verdict::Passed);
    }
    let mut schema = Command::new(tools.program("check-jsonschema"));
    schema.args(["--builtin-schema", "vendor.github-workflows"]);
    command::run(schema.args(&workflows).current_dir(&workspace.root))?;
    let mut zizmor = Command::new(tools.program("zizmor"));
    zizmor.args(["--offline", "--no-progress", "--quiet", "--strict-collection"]);
    command::run(zizmor.args(&workflows).current_dir(&workspace.root))?;
    let mut faults = Vec::new();
    for path in &workflows {
        let full = workspace.root.join(path);
        let text = std::fs::read_to_string(&full).map_err(Error::file("read", full))?;
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !is_pinned(line));
        faults.extend(lines.map(|(number, line)| format!("{path}:{number}: {}", line.trim())));
    }
    if faults.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(format!(
        "actions that are not written as owner/name@<commit> # v<version>:\n{}",
        faults.join("\n")
    )))
}

fn is_workflow(path: &str) -> bool {
    path.strip_prefix(FOLDER).is_some_and(|name| {
        !name.contains('/')
            && name
                .rsplit_once('.')
                .is_some_and(|(_, ending)| matches!(ending, "yml" | "yaml"))
    })
}

/// Whether a line names no action of others, or names its commit, which nobody can replace, and for people its version.
fn is_pinned(line: &str) -> bool {
    let line = line.trim_start();
    let Some(action) = line.strip_prefix("- ").unwrap_or(line).strip_prefix("uses: ") else {
        return true;
    };
    // What lies in this repository comes from the commit that runs.
    if action.starts_with("$/") {
        return true;
    }
    let Some((commit, version)) = action
        .split_once('@')
        .and_then(|(_, rest)| rest.split_once(" # v"))
    else {
        return false;
    };
    commit.len() == 40
        && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
        && version.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_workflows_are_looked_at() {
        assert!(is_workflow(".github/workflows/ci.yml"));
        assert!(!is_workflow(".github/workflows/README.md"));
        assert!(!is_workflow(".github/dependabot.yml"));
        assert!(!is_workflow("infra/params/dev.yaml"));
    }

    #[test]
    fn an_action_is_named_by_its_commit_and_its_version() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert!(is_pinned(&format!("      - uses: owner/name@{commit} # v7.0.1")));
        assert!(is_pinned(&format!("        uses: owner/name/sub@{commit} # v7")));
        assert!(is_pinned("    uses: $/.github/workflows/ci.yml"));
        assert!(is_pinned("        run: echo uses: owner/name@v1"));
        assert!(!is_pinned("      - uses: owner/name@v7"));
        assert!(!is_pinned(&format!("      - uses: owner/name@{commit}")));
        assert!(!is_pinned("        uses: owner/name@0123456 # v7"));
        assert!(!is_pinned("        uses: owner/name@main # version"));
    }
}
