//! Files and the rows that name them.

use std::collections::BTreeSet;

use packshot_clients::bucket;
use packshot_domain::{
    image::ImageState,
    job::{Job, PhotoSource, Status},
};

use super::{Invariant, Snapshot, rules::Findings};

impl Snapshot {
    pub(super) fn check_files(&self, findings: &mut Findings) {
        let mut named: BTreeSet<String> = BTreeSet::new();
        for job in &self.jobs {
            let (must, may) = files_of(job);
            for missing in must.iter().filter(|key| !self.files.contains(*key)) {
                findings.add(
                    Invariant::RowsHaveTheirFiles,
                    format!("{} has no {missing}.", job.id),
                );
            }
            named.extend(must);
            named.extend(may);
        }
        // Folders of other users' jobs are not ours to judge, and photos are removed by themselves after some days.
        let tokens: BTreeSet<&str> = self.jobs.iter().map(|job| job.images_token.as_str()).collect();
        for file in &self.files {
            let folder = file
                .strip_prefix("images/")
                .and_then(|rest| rest.split('/').next());
            if folder.is_some_and(|token| tokens.contains(token)) && !named.contains(file) {
                findings.add(Invariant::FilesHaveTheirRows, format!("No row names {file}."));
            }
        }
    }
}

/// The keys of the files that a job must have, and of those that it may have: one that did not complete keeps what was
/// stored before.
fn files_of(job: &Job) -> (Vec<String>, Vec<String>) {
    let mut must = Vec::new();
    for photo in &job.photos {
        if let PhotoSource::Upload(id) = photo {
            must.push(bucket::upload_key(job.owner, *id));
        }
    }
    for (index, image) in job.images.iter().enumerate() {
        if let ImageState::Ready(stored) = &image.state {
            must.push(job.image_path(&image.file_name(index, stored)));
            must.push(job.image_path(&Job::thumbnail_file_name(index, image.attempt)));
        }
    }
    must.extend(job.archive.iter().map(|archive| job.image_path(archive)));
    let may = match job.status {
        Status::Completed => Vec::new(),
        _ => bucket::files_of(job),
    };
    (must, may)
}
