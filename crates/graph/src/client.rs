//! The client: one pool of connections, one address, its observers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use baton_messenger::error::ErrorClass;
use baton_messenger::id::AccountId;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::config::{ConfigError, GraphConfig};
use crate::credentials::Credentials;
use crate::error::{NotBegun, Unknown};
use crate::observe::{Failure, Observer};
use crate::pace::{BootClock, Direction, Gate, Pace, Slots, Urgency};
use crate::proof::{Carried, Proofs, Prover};
use crate::redact;

/// Shorter than any server keeps a connection, so that a send is not cut off by a connection that is just going.
const IDLE: Duration = Duration::from_secs(20);

/// Speaks with Graph. Cheap to clone; clones share connections and observers.
#[derive(Clone)]
pub struct GraphClient {
    http: reqwest::Client,
    pub(crate) config: Arc<GraphConfig>,
    pub(crate) observers: Vec<Arc<dyn Observer>>,
    pub(crate) gate: Option<Arc<Gate>>,
    pub(crate) slots: Option<Arc<dyn Slots>>,
    pub(crate) urgency: Urgency,
    proofs: Option<Arc<Proofs>>,
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
        Ok(Self {
            http: connections(&config)?,
            config: Arc::new(config),
            observers: Vec::new(),
            gate: None,
            slots: None,
            urgency: Urgency::Opening,
            proofs: None,
        })
    }

    /// The same client with one more observer.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// The same client, whose reads keep to Meta's budgets and wait for their slot. Only calls with
    /// [`Credentials::of_account`] do; sends and control calls never wait.
    #[must_use]
    pub fn paced_by(mut self, clock: Arc<dyn BootClock>, slots: Arc<dyn Slots>) -> Self {
        self.gate = Some(Gate::new(clock));
        self.slots = Some(slots);
        self
    }

    /// The same client, whose calls carry a proof where one is asked for. Only calls with [`Credentials::of_account`] do.
    #[must_use]
    pub fn proven_by(mut self, clock: Arc<dyn BootClock>, prover: Arc<dyn Prover>) -> Self {
        self.proofs = Some(Arc::new(Proofs::new(prover, clock)));
        self
    }

    /// The same client for reads of this urgency; without it they are [`Urgency::Opening`].
    #[must_use]
    pub fn urgent(&self, urgency: Urgency) -> Self {
        Self { urgency, ..self.clone() }
    }

    /// How reads of an account go now, for showing it.
    pub fn pace(&self, account: &AccountId) -> Pace {
        self.gate.as_ref().map_or(Pace::Free, |gate| gate.pace(account))
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
        let answer = self.request(call, credentials, timeout).await;
        self.tell_failure(call, credentials, &answer);
        answer
    }

    async fn request(
        &self,
        call: &Call,
        credentials: &Credentials,
        timeout: Duration,
    ) -> Result<Answer, NoAnswer> {
        let carried = self.proof(credentials).await.map_err(NoAnswer::NotBegun)?;
        let proof = carried.as_ref().map(|carried| &carried.proof);
        let request = call.request(&self.http, &self.config, credentials, proof);
        let mut request = request.map_err(NoAnswer::NotBegun)?;
        *request.timeout_mut() = Some(timeout);
        let secrets = redact::secrets(call, credentials, proof);

        let response = self.http.execute(request).await.map_err(|error| no_answer(error, &secrets))?;
        self.hear(&response, credentials);
        let mut answer = answer::read(response, &secrets)
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
        if error.is_some_and(|error| error.class() == ErrorClass::ProofRequired) {
            answer.may_work_with_another_proof = self.proof_refused(credentials, carried.as_ref()).await;
        }
        Ok(answer)
    }

    fn tell_failure(&self, call: &Call, credentials: &Credentials, answer: &Result<Answer, NoAnswer>) {
        let (error, what) = match answer {
            Ok(answer) if answer.is_success() => return,
            Ok(answer) => (answer.error.as_ref(), format!("HTTP {}", answer.http_status)),
            Err(NoAnswer::NotBegun(why)) => (None, why.to_string()),
            Err(NoAnswer::Unknown(why)) => (None, why.to_string()),
        };
        let is_unanswered = matches!(
            answer,
            Err(NoAnswer::NotBegun(NotBegun::NoConnection(_))
                | NoAnswer::Unknown(Unknown::CutOff(_) | Unknown::TimedOut))
        );
        let account = credentials.account();
        let failure = Failure { call: call.name, account, error, what: &what, is_unanswered };
        self.observers.iter().for_each(|observer| observer.on_failure(failure));
    }

    /// What an answer means for later calls about the same account.
    pub(crate) fn learn(&self, credentials: &Credentials, direction: Direction, answer: &mut Answer) {
        let (Some(account), Some(gate)) = (credentials.account(), &self.gate) else { return };
        match &answer.error {
            Some(error) if error.class() == ErrorClass::Throttled => {
                let wait_ms = gate.throttled(account, direction, error.code, answer.told_wait_ms());
                answer.wait_for(wait_ms);
            }
            _ if answer.is_success() => gate.taken(account, direction),
            _ => {}
        }
        gate.tell(account, &self.observers);
    }

    async fn proof(&self, credentials: &Credentials) -> Result<Option<Carried>, NotBegun> {
        if let Some(proof) = credentials.proof() {
            return Ok(Some(Carried { proof: proof.clone(), is_fresh: true }));
        }
        match (&self.proofs, credentials.account(), credentials.token()) {
            (Some(proofs), Some(account), Some(token)) => Ok(proofs.of(account, token).await?),
            _ => Ok(None),
        }
    }

    async fn proof_refused(&self, credentials: &Credentials, carried: Option<&Carried>) -> bool {
        match (&self.proofs, credentials.account()) {
            (Some(proofs), Some(account)) => proofs.refused(account, carried).await,
            _ => false,
        }
    }

    /// What every answer tells besides its content.
    fn hear(&self, response: &reqwest::Response, credentials: &Credentials) {
        if let Some(ms) = answer::date_ms(response.headers()) {
            self.observers.iter().for_each(|observer| observer.on_meta_time(ms));
        }
        let Some(usage) = crate::usage::Usage::from_headers(response.headers()) else { return };
        self.observers.iter().for_each(|observer| observer.on_usage(&usage));
        if let (Some(account), Some(gate)) = (credentials.account(), &self.gate) {
            gate.heard(account, &usage);
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
