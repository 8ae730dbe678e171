//! The queues: of webhooks to be delivered, and of accounts to be deleted.

use std::time::Duration;

use aws_sdk_sqs::Client;
use packshot_domain::id::{RequestId, UserId};
use serde_json::json;

use crate::{
    config::{self, Missing, env},
    deliveries::Delivery,
    error::AwsError,
};

/// The queue of webhooks to be delivered.
#[derive(Debug, Clone)]
pub struct WebhookQueue {
    client: Client,
    url: String,
}

impl WebhookQueue {
    /// The queue that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        Ok(Self {
            client: Client::new(config),
            url: config::require(env::WEBHOOK_QUEUE_URL)?,
        })
    }

    /// Puts a webhook into the queue once more, as the state machine puts it there the first time.
    pub async fn send(
        &self,
        owner: UserId,
        delivery: &Delivery,
        request: Option<RequestId>,
    ) -> Result<(), AwsError> {
        let mut body = json!({
            "user_id": owner.to_string(),
            "job_id": delivery.job_id,
            "event_id": delivery.event_id,
        });
        if let Some(request) = request {
            body["request_id"] = request.to_string().into();
        }
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body.to_string())
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new("queueing a webhook", error))
    }

    /// Lets a received message come back after `wait` (whole seconds, at most 12 hours).
    pub async fn postpone(&self, receipt_handle: &str, wait: Duration) -> Result<(), AwsError> {
        let seconds = i32::try_from(wait.as_secs()).unwrap_or(i32::MAX);
        self.client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(seconds)
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new("postponing a webhook", error))
    }
}

/// The queue of accounts to be deleted.
#[derive(Debug, Clone)]
pub struct DeletionQueue {
    client: Client,
    url: String,
}

impl DeletionQueue {
    /// The queue that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(config, config::require(env::DELETION_QUEUE_URL)?))
    }

    /// The queue at this address.
    pub fn new(config: &aws_config::SdkConfig, url: String) -> Self {
        Self {
            client: Client::new(config),
            url,
        }
    }

    /// Has the deletion of a user go on.
    pub async fn send(&self, user: UserId) -> Result<(), AwsError> {
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(json!({"user_id": user.to_string()}).to_string())
            .send()
            .await
            .map(drop)
            .map_err(|error| AwsError::new("queueing the deletion of an account", error))
    }
}
