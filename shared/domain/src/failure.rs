//! Why a job failed: a closed list of codes, each with a sentence that says what to do.

use std::fmt;

macro_rules! failure_codes {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $retryable:literal, $sentence:literal;)*) => {
        /// The reason of a failed job, as `error.code` shows it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FailureCode {
            $($(#[$doc])* $name,)*
        }

        impl FailureCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable name that programs switch on.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Whether sending the same job again may well succeed.
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }

            /// What happened and what to do about it, for people.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// The code with this stable name.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

failure_codes! {
    /// The upload expired or was removed before the workflow read it.
    PhotoMissing, "photo_missing", true,
        "A photo is no longer there: uploads are kept for 7 days. Upload it again and start a new job.";
    /// The bytes are not a picture, or end too early.
    PhotoUnreadable, "photo_unreadable", false,
        "A photo cannot be read as a picture; the file may be damaged or cut short. Export it again and retry.";
    /// A picture, but of a kind that is not taken.
    PhotoUnsupportedFormat, "photo_unsupported_format", false,
        "A photo is in a format we do not take. Send JPEG, PNG or WebP; phones can export HEIC as JPEG.";
    /// More than 50 MB.
    PhotoTooLarge, "photo_too_large", false,
        "A photo is larger than 50 MB. Save it with stronger compression or fewer pixels and retry.";
    /// More than 50 megapixels.
    PhotoTooManyPixels, "photo_too_many_pixels", false,
        "A photo has more than 50 megapixels. Scale it down (4000 pixels on the long side are plenty) and retry.";
    /// Too few pixels to see a product.
    PhotoTooSmall, "photo_too_small", false,
        "A photo is smaller than 64 x 64 pixels. Send a larger picture of the product.";
    /// The address of an image URL is not public, or it redirects to one that is not.
    PhotoUrlRefused, "photo_url_refused", false,
        "An image URL points to an address we do not fetch from. Use a public https address, or upload the photo.";
    /// The image URL did not answer with a file.
    PhotoUrlFailed, "photo_url_failed", true,
        "An image URL could not be fetched. Check that it opens without signing in, or upload the photo.";
    /// Google no longer lets us into the Drive with the photos.
    DriveAccessRevoked, "drive_access_revoked", false,
        "Google no longer lets us into your Drive, where the photos are. Connect it again and start a new job.";
    /// The person has not, or no longer, allowed us to read the photos.
    DriveScopeMissing, "drive_scope_missing", false,
        "You have not allowed us to read the photos in your Drive. Connect it again with that permission and start a new job.";
    /// A photo is not in the Drive any more, or we may not see it.
    DriveFileMissing, "drive_file_missing", false,
        "A photo is no longer in your Drive, or no longer shared with you. Choose the photos again and start a new job.";
    /// The owner of a photo, an organisation or Google does not let it be downloaded.
    DriveFileNotDownloadable, "drive_file_not_downloadable", false,
        "Google Drive does not let a photo be downloaded. Ask its owner to allow it, or download and upload it yourself.";
    /// Drive asked for fewer calls for the whole retry time.
    DriveRateLimited, "drive_rate_limited", true,
        "Google Drive let us copy no more photos for a long time. Start the job again later.";
    /// Drive, or Google's token service, did not answer in a usable way for the whole retry time.
    DriveUnavailable, "drive_unavailable", true,
        "Google Drive could not be reached for a long time. Nothing is lost; start the job again later.";
    /// Gemini declined to look at the photos or to plan.
    StrategyDeclined, "strategy_declined", false,
        "Gemini declined to plan images for these photos or this text. Change the photos or the text and retry.";
    /// Gemini answered twice with something that is not a shot list.
    StrategyUnusable, "strategy_unusable", true,
        "Gemini did not return a usable plan for this product. Start the job again.";
    /// Gemini refused the request as such.
    ProviderRejected, "provider_rejected", false,
        "Gemini refused the request. Change the photos or the text; if it keeps happening, contact support.";
    /// The daily quota, the spending cap or the credits of the Gemini project are used up.
    ProviderQuotaExhausted, "provider_quota_exhausted", true,
        "The service's quota at Gemini is used up. Start the job again tomorrow; if it keeps happening, contact support.";
    /// Our own key at Gemini does not work.
    ProviderNotConfigured, "provider_not_configured", false,
        "The service's Gemini key is missing or was refused. The operator has to set a valid key.";
    /// Gemini had no room, or did not answer in a usable way, for the whole retry time.
    ProviderUnavailable, "provider_unavailable", true,
        "Gemini had no room or could not be reached for a long time. Nothing is lost; start the job again later.";
    /// The batch as a whole ended FAILED.
    BatchFailed, "batch_failed", true,
        "Gemini could not process the batch. Start the job again.";
    /// The batch waited longer than Gemini keeps it (48 hours).
    BatchExpired, "batch_expired", true,
        "Gemini did not get to the batch in time. Start the job again.";
    /// The batch was cancelled at Gemini, not by us.
    BatchCancelled, "batch_cancelled", true,
        "The batch was cancelled at Gemini. Start the job again.";
    /// The batch ended, and not one image came of it.
    AllImagesFailed, "all_images_failed", true,
        "Gemini returned no usable image. Each image's reason says why; change the text or photos and retry.";
    /// The job's deadline passed before the batch ended.
    DeadlineExceeded, "deadline_exceeded", true,
        "The images were not ready by the job's deadline, so the batch was stopped. Start the job again.";
    /// Our mistake.
    InternalError, "internal_error", true,
        "Something on our side went wrong. Start the job again; if it keeps happening, contact support.";
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed job's reason with the words that fit this one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The closed code.
    pub code: FailureCode,
    /// What happened and what to do, for people; never text of an SDK or a stack trace.
    pub message: String,
}

impl Failure {
    /// A failure in the code's own words.
    pub fn new(code: FailureCode) -> Self {
        Self {
            code,
            message: code.sentence().to_owned(),
        }
    }

    /// A failure whose sentence is led by the fact of this case ("Photo 2: …").
    pub fn with_fact(code: FailureCode, fact: &str) -> Self {
        Self {
            code,
            message: format!("{fact} {}", code.sentence()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_name_and_a_sentence_that_ends() {
        for code in FailureCode::ALL {
            assert_eq!(FailureCode::parse(code.as_str()), Some(*code));
            assert!(code.sentence().ends_with('.'), "{code}");
        }
    }
}
