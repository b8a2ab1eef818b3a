//! Who works here: what every desk knows by the log, and for admins what the relay tells besides.
//!
//! ```text
//!   the workspace log ──▶ names and roles, also while the relay is away ──┐
//!   the relay, for admins ──▶ desks, last seen, invites, what is owed ────┴──▶ one list
//! ```
//!
//! What an admin changes is asked of the relay and of nobody else; what the page then shows is what the relay says.

use baton_messenger::AccountId;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::{
    InviteAsked, InvitesAsked, NameFault, OpenInvite, People, Person, PersonDesk, RoleOn, name_of_agent,
};
use baton_protocol::{AgentId, DeskId, InviteId};
use secrecy::SecretString;

use super::{Desk, DeskError};
use crate::relay_client::{RelayClient, RelayError};
use crate::store::RosterRow;

/// A desk of a colleague, as the relay tells admins of it.
pub type ColleagueDesk = PersonDesk;

/// Somebody of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The agent.
    pub agent: AgentId,
    /// The current name.
    pub name: String,
    /// Roles on the accounts of this desk, by account.
    pub roles: Vec<RoleOn>,
    /// True when this desk's agent administers every account that the colleague works on. Then desks of theirs can be cut off
    /// and let in.
    pub wholly: bool,
    /// True when this desk's agent may give them another name.
    pub may_rename: bool,
    /// Oldest first; empty for all but admins.
    pub desks: Vec<ColleagueDesk>,
}

/// Everybody of the team, as far as this desk's agent may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFacts {
    /// By name.
    pub people: Vec<Colleague>,
    /// The accounts of this desk, with its agent's role.
    pub accounts: Vec<AccountRole>,
    /// Invites that somebody may still use, newest first; empty for all but admins.
    pub invites: Vec<OpenInvite>,
    /// Why the relay told nothing of desks and invites; none for those to whom it has nothing to tell.
    pub away: Option<RelayError>,
}

impl PeopleFacts {
    /// Whether this desk's agent administers an account.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.accounts.iter().any(|on| on.role == Role::Admin)
    }

    /// What somebody is called; none when nobody here knows.
    #[must_use]
    pub fn called(&self, agent: AgentId) -> Option<&str> {
        self.people.iter().find(|known| known.agent == agent).map(|known| known.name.as_str())
    }
}

/// An invite that was just made.
#[derive(Debug)]
pub struct NewInvite {
    /// What lets a desk in, once.
    pub secret: SecretString,
    /// Whom it is for.
    pub name: String,
    /// When it ends, milliseconds UTC of the relay.
    pub expires_at_ms: i64,
    /// The relay's address, as it is typed beside it.
    pub relay: String,
}

/// A connection that was going when the call went out: asking again is harmless for what is the same when it is done twice.
macro_rules! twice {
    ($ask:expr) => {
        match $ask.await {
            Err(RelayError::Unreachable(_)) => $ask.await,
            answer => answer,
        }
    };
}

impl Desk {
    /// Everybody of the team. While the relay is away admins see what everybody sees, and why.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people(&self) -> Result<PeopleFacts, DeskError> {
        let accounts = self.inner.store.access().await?;
        let known = self.inner.store.roster().await?;
        let mut facts = PeopleFacts {
            people: known.into_iter().map(of_the_log).collect(),
            accounts,
            invites: Vec::new(),
            away: None,
        };
        if !facts.is_admin() {
            return Ok(facts);
        }
        let told = match self.at_relay() {
            Ok(relay) => relay.people().await,
            Err(error) => Err(error),
        };
        match told {
            Ok(told) => add(&mut facts, told),
            Err(error) => facts.away = Some(error),
        }
        Ok(facts)
    }

    /// Makes an invite. Its secret is in this answer and nowhere else.
    ///
    /// # Errors
    /// [`DeskError::Relay`]; after a cut it may have been made, and stands among the open ones.
    pub async fn make_invite(&self, asked: InviteAsked) -> Result<NewInvite, DeskError> {
        let name = match asked.agent {
            Some(agent) => self.inner.store.agent_name(agent).await?.unwrap_or_default(),
            None => checked(&asked.name)?,
        };
        let relay = self.at_relay()?;
        let made = relay.make_invites(&InvitesAsked { invites: vec![asked] }).await?;
        let made = made.invites.into_iter().next().ok_or(RelayError::NotARelay)?;
        Ok(NewInvite {
            secret: SecretString::from(made.secret),
            name,
            expires_at_ms: made.expires_at_ms,
            relay: relay.address().to_string(),
        })
    }

    /// Takes an invite back, as far as it is for accounts that this desk's agent administers.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn take_invite_back(&self, invite: InviteId) -> Result<(), DeskError> {
        let relay = self.at_relay()?;
        Ok(twice!(relay.take_invite_back(invite))?)
    }

    /// Gives, changes or ends a role.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn set_role(
        &self,
        agent: AgentId,
        account: &AccountId,
        role: Option<Role>,
    ) -> Result<bool, DeskError> {
        let relay = self.at_relay()?;
        Ok(twice!(relay.set_role(agent, account, role))?)
    }

    /// Gives a colleague another name.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn rename_agent(&self, agent: AgentId, name: &str) -> Result<bool, DeskError> {
        let (relay, name) = (self.at_relay()?, checked(name)?);
        Ok(twice!(relay.rename_agent(agent, &name))?)
    }

    /// Cuts a desk off: it reads nothing more from this moment, and removes what it holds when the relay hears of it next.
    ///
    /// # Errors
    /// [`DeskError::Relay`].
    pub async fn revoke_desk(&self, desk: DeskId) -> Result<bool, DeskError> {
        let relay = self.at_relay()?;
        Ok(twice!(relay.revoke_desk(desk))?)
    }

    /// The relay, for what only it can do.
    pub(super) fn at_relay(&self) -> Result<RelayClient, RelayError> {
        let away = || RelayError::Unreachable("this desk is not connected".to_owned());
        self.inner.relay().ok_or_else(away)
    }
}

/// A name as it goes to the relay.
pub(super) fn checked(name: &str) -> Result<String, DeskError> {
    Ok(name_of_agent(name).map(str::to_owned)?)
}

/// What is wrong with a name, as the end of a sentence.
pub(super) fn fault_words(fault: NameFault) -> String {
    match fault {
        NameFault::Empty => "has no name".to_owned(),
        NameFault::Long => {
            format!("has a name of more than {} characters", baton_protocol::people::NAME_CHARS)
        }
        NameFault::Unreadable => "has a name with characters that cannot be shown".to_owned(),
    }
}

fn of_the_log(row: RosterRow) -> Colleague {
    Colleague {
        agent: row.agent,
        name: row.name,
        roles: row.roles,
        wholly: false,
        may_rename: false,
        desks: Vec::new(),
    }
}

/// What the relay says counts on the accounts of which it speaks; of others the log tells.
fn add(facts: &mut PeopleFacts, told: People) {
    let administered: Vec<AccountId> =
        facts.accounts.iter().filter(|on| on.role == Role::Admin).map(|on| on.account.clone()).collect();
    for colleague in &mut facts.people {
        colleague.roles.retain(|on| !administered.contains(&on.account));
    }
    for person in told.people {
        let place = facts.people.iter().position(|known| known.agent == person.agent);
        match place.and_then(|place| facts.people.get_mut(place)) {
            Some(known) => join(known, person),
            None => facts.people.push(Colleague {
                agent: person.agent,
                may_rename: may_rename(&person),
                name: person.name,
                roles: person.roles,
                wholly: person.wholly,
                desks: person.desks,
            }),
        }
    }
    facts.people.retain(|known| !known.roles.is_empty() || known.wholly || !known.desks.is_empty());
    facts.people.sort_by_cached_key(|known| (known.name.to_lowercase(), known.agent));
    facts.invites = told.invites;
}

fn join(known: &mut Colleague, told: Person) {
    known.may_rename = may_rename(&told);
    known.name = told.name;
    known.roles.extend(told.roles);
    known.roles.sort_by(|one, other| one.account.cmp(&other.account));
    known.wholly = told.wholly;
    known.desks = told.desks;
}

/// As the relay judges it: an admin of one of the person's accounts, or of any where the person has none.
fn may_rename(person: &Person) -> bool {
    !person.roles.is_empty() || person.wholly
}

#[cfg(test)]
mod tests {
    use baton_messenger::Platform;

    use super::*;

    fn on(account: &str, role: Role) -> RoleOn {
        RoleOn { account: account.into(), role }
    }

    fn access(account: &str, role: Role) -> AccountRole {
        AccountRole {
            account: account.into(),
            platform: Platform::Messenger,
            name: String::new(),
            role,
            connected: true,
        }
    }

    #[test]
    fn the_relay_counts_where_it_speaks_and_the_log_elsewhere() {
        let (ines, jonas, gone) = (AgentId::new(), AgentId::new(), AgentId::new());
        let known = |agent, name: &str, roles| of_the_log(RosterRow { agent, name: name.to_owned(), roles });
        let mut facts = PeopleFacts {
            people: vec![
                known(gone, "Anna", vec![on("1", Role::Agent)]),
                known(ines, "Ines", vec![on("1", Role::Admin), on("2", Role::Agent)]),
                known(jonas, "Jonas", vec![on("1", Role::Agent), on("2", Role::Admin)]),
            ],
            accounts: vec![access("1", Role::Admin), access("2", Role::Agent)],
            ..PeopleFacts::default()
        };
        let person = |agent, name: &str, roles, wholly| Person {
            agent,
            name: name.to_owned(),
            roles,
            wholly,
            desks: Vec::new(),
        };
        let told = vec![
            person(ines, "Ines", vec![on("1", Role::Admin)], false),
            person(jonas, "Jonas the second", vec![on("1", Role::Supervisor)], false),
            person(AgentId::new(), "Bea", Vec::new(), true),
        ];
        add(&mut facts, People { people: told, invites: Vec::new() });
        let names: Vec<&str> = facts.people.iter().map(|known| known.name.as_str()).collect();
        assert_eq!(names, ["Bea", "Ines", "Jonas the second"], "who has no role there any more is gone");
        assert_eq!(facts.people[2].roles, [on("1", Role::Supervisor), on("2", Role::Admin)]);
        assert!(facts.people[0].may_rename && facts.people[1].may_rename);
    }
}
