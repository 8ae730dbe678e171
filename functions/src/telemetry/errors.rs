//! Errors are reported to Sentry, or to what speaks its protocol, where `SENTRY_DSN` names a place
//! (<https://develop.sentry.dev/sdk/foundations/transport/envelopes/>).

use std::{sync::Arc, time::Duration};

use packshot_clients::{
    config::{self, env},
    outbound,
};
use sentry::{
    ClientOptions, Envelope, Transport, TransportFactory, TransportOptions,
    integrations::tracing::{ErrorLayer, SpanLayer},
    transports::{ReqwestHttpTransport, ReqwestHttpTransportOptions},
    types::Dsn,
};
use tracing::Subscriber;
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, LevelFilter, filter_fn},
    registry::LookupSpan,
};

use super::redaction::redacted;

/// How long an invocation waits for its errors to be told. Where that takes longer, the next invocation of the process goes on.
const PATIENCE: Duration = Duration::from_secs(2);

/// Has every logged error reported, with the fields of its spans; nothing where there is no place to report to.
pub(super) fn layers<S>(stage: &str) -> Option<impl Layer<S> + use<S>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    layers_to(&config::optional(env::SENTRY_DSN), stage)
}

fn layers_to<S>(dsn: &str, stage: &str) -> Option<impl Layer<S> + use<S>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    // The builder takes a text and panics where it is no DSN.
    dsn.parse::<Dsn>().ok()?;
    let client = sentry::init(
        ClientOptions::new()
            .dsn(dsn)
            .environment(stage.to_owned())
            .release(concat!("packshot@", env!("CARGO_PKG_VERSION")))
            .send_default_pii(false)
            .transport(WithoutSecrets),
    );
    // It lives as long as the process, which Lambda ends without a word.
    std::mem::forget(client);
    let spans = SpanLayer::new().with_filter(LevelFilter::INFO);
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime, and the filter asks for all"
    )]
    let errors = ErrorLayer::new()
        .enable_span_attributes()
        .with_filter(LevelFilter::ERROR.or(filter_fn(|metadata| metadata.is_span())));
    Some(spans.and_then(errors))
}

/// Makes the way by which reports leave.
struct WithoutSecrets;

impl TransportFactory for WithoutSecrets {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let mut options = ReqwestHttpTransportOptions::from(options);
        if let Ok(http) = outbound::client().timeout(PATIENCE).build() {
            options = options.with_client(http);
        }
        Arc::new(Blotting(options.build()))
    }
}

/// Blots out what must not leave, in the text that would. Events are parsed nowhere, so that no function carries a parser of them.
struct Blotting(ReqwestHttpTransport);

impl Transport for Blotting {
    fn send_envelope(&self, envelope: Envelope) {
        if let Some(text) = without_secrets(&envelope)
            && let Ok(envelope) = Envelope::from_bytes_raw(text.into_bytes())
        {
            self.0.send_envelope(envelope);
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.0.flush(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.0.shutdown(timeout)
    }
}

/// The error of an envelope; `None` for anything else, of which we report nothing. An item without a length ends with its line
/// (<https://develop.sentry.dev/sdk/foundations/envelopes/>).
fn without_secrets(envelope: &Envelope) -> Option<String> {
    let headers = serde_json::to_string(envelope.headers()).ok()?;
    let event = serde_json::to_string(envelope.event()?).ok()?;
    let event = redacted(&event);
    Some(format!("{headers}\n{{\"type\":\"event\"}}\n{event}\n"))
}

/// Waits until all errors are reported: Lambda freezes the process once an invocation has its answer.
pub(crate) async fn flush() {
    let Some(client) = sentry::Hub::current().client() else {
        return;
    };
    // It blocks its thread, and the runtime has but one.
    let _ = tokio::task::spawn_blocking(move || client.flush(Some(PATIENCE))).await;
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use tokio::{net::TcpListener, sync::mpsc};
    use tracing::{error, info, info_span};
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// A place for reports on this machine: its DSN, and what arrives there.
    async fn place() -> (String, mpsc::UnboundedReceiver<String>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let app = Router::new().fallback(move |body: String| async move {
            sender.send(body).expect("the test still listens");
            "{}"
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        (format!("http://publickey@{address}/7"), receiver)
    }

    #[tokio::test]
    async fn an_error_is_reported_with_its_request_and_without_secrets() {
        let (dsn, mut reports) = place().await;
        let layers = layers_to(&dsn, "test").expect("a DSN");
        let subscriber = tracing_subscriber::registry().with(layers);
        tracing::subscriber::with_default(subscriber, || {
            info_span!("invocation", request_id = "r-7").in_scope(|| {
                info!("nothing to report");
                error!(
                    answer = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                    "no mail to someone@example.com"
                );
            });
        });
        flush().await;
        let report = reports.try_recv().expect("it has arrived when the flush is over");
        assert!(report.contains("no mail to s…@example.com"), "{report}");
        assert!(
            report.contains("r-7") && report.contains("\"environment\":\"test\""),
            "{report}"
        );
        assert!(
            !report.contains("MfKQ9r8GKYq") && !report.contains("nothing to report"),
            "{report}"
        );
        assert!(reports.try_recv().is_err(), "one error is one report");
    }

    #[test]
    fn without_a_place_nothing_is_reported() {
        for dsn in ["", "not a DSN"] {
            assert!(layers_to::<tracing_subscriber::Registry>(dsn, "test").is_none());
        }
    }
}
