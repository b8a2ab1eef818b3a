//! The machine's state as the store keeps it: a name to search by, and the whole state as JSON beside it.

use crate::store::{LeavesAs, PartRow, PartStateName, StoreError};

use super::machine::{Leaves, State};

/// The name under which a state is stored.
#[must_use]
pub fn name_of(state: &State) -> PartStateName {
    match state {
        State::Held { .. } => PartStateName::Held,
        State::Queued { .. } => PartStateName::Queued,
        State::Sending => PartStateName::Sending,
        State::Sent { .. } => PartStateName::Sent,
        State::Refused { .. } => PartStateName::Refused,
        State::Unknown { .. } => PartStateName::Unknown,
        State::Abandoned { .. } => PartStateName::Abandoned,
        State::Returned { .. } => PartStateName::Draft,
    }
}

/// The JSON beside the name.
///
/// # Errors
/// Never for these types; what `serde_json` says is passed on.
pub fn detail_of(state: &State) -> Result<String, StoreError> {
    serde_json::to_string(state).map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// The state of a stored part.
///
/// # Errors
/// [`StoreError::Unreadable`] when name and detail do not make a state.
pub fn state_of(row: &PartRow) -> Result<State, StoreError> {
    if let Some(detail) = &row.detail
        && let Ok(state) = serde_json::from_str::<State>(detail)
        && name_of(&state) == row.state
    {
        return Ok(state);
    }
    // A settlement that came in with an entry moves the row without a detail of ours.
    Ok(match (row.state, &row.mid) {
        (PartStateName::Held | PartStateName::Queued, _) => State::Queued { asked: true, wait: None },
        (PartStateName::Sending, _) => State::Sending,
        (PartStateName::Sent, Some(mid)) => State::Sent { mid: mid.clone() },
        (PartStateName::Abandoned, _) => {
            State::Abandoned { looked: false, look_failed: false, several_fit: false }
        }
        (PartStateName::Unknown, _) => {
            State::Unknown { why: String::new(), looked: false, look_failed: false, several_fit: false }
        }
        (PartStateName::Sent | PartStateName::Refused | PartStateName::Draft, _) => {
            return Err(StoreError::Unreadable("a part of the outbox".to_owned()));
        }
    })
}

/// As what a stored part left, or is to leave.
#[must_use]
pub fn leaves_of(row: &PartRow) -> Leaves {
    if row.tag.is_some() { Leaves::Tagged } else { Leaves::Plain }
}

impl From<LeavesAs> for Leaves {
    fn from(leaves: LeavesAs) -> Self {
        match leaves {
            LeavesAs::Plain => Self::Plain,
            LeavesAs::HumanAgent => Self::Tagged,
        }
    }
}

impl From<Leaves> for LeavesAs {
    fn from(leaves: Leaves) -> Self {
        match leaves {
            Leaves::Plain => Self::Plain,
            Leaves::Tagged => Self::HumanAgent,
        }
    }
}
