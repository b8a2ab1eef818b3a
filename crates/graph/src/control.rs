//! Thread control: who may answer (docs/meta.md 5.3). Acting calls are made once, like sends.

use baton_messenger::answer::{Page, SecondaryReceiver, Success, ThreadOwner};
use baton_messenger::error::GraphError;
use baton_messenger::id::{AccountId, CustomerId, Platform};
use baton_messenger::send::ControlBody;

use crate::call::Call;
use crate::client::{GraphClient, NoAnswer};
use crate::credentials::Credentials;
use crate::error::{CallError, NotBegun, Unknown};
use crate::send::{Done, done};

/// What became of a control call. Nothing in here was tried a second time; who owns the thread now can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlResult {
    /// Done.
    Done,
    /// Meta refused; nothing changed.
    Refused(GraphError),
    /// Meta turned it away for its limits.
    Throttled {
        /// What Meta said.
        error: GraphError,
        /// How long to wait, in milliseconds.
        retry_after_ms: i64,
    },
    /// It never left.
    NotBegun(NotBegun),
    /// Whether it was done is open.
    Unknown(Unknown),
}

impl GraphClient {
    /// Passes, takes, releases, requests or extends control.
    pub async fn control(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        body: &ControlBody,
    ) -> ControlResult {
        let call = match Call::post_to(body.call().edge(), page, body.call().edge(), body) {
            Ok(call) => call,
            Err(why) => return ControlResult::NotBegun(why),
        };
        let answer = match self.act_once(&call, credentials, self.config.send_timeout).await {
            Ok(answer) => answer,
            Err(NoAnswer::NotBegun(why)) => return ControlResult::NotBegun(why),
            Err(NoAnswer::Unknown(why)) => return ControlResult::Unknown(why),
        };
        match done(&answer) {
            Done::Yes => match answer.json::<Success>() {
                Ok(Success { success: true }) => ControlResult::Done,
                Ok(_) => ControlResult::Unknown(answer.unreadable("it does not say that it was done")),
                Err(why) => ControlResult::Unknown(why),
            },
            Done::Refused(error) => ControlResult::Refused(error),
            Done::Throttled { error, retry_after_ms } => ControlResult::Throttled { error, retry_after_ms },
            Done::Unknown(why) => ControlResult::Unknown(why),
        }
    }

    /// The other apps of a Page that uses the old handover protocol; only its primary receiver may ask (docs/meta.md 5.1).
    ///
    /// # Errors
    /// [`CallError`]; a refusal means that we are not the primary receiver, or that Meta no longer knows the edge.
    pub async fn secondary_receivers(
        &self,
        credentials: &Credentials,
    ) -> Result<Page<SecondaryReceiver>, CallError> {
        let call = Call::get("secondary_receivers", &["me", "secondary_receivers"]).with("fields", "id,name");
        self.read(&call, credentials).await
    }

    /// Who owns the thread with a customer.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn thread_owner(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        customer: &CustomerId,
    ) -> Result<ThreadOwner, CallError> {
        let call =
            Call::get("thread_owner", &[page.as_str(), "thread_owner"]).with("recipient", customer.as_str());
        self.read(&call, credentials).await
    }

    /// Whether our app owns the thread; `None` when there is no thread, or routing is off so that Meta does not say
    /// (docs/meta.md 3.1, 5.5).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn is_owner(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        platform: Platform,
        customer: &CustomerId,
    ) -> Result<Option<bool>, CallError> {
        let found = self.conversation_with(credentials, page, platform, customer, "id,is_owner").await?;
        Ok(found.and_then(|conversation| conversation.is_owner))
    }
}
