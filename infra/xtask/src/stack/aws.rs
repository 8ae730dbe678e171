//! The AWS command line, pointed at MiniStack. What it does here is what a developer would type for AWS.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::Venv;

/// The region of the local stack.
pub(crate) const REGION: &str = "us-east-1";
/// The key and the secret of MiniStack's root user.
pub(crate) const CREDENTIAL: &str = "test";

/// The environment that makes an AWS client talk to MiniStack and to nothing else, whatever is configured for the person.
pub(crate) fn environment(endpoint: &str) -> Vec<(&'static str, String)> {
    let mut variables = vec![("AWS_ENDPOINT_URL", endpoint.to_owned())];
    let fixed = [
        ("AWS_ACCESS_KEY_ID", CREDENTIAL),
        ("AWS_SECRET_ACCESS_KEY", CREDENTIAL),
        ("AWS_SESSION_TOKEN", ""),
        ("AWS_PROFILE", ""),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_PAGER", ""),
        ("NO_PROXY", "127.0.0.1,localhost"),
    ];
    variables.extend(fixed.map(|(name, value)| (name, value.to_owned())));
    variables
}

/// Gives a command the environment of [`environment`]. Empty values mean that the variable must not be there.
pub(crate) fn point(command: &mut Command, endpoint: &str) {
    for (name, value) in environment(endpoint) {
        if value.is_empty() && name != "AWS_PAGER" {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
}

/// The AWS CLI.
#[derive(Debug)]
pub(crate) struct Aws {
    program: PathBuf,
    endpoint: String,
}

impl Aws {
    /// The CLI of a virtual environment, for a MiniStack.
    pub(crate) fn new(venv: &Venv, endpoint: &str) -> Self {
        Self {
            program: venv.program("aws"),
            endpoint: endpoint.to_owned(),
        }
    }

    /// Where MiniStack is.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Runs a command of the CLI and gives back what it prints.
    pub(crate) fn run<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: I,
    ) -> Result<String, Error> {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        point(&mut command, &self.endpoint);
        command::capture(&mut command)
    }

    /// Lets this address send mail. Without it SES refuses the sender, on AWS as here.
    pub(crate) fn verify_sender(&self, address: &str) -> Result<(), Error> {
        let answer = self.run(["sesv2", "create-email-identity", "--email-identity", address]);
        match answer {
            Err(Error::Program { output, .. }) if output.contains("AlreadyExists") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Keeps a secret in SSM. It goes through a private file, since a command line can be read by everyone.
    pub(crate) fn put_secret(&self, name: &str, secret: &str) -> Result<(), Error> {
        let mut file = tempfile::NamedTempFile::new().map_err(Error::file("create", std::env::temp_dir()))?;
        file.write_all(secret.as_bytes())
            .map_err(Error::file("write", file.path()))?;
        let value = format!("file://{}", file.path().display());
        self.run([
            "ssm",
            "put-parameter",
            "--name",
            name,
            "--type",
            "SecureString",
            "--value",
            &value,
            "--overwrite",
        ])
        .map(drop)
    }
}
