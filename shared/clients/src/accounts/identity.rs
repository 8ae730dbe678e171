//! Which user a Google account is.
//!
//! Google's name of an account, the subject, decides, never the e-mail address: that may have been another's once.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use packshot_domain::{id::UserId, sign_in::Identity, user::User};
use serde::{Deserialize, Serialize};

use super::{Accounts, UserItem};
use crate::{
    error::AwsError,
    table::{self, Condition, Key, PutError},
};

/// How often it is tried to find or to make a user while others sign in with the same account.
const ATTEMPTS: u64 = 8;

#[derive(Debug, Serialize, Deserialize)]
struct IdentityItem {
    schema: u8,
    user_id: String,
}

/// Somebody who has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// Whether they have come for the first time.
    pub is_new: bool,
}

impl Accounts {
    /// The user of a Google account, who gets the address that the account has now; `new` where there is none.
    pub async fn sign_in(&self, identity: &Identity, new: impl Fn() -> User) -> Result<SignedIn, AwsError> {
        for attempt in 1..=ATTEMPTS {
            if let Some(user) = self.user_of(&identity.subject).await? {
                self.keep_address(user, &identity.email).await?;
                return Ok(SignedIn { user, is_new: false });
            }
            let new = new();
            if self.create_with_identity(&new, &identity.subject).await? {
                return Ok(SignedIn {
                    user: new.id,
                    is_new: true,
                });
            }
            table::let_others_go_first(attempt).await;
        }
        Err(AwsError::new(
            "finding the user of a Google account",
            "others kept coming and going",
        ))
    }

    /// Writes a new user who signs in with a Google account; `false` where that account is a user's already.
    pub async fn create_with_identity(&self, user: &User, subject: &str) -> Result<bool, AwsError> {
        let identity = IdentityItem {
            schema: 1,
            user_id: user.id.to_string(),
        };
        let item = UserItem::new(user, Some(subject));
        let writes = vec![
            self.table
                .write(&Key::google_identity(subject), &identity, &Condition::Absent)?,
            self.table.write(&Key::user(user.id), &item, &Condition::Absent)?,
        ];
        match self.table.transact("writing a user", writes).await {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    async fn user_of(&self, subject: &str) -> Result<Option<UserId>, AwsError> {
        let item: Option<IdentityItem> = self.table.get(&Key::google_identity(subject)).await?;
        let user = item.map(|item| item.user_id.parse());
        user.transpose()
            .map_err(|_| AwsError::new("finding the user of a Google account", "the row names no user"))
    }

    /// Mail goes to the address that the account has, not to the one that it had.
    async fn keep_address(&self, user: UserId, email: &str) -> Result<(), AwsError> {
        if self.item(user).await?.is_none_or(|item| item.email == email) {
            return Ok(());
        }
        let values = HashMap::from([(":email".to_owned(), AttributeValue::S(email.to_owned()))]);
        let changed = self
            .table
            .change(
                &Key::user(user),
                "SET email = :email",
                "attribute_exists(pk) AND attribute_not_exists(deleted_at)",
                values,
            )
            .await;
        match changed {
            // The account was deleted meanwhile.
            Ok(()) | Err(PutError::Conflict) => Ok(()),
            Err(PutError::Aws(error)) => Err(error),
        }
    }
}
