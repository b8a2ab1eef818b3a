//! What must hold of the reading of every body, however odd.

use std::fmt;

use baton_messenger::CustomerId;
use baton_messenger::signature::{sign, verify};
use baton_messenger::webhook::{Delivery, DeliveryError, Event, Kind, List, Message, StoredEvent, parse};
use serde_json::Value;

use crate::plain::Tree;

const RECEIVED_MS: i64 = 1_791_200_000_000;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding(String);

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Finding {}

macro_rules! hold {
    ($fact:expr, $($words:tt)+) => {
        if !$fact {
            return Err(Finding(format!($($words)+)));
        }
    };
}

/// Reads a body in every way and compares.
///
/// # Errors
/// The first thing that does not hold. A panic is a finding too; it is left to whoever runs this.
pub fn check(body: &[u8]) -> Result<(), Finding> {
    signature_holds(body)?;
    judge(body, &parse(body))
}

/// Compares one reading of a body with what must hold of it.
///
/// # Errors
/// The first thing that does not hold.
pub fn judge(body: &[u8], reading: &Result<Delivery, DeliveryError>) -> Result<(), Finding> {
    let tree: Option<Tree> = serde_json::from_slice(body).ok();
    match reading {
        Err(why) => {
            hold!(!why.to_string().is_empty(), "a refusal without words");
            let is_delivery = tree.as_ref().and_then(Tree::count_events).is_some();
            hold!(!is_delivery, "a delivery was refused: {why}");
        }
        Ok(delivery) => {
            nothing_is_lost(body, delivery, tree.as_ref())?;
            delivery.events.iter().try_for_each(event_holds)?;
            if tree.is_some_and(|tree| !tree.repeats()) {
                spelling_does_not_matter(body, delivery)?;
            }
        }
    }
    Ok(())
}

fn signature_holds(body: &[u8]) -> Result<(), Finding> {
    const SECRET: &[u8] = b"fixture-app-secret-0123456789abcdef";
    let header = sign(SECRET, body);
    hold!(verify(&[SECRET], Some(header.as_bytes()), body).is_ok(), "its own signature does not fit");
    if let Some((last, rest)) = body.split_last() {
        let other = [rest, &[last ^ 1]].concat();
        hold!(verify(&[SECRET], Some(header.as_bytes()), &other).is_err(), "a changed body fits");
    }
    Ok(())
}

fn nothing_is_lost(body: &[u8], delivery: &Delivery, tree: Option<&Tree>) -> Result<(), Finding> {
    for event in &delivery.events {
        let raw = event.raw.get().as_bytes();
        hold!(body.windows(raw.len()).any(|part| part == raw), "the bytes of an event are not in the body");
        hold!(event.envelope.object == delivery.object, "an event of another object");
    }
    let Some(expected) = tree.and_then(Tree::count_events) else { return Ok(()) };
    let told = delivery.events.len();
    hold!(told == expected, "{told} events of {expected}");
    Ok(())
}

fn event_holds(event: &Event) -> Result<(), Finding> {
    let key = event.key();
    hold!(key == event.key() && key.split(':').count() >= 4, "an odd key {key}");
    let stored = StoredEvent::new(event, RECEIVED_MS);
    let stored = serde_json::to_string(&stored).map_err(|why| Finding(format!("not stored: {why}")))?;
    hold!(stored.contains(event.raw.get()), "the log does not keep the bytes");
    let again: StoredEvent =
        serde_json::from_str(&stored).map_err(|why| Finding(format!("not read from the log: {why}")))?;
    let again = again.into_event();
    hold!(same(event, &again) && again.key() == key, "another event out of the log: {event:?} {again:?}");

    if event.envelope.list != List::Changes {
        let mut elsewhere = event.envelope.clone();
        elsewhere.list = List::Standby;
        let elsewhere = Event::from_raw(elsewhere, event.raw.clone());
        hold!(elsewhere.key() == key, "another key in another list");
    }
    let _ = (event.at_ms(RECEIVED_MS), event.is_dashboard_test(), event.is_standby(), event.mid());
    let account = event.envelope.account.as_str();
    let customer = event.customer.as_ref().map(CustomerId::as_str);
    hold!(
        matches!(event.kind, Kind::InboxLabels(_)) || customer.is_none_or(|customer| customer != account),
        "the account is its own customer"
    );
    kind_holds(event)
}

fn kind_holds(event: &Event) -> Result<(), Finding> {
    let json = serde_json::to_value(&event.kind).map_err(|why| Finding(format!("not shown: {why}")))?;
    hold!(json.is_object(), "a kind that is no object");
    let never_opens =
        matches!(event.kind, Kind::Echo(_) | Kind::Delivery(_) | Kind::Read(_) | Kind::Unknown(_));
    let opens = event.kind.opens_window();
    hold!(!(never_opens && opens), "the window is opened by somebody else");
    match &event.kind {
        Kind::Message(message) | Kind::Echo(message) => message_holds(message),
        Kind::Unknown(unknown) => {
            hold!(!unknown.why.is_empty(), "unknown without a reason");
            hold!(unknown.json == event.raw.get(), "unknown without its JSON");
            Ok(())
        }
        Kind::Referral(referral) => {
            let _ = referral.origin();
            Ok(())
        }
        Kind::Optin(optin) => {
            let _ = optin.agreed_to();
            Ok(())
        }
        _ => Ok(()),
    }
}

fn message_holds(message: &Message) -> Result<(), Finding> {
    let (shown, all) = (message.shown().count(), message.attachments.len());
    hold!(shown <= all && (all == 0 || shown > 0), "{shown} of {all} attachments are shown");
    for attachment in &message.attachments {
        hold!(attachment.is().is_some() == attachment.kind.is_some(), "an attachment without its word");
        let _ = (attachment.template(), attachment.products(), attachment.booking());
    }
    Ok(())
}

/// White space, escapes and the order of objects' members say nothing.
fn spelling_does_not_matter(body: &[u8], delivery: &Delivery) -> Result<(), Finding> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
    let Ok(other) = serde_json::to_vec_pretty(&value) else { return Ok(()) };
    let again = parse(&other).map_err(|why| Finding(format!("spelled otherwise it is refused: {why}")))?;
    hold!(again.events.len() == delivery.events.len(), "spelled otherwise it has other events");
    // Lists of unknown names keep the order of members, which a tree does not.
    let is_known = |event: &&Event| event.envelope.list != List::Other;
    let pairs = delivery.events.iter().filter(is_known).zip(again.events.iter().filter(is_known));
    for (event, respelled) in pairs {
        hold!(
            event.kind.name() == respelled.kind.name()
                && event.mid() == respelled.mid()
                && event.customer == respelled.customer
                && event.timestamp_ms == respelled.timestamp_ms,
            "spelled otherwise it says something else: {event:?} {respelled:?}"
        );
    }
    Ok(())
}

fn same(one: &Event, other: &Event) -> bool {
    one.kind == other.kind
        && one.envelope == other.envelope
        && one.raw.get() == other.raw.get()
        && (&one.sender, &one.recipient, &one.customer, one.timestamp_ms)
            == (&other.sender, &other.recipient, &other.customer, other.timestamp_ms)
}
