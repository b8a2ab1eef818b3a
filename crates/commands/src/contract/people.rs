//! Who works here, their desks, invites, and what happens to a desk that is cut off.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::session::RoleView;
use super::{Channel, Count, Ms, Words};

/// A person's role on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonRole {
    /// The account, by Meta's id.
    pub account: String,
    /// The role there.
    pub role: RoleView,
}

/// How a desk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DeskState {
    /// It may read.
    Enrolled,
    /// It was cut off, and has not confirmed that nothing is left on it.
    CutOff,
    /// It was cut off, and nothing is left on it.
    Wiped,
}

/// A desk of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonDeskView {
    /// Its id.
    pub id: String,
    /// What the machine is called.
    pub name: String,
    /// True for the one on which this is shown.
    pub this_desk: bool,
    /// True while it is connected.
    pub connected: bool,
    /// When it was last connected, milliseconds UTC of the relay; none when it never was, as far as the relay knows.
    pub seen_ms: Option<Ms>,
    /// When it was let in, milliseconds UTC of the relay.
    pub enrolled_ms: Ms,
    /// How it stands.
    pub state: DeskState,
    /// Names of accounts that it may no longer read and has not confirmed to have removed.
    pub still_holds: Vec<String>,
    /// How many erased customers it has not confirmed.
    pub erasures: Count,
}

/// Somebody of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamPerson {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// True for whoever sits here.
    pub me: bool,
    /// Their roles on the accounts of this desk.
    pub roles: Vec<PersonRole>,
    /// True when whoever sits here administers every account that they work on: then desks of theirs can be cut off and let in.
    pub wholly: bool,
    /// True when they can be given another name.
    pub may_rename: bool,
    /// True when they can be set offline and their threads returned: somebody else, on an account that whoever sits here supervises.
    /// False of who is offline and has none.
    pub may_return: bool,
    /// Their desks, oldest first; empty for all but admins.
    pub desks: Vec<PersonDeskView>,
}

/// An account, as the list of people needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeopleAccount {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// True when whoever sits here gives, changes and ends roles on it.
    pub administered: bool,
}

/// An invite that somebody may still use. Never what lets a desk in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenInviteView {
    /// Its id.
    pub id: String,
    /// Whom it is for.
    pub name: String,
    /// True when it lets in another desk of somebody who is here already.
    pub another_desk: bool,
    /// What it gives, on accounts that whoever sits here administers.
    pub roles: Vec<PersonRole>,
    /// Who made it; none for whoever operates the relay.
    pub made_by: Option<String>,
    /// When it was made, milliseconds UTC of the relay; none when that is not known.
    pub made_ms: Option<Ms>,
    /// When it ends, milliseconds UTC of the relay.
    pub expires_ms: Ms,
}

/// Everybody of the team, as far as whoever sits here may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeopleView {
    /// By name.
    pub people: Vec<TeamPerson>,
    /// The accounts of this desk.
    pub accounts: Vec<PeopleAccount>,
    /// Newest first; empty for all but admins.
    pub invites: Vec<OpenInviteView>,
    /// True when whoever sits here administers an account.
    pub is_admin: bool,
    /// Why nothing can be told of desks and invites, and nothing changed now; none when all is told.
    pub away: Option<Words>,
}

/// Makes an invite.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MakeInvite {
    /// The name of a new person.
    pub name: String,
    /// The person whose further desk it is for; none for a new person.
    pub agent: Option<String>,
    /// What it gives; empty to leave a person's roles as they are.
    pub roles: Vec<PersonRole>,
    /// How many hours it is good for, from 1 to 720.
    pub expires_hours: u32,
}

/// An invite that was made, with what lets a desk in: it is shown this once.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InviteShown {
    /// What lets a desk in, once.
    pub invite: String,
    /// Whom it is for.
    pub name: String,
    /// The relay's address, which is typed beside it.
    pub relay_address: String,
    /// When it ends, milliseconds UTC of the relay.
    pub expires_ms: Ms,
}

/// A list of people to be invited, as CSV: `name,role,account,expires_days`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InviteText {
    /// The whole text.
    pub text: String,
}

/// Somebody on such a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InviteLineView {
    /// The first line that names them, from 1.
    pub line: u32,
    /// The name.
    pub name: String,
    /// The roles.
    pub roles: Vec<PersonRole>,
    /// How many days the invite is good for.
    pub expires_days: u32,
    /// True when somebody of the team has this name already.
    pub has_namesake: bool,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InviteFaultView {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Such a list, looked at. Nobody was invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InvitesChecked {
    /// Whom it names, as far as their lines are right.
    pub people: Vec<InviteLineView>,
    /// What is wrong; nobody is invited while there is anything.
    pub faults: Vec<InviteFaultView>,
}

/// Invites were made and written into a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InvitesFile {
    /// The file's name; none when the person changed their mind, and nobody was invited.
    pub name: Option<String>,
    /// How many invites are in it.
    pub invites: Count,
}

/// Names an invite.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InviteName {
    /// Its id.
    pub invite: String,
}

/// Gives, changes or ends a role.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetRole {
    /// Whose.
    pub agent: String,
    /// Where.
    pub account: String,
    /// Which; none ends it.
    pub role: Option<RoleView>,
}

/// Gives a person another name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameAgent {
    /// Whom.
    pub agent: String,
    /// The name.
    pub name: String,
}

/// Names a desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeskName {
    /// Its id.
    pub desk: String,
}

/// How far a desk that was cut off has come with removing what it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CutOffStageView {
    /// It is being removed.
    Removing,
    /// Nothing is left; the relay was not told yet.
    Removed,
    /// The relay knows that nothing is left.
    Told,
}

/// An admin cut this desk off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CutOffView {
    /// The workspace that it was of.
    pub workspace: String,
    /// Whose it was.
    pub agent_name: String,
    /// The relay's address.
    pub relay_address: String,
    /// How far the removal has come.
    pub stage: CutOffStageView,
    /// Drafts that went with it.
    pub drafts: Count,
    /// Replies that had not left.
    pub replies: Count,
    /// What happened and what can be done.
    pub words: Words,
}

/// What this desk would lose with a customer who is erased. The relay and other desks may hold more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErasingView {
    /// Messages of both sides.
    pub messages: Count,
    /// Private notes.
    pub notes: Count,
    /// Pictures, sounds, videos and files.
    pub files: Count,
    /// True when something is written here and not sent.
    pub has_draft: bool,
    /// Parts of replies that have not left.
    pub replies_waiting: Count,
}

/// A desk that has not confirmed an erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErasureDeskView {
    /// Its id.
    pub id: String,
    /// What the machine is called.
    pub name: String,
    /// Its agent's name.
    pub agent_name: String,
    /// When it was last connected, milliseconds UTC of the relay.
    pub seen_ms: Option<Ms>,
    /// True while it is connected.
    pub connected: bool,
    /// True once it was cut off.
    pub cut_off: bool,
}

/// How the last erasure of a customer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// When.
    pub at_ms: Ms,
    /// Who did it; none when that is not known.
    pub by: Option<String>,
    /// Desks that have not confirmed it, oldest first.
    pub waiting: Vec<ErasureDeskView>,
}
