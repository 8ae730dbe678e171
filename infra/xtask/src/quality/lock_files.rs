//! Lock files name packages and their hashes, and no registry's host: each machine has its own mirrors.

use std::path::Path;

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
        faults.extend(lines.map(|(number, line)| format!("{path}:{number}: {}", line.trim())));
    }
    if faults.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Error::Found(format!(
        "these lines name a registry's host:\n{}",
        faults.join("\n")
    )))
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
