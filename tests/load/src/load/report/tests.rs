use super::*;
use crate::load::requests::FIRST;

/// A run of forty jobs, one of which was done twice.
fn sample() -> Report {
    let seconds = |count: u32, every: f64| {
        (1..=count)
            .map(move |n| (f64::from(n) * every, f64::from(n)))
            .collect()
    };
    let ticks = (0..60u32).map(|second| Tick {
        at: second.into(),
        statuses: BTreeMap::from([
            ("queued".to_owned(), 2),
            ("strategy".to_owned(), second.saturating_sub(10).min(20) as usize),
            ("generating".to_owned(), 10),
            ("completed".to_owned(), second as usize),
        ]),
    });
    let check = |sentence: &str, findings: &[&str]| Check {
        sentence: sentence.to_owned(),
        looked_at: "40 jobs".to_owned(),
        failures: findings.len(),
        findings: findings.iter().map(|finding| (*finding).to_owned()).collect(),
    };
    let checks = vec![
        check("Each job has ended.", &[]),
        check(
            "Each job has exactly one batch at Gemini.",
            &["job_1 has 2 batches"],
        ),
    ];
    Report {
        begun_at: Timestamp::UNIX_EPOCH,
        jobs: 40,
        rate: 5,
        images: 1,
        batch_seconds: 30,
        refusals_of_hundred: 5,
        wait_scale: 0.2,
        seed: 1,
        sellers: 4,
        machine: Machine::this(),
        holds: false,
        verdict: sentence(40, Duration::from_mins(1), &checks),
        checks,
        accepted_after: 20.0,
        ended_after: 60.0,
        run_for: 70.0,
        jobs_a_minute: 40.0,
        completion: Completion::of(&[10.0, 20.0, 30.0]),
        requests: vec![Latency {
            name: FIRST.to_owned(),
            count: 40,
            median: 120.0,
            p95: 300.0,
            max: 900.0,
            statuses: BTreeMap::from([(202, 39), (429, 1)]),
        }],
        sent_again: BTreeMap::from([("status 429".to_owned(), 1)]),
        failed_lists: BTreeMap::new(),
        gemini: vec![Calls {
            operation: "get_batch".to_owned(),
            count: 100,
            ordered_refusals: 5,
            ..Calls::default()
        }],
        batches_at_most: 30.0,
        memory: vec![FunctionMemory {
            function: "poll-batch".to_owned(),
            processes: 7,
            judged: 4,
            peak: 24.0,
            middle: Some(22.0),
            late: Some(22.5),
            is_flat: true,
            largest: seconds(60, 1.0),
        }],
        series: Series {
            accepted: seconds(40, 0.5),
            ended: seconds(40, 1.5),
            batches: seconds(30, 1.0),
            took: (1..=40).map(f64::from).collect(),
        },
        statuses: ticks.collect(),
    }
}

#[test]
fn the_page_says_what_was_found_and_asks_for_nothing_from_outside() {
    let report = sample();
    let html = report.page().and_then(|page| Ok(page.render()?)).expect("a page");
    assert!(html.contains("1 of 2 things that must hold does not, with 1 finding."));
    assert!(html.contains("job_1 has 2 batches"));
    assert_eq!(html.matches("<svg ").count(), 5, "four charts and one a function");
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
}

#[test]
fn a_run_in_which_all_holds_is_called_so() {
    let verdict = sentence(40, Duration::from_secs(61), &[]);
    assert!(verdict.starts_with("All 40 jobs ended within 61 s"), "{verdict}");
}
