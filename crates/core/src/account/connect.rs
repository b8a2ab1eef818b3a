//! A token comes to this desk for an account: pasted, from a login, or in a box from an admin's desk.
//!
//! ```text
//!  connect   check with Meta ─▶ subscribe, read back ─▶ key store ─▶ relay: connected ─▶ registered ─▶ handed on
//!  adopt     check with Meta ────────────────────────▶ key store ───────────────────▶ registered
//! ```
//!
//! Adopting serves an account that somebody connected already. When a step before the key store fails nothing is saved.

use baton_graph::Credentials;
use baton_messenger::{AccountId, AppId};
use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::enrol::AccountRole;
use secrecy::SecretString;

use super::{CheckedAccount, ConnectError, check_token, subscribe};
use crate::desk::inner::{Inner, lock, request};
use crate::desk::{DeskError, Token};
use crate::store::StoreError;

/// What stood in the place of a token before another was kept.
struct Before {
    standing: Token,
    kept: Option<SecretString>,
}

impl Inner {
    /// The right of this desk to an account.
    ///
    /// # Errors
    /// [`ConnectError::NotInvited`].
    pub(crate) async fn invited(&self, account: &AccountId) -> Result<AccountRole, DeskError> {
        self.me().ok_or(DeskError::NotEnrolled)?;
        let access = self.store.access().await?;
        access
            .into_iter()
            .find(|access| access.account == *account)
            .ok_or_else(|| ConnectError::NotInvited.into())
    }

    /// Asks Meta about a token, and holds it against the app of this relay. Nothing is saved.
    ///
    /// # Errors
    /// [`DeskError::Connect`]; lacking rights are not an error here but part of what is found.
    pub(crate) async fn check_page_token(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<CheckedAccount, DeskError> {
        let access = self.invited(account).await?;
        let checked = check_token(&self.graph(), token, account, access.platform).await?;
        let ours = self.learn_app().await?;
        if checked.app.as_ref().is_some_and(|theirs| *theirs != ours) {
            return Err(ConnectError::OtherApp.into());
        }
        Ok(checked)
    }

    /// Checks the token, subscribes the Page, reads that back; then the token goes into the key store and the account to
    /// the relay.
    ///
    /// # Errors
    /// [`DeskError::Connect`].
    pub(crate) async fn connect_account(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<(), DeskError> {
        let checked = self.check_whole(account, token).await?;
        let app = self.learn_app().await?;
        let fields = subscribe(&self.graph(), &checked, &app).await?;
        let before = self.before(account).await;
        self.keep_token(account, &checked.token).await?;
        let command = Command::ConnectAccount {
            platform: checked.platform,
            name: checked.name.clone(),
            page: checked.page.clone(),
            app,
            routing: checked.routing,
            fields,
        };
        if let Err(error) = self.ask(&LogName::Account(account.clone()), &request(command)).await {
            self.put_back(account, before).await;
            return Err(ConnectError::Relay(error).into());
        }
        self.set_connected(account).await?;
        self.token_serves(account);
        Ok(())
    }

    /// Checks a token for an account that is connected, and keeps it.
    ///
    /// # Errors
    /// [`DeskError::Connect`].
    pub(crate) async fn adopt_token(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<(), DeskError> {
        let checked = self.check_whole(account, token).await?;
        self.keep_token(account, &checked.token).await?;
        self.token_serves(account);
        Ok(())
    }

    /// The token of a Page speaks for the Instagram account that is linked to it too, and the other way round: where theirs is
    /// dead, the accounts of the same Page get the one that this account has now. One for which it does not serve stays as it is.
    pub(crate) async fn heal_neighbours(&self, account: &AccountId) -> Result<(), StoreError> {
        let Token::Alive(token) = self.tokens.of(account).await else { return Ok(()) };
        let page = self.page_of(account).await?;
        for access in self.store.access().await? {
            let other = &access.account;
            let is_ill = other != account && access.connected && self.tokens.is_dead(other);
            if !is_ill || self.page_of(other).await? != page {
                continue;
            }
            if let Err(error) = self.adopt_token(other, &token).await {
                tracing::info!(account = %other, %error, "the token of its Page's other account does not serve it");
            }
        }
        Ok(())
    }

    /// Meta takes a token again that it refused before, for each account that has this very one. For the relay it is a new
    /// one: that is how everybody hears of it.
    pub(crate) async fn token_lives_again(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<(), StoreError> {
        self.token_of_lives_again(account, token).await?;
        let this = Credentials::of(token);
        for other in self.store.access().await?.iter().map(|access| &access.account) {
            let kept = if self.tokens.is_dead(other) { self.tokens.kept(other).await } else { None };
            if kept.is_some_and(|kept| this.is_of(&kept)) {
                self.token_of_lives_again(other, token).await?;
            }
        }
        Ok(())
    }

    async fn token_of_lives_again(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<(), StoreError> {
        if self.tokens.lives_again(account, token) {
            self.store.token_comes(account, self.meta_now().ms).await?;
            self.token_serves(account);
        }
        Ok(())
    }

    /// Our Meta app, as the relay names it.
    pub(crate) async fn learn_app(&self) -> Result<AppId, DeskError> {
        if let Some(app) = self.me().ok_or(DeskError::NotEnrolled)?.our_app {
            return Ok(app);
        }
        let locked = lock(&self.locked).clone();
        let relay = self.relay().ok_or_else(|| locked.map_or(DeskError::NotEnrolled, Into::into))?;
        let app = relay.hello().await?.app;
        self.take_app(&app).await?;
        Ok(app)
    }

    async fn check_whole(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<CheckedAccount, DeskError> {
        let checked = self.check_page_token(account, token).await?;
        if checked.missing_rights.is_empty() {
            Ok(checked)
        } else {
            Err(ConnectError::RightsMissing(checked.missing_rights).into())
        }
    }

    async fn keep_token(&self, account: &AccountId, token: &SecretString) -> Result<(), DeskError> {
        self.store.token_comes(account, self.meta_now().ms).await?;
        self.tokens.keep(account, token).await.map_err(ConnectError::KeyStore)?;
        Ok(())
    }

    async fn before(&self, account: &AccountId) -> Before {
        Before { standing: self.tokens.of(account).await, kept: self.tokens.kept(account).await }
    }

    async fn put_back(&self, account: &AccountId, before: Before) {
        if let Err(error) = self.try_to_put_back(account, before).await {
            tracing::warn!(%account, %error, "the Page token could not be taken back");
        }
    }

    async fn try_to_put_back(&self, account: &AccountId, before: Before) -> Result<(), DeskError> {
        let Some(token) = before.kept else {
            self.store.token_gone(account).await?;
            return Ok(self.tokens.forget(account).await?);
        };
        self.keep_token(account, &token).await?;
        if matches!(before.standing, Token::Dead) {
            self.store.token_died(account, self.meta_now().ms).await?;
            self.tokens.mark_dead(account);
        }
        Ok(())
    }

    /// Webhooks go into the account's log from now on.
    async fn set_connected(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut access = self.store.access().await?;
        for mine in access.iter_mut().filter(|mine| mine.account == *account) {
            mine.connected = true;
        }
        self.store.set_access(&access).await?;
        self.checked(account).await
    }

    /// Everything that waited for this token goes on, and the relay gets to know it.
    fn token_serves(&self, account: &AccountId) {
        tracing::info!(%account, "there is a Page token");
        self.notices.accounts();
        self.wake_outbox.notify_one();
        self.wake_names.notify_one();
        self.wake_tokens.notify_one();
    }
}
