//! Page tokens at work: read from the key store once, held in memory, dropped when Meta refuses them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_graph::Credentials;
use baton_messenger::AccountId;
use secrecy::SecretString;

use crate::keys::{KeyName, KeyStore, KeyStoreError};

/// How the Page token of an account stands on this desk.
#[derive(Debug, Clone)]
pub enum Token {
    /// This desk has none.
    Missing,
    /// There is one, and Meta did not refuse it.
    Alive(SecretString),
    /// Meta refused it: the account must be connected again.
    Dead,
    /// The key store does not give it out.
    Locked(KeyStoreError),
}

impl Token {
    /// The token, if it can be used.
    #[must_use]
    pub fn usable(&self) -> Option<&SecretString> {
        match self {
            Self::Alive(token) => Some(token),
            Self::Missing | Self::Dead | Self::Locked(_) => None,
        }
    }
}

/// The Page tokens of this desk.
pub(crate) struct Tokens {
    keys: Arc<dyn KeyStore>,
    known: Mutex<BTreeMap<AccountId, Token>>,
}

impl Tokens {
    pub(crate) fn new(keys: Arc<dyn KeyStore>) -> Self {
        Self { keys, known: Mutex::default() }
    }

    /// The token of an account. A key store that failed is asked again the next time.
    pub(crate) async fn of(&self, account: &AccountId) -> Token {
        if let Some(known) = self.look(account) {
            return known;
        }
        let token = match self.keys.get(&KeyName::PageToken(account.clone())).await {
            Ok(Some(token)) => Token::Alive(token),
            Ok(None) => Token::Missing,
            Err(error) => return Token::Locked(error),
        };
        self.set(account, token.clone());
        token
    }

    /// Keeps a token that was checked.
    pub(crate) async fn keep(&self, account: &AccountId, token: &SecretString) -> Result<(), KeyStoreError> {
        self.keys.set(&KeyName::PageToken(account.clone()), token).await?;
        self.set(account, Token::Alive(token.clone()));
        Ok(())
    }

    /// What the key store holds for an account, whatever Meta says of it; none also when the store does not open.
    pub(crate) async fn kept(&self, account: &AccountId) -> Option<SecretString> {
        self.keys.get(&KeyName::PageToken(account.clone())).await.ok().flatten()
    }

    /// Whether these credentials are of the token that is at work for the account.
    pub(crate) fn is(&self, account: &AccountId, used: &Credentials) -> bool {
        matches!(self.look(account), Some(Token::Alive(token)) if used.is_of(&token))
    }

    /// Meta refused a call with these credentials. False when another token came meanwhile, which lives on.
    pub(crate) fn died(&self, account: &AccountId, used: &Credentials) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = matches!(known.get(account), Some(Token::Alive(token)) if used.is_of(token));
        if is_it {
            known.insert(account.clone(), Token::Dead);
        }
        is_it
    }

    /// Meta takes a token again that it refused. False when another came meanwhile.
    pub(crate) fn lives_again(&self, account: &AccountId, token: &SecretString) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_dead = matches!(known.get(account), Some(Token::Dead));
        if is_dead {
            known.insert(account.clone(), Token::Alive(token.clone()));
        }
        is_dead
    }

    /// Whether Meta refused the token that is here.
    pub(crate) fn is_dead(&self, account: &AccountId) -> bool {
        matches!(self.look(account), Some(Token::Dead))
    }

    /// Meta refused the token, in this run or an earlier one.
    pub(crate) fn mark_dead(&self, account: &AccountId) {
        self.set(account, Token::Dead);
    }

    /// Forgets a token for good: the desk lost the account. One in a box that was not tried yet goes with it.
    pub(crate) async fn forget(&self, account: &AccountId) -> Result<(), KeyStoreError> {
        self.set(account, Token::Missing);
        self.keys.delete(&KeyName::BoxedToken(account.clone())).await?;
        self.keys.delete(&KeyName::PageToken(account.clone())).await
    }

    fn look(&self, account: &AccountId) -> Option<Token> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    fn set(&self, account: &AccountId, token: Token) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(account.clone(), token);
    }
}
