//! `cargo xtask test`: every test of the project, on a stack of its own.

mod conformance;
mod description;
mod grants;
mod guide;
mod journeys;
mod page;
mod secrets;

use std::process::Command;

use crate::command;
use crate::console;
use crate::error::Error;
use crate::python::{Tools, Venv};
use crate::quality::{Report, Verdict};
use crate::stack::{Stack, Up};
use crate::workspace::Workspace;

/// What `test` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Run only the Rust tests whose names contain one of these words, and the steps `description`, `guide`, `page`,
    /// `journeys`, `lighthouse`, `watch` and `grants` where one of them is the word
    #[arg(value_name = "WORD")]
    filters: Vec<String>,
}

/// Runs the tests and ends the stack whatever they say.
pub(crate) async fn test(workspace: &Workspace, test: &Test) -> Result<(), Error> {
    let runner = Venv::ready(workspace, Tools::Test)?;
    let stack = Stack::of_tests(workspace);
    // A stack that a killed run has left would have its data, too.
    stack.down()?;
    let mut report = Report::new()?;
    console::heading("The test suite's own stack");
    let result = match stack.up().await {
        Ok(up) => {
            let suite = Suite {
                workspace,
                filters: &test.filters,
                runner: &runner,
                stack: &stack,
            };
            suite.run(&up, &mut report).await
        }
        Err(_) if report.interrupt.was_asked() => Err(Error::Interrupted),
        Err(error) => Err(error),
    };
    stack.down()?;
    if result.is_err() || report.has_failures() {
        console::say(format!(
            "\nThe logs of the stack are in {}.",
            stack.logs().display()
        ));
    }
    result?;
    report.close("test")
}

/// True if a word chooses a step, or a part of one, and no Rust test.
fn names_a_step(word: &str) -> bool {
    matches!(
        word,
        "description" | "grants" | "guide" | "page" | "journeys" | "lighthouse" | "watch"
    ) || word.contains(".spec")
}

/// The step of the Rust tests.
const TESTS: &str = "tests";

/// What the tests are run with.
struct Suite<'a> {
    workspace: &'a Workspace,
    filters: &'a [String],
    runner: &'a Venv,
    stack: &'a Stack,
}

impl Suite<'_> {
    async fn run(&self, up: &Up, report: &mut Report) -> Result<(), Error> {
        if self.filters.is_empty() {
            report.step("examples in the documents", || self.documents())?;
            conformance::run(self.workspace, &up.programs, report).await?;
        }
        if self.wants("description") {
            report.step("the API against its description", || {
                description::check(self.workspace, &up.file)
            })?;
            report.step("examples of the description", || {
                description::check_examples(self.workspace, &up.file)
            })?;
        }
        if self.wants("guide") {
            guide::run(self.workspace, &up.file, report).await?;
        }
        if self.wants("page") {
            report.step("the page's units", || page::check(self.workspace))?;
        }
        if self.wants("journeys") {
            report.step("journeys in a browser", || {
                journeys::run(self.workspace, &self.stack.file(), self.filters)
            })?;
        }
        if self.wants("lighthouse") {
            report.step("the page's speed", || {
                journeys::audit(self.workspace, &self.stack.file())
            })?;
        }
        if !self.names_steps_only() {
            report.step(TESTS, || self.tests())?;
        }
        if self.wants("watch") {
            report.step("events by cargo lambda", || self.watched())?;
        }
        if self.wants("grants") {
            // Only a run of all of them has seen that each passes.
            let have_passed = self.filters.is_empty() && report.has_passed(TESTS);
            report.step("each grant is needed", || self.grants(up, have_passed))?;
        }
        if self.filters.is_empty() {
            // Last: these are the logs of all that ran before.
            report.step("no secret in the logs", || {
                secrets::check(&self.stack.aws(&up.file)?, &up.file, &self.stack.secrets())
            })?;
        }
        Ok(())
    }

    /// True if the words choose steps, and no Rust test.
    fn names_steps_only(&self) -> bool {
        !self.filters.is_empty() && self.filters.iter().all(|word| names_a_step(word))
    }

    /// True if this step is to be run: with all of them, or because it is named.
    fn wants(&self, step: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|word| word == step)
    }

    fn grants(&self, up: &Up, have_passed: bool) -> Result<Verdict, Error> {
        let aws = self.stack.aws(&up.file)?;
        let stack = (&aws, &up.file);
        grants::check(
            self.workspace,
            stack,
            self.runner,
            &self.stack.file(),
            have_passed,
        )
    }

    fn documents(&self) -> Result<Verdict, Error> {
        let arguments = ["test", "--workspace", "--doc", "--locked", "--quiet"];
        command::run(&mut command::cargo(self.workspace, &arguments))?;
        Ok(Verdict::Passed)
    }

    fn tests(&self) -> Result<Verdict, Error> {
        command::run(self.nextest().args(self.filters))?;
        Ok(Verdict::Passed)
    }

    /// The tests of the sample events once more, by `cargo lambda watch` and `cargo lambda invoke`.
    fn watched(&self) -> Result<Verdict, Error> {
        let cargo_lambda = Venv::ready(self.workspace, Tools::Release)?.program("cargo-lambda");
        let port = self.stack.watch(&cargo_lambda)?;
        let mut nextest = self.nextest();
        // `tests/support` reads them.
        nextest
            .env("PACKSHOT_CARGO_LAMBDA", cargo_lambda)
            .env("PACKSHOT_WATCH_PORT", port.to_string());
        nextest.args(["--filterset", "package(packshot-tests) & test(/^events::/)"]);
        command::run(&mut nextest)?;
        Ok(Verdict::Passed)
    }

    fn nextest(&self) -> Command {
        let mut nextest = Command::new(self.runner.program("cargo-nextest"));
        nextest
            .args(["nextest", "run", "--workspace", "--locked"])
            .current_dir(&self.workspace.root)
            .env("CARGO", &self.workspace.environment.cargo)
            .env("CARGO_TARGET_DIR", self.workspace.target_directory())
            // `tests/support` reads it.
            .env("PACKSHOT_STACK", self.stack.file());
        if self.workspace.environment.is_ci {
            nextest.args(["--profile", "ci"]);
        }
        nextest
    }
}
