//! Putting the page and the documents into the bucket that the distribution serves them from, as README.md says it for AWS.

use std::path::Path;

use crate::console::Step;
use crate::docs::{self, PROBLEMS};
use crate::error::Error;
use crate::page;
use crate::stack::aws::Aws;
use crate::workspace::Workspace;

/// How long browsers and edges keep a document: a new release is seen within minutes without an invalidation.
const DOCUMENTS: &str = "public, max-age=300";

/// Names of these files change with what is in them.
const HASHED: &str = "public, max-age=31536000, immutable";

/// These name the others, so they are asked for anew each time.
const NAMING: &str = "no-cache";

/// Builds the documents of a checkout in `folder` and copies them to `bucket`.
pub(crate) fn publish_documents(aws: &Aws, root: &Path, folder: &Path, bucket: &str) -> Result<(), Error> {
    let step = Step::begin("Documents");
    let count = docs::build(root, folder)?;
    let all = format!("s3://{bucket}{}", docs::ROOT);
    let excluded = format!("{PROBLEMS}/*");
    sync(
        aws,
        folder,
        &all,
        DOCUMENTS,
        &["--delete", "--exclude", &excluded],
    )?;
    let problems = format!("{all}/{PROBLEMS}");
    let problem_type = ["--delete", "--content-type", "application/problem+json"];
    sync(aws, &folder.join(PROBLEMS), &problems, DOCUMENTS, &problem_type)?;
    step.end(format!("{count} pages"));
    Ok(())
}

/// Builds the page and copies it to `bucket`. Files of earlier releases stay: a page that somebody has open still asks for
/// them. The HTML comes last, so that it never names a file that is not there.
pub(crate) fn publish_page(aws: &Aws, workspace: &Workspace, bucket: &str) -> Result<(), Error> {
    let step = Step::begin("Page");
    let built = page::build(workspace)?;
    let all = format!("s3://{bucket}");
    sync(aws, &built.join("assets"), &format!("{all}/assets"), HASHED, &[])?;
    sync(aws, &built, &all, NAMING, &["--exclude", "assets/*"])?;
    step.end("published");
    Ok(())
}

fn sync(aws: &Aws, folder: &Path, to: &str, cache: &str, more: &[&str]) -> Result<(), Error> {
    let folder = folder.to_string_lossy();
    let mut arguments = vec!["s3", "sync", "--only-show-errors", "--cache-control", cache];
    arguments.extend(more);
    arguments.extend([folder.as_ref(), to]);
    aws.run(arguments).map(drop)
}
