//! The secrets of one account: one that stays, and older ones that sign until their end, so that a receiver can change
//! from one to the next without losing an event.

use std::time::Duration;

use jiff::Timestamp;

use super::Secret;

/// How many secrets may sign at a time. Each makes the signature header longer by some 50 bytes.
pub const MOST_SECRETS: usize = 5;

/// A secret with its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecret {
    /// The secret.
    pub secret: Secret,
    /// When it was made; `None` for the one that an account began with.
    pub created_at: Option<Timestamp>,
    /// When it was shown to its owner.
    pub revealed_at: Option<Timestamp>,
    /// From when on it signs nothing; `None` for the current one.
    pub ends_at: Option<Timestamp>,
}

impl SigningSecret {
    /// A secret of which only the text is known.
    pub const fn of(secret: Secret) -> Self {
        Self {
            secret,
            created_at: None,
            revealed_at: None,
            ends_at: None,
        }
    }

    fn is_active(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// Already as many secrets sign as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{MOST_SECRETS} secrets sign at the moment")]
pub struct TooManySecrets;

/// An account's secrets, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecrets(Vec<SigningSecret>);

impl SigningSecrets {
    /// These secrets, newest first.
    pub const fn new(secrets: Vec<SigningSecret>) -> Self {
        Self(secrets)
    }

    /// The newest, which has no end; `None` for an account that never had one.
    pub fn current(&self) -> Option<&SigningSecret> {
        self.0.first().filter(|secret| secret.ends_at.is_none())
    }

    /// Those that still sign but have an end.
    pub fn ending(&self, now: Timestamp) -> impl Iterator<Item = (&SigningSecret, Timestamp)> {
        self.0
            .iter()
            .filter(move |secret| secret.is_active(now))
            .filter_map(|secret| Some((secret, secret.ends_at?)))
    }

    /// Those that sign at this moment, newest first.
    pub fn active(&self, now: Timestamp) -> Vec<Secret> {
        let active = self.0.iter().filter(|secret| secret.is_active(now));
        active.map(|secret| secret.secret.clone()).collect()
    }

    /// All of them, newest first.
    pub fn all(&self) -> &[SigningSecret] {
        &self.0
    }

    /// With the current one noted as shown; `None` where it was shown before, or where there is none.
    #[must_use]
    pub fn revealed(&self, now: Timestamp) -> Option<Self> {
        self.current().filter(|secret| secret.revealed_at.is_none())?;
        let mut next = self.clone();
        next.0.first_mut()?.revealed_at = Some(now);
        Some(next)
    }

    /// With a new current one, which its owner is shown at once. The others go on signing for `overlap`, those that end
    /// sooner anyway until then. What has ended is left out.
    pub fn rotated(&self, secret: Secret, overlap: Duration, now: Timestamp) -> Result<Self, TooManySecrets> {
        let end = now.saturating_add(overlap).unwrap_or(Timestamp::MAX);
        let mut next = vec![SigningSecret {
            secret,
            created_at: Some(now),
            revealed_at: Some(now),
            ends_at: None,
        }];
        next.extend(self.0.iter().cloned().map(|old| SigningSecret {
            ends_at: Some(old.ends_at.map_or(end, |sooner| sooner.min(end))),
            ..old
        }));
        next.retain(|secret| secret.is_active(now));
        if next.len() > MOST_SECRETS {
            return Err(TooManySecrets);
        }
        Ok(Self(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + hour * 3600).expect("a moment")
    }

    fn secret(number: u8) -> Secret {
        Secret::from_random([number; 32])
    }

    fn one() -> SigningSecrets {
        SigningSecrets::new(vec![SigningSecret::of(secret(1))])
    }

    #[test]
    fn both_sign_until_the_overlap_ends() {
        let both = one()
            .rotated(secret(2), Duration::from_hours(24), hour(0))
            .expect("rotated");
        assert_eq!(both.active(hour(23)), [secret(2), secret(1)]);
        assert_eq!(both.active(hour(24)), [secret(2)]);
        assert_eq!(both.ending(hour(23)).count(), 1);
        assert_eq!(both.current().map(|current| &current.secret), Some(&secret(2)));
    }

    #[test]
    fn no_overlap_ends_every_old_one_at_once() {
        let both = one()
            .rotated(secret(2), Duration::from_hours(24), hour(0))
            .expect("rotated");
        let third = both.rotated(secret(3), Duration::ZERO, hour(1)).expect("rotated");
        assert_eq!(third.active(hour(1)), [secret(3)]);
        assert_eq!(third.all().len(), 1);
    }

    #[test]
    fn a_longer_overlap_later_prolongs_nothing() {
        let both = one()
            .rotated(secret(2), Duration::from_hours(1), hour(0))
            .expect("rotated");
        let three = both
            .rotated(secret(3), Duration::from_hours(168), hour(0))
            .expect("rotated");
        assert_eq!(three.active(hour(2)), [secret(3), secret(2)]);
    }

    #[test]
    fn a_secret_is_shown_once() {
        let shown = one().revealed(hour(0)).expect("shown");
        assert_eq!(
            shown.current().and_then(|current| current.revealed_at),
            Some(hour(0))
        );
        assert_eq!(shown.revealed(hour(1)), None);
        let rotated = one()
            .rotated(secret(2), Duration::ZERO, hour(0))
            .expect("rotated");
        assert_eq!(
            rotated.revealed(hour(1)),
            None,
            "the answer to the rotation showed it"
        );
    }

    #[test]
    fn there_is_a_bound() {
        let mut secrets = one();
        for number in 2..=5 {
            secrets = secrets
                .rotated(secret(number), Duration::from_hours(1), hour(0))
                .expect("rotated");
        }
        assert_eq!(
            secrets.rotated(secret(6), Duration::from_hours(1), hour(0)),
            Err(TooManySecrets)
        );
        assert!(secrets.rotated(secret(6), Duration::ZERO, hour(0)).is_ok());
        assert!(
            secrets
                .rotated(secret(6), Duration::from_hours(1), hour(1))
                .is_ok(),
            "the others have ended"
        );
    }
}
