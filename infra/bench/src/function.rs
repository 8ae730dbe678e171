//! A function's process between its start and its end.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustix::process::{Pid, Signal};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::environment;
use crate::error::Error;
use crate::runtime_api::{Call, RuntimeApi};

/// How long a call may be waited for. Under valgrind all takes fifty times as long.
const PATIENCE: Duration = Duration::from_mins(3);

/// The most that is shown of what a function printed.
const SHOWN_BYTES: usize = 2_000;

/// A program that can be started as a function.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The function's name.
    pub(crate) name: String,
    /// Its `bootstrap`.
    pub(crate) path: PathBuf,
}

/// Where a function's process finds things, and where it leaves them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// What answers as AWS.
    pub(crate) aws_url: &'a str,
    /// What answers as Google.
    pub(crate) google_url: &'a str,
    /// A folder for logs and profiles.
    pub(crate) scratch: &'a Path,
}

/// A process that serves a function.
#[derive(Debug)]
pub(crate) struct Running {
    name: String,
    child: Child,
    api: RuntimeApi,
    log: PathBuf,
    begun: Instant,
    waiting: Option<oneshot::Sender<Bytes>>,
}

/// An answer, and when it came.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// After the event was handed over.
    pub(crate) after_event: Duration,
    /// After the process was started.
    pub(crate) after_start: Duration,
    /// What was answered; `None` where the function said that it could not do with the event.
    pub(crate) answer: Option<Bytes>,
}

impl Running {
    /// Starts the program; `wrapper` is what it runs under, such as valgrind with its options.
    pub(crate) async fn start(
        program: &Program,
        surroundings: Surroundings<'_>,
        wrapper: &[String],
    ) -> Result<Self, Error> {
        let api = RuntimeApi::listen().await?;
        let log = surroundings.scratch.join(format!("{}.log", program.name));
        let output = File::create(&log).map_err(Error::file("create", &log))?;
        let errors = output.try_clone().map_err(Error::file("write", &log))?;
        let mut words = wrapper.iter().map(PathBuf::from).chain([program.path.clone()]);
        let mut command = Command::new(words.next().expect("the program itself is a word"));
        command
            .args(words)
            .env_clear()
            .envs(environment::of_function(&program.name, surroundings))
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .kill_on_drop(true);
        let begun = Instant::now();
        let child = command.spawn().map_err(|source| Error::Start {
            program: program.name.clone(),
            source,
        })?;
        Ok(Self {
            name: program.name.clone(),
            child,
            api,
            log,
            begun,
            waiting: None,
        })
    }

    /// Waits until it asks for its first event, and answers how long that took from its start on.
    pub(crate) async fn ready(&mut self) -> Result<Duration, Error> {
        let at = self.next().await?;
        Ok(at.duration_since(self.begun))
    }

    /// Hands over an event and waits for the answer, and until it asks for the next event. That a function says that it could
    /// not do with an event is an answer, too: there is nothing in the table for most.
    pub(crate) async fn invoke(&mut self, event: &Bytes) -> Result<Answered, Error> {
        if self.waiting.is_none() {
            self.next().await?;
        }
        let waiting = self.waiting.take().expect("it waits for an event by now");
        let given = Instant::now();
        let _ = waiting.send(event.clone());
        let (answered, answer) = loop {
            match self.call().await? {
                (at, Call::Answer(answer)) => break (at, Some(answer)),
                (at, Call::Failure(_)) => break (at, None),
                (_, Call::Next(sender)) => self.waiting = Some(sender),
            }
        };
        if self.waiting.is_none() {
            self.next().await?;
        }
        Ok(Answered {
            after_event: answered.duration_since(given),
            after_start: answered.duration_since(self.begun),
            answer,
        })
    }

    /// The largest resident set so far, in bytes.
    pub(crate) fn peak(&self) -> Result<u64, Error> {
        let status = self.process().and_then(|process| process.status());
        let status = status.map_err(|error| self.error(format!("is gone ({error})")))?;
        // The kernel has it in KiB.
        Ok(status.vmhwm.unwrap_or_default() * 1024)
    }

    /// The seconds of a processor that it took so far.
    #[expect(clippy::cast_precision_loss, reason = "ticks of hours are fewer than 2^52")]
    pub(crate) fn processor_time(&self) -> Result<f64, Error> {
        let stat = self.process().and_then(|process| process.stat());
        let stat = stat.map_err(|error| self.error(format!("is gone ({error})")))?;
        Ok((stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64)
    }

    fn process(&self) -> procfs::ProcResult<procfs::process::Process> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        procfs::process::Process::new(id.unwrap_or_default())
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn end(mut self) -> Result<(), Error> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(id) = id.and_then(Pid::from_raw) {
            let _ = rustix::process::kill_process(id, Signal::TERM);
        }
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        match ended {
            Ok(Ok(_)) => Ok(()),
            _ => Err(self.error("does not end".to_owned())),
        }
    }

    async fn next(&mut self) -> Result<Instant, Error> {
        match self.call().await? {
            (at, Call::Next(sender)) => {
                self.waiting = Some(sender);
                Ok(at)
            }
            (_, Call::Failure(words)) => Err(self.error(format!("says {}", String::from_utf8_lossy(&words)))),
            (_, Call::Answer(_)) => Err(self.error("answers what nobody has asked".to_owned())),
        }
    }

    async fn call(&mut self) -> Result<(Instant, Call), Error> {
        tokio::select! {
            call = self.api.call() => call.ok_or_else(|| self.error("has no Runtime API".to_owned())),
            status = self.child.wait() => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(self.error(format!("has ended ({status})")))
            }
            () = tokio::time::sleep(PATIENCE) => Err(self.error("is silent".to_owned())),
        }
    }

    /// An error of this function, with what it printed last.
    pub(crate) fn error(&self, what: String) -> Error {
        let printed = std::fs::read(&self.log).unwrap_or_default();
        let from = printed.len().saturating_sub(SHOWN_BYTES);
        Error::Program {
            program: self.name.clone(),
            what,
            output: String::from_utf8_lossy(&printed[from..]).into_owned(),
        }
    }
}
