//! The people who can sign in. They are called by their role.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A Google account.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Account {
    /// The address, by which this server's own paths know it.
    pub(crate) email: String,
    /// The name that the page and the profile show.
    pub(crate) name: String,
    /// `email_verified` of the ID token.
    pub(crate) email_verified: bool,
    /// The stable key.
    pub(crate) sub: String,
    /// The Workspace domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hd: Option<String>,
    /// URL of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) picture: Option<String>,
}

/// All accounts by address.
#[derive(Debug)]
pub(crate) struct Accounts(Mutex<BTreeMap<String, Account>>);

impl Accounts {
    /// Those that are there from the start.
    pub(crate) fn new() -> Self {
        Self(Mutex::new(initial()))
    }

    /// Forgets the ones that were added.
    pub(crate) fn clear(&self) {
        *self.lock() = initial();
    }

    /// Adds one, or puts it in the place of the one with its address.
    pub(crate) fn put(&self, account: Account) {
        self.lock().insert(account.email.clone(), account);
    }

    /// The one with this address.
    pub(crate) fn get(&self, email: &str) -> Option<Account> {
        self.lock().get(email).cloned()
    }

    /// All of them, by address.
    pub(crate) fn list(&self) -> Vec<Account> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 21 digits that follow from a text, in the form of Google's `sub`.
pub(crate) fn subject_of(text: &str) -> String {
    let digest = Sha256::digest(text);
    let digits = digest.iter().map(|byte| char::from(b'0' + byte % 10));
    std::iter::once('1').chain(digits.take(20)).collect()
}

fn initial() -> BTreeMap<String, Account> {
    let account = |email: &str, name: &str| Account {
        email: email.to_owned(),
        name: name.to_owned(),
        email_verified: true,
        sub: subject_of(email),
        hd: None,
        picture: None,
    };
    let accounts = [
        account("seller@example.com", "Seller"),
        account("second-seller@example.com", "Second seller"),
        account("empty-drive@example.com", "Seller with an empty Drive"),
        Account {
            email_verified: false,
            ..account("unverified@example.com", "Seller with an unverified address")
        },
        Account {
            hd: Some("example.org".to_owned()),
            ..account("workspace@example.org", "Member of a Workspace")
        },
    ];
    accounts
        .into_iter()
        .map(|account| (account.email.clone(), account))
        .collect()
}
