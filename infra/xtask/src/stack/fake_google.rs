//! The embedded Gemini, or the real one.

use std::path::Path;
use std::process::Command;

use crate::console::Step;
use crate::error::Error;
use crate::stack::build::Programs;
use crate::stack::processes::Processes;
use crate::stack::{ports, ready};

/// The name of its process and of its log.
pub(crate) const NAME: &str = "fake-google";
/// Where the real Gemini is (<https://ai.google.dev/api>).
pub(crate) const REAL_URL: &str = "https://generativelanguage.googleapis.com";
/// What is kept as the API key while the fake one is used; it takes any.
const FAKE_KEY: &str = "local-key-of-the-fake-gemini";

/// Which Gemini a stack uses.
#[derive(Debug, Clone)]
pub(crate) enum Gemini {
    /// The one that the project brings along.
    Fake,
    /// Google's, with the person's key.
    Real {
        /// The key.
        api_key: String,
    },
}

impl Gemini {
    /// The key that the functions find in SSM.
    pub(crate) fn api_key(&self) -> &str {
        match self {
            Self::Fake => FAKE_KEY,
            Self::Real { api_key } => api_key,
        }
    }

    /// Starts what has to be started and answers where Gemini is.
    pub(crate) async fn start(
        &self,
        processes: &mut Processes,
        program: &Path,
        port: u16,
    ) -> Result<String, Error> {
        if let Self::Real { .. } = self {
            processes.stop(NAME)?;
            return Ok(REAL_URL.to_owned());
        }
        let step = Step::begin("Gemini");
        let url = format!("http://127.0.0.1:{port}");
        processes.start(NAME, Command::new(program).args(["--port", &port.to_string()]))?;
        ready::wait(processes, NAME, &format!("{url}/__calls")).await?;
        step.end(format!("{url} (the embedded one)"));
        Ok(url)
    }
}

/// An embedded Gemini by itself, without a stack.
#[derive(Debug)]
pub(crate) struct FakeGoogle {
    processes: Processes,
    url: String,
}

impl FakeGoogle {
    /// Starts one whose process and log are kept in this folder.
    pub(crate) async fn start(programs: &Programs, directory: &Path) -> Result<Self, Error> {
        let mut processes = Processes::of(directory);
        processes.stop_all()?;
        let port = ports::choose(None)?;
        let url = Gemini::Fake
            .start(&mut processes, programs.tool(NAME)?, port)
            .await?;
        Ok(Self { processes, url })
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends it.
    pub(crate) fn stop(mut self) -> Result<(), Error> {
        self.processes.stop_all().map(drop)
    }
}
