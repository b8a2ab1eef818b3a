//! What an admin may do about people and their desks, pure: the admin's roles of the moment, and those of whom it is about.
//!
//! ```text
//! a role on an account, an invite to it      needs: administers that account
//! a desk of a person, another desk of theirs needs: administers every account that the person works on
//! a person's name                            needs: administers one of them
//! an admin's role, an admin's last desk      stays: while no other admin of the account has a desk
//! ```

use std::collections::BTreeMap;

use baton_messenger::id::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::RoleOn;
use baton_protocol::{AgentId, DeskId};

use super::decide::Refusal;
use crate::people::DeskAccess;

/// Why it is not for this admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// The asking desk may not read the account, or there is none; not told apart.
    NoSuchLog,
    /// Refused, with words.
    Refused(Refusal),
}

/// Who asks, with every role that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The asking desk.
    pub desk: DeskId,
    /// Whose desk that is.
    pub agent: AgentId,
    roles: BTreeMap<AccountId, Role>,
}

impl Office {
    /// Of a desk as this moment finds it.
    #[must_use]
    pub fn of(desk: &DeskAccess) -> Self {
        let roles = desk.accounts.iter().map(|on| (on.account.clone(), on.role)).collect();
        Self { desk: desk.desk, agent: desk.agent, roles }
    }

    /// Whether the asker administers the account.
    #[must_use]
    pub fn administers(&self, account: &AccountId) -> bool {
        self.roles.get(account) == Some(&Role::Admin)
    }

    /// Lets admins through, of whichever account.
    ///
    /// # Errors
    /// [`Objection`].
    pub fn is_an_admins(&self) -> Result<(), Objection> {
        if self.roles.values().any(|role| *role == Role::Admin) {
            return Ok(());
        }
        Err(refused(
            ErrorCode::NotAllowed,
            "Only admins see and change who works here.",
            "Ask an admin of one of your accounts.",
        ))
    }

    /// Lets admins of this account through.
    ///
    /// # Errors
    /// [`Objection`]; of an account that the asker may not read the same as of none.
    pub fn is_over(&self, account: &AccountId) -> Result<(), Objection> {
        match self.roles.get(account) {
            Some(Role::Admin) => Ok(()),
            Some(_) => Err(refused(
                ErrorCode::NotAllowed,
                "Only an admin of the account gives, changes and ends roles on it.",
                "Ask an admin of this account.",
            )),
            None => Err(Objection::NoSuchLog),
        }
    }

    /// Whether the asker administers every account that a person works on. Of somebody who works nowhere every admin does.
    #[must_use]
    pub fn is_over_all(&self, roles: &[RoleOn]) -> bool {
        roles.iter().all(|on| self.administers(&on.account))
    }

    /// Whether the asker administers one of these.
    #[must_use]
    pub fn is_over_one(&self, roles: &[RoleOn]) -> bool {
        roles.iter().any(|on| self.administers(&on.account))
    }

    /// Lets through whoever may do something to a person as a whole.
    ///
    /// # Errors
    /// [`Objection`]; about somebody of whom the asker sees nothing, the same as about nobody.
    pub fn is_over_person(&self, roles: &[RoleOn], what: Whole) -> Result<(), Objection> {
        self.is_an_admins()?;
        if self.is_over_all(roles) {
            return Ok(());
        }
        if !self.is_over_one(roles) {
            return Err(nobody(what.of()));
        }
        Err(match what {
            Whole::Name => return Ok(()),
            Whole::Desk => refused(
                ErrorCode::NotAllowed,
                "This person also works on accounts that you do not administer, and a desk has all that its person has.",
                "End the person's role on your accounts instead: the desk loses them at once. Or ask whoever administers all \
                 of them to cut it off.",
            ),
            Whole::FurtherDesk => refused(
                ErrorCode::NotAllowed,
                "This person also works on accounts that you do not administer, and another desk would have all of them.",
                "Ask whoever administers all of them, or whoever operates the relay.",
            ),
        })
    }

    /// Those of these roles that are on accounts which the asker administers.
    #[must_use]
    pub fn seen(&self, roles: &[RoleOn]) -> Vec<RoleOn> {
        roles.iter().filter(|on| self.administers(&on.account)).cloned().collect()
    }
}

/// What is done to a person as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The name changes.
    Name,
    /// A desk is cut off.
    Desk,
    /// Another desk is let in.
    FurtherDesk,
}

impl Whole {
    fn of(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Name | Self::FurtherDesk => "person",
        }
    }
}

/// There is none that the asker may see.
#[must_use]
pub fn nobody(what: &str) -> Objection {
    refused(
        ErrorCode::NotFound,
        &format!("There is no such {what} among those whom you administer."),
        "Look at the list again.",
    )
}

/// An account would be left without anybody who can administer it.
#[must_use]
pub fn last_admin(account: &AccountId, name: &str) -> Objection {
    let called = if name.is_empty() { account.as_str() } else { name };
    refused(
        ErrorCode::NotAllowed,
        &format!("Nobody else who administers {called} has a desk, so it would be left without an admin."),
        "Make somebody else an admin there first.",
    )
}

/// Roles of somebody would change who was only to get another desk.
#[must_use]
pub fn changes_roles(name: &str) -> Objection {
    refused(
        ErrorCode::NotAllowed,
        &format!(
            "{name} has another role there already, and a role belongs to the person: it would change on all their desks."
        ),
        "Leave the role out, or say that it is to be changed.",
    )
}

fn refused(code: ErrorCode, message: &str, action: &str) -> Objection {
    Objection::Refused(Refusal { code, message: message.to_owned(), action: action.to_owned() })
}

#[cfg(test)]
mod tests {
    use baton_messenger::id::Platform;
    use baton_protocol::enrol::AccountRole;
    use rstest::rstest;

    use super::*;

    const TEA: &str = "104500000000011";
    const COFFEE: &str = "104500000000022";
    const KITES: &str = "104500000000033";

    fn office(roles: &[(&str, Role)]) -> Office {
        let accounts = roles.iter().map(|(account, role)| AccountRole {
            account: AccountId::from(*account),
            platform: Platform::Messenger,
            name: String::new(),
            role: *role,
            connected: true,
        });
        Office::of(&DeskAccess {
            desk: DeskId::new(),
            agent: AgentId::new(),
            agent_name: "Ines".into(),
            is_revoked: false,
            accounts: accounts.collect(),
        })
    }

    fn on(roles: &[(&str, Role)]) -> Vec<RoleOn> {
        roles
            .iter()
            .map(|(account, role)| RoleOn { account: AccountId::from(*account), role: *role })
            .collect()
    }

    fn code(judged: Result<(), Objection>) -> Option<ErrorCode> {
        match judged {
            Ok(()) => None,
            Err(Objection::NoSuchLog) => Some(ErrorCode::NoSuchLog),
            Err(Objection::Refused(no)) => Some(no.code),
        }
    }

    #[rstest]
    #[case::admin(Some(Role::Admin), None)]
    #[case::supervisor(Some(Role::Supervisor), Some(ErrorCode::NotAllowed))]
    #[case::agent(Some(Role::Agent), Some(ErrorCode::NotAllowed))]
    #[case::nobody(None, Some(ErrorCode::NoSuchLog))]
    fn roles_are_the_admins_of_the_account(#[case] role: Option<Role>, #[case] no: Option<ErrorCode>) {
        let roles: Vec<_> = role.map(|role| (TEA, role)).into_iter().chain([(COFFEE, Role::Admin)]).collect();
        assert_eq!(code(office(&roles).is_over(&TEA.into())), no);
    }

    #[rstest]
    #[case::everywhere(&[(TEA, Role::Admin), (COFFEE, Role::Admin)], None, None)]
    #[case::in_part(&[(TEA, Role::Admin)], Some(ErrorCode::NotAllowed), None)]
    #[case::reads_the_rest(&[(TEA, Role::Admin), (COFFEE, Role::Supervisor)], Some(ErrorCode::NotAllowed), None)]
    #[case::elsewhere(&[(KITES, Role::Admin)], Some(ErrorCode::NotFound), Some(ErrorCode::NotFound))]
    #[case::no_admin(&[(TEA, Role::Supervisor)], Some(ErrorCode::NotAllowed), Some(ErrorCode::NotAllowed))]
    fn a_person_is_whole(
        #[case] asker: &[(&str, Role)],
        #[case] desk: Option<ErrorCode>,
        #[case] name: Option<ErrorCode>,
    ) {
        let (office, jonas) = (office(asker), on(&[(TEA, Role::Agent), (COFFEE, Role::Supervisor)]));
        assert_eq!(code(office.is_over_person(&jonas, Whole::Desk)), desk);
        assert_eq!(code(office.is_over_person(&jonas, Whole::FurtherDesk)), desk);
        assert_eq!(code(office.is_over_person(&jonas, Whole::Name)), name);
    }

    #[test]
    fn who_works_nowhere_is_any_admins() {
        assert_eq!(code(office(&[(TEA, Role::Admin)]).is_over_person(&[], Whole::Desk)), None);
        assert_eq!(
            code(office(&[(TEA, Role::Agent)]).is_over_person(&[], Whole::Desk)),
            Some(ErrorCode::NotAllowed)
        );
    }

    #[test]
    fn an_admin_sees_roles_on_the_own_accounts_alone() {
        let office = office(&[(TEA, Role::Admin), (COFFEE, Role::Agent)]);
        let jonas = on(&[(TEA, Role::Agent), (COFFEE, Role::Admin), (KITES, Role::Agent)]);
        assert_eq!(office.seen(&jonas), on(&[(TEA, Role::Agent)]));
    }
}
