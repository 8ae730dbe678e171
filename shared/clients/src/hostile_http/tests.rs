mod names;

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::*;

async fn server() -> MockServer {
    let server = MockServer::start().await;
    let answers = [
        ("/photo", ResponseTemplate::new(200).set_body_bytes(vec![7; 5000])),
        (
            "/moved",
            ResponseTemplate::new(302).insert_header("location", "/photo"),
        ),
        (
            "/inside",
            ResponseTemplate::new(302).insert_header("location", "http://169.254.169.254/latest/meta-data"),
        ),
        (
            "/circle",
            ResponseTemplate::new(302).insert_header("location", "/circle"),
        ),
        (
            "/busy",
            ResponseTemplate::new(429)
                .insert_header("retry-after", "90")
                .set_body_string("x".repeat(9000)),
        ),
    ];
    for (at, answer) in answers {
        Mock::given(path(at)).respond_with(answer).mount(&server).await;
    }
    server
}

fn client(reach: Reach) -> HostileHttp {
    HostileHttp::new(reach, Duration::from_secs(5)).expect("a client")
}

#[tokio::test]
async fn fetches_with_a_cap_and_checks_every_redirect() {
    let server = server().await;
    let local = client(Reach::PublicAndLoopback);
    let fetch = async |at: &str, most| {
        local
            .fetch(&format!("{}{at}", server.uri()).parse().expect("a URL"), most)
            .await
    };

    assert_eq!(fetch("/moved", 5000).await.expect("fetched").len(), 5000);
    assert!(matches!(
        fetch("/photo", 4999).await,
        Err(CallError::TooLarge(4999))
    ));
    assert!(matches!(
        fetch("/inside", 9).await,
        Err(CallError::Refused(Refused::NotPublic))
    ));
    assert!(matches!(fetch("/circle", 9).await, Err(CallError::Redirects)));
    assert!(matches!(fetch("/none", 9).await, Err(CallError::Status(404))));
}

#[tokio::test]
async fn posts_follow_nothing_and_keep_little() {
    let server = server().await;
    let local = client(Reach::PublicAndLoopback);
    let post = async |at: &str| {
        local
            .post(
                &format!("{}{at}", server.uri()),
                HeaderMap::new(),
                "{}".to_owned(),
            )
            .await
    };

    let moved = post("/moved").await.expect("answered");
    assert_eq!((moved.status, moved.location.as_deref()), (302, Some("/photo")));
    let busy = post("/busy").await.expect("answered");
    assert_eq!(
        (busy.body_head.len(), busy.retry_after),
        (1024, Some(Duration::from_secs(90)))
    );
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused_after_the_lookup() {
    let server = server().await;
    let port = server.address().port();
    let public = client(Reach::Public);
    let refused = public
        .fetch(
            &format!("https://localhost:{port}/photo").parse().expect("a URL"),
            9,
        )
        .await;
    assert!(
        matches!(refused, Err(CallError::Refused(Refused::NotPublic))),
        "{refused:?}"
    );
    assert!(
        server.received_requests().await.expect("recorded").is_empty(),
        "no connection was made"
    );
}
