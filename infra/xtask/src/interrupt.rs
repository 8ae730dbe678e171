//! Waiting for the person, or the system, to ask for the end.

use futures_util::FutureExt;
use tokio::signal::unix::{SignalKind, signal};

use crate::error::Error;

/// Ctrl-C and the system's wish that we end. While one of these exists, neither ends the program by itself, so that what
/// was started can be ended first.
#[derive(Debug)]
pub(crate) struct Interrupt {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Interrupt {
    /// Begins to listen.
    pub(crate) fn listen() -> Result<Self, Error> {
        let start =
            |kind| signal(kind).map_err(|source| Error::Stack(format!("cannot listen for Ctrl-C: {source}")));
        Ok(Self {
            interrupt: start(SignalKind::interrupt())?,
            terminate: start(SignalKind::terminate())?,
        })
    }

    /// Waits until the end is asked for.
    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// True if the end has been asked for by now.
    pub(crate) fn was_asked(&mut self) -> bool {
        self.asked().now_or_never().is_some()
    }
}
