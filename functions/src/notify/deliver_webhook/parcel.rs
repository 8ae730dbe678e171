//! A webhook that is ready to go.

use packshot_domain::{
    id::{self, EventId},
    job::Job,
    user::User,
    webhook::{self, Endpoint, Receiver},
};
use url::Url;

use super::{MessageError, State, Task};
use crate::{
    signed_post::SignedPost,
    webhook_body::{self, Event},
};

/// An event with its receiver, and whose it is.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) event: Event,
    pub(super) event_id: EventId,
    pub(super) to: To,
    pub(super) user: User,
}

/// Where a parcel goes.
#[derive(Debug)]
pub(super) enum To {
    /// To the address that the job's request named.
    Callback(Url),
    /// To the account's endpoint, as it was a moment ago.
    Endpoint(Box<Endpoint>),
}

impl To {
    pub(super) const fn url(&self) -> &Url {
        match self {
            Self::Callback(url) => url,
            Self::Endpoint(endpoint) => &endpoint.url,
        }
    }

    pub(super) const fn is_disabled(&self) -> bool {
        match self {
            Self::Callback(_) => false,
            Self::Endpoint(endpoint) => endpoint.disabled.is_some(),
        }
    }
}

impl Parcel {
    /// The call that delivers it.
    pub(super) fn post(&self) -> SignedPost<'_> {
        SignedPost {
            event_id: self.event_id,
            url: self.to.url(),
            body: &self.event.body,
            secrets: &self.user.webhook_secrets,
        }
    }
}

/// Gathers what is to be sent; `None` where nobody is to be told: the job or its owner was deleted meanwhile, or neither
/// names a receiver that wants such events.
pub(super) async fn pack(state: &State, task: Task) -> Result<Option<Parcel>, MessageError> {
    let (job, user, base_url) = tokio::try_join!(
        state.jobs.get(task.user_id, task.job_id),
        state.accounts.get(task.user_id),
        state.site.base_url()
    )?;
    let (Some(job), Some(user)) = (job, user) else {
        return Ok(None);
    };
    let Some(event) = event(&job, task.event_id, &base_url)? else {
        return Ok(None);
    };
    let to = match webhook::receiver(&job, &user, event.event_type) {
        Some(Receiver::Callback(url)) => To::Callback(url.clone()),
        Some(Receiver::Endpoint(endpoint)) => To::Endpoint(Box::new(endpoint.clone())),
        None => return Ok(None),
    };
    Ok(Some(Parcel {
        event,
        event_id: task.event_id,
        to,
        user,
    }))
}

/// The event of this id: the end of the job, or of one of its retries. A retry that another has taken the place of has
/// nothing to tell any more.
fn event(job: &Job, event: EventId, base_url: &Url) -> Result<Option<Event>, MessageError> {
    if event != id::end_of_job_event(job.id) {
        return webhook_body::end_of_retry(job, event, base_url).map_err(MessageError::Body);
    }
    let told = webhook_body::end_of_job(job, base_url).map_err(MessageError::Body)?;
    told.map(Some).ok_or(MessageError::NotFinished(job.id))
}
