//! The sample events of the repository (`events/`): what a function is asked first.

use std::path::Path;

use bytes::Bytes;

use crate::error::Error;

/// The event of a file, `name` being `<function>.<case>`.
pub(crate) fn named(root: &Path, name: &str) -> Result<Bytes, Error> {
    let path = root.join("events").join(format!("{name}.json"));
    let text = std::fs::read(&path).map_err(Error::file("read", path))?;
    Ok(text.into())
}

/// A function's first event, by the order of their names.
pub(crate) fn first_of(root: &Path, function: &str) -> Result<Bytes, Error> {
    let folder = root.join("events");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .map_err(Error::file("read", &folder))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.split('.').next() == Some(function))
        .collect();
    names.sort();
    let name = names.first().ok_or_else(|| {
        Error::missing(
            format!("an event of {function}"),
            format!("put one into events/, named {function}.<case>.json"),
        )
    })?;
    named(root, name.trim_end_matches(".json"))
}
