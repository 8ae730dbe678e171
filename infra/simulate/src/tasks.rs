//! The functions that a job invokes, how long each takes, and how much memory it has.

use rand::{Rng, RngExt};

use crate::agenda::Moment;

/// A function at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// create-job
    CreateJob,
    /// plan-strategy: mostly the wait for the model that writes the shot list.
    PlanStrategy,
    /// submit-batch that uploads the photos and the requests first.
    Submit,
    /// submit-batch whose files are at Gemini already.
    AskAgain,
    /// poll-batch
    PollBatch,
    /// collect-images: ten pictures are downloaded, checked, made small and stored.
    CollectImages,
    /// fail-job
    FailJob,
    /// send-email
    SendEmail,
    /// deliver-webhook
    DeliverWebhook,
}

impl Task {
    /// Its usual time in milliseconds. Assumed, so that a job takes the README's 15 GB-seconds, for nothing was measured on AWS
    /// yet: CloudWatch's `Duration` has the truth.
    const fn usual_time(self) -> f64 {
        match self {
            Self::CreateJob | Self::PollBatch => 300.0,
            Self::PlanStrategy | Self::CollectImages => 8_000.0,
            Self::Submit => 3_000.0,
            Self::AskAgain | Self::FailJob | Self::SendEmail => 500.0,
            Self::DeliverWebhook => 1_000.0,
        }
    }

    /// Its memory in GB (`MemorySize` in template.yaml).
    pub(crate) const fn gigabytes(self) -> f64 {
        match self {
            Self::PlanStrategy => 1.0,
            Self::CreateJob | Self::Submit | Self::AskAgain | Self::CollectImages => 0.5,
            Self::PollBatch | Self::FailJob | Self::SendEmail | Self::DeliverWebhook => 0.25,
        }
    }

    /// The time of one invocation: the usual one, half of it more or less.
    pub(crate) fn draw_time(self, factor: f64, chance: &mut impl Rng) -> Moment {
        whole(self.usual_time() * factor * chance.random_range(0.5..1.5))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 1 millisecond to an hour"
)]
const fn whole(milliseconds: f64) -> Moment {
    milliseconds as Moment
}
