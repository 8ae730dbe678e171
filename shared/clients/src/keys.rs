//! API keys: looking one up when it is used, and issuing one.

use aws_sdk_apigateway::Client;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::Timestamp;
use packshot_domain::{
    api_key::ApiKey,
    id::{KeyId, UserId},
    scope::{Scope, Scopes},
};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    error::AwsError,
    table::{self, Key, Table},
};

/// Who sent a request, by which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyOwner {
    /// The user.
    pub user: UserId,
    /// The key.
    pub key: KeyId,
    /// What it may do.
    pub scopes: Scopes,
}

/// The row by which a key is found when it is used: everything that a request needs, in one read.
#[derive(Debug, Serialize, Deserialize)]
struct KeyItem {
    schema: u8,
    sha256: String,
    key_id: String,
    user_id: String,
    /// Names of scopes; a row without them has them all.
    #[serde(default)]
    scopes: Option<Vec<String>>,
    /// From when on it opens nothing: the day its owner chose, the end of a roll's overlap, or its revocation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
}

/// The row by which a user's keys are listed.
#[derive(Debug, Serialize, Deserialize)]
struct ListedKeyItem {
    schema: u8,
    sha256: String,
    name: String,
    last_four: String,
    created_at: Timestamp,
    gateway_key_id: String,
}

/// Keys in the table.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    table: Table,
}

impl ApiKeys {
    /// The keys of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Whose key this is; `None` for one that was never issued, or is no longer valid.
    pub async fn owner_of(&self, key: &ApiKey) -> Result<Option<KeyOwner>, AwsError> {
        let hash = key.hash();
        let item: Option<KeyItem> = self.table.get(&Key::api_key(&hash)).await?;
        let is_valid = |item: &KeyItem| {
            hash.matches(&item.sha256) && item.valid_until.is_none_or(|end| clock::now() < end)
        };
        let Some(item) = item.filter(is_valid) else {
            return Ok(None);
        };
        let corrupt = || AwsError::new("reading an API key", "its row names no user or key");
        Ok(Some(KeyOwner {
            user: item.user_id.parse().map_err(|_| corrupt())?,
            key: item.key_id.parse().map_err(|_| corrupt())?,
            scopes: item.scopes.map_or(Scopes::ALL, |names| {
                names.iter().filter_map(|name| Scope::parse(name)).collect()
            }),
        }))
    }
}

/// Issues keys: at API Gateway, which counts and throttles them by usage plan, and in the table, which says whose they
/// are.
#[derive(Debug, Clone)]
pub struct KeyIssuer {
    gateway: Client,
    table: Table,
}

impl KeyIssuer {
    /// An issuer for this table.
    pub fn new(config: &aws_config::SdkConfig, table: Table) -> Self {
        Self {
            gateway: Client::new(config),
            table,
        }
    }

    /// Issues a new key for a user under a usage plan.
    ///
    /// API Gateway learns the key first: a key that it knows and we do not opens nothing, while the reverse would be a
    /// key that its owner was shown and that does not work.
    pub async fn issue(
        &self,
        user: UserId,
        name: &str,
        usage_plan_id: &str,
    ) -> Result<(KeyId, ApiKey), AwsError> {
        let key = random_key();
        let id = KeyId::from_uuid(clock::new_uuid());
        let gateway_key_id = self.register(id, &key, usage_plan_id).await?;
        let hash = key.hash();
        let item = KeyItem {
            schema: 1,
            sha256: hash.as_str().to_owned(),
            key_id: id.to_string(),
            user_id: user.to_string(),
            scopes: None,
            valid_until: None,
        };
        let listed = ListedKeyItem {
            schema: 1,
            sha256: hash.as_str().to_owned(),
            name: name.to_owned(),
            last_four: key.last_four().to_owned(),
            created_at: clock::now(),
            gateway_key_id,
        };
        let action = || format!("writing {id}");
        let puts = [
            self.put_new(table::encode(&Key::api_key(&hash), &item, action)?),
            self.put_new(table::encode(&Key::listed_api_key(user, id), &listed, action)?),
        ];
        self.table
            .client
            .transact_write_items()
            .set_transact_items(Some(puts.into()))
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        Ok((id, key))
    }

    async fn register(&self, id: KeyId, key: &ApiKey, usage_plan_id: &str) -> Result<String, AwsError> {
        let action = || format!("registering {id} at API Gateway");
        let created = self
            .gateway
            .create_api_key()
            .name(id.to_string())
            .value(key.reveal())
            .enabled(true)
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        let gateway_key_id = created
            .id
            .ok_or_else(|| AwsError::new(action(), "API Gateway gave it no id"))?;
        self.gateway
            .create_usage_plan_key()
            .usage_plan_id(usage_plan_id)
            .key_id(&gateway_key_id)
            .key_type("API_KEY")
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        Ok(gateway_key_id)
    }

    fn put_new(&self, item: table::Item) -> TransactWriteItem {
        let put = Put::builder()
            .table_name(&self.table.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build();
        let put = put.expect("table name and item are set above");
        TransactWriteItem::builder().put(put).build()
    }
}

/// A key of 30 characters, each drawn evenly from the 62.
fn random_key() -> ApiKey {
    let mut rng = rand::rng();
    ApiKey::from_random(std::array::from_fn(|_| rng.random_range(0..62)))
}
