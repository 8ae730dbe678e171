//! Gemini's API over HTTP: planning, files, batches.
//!
//! Facts of the wire: <https://ai.google.dev/api> (generateContent, Files, Batch). Names are sent in camelCase, as the
//! server sends them; replies are read leniently, since fields come and go.

mod batches;
mod draw;
mod errors;
mod files;
mod generate;
mod results;
mod usage;

use std::time::Duration;

use aws_config::SdkConfig;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;

pub use self::{
    batches::{BatchRequest, BatchView, request_lines},
    errors::GeminiError,
    files::Download,
    generate::{Answer, Question},
    results::{ResultLine, Row},
};
use crate::{
    config::{self, Missing, env},
    outbound,
    parameters::Parameters,
};

/// The API version in every path; the SDKs' default since 3.0.
const VERSION: &str = "v1";

/// How long most calls may take in all.
const CALL_TIME_LIMIT: Duration = Duration::from_mins(1);

/// Waits that Gemini asks for up to this long are waited out within the call; longer ones go back to the workflow,
/// which waits without a running function.
const SHORT_WAIT: Duration = Duration::from_secs(3);

/// Gemini's API with our key.
#[derive(Debug)]
pub struct Gemini {
    http: Client,
    base_url: String,
    parameters: Parameters,
    key_parameter: String,
}

impl Gemini {
    /// The API that the environment names.
    pub fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let base_url = config::require(env::GEMINI_BASE_URL)?;
        let key_parameter = config::require(env::GEMINI_API_KEY_PARAMETER)?;
        Self::new(config, &base_url, key_parameter).map_err(|_| Missing::Value(env::GEMINI_BASE_URL))
    }

    /// The API at this address, with the key that is in the parameter of this name.
    ///
    /// # Errors
    ///
    /// Where this machine has no certificates to trust.
    pub fn new(config: &SdkConfig, base_url: &str, key_parameter: String) -> Result<Self, reqwest::Error> {
        let http = outbound::client()
            .read_timeout(Duration::from_mins(1))
            // The key is in a header of its own, which a redirect would take along to wherever it leads.
            .redirect(Policy::none())
            .build()?;
        Ok(Self {
            http,
            base_url: base_url.trim_end_matches('/').to_owned(),
            parameters: Parameters::new(config),
            key_parameter,
        })
    }

    /// A request below the versioned root, with the key.
    async fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, GeminiError> {
        self.request_to(method, &format!("{}/{VERSION}/{path}", self.base_url))
            .await
    }

    async fn request_to(&self, method: Method, url: &str) -> Result<RequestBuilder, GeminiError> {
        let key = self
            .parameters
            .get(&self.key_parameter)
            .await
            .map_err(GeminiError::NoKey)?;
        Ok(self
            .http
            .request(method, url)
            .header("x-goog-api-key", key.expose_secret()))
    }

    /// Sends a request that is safe to repeat, a few times if need be, and reads the answer.
    async fn send_repeatable<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, GeminiError> {
        outbound::repeat(request.timeout(CALL_TIME_LIMIT), SHORT_WAIT, read_json).await
    }
}

/// Sends a request once; an answer that is not a success becomes its error.
async fn send(request: RequestBuilder) -> Result<Response, GeminiError> {
    outbound::send(request.timeout(CALL_TIME_LIMIT)).await
}

async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, GeminiError> {
    let body = response.bytes().await.map_err(GeminiError::from_transport)?;
    serde_json::from_slice(&body).map_err(GeminiError::unreadable)
}
