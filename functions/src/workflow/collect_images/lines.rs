//! The lines of a download, one at a time.

use bytes::Bytes;
use packshot_clients::gemini::{Download, GeminiError};
use tracing::warn;

use crate::runtime::TaskError;

/// The longest line that is kept: a 64 MB image in base64. A longer one is skipped, not read into memory.
const LONGEST_LINE: usize = 88 * 1024 * 1024;

/// Lines as they arrive.
#[derive(Debug)]
pub(super) struct Lines {
    download: Download,
    /// What has arrived after the last line that was handed out.
    rest: Bytes,
}

impl Lines {
    pub(super) const fn new(download: Download) -> Self {
        Self {
            download,
            rest: Bytes::new(),
        }
    }

    /// The next line that is not empty; `None` at the end.
    ///
    /// Each line is its own allocation, so that it is given back as soon as its picture is decoded.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, TaskError> {
        let mut line = Vec::new();
        let mut is_too_long = false;
        loop {
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let part = self.rest.split_to(end.unwrap_or(self.rest.len()));
            if line.len() + part.len() > LONGEST_LINE {
                is_too_long = true;
                line = Vec::new();
            }
            if !is_too_long {
                line.extend_from_slice(&part);
            }
            if end.is_some() {
                self.rest = self.rest.slice(1..);
                if is_too_long {
                    warn!("A line of the result file is too long");
                    is_too_long = false;
                } else if !line.trim_ascii().is_empty() {
                    return Ok(Some(line));
                }
                line.clear();
                continue;
            }
            match self
                .download
                .chunk()
                .await
                .map_err(|error: GeminiError| TaskError::transient(error))?
            {
                Some(chunk) => self.rest = chunk,
                None => return Ok((!is_too_long && !line.trim_ascii().is_empty()).then_some(line)),
            }
        }
    }
}
