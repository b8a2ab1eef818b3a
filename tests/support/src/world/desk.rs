//! A desk as its agent uses it: by the commands of the window, on threads of its own.

mod kept;
mod replies;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::account::{AccountName, EvidenceFile};
use baton_commands::contract::attachment::{AttachmentView, MediaName};
use baton_commands::contract::composer::{ComposerState, PartName, Setback};
use baton_commands::contract::error::CommandError;
use baton_commands::contract::login::{BeginLogin, ConnectGranted, LoginView};
use baton_commands::contract::notice::Notice;
use baton_commands::contract::session::{Enrol, PageToken, Session, SetHandBack, SetHumanAgent, SetWaiting};
use baton_commands::contract::status::StatusLine;
use baton_commands::contract::thread::{
    ActOnControl, AnswerMessage, Assign, MarkSeen, OfferAnswers, React, SetStatus, ShowTyping, ThreadName,
    ThreadView,
};
use baton_commands::contract::threads::{
    BlockCustomer, BlockView, ListThreads, Sort, ThreadPage, ThreadRow, View,
};
use baton_commands::contract::{ControlAct, StatusView, ThreadRef};
use baton_commands::media::MediaAnswer;
use baton_commands::{Answering, alerts, dispatch};
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::MemoryKeyStore;
use baton_graph::GraphConfig;
use baton_messenger::{AccountId, Mid};
use baton_protocol::account::RoutingMode;
use futures_util::Stream;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Customer;
use super::browser::Browser;
use super::clock::StoryClock;
use super::screen::Screen;
use super::seen::Seen as _;
use crate::island::Island;
use crate::people::{Shop, TEABOT, teabot};
use crate::wait;

/// What stays of a desk when it is killed: its folder, and the key store of its machine.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub name: String,
    pub folder: PathBuf,
    pub keys: Arc<MemoryKeyStore>,
    pub graph_url: String,
    pub browser: Arc<Browser>,
    pub screen: Arc<Screen>,
    pub clock: Arc<StoryClock>,
    pub history_after: Duration,
}

/// A desk and its agent.
#[derive(Debug)]
pub struct TestDesk {
    machine: Machine,
    running: Option<Running>,
}

struct Running {
    island: Island,
    answering: Arc<Answering>,
}

async fn start(machine: &Machine) -> anyhow::Result<Running> {
    let island = Island::new("desk")?;
    let config = DeskConfig {
        data_dir: machine.folder.clone(),
        clock: Arc::clone(&machine.clock) as _,
        keys: Arc::clone(&machine.keys) as _,
        graph: GraphConfig::at(&machine.graph_url)?,
        desk_name: format!("desk of {}", machine.name),
        history_after: machine.history_after,
    };
    let desk = island.run(Desk::open(config)).await??;
    let answering = Answering::new(desk, Vec::new()).opening(Arc::clone(&machine.browser) as _);
    let answering = Arc::new(answering.alerting(Arc::clone(&machine.screen) as _));
    let telling = Arc::clone(&answering);
    island.run(async move { drop(tokio::spawn(alerts::tell(telling))) }).await?;
    Ok(Running { island, answering })
}

impl TestDesk {
    /// Starts the program on this machine.
    pub(crate) async fn on(machine: Machine) -> anyhow::Result<Self> {
        let running = Some(start(&machine).await?);
        Ok(Self { machine, running })
    }

    /// The agent's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.machine.name
    }

    /// The folder with the desk's files.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.machine.folder
    }

    /// The key store of the desk's machine.
    #[must_use]
    pub fn keys(&self) -> &MemoryKeyStore {
        &self.machine.keys
    }

    /// The browser of the desk's machine.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        &self.machine.browser
    }

    /// The desktop around the desk's window.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.machine.screen
    }

    // Living and dying

    /// The program is killed where it stands.
    pub fn dies(&mut self) {
        if let Some(running) = self.running.take() {
            running.island.sink();
        }
    }

    /// The program is closed in order.
    ///
    /// # Errors
    /// When it ended meanwhile.
    pub async fn closes(&mut self) -> anyhow::Result<()> {
        if let Some(running) = self.running.take() {
            let answering = Arc::clone(&running.answering);
            running.island.run(async move { answering.desk().shutdown().await }).await?;
            running.island.sink();
        }
        Ok(())
    }

    /// The program is started again on the same files.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn comes_back(&mut self) -> anyhow::Result<()> {
        self.dies();
        self.running = Some(start(&self.machine).await?);
        Ok(())
    }

    // The commands of the window

    /// One command, as the window sends it.
    ///
    /// # Errors
    /// The command's own [`CommandError`], or that the desk is not running.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        name: &'static str,
        request: impl Serialize,
    ) -> anyhow::Result<T> {
        let running = self.running.as_ref().context("the desk is not running")?;
        let (answering, request) = (Arc::clone(&running.answering), serde_json::to_value(request)?);
        let work = async move { dispatch(&answering, name, request).await };
        let answer: Value = running.island.run(work).await??;
        Ok(serde_json::from_value(answer)?)
    }

    /// What one window of this desk hears from now on.
    ///
    /// # Errors
    /// When the desk is not running.
    pub fn listens(&self) -> anyhow::Result<impl Stream<Item = Notice> + Send + use<>> {
        let running = self.running.as_ref().context("the desk is not running")?;
        Ok(running.answering.notices())
    }

    /// Uses an invite.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn enrols(&self, address: &str, invite: &SecretString) -> anyhow::Result<Session> {
        let request = Enrol { address: address.to_owned(), invite: invite.expose_secret().to_owned() };
        self.ask("enrol", request).await
    }

    /// Connects a Page with a pasted token.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn connects(&self, shop: Shop, token: &SecretString) -> anyhow::Result<Session> {
        let account = shop.id().to_string();
        self.ask("connectAccount", PageToken { account, token: token.expose_secret().to_owned() }).await
    }

    /// Begins a login with Meta: the machine's browser is opened.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn begins_login(&self) -> anyhow::Result<LoginView> {
        self.ask("beginLogin", BeginLogin { ask_again: false }).await
    }

    /// How the login stands.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn login(&self) -> anyhow::Result<LoginView> {
        self.ask("login", ()).await
    }

    /// Connects what the person granted.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn connects_granted(&self, accounts: &[AccountId]) -> anyhow::Result<LoginView> {
        let accounts = accounts.iter().map(ToString::to_string).collect();
        self.ask("connectGranted", ConnectGranted { accounts }).await
    }

    /// Waits until the login looks so.
    ///
    /// # Errors
    /// When it does not come to look so, with what it looked like.
    pub async fn sees_login(
        &self,
        what: &str,
        looks_so: impl Fn(&LoginView) -> bool,
    ) -> anyhow::Result<LoginView> {
        let look = async || match self.login().await {
            Ok(login) if looks_so(&login) => Ok(login),
            Ok(login) => Err(format!("{login:#?}")),
            Err(error) => Err(format!("{error:#}")),
        };
        wait::until(format!("the login of {} to be {what}", self.machine.name), look).await
    }

    /// Says that Meta approved the Human Agent feature.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn says_late_replies_are_approved(&self, shop: Shop) -> anyhow::Result<()> {
        let account = shop.id().to_string();
        self.ask("setHumanAgent", SetHumanAgent { account, approved: true }).await
    }

    /// Says what Meta has no call for: which app is the default one, and what it is called.
    ///
    /// # Errors
    /// When the relay refuses it.
    pub async fn knows_the_bot(&self, shop: Shop) -> anyhow::Result<()> {
        self.knows_the_bot_under(shop, RoutingMode::On).await
    }

    /// The same for an account with another way of deciding which app may answer.
    ///
    /// # Errors
    /// When the relay refuses it.
    pub async fn knows_the_bot_under(&self, shop: Shop, routing: RoutingMode) -> anyhow::Result<()> {
        let running = self.running.as_ref().context("the desk is not running")?;
        let (answering, account, bot) = (Arc::clone(&running.answering), shop.id(), teabot());
        let work = async move {
            let desk = answering.desk();
            desk.set_routing(&account, routing, Some(bot.clone())).await?;
            desk.name_app(&account, bot, TEABOT, false).await
        };
        Ok(running.island.run(work).await??)
    }

    /// What the window shows first.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn session(&self) -> anyhow::Result<Session> {
        self.ask("session", ()).await
    }

    /// The status line.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn status(&self) -> anyhow::Result<StatusLine> {
        self.ask("status", ()).await
    }

    /// Every thread of a view.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn threads(&self, view: View) -> anyhow::Result<Vec<ThreadRow>> {
        let request = ListThreads {
            view,
            account: None,
            channel: None,
            label: None,
            sort: Sort::Newest,
            after: None,
            up_to: None,
            limit: 200,
        };
        let page: ThreadPage = self.ask("listThreads", request).await?;
        Ok(page.rows)
    }

    /// The thread with a customer, as it opens.
    ///
    /// # Errors
    /// When the desk does not have it; [`CommandError`].
    pub async fn opens(&self, customer: &Customer) -> anyhow::Result<ThreadView> {
        let thread = self.thread_with(customer).await?;
        self.ask("openThread", ThreadName { thread }).await
    }

    /// What may be sent to a customer now.
    ///
    /// # Errors
    /// When the desk does not have the thread; [`CommandError`].
    pub async fn composer(&self, customer: &Customer) -> anyhow::Result<ComposerState> {
        let thread = self.thread_with(customer).await?;
        self.ask("composer", ThreadName { thread }).await
    }

    /// Takes the thread on, or gives it back to the queue.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn assigns(&self, customer: &Customer, to_me: bool) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("assign", Assign { thread, to_me }).await
    }

    /// Sets where the thread stands.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn sets(&self, customer: &Customer, status: StatusView) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("setStatus", SetStatus { thread, status }).await
    }

    /// Saves the evidence of an account's late replies.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn exports_evidence(&self, shop: Shop) -> anyhow::Result<EvidenceFile> {
        self.ask("exportEvidence", AccountName { account: shop.id().to_string() }).await
    }

    /// Chooses what replies of an account do while the relay is away.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn lets_replies_leave_unchecked(&self, shop: Shop, leave: bool) -> anyhow::Result<()> {
        let account = shop.id().to_string();
        self.ask("setWaiting", SetWaiting { account, sends_unchecked: leave }).await
    }

    /// The draft answers this message, or none.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn answers_to(&self, customer: &Customer, mid: Option<&Mid>) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("answerMessage", AnswerMessage { thread, mid: mid.map(ToString::to_string) }).await
    }

    /// The draft offers answers.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn offers(&self, customer: &Customer, titles: &[&str]) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        let titles = titles.iter().map(|title| (*title).to_owned()).collect();
        self.ask("offerAnswers", OfferAnswers { thread, titles }).await
    }

    /// Reacts to a message, or takes that back.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn reacts(&self, customer: &Customer, mid: &Mid, emoji: Option<&str>) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        let emoji = emoji.map(str::to_owned);
        self.ask("react", React { thread, mid: mid.to_string(), emoji }).await
    }

    /// Writes in the composer, or no longer.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn types(&self, customer: &Customer, typing: bool) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("showTyping", ShowTyping { thread, typing }).await
    }

    /// Shows the customer that everything so far was read.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn marks_seen(&self, customer: &Customer, by_hand: bool) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("markSeen", MarkSeen { thread, by_hand }).await
    }

    /// Blocks the customer, or lets them through again.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn blocks(&self, customer: &Customer, block: BlockView) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("blockCustomer", BlockCustomer { thread, block }).await
    }

    /// Says that the agent was told of a setback.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn heard_of(&self, setback: &Setback) -> anyhow::Result<()> {
        self.ask("toldOfSetback", PartName { part: setback.part.clone() }).await
    }

    /// Takes, passes, releases, requests or extends control.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn does(&self, act: ControlAct, customer: &Customer) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        self.ask("actOnControl", ActOnControl { thread, act, to: None, note: None }).await
    }

    /// Passes a thread on, with a note; `to` is another app than the default one and Meta's inbox.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn passes(
        &self,
        act: ControlAct,
        to: Option<&str>,
        note: &str,
        customer: &Customer,
    ) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        let (to, note) = (to.map(str::to_owned), Some(note.to_owned()));
        self.ask("actOnControl", ActOnControl { thread, act, to, note }).await
    }

    /// Chooses whether threads go back to the bot when an agent is done with them.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn hands_back(&self, shop: Shop, on: bool) -> anyhow::Result<Session> {
        let account = shop.id().to_string();
        self.ask("setHandBack", SetHandBack { account, on }).await
    }

    /// The name of the first picture, sound, video or file of a message, once the message is there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn medium(&self, customer: &Customer, mid: &Mid) -> anyhow::Result<MediaName> {
        let look = async || match self.opens(customer).await {
            Ok(thread) => first_medium(&thread, mid).ok_or_else(|| thread.transcript()),
            Err(error) => Err(format!("{error:#}")),
        };
        wait::until(format!("{} to see a medium", self.machine.name), look).await
    }

    /// What the desk answers at its media address: `query` is none or `size=thumb`, `range` as in HTTP.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn serves(
        &self,
        medium: &MediaName,
        query: Option<&'static str>,
        range: Option<&'static str>,
    ) -> anyhow::Result<MediaAnswer> {
        let running = self.running.as_ref().context("the desk is not running")?;
        let (answering, id) = (Arc::clone(&running.answering), medium.id.clone());
        running.island.run(async move { answering.serve_media(&id, query, range).await }).await
    }

    // Waiting

    /// Waits until the thread with a customer looks so.
    ///
    /// # Errors
    /// When it does not come to look so, with what it looked like.
    pub async fn sees(
        &self,
        customer: &Customer,
        what: &str,
        looks_so: impl Fn(&ThreadView) -> bool,
    ) -> anyhow::Result<ThreadView> {
        let look = async || match self.opens(customer).await {
            Ok(thread) if looks_so(&thread) => Ok(thread),
            Ok(thread) => Err(thread.transcript()),
            Err(error) => Err(format!("{error:#}")),
        };
        wait::until(format!("{} to see {what}", self.machine.name), look).await
    }

    /// Waits until this desk tells its agent of a setback.
    ///
    /// # Errors
    /// When it does not, with what it told.
    pub async fn hears_of_a_setback(&self) -> anyhow::Result<Setback> {
        let look = async || match self.status().await {
            Ok(status) => status.setbacks.first().cloned().ok_or_else(|| "no setback".to_owned()),
            Err(error) => Err(format!("{error:#}")),
        };
        wait::until(format!("{} to hear of a setback", self.machine.name), look).await
    }

    /// Waits until the session looks so.
    ///
    /// # Errors
    /// When it does not come to look so, with what it looked like.
    pub async fn finds(&self, what: &str, looks_so: impl Fn(&Session) -> bool) -> anyhow::Result<Session> {
        let look = async || match self.session().await {
            Ok(session) if looks_so(&session) => Ok(session),
            Ok(session) => Err(format!("{session:#?}")),
            Err(error) => Err(format!("{error:#}")),
        };
        wait::until(format!("{} to find {what}", self.machine.name), look).await
    }

    async fn thread_with(&self, customer: &Customer) -> anyhow::Result<ThreadRef> {
        // Twice, because a thread that is set done or opened between two looks is in neither of them.
        for view in
            [View::All, View::Snoozed, View::Done, View::Blocked, View::All, View::Snoozed, View::Done]
        {
            let rows = self.threads(view).await?;
            let is_it = |row: &&ThreadRow| {
                row.customer == customer.id().as_str() && row.account == customer.account().as_str()
            };
            if let Some(row) = rows.iter().find(is_it) {
                return Ok(row.thread);
            }
        }
        anyhow::bail!("{} has no thread with {}", self.machine.name, customer.name())
    }
}

fn first_medium(thread: &ThreadView, mid: &Mid) -> Option<MediaName> {
    let messages = thread.messages();
    let message = messages.iter().find(|message| message.mid.as_deref() == Some(mid.as_str()))?;
    let media = message.attachments.iter().find_map(|attachment| match attachment {
        AttachmentView::Media { media } => Some(media),
        AttachmentView::StoryMention { media } => media.as_ref(),
        _ => None,
    })?;
    Some(MediaName { id: media.id.clone() })
}

/// The desk's own refusal behind an error of a story.
///
/// # Errors
/// When there was no error, or another one.
pub fn refusal<T>(result: anyhow::Result<T>) -> anyhow::Result<CommandError> {
    match result {
        Ok(_) => anyhow::bail!("it was not refused"),
        Err(error) => error.downcast::<CommandError>(),
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}
