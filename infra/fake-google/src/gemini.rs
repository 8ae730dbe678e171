//! Gemini's HTTP interface: models, `generateContent`, files and batches, under `v1`, `v1beta` and `v1alpha`.

mod batch;
mod batches;
mod blob;
mod brief;
mod fields;
mod files;
mod gallery;
mod messages;
mod models;
mod options;
mod padding;
mod paging;
mod reply;
mod request;
mod routes;
mod rows;
mod schema;
mod shots;
mod uploads;
mod wording;
mod work;

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(crate) use self::routes::router;
pub(crate) use self::uploads::step as upload_step;

use self::batches::Batches;
use self::blob::Scratch;
use self::files::FileStore;
use self::gallery::Gallery;
use self::uploads::Uploads;
use crate::clock::Clock;
use crate::error::ApiError;
use crate::faults::FaultBook;

/// The versions of the interface. All three have the same calls.
pub(crate) const VERSIONS: [&str; 3] = ["v1", "v1beta", "v1alpha"];

/// Everything that Gemini remembers.
#[derive(Debug)]
pub(crate) struct Gemini {
    clock: Arc<Clock>,
    faults: Arc<FaultBook>,
    scratch: Arc<Scratch>,
    files: FileStore,
    uploads: Uploads,
    batches: Batches,
    gallery: Gallery,
}

impl Gemini {
    /// A project with nothing in it.
    pub(crate) fn new(clock: Arc<Clock>, faults: Arc<FaultBook>) -> io::Result<Self> {
        let scratch = Arc::new(Scratch::new()?);
        Ok(Self {
            files: FileStore::new(Arc::clone(&clock)),
            uploads: Uploads::default(),
            batches: Batches::default(),
            gallery: Gallery::new(Arc::clone(&scratch)),
            clock,
            faults,
            scratch,
        })
    }

    /// Forgets all files and batches.
    pub(crate) fn clear(&self) {
        self.batches.clear();
        self.files.clear();
    }
}

/// A new id of lower-case letters and digits, as the service makes them.
fn new_id(length: usize) -> String {
    let random = Sha256::digest(Uuid::now_v7());
    let letters = URL_SAFE_NO_PAD.encode(random).to_ascii_lowercase();
    letters
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .chain("packshot0packshot0packshot0".chars())
        .take(length)
        .collect()
}

/// Runs work that takes a processor or a disk for a while where it does not hold up other requests.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(ApiError::new(500, error.to_string())),
    }
}
