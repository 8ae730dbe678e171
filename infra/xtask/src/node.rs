//! Node.js with the packages of a lock file.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::workspace::Workspace;

/// The oldest Node that the packages run on.
const OLDEST: u32 = 20;

/// The program, once the packages of the folder's `package-lock.json` are installed there.
pub(crate) fn ready(workspace: &Workspace, folder: &Path) -> Result<PathBuf, Error> {
    let node = find(workspace)?;
    let lock = folder.join("package-lock.json");
    // npm writes this file last; it is as new as the packages.
    let installed = folder.join("node_modules/.package-lock.json");
    if changed(&lock) > changed(&installed) {
        let mut install = Command::new("npm");
        install
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel",
                "error",
            ])
            .current_dir(folder);
        command::run(&mut install)?;
    }
    Ok(node)
}

fn changed(path: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn find(workspace: &Workspace) -> Result<PathBuf, Error> {
    let advice = format!("install Node.js {OLDEST} or newer with npm, and have it on the search path");
    let missing = |_| Error::missing("Node.js", advice.clone());
    let mut command = Command::new("node");
    let version = command::capture(command.arg("--version").current_dir(&workspace.root)).map_err(missing)?;
    if major(&version).is_some_and(|major| major >= OLDEST) {
        return Ok(PathBuf::from("node"));
    }
    Err(Error::missing(
        format!("Node.js {OLDEST}"),
        format!("{advice} (found: {})", version.trim()),
    ))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("twenty"), None);
    }
}
