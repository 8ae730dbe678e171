//! Mail that the local stack's SES took.

use reqwest::Client;
use serde_json::Value;

/// The mailbox of everyone.
#[derive(Debug, Clone)]
pub struct Mailbox {
    http: Client,
    url: String,
}

impl Mailbox {
    pub(crate) fn new(aws_endpoint: &str) -> Self {
        Self {
            http: crate::stack::http(),
            url: format!("{aws_endpoint}/_ministack/ses/messages"),
        }
    }

    /// Every mail to an address, oldest first, as MiniStack tells of it: `Subject`, `BodyHtml`, `BodyText`, `To` and more.
    pub async fn to(&self, address: &str) -> Vec<Value> {
        let reply = self.http.get(&self.url).send().await.expect("an answer");
        let reply: Value = reply.json().await.expect("JSON");
        let accounts = reply["messages"]
            .as_object()
            .expect("the messages of each account");
        let all = accounts.values().filter_map(Value::as_array).flatten();
        all.filter(|message| {
            message["To"]
                .as_array()
                .is_some_and(|to| to.iter().any(|one| one == address))
        })
        .cloned()
        .collect()
    }
}
