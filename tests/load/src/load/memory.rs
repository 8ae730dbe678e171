//! The memory of every function's processes while the jobs run, as the kernel accounts for it (Linux only).

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    time::{Duration, Instant},
};

use procfs::process::Process;
use tokio::{sync::watch, task::JoinHandle};

/// How often the processes are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What MiniStack gives each function's process, as Lambda does.
const NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// A process, by its number and when it started: numbers come again.
type Id = (i32, u64);

/// One look at a process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Seconds since the beginning of the run.
    pub at: f64,
    /// Its resident set, in bytes.
    pub bytes: u64,
}

/// The memory of the processes of each function.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// By the function's name, without the stack's prefix: the samples of each process.
    pub functions: BTreeMap<String, Vec<Vec<Sample>>>,
}

/// The watch that is kept on them.
#[derive(Debug)]
pub(super) struct Watch {
    stop: watch::Sender<bool>,
    task: JoinHandle<Memory>,
}

impl Memory {
    /// Begins to watch the functions of the stack whose AWS is at this address.
    pub(super) fn watch(endpoint: &str, begun: Instant) -> Watch {
        let (stop, mut stopped) = watch::channel(false);
        let endpoint = endpoint.to_owned();
        let task = tokio::spawn(async move {
            let mut looks = Looks::new(endpoint);
            let mut clock = tokio::time::interval(EVERY);
            loop {
                tokio::select! {
                    _ = clock.tick() => looks.look(begun.elapsed().as_secs_f64()),
                    _ = stopped.changed() => return looks.into_memory(),
                }
            }
        });
        Watch { stop, task }
    }
}

impl Watch {
    /// Ends the watch and answers with all that was seen.
    pub(super) async fn end(self) -> Memory {
        // It cannot have ended by itself.
        let _ = self.stop.send(true);
        self.task.await.expect("the watch does not panic")
    }
}

#[derive(Debug)]
struct Looks {
    endpoint: String,
    /// The function of each process that was seen; `None` for those that are none of ours.
    known: BTreeMap<Id, Option<String>>,
    samples: BTreeMap<(String, Id), Vec<Sample>>,
}

impl Looks {
    fn new(endpoint: String) -> Self {
        Self {
            endpoint,
            known: BTreeMap::new(),
            samples: BTreeMap::new(),
        }
    }

    fn look(&mut self, at: f64) {
        let processes = procfs::process::all_processes().into_iter().flatten();
        // One that has ended since it was listed has nothing to say.
        for process in processes.flatten() {
            let Ok(stat) = process.stat() else { continue };
            let id = (stat.pid, stat.starttime);
            let endpoint = &self.endpoint;
            let function = self
                .known
                .entry(id)
                .or_insert_with(|| function(&process, endpoint));
            if let Some(function) = function {
                let sample = Sample {
                    at,
                    bytes: stat.rss * procfs::page_size(),
                };
                self.samples
                    .entry((function.clone(), id))
                    .or_default()
                    .push(sample);
            }
        }
    }

    fn into_memory(self) -> Memory {
        let mut functions: BTreeMap<String, Vec<Vec<Sample>>> = BTreeMap::new();
        for ((function, _), samples) in self.samples {
            functions.entry(function).or_default().push(samples);
        }
        Memory { functions }
    }
}

/// The function that a process serves, if it is one of this stack's.
fn function(process: &Process, endpoint: &str) -> Option<String> {
    let environment = process.environ().ok()?;
    let value = |name: &str| environment.get(OsStr::new(name))?.to_str();
    if value(ENDPOINT) != Some(endpoint) {
        return None;
    }
    // `packshot-<stage>-<function>`
    let name = value(NAME)?;
    Some(name.splitn(3, '-').last().unwrap_or(name).to_owned())
}
