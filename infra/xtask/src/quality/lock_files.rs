//! Lock files name packages and their hashes, and no registry's host: each machine has its own mirrors. Those of npm name
//! every package that another asks for: npm leaves out, without a word, what its registry does not have for other systems, and
//! `npm ci` refuses such a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::quality::{Verdict, scripts};
use crate::workspace::Workspace;

/// How `Cargo.lock` names crates.io, whatever mirror is used.
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Checks every lock file of the checkout.
pub(super) fn check(workspace: &Workspace) -> Result<Verdict, Error> {
    let mut faults = Vec::new();
    for path in scripts::files(workspace)? {
        let Some(kind) = kind(&path) else { continue };
        let full = workspace.root.join(&path);
        let text = std::fs::read_to_string(&full).map_err(Error::file("read", full))?;
        let lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| names_a_host(kind, line));
        faults.extend(
            lines.map(|(number, line)| format!("{path}:{number}: names a registry's host: {}", line.trim())),
        );
        if kind == Kind::Npm {
            faults.extend(missing(&text).map(|what| format!("{path}: {what}")));
        }
    }
    if faults.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(faults.join("\n")))
}

/// What npm's lock file needs and does not have.
fn missing(lock: &str) -> impl Iterator<Item = String> {
    let lock: Lock = serde_json::from_str(lock).unwrap_or_default();
    let mut missing = Vec::new();
    for (place, package) in &lock.packages {
        for name in package
            .dependencies
            .keys()
            .chain(package.optional_dependencies.keys())
        {
            if !lock.has(place, name) {
                missing.push(format!("{place} asks for {name}, which is not there"));
            }
        }
    }
    missing.into_iter()
}

/// `package-lock.json`, version 3 (<https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>).
#[derive(Debug, Default, Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Package {
    dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
}

impl Lock {
    /// Whether a package is found from a place, as Node looks for it: there, and in each folder above.
    fn has(&self, place: &str, name: &str) -> bool {
        let mut folder = Some(place);
        while let Some(at) = folder {
            let inside = if at.is_empty() {
                format!("node_modules/{name}")
            } else {
                format!("{at}/node_modules/{name}")
            };
            if self.packages.contains_key(&inside) {
                return true;
            }
            folder = match at.rfind("/node_modules/") {
                Some(end) => Some(&at[..end]),
                None if at.is_empty() => None,
                None => Some(""),
            };
        }
        false
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cargo,
    Npm,
    Python,
}

fn kind(path: &str) -> Option<Kind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "Cargo.lock" => Some(Kind::Cargo),
        "package-lock.json" => Some(Kind::Npm),
        "requirements.txt" => Some(Kind::Python),
        _ if folder == "infra/python"
            && Path::new(name).extension().is_some_and(|ending| ending == "txt") =>
        {
            Some(Kind::Python)
        }
        _ => None,
    }
}

fn names_a_host(kind: Kind, line: &str) -> bool {
    match kind {
        Kind::Cargo => line.starts_with("source = ") && line != CRATES_IO,
        // `funding` and `license` entries may hold addresses; only this one is where a package comes from.
        Kind::Npm => line.trim_start().starts_with("\"resolved\""),
        Kind::Python => line.contains("://") || line.trim_start().starts_with("--index"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lock_files_are_looked_at() {
        assert_eq!(kind("Cargo.lock"), Some(Kind::Cargo));
        assert_eq!(kind("web/package-lock.json"), Some(Kind::Npm));
        assert_eq!(kind("infra/python/lint.txt"), Some(Kind::Python));
        assert_eq!(kind("docs/notes.txt"), None);
    }

    #[test]
    fn what_a_package_asks_for_is_in_the_lock() {
        let lock = r#"{"packages": {
            "": {"dependencies": {"vite": "8"}},
            "node_modules/vite": {"dependencies": {"rolldown": "1"}, "optionalDependencies": {"fsevents": "2"}},
            "node_modules/vite/node_modules/rolldown": {"dependencies": {"picomatch": "4"}},
            "node_modules/picomatch": {}
        }}"#;
        assert_eq!(
            missing(lock).collect::<Vec<_>>(),
            ["node_modules/vite asks for fsevents, which is not there"]
        );
    }

    #[test]
    fn a_mirror_is_found_and_the_usual_names_are_not() {
        assert!(!names_a_host(Kind::Cargo, CRATES_IO));
        assert!(names_a_host(
            Kind::Cargo,
            "source = \"registry+https://mirror.example/index\""
        ));
        assert!(names_a_host(
            Kind::Cargo,
            "source = \"git+https://git.example/crate#1\""
        ));
        assert!(names_a_host(
            Kind::Npm,
            "      \"resolved\": \"https://mirror.example/a.tgz\","
        ));
        assert!(!names_a_host(
            Kind::Npm,
            "        \"url\": \"https://example.com/sponsor\""
        ));
        assert!(names_a_host(
            Kind::Python,
            "--index-url https://mirror.example/simple"
        ));
        assert!(!names_a_host(Kind::Python, "    --hash=sha256:00"));
    }
}
