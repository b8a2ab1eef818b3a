//! Take, pass, release, request, extend: one call to Meta each, and what was learned goes to the team.

use baton_graph::{ControlResult, Credentials};
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::id::{INSTAGRAM_INBOX, PAGE_INBOX};
use baton_messenger::limits::EXTEND_SECONDS_MAX;
use baton_messenger::routing::AppRole;
use baton_messenger::send::{ControlBody, Unsendable};
use baton_messenger::{AppId, CustomerId, Platform, Words};
use baton_protocol::LogName;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use baton_thread::AccountFacts;

use super::owner_read::read_owner;
use super::{Act, can_do};
use crate::desk::inner::{Inner, lock};
use crate::store::{StoreError, ThreadId, ThreadRow};

/// Why an act on control did not work. The owner shown may be out of date then, so it is asked for again.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// It cannot work now, as far as is known; Meta was not asked.
    #[error("{act:?} is not possible now")]
    NotNow {
        /// What was asked.
        act: Act,
        /// How Meta decides there which app may answer.
        routing: RoutingMode,
    },
    /// There is no Page token that Meta accepts.
    #[error("there is no living Page token")]
    NoToken,
    /// Meta refused.
    #[error("{error}")]
    Refused {
        /// What it said.
        error: Box<GraphError>,
        /// What can be done on this account.
        words: Words,
    },
    /// Meta did not answer clearly, or could not be reached.
    #[error("Meta gave no clear answer")]
    Unclear(Words),
    /// The body could not be made.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ControlError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NotNow { act, routing } => not_now(*act, *routing),
            Self::NoToken => Words::new(
                "Meta does not accept this account's Page token, so control stays where it is.",
                "The account has to be connected again: the line at the top says who can do it.",
            ),
            Self::Refused { words, .. } | Self::Unclear(words) => words.clone(),
            Self::Unsendable(error) => error.agent_words(),
            Self::Store(error) => error.words(),
        }
    }
}

fn not_now(act: Act, routing: RoutingMode) -> Words {
    match (routing, act) {
        (RoutingMode::Off, _) => Words::new(
            "On this account any connected app may answer, so there is nothing to take, to pass or to give up.",
            "Write your reply. To have one app at a time, an admin of the account switches on Meta's routing.",
        ),
        (RoutingMode::Unknown, _) => Words::new(
            "Baton does not know yet how Meta decides here which app may answer.",
            "Wait until the account is connected, then try again.",
        ),
        (RoutingMode::HopV2, Act::Take) => Words::new(
            "Only the first receiver of this account may take a thread, and that is another app.",
            "Ask for the thread instead.",
        ),
        (RoutingMode::On, Act::Take) => {
            Words::new("Control of this thread cannot be taken now.", "Look at who holds it.")
        }
        (RoutingMode::On, Act::Request) => {
            Words::new("On this account a thread is taken, not asked for.", "Take the thread.")
        }
        (RoutingMode::HopV2, Act::Extend) => Words::new(
            "This account's old handover settings do not let an app keep a thread for longer.",
            "Answer before control ends, or take it again afterwards.",
        ),
        (RoutingMode::HopV2, Act::Request) => {
            Words::new("There is nobody to ask for this thread now.", "Look at who holds it.")
        }
        (RoutingMode::On | RoutingMode::HopV2, _) => Words::new(
            "This is not possible now: Baton does not hold the thread, or there is nobody to give it to.",
            "Look at who holds it.",
        ),
    }
}

/// Codes 10, 27 and 100 of these calls all say that control is not to be had now (docs/meta.md 5.4).
fn refused_words(error: &GraphError, routing: RoutingMode, platform: Platform) -> Words {
    if let ErrorClass::TokenDead { .. } | ErrorClass::Throttled = error.class() {
        return error.agent_words();
    }
    // The page of Meta where an admin allows an app to take control (docs/meta.md 5.1).
    let settings = match platform {
        Platform::Messenger => "facebook.com/settings?tab=msgr_conversation_routing",
        Platform::Instagram => "facebook.com/settings?tab=ig_conversation_routing",
    };
    match routing {
        RoutingMode::HopV2 => Words::new(
            "Meta did not give control of this thread: the account's old handover settings leave that to another app.",
            "Look at who holds it now. An admin of the account can choose another primary receiver in Meta's settings.",
        ),
        RoutingMode::On | RoutingMode::Off | RoutingMode::Unknown => Words::new(
            "Meta did not give control of this thread.",
            format!(
                "Look at who holds it now. If it never works, an admin of the account must allow Baton to take control: \
                 {settings}"
            ),
        ),
    }
}

/// Does it. The team learns of it before this returns.
pub(crate) async fn perform(inner: &Inner, thread: ThreadId, act: Act) -> Result<(), ControlError> {
    let thread = inner.thread(thread).await?;
    let account = &thread.key.account;
    let facts = inner.store.account_facts(account).await?;
    if !can_do(&thread.owner.owner, &facts).contains(&act) {
        return Err(ControlError::NotNow { act, routing: facts.routing });
    }
    let credentials = inner.credentials(account).await.ok_or(ControlError::NoToken)?;
    let page = inner.page_of(account).await?;
    let body = body(act, &thread.key.customer, thread.channel(), &facts)?;
    *lock(&inner.control_acts).entry(thread.id).or_default() += 1;
    match inner.graph().control(&credentials, &page, &body).await {
        ControlResult::Done => {
            learn(inner, &thread, act, &facts).await?;
            Ok(())
        }
        ControlResult::Refused(error) => {
            Err(refused(inner, &thread, act, (&facts, &credentials), error).await?)
        }
        ControlResult::Throttled { error, .. } => {
            let words = error.agent_words();
            Err(ControlError::Refused { error: Box::new(error), words })
        }
        ControlResult::NotBegun(why) => Err(ControlError::Unclear(why.agent_words())),
        ControlResult::Unknown(why) => {
            read_owner(inner, &thread).await?;
            Err(ControlError::Unclear(why.agent_words()))
        }
    }
}

fn body(
    act: Act,
    customer: &CustomerId,
    platform: Platform,
    facts: &AccountFacts,
) -> Result<ControlBody, Unsendable> {
    Ok(match act {
        Act::Take => ControlBody::take(customer, None),
        // Meta knows the default app of its routing; the old protocol has none, and wants to be told.
        Act::PassToDefault if facts.routing == RoutingMode::HopV2 => {
            ControlBody::pass(customer, facts.default_app.as_ref(), None)
        }
        Act::PassToDefault => ControlBody::pass(customer, None, None),
        Act::PassToInbox => ControlBody::pass(customer, Some(&inbox(platform)), None),
        Act::Release => ControlBody::release(customer),
        Act::Request => ControlBody::request(customer, None),
        Act::Extend => ControlBody::extend(customer, EXTEND_SECONDS_MAX)?,
    })
}

fn inbox(platform: Platform) -> AppId {
    AppId::from(match platform {
        Platform::Messenger => PAGE_INBOX,
        Platform::Instagram => INSTAGRAM_INBOX,
    })
}

/// Tells the team what an act did.
async fn learn(inner: &Inner, thread: &ThreadRow, act: Act, facts: &AccountFacts) -> Result<(), StoreError> {
    let now_ms = inner.meta_now().ms;
    let (seen, source, until_ms) = match act {
        Act::Take => (OwnerSeen::Ours, OwnerSource::Took, None),
        Act::PassToDefault => {
            (OwnerSeen::Other { app: facts.default_app.clone() }, OwnerSource::Passed, None)
        }
        Act::PassToInbox => {
            (OwnerSeen::Other { app: Some(inbox(thread.channel())) }, OwnerSource::Passed, None)
        }
        Act::Release => (OwnerSeen::Idle, OwnerSource::Released, None),
        // Asking moves nothing; the owner decides.
        Act::Request => (OwnerSeen::Other { app: None }, OwnerSource::Requested, None),
        Act::Extend => {
            let until_ms = now_ms.saturating_add(i64::from(EXTEND_SECONDS_MAX) * 1000);
            (OwnerSeen::Ours, OwnerSource::Extended, Some(until_ms))
        }
    };
    let thread = inner.thread(thread.id).await?;
    tell(inner, &thread, seen, source, until_ms).await
}

async fn refused(
    inner: &Inner,
    thread: &ThreadRow,
    act: Act,
    (facts, used): (&AccountFacts, &Credentials),
    error: GraphError,
) -> Result<ControlError, StoreError> {
    if let ErrorClass::TokenDead { .. } = error.class() {
        inner.token_died(&thread.key.account, used).await?;
    } else {
        learn_role(inner, thread, act, facts, &error).await?;
        read_owner(inner, thread).await?;
    }
    let words = refused_words(&error, facts.routing, thread.channel());
    Ok(ControlError::Refused { error: Box::new(error), words })
}

/// In the old protocol one kind of receiver takes and the other asks: a refusal of the one tells that we are the other.
async fn learn_role(
    inner: &Inner,
    thread: &ThreadRow,
    act: Act,
    facts: &AccountFacts,
    error: &GraphError,
) -> Result<(), StoreError> {
    let role = match act {
        Act::Take => AppRole::SecondaryReceiver,
        Act::Request => AppRole::PrimaryReceiver,
        _ => return Ok(()),
    };
    let by_role = facts.routing == RoutingMode::HopV2 && error.class() == ErrorClass::TakeUnavailable;
    if by_role && facts.role.is_none() {
        inner.store.guess_role(&thread.key.account, role).await?;
        inner.notices.threads([thread.id], inner.store.version());
    }
    Ok(())
}

/// Tells the team what was learned of a thread's owner.
pub(super) async fn tell(
    inner: &Inner,
    thread: &ThreadRow,
    seen: OwnerSeen,
    source: OwnerSource,
    until_ms: Option<i64>,
) -> Result<(), StoreError> {
    // It was learned after everything that is known of the thread, whatever the grain of our clock.
    let known_ms = thread.last_at_ms.max(thread.owner.since_ms.unwrap_or(i64::MIN));
    let command = Command::LearnOwner {
        customer: thread.key.customer.clone(),
        seen,
        source,
        at_ms: inner.meta_now().ms.max(known_ms.saturating_add(1)),
        until_ms,
        note: None,
    };
    inner.tell(&LogName::Account(thread.key.account.clone()), command).await
}
