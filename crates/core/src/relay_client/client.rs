//! The calls of an enrolled desk.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_protocol::command::{Accepted, CommandRequest};
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{Hello, VERSION, VERSION_HEADER, Versions};
use baton_protocol::presence::PresenceSaid;
use baton_protocol::snapshot::{ReadMark, Snapshot, SnapshotPage};
use baton_protocol::stream::{EntryPage, StreamRequest};
use baton_protocol::{AccountId, Cursor, LogName, routes};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{EventStream, RelayAddress, RelayError};

const CONNECT: Duration = Duration::from_secs(5);
/// An answer that takes longer is as good as none: the desk says so and asks again.
pub(super) const ANSWER: Duration = Duration::from_secs(15);

/// Speaks with one relay as one desk. Cheap to clone.
#[derive(Clone)]
pub struct RelayClient {
    /// Shared by all clones, so that all of them leave connections that are dead.
    http: Arc<Mutex<reqwest::Client>>,
    address: RelayAddress,
    token: SecretString,
}

impl fmt::Debug for RelayClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayClient").field("address", &self.address).finish_non_exhaustive()
    }
}

impl RelayClient {
    /// A client with this desk token.
    ///
    /// # Errors
    /// [`RelayError::Unreachable`] when the HTTP client cannot be set up.
    pub fn new(address: RelayAddress, token: SecretString) -> Result<Self, RelayError> {
        Ok(Self { http: Arc::new(Mutex::new(connections(&address)?)), address, token })
    }

    /// Where the relay is.
    #[must_use]
    pub fn address(&self) -> &RelayAddress {
        &self.address
    }

    /// Leaves all connections: the machine slept or the network changed, and they may be dead without knowing it. A call on
    /// such a one would wait for its answer in vain.
    pub fn renew(&self) {
        match connections(&self.address) {
            Ok(fresh) => *self.http.lock().unwrap_or_else(PoisonError::into_inner) = fresh,
            Err(error) => tracing::warn!(%error, "the connections to the relay could not be renewed"),
        }
    }

    /// Versions, rights, times. Refuses a relay that does not fit.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn hello(&self) -> Result<Hello, RelayError> {
        of_our_time(&bytes(self.call(Method::GET, routes::HELLO).timeout(ANSWER)).await?)
    }

    /// A page of entries of one log; see [`routes::ENTRIES`].
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn entries(
        &self,
        log: &LogName,
        after: Option<u64>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<EntryPage, RelayError> {
        let mut query = vec![("limit", u64::from(limit))];
        query.extend(after.map(|seq| ("after", seq)));
        query.extend(before.map(|seq| ("before", seq)));
        read(self.call(Method::GET, &routes::entries(log)).query(&query).timeout(ANSWER)).await
    }

    /// Asks for a command. After any failure the same request may be asked again.
    ///
    /// # Errors
    /// [`RelayError::Conflict`] when the thread is not as it was seen; [`RelayError`].
    pub async fn command(&self, log: &LogName, request: &CommandRequest) -> Result<Accepted, RelayError> {
        read(self.post(&routes::commands(log), request)).await
    }

    /// A page of the team's state of an account.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn snapshot(&self, account: &AccountId, page: &SnapshotPage) -> Result<Snapshot, RelayError> {
        let before = page.before.map(|seq| ("before", seq.to_string()));
        let after = page.marks_after.as_ref().map(|customer| ("marks_after", customer.to_string()));
        let query: Vec<_> = before.into_iter().chain(after).collect();
        read(self.call(Method::GET, &routes::snapshot(account)).query(&query).timeout(ANSWER)).await
    }

    /// Says up to where this agent has read a thread.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn mark_read(&self, mark: &ReadMark) -> Result<(), RelayError> {
        done(self.post(&routes::read_marks(&mark.account), mark)).await
    }

    /// Opens the stream from these cursors, and says how present this desk's agent is.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn stream(
        &self,
        cursors: BTreeMap<LogName, Cursor>,
        presence: Option<PresenceSaid>,
    ) -> Result<EventStream, RelayError> {
        let request = self.call(Method::POST, routes::STREAM).json(&StreamRequest { cursors, presence });
        let response = tokio::time::timeout(ANSWER, request.send())
            .await
            .map_err(|_| RelayError::Unreachable("no answer in time".to_owned()))?
            .map_err(unreachable)?;
        Ok(EventStream::new(accepted(response).await?))
    }

    pub(super) fn post(&self, path: &str, body: &impl Serialize) -> reqwest::RequestBuilder {
        self.call(Method::POST, path).json(body).timeout(ANSWER)
    }

    pub(super) fn call(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let http = self.http.lock().unwrap_or_else(PoisonError::into_inner).clone();
        http.request(method, self.address.path(path))
            .bearer_auth(self.token.expose_secret())
            .header(VERSION_HEADER, VERSION)
    }
}

/// A set of connections to this relay.
pub(super) fn connections(address: &RelayAddress) -> Result<reqwest::Client, RelayError> {
    let mut http = reqwest::Client::builder()
        .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false);
    if address.is_loopback() {
        http = http.no_proxy();
    }
    http.build().map_err(unreachable)
}

/// A call without a desk token.
pub(super) async fn ask<T: DeserializeOwned>(
    address: &RelayAddress,
    path: &str,
    body: &impl Serialize,
) -> Result<T, RelayError> {
    read(without_token(address, path, body)?).await
}

/// As [`ask`], where the answer says the relay's versions.
pub(super) async fn ask_first<T: DeserializeOwned>(
    address: &RelayAddress,
    path: &str,
    body: &impl Serialize,
) -> Result<T, RelayError> {
    of_our_time(&bytes(without_token(address, path, body)?).await?)
}

fn without_token(
    address: &RelayAddress,
    path: &str,
    body: &impl Serialize,
) -> Result<reqwest::RequestBuilder, RelayError> {
    let request = connections(address)?.post(address.path(path)).json(body).timeout(ANSWER);
    Ok(request.header(VERSION_HEADER, VERSION))
}

/// The one field of a first answer that every relay of every time understands alike.
#[derive(Deserialize)]
struct Speaks {
    versions: Versions,
}

/// Reads a first answer. Versions come before the rest: a relay of another time may say the rest in ways of its own, and
/// is a relay all the same.
fn of_our_time<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RelayError> {
    let Speaks { versions } = serde_json::from_slice(bytes).map_err(|_| RelayError::NotARelay)?;
    match RelayError::of_versions(versions) {
        Some(misfit) => Err(misfit),
        None => serde_json::from_slice(bytes).map_err(|_| RelayError::NotARelay),
    }
}

pub(super) async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, RelayError> {
    serde_json::from_slice(&bytes(request).await?).map_err(|_| RelayError::NotARelay)
}

/// For answers without a body.
pub(super) async fn done(request: reqwest::RequestBuilder) -> Result<(), RelayError> {
    accepted(request.send().await.map_err(unreachable)?).await.map(drop)
}

/// None where the relay says that nothing waits for this desk.
pub(super) fn or_nothing<T>(answer: Result<T, RelayError>) -> Result<Option<T>, RelayError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(RelayError::Refused(body)) if body.code == ErrorCode::NothingWaiting => Ok(None),
        Err(error) => Err(error),
    }
}

async fn bytes(request: reqwest::RequestBuilder) -> Result<bytes::Bytes, RelayError> {
    let response = accepted(request.send().await.map_err(unreachable)?).await?;
    response.bytes().await.map_err(unreachable)
}

/// Turns every answer that is not a success into its error.
pub(super) async fn accepted(response: Response) -> Result<Response, RelayError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let bytes = response.bytes().await.map_err(unreachable)?;
    if status == StatusCode::CONFLICT
        && let Ok(conflict) = serde_json::from_slice(&bytes)
    {
        return Err(RelayError::Conflict(Box::new(conflict)));
    }
    Err(serde_json::from_slice::<ErrorBody>(&bytes).map_or_else(|_| foreign(status), RelayError::of_body))
}

/// An answer without our error body: a gateway in front of a relay that is down, or something else altogether.
fn foreign(status: StatusCode) -> RelayError {
    match status {
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            RelayError::Unreachable(format!("HTTP {}", status.as_u16()))
        }
        _ => RelayError::NotARelay,
    }
}

/// The chain of causes without the address.
pub(super) fn unreachable(error: reqwest::Error) -> RelayError {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    RelayError::Unreachable(told)
}
