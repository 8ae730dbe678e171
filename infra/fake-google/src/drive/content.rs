//! The bytes of files. Pictures are drawn when somebody first wants to know something of them.

use std::io::Cursor;
use std::sync::OnceLock;

use bytes::Bytes;
use image::ImageReader;
use md5::Md5;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::pictures::{self, Format};

/// A picture to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureSpec {
    /// What is in it: a word such as `cup` chooses the thing, the rest its colours and light.
    #[serde(default)]
    pub(crate) seed: String,
    /// Pixels across.
    #[serde(default = "usual_side")]
    pub(crate) width: u32,
    /// Pixels down.
    #[serde(default = "usual_side")]
    pub(crate) height: u32,
}

/// The longest side that is drawn.
const LONGEST_SIDE: u32 = 6000;

fn usual_side() -> u32 {
    800
}

/// The bytes of a file, or what they are made from.
#[derive(Debug)]
pub(crate) struct Content {
    source: Source,
    facts: OnceLock<Facts>,
}

#[derive(Debug)]
enum Source {
    Bytes(Bytes),
    Picture(PictureSpec, Format),
}

/// What can be known of the bytes.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) bytes: Bytes,
    pub(crate) md5: String,
    pub(crate) sha256: String,
    /// Width and height, if it is a picture that can be read.
    pub(crate) pixels: Option<(u32, u32)>,
}

impl Content {
    /// These bytes.
    pub(crate) fn of(bytes: Bytes) -> Self {
        Self {
            source: Source::Bytes(bytes),
            facts: OnceLock::new(),
        }
    }

    /// A picture in this format.
    pub(crate) fn picture(spec: PictureSpec, format: Format) -> Self {
        Self {
            source: Source::Picture(spec, format),
            facts: OnceLock::new(),
        }
    }

    /// The bytes and what is known of them; a picture is drawn now if nobody asked before.
    pub(crate) fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| {
            let bytes = match &self.source {
                Source::Bytes(bytes) => bytes.clone(),
                Source::Picture(spec, format) => {
                    let side = |side: u32| side.clamp(1, LONGEST_SIDE);
                    let pixels = (side(spec.width), side(spec.height));
                    pictures::product_photo(&spec.seed, pixels, *format).into()
                }
            };
            let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
            Facts {
                md5: hex::encode(Md5::digest(&bytes)),
                sha256: hex::encode(Sha256::digest(&bytes)),
                pixels: reader.ok().and_then(|reader| reader.into_dimensions().ok()),
                bytes,
            }
        })
    }
}
