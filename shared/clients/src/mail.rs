//! Sending mail through SES (API version 2).

use aws_sdk_sesv2::{
    Client,
    error::SdkError,
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message},
};

use crate::{
    config::{self, Missing, env},
    error::BoxError,
    metrics,
};

/// A mail to one person.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Who gets it.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its HTML form.
    pub html: String,
    /// The same in plain text.
    pub text: String,
}

/// Why a mail was not sent, or may not have been.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// SES refused it for good: the address, the sender, the content.
    #[error("SES refused the mail")]
    Refused(#[source] BoxError),
    /// SES answered that it did not take it; it may take it later.
    #[error("SES did not take the mail")]
    NotSent(#[source] BoxError),
    /// No answer came: the mail may be on its way.
    #[error("it is not known whether SES took the mail")]
    Unknown(#[source] BoxError),
}

/// The mail service with the sender's address.
#[derive(Debug, Clone)]
pub struct Mailer {
    client: Client,
    sender: String,
}

impl Mailer {
    /// The sender that the environment names.
    pub fn from_env(config: &aws_config::SdkConfig) -> Result<Self, Missing> {
        // SES has no token that makes a second try harmless, so the SDK must not try twice by itself.
        let config = aws_sdk_sesv2::config::Builder::from(config)
            .retry_config(aws_sdk_sesv2::config::retry::RetryConfig::disabled())
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            sender: config::require(env::SENDER_ADDRESS)?,
        })
    }

    /// Sends a mail; the answer is the message's id at SES.
    pub async fn send(&self, mail: &Mail) -> Result<String, SendError> {
        let text = |text: &str| Content::builder().data(text).charset("UTF-8").build();
        let content = |data: &str| text(data).map_err(|error| SendError::Refused(error.into()));
        let body = Body::builder()
            .html(content(&mail.html)?)
            .text(content(&mail.text)?)
            .build();
        let message = Message::builder()
            .subject(content(&mail.subject)?)
            .body(body)
            .build();
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.sender)
            .destination(Destination::builder().to_addresses(&mail.to).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await;
        let sent = sent
            .map(|reply| reply.message_id.unwrap_or_default())
            .map_err(classify);
        metrics::mailed(match &sent {
            Ok(_) => "sent",
            Err(SendError::Refused(_)) => "refused",
            Err(SendError::NotSent(_)) => "not_sent",
            Err(SendError::Unknown(_)) => "unknown",
        });
        sent
    }
}

fn classify(error: SdkError<SendEmailError>) -> SendError {
    let never_left = matches!(&error, SdkError::ConstructionFailure(_))
        || matches!(&error, SdkError::DispatchFailure(failure) if failure.is_user());
    // A missing grant, a paused account or a used-up quota is the operator's to mend; the mail is as good as before.
    let is_ours_to_mend = error.as_service_error().is_some_and(|error| {
        error.is_sending_paused_exception()
            || error.is_account_suspended_exception()
            || error.is_limit_exceeded_exception()
    });
    let status = error.raw_response().map(|response| response.status().as_u16());
    match status {
        _ if never_left || is_ours_to_mend => SendError::NotSent(error.into()),
        Some(403 | 429 | 500..=599) => SendError::NotSent(error.into()),
        Some(400..=499) => SendError::Refused(error.into()),
        _ => SendError::Unknown(error.into()),
    }
}

/// An address with its middle hidden, for logs.
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => format!("{}…@{domain}", name.chars().next().unwrap_or('?')),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_addresses_do_not_tell_who() {
        assert_eq!(masked("someone@example.com"), "s…@example.com");
        assert_eq!(masked("not an address"), "…");
    }
}
