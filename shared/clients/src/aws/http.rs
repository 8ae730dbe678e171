//! The AWS SDK's calls go out through the HTTP client that the other calls use.
//!
//! The SDK's own client would be a second one in each function, with HTTP/2, which no AWS service of ours needs, and with the
//! system's certificates read anew. See docs/decisions/0029-archives-are-small.md.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    http::{
        HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
        http_client_fn,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use reqwest::{Body, Client, Request, redirect::Policy};

use crate::outbound;

/// How long a connection may take to come about. All services are near.
const CONNECT_TIME_LIMIT: Duration = Duration::from_secs(3);

/// The client for all services. How long an answer may take is in the settings of each.
///
/// # Errors
///
/// Where TLS cannot be set up.
pub fn client() -> Result<SharedHttpClient, reqwest::Error> {
    let http = outbound::client()
        .connect_timeout(CONNECT_TIME_LIMIT)
        .redirect(Policy::none())
        .no_proxy()
        .build()?;
    Ok(http_client_fn(move |settings: &HttpConnectorSettings, _| {
        SharedHttpConnector::new(Connector {
            http: http.clone(),
            answer_time_limit: settings.read_timeout(),
        })
    }))
}

#[derive(Debug)]
struct Connector {
    http: Client,
    /// Until the head of the answer is there.
    answer_time_limit: Option<Duration>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self {
            http,
            answer_time_limit,
        } = self;
        let (http, time_limit) = (http.clone(), *answer_time_limit);
        HttpConnectorFuture::new(async move {
            let answered = http.execute(outgoing(request)?);
            let answer = match time_limit {
                Some(time_limit) => tokio::time::timeout(time_limit, answered)
                    .await
                    .map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?,
                None => answered.await,
            };
            incoming(answer.map_err(of_transport)?)
        })
    }
}

fn outgoing(request: HttpRequest) -> Result<Request, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    Request::try_from(request.map(Body::wrap)).map_err(|error| ConnectorError::user(error.into()))
}

fn incoming(answer: reqwest::Response) -> Result<HttpResponse, ConnectorError> {
    let answer = http::Response::<Body>::from(answer).map(SdkBody::from_body_1_x);
    HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
}

/// What the SDK makes of a call without an answer: it repeats those that took too long or broke off.
fn of_transport(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}

#[cfg(test)]
mod tests {
    use aws_config::{retry::RetryConfig, timeout::TimeoutConfig};
    use aws_sdk_ssm::{
        Client as Parameters,
        error::SdkError,
        operation::get_parameter::{GetParameterError, GetParameterOutput},
    };
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

    use super::*;
    use crate::aws;

    /// Asks the service at this address for a parameter, twice if need be.
    async fn ask(
        address: &str,
        patience: Duration,
    ) -> Result<GetParameterOutput, SdkError<GetParameterError>> {
        let retries = RetryConfig::standard()
            .with_max_attempts(2)
            .with_initial_backoff(Duration::ZERO);
        let config = aws::config_at(address)
            .into_builder()
            .retry_config(retries)
            .timeout_config(TimeoutConfig::builder().read_timeout(patience).build())
            .build();
        let parameters = Parameters::new(&config);
        parameters.get_parameter().name("/a").send().await
    }

    fn parameter() -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_raw(
            r#"{"Parameter":{"Value":"a value"}}"#,
            "application/x-amz-json-1.1",
        )
    }

    #[tokio::test]
    async fn a_call_goes_out_whole_and_again_after_an_error() {
        let server = MockServer::start().await;
        let busy = Mock::given(any()).respond_with(ResponseTemplate::new(500));
        busy.up_to_n_times(1).mount(&server).await;
        Mock::given(any()).respond_with(parameter()).mount(&server).await;
        let answer = ask(&server.uri(), Duration::from_secs(20))
            .await
            .expect("an answer");
        assert_eq!(
            answer.parameter().and_then(|found| found.value()),
            Some("a value")
        );
        let requests = server.received_requests().await.expect("a record");
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].body, br#"{"Name":"/a"}"#);
        assert_eq!(requests[1].headers["x-amz-target"], "AmazonSSM.GetParameter");
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_a_timeout() {
        let server = MockServer::start().await;
        let late = parameter().set_delay(Duration::from_mins(1));
        Mock::given(any()).respond_with(late).mount(&server).await;
        let error = ask(&server.uri(), Duration::from_millis(50))
            .await
            .expect_err("no answer");
        let SdkError::DispatchFailure(failure) = error else {
            panic!("{error:?}");
        };
        assert!(failure.is_timeout(), "{failure:?}");
        assert_eq!(
            server.received_requests().await.expect("a record").len(),
            2,
            "tried again"
        );
    }

    #[tokio::test]
    async fn a_connection_that_fails_is_an_error_of_io() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let error = ask(&format!("http://{address}"), Duration::from_secs(20))
            .await
            .expect_err("nobody listens");
        let SdkError::DispatchFailure(failure) = error else {
            panic!("{error:?}");
        };
        assert!(failure.is_io(), "{failure:?}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_not_followed() {
        let server = MockServer::start().await;
        let redirect = ResponseTemplate::new(307).insert_header("location", server.uri());
        Mock::given(any()).respond_with(redirect).mount(&server).await;
        assert!(ask(&server.uri(), Duration::from_secs(20)).await.is_err());
        assert_eq!(server.received_requests().await.expect("a record").len(), 1);
    }
}
