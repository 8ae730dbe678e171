//! The state machine, followed through `statemachine.asl.json`: every state that is entered is a transition, and is paid for
//! (<https://aws.amazon.com/step-functions/pricing/>).
//!
//! Of its language only as much is read as a job without mishaps needs; anything else is an error.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Workers;
use crate::error::Error;

/// What a wait takes here.
const WAIT: Duration = Duration::from_millis(100);
/// More states than any job enters.
const MOST_TRANSITIONS: u64 = 1_000;
/// What `Route` keeps of the input, for every task.
const KEPT: [&str; 4] = ["user_id", "job_id", "request_id", "retry"];

/// The state machine on its way.
#[derive(Debug)]
pub(super) struct StateMachine {
    definition: Value,
    /// How many states were entered.
    pub(super) transitions: u64,
}

impl StateMachine {
    /// That of the checkout.
    pub(super) fn read(root: &Path) -> Result<Self, Error> {
        let path = root.join("statemachine.asl.json");
        let text = std::fs::read(&path).map_err(Error::file("read", path))?;
        Ok(Self {
            definition: serde_json::from_slice(&text).map_err(|error| odd(&error.to_string()))?,
            transitions: 0,
        })
    }

    /// Runs to the end, and answers what the tasks before the last parallel state have said.
    pub(super) async fn run(&mut self, workers: &mut Workers<'_>, input: Value) -> Result<Value, Error> {
        let kept = KEPT
            .iter()
            .filter_map(|&name| Some((name.to_owned(), input.get(name)?.clone())));
        let job = Value::Object(kept.collect::<Map<_, _>>());
        let definition = self.definition.clone();
        self.follow(workers, &definition, input, &job).await
    }

    async fn follow(
        &mut self,
        workers: &mut Workers<'_>,
        machine: &Value,
        mut input: Value,
        job: &Value,
    ) -> Result<Value, Error> {
        let mut name = machine["StartAt"].clone();
        loop {
            self.transitions += 1;
            if self.transitions > MOST_TRANSITIONS {
                return Err(odd("it does not end"));
            }
            let state = &machine["States"][name.as_str().unwrap_or_default()];
            let mut next = state["Next"].clone();
            match state["Type"].as_str() {
                Some("Choice") => next = chosen(state, &input)?,
                Some("Wait") => tokio::time::sleep(WAIT).await,
                Some("Task") => {
                    if let Some(function) = function_of(state) {
                        input = workers.invoke(&function, job).await?;
                    }
                }
                Some("Parallel") => {
                    for branch in state["Branches"].as_array().into_iter().flatten() {
                        Box::pin(self.follow(workers, branch, input.clone(), job)).await?;
                    }
                }
                Some("Succeed") => return Ok(input),
                _ => {
                    return Err(odd(&format!(
                        "the state {name} is not one of a job without mishaps"
                    )));
                }
            }
            if state["End"] == true {
                return Ok(input);
            }
            name = next;
        }
    }
}

/// The function that a task invokes, by its archive's name; `None` for a task that calls AWS itself.
fn function_of(state: &Value) -> Option<String> {
    let argument = state["Arguments"]["FunctionName"].as_str()?;
    let name = argument.strip_prefix("${")?.strip_suffix("FunctionArn}")?;
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    Some(kebab)
}

/// The state that a choice leads to.
fn chosen(state: &Value, input: &Value) -> Result<Value, Error> {
    for choice in state["Choices"].as_array().into_iter().flatten() {
        let condition = choice["Condition"].as_str().unwrap_or_default();
        if holds(condition, input)
            .ok_or_else(|| odd(&format!("the condition {condition} is not understood")))?
        {
            return Ok(choice["Next"].clone());
        }
    }
    Ok(state["Default"].clone())
}

/// Whether `{% $states.input.name = 'value' %}` holds; `None` for a condition of another form.
fn holds(condition: &str, input: &Value) -> Option<bool> {
    let inner = condition.strip_prefix("{%")?.strip_suffix("%}")?;
    let (name, value) = inner.trim().strip_prefix("$states.input.")?.split_once(" = ")?;
    let found = &input[name];
    Some(match value {
        "true" => *found == true,
        text => found.as_str() == Some(text.strip_prefix('\'')?.strip_suffix('\'')?),
    })
}

fn odd(why: &str) -> Error {
    Error::answer("statemachine.asl.json", why)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn choices_are_made_by_what_the_task_said() {
        let state = json!({
            "Choices": [{"Condition": "{% $states.input.state = 'done' %}", "Next": "CollectImages"}],
            "Default": "FailJob",
        });
        assert_eq!(
            chosen(&state, &json!({"state": "done"})).expect("understood"),
            "CollectImages"
        );
        assert_eq!(
            chosen(&state, &json!({"state": "odd"})).expect("understood"),
            "FailJob"
        );
        assert_eq!(
            holds("{% $states.input.webhook = true %}", &json!({"webhook": true})),
            Some(true)
        );
        assert_eq!(holds("{% $count(x) > 1 %}", &json!({})), None);
    }

    #[test]
    fn a_tasks_function_is_named_as_its_archive() {
        let task = json!({"Arguments": {"FunctionName": "${CollectImagesFunctionArn}"}});
        assert_eq!(function_of(&task).as_deref(), Some("collect-images"));
        assert_eq!(function_of(&json!({"Arguments": {"QueueUrl": "x"}})), None);
    }
}
