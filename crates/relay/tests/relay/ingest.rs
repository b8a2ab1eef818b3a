//! Meta's side: signatures, duplicates, quarantine, density.

use std::collections::BTreeSet;

use baton_messenger::signature;
use baton_messenger::webhook::StoredEvent;
use baton_protocol::enrol::Role;
use baton_protocol::entry::{Content, EntryKind, chain_next, chain_start};
use baton_protocol::routes;
use rstest::rstest;
use secrecy::SecretString;

use crate::stage::{COFFEE, MARA, SECRET, Stage, TEA, VERIFY, message};

const BATCH: &str = include_str!("../../../../fixtures/page_batch_mixed.json");
const DASHBOARD: &str = include_str!("../../../../fixtures/ig_dashboard_test_event.json");

fn good(body: &str) -> String {
    signature::sign(SECRET.as_bytes(), body.as_bytes())
}

#[tokio::test]
async fn meta_checks_that_the_callback_is_ours() {
    let stage = Stage::new().await;
    let ask = |query: &str| {
        let url = format!("{}{}?{query}", stage.running().public_url(), routes::WEBHOOK);
        let request = stage.http.get(url).send();
        async move {
            let response = request.await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        }
    };
    let right = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY}");
    assert_eq!(ask(&right).await, (200, "1158201444".to_owned()));
    for wrong in [
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=coffee",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=other&hub.challenge=1&hub.verify_token=tea",
        "",
    ] {
        assert_eq!(ask(wrong).await.0, 403, "{wrong}");
    }
    assert_eq!(stage.health().await["refused"]["handshake"], 4);
}

#[rstest]
#[case::missing(None, "signature_missing")]
#[case::sha1_only(Some("sha1=818b9dea6a9f1467d45123de286a70b7ab0c50e8".to_owned()), "signature_malformed")]
#[case::upper_case(Some(good("{}").to_uppercase()), "signature_malformed")]
#[case::upper_hex(Some(good("{}").to_uppercase().replace("SHA256", "sha256")), "signature_malformed")]
#[case::short(Some(good("{}")[..40].to_owned()), "signature_malformed")]
#[case::long(Some(good("{}") + "00"), "signature_malformed")]
#[case::odd(Some(good("{}")[..70].to_owned()), "signature_malformed")]
#[case::empty(Some(String::new()), "signature_malformed")]
#[case::other_secret(Some(signature::sign(b"another", b"{}")), "signature_mismatch")]
#[case::altered_body(Some(good("{ }")), "signature_mismatch")]
#[tokio::test]
async fn a_bad_signature_is_refused_with_a_reason_and_counted(
    #[case] header: Option<String>,
    #[case] reason: &str,
) {
    let stage = Stage::new().await;
    assert_eq!(stage.post_raw(b"{}".to_vec(), header.as_deref()).await, 403);
    let health = stage.health().await;
    assert_eq!(health["refused"][reason], 1, "{health}");
    assert_eq!(health["quarantined"], 0);
}

/// Meta still sends a SHA-1 signature beside the one that counts: a right one opens nothing, a wrong one shuts nothing.
#[tokio::test]
async fn the_header_of_sha1_is_ignored() {
    const RIGHT: &str = "sha1=50ff95cd670974d9b6b2e7146a0796053085b37a";
    const WRONG: &str = "sha1=0000000000000000000000000000000000000000";
    let stage = Stage::new().await;
    let post = async |sha1: &str, body: &str, sha256: Option<String>| {
        let url = format!("{}{}", stage.running().public_url(), routes::WEBHOOK);
        let mut request = stage.http.post(url).header("X-Hub-Signature", sha1).body(body.to_owned());
        if let Some(sha256) = sha256 {
            request = request.header("X-Hub-Signature-256", sha256);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(post(RIGHT, "{}", None).await, 403);
    assert_eq!(stage.health().await["refused"]["signature_missing"], 1);
    assert_eq!(post(RIGHT, "{}", Some(signature::sign(b"another", b"{}"))).await, 403);
    let said = message(TEA, MARA, "m_1", "Hello");
    assert_eq!(post(WRONG, &said, Some(good(&said))).await, 200);
}

#[tokio::test]
async fn while_the_secret_changes_both_are_good() {
    let stage = Stage::with(|config| config.app_secrets.insert(0, SecretString::from("the-new-one"))).await;
    let body = message(TEA, MARA, "m_1", "Hello");
    assert_eq!(stage.post(&body).await, 200);
    let new = signature::sign(b"the-new-one", body.as_bytes());
    assert_eq!(stage.post_raw(body.into_bytes(), Some(&new)).await, 200);
}

#[tokio::test]
async fn a_post_across_two_pages_is_appended_in_one_transaction_with_its_bytes() {
    let stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    assert_eq!(stage.post(BATCH).await, 200);

    let (tea, coffee) = (ines.entries(TEA).await, ines.entries(COFFEE).await);
    assert_eq!((tea.len(), coffee.len()), (4, 2));
    assert!(tea[1..].iter().chain(&coffee[1..]).all(|entry| entry.at_ms == tea[1].at_ms), "one transaction");
    for entry in tea[1..].iter().chain(&coffee[1..]) {
        let stored: StoredEvent = serde_json::from_str(entry.body.get()).unwrap();
        assert!(BATCH.contains(stored.event.get()), "the bytes are Meta's");
    }
}

#[tokio::test]
async fn a_repeat_is_answered_well_and_stored_once() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let body = message(TEA, MARA, "m_1", "Is the blue kettle in stock?");
    for _ in 0..3 {
        assert_eq!(stage.post(&body).await, 200);
    }
    // The same message in another list is the same message.
    assert_eq!(stage.post(&body.replace("messaging", "standby")).await, 200);
    assert_eq!(ines.entries(TEA).await.len(), 2);
}

#[tokio::test]
async fn what_belongs_nowhere_is_kept_and_moves_in_order_when_its_account_is_connected() {
    let stage = Stage::new().await;
    for (mid, text) in [("m_1", "one"), ("m_2", "two"), ("m_1", "one"), ("m_3", "three")] {
        stage.says(TEA, MARA, mid, text).await;
    }
    assert_eq!(stage.post(DASHBOARD).await, 200);
    assert_eq!(stage.post("not json at all").await, 200);
    assert_eq!(stage.post("[1,2]").await, 200);
    assert_eq!(stage.health().await["quarantined"], 6);

    let ines = stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_3", "three").await;
    let entries = ines.entries(TEA).await;
    let keys: Vec<&str> = entries[1..].iter().map(|entry| entry.key.rsplit(':').next().unwrap()).collect();
    assert_eq!(keys, ["m_1", "m_2", "m_3"]);
    assert_eq!(stage.health().await["quarantined"], 3);
}

#[tokio::test]
async fn an_object_that_does_not_fit_the_accounts_platform_is_kept_aside_with_its_reason() {
    let stage = Stage::new().await;
    let as_instagram = |mid: &str| message(TEA, MARA, mid, "Hello").replace(r#""page""#, r#""instagram""#);
    assert_eq!(stage.post(&as_instagram("m_before")).await, 200);
    let ines = stage.desk_on_tea("Ines").await;
    assert_eq!(stage.post(&as_instagram("m_after")).await, 200);
    stage.says(TEA, MARA, "m_1", "Hello").await;
    let other = message(TEA, MARA, "m_other", "Hello").replace(r#""page""#, r#""workplace""#);
    assert_eq!(stage.post(&other).await, 200);

    let health = stage.health().await;
    assert_eq!(health["quarantined_by_reason"]["wrong_object"], 3, "{health}");
    // Connecting again does not let them in.
    ines.connect(TEA, "Northwind Tea & Co").await;
    let entries = ines.entries(TEA).await;
    assert_eq!(entries.iter().filter(|entry| entry.kind == EntryKind::Meta).count(), 1);
    assert_eq!(stage.health().await["quarantined"], 3);
}

#[tokio::test]
async fn unknown_kinds_and_loose_types_of_a_connected_account_stand_in_its_log() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let odd = format!(
        r#"{{"object":"page","entry":[{{"id":{TEA},"time":1791190800,"messaging":[
          {{"sender":{{"id":{MARA}}},"recipient":{{"id":{TEA}}},"timestamp":"1527459824","message":{{"mid":"m_9","text":"x"}}}},
          {{"sender":{{"id":"1"}},"hologram":{{"depth":3}}}}, 17, null]}}]}}"#
    );
    assert_eq!(stage.post(&odd).await, 200);
    let entries = ines.entries(TEA).await;
    assert_eq!(entries.len(), 5);
    assert!(entries[1..].iter().all(|entry| matches!(entry.content(), Content::Meta(_))));
}

#[tokio::test]
async fn seqs_are_dense_and_chained_under_many_posters_and_after_a_restart() {
    const POSTERS: usize = 24;
    const EACH: usize = 12;
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let post = |poster: usize| {
        let stage = &stage;
        async move {
            for n in 0..EACH {
                stage.says(TEA, MARA, &format!("m_{poster}_{n}"), "Hello").await;
            }
        }
    };
    futures_util::future::join_all((0..POSTERS).map(post)).await;
    stage.restart().await;
    let ines = ines.at(&stage);
    stage.says(TEA, MARA, "m_after", "Still there?").await;

    let entries = ines.entries(TEA).await;
    assert_eq!(entries.len(), POSTERS * EACH + 2);
    assert!(entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
    let keys: BTreeSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys.len(), entries.len());
    let mut chain = chain_start();
    for entry in &entries {
        chain = chain_next(&chain, entry.kind, &entry.key, entry.at_ms);
        assert_eq!(entry.chain, chain);
    }
    assert_eq!(entries[0].kind, EntryKind::Team);
}
