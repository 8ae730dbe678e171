//! The auditor finds what is planted, each time under its own name and nothing else.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client, operation::update_item::builders::UpdateItemFluentBuilder, types::AttributeValue,
};
use packshot_clients::bucket::Bucket;
use packshot_domain::job::Job;
use packshot_tests::{
    audit::{Accepted, Invariant, Weather, Webhook, audit},
    eventually,
    receiver::Receiver,
    stack::Stack,
};
use reqwest::Method;
use serde_json::json;

/// A job that went well, on a stack of which nothing else is known.
struct Scene {
    stack: Stack,
    job: Job,
    accepted: Vec<Accepted>,
    webhooks: Vec<Webhook>,
}

impl Scene {
    async fn play() -> Self {
        let stack = Stack::connect().await;
        let receiver = Receiver::start(Vec::new()).await;
        let id = stack
            .api
            .start_job(json!({"count": 1, "callback_url": receiver.url}))
            .await;
        stack.workflow.ended(&id).await;
        let webhooks = receiver.first(1).await.iter().map(Webhook::from).collect();
        let id = id.parse().expect("an id");
        let job = stack
            .jobs
            .get(stack.user.id, id)
            .await
            .expect("read")
            .expect("there");
        let scene = Self {
            accepted: vec![Accepted {
                owner: stack.user.id,
                email: stack.user.email.clone(),
                job: id,
            }],
            stack,
            job,
            webhooks,
        };
        // The delivery is recorded after the receiver's answer.
        eventually("an audit without findings", async || {
            scene.findings().await.is_empty().then_some(())
        })
        .await;
        scene
    }

    async fn findings(&self) -> Vec<packshot_tests::audit::Finding> {
        audit(&self.stack, &self.accepted, &self.webhooks, Weather::Calm).await
    }

    /// Makes sure that this is found, and nothing else.
    async fn assert_found(&self, invariant: Invariant) {
        let findings = self.findings().await;
        let found: Vec<Invariant> = findings.iter().map(|finding| finding.invariant).collect();
        assert_eq!(found, [invariant], "{findings:#?}");
    }

    fn table(&self) -> Client {
        Client::new(&self.stack.config)
    }

    fn key(&self, sort_key: &str) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (
                "pk".to_owned(),
                AttributeValue::S(format!("USER#{}", self.stack.user.id)),
            ),
            ("sk".to_owned(), AttributeValue::S(sort_key.to_owned())),
        ])
    }

    /// An update of one of the owner's rows.
    fn update(&self, sort_key: &str) -> UpdateItemFluentBuilder {
        let update = self.table().update_item();
        update
            .table_name(self.stack.output("TableName"))
            .set_key(Some(self.key(sort_key)))
    }

    /// Adds one to what the owner is counted to have used.
    async fn count_one_more(&self, of: &str) {
        let update = self.update("LIMIT#consumption");
        let update = update
            .update_expression("ADD #counter :one")
            .expression_attribute_names("#counter", of)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        update.send().await.expect("changed");
    }

    /// Removes what remembers that the mail was sent.
    async fn forget_the_mail(&self) {
        let forget = self.table().delete_item();
        let forget = forget
            .table_name(self.stack.output("TableName"))
            .set_key(Some(self.key(&format!("SENT#{}#email", self.job.id))));
        forget.send().await.expect("deleted");
    }

    fn bucket(&self) -> Bucket {
        Bucket::new(&self.stack.config, self.stack.output("ImagesBucket").to_owned())
    }

    fn picture(&self) -> String {
        let thumbnail = Job::thumbnail_file_name(0, 0);
        self.job.image_path(&thumbnail)
    }
}

#[tokio::test]
async fn a_job_that_was_lost_is_found() {
    let mut scene = Scene::play().await;
    let mut lost = scene.accepted[0].clone();
    lost.job = "job_01h2xcejqtf2nbrexx3vqjhp41".parse().expect("an id");
    scene.accepted.push(lost);
    scene.assert_found(Invariant::NoneLost).await;
}

#[tokio::test]
async fn a_job_that_was_made_twice_is_found() {
    let mut scene = Scene::play().await;
    // Two requests of one name that were answered with one job are not two jobs.
    let again = scene.accepted[0].clone();
    scene.accepted.push(again);
    scene.assert_found(Invariant::NoneDoubled).await;
}

#[tokio::test]
async fn a_job_that_nobody_was_told_of_is_found() {
    let scene = Scene::play().await;
    let second = scene.stack.api.start_job(json!({"count": 1})).await;
    scene.stack.workflow.ended(&second).await;
    scene.assert_found(Invariant::NoneDoubled).await;
}

#[tokio::test]
async fn a_job_that_does_not_end_is_found() {
    let scene = Scene::play().await;
    scene.count_one_more("active_jobs").await;
    let stuck = scene
        .update(&format!("JOB#{}", scene.job.id))
        .update_expression("SET #status = :status")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":status", AttributeValue::S("generating".to_owned()));
    stuck.send().await.expect("changed");
    let findings = scene.findings().await;
    assert_eq!(findings[0].invariant, Invariant::Ended, "{findings:#?}");
}

#[tokio::test]
async fn a_second_batch_is_found_unless_it_is_cancelled() {
    let scene = Scene::play().await;
    let google = &scene.stack.google;
    let request =
        json!({"request": {"contents": [{"parts": [{"text": "a red mug"}]}]}, "metadata": {"key": "k1"}});
    let batch = json!({"batch": {
        "displayName": scene.job.id.to_string(),
        "inputConfig": {"requests": {"requests": [request]}},
    }});
    let path = "v1beta/models/gemini-nano-banana-2.1:batchGenerateContent?key=any";
    let created = google.order(Method::POST, path, &batch).await;
    scene.assert_found(Invariant::OneBatch).await;
    let name = created["name"].as_str().expect("a name");
    let cancel = format!("v1beta/{name}:cancel?key=any");
    google.order(Method::POST, &cancel, &json!({})).await;
    assert_eq!(scene.findings().await, []);
}

#[tokio::test]
async fn a_second_mail_is_found() {
    let scene = Scene::play().await;
    scene.forget_the_mail().await;
    let sent = scene.stack.workflow.task("send-email", &scene.job).await;
    sent.expect("sent");
    scene.assert_found(Invariant::OneMail).await;
}

#[tokio::test]
async fn a_mail_that_was_not_sent_is_found() {
    let scene = Scene::play().await;
    scene.forget_the_mail().await;
    scene.assert_found(Invariant::OneMail).await;
}

#[tokio::test]
async fn a_webhook_of_another_id_is_found() {
    let mut scene = Scene::play().await;
    let mut second = scene.webhooks[0].clone();
    second.id = "evt_01h2xcejqtf2nbrexx3vqjhp41".to_owned();
    scene.webhooks.push(second);
    scene.assert_found(Invariant::OneWebhook).await;
}

#[tokio::test]
async fn a_webhook_that_did_not_come_is_found() {
    let mut scene = Scene::play().await;
    scene.webhooks.clear();
    scene.assert_found(Invariant::OneWebhook).await;
}

#[tokio::test]
async fn a_file_that_is_gone_is_found() {
    let scene = Scene::play().await;
    let s3 = aws_sdk_s3::Client::new(&scene.stack.config);
    let delete = s3.delete_object().bucket(scene.stack.output("ImagesBucket"));
    delete.key(scene.picture()).send().await.expect("deleted");
    scene.assert_found(Invariant::RowsHaveTheirFiles).await;
}

#[tokio::test]
async fn a_file_that_no_row_names_is_found() {
    let scene = Scene::play().await;
    let key = scene.job.image_path("99.png");
    let put = scene.bucket().put(&key, "image/png", "no picture".into()).await;
    put.expect("put");
    scene.assert_found(Invariant::FilesHaveTheirRows).await;
}

#[tokio::test]
async fn a_counter_that_is_off_by_one_is_found() {
    let scene = Scene::play().await;
    scene.count_one_more("images").await;
    scene.assert_found(Invariant::CountersAddUp).await;
}

#[tokio::test]
async fn a_row_about_no_job_is_found() {
    let scene = Scene::play().await;
    let mark = scene.key("SENT#job_01h2xcejqtf2nbrexx3vqjhp41#email");
    let put = scene
        .table()
        .put_item()
        .table_name(scene.stack.output("TableName"));
    put.set_item(Some(mark)).send().await.expect("put");
    scene.assert_found(Invariant::NothingLeft).await;
}
