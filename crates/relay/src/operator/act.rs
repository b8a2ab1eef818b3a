//! Carrying out what the operator asks for.

use baton_protocol::InviteId;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::people::{NameFault, RoleChange, name_of_agent};
use secrecy::ExposeSecret;

use super::{Answer, Request};
use crate::clock::Clock;
use crate::log::{Acted, BackupError, Log, LogError, OperatorAct};
use crate::people::NewInvite;
use crate::secret::{self, NoRandomness};

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// No copy could be made.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// No invite could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// What is named does not exist.
    #[error("there is no such {0}; `baton-relay desks` lists desks, agents and their accounts")]
    NoSuch(&'static str),
    /// An invite would replace roles of somebody who is only to get another desk.
    #[error("{0}")]
    ChangesRoles(String),
    /// The request makes no sense.
    #[error("{0}")]
    Senseless(&'static str),
}

/// Carries it out.
///
/// # Errors
/// [`OperatorError`].
pub async fn act(log: &dyn Log, clock: &dyn Clock, request: Request) -> Result<Answer, OperatorError> {
    let act = match request {
        Request::Invite { name, agent, accounts, valid_ms, change_roles } => {
            let name = if agent.is_some() { name } else { name_of(&name)? };
            let invite = secret::fresh("inv_")?;
            let expires_at_ms = clock.wall_ms() + valid_ms;
            let new = NewInvite {
                invite: InviteId::new(),
                hash: secret::hash(&invite),
                made_by: None,
                changes_roles: change_roles,
                agent,
                agent_name: name,
                accounts,
                expires_at_ms,
            };
            done(log.operate(OperatorAct::Invite(new)).await?)?;
            tracing::info!(expires_at_ms, "an invite was made");
            return Ok(Answer::Invite { invite: invite.expose_secret().to_owned(), expires_at_ms });
        }
        Request::Backup { to } => {
            let bytes = log.backup(&to, clock.wall_ms()).await?;
            tracing::info!(bytes, path = %to.display(), "a backup was made");
            return Ok(Answer::Backup { bytes });
        }
        Request::Accounts => return Ok(Answer::Accounts { accounts: log.accounts().await? }),
        Request::Desks => return Ok(Answer::Desks { desks: log.desks().await? }),
        Request::Revoke { desk } => OperatorAct::Revoke(desk),
        Request::SetRole { agent, account, platform, role } => {
            OperatorAct::SetRole(agent, account, platform, role)
        }
        Request::HumanAgent { right: HumanAgentRight::Refused, .. } => {
            return Err(OperatorError::Senseless("only a desk reports that Meta refused a tagged reply"));
        }
        Request::HumanAgent { account, right } => OperatorAct::HumanAgent(account, right),
        Request::DefaultApp { account, app } => OperatorAct::DefaultApp(account, app),
        Request::NameApp { name, .. } if name.trim().is_empty() => {
            return Err(OperatorError::Senseless("an app's name cannot be empty"));
        }
        Request::NameApp { account, app, name } => OperatorAct::NameApp(account, app, name.trim().to_owned()),
    };
    let changed = done(log.operate(act).await?)?;
    Ok(Answer::Done { changed })
}

fn name_of(written: &str) -> Result<String, OperatorError> {
    name_of_agent(written).map(str::to_owned).map_err(|fault| {
        OperatorError::Senseless(match fault {
            NameFault::Empty => "an invite for a new agent needs a name",
            NameFault::Long => "a name has at most 100 characters",
            NameFault::Unreadable => "a name is one line of letters",
        })
    })
}

fn done(acted: Acted) -> Result<bool, OperatorError> {
    match acted {
        Acted::Done(changed) => Ok(changed),
        Acted::NoSuch(what) => Err(OperatorError::NoSuch(what)),
        Acted::ChangesRoles(name, changes) => Err(OperatorError::ChangesRoles(roles_change(&name, &changes))),
    }
}

fn roles_change(name: &str, changes: &[RoleChange]) -> String {
    let each: Vec<String> = changes
        .iter()
        .map(|change| format!("{} to {} on {}", change.from, change.to, change.account))
        .collect();
    format!(
        "{name} would change from {} on all their desks, because a role belongs to the agent; name the role that {name} has, \
         or add --change-role to change it",
        each.join(", from ")
    )
}
