//! Meta is asked who holds a thread, and the team learns of it when that is news.
//!
//! Two of its answers speak of it, and neither is enough (docs/meta.md 5.3, 5.5):
//!
//! ```text
//!   thread_owner   an app by name · some app · nobody. What holds a thread without being an app, as Meta's AI agent does,
//!                  may look like nobody
//!   is_owner       ours or not ours, whoever else it is. It is told with routing on only
//!
//!   believed ours      is_owner ──▶ ours: nothing more is asked
//!                               └─▶ not ours: thread_owner for the name; without one, somebody whom Meta does not name
//!   believed nameless  thread_owner ──▶ nobody: is_owner; not ours leaves it as it was
//!   otherwise          thread_owner
//! ```
//!
//! Where another app is the default one, a thread that nobody holds refuses us and is not ours, so that nobody is what is
//! believed. Elsewhere a refusal, or that a thread which was ours is not any more, says that somebody holds it; an answer that
//! names nobody contradicts that, and is believed once the other is two minutes old.
//!
//! An idle thread is not ours either, so that there `is_owner` tells nothing: a send does. With routing off no thread is
//! meant to have an owner, and an app can have one all the same: thread_owner is asked there too. Of Meta's AI agent a send alone
//! tells there, because is_owner does not exist.

use baton_graph::{CallError, Credentials, GraphClient, Urgency};
use baton_messenger::AccountId;
use baton_messenger::answer::{SecondaryReceiver, ThreadOwner};
use baton_messenger::error::ErrorClass;
use baton_messenger::id::is_meta_inbox;
use baton_messenger::routing::AppRole;
use baton_protocol::LogName;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use baton_thread::{AccountFacts, Cause, Owner, OwnerState};

use super::act::{Along, tell};
use super::learned::Learned;
use crate::desk::customer::tidy;
use crate::desk::inner::{Inner, lock};
use crate::store::{StoreError, ThreadRow};

/// What came of asking Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OwnerRead {
    /// It said something new, and the team is told.
    News(OwnerSeen),
    /// It said nothing new, or cannot tell on this account.
    NoNews,
    /// It could not be asked.
    NotRead,
}

/// Asks Meta who holds a thread, with two calls at most, and tells the team when that is news. A failure changes nothing. Returns
/// what was news.
pub(crate) async fn read_owner(inner: &Inner, thread: &ThreadRow) -> Result<Option<OwnerSeen>, StoreError> {
    Ok(match try_read_owner(inner, thread).await? {
        OwnerRead::News(seen) => Some(seen),
        OwnerRead::NoNews | OwnerRead::NotRead => None,
    })
}

/// The same, for whoever tries again where Meta could not be asked.
pub(crate) async fn try_read_owner(inner: &Inner, thread: &ThreadRow) -> Result<OwnerRead, StoreError> {
    let account = &thread.key.account;
    let facts = inner.store.account_facts(account).await?;
    if !is_worth_asking(&facts) {
        return Ok(OwnerRead::NoNews);
    }
    let Some(credentials) = inner.credentials(account).await else { return Ok(OwnerRead::NotRead) };
    let acts = || lock(&inner.control_acts).get(&thread.id).copied();
    let acts_before = acts();
    if facts.routing == RoutingMode::HopV2 && facts.role != Some(AppRole::SecondaryReceiver) {
        ask_receivers(inner, account, &credentials, &facts).await?;
    }
    let asking = Asking {
        graph: inner.graph().urgent(Urgency::Opening),
        page: inner.page_of(account).await?,
        credentials,
        thread,
    };
    let learned = match ask_owner(&thread.owner, &facts, inner.meta_now().ms, &asking).await {
        Ok(learned) => learned,
        Err(error) if error.is_dead_token() => {
            inner.token_died(account, &asking.credentials).await?;
            return Ok(OwnerRead::NotRead);
        }
        Err(error) => {
            tracing::debug!(%error, "the owner could not be read");
            return Ok(OwnerRead::NotRead);
        }
    };
    // Somebody here took or passed it meanwhile, and the answer may be from before.
    match learned.filter(|_| acts() == acts_before) {
        Some(learned) => {
            let seen = learned.seen.clone();
            tell(inner, thread, learned, Along::default()).await?;
            Ok(OwnerRead::News(seen))
        }
        None => Ok(OwnerRead::NoNews),
    }
}

struct Asking<'a> {
    graph: GraphClient,
    page: AccountId,
    credentials: Credentials,
    thread: &'a ThreadRow,
}

/// Meta's two answers about the owner of one thread.
pub trait OwnerAnswers {
    /// `thread_owner`.
    ///
    /// # Errors
    /// [`CallError`].
    fn thread_owner(&self) -> impl Future<Output = Result<ThreadOwner, CallError>> + Send;

    /// `is_owner`; none where Meta does not tell it.
    ///
    /// # Errors
    /// [`CallError`], a dead token alone.
    fn is_ours(&self) -> impl Future<Output = Result<Option<bool>, CallError>> + Send;
}

/// Whether Meta can tell who holds a thread: wherever it is known which way control goes there. With routing off a thread can be
/// an app's all the same, and may have become that in silence (docs/meta.md 5.5).
#[must_use]
pub fn is_worth_asking(facts: &AccountFacts) -> bool {
    facts.routing.has_owners() || facts.routing == RoutingMode::Off
}

/// Asks Meta who holds a thread; returns what is news.
///
/// # Errors
/// [`CallError`] when Meta said nothing.
pub async fn ask_owner(
    believed: &OwnerState,
    facts: &AccountFacts,
    now_ms: i64,
    meta: &impl OwnerAnswers,
) -> Result<Option<Learned>, CallError> {
    // Only routing tells it.
    let tells = facts.routing == RoutingMode::On;
    let mut is_ours = None;
    if tells && believed.owner == Owner::Ours {
        is_ours = meta.is_ours().await?;
        if is_ours == Some(true) {
            return Ok(None);
        }
    }
    let owner = match meta.thread_owner().await {
        Ok(owner) => Some(owner),
        // What the first answer said holds without the second.
        Err(error) if is_ours.is_none() || error.is_dead_token() => return Err(error),
        Err(_) => None,
    };
    if tells && owner == Some(ThreadOwner::Idle) && is_held_by_somebody_nameless(believed, now_ms) {
        is_ours = meta.is_ours().await?;
    }
    Ok(learned(believed, owner, is_ours, (facts, now_ms)))
}

impl OwnerAnswers for Asking<'_> {
    async fn thread_owner(&self) -> Result<ThreadOwner, CallError> {
        self.graph.thread_owner(&self.credentials, &self.page, &self.thread.key.customer).await
    }

    async fn is_ours(&self) -> Result<Option<bool>, CallError> {
        let (channel, customer) = (self.thread.channel(), &self.thread.key.customer);
        match self.graph.is_owner(&self.credentials, &self.page, channel, customer).await {
            Err(error) if !error.is_dead_token() => {
                tracing::debug!(%error, "whether a thread is ours could not be read");
                Ok(None)
            }
            answer => answer,
        }
    }
}

/// What is news in Meta's answers. Pure.
fn learned(
    believed: &OwnerState,
    owner: Option<ThreadOwner>,
    is_ours: Option<bool>,
    (facts, now_ms): (&AccountFacts, i64),
) -> Option<Learned> {
    let by_owner = |seen, until_ms| Learned { seen, source: OwnerSource::ThreadOwner, until_ms };
    let by_routing = |seen| Learned { seen, source: OwnerSource::IsOwner, until_ms: None };
    let not_ours = is_ours == Some(false);
    // Then nobody's thread refuses us in the same words.
    let fits_nobody = facts.default_app.as_ref().is_some_and(|app| facts.our_app.as_ref() != Some(app));
    let learned = match owner {
        Some(ThreadOwner::App(app)) if facts.our_app.as_ref() == Some(&app.app_id) => {
            by_owner(OwnerSeen::Ours, app.expires_ms)
        }
        Some(ThreadOwner::App(app)) => by_owner(OwnerSeen::Other { app: Some(app.app_id) }, app.expires_ms),
        Some(ThreadOwner::Hidden { expires_ms }) => by_owner(OwnerSeen::Other { app: None }, expires_ms),
        // Nobody by name, and not us although we hold it as far as anything told.
        Some(ThreadOwner::Idle) if not_ours && believed.owner == Owner::Ours && !fits_nobody => {
            by_routing(OwnerSeen::Other { app: None })
        }
        None if not_ours && believed.owner == Owner::Ours => by_routing(OwnerSeen::Other { app: None }),
        Some(ThreadOwner::Idle)
            if not_ours && !fits_nobody && is_held_by_somebody_nameless(believed, now_ms) =>
        {
            return None;
        }
        Some(ThreadOwner::Idle) if is_ours == Some(true) => by_routing(OwnerSeen::Ours),
        Some(ThreadOwner::Idle) => by_owner(OwnerSeen::Idle, None),
        None => return None,
    };
    Some(learned).filter(|learned| !is_known(&believed.owner, &learned.seen, facts))
}

/// So long a refusal, or that it is not ours, outweighs an answer that names nobody, milliseconds.
const DOUBT_MS: i64 = 2 * 60_000;

/// Whether Meta said a moment ago, by an answer or a refusal, that it is not ours, and never whose it is.
fn is_held_by_somebody_nameless(believed: &OwnerState, now_ms: i64) -> bool {
    let was_just_said = believed.since_ms.is_some_and(|since_ms| now_ms.saturating_sub(since_ms) < DOUBT_MS);
    let is_nameless = matches!(believed.owner, Owner::Unknown | Owner::Other { app: None });
    was_just_said && is_nameless && matches!(believed.by, Cause::Read | Cause::SendRefused)
}

/// True when what Graph says adds nothing to what is known.
fn is_known(owner: &Owner, seen: &OwnerSeen, facts: &AccountFacts) -> bool {
    match seen {
        OwnerSeen::Ours => *owner == Owner::Ours,
        OwnerSeen::Idle => matches!(owner, Owner::Idle | Owner::Unmanaged),
        OwnerSeen::Other { app: None } => owner.is_elsewhere(),
        OwnerSeen::Other { app: Some(app) } => *owner == Owner::of_app(app, facts),
    }
}

/// The list of the other receivers is for the primary one alone: whether it is given tells which we are, and it tells what
/// the others are called. Asked once in the life of a desk, because Meta may not know it any more (docs/meta.md 5.1).
async fn ask_receivers(
    inner: &Inner,
    account: &AccountId,
    credentials: &Credentials,
    facts: &AccountFacts,
) -> Result<(), StoreError> {
    if !lock(&inner.roles_asked).insert(account.clone()) {
        return Ok(());
    }
    let role = match inner.graph().urgent(Urgency::Background).secondary_receivers(credentials).await {
        Ok(receivers) => {
            tell_names(inner, account, receivers.data, facts).await?;
            AppRole::PrimaryReceiver
        }
        Err(error) if error.class() == Some(ErrorClass::TakeUnavailable) => AppRole::SecondaryReceiver,
        Err(error) => {
            tracing::debug!(%error, "Meta does not tell our role");
            return Ok(());
        }
    };
    inner.store.guess_role(account, role).await?;
    inner.notices.lists(inner.store.version());
    inner.notices.accounts();
    Ok(())
}

/// Names of apps that nobody knows yet go to the team.
async fn tell_names(
    inner: &Inner,
    account: &AccountId,
    receivers: Vec<SecondaryReceiver>,
    facts: &AccountFacts,
) -> Result<(), StoreError> {
    for receiver in receivers {
        let name = tidy(receiver.name.as_deref().unwrap_or_default());
        let is_known = facts.apps.get(&receiver.id).is_some_and(|known| !known.name.is_empty());
        if name.is_empty() || is_known || is_meta_inbox(&receiver.id) {
            continue;
        }
        let command = Command::ReportApp { app: receiver.id, name };
        inner.tell(&LogName::Account(account.clone()), command).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use baton_messenger::AppId;
    use rstest::rstest;

    use super::*;

    const US: &str = "700100200300400";
    const BOT: &str = "700555666777888";
    const IDLE: Option<ThreadOwner> = Some(ThreadOwner::Idle);
    const HIDDEN: Option<ThreadOwner> = Some(ThreadOwner::Hidden { expires_ms: None });

    fn facts() -> AccountFacts {
        AccountFacts { our_app: Some(US.into()), routing: RoutingMode::On, ..AccountFacts::default() }
    }

    const NOW: i64 = 1_791_190_800_000;

    fn believed(owner: Owner, by: Cause) -> OwnerState {
        OwnerState { owner, by, since_ms: Some(NOW - 1_000), ..OwnerState::default() }
    }

    fn nameless() -> Owner {
        Owner::Other { app: None }
    }

    #[rstest]
    #[case::still_idle(Owner::Idle, Cause::Released, IDLE, None, None)]
    #[case::released_unheard(Owner::Ours, Cause::Taken, IDLE, None, Some((OwnerSeen::Idle, OwnerSource::ThreadOwner)))]
    #[case::taken_by_nobody_who_is_named(
        Owner::Ours, Cause::Taken, IDLE, Some(false),
        Some((OwnerSeen::Other { app: None }, OwnerSource::IsOwner))
    )]
    #[case::the_name_is_not_given(
        Owner::Ours, Cause::Taken, HIDDEN, Some(false),
        Some((OwnerSeen::Other { app: None }, OwnerSource::ThreadOwner))
    )]
    #[case::the_name_could_not_be_asked_for(
        Owner::Ours, Cause::Taken, None, Some(false),
        Some((OwnerSeen::Other { app: None }, OwnerSource::IsOwner))
    )]
    #[case::nothing_was_told(Owner::Ours, Cause::Taken, None, None, None)]
    #[case::still_nobody_named(nameless(), Cause::Read, IDLE, Some(false), None)]
    #[case::still_not_known(Owner::Unknown, Cause::Read, IDLE, Some(false), None)]
    #[case::given_up_meanwhile(
        nameless(), Cause::Read, IDLE, None, Some((OwnerSeen::Idle, OwnerSource::ThreadOwner))
    )]
    #[case::ours_again(nameless(), Cause::Read, IDLE, Some(true), Some((OwnerSeen::Ours, OwnerSource::IsOwner)))]
    #[case::a_send_was_taken(
        Owner::Unknown, Cause::SendAccepted, IDLE, None, Some((OwnerSeen::Idle, OwnerSource::ThreadOwner))
    )]
    fn answers_are_read_together(
        #[case] owner: Owner,
        #[case] by: Cause,
        #[case] told: Option<ThreadOwner>,
        #[case] is_ours: Option<bool>,
        #[case] news: Option<(OwnerSeen, OwnerSource)>,
    ) {
        let learned = learned(&believed(owner, by), told, is_ours, (&facts(), NOW));
        assert_eq!(learned.map(|learned| (learned.seen, learned.source)), news);
    }

    #[rstest]
    #[case::with_routing(RoutingMode::On, true)]
    #[case::in_the_old_protocol(RoutingMode::HopV2, true)]
    #[case::without_routing(RoutingMode::Off, true)]
    #[case::nobody_knows_which(RoutingMode::Unknown, false)]
    fn meta_is_asked_wherever_a_thread_can_be_an_apps(#[case] routing: RoutingMode, #[case] asks: bool) {
        assert_eq!(is_worth_asking(&AccountFacts { routing, ..facts() }), asks);
    }

    #[test]
    fn with_routing_off_an_app_that_took_in_silence_is_told() {
        let facts = AccountFacts { routing: RoutingMode::Off, ..facts() };
        let free = believed(Owner::Unmanaged, Cause::RoutingOff);
        let seen = |told| learned(&free, told, None, (&facts, NOW)).map(|learned| learned.seen);
        assert_eq!(seen(HIDDEN), Some(OwnerSeen::Other { app: None }));
        assert_eq!(seen(IDLE), None);
    }

    #[test]
    fn an_app_by_name_goes_before_everything() {
        let named = |app: &str| {
            let json = serde_json::json!({"data": [{"thread_owner": {"app_id": app, "expiration": 1}}]});
            Some(serde_json::from_value::<ThreadOwner>(json).unwrap())
        };
        let ours = believed(Owner::Ours, Cause::Taken);
        let bot = learned(&ours, named(BOT), Some(false), (&facts(), NOW)).map(|learned| learned.seen);
        assert_eq!(bot, Some(OwnerSeen::Other { app: Some(AppId::from(BOT)) }));
        assert_eq!(learned(&ours, named(US), None, (&facts(), NOW)), None);
    }

    #[test]
    fn that_meta_names_nobody_is_believed_when_nothing_speaks_against_it() {
        let nobody =
            Some(Learned { seen: OwnerSeen::Idle, source: OwnerSource::ThreadOwner, until_ms: None });
        let refused = believed(nameless(), Cause::SendRefused);
        assert_eq!(learned(&refused, IDLE, Some(false), (&facts(), NOW)), None, "a send was just refused");
        let later = NOW + DOUBT_MS;
        assert_eq!(learned(&refused, IDLE, Some(false), (&facts(), later)), nobody);
        // With another default app, nobody's thread is not ours either, and refuses us.
        let bot_first = AccountFacts { default_app: Some(BOT.into()), ..facts() };
        let ours = believed(Owner::Ours, Cause::Taken);
        assert_eq!(learned(&ours, IDLE, Some(false), (&bot_first, NOW)), nobody);
        assert_eq!(learned(&refused, IDLE, Some(false), (&bot_first, NOW)), nobody);
    }
}
