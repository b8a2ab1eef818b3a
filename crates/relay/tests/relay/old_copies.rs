//! Much is taken back at once, or a customer of thousands of messages is erased: no copy of a word stays between cells of
//! the file, and webhooks are answered meanwhile.

use std::collections::HashSet;
use std::time::Duration;

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stage::{MARA, Stage, TEA, customer, unsend};

/// Every other message is hers.
const MESSAGES: u64 = 8_000;
/// Meta sends several events in one body.
const TOGETHER: usize = 200;
/// Length of a word.
const LONG: usize = 28;
/// No answer may take longer while the file is looked through. Meta waits for 5 s.
const PATIENCE: Duration = Duration::from_secs(1);

fn word(number: u64) -> String {
    format!("secret-{:016x}-said", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn mid(number: u64) -> String {
    format!("m_{:016x}", number.wrapping_mul(0xd134_2543_de82_ef95))
}

fn hers() -> impl Iterator<Item = u64> {
    (0..MESSAGES).step_by(2)
}

/// Posts events, many in one body, and gives the longest time that an answer took.
async fn posts(stage: &Stage, events: &[Value]) -> Duration {
    let mut longest = Duration::ZERO;
    for together in events.chunks(TOGETHER) {
        let entry = json!({"id": TEA, "time": 1_791_190_800_600_i64, "messaging": together});
        let body = json!({"object": "page", "entry": [entry]}).to_string();
        let begun = Instant::now();
        assert_eq!(stage.post(&body).await, 200);
        longest = longest.max(begun.elapsed());
    }
    longest
}

async fn much_is_said(stage: &Stage) {
    let mut random = fastrand::Rng::with_seed(11);
    let says = |number: u64| {
        let words = format!("{} {}", word(number), "tea ".repeat(random.usize(0..120)));
        let other = format!("6200000000{:06}", random.u32(..200));
        let from = if number.is_multiple_of(2) { MARA } else { &other };
        json!({"sender": {"id": from}, "recipient": {"id": TEA}, "timestamp": 1_791_190_800_000 + number * 100,
               "message": {"mid": mid(number), "text": words}})
    };
    let events: Vec<Value> = (0..MESSAGES).map(says).collect();
    posts(stage, &events).await;
}

fn left_over(stage: &Stage) -> usize {
    let mut found = HashSet::new();
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{suffix}", stage.database().display())).unwrap_or_default();
        let words = bytes.windows(LONG).filter(|at| at.starts_with(b"secret-") && at.ends_with(b"-said"));
        found.extend(words.map(<[u8]>::to_vec));
    }
    assert!(found.contains(word(1).as_bytes()), "the search itself works");
    hers().map(word).filter(|word| found.contains(word.as_bytes())).count()
}

async fn nothing_is_left(stage: &Stage) {
    let begun = Instant::now();
    loop {
        let left = left_over(stage);
        if left == 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{left} words are still in the files");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn an_erased_customer_of_thousands_of_messages_leaves_no_word_also_after_a_kill() {
    let mut stage = Stage::new().await;
    let _ines = stage.desk_on_tea("Ines").await;
    let admin = stage.desk("Ada", &[(TEA, Role::Admin)]).await;
    much_is_said(&stage).await;
    admin.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
    // The one that removed does not live to look.
    stage.restart().await;
    nothing_is_left(&stage).await;
}

#[tokio::test]
async fn thousands_of_messages_that_are_taken_back_leave_no_word_and_webhooks_are_answered_meanwhile() {
    let stage = Stage::new().await;
    let _ines = stage.desk_on_tea("Ines").await;
    much_is_said(&stage).await;
    let unsends: Vec<Value> = hers()
        .map(|number| {
            let body: Value = serde_json::from_str(&unsend(TEA, MARA, &mid(number))).unwrap();
            body["entry"][0]["messaging"][0].clone()
        })
        .collect();
    posts(&stage, &unsends).await;

    let begun = Instant::now();
    let mut longest = Duration::ZERO;
    for number in 0.. {
        let mid = format!("m_after_{number}");
        let said = json!({"sender": {"id": "6200000000999999"}, "recipient": {"id": TEA},
                          "timestamp": 1_791_190_900_000_i64, "message": {"mid": mid, "text": "is anybody there"}});
        longest = longest.max(posts(&stage, &[said]).await);
        if left_over(&stage) == 0 {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{} words are still in the files",
            left_over(&stage)
        );
    }
    assert!(longest < PATIENCE, "an answer took {longest:?}");
}
