//! One query over the logs shows all that came of a request.

use aws_sdk_cloudwatchlogs::Client;
use packshot_clients::clock;
use packshot_tests::{eventually, pictures, receiver::Receiver, stack::Stack};
use serde_json::{Value, json};

/// The lines of all functions with this id of a request, oldest first, as CloudWatch Logs Insights finds them.
///
/// MiniStack knows no fields but its own in a filter, and passes over a `filter request_id = …`, which AWS would understand, too.
async fn lines_of(client: &Client, request_id: &str) -> Vec<Value> {
    let groups = client
        .describe_log_groups()
        .log_group_name_prefix("/aws/lambda/packshot-dev-")
        .send()
        .await
        .expect("log groups")
        .log_groups
        .unwrap_or_default();
    let groups = groups.into_iter().filter_map(|group| group.log_group_name);
    let now = clock::now().as_second();
    let query = client
        .start_query()
        .set_log_group_names(Some(groups.collect()))
        .start_time(now - 3600)
        .end_time(now + 60)
        .query_string(format!(
            "fields @timestamp, @message | filter @message like /\"request_id\":\"{request_id}\"/ | sort @timestamp asc"
        ))
        .send()
        .await;
    let id = query.expect("a query").query_id.expect("an id");
    let found = client
        .get_query_results()
        .query_id(id)
        .send()
        .await
        .expect("results");
    let rows = found.results.unwrap_or_default().into_iter();
    rows.filter_map(|row| {
        let message = row.into_iter().find(|field| field.field() == Some("@message"))?;
        serde_json::from_str(message.value()?).ok()
    })
    .collect()
}

#[tokio::test]
async fn one_query_follows_a_request_to_its_webhook() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let request = json!({
        "images": [pictures::data_url(&pictures::cup_png())],
        "count": 2,
        "callback_url": receiver.url,
    });
    let answer = stack.api.post("/api/v1/generate", &request).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let request_id = answer.headers["x-request-id"].to_str().expect("text").to_owned();
    receiver.first(1).await;

    let client = Client::new(&stack.config);
    let lines = eventually("the line about the webhook", async || {
        let lines = lines_of(&client, &request_id).await;
        lines
            .iter()
            .any(|line| {
                line["message"]
                    .as_str()
                    .is_some_and(|text| text.starts_with("Tried to deliver"))
            })
            .then_some(lines)
    })
    .await;
    assert!(
        lines.iter().all(|line| line["request_id"] == request_id.as_str()),
        "the id is a field of each line, and of no other: {lines:?}"
    );
    for function in ["create-job", "collect-images", "send-email", "deliver-webhook"] {
        let name = format!("packshot-dev-{function}");
        let of_function = lines.iter().find(|line| line["function_name"] == name.as_str());
        let line = of_function.unwrap_or_else(|| panic!("nothing of {function} in {lines:?}"));
        assert!(
            line["user.id"].is_string() && line["function_request_id"].is_string(),
            "{line}"
        );
    }
    let job = answer.body["id"].as_str().expect("an id");
    let about_the_job = lines.iter().filter(|line| line["job.id"] == job).count();
    assert!(about_the_job >= 3, "{lines:?}");
}

/// Lambda takes metrics out of lines of this form.
#[tokio::test]
async fn the_end_of_a_job_is_measured() {
    let stack = Stack::connect().await;
    let id = stack.api.start_job(json!({})).await;
    stack.workflow.ended(&id).await;
    let client = Client::new(&stack.config);
    let metric = eventually("the metric of a job", async || {
        let events = client
            .filter_log_events()
            .log_group_name("/aws/lambda/packshot-dev-collect-images")
            .filter_pattern("JobSeconds")
            .send()
            .await
            .expect("events");
        let events = events.events.unwrap_or_default();
        events
            .iter()
            .find_map(|event| serde_json::from_str::<Value>(event.message()?).ok())
    })
    .await;
    let directive = &metric["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Packshot", "{metric}");
    assert_eq!(
        directive["Dimensions"],
        json!([["Stage"], ["Stage", "Outcome"]]),
        "{metric}"
    );
    assert_eq!(metric["Stage"], "dev", "{metric}");
    assert!(metric["Outcome"].is_string() && metric["Jobs"] == 1, "{metric}");
}
