//! The relay's program.

mod cli;
mod say;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use baton_messenger::id::{AccountId, AppId};
use baton_protocol::account::HumanAgentRight;
use baton_relay::clock::{Clock as _, SystemClock};
use baton_relay::config::{Config, Source, read};
use baton_relay::doctor::{self, Finding, NotRead, Patient, Standing};
use baton_relay::log::Log;
use baton_relay::log::sqlite::{Restored, SqliteLog, SqliteSettings, restore};
use baton_relay::meta_time::MetaTime;
use baton_relay::operator::{self, Answer, AskError, Request, socket_of};
use baton_relay::people::{DeskLine, InviteAccount};
use baton_relay::relay::Relay;
use clap::Parser;
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, HumanAgent, PageTokens};
use crate::say::{aside, say};

/// The log broke: whoever started the relay starts it again.
const EXIT_BROKEN: u8 = 74;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter =
        EnvFilter::try_from_env("BATON_RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        // It would panic where nobody listens to standard error any more.
        .log_internal_errors(false)
        .init();
    match run(cli).await {
        Ok(code) => code,
        Err(error) => {
            aside(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut config = read(&Source { file: cli.config, env: std::env::vars().collect() })?;
    let request = match cli.command {
        Command::Serve { ready_file } => {
            config.ready_file = ready_file.or(config.ready_file);
            return serve(config).await;
        }
        Command::Invite { role, accounts, name, agent, change_role, expires_hours } => Request::Invite {
            name,
            agent,
            change_roles: change_role,
            accounts: accounts
                .into_iter()
                .map(|(account, platform)| InviteAccount { account, platform, role: role.into() })
                .collect(),
            valid_ms: i64::from(expires_hours) * 3_600_000,
        },
        Command::Doctor { tokens } => {
            let patient = patient(config, tokens).await?;
            return tell(&doctor::examine(&patient).await);
        }
        Command::Subscribe { tokens } => {
            let patient = patient(config, tokens).await?;
            return tell(&doctor::subscribe(&patient).await);
        }
        Command::Backup { to } => Request::Backup {
            to: std::path::absolute(&to).with_context(|| format!("{} cannot be used", to.display()))?,
        },
        Command::Restore { from } => return put_back(&config, &from).await,
        Command::Revoke { desk } => Request::Revoke { desk },
        Command::Desks => Request::Desks,
        Command::Access { agent, account: (account, platform), role } => {
            Request::SetRole { agent, account, platform, role: role.into() }
        }
        Command::Account { account, human_agent, default_app, app_names } => {
            let mut ended = ExitCode::SUCCESS;
            for request in about_account(&account.into(), human_agent, default_app, app_names) {
                ended = print(operate(&config, request).await?)?;
            }
            return Ok(ended);
        }
    };
    print(operate(&config, request).await?)
}

async fn put_back(config: &Config, from: &Path) -> anyhow::Result<ExitCode> {
    let Restored { entries, newest_ms, before } =
        restore(from, &config.database, SystemClock.wall_ms()).await?;
    let newest = newest_ms.map_or_else(|| "none".to_owned(), minute);
    say!("Restored {entries} entries; the newest is of {newest}.")?;
    if let Some(before) = before {
        say!("What was there before lies in {}.", before.display())?;
    }
    say!(
        "Who was invited or let in after that needs a new invite. Who was cut off after that is in again: look at \
         `baton-relay desks`. Desks read everything anew and lose nothing that Meta told them."
    )?;
    Ok(ExitCode::SUCCESS)
}

fn about_account(
    account: &AccountId,
    human_agent: Option<HumanAgent>,
    default_app: Option<AppId>,
    app_names: Vec<(AppId, String)>,
) -> Vec<Request> {
    let right = human_agent.map(|said| match said {
        HumanAgent::Approved => HumanAgentRight::Approved,
        HumanAgent::NotApproved => HumanAgentRight::NotApproved,
    });
    let right = right.map(|right| Request::HumanAgent { account: account.clone(), right });
    let default_app = default_app.map(|app| Request::DefaultApp { account: account.clone(), app });
    let names =
        app_names.into_iter().map(|(app, name)| Request::NameApp { account: account.clone(), app, name });
    right.into_iter().chain(default_app).chain(names).collect()
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let relay = Relay::start(config).await?;
    let code = tokio::select! {
        _ = tokio::signal::ctrl_c() => ExitCode::SUCCESS,
        _ = terminate.recv() => ExitCode::SUCCESS,
        why = relay.broken() => {
            tracing::error!(why, "the relay ends so that its next start reads the disk anew");
            ExitCode::from(EXIT_BROKEN)
        }
    };
    relay.stop().await;
    Ok(code)
}

/// Asks the running relay, or opens the database when none runs. Where there is no database, a question makes none: whoever
/// asks may be another user than the relay's, who could not open it then.
async fn operate(config: &Config, request: Request) -> anyhow::Result<Answer> {
    match operator::ask(&socket_of(&config.database), &request).await {
        Ok(answer) => return Ok(answer),
        Err(AskError::NotRunning) => {}
        Err(error) => return Err(error.into()),
    }
    if is_missing(&config.database)
        && let Some(answer) = without_database(&request)
    {
        return Ok(answer);
    }
    let settings = SqliteSettings { path: config.database.clone(), app: config.app_id.clone() };
    // Meta is not asked for one command: its entries get this machine's time, but none before what stands there.
    let time = Arc::new(MetaTime::new(Arc::new(SystemClock)));
    let log = SqliteLog::open(settings, time).await.context("the database could not be opened")?;
    let answer = operator::act(&log, &SystemClock, request).await;
    log.close().await;
    Ok(answer?)
}

fn is_missing(database: &Path) -> bool {
    matches!(database.try_exists(), Ok(false))
}

/// What is answered where nothing is known yet; none for what changes something.
fn without_database(request: &Request) -> Option<Answer> {
    match request {
        Request::Accounts => Some(Answer::Accounts { accounts: Vec::new() }),
        Request::Desks => Some(Answer::Desks { desks: Vec::new() }),
        _ => None,
    }
}

/// What doctor and subscribe look at.
async fn patient(config: Config, tokens: PageTokens) -> anyhow::Result<Patient> {
    let page_tokens = tokens.files.iter().map(|file| token_in(file)).collect::<anyhow::Result<_>>()?;
    let accounts = match operate(&config, Request::Accounts).await {
        Ok(Answer::Accounts { .. }) if is_missing(&config.database) => Err(NotRead::NoDatabase),
        Ok(Answer::Accounts { accounts }) => Ok(accounts),
        Ok(Answer::Failed { why }) => Err(NotRead::Failed(why)),
        Ok(_) => Err(NotRead::Failed("the relay and the command are of different versions".to_owned())),
        Err(error) => Err(NotRead::Failed(format!("{error:#}"))),
    };
    Ok(Patient { config, accounts, page_tokens })
}

fn token_in(file: &Path) -> anyhow::Result<SecretString> {
    let text = if file.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin()).context("standard input cannot be read")?
    } else {
        std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?
    };
    Ok(SecretString::from(text.trim().to_owned()))
}

/// Prints findings; 1 when anything is wrong.
fn tell(findings: &[Finding]) -> anyhow::Result<ExitCode> {
    for finding in findings {
        say!("{finding}")?;
    }
    let wrong = findings.iter().filter(|finding| finding.standing == Standing::Wrong).count();
    if wrong == 0 {
        say!("\nNothing is wrong.")?;
        return Ok(ExitCode::SUCCESS);
    }
    say!("\nTo be mended: {wrong}.")?;
    Ok(ExitCode::FAILURE)
}

fn print(answer: Answer) -> anyhow::Result<ExitCode> {
    match answer {
        Answer::Invite { invite, expires_at_ms } => {
            say!("{invite}")?;
            // Beside it, so that a script gets the invite alone.
            aside(format_args!(
                "It lets one desk in, once, until {}. Run the same command again for another one.",
                minute(expires_at_ms)
            ));
        }
        Answer::Backup { bytes } => say!("Copied {bytes} bytes.")?,
        Answer::Done { changed: true } => say!("Done.")?,
        Answer::Done { changed: false } => say!("Nothing needed to change.")?,
        Answer::Accounts { accounts } => {
            for each in accounts {
                say!("{}  {}", each.account, each.name)?;
            }
        }
        Answer::Desks { desks } if desks.is_empty() => {
            say!("No desk was let in yet. `baton-relay invite` makes an invite for one.")?;
        }
        Answer::Desks { desks } => {
            for desk in &desks {
                print_desk(desk)?;
            }
        }
        Answer::Failed { why } => bail!("{why}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// A moment, to the minute, for a person.
fn minute(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::MAX);
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn print_desk(line: &DeskLine) -> std::io::Result<()> {
    let DeskLine { desk, name, agent, agent_name, revoked_at_ms, wiped_at_ms, seen_at_ms, roles, .. } = line;
    let state = match (revoked_at_ms, wiped_at_ms) {
        (None, _) => "enrolled",
        (Some(_), None) => "cut off, has not confirmed that nothing is left on it",
        (Some(_), Some(_)) => "cut off, nothing is left on it",
    };
    let seen = seen_at_ms.map(|at_ms| format!("  last seen {}", minute(at_ms))).unwrap_or_default();
    let roles: Vec<String> = roles.iter().map(|(account, role)| format!("{account} as {role}")).collect();
    say!("{desk}  {state}  {name}{seen}\n    agent {agent}  {agent_name}  {}", roles.join(", "))
}
