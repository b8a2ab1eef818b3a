//! The command line.

use std::path::PathBuf;

use baton_messenger::id::{AccountId, AppId, Platform};
use baton_protocol::enrol::Role;
use baton_protocol::{AgentId, DeskId};
use clap::{Parser, Subcommand, ValueEnum};

/// Verifies Meta's webhooks, keeps them in order, and streams them to desks.
#[derive(Debug, Parser)]
#[command(name = "baton-relay", version)]
pub struct Cli {
    /// Settings file (TOML). Each setting can also be a variable, BATON_RELAY_ and its name in capitals. Secrets are
    /// taken from the file, from variables, or from files of their own (app_secret_file, verify_token_file).
    #[arg(long, global = true, env = "BATON_RELAY_CONFIG")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the relay until it is told to stop.
    Serve {
        /// Writes the addresses to this file as JSON once the relay listens.
        #[arg(long)]
        ready_file: Option<PathBuf>,
    },
    /// Makes an invite for one desk and prints it, once.
    Invite {
        /// The agent's role on the accounts.
        #[arg(long)]
        role: RoleWord,
        /// An account's id, with `:messenger` or `:instagram` behind it; messenger when neither stands there.
        #[arg(long = "account", required = true, value_parser = account)]
        accounts: Vec<(AccountId, Platform)>,
        /// The agent's name. Must be given for a new agent; with --agent it is left out.
        #[arg(long, required_unless_present = "agent", default_value = "")]
        name: String,
        /// An agent that exists already, as `desks` lists it, for another desk of theirs. A role belongs to the agent: name the
        /// one they have.
        #[arg(long)]
        agent: Option<AgentId>,
        /// Gives the agent this role instead of the one they have, on all their desks. Without it an invite that would do
        /// that is refused.
        #[arg(long, requires = "agent")]
        change_role: bool,
        /// How many hours the invite is good for, 720 at most.
        #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u32).range(1..=24 * 30))]
        expires_hours: u32,
    },
    /// Cuts a desk off.
    Revoke {
        /// The desk, as `desks` lists it.
        #[arg(long)]
        desk: DeskId,
    },
    /// Copies the log into a new file, while the relay runs or not. The relay keeps the copy free of what customers take
    /// back and admins erase, as long as it stays where it is.
    Backup {
        /// The new file.
        #[arg(long)]
        to: PathBuf,
    },
    /// Puts a copy in the place of the database. The relay must not run. What the database holds now is kept beside it.
    Restore {
        /// The copy.
        #[arg(long)]
        from: PathBuf,
    },
    /// Lists desks, their agents and roles.
    Desks,
    /// Gives an agent a role on an account, also on one that the team does not serve yet, or ends it.
    Access {
        /// The agent, as `desks` lists it.
        #[arg(long)]
        agent: AgentId,
        /// The account's id, with `:messenger` or `:instagram` behind it; messenger when neither stands there.
        #[arg(long, value_parser = account)]
        account: (AccountId, Platform),
        /// The role there.
        #[arg(long)]
        role: RoleOrNone,
    },
    /// Looks at everything between Meta and the desks, and says what is wrong and what to do. Ends with 1 when something
    /// is wrong.
    Doctor {
        #[command(flatten)]
        tokens: PageTokens,
    },
    /// Subscribes the app to webhooks, and Pages whose tokens are shown, and reads that back.
    Subscribe {
        #[command(flatten)]
        tokens: PageTokens,
    },
    /// Says what is true of an account.
    Account {
        /// The account's id.
        #[arg(long)]
        account: String,
        /// Whether Meta approved the Human Agent feature.
        #[arg(long, required_unless_present_any = ["default_app", "app_names"])]
        human_agent: Option<HumanAgent>,
        /// The app that gets a customer who writes while nobody holds the thread: the default app of Meta's routing.
        #[arg(long)]
        default_app: Option<AppId>,
        /// What an app is called, as `<app id>=<name>`; Meta's API tells ids only. Can be repeated.
        #[arg(long = "app-name", value_parser = app_name)]
        app_names: Vec<(AppId, String)>,
    },
}

/// Page tokens for this one run.
#[derive(Debug, clap::Args)]
pub struct PageTokens {
    /// A file that holds a Page token, or - for standard input. It is used for this run and kept nowhere. Can be repeated.
    #[arg(long = "page-token-file")]
    pub files: Vec<PathBuf>,
}

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleWord {
    /// Answers customers.
    Agent,
    /// Also moves anybody's threads.
    Supervisor,
    /// Also changes the account, people and desks.
    Admin,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Agent => Self::Agent,
            RoleWord::Supervisor => Self::Supervisor,
            RoleWord::Admin => Self::Admin,
        }
    }
}

/// A role, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleOrNone {
    /// Answers customers.
    Agent,
    /// Also moves anybody's threads.
    Supervisor,
    /// Also changes the account, people and desks.
    Admin,
    /// May not read the account any more.
    None,
}

impl From<RoleOrNone> for Option<Role> {
    fn from(word: RoleOrNone) -> Self {
        match word {
            RoleOrNone::Agent => Some(Role::Agent),
            RoleOrNone::Supervisor => Some(Role::Supervisor),
            RoleOrNone::Admin => Some(Role::Admin),
            RoleOrNone::None => None,
        }
    }
}

/// Whether Meta approved the Human Agent feature.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum HumanAgent {
    /// It did.
    Approved,
    /// It did not, or not yet.
    NotApproved,
}

fn account(text: &str) -> Result<(AccountId, Platform), String> {
    let (id, platform) = text.split_once(':').unwrap_or((text, "messenger"));
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("an account's id is a row of digits, as in the address of the Page's settings".to_owned());
    }
    let platform = platform.parse().map_err(|_| "the platform is messenger or instagram".to_owned())?;
    Ok((AccountId::new(id), platform))
}

fn app_name(text: &str) -> Result<(AppId, String), String> {
    match text.split_once('=') {
        Some((app, name)) if !app.is_empty() && !name.trim().is_empty() => {
            Ok((AppId::new(app), name.trim().to_owned()))
        }
        _ => Err("write the app's id, = and its name, such as 700100200300400=Teabot".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_invite_names_accounts_of_both_platforms() {
        let cli = Cli::try_parse_from([
            "baton-relay",
            "invite",
            "--role",
            "agent",
            "--account",
            "104500000000011",
            "--account",
            "17841400000000033:instagram",
            "--name",
            "Ines",
        ])
        .unwrap();
        let Command::Invite { role, accounts, name, expires_hours, .. } = cli.command else {
            panic!("{cli:?}")
        };
        assert_eq!((Role::from(role), name.as_str(), expires_hours), (Role::Agent, "Ines", 72));
        assert_eq!(accounts[1].1, Platform::Instagram);
    }

    #[test]
    fn an_account_that_is_no_id_is_explained() {
        let error = Cli::try_parse_from([
            "baton-relay",
            "invite",
            "--role",
            "agent",
            "--account",
            "Tea",
            "--name",
            "I",
        ])
        .unwrap_err();
        assert!(error.to_string().contains("row of digits"));
    }
}
