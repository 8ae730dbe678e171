//! The embedded Google: Gemini unless the real one is wanted, and always who signs people in.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::console::Step;
use crate::error::Error;
use crate::stack::build::Programs;
use crate::stack::processes::Processes;
use crate::stack::{ports, ready, seed};

/// The name of its process and of its log.
pub(crate) const NAME: &str = "fake-google";
/// The port that a person's stack has it on: the next one to MiniStack's. Browsers are sent there to sign in.
pub(crate) const USUAL_PORT: u16 = 4567;
/// Where the real Gemini is (<https://ai.google.dev/api>).
const REAL_GEMINI: &str = "https://generativelanguage.googleapis.com";
/// What is kept as the API key while the fake one is used; it takes any.
const FAKE_KEY: &str = "local-key-of-the-fake-gemini";
/// Our client at the embedded Google.
const CLIENT_ID: &str = "packshot-local.apps.googleusercontent.example";
/// Its secret, which opens nothing anywhere else.
pub(super) const CLIENT_SECRET: &str = "local-secret-of-the-fake-google";

/// How long the embedded Google may take to take an account.
const PATIENCE: Duration = Duration::from_secs(10);

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

    /// Where it is, while the embedded Google is at this address.
    pub(crate) fn url(&self, google_url: &str) -> String {
        match self {
            Self::Fake => google_url.to_owned(),
            Self::Real { .. } => REAL_GEMINI.to_owned(),
        }
    }
}

/// Starts the embedded Google and answers where it is.
pub(crate) async fn start(
    processes: &mut Processes,
    program: &Path,
    host: Ipv4Addr,
    port: u16,
) -> Result<String, Error> {
    let step = Step::begin("Google");
    let url = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(program);
    command.args(["--host", &host.to_string(), "--port", &port.to_string()]);
    command.args([
        "--oauth-client-id",
        CLIENT_ID,
        "--oauth-client-secret",
        CLIENT_SECRET,
    ]);
    processes.start(NAME, &mut command)?;
    ready::wait(processes, NAME, &format!("{url}/__calls")).await?;
    step.end(format!("{url} (the embedded one)"));
    Ok(url)
}

/// What the functions find in SSM as our client at Google, in the form of the file that Google's console hands out.
pub(crate) fn client() -> String {
    json!({"web": {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}}).to_string()
}

/// Gives the demo user an account at the embedded Google, so that they can sign in.
pub(crate) async fn add_demo_account(url: &str) -> Result<(), Error> {
    let account = json!({"email": seed::EMAIL, "name": "Demo seller", "sub": seed::GOOGLE_SUBJECT});
    let failed =
        |error: reqwest::Error| Error::Stack(format!("the embedded Google takes no account: {error}"));
    let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy();
    let request = http.build().map_err(failed)?.put(format!("{url}/__accounts"));
    let answer = request.json(&account).send().await.map_err(failed)?;
    answer.error_for_status().map(drop).map_err(failed)
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
        let url = start(&mut processes, programs.tool(NAME)?, Ipv4Addr::LOCALHOST, port).await?;
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
