//! Amounts of money, exact.

use std::{fmt, iter::Sum, ops::Add};

/// An amount in millionths of a US dollar.
///
/// Prices of single images are fractions of a cent, so cents would round them away and floats would drift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MicroUsd(pub u64);

impl MicroUsd {
    /// Reads dollars as people and the API write them: `3`, `0.25`, at most six decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 6 {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let millionths: u64 = format!("{decimals:0<6}").parse().ok()?;
        whole.checked_mul(1_000_000)?.checked_add(millionths).map(Self)
    }

    /// This amount `count` times.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// What is left of this amount without `other`; nothing where that is more.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for MicroUsd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for MicroUsd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// Dollars with six decimals (`0.168000`), as the API shows them.
impl fmt::Display for MicroUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_exactly_and_show_six_decimals() {
        let ten = MicroUsd(16_800).times(10) + MicroUsd(5);
        assert_eq!(ten.to_string(), "0.168005");
        assert_eq!(MicroUsd(12_000_000).to_string(), "12.000000");
    }

    #[test]
    fn amounts_are_read_as_they_are_shown() {
        for (text, amount) in [
            ("0.203250", 203_250),
            ("3", 3_000_000),
            ("0.5", 500_000),
            ("0", 0),
        ] {
            assert_eq!(MicroUsd::parse(text), Some(MicroUsd(amount)), "{text}");
        }
        for text in [
            "",
            ".5",
            "5.",
            "-1",
            "1e3",
            "1,50",
            "0.1234567",
            "99999999999999999999",
        ] {
            assert_eq!(MicroUsd::parse(text), None, "{text}");
        }
    }
}
