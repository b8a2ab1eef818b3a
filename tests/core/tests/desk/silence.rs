//! A stream that died without a word: a cable pulled, a network changed, a laptop that slept. Only the boot clock tells.

use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::Desk;
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::relay_client::RelayClient;
use baton_core::store::{Enrolment, Store};
use baton_core::sync::SyncStatus;
use baton_protocol::hello::Versions;
use baton_protocol::stream::StreamEvent;
use baton_protocol::{AgentId, DeskId, LogId, LogName};
use rstest::rstest;
use secrecy::SecretString;

use crate::builders::NINE;
use crate::fake_relay::{hello, log_of_agents, open_with, opened, until};
use crate::raw_relay::RawRelay;

/// A desk that was enrolled at this relay, on a clock that the test moves.
pub async fn desk_of(relay: &RawRelay, folder: &std::path::Path, clock: &TestClock) -> Desk {
    desk_at(&relay.address, folder, clock).await
}

/// The same at the relay of this address.
pub async fn desk_at(relay: &str, folder: &std::path::Path, clock: &TestClock) -> Desk {
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.to_owned(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token-of-ines")).await.unwrap();
    open_with(folder, keys, Arc::new(clock.clone())).await
}

#[rstest]
#[case::a_heartbeat_was_missed(Duration::from_secs(21))]
#[case::a_night_of_sleep(Duration::from_secs(8 * 3600))]
#[tokio::test]
async fn the_desk_opens_a_new_one_from_where_it_is(#[case] passes: Duration) {
    let (folder, clock, log_id) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), LogId::new());
    let events = [opened(log_id, 3, 1), StreamEvent::Entries(log_of_agents(3))];
    let relay = RawRelay::start(hello(Versions::ours()), &events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    until("what the stream brought", async || {
        let cursor = desk.store().cursor(&LogName::Workspace).await.unwrap()?;
        (cursor.ranges.as_slice() == [(1, 3)] && relay.streams() == 1).then_some(())
    })
    .await;
    until("the stream to live", async || {
        matches!(desk.status().await.unwrap().relay, SyncStatus::Live { .. }).then_some(())
    })
    .await;

    // Nothing is closed, nothing is said; time passes.
    relay.network_changes();
    clock.advance(passes);
    until("it being told", async || {
        let is_offline = matches!(desk.status().await.unwrap().relay, SyncStatus::Offline { .. });
        (is_offline || relay.streams() > 1).then_some(())
    })
    .await;
    for _ in 0..20 {
        // The pause before the next try is on the same clock.
        clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    until("another stream", async || (relay.streams() >= 2).then_some(())).await;
    let asked = relay.opened.lock().unwrap()[1].cursors[&LogName::Workspace].clone();
    assert_eq!((asked.log_id, asked.ranges.as_slice()), (log_id, [(1, 3)].as_slice()));
    desk.shutdown().await;
}

#[tokio::test]
async fn after_a_renewal_no_call_waits_on_a_connection_of_before() {
    let relay = RawRelay::start(hello(Versions::ours()), &[]).await;
    let client =
        RelayClient::new(relay.address.parse().unwrap(), SecretString::from("desk-token-of-ines")).unwrap();
    let other = client.clone();
    client.hello().await.unwrap();
    relay.network_changes();

    client.renew();
    other.hello().await.unwrap();
    client.hello().await.unwrap();
    assert_eq!(relay.asked_in_vain(), 0);
}
