use super::*;

/// The lines of a table, less its remarks: ` # ` begins one, so that a URL may have a fragment.
fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    let entries = table.lines().filter(|line| !line.starts_with("# "));
    entries.map(|line| line.split_once(" # ").map_or(line, |(entry, _)| entry).trim())
}

fn refused_addresses() -> impl Iterator<Item = IpAddr> {
    lines(include_str!("refused-addresses.txt"))
        .map(|line| line.parse().unwrap_or_else(|error| panic!("{line}: {error}")))
}

fn refused_urls() -> impl Iterator<Item = &'static str> {
    lines(include_str!("refused-urls.txt"))
}

#[test]
fn public_addresses_are_public() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "203.0.112.1",
        "223.255.255.255",
        "2001:200::1",
        "2003::1",
        "2606:4700::1111",
        "2a00:1450::1",
        "3fff:1000::1",
    ] {
        assert!(is_public(address.parse().expect("a test address")), "{address}");
    }
}

#[test]
fn everything_else_is_not() {
    assert!(refused_addresses().count() > 70);
    for address in refused_addresses() {
        assert!(!is_public(address), "{address}");
        assert!(!may_connect(address, Reach::Public), "{address}");
    }
}

/// An IPv6 address that carries an IPv4 address is as little to be called as one without that form, whatever is in it.
#[test]
fn every_form_that_carries_a_refused_address_is_refused() {
    for address in refused_addresses() {
        let IpAddr::V4(v4) = address else { continue };
        let [a, b] = [
            u16::from_be_bytes([v4.octets()[0], v4.octets()[1]]),
            u16::from_be_bytes([v4.octets()[2], v4.octets()[3]]),
        ];
        for form in [
            v4.to_ipv6_mapped(),
            Ipv6Addr::new(0, 0, 0, 0, 0, 0, a, b),
            Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, a, b),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, a, b),
            Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0, a, b, 0, 0, !a, !b),
        ] {
            assert!(!is_public(form.into()), "{form}, which carries {v4}");
        }
    }
}

#[test]
fn urls_are_refused_for_what_they_show() {
    assert!(refused_urls().count() > 80);
    for url in refused_urls() {
        assert!(check_url(url, Reach::Public).is_err(), "{url}");
    }
}

#[test]
fn addresses_in_every_notation_are_refused_as_such() {
    for url in refused_urls() {
        let Ok(parsed) = Url::parse(url) else { continue };
        let is_literal = matches!(parsed.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
        if parsed.scheme() == "https" && parsed.username().is_empty() && is_literal {
            assert_eq!(check_url(url, Reach::Public), Err(Refused::NotPublic), "{url}");
        }
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    let refused = |text: &str| check_url(text, Reach::Public).expect_err(text);
    assert_eq!(refused("not a url"), Refused::NotAUrl);
    assert_eq!(refused("/relative"), Refused::NotAUrl);
    assert_eq!(refused("http://example.com/"), Refused::NotHttps);
    assert_eq!(refused("https://user:pass@example.com/"), Refused::Credentials);
    assert_eq!(refused("https://example.com:25/"), Refused::Port);
    assert_eq!(refused("https://2130706433/"), Refused::NotPublic);
    assert_eq!(
        refused(&format!("https://example.com/{}", "a".repeat(2048))),
        Refused::TooLong
    );
}

/// Letters that look like others make another name. It is looked up under its own, and its address is checked.
#[test]
fn names_pass_to_be_looked_up_under_the_name_that_they_really_are() {
    for (url, host) in [
        ("https://example.com:8443/hook?x=1", "example.com"),
        ("https://example.com./", "example.com."),
        ("https://EXAMPLE.com/", "example.com"),
        ("https://localhost/", "localhost"),
        ("https://localhost./", "localhost."),
        ("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "localhost"),
        ("https://ｌｏｃａｌｈｏｓｔ/", "localhost"),
        ("https://127.0.0.1.nip.example/", "127.0.0.1.nip.example"),
        ("https://exаmple.com/", "xn--exmple-4nf.com"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
    ] {
        let checked = check_url(url, Reach::Public).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(checked.host_str(), Some(host), "{url}");
    }
}

#[test]
fn the_local_exception_is_loopback_and_nothing_more() {
    assert!(check_url("http://127.0.0.1:9000/hook", Reach::PublicAndLoopback).is_ok());
    for address in refused_addresses() {
        assert_eq!(
            may_connect(address, Reach::PublicAndLoopback),
            address.to_canonical().is_loopback(),
            "{address}"
        );
    }
}
