//! The mail that a receiver's owner gets before a delivery, and with it the account's endpoint, is given up.
//!
//! There is at most one a day for each user. It is sent from the seventh attempt on, not at it alone, so that a mail that
//! could not be sent is made up for at the next.

use jiff::Timestamp;
use packshot_clients::{
    deliveries::{DeliveryStatus, MailAbout},
    error::{BoxError, Chain},
    mail::{SendError, masked},
};
use packshot_domain::webhook::{self, WARN_FROM_ATTEMPT};
use tracing::{error, info, warn};

use super::{
    Made, State,
    parcel::{Parcel, To},
};
use crate::notify::mail::failing_receiver::{self, Failing, Loss};

/// Warns the owner of a receiver that has not accepted anything since this moment, where it is time to. That a mail cannot
/// be sent must not change the delivery's fate.
pub(super) async fn warn(state: &State, parcel: &Parcel, made: &Made<'_>, since: Timestamp) {
    if made.next.status != DeliveryStatus::Pending || made.number < WARN_FROM_ATTEMPT {
        return;
    }
    if let Err(error) = send(state, parcel, made, since).await {
        error!(error = %Chain(&*error), "Could not warn the owner of a failing receiver");
    }
}

async fn send(state: &State, parcel: &Parcel, made: &Made<'_>, since: Timestamp) -> Result<(), BoxError> {
    let (user, about) = (&parcel.user, MailAbout::FailingReceiver);
    let base_url = state.site.base_url().await?;
    let left = webhook::time_left_after(made.number);
    let failing = Failing {
        host: parcel.to.url().host_str().unwrap_or_default(),
        since,
        until: made.attempt.at.checked_add(left).unwrap_or(made.attempt.at),
        problem: made.attempt.problem.as_deref(),
        loss: match parcel.to {
            To::Callback(_) => Loss::Delivery,
            To::Endpoint(_) => Loss::Endpoint,
        },
    };
    // The mail is made before the claim, so that a mail that cannot be made does not use the claim up.
    let mail = failing_receiver::compose(&failing, user, &base_url)?;
    if !state.deliveries.claim_mail(user.id, about).await? {
        return Ok(());
    }
    match state.mailer.send(&mail).await {
        Ok(message_id) => {
            info!(
                mail.id = message_id,
                "Warned {} of a failing receiver",
                masked(&user.email)
            );
            state.deliveries.mail_sent(user.id, about, &message_id).await?;
        }
        Err(error @ SendError::NotSent(_)) => {
            state.deliveries.release_mail(user.id, about).await?;
            return Err(error.into());
        }
        Err(error) => {
            warn!(error = %Chain(&error), "The warning to {} may not arrive", masked(&user.email));
        }
    }
    Ok(())
}
