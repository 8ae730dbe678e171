//! What the person's environment says. The only place of this crate that reads it.

use std::path::PathBuf;

use crate::error::Error;

/// The settings that are read from environment variables.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// True on a CI machine: nobody watches, and caches live under the home directory.
    pub(crate) is_ci: bool,
    /// Where cargo builds, if the person chose a place.
    pub(crate) target_directory: Option<PathBuf>,
    /// With a key, the real Gemini is used and not the fake one.
    pub(crate) gemini_api_key: Option<String>,
    /// The home directory.
    pub(crate) home: PathBuf,
    /// The cargo that runs this program, so that the same toolchain builds the rest.
    pub(crate) cargo: PathBuf,
    /// This program, found out before the build that may put another file in its place: asked later, the system names
    /// a file that is deleted.
    pub(crate) program: PathBuf,
    /// Where programs are looked for.
    pub(crate) search_path: std::ffi::OsString,
}

impl Environment {
    /// Reads the environment once.
    pub(crate) fn read() -> Result<Self, Error> {
        let home = path("HOME").ok_or_else(|| {
            Error::missing(
                "the environment variable HOME",
                "it names the folder that caches are kept in",
            )
        })?;
        Ok(Self {
            is_ci: text("CI").is_some_and(|value| value != "false" && value != "0"),
            target_directory: path("CARGO_TARGET_DIR"),
            gemini_api_key: text("GEMINI_API_KEY"),
            home,
            cargo: path("CARGO").unwrap_or_else(|| PathBuf::from("cargo")),
            program: std::env::current_exe().map_err(|source| Error::Start {
                program: "cargo xtask".to_owned(),
                source,
            })?,
            search_path: variable("PATH").unwrap_or_default(),
        })
    }
}

/// The value of a variable that a program of ours needs as well.
pub(crate) fn inherited(name: &str) -> Option<std::ffi::OsString> {
    variable(name)
}

/// The value of a variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that the rule points to"
)]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn path(name: &str) -> Option<PathBuf> {
    variable(name).map(PathBuf::from)
}

fn text(name: &str) -> Option<String> {
    variable(name).and_then(|value| value.into_string().ok())
}
