//! The e-mail of a job, as MiniStack's SES has kept it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::error::Error;

/// How long a mail may take after its job has ended.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// A mail that was sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Mail {
    message_id: String,
    #[serde(default)]
    to: Vec<String>,
    /// What it is about.
    #[serde(default)]
    pub(crate) subject: String,
    #[serde(default)]
    body_html: Option<String>,
}

impl Mail {
    /// The page that it shows.
    pub(crate) fn html(&self) -> &str {
        self.body_html.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
struct Outbox {
    /// By AWS account.
    messages: BTreeMap<String, Vec<Mail>>,
}

/// The mails to one person that are sent from now on.
#[derive(Debug)]
pub(crate) struct Mailbox {
    client: reqwest::Client,
    url: String,
    address: String,
    seen: BTreeSet<String>,
}

impl Mailbox {
    /// Takes note of what is there already.
    pub(crate) async fn open(aws_endpoint: &str, address: &str) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(Error::http("the local stack"))?;
        let url = format!("{aws_endpoint}/_ministack/ses/messages");
        let mut mailbox = Self {
            client,
            url,
            address: address.to_owned(),
            seen: BTreeSet::new(),
        };
        mailbox.seen = mailbox
            .sent()
            .await?
            .into_iter()
            .map(|mail| mail.message_id)
            .collect();
        Ok(mailbox)
    }

    /// The new mails of a job, told by a text that only this job's mail holds.
    pub(crate) async fn about(&self, marks: &[String]) -> Result<Vec<Mail>, Error> {
        let mails = self.sent().await?.into_iter();
        Ok(mails
            .filter(|mail| !self.seen.contains(&mail.message_id) && mail.has_any(marks))
            .collect())
    }

    /// Waits for a job's mail.
    pub(crate) async fn first_about(&self, marks: &[String]) -> Result<Mail, Error> {
        let asked = Instant::now();
        loop {
            if let Some(mail) = self.about(marks).await?.into_iter().next() {
                return Ok(mail);
            }
            if asked.elapsed() > PATIENCE {
                let text = format!("no e-mail to {} after {} s", self.address, PATIENCE.as_secs());
                return Err(Error::Demo(text));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn sent(&self) -> Result<Vec<Mail>, Error> {
        let what = "the list of sent mails";
        let answer = self
            .client
            .get(&self.url)
            .send()
            .await
            .map_err(Error::http(what))?;
        let outbox: Outbox = answer.json().await.map_err(Error::http(what))?;
        let mails = outbox.messages.into_values().flatten();
        Ok(mails
            .filter(|mail| mail.to.iter().any(|to| to.contains(&self.address)))
            .collect())
    }
}

impl Mail {
    fn has_any(&self, marks: &[String]) -> bool {
        marks.iter().any(|mark| self.html().contains(mark.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_sent_mails_is_understood() {
        let text = r#"{"messages":{"000000000000":[{"MessageId":"m1","Source":"a@b.c","To":["demo@x.y"],"CC":[],
            "BCC":[],"Subject":"Ten images","BodyText":"hello","BodyHtml":"<p>job_1</p>","Timestamp":1.0,"Type":"SendEmail"},
            {"MessageId":"m2","Source":"a@b.c","Subject":"s","BodyHtml":null,"Timestamp":1.0,"Type":"SendRawEmail"}]}}"#;
        let outbox: Outbox = serde_json::from_str(text).expect("it is what MiniStack answers");
        let mails = &outbox.messages["000000000000"];
        assert!(mails[0].has_any(&["job_1".to_owned()]));
        assert!(!mails[1].has_any(&["job_1".to_owned()]));
    }
}
