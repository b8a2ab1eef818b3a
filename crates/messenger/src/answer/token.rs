//! What Meta knows about a token (docs/meta.md 1.4).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::GraphError;
use crate::id::{AccountId, AppId};
use crate::loose;

/// The answer of `debug_token`. A dead token answers 200 too, with an error inside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "TokenForm")]
pub struct TokenFacts {
    /// Whether Meta still accepts it.
    pub is_valid: bool,
    /// Whose app it was made for.
    pub app_id: Option<AppId>,
    /// `PAGE`, `USER`, …
    pub kind: Option<String>,
    /// The Page it belongs to.
    pub account: Option<AccountId>,
    /// When it ends; `None` when it has no end of its own.
    pub expires_ms: Option<i64>,
    /// When Meta stops giving data for it, unless the person logs in again.
    pub data_access_expires_ms: Option<i64>,
    /// The rights it carries.
    pub scopes: Vec<String>,
    /// The rights again, with what each is limited to.
    pub granular_scopes: Vec<GranularScope>,
    /// Why it is dead.
    pub error: Option<GraphError>,
}

impl TokenFacts {
    /// The rights that reach one of these accounts: those that are limited to none, or to one of them (docs/meta.md 1.6).
    #[must_use]
    pub fn rights_on(&self, accounts: &[&AccountId]) -> Vec<&str> {
        let reaches = |right: &str| {
            let mut limits = self
                .granular_scopes
                .iter()
                .filter(|granular| granular.scope.as_deref() == Some(right))
                .flat_map(|granular| &granular.target_ids)
                .peekable();
            limits.peek().is_none() || limits.any(|target| accounts.contains(&target))
        };
        self.scopes.iter().map(String::as_str).filter(|right| reaches(right)).collect()
    }
}

/// One right and what it is limited to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GranularScope {
    /// The right.
    #[serde(default, deserialize_with = "loose::text")]
    pub scope: Option<String>,
    /// The accounts; empty when it holds for all.
    #[serde(default, deserialize_with = "loose::ids")]
    pub target_ids: Vec<AccountId>,
}

#[derive(Deserialize)]
struct TokenForm {
    #[serde(default, deserialize_with = "loose::object")]
    data: Option<Data>,
}

#[derive(Default, Deserialize)]
struct Data {
    #[serde(default, deserialize_with = "loose::flag")]
    is_valid: bool,
    #[serde(default, deserialize_with = "loose::id")]
    app_id: Option<AppId>,
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "loose::id")]
    profile_id: Option<AccountId>,
    #[serde(default, deserialize_with = "loose::time_ms")]
    expires_at: Option<i64>,
    #[serde(default, deserialize_with = "loose::time_ms")]
    data_access_expires_at: Option<i64>,
    #[serde(default, deserialize_with = "loose::ids")]
    scopes: Vec<String>,
    #[serde(default, deserialize_with = "loose::list")]
    granular_scopes: Vec<GranularScope>,
    #[serde(default)]
    error: Option<Value>,
}

impl From<TokenForm> for TokenFacts {
    fn from(form: TokenForm) -> Self {
        let data = form.data.unwrap_or_default();
        Self {
            is_valid: data.is_valid,
            app_id: data.app_id,
            kind: data.kind,
            account: data.profile_id,
            expires_ms: data.expires_at,
            data_access_expires_ms: data.data_access_expires_at,
            scopes: data.scopes,
            granular_scopes: data.granular_scopes,
            error: data.error.and_then(|error| GraphError::from_value(0, &error)),
        }
    }
}
