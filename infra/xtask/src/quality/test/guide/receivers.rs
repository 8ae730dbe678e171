//! A real webhook of the running stack, given to the guide's own receivers, which verify it with the libraries of
//! Standard Webhooks for Python and JavaScript; and what they must refuse.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::{Duration, Instant, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use standardwebhooks::Webhook;
use tokio::net::TcpStream;

use super::{Bench, LOOK, PATIENCE, photos};
use crate::console::say;
use crate::demo::receiver::{Delivery, Receiver};
use crate::docs::code::{Block, Language, Purpose};
use crate::error::Error;
use crate::quality::Verdict;
use crate::stack::{ports, ready};

/// Older, or further ahead, than Standard Webhooks lets a receiver accept: five minutes.
const TOO_FAR: i64 = 10 * 60;

/// Another account's secret.
const OTHER_SECRET: &str = "whsec_b3RoZXItYWNjb3VudHMtc2VjcmV0LTI0LWJ5dGVz";

/// A webhook in some state with what a receiver has to answer.
struct Case {
    what: &'static str,
    headers: HeaderMap,
    body: String,
    status: u16,
}

pub(super) async fn check(bench: &Bench<'_>) -> Result<Verdict, Error> {
    let delivery = capture(bench).await?;
    let cases = cases(&delivery, &bench.stack.webhook_secret)?;
    let blocks = bench.blocks("webhooks")?;
    for language in [Language::Python, Language::TypeScript] {
        try_receiver(bench, &blocks, language, &cases).await?;
        say(format!(
            "  {}: {} webhooks as they should be",
            language.word(),
            cases.len()
        ));
    }
    Ok(Verdict::Passed)
}

/// Runs a job and catches the webhook that it ends with.
async fn capture(bench: &Bench<'_>) -> Result<Delivery, Error> {
    let receiver = Receiver::start().await?;
    let form = Form::new()
        .part("image", Part::bytes(photos::cup()).file_name("cup.jpg"))
        .text("count", "1")
        .text("callback_url", receiver.url().to_owned());
    let answer = ready::client()?
        .post(format!("{}/api/v1/generate", bench.stack.base_url))
        .timeout(PATIENCE)
        .header("x-api-key", &bench.stack.api_key)
        .multipart(form)
        .send()
        .await
        .map_err(Error::http("the API"))?;
    if !answer.status().is_success() {
        return Err(Error::Found(format!("the job is answered {}", answer.status())));
    }
    tokio::time::timeout(PATIENCE, receiver.first())
        .await
        .map_err(|_| Error::Found("no webhook has come".to_owned()))
}

fn cases(delivery: &Delivery, secret: &str) -> Result<Vec<Case>, Error> {
    let (headers, body) = (delivery.headers(), delivery.body());
    let now = i64::try_from(UNIX_EPOCH.elapsed().unwrap_or_default().as_secs()).unwrap_or(i64::MAX);
    let signed = |secret: &str, at: i64| signed(headers, body, secret, at);
    let with = |name: &'static str, value: &str| {
        let mut changed = headers.clone();
        changed.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        changed
    };
    let without = |name: &str| {
        let mut changed = headers.clone();
        changed.remove(name);
        changed
    };
    let old = (now - TOO_FAR).to_string();
    let as_it_is = body.to_owned();
    let case = |what, headers, status| Case {
        what,
        headers,
        body: as_it_is.clone(),
        status,
    };
    Ok(vec![
        case("as it came", headers.clone(), 204),
        case("as it came, for the second time", headers.clone(), 204),
        // What the cases below differ from in one point only.
        case("signed anew", signed(secret, now)?, 204),
        case("signed ten minutes ago", signed(secret, now - TOO_FAR)?, 400),
        case("signed ten minutes ahead", signed(secret, now + TOO_FAR)?, 400),
        case("signed with another secret", signed(OTHER_SECRET, now)?, 400),
        case("with another time", with("webhook-timestamp", &old), 400),
        case(
            "with another id",
            with("webhook-id", "evt_01kav3pjqfeyrs0r5zq3t8d2mh"),
            400,
        ),
        case(
            "with another signature",
            with(
                "webhook-signature",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            ),
            400,
        ),
        case("without a signature", without("webhook-signature"), 400),
        case("without a time", without("webhook-timestamp"), 400),
        Case {
            what: "with another body",
            headers: headers.clone(),
            body: body.replacen("job.completed", "job.canceled", 1),
            status: 400,
        },
        Case {
            what: "with a blank more",
            headers: headers.clone(),
            body: format!("{body} "),
            status: 400,
        },
    ])
}

/// The headers of the webhook, had it been signed with this secret at this time.
fn signed(headers: &HeaderMap, body: &str, secret: &str, at: i64) -> Result<HeaderMap, Error> {
    let fault = |what: &str| Error::Found(format!("the webhook cannot be signed: {what}"));
    let id = headers
        .get("webhook-id")
        .and_then(|id| id.to_str().ok())
        .ok_or_else(|| fault("it has no id"))?;
    let signature = Webhook::new(secret)
        .and_then(|webhook| webhook.sign(id, at, body.as_bytes()))
        .map_err(|error| fault(&error.to_string()))?;
    let mut changed = headers.clone();
    changed.insert("webhook-timestamp", HeaderValue::from(at));
    let signature = HeaderValue::from_str(&signature).map_err(|error| fault(&error.to_string()))?;
    changed.insert("webhook-signature", signature);
    Ok(changed)
}

async fn try_receiver(
    bench: &Bench<'_>,
    blocks: &[Block],
    language: Language,
    cases: &[Case],
) -> Result<(), Error> {
    let found = blocks.iter().find_map(|block| match &block.purpose {
        Purpose::File(name) if block.language() == Some(language) => Some((name, &block.text)),
        _ => None,
    });
    let (name, text) =
        found.ok_or_else(|| Error::Found(format!("webhooks.md has no receiver in {}", language.word())))?;
    let folder = bench.folder(&format!("receiver-{}", language.word()), language)?;
    let file = folder.join(name);
    std::fs::write(&file, text).map_err(Error::file("write", &file))?;
    let output = folder.join("output.txt");
    let port = ports::choose(None)?;
    let variables = [
        ("PORT", port.to_string()),
        ("PACKSHOT_WEBHOOK_SECRET", bench.stack.webhook_secret.clone()),
    ];
    let _running = bench.start(language, &folder, &file, &output, &variables)?;
    wait_for(port, &output).await?;
    for case in cases {
        let mut headers = case.headers.clone();
        // They belong to the connection that it came on.
        for name in ["host", "content-length"] {
            headers.remove(name);
        }
        let answer = ready::client()?
            .post(format!("http://127.0.0.1:{port}/packshot"))
            .headers(headers)
            .body(case.body.clone())
            .send()
            .await
            .map_err(Error::http(format!("the receiver in {}", language.word())))?;
        if answer.status().as_u16() != case.status {
            return Err(Error::Found(format!(
                "the receiver in {} answers {} to a webhook {}, and not {}",
                language.word(),
                answer.status().as_u16(),
                case.what,
                case.status
            )));
        }
    }
    check_output(&output)
}

/// The receiver has told the event once, however often it came.
fn check_output(output: &Path) -> Result<(), Error> {
    let printed = std::fs::read_to_string(output).map_err(Error::file("read", output))?;
    let lines: Vec<_> = printed.lines().collect();
    match lines.as_slice() {
        [line] if line.starts_with("job.completed job_") => Ok(()),
        _ => Err(Error::Found(format!(
            "the receiver has printed something else than one event: {printed}"
        ))),
    }
}

async fn wait_for(port: u16, output: &Path) -> Result<(), Error> {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        if begun.elapsed() > Duration::from_secs(20) {
            let printed = std::fs::read_to_string(output).unwrap_or_default();
            return Err(Error::Found(format!("the receiver does not listen: {printed}")));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
