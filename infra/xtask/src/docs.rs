//! `cargo xtask docs`: the documents for developers as static pages, from the Markdown of `docs/` and from
//! `docs/openapi.json`.
//!
//! What is written is the content of `/docs` on the web: pages as `<path>/index.html`, which the distribution's function
//! adds to addresses without a file name. Pages work without scripts, and everything they load lies beside them, so that
//! the distribution's content security policy needs no exception.

pub(crate) mod book;
pub(crate) mod code;
mod markdown;
mod page;
mod reference;
mod schema;
mod write;

use std::path::{Path, PathBuf};

use crate::console::say;
use crate::error::Error;
use crate::workspace::Workspace;

/// Where the pages are on the web.
pub(crate) const ROOT: &str = "/docs";

/// The folder of the documents whose bodies answer for CloudFront where nothing behind it does. They are problems
/// (RFC 9457) and are served as such, unlike the other JSON.
pub(crate) const PROBLEMS: &str = "problems";

/// What `docs` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Docs {
    /// The folder to write to; what was in it is removed
    #[arg(long, value_name = "DIR", default_value = "target/docs")]
    out: PathBuf,
}

/// Writes the pages.
pub(crate) fn docs(workspace: &Workspace, arguments: &Docs) -> Result<(), Error> {
    let out = workspace.root.join(&arguments.out);
    let count = build(&workspace.root, &out)?;
    say(format!("  Wrote {count} pages to {}", out.display()));
    Ok(())
}

/// Writes the pages of a checkout into a folder, and answers how many there are.
pub(crate) fn build(root: &Path, out: &Path) -> Result<usize, Error> {
    let site = book::Site::read(&root.join("docs"))?;
    write::write(root, &site, out)?;
    Ok(site.pages.len())
}
