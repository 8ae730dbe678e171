//! Typed, prefixed, sortable ids: a `TypeID` (<https://github.com/jetify-com/typeid/tree/main/spec>) around a UUID of version 7.
//!
//! The wrong id in the wrong place does not compile, a list sorted by id is sorted by time, and a reader of a log
//! line sees what an id names.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $tag:ident, $prefix:literal;)*) => {$(
        #[doc = concat!("The `", $prefix, "` prefix, as a type.")]
        #[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $tag;

        impl StaticType for $tag {
            const TYPE: &'static str = $prefix;
        }

        $(#[$doc])*
        pub type $name = TypeSafeId<$tag>;
    )*};
}

ids! {
    /// One request for a set of images.
    JobId, JobTag, "job";
    /// One image of a job; also the key of its line in the batch.
    ImageId, ImageTag, "img";
    /// A person with an account.
    UserId, UserTag, "user";
    /// An API key, without its secret.
    KeyId, KeyTag, "key";
    /// A photo that was, or will be, put into the bucket.
    UploadId, UploadTag, "upl";
    /// Something that happened and is told by webhook; the `webhook-id` of every delivery attempt.
    EventId, EventTag, "evt";
    /// The session of someone who signed in, without its token.
    SessionId, SessionTag, "sess";
}

/// A person as log lines name them: the same in all lines, and of no use elsewhere.
pub fn pseudonym(user: UserId) -> String {
    hex::encode(&Sha256::digest(user.to_string())[..8])
}

/// The id that API Gateway gave to a request. It travels with the job that the request asked for, and log lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

/// The text is not an id of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a request")]
pub struct NotARequestId;

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RequestId {
    type Err = NotARequestId;

    fn from_str(text: &str) -> Result<Self, NotARequestId> {
        text.parse().map(Self).map_err(|_| NotARequestId)
    }
}

/// When an id was made, to the millisecond; `None` for one that holds no time.
pub fn made_at<T: StaticType>(id: &TypeSafeId<T>) -> Option<Timestamp> {
    let (seconds, nanoseconds) = id.uuid().get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
}

/// The id of the event that tells how `job` ended.
///
/// A job ends once, so the event's id is derived from the job's: telling it twice gives receivers the same
/// `webhook-id`, and they can drop the second one.
pub fn end_of_job_event(job: JobId) -> EventId {
    EventId::from_uuid(job.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_they_name_and_only_parse_as_that() {
        let uuid = uuid::Uuid::from_u128(0x0188_bac7_4afa_78aa_bc3b_bd1e_ef28_d881);
        let job = JobId::from_uuid(uuid);

        assert_eq!(job.to_string(), "job_01h2xcejqtf2nbrexx3vqjhp41");
        assert_eq!("job_01h2xcejqtf2nbrexx3vqjhp41".parse::<JobId>().ok(), Some(job));
        assert_eq!(
            made_at(&job),
            "2023-06-14T16:40:03.066Z".parse::<Timestamp>().ok()
        );
        assert_eq!(made_at(&JobId::from_uuid(uuid::Uuid::nil())), None);
        assert!("user_01h2xcejqtf2nbrexx3vqjhp41".parse::<JobId>().is_err());
        assert!("job_../../etc/passwd".parse::<JobId>().is_err());
        assert_eq!(
            end_of_job_event(job).to_string(),
            "evt_01h2xcejqtf2nbrexx3vqjhp41"
        );
    }
}
