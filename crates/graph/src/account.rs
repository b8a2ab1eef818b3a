//! An account's own settings: webhook subscription and routing (docs/meta.md 2.5, 5.3).

use baton_messenger::answer::{
    AppSubscription, FeatureStatus, LinkedInstagram, Page, SubscribedApp, Success,
};
use baton_messenger::id::{AccountId, Platform};
use secrecy::SecretString;

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::{AppSecret, Credentials};
use crate::error::CallError;

impl GraphClient {
    /// Subscribes the Page's webhooks to the app of the token. Doing it again changes nothing, so it is tried again like
    /// a read.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn subscribe_page(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        fields: &[&str],
    ) -> Result<Success, CallError> {
        let call = Call::post("subscribe_page", &[page.as_str(), "subscribed_apps"])
            .with("subscribed_fields", fields.join(","));
        self.read(&call, credentials).await
    }

    /// Ends the subscription of the Page's webhooks to the app of the token. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn unsubscribe_page(
        &self,
        credentials: &Credentials,
        page: &AccountId,
    ) -> Result<Success, CallError> {
        self.read(&Call::delete("unsubscribe_page", &[page.as_str(), "subscribed_apps"]), credentials).await
    }

    /// Subscribes the app to the events of all Pages or all Instagram accounts that are subscribed to it. Meta asks the
    /// callback for `verify_token` before it answers. Doing it again changes nothing (docs/meta.md 2.5).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn subscribe_app(
        &self,
        app: &AppSecret,
        platform: Platform,
        callback_url: &str,
        verify_token: &SecretString,
        fields: &[&str],
    ) -> Result<Success, CallError> {
        let call = Call::form("subscribe_app", &[app.app.as_str(), "subscriptions"])
            .with("object", platform.object())
            .with("callback_url", callback_url)
            .with("fields", fields.join(","))
            .with("include_values", "true")
            .with_secret("verify_token", verify_token);
        self.read(&call, &app.credentials()).await
    }

    /// What the app is subscribed to.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn app_subscriptions(&self, app: &AppSecret) -> Result<Page<AppSubscription>, CallError> {
        let call = Call::get("app_subscriptions", &[app.app.as_str(), "subscriptions"]);
        self.read(&call, &app.credentials()).await
    }

    /// The Instagram account that is linked to the Page of the token, if there is one (docs/meta.md 8.1).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn linked_instagram(&self, credentials: &Credentials) -> Result<LinkedInstagram, CallError> {
        let call = Call::get("linked_instagram", &["me"])
            .with("fields", "id,name,instagram_business_account{id,username}");
        self.read(&call, credentials).await
    }

    /// The apps that get the Page's webhooks, with their fields.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn subscribed_apps(
        &self,
        credentials: &Credentials,
        page: &AccountId,
    ) -> Result<Page<SubscribedApp>, CallError> {
        self.read(&Call::get("subscribed_apps", &[page.as_str(), "subscribed_apps"]), credentials).await
    }

    /// Which routing the Page uses.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn feature_status(&self, credentials: &Credentials) -> Result<FeatureStatus, CallError> {
        let call = Call::get("feature_status", &["me"]).with("fields", "messaging_feature_status");
        self.read(&call, credentials).await
    }
}
