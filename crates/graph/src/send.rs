//! Sends: one request, once, whatever happens.

use std::time::Duration;

use baton_messenger::answer::SendAnswer;
use baton_messenger::error::{GraphError, SendOutcome};
use baton_messenger::id::{AccountId, CustomerId, Mid};
use baton_messenger::send::{ModerationBody, SendBody, SenderActionBody};

use crate::answer::Answer;
use crate::call::Call;
use crate::client::{GraphClient, NoAnswer};
use crate::credentials::Credentials;
use crate::error::{CallError, NotBegun, Unknown};
use crate::pace::{Direction, Sending};
use crate::proof::NoProof;
use crate::upload::{FileToSend, Uploaded, fits, kept};

/// What became of a send. Nothing in here was tried a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// Meta took it; it is on its way, not delivered yet.
    Accepted {
        /// The message's id.
        mid: Mid,
        /// To whom, as Meta says.
        recipient: Option<CustomerId>,
        /// The file that Meta keeps, when the body asked for that.
        upload: Option<Uploaded>,
    },
    /// Meta refused; it did not go out.
    Refused(GraphError),
    /// Meta turned it away unread for its limits; it may go back to the queue for so long.
    Throttled {
        /// What Meta said.
        error: GraphError,
        /// How long to wait, in milliseconds.
        retry_after_ms: i64,
    },
    /// It never left; it may go back to the queue.
    NotBegun(NotBegun),
    /// It may have gone out. Find out before anything else.
    Unknown(Unknown),
}

impl GraphClient {
    /// Sends a message from an account; for Instagram from the Page that it is linked to (docs/meta.md 4.1).
    pub async fn send(&self, credentials: &Credentials, page: &AccountId, body: &SendBody) -> SendResult {
        let call =
            fits(body.needs_file(), false).and_then(|()| Call::post_to("send", page, "messages", body));
        match call {
            Ok(call) => self.send_call(&call, credentials, self.config.send_timeout).await,
            Err(why) => SendResult::NotBegun(why),
        }
    }

    /// The same with a file in the very call (docs/meta.md 4.5).
    pub async fn send_file(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        body: &SendBody,
        file: &FileToSend,
    ) -> SendResult {
        let call = fits(body.needs_file(), true)
            .and_then(|()| Call::post_file("send_file", page, "messages", body, file));
        match call {
            Ok(call) => self.send_call(&call, credentials, self.config.upload_timeout).await,
            Err(why) => SendResult::NotBegun(why),
        }
    }

    async fn send_call(&self, call: &Call, credentials: &Credentials, timeout: Duration) -> SendResult {
        let _goes_first = self.sending(credentials);
        match self.act_once(call, credentials, timeout).await {
            Ok(answer) => judge(&answer),
            Err(NoAnswer::NotBegun(why)) => SendResult::NotBegun(why),
            Err(NoAnswer::Unknown(why)) => SendResult::Unknown(why),
        }
    }

    /// Shows typing, marks as seen, sets or takes away a reaction; once (docs/meta.md 4.6).
    ///
    /// # Errors
    /// [`CallError`]; nothing of the thread depends on it.
    pub async fn act(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        body: &SenderActionBody,
    ) -> Result<(), CallError> {
        self.acted(&Call::post_to("sender_action", page, "messages", body)?, credentials).await
    }

    /// Blocks or unblocks people, or moves their threads to spam; once (docs/meta.md 4.10).
    ///
    /// # Errors
    /// [`CallError`]; after [`CallError::Lost`] nobody knows whether it was done, and asking again does no harm.
    pub async fn moderate(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        body: &ModerationBody,
    ) -> Result<(), CallError> {
        self.acted(&Call::post_to("moderate", page, "moderate_conversations", body)?, credentials).await
    }

    async fn acted(&self, call: &Call, credentials: &Credentials) -> Result<(), CallError> {
        match self.act_once(call, credentials, self.config.send_timeout).await {
            Ok(answer) => match done(&answer) {
                Done::Yes => Ok(()),
                Done::Refused(error) => Err(CallError::Meta(Box::new(error))),
                Done::Throttled { error, retry_after_ms } => {
                    Err(CallError::Throttled { error: Box::new(error), retry_after_ms })
                }
                Done::Unknown(why) => Err(why.into()),
            },
            Err(NoAnswer::NotBegun(why)) => Err(why.into()),
            Err(NoAnswer::Unknown(why)) => Err(why.into()),
        }
    }

    /// One acting request: it waits for no turn, and is never made again.
    pub(crate) async fn act_once(
        &self,
        call: &Call,
        credentials: &Credentials,
        timeout: Duration,
    ) -> Result<Answer, NoAnswer> {
        let mut answer = self.once(call, credentials, timeout).await?;
        self.learn(credentials, Direction::Send, &mut answer);
        if answer.may_work_with_another_proof {
            // Meta turned it away unread; the next call carries another proof.
            let why = NoProof::NotNow("Meta asks for another one".to_owned());
            return Err(NoAnswer::NotBegun(why.into()));
        }
        Ok(answer)
    }

    fn sending(&self, credentials: &Credentials) -> Option<Sending> {
        Some(self.gate.as_ref()?.sending(credentials.account()?))
    }
}

/// What an answer to an acting call says about the act.
pub(crate) enum Done {
    Yes,
    Refused(GraphError),
    Throttled { error: GraphError, retry_after_ms: i64 },
    Unknown(Unknown),
}

pub(crate) fn done(answer: &Answer) -> Done {
    if let Some(error) = answer.error.clone() {
        return match error.after_send() {
            SendOutcome::Requeue => Done::Throttled { error, retry_after_ms: answer.retry_after_ms() },
            SendOutcome::Check => Done::Unknown(Unknown::Fault(Box::new(error))),
            SendOutcome::Refused => Done::Refused(error),
        };
    }
    if answer.is_success() {
        return Done::Yes;
    }
    // Without Meta's own error object somebody in between may have answered: whether Meta acted is open.
    Done::Unknown(answer.unreadable("it has no error object"))
}

fn judge(answer: &Answer) -> SendResult {
    match done(answer) {
        Done::Yes => accepted(answer),
        Done::Refused(error) => SendResult::Refused(error),
        Done::Throttled { error, retry_after_ms } => SendResult::Throttled { error, retry_after_ms },
        Done::Unknown(why) => SendResult::Unknown(why),
    }
}

fn accepted(answer: &Answer) -> SendResult {
    let said = match answer.json::<SendAnswer>() {
        Ok(said) => said,
        Err(why) => return SendResult::Unknown(why),
    };
    let upload = kept(&said, answer);
    match said.mid {
        Some(mid) => SendResult::Accepted { mid, recipient: said.recipient, upload },
        None => SendResult::Unknown(answer.unreadable("it names no message")),
    }
}
