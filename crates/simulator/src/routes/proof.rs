//! `appsecret_proof`: proof that a caller has the app's secret too (docs/meta.md 1.2).
//!
//! A proof that is there must be right, whether the app asks for one or not. The timed form is good for five minutes
//! around its time. With *Require App Secret* on, every call with a token needs one.

use secrecy::ExposeSecret;

use super::params::GraphCall;
use crate::sign::appsecret_proof;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::token::Token;

const TIMED_S: i64 = 300;

/// Whether the call may pass.
pub(super) fn check(world: &World, call: &GraphCall, token: &Token, now_ms: i64) -> Result<(), Refusal> {
    let app = world.app(&token.app)?;
    let Some(proof) = call.text("appsecret_proof") else {
        return if app.requires_proof { Err(Refusal::of("signature_required")) } else { Ok(()) };
    };
    let wrong = || Refusal::of("proof_wrong");
    let text = call.token()?;
    let message = match call.text("appsecret_time") {
        None => text.to_owned(),
        Some(time) => {
            let time: i64 = time.parse().map_err(|_| wrong())?;
            if (now_ms / 1000 - time).abs() >= TIMED_S {
                return Err(wrong());
            }
            format!("{text}|{time}")
        }
    };
    let right = appsecret_proof(app.secret.expose_secret(), &message);
    if proof == right { Ok(()) } else { Err(wrong()) }
}
