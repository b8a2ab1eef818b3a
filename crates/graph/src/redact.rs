//! Cuts tokens out of texts that come from outside. Meta quotes a malformed token in its message.

use baton_messenger::error::GraphError;
use secrecy::ExposeSecret;

use crate::credentials::Credentials;

const CUT: &str = "[token]";

/// The error without any of these secrets.
pub(crate) fn error(mut error: GraphError, secrets: &[&str]) -> GraphError {
    error.message = text(&error.message, secrets);
    error.user_title = error.user_title.map(|title| text(&title, secrets));
    error.user_msg = error.user_msg.map(|msg| text(&msg, secrets));
    error
}

/// The text without any of these secrets.
pub(crate) fn text(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, CUT))
}

/// What must not appear anywhere for a call with these credentials.
pub(crate) fn secrets(credentials: &Credentials) -> Vec<&str> {
    let proof = credentials.proof.as_ref().map(|proof| proof.proof.expose_secret());
    std::iter::once(credentials.token.expose_secret()).chain(proof).collect()
}
