//! Answers the rows of a batch in the background, as soon as it is created.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::sync::watch;

use super::batch::Results;
use super::blob::Blob;
use super::files::{Origin, StoredFile};
use super::rows::{self, Outcome, Row};
use super::{Gemini, off_thread};
use crate::error::ApiError;
use crate::faults::BatchFaults;

/// The answering of a batch's rows.
#[derive(Debug)]
pub(super) struct Work {
    /// Where results go.
    pub(super) gemini: Arc<Gemini>,
    /// The rows.
    pub(super) rows: Arc<Vec<Row>>,
    /// What is to be wrong with them.
    pub(super) faults: Arc<BatchFaults>,
    /// Set when nobody wants the results any more.
    pub(super) stop: Arc<AtomicBool>,
    /// Id of the result file, for batches that came as a file.
    pub(super) file_id: Option<String>,
}

impl Work {
    /// Answers all rows, then hands the results to `sender`.
    pub(super) async fn run(self, sender: watch::Sender<Option<Arc<Results>>>) {
        match self.results().await {
            Ok(Some(results)) => {
                sender.send_replace(Some(Arc::new(results)));
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "The rows of a batch could not be answered"),
        }
    }

    /// The results; `None` if the batch was stopped.
    async fn results(&self) -> Result<Option<Results>, ApiError> {
        let mut tasks = Vec::new();
        for index in 0..self.rows.len() {
            let (rows, faults, gemini, stop) = (
                Arc::clone(&self.rows),
                Arc::clone(&self.faults),
                Arc::clone(&self.gemini),
                Arc::clone(&self.stop),
            );
            tasks.push(tokio::spawn(async move {
                let _place = gemini.gallery.place().await;
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let own = Arc::clone(&gemini);
                off_thread(move || {
                    let row = &rows[index];
                    let fault = faults.row(index, row.key.as_deref());
                    let outcome = row.run(fault, &own.gallery, &own.scratch);
                    outcome
                        .map(Some)
                        .map_err(|error| ApiError::new(500, error.to_string()))
                })
                .await
            }));
        }
        let mut outcomes: Vec<Outcome> = Vec::new();
        for task in tasks {
            match task
                .await
                .map_err(|error| ApiError::new(500, error.to_string()))??
            {
                Some(outcome) => outcomes.push(outcome),
                None => return Ok(None),
            }
        }
        if self.faults.shuffle {
            outcomes.reverse();
        }
        let failed = outcomes.iter().filter(|outcome| outcome.failed).count();
        let gemini = Arc::clone(&self.gemini);
        let file_id = self.file_id.clone();
        let lines = off_thread(move || {
            let lines = rows::join(&outcomes, &gemini.scratch);
            let lines = lines.map_err(|error| ApiError::new(500, error.to_string()))?;
            if let Some(id) = file_id {
                gemini.files.add(result_file(id, &lines, gemini.clock.now()))?;
            }
            Ok(lines)
        })
        .await?;
        Ok(Some(Results { lines, failed }))
    }
}

fn result_file(id: String, lines: &Arc<Blob>, created: Timestamp) -> StoredFile {
    StoredFile {
        id,
        display_name: String::new(),
        mime_type: "application/jsonl".to_owned(),
        sha256: hex::encode(lines.digest()),
        origin: Origin::Generated,
        created,
        content: Arc::clone(lines),
    }
}
