//! Google Drive, version 3: looking through folders, reading files, making some.

mod content;
mod create;
mod error;
mod file;
mod list;
mod mask;
mod matching;
mod media;
mod query;
mod resource;
mod routes;
mod store;
mod thumbnail;
mod tree;
mod uploads;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rand::distr::{Alphanumeric, SampleString as _};

pub(crate) use self::error::DriveError;
pub(crate) use self::routes::router;
pub(crate) use self::tree::{IdsByPath, Tree};

use self::content::{Content, PictureSpec};
use self::file::{Home, Role};
use self::store::Store;
use self::tree::{Planter, other_owner};
use crate::clock::Clock;
use crate::oauth::{Account, OAuth};
use crate::pictures::Format;

/// The tree that most accounts have.
const SAMPLE: &str = include_str!("drive/sample.json");

/// The account that starts without files.
const EMPTY_DRIVE: &str = "empty-drive@example.com";

/// The account that is in the first seller's shared drive as well.
const WORKSPACE: &str = "workspace@example.org";

/// When the files of the accounts that are there from the start were made: it is the same for every run.
const SAMPLE_TIME: i64 = 1_790_000_000;

/// Everything that Drive remembers.
#[derive(Debug)]
pub(crate) struct Drive {
    issuer: String,
    clock: Arc<Clock>,
    oauth: Arc<OAuth>,
    store: Mutex<Store>,
    pictures: Mutex<HashMap<(PictureSpec, bool), Arc<Content>>>,
}

impl Drive {
    /// The Drives of the provider's accounts.
    pub(crate) fn new(clock: Arc<Clock>, oauth: Arc<OAuth>) -> Self {
        let drive = Self {
            issuer: oauth.issuer.clone(),
            clock,
            oauth,
            store: Mutex::default(),
            pictures: Mutex::default(),
        };
        drive.clear();
        drive
    }

    /// Forgets what was added and changed.
    pub(crate) fn clear(&self) {
        *self.store() = Store::default();
        let made = Timestamp::from_second(SAMPLE_TIME).unwrap_or(Timestamp::UNIX_EPOCH);
        for account in self.oauth.accounts.list() {
            let tree = match account.email.as_str() {
                EMPTY_DRIVE => Tree::default(),
                // It is a member of the first seller's instead.
                WORKSPACE => sample().without_shared_drives(),
                _ => sample(),
            };
            self.plant(&account, &tree, made)
                .expect("the sample is well formed");
        }
        self.share_studio();
    }

    /// Gives an account these files in the place of those it had.
    pub(crate) fn replace(&self, account: &Account, tree: Option<&Tree>) -> Result<IdsByPath, String> {
        let sample = sample();
        self.plant(account, tree.unwrap_or(&sample), self.clock.now())
    }

    /// The person hands a file to the app, as Google's file picker does.
    pub(crate) fn pick(&self, email: &str, id: &str) -> bool {
        let mut store = self.store();
        let may_see = store
            .files
            .get(id)
            .is_some_and(|file| store.role(file, email).is_some());
        let file = store.files.get_mut(id).filter(|_| may_see);
        file.is_some_and(|file| {
            file.picked_by.insert(email.to_owned());
            true
        })
    }

    fn plant(&self, account: &Account, tree: &Tree, now: Timestamp) -> Result<IdsByPath, String> {
        let mut store = self.store();
        store.forget(&account.email);
        let role = if account.hd.is_some() {
            Role::Organizer
        } else {
            Role::Reader
        };
        let planter = Planter {
            store: &mut store,
            email: &account.email,
            now,
            picture: &|spec, format| self.picture(spec, format),
            ids: IdsByPath::new(),
        };
        planter.plant(tree, role)
    }

    /// The member of a Workspace is in the first seller's shared drive as well.
    fn share_studio(&self) {
        let mut store = self.store();
        let studio = store
            .drives
            .values_mut()
            .find(|drive| drive.members.contains_key("seller@example.com"));
        if let Some(studio) = studio {
            studio.members.insert(WORKSPACE.to_owned(), Role::Organizer);
        }
    }

    /// A picture that is drawn once, however many accounts have it.
    fn picture(&self, spec: &PictureSpec, format: Format) -> Arc<Content> {
        let mut known = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let content = known
            .entry((spec.clone(), format == Format::Png))
            .or_insert_with(|| Arc::new(Content::picture(spec.clone(), format)));
        Arc::clone(content)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Takes away what an account owns, and the shared drives that only it was a member of.
    fn forget(&mut self, email: &str) {
        let homes = [email.to_owned(), other_owner(email)].map(Home::MyDrive);
        self.drives.retain(|_, drive| {
            drive.members.remove(email);
            !drive.members.is_empty()
        });
        let drives = &self.drives;
        self.files.retain(|_, file| {
            let is_gone = file.drive_id().is_some_and(|id| !drives.contains_key(id));
            !homes.contains(&file.home) && !is_gone
        });
    }
}

fn sample() -> Tree {
    serde_json::from_str(SAMPLE).expect("the sample is well formed")
}

/// A new id in the form of Google's.
fn generated_id() -> String {
    format!("1{}", Alphanumeric.sample_string(&mut rand::rng(), 32))
}

/// Runs work that may draw a picture where it does not hold up other requests.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DriveError> + Send + 'static,
) -> Result<T, DriveError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(DriveError::new(500, "backendError", error.to_string())),
    }
}
