//! Which addresses outside we may connect to.
//!
//! Callback URLs and image URLs come from strangers. Without this rule one could make us call our own network, the
//! metadata service or another customer's machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Ports under this one, but for 443, are refused: services that listen there are rarely meant to be called by us.
const FIRST_FREE_PORT: u16 = 1024;

/// The longest URL that is taken.
pub const MAX_URL_CHARACTERS: usize = 2048;

/// Whether the local stack's exception is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only, https only.
    Public,
    /// Also `http` and loopback addresses: the local stack, where receivers run on the same machine.
    PublicAndLoopback,
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not an absolute URL with a host.
    #[error("must be an absolute https URL")]
    NotAUrl,
    /// Longer than [`MAX_URL_CHARACTERS`].
    #[error("must be at most 2048 characters long")]
    TooLong,
    /// A scheme other than https.
    #[error("must begin with https://")]
    NotHttps,
    /// User name or password inside the URL.
    #[error("must not contain a user name or password")]
    Credentials,
    /// A port below 1024 that is not 443.
    #[error("must use port 443 or a port from 1024 up")]
    Port,
    /// An address that is not on the public internet.
    #[error("must not point to a private, local or reserved address")]
    NotPublic,
}

/// Checks what can be told from the URL alone, without asking DNS.
pub fn check_url(text: &str, reach: Reach) -> Result<Url, Refused> {
    if text.len() > MAX_URL_CHARACTERS {
        return Err(Refused::TooLong);
    }
    let url = Url::parse(text).map_err(|_| Refused::NotAUrl)?;
    let host = url.host().ok_or(Refused::NotAUrl)?;
    let plain_http_is_fine = reach == Reach::PublicAndLoopback && url.scheme() == "http";
    if url.scheme() != "https" && !plain_http_is_fine {
        return Err(Refused::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    if url
        .port()
        .is_some_and(|port| port < FIRST_FREE_PORT && port != 443)
    {
        return Err(Refused::Port);
    }
    let literal = match host {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    if literal.is_some_and(|address| !may_connect(address, reach)) {
        return Err(Refused::NotPublic);
    }
    Ok(url)
}

/// Whether a connection to this address is allowed.
pub fn may_connect(address: IpAddr, reach: Reach) -> bool {
    is_public(address) || (reach == Reach::PublicAndLoopback && address.to_canonical().is_loopback())
}

/// Whether an address belongs to the public internet.
///
/// The ranges are those of the IANA special-purpose registries
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>) that are not globally reachable, multicast, and the
/// IPv6 forms that carry an IPv4 address, which are judged by nobody's promise that the inner one is checked.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let refused = match a {
        0 | 10 | 127 | 224..=255 => true, // this network, private, loopback; multicast, reserved, broadcast
        100 => matches!(b, 64..=127),     // carrier-grade NAT
        169 => b == 254,                  // link-local, cloud metadata
        172 => matches!(b, 16..=31),      // private
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)), // assignments, documentation, 6to4 relay, private
        198 => matches!((b, c), (18..=19, _) | (51, 100)),         // benchmarks, documentation
        203 => (b, c) == (0, 113),                                 // documentation
        _ => false,
    };
    !refused
}

/// Only global unicast (`2000::/3`) can be public, less the blocks in it that are not or that embed IPv4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global_unicast = (0x2000..0x4000).contains(&a);
    let refused = matches!(
        (a, b),
        (0x2001, 0x0000..=0x01ff | 0x0db8)  // protocol assignments (Teredo, benchmarks, ORCHID), documentation
            | (0x2002, _)                   // 6to4
            | (0x3fff, 0x0000..=0x0fff) // documentation
    );
    global_unicast && !refused
}

#[cfg(test)]
mod tests;
