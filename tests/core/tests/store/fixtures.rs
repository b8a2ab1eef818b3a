//! Every documented webhook of both channels is taken in, and what says something to an agent is shown.

use baton_core::store::{Extra, MessageKind, MessageRow, ThreadKey};
use baton_messenger::webhook::{Event, Kind, StoredEvent, parse};
use baton_protocol::entry::EntryKind;
use baton_protocol::{CustomerId, LogName};

use crate::builders::*;

/// The webhook bodies among the fixtures, by name.
fn bodies() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let mut bodies: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| (file.file_name().into_string().unwrap(), file.path()))
        .filter(|(name, _)| name.starts_with("page_") || name.starts_with("ig_"))
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect();
    bodies.sort();
    bodies
}

/// A log of one body; each account of the body would have its own, so events of others are left out.
fn log_of(events: &[Event]) -> Log {
    let mut log = Log::new();
    let account = events[0].envelope.account.clone();
    log.name = LogName::Account(account.clone());
    for event in events.iter().filter(|event| event.envelope.account == account) {
        let stored = StoredEvent::new(event, NINE);
        log.push(EntryKind::Meta, event.key(), NINE, &serde_json::to_value(stored).unwrap());
    }
    log
}

/// Whether an event puts something between the messages of a thread, as opposed to changing what is there.
fn stands_alone(event: &Event) -> bool {
    !matches!(
        event.kind,
        Kind::Deleted(_)
            | Kind::Edit(_)
            | Kind::Reaction(_)
            | Kind::Delivery(_)
            | Kind::Read(_)
            | Kind::PassControl(_)
            | Kind::TakeControl(_)
            | Kind::RequestControl(_)
    )
}

fn is_message(event: &Event) -> bool {
    matches!(event.kind, Kind::Message(_) | Kind::Echo(_) | Kind::Postback(_))
}

async fn shown(desk: &Desk, log: &Log, customer: &CustomerId) -> Vec<MessageRow> {
    let account = log.name.account().unwrap().clone();
    let key = ThreadKey { account, customer: customer.clone() };
    match desk.store.thread_id(&key).await.unwrap() {
        Some(thread) => desk.store.messages(thread, None, 200).await.unwrap(),
        None => Vec::new(),
    }
}

#[tokio::test]
async fn every_documented_webhook_is_taken_in_and_shown() {
    let bodies = bodies();
    assert!(bodies.len() >= 50, "{}", bodies.len());
    for (name, body) in bodies {
        let events = parse(&body).unwrap().events;
        let log = log_of(&events);
        let desk = Desk::with(&log).await;
        let held = desk.store.cursor(&log.name).await.unwrap().unwrap();
        assert_eq!(held.ranges.count(), log.entries.len() as u64, "{name}");
        for event in events.iter().filter(|event| event.envelope.account == *log.name.account().unwrap()) {
            let Some(customer) = &event.customer else { continue };
            let messages = shown(&desk, &log, customer).await;
            let at_ms = event.at_ms(NINE);
            let found = messages.iter().find(|message| match event.mid() {
                Some(mid) if is_message(event) => message.mid.as_ref() == Some(mid),
                _ => message.place.at_ms == at_ms,
            });
            if stands_alone(event) {
                let found = found.unwrap_or_else(|| panic!("{name}: a {} is not shown", event.kind.name()));
                let says = found.text.is_some()
                    || !found.attachments.is_empty()
                    || found.extra != Extra::default()
                    || found.kind == MessageKind::Unknown
                    || found.unsent;
                assert!(says, "{name}: a {} says nothing: {found:?}", event.kind.name());
            }
        }
    }
}
