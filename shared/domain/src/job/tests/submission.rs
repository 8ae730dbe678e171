//! The batch on its way to Gemini: claimed by one invocation at a time, or waiting for room.

use super::*;

#[test]
fn only_one_invocation_at_a_time_creates_the_batch() {
    let job = after(vec![
        planned(),
        files(2),
        JobEvent::Round(RoundEvent::SubmissionClaimed),
    ]);
    let claim = |second| job.apply(JobEvent::Round(RoundEvent::SubmissionClaimed), moment(second));
    assert_eq!(claim(4).expect_err("claimed"), Refused::SubmissionInProgress);
    assert!(
        claim(3 + SUBMISSION_CLAIM_SECONDS).is_ok(),
        "a claim that ran out is another's to take"
    );
    let released = job
        .apply(JobEvent::Round(RoundEvent::SubmissionReleased), moment(5))
        .expect("applies");
    assert!(
        released
            .apply(JobEvent::Round(RoundEvent::SubmissionClaimed), moment(6))
            .is_ok()
    );
}

#[test]
fn a_job_waits_for_room_from_its_first_refusal_to_its_batch() {
    let job = after(vec![planned()]);
    assert!(!job.waits_for_room(), "nobody has refused it");
    assert_eq!(job.stage(), "Sending 3 shots to Gemini");
    let waiting = job.apply(JobEvent::RoomAwaited, moment(4)).expect("applies");
    assert_eq!(
        (waiting.waits_for_room(), waiting.waiting_since),
        (true, Some(moment(4)))
    );
    assert_eq!(waiting.stage(), "Waiting for room at Gemini with 3 shots");
    let asked = [
        files(2),
        JobEvent::Round(RoundEvent::SubmissionClaimed),
        JobEvent::Round(RoundEvent::SubmissionReleased),
    ];
    let refused = asked.into_iter().fold(waiting, |job, event| {
        job.apply(event, moment(5)).expect("applies")
    });
    assert_eq!(refused.waiting_since, Some(moment(4)), "it keeps its place");
    for event in [
        batch("one"),
        JobEvent::FallbackStarted,
        JobEvent::Canceled,
        JobEvent::Failed(Failure::new(FailureCode::ProviderUnavailable)),
    ] {
        assert!(
            !refused
                .apply(event.clone(), moment(6))
                .expect("applies")
                .waits_for_room(),
            "{event:?}"
        );
    }
    let late = submitted()
        .apply(JobEvent::RoomAwaited, moment(9))
        .expect("applies");
    assert_eq!(late.waiting_since, None, "it has its batch");
}
