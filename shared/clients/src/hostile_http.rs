//! Calling addresses that strangers gave us: webhook receivers and image URLs.
//!
//! A host name is looked up once, every address is checked, and the connection goes to one of the checked addresses:
//! a name that answers differently the second time gains nothing. Redirects are never followed by the HTTP client.

mod tls;

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use packshot_domain::address::{self, Reach, Refused};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, LOCATION, RETRY_AFTER},
    redirect::Policy,
};
use url::Url;

use crate::error::BoxError;

/// How many redirects of an image URL are followed, each checked like the first address.
const MOST_REDIRECTS: usize = 3;

/// How much of a receiver's answer is kept for its owner to see.
const KEPT_ANSWER_BYTES: usize = 1024;

/// Why a call was not made or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The address is not one that we call.
    #[error("the address {0}")]
    Refused(#[from] Refused),
    /// The host name has no address.
    #[error("the host name could not be found")]
    UnknownHost,
    /// No connection: nobody listens.
    #[error("no connection could be made ({0})")]
    NoConnection(&'static str),
    /// Somebody answers, but TLS failed.
    #[error("no secure connection could be made ({0})")]
    Tls(&'static str),
    /// It took too long.
    #[error("there was no answer in time")]
    TimedOut,
    /// The answer broke off or made no sense.
    #[error("the answer broke off")]
    Broken,
    /// The answer is larger than allowed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// Too many redirects.
    #[error("there were too many redirects")]
    Redirects,
    /// An answer that is not a success.
    #[error("the answer was HTTP {0}")]
    Status(u16),
}

impl CallError {
    /// Whether calling again later may help.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::UnknownHost | Self::NoConnection(_) | Self::Tls(_) | Self::TimedOut | Self::Broken => true,
            Self::Status(status) => matches!(status, 408 | 429 | 500..=599),
            Self::Refused(_) | Self::TooLarge(_) | Self::Redirects => false,
        }
    }
}

/// What a receiver answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Until the answer was there.
    pub took: Duration,
    /// The first kilobyte of the answer.
    pub body_head: String,
    /// Where a redirect points.
    pub location: Option<String>,
    /// How long the receiver asks to wait, where it says so in seconds.
    pub retry_after: Option<Duration>,
}

/// An HTTP client for strangers' addresses.
#[derive(Debug, Clone)]
pub struct HostileHttp {
    http: Client,
    reach: Reach,
}

impl HostileHttp {
    /// A client whose calls may take `time_limit` each.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn new(reach: Reach, time_limit: Duration) -> Result<Self, BoxError> {
        Self::with_names(reach, time_limit, Arc::new(SystemResolver))
    }

    /// A client that knows hosts as these names tell them.
    fn with_names(reach: Reach, time_limit: Duration, names: Arc<dyn Resolve>) -> Result<Self, BoxError> {
        let http = Client::builder()
            .tls_backend_preconfigured(crate::tls::client_config())
            .dns_resolver(Arc::new(CheckedResolver { reach, names }))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(time_limit)
            .connect_timeout(time_limit.min(Duration::from_secs(5)))
            .pool_max_idle_per_host(0)
            // A cap on what is read is one on what was sent. Another package of a build may have turned this on.
            .no_gzip()
            .user_agent(concat!("Packshot/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, reach })
    }

    /// Posts a body and tells what was answered, whatever the status.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<Reply, CallError> {
        let url = address::check_url(url, self.reach)?;
        let begun = Instant::now();
        let response = self
            .http
            .post(url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| call_error(&error))?;
        let text_of = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let location = text_of(LOCATION);
        let retry_after = text_of(RETRY_AFTER)
            .and_then(|text| text.trim().parse().ok())
            .map(Duration::from_secs);
        let status = response.status().as_u16();
        let body_head = head_of(response).await;
        Ok(Reply {
            status,
            took: begun.elapsed(),
            body_head,
            location,
            retry_after,
        })
    }

    /// Fetches a file of at most `most` bytes.
    pub async fn fetch(&self, url: &Url, most: u64) -> Result<Bytes, CallError> {
        let mut url = address::check_url(url.as_str(), self.reach)?;
        for _ in 0..=MOST_REDIRECTS {
            let response = self
                .http
                .get(url.clone())
                .send()
                .await
                .map_err(|error| call_error(&error))?;
            if response.status().is_redirection() {
                let location = response
                    .headers()
                    .get(LOCATION)
                    .and_then(|value| value.to_str().ok());
                let target = location
                    .and_then(|location| url.join(location).ok())
                    .ok_or(CallError::Broken)?;
                url = address::check_url(target.as_str(), self.reach)?;
                continue;
            }
            if !response.status().is_success() {
                return Err(CallError::Status(response.status().as_u16()));
            }
            return read_at_most(response, most).await;
        }
        Err(CallError::Redirects)
    }
}

async fn read_at_most(mut response: Response, most: u64) -> Result<Bytes, CallError> {
    if response.content_length().is_some_and(|length| length > most) {
        return Err(CallError::TooLarge(most));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| call_error(&error))? {
        if (body.len() + chunk.len()) as u64 > most {
            return Err(CallError::TooLarge(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The beginning of an answer; the rest is never read. What breaks off is as good as what came.
async fn head_of(mut response: Response) -> String {
    let mut head = Vec::new();
    while head.len() < KEPT_ANSWER_BYTES {
        let Ok(Some(chunk)) = response.chunk().await else {
            break;
        };
        let room = KEPT_ANSWER_BYTES - head.len();
        head.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// The kind of a transport error, without its text, which may tell about our network.
fn call_error(error: &reqwest::Error) -> CallError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        match inner.downcast_ref::<LookupError>() {
            Some(LookupError::Refused) => return CallError::Refused(Refused::NotPublic),
            Some(LookupError::Unknown) => return CallError::UnknownHost,
            None => cause = inner.source(),
        }
    }
    if error.is_timeout() {
        CallError::TimedOut
    } else if let Some(trouble) = tls::trouble(error) {
        CallError::Tls(trouble)
    } else if error.is_connect() {
        CallError::NoConnection("nobody answered")
    } else {
        CallError::Broken
    }
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
enum LookupError {
    #[error("the host has an address that is not public")]
    Refused,
    #[error("the host has no address")]
    Unknown,
}

/// Looks names up as every program on this machine does.
#[derive(Debug)]
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(|_| LookupError::Unknown)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Looks names up and hands on only addresses that may be called.
struct CheckedResolver {
    reach: Reach,
    names: Arc<dyn Resolve>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        let found = self.names.resolve(name);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = found.await?.collect();
            if addresses.is_empty() {
                return Err(LookupError::Unknown.into());
            }
            // One address that is not public refuses the name: it could be the one that is connected to.
            if addresses
                .iter()
                .any(|address| !address::may_connect(address.ip(), reach))
            {
                return Err(LookupError::Refused.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
