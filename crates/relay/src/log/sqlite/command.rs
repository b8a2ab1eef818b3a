//! One command of a desk: judged and carried out in one transaction, its first result kept.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId};
use baton_protocol::command::{Accepted, Command};
use baton_protocol::enrol::Role;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{LogName, note};
use sha2::{Digest, Sha256};

use super::super::{Ask, LogError, Read, Verdict};
use super::row::{json, storage, to_json};
use super::writer::{Tx, Work};
use super::{
    append, audit, canned, drafts, enrol, labels, notes, people, quarantine, redact, returning, snapshot,
    team, tokens, turns,
};
use crate::team::{
    Decision, Refusal, Scene, ThreadState, WorkspaceScene, accepted, conflict, decide, decide_workspace,
    grants_send, named, named_canned,
};

/// A command to be judged.
pub(super) struct Judge(pub(super) Ask);

#[async_trait]
impl Work for Judge {
    type Answer = Verdict;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Verdict, LogError> {
        let ask = &self.0;
        match people::may_read(tx.conn, ask.desk, &ask.log).await? {
            Read::Found(()) => {}
            Read::NoSuchLog => return Ok(Verdict::NoSuchLog),
            Read::Revoked => return Ok(Verdict::Revoked),
        }
        if let Some(first) = first_result(tx, ask).await? {
            return Ok(first);
        }
        let verdict = judge(tx, ask).await?;
        keep(tx, ask, &verdict).await?;
        Ok(verdict)
    }
}

async fn judge(tx: &mut Tx<'_>, ask: &Ask) -> Result<Verdict, LogError> {
    let Some(account) = ask.log.account() else {
        return judge_workspace(tx, ask).await;
    };
    let Some(asker) = people::asker(tx.conn, ask.desk, account).await? else { return Ok(Verdict::NoSuchLog) };
    let Some(scene) = scene(tx, ask, account).await? else { return Ok(Verdict::NoSuchLog) };
    if let Command::AppendAudit { page } = &ask.request.command {
        return audit::append(tx, ask, &scene.account, page).await;
    }
    if let Command::ReturnThreads { agent } = &ask.request.command {
        return returning::take_all(tx, ask, &asker, account, *agent).await;
    }
    let decision = decide(&ask.log, &asker, &ask.request, &scene);
    match decision {
        Decision::Accept { facts, part } => {
            if let Command::ReportToken { alive } = ask.request.command {
                tokens::reported(tx, ask.desk, account, alive).await?;
            }
            let page = scene.account.page.clone();
            let (seqs, thread) = carry_out(tx, ask, scene, &facts).await?;
            let thread = named(&ask.request.command).0.map(|_| &thread);
            let mut accepted = accepted(seqs, thread, part);
            if matches!(ask.request.command, Command::RemoveAccount) {
                accepted.still_served = Some(team::served_through(tx, account, &page).await?);
            }
            Ok(Verdict::Accepted(accepted))
        }
        Decision::Conflict(reason) => Ok(Verdict::Conflict(conflict(reason, &asker, &scene.thread))),
        other => Ok(refused(other)),
    }
}

fn refused(decision: Decision) -> Verdict {
    match decision {
        Decision::Refuse(refusal) => Verdict::Refused(refusal),
        _ => Verdict::NoSuchLog,
    }
}

/// A command about what names no account.
async fn judge_workspace(tx: &mut Tx<'_>, ask: &Ask) -> Result<Verdict, LogError> {
    let command = &ask.request.command;
    let canned = match named_canned(command) {
        Some(name) => canned::text(tx.conn, name).await?,
        None => None,
    };
    let labels = match command {
        Command::DefineLabel { .. } => labels::all(tx.conn).await?,
        _ => Vec::new(),
    };
    let scene = WorkspaceScene { role: people::highest_role(tx.conn, ask.desk).await?, canned, labels };
    let facts = match decide_workspace(&ask.request, &scene) {
        Decision::Accept { facts, .. } => facts,
        other => return Ok(refused(other)),
    };
    let mut seqs = Vec::new();
    for (place, fact) in facts.iter().enumerate() {
        seqs.extend(append::fact(tx, &ask.log, &fact_key(ask, place), fact).await?);
        labels::defined(tx, fact).await?;
    }
    Ok(Verdict::Accepted(accepted(seqs, None, None)))
}

/// The key of a fact that a command made: the same again when the command is repeated.
pub(super) fn fact_key(ask: &Ask, place: usize) -> String {
    baton_protocol::command::fact_key(ask.desk, ask.request.command_id, place)
}

async fn scene(tx: &mut Tx<'_>, ask: &Ask, account: &AccountId) -> Result<Option<Scene>, LogError> {
    let command = &ask.request.command;
    let Some(state) = team::load_account(tx, account).await? else { return Ok(None) };
    let (customer, part) = named(command);
    let mut part_is_elsewhere = false;
    let thread = match customer {
        Some(customer) => {
            if let Some(ids) = part {
                part_is_elsewhere = team::is_elsewhere(tx, account, customer, ids).await?;
            }
            let (part, reply) = part.unzip();
            team::load(tx, account, customer, part, reply).await?
        }
        None => ThreadState::default(),
    };
    let assignee_may_work = match command {
        Command::Assign { assignee: Some(agent), .. } => people::works_on(tx.conn, *agent, account).await?,
        _ => true,
    };
    let app_has_name = match command {
        Command::ReportApp { app, .. } => has_name(tx, &ask.log, app).await?,
        _ => false,
    };
    let block = match command {
        Command::SetBlock { customer, .. } => snapshot::block(tx.conn, account, customer).await?,
        _ => None,
    };
    let urgent = match command {
        Command::SetPriority { customer, .. } => snapshot::is_urgent(tx.conn, account, customer).await?,
        _ => false,
    };
    let note = match command {
        Command::AddNote { customer, note, .. } | Command::RemoveNote { customer, note } => {
            notes::find(tx.conn, account, customer, *note).await?
        }
        _ => None,
    };
    let is_pending = match command {
        Command::SetReplyPending { customer, .. } => {
            snapshot::is_pending(tx.conn, account, customer, ask.desk).await?
        }
        _ => false,
    };
    let handed = match command {
        Command::FinishDraft { customer, .. } => snapshot::handed(tx.conn, account, customer).await?,
        _ => (0, 0),
    };
    let label = match command {
        Command::SetLabel { customer, label, .. } => {
            Some(labels::known(tx.conn, account, customer, *label).await?)
        }
        _ => None,
    };
    Ok(Some(Scene {
        account: state,
        thread,
        assignee_may_work,
        part_is_elsewhere,
        app_has_name,
        block,
        urgent,
        note,
        mentioned: mentioned(tx, account, command).await?,
        is_pending,
        handed,
        label,
        now_ms: tx.stamp.ms,
        our_app: tx.run.app.clone(),
        steward: ask.steward,
    }))
}

/// The roles of those whom a note mentions. What is no usable note is refused without a look.
async fn mentioned(
    tx: &mut Tx<'_>,
    account: &AccountId,
    command: &Command,
) -> Result<Vec<Option<Role>>, LogError> {
    let Command::AddNote { text, mentions, .. } = command else { return Ok(Vec::new()) };
    let mut roles = Vec::new();
    if note::check(text, mentions).is_ok() {
        for agent in mentions {
            roles.push(people::role_on(tx.conn, *agent, account).await?);
        }
    }
    Ok(roles)
}

/// Whether somebody named an app.
async fn has_name(tx: &mut Tx<'_>, log: &LogName, app: &AppId) -> Result<bool, LogError> {
    let facts = snapshot::account_facts(tx.conn, log).await?;
    Ok(facts.iter().any(|entry| {
        let fact = TeamFact::from_body(&entry.body);
        matches!(fact, Ok(TeamFact::AppNamed { app: named, name, .. }) if named == *app && !name.is_empty())
    }))
}

async fn carry_out(
    tx: &mut Tx<'_>,
    ask: &Ask,
    mut scene: Scene,
    facts: &[TeamFact],
) -> Result<(Vec<u64>, ThreadState), LogError> {
    let account = scene.account.account.clone();
    let mut seqs = Vec::new();
    if facts.is_empty() {
        return Ok((seqs, scene.thread));
    }
    if let Some(customer) = named(&ask.request.command).0 {
        let served = turns::served(tx, &account).await?;
        for (place, fact) in facts.iter().enumerate() {
            let key = fact_key(ask, place);
            seqs.extend(team::append_to_thread(tx, &served, &mut scene.thread, &key, fact).await?);
        }
        team::save(tx, &served, customer, &mut scene.thread).await?;
    } else {
        for (place, fact) in facts.iter().enumerate() {
            let key = fact_key(ask, place);
            let Some(seq) = team::append_account_fact(tx, &account, &key, fact).await? else { continue };
            seqs.push(seq);
            scene.account.apply(tx.stamp.ms, fact);
        }
        team::save_account(tx, &scene.account).await?;
    }
    follow_up(tx, &scene, &ask.request.command, &seqs).await?;
    Ok((seqs, scene.thread))
}

/// What a command does beside its facts.
async fn follow_up(tx: &mut Tx<'_>, scene: &Scene, command: &Command, seqs: &[u64]) -> Result<(), LogError> {
    let account = &scene.account.account;
    match command {
        Command::ConnectAccount { .. } => {
            quarantine::release(tx, account, scene.account.platform).await?;
            tx.effects.access_changed = true;
            Ok(())
        }
        Command::RemoveAccount => enrol::end_service(tx, account).await,
        Command::SettleSend { settlement: Settlement::Sent { mid, .. }, .. } => {
            redact::clear_if_unsent(tx, account.as_str(), mid.as_str()).await
        }
        Command::AddNote { customer, note, .. } => match seqs.first() {
            Some(seq) => notes::added(tx, account, customer, *note, *seq).await,
            None => Ok(()),
        },
        Command::RemoveNote { note, .. } => match seqs.first() {
            Some(seq) => notes::removed(tx, account, *note, *seq).await,
            None => Ok(()),
        },
        Command::EraseCustomer { customer } => match seqs.first() {
            Some(seq) => {
                drafts::erase(tx, account, customer).await?;
                redact::customer(tx, account, customer, *seq).await
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn asked(ask: &Ask) -> Result<String, LogError> {
    let request = format!("{} {}", ask.log, to_json(&ask.request)?);
    Ok(hex::encode(Sha256::digest(request.as_bytes())))
}

async fn first_result(tx: &mut Tx<'_>, ask: &Ask) -> Result<Option<Verdict>, LogError> {
    let (desk, id) = (ask.desk.to_string(), ask.request.command_id.to_string());
    let row = sqlx::query!(
        r#"select asked as "asked!", is_conflict as "is_conflict!: bool", body as "body!"
           from command_result where desk = ?1 and command_id = ?2"#,
        desk,
        id
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    if row.asked != asked(ask)? {
        return Ok(Some(Verdict::Refused(Refusal {
            code: baton_protocol::error::ErrorCode::BadRequest,
            message: "Another command was sent under the same id before.".to_owned(),
            action: "This is a fault of the desk's program; update it.".to_owned(),
        })));
    }
    if row.is_conflict {
        return Ok(Some(Verdict::Conflict(json(&row.body)?)));
    }
    if grants_send(&ask.request.command) {
        // A grant is never given twice: the rules answer with the part's state, beside the first seqs.
        let Verdict::Accepted(now) = judge(tx, ask).await? else { return Ok(None) };
        let first: Accepted = json(&row.body)?;
        return Ok(Some(Verdict::Accepted(Accepted { part: now.part, ..first })));
    }
    Ok(Some(Verdict::Accepted(json(&row.body)?)))
}

/// Keeps what a repeat must be told again. A refusal depends on no state that a repeat could change twice.
async fn keep(tx: &mut Tx<'_>, ask: &Ask, verdict: &Verdict) -> Result<(), LogError> {
    let (is_conflict, body) = match verdict {
        Verdict::Accepted(accepted) => (0_i64, to_json(accepted)?),
        Verdict::Conflict(conflict) => (1, to_json(conflict)?),
        _ => return Ok(()),
    };
    let (desk, id, asked) = (ask.desk.to_string(), ask.request.command_id.to_string(), asked(ask)?);
    sqlx::query!(
        "insert into command_result (desk, command_id, asked, is_conflict, body, at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
        desk,
        id,
        asked,
        is_conflict,
        body,
        tx.stamp.ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}
