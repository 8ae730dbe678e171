//! The public API, used as any program would: with a key, over HTTP.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::demo::photos::Photo;
use crate::error::Error;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A client with the demo user's key.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: reqwest::Client,
    base_url: String,
    key: String,
}

/// What a demo asks for, besides the photos.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// How many images.
    pub(crate) count: u8,
    /// What the product is called.
    pub(crate) title: Option<String>,
    /// The images' shape, like `4:5`.
    pub(crate) aspect_ratio: Option<String>,
}

impl Order {
    /// The fields of a request, without the photos.
    pub(crate) fn wish(&self) -> Value {
        let mut wish = json!({"count": self.count});
        if let Some(title) = &self.title {
            wish["product"] = json!({"title": title});
        }
        if let Some(ratio) = &self.aspect_ratio {
            wish["aspect_ratio"] = json!(ratio);
        }
        wish
    }

    fn wish_with(&self, uploads: &[String]) -> Value {
        let mut wish = self.wish();
        wish["images"] = json!(uploads);
        wish
    }
}

/// What a job would cost.
#[derive(Debug, Deserialize)]
struct Estimate {
    estimated_usd: String,
}

/// What we read of a job.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// One of the API's fixed names.
    pub(crate) status: String,
    /// The stage in a sentence for people.
    #[serde(default)]
    pub(crate) stage: String,
    /// 0 to 100.
    #[serde(default)]
    pub(crate) progress: u64,
    /// The images, each with its own state.
    #[serde(default)]
    pub(crate) images: Vec<Image>,
    /// What it cost.
    #[serde(default)]
    pub(crate) cost: Cost,
    /// Where to go from here.
    #[serde(default)]
    pub(crate) links: Links,
    /// What became of the images in its owner's Drive, if they asked for them there.
    pub(crate) saved_to_drive: Option<SavedToDrive>,
    /// Why it failed, if it did.
    pub(crate) error: Option<JobError>,
}

/// What became of a job's images in Drive.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SavedToDrive {
    /// `pending`, `saved` or `failed`.
    pub(crate) status: String,
    /// The new folder.
    pub(crate) folder_id: Option<String>,
    /// What it is called.
    pub(crate) folder_name: Option<String>,
    /// Why they are not there, for people.
    pub(crate) message: Option<String>,
}

impl Job {
    /// True if nothing will change any more.
    pub(crate) fn is_finished(&self) -> bool {
        matches!(self.status.as_str(), "completed" | "failed" | "canceled")
    }
}

/// What a job cost.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Cost {
    /// In US dollars, once it is known.
    pub(crate) actual_usd: Option<String>,
}

/// A job's links.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Links {
    /// The archive of all images.
    pub(crate) archive: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct JobError {
    /// The stable code.
    pub(crate) code: String,
    /// A sentence for people.
    #[serde(default)]
    pub(crate) message: String,
}

/// One image of a job.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Image {
    /// Its id.
    #[serde(default)]
    pub(crate) id: String,
    /// Its place in the set.
    pub(crate) index: u32,
    /// `pending`, `ready` or `failed`.
    pub(crate) status: String,
    /// Why there is none.
    pub(crate) reason: Option<String>,
    /// Why there is none, for people.
    pub(crate) message: Option<String>,
    /// Where it is.
    pub(crate) url: Option<String>,
    /// How wide it is said to be.
    pub(crate) width: Option<u32>,
    /// How high it is said to be.
    pub(crate) height: Option<u32>,
    /// Its latest retry.
    pub(crate) retry: Option<Retry>,
}

/// An image being made once more.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Retry {
    /// `pending`, `ready` or `failed`.
    pub(crate) status: String,
    /// Why there is no other, for people.
    pub(crate) message: Option<String>,
}

/// The answer to a request for an upload.
#[derive(Debug, Deserialize)]
struct Upload {
    #[serde(rename = "upload_id")]
    id: String,
    url: String,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
}

impl Api {
    /// A client for the product at this address.
    pub(crate) fn new(base_url: &str, key: &str) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .map_err(Error::http("the API"))?;
        Ok(Self {
            client,
            base_url: base_url.to_owned(),
            key: key.to_owned(),
        })
    }

    /// Uploads a photo through a presigned address and answers its upload id.
    pub(crate) async fn upload(&self, photo: &Photo) -> Result<String, Error> {
        let wish = json!({
            "filename": photo.filename,
            "content_type": photo.content_type,
            "size": photo.bytes.len(),
        });
        let upload: Upload = read(&self.post("uploads", &wish).await?, "the upload")?;
        let mut put = self.client.put(&upload.url).body(photo.bytes.clone());
        for (name, value) in &upload.headers {
            put = put.header(name, value);
        }
        let answer = put.send().await.map_err(Error::http("the bucket for uploads"))?;
        let status = answer.status();
        if !status.is_success() {
            let text = answer.text().await.unwrap_or_default();
            return Err(Error::Demo(format!(
                "the upload of {} is refused ({status}): {text}",
                photo.filename
            )));
        }
        Ok(upload.id)
    }

    /// What a job would cost, in US dollars; nothing is started.
    pub(crate) async fn estimate(&self, uploads: &[String], order: &Order) -> Result<String, Error> {
        let text = self
            .post("generate?dry_run=true", &order.wish_with(uploads))
            .await?;
        let estimate: Estimate = read(&text, "the cost")?;
        Ok(estimate.estimated_usd)
    }

    /// Starts a job whose webhook goes to this address.
    pub(crate) async fn generate(
        &self,
        uploads: &[String],
        order: &Order,
        callback_url: &str,
    ) -> Result<Job, Error> {
        let mut wish = order.wish_with(uploads);
        wish["callback_url"] = json!(callback_url);
        read(&self.post("generate", &wish).await?, "the job")
    }

    /// Has one image made once more, from another prompt.
    pub(crate) async fn retry(&self, job: &str, image: &str, prompt: &str) -> Result<(), Error> {
        let path = format!("jobs/{job}/images/{image}/retry");
        self.post(&path, &json!({"prompt": prompt})).await.map(drop)
    }

    /// Has a webhook sent once more.
    pub(crate) async fn replay(&self, event: &str) -> Result<(), Error> {
        let path = format!("webhook-deliveries/{event}/replay");
        self.post(&path, &json!({})).await.map(drop)
    }

    /// A job as it is now: what we read of it, and all that the API says.
    pub(crate) async fn job(&self, id: &str) -> Result<(Job, Value), Error> {
        let request = self
            .client
            .get(format!("{}/api/v1/jobs/{id}", self.base_url))
            .header("x-api-key", &self.key);
        let text = accepted(request).await?;
        Ok((read(&text, "the job")?, read(&text, "the job")?))
    }

    /// The bytes behind a link that the API gave. The key goes to the API only, never to a bucket.
    pub(crate) async fn download(&self, url: &str) -> Result<bytes::Bytes, Error> {
        let mut request = self.client.get(url);
        if url.starts_with(&format!("{}/api/", self.base_url)) {
            request = request.header("x-api-key", &self.key);
        }
        let answer = request.send().await.map_err(Error::http(url))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Error::Demo(format!("{url} answers {status}")));
        }
        answer.bytes().await.map_err(Error::http(url))
    }

    async fn post(&self, path: &str, body: &Value) -> Result<String, Error> {
        let url = format!("{}/api/v1/{path}", self.base_url);
        accepted(self.client.post(url).header("x-api-key", &self.key).json(body)).await
    }
}

/// Sends a request and gives back the answer's text, or what the API has against it.
pub(crate) async fn accepted(request: reqwest::RequestBuilder) -> Result<String, Error> {
    let answer = request.send().await.map_err(Error::http("the API"))?;
    let status = answer.status();
    let text = answer.text().await.map_err(Error::http("the API"))?;
    if status.is_success() {
        return Ok(text);
    }
    Err(Error::Demo(refusal(status.as_u16(), &text)))
}

pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| {
        Error::Demo(format!(
            "the API's answer about {what} is not as documented: {source}"
        ))
    })
}

/// The API's problem form (RFC 9457), as far as a person needs it.
#[derive(Debug, Deserialize)]
struct Problem {
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    errors: Vec<FieldError>,
}

#[derive(Debug, Deserialize)]
struct FieldError {
    field: String,
    message: String,
}

fn refusal(status: u16, text: &str) -> String {
    let Ok(problem) = serde_json::from_str::<Problem>(text) else {
        return format!("the API answers {status}: {text}");
    };
    let fields = problem
        .errors
        .iter()
        .map(|error| format!("\n    {}: {}", error.field, error.message));
    format!(
        "the API answers {status}, {}: {}{}",
        problem.title,
        problem.detail,
        fields.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_every_field() {
        let text = r#"{"title":"The request is not valid","status":422,"detail":"2 fields need a change",
            "errors":[{"field":"count","code":"out_of_range","message":"must be 1 to 10"},
                      {"field":"images[0]","code":"unknown_upload","message":"is not there"}]}"#;
        assert_eq!(
            refusal(422, text),
            "the API answers 422, The request is not valid: 2 fields need a change\n    count: must be 1 to 10\n    images[0]: is not there"
        );
        assert_eq!(refusal(502, "bad gateway"), "the API answers 502: bad gateway");
    }

    #[test]
    fn only_three_states_are_final() {
        let job = |status: &str| -> Job {
            serde_json::from_value(json!({"id": "job_1", "status": status})).expect("the rest may be absent")
        };
        assert!(
            ["completed", "failed", "canceled"]
                .iter()
                .all(|status| job(status).is_finished())
        );
        assert!(!job("generating").is_finished());
    }
}
