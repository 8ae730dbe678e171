//! Faults and recorded calls.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Server, line, picture};

const TEXT: &str = "/v1/models/gemini-3.8-flash:generateContent";

fn hello() -> Value {
    json!({"contents": [{"parts": [{"text": "hello"}]}]})
}

#[tokio::test]
async fn refusals_carry_google_s_details() {
    let server = Server::start().await;
    let daily = json!({"status": 429, "quota_id": "GenerateRequestsPerDayPerProjectPerModel"});
    server
        .set_faults(
            &json!({"generate_content": [{"status": 429, "retry_delay": "1.2s", "times": 2}, daily,
            {"status": 503}, {"status": 502, "body": "<html>Bad gateway</html>"}]}),
        )
        .await;
    for _ in 0..2 {
        let (status, error) = server.post(TEXT, &hello()).await;
        assert_eq!(status, 429);
        let details = error["error"]["details"].as_array().expect("is a list");
        assert!(
            details.iter().any(|detail| detail["retryDelay"] == "1.2s"),
            "{error}"
        );
    }
    assert!(server.post(TEXT, &hello()).await.1.to_string().contains("PerDay"));
    assert_eq!(
        server.post(TEXT, &hello()).await.1["error"]["status"],
        "UNAVAILABLE"
    );
    let page = server
        .request(Method::POST, TEXT)
        .json(&hello())
        .send()
        .await
        .expect("answers");
    assert_eq!(
        (
            page.status().as_u16(),
            page.text().await.expect("is text").as_str()
        ),
        (502, "<html>Bad gateway</html>")
    );
    assert_eq!(server.post(TEXT, &hello()).await.0, 200);
}

#[tokio::test]
async fn a_dropped_reply_leaves_the_work_done() {
    let server = Server::start().await;
    server
        .set_faults(&json!({"create_batch": [{"drop_reply": true}]}))
        .await;
    let request = json!({"request": hello()});
    let body =
        json!({"batch": {"displayName": "job-7", "inputConfig": {"requests": {"requests": [request]}}}});
    let path = "/v1/models/gemini-3.8-flash:batchGenerateContent";
    let lost = server.request(Method::POST, path).json(&body).send().await;
    assert!(lost.is_err(), "a reply came: {lost:?}");
    let (_, listed) = server.get("/v1/batches").await;
    assert_eq!(listed["operations"][0]["metadata"]["displayName"], "job-7");
    let calls = server.calls("create_batch").await;
    assert_eq!(
        (&calls[0]["reply_dropped"], &calls[0]["displayName"]),
        (&json!(true), &json!("job-7"))
    );
}

#[tokio::test]
async fn the_last_step_of_an_upload_can_be_lost_alone() {
    let server = Server::start().await;
    server
        .set_faults(&json!({"upload_file": [{"drop_reply": true, "step": "finalize"}]}))
        .await;
    let url = server.start_upload(3, &json!({"mimeType": "text/plain"})).await;
    let send = server
        .request(Method::POST, &url)
        .header("x-goog-upload-command", "upload, finalize");
    assert!(
        send.header("x-goog-upload-offset", 0)
            .body("abc")
            .send()
            .await
            .is_err()
    );
    let asked = server.send_bytes(&url, "query", 0, Vec::new()).await;
    assert_eq!(asked.headers()["x-goog-upload-status"], "final");
}

#[tokio::test]
async fn scripted_answers_take_the_place_of_the_model_s() {
    let server = Server::start().await;
    server
        .set_faults(
            &json!({"generate_content": [{"text": "not json"}, {"block_reason": "SAFETY"},
            {"finish_reason": "MAX_TOKENS"}, {"shots": 7}, {"delay_ms": 300}]}),
        )
        .await;
    let (_, text) = server.post(TEXT, &hello()).await;
    assert_eq!(text["candidates"][0]["content"]["parts"][0]["text"], "not json");
    let (status, blocked) = server.post(TEXT, &hello()).await;
    assert_eq!(
        (status, &blocked["promptFeedback"]["blockReason"]),
        (200, &json!("SAFETY"))
    );
    assert!(blocked.get("candidates").is_none());
    let (_, cut) = server.post(TEXT, &hello()).await;
    assert_eq!(cut["candidates"][0]["finishReason"], "MAX_TOKENS");
    assert!(cut["candidates"][0].get("content").is_none());
    let shots = json!({"type": "ARRAY", "minItems": 10, "maxItems": 10, "items": {"type": "OBJECT", "properties": {"title": {"type": "STRING"}}}});
    let schema = json!({"type": "OBJECT", "properties": {"shots": shots}});
    let mut asking = hello();
    asking["generationConfig"] = json!({"responseMimeType": "application/json", "responseSchema": schema});
    let (_, wrong) = server.post(TEXT, &asking).await;
    let written = wrong["candidates"][0]["content"]["parts"][0]["text"]
        .as_str()
        .expect("is text");
    assert_eq!(
        serde_json::from_str::<Value>(written).expect("is JSON")["shots"]
            .as_array()
            .map(Vec::len),
        Some(7)
    );
    let before = Instant::now();
    server.post(TEXT, &hello()).await;
    assert!(before.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn rows_fail_each_in_its_own_way() {
    let server = Server::start().await;
    server
        .set_faults(&json!({"batch": {"polls_until_done": 1, "shuffle": true, "rows": {
            "1": {"error": 13}, "2": {"finish_reason": "IMAGE_SAFETY"}, "3": {"missing": true}, "4": {"duplicate": true},
            "5": {"no_image": true}, "6": {"corrupt_image": true}, "7": {"not_base64": true}, "8": {"pad_bytes": 2_000_000},
            "i": {"url_safe": true}, "10": {"block_reason": "PROHIBITED_CONTENT"}}}}))
        .await;
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let name = server.file_batch(&keys.map(line)).await;
    // Faults belong to the batch from its creation on.
    server.set_faults(&json!({})).await;
    let rows = server.results(&name).await;
    let order: Vec<&str> = rows
        .iter()
        .map(|row| row["key"].as_str().expect("has a key"))
        .collect();
    assert_eq!(order, ["j", "i", "h", "g", "f", "e", "d", "d", "b", "a"]);
    let row = |key: &str| rows.iter().find(|row| row["key"] == key).expect("is there");
    assert_eq!(row("a")["error"]["code"], 13);
    assert_eq!(
        row("b")["response"]["candidates"][0]["finishReason"],
        "IMAGE_SAFETY"
    );
    assert!(picture(&row("e")["response"]).is_none());
    let decoded = |key: &str| STANDARD.decode(picture(&row(key)["response"]).expect("has a picture"));
    assert!(image::load_from_memory(&decoded("f").expect("is base64")).is_err());
    assert!(decoded("g").is_err());
    let padded = decoded("h").expect("is base64");
    assert!(padded.len() >= 2_000_000 && image::load_from_memory(&padded).is_ok());
    assert!(
        URL_SAFE_NO_PAD
            .decode(picture(&row("i")["response"]).expect("has a picture"))
            .is_ok()
    );
    assert_eq!(
        row("j")["response"]["promptFeedback"]["blockReason"],
        "PROHIBITED_CONTENT"
    );
}

#[tokio::test]
async fn batches_end_as_they_are_told() {
    let server = Server::start().await;
    for (end, state, code) in [
        ("FAILED", "BATCH_STATE_FAILED", 13),
        ("EXPIRED", "BATCH_STATE_EXPIRED", 4),
        ("JOB_STATE_CANCELLED", "JOB_STATE_CANCELLED", 1),
    ] {
        server
            .set_faults(&json!({"batch": {"end_state": end, "polls_until_done": 2}}))
            .await;
        let name = server.file_batch(&[line("a")]).await;
        let seen = server.poll(&name).await;
        let last = seen.last().expect("was polled");
        assert_eq!(seen.len(), 2);
        assert_eq!(
            (&last["metadata"]["state"], &last["error"]["code"]),
            (&json!(state), &json!(code))
        );
        assert!(last["metadata"].get("output").is_none() && last.get("response").is_none());
    }
    let own = json!([{"contains": "other", "stuck": true}, {"end_state": "FAILED", "polls_until_done": 1}]);
    server.set_faults(&json!({"batch": own})).await;
    let name = server.file_batch(&[line("a")]).await;
    assert_eq!(server.poll(&name).await.len(), 1);
}

#[tokio::test]
async fn a_batch_may_go_by_the_clock() {
    let server = Server::start().await;
    server
        .set_faults(&json!({"batch": {"seconds_until_done": 600}}))
        .await;
    let name = server.file_batch(&[line("a"), line("b")]).await;
    let state = async || server.get(&format!("/v1/{name}")).await.1["metadata"]["state"].clone();
    assert_eq!(state().await, "BATCH_STATE_PENDING");
    server.post("/__time", &json!({"advance_seconds": 400})).await;
    assert_eq!(state().await, "BATCH_STATE_RUNNING");
    server.post("/__time", &json!({"advance_seconds": 250})).await;
    assert_eq!(state().await, "BATCH_STATE_SUCCEEDED");
}

#[tokio::test]
async fn unknown_faults_are_refused_and_change_nothing() {
    let server = Server::start().await;
    server.set_faults(&json!({"get_batch": [{"status": 500}]})).await;
    for wrong in [
        json!({"get_file": []}),
        json!({"get_batch": [{"stauts": 500}]}),
        json!({"get_batch": [{"text": "x"}]}),
        json!({"get_batch": [{"status": 200}]}),
        json!({"batch": {"rows": {"1": {"lost": true}}}}),
    ] {
        let reply = server
            .request(Method::PUT, "/__faults")
            .json(&wrong)
            .send()
            .await
            .expect("answers");
        assert_eq!(reply.status(), 400, "{wrong}");
    }
    assert_eq!(server.get("/__faults").await.1["get_batch"][0]["status"], 500);
}

/// Tests that share a server leave each other's faults alone.
#[tokio::test]
async fn faults_can_be_added_to_those_in_force() {
    let server = Server::start().await;
    let mine = json!({"get_batch": [{"status": 500}], "batch": {"contains": "mine", "stuck": true}});
    server.set_faults(&mine).await;
    let theirs = json!({"get_batch": [{"status": 503}], "batch": [{"contains": "theirs"}]});
    let reply = server
        .request(Method::POST, "/__faults")
        .json(&theirs)
        .send()
        .await
        .expect("answers");
    assert_eq!(reply.status(), 200);
    let (_, faults) = server.get("/__faults").await;
    let statuses: Vec<_> = faults["get_batch"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, [500, 503]);
    assert_eq!(faults["batch"][1]["contains"], "theirs");
}

#[tokio::test]
async fn calls_are_recorded_in_order_and_can_be_cleared() {
    let server = Server::start().await;
    server.post(&format!("{TEXT}?key=secret"), &hello()).await;
    server.get("/v1/batches/none").await;
    let (_, calls) = server.get("/__calls").await;
    let summary: Vec<_> = calls
        .as_array()
        .expect("is a list")
        .iter()
        .map(|call| (&call["sequence"], &call["operation"], &call["status"]))
        .collect();
    assert_eq!(
        summary,
        [
            (&json!(1), &json!("generate_content"), &json!(200)),
            (&json!(2), &json!("get_batch"), &json!(404))
        ]
    );
    assert_eq!(calls[0]["body"], hello());
    assert_eq!(calls[0]["path"], TEXT);
    assert_eq!(
        server.get("/__calls/counts").await.1,
        json!({"generate_content": {"200": 1}, "get_batch": {"404": 1}})
    );
    server
        .request(Method::DELETE, "/__calls")
        .send()
        .await
        .expect("answers");
    assert_eq!(server.get("/__calls").await.1, json!([]));
    assert_eq!(server.get("/__calls/counts").await.1, json!({}));
    assert_eq!(server.get("/__health").await.1["status"], "ok");
}
