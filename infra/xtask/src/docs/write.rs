//! Writing the pages and what lies beside them into a folder.

use std::path::Path;

use crate::docs::book::{self, Site};
use crate::docs::{PROBLEMS, ROOT, page};
use crate::error::Error;

/// What every page loads. The fonts are those of `infra/fake-google/fonts`, cut down to the letters of western languages.
const ASSETS: [(&str, &[u8]); 5] = [
    ("docs.css", include_bytes!("assets/docs.css")),
    ("docs.js", include_bytes!("assets/docs.js")),
    ("inter-medium.woff2", include_bytes!("assets/inter-medium.woff2")),
    ("inter-bold.woff2", include_bytes!("assets/inter-bold.woff2")),
    (
        "fraunces-semibold.woff2",
        include_bytes!("assets/fraunces-semibold.woff2"),
    ),
];

/// Writes all of it. What was in the folder before is removed.
pub(super) fn write(root: &Path, site: &Site, out: &Path) -> Result<(), Error> {
    if out.exists() {
        std::fs::remove_dir_all(out).map_err(Error::file("remove", out))?;
    }
    for (index, one) in site.pages.iter().enumerate() {
        let name = one.address.trim_start_matches(ROOT).trim_start_matches('/');
        put(
            &out.join(name).join("index.html"),
            page::whole(site, index)?.as_bytes(),
        )?;
    }
    for (name, bytes) in ASSETS {
        put(&out.join("assets").join(name), bytes)?;
    }
    let docs = root.join("docs");
    put(
        &out.join("openapi.json"),
        book::read(&docs.join("openapi.json"))?.as_bytes(),
    )?;
    for name in ["timeout.json", "unavailable.json"] {
        let problem = book::read(&docs.join(PROBLEMS).join(name))?;
        put(&out.join(PROBLEMS).join(name), problem.as_bytes())?;
    }
    Ok(())
}

fn put(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    std::fs::write(file, bytes).map_err(Error::file("write", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content security policy of the distribution has no exception for pages that bring their own script or style.
    #[test]
    fn pages_hold_nothing_that_a_strict_policy_refuses() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let out = folder.path().join("docs");
        let count = crate::docs::build(&root, &out).expect("it can be written");
        let site = Site::read(&root.join("docs")).expect("the sources are there");
        assert_eq!(count, site.pages.len());
        for one in &site.pages {
            let name = one.address.trim_start_matches(ROOT).trim_start_matches('/');
            let html = book::read(&out.join(name).join("index.html")).expect("every page has a file");
            for refused in [
                "style=\"",
                "<style",
                "onclick",
                "<script>",
                "javascript:",
                "src=\"http",
                "@import",
            ] {
                assert!(!html.contains(refused), "{}: {refused}", one.address);
            }
            assert!(
                html.contains("<html lang=\"en\">") && html.matches("<h1>").count() == 1,
                "{}",
                one.address
            );
        }
        for name in [
            "assets/docs.css",
            "openapi.json",
            "problems/timeout.json",
            "problems/unavailable.json",
        ] {
            assert!(out.join(name).is_file(), "{name}");
        }
    }
}
