//! What a call is authorised with: a token, and where the app asks for it, a proof (docs/meta.md 1.2).

use secrecy::SecretString;

/// The authority behind one call. `Debug` shows neither part.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub(crate) token: SecretString,
    pub(crate) proof: Option<AppsecretProof>,
}

/// Meta's timed proof for this very token, as the relay signs it. Good for five minutes.
#[derive(Debug, Clone)]
pub struct AppsecretProof {
    pub(crate) proof: SecretString,
    pub(crate) time: i64,
}

impl AppsecretProof {
    /// The proof and the unix seconds that are part of it.
    pub fn new(proof: SecretString, time: i64) -> Self {
        Self { proof, time }
    }
}

impl Credentials {
    /// A token alone.
    pub fn new(token: SecretString) -> Self {
        Self { token, proof: None }
    }

    /// A copy of this token alone.
    pub fn of(token: &SecretString) -> Self {
        Self::new(token.clone())
    }

    /// The same token with a proof.
    #[must_use]
    pub fn with_proof(self, proof: AppsecretProof) -> Self {
        Self { proof: Some(proof), ..self }
    }
}

impl From<SecretString> for Credentials {
    fn from(token: SecretString) -> Self {
        Self::new(token)
    }
}
