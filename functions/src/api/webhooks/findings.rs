//! What a call to an address has shown, in plain words.

use std::time::Duration;

use jiff::Timestamp;
use packshot_clients::hostile_http::{CallError, Reply};
use packshot_domain::{
    address::Refused,
    webhook::{self, Check, Finding, FindingCode, Verdict},
};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::{
    named_schemas::finding_code,
    signed_post::{ANSWER_TIME_LIMIT, Tried, redirect_target},
};

/// An answer that takes longer is told: a little more on a bad day, and deliveries fail.
const SLOW: Duration = Duration::from_secs(5);

/// One thing that is not as it should be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookFinding)]
pub(super) struct FindingView {
    /// Stable name.
    #[schema(schema_with = finding_code)]
    code: &'static str,
    /// What it is and what to do.
    message: String,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            message: finding.message.clone(),
        }
    }
}

/// What a call at `at` has shown.
///
/// # Errors
///
/// Where the address is not one that we call. Nothing is told of it then, because nothing was asked.
pub(super) fn check(tried: &Tried, url: &Url, at: Timestamp) -> Result<Check, Refused> {
    let (status, finding) = match &tried.outcome {
        Ok(reply) => (Some(reply.status), of_reply(reply, url)),
        Err(CallError::Refused(refused)) => return Err(*refused),
        Err(error) => (None, Some(of_error(error))),
    };
    let slow = (status.is_some() && tried.took > SLOW).then(|| slow(tried.took));
    Ok(Check {
        at,
        milliseconds: status.map(|_| tried.milliseconds()),
        status,
        findings: finding.into_iter().chain(slow).collect(),
    })
}

fn finding(code: FindingCode, message: impl Into<String>) -> Finding {
    Finding {
        code,
        message: message.into(),
    }
}

fn of_reply(reply: &Reply, url: &Url) -> Option<Finding> {
    let status = reply.status;
    match webhook::verdict(status) {
        Verdict::Delivered => None,
        Verdict::Gone => Some(finding(
            FindingCode::Gone,
            "The address answers HTTP 410, by which a receiver says that it wants no more events.",
        )),
        Verdict::TryAgain if (300..=399).contains(&status) => Some(finding(
            FindingCode::Redirect,
            match redirect_target(reply, url) {
                Some(target) => format!(
                    "The address answers with a redirect to {target}, and deliveries follow none. Save that address instead."
                ),
                None => "The address answers with a redirect that does not say where to, and deliveries follow none.".to_owned(),
            },
        )),
        Verdict::TryAgain => Some(finding(
            FindingCode::NotAccepted,
            format!(
                "The address answers HTTP {status}. An event has arrived when the answer's status is from 200 to 299."
            ),
        )),
    }
}

fn of_error(error: &CallError) -> Finding {
    match error {
        CallError::UnknownHost => finding(
            FindingCode::UnknownHost,
            "The host name has no address. Check it for a typo; a new name takes a while to be known everywhere.",
        ),
        CallError::NoConnection(_) => finding(
            FindingCode::NoConnection,
            "Nobody answers at this host and port. Check the port, and that no firewall is in between.",
        ),
        CallError::Tls(trouble) => finding(
            FindingCode::Tls,
            format!("No secure connection could be made: {trouble}."),
        ),
        CallError::TimedOut => finding(
            FindingCode::TimedOut,
            format!(
                "There was no answer within {} seconds, and a delivery waits no longer. Answer first and work on the event \
                 afterwards.",
                ANSWER_TIME_LIMIT.as_secs()
            ),
        ),
        CallError::Refused(_)
        | CallError::Broken
        | CallError::TooLarge(_)
        | CallError::Redirects
        | CallError::Status(_) => finding(
            FindingCode::BrokenAnswer,
            "The connection ended before there was an answer. Check that the address speaks HTTP.",
        ),
    }
}

fn slow(took: Duration) -> Finding {
    finding(
        FindingCode::Slow,
        format!(
            "The answer took {} seconds, and a delivery waits no longer than {}. Answer first and work on the event \
             afterwards.",
            took.as_secs(),
            ANSWER_TIME_LIMIT.as_secs()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16) -> Reply {
        Reply {
            status,
            took: Duration::from_millis(20),
            body_head: "inside".to_owned(),
            location: None,
            retry_after: None,
        }
    }

    fn checked(outcome: Result<Reply, CallError>, took: Duration) -> Result<Check, Refused> {
        let url = "https://shop.example/hook".parse().expect("a URL");
        check(&Tried { outcome, took }, &url, Timestamp::UNIX_EPOCH)
    }

    fn codes(outcome: Result<Reply, CallError>, seconds: u64) -> Vec<&'static str> {
        let check = checked(outcome, Duration::from_secs(seconds)).expect("called");
        check
            .findings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect()
    }

    #[test]
    fn each_outcome_has_its_finding() {
        assert_eq!(codes(Ok(reply(204)), 0), [""; 0]);
        assert_eq!(codes(Ok(reply(200)), 6), ["slow"]);
        assert_eq!(codes(Ok(reply(302)), 0), ["redirect"]);
        assert_eq!(codes(Ok(reply(410)), 0), ["gone"]);
        assert_eq!(codes(Ok(reply(500)), 7), ["not_accepted", "slow"]);
        assert_eq!(codes(Err(CallError::UnknownHost), 0), ["unknown_host"]);
        assert_eq!(codes(Err(CallError::NoConnection("")), 0), ["no_connection"]);
        assert_eq!(codes(Err(CallError::Tls("")), 0), ["tls"]);
        assert_eq!(codes(Err(CallError::TimedOut), 15), ["timed_out"]);
        assert_eq!(codes(Err(CallError::Broken), 0), ["broken_answer"]);
    }

    #[test]
    fn a_redirect_is_told_with_the_address_to_save() {
        let moved = Reply {
            location: Some("/hook/".to_owned()),
            ..reply(308)
        };
        let check = checked(Ok(moved), Duration::ZERO).expect("called");
        assert_eq!(
            check.findings[0].message,
            "The address answers with a redirect to https://shop.example/hook/, and deliveries follow none. Save that \
             address instead."
        );
        assert!(!check.is_ok());
    }

    #[test]
    fn nothing_is_found_out_about_a_refused_address() {
        let refused = checked(Err(CallError::Refused(Refused::NotPublic)), Duration::ZERO);
        assert_eq!(refused, Err(Refused::NotPublic));
    }
}
