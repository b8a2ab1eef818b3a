//! Where a relay is. Plain HTTP only on this machine.

use std::fmt;
use std::str::FromStr;

use baton_messenger::Words;
use url::{Host, Url};

/// The address of a relay's listener for desks.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayAddress(Url);

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no web address.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Plain HTTP to another machine would show the desk's token to everybody on the way.
    #[error("a relay on another machine must be called with https")]
    NotProtected,
}

impl AddressError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(self) -> Words {
        match self {
            Self::NotAnAddress => Words::new(
                "This is not the address of a relay.",
                "Check it. It looks like https://relay.example.com.",
            ),
            Self::NotProtected => Words::new(
                "This address is not protected: what Baton sends could be read on the way.",
                "Use an address that begins with https://.",
            ),
        }
    }
}

impl RelayAddress {
    /// The full address of one of the relay's paths.
    pub(super) fn path(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// True when the relay runs on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl FromStr for RelayAddress {
    type Err = AddressError;

    /// Takes what a person types: the scheme may be missing, a slash at the end does not matter.
    fn from_str(typed: &str) -> Result<Self, AddressError> {
        let typed = typed.trim();
        let text = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let mut url = Url::parse(&text).map_err(|_| AddressError::NotAnAddress)?;
        if url.host().is_none() || !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::NotAnAddress);
        }
        url.set_query(None);
        url.set_fragment(None);
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(AddressError::NotProtected),
            _ => Err(AddressError::NotAnAddress),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelayAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("relay.northwind.example", Ok("https://relay.northwind.example"))]
    #[case(" https://relay.northwind.example/ ", Ok("https://relay.northwind.example"))]
    #[case("https://northwind.example/baton/", Ok("https://northwind.example/baton"))]
    #[case("http://127.0.0.1:4100", Ok("http://127.0.0.1:4100"))]
    #[case("http://[::1]:4100", Ok("http://[::1]:4100"))]
    #[case("http://localhost:4100", Ok("http://localhost:4100"))]
    #[case("http://relay.northwind.example", Err(AddressError::NotProtected))]
    #[case("http://localhost.example", Err(AddressError::NotProtected))]
    #[case("ftp://127.0.0.1", Err(AddressError::NotAnAddress))]
    #[case("https://ines:secret@relay.example", Err(AddressError::NotAnAddress))]
    #[case("", Err(AddressError::NotAnAddress))]
    fn an_address_is_taken_or_refused(#[case] typed: &str, #[case] taken: Result<&str, AddressError>) {
        let address = typed.parse::<RelayAddress>().map(|address| address.to_string());
        assert_eq!(address, taken.map(str::to_owned));
    }

    #[test]
    fn paths_are_put_below_the_address() {
        let address: RelayAddress = "https://northwind.example/baton/".parse().unwrap();
        assert_eq!(address.path("/v1/hello").as_str(), "https://northwind.example/baton/v1/hello");
    }
}
