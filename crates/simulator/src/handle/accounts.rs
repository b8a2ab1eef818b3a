//! Accounts, apps and tokens, as their admins and Meta switch them.

use baton_messenger::{AccountId, AppId, Platform};
use secrecy::SecretString;

use super::{Simulator, SimulatorError};
use crate::admin::{self, NewInstagram, NewPage, RoutingMode};
use crate::deliver::verify_callback;
use crate::world::acts::business::PolicyNotice;
use crate::world::app::{Callback, Receiver};
use crate::world::limits::Limits;
use crate::world::token::{Holder, death};

impl Simulator {
    /// Adds a Page; its desk app and the bot get tokens. Returns the desk app's token.
    pub fn add_page(&self, page: NewPage) -> SecretString {
        self.sim.act(|world, now_ms| admin::add_page(world, page, &self.sim.desk_app, now_ms))
    }

    /// Adds an Instagram account to a Page.
    ///
    /// # Errors
    /// Unknown Page, or it has one already.
    pub fn add_instagram(&self, account: NewInstagram) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| admin::add_instagram(world, account))?)
    }

    /// The token of the app under test for this Page.
    pub fn page_token(&self, page: &AccountId) -> Option<SecretString> {
        self.sim.look(|world, _| world.token_of(&self.sim.desk_app, &Holder::Page(page.clone())))
    }

    /// A living token of any app for this Page, made when there is none: to act as another app, or as a person who signed
    /// in again after the token died.
    pub fn token_for(&self, app: &AppId, page: &AccountId) -> SecretString {
        self.sim.act(|world, now_ms| admin::token_for(world, app, page, now_ms))
    }

    /// The token of the person who granted the Pages.
    pub fn user_token(&self) -> Option<SecretString> {
        self.sim.look(|world, _| world.token_of(&self.sim.desk_app, &Holder::User))
    }

    /// The id of the app under test.
    pub fn app_id(&self) -> AppId {
        self.sim.desk_app.clone()
    }

    /// Kills every token of the app under test for this Page with this subcode of 190 (460: password changed).
    ///
    /// # Errors
    /// The subcode is none of 458, 459, 460, 463, 464, 467, 492.
    pub fn kill_tokens(&self, page: &AccountId, subcode: i64) -> Result<(), SimulatorError> {
        let cause = death(subcode)
            .ok_or_else(|| SimulatorError::Refused(format!("190 has no subcode {subcode} here.")))?;
        self.set_dead(page, Some(cause));
        Ok(())
    }

    /// Lets killed tokens of this Page live again.
    pub fn revive_tokens(&self, page: &AccountId) {
        self.set_dead(page, None);
    }

    fn set_dead(&self, page: &AccountId, dead: Option<&'static str>) {
        self.sim.act(|world, _| admin::set_dead(world, &self.sim.desk_app, page, dead));
    }

    /// Switches *Require App Secret* of the app under test: on, every call with a token needs its proof.
    pub fn set_requires_proof(&self, is_required: bool) {
        self.sim.act(|world, _| {
            if let Some(app) = world.apps.get_mut(&self.sim.desk_app) {
                app.requires_proof = is_required;
            }
        });
    }

    /// Sets Meta's budgets of calls, and whether it refuses what goes beyond them.
    pub fn set_limits(&self, limits: Limits) {
        self.sim.act(|world, _| world.limits = limits);
    }

    /// Kills everything that the person granted to the app under test, with this subcode of 190: a changed password
    /// kills all Pages at once. A new login heals it.
    ///
    /// # Errors
    /// As [`Simulator::kill_tokens`].
    pub fn kill_logins(&self, subcode: i64) -> Result<(), SimulatorError> {
        let cause = death(subcode)
            .ok_or_else(|| SimulatorError::Refused(format!("190 has no subcode {subcode} here.")))?;
        self.sim.act(|world, _| world.set_logins_dead(&self.sim.desk_app, Some(cause)));
        Ok(())
    }

    /// Where the webhooks of the app under test go, as if set in its dashboard (no handshake).
    pub fn set_callback(&self, url: impl Into<String>) {
        let url = url.into();
        self.sim.act(|world, _| {
            if let Some(app) = world.apps.get_mut(&self.sim.desk_app) {
                app.set_callbacks(&url);
            }
        });
    }

    /// Which fields of one object the app under test gets, as if changed in its dashboard; none ends that subscription.
    pub fn set_app_fields(&self, platform: Platform, fields: &[&str]) {
        self.sim.act(|world, _| {
            let Some(app) = world.apps.get_mut(&self.sim.desk_app) else { return };
            // Both objects go to one address.
            let urls = [Platform::Messenger, Platform::Instagram].map(|of| app.receiver(of).url());
            let receiver = match urls.into_iter().flatten().next() {
                Some(url) if !fields.is_empty() => {
                    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
                    Receiver::Callback(Callback { url: url.to_owned(), fields })
                }
                _ => Receiver::Nobody,
            };
            app.set_receiver(platform, receiver);
        });
    }

    /// Presses the Test button of our app's dashboard for this object.
    pub fn dashboard_test(&self, platform: Platform) {
        self.sim.act(|world, now_ms| world.dashboard_test(&self.sim.desk_app, platform, now_ms));
    }

    /// Whether this callback answers Meta's handshake with this verify token (docs/meta.md 2.1).
    pub async fn verify_callback(&self, url: &str, verify_token: &SecretString) -> bool {
        verify_callback(self.sim.queues.client(), url, verify_token).await
    }

    /// Subscribes a Page to an app.
    ///
    /// # Errors
    /// Unknown Page or field.
    pub fn subscribe(&self, page: &AccountId, app: &AppId, fields: &[&str]) -> Result<(), SimulatorError> {
        let words: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
        Ok(self.sim.act(|world, _| admin::subscribe(world, page, app, &words))?)
    }

    /// Takes a Page's subscription to an app away.
    pub fn unsubscribe(&self, page: &AccountId, app: &AppId) {
        let _ = self.sim.act(|world, _| admin::unsubscribe(world, page, app));
    }

    /// Switches Conversation Routing of a Page.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn set_routing(&self, page: &AccountId, mode: &RoutingMode) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| admin::set_routing(world, page, mode, now_ms))?)
    }

    /// Grants or takes back the Human Agent feature.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn set_human_agent(&self, page: &AccountId, is_approved: bool) -> Result<(), SimulatorError> {
        Ok(self
            .sim
            .act(|world, _| world.account_mut(page).map(|a| a.switches.has_human_agent = is_approved))?)
    }

    /// Grants or takes back reading customers' names and pictures (Business Asset User Profile Access).
    ///
    /// # Errors
    /// Unknown Page.
    pub fn set_profile_access(&self, page: &AccountId, is_approved: bool) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| world.account_mut(page).map(|a| a.switches.has_names = is_approved))?)
    }

    /// Meta warns a Page, blocks it from sending, or lifts the block, and says so.
    ///
    /// # Errors
    /// Unknown Page, or an Instagram account.
    pub fn policy_notice(
        &self,
        page: &AccountId,
        notice: PolicyNotice,
        reason: &str,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.policy_notice(page, notice, reason, now_ms))?)
    }
}
