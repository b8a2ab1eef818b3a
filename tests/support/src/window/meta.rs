//! The local Meta as a program, and what customers do with their phones.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use baton_messenger::limits::PAGE_FIELDS;
use serde_json::{Value, json};

use super::program::{Program, built};
use super::room::Room;
use super::until;

/// The secret with which this Meta signs webhooks. It is worth nothing elsewhere.
pub const APP_SECRET: &str = "3b1f6a0c5d2e4987a6b0c1d2e3f40516";
/// What the webhook handshake asks for.
pub const VERIFY_TOKEN: &str = "a-verify-token-of-this-machine";
/// The app that the desk's tokens belong to.
pub const APP_ID: &str = "700100200300400";

/// Where it says in the room what it gave out.
const READY_FILE: &str = "simulator.json";

/// A running `baton-simulator`.
#[derive(Debug)]
pub struct MetaProgram {
    program: Program,
    callback_url: String,
    beginning: Beginning,
    clock_ahead_ms: i64,
    http: reqwest::Client,
    ready: Ready,
}

#[derive(Debug, serde::Deserialize)]
struct Ready {
    base_url: String,
    phone_url: String,
    control_room_url: String,
    pages: Vec<ReadyPage>,
    #[serde(default)]
    instagram: Vec<ReadyInstagram>,
}

/// An Instagram account, and the Page whose token speaks for it.
#[derive(Debug, serde::Deserialize)]
struct ReadyInstagram {
    id: String,
    page_id: String,
}

#[derive(Debug, serde::Deserialize)]
struct ReadyPage {
    id: String,
    token: Option<String>,
}

/// How the world begins.
#[derive(Clone, Debug, Default)]
pub enum Beginning {
    /// The demo's accounts with its own customers.
    #[default]
    Demo,
    /// The demo's accounts, to which nobody writes yet.
    Accounts,
    /// The demo's accounts with the people of a file that `baton-simulator seed` made.
    File(PathBuf),
    /// The demo's accounts with people at scale.
    Crowd {
        /// How many customers.
        customers: u32,
        /// How many messages.
        messages: u64,
        /// Decides everything else.
        seed: u64,
    },
}

impl Beginning {
    fn args(&self) -> Vec<OsString> {
        match self {
            Self::Demo => vec!["--world".into(), "demo".into()],
            Self::Accounts => ["--customers", "0", "--messages", "0"].map(OsString::from).to_vec(),
            Self::File(path) => vec!["--world".into(), path.into()],
            Self::Crowd { customers, messages, seed } => {
                let pairs = [
                    ("--customers", customers.to_string()),
                    ("--messages", messages.to_string()),
                    ("--seed", seed.to_string()),
                ];
                pairs.into_iter().flat_map(|(name, value)| [name.into(), value.into()]).collect()
            }
        }
    }
}

impl MetaProgram {
    /// Starts it; webhooks go to `callback_url`.
    ///
    /// # Errors
    /// When it is not built or does not start.
    pub async fn start(room: &Room, callback_url: &str, beginning: &Beginning) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(until::SHORT).build()?;
        let (program, ready) = run(room, callback_url, beginning, &[]).await?;
        let (callback_url, beginning) = (callback_url.to_owned(), beginning.clone());
        Ok(Self { program, callback_url, beginning, clock_ahead_ms: 0, http, ready })
    }

    /// Starts it again, after it has ended, at the same address: the desk's tokens are good again, and the Pages among
    /// these accounts subscribed. What was said is forgotten there.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_again(&mut self, room: &Room, served: &[&str]) -> anyhow::Result<()> {
        // The first run gave out what the desk holds.
        let before = room.folder().join("simulator-before.json");
        if !before.exists() {
            std::fs::rename(room.folder().join(READY_FILE), &before)?;
        }
        let ahead_ms = self.clock_ahead_ms.to_string();
        let more: [OsString; 4] =
            ["--again".into(), before.into(), "--clock-ahead-ms".into(), ahead_ms.into()];
        let (program, ready) = run(room, &self.callback_url, &self.beginning, &more).await?;
        (self.program, self.ready) = (program, ready);
        for page in self.ready.pages.iter().filter(|page| served.contains(&page.id.as_str())) {
            let asked = json!({"app_id": APP_ID, "fields": PAGE_FIELDS});
            self.post(&format!("/control/pages/{}/subscriptions", page.id), &asked).await?;
        }
        Ok(())
    }

    /// Remembers how far the clock was moved, for the case that it has to be started again.
    pub async fn note_clock(&mut self) {
        // Whoever does not answer has ended or is about to: what was noted before counts.
        let told = self.get("/control/clock").await.ok();
        self.clock_ahead_ms = told.and_then(|told| told["offset_ms"].as_i64()).unwrap_or(self.clock_ahead_ms);
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// How it ended, if it has, with its last words.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn ended(&mut self) -> anyhow::Result<Option<String>> {
        self.program.end_and_last_words()
    }

    /// Where Graph answers.
    #[must_use]
    pub fn graph_url(&self) -> &str {
        &self.ready.base_url
    }

    /// Where the customer's phone is.
    #[must_use]
    pub fn phone_url(&self) -> &str {
        &self.ready.phone_url
    }

    /// Where everything of this Meta can be seen and moved.
    #[must_use]
    pub fn control_room_url(&self) -> &str {
        &self.ready.control_room_url
    }

    /// The Page token that a person would copy from Meta's pages, for a Page or for the Instagram account of one.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn page_token(&self, account: &str) -> anyhow::Result<&str> {
        let linked = self.ready.instagram.iter().find(|known| known.id == account);
        let page = linked.map_or(account, |known| &known.page_id);
        let page = self.ready.pages.iter().find(|known| known.id == page);
        page.and_then(|page| page.token.as_deref()).context("no such Page")
    }

    /// Fails with its last words when it has ended.
    ///
    /// # Errors
    /// When it is no longer running.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        self.program.must_run()
    }

    /// A customer of a Page, by name.
    ///
    /// # Errors
    /// When nobody of this name writes to the Page.
    pub async fn customer(&self, page: &str, name: &str) -> anyhow::Result<Phone<'_>> {
        let world = self.get("/control/world").await?;
        let pages = world["pages"].as_array().context("a world has Pages")?;
        let customers =
            pages.iter().filter(|known| known["id"] == page).filter_map(|page| page["customers"].as_array());
        let customer =
            customers.flatten().find(|customer| customer["name"] == name).context("no such customer")?;
        let customer = customer["id"].as_str().context("a customer has an id")?.to_owned();
        Ok(Phone { meta: self, page: page.to_owned(), customer })
    }

    /// Moves the world's clock forward.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn clock_moves(&self, hours: i64) -> anyhow::Result<()> {
        self.post("/control/clock/advance", &json!({"ms": hours * 3_600_000})).await.map(drop)
    }

    /// The person behind the Page's tokens changes the password: Meta refuses all of them from now on, with 190/460.
    ///
    /// # Errors
    /// When there is no such Page.
    pub async fn kills_tokens(&self, page: &str) -> anyhow::Result<()> {
        self.post(&format!("/control/pages/{page}/tokens/kill"), &json!({"subcode": 460})).await.map(drop)
    }

    /// The person signs in again. Gives the new Page token.
    ///
    /// # Errors
    /// When there is no such Page.
    pub async fn signs_in_again(&self, page: &str) -> anyhow::Result<String> {
        let asked = json!({"app_id": APP_ID});
        let answer = self.post(&format!("/control/pages/{page}/tokens"), &asked).await?;
        answer["token"].as_str().map(str::to_owned).context("Meta gave no token")
    }

    /// What is done wrong from now on, in the simulator's own words.
    ///
    /// # Errors
    /// When the simulator does not know the fault.
    pub async fn goes_wrong(&self, fault: &Value) -> anyhow::Result<()> {
        self.post("/control/faults", fault).await.map(drop)
    }

    /// From now on nothing is done wrong.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn goes_right(&self) -> anyhow::Result<()> {
        let answer = self.http.delete(format!("{}/control/faults", self.ready.base_url)).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    /// Says whether Meta approved the Human Agent feature for a Page.
    ///
    /// # Errors
    /// When there is no such Page.
    pub async fn approves_human_agent(&self, page: &str) -> anyhow::Result<()> {
        self.post(&format!("/control/pages/{page}/human_agent"), &json!({"is_approved": true}))
            .await
            .map(drop)
    }

    /// Every Graph call that was made so far.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn calls(&self) -> anyhow::Result<Vec<Value>> {
        Ok(serde_json::from_value(self.get("/control/calls").await?)?)
    }

    /// A Graph call that goes past every rule of the desk, as a stranger with the token could make it. Returns the
    /// status and the answer.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn graph_call(&self, page: &str, edge: &str, body: &Value) -> anyhow::Result<(u16, Value)> {
        let url = format!("{}/v26.0/{page}/{edge}", self.ready.base_url);
        let call = self.http.post(url).bearer_auth(self.page_token(page)?).json(body);
        let answer = call.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Every webhook that was told so far.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn webhooks(&self) -> anyhow::Result<Vec<Value>> {
        Ok(serde_json::from_value(self.get("/control/webhooks").await?)?)
    }

    /// The world's time, milliseconds UTC.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn now_ms(&self) -> anyhow::Result<i64> {
        self.get("/control/clock").await?["now_ms"].as_i64().context("the clock tells a time")
    }

    /// The rules by which things go wrong now.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn faults(&self) -> anyhow::Result<Vec<Value>> {
        let told = self.get("/control/faults").await?;
        Ok(serde_json::from_value(told.get("faults").cloned().unwrap_or(told))?)
    }

    /// A Page gets an Instagram account, without routing, on which one customer may write. Gives the customer's id.
    ///
    /// # Errors
    /// When there is no such Page.
    pub async fn comes_to_instagram(&self, page: &str, id: &str, customer: &str) -> anyhow::Result<String> {
        let account = json!({
            "id": id, "name": "Northwind Tea", "username": "northwindtea", "page_id": page, "routing": "off",
            "is_human_agent_approved": true,
        });
        self.post("/control/instagram", &account).await?;
        let made = self.post(&format!("/control/pages/{id}/customers"), &json!({"name": customer})).await?;
        made["id"].as_str().map(str::to_owned).context("a customer has an id")
    }

    /// Somebody who never wrote to this account before.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn new_customer(&self, account: &str, name: &str) -> anyhow::Result<Phone<'_>> {
        let made = self.post(&format!("/control/pages/{account}/customers"), &json!({"name": name})).await?;
        Ok(self.phone(account, made["id"].as_str().context("a customer has an id")?))
    }

    /// The phone of a customer whose id is known.
    #[must_use]
    pub fn phone(&self, account: &str, customer: &str) -> Phone<'_> {
        Phone { meta: self, page: account.to_owned(), customer: customer.to_owned() }
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let answer = self.http.get(format!("{}{path}", self.ready.base_url)).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = self.http.post(format!("{}{path}", self.ready.base_url)).json(body).send().await?;
        let (status, answer): (_, Value) = (answer.status(), answer.json().await?);
        anyhow::ensure!(status.is_success(), "the simulator refuses {path}: {answer}");
        Ok(answer)
    }
}

async fn run(
    room: &Room,
    callback_url: &str,
    beginning: &Beginning,
    more: &[OsString],
) -> anyhow::Result<(Program, Ready)> {
    let ready_file = room.folder().join(READY_FILE);
    remove_if_there(&ready_file)?;
    let mut command = Command::new(built("baton-simulator")?);
    command
        .args(beginning.args())
        .args(more)
        .args(["--app-id", APP_ID, "--callback-url", callback_url, "--ready-file"])
        .arg(&ready_file)
        .env("BATON_SIM_APP_SECRET", APP_SECRET)
        .env("BATON_SIM_VERIFY_TOKEN", VERIFY_TOKEN);
    let mut program = Program::start("baton-simulator", command, &room.log("simulator"))?;
    let ready = serde_json::from_value(program.ready(&ready_file).await?)?;
    Ok((program, ready))
}

/// A customer's phone, with one thread open.
#[derive(Debug)]
pub struct Phone<'a> {
    meta: &'a MetaProgram,
    page: String,
    customer: String,
}

/// A message as the phone shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct OnPhone {
    /// Meta's id.
    pub mid: String,
    /// The app that sent it; none when the customer did.
    pub app_name: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// As what it was sent.
    pub messaging_type: Option<String>,
    /// With which tag.
    pub tag: Option<String>,
}

impl Phone<'_> {
    /// The customer's id on the Page.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.customer
    }

    /// The customer writes. Returns the message's mid.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn writes(&self, text: &str) -> anyhow::Result<String> {
        let answer = self.meta.post(&self.path("/write"), &json!({"text": text})).await?;
        Ok(answer["mid"].as_str().context("a message has a mid")?.to_owned())
    }

    /// The customer sends things without words: `image`, `animation`, `video`, `audio`, `file`, `sticker`. Returns the
    /// message's mid.
    ///
    /// # Errors
    /// When the simulator does not know one of them.
    pub async fn sends(&self, things: &[&str]) -> anyhow::Result<String> {
        let things: Vec<Value> = things.iter().map(|kind| json!({"type": kind})).collect();
        let answer = self.meta.post(&self.path("/write"), &json!({"things": things})).await?;
        Ok(answer["mid"].as_str().context("a message has a mid")?.to_owned())
    }

    /// The customer answers a story of an Instagram account. Returns the message's mid.
    ///
    /// # Errors
    /// When the account is not on Instagram.
    pub async fn answers_a_story(&self, text: &str) -> anyhow::Result<String> {
        let said = json!({"text": text, "answers_story": true});
        let answer = self.meta.post(&self.path("/write"), &said).await?;
        Ok(answer["mid"].as_str().context("a message has a mid")?.to_owned())
    }

    /// The phone is switched on: what was sent has arrived.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn receives(&self) -> anyhow::Result<()> {
        self.meta.post(&self.path("/receive"), &json!({})).await.map(drop)
    }

    /// The customer looks at the thread.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn reads(&self) -> anyhow::Result<()> {
        self.meta.post(&self.path("/read"), &json!({})).await.map(drop)
    }

    /// The customer puts a reaction on a message (`love`, `smile`, `wow`, …).
    ///
    /// # Errors
    /// When there is no such message.
    pub async fn reacts(&self, mid: &str, reaction: &str) -> anyhow::Result<()> {
        self.meta.post(&self.path("/react"), &json!({"mid": mid, "reaction": reaction})).await.map(drop)
    }

    /// What the phone shows, oldest first.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn shows(&self) -> anyhow::Result<Vec<OnPhone>> {
        let thread = self.meta.get(&self.path("")).await?;
        Ok(serde_json::from_value(thread["messages"].clone())?)
    }

    /// The app that holds the thread; none when nobody does.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn held_by(&self) -> anyhow::Result<Option<String>> {
        let thread = self.meta.get(&self.path("")).await?;
        Ok(thread["owner"]["app_name"].as_str().map(str::to_owned))
    }

    /// Waits for a text to be on the phone and returns it.
    ///
    /// # Errors
    /// When it does not arrive.
    pub async fn gets(&self, text: &str) -> anyhow::Result<OnPhone> {
        until::some(&format!("{text:?} on the phone"), until::SHORT, async || {
            Ok(self.shows().await?.into_iter().find(|message| message.text.as_deref() == Some(text)))
        })
        .await
    }

    /// How often a text is on the phone.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn count(&self, text: &str) -> anyhow::Result<usize> {
        Ok(self.shows().await?.iter().filter(|message| message.text.as_deref() == Some(text)).count())
    }

    fn path(&self, act: &str) -> String {
        format!("/control/pages/{}/customers/{}{act}", self.page, self.customer)
    }
}

pub(super) fn remove_if_there(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
