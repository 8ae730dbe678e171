//! What those who run Packshot see of it: log lines, metrics, reported errors.
//!
//! Every line of the log is one JSON object with the field names of Powertools for AWS Lambda
//! (<https://docs.powertools.aws.dev/lambda/typescript/latest/features/logger/>), so that queries that people know work here, and
//! `request_id`, `job.id` and `user.id` wherever they are known. A `request_id` is the id that API Gateway gave to the request
//! with which it all began: it travels with the job, so that one query shows all that came of a request. Nothing secret is
//! logged, and what looks like a secret or an e-mail address is blotted out even where a line holds it by mistake
//! (`redaction`).

mod errors;
mod invocation;
mod redaction;

use std::{io, str::FromStr};

use json_subscriber::JsonLayer;
use packshot_clients::{
    config::{self, env},
    metrics,
};
use serde_json::json;
use tracing::{Subscriber, error};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    fmt::{MakeWriter, time::SystemTime},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

pub(crate) use self::{
    errors::flush,
    invocation::{Invocation, about, note_caller},
    redaction::redacted,
};

/// Our crates, whose lines are written from the level on that `AWS_LAMBDA_LOG_LEVEL` names. Of all others only warnings are:
/// what HTTP clients tell at lower levels may quote headers with keys in them.
const OURS: [&str; 3] = ["packshot_functions", "packshot_clients", "packshot_domain"];

/// Begins to write log lines and metrics, and to report errors where there is a place to report them to. Once, at the start of
/// a function.
pub fn init() {
    let stage = config::require(env::STAGE).unwrap_or_default();
    subscriber(&stage, io::stdout).init();
    metrics::attach(stage);
    // The standard hook writes to the standard error, past the filter, and in many lines.
    std::panic::set_hook(Box::new(|panic| error!(%panic, "A panic")));
}

/// All that is done with spans and events.
fn subscriber<W>(stage: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::registry()
        .with(levels())
        .with(lines(stage, redaction::Redacted::new(writer)))
        .with(errors::layers(stage))
}

fn levels() -> Targets {
    let asked = config::optional("AWS_LAMBDA_LOG_LEVEL");
    let level = match LevelFilter::from_str(&asked) {
        // An empty text is read as ERROR.
        Ok(level) if !asked.is_empty() => level,
        _ => LevelFilter::INFO,
    };
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_targets(OURS.map(|ours| (ours, level)))
}

/// One JSON object a line.
fn lines<S, W>(stage: &str, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let mut layer = JsonLayer::new(writer);
    layer
        .with_timer("timestamp", SystemTime)
        .with_level("level")
        .with_target("location")
        .with_flattened_event()
        .with_top_level_flattened_span_list();
    layer.add_static_field("service", json!(format!("packshot-{stage}")));
    layer.add_static_field(
        "function_name",
        json!(config::optional("AWS_LAMBDA_FUNCTION_NAME")),
    );
    layer
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use packshot_domain::id::{JobId, UserId};
    use serde_json::Value;
    use tracing::info;

    use super::*;

    /// What is written, kept.
    #[derive(Debug, Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0
                .lock()
                .expect("no test panics while it writes")
                .write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged meanwhile.
    fn text_of(work: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = page.clone();
        let subscriber = subscriber("test", move || writer.clone());
        tracing::subscriber::with_default(subscriber, work);
        let bytes = page.0.lock().expect("no test panics while it writes");
        String::from_utf8(bytes.clone()).expect("it is text")
    }

    /// The lines that are logged meanwhile.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let text = text_of(work);
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    fn task() -> Value {
        json!({
            "user_id": "user_01h2xcejqtf2nbrexx3vqjhp41",
            "job_id": "job_01h2xcejqtf2nbrexx3vqjhp41",
            "request_id": "8f0c2ad9-6d0c-4f0e-a7ba-3a3f0f6d9c11",
        })
    }

    #[test]
    fn a_line_says_which_request_job_and_person_it_is_about() {
        let lines = logged(|| {
            let span = Invocation::first_of("id-1", Some("Root=1-2-3;Parent=4;Sampled=1")).span_of(&task());
            span.in_scope(|| info!(images = 10, "Stored {} images", 10));
        });
        let line = &lines[0];
        let expected = [
            ("level", "INFO"),
            ("message", "Stored 10 images"),
            ("service", "packshot-test"),
            ("function_request_id", "id-1"),
            ("xray_trace_id", "1-2-3"),
            ("request_id", "8f0c2ad9-6d0c-4f0e-a7ba-3a3f0f6d9c11"),
            ("job.id", "job_01h2xcejqtf2nbrexx3vqjhp41"),
        ];
        for (name, value) in expected {
            assert_eq!(line[name], value, "{name} in {line}");
        }
        assert_eq!((&line["cold_start"], &line["images"]), (&json!(true), &json!(10)));
        let digest = line["user.id"].as_str().expect("a digest");
        assert!(
            digest.len() == 16 && !line.to_string().contains("user_01"),
            "{line}"
        );
        let time = line["timestamp"].as_str().expect("a time");
        assert!(time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    }

    #[test]
    fn a_line_about_nobody_has_no_empty_fields() {
        let lines = logged(|| {
            let span = Invocation::first_of("id-1", None).span_of(&json!({"Records": []}));
            span.in_scope(|| error!("nothing"));
        });
        for name in ["xray_trace_id", "request_id", "job.id", "user.id"] {
            assert_eq!(lines[0].get(name), None, "{}", lines[0]);
        }
    }

    #[test]
    fn an_id_in_the_event_itself_is_there_once() {
        let job: JobId = "job_01h2xcejqtf2nbrexx3vqjhp41".parse().expect("an id");
        let text = text_of(|| {
            let span = Invocation::first_of("id-1", None).span_of(&task());
            span.in_scope(|| info!(job.id = %job, "about it"));
        });
        assert_eq!(text.matches("\"job.id\"").count(), 1, "{text}");
    }

    #[test]
    fn secrets_and_addresses_are_blotted_out_wherever_they_are() {
        let lines = logged(|| {
            error!(
                answer = "key=AIzaSyA-1234567890abcdefghijklmnopq",
                "told someone@example.com"
            );
        });
        let text = lines[0].to_string();
        assert!(
            !text.contains("someone@") && !text.contains("AIzaSyA-12"),
            "{text}"
        );
    }

    #[test]
    fn people_are_told_apart_without_being_named() {
        let [one, two]: [UserId; 2] = [
            "user_01h2xcejqtf2nbrexx3vqjhp41",
            "user_01h2xcejqtf2nbrexx3vqjhp42",
        ]
        .map(|id| id.parse().expect("an id"));
        assert_ne!(
            packshot_domain::id::pseudonym(one),
            packshot_domain::id::pseudonym(two)
        );
    }
}
