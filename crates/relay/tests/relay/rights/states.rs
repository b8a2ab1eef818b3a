//! The table again, for commands about a thread, by how the thread stands: nobody's, the asker's or a colleague's, and done,
//! asleep or of a customer who is kept away. Who may depends on whose it is, and on nothing else of that.

use baton_protocol::NoteId;
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource, Status};

use super::cases::{Before, Case, assign, done, of_account, start};
use super::commands::{Kind, Scene};

/// Every state.
const STATES: [Before; 10] = [
    Before::Nothing,
    Before::HeldByMe,
    Before::HeldByColleague,
    Before::Done,
    Before::DoneByMe,
    Before::DoneByColleague,
    Before::AsleepWithMe,
    Before::AsleepWithColleague,
    Before::KeptAway,
    Before::KeptAwayOfColleague,
];
const ALL: [u16; 3] = [200, 200, 200];
const FROM_SUPERVISOR: [u16; 3] = [403, 200, 200];

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Nobodys,
    Mine,
    Colleagues,
}

fn whose(state: Before) -> Whose {
    match state {
        Before::HeldByMe | Before::DoneByMe | Before::AsleepWithMe => Whose::Mine,
        Before::HeldByColleague
        | Before::DoneByColleague
        | Before::AsleepWithColleague
        | Before::KeptAwayOfColleague => Whose::Colleagues,
        _ => Whose::Nobodys,
    }
}

/// One row a state, with the same answer in each.
fn everywhere(what: &'static str, on_tea: [u16; 3], command: fn(&Scene) -> Command) -> Vec<Case> {
    STATES.into_iter().flat_map(|state| of_account(what, state, on_tea, command)).collect()
}

/// One row a state; an agent is refused in a colleague's.
fn unless_a_colleagues(what: &'static str, command: fn(&Scene) -> Command) -> Vec<Case> {
    let row = |state| {
        let on_tea = if whose(state) == Whose::Colleagues { FROM_SUPERVISOR } else { ALL };
        of_account(what, state, on_tea, command)
    };
    STATES.into_iter().flat_map(row).collect()
}

/// The rows of a command that is about a thread; none of another one.
pub(super) fn cases(kind: Kind) -> Vec<Case> {
    match kind {
        Kind::Assign => {
            let mut cases = unless_a_colleagues("takes it", |of| assign(of, Some(of.me)));
            cases.extend(STATES.into_iter().flat_map(|state| {
                // An agent claims what is free, and gives away what is theirs.
                let on_tea = if whose(state) == Whose::Mine { ALL } else { FROM_SUPERVISOR };
                of_account("gives it to the supervisor", state, on_tea, |of| assign(of, Some(of.supervisor)))
            }));
            cases.extend(unless_a_colleagues("puts it back", |of| assign(of, None)));
            cases
        }
        Kind::SetStatus => {
            let mut cases = unless_a_colleagues("is done with it", done);
            cases.extend(unless_a_colleagues("opens it", |of| status(of, Status::Open)));
            cases.extend(unless_a_colleagues("lets it wait", |of| status(of, Status::WaitingOnCustomer)));
            cases
        }
        Kind::StartSend => {
            let mut cases = everywhere("answers in it", ALL, |of| start(of, false));
            cases.extend(unless_a_colleagues("answers and takes it", |of| start(of, true)));
            cases
        }
        Kind::LearnOwner => everywhere("learns whose app holds it", ALL, |of| {
            let (customer, seen, source) = (of.customer.clone(), OwnerSeen::Ours, OwnerSource::Took);
            let (at_ms, until_ms, note) = (1_791_190_800_000, None, None);
            Command::LearnOwner { customer, seen, source, at_ms, until_ms, note, when_done: false }
        }),
        Kind::NameCustomer => everywhere("names its customer", ALL, |of| {
            let (customer, name) = (of.customer.clone(), "Mara Lindt".to_owned());
            Command::NameCustomer { customer, name, by_hand: true }
        }),
        Kind::SetReplyPending => everywhere("says that a reply waits in it", ALL, |of| {
            Command::SetReplyPending { customer: of.customer.clone(), parts: 1 }
        }),
        Kind::FinishDraft => everywhere("is done with its handed draft", ALL, |of| Command::FinishDraft {
            customer: of.customer.clone(),
            seq: 1,
        }),
        Kind::AddNote => everywhere("writes a note there", ALL, |of| {
            let (customer, text) = (of.customer.clone(), "Warehouse says it left.".to_owned());
            let (note, mentions) = (NoteId::new(), vec![of.supervisor]);
            Command::AddNote { customer, note, text, mentions, supervisors_only: false }
        }),
        Kind::SetLabel => everywhere("puts a label on it", ALL, |of| Command::SetLabel {
            customer: of.customer.clone(),
            label: of.label,
            on: true,
        }),
        Kind::SetPriority => everywhere("says that it is urgent", ALL, |of| Command::SetPriority {
            customer: of.customer.clone(),
            urgent: true,
        }),
        Kind::SetReaction => everywhere("reacts in it", ALL, |of| {
            let (customer, mid, emoji) = (of.customer.clone(), "m_said".into(), Some("❤".to_owned()));
            Command::SetReaction { customer, mid, emoji, at_ms: 1_791_190_800_000 }
        }),
        Kind::SetBlock => everywhere("keeps its customer away", FROM_SUPERVISOR, |of| Command::SetBlock {
            customer: of.customer.clone(),
            blocked: true,
            spam: false,
        }),
        Kind::EraseCustomer => everywhere("erases its customer", [403, 403, 200], |of| {
            Command::EraseCustomer { customer: of.customer.clone() }
        }),
        _ => Vec::new(),
    }
}

fn status(of: &Scene, status: Status) -> Command {
    Command::SetStatus { customer: of.customer.clone(), status }
}
