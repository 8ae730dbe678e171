//! Errors of AWS calls.

use std::error::Error;

/// Any error, boxed.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// An AWS call that did not succeed, after the SDK's own retries.
///
/// The source is kept for the log and never part of the message: an SDK error's text may quote what was sent.
#[derive(Debug, thiserror::Error)]
#[error("{action} did not succeed")]
pub struct AwsError {
    /// What was being done, as "reading job_…".
    pub action: String,
    /// What the SDK said.
    #[source]
    pub source: BoxError,
}

impl AwsError {
    /// An error of this action.
    pub fn new(action: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self {
            action: action.into(),
            source: source.into(),
        }
    }
}

/// An error with all its causes, for the log.
///
/// `SdkError` shows only "service error"; the code and message are further down the chain.
#[derive(Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
