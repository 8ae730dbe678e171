//! The processes of a stack: started in groups of their own, remembered in a file, ended together.
//!
//! A process is known by its number AND its start time, so that a number that the system has given to someone else
//! since is never signalled.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};

use crate::command;
use crate::error::Error;
use crate::stack::files;

/// How long a process may take to end when it is asked to, before it is made to.
const GRACE: Duration = Duration::from_secs(5);
/// How long a process may take that has something to save.
const GRACE_TO_SAVE: Duration = Duration::from_mins(1);
/// How often an ending process is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// A process as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    pid: i32,
    /// When it started, in the system's own words.
    started: String,
}

/// The processes of one stack.
#[derive(Debug)]
pub(crate) struct Processes {
    file: PathBuf,
    logs: PathBuf,
    entries: Vec<Entry>,
    /// Those that this very program started. They have to be waited for when they end.
    children: Vec<Child>,
}

impl Processes {
    /// The processes that are remembered in a stack's folder.
    pub(crate) fn of(directory: &Path) -> Self {
        let file = directory.join("processes.json");
        let entries = std::fs::read(&file)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        Self {
            file,
            logs: directory.join("logs"),
            entries,
            children: Vec::new(),
        }
    }

    /// True if this process runs.
    pub(crate) fn is_running(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.name == name && is_alive(entry))
    }

    /// Where a process's output goes.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// The end of what a process has printed.
    pub(crate) fn end_of_log(&self, name: &str) -> String {
        let text = std::fs::read(self.log(name)).unwrap_or_default();
        command::last_lines(&String::from_utf8_lossy(&text), 30)
    }

    /// Starts a process in a group of its own, so that Ctrl-C reaches it only through us, and remembers it.
    pub(crate) fn start(&mut self, name: &str, command: &mut Command) -> Result<(), Error> {
        let log = self.log(name);
        std::fs::create_dir_all(&self.logs).map_err(Error::file("create", &self.logs))?;
        let output = File::create(&log).map_err(Error::file("create", &log))?;
        let errors = output.try_clone().map_err(Error::file("write", &log))?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(|source| Error::Start {
                program: name.to_owned(),
                source,
            })?;
        let pid = i32::try_from(child.id()).expect("process numbers fit the system's own type");
        self.children.push(child);
        if let Some(Look { started, .. }) = look(pid) {
            self.entries.retain(|entry| entry.name != name);
            self.entries.push(Entry {
                name: name.to_owned(),
                pid,
                started,
            });
            self.remember()?;
        }
        Ok(())
    }

    /// Asks one process to end, and waits until it has saved what it has to. None is killed: what it had would be lost.
    pub(crate) fn stop(&mut self, name: &str) -> Result<(), Error> {
        self.stop_within(name, GRACE_TO_SAVE)
    }

    fn stop_within(&mut self, name: &str, grace: Duration) -> Result<(), Error> {
        let is_ending = |entry: &&Entry| entry.name == name && is_alive(entry);
        let ending: Vec<Entry> = self.entries.iter().filter(is_ending).cloned().collect();
        if !ask_to_end(&ending, grace) {
            return Err(Error::Stack(format!("{name} has not ended within {grace:?}")));
        }
        kill(&ending);
        self.entries.retain(|entry| entry.name != name);
        self.remember()
    }

    /// Ends every process, the last started first. Answers how many ran.
    pub(crate) fn stop_all(&mut self) -> Result<usize, Error> {
        let mut ending = std::mem::take(&mut self.entries);
        ending.reverse();
        let count = ending.iter().filter(|entry| is_alive(entry)).count();
        self.end(ending);
        self.remember()?;
        Ok(count)
    }

    fn end(&mut self, entries: Vec<Entry>) {
        let alive: Vec<Entry> = entries.into_iter().filter(is_alive).collect();
        ask_to_end(&alive, GRACE);
        kill(&alive);
        self.children
            .retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }

    fn remember(&self) -> Result<(), Error> {
        files::write(&self.file, &self.entries)
    }
}

/// Asks processes to end, and waits for them; false where some have not ended by then.
fn ask_to_end(entries: &[Entry], within: Duration) -> bool {
    for entry in entries {
        signal(entry, Signal::TERM);
    }
    let asked = Instant::now();
    while entries.iter().any(is_alive) {
        if asked.elapsed() >= within {
            return false;
        }
        std::thread::sleep(LOOK);
    }
    true
}

/// Ends what is left of these processes. A group may hold more than its first process, so it is signalled even where that one has
/// ended.
fn kill(entries: &[Entry]) {
    for entry in entries {
        signal(entry, Signal::KILL);
    }
}

/// Signals a process's group. That it has just ended is no error.
fn signal(entry: &Entry, signal: Signal) {
    if let Some(group) = Pid::from_raw(entry.pid) {
        let _ = kill_process_group(group, signal);
    }
}

fn is_alive(entry: &Entry) -> bool {
    look(entry.pid).is_some_and(|look| look.started == entry.started && !look.is_zombie)
}

/// What the system says of a process.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    started: String,
    /// It has ended and only waits for its parent to notice.
    is_zombie: bool,
}

fn look(pid: i32) -> Option<Look> {
    if Path::new("/proc/self/stat").exists() {
        return parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?);
    }
    let output = Command::new("ps")
        .args(["-o", "state=,lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    parse_ps(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `/proc/<pid>/stat` (proc(5)): the state is field 3, the start time field 22. Field 2 is the program's name in
/// brackets and may itself hold spaces and brackets.
fn parse_stat(text: &str) -> Option<Look> {
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(Look {
        started: (*fields.get(19)?).to_owned(),
        is_zombie: *fields.first()? == "Z",
    })
}

/// Reads the line of `ps -o state=,lstart=`, for systems without `/proc`.
fn parse_ps(text: &str) -> Option<Look> {
    let (state, started) = text.trim().split_once(char::is_whitespace)?;
    Some(Look {
        started: started.trim().to_owned(),
        is_zombie: state.starts_with('Z'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(processes: &mut Processes, name: &str) {
        processes
            .start(name, Command::new("sleep").arg("30"))
            .expect("sleep starts");
    }

    #[test]
    fn a_started_process_runs_and_is_ended_with_the_rest() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut processes = Processes::of(folder.path());
        sleeper(&mut processes, "first");
        sleeper(&mut processes, "second");
        assert!(processes.is_running("first"));

        // Another run of the program knows them from the file.
        let mut later = Processes::of(folder.path());
        assert!(later.is_running("second"));
        assert_eq!(later.stop_all().expect("the file can be written"), 2);
        assert!(!processes.is_running("first") && !processes.is_running("second"));
        assert_eq!(Processes::of(folder.path()).entries, []);
    }

    #[test]
    fn a_process_that_is_still_saving_is_waited_for_and_not_killed() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut processes = Processes::of(folder.path());
        let (ready, saved) = (folder.path().join("ready"), folder.path().join("saved"));
        let script = "trap 'sleep 0.3; touch \"$2\"; exit' TERM; touch \"$1\"; while :; do sleep 0.01; done";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).args([&ready, &saved]);
        processes.start("slow", &mut command).expect("sh starts");
        while !ready.exists() {
            std::thread::sleep(LOOK);
        }
        let too_soon = processes.stop_within("slow", Duration::ZERO);
        assert!(too_soon.is_err() && processes.is_running("slow"));
        processes
            .stop_within("slow", Duration::from_secs(30))
            .expect("it ends");
        assert!(saved.exists() && !processes.is_running("slow"));
    }

    #[test]
    fn a_number_that_someone_else_has_now_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut processes = Processes::of(folder.path());
        sleeper(&mut processes, "ours");
        let mut recycled = processes.entries[0].clone();
        recycled.started = "0".to_owned();
        assert!(!is_alive(&recycled));
        processes.end(vec![recycled]);
        assert!(processes.is_running("ours"));
        processes.stop_all().expect("the file can be written");
        assert!(!processes.is_running("ours"));
    }

    #[test]
    fn the_systems_words_are_understood() {
        let stat = "77 (a (b) c) S 1 77 77 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456 10000 100 18446744073709551615";
        assert_eq!(
            parse_stat(stat),
            Some(Look {
                started: "123456".to_owned(),
                is_zombie: false
            })
        );
        let ps = "Z    Sun Nov 22 21:45:50 2026\n";
        assert_eq!(
            parse_ps(ps),
            Some(Look {
                started: "Sun Nov 22 21:45:50 2026".to_owned(),
                is_zombie: true
            })
        );
        assert_eq!(parse_ps(""), None);
    }
}
