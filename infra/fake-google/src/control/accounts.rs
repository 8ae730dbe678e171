//! Accounts, grants, keys and forged tokens: what tests and people do outside of the protocol.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::read;
use crate::drive::Tree;
use crate::error::ApiError;
use crate::oauth::{Account, Forgery, subject_of};
use crate::server::Shared;

type Answer = Result<Json<Value>, ApiError>;

/// The paths, without a state yet.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/__accounts", get(list_accounts).put(put_account))
        .route("/__grants", get(list_grants))
        .route("/__grants/revoke", post(revoke_grant))
        .route("/__access_tokens/expire", post(expire_access_tokens))
        .route("/__refresh_tokens/expire", post(expire_refresh_tokens))
        .route("/__keys/rotate", post(rotate_keys))
        .route("/__id_tokens", put(forge))
        .route("/__drive/pick", post(pick))
}

async fn list_accounts(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!(shared.oauth.accounts.list()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    email: String,
    name: Option<String>,
    email_verified: Option<bool>,
    sub: Option<String>,
    hd: Option<String>,
    picture: Option<String>,
    drive: Option<Value>,
}

async fn put_account(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let new: NewAccount = read(&body)?;
    let tree: Option<Tree> = match new.drive {
        None => None,
        Some(Value::String(name)) if name == "sample" => None,
        Some(tree) => {
            Some(serde_json::from_value(tree).map_err(|error| ApiError::invalid(error.to_string()))?)
        }
    };
    let known = shared.oauth.accounts.get(&new.email);
    let account = Account {
        name: new.name.unwrap_or_else(|| "Seller".to_owned()),
        email_verified: new.email_verified.unwrap_or(true),
        sub: new
            .sub
            .or(known.map(|known| known.sub))
            .unwrap_or_else(|| subject_of(&Uuid::now_v7().to_string())),
        hd: new.hd,
        picture: new.picture,
        email: new.email,
    };
    let ids = shared
        .drive
        .replace(&account, tree.as_ref())
        .map_err(ApiError::invalid)?;
    shared.oauth.accounts.put(account.clone());
    let mut answer = json!(account);
    answer["files"] = json!(ids);
    Ok(Json(answer))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfAccount {
    email: Option<String>,
}

async fn list_grants(State(shared): State<Arc<Shared>>, Query(wanted): Query<OfAccount>) -> Json<Value> {
    let grants = shared.oauth.grants.list(shared.clock.now());
    let shown = grants
        .iter()
        .filter(|grant| wanted.email.as_deref().is_none_or(|email| email == grant.email()))
        .map(|grant| {
            let mut view = json!(grant);
            view["client_id"] = json!(shared.oauth.client.id);
            view["sub"] = json!(
                shared
                    .oauth
                    .accounts
                    .get(grant.email())
                    .map(|account| account.sub)
            );
            view
        });
    Json(shown.collect())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    email: String,
}

async fn revoke_grant(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let one: One = read(&body)?;
    Ok(Json(json!({"revoked": shared.oauth.grants.revoke(&one.email)})))
}

async fn expire_access_tokens(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let one: One = read(&body)?;
    Ok(Json(
        json!({"expired": shared.oauth.grants.expire_access_tokens(&one.email)}),
    ))
}

async fn expire_refresh_tokens(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let one: One = read(&body)?;
    Ok(Json(
        json!({"expired": shared.oauth.grants.expire_refresh_tokens(&one.email)}),
    ))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    #[serde(default)]
    withdraw: bool,
}

async fn rotate_keys(State(shared): State<Arc<Shared>>, Query(rotation): Query<Rotation>) -> Answer {
    let id = tokio::task::spawn_blocking(move || shared.oauth.keys.rotate(rotation.withdraw)).await;
    let id = id.map_err(|error| ApiError::new(500, error.to_string()))?;
    Ok(Json(json!({"kid": id})))
}

async fn forge(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let forgery: Forgery = read(&body)?;
    if shared.oauth.accounts.get(&forgery.email).is_none() {
        return Err(ApiError::invalid(format!(
            "there is no account {}",
            forgery.email
        )));
    }
    let answer = json!(forgery);
    shared.oauth.forgeries.add(forgery);
    Ok(Json(answer))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Picked {
    email: String,
    file_id: String,
}

async fn pick(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let picked: Picked = read(&body)?;
    if shared.drive.pick(&picked.email, &picked.file_id) {
        Ok(Json(json!({"picked": true})))
    } else {
        Err(ApiError::not_found())
    }
}
