//! As much of AWS as a measurement needs, on loopback: a table with a few rows, parameters, and a bucket that takes everything
//! and keeps nothing. It answers at once, so that what is measured is the function. Calls are counted by their names.

mod attributes;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, Response, StatusCode, header},
};
use serde_json::{Value, json};

use self::attributes::attributes;
use crate::environment;
use crate::error::Error;
use crate::loopback::Server;
use crate::units::{Units, read_units, write_units};

/// What the calls have left behind.
#[derive(Debug, Default)]
struct Seen {
    /// Rows by partition and sort key, in the table's own form of JSON.
    rows: BTreeMap<(String, String), Value>,
    /// How often each call was made.
    calls: BTreeMap<String, u64>,
    /// The size of each object that was put, by key.
    objects: BTreeMap<String, u64>,
    /// The objects that are read again: photos.
    photos: BTreeMap<String, Bytes>,
    /// What reads and writes of the table cost, in its own units.
    units: Units,
    /// What the last execution was started with.
    started: Option<String>,
}

/// The stand-in. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Aws {
    seen: Arc<Mutex<Seen>>,
    server: Server,
}

impl Aws {
    /// Listens on a free port.
    pub(crate) async fn listen() -> Result<Self, Error> {
        let seen = Arc::<Mutex<Seen>>::default();
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&seen));
        Ok(Self {
            seen,
            server: Server::listen(routes).await?,
        })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// Puts a row into the table; `row` is plain JSON.
    pub(crate) fn put(&self, pk: &str, sk: &str, row: &Value) {
        let mut row = attributes(row);
        row["pk"] = json!({"S": pk});
        row["sk"] = json!({"S": sk});
        self.with(|seen| seen.rows.insert((pk.to_owned(), sk.to_owned()), row));
    }

    /// The calls since this was asked last.
    pub(crate) fn take_calls(&self) -> BTreeMap<String, u64> {
        self.with(|seen| std::mem::take(&mut seen.calls))
    }

    /// The objects that were put since this was asked last, with their sizes in bytes.
    pub(crate) fn take_objects(&self) -> BTreeMap<String, u64> {
        self.with(|seen| std::mem::take(&mut seen.objects))
    }

    /// What reading and writing the table cost since this was asked last.
    pub(crate) fn take_units(&self) -> Units {
        self.with(|seen| std::mem::take(&mut seen.units))
    }

    /// The input of the execution that was started since this was asked last.
    pub(crate) fn take_started(&self) -> Option<String> {
        self.with(|seen| seen.started.take())
    }

    /// A row's attribute that is a number.
    pub(crate) fn number(&self, pk: &str, sk: &str, name: &str) -> Option<u64> {
        self.with(|seen| {
            let row = seen.rows.get(&(pk.to_owned(), sk.to_owned()))?;
            row[name]["N"].as_str()?.parse().ok()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The name of a call: its service and its action, or its method where that is all there is.
fn name_of(request: &Request) -> String {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(target) = text("x-amz-target") {
        let (service, action) = target.rsplit_once('.').unwrap_or(("", target));
        let service = service.split('_').next().unwrap_or(service);
        return format!("{service} {action}");
    }
    // Credential=…/20261127/us-east-1/s3/aws4_request
    // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html)
    let credential = text("authorization").and_then(|value| value.split("Credential=").nth(1));
    let service = credential.and_then(|scope| scope.split('/').nth(3));
    format!("{} {}", service.unwrap_or("unsigned"), request.method())
}

async fn answer(State(seen): State<Arc<Mutex<Seen>>>, request: Request) -> Response<Body> {
    let name = name_of(&request);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), usize::MAX)
        .await
        .unwrap_or_default();
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    *seen.calls.entry(name.clone()).or_default() += 1;
    match name.split_once(' ') {
        Some(("DynamoDB", action)) => seen.table(action, &parsed(&body)),
        Some(("AmazonSSM", "GetParameter")) => {
            let name = parsed(&body)["Name"].as_str().unwrap_or_default().to_owned();
            reply(&json!({"Parameter": {"Name": name, "Value": parameter(&name)}}))
        }
        Some(("AWSStepFunctions", "StartExecution")) => {
            let asked = parsed(&body);
            seen.started = asked["input"].as_str().map(str::to_owned);
            reply(
                &json!({"executionArn": format!("{}:1", asked["stateMachineArn"]), "startDate": 1_795_429_748}),
            )
        }
        Some(("AmazonSQS" | "ses", _)) => reply(&json!({"MessageId": "1", "MD5OfMessageBody": ""})),
        _ => seen.bucket(&method, &path, body),
    }
}

fn parsed(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

impl Seen {
    /// The table, for one caller at a time: conditions are taken to hold, and updates by expression are counted only.
    fn table(&mut self, action: &str, asked: &Value) -> Response<Body> {
        match action {
            "GetItem" => {
                let row = self.rows.get(&key_of(&asked["Key"]));
                self.units.read += read_units(row.unwrap_or(&Value::Null));
                match row {
                    Some(row) => reply(&json!({"Item": row})),
                    None => reply(&json!({})),
                }
            }
            "Query" => {
                self.units.read += 1;
                reply(&json!({"Items": [], "Count": 0, "ScannedCount": 0}))
            }
            "TransactWriteItems" => {
                for write in asked["TransactItems"].as_array().into_iter().flatten() {
                    // Each is written twice: once prepared, once done.
                    self.write(&write["Put"]["Item"], 2);
                }
                reply(&json!({}))
            }
            "DeleteItem" => {
                self.rows.remove(&key_of(&asked["Key"]));
                self.write(&Value::Null, 1);
                reply(&json!({}))
            }
            _ => {
                self.write(&asked["Item"], 1);
                reply(&json!({}))
            }
        }
    }

    fn write(&mut self, item: &Value, times: u64) {
        self.units.writes += 1;
        self.units.write += times * write_units(item);
        if item.is_object() {
            self.rows.insert(key_of(item), item.clone());
        }
    }

    /// The bucket: takes everything, and gives back the photos.
    fn bucket(&mut self, method: &Method, path: &str, body: Bytes) -> Response<Body> {
        match (method, self.photos.get(path)) {
            (&Method::PUT, _) => {
                self.objects.insert(path.to_owned(), body.len() as u64);
                if path.contains("/uploads/") {
                    self.photos.insert(path.to_owned(), body);
                }
                Response::builder()
                    .header(header::ETAG, "\"d41d8cd98f00b204e9800998ecf8427e\"")
                    .body(Body::empty())
                    .expect("its header is a constant")
            }
            (&Method::GET, Some(photo)) => Response::builder()
                .header(header::CONTENT_LENGTH, photo.len())
                .body(photo.clone().into())
                .expect("its header is a number"),
            (&Method::POST, _) => reply(&json!({})),
            _ => Response::builder()
                .status(StatusCode::NOT_FOUND)
                .body(Body::empty())
                .expect("it has no header"),
        }
    }
}

/// The partition and sort key in a row or a key.
fn key_of(item: &Value) -> (String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (text("pk"), text("sk"))
}

fn reply(body: &Value) -> Response<Body> {
    Response::builder()
        .header(header::CONTENT_TYPE, "application/x-amz-json-1.0")
        .body(body.to_string().into())
        .expect("its header is a constant")
}

fn parameter(name: &str) -> &'static str {
    match name {
        environment::BASE_URL => "http://localhost:8080",
        environment::USAGE_PLANS => r#"{"free":"free","pro":"pro"}"#,
        environment::GOOGLE_CLIENT => {
            r#"{"web":{"client_id":"packshot-local.apps.googleusercontent.example","client_secret":"none"}}"#
        }
        _ => "key-of-the-measurements",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_named_by_service_and_action() {
        let request = |builder: axum::http::request::Builder| builder.body(Body::empty()).expect("a request");
        let read = request(Request::builder().header("x-amz-target", "DynamoDB_20120810.GetItem"));
        assert_eq!(name_of(&read), "DynamoDB GetItem");
        let put = request(Request::builder().method(Method::PUT).header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261127/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
        ));
        assert_eq!(name_of(&put), "s3 PUT");
    }
}
