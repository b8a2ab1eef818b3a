//! `baton-relay doctor` and `subscribe`: whether everything between Meta and the desks is as it must be, each point with
//! what is wrong and what to do.
//!
//! ```text
//! settings ─▶ the relay and its log ─▶ the public address, as Meta calls it ─▶ Meta: app, clock, the app's webhooks
//!          ─▶ each account, as desks last confirmed it; with a Page token at hand also as Meta says now ─▶ disk, backups
//! ```
//!
//! A check that cannot be made says so and why. Nothing here changes anything, save [`subscribe`], which may be repeated.

mod accounts;
mod disk;
mod meta;
mod public;
mod relay;
mod subscribe;

use std::fmt;
use std::time::Duration;

use baton_graph::{AppSecret, ConfigError, GraphClient, GraphConfig};
use baton_messenger::id::Platform;
use baton_protocol::routes;
use secrecy::SecretString;

pub use subscribe::subscribe;

use crate::config::Config;
use crate::people::AccountLine;
use crate::relay::app_secret;

/// How one point stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it must be.
    Good,
    /// Not wrong, and worth knowing.
    Note,
    /// Something must be done.
    Wrong,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: String,
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    pub what: String,
    /// What to do; empty when nothing is.
    pub action: String,
}

impl Finding {
    pub(super) fn good(check: impl Into<String>, what: impl Into<String>) -> Self {
        Self { check: check.into(), standing: Standing::Good, what: what.into(), action: String::new() }
    }

    pub(super) fn note(check: impl Into<String>, what: impl Into<String>, action: impl Into<String>) -> Self {
        Self { standing: Standing::Note, action: action.into(), ..Self::good(check, what) }
    }

    pub(super) fn wrong(
        check: impl Into<String>,
        what: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { standing: Standing::Wrong, action: action.into(), ..Self::good(check, what) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.standing {
            Standing::Good => "ok   ",
            Standing::Note => "note ",
            Standing::Wrong => "WRONG",
        };
        write!(f, "{mark}  {}: {}", self.check, self.what)?;
        if self.action.is_empty() { Ok(()) } else { write!(f, "\n         {}", self.action) }
    }
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Patient {
    /// The settings.
    pub config: Config,
    /// The accounts that the relay knows, or why they are not known.
    pub accounts: Result<Vec<AccountLine>, NotRead>,
    /// Page tokens that the operator showed for this look. Meta tells a Page's subscription to nobody else.
    pub page_tokens: Vec<SecretString>,
}

/// Why the relay's accounts are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// There is no database: no relay was started with these settings. It is not made for a look either: whoever looks may
    /// be another user than the relay's, who could not open it then.
    NoDatabase,
    /// They cannot be read: why.
    Failed(String),
}

impl Patient {
    /// The address under which Meta and browsers reach the relay, without a path.
    fn public_url(&self) -> String {
        let own = || format!("http://{}", self.config.public_listen);
        let url = self.config.public_url.clone().unwrap_or_else(own);
        url.trim_end_matches('/').to_owned()
    }

    /// Where Meta is to post.
    fn callback_url(&self) -> String {
        format!("{}{}", self.public_url(), routes::WEBHOOK)
    }

    /// The platforms of the accounts that the relay knows; Messenger while it knows none.
    fn platforms(&self) -> Vec<Platform> {
        let known = self.accounts.as_deref().unwrap_or_default();
        let has = |platform| known.iter().any(|account| account.platform == platform);
        let mut platforms: Vec<Platform> = [Platform::Messenger, Platform::Instagram]
            .into_iter()
            .filter(|&platform| has(platform))
            .collect();
        if platforms.is_empty() {
            platforms.push(Platform::Messenger);
        }
        platforms
    }

    fn app(&self) -> AppSecret {
        app_secret(&self.config)
    }

    fn graph(&self) -> Result<GraphClient, ConfigError> {
        GraphClient::new(GraphConfig::at(&self.config.graph_url)?)
    }
}

/// How long one question may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Looks at everything.
pub async fn examine(patient: &Patient) -> Vec<Finding> {
    let mut findings = vec![settings(patient)];
    findings.extend(relay::examine(patient).await);
    findings.extend(public::examine(patient).await);
    findings.extend(meta::examine(patient).await);
    findings.extend(accounts::examine(patient).await);
    findings.extend(disk::examine(patient));
    findings
}

/// The settings were read, or nothing here would run; what they leave open is worth a word.
fn settings(patient: &Patient) -> Finding {
    const CHECK: &str = "settings";
    match &patient.config.public_url {
        Some(url) if url.starts_with("https://") => {
            Finding::good(CHECK, format!("Meta reaches the relay at {url}."))
        }
        Some(url) => Finding::note(
            CHECK,
            format!("{url} is an address of this machine alone."),
            "For Meta itself set `public_url` to the https:// address that it calls.",
        ),
        None => Finding::note(
            CHECK,
            "`public_url` is not set, so the address below is only this machine's.",
            "Set it to the https:// address that Meta calls; logins need it.",
        ),
    }
}

/// A client for the relay's own addresses. It follows nowhere: Meta does not either.
fn http(url: &str) -> Result<reqwest::Client, String> {
    let mut client = reqwest::Client::builder().timeout(ANSWER).redirect(reqwest::redirect::Policy::none());
    if url.starts_with("http://") {
        client = client.no_proxy();
    }
    client.build().map_err(|error| told(&error))
}

/// The chain of causes, without the address, which may hold a verify token.
fn told(error: &reqwest::Error) -> String {
    let mut told = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        told = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else if told.is_empty() {
        "the request failed".to_owned()
    } else {
        told
    }
}
