//! Page tokens by Meta's login dialog, for the desk that began (`baton_protocol::login` tells the desk's side).
//!
//! ```text
//! begin ──▶ waiting ── the browser comes back, once ──▶ exchanging ──▶ ended: box, or why not ──▶ taken, once
//!              │ ten minutes                                                 │ ten minutes
//!              └────────────────────────▶ gone ◀────────────────────────────┘
//! ```
//!
//! It promises that a state is good for one return, that only the desk that began can open what comes of it, and that no
//! token outlives the exchange here: it goes from Meta's answer into the box. A page that the person sees never shows
//! anything Meta put into the address, save what is known.

mod back;
mod begin;
mod exchange;
mod page;

use axum::Router;
use axum::routing::get;
use baton_protocol::routes;
use std::sync::Arc;

use crate::state::Shared;

pub(crate) use begin::{CannotBegin, begin};

/// How the login is set up.
#[derive(Clone, Debug)]
pub(crate) struct LoginSettings {
    /// Where Meta sends the browser back to; none when nobody said where the relay is reached.
    pub(crate) return_url: Option<String>,
    /// The dialog's address without a version.
    pub(crate) dialog_url: String,
    /// The configuration of Facebook Login for Business that takes the place of a list of rights.
    pub(crate) config_id: Option<String>,
}

/// The route of the public listener.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route(routes::LOGIN_RETURN, get(back::back))
}
