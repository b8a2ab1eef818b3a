//! Which addresses media are fetched from. An address comes in a message, so it is whatever somebody wrote: nothing on
//! this machine and nothing in this network may be reached by one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// How far media may be fetched from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The public network, by https.
    Public,
    /// This machine too, by http: Graph is played here.
    ThisMachineToo,
}

/// Why an address is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Forbidden {
    #[error("it is no address")]
    NotAnAddress,
    #[error("it is not https")]
    NotProtected,
    #[error("it carries a name or a password")]
    WithPassword,
    #[error("it leads into a private network")]
    NotPublic,
    #[error("it sends on too often")]
    TooManyHops,
}

/// Reads an address and checks what can be checked without asking anybody. What its name leads to is checked when it is
/// resolved.
pub(super) fn checked(address: &str, reach: Reach) -> Result<Url, Forbidden> {
    let url = Url::parse(address).map_err(|_| Forbidden::NotAnAddress)?;
    check(&url, reach)?;
    Ok(url)
}

/// The same for an address that was read already, such as a redirect's.
pub(super) fn check(url: &Url, reach: Reach) -> Result<(), Forbidden> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Forbidden::WithPassword);
    }
    let is_here = match url.host() {
        Some(Host::Domain("localhost")) => true,
        Some(Host::Domain(name)) if name.is_empty() || name.ends_with(".localhost") => {
            return Err(Forbidden::NotPublic);
        }
        Some(Host::Domain(_)) => false,
        Some(Host::Ipv4(ip)) => check_ip(IpAddr::V4(ip), reach)?,
        Some(Host::Ipv6(ip)) => check_ip(IpAddr::V6(ip), reach)?,
        None => return Err(Forbidden::NotAnAddress),
    };
    match (url.scheme(), is_here, reach) {
        (_, true, Reach::Public) => Err(Forbidden::NotPublic),
        ("https", _, _) | ("http", true, Reach::ThisMachineToo) => Ok(()),
        ("http", false, _) => Err(Forbidden::NotProtected),
        _ => Err(Forbidden::NotAnAddress),
    }
}

/// True when this address of the network may be spoken to.
pub(super) fn may_reach(ip: IpAddr, reach: Reach) -> bool {
    check_ip(ip, reach).is_ok()
}

/// Whether it is this machine; an error when it may not be spoken to.
fn check_ip(ip: IpAddr, reach: Reach) -> Result<bool, Forbidden> {
    let ip = ip.to_canonical();
    if ip.is_loopback() {
        return if reach == Reach::ThisMachineToo { Ok(true) } else { Err(Forbidden::NotPublic) };
    }
    let is_public = match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    };
    if is_public { Ok(false) } else { Err(Forbidden::NotPublic) }
}

/// Not in one of the ranges that IANA keeps for special purposes (RFC 6890 and its successors).
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 224
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark)
}

/// In the range for the public network, and not standing for an IPv4 address that is not.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let words = ip.segments();
    let [.., high, low] = words;
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    let last = Ipv4Addr::new(a, b, c, d);
    match words {
        // Translated from IPv4, by the well-known prefix.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => is_public_v4(last),
        // 6to4 carries an IPv4 address after its prefix.
        [0x2002, high, low, ..] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocols (Teredo and others), documentation.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://scontent.example/a.jpg?oe=1", Ok(()))]
    #[case("https://1.1.1.1/a.jpg", Ok(()))]
    #[case("https://[2606:4700::1111]/a.jpg", Ok(()))]
    #[case("http://scontent.example/a.jpg", Err(Forbidden::NotProtected))]
    #[case("https://mara@scontent.example/a.jpg", Err(Forbidden::WithPassword))]
    #[case("file:///etc/passwd", Err(Forbidden::NotAnAddress))]
    #[case("ftp://scontent.example/a.jpg", Err(Forbidden::NotAnAddress))]
    #[case("data:text/html,hello", Err(Forbidden::NotAnAddress))]
    #[case("https://localhost/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://x.localhost/a.jpg", Err(Forbidden::NotPublic))]
    #[case("http://127.0.0.1:4000/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://127.1/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://2130706433/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://[::1]/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://[::ffff:127.0.0.1]/a.jpg", Err(Forbidden::NotPublic))]
    #[case("https://169.254.169.254/latest/meta-data", Err(Forbidden::NotPublic))]
    fn only_the_public_network_is_reached(#[case] address: &str, #[case] verdict: Result<(), Forbidden>) {
        assert_eq!(checked(address, Reach::Public).map(drop), verdict);
    }

    #[rstest]
    #[case("http://127.0.0.1:4000/a.jpg", true)]
    #[case("http://localhost:4000/a.jpg", true)]
    #[case("http://[::1]:4000/a.jpg", true)]
    #[case("http://10.0.0.7/a.jpg", false)]
    #[case("https://10.0.0.7/a.jpg", false)]
    #[case("http://scontent.example/a.jpg", false)]
    #[case("https://scontent.example/a.jpg", true)]
    fn a_graph_on_this_machine_gives_media_on_this_machine_and_nowhere_nearer(
        #[case] address: &str,
        #[case] may: bool,
    ) {
        assert_eq!(checked(address, Reach::ThisMachineToo).is_ok(), may);
    }

    #[rstest]
    #[case::private("10.1.2.3")]
    #[case::private("172.16.0.1")]
    #[case::private("192.168.178.1")]
    #[case::link_local("169.254.1.1")]
    #[case::shared("100.64.0.1")]
    #[case::this_network("0.0.0.0")]
    #[case::protocol("192.0.0.1")]
    #[case::benchmark("198.18.0.1")]
    #[case::documentation("203.0.113.9")]
    #[case::multicast("224.0.0.1")]
    #[case::reserved("240.0.0.1")]
    #[case::broadcast("255.255.255.255")]
    #[case::unspecified("::")]
    #[case::unique_local("fd00::1")]
    #[case::link_local("fe80::1")]
    #[case::multicast("ff02::1")]
    #[case::documentation("2001:db8::1")]
    #[case::teredo("2001::1")]
    #[case::mapped("::ffff:192.168.0.1")]
    #[case::translated("64:ff9b::a00:1")]
    #[case::six_to_four("2002:0a00:0001::1")]
    fn no_private_place_is_reached_whichever_way_it_is_written(#[case] ip: IpAddr) {
        assert!(!may_reach(ip, Reach::Public), "{ip}");
        assert!(!may_reach(ip, Reach::ThisMachineToo), "{ip}");
    }

    #[rstest]
    #[case("157.240.1.1")]
    #[case("100.128.0.1")]
    #[case("2a03:2880::1")]
    #[case("64:ff9b::9df0:101")]
    fn public_places_are(#[case] ip: IpAddr) {
        assert!(may_reach(ip, Reach::Public), "{ip}");
    }
}
