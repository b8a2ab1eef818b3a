//! Cuts tokens out of texts that come from outside. Meta quotes a malformed token in its message.

use baton_messenger::error::GraphError;
use secrecy::ExposeSecret;

use crate::call::Call;
use crate::credentials::{AppsecretProof, Credentials};

const CUT: &str = "[token]";

/// The error without any of these secrets.
pub(crate) fn error(mut error: GraphError, secrets: &[&str]) -> GraphError {
    error.message = text(&error.message, secrets);
    error.user_title = error.user_title.map(|title| text(&title, secrets));
    error.user_msg = error.user_msg.map(|msg| text(&msg, secrets));
    error
}

/// The text without any of these secrets, and without anything else that looks like a token.
pub(crate) fn text(text: &str, secrets: &[&str]) -> String {
    let known = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, CUT));
    without_tokens(&known)
}

/// Tokens of people and Pages begin like this, and are long.
const TOKEN_START: &str = "EAA";
const TOKEN_LENGTH: usize = 16;

/// Meta may quote a token that is none of the call's own.
fn without_tokens(text: &str) -> String {
    let (mut clean, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(TOKEN_START) {
        let (before, token) = rest.split_at(start);
        let end = token.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(token.len());
        let (token, after) = token.split_at(end);
        clean.push_str(before);
        clean.push_str(if token.len() < TOKEN_LENGTH { token } else { CUT });
        rest = after;
    }
    clean + rest
}

/// What must not appear anywhere for a call. Longer secrets come first, so that none leaves a rest of another.
pub(crate) fn secrets<'a>(
    call: &'a Call,
    credentials: &'a Credentials,
    proof: Option<&'a AppsecretProof>,
) -> Vec<&'a str> {
    let token = credentials.token().map(ExposeSecret::expose_secret);
    // An app's token is made of its id and its secret: the secret must not stand anywhere alone either.
    let app_secret = token.and_then(|token| token.split_once('|')).map(|(_, secret)| secret);
    let proof = proof.map(|proof| proof.proof.expose_secret());
    let mut secrets: Vec<&str> =
        token.into_iter().chain(app_secret).chain(proof).chain(call.secrets()).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Malformed access token EAAabcdefghijklmnop!", "Malformed access token [token]!")]
    #[case("EAAabcdefghijklmnopEAAqrstuvwxyz", "[token]")]
    #[case("two: EAAabcdefghijklmnop, EAAqrstuvwxyzabcdef", "two: [token], [token]")]
    #[case("EAA is no token, nor is EAAshort", "EAA is no token, nor is EAAshort")]
    #[case("code=s3cret&x=é", "code=[token]&x=é")]
    fn what_looks_like_a_token_is_cut_out(#[case] told: &str, #[case] clean: &str) {
        assert_eq!(text(told, &["s3cret", ""]), clean);
    }
}
