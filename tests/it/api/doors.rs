//! The two doors, for every route there is: who comes in by which, and that behind them everything is the same.

use std::time::Duration;

use packshot_clients::{clock, sessions::Sessions};
use packshot_domain::{id, job::Job, session::SessionToken};
use packshot_functions::api::routes::{self, Door, Route};
use packshot_tests::{api::Answer, ended_jobs, stack::Stack};
use reqwest::Method;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_hours(24);

/// Somebody who is signed in, with one of everything.
struct Page {
    stack: Stack,
    token: SessionToken,
    session: String,
    key: String,
    job: Job,
}

impl Page {
    async fn open() -> Self {
        let stack = Stack::connect().await;
        let (token, session) = stack.sign_in_on("curl", clock::now()).await;
        let key = stack.issue_key(packshot_domain::scope::Scopes::ALL, None).await;
        Self {
            session: session.to_string(),
            key: key.listed.id.to_string(),
            job: a_job(&stack).await,
            token,
            stack,
        }
    }

    /// A path, about what this user has.
    fn about(&self, path: &str) -> String {
        about(path, &self.job)
            .replace("{key_id}", &self.key)
            .replace("{session_id}", &self.session)
    }

    async fn send(&self, route: &Route, path: &str) -> Answer {
        let request = self
            .stack
            .api
            .page_request(route.method.clone(), path, &self.token);
        self.stack.api.send(with_body(route, request)).await
    }
}

async fn a_job(stack: &Stack) -> Job {
    let job = ended_jobs::completed(ended_jobs::new_job(stack.user.id, 1), &[ended_jobs::ready()]);
    stack.jobs.create(&job).await.expect("written");
    job
}

fn about(path: &str, job: &Job) -> String {
    path.replace("{job_id}", &job.id.to_string())
        .replace("{event_id}", &id::end_of_job_event(job.id).to_string())
        .replace("{image_id}", &job.images[0].id.to_string())
        .replace("{index}", "0")
}

/// What changes something gets a body that nothing is done with.
fn with_body(route: &Route, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    if route.method == Method::GET {
        request
    } else {
        request.json(&json!({"nothing": true}))
    }
}

fn behind(door: Door) -> impl Iterator<Item = (&'static Route, String)> {
    let found = routes::ALL.iter();
    found.filter_map(move |route| Some((route, route.path(door)?)))
}

#[tokio::test]
async fn the_page_s_routes_open_to_nothing_but_a_session_that_is_not_over() {
    let page = Page::open().await;
    let api = &page.stack.api;
    let (expired, _) = page.stack.sign_in_on("curl", clock::now() - 15 * DAY).await;
    let (ended, id) = page.stack.sign_in_on("curl", clock::now()).await;
    let sessions = Sessions::new(page.stack.table.clone());
    assert!(sessions.end(page.stack.user.id, id).await.expect("ended"));
    // Whoever reads the table finds a hash, in hexadecimal; as the bytes of a token it has the right form.
    let hash = page.token.hash();
    let bytes: Vec<u8> = hex::decode(hash.as_str()).expect("hexadecimal");
    let as_token = SessionToken::from_random(bytes.try_into().expect("32 bytes"));

    for (route, path) in behind(Door::Page) {
        let path = page.about(&path);
        for (what, cookie) in [
            ("nothing", ""),
            (
                "an unknown session",
                SessionToken::from_random(rand::random()).reveal(),
            ),
            ("an expired session", expired.reveal()),
            ("an ended session", ended.reveal()),
            ("a stolen hash", hash.as_str()),
            ("a stolen hash as a token", as_token.reveal()),
        ] {
            let request = api.page_request_with(route.method.clone(), &path, cookie);
            let answer = api.send(with_body(route, request)).await;
            assert_eq!(
                (answer.status, answer.code()),
                (401, "signed_out"),
                "{what} at {} {path}: {answer:?}",
                route.method
            );
        }
        let with_key = api.request(route.method.clone(), &path);
        let with_key = with_key.header("origin", page.stack.base_url());
        let answer = api.send(with_body(route, with_key)).await;
        answer.assert_problem(401, "signed_out");
    }
}

#[tokio::test]
async fn changes_are_taken_from_our_page_only() {
    let page = Page::open().await;
    let api = page.stack.api.without_key();
    let cookie = format!("{}={}", api.session_cookie().name(), page.token.reveal());
    let both = behind(Door::Page).chain(behind(Door::Open));
    for (route, path) in both.filter(|(route, _)| route.method != Method::GET) {
        let path = page.about(&path);
        for origin in [
            None,
            Some("null"),
            Some("https://elsewhere.example"),
            Some("http://localhost"),
            Some("https://localhost.elsewhere.example"),
        ] {
            let request = api.request(route.method.clone(), &path).header("cookie", &cookie);
            let request = match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            };
            let answer = api.send(with_body(route, request)).await;
            assert_eq!(
                (answer.status, answer.code()),
                (403, "foreign_origin"),
                "{origin:?} at {} {path}: {answer:?}",
                route.method
            );
        }
    }
    // Nothing of all that was done.
    assert_eq!(
        page.stack.api.job(&page.job.id.to_string()).await["status"],
        "completed"
    );
    for (route, path) in behind(Door::Page).filter(|(route, _)| route.method == Method::GET) {
        let request = api.request(Method::GET, &page.about(&path));
        let request = request
            .header("cookie", &cookie)
            .header("origin", "https://elsewhere.example");
        let answer = api.send(with_body(route, request)).await;
        // Our own refusals have a code. The archive is elsewhere, and that of a job written by hand is not there.
        assert!(
            !matches!(answer.code(), "foreign_origin" | "signed_out"),
            "{path}: {answer:?}"
        );
        let shared = answer.headers.get("access-control-allow-origin");
        assert_eq!(shared, None, "another site may ask, and may not read: {path}");
    }
}

#[tokio::test]
async fn a_session_opens_nothing_to_programs() {
    let page = Page::open().await;
    for (route, path) in behind(Door::Programs) {
        let answer = page.send(route, &page.about(&path)).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "invalid_api_key"),
            "{} {path}",
            route.method
        );
    }
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there_for_the_page_either() {
    let (page, other) = (Page::open().await, Page::open().await);
    let about_something = behind(Door::Page).filter(|(_, path)| path.contains('{'));
    let mut seen = 0;
    for (route, path) in about_something {
        let path = page.about(&path);
        let answer = other.send(route, &path).await;
        // A body is looked at before it is known what it is about.
        let is_hidden = match answer.status {
            404 => true,
            422 => answer.field_codes() == ["nothing unknown_field"],
            _ => false,
        };
        assert!(is_hidden, "{} {path}: {answer:?}", route.method);
        seen += 1;
    }
    assert!(seen > 0);
    let job = page.stack.api.job(&page.job.id.to_string()).await;
    assert_eq!(job["status"], "completed");
    let sessions = page
        .stack
        .api
        .send(
            page.stack
                .api
                .page_request(Method::GET, "/api/sessions", &page.token),
        )
        .await;
    assert_eq!(sessions.body["data"][0]["id"], page.session.as_str());
}

/// An answer without what is about the request, and not about what was asked for.
fn comparable(mut answer: Answer) -> (u16, Vec<Option<String>>, Value) {
    if let Some(body) = answer.body.as_object_mut() {
        for member in ["instance", "request_id"] {
            body.remove(member);
        }
    }
    // Looking at the usage is counted too.
    for day in answer.body["data"].as_array_mut().into_iter().flatten() {
        day.as_object_mut().expect("an object").remove("requests");
    }
    let header = |name: &str| {
        let value = answer.headers.get(name);
        value.map(|value| value.to_str().expect("text").to_owned())
    };
    let headers = ["content-type", "etag", "cache-control", "ratelimit-policy"].map(header);
    (answer.status, headers.into(), answer.body)
}

#[tokio::test]
async fn what_is_answered_does_not_differ_by_the_door() {
    let page = Page::open().await;
    let mut statuses = Vec::new();
    for (route, with_key) in behind(Door::Programs) {
        let with_session = route
            .path(Door::Page)
            .expect("there is no door for programs alone");
        let name = format!("{} {with_key}", route.method);
        // What is removed by one door is gone for the other.
        let is_removal = route.method == Method::DELETE && with_key.contains("{job_id}");
        let job = if is_removal {
            a_job(&page.stack).await
        } else {
            page.job.clone()
        };
        let request = page
            .stack
            .api
            .request(route.method.clone(), &about(&with_key, &job));
        let by_key = page.stack.api.send(with_body(route, request)).await;
        let job = if is_removal { a_job(&page.stack).await } else { job };
        let by_session = page.send(route, &about(&with_session, &job)).await;
        statuses.push(by_key.status);
        assert_eq!(comparable(by_session), comparable(by_key), "{name}");
    }
    for status in [200, 204, 404, 409, 422] {
        assert!(statuses.contains(&status), "{status} is not among {statuses:?}");
    }
}
