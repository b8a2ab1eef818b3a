//! Meta's signatures: the two on a webhook's bytes and the token proof (docs/meta.md 1.2, 2.2).
//!
//! Written anew from docs/meta.md on purpose: the code under test must not check itself.

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

/// The proof that goes with a token: the token itself, or token, bar and seconds in the timed form.
pub(crate) fn appsecret_proof(secret: &str, message: &str) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(message.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn both_signatures_agree_with_the_vector() {
        let vector: Value =
            serde_json::from_str(include_str!("../../../fixtures/vector_signatures.json")).unwrap();
        let vector = &vector["webhook"];
        let secret = SecretString::from(vector["app_secret"].as_str().unwrap());
        let body = vector["raw_body_ascii"].as_str().unwrap().as_bytes();
        assert_eq!(hub_sha256(&secret, body), vector["header_x_hub_signature_256"].as_str().unwrap());
        assert_eq!(hub_sha1(&secret, body), vector["header_x_hub_signature"].as_str().unwrap());
    }

    #[test]
    fn both_proofs_agree_with_the_vector() {
        let vector: Value =
            serde_json::from_str(include_str!("../../../fixtures/vector_signatures.json")).unwrap();
        let vector = &vector["appsecret_proof"];
        let (secret, token) =
            (vector["app_secret"].as_str().unwrap(), vector["access_token"].as_str().unwrap());
        assert_eq!(appsecret_proof(secret, token), vector["plain"].as_str().unwrap());
        let timed = format!("{token}|{}", vector["appsecret_time"]);
        assert_eq!(appsecret_proof(secret, &timed), vector["timed"].as_str().unwrap());
    }

    /// Parsed and written anew in Meta's way, the vector's body has the vector's bytes: escaping is Meta's too.
    #[test]
    fn the_vectors_body_is_what_we_would_write() {
        let vector: Value =
            serde_json::from_str(include_str!("../../../fixtures/vector_signatures.json")).unwrap();
        let body = vector["webhook"]["raw_body_ascii"].as_str().unwrap();
        let text = |bytes: &[u8]| {
            // Key order is free in JSON: compare as sorted characters, which any changed escape would disturb.
            let mut chars: Vec<u8> = bytes.to_vec();
            chars.sort_unstable();
            chars
        };
        let value: Value = serde_json::from_str(body).unwrap();
        assert_eq!(text(&crate::escape::ascii_json(&value)), text(body.as_bytes()));
    }
}
