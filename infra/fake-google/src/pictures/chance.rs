//! Chance that is the same every time: numbers that follow from a text.

use sha2::{Digest as _, Sha256};

/// A sequence of numbers that looks random and depends on the seed alone (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The sequence for a text.
    pub(super) fn of(text: &str) -> Self {
        let digest = Sha256::digest(text);
        let mut seed = [0; 8];
        seed.copy_from_slice(&digest[..8]);
        Self(u64::from_le_bytes(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * unit(self.next())
    }

    /// One of `count` choices.
    pub(super) fn choice(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count.max(1) as u64).unwrap_or(0)
    }

    /// -1 or 1.
    pub(super) fn side(&mut self) -> f32 {
        if self.next() & 1 == 0 { -1.0 } else { 1.0 }
    }

    /// A seed for [`noise`].
    pub(super) fn seed(&mut self) -> u64 {
        self.next()
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn unit(value: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float exactly")]
    let unit = (value >> 40) as f32 / 16_777_216.0;
    unit
}

/// A number from 0 to 1 for a point of a grid.
pub(super) fn speck(x: i32, y: i32, seed: u64) -> f32 {
    let place = (u64::from(x.cast_unsigned()) << 32) | u64::from(y.cast_unsigned());
    unit(mix(place ^ seed))
}

/// Smooth noise from 0 to 1 with features about 1 wide.
pub(super) fn noise(x: f32, y: f32, seed: u64) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places in a picture are far below i32's limits"
    )]
    let (left, top) = (x.floor() as i32, y.floor() as i32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - x.floor()), ease(y - y.floor()));
    let upper = speck(left, top, seed) * (1.0 - fx) + speck(left + 1, top, seed) * fx;
    let lower = speck(left, top + 1, seed) * (1.0 - fx) + speck(left + 1, top + 1, seed) * fx;
    upper * (1.0 - fy) + lower * fy
}

/// Noise with finer noise on it, from 0 to 1.
pub(super) fn grain(x: f32, y: f32, seed: u64) -> f32 {
    (noise(x, y, seed) * 4.0 + noise(x * 2.1, y * 2.1, seed ^ 1) * 2.0 + noise(x * 4.3, y * 4.3, seed ^ 2))
        / 7.0
}
