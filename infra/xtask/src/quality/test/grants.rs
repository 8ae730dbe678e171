//! Every statement of a function's policy is needed: while it is taken out of the role, a test fails.
//!
//! `tests/grants.yaml` names the test of each statement. That the statements are enough, the suite shows as a whole: the stack
//! enforces IAM, and a function has its role's rights only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use saphyr::{LoadableYamlNode, YamlOwned};
use serde_json::{Map, Value, json};

use crate::command;
use crate::console::say;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::Verdict;
use crate::stack::{Aws, StackFile};
use crate::workspace::Workspace;

/// A test that still waits after this time misses something: with all grants, those that are named take some seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a test may take that is to pass.
const PATIENCE_WITH_ALL: Duration = Duration::from_mins(3);
/// The pause between two looks at a test.
const PAUSE: Duration = Duration::from_millis(50);

/// The statements of one role's policies, and what would miss them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grants {
    /// The function's name without the stage.
    function: String,
    /// The statements' names with their tests; `None` where nothing on this stack would miss the statement.
    statements: Vec<(String, Option<String>)>,
}

/// Takes one statement after the other away, and expects its test to fail.
///
/// That it passes with all of them in place is seen first, unless `have_passed` says that it was.
pub(super) fn check(
    workspace: &Workspace,
    (aws, stack): (&Aws, &StackFile),
    runner: &Venv,
    file: &Path,
    have_passed: bool,
) -> Result<Verdict, Error> {
    let path = workspace.root.join("tests/grants.yaml");
    let text = std::fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let roles = read(&text)?;
    let trial = Trial {
        aws,
        stage_prefix: format!("{}-", stack.outputs["TableName"]),
        program: test_program(workspace, runner)?,
        folder: workspace.root.join("tests"),
        stack_file: file,
    };
    let statements = roles.iter().flat_map(|grants| &grants.statements);
    let tests: BTreeSet<&String> = statements.filter_map(|(_, test)| test.as_ref()).collect();
    for test in tests.into_iter().filter(|_| !have_passed) {
        if !trial.passes(test, PATIENCE_WITH_ALL)? {
            return Err(Error::Found(format!("{test} fails with all grants in place")));
        }
    }
    let mut found = Vec::new();
    for grants in &roles {
        found.extend(trial.without_each(grants)?);
    }
    if found.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(found.join("\n  ")))
}

/// What `tests/grants.yaml` lists.
fn read(text: &str) -> Result<Vec<Grants>, Error> {
    let wrong = |what: &str| Error::Found(format!("tests/grants.yaml: {what}"));
    let documents = YamlOwned::load_from_str(text).map_err(|error| wrong(&error.to_string()))?;
    let functions = documents
        .first()
        .and_then(YamlOwned::as_mapping)
        .ok_or_else(|| wrong("it is no mapping of functions"))?;
    let mut roles = Vec::new();
    for (function, statements) in functions {
        let function = function.as_str().ok_or_else(|| wrong("a function has no name"))?;
        let statements = statements
            .as_mapping()
            .ok_or_else(|| wrong(&format!("{function} has no statements")))?;
        let statements = statements.iter().map(|(sid, test)| {
            let sid = sid.as_str().unwrap_or_default().to_owned();
            (sid, test.as_str().map(str::to_owned))
        });
        roles.push(Grants {
            function: function.to_owned(),
            statements: statements.collect(),
        });
    }
    Ok(roles)
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

/// A function, and what its role has.
struct Role {
    function: String,
    name: String,
    /// The inline policies: their names and documents.
    policies: Vec<(String, Value)>,
    /// The function's environment.
    variables: Map<String, Value>,
}

impl Trial<'_> {
    /// Takes each statement away for one run of its test, and puts it back; says of which ones the test passes.
    fn without_each(&self, grants: &Grants) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        if grants.statements.iter().all(|(_, test)| test.is_none()) {
            return Ok(found);
        }
        let role = self.role(&format!("{}{}", self.stage_prefix, grants.function))?;
        for (sid, test) in &grants.statements {
            let Some(test) = test else { continue };
            let begun = Instant::now();
            let problem = match self.passes_without(&role, sid, test)? {
                Some(false) => None,
                Some(true) => Some(format!("{test} passes without it")),
                None => Some("no policy of the function has this statement".to_owned()),
            };
            say(format!(
                "  {:<18} {sid:<34} {:>5.1} s  {}",
                grants.function,
                begun.elapsed().as_secs_f32(),
                problem.as_deref().unwrap_or(test)
            ));
            found.extend(problem.map(|problem| format!("{}: {sid}: {problem}", grants.function)));
        }
        self.renew(&role, "")?;
        Ok(found)
    }

    /// Whether the test passes while the role has no statement of this name; `None` if it never has one.
    fn passes_without(&self, role: &Role, sid: &str, test: &str) -> Result<Option<bool>, Error> {
        let has = |document: &Value| {
            let mut statements = document["Statement"].as_array().into_iter().flatten();
            statements.any(|statement| statement["Sid"] == sid)
        };
        let Some((policy, document)) = role.policies.iter().find(|(_, document)| has(document)) else {
            return Ok(None);
        };
        let mut cut = document.clone();
        if let Some(statements) = cut["Statement"].as_array_mut() {
            statements.retain(|statement| statement["Sid"] != sid);
        }
        self.put(&role.name, policy, &cut)?;
        self.renew(role, sid)?;
        let passed = self.passes(test, PATIENCE)?;
        self.put(&role.name, policy, document)?;
        Ok(Some(passed))
    }

    fn role(&self, function: &str) -> Result<Role, Error> {
        let configuration = self.json(&[
            "lambda",
            "get-function-configuration",
            "--function-name",
            function,
        ])?;
        let arn = configuration["Role"].as_str().unwrap_or_default();
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        let variables = configuration["Environment"]["Variables"].as_object();
        let listed = self.json(&["iam", "list-role-policies", "--role-name", &name])?;
        let mut policies = Vec::new();
        for policy in listed["PolicyNames"].as_array().into_iter().flatten() {
            let policy = policy.as_str().unwrap_or_default();
            let arguments = ["iam", "get-role-policy", "--role-name", &name];
            let found = self.json(&[arguments.as_slice(), &["--policy-name", policy]].concat())?;
            policies.push((policy.to_owned(), found["PolicyDocument"].clone()));
        }
        Ok(Role {
            function: function.to_owned(),
            policies,
            variables: variables.cloned().unwrap_or_default(),
            name,
        })
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
    fn renew(&self, role: &Role, trial: &str) -> Result<(), Error> {
        let mut variables = role.variables.clone();
        if !trial.is_empty() {
            variables.insert("GRANT_TRIAL".to_owned(), trial.into());
        }
        let environment = json!({"Variables": variables}).to_string();
        let arguments = [
            "lambda",
            "update-function-configuration",
            "--function-name",
            &role.function,
            "--environment",
            &environment,
        ];
        self.aws.run(arguments).map(drop)
    }

    /// Whether the test passes. One that waits too long has missed something.
    fn passes(&self, test: &str, patience: Duration) -> Result<bool, Error> {
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
            if begun.elapsed() > patience {
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
        let statement = |sid: &str, test: Option<&str>| (sid.to_owned(), test.map(str::to_owned));
        assert_eq!(
            read(text).expect("it can be read"),
            [Grants {
                function: "create-job".to_owned(),
                statements: vec![
                    statement("AcceptJobs", Some("api::a_test")),
                    statement("Other", None)
                ],
            }]
        );
        assert!(read("- a list").is_err());
    }
}
