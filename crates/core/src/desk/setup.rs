//! First run and what this desk is: enrolling, connecting accounts, what is not well.

use std::sync::Arc;
use std::time::Duration;

use baton_messenger::{AccountId, AppId, Words};
use baton_protocol::LogName;
use baton_protocol::account::{HumanAgentRight, RoutingMode, WaitingRule};
use baton_protocol::command::Command;
use baton_protocol::enrol::{AccountRole, InviteInfo};
use secrecy::SecretString;

use super::customer::tidy;
use super::cut_off::CutOff;
use super::health::{self, FactState, HealthFact};
use super::inner::{Inner, Me, lock, request};
use super::soundness;
use super::tokens::Token;
use super::{Desk, DeskError};
use crate::account::{CheckedAccount, LateRight};
use crate::history::HistoryStanding;
use crate::keys::{KeyName, KeyStoreError};
use crate::relay_client::{DeskIdentity, RelayAddress, RelayClient, RelayError, enrol, invite_info};
use crate::store::{AccountRow, Enrolment, StoreError, TokenRow};
use crate::sync::{Refusal, SyncStatus};

/// How far set-up has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is set up.
    Enrol,
    /// The relay knows this desk, and no account has a Page token here.
    Connect,
    /// The inbox can be used.
    Ready,
}

/// What this desk is.
#[derive(Debug, Clone)]
pub struct SessionFacts {
    /// How far set-up has come.
    pub phase: Phase,
    /// Who it is at its relay.
    pub enrolment: Option<Enrolment>,
    /// What it may read.
    pub accounts: Vec<AccountStanding>,
    /// What is not well, most urgent first.
    pub problems: Vec<DeskProblem>,
    /// That an admin cut this desk off, until somebody joins anew with it.
    pub cut_off: Option<CutOff>,
}

/// One account of this desk.
#[derive(Debug, Clone)]
pub struct AccountStanding {
    /// The right to read it.
    pub access: AccountRole,
    /// What its log says of it.
    pub facts: Option<AccountRow>,
    /// How its Page token stands here.
    pub token: Token,
    /// True for an Instagram account when Meta refuses what this desk has for the Page that it hangs on.
    pub is_page_refused: bool,
    /// What is known of that token; never the token.
    pub token_row: Option<TokenRow>,
    /// When its last webhook reached the relay, milliseconds UTC of Meta; none when none is known of.
    pub last_webhook_ms: Option<i64>,
    /// When this desk last read its settings from Meta, milliseconds UTC of Meta; none when it never did.
    pub checked_ms: Option<i64>,
    /// How its history stands; none while it is not connected.
    pub history: Option<HistoryStanding>,
    /// What the ends of late replies say of the right to send them.
    pub late_right: LateRight,
}

impl AccountStanding {
    /// How it is, fact by fact, at this moment of Meta's time. `default_app` is what its default app is called.
    #[must_use]
    pub fn health(&self, default_app: Option<&str>, now_ms: i64) -> Vec<HealthFact> {
        health::facts(self, default_app, now_ms)
    }

    /// True while its webhooks go into its log, as far as this desk knows.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        health::is_connected(self)
    }
}

/// Something that is not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskProblem {
    /// Which kind.
    pub kind: ProblemKind,
    /// The account, when it is about one.
    pub account: Option<AccountId>,
    /// In words.
    pub words: Words,
}

/// Which kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The disk refuses to store.
    Storage,
    /// The desk's data was damaged and was repaired.
    Repaired,
    /// No key store, or it does not open.
    NoKeyStore,
    /// An admin cut this desk off.
    DeskRevoked,
    /// The relay does not know this desk: it has to join anew.
    DeskUnknown,
    /// The key store works and has lost this desk's own key: it has to join anew.
    DeskKeyGone,
    /// The relay must be updated.
    RelayTooOld,
    /// This desk must be updated.
    RelayTooNew,
    /// The relay cannot be reached.
    RelayUnreachable,
    /// Meta cannot be reached.
    MetaUnreachable,
    /// Meta refuses a Page token.
    TokenDead,
    /// Meta does not send what happens at an account, or not all of it.
    NotSubscribed,
    /// Meta does not send our app what happens at any account of a platform, or not all of it.
    AppNotSubscribed,
    /// Meta stopped a Page from sending.
    PageRestricted,
    /// Meta warned a Page.
    PageWarned,
}

impl Desk {
    /// What this desk is and what is not well.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn session(&self) -> Result<SessionFacts, DeskError> {
        let mut enrolment = self.inner.store.enrolment().await?;
        if let Some(enrolment) = &mut enrolment
            && let Some(name) = self.inner.store.agent_name(enrolment.agent).await?
        {
            // An admin may have given the agent another one.
            enrolment.agent_name = name;
        }
        let cut_off = self.inner.cut_offs.shown();
        let accounts = self.accounts().await?;
        let has_token = accounts.iter().any(|account| !matches!(account.token, Token::Missing));
        let phase = match (&enrolment, has_token) {
            (None, _) => Phase::Enrol,
            (Some(_), false) => Phase::Connect,
            (Some(_), true) => Phase::Ready,
        };
        let mut problems = self.problems(phase, &accounts);
        if let Some(saved) = self.inner.store.repaired().await? {
            let words = soundness::words(&saved);
            problems.push(DeskProblem { kind: ProblemKind::Repaired, account: None, words });
        }
        Ok(SessionFacts { phase, enrolment, accounts, problems, cut_off })
    }

    /// Asks a relay what an invite is good for. Nothing is saved.
    ///
    /// # Errors
    /// [`DeskError::AtAddress`].
    pub async fn check_relay(
        &self,
        address: &str,
        invite: &SecretString,
    ) -> Result<(RelayAddress, InviteInfo), DeskError> {
        let address: RelayAddress = address.parse()?;
        let info = invite_info(&address, invite).await.map_err(DeskError::AtAddress)?;
        Ok((address, info))
    }

    /// Uses an invite. The key store is tried first: once the invite is spent, its secrets must have a place.
    ///
    /// # Errors
    /// [`DeskError::KeyStore`] before the invite is spent; [`DeskError::AtAddress`].
    pub async fn enrol(&self, address: &str, invite: &SecretString) -> Result<(), DeskError> {
        let address: RelayAddress = address.parse()?;
        let _removed = self.inner.cut_offs.removing.lock().await;
        if self.inner.cut_offs.is_removing() {
            return Err(DeskError::StillRemoving);
        }
        self.try_key_store().await?;
        let identity = enrol(&address, invite, &self.inner.desk_name).await.map_err(DeskError::AtAddress)?;
        self.inner.prover.forget().await?;
        self.inner.store.no_token_is_registered().await?;
        self.save(&address, &identity).await?;
        self.inner.cut_offs.joined_anew().await;
        become_known(&self.inner).await?;
        self.hear_hello().await;
        Ok(())
    }

    /// Asks Meta about a Page token. Nothing is saved.
    ///
    /// # Errors
    /// [`DeskError::Connect`].
    pub async fn check_page_token(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<CheckedAccount, DeskError> {
        self.inner.check_page_token(account, token).await
    }

    /// Checks the token, subscribes the Page, reads that back; then the token goes into the key store and the account
    /// to the relay. When any step fails nothing is saved. It also serves the other account of its Page, if that one's is dead.
    ///
    /// # Errors
    /// [`DeskError::Connect`].
    pub async fn connect_account(&self, account: &AccountId, token: &SecretString) -> Result<(), DeskError> {
        self.inner.connect_account(account, token).await?;
        Ok(self.inner.heal_neighbours(account).await?)
    }

    /// Says whether Meta approved the Human Agent feature for an account.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn set_human_agent(&self, account: &AccountId, approved: bool) -> Result<(), DeskError> {
        let right = if approved { HumanAgentRight::Approved } else { HumanAgentRight::NotApproved };
        self.about(account, Command::SetHumanAgent { right }).await
    }

    /// Chooses what replies of an account do while the relay is away.
    ///
    /// # Errors
    /// [`DeskError::Relay`]: refused to all but admins, or the relay is away.
    pub async fn set_waiting(&self, account: &AccountId, rule: WaitingRule) -> Result<(), DeskError> {
        self.about(account, Command::SetWaiting { rule }).await
    }

    /// Says how routing stands on an account, and which app gets a customer who writes while nobody holds the thread.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn set_routing(
        &self,
        account: &AccountId,
        routing: RoutingMode,
        default_app: Option<AppId>,
    ) -> Result<(), DeskError> {
        self.about(account, Command::SetRouting { routing, default_app }).await
    }

    /// Gives an app of an account another name. Whether its answers count as a person's stays as it is.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn rename_app(&self, account: &AccountId, app: AppId, name: &str) -> Result<(), DeskError> {
        let facts = self.inner.store.account_facts(account).await?;
        let answers_count = facts.apps.get(&app).is_some_and(|known| known.answers_count);
        self.name_app(account, app, &tidy(name), answers_count).await
    }

    /// Says whether an app's answers count as a person's while routing is off: then they stop the waiting time. Its name
    /// stays as it is.
    ///
    /// # Errors
    /// [`DeskError::Relay`]: refused to all but admins, or the relay is away.
    pub async fn count_answers(&self, account: &AccountId, app: AppId, count: bool) -> Result<(), DeskError> {
        let facts = self.inner.store.account_facts(account).await?;
        let name = facts.apps.get(&app).map(|known| known.name.clone()).unwrap_or_default();
        self.name_app(account, app, &name, count).await
    }

    /// Names an app of an account.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn name_app(
        &self,
        account: &AccountId,
        app: AppId,
        name: &str,
        answers_count: bool,
    ) -> Result<(), DeskError> {
        self.about(account, Command::NameApp { app, name: name.to_owned(), answers_count }).await
    }

    /// What the relay says of itself first, before its stream is open; then it says it again.
    async fn hear_hello(&self) {
        let Some(relay) = self.inner.relay() else { return };
        match relay.hello().await {
            Ok(hello) => self.inner.heard_of_logins(hello.login),
            Err(error) => tracing::debug!(%error, "the relay said nothing of itself yet"),
        }
    }

    async fn about(&self, account: &AccountId, command: Command) -> Result<(), DeskError> {
        self.inner.me().ok_or(DeskError::NotEnrolled)?;
        self.inner.ask(&LogName::Account(account.clone()), &request(command)).await?;
        Ok(())
    }

    pub(super) async fn accounts(&self) -> Result<Vec<AccountStanding>, DeskError> {
        let mut accounts = Vec::new();
        let checks = self.inner.store.account_checks().await?;
        for access in self.inner.store.access().await? {
            let facts = self.inner.store.account(&access.account).await?;
            let token = self.inner.tokens.of(&access.account).await;
            let page = facts.as_ref().and_then(|row| row.page.as_ref());
            let is_page_refused =
                page.is_some_and(|page| *page != access.account && self.inner.tokens.is_dead(page));
            let token_row = self.inner.store.token_row(&access.account).await?;
            let told_ms = lock(&self.inner.last_webhook_ms).get(&access.account).copied();
            let last_webhook_ms = told_ms.max(facts.as_ref().and_then(|row| row.last_event_ms));
            let checked_ms = checks.get(&access.account).copied();
            let history = self.inner.history_of(&access.account).await?;
            let late_ends = self.inner.store.late_ends(&access.account).await?;
            let late_right = LateRight::of(&late_ends, self.inner.meta_now().ms);
            accounts.push(AccountStanding {
                access,
                facts,
                token,
                is_page_refused,
                token_row,
                last_webhook_ms,
                checked_ms,
                history,
                late_right,
            });
        }
        Ok(accounts)
    }

    fn problems(&self, phase: Phase, accounts: &[AccountStanding]) -> Vec<DeskProblem> {
        let of_desk = |kind, words| DeskProblem { kind, account: None, words };
        let mut problems = Vec::new();
        if self.inner.store.is_damaged() {
            problems.push(of_desk(ProblemKind::Storage, StoreError::Corrupt.words()));
        } else if let Some(error) = lock(&self.inner.storage).as_ref() {
            problems.push(of_desk(ProblemKind::Storage, error.words()));
        }
        let cut_off = self.inner.cut_offs.shown();
        problems.extend(cut_off.as_ref().map(|cut_off| of_desk(ProblemKind::DeskRevoked, cut_off.words())));
        if let Some(error) = self.key_store_error(accounts) {
            let effect = match lock(&self.inner.locked).is_some() {
                true => "so nothing new arrives here and replies wait",
                false => "so replies wait",
            };
            let kind = match error {
                KeyStoreError::Gone => ProblemKind::DeskKeyGone,
                _ => ProblemKind::NoKeyStore,
            };
            problems.push(of_desk(kind, error.standing_words(effect)));
        }
        // Where the disk is what fails, that is said already.
        let status = self.inner.sync_status();
        let is_storage = matches!(status, SyncStatus::Offline { error: RelayError::NotStored, .. });
        if cut_off.is_none() && (!is_storage || problems.is_empty()) {
            problems.extend(relay_problem(&status, phase));
        }
        // Where the relay is away too it is most often this computer's network, and that is said already.
        let is_relay_away = problems.iter().any(|problem| problem.kind == ProblemKind::RelayUnreachable);
        if self.inner.meta.not_reached_boot_ms().is_some() && phase == Phase::Ready && !is_relay_away {
            problems.push(of_desk(ProblemKind::MetaUnreachable, meta_away()));
        }
        let now_ms = self.meta_now().ms;
        problems.extend(accounts.iter().filter_map(token_problem));
        problems.extend(accounts.iter().filter_map(subscription_problem));
        problems.extend(accounts.iter().filter_map(app_subscription_problem));
        problems.extend(accounts.iter().filter_map(|account| policy_problem(account, now_ms)));
        problems
    }

    pub(super) fn key_store_error(&self, accounts: &[AccountStanding]) -> Option<KeyStoreError> {
        let of_token = |account: &AccountStanding| match &account.token {
            Token::Locked(error) => Some(error.clone()),
            _ => None,
        };
        lock(&self.inner.locked).clone().or_else(|| accounts.iter().find_map(of_token))
    }

    async fn try_key_store(&self) -> Result<(), KeyStoreError> {
        self.inner.keys.set(&KeyName::Trial, &SecretString::from("trial")).await?;
        self.inner.keys.delete(&KeyName::Trial).await
    }

    async fn save(&self, address: &RelayAddress, identity: &DeskIdentity) -> Result<(), DeskError> {
        self.inner.keys.set(&KeyName::DeskToken, &identity.token).await?;
        self.inner.keys.set(&KeyName::DeskPrivateKey, &identity.private_key).await?;
        let enrolment = Enrolment {
            relay: address.to_string(),
            desk: identity.desk,
            agent: identity.agent,
            agent_name: identity.agent_name.clone(),
            workspace: identity.workspace.clone(),
            our_app: None,
        };
        self.inner.store.set_enrolment(&enrolment).await?;
        self.inner.store.set_access(&identity.accounts).await?;
        Ok(())
    }
}

/// The desk knows who it is, and its relay if its secrets can be read.
pub(super) async fn become_known(inner: &Inner) -> Result<(), DeskError> {
    if inner.cut_offs.is_removing() {
        return Ok(());
    }
    let Some(enrolment) = inner.store.enrolment().await? else { return Ok(()) };
    *lock(&inner.me) =
        Some(Me { agent: enrolment.agent, desk: enrolment.desk, our_app: enrolment.our_app.clone() });
    let token = inner.keys.get(&KeyName::DeskToken).await;
    let locked = match token {
        Ok(Some(token)) => {
            inner.relay.send_replace(Some(RelayClient::new(enrolment.relay.parse()?, token)?));
            None
        }
        Ok(None) => Some(KeyStoreError::Gone),
        Err(error) => Some(error),
    };
    let is_open = locked.is_none();
    *lock(&inner.locked) = locked;
    if is_open {
        inner.wake_tokens.notify_one();
        inner.boxes.try_again();
    }
    inner.notices.accounts();
    Ok(())
}

/// How often a key store that did not open is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Tries a locked key store again until it opens.
pub(super) async fn keep_unlocking(inner: Arc<Inner>) {
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(TRY_AGAIN) => {}
        }
        let is_locked = lock(&inner.locked).is_some();
        if is_locked && let Err(error) = become_known(&inner).await {
            tracing::debug!(%error, "the desk's secrets cannot be read yet");
        }
    }
}

fn token_problem(account: &AccountStanding) -> Option<DeskProblem> {
    matches!(account.token, Token::Dead)
        .then(|| of_account(account, ProblemKind::TokenDead, health::token_dead(account.access.role)))
}

/// Only of an account that is connected: before that nothing is expected to arrive.
fn subscription_problem(account: &AccountStanding) -> Option<DeskProblem> {
    let row = account.facts.as_ref().filter(|_| account.is_connected())?;
    let words = health::not_subscribed(row, account.access.platform)?;
    Some(of_account(account, ProblemKind::NotSubscribed, words))
}

fn app_subscription_problem(account: &AccountStanding) -> Option<DeskProblem> {
    let row = account.facts.as_ref().filter(|_| account.is_connected())?;
    let words = health::app_not_subscribed(row, account.access.platform)?;
    Some(of_account(account, ProblemKind::AppNotSubscribed, words))
}

fn policy_problem(account: &AccountStanding, now_ms: i64) -> Option<DeskProblem> {
    let (state, words) = health::policed(account.facts.as_ref()?.policed.as_ref(), now_ms)?;
    let kind = if state == FactState::Bad { ProblemKind::PageRestricted } else { ProblemKind::PageWarned };
    Some(of_account(account, kind, words))
}

fn of_account(account: &AccountStanding, kind: ProblemKind, words: Words) -> DeskProblem {
    DeskProblem { kind, account: Some(account.access.account.clone()), words }
}

/// What a Meta that is away keeps from working, and what not.
fn meta_away() -> Words {
    Words::new(
        "Meta cannot be reached, so replies wait and threads cannot be taken or passed on. What customers write still \
         arrives, and everything here can be read.",
        "Check the network. Baton goes on trying by itself.",
    )
}

fn relay_problem(status: &SyncStatus, phase: Phase) -> Option<DeskProblem> {
    let kind = match status {
        SyncStatus::Refused { why: Refusal::Revoked } => ProblemKind::DeskRevoked,
        SyncStatus::Refused { why: Refusal::Unknown } => ProblemKind::DeskUnknown,
        SyncStatus::Refused { why: Refusal::RelayTooOld } => ProblemKind::RelayTooOld,
        SyncStatus::Refused { why: Refusal::RelayTooNew } => ProblemKind::RelayTooNew,
        _ => ProblemKind::RelayUnreachable,
    };
    let words = match (status, phase) {
        // Before the first account is connected there is nothing yet that could arrive or wait.
        (SyncStatus::Offline { error: RelayError::Unreachable(_), .. }, Phase::Connect) => Words::new(
            "The relay cannot be reached, so no account can be connected now.",
            "Check the network. Baton calls the relay again by itself; go on here once this message is gone.",
        ),
        _ => status.trouble()?,
    };
    Some(DeskProblem { kind, account: None, words })
}
