//! What holds for a whole account: connecting it, rights, routing, names, the rule for when the relay is away.

use baton_messenger::id::{AccountId, AppId, Platform};
use baton_protocol::account::{HumanAgentRight, QueueRules, RoutingMode, WaitingRule};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;

use super::decide::{Decision, Scene, by};
use super::thread_state::Asker;

/// An account as the relay knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountState {
    /// The account.
    pub account: AccountId,
    /// Messenger or Instagram.
    pub platform: Platform,
    /// The name Meta gives it; empty until it was connected.
    pub name: String,
    /// The Page behind it.
    pub page: String,
    /// Our app, as the token named it.
    pub app: String,
    /// How routing stands.
    pub routing: RoutingMode,
    /// The default app, where it is known.
    pub default_app: Option<AppId>,
    /// Whether Meta approved the Human Agent feature.
    pub human_agent: HumanAgentRight,
    /// What a reply does while the relay is away.
    pub waiting: WaitingRule,
    /// How threads are given out, and who may answer in them.
    pub queue: QueueRules,
    /// Whether Meta accepts the Page token, as far as anybody said.
    pub token_alive: Option<bool>,
    /// Webhook fields that Meta confirmed.
    pub fields: Vec<String>,
    /// Whether Meta sends our app what happens at the account, as far as anybody said.
    pub subscribed: bool,
    /// Whether Meta gives the names of customers, as far as anybody said.
    pub names_given: Option<bool>,
    /// Since when webhooks go into the log, milliseconds UTC.
    pub connected_at_ms: Option<i64>,
    /// Whether reading the history is paused.
    pub history_paused: bool,
    /// What had changed before this moment is in the log as far as Meta gives it, milliseconds UTC of Meta.
    pub history_through_ms: Option<i64>,
}

impl AccountState {
    /// An account that somebody was invited to and nobody has connected.
    #[must_use]
    pub fn invited(account: AccountId, platform: Platform) -> Self {
        Self {
            account,
            platform,
            name: String::new(),
            page: String::new(),
            app: String::new(),
            routing: RoutingMode::default(),
            default_app: None,
            human_agent: HumanAgentRight::default(),
            waiting: WaitingRule::default(),
            queue: QueueRules::default(),
            token_alive: None,
            fields: Vec::new(),
            subscribed: true,
            names_given: None,
            connected_at_ms: None,
            history_paused: false,
            history_through_ms: None,
        }
    }

    /// Takes in a fact that was appended at this time.
    pub fn apply(&mut self, at_ms: i64, fact: &TeamFact) {
        match fact.clone() {
            TeamFact::AccountConnected { platform, name, page, app, routing, fields, by: _ } => {
                self.platform = platform;
                self.name = name;
                self.page = page.into_string();
                self.app = app.into_string();
                self.routing = routing;
                self.fields = fields;
                self.subscribed = true;
                self.connected_at_ms.get_or_insert(at_ms);
            }
            TeamFact::AccountRemoved { .. } => self.connected_at_ms = None,
            TeamFact::AccountChecked { routing, subscribed, fields, desk: _ } => {
                self.routing = routing;
                self.subscribed = subscribed;
                self.fields = fields;
            }
            TeamFact::NamesGiven { given, .. } => self.names_given = Some(given),
            TeamFact::RoutingSet { routing, default_app } => {
                self.routing = routing;
                self.default_app = default_app;
            }
            TeamFact::HumanAgentSet { right, .. } => self.human_agent = right,
            TeamFact::WaitingSet { rule } => self.waiting = rule,
            TeamFact::QueueSet { rules, by: _ } => self.queue = rules,
            TeamFact::TokenHealth { alive, .. } => self.token_alive = Some(alive),
            TeamFact::HistoryPaused { paused, .. } => self.history_paused = paused,
            TeamFact::HistoryRead { through_ms, .. } => self.history_through_ms = Some(through_ms),
            _ => {}
        }
    }

    /// Under which name the newest entry of an account fact is kept; none for facts about threads.
    #[must_use]
    pub fn slot(fact: &TeamFact) -> Option<String> {
        Some(match fact {
            TeamFact::AccountConnected { .. } => "account_connected".to_owned(),
            TeamFact::AccountRemoved { .. } => "account_removed".to_owned(),
            TeamFact::RoutingSet { .. } => "routing_set".to_owned(),
            TeamFact::HumanAgentSet { .. } => "human_agent_set".to_owned(),
            TeamFact::AppNamed { app, .. } => format!("app_named:{app}"),
            TeamFact::WaitingSet { .. } => "waiting_set".to_owned(),
            TeamFact::HandBackSet { .. } => "hand_back_set".to_owned(),
            TeamFact::QueueSet { .. } => "queue_set".to_owned(),
            TeamFact::TokenHealth { .. } => "token_health".to_owned(),
            TeamFact::AccountChecked { .. } => "account_checked".to_owned(),
            TeamFact::AppSubscribed { .. } => "app_subscribed".to_owned(),
            TeamFact::NamesGiven { .. } => "names_given".to_owned(),
            TeamFact::HistoryPaused { .. } => "history_paused".to_owned(),
            TeamFact::HistoryRead { .. } => "history_read".to_owned(),
            _ => return None,
        })
    }
}

pub(super) fn decide(asker: &Asker, command: &Command, scene: &Scene) -> Decision {
    let account = &scene.account;
    match command.clone() {
        Command::ConnectAccount { .. } => connect(asker, command, scene),
        Command::ReportToken { alive } => {
            if account.token_alive == Some(alive) {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::TokenHealth { alive, desk: asker.desk })
        }
        Command::ReportAccount { routing, subscribed, fields } => {
            let is_known =
                account.routing == routing && account.subscribed == subscribed && account.fields == fields;
            // A late report of an account that was removed meanwhile says nothing any more.
            if is_known || account.connected_at_ms.is_none() {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::AccountChecked { routing, subscribed, fields, desk: asker.desk })
        }
        Command::ReportNames { given } => {
            if account.names_given == Some(given) {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::NamesGiven { given, desk: asker.desk })
        }
        Command::RemoveAccount => {
            if asker.role != Role::Admin {
                return Decision::not_allowed("Only an admin of the account removes it.", "Ask an admin.");
            }
            Decision::one(TeamFact::AccountRemoved { by: by(asker) })
        }
        Command::SetHumanAgent { right } => set_human_agent(asker, right, account),
        Command::SetRouting { routing, default_app } => {
            if account.routing == routing && account.default_app == default_app {
                return Decision::nothing_to_do();
            }
            // Filling in the default app repeats Meta's own answer; another mode contradicts it.
            if account.routing != routing && asker.role != Role::Admin {
                return needs_admin("how routing stands");
            }
            Decision::one(TeamFact::RoutingSet { routing, default_app })
        }
        Command::NameApp { app, name, answers_count } => {
            if asker.role != Role::Admin {
                return needs_admin("what an app is called and whether its answers count");
            }
            Decision::one(TeamFact::AppNamed { app, name, answers_count })
        }
        Command::ReportApp { app, name } => {
            if scene.app_has_name || name.trim().is_empty() {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::AppNamed { app, name, answers_count: false })
        }
        Command::SetWaiting { rule } => {
            if asker.role != Role::Admin {
                return needs_admin("what replies do while the relay is away");
            }
            if account.waiting == rule {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::WaitingSet { rule })
        }
        Command::SetHandBack { on } => {
            if asker.role == Role::Agent {
                return Decision::not_allowed(
                    "Only a supervisor chooses whether threads go back to the bot.",
                    "Ask a supervisor or an admin of the account.",
                );
            }
            // The relay does nothing with it and keeps no account of it; the newest entry is what counts.
            Decision::one(TeamFact::HandBackSet { on, by: by(asker) })
        }
        Command::SetQueue { rules } => {
            if asker.role == Role::Agent {
                return Decision::not_allowed(
                    "Only a supervisor chooses how threads are given out.",
                    "Ask a supervisor or an admin of the account.",
                );
            }
            if let Err(fault) = rules.check() {
                return Decision::refuse(
                    ErrorCode::BadRequest,
                    &format!("These rules cannot be kept: {fault}."),
                    "Choose other ones.",
                );
            }
            if account.queue == rules {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::QueueSet { rules, by: by(asker) })
        }
        _ => Decision::bad_request("This command is not about an account."),
    }
}

fn connect(asker: &Asker, command: &Command, scene: &Scene) -> Decision {
    let Command::ConnectAccount { platform, name, page, app, routing, fields } = command.clone() else {
        return Decision::bad_request("This command does not connect an account.");
    };
    if app != scene.our_app {
        return Decision::not_allowed(
            "The Page token belongs to another Meta app than the one this relay verifies webhooks for.",
            "Use a Page token made with the relay's own app.",
        );
    }
    let known = &scene.account;
    if platform != known.platform {
        return Decision::not_allowed(
            "The account was invited as one of the other platform.",
            "Ask for an invite that names the right platform.",
        );
    }
    let is_same = known.connected_at_ms.is_some()
        && known.name == name
        && known.page == page.as_str()
        && known.app == app.as_str()
        && known.routing == routing
        && known.fields == fields
        && known.subscribed;
    if is_same {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::AccountConnected { platform, name, page, app, routing, fields, by: by(asker) })
}

fn set_human_agent(asker: &Asker, right: HumanAgentRight, account: &AccountState) -> Decision {
    if account.human_agent == right {
        return Decision::nothing_to_do();
    }
    if right != HumanAgentRight::Refused && asker.role != Role::Admin {
        return needs_admin("whether Meta approved the Human Agent feature");
    }
    Decision::one(TeamFact::HumanAgentSet { right, by: by(asker) })
}

fn needs_admin(what: &str) -> Decision {
    Decision::not_allowed(&format!("Only an admin of the account says {what}."), "Ask an admin.")
}
