//! What the AWS CLI prints, as far as a deployment reads it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Error;

/// Reads what the CLI has printed.
pub(super) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|source| Error::Stack(format!("the AWS CLI said something unexpected: {source}")))
}

/// The answer to `describe-stacks`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stacks {
    /// The stacks of the name that was asked for.
    pub(super) stacks: Vec<Stack>,
}

/// A stack.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stack {
    /// How far it is.
    #[serde(rename = "StackStatus")]
    pub(super) status: String,
    #[serde(default)]
    outputs: Vec<Output>,
}

impl Stack {
    /// Its outputs by their names.
    pub(super) fn outputs(self) -> BTreeMap<String, String> {
        self.outputs
            .into_iter()
            .map(|output| (output.output_key, output.output_value))
            .collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

/// The answer to `describe-change-set`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeSet {
    /// How far it is.
    pub(super) status: String,
    /// Why it is no further.
    #[serde(rename = "StatusReason")]
    pub(super) reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_from_the_clis_answer() {
        let text = r#"{"Stacks":[{"StackName":"packshot-dev","StackStatus":"CREATE_COMPLETE",
            "Outputs":[{"OutputKey":"TableName","OutputValue":"jobs","Description":"the table"}]}]}"#;
        let mut stacks: Stacks = parse(text).expect("it is what the CLI prints");
        let outputs = stacks.stacks.pop().expect("one stack").outputs();
        assert_eq!(
            outputs,
            BTreeMap::from([("TableName".to_owned(), "jobs".to_owned())])
        );
    }
}
