//! Putting the pages into the bucket that the distribution serves them from, as README.md says it for AWS.

use std::path::Path;

use crate::console::Step;
use crate::docs::{self, PROBLEMS};
use crate::error::Error;
use crate::stack::aws::Aws;

/// How long browsers and edges keep a page: a new release is seen within minutes without an invalidation.
const CACHE: &str = "public, max-age=300";

/// Builds the documents of a checkout in `folder` and copies them to `bucket`.
pub(crate) fn publish(aws: &Aws, root: &Path, folder: &Path, bucket: &str) -> Result<(), Error> {
    let step = Step::begin("Documents");
    let count = docs::build(root, folder)?;
    let all = format!("s3://{bucket}{}", docs::ROOT);
    let excluded = format!("{PROBLEMS}/*");
    sync(aws, folder, &all, &["--exclude", &excluded])?;
    let problems = format!("{all}/{PROBLEMS}");
    let problem_type = ["--content-type", "application/problem+json"];
    sync(aws, &folder.join(PROBLEMS), &problems, &problem_type)?;
    step.end(format!("{count} pages"));
    Ok(())
}

fn sync(aws: &Aws, folder: &Path, to: &str, more: &[&str]) -> Result<(), Error> {
    let folder = folder.to_string_lossy();
    let mut arguments = vec![
        "s3",
        "sync",
        "--only-show-errors",
        "--delete",
        "--cache-control",
        CACHE,
    ];
    arguments.extend(more);
    arguments.extend([folder.as_ref(), to]);
    aws.run(arguments).map(drop)
}
