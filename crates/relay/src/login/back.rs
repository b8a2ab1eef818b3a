//! Meta sends the browser back.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use baton_protocol::login::{LoginFailure, LoginStanding};
use secrecy::SecretString;

use super::exchange::{self, Exchanged};
use super::page::{self, Page};
use crate::log::LogError;
use crate::log::tokens::{Returned, WaitingLogin};
use crate::secret::Hash;
use crate::state::Shared;

/// What Meta put into the address (docs/meta.md 1.4).
#[derive(Default)]
struct Address {
    state: Option<String>,
    code: Option<SecretString>,
    error: Option<String>,
}

impl Address {
    fn read(query: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "state" => address.state = Some(value.into_owned()),
                "code" => address.code = Some(SecretString::from(value.into_owned())),
                "error" => address.error = Some(value.into_owned()),
                _ => {}
            }
        }
        address
    }
}

/// Takes the browser in, exchanges what it brings, and shows how it ended.
pub(super) async fn back(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let address = Address::read(query.as_deref().unwrap_or_default());
    let returned = match &address.state {
        Some(state) => shared.log.return_login(&Hash::of(state)).await,
        None => Ok(Returned::Nobodys),
    };
    match returned {
        Ok(Returned::Login(login)) => {
            // The exchange goes on when the browser leaves: the state is used up, and the desk waits.
            let task = tokio::spawn(ended(shared, login, address));
            task.await.unwrap_or_else(|_| page::show(&Page::fault()))
        }
        Ok(Returned::Again) => {
            shared.refused.count("login_state_again");
            page::show(&Page::used())
        }
        Ok(Returned::Nobodys) => {
            shared.refused.count("login_state_unknown");
            page::show(&Page::expired())
        }
        Err(error) => {
            tracing::error!(%error, "a login came back and the log cannot be asked");
            page::show(&Page::fault())
        }
    }
}

async fn ended(shared: Arc<Shared>, login: WaitingLogin, address: Address) -> Response {
    let Exchanged { standing, page } = match (address.code, address.error) {
        (Some(code), None) => exchange::exchange(&shared, &login, &code).await,
        (_, Some(error)) if error == "access_denied" => Exchanged::failed(
            LoginFailure::Denied,
            "Baton was not allowed to use any Page.",
            "Begin the login again, and agree to what Meta asks.",
        ),
        _ => Exchanged::failed(
            LoginFailure::Refused,
            "Meta ended the login without a result.",
            "Begin the login again. When it happens again, ask whoever set up the Meta app.",
        ),
    };
    match &standing {
        LoginStanding::Failed { reason, .. } => tracing::warn!(desk = %login.desk, %reason, "a login failed"),
        _ => tracing::info!(desk = %login.desk, "a login brought Page tokens for its desk"),
    }
    match keep(&shared, &login, standing).await {
        Ok(()) => page::show(&page),
        Err(error) => {
            tracing::error!(%error, "the end of a login could not be kept");
            page::show(&Page::fault())
        }
    }
}

async fn keep(shared: &Shared, login: &WaitingLogin, standing: LoginStanding) -> Result<(), LogError> {
    shared.log.end_login(login.login, standing).await
}
