use proptest::prelude::*;

use super::*;

const ALLOWANCE: Allowance = Allowance {
    jobs_per_minute: 4,
    active_jobs: 10,
    images_per_month: 100,
    cost_per_month: MicroUsd(1_000),
};

const SMALL: Demand = Demand {
    images: 1,
    cost: MicroUsd(1),
};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn noon() -> Timestamp {
    at("2026-11-24T12:00:00Z")
}

fn later(seconds: u64) -> Timestamp {
    noon() + Duration::from_secs(seconds)
}

fn after(jobs: usize, now: Timestamp) -> Consumption {
    (0..jobs).fold(Consumption::none(now), |so_far, _| {
        so_far.with(SMALL, ALLOWANCE, now).expect("within the limits")
    })
}

fn settled(asked: Demand, came: Demand) -> Settlement {
    Settlement {
        asked,
        came,
        accepted_at: noon(),
        key: None,
    }
}

#[test]
fn a_burst_is_taken_and_then_one_job_each_interval() {
    let full = after(4, noon());
    assert_eq!(full.bucket(ALLOWANCE, noon()), (0, Duration::from_mins(1)));
    let refused = |seconds| full.with(SMALL, ALLOWANCE, later(seconds));
    let retry_after = Duration::from_secs(15);
    assert_eq!(refused(0), Err(Exceeded::JobsPerMinute { retry_after }));
    let retry_after = Duration::from_secs(1);
    assert_eq!(refused(14), Err(Exceeded::JobsPerMinute { retry_after }));
    let one_more = refused(15).expect("there is room for one");
    assert!(one_more.with(SMALL, ALLOWANCE, later(15)).is_err(), "and no more");
    assert_eq!(full.bucket(ALLOWANCE, later(60)), (4, Duration::ZERO));
}

#[test]
fn the_first_job_fits_although_its_moment_was_taken_before_the_row_was_read() {
    let one_a_minute = Allowance {
        jobs_per_minute: 1,
        ..ALLOWANCE
    };
    let read_later = Consumption::none(later(1));
    assert!(read_later.with(SMALL, one_a_minute, noon()).is_ok());
}

#[test]
fn jobs_that_have_not_ended_are_counted() {
    let one_at_a_time = Allowance {
        active_jobs: 1,
        ..ALLOWANCE
    };
    let one = Consumption::none(noon())
        .with(SMALL, one_at_a_time, noon())
        .expect("the first");
    assert_eq!(
        one.with(SMALL, one_at_a_time, later(60)),
        Err(Exceeded::ActiveJobs)
    );
    let none = one.after(&settled(SMALL, SMALL));
    assert!(none.with(SMALL, one_at_a_time, later(60)).is_ok());
}

#[test]
fn a_month_has_so_many_images_and_so_much_money() {
    let images = |images| Demand {
        images,
        cost: MicroUsd(1),
    };
    let month = Consumption::none(noon())
        .with(images(90), ALLOWANCE, noon())
        .expect("within the limits");
    let retry_after = Duration::from_hours(6 * 24 + 12);
    assert_eq!(
        month.with(images(11), ALLOWANCE, noon()),
        Err(Exceeded::ImagesPerMonth {
            left: 10,
            retry_after
        })
    );
    let dear = Demand {
        images: 1,
        cost: MicroUsd(1_000),
    };
    let left = MicroUsd(999);
    assert_eq!(
        month.with(dear, ALLOWANCE, noon()),
        Err(Exceeded::CostPerMonth { left, retry_after })
    );
    let december = at("2026-12-01T00:00:00Z");
    assert_eq!(month.images_left(ALLOWANCE, december).0, 100);
    assert!(month.with(images(100), ALLOWANCE, december).is_ok());
}

#[test]
fn what_did_not_come_is_given_back_in_its_own_month_only() {
    let asked = Demand {
        images: 10,
        cost: MicroUsd(200),
    };
    let came = Demand {
        images: 7,
        cost: MicroUsd(150),
    };
    let running = Consumption::none(noon())
        .with(asked, ALLOWANCE, noon())
        .expect("within the limits");
    let ended = running.after(&settled(asked, came));
    assert_eq!(
        (ended.active_jobs, ended.images, ended.cost),
        (0, 7, MicroUsd(150))
    );

    let december = at("2026-12-01T00:00:00Z");
    let next = running.with(asked, ALLOWANCE, december).expect("a new month");
    let ended = next.after(&settled(asked, came));
    assert_eq!(
        (ended.active_jobs, ended.images, ended.cost),
        (1, 10, MicroUsd(200))
    );
}

proptest! {
    /// Whatever comes when.
    #[test]
    fn no_span_has_more_jobs_than_a_burst_and_one_each_interval(gaps in prop::collection::vec(0u64..40, 1..200)) {
        let mut now = noon();
        let mut consumption = Consumption::none(now);
        let mut taken = Vec::new();
        for gap in gaps {
            now += Duration::from_secs(gap);
            if let Ok(next) = consumption.with(SMALL, Allowance { active_jobs: 1000, images_per_month: 1000, ..ALLOWANCE }, now) {
                consumption = next;
                taken.push(now);
            }
        }
        for (index, start) in taken.iter().enumerate() {
            for (count, end) in taken[index..].iter().enumerate() {
                let seconds = u64::try_from(end.duration_since(*start).as_secs()).expect("forward");
                prop_assert!((count as u64) < 4 + seconds / 15, "{} jobs in {seconds} s", count + 1);
            }
        }
    }
}
