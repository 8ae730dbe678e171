//! One command at a time.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;

/// Takes the right to start or end the stack of this folder. The system gives it back when we end, however that is.
pub(crate) fn hold(directory: &Path) -> Result<File, Error> {
    std::fs::create_dir_all(directory).map_err(Error::file("create", directory))?;
    let path = directory.join("lock");
    let file = File::create(&path).map_err(Error::file("create", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Stack(
            "another `cargo xtask` is starting or ending this stack; wait for it".to_owned(),
        )),
        Err(TryLockError::Error(source)) => Err(Error::file("lock", path)(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_has_to_wait_for_the_first() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let first = hold(folder.path()).expect("nobody holds it");
        assert!(hold(folder.path()).is_err());
        drop(first);
        hold(folder.path()).expect("it was given back");
    }
}
