//! What people grant: one row, sealed tokens, one refresh at a time.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use packshot_clients::{
    clock,
    drive_grants::{GrantError, SaveError},
    google::OauthError,
};
use packshot_domain::id::UserId;
use packshot_tests::{
    drives::{self, Account, GrantRow, READ, SAVE, grants},
    stack::Stack,
};
use secrecy::ExposeSecret;
use serde_json::json;

async fn connected(stack: &Stack) -> Account {
    drives::connect(stack, json!({}), &[READ]).await
}

#[tokio::test]
async fn a_grant_is_kept_with_its_account_and_scopes() {
    let stack = Stack::connect().await;
    assert_eq!(grants(&stack).status(stack.user.id).await.expect("read"), None);
    let account = drives::connect(&stack, json!({}), &[READ, SAVE]).await;
    let status = grants(&stack)
        .status(stack.user.id)
        .await
        .expect("read")
        .expect("connected");
    assert_eq!(
        (status.account.email, status.account.subject),
        (account.email, account.subject)
    );
    assert!(status.scopes.contains(READ) && status.scopes.contains(SAVE));
    assert!(!status.needs_reconnect);
}

#[tokio::test]
async fn concurrent_refreshes_make_one() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    GrantRow::of(&stack).outdate(stack.user.id).await;
    let before = account.calls(&stack, "token").await;
    // Each with nothing in memory, as so many processes.
    let processes: Vec<_> = (0..12).map(|_| grants(&stack)).collect();
    let tokens = join_all(processes.iter().map(|grants| grants.access_token(stack.user.id))).await;
    let tokens: Vec<String> = tokens
        .into_iter()
        .map(|token| token.expect("a token").token.expose_secret().to_owned())
        .collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    assert_eq!(account.calls(&stack, "token").await - before, 1);
}

#[tokio::test]
async fn one_token_that_many_find_refused_is_replaced_once() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    let processes: Vec<_> = (0..8).map(|_| grants(&stack)).collect();
    let rejected = join_all(processes.iter().map(|grants| grants.access_token(stack.user.id))).await;
    let before = account.calls(&stack, "token").await;
    let renewed = processes.iter().zip(&rejected).map(|(grants, rejected)| {
        grants.access_token_after(stack.user.id, rejected.as_ref().expect("a token"))
    });
    let renewed = join_all(renewed).await;
    assert!(renewed.iter().all(Result::is_ok), "{renewed:?}");
    assert_eq!(account.calls(&stack, "token").await - before, 1);
}

#[tokio::test]
async fn whoever_died_while_refreshing_is_overtaken() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    let row = GrantRow::of(&stack);
    row.outdate(stack.user.id).await;
    let lease = clock::now() + Duration::from_secs(2);
    row.set_time(stack.user.id, "refreshing_until", lease).await;
    let before = account.calls(&stack, "token").await;
    grants(&stack).access_token(stack.user.id).await.expect("a token");
    assert!(clock::now() >= lease, "the lease was respected");
    assert_eq!(account.calls(&stack, "token").await - before, 1);
}

#[tokio::test]
async fn a_lost_answer_of_google_costs_no_waiting_for_the_lease() {
    let stack = Stack::connect().await;
    connected(&stack).await;
    GrantRow::of(&stack).outdate(stack.user.id).await;
    stack
        .google
        .faults(json!({"token": [{"status": 503, "times": 3}]}))
        .await;
    let failed = grants(&stack).access_token(stack.user.id).await;
    let error = failed.expect_err("Google is in trouble");
    assert!(
        error.is_transient() && matches!(error, GrantError::Google(OauthError::Unavailable(_))),
        "{error:?}"
    );
    let begun = clock::now();
    grants(&stack).access_token(stack.user.id).await.expect("a token");
    assert!(
        clock::now() < begun + Duration::from_secs(10),
        "the lease was given back"
    );
}

#[tokio::test]
async fn no_token_is_in_the_row_as_it_is_and_none_opens_for_somebody_else() {
    let stack = Stack::connect().await;
    let account = Account::with(&stack, &json!({})).await;
    let grant = account.grant(&stack, &[READ]).await;
    grants(&stack).save(stack.user.id, &grant).await.expect("saved");
    let rows = GrantRow::of(&stack);
    let row = rows.read(stack.user.id).await.expect("a row");
    let text = format!("{row:?}");
    let refresh_token = grant.refresh_token.as_ref().expect("a refresh token");
    for token in [refresh_token, &grant.access.token] {
        assert!(!text.contains(token.expose_secret()), "a token is readable");
    }
    let mine = grants(&stack).access_token(stack.user.id).await.expect("a token");
    assert_eq!(mine.token.expose_secret(), grant.access.token.expose_secret());

    let thief = UserId::from_uuid(clock::new_uuid());
    rows.write(thief, row.clone()).await;
    let stolen = grants(&stack).access_token(thief).await;
    assert!(matches!(stolen, Err(GrantError::Reconnect)), "{stolen:?}");
    rows.outdate(thief).await;
    let stolen = grants(&stack).access_token(thief).await;
    assert!(matches!(stolen, Err(GrantError::Reconnect)), "{stolen:?}");
}

#[tokio::test]
async fn access_that_was_taken_back_is_noted_and_a_new_grant_heals() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    account.revoke(&stack).await;
    GrantRow::of(&stack).outdate(stack.user.id).await;
    let gone = grants(&stack).access_token(stack.user.id).await;
    assert!(matches!(gone, Err(GrantError::Reconnect)), "{gone:?}");
    let before = account.calls(&stack, "token").await;
    let again = grants(&stack).access_token(stack.user.id).await;
    assert!(matches!(again, Err(GrantError::Reconnect)), "{again:?}");
    assert_eq!(
        account.calls(&stack, "token").await,
        before,
        "Google is not asked again"
    );
    let status = grants(&stack)
        .status(stack.user.id)
        .await
        .expect("read")
        .expect("a row");
    assert!(status.needs_reconnect);
    assert_eq!(
        status.account.email, account.email,
        "so that the page can name it"
    );

    account.connect(&stack, &[READ]).await;
    grants(&stack).access_token(stack.user.id).await.expect("a token");
}

#[tokio::test]
async fn forgetting_takes_the_grant_back_first_and_can_be_repeated() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    stack
        .google
        .faults(json!({"revoke": [{"status": 503, "times": 3}]}))
        .await;
    let failed = grants(&stack).forget(stack.user.id).await;
    assert!(matches!(failed, Err(GrantError::Google(_))), "{failed:?}");
    assert!(
        GrantRow::of(&stack).read(stack.user.id).await.is_some(),
        "the row goes last"
    );

    assert!(grants(&stack).forget(stack.user.id).await.expect("forgotten"));
    assert_eq!(GrantRow::of(&stack).read(stack.user.id).await, None);
    assert!(!grants(&stack).forget(stack.user.id).await.expect("nothing left"));
    let left = stack
        .google
        .order(
            reqwest::Method::GET,
            &format!("__grants?email={}", account.email),
            &json!(null),
        )
        .await;
    let valid = left
        .as_array()
        .expect("grants")
        .iter()
        .filter(|grant| grant["revoked"] != true)
        .count();
    assert_eq!(valid, 0, "{left}");
}

#[tokio::test]
async fn another_account_takes_the_place_of_the_first_whose_grant_is_taken_back() {
    let stack = Stack::connect().await;
    let first = connected(&stack).await;
    let second = connected(&stack).await;
    assert_eq!(first.calls(&stack, "revoke").await, 1);
    let status = grants(&stack)
        .status(stack.user.id)
        .await
        .expect("read")
        .expect("connected");
    assert_eq!(status.account.email, second.email);
    grants(&stack).access_token(stack.user.id).await.expect("a token");
}

#[tokio::test]
async fn a_consent_without_a_refresh_token_keeps_that_of_the_same_account() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    let mut grant = account.grant(&stack, &[READ]).await;
    grant.refresh_token = None;
    grants(&stack).save(stack.user.id, &grant).await.expect("saved");
    GrantRow::of(&stack).outdate(stack.user.id).await;
    grants(&stack).access_token(stack.user.id).await.expect("a token");

    let other = Account::with(&stack, &json!({})).await;
    let mut grant = other.grant(&stack, &[READ]).await;
    grant.refresh_token = None;
    let refused = grants(&stack).save(stack.user.id, &grant).await;
    assert!(matches!(refused, Err(SaveError::NoRefreshToken)), "{refused:?}");
}

#[tokio::test]
async fn a_row_counts_its_changes() {
    let stack = Stack::connect().await;
    let account = connected(&stack).await;
    account.connect(&stack, &[READ]).await;
    let row = GrantRow::of(&stack).read(stack.user.id).await.expect("a row");
    assert_eq!(row["version"], AttributeValue::N("2".to_owned()));
}
