//! Putting folders and files into a Drive.
//!
//! Their ids are asked for first and kept by the caller, so that a call whose answer got lost can be made again: Drive makes
//! nothing a second time under an id ([`DriveError::AlreadyThere`])
//! (<https://developers.google.com/workspace/drive/api/guides/create-file#generate-file-ids>).

use std::time::Duration;

use bytes::Bytes;
use packshot_domain::drive::{FOLDER_TYPE, FileId, FileRef};
use rand::RngExt;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE},
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    CALL_TIME_LIMIT, Drive, DriveError, SHORT_WAIT, ask, errors,
    file::{DriveFile, FIELDS, WireFile},
    read_json,
};
use crate::outbound::{self, Repeatable};

/// What goes up in one request; larger files go in a session that can be resumed
/// (<https://developers.google.com/workspace/drive/api/guides/manage-uploads>).
const MOST_IN_ONE_REQUEST: usize = 5 * 1024 * 1024;

/// How long one request with a file's content may take.
const UPLOAD_TIME_LIMIT: Duration = Duration::from_mins(3);

/// A folder to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewFolder<'a> {
    /// One of [`Drive::new_ids`].
    pub id: &'a FileId,
    /// Its name.
    pub name: &'a str,
    /// In which folder.
    pub parent: &'a FileRef,
}

/// A file to be made.
#[derive(Debug, Clone)]
pub struct NewFile<'a> {
    /// One of [`Drive::new_ids`].
    pub id: &'a FileId,
    /// Its name.
    pub name: &'a str,
    /// In which folder.
    pub parent: &'a FileRef,
    /// Its type.
    pub mime_type: &'a str,
    /// For those who do not see it.
    pub description: Option<&'a str>,
    /// Its content.
    pub bytes: Bytes,
}

#[derive(Deserialize)]
struct WireIds {
    ids: Vec<String>,
}

impl Drive {
    /// Ids for files and folders to be made, up to 1000.
    pub async fn new_ids(&self, token: &SecretString, count: usize) -> Result<Vec<FileId>, DriveError> {
        let count_text = count.to_string();
        let url = self.url(
            "drive/v3/files/generateIds",
            [
                ("count", count_text.as_str()),
                ("space", "drive"),
                ("type", "files"),
            ],
        );
        let answer: WireIds = ask(self.request(token, Method::GET, url, None)).await?;
        let ids: Result<Vec<FileId>, _> = answer.ids.iter().map(|id| id.parse()).collect();
        match ids {
            Ok(ids) if ids.len() == count => Ok(ids),
            Ok(_) => Err(DriveError::unreadable("there are not as many ids as asked for")),
            Err(error) => Err(DriveError::unreadable(error)),
        }
    }

    /// Makes a folder.
    pub async fn create_folder(
        &self,
        token: &SecretString,
        folder: &NewFolder<'_>,
    ) -> Result<DriveFile, DriveError> {
        let url = self.url(
            "drive/v3/files",
            [("fields", FIELDS), ("supportsAllDrives", "true")],
        );
        let metadata = json!({
            "id": folder.id.as_str(),
            "name": folder.name,
            "mimeType": FOLDER_TYPE,
            "parents": [folder.parent.id.as_str()],
        });
        let request = self
            .request(token, Method::POST, url, [folder.parent])
            .json(&metadata);
        let wire: WireFile = ask(request).await?;
        DriveFile::try_from(wire)
    }

    /// Makes a file with its content.
    pub async fn upload(&self, token: &SecretString, file: &NewFile<'_>) -> Result<DriveFile, DriveError> {
        let wire = if file.bytes.len() <= MOST_IN_ONE_REQUEST {
            self.upload_at_once(token, file).await?
        } else {
            self.upload_in_session(token, file).await?
        };
        DriveFile::try_from(wire)
    }

    fn upload_url(&self, kind: &str) -> Url {
        self.url(
            "upload/drive/v3/files",
            [
                ("uploadType", kind),
                ("fields", FIELDS),
                ("supportsAllDrives", "true"),
            ],
        )
    }

    /// Metadata and content as the two parts of one body (RFC 2387).
    async fn upload_at_once(&self, token: &SecretString, file: &NewFile<'_>) -> Result<WireFile, DriveError> {
        // Random, so that no picture holds it.
        let boundary = format!("packshot-{:032x}", rand::rng().random::<u128>());
        let head = format!(
            "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{}\r\n--{boundary}\r\nContent-Type: {}\r\n\r\n",
            metadata(file),
            file.mime_type,
        );
        let body = [
            head.as_bytes(),
            &file.bytes,
            format!("\r\n--{boundary}--\r\n").as_bytes(),
        ]
        .concat();
        let request = self
            .request(token, Method::POST, self.upload_url("multipart"), [file.parent])
            .header(CONTENT_TYPE, format!("multipart/related; boundary={boundary}"))
            .body(body);
        ask(request).await
    }

    async fn upload_in_session(
        &self,
        token: &SecretString,
        file: &NewFile<'_>,
    ) -> Result<WireFile, DriveError> {
        let session = self.open_session(token, file).await?;
        let mut attempt = 1;
        let mut offset = 0;
        loop {
            let error = match self.send_rest(&session, file, offset).await {
                Ok(Sent::Whole(wire)) => return Ok(*wire),
                Ok(Sent::Part(_)) => DriveError::unreadable("the upload ended before its end"),
                Err(error) => error,
            };
            match error.short_wait(attempt, SHORT_WAIT) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
            attempt += 1;
            match self.ask_session(&session, file).await? {
                Sent::Whole(wire) => return Ok(*wire),
                Sent::Part(received) => offset = received,
            }
        }
    }

    /// Opens a session; its address is the right to use it.
    async fn open_session(&self, token: &SecretString, file: &NewFile<'_>) -> Result<Url, DriveError> {
        let request = self
            .request(token, Method::POST, self.upload_url("resumable"), [file.parent])
            .header("x-upload-content-type", file.mime_type)
            .header("x-upload-content-length", file.bytes.len())
            .json(&metadata(file));
        let session = outbound::repeat(
            request.timeout(CALL_TIME_LIMIT),
            SHORT_WAIT,
            async |response: Response| {
                let location = response.headers().get(LOCATION);
                let location = location.and_then(|value| value.to_str().ok()).unwrap_or("");
                Url::parse(location).map_err(DriveError::unreadable)
            },
        )
        .await?;
        if session.origin() == self.base_url.origin() {
            Ok(session)
        } else {
            Err(DriveError::unreadable("the upload session is not at Google"))
        }
    }

    async fn send_rest(&self, session: &Url, file: &NewFile<'_>, offset: usize) -> Result<Sent, DriveError> {
        let size = file.bytes.len();
        let rest = file.bytes.slice(offset.min(size)..);
        let request = self
            .http
            .put(session.clone())
            .timeout(UPLOAD_TIME_LIMIT)
            .header(
                CONTENT_RANGE,
                format!("bytes {offset}-{}/{size}", size.saturating_sub(1)),
            )
            .body(rest);
        sent(request.send().await.map_err(DriveError::from_transport)?).await
    }

    /// Asks how far a session is.
    async fn ask_session(&self, session: &Url, file: &NewFile<'_>) -> Result<Sent, DriveError> {
        let request = self
            .http
            .put(session.clone())
            .header(CONTENT_LENGTH, 0)
            .header(CONTENT_RANGE, format!("bytes */{}", file.bytes.len()));
        sent(request.send().await.map_err(DriveError::from_transport)?).await
    }
}

/// How far an upload is.
enum Sent {
    /// Drive has this many bytes.
    Part(usize),
    /// It has all.
    Whole(Box<WireFile>),
}

async fn sent(response: Response) -> Result<Sent, DriveError> {
    // "Resume Incomplete", a meaning of Google's own.
    if response.status() == StatusCode::PERMANENT_REDIRECT {
        let range = response.headers().get(RANGE);
        let last = range.and_then(|value| value.to_str().ok()?.strip_prefix("bytes=0-")?.parse().ok());
        return Ok(Sent::Part(last.map_or(0, |last: usize| last + 1)));
    }
    Ok(Sent::Whole(Box::new(
        read_json(errors::check(response).await?).await?,
    )))
}

fn metadata(file: &NewFile<'_>) -> Value {
    let mut metadata = json!({
        "id": file.id.as_str(),
        "name": file.name,
        "mimeType": file.mime_type,
        "parents": [file.parent.id.as_str()],
    });
    if let Some(description) = file.description {
        metadata["description"] = json!(description);
    }
    metadata
}
