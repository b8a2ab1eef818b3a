//! Boxes that only one desk can open.
//!
//! A box is libsodium's *sealed box*: X25519 with a key pair made for this one box, then XSalsa20-Poly1305; on the wire
//! base64. It is made for the public key that a desk gave at enrolment ([`crate::enrol::EnrolRequest::public_key`]), and
//! only the private half, which never leaves that desk's key store, opens it.
//!
//! A sealed box does not say who made it, so the relay that carries it could put another in its place. Whoever opens one
//! believes nothing in it that it has not asked Meta about: a Page token is checked like one that was pasted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_box::aead::OsRng;
use crypto_box::{PublicKey, SecretKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest box the relay carries, bytes of base64.
pub const MAX_SEALED_BYTES: usize = 256 * 1024;

/// Bytes of both halves of a desk's key.
const KEY_BYTES: usize = 32;

/// A box: base64, unreadable for everybody but its desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

/// Why a box could not be made or opened. The text holds nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not 32 bytes in base64.
    #[error("the desk's key is not an X25519 key in base64")]
    NotAKey,
    /// The content cannot be written.
    #[error("the content of the box cannot be written")]
    NotWritable,
    /// It is no box, was made for another key, or was altered.
    #[error("the box was not made for this desk, or was altered on its way")]
    NotForThisDesk,
    /// It opened, but holds something of a newer version.
    #[error("the box holds something that this version cannot read")]
    NotReadable,
}

impl Sealed {
    /// Seals a content for the desk with this public key.
    ///
    /// # Errors
    /// [`SealError::NotAKey`], [`SealError::NotWritable`].
    pub fn of(content: &impl Serialize, public_key: &str) -> Result<Self, SealError> {
        let key = PublicKey::from(key(public_key)?);
        let content = serde_json::to_vec(content).map_err(|_| SealError::NotWritable)?;
        let sealed = key.seal(&mut OsRng, &content).map_err(|_| SealError::NotWritable)?;
        Ok(Self(STANDARD.encode(sealed)))
    }

    /// Opens the box with the desk's private key, base64.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open<T: DeserializeOwned>(&self, private_key: &str) -> Result<T, SealError> {
        let key = SecretKey::from(key(private_key)?);
        let sealed = STANDARD.decode(&self.0).map_err(|_| SealError::NotForThisDesk)?;
        let content = key.unseal(&sealed).map_err(|_| SealError::NotForThisDesk)?;
        serde_json::from_slice(&content).map_err(|_| SealError::NotReadable)
    }
}

/// True for the base64 of an X25519 public key.
#[must_use]
pub fn is_public_key(text: &str) -> bool {
    key(text).is_ok()
}

fn key(text: &str) -> Result<[u8; KEY_BYTES], SealError> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| SealError::NotAKey)?;
    bytes.try_into().map_err(|_| SealError::NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (String, String) {
        let private = SecretKey::generate(&mut OsRng);
        (STANDARD.encode(private.to_bytes()), STANDARD.encode(private.public_key().as_bytes()))
    }

    #[test]
    fn only_its_desk_opens_a_box() {
        let ((ines, for_ines), (jonas, _)) = (pair(), pair());
        let sealed = Sealed::of(&"EAAtoken", &for_ines).unwrap();
        assert!(!sealed.0.contains("EAA"));
        assert_eq!(sealed.open::<String>(&ines).as_deref(), Ok("EAAtoken"));
        assert_eq!(sealed.open::<String>(&jonas), Err(SealError::NotForThisDesk));
        assert_eq!(sealed.open::<u32>(&ines), Err(SealError::NotReadable));
    }

    #[test]
    fn the_same_content_never_makes_the_same_box() {
        let (_, key) = pair();
        assert_ne!(Sealed::of(&"EAAtoken", &key), Sealed::of(&"EAAtoken", &key));
    }

    #[test]
    fn a_box_that_was_altered_does_not_open() {
        let (private, public) = pair();
        let sealed = Sealed::of(&"EAAtoken", &public).unwrap();
        let mut bytes = STANDARD.decode(&sealed.0).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            let altered = Sealed(STANDARD.encode(&bytes));
            assert_eq!(altered.open::<String>(&private), Err(SealError::NotForThisDesk), "byte {at}");
            bytes[at] ^= 1;
        }
        assert_eq!(Sealed("no base64!".into()).open::<String>(&private), Err(SealError::NotForThisDesk));
    }

    #[test]
    fn what_is_no_key_is_told_as_such() {
        for text in ["", "key", "AAAA", "!"] {
            assert_eq!(Sealed::of(&"x", text), Err(SealError::NotAKey), "{text}");
            assert!(!is_public_key(text));
        }
        assert!(is_public_key(&pair().1));
    }
}
