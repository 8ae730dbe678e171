//! Google Drive over HTTP (v3): look around, read photos, put images beside them.
//!
//! Facts of the wire: <https://developers.google.com/workspace/drive/api/reference/rest/v3>. Every call is given the access
//! token of the person whose Drive it is about; [`crate::user_drive::UserDrive`] has the same calls with the token taken care
//! of. Shared drives are always included, and `fields` always says what is wanted: without it, Drive tells little more than
//! names.

mod download;
mod errors;
mod file;
mod list;
mod thumbnail;
mod write;

use std::time::Duration;

use packshot_domain::drive::FileRef;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

pub use self::{
    download::MediaDownload,
    errors::DriveError,
    file::{DriveFile, Shortcut},
    list::{FilePage, Kinds, Listing, Place, SharedDrive, SharedDrivePage},
    thumbnail::Thumbnail,
    write::{NewFile, NewFolder},
};
use crate::{
    config::{self, Missing, env},
    outbound,
};

/// How long most calls may take in all.
const CALL_TIME_LIMIT: Duration = Duration::from_secs(20);

/// Waits that Drive asks for up to this long are waited out within the call.
const SHORT_WAIT: Duration = Duration::from_secs(2);

/// Where keys of files that were shared by a link go.
const RESOURCE_KEYS: &str = "x-goog-drive-resource-keys";

/// Drive's API.
#[derive(Debug, Clone)]
pub struct Drive {
    http: Client,
    base_url: Url,
}

impl Drive {
    /// The API that the environment names.
    pub fn from_env() -> Result<Self, Missing> {
        Self::new(&config::require(env::GOOGLE_APIS_URL)?)
    }

    /// The API at this address, without a path: `https://www.googleapis.com`.
    pub fn new(base_url: &str) -> Result<Self, Missing> {
        let wrong = || Missing::Value(env::GOOGLE_APIS_URL);
        // Nothing of this API redirects, and a token must not follow where somebody else leads.
        let http = outbound::client()
            .read_timeout(Duration::from_secs(20))
            .redirect(Policy::none())
            .build()
            .map_err(|_| wrong())?;
        Ok(Self {
            http,
            base_url: Url::parse(base_url).map_err(|_| wrong())?,
        })
    }

    /// The address of a path below the API's root, with parameters.
    fn url<'a>(&self, path: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(path);
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }

    /// A request with a token, and the keys of the files that it is about.
    fn request<'a>(
        &self,
        token: &SecretString,
        method: Method,
        url: Url,
        about: impl IntoIterator<Item = &'a FileRef>,
    ) -> RequestBuilder {
        let request = self.http.request(method, url).bearer_auth(token.expose_secret());
        let keys: Vec<String> = about
            .into_iter()
            .filter_map(|file| Some(format!("{}/{}", file.id, file.resource_key.as_ref()?.as_str())))
            .collect();
        if keys.is_empty() {
            request
        } else {
            request.header(RESOURCE_KEYS, keys.join(","))
        }
    }
}

/// Sends a request that is safe to repeat, a few times if need be, and reads the answer.
async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, DriveError> {
    outbound::repeat(request.timeout(CALL_TIME_LIMIT), SHORT_WAIT, async |response| {
        read_json(response).await
    })
    .await
}

async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, DriveError> {
    let body = response.bytes().await.map_err(DriveError::from_transport)?;
    serde_json::from_slice(&body).map_err(DriveError::unreadable)
}

#[cfg(test)]
mod tests;
