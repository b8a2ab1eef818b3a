//! Reads: made again, a few times, where that can help (docs/meta.md 7.2).

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use baton_messenger::error::{ErrorClass, ReadOutcome};
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::{GraphClient, NoAnswer};
use crate::credentials::Credentials;
use crate::error::{CallError, NotBegun, Unknown};
use crate::pace::{Direction, Urgency};

/// How often a read is made again.
pub(crate) const MORE_TIMES: usize = 3;
/// The longest wait between two tries; a throttle that lasts longer goes to the caller.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A failed try, and whether another one can help.
pub(crate) struct Failed {
    pub(crate) error: CallError,
    pub(crate) again: bool,
}

impl GraphClient {
    /// Reads a value, in its turn.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Result<T, CallError> {
        self.tries(call.name, MORE_TIMES, || self.read_once(call, credentials)).await
    }

    /// Tries until it works, or until another try cannot help.
    pub(crate) async fn tries<T, F: Future<Output = Result<T, Failed>>>(
        &self,
        call: &'static str,
        more_times: usize,
        once: impl FnMut() -> F,
    ) -> Result<T, CallError> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.config.retry_delay)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(more_times)
            .with_jitter();
        once.retry(waits)
            .when(|failed: &Failed| failed.again)
            .notify(|failed: &Failed, wait: Duration| {
                tracing::debug!(call, error = %failed.error, ?wait, "Graph is asked again");
            })
            .await
            .map_err(|failed| failed.error)
    }

    async fn read_once<T: DeserializeOwned>(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Result<T, Failed> {
        if let (Some(account), Some(gate)) = (credentials.account(), &self.gate)
            && self.urgency != Urgency::SetUp
        {
            let turn = gate.turn(account, self.urgency, self.slots.as_deref()).await;
            turn.map_err(|hold| Failed { error: hold.into(), again: false })?;
        }
        match self.once(call, credentials, self.config.read_timeout).await {
            Ok(mut answer) => {
                self.learn(credentials, Direction::Read, &mut answer);
                judge(&answer)
            }
            Err(none) => Err(failed(none)),
        }
    }
}

/// What it means for another try that no answer came.
pub(crate) fn failed(none: NoAnswer) -> Failed {
    match none {
        NoAnswer::NotBegun(why) => {
            Failed { again: matches!(why, NotBegun::NoConnection(_)), error: why.into() }
        }
        NoAnswer::Unknown(why) => Failed { error: why.into(), again: true },
    }
}

pub(crate) fn judge<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failed> {
    if answer.is_success() {
        return answer.json().map_err(|why| Failed { error: why.into(), again: false });
    }
    let Some(error) = answer.error.clone().map(Box::new) else {
        let why = answer.unreadable("it has no error object");
        return Err(Failed { again: answer.http_status >= 500, error: why.into() });
    };
    if error.class() == ErrorClass::Throttled {
        // A wait that Meta announces lasts minutes: the caller shows it instead of waiting inside the call.
        let again = answer.told_wait_ms().is_none();
        return Err(Failed {
            error: CallError::Throttled { error, retry_after_ms: answer.retry_after_ms() },
            again,
        });
    }
    if error.after_read() == ReadOutcome::RetryLater {
        return Err(Failed { error: CallError::Lost(Unknown::Fault(error)), again: true });
    }
    Err(Failed { error: CallError::Meta(error), again: answer.may_work_with_another_proof })
}
