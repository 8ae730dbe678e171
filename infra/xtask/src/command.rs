//! Running other programs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::error::Error;
use crate::workspace::Workspace;

/// How many lines of a failed program's output a person gets to read.
const OUTPUT_LINES: usize = 40;

/// A cargo command that builds where the workspace builds.
pub(crate) fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new(&workspace.environment.cargo);
    command
        .args(arguments)
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", workspace.target_directory());
    // `cargo run` sets these for this program; a cargo below it must find its own.
    for variable in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
    ] {
        command.env_remove(variable);
    }
    command
}

/// Runs a program whose output the person sees.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(start_error(command))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Program {
        program: name(command),
        status,
        output: String::new(),
    })
}

/// Runs a program quietly and gives back what it wrote to its standard output. What it said is shown if it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String, Error> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(start_error(command))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::Program {
        program: name(command),
        status: output.status,
        output: end_of(&output),
    })
}

/// The last lines of a text.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// The program's name with its first arguments, for messages.
pub(crate) fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy().into_owned()];
    // More words than these are paths and options, which help nobody in a one-line message.
    words.extend(
        command
            .get_args()
            .take(3)
            .map(OsStr::to_string_lossy)
            .map(std::borrow::Cow::into_owned),
    );
    words.join(" ")
}

fn start_error(command: &Command) -> impl FnOnce(std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    move |source| Error::Start { program, source }
}

fn end_of(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    last_lines(&text, OUTPUT_LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_with_the_end_of_its_output() {
        let error = capture(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]))
            .expect_err("the program ends with 3");
        let text = error.to_string();
        assert!(text.starts_with("sh -c"), "{text}");
        assert!(text.contains("\n    one\n    two"), "{text}");
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        assert_eq!(last_lines("1\n2\n3\n", 2), "2\n3");
        assert_eq!(last_lines("1\n", 5), "1");
    }
}
