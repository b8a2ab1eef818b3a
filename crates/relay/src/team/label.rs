//! Labels on threads. Which labels there are is the workspace's, see [`super::workspace`].

use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;
use baton_protocol::{CustomerId, LabelId};

use super::decide::{Decision, Scene, by};
use super::thread_state::Asker;

/// How the label that a command names stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownLabel {
    /// It is one of the workspace's.
    pub is_there: bool,
    /// The thread carries it.
    pub is_on: bool,
}

/// Anybody with a role puts labels on and takes them off. One that was taken out of the workspace can still come off.
pub(super) fn set(
    asker: &Asker,
    scene: &Scene,
    customer: &CustomerId,
    (label, on): (LabelId, bool),
) -> Decision {
    let known = scene.label.unwrap_or_default();
    // Also where the thread still carries it: nobody sees it there.
    if on && !known.is_there {
        return Decision::refuse(
            ErrorCode::BadRequest,
            "This label is not among those of the workspace any more.",
            "Choose another one.",
        );
    }
    if known.is_on == on {
        return Decision::nothing_to_do();
    }
    let (customer, by) = (customer.clone(), by(asker));
    Decision::one(if on {
        TeamFact::LabelAdded { customer, label, by }
    } else {
        TeamFact::LabelRemoved { customer, label, by }
    })
}

#[cfg(test)]
mod tests {
    use baton_protocol::enrol::Role;
    use baton_protocol::{AgentId, DeskId};

    use super::super::ThreadState;
    use super::super::tests::scene as scene_of;
    use super::*;

    fn ask(role: Role, known: KnownLabel, on: bool) -> Decision {
        let asker = Asker { desk: DeskId::new(), agent: AgentId::new(), role };
        let scene = Scene { label: Some(known), ..scene_of(&ThreadState::default()) };
        set(&asker, &scene, &"mara".into(), (LabelId::new(), on))
    }

    #[test]
    fn everybody_labels_and_once_is_enough() {
        for role in [Role::Agent, Role::Supervisor, Role::Admin] {
            let off = KnownLabel { is_there: true, is_on: false };
            let Decision::Accept { facts, .. } = ask(role, off, true) else { panic!("{role:?}") };
            assert!(matches!(facts[..], [TeamFact::LabelAdded { .. }]));
            assert_eq!(ask(role, off, false), Decision::nothing_to_do());
            let on = KnownLabel { is_on: true, ..off };
            let Decision::Accept { facts, .. } = ask(role, on, false) else { panic!("{role:?}") };
            assert!(matches!(facts[..], [TeamFact::LabelRemoved { .. }]));
            assert_eq!(ask(role, on, true), Decision::nothing_to_do());
        }
    }

    #[test]
    fn one_that_is_gone_is_put_on_no_thread_and_still_comes_off() {
        let gone = KnownLabel { is_there: false, is_on: false };
        for is_on in [false, true] {
            let refused = ask(Role::Admin, KnownLabel { is_on, ..gone }, true);
            assert!(matches!(refused, Decision::Refuse(no) if no.code == ErrorCode::BadRequest));
        }
        let Decision::Accept { facts, .. } = ask(Role::Agent, KnownLabel { is_on: true, ..gone }, false)
        else {
            panic!("it cannot be taken off")
        };
        assert!(matches!(facts[..], [TeamFact::LabelRemoved { .. }]));
    }
}
