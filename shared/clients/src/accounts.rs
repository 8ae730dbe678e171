//! Users in the table.

mod deletion;
mod identity;
mod item;
mod webhooks;

use packshot_domain::{
    id::UserId,
    limits::{Allowance, Consumption},
    user::User,
};

pub(crate) use self::deletion::{must_stay, stays};
use self::item::{Row, UserItem};
pub use self::{identity::SignedIn, webhooks::EndpointChange};
use crate::{
    consumption,
    error::AwsError,
    table::{Condition, Key, PutError, Table},
};

/// The users.
#[derive(Debug, Clone)]
pub struct Accounts {
    table: Table,
}

impl Accounts {
    /// The users of this table.
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// A user, if there is one of this id who is not being deleted.
    pub async fn get(&self, id: UserId) -> Result<Option<User>, AwsError> {
        let item = self.item(id).await?;
        item.map(|item| item.user(id)).transpose()
    }

    /// What a user may have and what they have had; `None` for one that is not there.
    pub async fn standing(&self, id: UserId) -> Result<Option<(Allowance, Consumption)>, AwsError> {
        let found = self.with_consumption(id).await?;
        Ok(found.map(|(user, consumption)| (user.allowance(), consumption)))
    }

    /// A user with what they have had; `None` for one that is not there.
    pub async fn with_consumption(&self, id: UserId) -> Result<Option<(User, Consumption)>, AwsError> {
        let (user, consumption) = tokio::try_join!(self.get(id), consumption::get(&self.table, id))?;
        Ok(user.map(|user| (user, consumption)))
    }

    /// Writes a new user.
    ///
    /// `false` where there is one of this id already, which stays as it is.
    pub async fn create(&self, user: &User) -> Result<bool, AwsError> {
        match self
            .table
            .put(&Key::user(user.id), &UserItem::new(user, None), Condition::Absent)
            .await
        {
            Ok(()) => Ok(true),
            Err(PutError::Conflict) => Ok(false),
            Err(PutError::Aws(error)) => Err(error),
        }
    }

    async fn item(&self, id: UserId) -> Result<Option<UserItem>, AwsError> {
        Ok(self.row(id).await?.and_then(Row::user))
    }

    async fn row(&self, id: UserId) -> Result<Option<Row>, AwsError> {
        self.table.get(&Key::user(id)).await
    }
}
