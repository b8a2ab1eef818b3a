//! The client: one pool of connections, one address, its observers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::config::{ConfigError, GraphConfig};
use crate::credentials::Credentials;
use crate::error::{NotBegun, Unknown};
use crate::observe::Observer;
use crate::redact;

/// Shorter than any server keeps a connection, so that a send is not cut off by a connection that is just going.
const IDLE: Duration = Duration::from_secs(20);

/// Speaks with Graph. Cheap to clone; clones share connections and observers.
#[derive(Clone)]
pub struct GraphClient {
    http: reqwest::Client,
    pub(crate) config: Arc<GraphConfig>,
    observers: Vec<Arc<dyn Observer>>,
}

/// Why a request gave no answer at all.
pub(crate) enum NoAnswer {
    NotBegun(NotBegun),
    Unknown(Unknown),
}

impl GraphClient {
    /// A client for this Graph.
    ///
    /// # Errors
    /// [`ConfigError`] when the settings cannot be used.
    pub fn new(config: GraphConfig) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self { http: connections(&config)?, config: Arc::new(config), observers: Vec::new() })
    }

    /// The same client with one more observer.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// The same client with no connection yet. For after a suspend or a change of network: the old connections are dead
    /// without knowing it, and a send on one of them would end as unknown.
    ///
    /// # Errors
    /// [`ConfigError`] when the HTTP client cannot be set up again.
    pub fn fresh(&self) -> Result<Self, ConfigError> {
        Ok(Self { http: connections(&self.config)?, ..self.clone() })
    }

    /// Makes one request, once.
    pub(crate) async fn once(
        &self,
        call: &Call,
        credentials: &Credentials,
        timeout: Duration,
    ) -> Result<Answer, NoAnswer> {
        let mut request = call.request(&self.config, credentials).map_err(NoAnswer::NotBegun)?;
        *request.timeout_mut() = Some(timeout);
        let mut secrets = redact::secrets(credentials);
        secrets.extend(call.secret());

        let response = self.http.execute(request).await.map_err(|error| no_answer(error, &secrets))?;
        self.tell_observers(&response);
        let answer = answer::read(response, &secrets)
            .await
            .map_err(|error| no_answer_after_headers(error, &secrets))?;
        let error = answer.error.as_ref();
        tracing::debug!(
            call = call.name,
            http_status = answer.http_status,
            code = error.map(|error| error.code),
            subcode = error.and_then(|error| error.subcode),
            trace_id = error.and_then(|error| error.trace_id.as_deref()),
            "Graph answered"
        );
        Ok(answer)
    }

    fn tell_observers(&self, response: &reqwest::Response) {
        if let Some(ms) = answer::date_ms(response.headers()) {
            self.observers.iter().for_each(|observer| observer.on_meta_time(ms));
        }
        if let Some(usage) = crate::usage::Usage::from_headers(response.headers()) {
            self.observers.iter().for_each(|observer| observer.on_usage(&usage));
        }
    }
}

impl fmt::Debug for GraphClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphClient").field("config", &self.config).finish_non_exhaustive()
    }
}

fn connections(config: &GraphConfig) -> Result<reqwest::Client, ConfigError> {
    let mut http = reqwest::Client::builder()
        .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false);
    if config.is_loopback() {
        http = http.no_proxy();
    }
    http.build().map_err(|error| ConfigError::Client(error.without_url().to_string()))
}

/// A connection that could not be made is the one failure of which it is certain that Meta saw nothing: the request
/// is written only after the connection stands.
fn no_answer(error: reqwest::Error, secrets: &[&str]) -> NoAnswer {
    if error.is_connect() {
        return NoAnswer::NotBegun(NotBegun::NoConnection(told(error, secrets)));
    }
    if error.is_builder() {
        return NoAnswer::NotBegun(NotBegun::RequestUnusable(told(error, secrets)));
    }
    no_answer_after_headers(error, secrets)
}

fn no_answer_after_headers(error: reqwest::Error, secrets: &[&str]) -> NoAnswer {
    NoAnswer::Unknown(if error.is_timeout() {
        Unknown::TimedOut
    } else {
        Unknown::CutOff(told(error, secrets))
    })
}

/// The chain of causes, without the address.
fn told(error: reqwest::Error, secrets: &[&str]) -> String {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    redact::text(&told, secrets)
}
