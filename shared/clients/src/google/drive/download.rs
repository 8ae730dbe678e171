//! Reading a file's content, part by part.

use bytes::Bytes;
use packshot_domain::drive::FileRef;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_RANGE, RANGE},
};
use secrecy::SecretString;

use super::{Drive, DriveError, SHORT_WAIT};
use crate::outbound::{self, Repeatable};

impl Drive {
    /// Opens a file's content. Whoever reads it gets at most `most` bytes, and [`DriveError::TooLarge`] where there are more.
    pub async fn download(
        &self,
        token: &SecretString,
        file: &FileRef,
        most: u64,
    ) -> Result<MediaDownload, DriveError> {
        let mut download = MediaDownload {
            drive: self.clone(),
            token: token.clone(),
            file: file.clone(),
            most,
            received: 0,
            to_skip: 0,
            total: None,
            response: None,
            attempt: 1,
        };
        while let Err(error) = download.connect().await {
            download.recover(error).await?;
        }
        Ok(download)
    }
}

/// A file on its way to us. A connection that breaks is taken up where it broke.
#[derive(Debug)]
pub struct MediaDownload {
    drive: Drive,
    token: SecretString,
    file: FileRef,
    most: u64,
    /// How many bytes were handed on.
    received: u64,
    /// How many bytes of the answer were handed on before: a server may answer a part's request with the whole.
    to_skip: u64,
    /// The size of the whole, where Drive has told it.
    total: Option<u64>,
    /// `None` while there is no connection.
    response: Option<Response>,
    /// How often the same place was tried.
    attempt: u32,
}

impl MediaDownload {
    /// The next part; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, DriveError> {
        loop {
            let error = match self.next_part().await {
                Ok(Some(part)) => match self.take(part)? {
                    Some(part) => return Ok(Some(part)),
                    None => continue,
                },
                Ok(None) if self.is_whole() => return Ok(None),
                Ok(None) => DriveError::unreadable("the file ended before its end"),
                Err(error) => error,
            };
            self.recover(error).await?;
        }
    }

    /// Lets the connection go and waits a moment, where trying again helps.
    async fn recover(&mut self, error: DriveError) -> Result<(), DriveError> {
        self.response = None;
        match error.short_wait(self.attempt, SHORT_WAIT) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(error),
        }
        self.attempt += 1;
        Ok(())
    }

    async fn next_part(&mut self) -> Result<Option<Bytes>, DriveError> {
        if self.response.is_none() {
            self.connect().await?;
        }
        match &mut self.response {
            Some(response) => response.chunk().await.map_err(DriveError::from_transport),
            None => Ok(None),
        }
    }

    /// What of a part is new.
    fn take(&mut self, mut part: Bytes) -> Result<Option<Bytes>, DriveError> {
        let known = self.to_skip.min(part.len() as u64);
        self.to_skip -= known;
        let known = usize::try_from(known).unwrap_or(part.len());
        let part = part.split_off(known);
        if part.is_empty() {
            return Ok(None);
        }
        self.received += part.len() as u64;
        if self.received > self.most {
            return Err(DriveError::TooLarge);
        }
        self.attempt = 1;
        Ok(Some(part))
    }

    fn is_whole(&self) -> bool {
        self.total.is_none_or(|total| self.received == total)
    }

    /// Asks for the rest of the file.
    async fn connect(&mut self) -> Result<(), DriveError> {
        let url = self.drive.url(
            &format!("drive/v3/files/{}", self.file.id),
            [("alt", "media"), ("supportsAllDrives", "true")],
        );
        let mut request = self.drive.request(&self.token, Method::GET, url, [&self.file]);
        if self.received > 0 {
            request = request.header(RANGE, format!("bytes={}-", self.received));
        }
        // No limit for the whole: a photo may have 50 MB. The client's limit between reads holds.
        let response = outbound::send::<DriveError>(request).await?;
        let (offset, total) = extent(&response)?;
        if total.is_some_and(|total| total > self.most) {
            return Err(DriveError::TooLarge);
        }
        let is_another = self.total.is_some() && self.total != total;
        if is_another || offset > self.received {
            return Err(DriveError::unreadable("the file changed while it was read"));
        }
        self.total = total;
        self.to_skip = self.received - offset;
        self.response = Some(response);
        Ok(())
    }
}

/// Where in the file the answer begins, and how large the file is.
fn extent(response: &Response) -> Result<(u64, Option<u64>), DriveError> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok((0, response.content_length()));
    }
    let range = response.headers().get(CONTENT_RANGE);
    let range = range.and_then(|value| {
        let (span, total) = value.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
        let (first, _) = span.split_once('-')?;
        Some((first.parse().ok()?, total.parse().ok()))
    });
    range.ok_or_else(|| DriveError::unreadable("a part of the file says not which"))
}
