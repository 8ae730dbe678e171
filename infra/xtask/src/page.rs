//! The web page: a React application that Vite builds from `web/` (docs/decisions/0025).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::command;
use crate::error::Error;
use crate::node;
use crate::workspace::Workspace;

/// The folder of the page's sources.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("web")
}

/// A tool of the page's packages, ready to be run in its folder: the path of its script below `node_modules`, and what it is
/// told.
pub(crate) fn tool(workspace: &Workspace, script: &str, arguments: &[&str]) -> Result<Command, Error> {
    let folder = folder(workspace);
    let mut command = Command::new(node::ready(workspace, &folder)?);
    command
        .arg(folder.join("node_modules").join(script))
        .args(arguments)
        .current_dir(folder);
    Ok(command)
}

/// What writes the page's types of the API from its description, as `npm run types` does.
pub(crate) fn api_types(workspace: &Workspace) -> Result<Command, Error> {
    let arguments = [
        "src/api/openapi.json",
        "-o",
        "src/api/schema.d.ts",
        "--root-types",
        "--root-types-no-schema-prefix",
    ];
    tool(workspace, "openapi-typescript/bin/cli.js", &arguments)
}

/// Builds the page unless it is as new as its sources. Answers where it is.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, Error> {
    let folder = folder(workspace);
    let built = folder.join("dist");
    let last = modified(&built.join("app.html"));
    if last.is_none() || last < newest(&folder)? {
        command::capture(&mut tool(
            workspace,
            "vite/bin/vite.js",
            &["build", "--logLevel", "warn"],
        )?)?;
    }
    Ok(built)
}

/// When a source has last changed.
fn newest(folder: &Path) -> Result<Option<SystemTime>, Error> {
    let mut newest = None;
    let entries = std::fs::read_dir(folder).map_err(Error::file("read", folder))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if matches!(entry.file_name().to_str(), Some("dist" | "node_modules")) {
            continue;
        }
        newest = newest.max(if path.is_dir() {
            // A file that was removed has changed its folder.
            self::newest(&path)?.max(modified(&path))
        } else {
            modified(&path)
        });
    }
    Ok(newest)
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Later than the folders that the test makes, whose times count as well.
    const IN_2096: u64 = 4_000_000_000;

    #[test]
    fn what_is_built_or_installed_is_no_source() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let put = |name: &str, age: u64| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            let file = std::fs::File::create(&path).expect("it can be written");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(IN_2096 - age);
            file.set_modified(time).expect("it is ours");
            modified(&path)
        };
        let source = put("src/app/main.tsx", 30);
        put("node_modules/vite/package.json", 20);
        put("dist/app.html", 10);
        assert_eq!(newest(folder.path()).expect("it can be read"), source);
    }
}
