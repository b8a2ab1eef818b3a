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

/// How often a read is made again.
const MORE_TIMES: usize = 3;
/// The longest wait between two tries; a throttle that lasts longer goes to the caller.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A failed try, and whether another one can help.
struct Failed {
    error: CallError,
    again: bool,
}

impl GraphClient {
    /// Reads a value.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Result<T, CallError> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.config.retry_delay)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(MORE_TIMES)
            .with_jitter();
        (|| self.read_once(call, credentials))
            .retry(waits)
            .when(|failed: &Failed| failed.again)
            .notify(|failed: &Failed, wait: Duration| {
                tracing::debug!(call = call.name, error = %failed.error, ?wait, "Graph is asked again");
            })
            .await
            .map_err(|failed| failed.error)
    }

    async fn read_once<T: DeserializeOwned>(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Result<T, Failed> {
        match self.once(call, credentials, self.config.read_timeout).await {
            Ok(answer) => judge(&answer),
            Err(NoAnswer::NotBegun(why)) => {
                let again = matches!(why, NotBegun::NoConnection(_));
                Err(Failed { error: why.into(), again })
            }
            Err(NoAnswer::Unknown(why)) => Err(Failed { error: why.into(), again: true }),
        }
    }
}

fn judge<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failed> {
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
    let again = error.after_read() == ReadOutcome::RetryLater;
    let error = if again { CallError::Lost(Unknown::Fault(error)) } else { CallError::Meta(error) };
    Err(Failed { error, again })
}
