//! The same work by other programs, each a process that prints what it took.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use super::Run;
use crate::environment;
use crate::error::Error;
use crate::function::Surroundings;
use crate::job_row;

/// A program that does what collect-images does.
#[derive(Debug)]
pub(crate) struct Other {
    /// What it is called in a folder of its own.
    pub(crate) name: String,
    /// What it is made of.
    made_of: &'static str,
    interpreter: PathBuf,
    script: PathBuf,
}

impl Other {
    /// The one in Python; `python` has the packages of `infra/python/bench.txt`.
    pub(crate) fn python(python: &Path, root: &Path) -> Self {
        Self {
            name: "python".to_owned(),
            made_of: "Python (google-genai, Pillow, boto3)",
            interpreter: python.to_path_buf(),
            script: root.join("infra/bench/python/collect_images.py"),
        }
    }

    /// The one in Node, whose packages lie beside it.
    pub(crate) fn node(node: &Path, root: &Path) -> Self {
        Self {
            name: "node".to_owned(),
            made_of: "Node (fetch, sharp, AWS SDK)",
            interpreter: node.to_path_buf(),
            script: root.join("infra/bench/node/collect-images.js"),
        }
    }

    /// How it is shown.
    pub(crate) fn title(&self) -> String {
        self.made_of.to_owned()
    }

    /// One run.
    pub(crate) async fn run(&self, surroundings: Surroundings<'_>) -> Result<Run, Error> {
        let key = json!({"pk": {"S": job_row::partition()}, "sk": {"S": job_row::sort()}});
        let mut command = Command::new(&self.interpreter);
        command
            .arg(&self.script)
            .envs(environment::of_function(&self.name, surroundings))
            .env("GEMINI_API_KEY", "key-of-the-measurements")
            .env("JOB_KEY", key.to_string())
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .stdin(Stdio::null());
        // What the person's shell says of AWS is about something else, and the allocator's setting is for the functions.
        for variable in [
            "AWS_PROFILE",
            "AWS_SESSION_TOKEN",
            "GOOGLE_API_KEY",
            "MALLOC_MMAP_THRESHOLD_",
        ] {
            command.env_remove(variable);
        }
        let begun = Instant::now();
        let output = tokio::task::spawn_blocking(move || command.output());
        let output = output.await.expect("starting a program does not panic");
        let output = output.map_err(|source| Error::Start {
            program: self.made_of.to_owned(),
            source,
        })?;
        let seconds_with_start = begun.elapsed().as_secs_f64();
        let printed = String::from_utf8_lossy(&output.stdout);
        let taken = printed
            .lines()
            .last()
            .and_then(|line| serde_json::from_str::<Run>(line).ok());
        match taken {
            Some(run) if output.status.success() => Ok(Run {
                seconds_with_start,
                ..run
            }),
            _ => Err(Error::Program {
                program: self.made_of.to_owned(),
                what: format!("has not done its work ({})", output.status),
                output: String::from_utf8_lossy(&output.stderr).into_owned(),
            }),
        }
    }
}
