//! Who is there, as a desk hears it from relays of today and of before.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::presence::{Doing, LooksAt, Presence, PresenceState, Present, Viewing};
use baton_protocol::stream::StreamEvent;
use baton_protocol::{AgentId, LogId};

use crate::builders::NINE;
use crate::fake_relay::{hello, opened, until};
use crate::raw_relay::RawRelay;
use crate::silence::desk_of;

fn ada_types() -> Presence {
    let thread = LooksAt { account: "104500000000011".into(), customer: "6200".into() };
    let views = vec![Viewing { thread, doing: Doing::WritesReply }];
    Presence { agent: AgentId::new(), state: PresenceState::TransfersOnly, views }
}

#[tokio::test]
async fn what_the_stream_tells_is_forgotten_with_the_stream() {
    let (folder, clock, ada) = (tempfile::tempdir().unwrap(), TestClock::at(NINE), ada_types());
    let events = [
        // Nothing counts before the first whole.
        StreamEvent::Present(Present { whole: false, agents: vec![ada_types()] }),
        opened(LogId::new(), 0, 1),
        StreamEvent::Present(Present { whole: true, agents: vec![ada.clone()] }),
    ];
    let relay = RawRelay::start(Hello { presence: true, ..hello(Versions::ours()) }, &events).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    assert_eq!(desk.who_is_there().everybody, None);
    let there = BTreeMap::from([(ada.agent, ada)]);
    until("who is there", async || (desk.who_is_there().everybody.as_ref() == Some(&there)).then_some(()))
        .await;
    let said = relay.opened.lock().unwrap()[0].presence.clone().unwrap();
    assert_eq!((said.state, said.viewing), (PresenceState::Online, None));

    desk.choose_presence(PresenceState::Away);
    clock.advance(Duration::from_secs(21));
    until("nobody being known", async || desk.who_is_there().everybody.is_none().then_some(())).await;
    clock.advance(Duration::from_secs(60));
    until("another stream", async || (relay.streams() >= 2).then_some(())).await;
    let again = relay.opened.lock().unwrap()[1].presence.clone().unwrap();
    assert_eq!((again.run, again.state), (said.run, PresenceState::Away));
    assert!(again.seq > said.seq, "{} after {}", again.seq, said.seq);
    until("who is there again", async || {
        (desk.who_is_there().everybody.as_ref() == Some(&there)).then_some(())
    })
    .await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_relay_of_before_is_told_nothing_and_nobody_is_taken_for_offline() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let relay = RawRelay::start(hello(Versions::ours()), &[opened(LogId::new(), 0, 1)]).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    until("the stream", async || (relay.streams() == 1).then_some(())).await;
    desk.choose_presence(PresenceState::TransfersOnly);
    let there = desk.who_is_there();
    assert_eq!((there.everybody, there.state), (None, PresenceState::TransfersOnly));
    assert_eq!(relay.opened.lock().unwrap()[0].presence, None);
    desk.shutdown().await;
}

#[tokio::test]
async fn that_one_does_not_go_away_by_oneself_is_remembered_and_a_choice_is_not() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), TestClock::at(NINE));
    let relay = RawRelay::start(hello(Versions::ours()), &[]).await;
    let desk = desk_of(&relay, folder.path(), &clock).await;
    assert!(desk.who_is_there().goes_away);
    desk.set_goes_away(false).await.unwrap();
    desk.choose_presence(PresenceState::Offline);
    clock.advance(Duration::from_secs(3_600));
    assert_eq!(desk.who_is_there().state, PresenceState::Offline);
    desk.shutdown().await;

    let desk = desk_of(&relay, folder.path(), &clock).await;
    clock.advance(Duration::from_secs(3_600));
    let there = desk.who_is_there();
    assert_eq!(
        (there.goes_away, there.chosen, there.state),
        (false, PresenceState::Online, PresenceState::Online)
    );
    desk.set_goes_away(true).await.unwrap();
    assert_eq!(desk.who_is_there().state, PresenceState::Away);
    desk.touched();
    assert_eq!(desk.who_is_there().state, PresenceState::Online);
    desk.shutdown().await;
}
