//! The run as a whole: laws that hold whatever chance brings.

use clap::Parser;

use crate::agenda::Moment;
use crate::gemini::BatchTimes;
use crate::options::Options;
use crate::report::Report;
use crate::simulation;

fn options(arguments: &[&str]) -> Options {
    let options = Options::parse_from(std::iter::once(&"simulate").chain(arguments));
    options.check().expect("options that make sense");
    options
}

fn run(jobs_a_day: u32, arguments: &[&str]) -> Report {
    simulation::run(&options(arguments), jobs_a_day)
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_one_another() {
    let day = |seed| run(300, &["--seed", seed]);
    assert_eq!(day("7"), day("7"));
    assert_ne!(day("7"), day("8"));
}

#[test]
fn no_job_is_lost() {
    for jobs_a_day in [1, 10, 1_000] {
        // Few places, so that some jobs fail.
        let report = run(
            jobs_a_day,
            &["--batches", "3", "--days", "2", "--deadline-hours", "6"],
        );
        assert_eq!(report.accepted, u64::from(jobs_a_day) * 2);
        assert_eq!(report.completed + report.failed_by_deadline, report.accepted);
        assert!(report.cancelled_batches <= report.failed_by_deadline);
    }
}

#[test]
fn there_are_never_more_batches_or_tokens_than_gemini_allows() {
    let by_batches = run(2_000, &["--batches", "5"]);
    assert_eq!(by_batches.most_batches, 5);
    let by_tokens = run(2_000, &["--enqueued-tokens", "54000", "--tokens-a-job", "18000"]);
    assert_eq!((by_tokens.most_batches, by_tokens.most_tokens), (3, 54_000));
}

#[test]
fn a_queue_grows_where_more_arrives_than_there_is_room_for() {
    let arguments = [
        "--batches",
        "10",
        "--batch-p95-minutes",
        "30",
        "--burst-share",
        "0",
    ];
    let limited = |jobs_a_day| run(jobs_a_day, &arguments);
    let (below, above) = (limited(300), limited(4_000));
    assert!(
        above.room_for_jobs_a_day < 4_000.0,
        "{}",
        above.room_for_jobs_a_day
    );
    assert!(below.longest_queue < 60, "{}", below.longest_queue);
    assert!(above.longest_queue > 1_000, "{}", above.longest_queue);
    let waits = (below.time_to_batch.p95, above.time_to_batch.p95);
    assert!(waits.0 < 900.0 && waits.1 > 900.0, "{waits:?}");
    assert!(
        above.overtaking_percent > 50.0 && above.mean_overtaken < 100.0,
        "who overtakes, overtakes no more than those that ask: {}",
        above.mean_overtaken
    );
}

/// Little's law: as many batches run as arrive in the time that one takes.
#[test]
fn batches_at_once_are_arrivals_times_their_time() {
    let arguments = [
        "--peak",
        "1",
        "--burst-share",
        "0",
        "--days",
        "10",
        "--batch-p95-minutes",
        "30",
    ];
    let report = run(1_000, &arguments);
    assert_eq!(
        (report.refusals.most, report.failed_by_deadline),
        (0, 0),
        "no limit is in the way"
    );
    let running = crate::simulation::mean_batches(&options(&arguments), 1_000);
    let expected = 1_000.0 / 1_440.0 * BatchTimes::new(&options(&arguments)).mean_minutes();
    assert!((running / expected - 1.0).abs() < 0.1, "{running} and {expected}");
}

#[test]
fn half_of_the_batches_take_the_median_and_one_in_twenty_more_than_the_p95() {
    use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
    let times = BatchTimes::new(&options(&[]));
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut drawn: Vec<Moment> = (0..10_000).map(|_| times.draw(&mut chance)).collect();
    drawn.sort_unstable();
    let minutes = |rank: usize| drawn[rank] / 60_000;
    assert!((9..=10).contains(&minutes(5_000)), "{}", minutes(5_000));
    assert!((108..=132).contains(&minutes(9_500)), "{}", minutes(9_500));
}

#[test]
fn a_job_that_never_gets_a_batch_fails_at_its_deadline_and_stays_far_below_the_history_limit() {
    let stuck = [
        "--batches",
        "1",
        "--batch-median-minutes",
        "2880",
        "--batch-p95-minutes",
        "2881",
    ];
    let report = run(20, &[stuck.as_slice(), &["--burst-share", "0"]].concat());
    assert!(report.failed_by_deadline >= 18, "{}", report.failed_by_deadline);
    // 22 hours of asks, one every three minutes at the end.
    assert!(
        (440..=450).contains(&report.refusals.most),
        "{}",
        report.refusals.most
    );
    assert!(
        report.history_events.most < 5_000,
        "{}",
        report.history_events.most
    );
}

/// The oldest go first, and where more comes than there ever is room for, these are the ones with the least time left.
#[test]
fn few_batches_are_created_that_must_be_cancelled() {
    let report = run(10_000, &["--days", "2", "--burst-share", "0"]);
    assert!(report.failed_by_deadline > 2_000, "{}", report.failed_by_deadline);
    let most = report.completed / 20;
    assert!(
        report.cancelled_batches < most,
        "{} of {}",
        report.cancelled_batches,
        report.completed
    );
}

#[test]
fn a_wait_that_gemini_asks_for_is_kept() {
    let asks = |arguments: &[&str]| run(2_000, &[&["--batches", "10"], arguments].concat());
    let (own, asked) = (asks(&[]), asks(&["--asked-wait-seconds", "600"]));
    assert!(
        asked.refusals.mean < own.refusals.mean * 0.7,
        "{:?} {:?}",
        asked.refusals,
        own.refusals
    );
}

#[test]
fn the_wave_has_its_peak_and_its_mean() {
    let starts = |peak| {
        run(
            20_000,
            &["--peak", peak, "--burst-share", "0", "--batches", "100000"],
        )
    };
    let (flat, wave) = (starts("1"), starts("2"));
    assert!(wave.most_usd_in_ten_minutes > flat.most_usd_in_ten_minutes * 1.5);
    assert_eq!(wave.accepted, flat.accepted);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for arguments in [
        ["--peak", "3"],
        ["--deadline-hours", "72"],
        ["--batches", "0"],
        ["--batch-p95-minutes", "1"],
    ] {
        let options = Options::parse_from(std::iter::once(&"simulate").chain(&arguments));
        assert!(options.check().is_err(), "{arguments:?}");
    }
}
