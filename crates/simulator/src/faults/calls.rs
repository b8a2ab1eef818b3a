//! What the rules do to one Graph call, from its token to the last byte of its answer.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde_json::Value;

use super::case::{CallCase, CallKind};
use super::hidden::hide;
use super::{Case, Effect, Moment, Strike, Struck, throttle};
use crate::routes::{GraphCall, Outcome, text_of};
use crate::sim::Sim;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token, death};

/// An echo that nobody acknowledges holds its answer up for so long at most, simulated time.
const ECHO_PATIENCE_MS: i64 = 60_000;
/// A slow body comes in so many pieces.
const PIECES: usize = 10;

/// How a call ends once the rules had their way.
pub(crate) enum Answered {
    Answer(Value),
    Refused(Refusal),
    /// This status, with a body that is no JSON.
    Broken(u16),
    Cut,
}

/// The rules at work on one call.
pub(crate) struct Spell {
    sim: Arc<Sim>,
    page: Option<AccountId>,
    customer: Option<CustomerId>,
    app: Option<AppId>,
    kind: CallKind,
    method: String,
    path: String,
    /// What struck so far.
    pub struck: Vec<Struck>,
    /// Headers that the answer must have.
    pub headers: Vec<(&'static str, String)>,
}

impl Spell {
    pub fn over(sim: &Arc<Sim>, call: &GraphCall, token: Option<&Token>) -> Self {
        let is_account =
            |node: &str| sim.look(|world, _| world.accounts.contains_key(&AccountId::from(node)));
        let node =
            call.path.first().filter(|node| is_account(node)).map(|node| AccountId::from(node.as_str()));
        let kind = CallKind::of(call, is_account);
        Self {
            sim: Arc::clone(sim),
            page: node.or_else(|| token.and_then(Token::account).cloned()),
            customer: customer_of(call, kind),
            app: token.map(|token| token.app.clone()),
            kind,
            method: call.method.to_string(),
            path: call.path_text(),
            struck: Vec::new(),
            headers: Vec::new(),
        }
    }

    fn strike(&mut self, moment: Moment) -> Option<Strike> {
        let call = CallCase { kind: self.kind, method: &self.method, path: &self.path };
        let case = Case {
            page: self.page.as_ref(),
            customer: self.customer.as_ref(),
            app: self.app.as_ref(),
            field: None,
            call: Some(call),
        };
        let strike = self.sim.faults.strike(moment, case, self.sim.clock.now_ms())?;
        self.struck.push(strike.by.clone());
        Some(strike)
    }

    /// What happens instead of the call, if anything.
    pub fn before(&mut self, token: &Token) -> Option<Answered> {
        if token.holder != Holder::App
            && let Some(Strike { effect: Effect::TokenDead { subcode }, .. }) = self.strike(Moment::Token)
        {
            return Some(Answered::Refused(Refusal::of(death(subcode).unwrap_or("token_invalid"))));
        }
        let strike = self.strike(Moment::Call)?;
        Some(match &strike.effect {
            Effect::ServerError { status } => Answered::Broken(*status),
            Effect::CallCut => Answered::Cut,
            Effect::RightRemoved { right } => Answered::Refused(Refusal::of(right.refusal())),
            Effect::PageRestricted => Answered::Refused(Refusal::of("page_restricted")),
            Effect::Throttled { .. } => {
                let refusal = named(&strike.effect);
                let now_ms = self.sim.clock.now_ms();
                self.headers = throttle::headers(refusal.code, self.page.as_ref(), strike.until_ms, now_ms);
                Answered::Refused(refusal)
            }
            effect => Answered::Refused(named(effect)),
        })
    }

    /// Whether the list that the call asks for comes in pages of uneven length.
    pub fn makes_pages_uneven(&mut self) -> bool {
        self.strike(Moment::List).is_some()
    }

    /// What becomes of the answer of a call that was done.
    pub async fn after(&mut self, result: Result<Outcome, Refusal>) -> Answered {
        let mut answer = match result {
            Ok(Outcome::Answer(answer)) => answer,
            Err(refusal) => return Answered::Refused(refusal),
        };
        hide(&self.sim, self.app.as_ref(), self.kind, &mut answer);
        match self.strike(Moment::Done).map(|strike| strike.effect) {
            None => {}
            Some(Effect::AnswerCut) => return Answered::Cut,
            Some(Effect::ServerErrorButDone { status }) => return Answered::Broken(status),
            Some(Effect::AnswerLate { ms }) => self.sim.pause_ms(ms).await,
            Some(Effect::AnswerAfterEcho) => self.wait_for_echo(&answer).await,
            Some(effect) => return Answered::Refused(named(&effect)),
        }
        Answered::Answer(answer)
    }

    async fn wait_for_echo(&self, answer: &Value) {
        let (Some(mid), Some(app)) = (answer.get("message_id").and_then(Value::as_str), &self.app) else {
            return;
        };
        let mid = Mid::from(mid);
        let mut changed = self.sim.changed.subscribe();
        let heard = async {
            while self.sim.journal.is_echo_on_its_way(&mid, app) {
                if changed.changed().await.is_err() {
                    return;
                }
            }
        };
        let until_ms = self.sim.clock.now_ms() + ECHO_PATIENCE_MS;
        tokio::select! {
            () = heard => {}
            () = self.sim.until(until_ms) => {}
        }
    }

    /// Lets the body of an answer come slowly, or not to its end.
    pub fn body(&mut self, response: Response) -> BodyPlan {
        match self.strike(Moment::Body).map(|strike| strike.effect) {
            Some(Effect::BodySlow { ms }) => BodyPlan::Slow(response, Duration::from_millis(ms)),
            Some(Effect::BodyCut) => BodyPlan::Half(response),
            _ => BodyPlan::Whole(response),
        }
    }
}

/// How the body of an answer is written.
pub(crate) enum BodyPlan {
    Whole(Response),
    Slow(Response, Duration),
    Half(Response),
}

#[derive(Debug, thiserror::Error)]
#[error("the body was cut on purpose")]
struct BodyCutOnPurpose;

impl BodyPlan {
    /// The response as planned.
    pub async fn carry_out(self, sim: &Arc<Sim>) -> Response {
        let (response, pause, share) = match self {
            Self::Whole(response) => return response,
            Self::Slow(response, whole) => (response, whole / PIECES as u32, PIECES),
            Self::Half(response) => (response, Duration::ZERO, PIECES / 2),
        };
        let (mut parts, body) = response.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
            return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        let size = bytes.len().div_ceil(PIECES).max(1);
        let pieces: Vec<Bytes> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let sim = Arc::clone(sim);
        let stream = futures_util::stream::unfold(0, move |at| {
            let (sim, piece) = (Arc::clone(&sim), pieces.get(at).cloned());
            async move {
                let piece = piece?;
                if at >= share {
                    // What was written so far is sent before the connection is closed.
                    tokio::task::yield_now().await;
                    return Some((Err(BodyCutOnPurpose), usize::MAX));
                }
                if pause_ms > 0 {
                    sim.pause_ms(pause_ms).await;
                }
                Some((Ok(piece), at + 1))
            }
        });
        Response::from_parts(parts, Body::from_stream(stream))
    }
}

fn named(effect: &Effect) -> Refusal {
    effect.error_name().and_then(Refusal::by_name).unwrap_or_else(|| Refusal::of("transient_unknown"))
}

fn customer_of(call: &GraphCall, kind: CallKind) -> Option<CustomerId> {
    if kind == CallKind::Profile {
        return call.path.first().map(|node| CustomerId::from(node.as_str()));
    }
    let recipient = call.object("recipient").ok().flatten().and_then(|r| text_of(r.get("id")?));
    let named = || call.text("user_id").or_else(|| call.text("recipient"));
    recipient.or_else(named).map(CustomerId::from)
}
