//! The variables that a function finds, as `template.yaml` gives them on the local stack. No two functions have one variable
//! with two values, so each gets all of them (as `.packshot/functions.env` has them).

use std::ffi::OsString;

use crate::function::Surroundings;

/// The bucket's name.
pub(crate) const BUCKET: &str = "packshot-bench-images";
/// The table's name.
pub(crate) const TABLE: &str = "packshot-bench";
/// The parameter with the site's address.
pub(crate) const BASE_URL: &str = "/packshot/bench/base-url";
/// The parameter with the ids of the usage plans.
pub(crate) const USAGE_PLANS: &str = "/packshot/bench/usage-plans";
/// The parameter with our client at Google.
pub(crate) const GOOGLE_CLIENT: &str = "/packshot/bench/google-client";

/// Variables that are the same wherever AWS and Google are.
const FIXED: [(&str, &str); 26] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
    ("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true"),
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
    ("STAGE", "bench"),
    ("TABLE_NAME", TABLE),
    ("IMAGES_BUCKET", BUCKET),
    (
        "STATE_MACHINE_ARN",
        "arn:aws:states:us-east-1:000000000000:stateMachine:packshot-bench-generate",
    ),
    ("BASE_URL_PARAMETER", BASE_URL),
    ("USAGE_PLANS_PARAMETER", USAGE_PLANS),
    ("GEMINI_API_KEY_PARAMETER", "/packshot/bench/gemini-api-key"),
    ("GOOGLE_CLIENT_PARAMETER", GOOGLE_CLIENT),
    (
        "SEALING_KEY_ARN",
        "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000",
    ),
    ("DRIVE_SCOPE", "drive.readonly"),
    ("TEXT_MODEL", "gemini-3.8-flash"),
    ("IMAGE_MODEL", "gemini-nano-banana-2.1"),
    ("SENDER_ADDRESS", "studio@packshot.example"),
    ("ALLOW_PRIVATE_ADDRESSES", "true"),
    ("JOB_DEADLINE_SECONDS", "86400"),
    ("NO_PROXY", "127.0.0.1,localhost"),
];

/// The variables of a function, and of the programs that do the same.
pub(crate) fn of_function(name: &str, surroundings: Surroundings<'_>) -> Vec<(String, OsString)> {
    let Surroundings {
        aws_url, google_url, ..
    } = surroundings;
    let found = [
        ("AWS_LAMBDA_FUNCTION_NAME", format!("packshot-bench-{name}")),
        ("AWS_ENDPOINT_URL", aws_url.to_owned()),
        ("GEMINI_BASE_URL", google_url.to_owned()),
        ("GOOGLE_ISSUER", google_url.to_owned()),
        ("GOOGLE_APIS_URL", google_url.to_owned()),
        ("WEBHOOK_QUEUE_URL", format!("{aws_url}/000000000000/webhooks")),
        ("DELETION_QUEUE_URL", format!("{aws_url}/000000000000/deletions")),
    ];
    let fixed = FIXED.map(|(name, value)| (name.to_owned(), value.into()));
    let found = found.map(|(name, value)| (name.to_owned(), value.into()));
    fixed.into_iter().chain(found).collect()
}
