//! What the environment tells a function.

/// Every variable that our functions read; `tests/it/template.rs` compares the list with `template.yaml`.
pub mod env {
    macro_rules! variables {
        ($($(#[$doc:meta])* $name:ident;)*) => {
            $($(#[$doc])* pub const $name: &str = stringify!($name);)*

            /// Every variable there is.
            pub const ALL: &[&str] = &[$($name),*];
        };
    }

    variables! {
        /// The deployment's name, as logs and metrics show it.
        STAGE;
        /// Where errors are reported to, as a DSN of Sentry's; empty where they are not.
        SENTRY_DSN;
        /// The table's name.
        TABLE_NAME;
        /// The name of the bucket with photos and images.
        IMAGES_BUCKET;
        /// The state machine that drives jobs.
        STATE_MACHINE_ARN;
        /// The queue of webhooks to be delivered.
        WEBHOOK_QUEUE_URL;
        /// The queue of accounts to be deleted.
        DELETION_QUEUE_URL;
        /// The name of the parameter that holds the site's public address.
        BASE_URL_PARAMETER;
        /// The name of the parameter that holds API Gateway's ids of the usage plans, as JSON.
        USAGE_PLANS_PARAMETER;
        /// The name of the parameter that holds the Gemini key.
        GEMINI_API_KEY_PARAMETER;
        /// Where Gemini is, without a version: `https://generativelanguage.googleapis.com`.
        GEMINI_BASE_URL;
        /// Where Google's APIs are, Drive among them: `https://www.googleapis.com`.
        GOOGLE_APIS_URL;
        /// How much of people's Drives we ask for: `drive.readonly` or `drive.file`.
        DRIVE_SCOPE;
        /// The key that seals people's tokens.
        SEALING_KEY_ARN;
        /// The name of the parameter that holds the id and the secret of our client at Google, as JSON.
        GOOGLE_CLIENT_PARAMETER;
        /// Who signs people in: `https://accounts.google.com`.
        GOOGLE_ISSUER;
        /// The browser key of Google's Picker; empty where the Picker is not used.
        GOOGLE_PICKER_KEY;
        /// The model that writes strategies.
        TEXT_MODEL;
        /// The model that makes images.
        IMAGE_MODEL;
        /// Who mail comes from.
        SENDER_ADDRESS;
        /// `true` where receivers and photos on this machine may be called: the local stack.
        ALLOW_PRIVATE_ADDRESSES;
        /// After how many seconds a job is given up.
        JOB_DEADLINE_SECONDS;
    }
}

/// A variable that the template should have set.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    /// It is not there.
    #[error("the environment variable {0} is not set")]
    Variable(&'static str),
    /// It does not mean what it should.
    #[error("the environment variable {0} has no usable value")]
    Value(&'static str),
}

/// The value of a variable.
///
/// # Errors
///
/// Where it is not set: the function then ends in its init phase, never in the middle of a request.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the reader that everything else is to use"
)]
pub fn require(name: &'static str) -> Result<String, Missing> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or(Missing::Variable(name))
}

/// The value of a variable that need not be set; empty where it is not.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the reader that everything else is to use"
)]
pub fn optional(name: &'static str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The value of a variable as something else than text.
///
/// # Errors
///
/// Where it is not set or cannot be read as that.
pub fn require_parsed<T: std::str::FromStr>(name: &'static str) -> Result<T, Missing> {
    require(name)?.parse().map_err(|_| Missing::Value(name))
}

/// Which addresses may be called.
///
/// # Errors
///
/// Where the variable is not `true` or `false`.
pub fn reach() -> Result<packshot_domain::address::Reach, Missing> {
    use packshot_domain::address::Reach;
    let allow_private: bool = require_parsed(env::ALLOW_PRIVATE_ADDRESSES)?;
    Ok(if allow_private {
        Reach::PublicAndLoopback
    } else {
        Reach::Public
    })
}
