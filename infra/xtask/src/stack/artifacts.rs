//! What `aws cloudformation package` does, faster: the functions and the state machine go to a bucket under names that
//! hold their hash, and the template's local paths become their addresses there.
//!
//! The AWS CLI compresses every function on every call, which takes half a minute here. These archives are compressed
//! lightly, and only when a function has changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use crate::error::Error;

/// The bucket that artifacts go through.
pub(crate) const BUCKET: &str = "packshot-artifacts";
/// The state machine, as `template.yaml` names it.
const STATE_MACHINE: &str = "statemachine.asl.json";
/// Where `template.yaml` names the functions.
const FUNCTIONS: &str = "target/lambda/";

/// Writes a function's archive: one file, that Lambda may execute. The same program always gives the same bytes.
pub(crate) fn archive(bootstrap: &Path, to: &Path) -> Result<(), Error> {
    let part = to.with_extension("part");
    let mut program = File::open(bootstrap).map_err(Error::file("read", bootstrap))?;
    let options = SimpleFileOptions::DEFAULT
        .compression_level(Some(1))
        .unix_permissions(0o755);
    let file = File::create(&part).map_err(Error::file("write", &part))?;
    let mut archive = zip::ZipWriter::new(std::io::BufWriter::new(file));
    archive
        .start_file("bootstrap", options)
        .map_err(std::io::Error::from)
        .and_then(|()| std::io::copy(&mut program, &mut archive))
        .and_then(|_| archive.finish().map_err(std::io::Error::from))
        .and_then(|mut file| file.flush())
        .map_err(Error::file("write", &part))?;
    std::fs::rename(&part, to).map_err(Error::file("write", to))
}

/// Lays everything that a deployment uploads into a folder of its own. Answers which of it is the rewritten template.
pub(crate) fn collect(root: &Path, lambda: &Path, to: &Path) -> Result<PathBuf, Error> {
    let template = root.join("template.yaml");
    let text = std::fs::read_to_string(&template).map_err(Error::file("read", &template))?;
    let mut sources = BTreeMap::from([(STATE_MACHINE.to_owned(), root.join(STATE_MACHINE))]);
    for name in function_names(&text) {
        sources.insert(format!("{FUNCTIONS}{name}/"), lambda.join(format!("{name}.zip")));
    }
    // What is not uploaded any more must not stay, or the folder would grow with every change.
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(Error::file("remove", to))?;
    }
    std::fs::create_dir_all(to).map_err(Error::file("create", to))?;
    let mut places = BTreeMap::new();
    for (path, source) in sources {
        let name = hashed_name(&source)?;
        let copy = to.join(&name);
        std::fs::hard_link(&source, &copy)
            .or_else(|_| std::fs::copy(&source, &copy).map(drop))
            .map_err(Error::file("copy", &source))?;
        places.insert(path, format!("s3://{BUCKET}/{name}"));
    }
    let packaged = to.join("packaged.yaml");
    std::fs::write(&packaged, rewritten(&text, &places)).map_err(Error::file("write", &packaged))?;
    let named = to.join(hashed_name(&packaged)?);
    std::fs::rename(&packaged, &named).map_err(Error::file("write", &named))?;
    Ok(named)
}

/// The functions that a template names.
fn function_names(template: &str) -> Vec<&str> {
    property(template, "CodeUri")
        .filter_map(|path| path.strip_prefix(FUNCTIONS)?.strip_suffix('/'))
        .collect()
}

/// The values of a property, wherever it stands.
fn property<'a>(template: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    template
        .lines()
        .filter_map(move |line| line.trim().strip_prefix(name)?.strip_prefix(':').map(str::trim))
}

/// The template with each local path replaced by its place in the bucket.
fn rewritten(template: &str, places: &BTreeMap<String, String>) -> String {
    let lines = template.lines().map(|line| {
        let place = line
            .split_once("Uri:")
            .and_then(|(start, path)| Some(format!("{start}Uri: {}", places.get(path.trim())?)));
        place.unwrap_or_else(|| line.to_owned()) + "\n"
    });
    lines.collect()
}

/// A file's name with its hash: `create-job-0123456789ab.zip`.
fn hashed_name(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|source| missing_or(path, source))?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut block).map_err(Error::file("read", path))?;
        if count == 0 {
            break;
        }
        digest.update(&block[..count]);
    }
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    let (stem, extension) = (
        name.file_stem().unwrap_or_default(),
        name.extension().unwrap_or_default(),
    );
    let hash = hex::encode(&digest.finalize()[..6]);
    Ok(format!(
        "{}-{hash}.{}",
        stem.to_string_lossy(),
        extension.to_string_lossy()
    ))
}

fn missing_or(path: &Path, source: std::io::Error) -> Error {
    if source.kind() == std::io::ErrorKind::NotFound {
        let what = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        return Error::missing(what, "template.yaml names it, so the workspace must have it");
    }
    Error::file("read", path)(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "Resources:\n  CreateJob:\n    Properties:\n      CodeUri: target/lambda/create-job/\n  \
                            Generate:\n    Properties:\n      DefinitionUri: statemachine.asl.json\n";

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("template.yaml"), TEMPLATE).expect("it can be written");
        std::fs::write(folder.path().join(STATE_MACHINE), "{}").expect("it can be written");
        folder
    }

    #[test]
    fn the_templates_paths_become_addresses_that_follow_the_content() {
        let folder = workspace();
        let (bootstrap, zip) = (
            folder.path().join("bootstrap"),
            folder.path().join("create-job.zip"),
        );
        std::fs::write(&bootstrap, "first").expect("it can be written");
        archive(&bootstrap, &zip).expect("it can be archived");
        let artifacts = folder.path().join("artifacts");
        let packaged = || {
            let template = collect(folder.path(), folder.path(), &artifacts).expect("all is there");
            std::fs::read_to_string(template).expect("it was written")
        };
        let first = packaged();
        assert!(
            first.contains("CodeUri: s3://packshot-artifacts/create-job-"),
            "{first}"
        );
        assert!(
            first.contains("DefinitionUri: s3://packshot-artifacts/statemachine.asl-"),
            "{first}"
        );
        assert_eq!(first, packaged(), "the same content has the same name");

        std::fs::write(&bootstrap, "second").expect("it can be written");
        archive(&bootstrap, &zip).expect("it can be archived");
        assert_ne!(first, packaged(), "other content has another name");
        assert_eq!(std::fs::read_dir(&artifacts).expect("it is there").count(), 3);
    }

    #[test]
    fn a_function_that_was_not_built_is_named() {
        let folder = workspace();
        let error = collect(folder.path(), folder.path(), &folder.path().join("artifacts"))
            .expect_err("there is no create-job.zip");
        assert_eq!(
            error.to_string(),
            "create-job.zip is missing: template.yaml names it, so the workspace must have it"
        );
    }
}
