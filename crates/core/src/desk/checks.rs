//! What Meta says of an account when it is asked again: whether it still sends what happens there, and how routing stands.
//!
//! ```text
//!   due (a day by Meta's clock; the relay was away for long; never done) ──▶ the steward asks ──▶ told to the team
//!        ▲                                                                      └─ failed: again in a while
//!        └───────────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! When somebody asks for a check, a token that was refused is tried once more; in the background it is not.
//!
//! Meta ends the subscription of a Page after about an hour of failed webhooks and tells nobody (docs/meta.md 2.4): only
//! asking finds out. The team hears what changed, and nothing when nothing did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_graph::{CallError, Credentials, GraphClient, Urgency};
use baton_messenger::error::ErrorClass;
use baton_messenger::{AccountId, AppId};
use baton_protocol::LogName;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::Command;
use baton_protocol::enrol::AccountRole;
use secrecy::SecretString;

use super::inner::{Inner, request};
use super::names::is_ordinary;
use super::tokens::Token;
use super::{Desk, DeskError};
use crate::account::{ConnectError, in_order, subscribe_page};
use crate::clock::until_boot;
use crate::store::StoreError;

/// How long a check is good for, milliseconds of Meta's clock.
const GOOD_FOR_MS: i64 = 24 * 60 * 60 * 1000;
/// A check that failed is tried again after this long, milliseconds of the boot clock.
const AGAIN_MS: i64 = 10 * 60 * 1000;
/// After the relay was away for this long Meta may have given it up, milliseconds of the boot clock.
pub(crate) const LONG_AWAY_MS: i64 = 30 * 60 * 1000;

/// What Meta answered.
struct Found {
    routing: RoutingMode,
    subscribed: bool,
    fields: Vec<String>,
}

impl Desk {
    /// Reads the settings of an account from Meta now, and tells the team what changed. A token that Meta refused is tried
    /// once more: it may have been refused by mistake, or live again because its person logged in at Meta.
    ///
    /// # Errors
    /// [`DeskError::Connect`] when there is no token to ask with or Meta cannot be asked; [`DeskError::Relay`].
    pub async fn check_account(&self, account: &AccountId) -> Result<(), DeskError> {
        let access = self.inner.invited(account).await?;
        let refused = self.inner.refused_token(account).await;
        let credentials = match &refused {
            Some(token) => Credentials::of_account(account, token),
            None => self.inner.credentials(account).await.ok_or(ConnectError::NoToken)?,
        };
        let app = self.inner.learn_app().await?;
        let graph = self.inner.graph().urgent(Urgency::Opening);
        let found = match self.inner.ask_meta(&graph, &access, &credentials, &app).await {
            Ok(found) => found,
            Err(error) => return Err(self.inner.not_asked(account, &credentials, &error).await?),
        };
        if let Some(token) = refused {
            self.inner.token_lives_again(account, &token).await?;
        }
        self.inner.ask(&LogName::Account(account.clone()), &request(found.report())).await?;
        self.inner.check_names(&graph, &access, &credentials).await?;
        self.inner.checked(account).await?;
        Ok(())
    }

    /// Subscribes an account's Page again and reads that back.
    ///
    /// # Errors
    /// [`DeskError::Connect`] when there is no token to ask with, Meta cannot be asked or does not confirm;
    /// [`DeskError::Relay`].
    pub async fn subscribe_again(&self, account: &AccountId) -> Result<(), DeskError> {
        let access = self.inner.invited(account).await?;
        let credentials = self.inner.credentials(account).await.ok_or(ConnectError::NoToken)?;
        let app = self.inner.learn_app().await?;
        let page = self.inner.page_of(account).await?;
        subscribe_page(&self.inner.graph(), &credentials, &page, access.platform, &app).await?;
        self.check_account(account).await
    }
}

impl Found {
    fn report(self) -> Command {
        Command::ReportAccount { routing: self.routing, subscribed: self.subscribed, fields: self.fields }
    }
}

impl Inner {
    async fn ask_meta(
        &self,
        graph: &GraphClient,
        access: &AccountRole,
        credentials: &Credentials,
        app: &AppId,
    ) -> Result<Found, CallError> {
        let page = self.page_of(&access.account).await.unwrap_or_else(|_| access.account.clone());
        let routing = graph.feature_status(credentials).await?.routing(access.platform);
        let apps = graph.subscribed_apps(credentials, &page).await?;
        let ours = apps.data.into_iter().find(|subscribed| subscribed.id == *app);
        let subscribed = ours.is_some();
        let fields = ours.map(|ours| ours.subscribed_fields).unwrap_or_default();
        Ok(Found { routing, subscribed, fields: in_order(fields) })
    }

    /// The token of an account that Meta refused, from the key store; none when the one at work lives.
    async fn refused_token(&self, account: &AccountId) -> Option<SecretString> {
        if matches!(self.tokens.of(account).await, Token::Dead) {
            self.tokens.kept(account).await
        } else {
            None
        }
    }

    /// Why Meta could not be asked. A dead token is made known.
    async fn not_asked(
        &self,
        account: &AccountId,
        used: &Credentials,
        error: &CallError,
    ) -> Result<DeskError, StoreError> {
        if error.is_dead_token() {
            self.token_died(account, used).await?;
            // Nobody has pasted it: the words are those of a token at work.
            return Ok(ConnectError::TokenInvalid(error.agent_words()).into());
        }
        Ok(ConnectError::of_call(error).into())
    }

    /// Whether Meta gives names, by the profile of whoever wrote last. False where Meta did not say anything of it:
    /// there is nobody to ask about, or it did not answer.
    pub(super) async fn check_names(
        &self,
        graph: &GraphClient,
        access: &AccountRole,
        credentials: &Credentials,
    ) -> Result<bool, StoreError> {
        let Some(customer) = self.store.newest_customer(&access.account).await? else { return Ok(false) };
        let told = graph.profile(credentials, access.platform, &customer).await;
        let given = match &told {
            Ok(profile) => profile.display_name().is_some().then_some(true),
            Err(error) => refuses_names(error).then_some(false),
        };
        if let Some(given) = given {
            self.names_are(&access.account, given).await?;
        }
        Ok(told.as_ref().map_or_else(is_ordinary, |_| true))
    }

    /// Meta gives names of customers, or refused them for lack of the right. The team hears of it when it is news.
    pub(super) async fn names_are(&self, account: &AccountId, given: bool) -> Result<(), StoreError> {
        let known = self.store.account(account).await?.and_then(|row| row.names_given);
        if known == Some(given) {
            return Ok(());
        }
        self.tell(&LogName::Account(account.clone()), Command::ReportNames { given }).await
    }

    /// The account's settings were just read from Meta.
    pub(crate) async fn checked(&self, account: &AccountId) -> Result<(), StoreError> {
        self.store.account_checked(account, self.meta_now().ms).await?;
        self.notices.lists(self.store.version());
        self.notices.accounts();
        Ok(())
    }

    /// The relay was away for so long that Meta may have given it up.
    pub(crate) fn check_soon(&self) {
        self.check_all.store(true, std::sync::atomic::Ordering::SeqCst);
        self.wake_checks.notify_one();
    }
}

/// Whether Meta refused a profile because the app may read none (docs/meta.md 3.5).
pub(super) fn refuses_names(error: &CallError) -> bool {
    matches!(error.class(), Some(ErrorClass::ProfilesNotAllowed | ErrorClass::PermissionMissing))
}

/// Checks what is due until the desk stops.
pub(super) async fn run(inner: Arc<Inner>) {
    let mut not_before: BTreeMap<AccountId, i64> = BTreeMap::new();
    let mut owed: BTreeSet<AccountId> = BTreeSet::new();
    // An admin of an account may have allowed it while this desk was away, and Meta tells nobody.
    if let Err(error) = inner.store.forget_refused_takes().await {
        tracing::debug!(%error, "what Meta refused before this start stays refused");
    }
    loop {
        // What is due is counted from before it was looked for: the clock may jump meanwhile.
        let looked_ms = inner.boot_ms();
        let all = inner.check_all.swap(false, std::sync::atomic::Ordering::SeqCst);
        let wait_ms = tokio::select! {
            () = inner.stop.cancelled() => return,
            checked = check_due(&inner, all, &mut not_before, &mut owed) => checked.unwrap_or_else(|error| {
                tracing::debug!(%error, "accounts could not be checked");
                AGAIN_MS
            }),
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.wake_checks.notified() => {}
            () = until_boot(&*inner.clock, looked_ms.saturating_add(wait_ms)) => {}
        }
    }
}

/// Checks each account that is due and that this desk is the steward of; what is owed is checked once it is. Returns how long until the next one is, milliseconds.
async fn check_due(
    inner: &Inner,
    all: bool,
    not_before: &mut BTreeMap<AccountId, i64>,
    owed: &mut BTreeSet<AccountId>,
) -> Result<i64, StoreError> {
    let mut wait_ms = GOOD_FOR_MS;
    for access in inner.store.access().await? {
        let Some((credentials, app)) = askable(inner, &access).await? else { continue };
        let account = &access.account;
        if all {
            owed.insert(account.clone());
        }
        if !inner.history.is_steward(account, inner.boot_ms()) {
            continue;
        }
        let checked_ms = inner.store.account_checks().await?.get(account).copied();
        let (now_ms, boot_ms) = (inner.meta_now().ms, inner.boot_ms());
        let due_in_ms = if owed.contains(account) { 0 } else { due_in(checked_ms, now_ms) };
        let held_ms = not_before.get(account).map_or(0, |due| due.saturating_sub(boot_ms));
        if due_in_ms.max(held_ms) > 0 {
            wait_ms = wait_ms.min(due_in_ms.max(held_ms));
            continue;
        }
        let graph = inner.graph().urgent(Urgency::Background);
        match inner.ask_meta(&graph, &access, &credentials, &app).await {
            Ok(found) => {
                not_before.remove(account);
                owed.remove(account);
                report(inner, &access, found).await?;
                inner.checked(account).await?;
            }
            Err(error) => {
                tracing::debug!(%account, %error, "an account could not be checked");
                inner.not_asked(account, &credentials, &error).await?;
                let again_ms = error.wait_ms().unwrap_or(AGAIN_MS).max(AGAIN_MS);
                not_before.insert(account.clone(), boot_ms.saturating_add(again_ms));
                wait_ms = wait_ms.min(again_ms);
            }
        }
    }
    Ok(wait_ms)
}

/// What an account can be asked about with; none when it cannot.
async fn askable(inner: &Inner, access: &AccountRole) -> Result<Option<(Credentials, AppId)>, StoreError> {
    let connected = inner.store.account(&access.account).await?.is_some_and(|row| row.connected);
    let app = inner.me().and_then(|me| me.our_app);
    let (true, Some(app)) = (connected, app) else { return Ok(None) };
    Ok(inner.credentials(&access.account).await.map(|credentials| (credentials, app)))
}

/// How long a check is still good for; nothing when it was never made, or lies in the future because a clock was moved.
fn due_in(checked_ms: Option<i64>, now_ms: i64) -> i64 {
    match checked_ms.map(|checked_ms| now_ms.saturating_sub(checked_ms)) {
        Some(age_ms @ 0..GOOD_FOR_MS) => GOOD_FOR_MS - age_ms,
        _ => 0,
    }
}

/// Tells the team what it does not know yet.
async fn report(inner: &Inner, access: &AccountRole, found: Found) -> Result<(), StoreError> {
    let Some(row) = inner.store.account(&access.account).await? else { return Ok(()) };
    let is_known = row.routing == found.routing
        && row.subscribed == found.subscribed
        && in_order(row.fields.clone()) == found.fields;
    if is_known {
        return Ok(());
    }
    tracing::info!(account = %access.account, subscribed = found.subscribed, "Meta says something new of the account");
    inner.tell(&LogName::Account(access.account.clone()), found.report()).await
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{GOOD_FOR_MS, due_in};

    const NOW: i64 = 1_791_201_600_000;

    #[rstest]
    #[case::never(None, 0)]
    #[case::just_now(Some(NOW), GOOD_FOR_MS)]
    #[case::nearly_a_day_ago(Some(NOW - GOOD_FOR_MS + 1), 1)]
    #[case::a_day_ago(Some(NOW - GOOD_FOR_MS), 0)]
    #[case::in_the_future(Some(NOW + 1), 0)]
    fn a_check_is_good_for_a_day(#[case] checked_ms: Option<i64>, #[case] in_ms: i64) {
        assert_eq!(due_in(checked_ms, NOW), in_ms);
    }
}
