//! Posting a webhook: the signed call that a delivery makes, and that an address is tried out with.

use std::time::{Duration, Instant};

use http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_TYPE, HeaderName},
};
use jiff::Timestamp;
use packshot_clients::hostile_http::{CallError, HostileHttp, Reply};
use packshot_domain::{
    id::EventId,
    webhook::{self, Secret},
};
use url::Url;

/// How long a receiver may take for its whole answer.
pub(crate) const ANSWER_TIME_LIMIT: Duration = Duration::from_secs(15);

/// How much of a redirect's target is told.
const MOST_TARGET_CHARACTERS: usize = 500;

/// What is posted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedPost<'a> {
    /// The event's id, the same at every attempt.
    pub(crate) event_id: EventId,
    /// Where to.
    pub(crate) url: &'a Url,
    /// The JSON.
    pub(crate) body: &'a str,
    /// What it is signed with.
    pub(crate) secrets: &'a [Secret],
}

/// A call that was made, or was not because its address is refused.
#[derive(Debug)]
pub(crate) struct Tried {
    /// What came of it.
    pub(crate) outcome: Result<Reply, CallError>,
    /// How long it took.
    pub(crate) took: Duration,
}

impl SignedPost<'_> {
    /// Signs it for this moment and posts it; `None` where there is nothing to sign with.
    pub(crate) async fn send(&self, receivers: &HostileHttp, at: Timestamp) -> Option<Tried> {
        let headers = self.headers(at)?;
        let begun = Instant::now();
        let outcome = receivers
            .post(self.url.as_str(), headers, self.body.to_owned())
            .await;
        Some(Tried {
            outcome,
            took: begun.elapsed(),
        })
    }

    /// The headers of Standard Webhooks. The id stays over all attempts, the time is the attempt's: receivers refuse old ones.
    fn headers(&self, at: Timestamp) -> Option<HeaderMap> {
        let seconds = at.as_second();
        let signature = webhook::signature(self.event_id, seconds, self.body, self.secrets);
        if signature.is_empty() {
            return None;
        }
        let value = |text: String| {
            HeaderValue::try_from(text).expect("ids, numbers and base64 are made of visible ASCII characters")
        };
        Some(HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (
                HeaderName::from_static("webhook-id"),
                value(self.event_id.to_string()),
            ),
            (
                HeaderName::from_static("webhook-timestamp"),
                value(seconds.to_string()),
            ),
            (HeaderName::from_static("webhook-signature"), value(signature)),
        ]))
    }
}

impl Tried {
    /// How long it took, in whole milliseconds.
    pub(crate) fn milliseconds(&self) -> u64 {
        u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Where an answer redirects to, cut where it is very long; `None` where it is no redirect, or does not say.
pub(crate) fn redirect_target(reply: &Reply, asked: &Url) -> Option<String> {
    let location = reply
        .location
        .as_deref()
        .filter(|_| (300..=399).contains(&reply.status))?;
    let target = asked
        .join(location)
        .map_or_else(|_| location.to_owned(), |target| target.to_string());
    Some(target.chars().take(MOST_TARGET_CHARACTERS).collect())
}

#[cfg(test)]
mod tests {
    use packshot_domain::address::Reach;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use uuid::Uuid;

    use super::*;

    /// Answers one call with 200 and hands back what was sent.
    async fn receive_one(listener: TcpListener) -> String {
        let (mut connection, _) = listener.accept().await.expect("a call");
        let mut received = Vec::new();
        while !received.ends_with(b"}") {
            assert_ne!(connection.read_buf(&mut received).await.expect("bytes"), 0);
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        connection.write_all(answer).await.expect("answered");
        String::from_utf8(received).expect("text")
    }

    fn client(reach: Reach) -> HostileHttp {
        HostileHttp::new(reach, Duration::from_secs(5)).expect("a client")
    }

    #[tokio::test]
    async fn the_call_carries_a_signature_that_verifies() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let call = tokio::spawn(receive_one(listener));
        let secrets = [Secret::from_random([3; 32])];
        let post = SignedPost {
            event_id: EventId::from_uuid(Uuid::from_u128(7)),
            url: &url.parse().expect("a URL"),
            body: r#"{"type":"job.completed"}"#,
            secrets: &secrets,
        };

        let at = "2026-11-01T10:00:00Z".parse().expect("a moment");
        let tried = post.send(&client(Reach::PublicAndLoopback), at).await;

        assert_eq!(tried.expect("signed").outcome.expect("an answer").status, 200);
        let received = call.await.expect("received");
        let signature = webhook::signature(post.event_id, 1_793_527_200, post.body, &secrets);
        for line in [
            "POST /hook HTTP/1.1",
            "content-type: application/json",
            "webhook-id: evt_00000000000000000000000007",
            "webhook-timestamp: 1793527200",
            &format!("webhook-signature: {signature}"),
            &format!("user-agent: Packshot/{}", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(
                received.lines().any(|received| received == line),
                "{line} is not in {received}"
            );
        }
        assert!(received.ends_with("\r\n\r\n{\"type\":\"job.completed\"}"));
    }

    #[tokio::test]
    async fn nothing_is_sent_without_a_secret() {
        let post = SignedPost {
            event_id: EventId::from_uuid(Uuid::from_u128(7)),
            url: &"https://127.0.0.1/".parse().expect("a URL"),
            body: "{}",
            secrets: &[],
        };
        let at = "2026-11-01T10:00:00Z".parse().expect("a moment");
        assert!(post.send(&client(Reach::Public), at).await.is_none());
    }

    #[test]
    fn a_redirect_names_a_whole_address() {
        let asked = "https://shop.example/hook".parse().expect("a URL");
        let target = |status, location: Option<&str>| {
            let reply = Reply {
                status,
                took: Duration::ZERO,
                body_head: String::new(),
                location: location.map(str::to_owned),
                retry_after: None,
            };
            redirect_target(&reply, &asked)
        };
        assert_eq!(
            target(301, Some("/hook/")).as_deref(),
            Some("https://shop.example/hook/")
        );
        assert_eq!(
            target(308, Some("https://www.shop.example/hook")).as_deref(),
            Some("https://www.shop.example/hook")
        );
        assert_eq!((target(302, None), target(201, Some("/made"))), (None, None));
    }
}
