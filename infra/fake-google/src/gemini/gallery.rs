//! Pictures on demand: drawn once, kept on disk, never more at a time than there are processors.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::blob::{Blob, Scratch};
use super::models::Gives;
use super::options::Drawing;
use super::request::Prepared;
use crate::pictures::{Commission, Format, Ratio, Studio};

/// How many pictures are kept. Tests ask for the same ones again and again.
const KEPT_PICTURES: usize = 400;

/// Where pictures come from.
#[derive(Debug)]
pub(crate) struct Gallery {
    studio: Studio,
    scratch: Arc<Scratch>,
    places: Arc<Semaphore>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    pictures: HashMap<[u8; 32], Arc<Blob>>,
    order: VecDeque<[u8; 32]>,
}

impl Gallery {
    /// An empty gallery that keeps its pictures in `scratch`.
    pub(crate) fn new(scratch: Arc<Scratch>) -> Self {
        let places = std::thread::available_parallelism().map_or(2, NonZero::get);
        Self {
            studio: Studio::default(),
            scratch,
            places: Arc::new(Semaphore::new(places)),
            kept: Mutex::default(),
        }
    }

    /// Waits until there is a processor for heavy work. `None` only when the server is ending.
    pub(crate) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// The picture that `request` asks for. Heavy: call it off the async threads, holding a [`Self::place`].
    pub(crate) fn picture(&self, request: &Prepared, drawing: Drawing) -> io::Result<(Arc<Blob>, Format)> {
        let (format, ratios) = match request.model.gives {
            Gives::Images { format, ratios, .. } => (format, ratios),
            _ => (Format::Png, Ratio::COMMON),
        };
        let photo = request.photos.first();
        let ratio = drawing
            .ratio
            .unwrap_or_else(|| match photo.and_then(|photo| photo.picture_size()) {
                Some((width, height)) => Ratio::nearest(width, height, ratios),
                None => Ratio::SQUARE,
            });
        let key = key(request, ratio, drawing, format);
        if let Some(known) = self.lock().pictures.get(&key) {
            return Ok((Arc::clone(known), format));
        }
        let commission = Commission {
            photo: photo.map(|photo| photo.read()).transpose()?,
            photo_digest: photo.map(|photo| photo.digest()).unwrap_or_default(),
            prompt: &request.text,
            pixels: ratio.pixels(drawing.size),
            format,
        };
        let bytes = self.studio.draw(&commission);
        let blob = self.scratch.store(&bytes)?;
        self.keep(key, &blob);
        Ok((blob, format))
    }

    fn keep(&self, key: [u8; 32], blob: &Arc<Blob>) {
        let mut kept = self.lock();
        if kept.pictures.insert(key, Arc::clone(blob)).is_none() {
            kept.order.push_back(key);
        }
        if kept.order.len() > KEPT_PICTURES
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.pictures.remove(&oldest);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(request: &Prepared, ratio: Ratio, drawing: Drawing, format: Format) -> [u8; 32] {
    let mut digest = Sha256::new();
    for photo in &request.photos {
        digest.update(photo.digest());
    }
    digest.update(format!(
        "{} {} {}\n",
        ratio.name,
        drawing.size.name(),
        format.mime_type()
    ));
    digest.update(&request.text);
    digest.finalize().into()
}
