//! What every log must do, told against the trait. Each implementation runs all of it.

use std::path::Path;
use std::sync::Arc;

use baton_messenger::webhook;
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::snapshot::SnapshotPage;
use baton_protocol::{AgentId, AppId, DeskId, InviteId, LogName, Platform};
use baton_relay::clock::SystemClock;
use baton_relay::log::sqlite::{SqliteLog, SqliteSettings};
use baton_relay::log::{Acted, Ask, Log, OperatorAct, Range, Read, Verdict, WebhookBatch};
use baton_relay::meta_time::MetaTime;
use baton_relay::people::{DeskAccess, InviteAccount, NewDesk, NewInvite};
use baton_relay::secret::Hash;
use baton_relay::stewards::Stewardship;

use crate::stage::{APP, COFFEE, MARA, TEA, connect, customer, message, plain};

async fn sqlite(dir: &Path) -> Arc<dyn Log> {
    let settings = SqliteSettings { path: dir.join("relay.db"), app: AppId::from(APP) };
    Arc::new(SqliteLog::open(settings, Arc::new(MetaTime::new(Arc::new(SystemClock)))).await.unwrap())
}

/// Runs each story of the suite against an implementation.
macro_rules! suite {
    ($implementation:ident: $($story:ident),+ $(,)?) => {
        mod $implementation {
            $(
                #[tokio::test]
                async fn $story() {
                    let dir = tempfile::tempdir().unwrap();
                    super::$story(super::$implementation(dir.path()).await).await;
                }
            )+

            #[tokio::test]
            async fn survives_being_closed_and_opened() {
                let dir = tempfile::tempdir().unwrap();
                let first = super::$implementation(dir.path()).await;
                let (desk, head) = super::write_something(first.clone()).await;
                first.close().await;
                drop(first);
                super::finds_it_again(super::$implementation(dir.path()).await, desk, head).await;
            }
        }
    };
}

suite!(sqlite:
    appends_densely_and_once,
    a_post_is_all_or_none_across_accounts,
    reads_in_every_direction,
    commands_are_judged_once,
    an_invite_is_used_once,
    rights_are_part_of_every_read,
    tells_what_changed,
    an_unreadable_body_is_kept_once,
);

async fn desk_on(log: &dyn Log, accounts: &[&str]) -> DeskAccess {
    let invite = Hash::of(&format!("invite {}", DeskId::new()));
    let accounts = accounts
        .iter()
        .map(|account| InviteAccount {
            account: (*account).into(),
            platform: Platform::Messenger,
            role: Role::Agent,
        })
        .collect();
    let new = NewInvite {
        invite: InviteId::new(),
        made_by: None,
        changes_roles: false,
        hash: invite.clone(),
        agent: None,
        agent_name: "Ines".into(),
        accounts,
        expires_at_ms: i64::MAX,
    };
    assert_eq!(log.operate(OperatorAct::Invite(new)).await.unwrap(), Acted::Done(true));
    log.enrol(new_desk(invite)).await.unwrap().unwrap()
}

fn new_desk(invite: Hash) -> NewDesk {
    let desk = DeskId::new();
    NewDesk {
        invite,
        desk,
        new_agent: AgentId::new(),
        name: "laptop".into(),
        public_key: "key".into(),
        token: Hash::of(&desk.to_string()),
    }
}

async fn ask(log: &dyn Log, desk: DeskId, account: &str, command: Command) -> Verdict {
    let log_name = LogName::from(account.to_owned());
    log.command(Ask { log: log_name, desk, request: plain(command), steward: Stewardship::Nobody })
        .await
        .unwrap()
}

async fn connected(log: &dyn Log, accounts: &[&str]) -> DeskAccess {
    let desk = desk_on(log, accounts).await;
    for account in accounts {
        let verdict = ask(log, desk.desk, account, connect(account, "Northwind")).await;
        assert!(matches!(verdict, Verdict::Accepted(_)));
    }
    desk
}

async fn says(log: &dyn Log, account: &str, mid: &str) -> baton_relay::log::Appended {
    let delivery = webhook::parse(message(account, MARA, mid, "Hello").as_bytes()).unwrap();
    log.append_webhook(WebhookBatch::Events(delivery.events), 1).await.unwrap()
}

async fn seqs(log: &dyn Log, desk: DeskId, account: &str, range: Range) -> Vec<u64> {
    match log.entries(desk, &LogName::from(account.to_owned()), range, 3).await.unwrap() {
        Read::Found(page) => page.entries.iter().map(|entry| entry.seq).collect(),
        other => panic!("{other:?}"),
    }
}

async fn appends_densely_and_once(log: Arc<dyn Log>) {
    let desk = connected(&*log, &[TEA]).await;
    let many = (0..40).map(|n| {
        let log = log.clone();
        async move { says(&*log, TEA, &format!("m_{}", n % 20)).await }
    });
    let told = futures_util::future::join_all(many).await;
    assert_eq!(told.iter().map(|told| told.new).sum::<u64>(), 20);
    assert_eq!(told.iter().map(|told| told.repeated).sum::<u64>(), 20);
    let Read::Found(page) =
        log.entries(desk.desk, &LogName::Account(TEA.into()), Range::After(0), 100).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(page.head, 21);
    assert!(page.entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
}

async fn a_post_is_all_or_none_across_accounts(log: Arc<dyn Log>) {
    connected(&*log, &[TEA]).await;
    let batch = webhook::parse(include_bytes!("../../../../fixtures/page_batch_mixed.json")).unwrap();
    let told = log.append_webhook(WebhookBatch::Events(batch.events), 1).await.unwrap();
    assert_eq!((told.new, told.quarantined.values().sum::<u64>()), (3, 1));
    let later = desk_on(&*log, &[COFFEE]).await;
    ask(&*log, later.desk, COFFEE, connect(COFFEE, "Northwind Coffee")).await;
    assert_eq!(seqs(&*log, later.desk, COFFEE, Range::After(0)).await, [1, 2]);
}

async fn reads_in_every_direction(log: Arc<dyn Log>) {
    let desk = connected(&*log, &[TEA]).await.desk;
    for n in 0..9 {
        says(&*log, TEA, &format!("m_{n}")).await;
    }
    assert_eq!(seqs(&*log, desk, TEA, Range::After(4)).await, [5, 6, 7]);
    assert_eq!(seqs(&*log, desk, TEA, Range::Before(4)).await, [1, 2, 3]);
    assert_eq!(seqs(&*log, desk, TEA, Range::Between(4, 7)).await, [5, 6]);
    assert_eq!(seqs(&*log, desk, TEA, Range::Newest).await, [8, 9, 10]);
    assert!(seqs(&*log, desk, TEA, Range::After(u64::MAX)).await.is_empty());
}

async fn commands_are_judged_once(log: Arc<dyn Log>) {
    let desk = connected(&*log, &[TEA]).await.desk;
    let name = Command::NameCustomer { customer: customer(MARA), name: "Mara Lindt".into(), by_hand: false };
    let ask =
        Ask { log: LogName::Account(TEA.into()), desk, request: plain(name), steward: Stewardship::Nobody };
    let first = log.command(ask.clone()).await.unwrap();
    assert_eq!(log.command(ask).await.unwrap(), first);
    assert_eq!(seqs(&*log, desk, TEA, Range::After(0)).await, [1, 2]);
}

async fn an_invite_is_used_once(log: Arc<dyn Log>) {
    let hash = Hash::of("an invite");
    let new = NewInvite {
        invite: InviteId::new(),
        made_by: None,
        changes_roles: false,
        hash: hash.clone(),
        agent: None,
        agent_name: "Jonas".into(),
        accounts: Vec::new(),
        expires_at_ms: i64::MAX,
    };
    log.operate(OperatorAct::Invite(new)).await.unwrap();
    assert!(log.invited(&hash).await.unwrap().is_some());
    assert!(log.enrol(new_desk(hash.clone())).await.unwrap().is_some());
    assert!(log.enrol(new_desk(hash.clone())).await.unwrap().is_none());
    assert!(log.invited(&hash).await.unwrap().is_none());
}

async fn rights_are_part_of_every_read(log: Arc<dyn Log>) {
    let tea = connected(&*log, &[TEA]).await.desk;
    connected(&*log, &[COFFEE]).await;
    let coffee = LogName::Account(COFFEE.into());
    assert!(matches!(log.entries(tea, &coffee, Range::Newest, 1).await.unwrap(), Read::NoSuchLog));
    assert!(matches!(log.head(tea, &coffee, 1).await.unwrap(), Read::NoSuchLog));
    assert!(matches!(
        log.snapshot(tea, &COFFEE.into(), &SnapshotPage::default()).await.unwrap(),
        Read::NoSuchLog
    ));
    log.operate(OperatorAct::Revoke(tea)).await.unwrap();
    let own = LogName::Account(TEA.into());
    assert!(matches!(log.entries(tea, &own, Range::Newest, 1).await.unwrap(), Read::Revoked));
    assert!(matches!(ask(&*log, tea, TEA, Command::ReportToken { alive: true }).await, Verdict::Revoked));
}

async fn tells_what_changed(log: Arc<dyn Log>) {
    let mut live = log.live();
    connected(&*log, &[TEA]).await;
    let access = live.borrow_and_update().access;
    assert!(access > 0);
    says(&*log, TEA, "m_1").await;
    let now = live.borrow_and_update().clone();
    assert_eq!(now.heads[&LogName::Account(TEA.into())], 2, "told before the answer");
    assert!(now.last_webhook_ms.contains_key(&TEA.into()));
    assert_eq!(now.access, access);
}

async fn an_unreadable_body_is_kept_once(log: Arc<dyn Log>) {
    for _ in 0..2 {
        let batch = WebhookBatch::Unreadable { body: b"\xff\xfe not json".to_vec() };
        log.append_webhook(batch, 1).await.unwrap();
    }
    assert_eq!(log.live().borrow().quarantined, [("unreadable".to_owned(), 1)].into());
}

async fn write_something(log: Arc<dyn Log>) -> (DeskId, baton_relay::log::Head) {
    let desk = connected(&*log, &[TEA]).await.desk;
    says(&*log, TEA, "m_1").await;
    let Read::Found(head) = log.head(desk, &LogName::Account(TEA.into()), 1).await.unwrap() else { panic!() };
    (desk, head)
}

async fn finds_it_again(log: Arc<dyn Log>, desk: DeskId, before: baton_relay::log::Head) {
    let Read::Found(head) = log.head(desk, &LogName::Account(TEA.into()), 1).await.unwrap() else { panic!() };
    assert_eq!(head, before, "same identity, same place, same chain");
    assert_eq!(log.live().borrow().heads[&LogName::Account(TEA.into())], 2);
    assert_eq!(says(&*log, TEA, "m_1").await.repeated, 1);
}
