//! The relay's program.

#![expect(clippy::print_stdout, reason = "what the operator asked for is printed")]

mod cli;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use baton_messenger::id::{AccountId, AppId};
use baton_protocol::account::HumanAgentRight;
use baton_relay::clock::{Clock as _, SystemClock};
use baton_relay::config::{Config, Source, read};
use baton_relay::doctor::{self, Finding, Patient, Standing};
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

/// The log broke: whoever started the relay starts it again.
const EXIT_BROKEN: u8 = 74;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter =
        EnvFilter::try_from_env("BATON_RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    match run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
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
        Command::Invite { role, accounts, name, agent, expires_hours } => Request::Invite {
            name,
            agent,
            accounts: accounts
                .into_iter()
                .map(|(account, platform)| InviteAccount { account, platform, role: role.into() })
                .collect(),
            valid_ms: i64::from(expires_hours) * 3_600_000,
        },
        Command::Doctor { tokens } => {
            let patient = patient(config, tokens).await?;
            return Ok(tell(&doctor::examine(&patient).await));
        }
        Command::Subscribe { tokens } => {
            let patient = patient(config, tokens).await?;
            return Ok(tell(&doctor::subscribe(&patient).await));
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
    println!("Restored {entries} entries; the newest is of {newest}.");
    if let Some(before) = before {
        println!("What was there before lies in {}.", before.display());
    }
    println!(
        "Who was invited or let in after that needs a new invite. Who was cut off after that is in again: look at \
         `baton-relay desks`. Desks read everything anew and lose nothing that Meta told them."
    );
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

/// Asks the running relay, or opens the database when none runs.
async fn operate(config: &Config, request: Request) -> anyhow::Result<Answer> {
    match operator::ask(&socket_of(&config.database), &request).await {
        Ok(answer) => return Ok(answer),
        Err(AskError::NotRunning) => {}
        Err(error) => return Err(error.into()),
    }
    let settings = SqliteSettings { path: config.database.clone(), app: config.app_id.clone() };
    // Meta is not asked for one command: its entries get this machine's time, but none before what stands there.
    let time = Arc::new(MetaTime::new(Arc::new(SystemClock)));
    let log = SqliteLog::open(settings, time).await.context("the database could not be opened")?;
    let answer = operator::act(&log, &SystemClock, request).await;
    log.close().await;
    Ok(answer?)
}

/// What doctor and subscribe look at.
async fn patient(config: Config, tokens: PageTokens) -> anyhow::Result<Patient> {
    let page_tokens = tokens.files.iter().map(|file| token_in(file)).collect::<anyhow::Result<_>>()?;
    let accounts = match operate(&config, Request::Accounts).await {
        Ok(Answer::Accounts { accounts }) => Ok(accounts),
        Ok(Answer::Failed { why }) => Err(why),
        Ok(_) => Err("the relay and the command are of different versions".to_owned()),
        Err(error) => Err(format!("{error:#}")),
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
fn tell(findings: &[Finding]) -> ExitCode {
    findings.iter().for_each(|finding| println!("{finding}"));
    let wrong = findings.iter().filter(|finding| finding.standing == Standing::Wrong).count();
    if wrong == 0 {
        println!("\nNothing is wrong.");
        return ExitCode::SUCCESS;
    }
    println!("\nTo be mended: {wrong}.");
    ExitCode::FAILURE
}

fn print(answer: Answer) -> anyhow::Result<ExitCode> {
    match answer {
        Answer::Invite { invite, expires_at_ms } => {
            println!("{invite}");
            // Beside it, so that a script gets the invite alone.
            eprintln!(
                "It lets one desk in, once, until {}. Run the same command again for another one.",
                minute(expires_at_ms)
            );
        }
        Answer::Backup { bytes } => println!("Copied {bytes} bytes."),
        Answer::Done { changed: true } => println!("Done."),
        Answer::Done { changed: false } => println!("Nothing needed to change."),
        Answer::Accounts { accounts } => {
            accounts.iter().for_each(|each| println!("{}  {}", each.account, each.name));
        }
        Answer::Desks { desks } if desks.is_empty() => {
            println!("No desk was let in yet. `baton-relay invite` makes an invite for one.");
        }
        Answer::Desks { desks } => desks.iter().for_each(print_desk),
        Answer::Failed { why } => bail!("{why}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// A moment, to the minute, for a person.
fn minute(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::MAX);
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn print_desk(line: &DeskLine) {
    let DeskLine { desk, name, agent, agent_name, revoked_at_ms, roles, .. } = line;
    let state = if revoked_at_ms.is_some() { "cut off" } else { "enrolled" };
    let roles: Vec<String> = roles.iter().map(|(account, role)| format!("{account} as {role}")).collect();
    println!("{desk}  {state}  {name}\n    agent {agent}  {agent_name}  {}", roles.join(", "));
}
