//! What a token is worth (docs/meta.md 1.4).

use baton_messenger::answer::{Me, Page, PageAccount, TokenFacts};
use baton_messenger::id::AppId;
use secrecy::SecretString;
use serde::Deserialize;

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::Credentials;
use crate::error::CallError;

const ACCOUNT_FIELDS: &str = "id,name,category,access_token,tasks,instagram_business_account{id,username}";

/// More pages of Pages than any person has.
const MOST_PAGES: usize = 200;

/// An app as Graph shows it.
#[derive(Deserialize)]
struct AppNode {
    id: AppId,
}

impl GraphClient {
    /// Whose token this is.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn me(&self, credentials: &Credentials) -> Result<Me, CallError> {
        self.read(&Call::get("me", &["me"]).with("fields", "id,name"), credentials).await
    }

    /// Our own app, asked with its own token: the cheapest call there is, whose answer tells Meta's time.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn app(&self, app_token: &Credentials, app: &AppId) -> Result<AppId, CallError> {
        let node: AppNode =
            self.read(&Call::get("app", &[app.as_str()]).with("fields", "id"), app_token).await?;
        Ok(node.id)
    }

    /// One page of the Pages that the person behind a user token may use.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn accounts(
        &self,
        credentials: &Credentials,
        after: Option<&str>,
    ) -> Result<Page<PageAccount>, CallError> {
        let call = Call::get("accounts", &["me", "accounts"])
            .with("fields", ACCOUNT_FIELDS)
            .with("limit", "25")
            .with_maybe("after", after);
        self.read(&call, credentials).await
    }

    /// All Pages that the person behind a user token may use, page by page to the end.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn all_accounts(&self, credentials: &Credentials) -> Result<Vec<PageAccount>, CallError> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let page = self.accounts(credentials, after.as_deref()).await?;
            let next = page.after().map(str::to_owned);
            found.extend(page.data);
            // A cursor that comes again would go round for ever.
            if next.is_none() || next == after {
                break;
            }
            after = next;
        }
        Ok(found)
    }

    /// What Meta knows about a token; asked with the app's own token. A dead token is an answer, not an error.
    ///
    /// The token to inspect travels as a parameter, because Meta takes it in no other place.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn debug_token(
        &self,
        app: &Credentials,
        inspected: &SecretString,
    ) -> Result<TokenFacts, CallError> {
        use secrecy::ExposeSecret;

        let call = Call::get("debug_token", &["debug_token"]).with_secret("input_token", inspected);
        let mut facts: TokenFacts = self.read(&call, app).await?;
        facts.error = facts.error.map(|error| crate::redact::error(error, &[inspected.expose_secret()]));
        Ok(facts)
    }
}
