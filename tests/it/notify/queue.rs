//! The queue between the state machine and deliver-webhook.

use aws_sdk_sqs::{
    Client,
    types::QueueAttributeName::{QueueArn, RedrivePolicy},
};
use packshot_clients::deliveries::DeliveryStatus;
use packshot_domain::{job::Job, webhook::MAX_ATTEMPTS};
use packshot_tests::{
    ended_jobs::{completed, new_job, ready},
    eventually,
    receiver::Receiver,
    stack::Stack,
};
use serde_json::{Value, json};

use super::{body_of, canceled, deliver, message, record_of, told_to, written};

/// The queue, as its owner.
struct Queue<'a> {
    client: Client,
    stack: &'a Stack,
}

impl<'a> Queue<'a> {
    fn of(stack: &'a Stack) -> Self {
        Self {
            client: Client::new(&stack.config),
            stack,
        }
    }

    fn url(&self) -> &str {
        self.stack.output("WebhookQueueUrl")
    }

    async fn send(&self, body: &Value) {
        let send = self.client.send_message().queue_url(self.url());
        send.message_body(body.to_string()).send().await.expect("sent");
    }

    async fn redrive_policy(&self) -> Value {
        let get = self.client.get_queue_attributes().queue_url(self.url());
        let reply = get.attribute_names(RedrivePolicy).send().await.expect("read");
        let text = reply
            .attributes()
            .and_then(|all| all.get(&RedrivePolicy))
            .expect("a policy");
        serde_json::from_str(text).expect("JSON")
    }

    async fn set_redrive_policy(&self, policy: &Value) {
        let set = self.client.set_queue_attributes().queue_url(self.url());
        set.attributes(RedrivePolicy, policy.to_string())
            .send()
            .await
            .expect("set");
    }

    /// Takes a job's message from the dead letters, once it is there.
    async fn dead_letter_about(&self, job: &Job) -> Value {
        let url = self.stack.output("WebhookDeadLetterQueueUrl");
        eventually("the dead letter", async || {
            // The letters of others stay, hidden for a moment so that more than ten of them do not hide ours.
            let receive = self.client.receive_message().queue_url(url).visibility_timeout(2);
            let reply = receive.max_number_of_messages(10).send().await.ok()?;
            for letter in reply.messages() {
                let body: Value = serde_json::from_str(letter.body()?).ok()?;
                if body == body_of(job) {
                    let delete = self.client.delete_message().queue_url(url);
                    let delete = delete.set_receipt_handle(letter.receipt_handle.clone());
                    delete.send().await.expect("deleted");
                    return Some(body);
                }
            }
            None
        })
        .await
    }
}

#[tokio::test]
async fn a_receiver_that_recovers_gets_its_webhook_again() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into()]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    Queue::of(&stack).send(&body_of(&job)).await;
    let calls = receiver.first(2).await;
    assert_eq!(calls[0].headers["webhook-id"], calls[1].headers["webhook-id"]);
    assert_eq!(calls[0].body, calls[1].body);

    let record = eventually("the second attempt's record", async || {
        record_of(&stack, &job)
            .await
            .filter(|record| record.attempts.len() == 2)
    })
    .await;
    assert_eq!(record.status, DeliveryStatus::Delivered);
    let waited = record.attempts[1]
        .at
        .duration_since(record.attempts[0].at)
        .as_secs();
    assert!(
        (4..=15).contains(&waited),
        "{waited} s between the first two attempts"
    );
}

#[tokio::test]
async fn one_bad_message_does_not_keep_the_others() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(Vec::new()).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let untold = written(&stack, completed(new_job(stack.user.id, 1), &[ready()])).await;
    let gone = new_job(stack.user.id, 1);
    let running = Job {
        callback_url: receiver.url.parse().ok(),
        ..Job::from(new_job(stack.user.id, 1))
    };
    let running = written(&stack, running).await;

    let messages = [
        message(&json!("not a task"), 1),
        message(&body_of(&job), 1),
        message(&body_of(&untold), 1),
        message(&body_of(&Job::from(gone)), 1),
        message(&body_of(&running), 1),
        message(
            &json!({"user_id": job.owner.to_string(), "job_id": job.id.to_string()}),
            1,
        ),
    ];
    let mut kept = deliver(&stack, &messages).await;
    kept.sort_unstable();
    let mut expected = [0, 4, 5].map(|index: usize| messages[index]["messageId"].as_str().expect("an id"));
    expected.sort_unstable();
    assert_eq!(kept, expected);
    assert_eq!(receiver.received().len(), 1);
    canceled(&stack, &running).await;
}

#[tokio::test]
async fn the_queue_gives_up_when_the_schedule_does() {
    let stack = Stack::connect().await;
    let queue = Queue::of(&stack);
    let policy = queue.redrive_policy().await;
    assert_eq!(
        policy["maxReceiveCount"].to_string().trim_matches('"'),
        MAX_ATTEMPTS.to_string()
    );
    let dead_letters = stack.output("WebhookDeadLetterQueueUrl");
    let get = queue
        .client
        .get_queue_attributes()
        .queue_url(dead_letters)
        .attribute_names(QueueArn);
    let reply = get.send().await.expect("read");
    assert_eq!(
        policy["deadLetterTargetArn"].as_str(),
        reply
            .attributes()
            .and_then(|all| all.get(&QueueArn))
            .map(String::as_str)
    );
}

/// Ten attempts take two days, so the queue is told for a moment to give up after the first one.
#[tokio::test]
async fn a_message_that_was_given_up_is_among_the_dead_letters() {
    let stack = Stack::connect().await;
    let receiver = Receiver::start(vec![500.into(); 20]).await;
    let job = written(&stack, told_to(&stack, &receiver.url)).await;
    let queue = Queue::of(&stack);
    let policy = queue.redrive_policy().await;
    let mut hasty = policy.clone();
    hasty["maxReceiveCount"] = json!(1);
    queue.set_redrive_policy(&hasty).await;
    // Less patient than everything in it, so that a failure is not the end of the test before the policy is back.
    let letter = tokio::time::timeout(packshot_tests::PATIENCE / 2, async {
        queue.send(&body_of(&job)).await;
        receiver.first(1).await;
        queue.dead_letter_about(&job).await
    })
    .await;
    queue.set_redrive_policy(&policy).await;
    assert_eq!(letter.expect("in time"), body_of(&job));
    assert_eq!(receiver.received().len(), 1);
}
