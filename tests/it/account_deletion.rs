//! `DELETE /api/me`: the account is closed at once, and nothing is left of it, whatever happens on the way.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use packshot_clients::{accounts::Accounts, clock, keys::ApiKeys};
use packshot_domain::{id::UserId, job::Job, session::SessionToken};
use packshot_tests::{
    api::Answer,
    belongings::{files_of, keys_at_the_gateway, rows_about},
    eventually,
    stack::Stack,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::events::sample;

mod closed;
mod google;
mod interruptions;
mod races;
mod whole;

/// All by which one finds what is left of an account.
struct Account {
    stack: Stack,
    /// The names that API Gateway has for the account's keys.
    key_names: Vec<String>,
    sessions: Vec<SessionToken>,
    jobs: Vec<Job>,
}

impl Account {
    /// The account of a stack's user, with the keys that it has.
    async fn new(stack: Stack) -> Self {
        let mut account = Self {
            stack,
            key_names: Vec::new(),
            sessions: Vec::new(),
            jobs: Vec::new(),
        };
        account.note_keys().await;
        account
    }

    async fn note_keys(&mut self) {
        let keys = ApiKeys::new(self.stack.table.clone()).list(self.user()).await;
        let names = keys.expect("listed").into_iter().map(|key| key.id.to_string());
        self.key_names = names.collect();
    }

    fn user(&self) -> UserId {
        self.stack.user.id
    }

    /// Asks for the deletion in the first session.
    async fn delete(&self) -> Answer {
        delete(&self.stack, &self.sessions[0]).await
    }

    /// The sort keys of rows that are about the account.
    async fn rows(&self) -> Vec<String> {
        let mut names = vec![self.user().to_string(), self.stack.user.email.clone()];
        let sessions = self.sessions.iter();
        names.extend(sessions.map(|token| token.hash().as_str().to_owned()));
        rows_about(&self.stack, &names).await
    }

    async fn is_all_gone_but_the_mark(&self) -> bool {
        self.rows().await == ["PROFILE"] && self.is_gone_elsewhere().await
    }

    /// Makes sure that nothing is left anywhere.
    async fn assert_gone(&self) {
        assert_eq!(self.rows().await, Vec::<String>::new());
        assert!(self.is_gone_elsewhere().await);
    }

    /// Whether nothing is left outside of the table.
    async fn is_gone_elsewhere(&self) -> bool {
        files_of(&self.stack, &self.jobs).await.is_empty()
            && keys_at_the_gateway(&self.stack, &self.key_names).await == 0
    }

    /// Waits until all but the mark is gone, which the message has seen to.
    async fn until_only_the_mark_is_left(&self) {
        eventually("the account's belongings to go", async || {
            self.is_all_gone_but_the_mark().await.then_some(())
        })
        .await;
    }

    /// Does what the hours would: nothing goes on any more that was begun before the mark, and the schedule comes.
    async fn settle(&self) {
        age_mark(&self.stack).await;
        look_at_all(&self.stack).await;
        eventually("the mark to go", async || {
            self.rows().await.is_empty().then_some(())
        })
        .await;
        self.assert_gone().await;
    }
}

async fn delete(stack: &Stack, token: &SessionToken) -> Answer {
    let request = stack.api.page_request(Method::DELETE, "/api/me", token);
    stack.api.send(request).await
}

/// Marks the account as one to delete, which is what closes it.
async fn mark(stack: &Stack) {
    let accounts = Accounts::new(stack.table.clone());
    let marked = accounts.mark_deleted(stack.user.id, clock::now()).await;
    assert!(marked.expect("marked"));
    let again = accounts.mark_deleted(stack.user.id, clock::now()).await;
    assert!(!again.expect("looked at"), "there is nobody to mark any more");
}

/// Has the mark be an hour old.
async fn age_mark(stack: &Stack) {
    let earlier: Timestamp = clock::now() - Duration::from_hours(1);
    let aged = change_row(stack, "PROFILE", &[("deleted_at", earlier.to_string())]).await;
    assert!(aged, "there is a mark");
}

/// Sets attributes that one of the user's rows has; `false` where the row is not there.
async fn change_row(stack: &Stack, sk: &str, attributes: &[(&str, String)]) -> bool {
    let client = aws_sdk_dynamodb::Client::new(&stack.config);
    for (name, value) in attributes {
        let changed = client
            .update_item()
            .table_name(stack.output("TableName"))
            .key("pk", AttributeValue::S(format!("USER#{}", stack.user.id)))
            .key("sk", AttributeValue::S(sk.to_owned()))
            .update_expression("SET #name = :value")
            .condition_expression("attribute_exists(#name)")
            .expression_attribute_names("#name", *name)
            .expression_attribute_values(":value", AttributeValue::S(value.clone()))
            .send()
            .await;
        match changed {
            Ok(_) => {}
            Err(error) => {
                let error = error.into_service_error();
                assert!(error.is_conditional_check_failed_exception(), "{error:?}");
                return false;
            }
        }
    }
    true
}

/// Removes an attribute that one of the user's rows has.
async fn forget(stack: &Stack, sk: &str, attribute: &str) {
    let removed = aws_sdk_dynamodb::Client::new(&stack.config)
        .update_item()
        .table_name(stack.output("TableName"))
        .key("pk", AttributeValue::S(format!("USER#{}", stack.user.id)))
        .key("sk", AttributeValue::S(sk.to_owned()))
        .update_expression("REMOVE #name")
        .condition_expression("attribute_exists(#name)")
        .expression_attribute_names("#name", attribute)
        .send()
        .await;
    removed.expect("removed");
}

/// What the hourly schedule does.
async fn look_at_all(stack: &Stack) {
    let event = sample("delete-account.schedule");
    let answer = stack.workflow.invoke("delete-account", &event).await;
    answer.expect("an answer");
}

/// What the queue does with a message about a user.
async fn deliver_message(stack: &Stack, user: UserId) -> Result<Value, Value> {
    let mut event = sample("delete-account.message");
    event["Records"][0]["body"] = json!(json!({"user_id": user.to_string()}).to_string());
    stack.workflow.invoke("delete-account", &event).await
}
