//! Where a job and its files are on the site.

use packshot_domain::job::Job;
use url::Url;

/// The addresses of one job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Links<'a> {
    base_url: &'a Url,
    job: &'a Job,
}

impl<'a> Links<'a> {
    pub(crate) const fn new(base_url: &'a Url, job: &'a Job) -> Self {
        Self { base_url, job }
    }

    /// The job's page, for people.
    pub(crate) fn page(&self) -> String {
        self.below_base(&format!("jobs/{}", self.job.id))
    }

    /// The job in the API, for programs.
    pub(crate) fn api(&self) -> String {
        self.below_base(&format!("api/v1/jobs/{}", self.job.id))
    }

    /// Where the job is canceled, while it can be.
    pub(crate) fn cancel(&self) -> Option<String> {
        (!self.job.status.is_terminal()).then(|| format!("{}/cancel", self.api()))
    }

    /// The archive with every image, which is written when a job completes and after each retry.
    pub(crate) fn archive(&self) -> Option<String> {
        self.job.archive.as_deref().map(|name| self.file(name))
    }

    /// A stored file of the job.
    pub(crate) fn file(&self, file_name: &str) -> String {
        self.below_base(&self.job.image_path(file_name))
    }

    /// The base address is written without a slash at its end, but a `Url` without a path prints one.
    fn below_base(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url.as_str().trim_end_matches('/'))
    }
}
