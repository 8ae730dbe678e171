//! The mail about a webhook receiver that accepts nothing: since when, until when it is tried, and what comes after.

use askama::Template;
use jiff::{Timestamp, tz::TimeZone};
use packshot_clients::mail::Mail;
use packshot_domain::user::User;
use url::Url;

use super::wording::{capitalized, one_line};

/// How much is quoted of what went wrong; it may name a redirect's whole target.
const MOST_PROBLEM_CHARACTERS: usize = 200;

/// A receiver that accepts nothing.
#[derive(Debug, Clone, Copy)]
pub(in crate::notify) struct Failing<'a> {
    /// Its host: the rest of its address often holds a secret.
    pub(in crate::notify) host: &'a str,
    /// Since when.
    pub(in crate::notify) since: Timestamp,
    /// Until when it is tried, roughly.
    pub(in crate::notify) until: Timestamp,
    /// What went wrong at the last attempt, in words.
    pub(in crate::notify) problem: Option<&'a str>,
    /// What it comes to if that goes on.
    pub(in crate::notify) loss: Loss,
}

/// What is given up in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::notify) enum Loss {
    /// One delivery to a job's own receiver.
    Delivery,
    /// The account's endpoint.
    Endpoint,
}

#[derive(Debug)]
struct Letter {
    subject: String,
    preheader: String,
    heading: String,
    lead: String,
    facts: Vec<Fact>,
    consequence: &'static str,
    docs_url: String,
}

#[derive(Debug)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "failing-receiver-mail.html")]
struct HtmlLetter<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "failing-receiver-mail.txt")]
struct TextLetter<'a> {
    letter: &'a Letter,
}

/// The mail about this receiver.
///
/// # Errors
///
/// Where a template cannot be rendered.
pub(in crate::notify) fn compose(
    failing: &Failing<'_>,
    user: &User,
    base_url: &Url,
) -> Result<Mail, askama::Error> {
    let letter = letter(failing, base_url);
    Ok(Mail {
        to: user.email.clone(),
        html: HtmlLetter { letter: &letter }.render()?,
        text: TextLetter { letter: &letter }.render()?,
        subject: letter.subject,
    })
}

fn letter(failing: &Failing<'_>, base_url: &Url) -> Letter {
    let host = one_line(failing.host, 100);
    let mut facts = vec![Fact {
        name: "Nothing accepted since",
        value: moment(failing.since),
    }];
    facts.extend(failing.problem.map(|problem| Fact {
        name: "Last attempt",
        value: capitalized(&one_line(problem, MOST_PROBLEM_CHARACTERS)),
    }));
    facts.push(Fact {
        name: "We go on trying until about",
        value: moment(failing.until),
    });
    let consequence = match failing.loss {
        Loss::Delivery => {
            "Then this event is given up. It stays in the list of deliveries for 90 days, and can be replayed from there."
        }
        Loss::Endpoint => {
            "Then the endpoint is turned off, unless something else has arrived by then. Events of later jobs are kept. Save \
             the endpoint again to turn it on, and replay what it has missed."
        }
    };
    Letter {
        subject: format!("Your webhook receiver at {host} does not accept events"),
        preheader: format!("Since {}. Your jobs go on as usual.", moment(failing.since)),
        heading: "Your webhook receiver does not accept events".to_owned(),
        lead: format!("We cannot deliver events to {host}. Your jobs and images are not affected."),
        facts,
        consequence,
        docs_url: format!("{}/docs", base_url.as_str().trim_end_matches('/')),
    }
}

/// A moment for people who may be anywhere.
fn moment(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%-d %B %Y, %H:%M UTC")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_jobs::{base_url, owner};

    fn failing(loss: Loss) -> Failing<'static> {
        Failing {
            host: "hooks.shop.example",
            since: "2026-11-23T10:04:30Z".parse().expect("a moment"),
            until: "2026-11-25T13:40:00Z".parse().expect("a moment"),
            problem: Some("the answer was HTTP 503"),
            loss,
        }
    }

    fn mail(failing: &Failing<'_>) -> Mail {
        compose(failing, &owner(), &base_url()).expect("rendered")
    }

    #[test]
    fn an_endpoint_that_is_about_to_be_turned_off() {
        let mail = mail(&failing(Loss::Endpoint));
        assert_eq!(mail.to, "owner@example.com");
        assert_eq!(
            mail.subject,
            "Your webhook receiver at hooks.shop.example does not accept events"
        );
        insta::assert_snapshot!("failing-endpoint.txt", mail.text);
        insta::assert_snapshot!("failing-endpoint.html", mail.html);
    }

    #[test]
    fn a_delivery_that_is_about_to_be_given_up() {
        let mail = mail(&failing(Loss::Delivery));
        assert!(mail.text.contains("Then this event is given up."));
        assert!(!mail.text.contains("turned off") && !mail.html.contains("turned off"));
    }

    #[test]
    fn what_a_receiver_says_stays_text() {
        let problem = "the answer was a redirect to https://x.example/<script>\r\nBcc: a@b.example";
        let mail = mail(&Failing {
            problem: Some(problem),
            ..failing(Loss::Endpoint)
        });
        assert!(!mail.html.contains("<script>"));
        assert!(!mail.text.contains("\nBcc:"));
    }
}
