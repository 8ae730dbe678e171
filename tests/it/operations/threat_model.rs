//! `docs/threat-model.md` names a test for each threat. Those tests are there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::template::repository;

/// Where the tests of a crate are, by the name that it has in the document.
fn folder_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "it" => "tests/it",
        "packshot_domain" => "shared/domain/src",
        "packshot_clients" => "shared/clients/src",
        "packshot_functions" => "functions/src",
        "packshot_pictures" => "shared/pictures/src",
        "xtask" => "infra/xtask/src",
        _ => {
            assert!(!name.starts_with("packshot_"), "{name} is none of our packages");
            return None;
        }
    })
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Whether a crate has a test of this path: a function of its name, in a file that belongs to its module.
fn has_test(folder: &str, path: &[&str]) -> bool {
    let Some((function, modules)) = path.split_last() else {
        return false;
    };
    let declaration = format!("fn {function}(");
    let mut files = Vec::new();
    rust_files(&repository().join(folder), &mut files);
    let belongs = |file: &PathBuf| {
        let name = file.with_extension("");
        let parts: Vec<&str> = name.iter().filter_map(|part| part.to_str()).collect();
        // Unit tests are in a module within their file.
        let modules: Vec<&&str> = modules.iter().filter(|module| **module != "tests").collect();
        modules.iter().all(|module| parts.contains(module))
    };
    files
        .iter()
        .filter(|file| belongs(file))
        .any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(&declaration)))
}

fn has_journey(path: &str, title: &str) -> bool {
    fs::read_to_string(repository().join(path)).is_ok_and(|text| text.contains(title))
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let text = fs::read_to_string(repository().join("docs/threat-model.md")).expect("the document");
    let mut count = 0;
    for name in quoted(&text) {
        let exists =
            if let Some((path, title)) = name.split_once(": ").filter(|(path, _)| path.contains(".ts")) {
                has_journey(path, title)
            } else {
                let parts: Vec<&str> = name.split("::").collect();
                let Some(folder) = folder_of(parts[0]).filter(|_| parts.len() > 2) else {
                    continue;
                };
                // The form of a name is explained with a name that is none.
                if name.contains('<') {
                    continue;
                }
                has_test(folder, &parts[1..])
            };
        assert!(exists, "{name} does not exist");
        count += 1;
    }
    assert!(count > 100, "{count} tests are named");
}

#[test]
fn every_threat_of_the_list_has_its_section() {
    let text = fs::read_to_string(repository().join("docs/threat-model.md")).expect("the document");
    // https://owasp.org/API-Security/editions/2023/en/0x11-t10/
    for number in 1..=10 {
        assert!(
            text.contains(&format!("\n### API{number}:2023 ")),
            "API{number}:2023 has no section"
        );
    }
}
