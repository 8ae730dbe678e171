//! What one execution costs: the states that it enters (each is billed) and the events of its history (25,000 at most).
//!
//! The states are those of `statemachine.asl.json`; events per state as Step Functions writes them
//! (<https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>).

/// A kind of state.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Entered, exited.
    Choice,
    /// Entered, exited.
    Wait,
    /// Entered, scheduled, started, succeeded or failed, exited.
    Task,
    /// Entered, started, succeeded, exited.
    Parallel,
}

impl State {
    const fn events(self) -> u32 {
        match self {
            Self::Choice | Self::Wait => 2,
            Self::Parallel => 4,
            Self::Task => 5,
        }
    }
}

/// `ExecutionStarted` and `ExecutionSucceeded`.
const EXECUTION: u32 = 2;

/// Route, `PlanStrategy`, `IsPlanned`, `SubmitBatch`, `IsSubmitted`.
const BEGINNING: [State; 5] = [
    State::Choice,
    State::Task,
    State::Choice,
    State::Task,
    State::Choice,
];

/// `WaitForCapacity`, `SubmitBatch`, `IsSubmitted`; or `WaitForBatch`, `PollBatch`, `IsBatchDone`.
const TURN: [State; 3] = [State::Wait, State::Task, State::Choice];

/// `CollectImages` or `FailJob`, `WantsSaving`, `Notify`, `SendEmail`, `MayHaveReceiver`, `QueueWebhook`.
const END: [State; 6] = [
    State::Task,
    State::Choice,
    State::Parallel,
    State::Task,
    State::Choice,
    State::Task,
];

/// What an execution took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct History {
    /// States entered.
    pub(crate) transitions: u32,
    /// Events of its history.
    pub(crate) events: u32,
}

impl History {
    /// Of an execution with this many turns, asks that were refused and looks at the batch together. Where the last one
    /// fails the job, its Choice is not entered.
    pub(crate) fn of(turns: u32, has_failed: bool) -> Self {
        let (turn_states, turn_events) = count(&TURN);
        let (first_states, first_events) = count(&BEGINNING);
        let (last_states, last_events) = count(&END);
        let left_out = u32::from(has_failed);
        Self {
            transitions: first_states + turns * turn_states + last_states - left_out,
            events: EXECUTION + first_events + turns * turn_events + last_events
                - left_out * State::Choice.events(),
        }
    }
}

fn count(states: &[State]) -> (u32, u32) {
    states.iter().fold((0, 0), |(entered, events), state| {
        (entered + 1, events + state.events())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_three_transitions_and_nine_events() {
        let (none, one) = (History::of(0, false), History::of(1, false));
        assert_eq!(one.transitions - none.transitions, 3);
        assert_eq!(one.events - none.events, 9);
    }

    #[test]
    fn a_job_of_ten_minutes_takes_35_transitions() {
        // What docs/decisions/0002 counts.
        assert_eq!(History::of(8, false).transitions, 35);
    }
}
