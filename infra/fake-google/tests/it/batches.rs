//! Batches from creation to results.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::server::{PIXEL, Server, line, picture};

const CREATE: &str = "/v1beta/models/gemini-nano-banana-2.1:batchGenerateContent";

#[tokio::test]
async fn a_batch_goes_through_its_states_by_polls() {
    let server = Server::start().await;
    let name = server.file_batch(&[line("a"), line("b"), line("c")]).await;
    let seen = server.poll(&name).await;
    let states: Vec<&str> = seen
        .iter()
        .map(|batch| batch["metadata"]["state"].as_str().expect("has a state"))
        .collect();
    assert_eq!(
        states,
        [
            "BATCH_STATE_PENDING",
            "BATCH_STATE_RUNNING",
            "BATCH_STATE_SUCCEEDED"
        ]
    );
    assert_eq!(
        seen[0]["metadata"]["batchStats"],
        json!({"requestCount": "3", "pendingRequestCount": "3"})
    );
    assert!(seen[0].get("done").is_none());
    let running = &seen[1]["metadata"]["batchStats"];
    assert_eq!(
        running,
        &json!({"requestCount": "3", "successfulRequestCount": "2", "pendingRequestCount": "1"})
    );
    let last = &seen[2];
    assert_eq!(
        last["metadata"]["batchStats"],
        json!({"requestCount": "3", "successfulRequestCount": "3"})
    );
    assert_eq!(
        last["metadata"]["output"]["responsesFile"],
        last["response"]["responsesFile"]
    );
    assert!(
        last["metadata"]["endTime"].is_string() && last["metadata"]["inputConfig"]["fileName"].is_string()
    );
}

#[tokio::test]
async fn pictures_of_a_file_batch_come_back_by_key_and_differ() {
    let server = Server::start().await;
    let keys: Vec<String> = (1..=4).map(|n| format!("img-{n:02}")).collect();
    let name = server
        .file_batch(&keys.iter().map(|key| line(key)).collect::<Vec<_>>())
        .await;
    let rows = server.results(&name).await;
    assert_eq!(
        rows.iter()
            .map(|row| row["key"].as_str().expect("has a key"))
            .collect::<Vec<_>>(),
        keys
    );
    let pictures: BTreeSet<String> = rows.iter().filter_map(|row| picture(&row["response"])).collect();
    assert_eq!(pictures.len(), 4, "pictures repeat");
    assert!(
        rows.iter()
            .all(|row| row["response"]["usageMetadata"]["candidatesTokenCount"] == 1120)
    );
    let file = format!(
        "/download/v1/files/batch-{}:download?alt=media",
        name.trim_start_matches("batches/")
    );
    assert_eq!(
        server
            .request(Method::GET, &file)
            .send()
            .await
            .expect("answers")
            .status(),
        200
    );
}

#[tokio::test]
async fn the_recorded_inline_call_is_answered_inline_except_in_lists() {
    let server = Server::start().await;
    let parts = json!([{"text": "a red mug"}, {"inlineData": {"data": PIXEL, "mime_type": "image/png"}}]);
    let first = json!({"request": {"contents": [{"parts": parts, "role": "user"}],
        "systemInstruction": {"parts": [{"text": "be neat"}], "role": "user"},
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}],
        "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"}}},
        "metadata": {"key": "k1"}});
    let mut second = first.clone();
    second["metadata"] = json!({"key": "k2", "note": "kept"});
    second["request"]["generationConfig"]["imageConfig"]["imageSize"] = json!("512");
    let body = json!({"batch": {"inputConfig": {"requests": {"requests": [first, second]}}, "displayName": "job-inline"}});
    let (status, created) = server.post(CREATE, &body).await;
    assert_eq!(
        (status, &created["metadata"]["state"]),
        (200, &json!("BATCH_STATE_PENDING")),
        "{created}"
    );
    let last = server
        .poll(created["name"].as_str().expect("has a name"))
        .await
        .pop()
        .expect("was polled");
    let responses = last["metadata"]["output"]["inlinedResponses"]["inlinedResponses"]
        .as_array()
        .expect("is a list");
    assert_eq!(
        last["response"]["inlinedResponses"]["inlinedResponses"].as_array(),
        Some(responses)
    );
    assert_eq!(responses[0]["metadata"], json!({"key": "k1"}));
    assert!(picture(&responses[0]["response"]).is_some());
    assert_eq!(responses[1]["metadata"], json!({"key": "k2", "note": "kept"}));
    assert_eq!(responses[1]["error"]["code"], 3);
    assert_eq!(last["metadata"]["batchStats"]["failedRequestCount"], "1");
    assert!(last["metadata"].get("inputConfig").is_none());
    let (_, listed) = server.get("/v1/batches").await;
    assert!(
        listed["operations"][0]["response"]
            .get("inlinedResponses")
            .is_none(),
        "{listed}"
    );
}

#[tokio::test]
async fn input_that_cannot_be_read_refuses_the_batch() {
    let server = Server::start().await;
    let good = line("a").to_string();
    for (text, words) in [
        ("{nonsense".to_owned(), "line 1"),
        (format!("{good}\n{{\"key\": \"b\"}}"), "line 2"),
        (
            format!("{good}\n{{\"key\": \"b\", \"request\": {{\"config\": {{}}}}}}"),
            "Unknown name \"config\"",
        ),
        ("\n".to_owned(), "no requests"),
    ] {
        let file = server.upload(text.as_bytes(), "application/jsonl").await;
        let body = json!({"batch": {"display_name": "job", "input_config": {"file_name": file["name"]}}});
        let (status, error) = server.post(CREATE, &body).await;
        assert_eq!(status, 400, "{text}");
        assert!(
            error["error"]["message"]
                .as_str()
                .expect("is text")
                .contains(words),
            "{text}: {error}"
        );
    }
    let nameless = json!({"batch": {"inputConfig": {"fileName": "files/abc"}}});
    assert!(
        server
            .post(CREATE, &nameless)
            .await
            .1
            .to_string()
            .contains("display_name")
    );
    let missing = json!({"batch": {"displayName": "job", "inputConfig": {"fileName": "files/abc"}}});
    assert_eq!(server.post(CREATE, &missing).await.0, 403);
}

#[tokio::test]
async fn batches_are_listed_newest_first_cancelled_and_deleted() {
    let server = Server::start().await;
    let mut names = Vec::new();
    for _ in 0..3 {
        names.push(server.file_batch(&[line("a")]).await);
    }
    names.reverse();
    let (_, first) = server.get("/v1beta/batches?pageSize=2").await;
    let token = first["nextPageToken"].as_str().expect("has a next page");
    let (_, second) = server
        .get(&format!("/v1beta/batches?pageSize=2&pageToken={token}"))
        .await;
    let listed: Vec<&Value> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["operations"].as_array().expect("is a list"))
        .collect();
    assert_eq!(
        listed
            .iter()
            .map(|batch| batch["name"].as_str().expect("has a name"))
            .collect::<Vec<_>>(),
        names
    );
    // The Python SDK cancels with an empty body.
    let cancel = server.request(Method::POST, &format!("/v1beta/{}:cancel", names[0]));
    assert_eq!(
        cancel
            .send()
            .await
            .expect("answers")
            .text()
            .await
            .expect("is text"),
        "{}"
    );
    let (_, cancelled) = server.get(&format!("/v1beta/{}", names[0])).await;
    assert_eq!(
        (&cancelled["metadata"]["state"], &cancelled["error"]["code"]),
        (&json!("BATCH_STATE_CANCELLED"), &json!(1))
    );
    let delete = server.request(Method::DELETE, &format!("/v1/{}", names[1]));
    assert_eq!(delete.send().await.expect("answers").status(), 200);
    assert_eq!(server.get(&format!("/v1/{}", names[1])).await.0, 404);
}

#[tokio::test]
async fn the_hundred_and_first_batch_at_a_time_is_too_many() {
    let server = Server::start().await;
    server.set_faults(&json!({"batch": {"stuck": true}})).await;
    let body = one_row();
    let path = "/v1/models/gemini-3.8-flash:batchGenerateContent";
    for _ in 0..100 {
        assert_eq!(server.post(path, &body).await.0, 200);
    }
    let (status, error) = server.post(path, &body).await;
    assert_eq!(
        (status, &error["error"]["status"]),
        (429, &json!("RESOURCE_EXHAUSTED"))
    );
    assert!(error.to_string().contains("QuotaFailure"), "{error}");
    server
        .post("/__time", &json!({"advance_seconds": 48 * 3600}))
        .await;
    assert_eq!(
        server.post(path, &body).await.0,
        200,
        "expired batches do not count"
    );
}

#[tokio::test]
async fn batches_that_come_at_once_do_not_share_a_place() {
    let server = Server::start().await;
    server.set_faults(&json!({"batch": {"stuck": true}})).await;
    let create = |_| {
        let order = server.request(Method::POST, CREATE).json(&one_row());
        async move { order.send().await.expect("answers").status().as_u16() }
    };
    let created: JoinSet<u16> = (0..130).map(create).collect();
    let statuses = created.join_all().await;
    let accepted = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!((accepted, statuses.len()), (100, 130), "{statuses:?}");
}

/// An order of a batch with one row.
fn one_row() -> Value {
    let request = json!({"request": {"contents": [{"parts": [{"text": "hello"}]}]}});
    json!({"batch": {"displayName": "job", "inputConfig": {"requests": {"requests": [request]}}}})
}
