//! The loop that waits for a login: the relay says when one ended; without a stream it is asked.

use std::sync::Arc;

use baton_protocol::login::{LoginFailure, LoginStanding, LoginTokens};
use baton_protocol::sealed::Sealed;
use secrecy::ExposeSecret;

use super::state::{End, Waiting};
use super::{expired, lost, unreadable};
use crate::clock::until_boot;
use crate::desk::inner::Inner;

/// How often the relay is asked while there is no stream, milliseconds.
const ASK_MS: i64 = 3_000;
/// The same with one, should its word have got lost.
const ASK_WITH_STREAM_MS: i64 = 20_000;

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let stop = inner.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = wait_for_logins(&inner) => {}
    }
}

async fn wait_for_logins(inner: &Inner) {
    loop {
        let Some(waiting) = inner.login.waiting() else {
            forget_or_begin(inner).await;
            continue;
        };
        let is_live = inner.is_served();
        let ask_ms = if is_live { ASK_WITH_STREAM_MS } else { ASK_MS };
        let until_ms = inner.boot_ms().saturating_add(ask_ms).min(waiting.until_boot_ms);
        tokio::select! {
            () = inner.login.wake.notified() => {}
            () = until_boot(&*inner.clock, until_ms) => {}
        }
        if let Some(end) = look(inner, &waiting).await
            && inner.login.ended(waiting.login, end, inner.boot_ms())
        {
            inner.notices.login();
        }
    }
}

/// Waits until another login may have begun, and meanwhile forgets what nobody connected.
async fn forget_or_begin(inner: &Inner) {
    let forgets = async {
        match inner.login.forgets_at() {
            Some(at_ms) => until_boot(&*inner.clock, at_ms).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = inner.login.wake.notified() => {}
        () = forgets => if inner.login.forget_old(inner.boot_ms()) {
            inner.notices.login();
        }
    }
}

/// How the login ended; none while it goes on.
async fn look(inner: &Inner, waiting: &Waiting) -> Option<End> {
    let is_over = inner.boot_ms() >= waiting.until_boot_ms;
    let over = || is_over.then(|| End::Failed { reason: LoginFailure::Expired, words: expired() });
    let Some(relay) = inner.relay() else { return over() };
    match relay.take_login(waiting.login).await {
        Ok(Some(LoginStanding::Waiting)) => over(),
        Ok(Some(LoginStanding::Ready { sealed })) => Some(open(inner, waiting, &sealed).await),
        Ok(Some(LoginStanding::Failed { reason, message, action })) => {
            let words = baton_messenger::Words::new(message, action);
            Some(End::Failed { reason, words })
        }
        Ok(None) => over().or_else(|| Some(End::Failed { reason: LoginFailure::Internal, words: lost() })),
        Err(error) if error.may_work_later() => {
            tracing::debug!(%error, "the relay could not be asked about a login");
            over()
        }
        Err(error) => Some(End::Failed { reason: LoginFailure::Internal, words: error.agent_words() }),
    }
}

async fn open(inner: &Inner, waiting: &Waiting, sealed: &Sealed) -> End {
    let key = match inner.private_key().await {
        Ok(key) => key,
        Err(error) => {
            return End::Failed { reason: LoginFailure::Internal, words: error.agent_words() };
        }
    };
    match sealed.open::<LoginTokens>(key.expose_secret()) {
        Ok(tokens) if tokens.login == waiting.login => End::Granted(tokens.into()),
        Ok(_) => {
            tracing::warn!(login = %waiting.login, "the box of another login came");
            End::Failed { reason: LoginFailure::Internal, words: unreadable() }
        }
        Err(error) => {
            tracing::warn!(login = %waiting.login, %error, "the box of a login did not open");
            End::Failed { reason: LoginFailure::Internal, words: unreadable() }
        }
    }
}
