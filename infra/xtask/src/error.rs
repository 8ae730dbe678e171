//! What can go wrong in a command, in words that say what to do about it.

use std::path::PathBuf;

/// A command's failure. Its text is what the person reads.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line asks for something that cannot be: a photo that is not there, an impossible count.
    #[error("{0}")]
    Usage(String),

    /// Something that a command needs is not on this machine.
    #[error("{what} is missing: {advice}")]
    Missing {
        /// What was looked for.
        what: String,
        /// What to do about it.
        advice: String,
    },

    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried: `read`, `write`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// A program could not be started.
    #[error("cannot start {program}: {source}")]
    Start {
        /// The program's name.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },

    /// A program ended with an error.
    #[error("{program} failed ({status}){}", indented(output))]
    Program {
        /// The program and its first arguments.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// The end of what it printed, empty where the person has seen it already.
        output: String,
    },

    /// A part of the local stack did not come up or went away.
    #[error("{0}")]
    Stack(String),

    /// A request of ours to the local stack or to the API failed on the way.
    #[error("cannot reach {what}: {source}")]
    Http {
        /// What was asked.
        what: String,
        /// What the client said.
        source: reqwest::Error,
    },

    /// The demo did not get all that it asked for.
    #[error("{0}")]
    Demo(String),

    /// The person has asked for the end.
    #[error("interrupted; everything that was started has been ended")]
    Interrupted,

    /// Checks or tests found something; the details are above in the output.
    #[error("{0}")]
    Found(String),
}

impl Error {
    /// Something that a command needs is missing.
    pub(crate) fn missing(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Missing {
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// Gives an input or output error its file.
    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }

    /// Gives an HTTP client's error the thing that was asked.
    pub(crate) fn http(what: impl Into<String>) -> impl FnOnce(reqwest::Error) -> Self {
        let what = what.into();
        move |source| Self::Http {
            what,
            source: source.without_url(),
        }
    }

    /// The exit code: 2 where the command line is at fault, 130 after Ctrl-C as in a shell, 1 for the rest.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Interrupted => 130,
            _ => 1,
        }
    }
}

/// The lines of a program's output, set off from the sentence before them.
fn indented(output: &str) -> String {
    if output.trim().is_empty() {
        return String::new();
    }
    output
        .trim_end()
        .lines()
        .fold(":".to_owned(), |text, line| text + "\n    " + line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programs_output_is_set_off_and_nothing_is_said_where_there_is_none() {
        assert_eq!(indented("first\nsecond\n"), ":\n    first\n    second");
        assert_eq!(indented(" \n"), "");
    }

    #[test]
    fn only_the_command_line_is_blamed_with_code_two() {
        assert_eq!(Error::Usage("no such photo".to_owned()).exit_code(), 2);
        assert_eq!(Error::Demo("nine of ten images".to_owned()).exit_code(), 1);
    }
}
