//! What an admin does on Meta's settings pages: Pages, routing, subscriptions, tokens. Shared by the library's
//! handle and the control API.

use std::collections::BTreeSet;

use baton_messenger::{AccountId, AppId, CustomerId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::begin::bot_subscription;
use crate::bot::BOT_APP;
use crate::world::app::known_fields;
use crate::world::page::{Page, Routing, Subscription};
use crate::world::refusals::Refusal;
use crate::world::token::Holder;
use crate::world::{NewPerson, World};

/// Which system of thread control a Page uses.
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

/// A customer to add.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NewCustomer {
    /// First and last name.
    pub name: String,
    /// The PSID; made up when left out.
    #[serde(default)]
    pub id: Option<CustomerId>,
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
    let page = Page {
        id: new.id.clone(),
        name: new.name,
        category: "Shop".into(),
        tasks: tasks.iter().map(|t| (*t).to_owned()).collect(),
        routing: Routing::from(&new.routing),
        human_agent_approved: new.is_human_agent_approved,
        subscriptions: [(bot, bot_subscription())].into(),
        threads: std::collections::BTreeMap::new(),
    };
    world.pages.insert(new.id.clone(), page);
    world.mint_token(desk_app, Holder::Page(new.id), now_ms)
}

/// The app's token for this Page, made when there is none.
pub(crate) fn token_for(world: &mut World, app: &AppId, page: &AccountId, now_ms: i64) -> SecretString {
    let holder = Holder::Page(page.clone());
    world.token_of(app, &holder).unwrap_or_else(|| world.mint_token(app, holder, now_ms))
}

pub(crate) fn set_routing(world: &mut World, page: &AccountId, mode: &RoutingMode) -> Result<(), Refusal> {
    if let RoutingMode::On { default_app, .. } = mode {
        world.app(default_app)?;
    }
    world.page_mut(page)?.routing = Routing::from(mode);
    Ok(())
}

pub(crate) fn subscribe(
    world: &mut World,
    page: &AccountId,
    app: &AppId,
    fields: &[String],
) -> Result<(), Refusal> {
    world.app(app)?;
    let fields = known_fields(fields)?;
    let subscription = Subscription { fields, failing_since_ms: None };
    world.page_mut(page)?.subscriptions.insert(app.clone(), subscription);
    Ok(())
}

pub(crate) fn set_dead(world: &mut World, app: &AppId, page: &AccountId, dead: Option<&'static str>) {
    let holder = Holder::Page(page.clone());
    for token in world.tokens.values_mut().filter(|t| &t.app == app && t.holder == holder) {
        token.dead = dead;
    }
}
