//! A relay with a history, and the real desk that holds it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_chaos_tests::relay::Relay;
use baton_core::store::Store;
use baton_protocol::command::{Command as Wish, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::entry::Entry;
use baton_protocol::{AccountId, CommandId, CustomerId};
use baton_support::window::desk::{DeskStart, DeskWindow};
use baton_support::window::room::{KeyRing, Room, Screen};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value as Json, json};

use super::process::now_ms;
use super::site::BareRow;
use crate::sqlite::{Connection, Value};
use crate::team::{self, NO_GRAPH};
use crate::world::{self, Size, World, customer, log};

/// So many threads are the agent's own.
const OWN: u64 = 60;

/// Everything around the window.
pub(super) struct Real {
    pub(super) room: Room,
    pub(super) relay: Relay,
    folder: PathBuf,
}

/// So many assignments are on their way at once.
const AT_ONCE: usize = 8;
/// So often it is looked, ten times a second, whether a desk holds everything: five million messages take it hours.
const LOOKS: u32 = 200_000;
/// So many events come with one webhook while threads are made.
const EVENTS: usize = 100;

impl Real {
    /// A relay with so many open threads of today and so many agents, and the desk of an admin that has read it. It is made anew
    /// each time: windows end with the day.
    pub(super) async fn set_board(folder: &Path, threads: u64, agents: u64) -> anyhow::Result<Self> {
        let folder = folder.join(format!("board-{threads}-{agents}"));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(folder.join("relay"))?;
        let room = Room::open(&folder, Screen::Virtual, KeyRing::Open).await?;
        let relay = team::relay(&folder.join("relay")).await?;
        let real = Self { room, relay, folder };
        eprintln!("  filling a relay with {threads} open threads of {agents} agents");
        real.fill_board(threads, agents).await?;
        Ok(real)
    }

    /// Everybody wrote within the last twenty hours and waits; of five threads four are somebody's.
    async fn fill_board(&self, threads: u64, agents: u64) -> anyhow::Result<()> {
        let begun_ms = now_ms() as i64 - 20 * 3_600_000;
        let step_ms = 20 * 3_600_000 / i64::try_from(threads.max(1))?;
        let http = team::http()?;
        for first in (0..threads).step_by(EVENTS) {
            let each = first..(first + EVENTS as u64).min(threads);
            let at = |thread: u64| begun_ms + step_ms * i64::try_from(thread).unwrap_or(0);
            let events: Vec<Json> = each
                .map(|thread| {
                    json!({
                        "sender": {"id": customer(thread)}, "recipient": {"id": world::PAGE}, "timestamp": at(thread),
                        "message": {"mid": format!("m_board_{thread}"), "text": format!("Where is my order {thread}?")},
                    })
                })
                .collect();
            let entry = json!({"id": world::PAGE, "time": at(first), "messaging": events});
            let body = json!({"object": "page", "entry": [entry]}).to_string();
            team::post(&http, &self.relay.webhook_url(), body).await?;
        }
        let mut members = Vec::new();
        for number in 0..agents {
            let desk = self.relay.enrol_as(&format!("Agent {number:03}"), Role::Agent).await?;
            members.push(desk.enrolled().agent);
        }
        let reader = team::reader(&self.relay).await?;
        let log = log();
        let (relay, name) = (&reader, &log);
        let given = (0..threads).filter(|thread| thread % 5 != 0).map(|thread| {
            let number = usize::try_from(thread).unwrap_or(0) % members.len().max(1);
            let assignee = members.get(number).copied();
            let command = Wish::Assign { customer: CustomerId::from(customer(thread).as_str()), assignee };
            let asked = CommandRequest {
                command_id: CommandId::new(),
                if_version: None,
                if_no_word_after: None,
                command,
            };
            async move { relay.command(name, &asked).await.map(drop) }
        });
        futures_util::stream::iter(given).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let desk = self.opens(Some(self.invited()?)).await?;
        self.holds(reader.entries(&log, None, None, 1).await?.head).await?;
        desk.close().await?;
        self.connects().await
    }

    /// Lets the desk show its inbox: without any Page token it would ask for one. It counts as refused, so that nothing is asked
    /// of Meta.
    async fn connects(&self) -> anyhow::Result<()> {
        let store = Store::open(&self.store_file()).await?;
        store.token_died(&AccountId::from(world::PAGE), now_ms() as i64).await?;
        store.close().await;
        Ok(())
    }

    /// A relay with this world, and a desk that has read it. Both stay in the folder for another time.
    pub(super) async fn set(folder: &Path, seed: u64, size: Size) -> anyhow::Result<Self> {
        let folder =
            folder.join(format!("window-{}-{seed}-{}-{}", world::VERSION, size.messages, size.threads));
        let ready = folder.join("ready");
        if !ready.exists() && folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(folder.join("relay"))?;
        let room = Room::open(&folder, Screen::Virtual, KeyRing::Open).await?;
        let relay = if ready.exists() {
            Relay::start(&Relay::program()?, &folder.join("relay")).await?
        } else {
            team::relay(&folder.join("relay")).await?
        };
        let real = Self { room, relay, folder };
        if ready.exists() {
            real.moves().await?;
            real.connects().await?;
        } else {
            eprintln!("  filling a relay with {} messages for the window, once", size.messages);
            real.fill(seed, size).await?;
            std::fs::write(ready, "")?;
        }
        Ok(real)
    }

    /// The relay answers at another address than last time.
    async fn moves(&self) -> anyhow::Result<()> {
        let store = Store::open(&self.store_file()).await?;
        let mut enrolment = store.enrolment().await?.context("the desk is enrolled")?;
        self.relay.desk_url().clone_into(&mut enrolment.relay);
        store.set_enrolment(&enrolment).await?;
        store.close().await;
        Ok(())
    }

    async fn fill(&self, seed: u64, size: Size) -> anyhow::Result<()> {
        let mut world = World::new(seed, size);
        loop {
            let entries: Vec<Entry> = world.next_entries(20_000);
            if entries.is_empty() {
                break;
            }
            team::fill(&self.relay, &entries).await?;
        }
        let desk = self.opens(Some(self.invited()?)).await?;
        let reader = team::reader(&self.relay).await?;
        let head = reader.entries(&log(), None, None, 1).await?.head;
        self.holds(head).await?;
        let agent = self.text("SELECT agent FROM enrolment")?;
        for thread in 0..OWN.min(size.threads) {
            let asked = CommandRequest {
                command_id: CommandId::new(),
                if_version: None,
                if_no_word_after: None,
                command: Wish::Assign {
                    customer: CustomerId::from(customer(size.threads - 1 - thread).as_str()),
                    assignee: Some(agent.parse()?),
                },
            };
            reader.command(&log(), &asked).await?;
        }
        self.holds(head + OWN.min(size.threads)).await?;
        desk.close().await?;
        self.connects().await
    }

    /// A file that lets an admin's desk in.
    fn invited(&self) -> anyhow::Result<PathBuf> {
        let enrol = self.folder.join("enrol.json");
        let given =
            json!({"relay_url": self.relay.desk_url(), "invite": self.relay.invite()?, "accounts": []});
        std::fs::write(&enrol, given.to_string())?;
        Ok(enrol)
    }

    /// Waits until the desk holds everything that the relay has.
    pub(super) async fn holds_all(&self) -> anyhow::Result<()> {
        self.holds(team::reader(&self.relay).await?.entries(&log(), None, None, 1).await?.head).await
    }

    /// Waits until the desk holds everything up to here.
    async fn holds(&self, head: u64) -> anyhow::Result<()> {
        let file = Connection::open(&self.store_file())?;
        let sql = "SELECT last FROM cursor_range WHERE log = ? AND first = 1";
        for _ in 0..LOOKS {
            if file.number(sql, &[Value::from(world::PAGE)])? >= i64::try_from(head)? {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        anyhow::bail!("the desk does not read its log")
    }

    /// Opens the window.
    pub(super) async fn opens(&self, enrol_file: Option<PathBuf>) -> anyhow::Result<DeskWindow> {
        let start = DeskStart {
            name: "desk".to_owned(),
            data_dir: self.desk_folder(),
            graph_url: NO_GRAPH.to_owned(),
            enrol_file,
            program: None,
        };
        DeskWindow::open(&self.room, start).await
    }

    /// What the store says of a thread, and where the picture of the window lies, for whoever looks why something was not drawn.
    pub(super) async fn stands(&self, desk: &DeskWindow, customer: &str) -> String {
        let said = Connection::open(&self.store_file()).and_then(|file| {
            let sql = "SELECT preview FROM thread WHERE customer = ?";
            file.rows(sql, &[Value::from(customer)])
        });
        let picture = self.folder.join("not-drawn.png");
        let shot = desk.screenshot(&picture).await;
        format!("in the store: {said:?}; picture {}: {shot:?}", picture.display())
    }

    /// Where the desk keeps its files.
    pub(super) fn desk_folder(&self) -> PathBuf {
        self.folder.join("desk")
    }

    fn store_file(&self) -> PathBuf {
        self.desk_folder().join("desk.sqlite")
    }

    /// What all threads look like in a list, for the bare page.
    pub(super) fn rows(&self) -> anyhow::Result<Vec<BareRow>> {
        let file = Connection::open(&self.store_file())?;
        let rows = file.rows(
            "SELECT coalesce(c.hand_name, c.meta_name, c.audit_name, t.customer), t.preview, t.unread
             FROM thread t LEFT JOIN customer c USING (account, customer) ORDER BY t.last_at_ms DESC",
            &[],
        )?;
        let row = |row: Vec<Value>| match row.as_slice() {
            [Value::Text(name), Value::Text(text), Value::Integer(unread)] => {
                Some((name.clone(), text.clone(), "3 h".to_owned(), u32::try_from(*unread).unwrap_or(0)))
            }
            _ => None,
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }

    fn text(&self, sql: &str) -> anyhow::Result<String> {
        let rows = Connection::open(&self.store_file())?.rows(sql, &[])?;
        match rows.into_iter().next().and_then(|row| row.into_iter().next()) {
            Some(Value::Text(text)) => Ok(text),
            _ => anyhow::bail!("nothing there: {sql}"),
        }
    }
}
