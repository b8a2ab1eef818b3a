//! What time it is at Meta, for a reply that is about to leave.
//!
//! Somebody has set the clock of this machine, or it was off: until Meta or the relay is heard, the later of two possible times
//! counts, and that may be days off. A reply would leave as a late one within the day, or come back although its window is open.
//! So Meta is asked first, with the cheapest call of the account.

use std::time::Duration;

use baton_messenger::AccountId;
use baton_messenger::policy::MetaNow;

use crate::desk::inner::Inner;

/// A reply waits no longer than this for what time it is; then the doubt stays, and policy keeps to the safe side.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

impl Inner {
    /// Meta's time now: asked where this desk doubts what it knows and Meta can be reached.
    pub(super) async fn sure_now(&self, account: &AccountId) -> MetaNow {
        let now = self.meta_now();
        if !now.doubtful || self.meta.not_reached_boot_ms().is_some() {
            return now;
        }
        let Some(credentials) = self.credentials(account).await else { return now };
        // Whatever the answer says, it tells the time; the clock of this desk listens to every one.
        let graph = self.graph();
        match tokio::time::timeout(ANSWERS_WITHIN, graph.me(&credentials)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::debug!(%account, %error, "Meta was asked what time it is"),
            Err(_) => tracing::debug!(%account, "Meta did not say in time what time it is"),
        }
        self.meta_now()
    }
}
