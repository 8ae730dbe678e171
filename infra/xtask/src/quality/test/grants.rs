//! Every statement of a function's policy is needed: while it is taken out of the role, a test fails.
//!
//! `tests/grants.yaml` names the test of each statement. That the statements are enough, the suite shows as a whole: the stack
//! enforces IAM, and a function has its role's rights only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::{Value, json};

use crate::command;
use crate::console::say;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::Verdict;
use crate::stack::{Aws, StackFile};
use crate::workspace::Workspace;

/// A test that still waits after this time misses something: with all grants, those that are named take some seconds.
const PATIENCE: Duration = Duration::from_secs(45);
/// The pause between two looks at a test.
const PAUSE: Duration = Duration::from_millis(50);

/// A statement of a role's policy, and what would miss it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grant {
    /// The function's name without the stage.
    function: String,
    /// The statement's name.
    sid: String,
    /// The test; `None` where nothing on this stack would miss it.
    test: Option<String>,
}

/// Takes one statement after the other away, and expects its test to fail.
pub(super) fn check(
    workspace: &Workspace,
    (aws, stack): (&Aws, &StackFile),
    runner: &Venv,
    file: &Path,
) -> Result<Verdict, Error> {
    let path = workspace.root.join("tests/grants.yaml");
    let text = std::fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let grants = read(&text)?;
    let trial = Trial {
        aws,
        stage_prefix: format!("{}-", stack.outputs["TableName"]),
        program: test_program(workspace, runner)?,
        folder: workspace.root.join("tests"),
        stack_file: file,
    };
    let tests: BTreeSet<&String> = grants.iter().filter_map(|grant| grant.test.as_ref()).collect();
    for test in tests {
        if !trial.passes(test)? {
            return Err(Error::Found(format!("{test} fails with all grants in place")));
        }
    }
    let mut found = Vec::new();
    for grant in &grants {
        if let Some(problem) = trial.without(grant)? {
            say(format!("  {}: {}: {problem}", grant.function, grant.sid));
            found.push(format!("{}: {}: {problem}", grant.function, grant.sid));
        }
    }
    if found.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(found.join("\n  ")))
}

/// The grants that `tests/grants.yaml` lists.
fn read(text: &str) -> Result<Vec<Grant>, Error> {
    let wrong = |what: &str| Error::Found(format!("tests/grants.yaml: {what}"));
    let documents = YamlOwned::load_from_str(text).map_err(|error| wrong(&error.to_string()))?;
    let functions = documents
        .first()
        .and_then(YamlOwned::as_mapping)
        .ok_or_else(|| wrong("it is no mapping of functions"))?;
    let mut grants = Vec::new();
    for (function, statements) in functions {
        let function = function.as_str().ok_or_else(|| wrong("a function has no name"))?;
        let statements = statements
            .as_mapping()
            .ok_or_else(|| wrong(&format!("{function} has no statements")))?;
        for (sid, test) in statements {
            grants.push(Grant {
                function: function.to_owned(),
                sid: sid.as_str().unwrap_or_default().to_owned(),
                test: test.as_str().map(str::to_owned),
            });
        }
    }
    Ok(grants)
}

/// The built program of the integration tests.
fn test_program(workspace: &Workspace, runner: &Venv) -> Result<PathBuf, Error> {
    let mut list = Command::new(runner.program("cargo-nextest"));
    list.args([
        "nextest",
        "list",
        "--workspace",
        "--locked",
        "--message-format",
        "json",
    ])
    .args(["--list-type", "binaries-only"])
    .current_dir(&workspace.root)
    .env("CARGO", &workspace.environment.cargo)
    .env("CARGO_TARGET_DIR", workspace.target_directory())
    .stderr(Stdio::inherit());
    let listed: Value = serde_json::from_str(&command::capture(&mut list)?)
        .map_err(|error| Error::Found(format!("nextest's list cannot be read: {error}")))?;
    listed["rust-binaries"]["packshot-tests::it"]["binary-path"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| Error::Found("nextest lists no program packshot-tests::it".to_owned()))
}

/// What a trial needs.
struct Trial<'a> {
    aws: &'a Aws,
    stage_prefix: String,
    program: PathBuf,
    folder: PathBuf,
    stack_file: &'a Path,
}

impl Trial<'_> {
    /// Takes the statement away, lets its test run, and puts it back; says what is wrong if the test passes.
    fn without(&self, grant: &Grant) -> Result<Option<String>, Error> {
        let Some(test) = &grant.test else {
            return Ok(None);
        };
        let function = format!("{}{}", self.stage_prefix, grant.function);
        let Some((role, policy, document)) = self.policy_with(&function, &grant.sid)? else {
            return Ok(Some("no policy of the function has this statement".to_owned()));
        };
        let mut cut = document.clone();
        if let Some(statements) = cut["Statement"].as_array_mut() {
            statements.retain(|statement| statement["Sid"] != grant.sid.as_str());
        }
        self.put(&role, &policy, &cut)?;
        self.renew(&function, &grant.sid)?;
        let begun = Instant::now();
        let passed = self.passes(test);
        self.put(&role, &policy, &document)?;
        self.renew(&function, "")?;
        say(format!(
            "  {:<18} {:<34} {:>5.1} s  {test}",
            grant.function,
            grant.sid,
            begun.elapsed().as_secs_f32()
        ));
        Ok(passed?.then(|| format!("{test} passes without it")))
    }

    /// The inline policy of the function's role that has this statement: the role, the policy's name, and its document.
    fn policy_with(&self, function: &str, sid: &str) -> Result<Option<(String, String, Value)>, Error> {
        let configuration = self.json(&[
            "lambda",
            "get-function-configuration",
            "--function-name",
            function,
        ])?;
        let role = configuration["Role"].as_str().unwrap_or_default();
        let role = role.rsplit('/').next().unwrap_or_default().to_owned();
        let policies = self.json(&["iam", "list-role-policies", "--role-name", &role])?;
        for policy in policies["PolicyNames"].as_array().into_iter().flatten() {
            let policy = policy.as_str().unwrap_or_default();
            let found = self.json(&[
                "iam",
                "get-role-policy",
                "--role-name",
                &role,
                "--policy-name",
                policy,
            ])?;
            let document = found["PolicyDocument"].clone();
            let mut statements = document["Statement"].as_array().into_iter().flatten();
            if statements.any(|statement| statement["Sid"] == sid) {
                return Ok(Some((role, policy.to_owned(), document)));
            }
        }
        Ok(None)
    }

    fn put(&self, role: &str, policy: &str, document: &Value) -> Result<(), Error> {
        let document = document.to_string();
        let arguments = [
            "iam",
            "put-role-policy",
            "--role-name",
            role,
            "--policy-name",
            policy,
            "--policy-document",
            &document,
        ];
        self.aws.run(arguments).map(drop)
    }

    /// Has the function begin anew: a process keeps what it has read from the parameter store.
    fn renew(&self, function: &str, trial: &str) -> Result<(), Error> {
        let configuration = self.json(&[
            "lambda",
            "get-function-configuration",
            "--function-name",
            function,
        ])?;
        let mut variables = configuration["Environment"]["Variables"].clone();
        match variables.as_object_mut() {
            Some(variables) if trial.is_empty() => drop(variables.remove("GRANT_TRIAL")),
            Some(variables) => drop(variables.insert("GRANT_TRIAL".to_owned(), trial.into())),
            None => {}
        }
        let environment = json!({"Variables": variables}).to_string();
        let arguments = [
            "lambda",
            "update-function-configuration",
            "--function-name",
            function,
            "--environment",
            &environment,
        ];
        self.aws.run(arguments).map(drop)
    }

    /// Whether the test passes. One that waits too long has missed something.
    fn passes(&self, test: &str) -> Result<bool, Error> {
        let mut command = Command::new(&self.program);
        command
            .args([test, "--exact"])
            .current_dir(&self.folder)
            .env("PACKSHOT_STACK", self.stack_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let start = |source| Error::Start {
            program: test.to_owned(),
            source,
        };
        let mut running = command.spawn().map_err(start)?;
        let begun = Instant::now();
        loop {
            if let Some(status) = running.try_wait().map_err(start)? {
                return Ok(status.success());
            }
            if begun.elapsed() > PATIENCE {
                running.kill().ok();
                running.wait().ok();
                return Ok(false);
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn json(&self, arguments: &[&str]) -> Result<Value, Error> {
        let answer = self.aws.run(arguments.iter().chain(&["--output", "json"]))?;
        serde_json::from_str(&answer)
            .map_err(|error| Error::Stack(format!("an answer of AWS cannot be read: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_has_its_test_or_none() {
        let text = "# words\ncreate-job:\n  AcceptJobs: api::a_test # more\n  Other: null\n";
        let of = |sid: &str, test: Option<&str>| Grant {
            function: "create-job".to_owned(),
            sid: sid.to_owned(),
            test: test.map(str::to_owned),
        };
        assert_eq!(
            read(text).expect("it can be read"),
            [of("AcceptJobs", Some("api::a_test")), of("Other", None)]
        );
        assert!(read("- a list").is_err());
    }
}
