//! The desks' side. Every call is checked anew: version, token, rights on the account it names.

mod blocks;
mod commands;
mod drafts;
mod enrol;
mod entries;
mod gate;
mod hello;
mod leases;
mod logins;
mod no;
mod people;
mod presence;
mod read_marks;
mod removals;
mod snapshot;
mod stream;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use baton_protocol::routes;

use crate::state::Shared;

/// The routes of the desks' listener.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(routes::INVITE, post(enrol::invite))
        .route(routes::ENROL, post(enrol::enrol))
        .route(routes::HELLO, get(hello::hello))
        .route(routes::STREAM, post(stream::stream))
        .route(routes::ENTRIES, get(entries::entries))
        .route(routes::BLOCK, get(blocks::block))
        .route(routes::COMMANDS, post(commands::command))
        .route(routes::SNAPSHOT, get(snapshot::snapshot))
        .route(routes::READ_MARKS, post(read_marks::mark))
        .route(routes::LOGINS, post(logins::begin))
        .route(routes::TAKE_LOGIN, post(logins::take))
        .route(routes::TOKEN, post(tokens::register))
        .route(routes::TOKEN_DESKS, get(tokens::desks))
        .route(routes::BOXES, post(tokens::leave_boxes))
        .route(routes::TAKE_BOX, post(tokens::take_box))
        .route(routes::PROOF, post(tokens::prove))
        .route(routes::STEWARD, post(leases::ask).delete(leases::give_back))
        .route(routes::SLOTS, post(leases::slot))
        .route(routes::PRESENCE, post(presence::say))
        .route(routes::AGENT_OFFLINE, post(presence::set_offline))
        .route(routes::DRAFTS, post(drafts::keep))
        .route(routes::PEOPLE, get(people::people))
        .route(routes::INVITES, post(people::invite))
        .route(routes::TAKE_BACK_INVITE, delete(people::take_back))
        .route(routes::AGENT_ROLE, post(people::set_role))
        .route(routes::AGENT_NAME, post(people::rename))
        .route(routes::REVOKE, post(people::revoke))
        .route(routes::ERASURE, get(people::erasure))
        .route(routes::OWED, get(removals::owed))
        .route(routes::GONE, post(removals::gone))
        .route(routes::WIPED, post(removals::wiped))
        .route(routes::HEALTH, get(crate::health::health))
        .fallback(no::no_such_path)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(shared)
}
