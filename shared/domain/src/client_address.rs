//! Where a request of somebody whom we do not know yet comes from, as far as counting needs it.

use std::net::{IpAddr, Ipv6Addr};

use sha2::{Digest, Sha256};

/// Somebody's network address, by its SHA-256: enough to count by, and less than the address itself to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAddress(String);

impl ClientAddress {
    /// The address of whoever sent a request.
    ///
    /// The distribution adds the sender's address to the end of `X-Forwarded-For`, and API Gateway adds that of the
    /// distribution's edge after it; whatever stands before was sent along and may be a lie
    /// (<https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html>).
    /// Without the header, it is who called API Gateway.
    pub fn of(forwarded_for: Option<&str>, source: Option<&str>) -> Self {
        let hops: Vec<&str> = forwarded_for
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .collect();
        let sender = match hops.as_slice() {
            [.., sender, _edge] => sender,
            [only] if !only.is_empty() => only,
            _ => source.unwrap_or_default(),
        };
        // One home or office has at least 2^64 addresses of IPv6 to send from (RFC 6177).
        let counted = match sender.parse() {
            Ok(IpAddr::V6(address)) => Ipv6Addr::from(u128::from(address) >> 64 << 64).to_string(),
            Ok(IpAddr::V4(address)) => address.to_string(),
            Err(_) => String::new(),
        };
        Self(hex::encode(Sha256::digest(counted.as_bytes())))
    }

    /// The hash, in lower-case hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_counted_with(forwarded_for: Option<&str>, source: &str, address: &str) -> bool {
        ClientAddress::of(forwarded_for, Some(source)) == ClientAddress::of(None, Some(address))
    }

    #[test]
    fn who_sent_it_is_what_the_distribution_says() {
        for (forwarded_for, address) in [
            (Some("203.0.113.9, 130.176.1.1"), "203.0.113.9"),
            (Some("198.51.100.1, 203.0.113.9, 130.176.1.1"), "203.0.113.9"),
            (Some("203.0.113.9"), "203.0.113.9"),
            (Some(""), "192.0.2.5"),
            (None, "192.0.2.5"),
        ] {
            assert!(
                is_counted_with(forwarded_for, "192.0.2.5", address),
                "{forwarded_for:?}"
            );
        }
        assert!(!is_counted_with(
            Some("203.0.113.9, 130.176.1.1"),
            "192.0.2.5",
            "198.51.100.1"
        ));
    }

    #[test]
    fn one_network_of_ipv6_is_one_sender() {
        let of = |address| ClientAddress::of(None, Some(address));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(
            of("nonsense"),
            of("other nonsense"),
            "whoever hides is counted together"
        );
    }
}
