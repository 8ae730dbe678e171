//! From single measurements to what is shown: medians, ratios, differences.

/// The middle one of some measurements, the mean of the middle two where their number is even; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        length if length % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

/// The median of the ratios of measurements that were made one right after the other: what else the machine does meets
/// both of a pair. `None` where there is nothing to divide by.
pub(crate) fn ratio_of_pairs(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    let pairs = ours.iter().zip(theirs).filter(|(_, theirs)| **theirs > 0.0);
    let ratios: Vec<f64> = pairs.map(|(ours, theirs)| ours / theirs).collect();
    (!ratios.is_empty()).then(|| median(&ratios))
}

/// What one of `count` more repetitions took: whatever happens once, as the start, is in both and falls away.
#[expect(
    clippy::cast_precision_loss,
    reason = "instructions are fewer than 2^52, and are shown with three digits"
)]
pub(crate) fn of_each(once: u64, with_more: u64, count: u32) -> f64 {
    with_more.saturating_sub(once) as f64 / f64::from(count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one_whatever_the_order() {
        assert!((median(&[9.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 100.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }

    #[test]
    fn a_slow_moment_that_meets_both_of_a_pair_does_not_count() {
        let ratio = ratio_of_pairs(&[2.0, 40.0, 2.2], &[1.0, 20.0, 1.0]);
        assert!((ratio.expect("there are pairs") - 2.0).abs() < 1e-9);
        assert_eq!(ratio_of_pairs(&[1.0], &[0.0]), None);
        assert_eq!(ratio_of_pairs(&[], &[]), None);
    }

    #[test]
    fn what_happens_once_falls_away() {
        assert!((of_each(1_000, 1_500, 10) - 50.0).abs() < f64::EPSILON);
        assert!(of_each(10, 5, 10).abs() < f64::EPSILON);
    }
}
