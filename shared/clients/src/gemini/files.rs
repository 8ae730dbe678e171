//! The Files API: resumable uploads in chunks, and downloads of what a batch generated.
//!
//! Protocol: <https://ai.google.dev/gemini-api/docs/files> (`X-Goog-Upload-*` headers).

use bytes::Bytes;
use packshot_domain::job::ProviderFile;
use reqwest::{
    Method, Response, Url,
    header::{CONTENT_LENGTH, LOCATION},
};
use serde::Deserialize;
use serde_json::json;

use super::{Gemini, GeminiError, SHORT_WAIT, VERSION, errors, send};
use crate::outbound::Repeatable;

/// The chunk size of the official SDKs; every chunk but the last must be a multiple of 256 KiB.
const CHUNK_BYTES: usize = 8 * 1024 * 1024;

/// A file at Gemini.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadedFile {
    /// `files/…`
    pub name: String,
    uri: String,
    mime_type: String,
}

impl From<UploadedFile> for ProviderFile {
    fn from(file: UploadedFile) -> Self {
        Self {
            uri: file.uri,
            content_type: file.mime_type,
        }
    }
}

#[derive(Deserialize)]
struct Uploaded {
    file: UploadedFile,
}

/// How far an upload is.
enum Progress {
    /// The server has this many bytes and wants the rest.
    Active(usize),
    /// It has all.
    Final(UploadedFile),
}

impl Gemini {
    /// Uploads one file. A chunk whose answer is lost is taken up where the server says it stands.
    pub async fn upload(
        &self,
        display_name: &str,
        content_type: &str,
        bytes: Bytes,
    ) -> Result<UploadedFile, GeminiError> {
        let upload_url = self.start_upload(display_name, content_type, bytes.len()).await?;
        let mut offset = 0;
        let mut attempt = 1;
        loop {
            match self.send_chunk(&upload_url, &bytes, offset).await {
                Ok(Progress::Final(file)) => return Ok(file),
                Ok(Progress::Active(received)) => offset = received,
                Err(error) => {
                    let Some(wait) = error.short_wait(attempt, SHORT_WAIT) else {
                        return Err(error);
                    };
                    tokio::time::sleep(wait).await;
                    attempt += 1;
                    match self.query_upload(&upload_url, offset).await? {
                        Progress::Final(file) => return Ok(file),
                        Progress::Active(received) => offset = received,
                    }
                }
            }
        }
    }

    async fn start_upload(
        &self,
        display_name: &str,
        content_type: &str,
        size: usize,
    ) -> Result<String, GeminiError> {
        let url = format!("{}/upload/{VERSION}/files", self.base_url);
        let mut attempt = 1;
        loop {
            let request = self
                .request_to(Method::POST, &url)
                .await?
                .header("X-Goog-Upload-Protocol", "resumable")
                .header("X-Goog-Upload-Command", "start")
                .header("X-Goog-Upload-Header-Content-Length", size)
                .header("X-Goog-Upload-Header-Content-Type", content_type)
                .json(&json!({"file": {"displayName": display_name, "mimeType": content_type}}));
            match send(request).await {
                Ok(response) => return header(&response, "x-goog-upload-url"),
                Err(error) => match error.short_wait(attempt, SHORT_WAIT) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(error),
                },
            }
            attempt += 1;
        }
    }

    async fn send_chunk(
        &self,
        upload_url: &str,
        bytes: &Bytes,
        offset: usize,
    ) -> Result<Progress, GeminiError> {
        let end = bytes.len().min(offset + CHUNK_BYTES);
        let is_last = end == bytes.len();
        let request = self
            .http
            .post(upload_url)
            .header("X-Goog-Upload-Offset", offset)
            .header(
                "X-Goog-Upload-Command",
                if is_last { "upload, finalize" } else { "upload" },
            )
            .header(CONTENT_LENGTH, end - offset)
            .body(bytes.slice(offset..end));
        progress(send(request).await?, end).await
    }

    async fn query_upload(&self, upload_url: &str, offset: usize) -> Result<Progress, GeminiError> {
        let request = self
            .http
            .post(upload_url)
            .header("X-Goog-Upload-Command", "query")
            .header(CONTENT_LENGTH, 0);
        let response = send(request).await?;
        let received = header(&response, "x-goog-upload-size-received")
            .ok()
            .and_then(|size| size.parse().ok());
        progress(response, received.unwrap_or(offset)).await
    }

    /// Opens the download of a file that a batch generated.
    pub async fn download(&self, file: &str) -> Result<Download, GeminiError> {
        let request = self
            .request(Method::GET, &format!("{file}:download?alt=media"))
            .await?;
        // No limit for the whole: the file may be hundreds of megabytes. The client's limit between reads holds.
        let mut response = request.send().await.map_err(GeminiError::from_transport)?;
        if let Some(elsewhere) = redirect_of(&response) {
            let request = if elsewhere.origin() == response.url().origin() {
                self.request_to(Method::GET, elsewhere.as_str()).await?
            } else {
                self.http.get(elsewhere)
            };
            response = request.send().await.map_err(GeminiError::from_transport)?;
        }
        errors::check(response).await.map(Download)
    }
}

/// Where an answer leads instead.
fn redirect_of(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let is_redirect = response.status().is_redirection();
    is_redirect.then(|| response.url().join(location).ok()).flatten()
}

/// A file on its way to us, to be read chunk by chunk.
#[derive(Debug)]
pub struct Download(Response);

impl Download {
    /// The next part; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, GeminiError> {
        self.0.chunk().await.map_err(GeminiError::from_transport)
    }
}

async fn progress(response: Response, received: usize) -> Result<Progress, GeminiError> {
    if header(&response, "x-goog-upload-status")? != "final" {
        return Ok(Progress::Active(received));
    }
    let uploaded: Uploaded = super::read_json(response).await?;
    Ok(Progress::Final(uploaded.file))
}

fn header(response: &Response, name: &str) -> Result<String, GeminiError> {
    let value = response.headers().get(name).and_then(|value| value.to_str().ok());
    value
        .map(str::to_owned)
        .ok_or_else(|| GeminiError::unreadable(format!("the answer has no {name} header")))
}

#[cfg(test)]
mod tests {
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{header_exists, method, path},
    };

    use super::*;
    use crate::aws;

    /// A Gemini whose key is in a parameter store of the same address.
    async fn gemini() -> (MockServer, Gemini) {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(header_exists("x-amz-target"))
            .respond_with(
                ResponseTemplate::new(200).set_body_json(json!({"Parameter": {"Value": "key-of-the-test"}})),
            )
            .mount(&server)
            .await;
        let config = aws::config_at(&server.uri());
        let gemini = Gemini::new(&config, &server.uri(), "key".to_owned()).expect("a client");
        (server, gemini)
    }

    async fn leads_to(server: &MockServer, location: &str) {
        Mock::given(path("/v1/files/one:download"))
            .respond_with(ResponseTemplate::new(302).insert_header("location", location))
            .mount(server)
            .await;
    }

    #[tokio::test]
    async fn a_download_that_leads_to_another_host_is_followed_without_the_key() {
        let (server, gemini) = gemini().await;
        let elsewhere = MockServer::start().await;
        Mock::given(path("/results"))
            .respond_with(ResponseTemplate::new(200).set_body_string("lines"))
            .mount(&elsewhere)
            .await;
        leads_to(&server, &format!("{}/results", elsewhere.uri())).await;
        let mut download = gemini.download("files/one").await.expect("a download");
        assert_eq!(
            download.chunk().await.expect("readable").as_deref(),
            Some(&b"lines"[..])
        );
        let asked = elsewhere.received_requests().await.expect("recorded");
        assert!(!asked[0].headers.contains_key("x-goog-api-key"));
    }

    #[tokio::test]
    async fn a_download_that_leads_to_another_path_is_followed_with_the_key() {
        let (server, gemini) = gemini().await;
        Mock::given(path("/results"))
            .and(header_exists("x-goog-api-key"))
            .respond_with(ResponseTemplate::new(200).set_body_string("lines"))
            .mount(&server)
            .await;
        leads_to(&server, "/results").await;
        let mut download = gemini.download("files/one").await.expect("a download");
        assert_eq!(
            download.chunk().await.expect("readable").as_deref(),
            Some(&b"lines"[..])
        );
    }
}
