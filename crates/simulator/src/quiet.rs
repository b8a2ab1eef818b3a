//! One thread of a world without a network: acts are calls of functions, the clock is a number, and what the app under test
//! would hear is handed out. For models that drive many thousands of acts by the same rules as the running simulator.

use baton_messenger::{AccountId, AppId, CustomerId};
use serde_json::Value;

use crate::admin::{self, NewCustomer, NewPage, RoutingMode};
use crate::begin::{AI_AGENT, apps};
use crate::bot::BOT_APP;
use crate::config::Config;
use crate::world::app::AppKind;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::send::Draft;
use crate::world::thread::Manner;
use crate::world::topic::all_fields;
use crate::world::webhook_out::Delivery;
use crate::world::{NewPerson, World, ownership};

/// What an app does about control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppAct {
    /// Passes the thread; to the default app when none is named.
    Pass(Option<AppId>),
    /// Takes it.
    Take,
    /// Asks for it.
    Request,
    /// Gives it up.
    Release,
    /// Keeps it for so many seconds.
    Extend(i64),
}

/// What Graph would have answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status, body: refusal.body("A0") }
    }
}

/// The world.
pub struct QuietWorld {
    world: World,
    now_ms: i64,
    ours: AppId,
    page: AccountId,
    customer: CustomerId,
}

impl std::fmt::Debug for QuietWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QuietWorld({}, {:?})", self.now_ms, self.owner())
    }
}

impl QuietWorld {
    /// A Page with this thread control and one customer, who has not written yet.
    ///
    /// # Errors
    /// The routing names an app that does not exist.
    pub fn begin(routing: &RoutingMode, now_ms: i64) -> Result<Self, Refused> {
        let config = Config { callback_url: Some("http://127.0.0.1/".to_owned()), ..Config::default() };
        let ours = AppId::from(config.app_id.as_str());
        let mut world = World::default();
        for app in apps(&config) {
            world.apps.insert(app.id.clone(), app);
        }
        let page = AccountId::from("104500000000011");
        let new = NewPage::without_routing(page.as_str(), "Northwind Tea");
        let _token = admin::add_page(&mut world, new, &ours, now_ms);
        let fields: Vec<String> = all_fields(baton_messenger::Platform::Messenger).into_iter().collect();
        admin::subscribe(&mut world, &page, &ours, &fields)?;
        admin::set_routing(&mut world, &page, routing, now_ms)?;
        let customer = world.add_customer(&page, NewPerson::from(NewCustomer::named("Mara Lindt")))?;
        Ok(Self { world, now_ms, ours, page, customer })
    }

    /// The app under test.
    #[must_use]
    pub fn ours(&self) -> AppId {
        self.ours.clone()
    }

    /// The bot.
    #[must_use]
    pub fn bot(&self) -> AppId {
        AppId::from(BOT_APP)
    }

    /// Meta's inbox, where people of the business answer.
    #[must_use]
    pub fn inbox(&self) -> AppId {
        let inbox = self.world.apps.values().find(|app| app.kind == AppKind::MetaInbox);
        inbox.map_or_else(|| AppId::from(baton_messenger::id::PAGE_INBOX), |app| app.id.clone())
    }

    /// Meta's AI agent.
    #[must_use]
    pub fn ai_agent(&self) -> AppId {
        AppId::from(AI_AGENT)
    }

    /// The time, milliseconds UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Time passes.
    pub fn advance_ms(&mut self, ms: i64) {
        self.now_ms = self.now_ms.saturating_add(ms);
    }

    /// The app that holds the thread, and until when; none when nobody does.
    #[must_use]
    pub fn owner(&self) -> Option<(AppId, i64)> {
        let thread = self.world.thread(&self.page, &self.customer).ok()?;
        ownership::owner(thread, self.now_ms).map(|(app, until_ms)| (app.clone(), until_ms))
    }

    /// The bodies that were posted to the app under test since this was last asked.
    pub fn heard(&mut self) -> Vec<Value> {
        let ours = self.ours.clone();
        let outgoing = std::mem::take(&mut self.world.outgoing);
        outgoing.iter().filter(|delivery| delivery.app == ours).map(Delivery::envelope).collect()
    }

    /// The customer writes.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn customer_writes(&mut self, text: &str) -> Result<(), Refused> {
        let said = crate::Said::text(text);
        self.world.customer_says(&self.page, &self.customer, &said, self.now_ms)?;
        Ok(())
    }

    /// An app does something about control.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn app_does(&mut self, app: &AppId, act: &AppAct, note: &str) -> Result<(), Refused> {
        let call = match act {
            AppAct::Pass(target) => ControlCall::Pass { target: target.clone() },
            AppAct::Take => ControlCall::Take,
            AppAct::Request => ControlCall::Request,
            AppAct::Release => ControlCall::Release,
            AppAct::Extend(duration_s) => ControlCall::Extend { duration_s: *duration_s },
        };
        Ok(self.world.control(&self.page, &self.customer, app, &call, note, self.now_ms)?)
    }

    /// An app answers, as a person where `late` says so.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn app_says(&mut self, app: &AppId, text: &str, late: bool) -> Result<(), Refused> {
        let manner = if late {
            Manner { messaging_type: "MESSAGE_TAG".into(), tag: Some("HUMAN_AGENT".into()) }
        } else {
            Manner { messaging_type: "RESPONSE".into(), tag: None }
        };
        let draft = Draft { manner, text: Some(text.to_owned()), ..Draft::default() };
        self.world.send(&self.page, &self.customer, app, &draft, self.now_ms)?;
        Ok(())
    }

    /// A person of the business answers in Meta's inbox.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn inbox_answers(&mut self, text: &str, hides_app: bool) -> Result<(), Refused> {
        self.world.inbox_answers(&self.page, &self.customer, text, hides_app, self.now_ms)?;
        Ok(())
    }

    /// A person of the business moves the thread to Meta's inbox.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn inbox_takes(&mut self) -> Result<(), Refused> {
        Ok(self.world.inbox_takes(&self.page, &self.customer, self.now_ms)?)
    }

    /// Meta's AI agent takes the thread; a notice tells of it, or nothing does.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn ai_agent_takes(&mut self, with_notice: bool) -> Result<(), Refused> {
        if with_notice {
            self.world.ai_agent_takes(&self.page, &self.customer, self.now_ms)?;
            return Ok(());
        }
        Ok(self.world.seize(&self.page, &self.customer, Some(&self.ai_agent()), self.now_ms)?)
    }

    /// What `thread_owner` answers the app under test.
    ///
    /// # Errors
    /// As Graph refuses it.
    pub fn thread_owner(&self) -> Result<Value, Refused> {
        Ok(self.world.thread_owner(&self.page, &self.customer, &self.ours, self.now_ms)?)
    }

    /// What `is_owner` of the conversation answers the app under test; none where Meta does not tell it.
    #[must_use]
    pub fn is_ours(&self) -> Option<bool> {
        let tells = self.world.account(&self.page).is_ok_and(|account| account.routing.is_on());
        tells.then(|| self.owner().is_some_and(|(app, _)| app == self.ours))
    }

    /// Forgets what was said, so that a long run stays small; who holds the thread stays.
    pub fn forget_words(&mut self) {
        if let Ok(thread) = self.world.thread_mut(&self.page, &self.customer) {
            let newest = thread.messages.pop();
            thread.messages.clear();
            thread.messages.extend(newest);
        }
    }
}
