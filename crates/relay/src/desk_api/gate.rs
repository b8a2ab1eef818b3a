//! The gate of every call: the desk's version, then its token. Both are judged anew each time.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use baton_protocol::AccountId;
use baton_protocol::error::ErrorCode;
use baton_protocol::hello::{OLDEST, VERSION, VERSION_HEADER};
use serde::de::DeserializeOwned;

use super::no::No;
use crate::people::DeskAccess;
use crate::secret::Hash;
use crate::state::Shared;

/// A desk that may speak.
pub(super) struct Desk(pub(super) DeskAccess);

impl FromRequestParts<Arc<Shared>> for Desk {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, No> {
        let admitted = admit(parts, shared).await;
        if let Err(no) = &admitted {
            shared.refused.count(match no.code() {
                ErrorCode::DeskTooOld | ErrorCode::RelayTooOld => "desk_version",
                ErrorCode::DeskRevoked => "desk_revoked",
                _ => "desk_unauthenticated",
            });
        }
        admitted
    }
}

/// A token that may be one of a desk that was cut off. For the one call that such a desk has.
pub(super) struct AnyToken(pub(super) Hash);

impl FromRequestParts<Arc<Shared>> for AnyToken {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Shared>) -> Result<Self, No> {
        token(parts).map(Self)
    }
}

async fn admit(parts: &Parts, shared: &Shared) -> Result<Desk, No> {
    let desk = shared.log.desk_of(&token(parts)?).await?.ok_or_else(No::unauthenticated)?;
    if desk.is_revoked {
        return Err(No::revoked());
    }
    Ok(Desk(desk))
}

/// The token of a call in a version that is served.
fn token(parts: &Parts) -> Result<Hash, No> {
    let version = parts.headers.get(VERSION_HEADER).and_then(|value| value.to_str().ok()?.parse().ok());
    judge_version(version)?;
    let token = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(No::unauthenticated)?;
    Ok(Hash::of(token))
}

/// Serves desks one version back; a desk one version ahead serves this relay by itself.
pub(super) fn judge_version(version: Option<u32>) -> Result<(), No> {
    match version {
        None => Err(No::bad_request(format!("The call does not say its version in `{VERSION_HEADER}`."))),
        Some(version) if version < OLDEST => Err(No::new(
            ErrorCode::DeskTooOld,
            "This desk is older than the relay serves.",
            "Update the desk.",
        )),
        Some(version) if version > VERSION + 1 => Err(No::new(
            ErrorCode::RelayTooOld,
            "The relay is older than this desk can use.",
            "Have the relay updated.",
        )),
        Some(_) => Ok(()),
    }
}

/// The account of the address, if this desk may read it.
pub(super) fn readable(desk: &DeskAccess, account: String) -> Result<AccountId, No> {
    let account = AccountId::new(account);
    if desk.role(&account).is_none() {
        return Err(No::no_such_log());
    }
    Ok(account)
}

/// Reads a body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, No> {
    serde_json::from_slice(body).map_err(|e| {
        No::bad_request(format!(
            "The request cannot be read from line {} column {} on.",
            e.line(),
            e.column()
        ))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, Some(ErrorCode::BadRequest))]
    #[case(Some(OLDEST - 1), Some(ErrorCode::DeskTooOld))]
    #[case(Some(VERSION), None)]
    #[case(Some(VERSION + 1), None)]
    #[case(Some(VERSION + 2), Some(ErrorCode::RelayTooOld))]
    fn versions_are_judged(#[case] version: Option<u32>, #[case] no: Option<ErrorCode>) {
        assert_eq!(judge_version(version).err().map(|no| no.code()), no);
    }
}
