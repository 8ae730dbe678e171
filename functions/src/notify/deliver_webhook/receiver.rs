//! How a receiver fares: what an attempt says about the account's endpoint, and since when a receiver has been failing.

use jiff::Timestamp;
use packshot_clients::{
    accounts::EndpointChange,
    deliveries::DeliveryStatus,
    error::Chain,
    hostile_http::{CallError, Reply},
};
use packshot_domain::webhook::{Endpoint, Outcome};
use tracing::{error, warn};

use super::{
    Made, State,
    parcel::{Parcel, To},
};

/// Writes down what an attempt says about the account's endpoint, and tells since when nothing has arrived at the receiver;
/// `None` where something has since this delivery's first attempt.
pub(super) async fn note(
    state: &State,
    parcel: &Parcel,
    outcome: &Result<Reply, CallError>,
    made: &Made<'_>,
) -> Option<Timestamp> {
    match &parcel.to {
        // Of a job's own receiver only its own delivery is known.
        To::Callback(_) => made
            .began_at
            .filter(|_| made.next.status == DeliveryStatus::Pending),
        To::Endpoint(called) => {
            let endpoint = changed(state, parcel, called, meaning(outcome, made), made.attempt.at).await;
            let endpoint = endpoint.filter(|endpoint| {
                made.began_at
                    .is_some_and(|began_at| endpoint.has_failed_since(began_at))
            });
            endpoint.and_then(|endpoint| endpoint.failing_since)
        }
    }
}

fn meaning(outcome: &Result<Reply, CallError>, made: &Made<'_>) -> Outcome {
    match (made.next.status, outcome, made.began_at) {
        (DeliveryStatus::Delivered, ..) => Outcome::Arrived,
        (DeliveryStatus::Gone, ..) => Outcome::Gone,
        // Given up at the first attempt: that is not two days of failing. A name that once resolves to a private address
        // may be a mistake of an hour.
        (_, Err(CallError::Refused(_)), _) => Outcome::Failed,
        (DeliveryStatus::Exhausted, _, Some(first_attempt_at)) => Outcome::Exhausted { first_attempt_at },
        _ => Outcome::Failed,
    }
}

/// The endpoint after this outcome. That it cannot be written must not change the delivery's fate.
async fn changed(
    state: &State,
    parcel: &Parcel,
    called: &Endpoint,
    outcome: Outcome,
    at: Timestamp,
) -> Option<Endpoint> {
    if called.after(outcome, at).is_none() {
        return Some(called.clone());
    }
    // The owner may have saved another address meanwhile, about which this says nothing.
    let decide = |endpoint: Option<&Endpoint>| {
        let same = endpoint.filter(|endpoint| endpoint.url == called.url);
        same.and_then(|endpoint| endpoint.after(outcome, at))
            .map_or(EndpointChange::Keep, |endpoint| {
                EndpointChange::Set(Box::new(endpoint))
            })
    };
    match state.accounts.change_endpoint(parcel.user.id, decide).await {
        Ok(endpoint) => {
            if let Some(disabled) = endpoint.as_ref().and_then(|endpoint| endpoint.disabled) {
                warn!(
                    receiver = called.url.host_str(),
                    reason = disabled.reason.as_str(),
                    "Disabled an account's endpoint"
                );
            }
            endpoint.filter(|endpoint| endpoint.url == called.url)
        }
        Err(error) => {
            error!(error = %Chain(&error), "Could not note how an endpoint fares");
            None
        }
    }
}
