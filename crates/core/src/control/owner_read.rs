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
//! An idle thread is not ours either, so that there `is_owner` tells nothing: a send does.

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

use super::act::tell;
use crate::desk::customer::tidy;
use crate::desk::inner::{Inner, lock};
use crate::store::{StoreError, ThreadRow};

/// Asks Meta who holds a thread, with two calls at most, and tells the team when that is news. A failure changes nothing.
pub(crate) async fn read_owner(inner: &Inner, thread: &ThreadRow) -> Result<(), StoreError> {
    let account = &thread.key.account;
    let facts = inner.store.account_facts(account).await?;
    if !facts.routing.has_owners() {
        return Ok(());
    }
    let Some(credentials) = inner.credentials(account).await else { return Ok(()) };
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
    let learned = match asking.learn(&facts).await {
        Ok(learned) => learned,
        Err(error) if error.is_dead_token() => return inner.token_died(account, &asking.credentials).await,
        Err(error) => {
            tracing::debug!(%error, "the owner could not be read");
            return Ok(());
        }
    };
    // Somebody here took or passed it meanwhile, and the answer may be from before.
    match learned.filter(|_| acts() == acts_before) {
        Some(Learned { seen, source, until_ms }) => tell(inner, thread, seen, source, until_ms).await,
        None => Ok(()),
    }
}

struct Asking<'a> {
    graph: GraphClient,
    page: AccountId,
    credentials: Credentials,
    thread: &'a ThreadRow,
}

/// What the team does not know yet.
#[derive(Debug, PartialEq, Eq)]
struct Learned {
    seen: OwnerSeen,
    source: OwnerSource,
    until_ms: Option<i64>,
}

impl Asking<'_> {
    async fn learn(&self, facts: &AccountFacts) -> Result<Option<Learned>, CallError> {
        let believed = &self.thread.owner;
        // Only routing tells it.
        let tells = facts.routing == RoutingMode::On;
        let mut is_ours = None;
        if tells && believed.owner == Owner::Ours {
            is_ours = self.is_ours().await?;
            if is_ours == Some(true) {
                return Ok(None);
            }
        }
        let owner = match self.owner().await {
            Ok(owner) => Some(owner),
            // What the first answer said holds without the second.
            Err(error) if is_ours.is_none() || error.is_dead_token() => return Err(error),
            Err(_) => None,
        };
        if tells && owner == Some(ThreadOwner::Idle) && is_held_by_somebody_nameless(believed) {
            is_ours = self.is_ours().await?;
        }
        Ok(learned(believed, owner, is_ours, facts))
    }

    async fn owner(&self) -> Result<ThreadOwner, CallError> {
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
    facts: &AccountFacts,
) -> Option<Learned> {
    let by_owner = |seen, until_ms| Learned { seen, source: OwnerSource::ThreadOwner, until_ms };
    let by_routing = |seen| Learned { seen, source: OwnerSource::IsOwner, until_ms: None };
    let not_ours = is_ours == Some(false);
    let learned = match owner {
        Some(ThreadOwner::App(app)) if facts.our_app.as_ref() == Some(&app.app_id) => {
            by_owner(OwnerSeen::Ours, app.expires_ms)
        }
        Some(ThreadOwner::App(app)) => by_owner(OwnerSeen::Other { app: Some(app.app_id) }, app.expires_ms),
        Some(ThreadOwner::Hidden { expires_ms }) => by_owner(OwnerSeen::Other { app: None }, expires_ms),
        // Nobody by name, and not us although we hold it as far as anything told.
        Some(ThreadOwner::Idle) | None if not_ours && believed.owner == Owner::Ours => {
            by_routing(OwnerSeen::Other { app: None })
        }
        Some(ThreadOwner::Idle) if not_ours && is_held_by_somebody_nameless(believed) => return None,
        Some(ThreadOwner::Idle) if is_ours == Some(true) => by_routing(OwnerSeen::Ours),
        Some(ThreadOwner::Idle) => by_owner(OwnerSeen::Idle, None),
        None => return None,
    };
    Some(learned).filter(|learned| !is_known(&believed.owner, &learned.seen, facts))
}

/// Whether Meta said, by an answer or a refusal, that it is not ours, and never whose it is.
fn is_held_by_somebody_nameless(believed: &OwnerState) -> bool {
    let is_nameless = matches!(believed.owner, Owner::Unknown | Owner::Other { app: None });
    is_nameless && matches!(believed.by, Cause::Read | Cause::SendRefused)
}

/// True when what Graph says adds nothing to what is known.
fn is_known(owner: &Owner, seen: &OwnerSeen, facts: &AccountFacts) -> bool {
    match seen {
        OwnerSeen::Ours => *owner == Owner::Ours,
        OwnerSeen::Idle => *owner == Owner::Idle,
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

    fn believed(owner: Owner, by: Cause) -> OwnerState {
        OwnerState { owner, by, ..OwnerState::default() }
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
        let learned = learned(&believed(owner, by), told, is_ours, &facts());
        assert_eq!(learned.map(|learned| (learned.seen, learned.source)), news);
    }

    #[test]
    fn an_app_by_name_goes_before_everything() {
        let named = |app: &str| {
            let json = serde_json::json!({"data": [{"thread_owner": {"app_id": app, "expiration": 1}}]});
            Some(serde_json::from_value::<ThreadOwner>(json).unwrap())
        };
        let ours = believed(Owner::Ours, Cause::Taken);
        let bot = learned(&ours, named(BOT), Some(false), &facts()).map(|learned| learned.seen);
        assert_eq!(bot, Some(OwnerSeen::Other { app: Some(AppId::from(BOT)) }));
        assert_eq!(learned(&ours, named(US), None, &facts()), None);
    }
}
