//! How a job is let in, wherever its photos come from: priced, written once for each named request, started.

use std::{sync::Arc, time::Duration};

use aws_config::SdkConfig;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use packshot_clients::{
    accounts::Accounts,
    clock,
    config::{self, Missing, env},
    error::Chain,
    idempotency::{Earlier, Idempotency, NamedRequest, StoredAnswer},
    jobs::{AcceptError, JobStore, Terms},
    workflow::Workflow,
};
use packshot_domain::{
    address::Reach,
    id::{ImageId, JobId},
    job::{DriveWork, Job, NewJob, PhotoSource, Status},
    limits::Allowance,
    money::MicroUsd,
    prices,
    request::{FieldError, Order, Rules},
};
use rand::RngExt;
use serde::Serialize;
use tracing::{error, info};
use utoipa::ToSchema;

use crate::{
    api::{
        self,
        body::Body,
        caller::{Caller, Doors},
        problem::ApiError,
        repetition,
        standing::Standing,
    },
    job_view::JobView,
    named_schemas::image_size,
};

/// What every function that starts jobs uses.
#[derive(Debug)]
pub(super) struct Intake {
    pub(super) doors: Arc<Doors>,
    accounts: Accounts,
    idempotency: Idempotency,
    jobs: JobStore,
    workflow: Workflow,
    reach: Reach,
    image_model: String,
    deadline: Duration,
}

/// Whether a request was sent before.
#[derive(Debug)]
pub(super) enum Sent {
    /// It was, and this is its answer.
    Before(Response),
    /// It was not; its name, if it has one.
    New(Option<NamedRequest>),
}

/// The photos of a job to be, in their places.
#[derive(Debug)]
pub(super) struct Photos {
    pub(super) sources: Vec<PhotoSource>,
    pub(super) drive: DriveWork,
}

impl Intake {
    /// The intake that the environment describes.
    pub(super) fn from_env(config: &SdkConfig) -> Result<Self, Missing> {
        let table = api::table(config)?;
        Ok(Self {
            doors: Doors::from_env(config)?,
            accounts: Accounts::new(table.clone()),
            idempotency: Idempotency::new(table.clone()),
            jobs: JobStore::new(table),
            workflow: Workflow::from_env(config)?,
            reach: config::reach()?,
            image_model: config::require(env::IMAGE_MODEL)?,
            deadline: Duration::from_secs(config::require_parsed(env::JOB_DEADLINE_SECONDS)?),
        })
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            reach: self.reach,
            image_model: &self.image_model,
            now: clock::now(),
        }
    }

    /// Whether a request was sent before; one that starts nothing is always new.
    pub(super) async fn sent_before(
        &self,
        caller: Caller,
        (headers, body, request): (&HeaderMap, &Body, &str),
        is_dry_run: bool,
    ) -> Result<Sent, ApiError> {
        let named = repetition::named(headers, caller.user, || body.fingerprint(request))?;
        let earlier = match named.as_ref().filter(|_| !is_dry_run) {
            Some(named) => self.idempotency.earlier(named).await?,
            None => None,
        };
        Ok(match earlier {
            Some(earlier) => Sent::Before(self.again(caller, earlier).await?),
            None => Sent::New(named),
        })
    }

    /// What a job is expected to cost, unless that is more than its caller wants to pay.
    pub(super) fn affordable(&self, order: &Order, photos: usize) -> Result<MicroUsd, ApiError> {
        let brief = &order.brief;
        let cost = prices::estimate(&self.image_model, brief.image_size, brief.count, photos);
        match order.max_cost {
            Some(most) if cost > most => Err(ApiError::invalid_fields(vec![FieldError::new(
                "max_cost_usd",
                "estimate_too_high",
                format!("is less than the {cost} USD that this job is expected to cost"),
            )])),
            _ => Ok(cost),
        }
    }

    /// The limits that hold for a caller.
    pub(super) async fn allowance(&self, caller: Caller) -> Result<Allowance, ApiError> {
        let user = self.accounts.get(caller.user).await?;
        user.map(|user| user.allowance())
            .ok_or_else(|| caller.account_is_gone())
    }

    /// Lets a job in and starts its workflow.
    pub(super) async fn accept(
        &self,
        caller: Caller,
        allowance: Allowance,
        photos: Photos,
        order: Order,
        estimated_cost: MicroUsd,
        named: Option<NamedRequest>,
    ) -> Result<Response, ApiError> {
        let base_url = self.doors.base_url().await?;
        let job = self.new_job(caller, photos, order, estimated_cost);
        let answer = StoredAnswer {
            status: StatusCode::ACCEPTED.as_u16(),
            location: Some(format!("/api/v1/jobs/{}", job.id)),
            body: serde_json::to_string(&JobView::of(&job, &base_url)).map_err(ApiError::bug)?,
        };
        let terms = Terms {
            allowance,
            named: named.as_ref().map(|named| (named, answer.clone())),
        };
        let (mut response, consumption) = match self.jobs.accept(&job, &terms).await {
            Ok(consumption) => {
                self.start(&job, caller).await;
                info!(job.id = %job.id, photos = job.photos.len(), images = job.images.len(), "Accepted {}", job.id);
                (repetition::render(&answer), consumption)
            }
            Err(AcceptError::Repeated(earlier)) => return self.again(caller, earlier).await,
            Err(AcceptError::Exceeded(exceeded, consumption)) => {
                (ApiError::limit_exceeded(exceeded).into_response(), consumption)
            }
            Err(AcceptError::UploadUsed(index)) => {
                return Err(ApiError::invalid_fields(vec![used_upload(index)]));
            }
            Err(AcceptError::OwnerGone) => return Err(caller.account_is_gone()),
            Err(error @ AcceptError::Contended) => return Err(ApiError::unavailable(error.into())),
            Err(AcceptError::Aws(error)) => return Err(error.into()),
        };
        response.extensions_mut().insert(Standing {
            allowance,
            consumption,
        });
        Ok(response)
    }

    /// The answer that was given before. Its job gets its execution if the start was lost the first time.
    async fn again(&self, caller: Caller, earlier: Earlier) -> Result<Response, ApiError> {
        if let Earlier::Answered(answer) = &earlier {
            let job = answer
                .location
                .as_deref()
                .and_then(|location| location.rsplit('/').next()?.parse().ok());
            let job = match job {
                Some(id) => self.jobs.get(caller.user, id).await?,
                None => None,
            };
            if let Some(job) = job.filter(|job| job.status == Status::Queued) {
                self.start(&job, caller).await;
            }
        }
        repetition::again(earlier)
    }

    /// The job is accepted once its row is written. Should the start fail, reconcile-jobs does it.
    async fn start(&self, job: &Job, caller: Caller) {
        if let Err(error) = self.workflow.start(job.owner, job.id, caller.request).await {
            error!(job.id = %job.id, error = %Chain(&error), "Could not start {}; reconcile-jobs will", job.id);
        }
    }

    fn new_job(&self, caller: Caller, photos: Photos, order: Order, estimated_cost: MicroUsd) -> Job {
        let created_at = clock::now();
        Job::from(NewJob {
            id: JobId::from_uuid(clock::new_uuid()),
            owner: caller.user,
            key: caller.key(),
            created_at,
            deadline_at: order
                .deadline_at
                .unwrap_or_else(|| created_at.saturating_add(self.deadline).unwrap_or(created_at)),
            on_late: order.on_late,
            photos: photos.sources,
            drive: photos.drive,
            callback_url: order.callback_url,
            callback_events: order.callback_events,
            metadata: order.metadata,
            images_token: hex::encode(rand::rng().random::<[u8; 16]>()),
            estimated_cost,
            max_cost: order.max_cost,
            image_ids: (0..order.brief.count)
                .map(|_| ImageId::from_uuid(clock::new_uuid()))
                .collect(),
            brief: order.brief,
        })
    }
}

fn used_upload(index: usize) -> FieldError {
    FieldError::new(
        format!("images[{index}]"),
        "upload_already_used",
        "is part of another job; each job needs uploads of its own, because they are deleted with it",
    )
}

/// Whether nothing is to be started.
pub(super) fn is_dry_run(query: &[(String, String)]) -> Result<bool, ApiError> {
    let mut is_dry_run = false;
    let refuse = |field: &str, code, message| {
        Err(ApiError::invalid_fields(vec![FieldError::new(
            field, code, message,
        )]))
    };
    for (name, value) in query {
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => is_dry_run = true,
            ("dry_run", "false") => {}
            ("dry_run", _) => return refuse(name, "unknown_value", "must be true or false"),
            _ => return refuse(name, "unknown_field", "is not a parameter of this request"),
        }
    }
    Ok(is_dry_run)
}

/// What a job would cost.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Estimate {
    /// Always `estimate`.
    #[schema(value_type = String, example = "estimate")]
    object: &'static str,
    /// How many images.
    count: u8,
    /// Their size.
    #[schema(schema_with = image_size)]
    image_size: &'static str,
    /// What Gemini is expected to charge, in US dollars.
    #[schema(example = "0.203250")]
    estimated_usd: String,
    /// What is set aside for it: more than the estimate where a fallback may make the images again, one by one.
    #[schema(example = "0.203250")]
    at_most_usd: String,
}

impl Estimate {
    pub(super) fn of(order: &Order, cost: MicroUsd) -> Self {
        Self {
            object: "estimate",
            count: order.brief.count,
            image_size: order.brief.image_size.as_str(),
            estimated_usd: cost.to_string(),
            at_most_usd: order.on_late.reserve(cost, order.max_cost).to_string(),
        }
    }
}
