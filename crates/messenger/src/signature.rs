//! Meta's two uses of the app secret: it signs webhooks, and it proves that a call comes from us.
//!
//! Both are HMAC-SHA256. A webhook signature is over the raw body bytes and is checked before anything is
//! parsed (docs/meta.md 2.2). The older SHA-1 header is not accepted. Checks take constant time with respect to the
//! secret, and no header, however odd, makes them panic.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;

const PREFIX: &[u8] = b"sha256=";
const MAC_BYTES: usize = 32;

/// Why a webhook's signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The delivery carries no `X-Hub-Signature-256` header.
    #[error("the delivery carries no signature")]
    Missing,
    /// The header is not `sha256=` followed by 64 hexadecimal digits.
    #[error("the signature header is not `sha256=` and 64 hexadecimal digits")]
    Malformed,
    /// No live secret gives this signature for these bytes.
    #[error("the signature does not fit the body")]
    Mismatch,
}

/// The value of `X-Hub-Signature-256` for a body: `sha256=` and lower-case hex.
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac(secret, body)))
}

/// Checks the header against the raw body with every live secret (several while a secret is being changed).
///
/// # Errors
/// [`SignatureError`]; an upper-case or otherwise respelled header is malformed, since Meta writes
/// lower-case.
pub fn verify(secrets: &[&[u8]], header: Option<&[u8]>, body: &[u8]) -> Result<(), SignatureError> {
    let header = header.ok_or(SignatureError::Missing)?;
    let digits = header.strip_prefix(PREFIX).ok_or(SignatureError::Malformed)?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return Err(SignatureError::Malformed);
    }
    let mut given = [0_u8; MAC_BYTES];
    hex::decode_to_slice(digits, &mut given).map_err(|_| SignatureError::Malformed)?;
    // All secrets are tried, without a short cut, so that the time does not tell which one fitted.
    let fits =
        secrets.iter().fold(Choice::from(0), |fits, secret| fits | mac(secret, body)[..].ct_eq(&given[..]));
    if bool::from(fits) { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// `appsecret_proof` for a call with this token (docs/meta.md 1.2).
pub fn appsecret_proof(secret: &[u8], token: &str) -> String {
    hex::encode(mac(secret, token.as_bytes()))
}

/// The timed form, which Meta accepts for five minutes when `appsecret_time` carries the same seconds
/// (docs/meta.md 1.2).
pub fn appsecret_proof_timed(secret: &[u8], token: &str, unix_seconds: i64) -> String {
    hex::encode(mac(secret, format!("{token}|{unix_seconds}").as_bytes()))
}

fn mac(secret: &[u8], message: &[u8]) -> [u8; MAC_BYTES] {
    // `new_from_slice` takes keys of every length for HMAC; a key block can never be refused.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) else {
        return [0; MAC_BYTES];
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::Value;

    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../fixtures/vector_signatures.json")).unwrap()
    }

    fn text<'a>(vectors: &'a Value, path: &str) -> &'a str {
        vectors.pointer(path).and_then(Value::as_str).unwrap()
    }

    #[test]
    fn the_webhook_vector_is_signed_and_verified() {
        let v = vectors();
        let secret = text(&v, "/webhook/app_secret").as_bytes();
        let body = text(&v, "/webhook/raw_body_ascii").as_bytes();
        let header = text(&v, "/webhook/header_x_hub_signature_256");
        assert_eq!(sign(secret, body), header);
        assert_eq!(verify(&[secret], Some(header.as_bytes()), body), Ok(()));
    }

    #[test]
    fn a_reserialised_body_does_not_verify() {
        let v = vectors();
        let secret = text(&v, "/webhook/app_secret").as_bytes();
        let body = text(&v, "/webhook/raw_body_ascii").as_bytes();
        let reserialised = serde_json::from_slice::<Value>(body).unwrap().to_string();
        let header = text(&v, "/webhook/header_x_hub_signature_256");
        assert_eq!(
            verify(&[secret], Some(header.as_bytes()), reserialised.as_bytes()),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn the_proof_vectors_hold() {
        let v = vectors();
        let secret = text(&v, "/appsecret_proof/app_secret").as_bytes();
        let token = text(&v, "/appsecret_proof/access_token");
        let seconds = v.pointer("/appsecret_proof/appsecret_time").and_then(Value::as_i64).unwrap();
        assert_eq!(appsecret_proof(secret, token), text(&v, "/appsecret_proof/plain"));
        assert_eq!(appsecret_proof_timed(secret, token, seconds), text(&v, "/appsecret_proof/timed"));
    }

    #[test]
    fn while_a_secret_changes_both_are_good() {
        let body = br#"{"object":"page"}"#;
        let header = sign(b"new", body);
        assert_eq!(verify(&[b"old", b"new"], Some(header.as_bytes()), body), Ok(()));
        assert_eq!(verify(&[b"old"], Some(header.as_bytes()), body), Err(SignatureError::Mismatch));
        assert_eq!(verify(&[], Some(header.as_bytes()), body), Err(SignatureError::Mismatch));
    }

    #[rstest]
    #[case::missing(None, SignatureError::Missing)]
    #[case::empty(Some(&b""[..]), SignatureError::Malformed)]
    #[case::no_prefix(Some(&b"38576b1d05ca6a82"[..]), SignatureError::Malformed)]
    #[case::sha1(Some(&b"sha1=818b9dea6a9f1467d45123de286a70b7ab0c50e8"[..]), SignatureError::Malformed)]
    #[case::odd(Some(&b"sha256=abc"[..]), SignatureError::Malformed)]
    #[case::short(Some(&b"sha256=abcd"[..]), SignatureError::Malformed)]
    #[case::not_hex(Some(&b"sha256=zz576b1d05ca6a82690ad0fddfcc4b707029e478f5b8b3f50acae039e72e9eab"[..]), SignatureError::Malformed)]
    #[case::upper(Some(&b"sha256=38576B1D05CA6A82690AD0FDDFCC4B707029E478F5B8B3F50ACAE039E72E9EAB"[..]), SignatureError::Malformed)]
    #[case::long(Some(&b"sha256=38576b1d05ca6a82690ad0fddfcc4b707029e478f5b8b3f50acae039e72e9eab00"[..]), SignatureError::Malformed)]
    #[case::not_utf8(Some(&b"sha256=\xff\xfe"[..]), SignatureError::Malformed)]
    #[case::other(Some(&b"sha256=00576b1d05ca6a82690ad0fddfcc4b707029e478f5b8b3f50acae039e72e9eab"[..]), SignatureError::Mismatch)]
    fn a_header_that_does_not_fit_is_refused(#[case] header: Option<&[u8]>, #[case] why: SignatureError) {
        assert_eq!(verify(&[b"fixture-app-secret-0123456789abcdef"], header, b"{}"), Err(why));
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(header: Vec<u8>, body: Vec<u8>, secret: Vec<u8>) {
            let _ = verify(&[&secret], Some(&header), &body);
            let digits = [b"sha256=".as_slice(), &header].concat();
            let _ = verify(&[&secret], Some(&digits), &body);
        }

        #[test]
        fn one_flipped_bit_is_seen(body in proptest::collection::vec(proptest::num::u8::ANY, 1..200), at: usize) {
            let header = sign(b"secret", &body);
            let mut other = body.clone();
            let at = at % other.len();
            other[at] ^= 1;
            proptest::prop_assert_eq!(verify(&[b"secret"], Some(header.as_bytes()), &other), Err(SignatureError::Mismatch));
        }
    }
}
