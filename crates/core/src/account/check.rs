//! Whether a pasted token serves an account, and the Page's subscription (docs/meta.md 1.4, 2.5, 8.1).
//!
//! A Page's token speaks for the Page and for the Instagram account that is linked to it. Only questions and the one subscription, which may be repeated without harm. Nothing is saved here; whoever saves
//! does so after every check passed.

use baton_graph::{CallError, ConversationQuery, Credentials, GraphClient, NoProof, NotBegun, Urgency};
use baton_messenger::answer::{InstagramLink, TokenFacts};
use baton_messenger::error::ErrorClass;
use baton_messenger::limits::{FIELDS_FOR_INSTAGRAM, PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use baton_messenger::{AccountId, AppId, Platform, Words};
use baton_protocol::account::RoutingMode;
use secrecy::SecretString;

use super::{meta_words, token_words};
use crate::keys::KeyStoreError;
use crate::relay_client::RelayError;

/// Rights that a Page token needs, as Meta calls them (docs/meta.md 1.6).
const MESSAGING: &str = "pages_messaging";
const INSTAGRAM_MESSAGING: &str = "instagram_manage_messages";
const INSTAGRAM_BASIC: &str = "instagram_basic";
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
    /// The token is for another Page, on Messenger.
    #[error("the token is for another Page")]
    WrongPage {
        /// The name of the Page it is for.
        found: String,
    },
    /// The token is for a Page that is not linked to this Instagram account.
    #[error("the token's Page is not linked to this Instagram account")]
    NotLinked {
        /// The name of the Page or person it is for.
        found: String,
    },
    /// Meta does not let apps read the messages of this account.
    #[error("Meta does not give access to this account")]
    NoAccess(Words),
    /// This desk has no token of the account that works.
    #[error("this desk has no token of the account that works")]
    NoToken,
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
            Self::TokenInvalid(words) | Self::MetaUnreachable(words) | Self::NoAccess(words) => words.clone(),
            Self::NotLinked { found } => Words::new(
                format!("This token is for {found}, which is not linked to this Instagram account."),
                "Copy the token of the Page that the account is linked to, or link them in Meta's settings.",
            ),
            Self::WrongPage { found } => Words::new(
                format!("This token is for another Page ({found})."),
                "Copy the token of the Page that is named here.",
            ),
            Self::NoToken => Words::new(
                "This computer has no Page token of this account that Meta accepts.",
                "Connect the account again.",
            ),
            Self::OtherApp => Words::new(
                "This token was made for another Meta app than the one your relay serves.",
                "Make the token with the app of your workspace.",
            ),
            Self::RightsMissing(rights) => Words::new(
                format!("The token lacks rights on this account: {}.", rights.join(", ")),
                "Ask whoever manages the account at Meta to give them, then make a new token.",
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

    pub(crate) fn of_call(error: &CallError) -> Self {
        let words = error.agent_words();
        match error.class() {
            Some(ErrorClass::TokenDead { reason }) => Self::TokenInvalid(token_words::of_pasted(reason)),
            _ if error.is_dead_token() => Self::TokenInvalid(words),
            Some(ErrorClass::PermissionMissing) => Self::RightsMissing(vec![MESSAGING.to_owned()]),
            Some(ErrorClass::InstagramAccessOff | ErrorClass::InstagramNotEligible) => Self::NoAccess(words),
            Some(ErrorClass::Throttled | ErrorClass::TemporarilyUnavailable) | None
                if !matches!(
                    error,
                    CallError::NotBegun(
                        NotBegun::TokenUnusable | NotBegun::NoProof(NoProof::NotForThisToken(_))
                    )
                ) =>
            {
                Self::MetaUnreachable(meta_words::of_question(error))
            }
            _ => Self::TokenInvalid(words),
        }
    }
}

/// An account whose token was tried.
#[derive(Debug, Clone)]
pub struct CheckedAccount {
    /// The account.
    pub account: AccountId,
    /// The channel.
    pub platform: Platform,
    /// Its Page: itself on Messenger, the linked one on Instagram.
    pub page: AccountId,
    /// Its name as customers see it.
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
    platform: Platform,
) -> Result<CheckedAccount, ConnectError> {
    let graph = &graph.urgent(Urgency::SetUp);
    let token = page_token(graph, pasted, account, platform).await?;
    let credentials = Credentials::of_account(account, &token.secret);
    let features = graph.feature_status(&credentials).await.map_err(|error| ConnectError::of_call(&error))?;
    let facts = graph.debug_token(&credentials, &token.secret).await.ok().filter(|facts| facts.is_valid);
    let mut missing_rights = Vec::new();
    if !may_read(graph, &credentials, &token.page, platform).await? {
        missing_rights.push(messaging_right(platform).to_owned());
    }
    if let Some(facts) = &facts {
        let lacks = needed_rights(platform).iter().filter(|right| lacks(facts, right, account, &token.page));
        missing_rights.extend(lacks.map(|right| (*right).to_owned()));
        missing_rights.dedup();
    }
    Ok(CheckedAccount {
        account: account.clone(),
        platform,
        page: token.page,
        name: token.name,
        app: facts.and_then(|facts| facts.app_id),
        routing: features.routing(platform),
        missing_rights,
        token: token.secret,
    })
}

/// Subscribes the account's Page and reads back what Meta will send.
///
/// Which events of an Instagram account are sent the app has chosen as a whole, where the relay looks after it; here the
/// Page must only be subscribed at all, and a subscription that it has is left as it is.
///
/// # Errors
/// [`ConnectError::NotSubscribed`] when a field that an inbox needs is not confirmed; else as the calls fail.
pub async fn subscribe(
    graph: &GraphClient,
    checked: &CheckedAccount,
    app: &AppId,
) -> Result<Vec<String>, ConnectError> {
    let credentials = Credentials::of_account(&checked.account, &checked.token);
    subscribe_page(graph, &credentials, &checked.page, checked.platform, app).await
}

/// As [`subscribe`], for an account that is connected already.
///
/// # Errors
/// As [`subscribe`].
pub async fn subscribe_page(
    graph: &GraphClient,
    credentials: &Credentials,
    page: &AccountId,
    platform: Platform,
    app: &AppId,
) -> Result<Vec<String>, ConnectError> {
    let graph = &graph.urgent(Urgency::SetUp);
    let of_call = |error: CallError| match error.class() {
        Some(ErrorClass::PermissionMissing) => ConnectError::RightsMissing(vec![METADATA.to_owned()]),
        _ => ConnectError::of_call(&error),
    };
    let read_back = || async {
        let subscribed = graph.subscribed_apps(credentials, page).await.map_err(of_call)?;
        Ok::<_, ConnectError>(subscribed.data.into_iter().find(|subscribed| subscribed.id == *app))
    };
    let (asked, needed) = match platform {
        Platform::Messenger => (PAGE_FIELDS, PAGE_FIELDS_NEEDED),
        Platform::Instagram => (FIELDS_FOR_INSTAGRAM, &[] as &[&str]),
    };
    if platform == Platform::Instagram
        && let Some(ours) = read_back().await?
    {
        return Ok(in_order(ours.subscribed_fields));
    }
    match graph.subscribe_page(credentials, page, asked).await {
        // Meta takes the list whole or not at all. A field that it no longer knows must not cost the others.
        Err(error) if error.class() == Some(ErrorClass::BadRequest) && !needed.is_empty() => {
            tracing::warn!(%page, %error, "Meta does not take every webhook field; only those are asked for that must be");
            graph.subscribe_page(credentials, page, needed).await.map_err(of_call)?;
        }
        done => {
            done.map_err(of_call)?;
        }
    }
    let Some(ours) = read_back().await? else {
        return Err(ConnectError::NotSubscribed(asked.iter().map(|field| (*field).to_owned()).collect()));
    };
    let missing: Vec<String> = ours.missing(needed).into_iter().map(str::to_owned).collect();
    if missing.is_empty() {
        Ok(in_order(ours.subscribed_fields))
    } else {
        Err(ConnectError::NotSubscribed(missing))
    }
}

/// Webhook fields in an order of their own: Meta may tell the same ones in another.
pub(crate) fn in_order(mut fields: Vec<String>) -> Vec<String> {
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn messaging_right(platform: Platform) -> &'static str {
    match platform {
        Platform::Messenger => MESSAGING,
        Platform::Instagram => INSTAGRAM_MESSAGING,
    }
}

/// The rights that a Page token needs, as Meta calls them (docs/meta.md 1.6).
pub(crate) fn needed_rights(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Messenger => &[MESSAGING, METADATA],
        Platform::Instagram => &[INSTAGRAM_MESSAGING, INSTAGRAM_BASIC, METADATA],
    }
}

/// Whether a token that tells its rights has not got this one, or only for other accounts.
fn lacks(facts: &TokenFacts, right: &str, account: &AccountId, page: &AccountId) -> bool {
    !facts.scopes.is_empty() && !facts.rights_on(&[account, page]).contains(&right)
}

/// A Page's own token, and the account that it was looked for.
struct FoundToken {
    page: AccountId,
    name: String,
    secret: SecretString,
}

async fn page_token(
    graph: &GraphClient,
    pasted: &SecretString,
    account: &AccountId,
    platform: Platform,
) -> Result<FoundToken, ConnectError> {
    let credentials = Credentials::of_account(account, pasted);
    let me = graph.me(&credentials).await.map_err(|error| ConnectError::of_call(&error))?;
    let found = me.name.clone().unwrap_or_else(|| me.id.to_string());
    let own = match platform {
        Platform::Messenger => (me.id == *account).then(|| FoundToken {
            page: me.id,
            name: found.clone(),
            secret: pasted.clone(),
        }),
        Platform::Instagram => linked(graph, &credentials, pasted, account).await?,
    };
    if let Some(token) = own {
        return Ok(token);
    }
    match (behind_a_person(graph, &credentials, account, platform).await, platform) {
        (Some(token), _) => Ok(token),
        (None, Platform::Messenger) => Err(ConnectError::WrongPage { found }),
        (None, Platform::Instagram) => Err(ConnectError::NotLinked { found }),
    }
}

/// The pasted token, when it is that of the Page to which the Instagram account is linked.
async fn linked(
    graph: &GraphClient,
    credentials: &Credentials,
    pasted: &SecretString,
    account: &AccountId,
) -> Result<Option<FoundToken>, ConnectError> {
    let page = match graph.linked_instagram(credentials).await {
        Ok(page) => page,
        // A person has no linked account; Meta refuses the question.
        Err(error) if error.class() == Some(ErrorClass::BadRequest) => return Ok(None),
        Err(error) => return Err(ConnectError::of_call(&error)),
    };
    let link = page.instagram_business_account.filter(|link| link.id == *account);
    Ok(link.map(|link| FoundToken {
        name: instagram_name(&link).or(page.name).unwrap_or_else(|| account.to_string()),
        page: page.id,
        secret: pasted.clone(),
    }))
}

/// The Page's token, when the pasted one is a person's who may use the Page.
async fn behind_a_person(
    graph: &GraphClient,
    credentials: &Credentials,
    account: &AccountId,
    platform: Platform,
) -> Option<FoundToken> {
    let pages = graph.all_accounts(credentials).await.ok()?;
    let mut found = pages.into_iter().find(|page| match platform {
        Platform::Messenger => page.id == *account,
        Platform::Instagram => {
            page.instagram_business_account.as_ref().is_some_and(|link| link.id == *account)
        }
    })?;
    let secret = SecretString::from(found.take_token()?);
    let handle = match platform {
        Platform::Messenger => None,
        Platform::Instagram => found.instagram_business_account.as_ref().and_then(instagram_name),
    };
    let name = handle.or(found.name).unwrap_or_else(|| account.to_string());
    Some(FoundToken { page: found.id, name, secret })
}

/// An Instagram account goes by its handle, which also tells it from its Page.
fn instagram_name(link: &InstagramLink) -> Option<String> {
    link.username.as_ref().map(|username| format!("@{username}"))
}

/// Whether the token may read the account's threads, by reading one.
async fn may_read(
    graph: &GraphClient,
    credentials: &Credentials,
    page: &AccountId,
    platform: Platform,
) -> Result<bool, ConnectError> {
    let one = ConversationQuery { limit: 1, fields: "id", ..ConversationQuery::newest(platform) };
    match graph.conversations(credentials, page, &one).await {
        Ok(_) => Ok(true),
        Err(error) if error.class() == Some(ErrorClass::PermissionMissing) => Ok(false),
        Err(error) => Err(ConnectError::of_call(&error)),
    }
}
