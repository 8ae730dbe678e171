//! What trying an address out has shown.

use jiff::Timestamp;

/// What was found when a test event was posted to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// When it was tried.
    pub at: Timestamp,
    /// How long the answer took; `None` where there was none.
    pub milliseconds: Option<u64>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

impl Check {
    /// Whether a webhook would have arrived: being slow alone does not keep it away.
    pub fn is_ok(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.code == FindingCode::Slow)
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: FindingCode,
    /// What it is and what to do, in a sentence or two.
    pub message: String,
}

/// The kinds of findings. The list is closed: programs may switch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingCode {
    /// The host name has no address.
    UnknownHost,
    /// Nobody answers at the address.
    NoConnection,
    /// No secure connection came about.
    Tls,
    /// There was no answer in the time that a delivery has.
    TimedOut,
    /// The answer broke off.
    BrokenAnswer,
    /// The answer was a redirect, which deliveries do not follow.
    Redirect,
    /// The answer was 410, which ends deliveries.
    Gone,
    /// The answer was another status than 2xx.
    NotAccepted,
    /// The answer took long, but came in time.
    Slow,
}

impl FindingCode {
    /// Every kind, in the order in which a call can go wrong.
    pub const ALL: [Self; 9] = [
        Self::UnknownHost,
        Self::NoConnection,
        Self::Tls,
        Self::TimedOut,
        Self::BrokenAnswer,
        Self::Redirect,
        Self::Gone,
        Self::NotAccepted,
        Self::Slow,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownHost => "unknown_host",
            Self::NoConnection => "no_connection",
            Self::Tls => "tls",
            Self::TimedOut => "timed_out",
            Self::BrokenAnswer => "broken_answer",
            Self::Redirect => "redirect",
            Self::Gone => "gone",
            Self::NotAccepted => "not_accepted",
            Self::Slow => "slow",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slowness_is_forgiven() {
        for code in FindingCode::ALL {
            assert_eq!(FindingCode::parse(code.as_str()), Some(code));
            let finding = Finding {
                code,
                message: String::new(),
            };
            let check = Check {
                at: Timestamp::UNIX_EPOCH,
                milliseconds: None,
                status: None,
                findings: vec![finding],
            };
            assert_eq!(check.is_ok(), code == FindingCode::Slow, "{}", code.as_str());
        }
    }
}
