//! Take, pass, release, request, extend: one call to Meta each, and what was learned goes to the team.

use baton_graph::{ControlResult, Credentials, NoProof, NotBegun};
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::limits::EXTEND_SECONDS_MAX;
use baton_messenger::routing::{AppRole, settings_address};
use baton_messenger::send::{ControlBody, Metadata, Unsendable};
use baton_messenger::{AppId, CustomerId, Platform, Words};
use baton_protocol::LogName;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::Command;
use baton_protocol::team::OwnerSeen;
use baton_thread::AccountFacts;

use super::can::names_its_target;
use super::learned::{Learned, inbox, learned_at};
use super::owner_read::read_owner;
use super::{Act, can_do, other_apps, words};
use crate::by_hand;
use crate::desk::inner::{Inner, lock, request};
use crate::desk::unsettled;
use crate::store::{Begun, QueuedCommand, StoreError, ThreadId, ThreadRow};

/// What is asked about control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The act.
    pub act: Act,
    /// The app that [`Act::PassToApp`] is for.
    pub to: Option<AppId>,
    /// A note for whoever gets or has the thread; only a pass, a take and a request carry one.
    pub note: Option<String>,
    /// How long [`Act::Extend`] keeps the thread, seconds.
    pub for_s: u32,
    /// True where no agent asks for this act: they are done with the thread.
    pub when_done: bool,
}

impl Asked {
    /// The act without a note; to keep a thread means for as long as Meta allows.
    #[must_use]
    pub fn plain(act: Act) -> Self {
        Self { act, to: None, note: None, for_s: EXTEND_SECONDS_MAX, when_done: false }
    }

    /// Keeps a thread for so many seconds.
    #[must_use]
    pub fn keep(for_s: u32) -> Self {
        Self { for_s, ..Self::plain(Act::Extend) }
    }

    /// Hands a thread back to the default app because its agent is done with it.
    #[must_use]
    pub fn hand_back() -> Self {
        Self { when_done: true, ..Self::plain(Act::PassToDefault) }
    }

    /// The note as Meta takes it.
    fn metadata(&self) -> Result<Option<Metadata>, Unsendable> {
        let has_one = !matches!(self.act, Act::Release | Act::Extend);
        let note = self.note.as_deref().map(str::trim).filter(|note| has_one && !note.is_empty());
        note.map(Metadata::new).transpose()
    }
}

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
        /// The channel.
        platform: Platform,
        /// Meta refused our app to take control on this account before.
        take_refused: bool,
    },
    /// The app that a pass names is not known on the account.
    #[error("the app is not known on this account")]
    NoSuchApp,
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
        /// The channel.
        platform: Platform,
    },
    /// Meta turned it away for its limits; nothing changed.
    #[error("{error}")]
    Throttled {
        /// What it said.
        error: Box<GraphError>,
        /// How long it asks to wait, milliseconds.
        retry_after_ms: i64,
    },
    /// It never left; nothing changed.
    #[error(transparent)]
    NotBegun(NotBegun),
    /// Meta did not answer clearly.
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
            Self::NotNow { act, routing, platform, take_refused } => {
                words::not_now(*act, *routing, take_refused.then_some(*platform))
            }
            Self::NoSuchApp => words::no_such_app(),
            Self::NoToken => Words::new(
                "Meta does not accept this account's Page token, so control stays where it is.",
                "The account has to be connected again: the line at the top says who can do it.",
            ),
            Self::Refused { words, .. } | Self::Unclear(words) => words.clone(),
            Self::Throttled { retry_after_ms, .. } => by_hand::throttled(*retry_after_ms),
            Self::NotBegun(why) => by_hand::not_begun(why),
            Self::Unsendable(error) => error.agent_words(),
            Self::Store(error) => error.words(),
        }
    }

    /// The page of Meta's settings where an admin of the account can change what stands in the way.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        match self {
            Self::NotNow { routing: RoutingMode::Off | RoutingMode::HopV2, platform, .. }
            | Self::NotNow { act: Act::Take, take_refused: true, platform, .. } => {
                Some(settings_address(*platform))
            }
            Self::Refused { error, platform, .. } if words::is_of_a_setting(error) => {
                Some(settings_address(*platform))
            }
            _ => None,
        }
    }
}

/// Does it. It is shown here, and on its way to the team, before this returns; that it was begun is kept before Meta is asked,
/// for a desk that ends in between.
pub(crate) async fn perform(inner: &Inner, thread: ThreadId, asked: &Asked) -> Result<(), ControlError> {
    let thread = inner.thread(thread).await?;
    let account = &thread.key.account;
    let (act, platform) = (asked.act, thread.channel());
    let facts = inner.store.account_facts(account).await?;
    if !can_do(&thread.owner.owner, &facts).contains(&act) {
        let (routing, take_refused) = (facts.routing, facts.take_refused);
        return Err(ControlError::NotNow { act, routing, platform, take_refused });
    }
    let body = body(asked, &thread.key.customer, platform, &facts)?;
    let credentials = inner.credentials(account).await.ok_or(ControlError::NoToken)?;
    let page = inner.page_of(account).await?;
    let begun = match act {
        Act::Request | Act::Extend => None,
        _ => Some(inner.store.act_begins(&thread.key, Begun::Control).await?),
    };
    *lock(&inner.control_acts).entry(thread.id).or_default() += 1;
    let answer = inner.graph().control(&credentials, &page, &body).await;
    let done = answered(inner, &thread, asked, (&facts, &credentials), answer).await;
    // What could not be kept is settled at the next start.
    if let Some(begun) = begun
        && !matches!(done, Err(ControlError::Store(_)))
    {
        unsettled::ended(inner, &begun).await;
    }
    done
}

/// What Meta's answer means, for the team and for whoever asked.
async fn answered(
    inner: &Inner,
    thread: &ThreadRow,
    asked: &Asked,
    (facts, credentials): (&AccountFacts, &Credentials),
    answer: ControlResult,
) -> Result<(), ControlError> {
    let account = &thread.key.account;
    let act = asked.act;
    match answer {
        ControlResult::Done => {
            learn(inner, thread, asked, facts).await?;
            Ok(())
        }
        ControlResult::Refused(error) => {
            let (error, seen) = refused(inner, thread, act, (facts, credentials), error).await?;
            // What was ours already cannot be taken, and need not be.
            if act == Act::Take && seen == Some(OwnerSeen::Ours) { Ok(()) } else { Err(error) }
        }
        ControlResult::Throttled { error, retry_after_ms } => {
            Err(ControlError::Throttled { error: Box::new(error), retry_after_ms })
        }
        ControlResult::NotBegun(why) => {
            if matches!(why, NotBegun::TokenUnusable | NotBegun::NoProof(NoProof::NotForThisToken(_))) {
                inner.token_died(account, credentials).await?;
            }
            Err(ControlError::NotBegun(why))
        }
        ControlResult::Unknown(why) => {
            read_owner(inner, thread).await?;
            Err(ControlError::Unclear(words::unclear(&why)))
        }
    }
}

fn body(
    asked: &Asked,
    customer: &CustomerId,
    platform: Platform,
    facts: &AccountFacts,
) -> Result<ControlBody, ControlError> {
    let note = asked.metadata()?;
    Ok(match asked.act {
        Act::Take => ControlBody::take(customer, note),
        Act::PassToDefault => {
            let named = facts.default_app.as_ref().filter(|_| names_its_target(facts));
            ControlBody::pass(customer, named, note)
        }
        Act::PassToInbox => ControlBody::pass(customer, Some(&inbox(platform)), note),
        Act::PassToApp => {
            let known = |app: &&AppId| other_apps(facts).any(|one| one == *app);
            let app = asked.to.as_ref().filter(known).ok_or(ControlError::NoSuchApp)?;
            ControlBody::pass(customer, Some(app), note)
        }
        Act::Release => ControlBody::release(customer),
        Act::Request => ControlBody::request(customer, note),
        Act::Extend => ControlBody::extend(customer, asked.for_s)?,
    })
}

/// Tells the team what an act did.
async fn learn(
    inner: &Inner,
    thread: &ThreadRow,
    asked: &Asked,
    facts: &AccountFacts,
) -> Result<(), StoreError> {
    let (now_ms, for_ms) = (inner.meta_now().ms, i64::from(asked.for_s) * 1000);
    let learned = Learned::by_act(asked.act, asked.to.as_ref(), for_ms, now_ms, thread.channel(), facts);
    let note = asked.metadata().ok().flatten().map(|note| note.as_str().to_owned());
    let thread = inner.thread(thread.id).await?;
    tell(inner, &thread, learned, Along { note, when_done: asked.when_done }).await
}

/// Why it did not work, and who holds the thread, where Meta tells.
async fn refused(
    inner: &Inner,
    thread: &ThreadRow,
    act: Act,
    (facts, used): (&AccountFacts, &Credentials),
    error: GraphError,
) -> Result<(ControlError, Option<OwnerSeen>), StoreError> {
    let mut seen = None;
    if let ErrorClass::TokenDead { .. } = error.class() {
        inner.token_died(&thread.key.account, used).await?;
    } else {
        learn_role(inner, thread, act, facts, &error).await?;
        seen = read_owner(inner, thread).await?;
        learn_refused_take(inner, thread, act, facts, (&error, seen.as_ref())).await?;
    }
    let platform = thread.channel();
    let words = words::refused(&error, act, facts.routing, platform);
    Ok((ControlError::Refused { error: Box::new(error), words, platform }, seen))
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

/// Meta does not let our app take control there, whichever thread it is: that is offered no more until something says
/// otherwise. In the old protocol the refusal tells the role, as long as nothing else does ([`learn_role`]).
async fn learn_refused_take(
    inner: &Inner,
    thread: &ThreadRow,
    act: Act,
    facts: &AccountFacts,
    (error, seen): (&GraphError, Option<&OwnerSeen>),
) -> Result<(), StoreError> {
    let is_told_by_role = facts.routing == RoutingMode::HopV2 && facts.role.is_none();
    let is_account_wide = error.class() == ErrorClass::TakeUnavailable && !is_told_by_role;
    if act != Act::Take || !is_account_wide || seen == Some(&OwnerSeen::Ours) {
        return Ok(());
    }
    inner.store.take_was_refused(&thread.key.account).await?;
    inner.notices.threads([thread.id], inner.store.version());
    Ok(())
}

/// What the team is told beside who holds a thread.
#[derive(Debug, Default)]
pub(crate) struct Along {
    /// The note that went with the act.
    pub note: Option<String>,
    /// True where no agent asked for the act: they are done with the thread.
    pub when_done: bool,
}

/// What was learned of a thread's owner is shown here at once, whatever the relay does, and the team is told.
pub(crate) async fn tell(
    inner: &Inner,
    thread: &ThreadRow,
    Learned { seen, source, until_ms }: Learned,
    Along { note, when_done }: Along,
) -> Result<(), StoreError> {
    let command = Command::LearnOwner {
        customer: thread.key.customer.clone(),
        seen,
        source,
        at_ms: learned_at(inner.meta_now().ms, thread.last_at_ms, &thread.owner),
        until_ms,
        note,
        when_done,
    };
    let account = &thread.key.account;
    // Only a desk that the relay knows has threads.
    let Some(me) = inner.me() else { return inner.tell(&LogName::Account(account.clone()), command).await };
    inner.store.learn_owner(me.desk, account, &request(command), inner.wall_ms()).await?;
    inner.wake_commands.notify_one();
    inner.wake_sleepers.notify_one();
    inner.notices.threads([thread.id], inner.store.version());
    Ok(())
}

/// The relay refused for good to take what this desk learned of an owner: what the log tells is shown again. True when it was
/// that, and was forgotten with it.
pub(crate) async fn was_not_learned(inner: &Inner, queued: &QueuedCommand) -> Result<bool, StoreError> {
    let (Some(me), Some(account)) = (inner.me(), queued.log.account()) else { return Ok(false) };
    let thread = inner.store.owner_was_not_learned(me.desk, account, &queued.request).await?;
    inner.notices.threads(thread, inner.store.version());
    Ok(thread.is_some())
}
