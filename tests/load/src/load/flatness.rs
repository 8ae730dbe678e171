//! When the memory of a function counts as flat.
//!
//! A process that serves keeps what it needs once it has served for a while: its clients, its connections, the pages that
//! its largest request took. What grows after that is a leak. So each process is held against itself: the median of the
//! last third of its life must not be more than a fifth *and* more than four megabytes above that of the second third. The
//! first third is left out, as a process fills up in it. Medians, because a picture that is being decoded shows for a moment
//! in a process that is flat.

use super::{memory::Sample, quantiles::median};

/// How much more the last third may have than the second, as a part of it.
const GROWTH: f64 = 0.2;

/// How much more it may have in any case, in bytes.
const SLACK: f64 = 4.0 * 1024.0 * 1024.0;

/// How many looks at a process there must have been: with fewer, a third is no sample of anything.
const LOOKS: usize = 30;

/// What a process' life says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Life {
    /// It was too short to say anything.
    TooShort,
    /// Its memory, in bytes: the median of its second third and that of its last.
    Judged {
        /// Of the second third.
        middle: f64,
        /// Of the last third.
        late: f64,
    },
}

impl Life {
    /// Looks at a process' life.
    pub(super) fn of(samples: &[Sample]) -> Self {
        if samples.len() < LOOKS {
            return Self::TooShort;
        }
        let third = samples.len() / 3;
        let bytes = |samples: &[Sample]| {
            #[expect(clippy::cast_precision_loss, reason = "no process has 2^52 bytes")]
            let bytes: Vec<f64> = samples.iter().map(|sample| sample.bytes as f64).collect();
            median(&bytes)
        };
        let late = bytes(&samples[samples.len() - third..]);
        let middle = bytes(&samples[third..samples.len() - third]);
        match (middle, late) {
            (Some(middle), Some(late)) => Self::Judged { middle, late },
            _ => Self::TooShort,
        }
    }

    /// Whether it grew where it should not have.
    pub(super) fn grew(self) -> bool {
        match self {
            Self::TooShort => false,
            Self::Judged { middle, late } => late > middle * (1.0 + GROWTH) && late > middle + SLACK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that had so many megabytes, a second each.
    fn life(megabytes: impl IntoIterator<Item = u64>) -> Life {
        let samples = megabytes.into_iter().zip(0u32..);
        let samples = samples.map(|(megabytes, second)| Sample {
            at: second.into(),
            bytes: megabytes * 1024 * 1024,
        });
        Life::of(&samples.collect::<Vec<_>>())
    }

    #[test]
    fn one_that_fills_up_and_stays_is_flat() {
        assert!(!life((0..90).map(|second| if second < 30 { 10 + second } else { 40 })).grew());
    }

    #[test]
    fn one_that_grows_all_the_time_is_not() {
        assert!(life((0..90).map(|second| 10 + second)).grew());
    }

    #[test]
    fn a_fifth_more_is_allowed_and_four_megabytes_are() {
        let step =
            |before: u64, after: u64| life((0..90).map(|second| if second < 60 { before } else { after }));
        assert!(!step(100, 119).grew(), "less than a fifth");
        assert!(step(100, 121).grew());
        assert!(!step(10, 14).grew(), "no more than four megabytes");
        assert!(step(10, 15).grew());
    }

    #[test]
    fn a_picture_that_is_being_decoded_is_no_growth() {
        assert!(!life((0..90).map(|second| if second > 60 && second % 3 == 0 { 90 } else { 20 })).grew());
    }

    #[test]
    fn a_short_life_says_nothing() {
        assert_eq!(life((0..29).map(|second| 10 + 10 * second)), Life::TooShort);
    }
}
