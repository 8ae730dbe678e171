//! Where things are: the checkout, the build folder, the stack's folder, the caches.

use std::path::{Path, PathBuf};

use crate::{environment::Environment, error::Error};

/// The checkout that the command works on, with what the environment says.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The folder that holds the workspace's `Cargo.toml` and `template.yaml`.
    pub(crate) root: PathBuf,
    /// What the environment says.
    pub(crate) environment: Environment,
}

impl Workspace {
    /// The workspace that this program was built from.
    pub(crate) fn discover() -> Result<Self, Error> {
        // infra/xtask is two levels below the root.
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Cargo.toml").is_file())
            .ok_or_else(|| {
                Error::missing(
                    "the workspace that this program was built from",
                    "run it as `cargo xtask`",
                )
            })?;
        Ok(Self {
            root: root.to_path_buf(),
            environment: Environment::read()?,
        })
    }

    /// Where cargo builds. CI keeps it outside the checkout, which is new in every run.
    pub(crate) fn target_directory(&self) -> PathBuf {
        match &self.environment.target_directory {
            Some(chosen) if chosen.is_absolute() => chosen.clone(),
            Some(chosen) => self.root.join(chosen),
            None if self.environment.is_ci => self.cache().join("target"),
            None => self.root.join("target"),
        }
    }

    /// Where `template.yaml` expects each function's `bootstrap`.
    pub(crate) fn lambda_directory(&self) -> PathBuf {
        self.root.join("target/lambda")
    }

    /// The state of the local stack and of the tools that serve this checkout. Ignored by git.
    pub(crate) fn state_directory(&self) -> PathBuf {
        self.root.join(".packshot")
    }

    /// The cache that outlives a checkout.
    pub(crate) fn cache(&self) -> PathBuf {
        self.environment.home.join(".cache/packshot")
    }

    /// Where virtual environments live.
    pub(crate) fn python_directory(&self) -> PathBuf {
        if self.environment.is_ci {
            self.cache().join("venv")
        } else {
            self.state_directory().join("venv")
        }
    }
}
