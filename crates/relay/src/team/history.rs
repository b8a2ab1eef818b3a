//! History: who may append pages, say that a pass ended, and pause it.

use baton_protocol::DeskId;
use baton_protocol::audit::{AuditPage, MOST_ID_BYTES, MOST_UNREAD, UnreadThread};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;

use super::account::AccountState;
use super::decide::{Decision, Refusal, Scene, by};
use super::thread_state::Asker;
use crate::stewards::Stewardship;

/// Whether a desk may append this page to the account's log.
///
/// # Errors
/// Why not.
pub fn may_append_audit(
    desk: DeskId,
    steward: Stewardship,
    account: &AccountState,
    page: &AuditPage,
) -> Result<(), Refusal> {
    if steward != Stewardship::This {
        return Err(not_the_steward());
    }
    if account.connected_at_ms.is_none() {
        return Err(Refusal {
            code: ErrorCode::NotAllowed,
            message: "The account is not connected, so its history goes into no log.".to_owned(),
            action: "Connect the account first.".to_owned(),
        });
    }
    if page.desk != desk || page.customer.as_str().is_empty() {
        return Err(Refusal {
            code: ErrorCode::BadRequest,
            message: "A page of history names its customer, and the desk that read it.".to_owned(),
            action: "This is a fault of the desk's program; update it.".to_owned(),
        });
    }
    Ok(())
}

pub(super) fn decide(asker: &Asker, command: &Command, scene: &Scene) -> Decision {
    match command {
        Command::ReportHistory { through_ms, unread } => {
            if scene.steward != Stewardship::This {
                return Decision::Refuse(not_the_steward());
            }
            if unread.len() > MOST_UNREAD || !unread.iter().all(is_named) {
                return Decision::bad_request(
                    "A pass names the threads that it left out, and no more than 50.",
                );
            }
            let is_news = scene.account.history_through_ms.is_none_or(|known| known < *through_ms);
            if !is_news || scene.account.connected_at_ms.is_none() {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::HistoryRead {
                through_ms: *through_ms,
                unread: unread.clone(),
                desk: asker.desk,
            })
        }
        Command::PauseHistory { paused } => {
            if asker.role == Role::Agent {
                return Decision::not_allowed(
                    "Only a supervisor pauses the history, or lets it go on.",
                    "Ask a supervisor or an admin of the account.",
                );
            }
            if scene.account.history_paused == *paused {
                return Decision::nothing_to_do();
            }
            Decision::one(TeamFact::HistoryPaused { paused: *paused, by: by(asker) })
        }
        _ => Decision::bad_request("This command is not about an account's history."),
    }
}

fn is_named(thread: &UnreadThread) -> bool {
    (1..=MOST_ID_BYTES).contains(&thread.conversation.len())
}

fn not_the_steward() -> Refusal {
    Refusal {
        code: ErrorCode::NotAllowed,
        message: "Only the account's steward writes its history.".to_owned(),
        action: "Ask for the lease first.".to_owned(),
    }
}
