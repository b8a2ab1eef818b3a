//! First run and what this desk is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::account::{AccountFact, KnownAppView};
use super::history::HistoryView;
use super::people::CutOffView;
use super::queue::QueueView;
use super::{Channel, Ms, Words};

/// What the window shows first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// How far set-up has come.
    pub phase: Phase,
    /// The agent's name, once enrolled.
    pub agent_name: Option<String>,
    /// The workspace's name, once enrolled.
    pub workspace: Option<String>,
    /// The relay's address, once enrolled.
    pub relay_address: Option<String>,
    /// True when people can log in with Meta through the relay; else only pasting a token is left.
    pub can_log_in: bool,
    /// The accounts this desk may read.
    pub accounts: Vec<AccountView>,
    /// What is not well, in words, most urgent first.
    pub problems: Vec<Problem>,
    /// That an admin cut this desk off, until somebody joins anew with it.
    pub cut_off: Option<CutOffView>,
}

/// How far set-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Nothing is set up.
    Enrol,
    /// The relay knows this desk; at least one account, and none of them connected, has a Page token here.
    Connect,
    /// The inbox can be used.
    Ready,
}

/// One account of this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// The agent's role on it.
    pub role: RoleView,
    /// How the Page token stands on this desk.
    pub token: TokenView,
    /// What is known of that token; none where there is none.
    pub token_facts: Option<TokenFactsView>,
    /// True once webhooks go into the account's log.
    pub connected: bool,
    /// How routing stands.
    pub routing: RoutingView,
    /// Whether late replies may carry the human-agent tag.
    pub human_agent: HumanAgentView,
    /// True when replies leave while the relay is away, marked as unchecked; else they wait.
    pub sends_unchecked: bool,
    /// The other apps that work there, those without a name too.
    pub apps: Vec<KnownAppView>,
    /// The app that answers when nobody holds a thread.
    pub default_app_name: Option<String>,
    /// True where a thread goes back to that app when an agent is done with it.
    pub hand_back: bool,
    /// How its threads are given out, and who may answer in them.
    pub queue: QueueView,
    /// When the last webhook arrived at the relay.
    pub last_webhook_ms: Option<Ms>,
    /// Whether Meta gives the names of customers; none when nobody knows.
    pub names_given: Option<bool>,
    /// How it is, fact by fact, in the order in which facts are shown.
    pub health: Vec<AccountFact>,
    /// When this desk last read its settings from Meta; none when it never did.
    pub checked_ms: Option<Ms>,
    /// How its history stands; none while it is not connected.
    pub history: Option<HistoryView>,
}

/// The agent's role on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RoleView {
    /// Answers.
    Agent,
    /// Also moves anybody's threads.
    Supervisor,
    /// Also changes the account.
    Admin,
}

/// How a Page token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TokenView {
    /// This desk has none.
    Missing,
    /// Meta accepts it.
    Alive,
    /// Meta refuses it: reconnect.
    Dead,
    /// The key store does not open.
    Locked,
}

/// What is known of a Page token; never the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenFactsView {
    /// Since when it is on this desk, milliseconds UTC of Meta's clock.
    pub since_ms: Ms,
    /// When Meta was last asked what it is worth, milliseconds UTC of Meta's clock; none before the first time.
    pub checked_ms: Option<Ms>,
    /// When it ends, as Meta said then; none without an end of its own.
    pub expires_ms: Option<Ms>,
    /// When Meta stops giving data for it unless the person behind it logs in again, as it said then.
    pub data_access_expires_ms: Option<Ms>,
    /// The rights it carries, as Meta calls them and said then.
    pub rights: Vec<String>,
}

/// How routing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RoutingView {
    /// Conversation Routing is on.
    On,
    /// Any connected app may answer.
    Off,
    /// The old handover protocol.
    HopV2,
    /// Not known.
    Unknown,
}

/// Whether late replies may carry the human-agent tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HumanAgentView {
    /// Nobody said that Meta approved it.
    NotApproved,
    /// Approved.
    Approved,
    /// Meta refused a tagged reply.
    Refused,
}

/// Something that is not well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Which kind.
    pub kind: ProblemKind,
    /// The account, when it is about one.
    pub account: Option<String>,
    /// In words.
    pub words: Words,
}

/// Which kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// The relay cannot be reached.
    RelayUnreachable,
    /// Meta cannot be reached, and the relay can.
    MetaUnreachable,
    /// The relay is too old.
    RelayTooOld,
    /// The relay is too new.
    RelayTooNew,
    /// This desk was cut off.
    DeskRevoked,
    /// The relay does not know this desk: it joins anew, and keeps what it has.
    DeskUnknown,
    /// This desk's own key is gone from a key store that works: it joins anew, and keeps what it has.
    DeskKeyGone,
    /// Meta refuses the Page token.
    TokenDead,
    /// Meta does not send what happens at the account, or not all of it.
    NotSubscribed,
    /// Meta does not send our app what happens at any account of a platform, or not all of it: the relay's operator mends it.
    AppNotSubscribed,
    /// No key store.
    NoKeyStore,
    /// Meta stopped the Page from sending.
    PageRestricted,
    /// Meta warned the Page.
    PageWarned,
    /// The disk refuses to store, or the file is damaged.
    Storage,
    /// The desk's data was damaged and was repaired.
    Repaired,
}

/// Asks what an invite is good for.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckRelay {
    /// The relay's address as typed.
    pub address: String,
    /// The invite as typed.
    pub invite: String,
}

/// What an invite is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RelayCheck {
    /// The address as it will be used.
    pub address: String,
    /// The workspace's name.
    pub workspace: String,
    /// The agent's name.
    pub agent_name: String,
    /// Names of the accounts, with the role.
    pub accounts: Vec<InvitedAccount>,
    /// Roles of somebody who is here already that it changes, on all their desks.
    pub changes: Vec<RoleChangeView>,
    /// When the invite ends, milliseconds UTC of the relay.
    pub expires_at_ms: Ms,
}

/// One account of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InvitedAccount {
    /// Meta's id.
    pub id: String,
    /// Its name; the id until it was connected.
    pub name: String,
    /// The role.
    pub role: RoleView,
}

/// A role that an invite changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoleChangeView {
    /// The account's name; its id until it was connected.
    pub account: String,
    /// The role until now.
    pub from: RoleView,
    /// The role afterwards.
    pub to: RoleView,
}

/// Uses an invite.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Enrol {
    /// The relay's address.
    pub address: String,
    /// The invite.
    pub invite: String,
}

/// A Page token for an account.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PageToken {
    /// The account.
    pub account: String,
    /// The token as pasted.
    pub token: String,
}

/// What Meta says of a Page token. Nothing was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PageCheck {
    /// The Page's name.
    pub page_name: String,
    /// The Page's id.
    pub page: String,
    /// How routing stands.
    pub routing: RoutingView,
    /// Rights that the person behind the token lacks; empty when all is well.
    pub missing_rights: Vec<String>,
}

/// Chooses whether threads of an account go back to the default app when an agent is done with them.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetHandBack {
    /// The account.
    pub account: String,
    /// True to hand them back.
    pub on: bool,
}

/// Changes the Human Agent setting of an account.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetHumanAgent {
    /// The account.
    pub account: String,
    /// True when Meta approved the feature.
    pub approved: bool,
}

/// Chooses what replies of an account do while the relay is away.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetWaiting {
    /// The account.
    pub account: String,
    /// True when they leave unchecked, false when they wait.
    pub sends_unchecked: bool,
}

/// A setting of this desk: theme, whether Enter sends, sizes. Values are small JSON texts chosen by the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value; none when it was never set, and removes it when given.
    pub value: Option<String>,
}

/// Names a setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingName {
    /// Its name.
    pub name: String,
}
