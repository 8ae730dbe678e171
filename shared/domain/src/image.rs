//! One image of a job: waiting, stored, or failed with a reason.

use crate::{failure::FailureCode, id::ImageId, job::Retry};

/// Why an image is missing: the closed list of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageFailureReason {
    /// Gemini's policies declined the prompt or the picture.
    BlockedBySafety,
    /// Gemini answered without a picture.
    NoImageReturned,
    /// Gemini reported an error for this line, or its picture cannot be read.
    ProviderError,
    /// The batch's result has no line for this image.
    MissingFromBatch,
    /// The job ended before this image was made.
    Late,
}

impl ImageFailureReason {
    /// Every reason there is.
    pub const ALL: [Self; 5] = [
        Self::BlockedBySafety,
        Self::NoImageReturned,
        Self::ProviderError,
        Self::MissingFromBatch,
        Self::Late,
    ];

    /// The stable name that programs switch on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockedBySafety => "blocked_by_safety",
            Self::NoImageReturned => "no_image_returned",
            Self::ProviderError => "provider_error",
            Self::MissingFromBatch => "missing_from_batch",
            Self::Late => "late",
        }
    }

    /// The reason with this stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }

    /// What happened, for people: the end of a sentence that begins with the image ("Image 4: …").
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::BlockedBySafety => "Gemini declined it (safety). Edit its prompt and try again.",
            Self::NoImageReturned => "Gemini answered without a picture. Try again.",
            Self::ProviderError => "Gemini reported an error for it. Try again.",
            Self::MissingFromBatch => "Gemini's result did not contain it. Try again.",
            Self::Late => "It was not ready when the job ended. Try again.",
        }
    }
}

/// File types that Gemini returns images in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/webp`
    WebP,
}

impl ImageFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The file name's ending, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The format with this file name ending.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == extension)
    }
}

/// A picture that is in the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// The file's type, read from its bytes.
    pub format: ImageFormat,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file's size.
    pub bytes: u64,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
}

/// How far one image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageState {
    /// Not known yet.
    Pending,
    /// Stored.
    Ready(StoredImage),
    /// It will not come.
    Failed {
        /// Which of the closed reasons.
        reason: ImageFailureReason,
        /// The provider's own words, where there are some.
        message: Option<String>,
    },
}

/// One image of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its id, also the key of its line in the batch.
    pub id: ImageId,
    /// How far it is.
    pub state: ImageState,
    /// The number of the retry that its picture came from; 0 for the job's own round.
    pub attempt: u32,
    /// The prompt of its picture, where that is not the shot's.
    pub prompt: Option<String>,
    /// The latest retry.
    pub retry: Option<Retry>,
}

impl Image {
    /// An image that nothing is known of yet.
    pub const fn pending(id: ImageId) -> Self {
        Self {
            id,
            state: ImageState::Pending,
            attempt: 0,
            prompt: None,
            retry: None,
        }
    }

    /// Whether the picture is stored.
    pub const fn is_ready(&self) -> bool {
        matches!(self.state, ImageState::Ready(_))
    }
}

/// What became of each image, in the job's order; at least one is stored, or the code says why none is.
pub fn outcome_of(images: &[Image]) -> Result<(), FailureCode> {
    if images.iter().any(Image::is_ready) {
        Ok(())
    } else {
        Err(FailureCode::AllImagesFailed)
    }
}
