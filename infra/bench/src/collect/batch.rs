//! The embedded Gemini with a batch of ten pictures that is done.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::error::Error;
use crate::job_row;

/// What the pictures are asked from; the product's default.
const MODEL: &str = "gemini-nano-banana-2.1";
/// How long the pictures may take to be drawn.
const PATIENCE: Duration = Duration::from_mins(5);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// The headers of an upload (<https://ai.google.dev/api/files>).
const PROTOCOL: (&str, &str) = ("x-goog-upload-protocol", "resumable");

/// An embedded Gemini that runs. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Gemini {
    /// Where it is.
    pub(crate) url: String,
    http: reqwest::Client,
    _process: Child,
}

impl Gemini {
    /// Starts it and waits until it answers.
    pub(crate) async fn start(program: &Path, scratch: &Path) -> Result<Self, Error> {
        let file = scratch.join("gemini.url");
        // One that ran before has left its own.
        let _ = std::fs::remove_file(&file);
        let process = Command::new(program)
            .arg("--url-file")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| Error::Start {
                program: program.display().to_string(),
                source,
            })?;
        let begun = Instant::now();
        let url = loop {
            if let Ok(url) = std::fs::read_to_string(&file) {
                break url;
            }
            if begun.elapsed() > PATIENCE {
                return Err(Error::answer("the embedded Gemini", "it does not listen"));
            }
            tokio::time::sleep(PAUSE).await;
        };
        let http = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build();
        Ok(Self {
            url: url.trim().to_owned(),
            http: http.map_err(failed)?,
            _process: process,
        })
    }

    /// Has ten pictures of 2K drawn, and answers the name of the batch when it is done.
    pub(crate) async fn finished_batch(&self) -> Result<String, Error> {
        let file = self.upload(requests()).await?;
        let body = json!({"batch": {"displayName": "bench", "inputConfig": {"fileName": file}}});
        let batch = self
            .send(
                self.http
                    .post(format!("{}/v1/models/{MODEL}:batchGenerateContent", self.url))
                    .json(&body),
            )
            .await?;
        let name = text(&batch, "/name")?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let batch = self
                .send(self.http.get(format!("{}/v1/{name}", self.url)))
                .await?;
            let state = text(&batch, "/metadata/state")?;
            if state.ends_with("SUCCEEDED") {
                return Ok(name);
            }
            if !state.ends_with("PENDING") && !state.ends_with("RUNNING") {
                return Err(Error::answer(
                    "the embedded Gemini",
                    format!("the batch is {state}"),
                ));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::answer("the embedded Gemini", "the batch does not end"))
    }

    async fn upload(&self, lines: String) -> Result<String, Error> {
        let begin = self
            .http
            .post(format!("{}/upload/v1/files", self.url))
            .header(PROTOCOL.0, PROTOCOL.1)
            .header("x-goog-upload-command", "start")
            .header("x-goog-upload-header-content-length", lines.len().to_string())
            .header("x-goog-upload-header-content-type", "application/jsonl")
            .header("x-goog-api-key", "key-of-the-measurements")
            .json(&json!({"file": {"displayName": "requests", "mimeType": "application/jsonl"}}));
        let answer = begin.send().await.map_err(failed)?;
        let to = answer
            .headers()
            .get("x-goog-upload-url")
            .and_then(|url| url.to_str().ok())
            .ok_or_else(|| Error::answer("the embedded Gemini", "it names no place for the upload"))?
            .to_owned();
        let upload = self
            .http
            .post(to)
            .header("x-goog-upload-command", "upload, finalize")
            .header("x-goog-upload-offset", "0")
            .body(lines);
        text(&self.send(upload).await?, "/file/name")
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Error> {
        let request = request.header("x-goog-api-key", "key-of-the-measurements");
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        let body = answer.text().await.map_err(failed)?;
        if !status.is_success() {
            return Err(Error::answer("the embedded Gemini", format!("{status}: {body}")));
        }
        serde_json::from_str(&body).map_err(|error| Error::answer("the embedded Gemini", error))
    }
}

/// The requests, one a line, as submit-batch writes them.
fn requests() -> String {
    (0..job_row::IMAGES).fold(String::new(), |mut lines, index| {
        let request = json!({
            "contents": [{"role": "user", "parts": [{"text": job_row::prompt(index)}]}],
            "generationConfig": {
                "responseModalities": ["TEXT", "IMAGE"],
                "imageConfig": {"aspectRatio": "1:1", "imageSize": "2K"},
            },
        });
        let _ = writeln!(
            lines,
            "{}",
            json!({"key": job_row::image_id(index), "request": request})
        );
        lines
    })
}

fn text(value: &Value, pointer: &str) -> Result<String, Error> {
    let text = value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| Error::answer("the embedded Gemini", format!("no {pointer} in {value}")))
}

fn failed(error: reqwest::Error) -> Error {
    Error::answer("the embedded Gemini", error)
}
