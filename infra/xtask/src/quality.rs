//! Checks and tests: several steps, of which all are run, so that one look at the end shows everything that is wrong.

mod containers;
pub(crate) mod lint;
mod lock_files;
mod scripts;
mod security;
pub(crate) mod test;
mod workflows;

use std::time::{Duration, Instant};

use crate::console::{self, say, seconds};
use crate::error::Error;
use crate::interrupt::Interrupt;

/// The steps of a command and how they ended.
#[derive(Debug)]
struct Report {
    interrupt: Interrupt,
    outcomes: Vec<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    name: String,
    time: Duration,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Passed,
    /// Something was found, in these words.
    Failed(String),
    /// Not possible here, with the reason.
    Skipped(String),
}

/// What a step answers when it has found nothing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// It could not look, for this reason.
    Skipped(String),
}

impl Report {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            interrupt: Interrupt::listen()?,
            outcomes: Vec::new(),
        })
    }

    /// Runs a step. Once the person has asked for the end, no further step begins.
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<Verdict, Error>) -> Result<(), Error> {
        if self.interrupt.was_asked() {
            return Err(Error::Interrupted);
        }
        console::heading(name);
        let begun = Instant::now();
        let state = match step() {
            Ok(Verdict::Passed) => State::Passed,
            Ok(Verdict::Skipped(reason)) => {
                say(format!("skipped: {reason}"));
                State::Skipped(reason)
            }
            Err(error) => {
                let words = error.to_string();
                say(&words);
                State::Failed(words)
            }
        };
        if self.interrupt.was_asked() {
            return Err(Error::Interrupted);
        }
        self.outcomes.push(Outcome {
            name: name.to_owned(),
            time: begun.elapsed(),
            state,
        });
        Ok(())
    }

    /// Whether a step was run and found nothing.
    fn has_passed(&self, name: &str) -> bool {
        let mut named = self.outcomes.iter().filter(|outcome| outcome.name == name);
        named.any(|outcome| outcome.state == State::Passed)
    }

    fn has_failures(&self) -> bool {
        self.failures().next().is_some()
    }

    /// The steps that found something, with their words.
    fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.outcomes.iter().filter_map(|outcome| match &outcome.state {
            State::Failed(words) => Some((outcome.name.as_str(), words.as_str())),
            State::Passed | State::Skipped(_) => None,
        })
    }

    /// Shows how the steps ended, and once more what was found: the output of a step that failed early is far above the end.
    /// It is an error if one has failed.
    fn close(self, command: &str) -> Result<(), Error> {
        console::heading(format!("{command}: summary"));
        for outcome in &self.outcomes {
            let word = match &outcome.state {
                State::Passed => "ok".to_owned(),
                State::Failed(_) => "FAILED".to_owned(),
                State::Skipped(reason) => format!("skipped: {reason}"),
            };
            say(format!(
                "  {:<28} {:>12}  {word}",
                outcome.name,
                seconds(outcome.time)
            ));
        }
        for (name, words) in self.failures() {
            say(format!("\n{name}: {words}"));
        }
        let failed: Vec<&str> = self.failures().map(|(name, _)| name).collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(Error::Found(format!(
            "{command} found something wrong in: {}",
            failed.join(", ")
        )))
    }
}
