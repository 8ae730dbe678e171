//! Executions that broke: what they were about, and what they have not lived to tell.

use packshot_clients::workflow::{self, Notice};
use packshot_domain::{
    id::{JobId, UserId},
    job::{Job, RetryOf},
};
use serde::Deserialize;

use super::{super::Ended, State};
use crate::runtime::{TaskError, TaskInput};

/// The part of "Step Functions Execution Status Change" that is read
/// (<https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html>).
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Detail {
    #[serde(default)]
    name: String,
    /// The execution's input as JSON text; left out where it is too large, which ours never is.
    input: Option<String>,
}

/// An execution that broke, and what it was about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) name: String,
    pub(super) owner: UserId,
    pub(super) job: JobId,
    pub(super) retry: Option<RetryOf>,
}

impl Broken {
    /// What the event is about; `None` where it names no job.
    pub(super) fn read(detail: &Detail) -> Option<Self> {
        let input: TaskInput = serde_json::from_str(detail.input.as_deref()?).ok()?;
        let named = workflow::job_of_execution(&detail.name)?;
        (named == input.job_id).then(|| Self {
            name: detail.name.clone(),
            owner: input.user_id,
            job: input.job_id,
            retry: input.retry_of(),
        })
    }
}

/// Has somebody else tell what the execution of this name was to tell. The mail's mark and the delivery's record keep what it has told
/// from being told twice.
pub(super) async fn tell(
    state: &State,
    job: &Job,
    retry: Option<RetryOf>,
    broken: &str,
) -> Result<(), TaskError> {
    let ended = match retry {
        None => Ended::of(job),
        Some(retry) if job.pending_retry(retry).is_some() => return Ok(()),
        Some(retry) => Ended::of_retry(job, retry),
    };
    // Of a retry that another has taken the place of, there is nothing to tell any more. One that broke at telling would break again.
    let Some(event) = ended
        .event_id
        .parse()
        .ok()
        .filter(|_| !workflow::only_tells(broken))
    else {
        return Ok(());
    };
    let notice = Notice {
        owner: job.owner,
        job: job.id,
        retry,
        webhook: ended.webhook,
        event,
    };
    state.workflow.start_notice_after(broken, &notice).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const JOB: &str = "job_01h2xcejqtf2nbrexx3vqjhp41";
    const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";

    fn job_of(name: &str, input: Option<&str>) -> Option<(UserId, JobId)> {
        let broken = Broken::read(&Detail {
            name: name.to_owned(),
            input: input.map(str::to_owned),
        })?;
        assert_eq!(broken.name, name);
        Some((broken.owner, broken.job))
    }

    #[test]
    fn the_job_is_read_from_the_executions_input_and_must_fit_its_name() {
        let input = json!({"user_id": USER, "job_id": JOB, "start_at": "fail"}).to_string();
        let expected = Some((USER.parse().expect("a user id"), JOB.parse().expect("a job id")));
        assert_eq!(job_of(JOB, Some(&input)), expected);
        assert_eq!(job_of(&format!("{JOB}-fail"), Some(&input)), expected);
        assert_eq!(job_of(&format!("{JOB}-canceled"), Some(&input)), expected);
        let retry = format!("{JOB}-img_01h2xcejqtf2nbrexx3vqjhp41-2");
        assert_eq!(job_of(&retry, Some(&input)), expected);
        assert_eq!(job_of("job_01h2xcejqtf2nbrexx3vqjhp42", Some(&input)), None);
        assert_eq!(job_of(JOB, None), None);
    }
}
