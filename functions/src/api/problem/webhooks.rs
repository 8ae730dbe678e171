//! What can be wrong with webhooks.

use std::time::Duration;

use packshot_domain::webhook::MOST_SECRETS;

use super::{ApiError, kinds};

impl ApiError {
    pub(in crate::api) fn endpoint_not_found() -> Self {
        let detail = "Your account has no webhook endpoint. PUT one here.";
        Self::new(kinds::ENDPOINT_NOT_FOUND, detail)
    }

    pub(in crate::api) fn too_many_secrets() -> Self {
        let detail = format!(
            "{MOST_SECRETS} secrets sign your webhooks at the moment. Wait until one has ended, or end all old ones now with an overlap of 0 hours."
        );
        Self::new(kinds::TOO_MANY_SECRETS, detail)
    }

    pub(in crate::api) fn too_many_tests(retry_after: Duration) -> Self {
        let detail = "You have more test events sent than ten a minute. Wait as long as Retry-After says.";
        let mut error = Self::new(kinds::RATE_LIMITED, detail);
        error.retry_after = Some(retry_after);
        error
    }
}
