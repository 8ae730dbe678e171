//! What can keep a measurement from being made, in words that say what to do about it.

use std::path::PathBuf;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Something that is measured, or measured with, is not there.
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
        /// Which.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program did not do what was to be measured.
    #[error("{program} {what}; the end of what it printed:\n{output}")]
    Program {
        /// Which.
        program: String,
        /// What it did instead.
        what: String,
        /// The end of its output.
        output: String,
    },
    /// A server of this machine did not answer as it should.
    #[error("{what} did not answer as it should: {why}")]
    Answer {
        /// What was asked.
        what: String,
        /// What came instead.
        why: String,
    },
}

impl Error {
    /// Something is not there.
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

    /// Something did not answer as it should.
    #[expect(clippy::needless_pass_by_value, reason = "words are made where they are said")]
    pub(crate) fn answer(what: impl Into<String>, why: impl ToString) -> Self {
        Self::Answer {
            what: what.into(),
            why: why.to_string(),
        }
    }
}
