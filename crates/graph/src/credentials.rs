//! What a call is authorised with: a token, and where the app asks for it, a proof (docs/meta.md 1.2).

use baton_messenger::id::{AccountId, AppId};
use baton_messenger::signature;
use secrecy::{ExposeSecret, SecretString};

/// The authority behind one call. `Debug` shows neither token nor proof.
#[derive(Debug, Clone)]
pub struct Credentials {
    token: Option<SecretString>,
    proof: Option<AppsecretProof>,
    account: Option<AccountId>,
}

/// Meta's proof for this very token. The timed form, which the relay signs for desks, is good for five minutes.
#[derive(Debug, Clone)]
pub struct AppsecretProof {
    pub(crate) proof: SecretString,
    /// The unix seconds of the timed form.
    pub(crate) time: Option<i64>,
}

/// Our Meta app with its secret: only the relay has it.
#[derive(Debug, Clone)]
pub struct AppSecret {
    /// The app.
    pub app: AppId,
    /// Its secret.
    pub secret: SecretString,
}

impl AppsecretProof {
    /// The timed form: the proof and the unix seconds that are part of it.
    pub fn new(proof: SecretString, time: i64) -> Self {
        Self { proof, time: Some(time) }
    }
}

impl AppSecret {
    /// The app's own token, proven (docs/meta.md 1.2, 1.3).
    pub fn credentials(&self) -> Credentials {
        self.credentials_of(&format!("{}|{}", self.app, self.secret.expose_secret()).into())
    }

    /// Any token of this app, proven. The plain form, which depends on no clock: it goes to Meta and nowhere else.
    pub fn credentials_of(&self, token: &SecretString) -> Credentials {
        let proof = signature::appsecret_proof(self.secret.expose_secret().as_bytes(), token.expose_secret());
        Credentials::of(token).with_proof(AppsecretProof { proof: proof.into(), time: None })
    }
}

impl Credentials {
    /// A token alone: calls with it are about no account, wait for nothing and carry no proof.
    pub fn new(token: SecretString) -> Self {
        Self { token: Some(token), proof: None, account: None }
    }

    /// A copy of this token alone.
    pub fn of(token: &SecretString) -> Self {
        Self::new(token.clone())
    }

    /// The Page token of an account: its calls keep to the account's budgets and carry a proof where one is asked for.
    pub fn of_account(account: &AccountId, token: &SecretString) -> Self {
        Self { account: Some(account.clone()), ..Self::of(token) }
    }

    /// The same token with a proof of its own.
    #[must_use]
    pub fn with_proof(self, proof: AppsecretProof) -> Self {
        Self { proof: Some(proof), ..self }
    }

    /// Whether this is the token that these carry.
    pub fn is_of(&self, token: &SecretString) -> bool {
        self.token.as_ref().is_some_and(|own| own.expose_secret() == token.expose_secret())
    }

    /// For the calls that make tokens, and need none.
    pub(crate) fn none() -> Self {
        Self { token: None, proof: None, account: None }
    }

    pub(crate) fn token(&self) -> Option<&SecretString> {
        self.token.as_ref()
    }

    pub(crate) fn proof(&self) -> Option<&AppsecretProof> {
        self.proof.as_ref()
    }

    pub(crate) fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }
}

impl From<SecretString> for Credentials {
    fn from(token: SecretString) -> Self {
        Self::new(token)
    }
}
