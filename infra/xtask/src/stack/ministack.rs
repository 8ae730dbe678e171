//! MiniStack: AWS on this machine (<https://github.com/ministackorg/ministack>).

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use crate::console::Step;
use crate::environment;
use crate::error::Error;
use crate::python::Venv;
use crate::stack::processes::Processes;
use crate::stack::{aws, ready};

/// The name of its process and of its log.
pub(crate) const NAME: &str = "ministack";
/// The port that AWS emulators usually have.
pub(crate) const USUAL_PORT: u16 = 4566;

/// How a MiniStack is started.
#[derive(Debug)]
pub(crate) struct MiniStack<'a> {
    /// Where it is installed.
    pub(crate) venv: &'a Venv,
    /// The address that it listens on; its own default is every interface of the machine.
    pub(crate) host: Ipv4Addr,
    /// The port that it listens on.
    pub(crate) port: u16,
    /// What the state machine's waits are multiplied with.
    pub(crate) wait_scale: &'a str,
    /// Where it unpacks the functions.
    pub(crate) scratch: &'a Path,
    /// What stands between the functions and it, and where it keeps its state over a restart.
    pub(crate) faults: Option<Faults<'a>>,
}

/// How a MiniStack is started that things are to happen to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Faults<'a> {
    /// Where the functions call AWS.
    pub(crate) proxy: &'a str,
    /// The folder of its state.
    pub(crate) state: &'a Path,
}

impl MiniStack<'_> {
    /// Where it answers.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&self, processes: &mut Processes) -> Result<(), Error> {
        let step = Step::begin("MiniStack");
        std::fs::create_dir_all(self.scratch).map_err(Error::file("create", self.scratch))?;
        processes.start(NAME, &mut self.command())?;
        ready::wait(processes, NAME, &format!("{}/_ministack/ready", self.endpoint())).await?;
        step.end(self.endpoint());
        Ok(())
    }

    /// The functions inherit MiniStack's environment, so it gets a clean one: what a function reads must come from the
    /// template, as it does on AWS.
    fn command(&self) -> Command {
        let mut command = Command::new(self.venv.program("ministack"));
        command.env_clear();
        for name in KEPT {
            if let Some(value) = environment::inherited(name) {
                command.env(name, value);
            }
        }
        let endpoint = self.endpoint();
        // The functions have it from its environment.
        aws::point(&mut command, self.faults.map_or(&endpoint, |faults| faults.proxy));
        if let Some(faults) = self.faults {
            command.env("PERSIST_STATE", "1").env("STATE_DIR", faults.state);
            // Objects are kept apart.
            command
                .env("S3_PERSIST", "1")
                .env("S3_DATA_DIR", faults.state.join("s3"));
        }
        command
            .env("GATEWAY_PORT", self.port.to_string())
            .env("BIND_HOST", self.host.to_string())
            // Every call is checked against the caller's IAM policy. The proxy changes `Host`, which signatures cover.
            .env("AUTH", if self.faults.is_some() { "false" } else { "true" })
            .env("SFN_WAIT_SCALE", self.wait_scale)
            .env("TMPDIR", self.scratch)
            // Two listeners of no use here, whose fixed ports would clash between two stacks.
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .env("PYTHONUNBUFFERED", "1");
        command
    }
}

/// Changes how long the state machine waits in a MiniStack that runs.
pub(crate) async fn set_wait_scale(endpoint: &str, scale: &str) -> Result<(), Error> {
    let scale: f64 = scale
        .parse()
        .expect("the scales are constants of this crate and numbers");
    ready::client()?
        .post(format!("{endpoint}/_ministack/config"))
        .json(&serde_json::json!({"stepfunctions._SFN_WAIT_SCALE": scale}))
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map(drop)
        .map_err(Error::http("MiniStack's settings"))
}

/// What MiniStack and the functions keep of the person's environment: where programs and certificates are, and how the
/// network is reached when the real Gemini is used.
const KEPT: [&str; 9] = [
    "PATH",
    "HOME",
    "LANG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];
