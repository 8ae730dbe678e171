//! Calls over HTTP to services that we trust: Gemini, Google, and AWS through its SDK. Strangers' addresses are called by
//! [`crate::hostile_http`].

use std::time::{Duration, Instant};

use rand::RngExt;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};

use crate::{metrics, tls};

/// How often a call that is safe to repeat is made.
pub(crate) const ATTEMPTS: u32 = 3;

/// The longest wait before the second attempt, where nobody asks for one; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A client whose time limits are still to be said.
///
/// Lambda freezes the process between invocations, and connections die meanwhile: they are kept only briefly.
pub fn client() -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls::client_config())
        // Another package of a build may have turned this on for all of them.
        .no_gzip()
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(20))
}

/// An error of a call that may be made again.
pub(crate) trait Repeatable: Sized {
    /// Who is called, as metrics name it.
    const PROVIDER: &'static str;

    /// Whether the same call may succeed in a moment.
    fn may_pass(&self) -> bool;

    /// How long the other side asks to wait.
    fn asked_wait(&self) -> Option<Duration>;

    /// The error of a request that cannot be sent twice.
    fn of_a_stream() -> Self;

    /// The error of a request that did not get an answer.
    fn of_transport(error: reqwest::Error) -> Self;

    /// The answer, or the error that it stands for.
    fn check(response: Response) -> impl Future<Output = Result<Response, Self>> + Send;

    /// The wait before attempt number `attempt + 1` within the same invocation; `None` where trying again so soon would not
    /// help, or was done often enough.
    fn short_wait(&self, attempt: u32, longest: Duration) -> Option<Duration> {
        if attempt >= ATTEMPTS || !self.may_pass() {
            return None;
        }
        if let Some(asked) = self.asked_wait() {
            return (asked <= longest).then_some(asked);
        }
        let most = FIRST_WAIT * 2u32.saturating_pow(attempt.saturating_sub(1));
        Some(most.mul_f64(rand::rng().random_range(0.5..1.0)))
    }
}

/// Sends a request once; an answer that is not a success becomes its error.
pub(crate) async fn send<E: Repeatable>(request: RequestBuilder) -> Result<Response, E> {
    let begun = Instant::now();
    let answered = match request.send().await {
        Ok(response) => E::check(response).await,
        Err(error) => Err(E::of_transport(error)),
    };
    metrics::called(E::PROVIDER, begun.elapsed(), answered.is_err());
    answered
}

/// Sends a request that is safe to repeat, a few times if need be, and reads the answer. Waits of up to `longest` are waited out.
pub(crate) async fn repeat<T, E: Repeatable>(
    request: RequestBuilder,
    longest: Duration,
    read: impl AsyncFn(Response) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        // Only requests with streamed bodies cannot be cloned, and those are not sent through here.
        let once = request.try_clone().ok_or_else(E::of_a_stream)?;
        let error = match send(once).await {
            Ok(response) => match read(response).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            },
            Err(error) => error,
        };
        match error.short_wait(attempt, longest) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(error),
        }
        attempt += 1;
    }
}
