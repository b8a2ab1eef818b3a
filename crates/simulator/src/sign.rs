//! Meta's signatures: the two on a webhook's bytes and the token proof (docs/meta.md 1.2, 2.2).
//!
//! Written anew from the reference on purpose: the code under test must not check itself.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::Sha256;

/// The value of `X-Hub-Signature-256` for these very bytes.
pub(crate) fn hub_sha256(secret: &SecretString, body: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
        }
        Err(_) => String::new(),
    }
}

/// The value of the old `X-Hub-Signature` for these very bytes.
pub(crate) fn hub_sha1(secret: &SecretString, body: &[u8]) -> String {
    match Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            format!("sha1={}", hex::encode(mac.finalize().into_bytes()))
        }
        Err(_) => String::new(),
    }
}
