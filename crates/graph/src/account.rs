//! An account's own settings: webhook subscription and routing (docs/meta.md 2.5, 5.3).

use baton_messenger::answer::{FeatureStatus, Page, SubscribedApp, Success};
use baton_messenger::id::AccountId;

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::Credentials;
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
