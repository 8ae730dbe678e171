//! Removing all keys of a user who is being deleted, without the quarter of a year for which ended ones are listed.

use packshot_domain::id::{KeyId, UserId};

use super::{
    KeyIssuer, list,
    row::{KeyState, ListedKeyItem},
};
use crate::{clock, error::AwsError, table::Key};

impl KeyIssuer {
    /// Removes every key of a user, at API Gateway and here; whether none is left. A key that is being issued at this moment
    /// is left: what API Gateway calls it is not known before that is over.
    pub async fn remove_all(&self, user: UserId) -> Result<bool, AwsError> {
        let rows = self
            .table
            .newest(&Key::user(user).pk, Key::API_KEYS, usize::MAX, None)
            .await?;
        let mut is_any_left = false;
        for row in rows {
            let (id, item) = list::row(row)?;
            let is_being_issued = item.state == KeyState::Issuing && !item.is_abandoned(clock::now());
            if is_being_issued {
                is_any_left = true;
            } else {
                self.remove(user, id, &item).await?;
            }
        }
        Ok(!is_any_left)
    }

    /// API Gateway first: its id of the key is known by the row. Then both rows together, so that no end of the key that comes
    /// in between leaves one of them behind.
    async fn remove(&self, user: UserId, id: KeyId, item: &ListedKeyItem) -> Result<(), AwsError> {
        match (&item.gateway_key_id, item.state) {
            (_, KeyState::Ended) => {}
            (Some(gateway_key_id), _) => self.unregister(gateway_key_id).await?,
            (None, _) => self.unregister_by_name(id).await?,
        }
        let rows = vec![
            self.table.removal(&Key::api_key_of_hash(&item.sha256))?,
            self.table.removal(&Key::listed_api_key(user, id))?,
        ];
        self.write(rows, id).await
    }
}
