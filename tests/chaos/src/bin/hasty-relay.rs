//! A relay that is broken on purpose, so that the checker of the kills can be shown to find it: everything is the product's
//! but its log, which says that a webhook is stored before it is, or takes every repeat for something new.
//!
//! It takes the same settings and the same two words on the command line as the product: `serve --ready-file <path>`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use baton_messenger::webhook::StoredEvent;
use baton_messenger::{AccountId, CustomerId, Platform};
use baton_protocol::draft::DraftTold;
use baton_protocol::login::LoginStanding;
use baton_protocol::people::{ErasureStanding, People, Removals, RoleOn};
use baton_protocol::snapshot::{ReadMark, Snapshot, SnapshotPage};
use baton_protocol::stream::EntryPage;
use baton_protocol::token::{BoxTaken, BoxesKept, BoxesLeft, TokenDesk};
use baton_protocol::{AgentId, DeskId, LogId, LogName, LoginId};
use baton_relay::Relay;
use baton_relay::config::{Source, read};
use baton_relay::log::people::{AdminAct, Judged, PeopleStore};
use baton_relay::log::queue::{QueueNews, QueueNow, QueueStore};
use baton_relay::log::sqlite::{SqliteLog, SqliteSettings};
use baton_relay::log::tokens::{NewLogin, PickUp, Returned, TokenStore};
use baton_relay::log::{
    Acted, AppSubscribed, Appended, Ask, BlockVersion, Head, Live, Log, LogError, OperatorAct, Range, Read,
    Verdict, WebhookBatch,
};
use baton_relay::meta_time::MetaTime;
use baton_relay::people::{AccountLine, DeskAccess, DeskLine, Invited, NewDesk};
use baton_relay::secret::Hash;
use baton_relay::team::queue::Move;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{broadcast, watch};

/// How much later it writes than it says.
const LATER: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut config = read(&Source { file: None, env: std::env::vars().collect() })?;
    config.ready_file = std::env::args().skip_while(|word| word != "--ready-file").nth(1).map(PathBuf::from);
    let settings = SqliteSettings { path: config.database.clone(), app: config.app_id.clone() };
    let time = Arc::new(MetaTime::new(config.clock.clone()));
    let log = HastyLog(Arc::new(SqliteLog::open(settings, time.clone()).await?));
    let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
    let relay = Relay::start_on(config, Arc::new(log), time).await?;
    terminate.recv().await;
    relay.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The product's log behind a promise that it does not keep.
#[derive(Debug)]
struct HastyLog(Arc<SqliteLog>);

#[async_trait]
impl Log for HastyLog {
    fn name(&self) -> &'static str {
        "hasty"
    }

    fn is_durable(&self) -> bool {
        false
    }

    fn live(&self) -> watch::Receiver<Live> {
        self.0.live()
    }

    fn read_marks(&self) -> broadcast::Receiver<(AgentId, DeskId, ReadMark)> {
        self.0.read_marks()
    }

    fn broken(&self) -> watch::Receiver<Option<String>> {
        self.0.broken()
    }

    async fn append_webhook(&self, batch: WebhookBatch, received_ms: i64) -> Result<Appended, LogError> {
        let log = Arc::clone(&self.0);
        if std::env::var("BATON_FLAW").is_ok_and(|flaw| flaw == "keyless") {
            return log.append_webhook(unknown_before(batch), received_ms).await;
        }
        tokio::spawn(async move {
            tokio::time::sleep(LATER).await;
            log.append_webhook(batch, received_ms).await
        });
        Ok(Appended::default())
    }

    async fn command(&self, ask: Ask) -> Result<Verdict, LogError> {
        self.0.command(ask).await
    }

    async fn operate(&self, act: OperatorAct) -> Result<Acted, LogError> {
        self.0.operate(act).await
    }

    async fn app_subscribed(&self, platform: Platform, sent: AppSubscribed) -> Result<usize, LogError> {
        self.0.app_subscribed(platform, sent).await
    }

    async fn invited(&self, invite: &Hash) -> Result<Option<Invited>, LogError> {
        self.0.invited(invite).await
    }

    async fn enrol(&self, desk: NewDesk) -> Result<Option<DeskAccess>, LogError> {
        self.0.enrol(desk).await
    }

    async fn desk_of(&self, token: &Hash) -> Result<Option<DeskAccess>, LogError> {
        self.0.desk_of(token).await
    }

    async fn desk(&self, desk: DeskId) -> Result<Option<DeskAccess>, LogError> {
        self.0.desk(desk).await
    }

    async fn desks(&self) -> Result<Vec<DeskLine>, LogError> {
        self.0.desks().await
    }

    async fn accounts(&self) -> Result<Vec<AccountLine>, LogError> {
        self.0.accounts().await
    }

    async fn head(&self, desk: DeskId, log: &LogName, at: u64) -> Result<Read<Head>, LogError> {
        self.0.head(desk, log, at).await
    }

    async fn entries(
        &self,
        desk: DeskId,
        log: &LogName,
        range: Range,
        limit: u32,
    ) -> Result<Read<EntryPage>, LogError> {
        self.0.entries(desk, log, range, limit).await
    }

    fn renewed(&self) -> broadcast::Receiver<(LogName, u64)> {
        self.0.renewed()
    }

    async fn block(
        &self,
        desk: DeskId,
        log: &LogName,
        block: u64,
    ) -> Result<Read<Option<BlockVersion>>, LogError> {
        self.0.block(desk, log, block).await
    }

    async fn snapshot(
        &self,
        desk: DeskId,
        account: &AccountId,
        page: &SnapshotPage,
    ) -> Result<Read<Snapshot>, LogError> {
        self.0.snapshot(desk, account, page).await
    }

    async fn mark_read(&self, desk: DeskId, mark: ReadMark) -> Result<Read<()>, LogError> {
        self.0.mark_read(desk, mark).await
    }

    async fn check(&self) -> Result<(), LogError> {
        self.0.check().await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

#[async_trait]
impl PeopleStore for HastyLog {
    async fn people(&self, desk: DeskId) -> Result<Judged<People>, LogError> {
        self.0.people(desk).await
    }

    async fn administer(&self, desk: DeskId, act: AdminAct) -> Result<Judged<bool>, LogError> {
        self.0.administer(desk, act).await
    }

    async fn erasure(
        &self,
        desk: DeskId,
        account: &AccountId,
        customer: &CustomerId,
    ) -> Result<Judged<Option<ErasureStanding>>, LogError> {
        self.0.erasure(desk, account, customer).await
    }

    async fn roles_of(&self, agent: AgentId) -> Result<Vec<RoleOn>, LogError> {
        self.0.roles_of(agent).await
    }

    async fn owed(&self, desk: DeskId) -> Result<Read<Removals>, LogError> {
        self.0.owed(desk).await
    }

    async fn gone(&self, desk: DeskId, gone: Removals) -> Result<Read<()>, LogError> {
        self.0.gone(desk, gone).await
    }

    async fn wiped(&self, token: &Hash) -> Result<Option<bool>, LogError> {
        self.0.wiped(token).await
    }

    async fn seen(&self, seen: Vec<(DeskId, i64)>) -> Result<(), LogError> {
        self.0.seen(seen).await
    }
}

#[async_trait]
impl QueueStore for HastyLog {
    fn queue_news(&self) -> broadcast::Receiver<QueueNews> {
        self.0.queue_news()
    }

    async fn queues(&self) -> Result<Vec<QueueNow>, LogError> {
        self.0.queues().await
    }

    async fn give_out(&self, account: &AccountId, moves: Vec<Move>) -> Result<(), LogError> {
        self.0.give_out(account, moves).await
    }

    async fn fold_anew(&self) -> Result<bool, LogError> {
        self.0.fold_anew().await
    }

    async fn keep_draft(
        &self,
        desk: DeskId,
        account: &AccountId,
        draft: DraftTold,
    ) -> Result<Read<()>, LogError> {
        self.0.keep_draft(desk, account, draft).await
    }
}

#[async_trait]
impl TokenStore for HastyLog {
    async fn begin_login(&self, new: NewLogin) -> Result<(), LogError> {
        self.0.begin_login(new).await
    }

    async fn return_login(&self, state: &Hash) -> Result<Returned, LogError> {
        self.0.return_login(state).await
    }

    async fn end_login(&self, login: LoginId, standing: LoginStanding) -> Result<(), LogError> {
        self.0.end_login(login, standing).await
    }

    async fn take_login(&self, desk: DeskId, login: LoginId) -> Result<Option<LoginStanding>, LogError> {
        self.0.take_login(desk, login).await
    }

    async fn register_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<()>, LogError> {
        self.0.register_token(desk, account, print).await
    }

    async fn knows_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<bool>, LogError> {
        self.0.knows_token(desk, account, print).await
    }

    async fn token_lives(&self, desk: DeskId, account: &AccountId) -> Result<Read<bool>, LogError> {
        self.0.token_lives(desk, account).await
    }

    async fn token_desks(
        &self,
        desk: DeskId,
        account: &AccountId,
    ) -> Result<Read<Option<Vec<TokenDesk>>>, LogError> {
        self.0.token_desks(desk, account).await
    }

    async fn leave_boxes(
        &self,
        desk: DeskId,
        account: &AccountId,
        left: BoxesLeft,
    ) -> Result<Read<Option<BoxesKept>>, LogError> {
        self.0.leave_boxes(desk, account, left).await
    }

    async fn take_box(&self, desk: DeskId, account: &AccountId) -> Result<Read<Option<BoxTaken>>, LogError> {
        self.0.take_box(desk, account).await
    }

    async fn pick_ups(&self, desk: DeskId) -> Result<Vec<PickUp>, LogError> {
        self.0.pick_ups(desk).await
    }

    async fn drop_ended(&self) -> Result<u64, LogError> {
        self.0.drop_ended().await
    }
}

/// The same events under ids that nobody has seen.
fn unknown_before(batch: WebhookBatch) -> WebhookBatch {
    let WebhookBatch::Events(events) = batch else { return batch };
    let renamed = events.into_iter().map(|event| {
        let mut stored = StoredEvent::new(&event, 0);
        if let Ok(mut tree) = serde_json::from_str::<serde_json::Value>(stored.event.get())
            && let Some(mid) = tree.pointer_mut("/message/mid")
        {
            *mid = format!("{}~{}", mid.as_str().unwrap_or_default(), LogId::new()).into();
            if let Ok(raw) = serde_json::value::to_raw_value(&tree) {
                stored.event = raw;
            }
        }
        stored.into_event()
    });
    WebhookBatch::Events(renamed.collect())
}
