//! First run, accounts and what is not well.

use baton_core::desk::{
    AccountStanding, DeskProblem, Phase as DeskPhase, ProblemKind as DeskProblemKind, Token,
};
use baton_core::store::TokenRow;
use baton_messenger::id::Platform;
use baton_protocol::AccountId;
use baton_protocol::account::{HumanAgentRight, RoutingMode, WaitingRule};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::RoleChange;
use secrecy::SecretString;

use super::control_words::default_app_name;
use super::queue::queue_view;
use super::{Answer, Answering, accounts, errors, history, people};
use crate::contract::account::{AccountFact, KnownAppView};
use crate::contract::queue::QueueView;
use crate::contract::session::{
    AccountView, CheckRelay, Enrol, HumanAgentView, InvitedAccount, PageCheck, PageToken, Phase, Problem,
    ProblemKind, RelayCheck, RoleChangeView, RoleView, RoutingView, Session, SetHandBack, SetHumanAgent,
    SetWaiting, TokenFactsView, TokenView,
};
use crate::contract::{Channel, Ms, Words};

impl Answering {
    pub(crate) async fn session(&self, (): ()) -> Answer<Session> {
        let session = self.desk().session().await.map_err(errors::of_desk)?;
        let mut views = Vec::with_capacity(session.accounts.len());
        let now_ms = self.desk().meta_now().ms;
        for standing in &session.accounts {
            let facts = self
                .desk()
                .store()
                .account_facts(&standing.access.account)
                .await
                .map_err(errors::of_store)?;
            let health = accounts::health(standing, default_app_name(&facts).as_deref(), now_ms);
            let known =
                self.desk().store().known_apps(&standing.access.account).await.map_err(errors::of_store)?;
            let apps = accounts::apps(known, facts.our_app.as_ref());
            let rules =
                self.desk().store().queue_rules(&standing.access.account).await.map_err(errors::of_store)?;
            views.push(account_view(standing, default_app_name(&facts), health, (apps, queue_view(&rules))));
        }
        Ok(Session {
            phase: phase(session.phase),
            agent_name: session.enrolment.as_ref().map(|enrolment| enrolment.agent_name.clone()),
            workspace: session.enrolment.as_ref().map(|enrolment| enrolment.workspace.clone()),
            relay_address: session.enrolment.map(|enrolment| enrolment.relay),
            can_log_in: self.desk().can_log_in(),
            accounts: views,
            problems: session.problems.into_iter().map(problem).collect(),
            cut_off: session.cut_off.map(people::cut_off),
        })
    }

    pub(crate) async fn check_relay(&self, asked: CheckRelay) -> Answer<RelayCheck> {
        let invite = SecretString::from(asked.invite.trim());
        let (address, info) =
            self.desk().check_relay(&asked.address, &invite).await.map_err(errors::of_desk)?;
        Ok(RelayCheck {
            address: address.to_string(),
            workspace: info.workspace,
            agent_name: info.agent_name,
            changes: info.changes.iter().map(|change| role_change(change, &info.accounts)).collect(),
            accounts: info.accounts.iter().map(invited).collect(),
            expires_at_ms: Ms(info.expires_at_ms),
        })
    }

    pub(crate) async fn enrol(&self, asked: Enrol) -> Answer<Session> {
        let invite = SecretString::from(asked.invite.trim());
        self.desk().enrol(&asked.address, &invite).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn check_page_token(&self, pasted: PageToken) -> Answer<PageCheck> {
        let (account, token) = read(&pasted);
        let page = self.desk().check_page_token(&account, &token).await.map_err(errors::of_desk)?;
        Ok(PageCheck {
            page_name: page.name,
            page: page.page.to_string(),
            routing: routing(page.routing),
            missing_rights: page.missing_rights,
        })
    }

    pub(crate) async fn connect_account(&self, pasted: PageToken) -> Answer<Session> {
        let (account, token) = read(&pasted);
        self.desk().connect_account(&account, &token).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn set_human_agent(&self, set: SetHumanAgent) -> Answer<()> {
        let account = AccountId::from(set.account.as_str());
        self.desk().set_human_agent(&account, set.approved).await.map_err(errors::of_desk)
    }
}

impl Answering {
    pub(crate) async fn set_waiting(&self, set: SetWaiting) -> Answer<()> {
        let account = AccountId::from(set.account.as_str());
        let rule = if set.sends_unchecked { WaitingRule::Send } else { WaitingRule::Relay };
        self.desk().set_waiting(&account, rule).await.map_err(errors::of_desk)
    }

    pub(crate) async fn set_hand_back(&self, set: SetHandBack) -> Answer<Session> {
        let account = AccountId::from(set.account.as_str());
        self.desk().set_hand_back(&account, set.on).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn repair_seen(&self, (): ()) -> Answer<Session> {
        self.desk().repair_was_seen().await.map_err(errors::of_desk)?;
        self.session(()).await
    }
}

fn read(pasted: &PageToken) -> (AccountId, SecretString) {
    (AccountId::from(pasted.account.as_str()), SecretString::from(pasted.token.trim()))
}

fn phase(phase: DeskPhase) -> Phase {
    match phase {
        DeskPhase::Enrol => Phase::Enrol,
        DeskPhase::Connect => Phase::Connect,
        DeskPhase::Ready => Phase::Ready,
    }
}

fn account_view(
    standing: &AccountStanding,
    default_app_name: Option<String>,
    health: Vec<AccountFact>,
    (apps, queue): (Vec<KnownAppView>, QueueView),
) -> AccountView {
    let facts = standing.facts.as_ref();
    AccountView {
        id: standing.access.account.to_string(),
        name: name_of(standing),
        channel: channel(standing.access.platform),
        role: role(standing.access.role),
        token: match standing.token {
            Token::Missing => TokenView::Missing,
            Token::Alive(_) => TokenView::Alive,
            Token::Dead => TokenView::Dead,
            Token::Locked(_) => TokenView::Locked,
        },
        token_facts: standing.token_row.as_ref().map(token_facts),
        connected: standing.is_connected(),
        routing: facts.map_or(RoutingView::Unknown, |row| routing(row.routing)),
        sends_unchecked: facts.is_some_and(|row| row.waiting_rule == WaitingRule::Send),
        human_agent: facts.map_or(HumanAgentView::NotApproved, |row| human_agent(row.human_agent)),
        apps,
        default_app_name,
        hand_back: facts.is_some_and(|row| row.hand_back),
        queue,
        last_webhook_ms: standing.last_webhook_ms.map(Ms),
        names_given: facts.and_then(|row| row.names_given),
        health,
        checked_ms: standing.checked_ms.map(Ms),
        history: history::view(standing),
    }
}

fn token_facts(row: &TokenRow) -> TokenFactsView {
    let facts = row.facts.as_ref();
    TokenFactsView {
        since_ms: Ms(row.kept_ms),
        checked_ms: facts.map(|facts| Ms(facts.checked_ms)),
        expires_ms: facts.and_then(|facts| facts.expires_ms).map(Ms),
        data_access_expires_ms: facts.and_then(|facts| facts.data_access_expires_ms).map(Ms),
        rights: facts.map(|facts| facts.scopes.clone()).unwrap_or_default(),
    }
}

fn invited(account: &AccountRole) -> InvitedAccount {
    InvitedAccount { id: account.account.to_string(), name: display_name(account), role: role(account.role) }
}

fn role_change(change: &RoleChange, accounts: &[AccountRole]) -> RoleChangeView {
    let known = accounts.iter().find(|known| known.account == change.account);
    RoleChangeView {
        account: known.map_or_else(|| change.account.to_string(), display_name),
        from: role(change.from),
        to: role(change.to),
    }
}

/// An account as people know it.
pub(crate) fn name_of(standing: &AccountStanding) -> String {
    let named = standing.facts.as_ref().and_then(|row| row.name.clone());
    named.unwrap_or_else(|| display_name(&standing.access))
}

/// An account as people know it before Meta named it.
pub(crate) fn display_name(account: &AccountRole) -> String {
    if account.name.is_empty() { account.account.to_string() } else { account.name.clone() }
}

/// The channel of a platform.
pub(crate) fn channel(platform: Platform) -> Channel {
    match platform {
        Platform::Messenger => Channel::Messenger,
        Platform::Instagram => Channel::Instagram,
    }
}

pub(super) fn role(role: Role) -> RoleView {
    match role {
        Role::Agent => RoleView::Agent,
        Role::Supervisor => RoleView::Supervisor,
        Role::Admin => RoleView::Admin,
    }
}

pub(super) fn routing(routing: RoutingMode) -> RoutingView {
    match routing {
        RoutingMode::On => RoutingView::On,
        RoutingMode::Off => RoutingView::Off,
        RoutingMode::HopV2 => RoutingView::HopV2,
        RoutingMode::Unknown => RoutingView::Unknown,
    }
}

fn human_agent(right: HumanAgentRight) -> HumanAgentView {
    match right {
        HumanAgentRight::NotApproved => HumanAgentView::NotApproved,
        HumanAgentRight::Approved => HumanAgentView::Approved,
        HumanAgentRight::Refused => HumanAgentView::Refused,
    }
}

fn problem(problem: DeskProblem) -> Problem {
    Problem {
        kind: match problem.kind {
            DeskProblemKind::Storage => ProblemKind::Storage,
            DeskProblemKind::Repaired => ProblemKind::Repaired,
            DeskProblemKind::NoKeyStore => ProblemKind::NoKeyStore,
            DeskProblemKind::DeskRevoked => ProblemKind::DeskRevoked,
            DeskProblemKind::DeskUnknown => ProblemKind::DeskUnknown,
            DeskProblemKind::DeskKeyGone => ProblemKind::DeskKeyGone,
            DeskProblemKind::RelayTooOld => ProblemKind::RelayTooOld,
            DeskProblemKind::RelayTooNew => ProblemKind::RelayTooNew,
            DeskProblemKind::RelayUnreachable => ProblemKind::RelayUnreachable,
            DeskProblemKind::MetaUnreachable => ProblemKind::MetaUnreachable,
            DeskProblemKind::TokenDead => ProblemKind::TokenDead,
            DeskProblemKind::NotSubscribed => ProblemKind::NotSubscribed,
            DeskProblemKind::AppNotSubscribed => ProblemKind::AppNotSubscribed,
            DeskProblemKind::PageRestricted => ProblemKind::PageRestricted,
            DeskProblemKind::PageWarned => ProblemKind::PageWarned,
        },
        account: problem.account.map(|account| account.to_string()),
        words: words(problem.words),
    }
}

/// Words of the core for the page.
pub(crate) fn words(words: baton_messenger::Words) -> Words {
    Words { what: words.what, action: words.remedy }
}
