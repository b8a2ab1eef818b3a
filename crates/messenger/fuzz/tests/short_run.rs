//! A short run with fixed seeds, so that every run of the tests looks a little; and that looking finds something.

use baton_messenger::webhook::{Delivery, DeliveryError, parse};
use baton_messenger_fuzz::{bend, check, corpus, judge};
use fastrand::Rng;
use serde_json::Value;
use serde_json::value::RawValue;

/// How often each body of the corpus is bent.
const TIMES: u64 = 30;

#[test]
fn every_body_of_the_corpus_is_read_well() {
    let bodies = corpus::bodies().unwrap();
    assert!(bodies.len() > 50);
    for (name, body) in bodies {
        check(&body).unwrap_or_else(|finding| panic!("{name}: {finding}"));
    }
}

#[test]
fn bent_bodies_are_read_well() {
    let bodies = corpus::bodies().unwrap();
    for (seed, (name, body)) in bodies.iter().enumerate() {
        let (_, lender) = &bodies[(seed * 7 + 3) % bodies.len()];
        for time in 0..TIMES {
            let mut rng = Rng::with_seed(seed as u64 * 1_000 + time);
            // Bent once more each time, so that oddities meet.
            let mut bent = bend(body, lender, &mut rng);
            for _ in 0..time % 3 {
                bent = bend(&bent, body, &mut rng);
            }
            check(&bent).unwrap_or_else(|finding| {
                panic!("{name}, time {time}: {finding}\n{}", String::from_utf8_lossy(&bent))
            });
        }
    }
}

/// Bending has to reach both what is read and what is refused, or the run proves nothing.
#[test]
fn bent_bodies_are_of_all_sorts() {
    let bodies = corpus::bodies().unwrap();
    let mut kinds = std::collections::BTreeMap::<&str, u32>::new();
    for (seed, (_, body)) in bodies.iter().enumerate() {
        for time in 0..20 {
            let mut rng = Rng::with_seed(seed as u64 * 100 + time);
            let bent = bend(body, body, &mut rng);
            match parse(&bent) {
                Ok(delivery) => {
                    for event in delivery.events {
                        *kinds.entry(event.kind.name()).or_default() += 1;
                    }
                }
                Err(DeliveryError::NotJson(_)) => *kinds.entry("not json").or_default() += 1,
                Err(_) => *kinds.entry("no delivery").or_default() += 1,
            }
        }
    }
    for sort in ["message", "echo", "edit", "reaction", "feed", "unknown", "not json", "no delivery"] {
        assert!(kinds.get(sort).is_some_and(|times| *times >= 10), "{sort}: {kinds:?}");
    }
}

/// The corpus begins with every documented webhook, as Meta spells it.
#[test]
fn the_corpus_holds_every_documented_webhook() {
    let bodies = corpus::bodies().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fixtures");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if !(name.starts_with("page_") || name.starts_with("ig_")) {
            continue;
        }
        let (_, body) =
            bodies.iter().find(|(body, _)| *body == name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(body.is_ascii(), "{name}");
        let fixture = std::fs::read(format!("{folder}/{name}")).unwrap();
        let [body, fixture] = [body, &fixture].map(|json| serde_json::from_slice::<Value>(json).unwrap());
        assert_eq!(body, fixture, "{name}");
    }
}

/// The judge is shown readings that are wrong on purpose.
#[test]
fn a_wrong_reading_is_a_finding() {
    let (_, body) =
        corpus::bodies().unwrap().into_iter().find(|(name, _)| name == "page_batch_mixed.json").unwrap();
    let judged = |wrong: fn(&mut Delivery)| {
        let mut delivery = parse(&body).unwrap();
        wrong(&mut delivery);
        judge(&body, &Ok(delivery)).err().map(|finding| finding.to_string())
    };
    assert_eq!(judged(|_| ()), None);
    assert_eq!(judged(|delivery| drop(delivery.events.pop())).as_deref(), Some("3 events of 4"));
    let other = judged(|delivery| delivery.events[0].timestamp_ms = None).unwrap();
    assert!(other.starts_with("another event out of the log"), "{other}");
    let cut =
        judged(|delivery| delivery.events[0].raw = RawValue::from_string("{}".into()).unwrap()).unwrap();
    assert_eq!(cut, "the bytes of an event are not in the body");
    let refused = judge(&body, &parse(b"{")).unwrap_err().to_string();
    assert!(refused.starts_with("a delivery was refused"), "{refused}");
}
