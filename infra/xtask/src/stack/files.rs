//! The files of a stack's folder. They hold keys, so only their owner may read them, and they are written whole or not
//! at all, since other programs read them while we run.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// `stack.json`: what a person or a test needs to use a running stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StackFile {
    /// Where people and programs reach the product.
    pub(crate) base_url: String,
    /// Where MiniStack answers as AWS.
    pub(crate) aws_endpoint: String,
    /// Where the embedded Google is.
    pub(crate) google_url: String,
    /// Where Gemini is: the embedded one, or Google's.
    pub(crate) gemini_url: String,
    /// The demo user's API key.
    pub(crate) api_key: String,
    /// The demo user's address.
    pub(crate) user_email: String,
    /// The secret that the demo user's webhooks are signed with.
    pub(crate) webhook_secret: String,
    /// Where faults between the functions and AWS are asked for, in a stack that has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) faults_url: Option<String>,
    /// The program that makes users, `packshot-seed`.
    pub(crate) seed_program: PathBuf,
    /// The outputs of the CloudFormation stack.
    pub(crate) outputs: BTreeMap<String, String>,
}

impl StackFile {
    const NAME: &str = "stack.json";

    /// The file in a stack's folder, if it is there and whole.
    pub(crate) fn read(directory: &Path) -> Option<Self> {
        let text = std::fs::read(directory.join(Self::NAME)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// True if this stack calls the real Gemini.
    pub(crate) fn uses_real_gemini(&self) -> bool {
        self.gemini_url != self.google_url
    }

    /// Writes the file into a stack's folder.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), Error> {
        write(&directory.join(Self::NAME), self)
    }

    /// Takes the file away, so that nobody uses a stack that has ended.
    pub(crate) fn remove(directory: &Path) -> Result<(), Error> {
        let path = directory.join(Self::NAME);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::file("remove", path)(error))
            }
            _ => Ok(()),
        }
    }
}

/// Writes a value as JSON, atomically and for its owner alone.
pub(crate) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let text = serde_json::to_string_pretty(value).expect("our own types have no keys that JSON cannot hold");
    std::fs::create_dir_all(directory).map_err(Error::file("create", directory))?;
    // A temporary file is made with mode 0600 and keeps it.
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(Error::file("create", path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .map_err(Error::file("write", path))?;
    file.persist(path)
        .map_err(|error| Error::file("write", path)(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_stack_file_comes_back_as_it_was_and_is_private() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let file = StackFile {
            base_url: "http://localhost:8080".to_owned(),
            aws_endpoint: "http://127.0.0.1:4566".to_owned(),
            google_url: "http://127.0.0.1:9000".to_owned(),
            gemini_url: "http://127.0.0.1:9000".to_owned(),
            api_key: "key".to_owned(),
            user_email: "demo@example.com".to_owned(),
            webhook_secret: "secret".to_owned(),
            faults_url: None,
            seed_program: PathBuf::from("/target/debug/packshot-seed"),
            outputs: BTreeMap::from([("TableName".to_owned(), "jobs".to_owned())]),
        };
        assert_eq!(StackFile::read(folder.path()), None);
        file.write(folder.path()).expect("the folder can be written");
        assert_eq!(StackFile::read(folder.path()), Some(file));
        let mode = std::fs::metadata(folder.path().join("stack.json"))
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        StackFile::remove(folder.path()).expect("it can be removed");
        StackFile::remove(folder.path()).expect("removing it again is no error");
        assert_eq!(StackFile::read(folder.path()), None);
    }
}
