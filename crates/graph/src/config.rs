//! Where Graph is, and how long to wait for it.

use std::time::Duration;

use thiserror::Error;
use url::{Host, Url};

/// Meta's own Graph.
pub const GRAPH: &str = "https://graph.facebook.com";
/// The version that is called unless a setting says otherwise (docs/meta.md 1.1).
pub const DEFAULT_VERSION: &str = "v26.0";

/// Settings of the client.
#[derive(Debug, Clone)]
pub struct GraphConfig {
    /// Graph's address without a version; plain HTTP only on loopback.
    pub base_url: Url,
    /// The version, such as `v26.0`.
    pub version: String,
    /// How long setting up a connection may take.
    pub connect_timeout: Duration,
    /// How long one read may take, from the first byte out to the last byte in.
    pub read_timeout: Duration,
    /// How long one send or control call may take; afterwards its outcome is unknown.
    pub send_timeout: Duration,
    /// How long a call with a file may take.
    pub upload_timeout: Duration,
    /// The wait before a read is tried again the first time; it doubles each time.
    pub retry_delay: Duration,
}

/// Why the settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The address is no address.
    #[error("Graph's address is not a web address: {0}")]
    NotAnAddress(String),
    /// Tokens would travel unprotected.
    #[error(
        "Graph's address must begin with https:// unless it is on this machine (127.0.0.1, ::1, localhost)"
    )]
    NotProtected,
    /// The version is not of the form `v26.0`.
    #[error("`{0}` is not a Graph version such as v26.0")]
    NotAVersion(String),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Client(String),
}

impl GraphConfig {
    /// Usual times for a Graph at this address, with the default version.
    ///
    /// # Errors
    /// When the text is no address.
    pub fn at(base_url: &str) -> Result<Self, ConfigError> {
        let base_url = Url::parse(base_url).map_err(|error| ConfigError::NotAnAddress(error.to_string()))?;
        Ok(Self {
            base_url,
            version: DEFAULT_VERSION.to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            send_timeout: Duration::from_secs(30),
            // 25 MB over a slow line; and Meta itself takes up to 75 s for a video (docs/meta.md 4.5).
            upload_timeout: Duration::from_secs(300),
            retry_delay: Duration::from_millis(500),
        })
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        match self.base_url.scheme() {
            "https" => {}
            "http" if self.is_loopback() => {}
            _ => return Err(ConfigError::NotProtected),
        }
        if self.base_url.cannot_be_a_base() || !is_version(&self.version) {
            return Err(ConfigError::NotAVersion(self.version.clone()));
        }
        Ok(())
    }

    /// True when Graph is on this machine, as in demo and tests.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.base_url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

fn is_version(version: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    version
        .strip_prefix('v')
        .and_then(|numbers| numbers.split_once('.'))
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://graph.facebook.com", true)]
    #[case("http://127.0.0.1:4000", true)]
    #[case("http://[::1]:4000", true)]
    #[case("http://localhost:4000", true)]
    #[case("http://graph.facebook.com", false)]
    #[case("http://localhost.example.invalid", false)]
    #[case("ftp://127.0.0.1", false)]
    fn a_token_never_travels_unprotected(#[case] address: &str, #[case] taken: bool) {
        assert_eq!(GraphConfig::at(address).unwrap().check().is_ok(), taken);
    }

    #[rstest]
    #[case("v26.0", true)]
    #[case("v21.0", true)]
    #[case("26.0", false)]
    #[case("v26", false)]
    #[case("v26.0/../x", false)]
    #[case("", false)]
    fn a_version_looks_like_one(#[case] version: &str, #[case] taken: bool) {
        let config = GraphConfig { version: version.to_owned(), ..GraphConfig::at(GRAPH).unwrap() };
        assert_eq!(config.check().is_ok(), taken);
    }
}
