//! Names to addresses, public ones only: what a name leads to is checked where the connection is made, so that a name
//! cannot lead elsewhere between check and use.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{Forbidden, Reach, may_reach};

/// Resolves names by the system, and lets through only what may be reached.
#[derive(Clone, Debug)]
pub(super) struct PublicOnly {
    pub(super) reach: Reach,
    /// Names of proxies that the user's environment names: they may be anywhere, and they resolve for us.
    pub(super) proxies: Vec<String>,
}

impl PublicOnly {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, proxies: proxies(|name| std::env::var(name).ok()) }
    }

    fn lets_through(&self, name: &str, found: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        if self.proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(name)) {
            return Ok(found);
        }
        let public: Vec<SocketAddr> =
            found.into_iter().filter(|address| may_reach(address.ip(), self.reach)).collect();
        if public.is_empty() { Err(io::Error::other(Forbidden::NotPublic)) } else { Ok(public) }
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let addresses: Addrs = Box::new(this.lets_through(name.as_str(), found)?.into_iter());
            Ok(addresses)
        })
    }
}

/// The proxies that the HTTP client itself would take from the environment.
fn proxies(read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"]
        .into_iter()
        .filter_map(read)
        .filter_map(|proxy| {
            let with_scheme = if proxy.contains("://") { proxy } else { format!("http://{proxy}") };
            url::Url::parse(&with_scheme).ok()?.host_str().map(str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ip: &str) -> SocketAddr {
        SocketAddr::new(ip.parse().unwrap(), 0)
    }

    #[test]
    fn a_name_that_leads_home_leads_nowhere() {
        let resolver = PublicOnly { reach: Reach::Public, proxies: vec!["proxy.office".to_owned()] };
        let public = resolver.lets_through("cdn.example", vec![at("10.0.0.1"), at("157.240.1.1")]).unwrap();
        assert_eq!(public, [at("157.240.1.1")]);
        assert!(resolver.lets_through("cdn.example", vec![at("10.0.0.1"), at("127.0.0.1")]).is_err());
        assert!(resolver.lets_through("Proxy.Office", vec![at("10.0.0.1")]).is_ok());
    }

    #[test]
    fn proxies_are_those_of_the_environment() {
        let read = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://user:word@proxy.office:3128".to_owned()),
            "all_proxy" => Some("other.office:1080".to_owned()),
            _ => None,
        };
        assert_eq!(proxies(read), ["proxy.office", "other.office"]);
    }
}
