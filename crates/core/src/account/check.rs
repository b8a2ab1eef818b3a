//! Whether a pasted token serves an account, and the Page's subscription (docs/meta.md 1.4, 2.5).
//!
//! Only questions and the one subscription, which may be repeated without harm. Nothing is saved here; whoever saves
//! does so after every check passed.

use baton_graph::{CallError, ConversationQuery, Credentials, GraphClient};
use baton_messenger::error::ErrorClass;
use baton_messenger::limits::{PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use baton_messenger::{AccountId, AppId, Platform, Words};
use baton_protocol::account::RoutingMode;
use secrecy::SecretString;

use crate::keys::KeyStoreError;
use crate::relay_client::RelayError;

/// A right that a Page token needs, as Meta calls it.
const MESSAGING: &str = "pages_messaging";
const METADATA: &str = "pages_manage_metadata";

/// Why an account could not be connected. Nothing was saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The invite did not name this account.
    #[error("this desk may not read that account")]
    NotInvited,
    /// Meta does not accept the token.
    #[error("Meta does not accept the token")]
    TokenInvalid(Words),
    /// The token is for another Page.
    #[error("the token is for another Page")]
    WrongPage {
        /// The name of the Page it is for.
        found: String,
    },
    /// The token belongs to another Meta app than the relay's.
    #[error("the token belongs to another Meta app")]
    OtherApp,
    /// The person behind the token lacks rights on the Page.
    #[error("rights are missing: {0:?}")]
    RightsMissing(Vec<String>),
    /// Meta does not confirm the webhook fields.
    #[error("webhook fields are missing: {0:?}")]
    NotSubscribed(Vec<String>),
    /// Meta cannot be reached, or has a fault now.
    #[error("Meta cannot be asked now")]
    MetaUnreachable(Words),
    /// The key store does not take the token.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    /// The relay does not take the account.
    #[error(transparent)]
    Relay(#[from] RelayError),
}

impl ConnectError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NotInvited => Words::new(
                "The invite of this desk does not name that account.",
                "Ask an admin for an invite that names it.",
            ),
            Self::TokenInvalid(words) | Self::MetaUnreachable(words) => words.clone(),
            Self::WrongPage { found } => Words::new(
                format!("This token is for another Page ({found})."),
                "Copy the token of the Page that is named here.",
            ),
            Self::OtherApp => Words::new(
                "This token was made for another Meta app than the one your relay serves.",
                "Make the token with the app of your workspace.",
            ),
            Self::RightsMissing(rights) => Words::new(
                format!("The token lacks rights on this Page: {}.", rights.join(", ")),
                "Ask a Page admin to give them, then make a new token.",
            ),
            Self::NotSubscribed(fields) => Words::new(
                format!(
                    "Meta did not confirm that it will send everything: {} is missing.",
                    fields.join(", ")
                ),
                "Ask whoever looks after the Meta app to switch these webhook fields on.",
            ),
            Self::KeyStore(error) => error.agent_words(),
            Self::Relay(error) => error.agent_words(),
        }
    }

    fn of_call(error: &CallError) -> Self {
        let words = error.agent_words();
        match error.class() {
            _ if error.is_dead_token() => Self::TokenInvalid(words),
            Some(ErrorClass::PermissionMissing) => Self::RightsMissing(vec![MESSAGING.to_owned()]),
            Some(ErrorClass::Throttled | ErrorClass::TemporarilyUnavailable) | None
                if !matches!(error, CallError::NotBegun(baton_graph::NotBegun::TokenUnusable)) =>
            {
                Self::MetaUnreachable(words)
            }
            _ => Self::TokenInvalid(words),
        }
    }
}

/// A Page whose token was tried.
#[derive(Debug, Clone)]
pub struct CheckedPage {
    /// The Page.
    pub page: AccountId,
    /// Its name.
    pub name: String,
    /// The app that the token was made for, where Meta says so.
    pub app: Option<AppId>,
    /// How routing stands.
    pub routing: RoutingMode,
    /// Rights that the person behind the token lacks.
    pub missing_rights: Vec<String>,
    /// The Page's own token: the pasted one, or the one found behind a person's token.
    pub token: SecretString,
}

/// Asks Meta whose token this is and what it may do. A person's token is taken too: the Page's own is read with it.
///
/// # Errors
/// [`ConnectError`]; lacking rights are not an error here but part of what is found.
pub async fn check_token(
    graph: &GraphClient,
    pasted: &SecretString,
    account: &AccountId,
) -> Result<CheckedPage, ConnectError> {
    let token = page_token(graph, pasted, account).await?;
    let credentials = Credentials::of(&token.secret);
    let features = graph.feature_status(&credentials).await.map_err(|error| ConnectError::of_call(&error))?;
    let facts = graph.debug_token(&credentials, &token.secret).await.ok().filter(|facts| facts.is_valid);
    let mut missing_rights = Vec::new();
    if !may_read(graph, &credentials, account).await? {
        missing_rights.push(MESSAGING.to_owned());
    }
    if let Some(facts) = &facts
        && !facts.scopes.is_empty()
        && !facts.scopes.iter().any(|scope| scope == METADATA)
    {
        missing_rights.push(METADATA.to_owned());
    }
    Ok(CheckedPage {
        page: account.clone(),
        name: token.name,
        app: facts.and_then(|facts| facts.app_id),
        routing: features.routing(Platform::Messenger),
        missing_rights,
        token: token.secret,
    })
}

/// Subscribes the Page and reads back what Meta will send.
///
/// # Errors
/// [`ConnectError::NotSubscribed`] when a field that an inbox needs is not confirmed; else as the calls fail.
pub async fn subscribe(
    graph: &GraphClient,
    token: &SecretString,
    page: &AccountId,
    app: &AppId,
) -> Result<Vec<String>, ConnectError> {
    let credentials = Credentials::of(token);
    let of_call = |error: CallError| match error.class() {
        Some(ErrorClass::PermissionMissing) => ConnectError::RightsMissing(vec![METADATA.to_owned()]),
        _ => ConnectError::of_call(&error),
    };
    graph.subscribe_page(&credentials, page, PAGE_FIELDS).await.map_err(of_call)?;
    let subscribed = graph.subscribed_apps(&credentials, page).await.map_err(of_call)?;
    let needed = || PAGE_FIELDS_NEEDED.iter().map(|field| (*field).to_owned()).collect();
    let Some(ours) = subscribed.data.into_iter().find(|subscribed| subscribed.id == *app) else {
        return Err(ConnectError::NotSubscribed(needed()));
    };
    let missing: Vec<String> = ours.missing(PAGE_FIELDS_NEEDED).into_iter().map(str::to_owned).collect();
    if missing.is_empty() { Ok(ours.subscribed_fields) } else { Err(ConnectError::NotSubscribed(missing)) }
}

struct PageToken {
    name: String,
    secret: SecretString,
}

async fn page_token(
    graph: &GraphClient,
    pasted: &SecretString,
    account: &AccountId,
) -> Result<PageToken, ConnectError> {
    let credentials = Credentials::of(pasted);
    let me = graph.me(&credentials).await.map_err(|error| ConnectError::of_call(&error))?;
    let name = me.name.unwrap_or_else(|| me.id.to_string());
    if me.id == *account {
        return Ok(PageToken { name, secret: pasted.clone() });
    }
    match behind_a_person(graph, &credentials, account).await {
        Some(token) => Ok(token),
        None => Err(ConnectError::WrongPage { found: name }),
    }
}

/// The Page's token, when the pasted one is a person's who may use the Page.
async fn behind_a_person(
    graph: &GraphClient,
    credentials: &Credentials,
    account: &AccountId,
) -> Option<PageToken> {
    let mut after: Option<String> = None;
    loop {
        let page = graph.accounts(credentials, after.as_deref()).await.ok()?;
        after = page.after().map(str::to_owned);
        if let Some(mut found) = page.data.into_iter().find(|found| found.id == *account) {
            let secret = SecretString::from(found.take_token()?);
            return Some(PageToken { name: found.name.unwrap_or_else(|| account.to_string()), secret });
        }
        after.as_ref()?;
    }
}

/// Whether the token may read the Page's threads, by reading one.
async fn may_read(
    graph: &GraphClient,
    credentials: &Credentials,
    page: &AccountId,
) -> Result<bool, ConnectError> {
    let one = ConversationQuery { limit: 1, fields: "id", ..ConversationQuery::newest(Platform::Messenger) };
    match graph.conversations(credentials, page, &one).await {
        Ok(_) => Ok(true),
        Err(error) if error.class() == Some(ErrorClass::PermissionMissing) => Ok(false),
        Err(error) => Err(ConnectError::of_call(&error)),
    }
}
