//! Amounts of money, exact.

use std::{fmt, iter::Sum, ops::Add};

/// An amount in millionths of a US dollar.
///
/// Prices of single images are fractions of a cent, so cents would round them away and floats would drift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MicroUsd(pub u64);

impl MicroUsd {
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
}
