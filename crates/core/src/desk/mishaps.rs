//! The last things that went wrong, kept in memory for support. Codes and names of calls; never a secret, and never
//! Meta's own message, which may quote what somebody wrote.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use baton_graph::{Failure, Observer};
use baton_messenger::error::ErrorClass;

use super::inner::lock;
use crate::clock::Clock;

/// How many are kept.
const KEPT: usize = 12;

/// Something that went wrong, perhaps several times running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mishap {
    /// When it happened last, milliseconds of the boot clock.
    pub(crate) boot_ms: i64,
    /// What.
    pub(crate) what: String,
    /// How often, without anything else in between.
    pub(crate) times: u32,
}

/// The last things that went wrong, newest last.
pub(crate) struct Mishaps {
    clock: Arc<dyn Clock>,
    kept: Mutex<VecDeque<Mishap>>,
}

impl fmt::Debug for Mishaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mishaps").field("kept", &self.all()).finish_non_exhaustive()
    }
}

impl Mishaps {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// Keeps one, and lets the oldest go.
    pub(crate) fn note(&self, what: String) {
        let boot_ms = self.clock.boot_ms();
        let mut kept = lock(&self.kept);
        if let Some(last) = kept.back_mut().filter(|last| last.what == what) {
            last.boot_ms = boot_ms;
            last.times = last.times.saturating_add(1);
            return;
        }
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(Mishap { boot_ms, what, times: 1 });
    }

    pub(crate) fn all(&self) -> Vec<Mishap> {
        lock(&self.kept).iter().cloned().collect()
    }
}

impl Observer for Mishaps {
    fn on_failure(&self, failure: Failure<'_>) {
        if failure.error.is_some_and(|error| is_ordinary(error.class())) {
            return;
        }
        let about = failure.account.map(|account| format!(" of {account}")).unwrap_or_default();
        let said = match failure.error {
            Some(error) => {
                let subcode = error.subcode.map(|code| format!("/{code}")).unwrap_or_default();
                let trace = error.trace_id.as_deref().unwrap_or("none");
                format!("code {}{subcode} ({}), trace id {trace}", error.code, error.class().name())
            }
            None => failure.what.to_owned(),
        };
        self.note(format!("Meta, {}{about}: {said}", failure.call));
    }
}

/// What Meta says of customers it gives no profile of; it says so of many.
fn is_ordinary(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::ProfileUnavailable | ErrorClass::PersonUnknown)
}

#[cfg(test)]
mod tests {
    use baton_messenger::error::GraphError;

    use super::*;
    use crate::clock::SystemClock;

    fn mishaps() -> Mishaps {
        Mishaps::new(Arc::new(SystemClock))
    }

    fn failed(mishaps: &Mishaps, error: &GraphError) {
        let (call, what) = ("me", "HTTP 400");
        mishaps.on_failure(Failure { call, account: None, error: Some(error), what, is_unanswered: false });
    }

    #[test]
    fn metas_own_message_is_left_out() {
        let (mishaps, error) = (
            mishaps(),
            GraphError {
                code: 190,
                subcode: Some(460),
                message: "the token EAAB-secret of Mara Lindt".to_owned(),
                trace_id: Some("AbC".to_owned()),
                ..GraphError::default()
            },
        );
        failed(&mishaps, &error);
        assert_eq!(mishaps.all()[0].what, "Meta, me: code 190/460 (token_dead), trace id AbC");
    }

    #[test]
    fn the_same_again_is_counted_and_the_oldest_go() {
        let mishaps = mishaps();
        for _ in 0..3 {
            mishaps.note("the relay cannot be reached".to_owned());
        }
        assert_eq!(mishaps.all().iter().map(|mishap| mishap.times).collect::<Vec<_>>(), [3]);
        for number in 0..KEPT {
            mishaps.note(number.to_string());
        }
        let kept: Vec<String> = mishaps.all().into_iter().map(|mishap| mishap.what).collect();
        assert_eq!((kept.len(), kept[0].as_str()), (KEPT, "0"));
    }

    #[test]
    fn a_customer_without_a_profile_is_no_mishap() {
        let (mishaps, error) =
            (mishaps(), GraphError { code: 100, subcode: Some(2_018_218), ..GraphError::default() });
        failed(&mishaps, &error);
        assert_eq!(mishaps.all(), []);
    }
}
