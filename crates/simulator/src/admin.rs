//! What an admin does on Meta's settings pages: accounts, routing, subscriptions, tokens. Shared by the library's
//! handle and the control API.

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::{AccountId, AppId, CustomerId, Platform};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::begin::bot_subscription;
use crate::bot::BOT_APP;
use crate::world::account::{Account, Subscription, Switches};
use crate::world::refusals::Refusal;
use crate::world::routing::Routing;
use crate::world::token::Holder;
use crate::world::topic::known_fields;
use crate::world::{NewPerson, World};

/// Which system of thread control an account uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "routing", rename_all = "snake_case")]
pub enum RoutingMode {
    /// Not set up: any connected app may answer.
    Off,
    /// Conversation Routing.
    On {
        /// The app that answers when a customer writes into an idle thread.
        default_app: AppId,
        /// The apps that may take control.
        may_take: Vec<AppId>,
    },
    /// The old handover protocol.
    HopV2 {
        /// The primary receiver: it has every idle thread, and may take.
        primary: AppId,
        /// The secondary receivers: they may ask.
        secondary: Vec<AppId>,
    },
}

/// A Page to add.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewPage {
    /// The Page's id.
    pub id: AccountId,
    /// The Page's name.
    pub name: String,
    /// Its thread control.
    #[serde(flatten)]
    pub routing: RoutingMode,
    /// Whether Meta approved the Human Agent feature.
    pub is_human_agent_approved: bool,
    /// Whether the person behind the tokens may message and moderate.
    pub may_message: bool,
}

impl NewPage {
    /// A Page with routing on, the bot as default app, our app allowed to take, Human Agent approved.
    pub fn with_bot(id: &str, name: &str, our_app: &AppId) -> Self {
        Self {
            id: AccountId::from(id),
            name: name.to_owned(),
            routing: RoutingMode::On { default_app: AppId::from(BOT_APP), may_take: vec![our_app.clone()] },
            is_human_agent_approved: true,
            may_message: true,
        }
    }

    /// A Page without routing, Human Agent approved.
    pub fn without_routing(id: &str, name: &str) -> Self {
        Self {
            id: AccountId::from(id),
            name: name.to_owned(),
            routing: RoutingMode::Off,
            is_human_agent_approved: true,
            may_message: true,
        }
    }
}

/// An Instagram account to add, linked to a Page whose token speaks for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewInstagram {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: String,
    /// Its handle.
    pub username: String,
    /// The Page that it is linked to.
    pub page_id: AccountId,
    /// Its thread control.
    #[serde(flatten)]
    pub routing: RoutingMode,
    /// Whether Meta approved the Human Agent feature.
    pub is_human_agent_approved: bool,
}

/// A customer to add.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NewCustomer {
    /// First and last name.
    pub name: String,
    /// The PSID or IGSID; made up when left out.
    #[serde(default)]
    pub id: Option<CustomerId>,
    /// Instagram's handle; made from the name when left out.
    #[serde(default)]
    pub username: Option<String>,
    /// `de_DE` and the like; `en_US` when left out.
    #[serde(default)]
    pub locale: Option<String>,
}

impl NewCustomer {
    /// A customer with this name.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

impl From<NewCustomer> for NewPerson {
    fn from(new: NewCustomer) -> Self {
        let (first, last) = new.name.split_once(' ').unwrap_or((&new.name, ""));
        Self {
            id: new.id,
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            username: new.username,
            locale: new.locale.unwrap_or_else(|| "en_US".into()),
            gender: "neutral".into(),
            timezone: 1,
        }
    }
}

impl From<&RoutingMode> for Routing {
    fn from(mode: &RoutingMode) -> Self {
        match mode {
            RoutingMode::Off => Self::Off,
            RoutingMode::On { default_app, may_take } => {
                let may_take: BTreeSet<AppId> = may_take.iter().cloned().collect();
                Self::On { default_app: default_app.clone(), may_take }
            }
            RoutingMode::HopV2 { primary, secondary } => {
                Self::Roles { primary: primary.clone(), secondary: secondary.iter().cloned().collect() }
            }
        }
    }
}

pub(crate) fn add_page(world: &mut World, new: NewPage, desk_app: &AppId, now_ms: i64) -> SecretString {
    let tasks: &[&str] = if new.may_message {
        &["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
    } else {
        &["ANALYZE", "CREATE_CONTENT"]
    };
    let bot = AppId::from(BOT_APP);
    let page = Account {
        id: new.id.clone(),
        platform: Platform::Messenger,
        name: new.name,
        username: None,
        page: None,
        category: "Shop".into(),
        tasks: tasks.iter().map(|t| (*t).to_owned()).collect(),
        routing: Routing::from(&new.routing),
        switches: Switches { has_human_agent: new.is_human_agent_approved, ..Switches::default() },
        is_restricted: false,
        orders: BTreeSet::new(),
        profile: Map::new(),
        menus: BTreeMap::new(),
        subscriptions: [(bot, bot_subscription())].into(),
        threads: BTreeMap::new(),
    };
    world.accounts.insert(new.id.clone(), page);
    world.mint_token(desk_app, Holder::Page(new.id), now_ms)
}

/// Adds an Instagram account; every app that its Page is subscribed to hears of it.
pub(crate) fn add_instagram(world: &mut World, new: NewInstagram) -> Result<(), Refusal> {
    let page = world.account(&new.page_id)?;
    if page.is_instagram() || world.instagram_of(&new.page_id).is_some() {
        return Err(Refusal::bad_parameter("A Page has at most one Instagram account."));
    }
    if world.accounts.contains_key(&new.id) {
        return Err(Refusal::bad_parameter("An account with this id exists."));
    }
    let subscriptions = page.subscriptions.keys().map(|app| (app.clone(), Subscription::default()));
    let account = Account {
        id: new.id.clone(),
        platform: Platform::Instagram,
        name: new.name,
        username: Some(new.username),
        page: Some(new.page_id),
        category: "Shop".into(),
        tasks: Vec::new(),
        routing: Routing::from(&new.routing),
        switches: Switches { has_human_agent: new.is_human_agent_approved, ..Switches::default() },
        is_restricted: false,
        orders: BTreeSet::new(),
        profile: Map::new(),
        menus: BTreeMap::new(),
        subscriptions: subscriptions.collect(),
        threads: BTreeMap::new(),
    };
    world.accounts.insert(new.id, account);
    Ok(())
}

/// The app's token for this Page, made when none lives: a person who signs in again gets a new one.
pub(crate) fn token_for(world: &mut World, app: &AppId, page: &AccountId, now_ms: i64) -> SecretString {
    let holder = Holder::Page(page.clone());
    world.living_token_of(app, &holder).unwrap_or_else(|| world.mint_token(app, holder, now_ms))
}

/// Switches an account's thread control. With roles every app that has one is told (docs/meta.md 2.6.18).
pub(crate) fn set_routing(
    world: &mut World,
    account: &AccountId,
    mode: &RoutingMode,
    now_ms: i64,
) -> Result<(), Refusal> {
    match mode {
        RoutingMode::Off => {}
        RoutingMode::On { default_app, .. } => drop(world.app(default_app)?),
        RoutingMode::HopV2 { primary, secondary } => {
            world.app(primary)?;
            secondary.iter().try_for_each(|app| world.app(app).map(drop))?;
        }
    }
    world.account_mut(account)?.routing = Routing::from(mode);
    world.tell_roles(account, now_ms);
    Ok(())
}

/// Subscribes an account to an app; with a Page comes its Instagram account.
pub(crate) fn subscribe(
    world: &mut World,
    account: &AccountId,
    app: &AppId,
    fields: &[String],
) -> Result<(), Refusal> {
    world.app(app)?;
    let fields = known_fields(world.account(account)?.platform, fields)?;
    let subscription = Subscription { fields, failing_since_ms: None };
    world.account_mut(account)?.subscriptions.insert(app.clone(), subscription);
    let linked = world.instagram_of(account).map(|account| account.id.clone());
    if let Some(linked) = linked {
        world.account_mut(&linked)?.subscriptions.insert(app.clone(), Subscription::default());
    }
    Ok(())
}

/// Takes the subscription of an account away; with a Page goes its Instagram account.
pub(crate) fn unsubscribe(world: &mut World, account: &AccountId, app: &AppId) -> Result<(), Refusal> {
    world.account_mut(account)?.subscriptions.remove(app);
    let linked = world.instagram_of(account).map(|account| account.id.clone());
    if let Some(linked) = linked {
        world.account_mut(&linked)?.subscriptions.remove(app);
    }
    Ok(())
}

pub(crate) fn set_dead(world: &mut World, app: &AppId, page: &AccountId, dead: Option<&'static str>) {
    let holder = Holder::Page(page.clone());
    for token in world.tokens.values_mut().filter(|t| &t.app == app && t.holder == holder) {
        token.dead = dead;
    }
}
