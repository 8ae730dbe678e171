//! Our client at Google: the file that the Cloud console hands out, kept as a parameter.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{error::AwsError, parameters::Parameters};

/// The id of our client and its secret.
#[derive(Debug, Clone)]
pub(super) struct OauthClient {
    pub(super) id: String,
    pub(super) secret: SecretString,
}

/// The two values, by themselves or in the form of the file that Google hands out for clients of type "web".
#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    OfConsole { web: Values },
    Plain(Values),
}

#[derive(Deserialize)]
struct Values {
    client_id: String,
    client_secret: SecretString,
}

/// Where our client's id and secret are kept.
#[derive(Debug)]
pub(super) struct ClientSecrets {
    parameters: Parameters,
    parameter: String,
}

impl ClientSecrets {
    pub(super) fn new(config: &aws_config::SdkConfig, parameter: String) -> Self {
        Self {
            parameters: Parameters::new(config),
            parameter,
        }
    }

    /// The client, as it was a few minutes ago or is now.
    pub(super) async fn get(&self) -> Result<OauthClient, AwsError> {
        let text = self.parameters.get(&self.parameter).await?;
        // The document's own words may be the secret.
        parse(text.expose_secret()).ok_or_else(|| {
            AwsError::new(
                format!("reading the parameter {}", self.parameter),
                "it is no JSON with client_id and client_secret",
            )
        })
    }

    /// The client as it is now: Google has just refused the one that was kept.
    pub(super) async fn get_anew(&self) -> Result<OauthClient, AwsError> {
        self.parameters.forget(&self.parameter).await;
        self.get().await
    }
}

fn parse(text: &str) -> Option<OauthClient> {
    let (Document::OfConsole { web: values } | Document::Plain(values)) = serde_json::from_str(text).ok()?;
    let is_whole = !values.client_id.is_empty() && !values.client_secret.expose_secret().is_empty();
    is_whole.then_some(OauthClient {
        id: values.client_id,
        secret: values.client_secret,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_taken() {
        for text in [
            r#"{"client_id": "id", "client_secret": "secret"}"#,
            r#"{"web": {"client_id": "id", "project_id": "p", "client_secret": "secret", "redirect_uris": []}}"#,
        ] {
            let client = parse(text).expect("a client");
            assert_eq!(
                (client.id.as_str(), client.secret.expose_secret()),
                ("id", "secret")
            );
        }
        for text in [
            "",
            "{}",
            r#"{"client_id": "id"}"#,
            r#"{"client_id": "", "client_secret": "s"}"#,
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
