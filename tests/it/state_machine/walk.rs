//! A walk through the states without an engine, to count what a job costs.

use std::time::Duration;

use packshot_domain::poll;
use serde_json::{Value, json};

use super::machine;

/// The waits of the workflow do not go beyond this; see `Seconds` in the file.
const LONGEST_WAIT: f64 = 3600.0;

/// One execution, walked on the graph.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// States in the order in which they were entered; each is one billed transition.
    pub(crate) entered: Vec<String>,
    /// What the Wait states amount to.
    pub(crate) waited: Duration,
}

/// Walks the machine without an engine: `answer` stands for the tasks, and is told the state's name and the time
/// waited so far.
pub(crate) fn walk(input: Value, mut answer: impl FnMut(&str, Duration) -> Value) -> Walk {
    let mut walk = Walk::default();
    follow(&machine(), input, &mut answer, &mut walk);
    walk
}

fn follow(level: &Value, mut input: Value, answer: &mut dyn FnMut(&str, Duration) -> Value, walk: &mut Walk) {
    let mut next = level["StartAt"].as_str();
    while let Some(name) = next {
        let state = &level["States"][name];
        walk.entered.push(name.to_owned());
        next = state["Next"].as_str();
        match state["Type"].as_str().expect("every state has a type") {
            "Task" => input = answer(name, walk.waited),
            "Wait" => {
                let asked = input["wait_seconds"].as_f64().unwrap_or(LONGEST_WAIT);
                walk.waited += Duration::from_secs_f64(asked.clamp(1.0, LONGEST_WAIT).ceil());
            }
            "Choice" => {
                let chosen = state["Choices"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .find(|rule| holds(rule, &input));
                next = chosen.map_or(&state["Default"], |rule| &rule["Next"]).as_str();
            }
            "Parallel" => {
                for branch in state["Branches"].as_array().expect("a list") {
                    follow(branch, input.clone(), answer, walk);
                }
            }
            _ => {}
        }
    }
}

/// Whether a rule applies. The file's conditions all compare one field of the input with a literal, and stay
/// readable that way.
fn holds(rule: &Value, input: &Value) -> bool {
    let condition = rule["Condition"].as_str().expect("a condition");
    let comparison = condition
        .trim_start_matches("{% $states.input.")
        .trim_end_matches(" %}")
        .split_once(" = ");
    let (field, literal) =
        comparison.unwrap_or_else(|| panic!("{condition} is not of the form field = literal"));
    let literal = serde_json::from_str(&literal.replace('\'', "\"")).expect("a literal");
    input[field] == Value::clone(&literal)
}

/// The tasks' answers in a job whose batch takes `duration`, which has a callback, and which nothing disturbs.
fn undisturbed(duration: Duration) -> impl FnMut(&str, Duration) -> Value {
    move |state, waited| {
        let wait_seconds = poll::next_wait(waited).as_secs();
        match state {
            "PlanStrategy" => json!({ "state": "planned" }),
            "SubmitBatch" => json!({ "state": "submitted", "wait_seconds": wait_seconds }),
            "PollBatch" if waited < duration => json!({ "state": "running", "wait_seconds": wait_seconds }),
            "PollBatch" => json!({ "state": "done" }),
            _ => json!({ "status": "completed", "webhook": true, "event_id": "evt_1" }),
        }
    }
}

#[test]
fn a_ten_minute_job_costs_at_most_40_transitions() {
    let walk = walk(
        json!({ "user_id": "user_1", "job_id": "job_1" }),
        undisturbed(Duration::from_mins(10)),
    );
    assert!(walk.waited >= Duration::from_mins(10));
    assert!(
        walk.entered.iter().any(|name| name == "QueueWebhook"),
        "{:?}",
        walk.entered
    );
    assert!(
        walk.entered.len() <= 40,
        "{} transitions: {:?}",
        walk.entered.len(),
        walk.entered
    );
}

/// Photos in a Drive and a folder for the images cost transitions where they are asked for, and nowhere else.
#[test]
fn a_drive_costs_only_those_who_use_it() {
    let input = || json!({ "user_id": "user_1", "job_id": "job_1" });
    let duration = Duration::from_mins(10);
    let usual = walk(input(), undisturbed(duration));
    for state in ["CopyPhotos", "WaitForDrive", "SaveToDrive", "WaitForSaving"] {
        assert!(!usual.entered.iter().any(|name| name == state), "{state}");
    }
    let (mut answer, mut copies, mut savings) = (undisturbed(duration), 0, 0);
    let of_drive = walk(input(), |state, waited| match state {
        "PlanStrategy" if copies < 2 => json!({ "state": "copy" }),
        "CopyPhotos" => {
            copies += 1;
            let state = if copies == 1 { "waiting" } else { "copied" };
            json!({ "state": state, "wait_seconds": 15 })
        }
        "CollectImages" => {
            json!({ "status": "completed", "webhook": true, "event_id": "evt_1", "save_to_drive": true })
        }
        "SaveToDrive" => {
            savings += 1;
            let state = if savings == 1 { "waiting" } else { "saved" };
            json!({ "state": state, "wait_seconds": 15, "webhook": true, "event_id": "evt_1" })
        }
        _ => answer(state, waited),
    });
    assert_eq!((copies, savings), (2, 2), "{:?}", of_drive.entered);
    assert!(
        of_drive.entered.iter().any(|name| name == "QueueWebhook"),
        "the end is told"
    );
    // Planning is asked twice, and each task that was asked to come again is there twice with its wait.
    assert_eq!(of_drive.entered.len(), usual.entered.len() + 2 + 5 + 5);
}

/// A job without a receiver is queued for the account's endpoint, which may be there or not; one whose own receiver does not
/// want the event is not. Both cost the same.
#[test]
fn an_event_that_nobody_wants_costs_no_message() {
    let ended = |webhook: bool| {
        walk(
            json!({ "user_id": "user_1", "job_id": "job_1", "start_at": "notify", "webhook": webhook }),
            |_, _| json!({}),
        )
    };
    let (told, untold) = (ended(true), ended(false));
    assert!(told.entered.iter().any(|name| name == "QueueWebhook"), "{told:?}");
    assert!(
        untold.entered.iter().any(|name| name == "NoWebhook"),
        "{untold:?}"
    );
    assert_eq!(told.entered.len(), untold.entered.len());
}

#[test]
fn two_days_of_waiting_fit_into_the_history_and_the_time_limit() {
    let limit = machine()["TimeoutSeconds"]
        .as_u64()
        .map(Duration::from_secs)
        .expect("a number of seconds");
    let walk = walk(
        json!({ "user_id": "user_1", "job_id": "job_1" }),
        undisturbed(Duration::from_hours(48)),
    );
    assert!(walk.waited < limit, "{:?}", walk.waited);
    // Five events a task with its entry and exit, two a wait or choice: 25,000 are allowed
    // (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    assert!(walk.entered.len() * 5 < 10_000, "{} states", walk.entered.len());
}
