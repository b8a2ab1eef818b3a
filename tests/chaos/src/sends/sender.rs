//! The desk that sends: a process without a window, asked by the commands of the page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::ThreadRef;
use baton_commands::contract::attachment::MediaView;
use baton_commands::contract::composer::{ComposerState, SendMode, SendReceipt, SendReply, Verdict};
use baton_commands::contract::thread::{ThreadName, ThreadView};
use baton_commands::contract::threads::{ListThreads, Sort, ThreadPage, View};
use baton_commands::contract::{Ms, OwnerKind};
use baton_commands::files;
use baton_support::Customer;
use baton_support::picture::png;
use baton_support::window::program::Program;
use baton_support::world::desk::TestDesk;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::combination::{Course, Said};
use super::keys;

/// Where the program writes its address, in the folder.
pub const READY: &str = "ready.json";
/// How long the agent had the reply under the hands.
const COMPOSED_MS: i64 = 4_000;
/// A desk that was killed answers nothing.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// How a desk is broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Flaw {
    /// It is sound.
    #[default]
    None,
    /// It sends again what is unknown, by itself.
    Resends,
    /// It knows nothing after a restart of what had not left.
    Forgets,
}

/// A desk that can be killed, and kills itself.
#[derive(Debug)]
pub(super) struct Sender {
    program: PathBuf,
    folder: PathBuf,
    graph: String,
    flaw: Flaw,
    http: reqwest::Client,
    running: Option<(Program, String)>,
}

impl Sender {
    /// Takes over the folder and the secrets of a desk that was set up.
    pub async fn take_over(
        mut desk: TestDesk,
        program: &Path,
        graph: String,
        flaw: Flaw,
    ) -> anyhow::Result<Self> {
        let folder = desk.folder().to_owned();
        keys::write(&folder, desk.keys()).await?;
        desk.dies();
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWERS_WITHIN).build()?;
        let mut sender = Self { program: program.to_owned(), folder, graph, flaw, http, running: None };
        sender.start().await?;
        Ok(sender)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts it, on what it left, to be killed again: that may be before it answers.
    pub async fn start_to_die(&mut self) -> anyhow::Result<()> {
        let started = self.start().await;
        if started.is_err() && !self.lives()? {
            return Ok(());
        }
        started
    }

    /// Starts it, on what it left.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let ready = self.folder.join(READY);
        if ready.exists() {
            std::fs::remove_file(&ready)?;
        }
        let mut command = Command::new(&self.program);
        command
            .arg(&self.folder)
            .env("BATON_GRAPH_URL", &self.graph)
            .env("BATON_FLAW", self.flaw.to_string());
        let mut program = Program::start("sending-desk", command, &self.folder.join("desk.log"))?;
        let address = program.ready(&ready).await?;
        let address = address["address"].as_str().context("no address in the ready file")?.to_owned();
        self.running = Some((program, address));
        Ok(())
    }

    /// True while it runs.
    pub fn lives(&mut self) -> anyhow::Result<bool> {
        let Some((program, _)) = &mut self.running else { return Ok(false) };
        if program.ended()?.is_some() {
            self.running = None;
        }
        Ok(self.running.is_some())
    }

    /// Its last words, for a run that failed.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("desk.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// One command, as the page sends it.
    async fn ask<T: DeserializeOwned>(&self, name: &str, request: impl Serialize) -> anyhow::Result<T> {
        let (_, address) = self.running.as_ref().context("the desk does not run")?;
        let url = format!("http://{address}/api/call/{name}");
        let answer = self.http.post(url).json(&request).send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "{name}: {status}: {}", answer.text().await?);
        Ok(answer.json().await?)
    }

    /// The thread with a customer, once it can be answered as this course has it.
    pub async fn thread_of(&self, customer: &Customer, course: Course) -> anyhow::Result<Option<ThreadRef>> {
        let account = Some(customer.account().to_string());
        let request = ListThreads {
            view: View::All,
            account,
            channel: None,
            label: None,
            sort: Sort::Newest,
            after: None,
            up_to: None,
            limit: 200,
        };
        let page: ThreadPage = self.ask("listThreads", request).await?;
        let row = page.rows.into_iter().find(|row| row.customer == customer.id().as_str());
        let Some(row) = row else { return Ok(None) };
        let ComposerState { send, verdict, .. } =
            self.ask("composer", ThreadName { thread: row.thread }).await?;
        let is_there = match course {
            Course::TakesFirst | Course::TakeFails => {
                send == SendMode::TakeAndSend
                    && verdict == Verdict::Plain
                    && row.owner.owner == OwnerKind::Other
            }
            Course::Late => send == SendMode::TakeAndSend && verdict == Verdict::HumanAgent,
            Course::Straight | Course::Overtaken | Course::Throttled | Course::Unchecked => {
                row.owner.owner == OwnerKind::Ours
            }
        };
        Ok(is_there.then_some(row.thread))
    }

    pub async fn opens(&self, thread: ThreadRef) -> anyhow::Result<ThreadView> {
        self.ask("openThread", ThreadName { thread }).await
    }

    /// Adds the pictures, types the text, and presses *Send*, once for all of it, to leave after so long.
    pub async fn answers(
        &self,
        thread: ThreadRef,
        said: &[Said],
        hold_ms: i64,
    ) -> anyhow::Result<SendReceipt> {
        let composer: ComposerState = self.ask("composer", ThreadName { thread }).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        let (mut text, mut files) = (String::new(), Vec::new());
        for one in said {
            match one {
                Said::Text(words) => text.clone_from(words),
                Said::Picture(name) => files.push(self.attaches(thread, name).await?.id),
            }
        }
        let draft = serde_json::json!({"thread": thread, "text": text, "basedOn": composer.draft});
        let () = self.ask("saveDraft", draft).await?;
        let reply = SendReply {
            thread,
            text: text.clone(),
            files,
            based_on: text,
            seen: composer.seen,
            verdict: composer.verdict,
            take_first: composer.send == SendMode::TakeAndSend,
            composed_ms: Ms(COMPOSED_MS),
            despite_unknown: false,
            hold_ms: Ms(hold_ms),
            then_done: false,
        };
        self.ask("sendReply", reply).await
    }

    /// Adds a picture of this name, which no other one looks like, to the draft: its bytes beside the command.
    async fn attaches(&self, thread: ThreadRef, name: &str) -> anyhow::Result<MediaView> {
        let (_, address) = self.running.as_ref().context("the desk does not run")?;
        let asked = serde_json::json!({ "thread": thread, "name": name }).to_string();
        let header: String = asked.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let [_, red, green, blue] = sum.to_be_bytes();
        let call = self.http.post(format!("http://{address}/api/attach"));
        let call = call.header("Content-Type", "application/octet-stream").header(files::HEADER, header);
        let answer = call.body(png(40, 40, [red, green, blue])?).send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "attach: {status}: {}", answer.text().await?);
        Ok(answer.json().await?)
    }
}
