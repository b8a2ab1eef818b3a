//! Proofs: sent where they are asked for, kept until near their end, learned from a refusal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use baton_graph::{
    AppsecretProof, CallError, Credentials, GraphClient, NoProof, NotBegun, Prover, SendResult,
};
use baton_messenger::error::ErrorClass;
use baton_messenger::id::AccountId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{HandClock, answer_to_mara, client, credentials, of_page, ok, page, refusal};

/// A relay that proves with a number, so that each proof is told from the others.
#[derive(Default)]
struct Relay {
    required: AtomicBool,
    away: AtomicBool,
    learned: AtomicUsize,
    proofs: AtomicUsize,
}

#[async_trait]
impl Prover for Relay {
    fn is_required(&self, _: &AccountId) -> bool {
        self.required.load(Ordering::SeqCst)
    }

    async fn prove(&self, account: &AccountId, token: &SecretString) -> Result<AppsecretProof, NoProof> {
        assert_eq!(*account, page());
        if self.away.load(Ordering::SeqCst) {
            return Err(NoProof::NotNow("the relay is away".to_owned()));
        }
        let number = self.proofs.fetch_add(1, Ordering::SeqCst);
        let proof = format!("{number}of{}", token.expose_secret());
        Ok(AppsecretProof::new(proof.into(), 1_791_190_800))
    }

    fn learn_required(&self, account: &AccountId) {
        assert_eq!(*account, page());
        self.learned.fetch_add(1, Ordering::SeqCst);
    }
}

struct Stage {
    graph: MockServer,
    clock: Arc<HandClock>,
    relay: Arc<Relay>,
    client: GraphClient,
}

/// A Graph that answers calls with a proof, and the others as its app says.
async fn stage(requires: bool) -> Stage {
    let graph = MockServer::start().await;
    Mock::given(any())
        .respond_with(move |request: &Request| {
            let proven = request.url.query_pairs().any(|(name, _)| name == "appsecret_proof");
            let good = ok(&json!({"id": "104500000000011", "message_id": "m_1"}));
            if proven || !requires { good } else { refusal("signature_required") }
        })
        .mount(&graph)
        .await;
    let clock = Arc::new(HandClock::default());
    let relay = Arc::new(Relay::default());
    let client = client(&graph.uri()).proven_by(clock.clone(), relay.clone());
    Stage { graph, clock, relay, client }
}

impl Stage {
    /// The proofs of all requests, in order.
    async fn proofs(&self) -> Vec<Option<String>> {
        let proof = |request: &Request| {
            let find = |wanted: &str| {
                request
                    .url
                    .query_pairs()
                    .find(|(name, _)| name == wanted)
                    .map(|(_, value)| value.into_owned())
            };
            assert_eq!(find("appsecret_proof").is_some(), find("appsecret_time").is_some());
            find("appsecret_proof")
        };
        self.graph.received_requests().await.unwrap().iter().map(proof).collect()
    }
}

fn nth(number: usize) -> Option<String> {
    Some(format!("{number}ofEAAFIXTUREpageTokenOne"))
}

#[tokio::test]
async fn no_proof_is_asked_for_where_none_is_needed() {
    let stage = stage(false).await;
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!((stage.proofs().await, stage.relay.proofs.load(Ordering::SeqCst)), (vec![None], 0));
}

#[tokio::test]
async fn a_proof_is_used_again_until_near_its_end() {
    let stage = stage(true).await;
    stage.relay.required.store(true, Ordering::SeqCst);
    stage.client.me(&of_page()).await.unwrap();
    stage.clock.advance(239_000);
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(sent, SendResult::Accepted { .. }), "{sent:?}");
    stage.clock.advance(1_000);
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.proofs().await, [nth(0), nth(0), nth(1)]);
}

#[tokio::test]
async fn another_token_gets_another_proof() {
    let stage = stage(true).await;
    stage.relay.required.store(true, Ordering::SeqCst);
    stage.client.me(&of_page()).await.unwrap();
    stage.client.me(&Credentials::of_account(&page(), &"EAAother".into())).await.unwrap();
    assert_eq!(stage.proofs().await, [nth(0), Some("1ofEAAother".to_owned())]);
}

#[tokio::test]
async fn many_calls_at_once_ask_for_one_proof() {
    let stage = stage(true).await;
    stage.relay.required.store(true, Ordering::SeqCst);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = stage.client.clone();
            tokio::spawn(async move { client.me(&of_page()).await.unwrap() })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(stage.relay.proofs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_read_learns_from_the_refusal_and_is_made_again_with_a_proof() {
    let stage = stage(true).await;
    stage.client.me(&of_page()).await.unwrap();
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.proofs().await, [None, nth(0), nth(0)]);
    assert_eq!(stage.relay.learned.load(Ordering::SeqCst), 1, "whoever remembers it hears of it once");
}

/// A Graph that takes the second proof and no other: the first ended early.
async fn takes_the_second() -> Stage {
    let stage = stage(true).await;
    stage.relay.required.store(true, Ordering::SeqCst);
    stage.client.me(&of_page()).await.unwrap();
    stage.graph.reset().await;
    Mock::given(any())
        .respond_with(|request: &Request| {
            let taken = request.url.query_pairs().any(|(_, value)| value.starts_with("1of"));
            let good = ok(&json!({"id": "104500000000011", "message_id": "m_1"}));
            if taken { good } else { refusal("signature_required") }
        })
        .mount(&stage.graph)
        .await;
    stage
}

#[tokio::test]
async fn a_kept_proof_that_ended_early_is_replaced_and_a_read_made_again() {
    let stage = takes_the_second().await;
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.proofs().await, [nth(0), nth(1)]);
}

#[tokio::test]
async fn a_send_with_a_kept_proof_that_ended_early_did_not_begin() {
    let stage = takes_the_second().await;
    let turned_away = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(turned_away, SendResult::NotBegun(NotBegun::NoProof(_))), "{turned_away:?}");
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(sent, SendResult::Accepted { .. }), "{sent:?}");
    assert_eq!(stage.proofs().await, [nth(0), nth(1)]);
}

#[tokio::test]
async fn a_send_learns_too_but_is_never_made_again() {
    let stage = stage(true).await;
    let turned_away = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(turned_away, SendResult::NotBegun(NotBegun::NoProof(_))), "{turned_away:?}");
    assert_eq!(stage.proofs().await, [None]);
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(sent, SendResult::Accepted { .. }), "{sent:?}");
    assert_eq!(stage.proofs().await, [None, nth(0)]);
}

#[tokio::test]
async fn a_proof_that_meta_does_not_take_is_not_tried_twice_and_not_kept() {
    let graph = MockServer::start().await;
    Mock::given(any()).respond_with(refusal("signature_required")).expect(2).mount(&graph).await;
    let relay = Arc::new(Relay::default());
    relay.required.store(true, Ordering::SeqCst);
    let client = client(&graph.uri()).proven_by(Arc::new(HandClock::default()), relay.clone());
    for _ in 0..2 {
        let failed = client.me(&of_page()).await.unwrap_err();
        assert_eq!(failed.class(), Some(ErrorClass::ProofRequired));
    }
    assert_eq!(relay.proofs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_send_with_a_proof_that_meta_does_not_take_is_refused() {
    let graph = MockServer::start().await;
    Mock::given(any()).respond_with(refusal("signature_required")).expect(1).mount(&graph).await;
    let relay = Arc::new(Relay::default());
    relay.required.store(true, Ordering::SeqCst);
    let client = client(&graph.uri()).proven_by(Arc::new(HandClock::default()), relay);
    let refused = client.send(&of_page(), &page(), &answer_to_mara()).await;
    let SendResult::Refused(error) = refused else { panic!("{refused:?}") };
    assert_eq!(error.class(), ErrorClass::ProofRequired);
}

#[tokio::test]
async fn without_a_proof_nothing_leaves() {
    let stage = stage(true).await;
    stage.relay.required.store(true, Ordering::SeqCst);
    stage.relay.away.store(true, Ordering::SeqCst);
    let no_proof = NotBegun::NoProof(NoProof::NotNow("the relay is away".to_owned()));
    assert_eq!(stage.client.me(&of_page()).await.unwrap_err(), CallError::NotBegun(no_proof.clone()));
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert_eq!(sent, SendResult::NotBegun(no_proof));
    assert!(stage.proofs().await.is_empty());
}

#[tokio::test]
async fn a_token_of_no_account_gets_no_proof() {
    let graph = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "1"})))
        .mount(&graph)
        .await;
    let relay = Arc::new(Relay::default());
    relay.required.store(true, Ordering::SeqCst);
    let client = client(&graph.uri()).proven_by(Arc::new(HandClock::default()), relay.clone());
    client.me(&credentials()).await.unwrap();
    assert_eq!(relay.proofs.load(Ordering::SeqCst), 0);
}
