//! Private notes and priority: what the team says to itself about a thread.
//!
//! A note's id stands for one note of one thread for ever. Who only repeats it is told that it stands; nobody puts another
//! text in its place, whether in this thread or elsewhere.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::note::{self, NoteFault};
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, CustomerId, NoteId};

use super::decide::{Decision, Scene, by};
use super::thread_state::Asker;

/// The note under the id that a command names, as the log tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownNote {
    /// True for one of the thread that the command is about.
    pub is_here: bool,
    /// The fact that added it; without its words once it was taken away or its customer was erased.
    pub added: TeamFact,
    /// True once it was taken away.
    pub is_removed: bool,
}

impl KnownNote {
    fn author(&self) -> Option<AgentId> {
        match &self.added {
            TeamFact::NoteAdded { by: Actor::Agent { agent, .. }, .. } => Some(*agent),
            _ => None,
        }
    }

    /// Whether the log has this very note, or had it.
    fn is(&self, asker: &Asker, asked: &TeamFact) -> bool {
        let as_it_was = match (asked, &self.added) {
            // Its words are gone; its author repeats what an answer was lost to.
            (TeamFact::NoteAdded { .. }, TeamFact::NoteAdded { text, .. }) if text.is_empty() => true,
            (
                TeamFact::NoteAdded { text, mentions, supervisors_only, .. },
                TeamFact::NoteAdded { text: said, mentions: meant, supervisors_only: kept, .. },
            ) => (text, mentions, supervisors_only) == (said, meant, kept),
            _ => false,
        };
        self.is_here && self.author() == Some(asker.agent) && as_it_was
    }
}

/// Anybody with a role writes notes; who is meant has to be able to read them.
pub(super) fn add(asker: &Asker, command: &Command, scene: &Scene) -> Decision {
    let Command::AddNote { customer, note, text, mentions, supervisors_only } = command.clone() else {
        return Decision::bad_request("This command is about no note.");
    };
    if let Err(fault) = note::check(&text, &mentions) {
        return unusable(fault);
    }
    let added = TeamFact::NoteAdded { customer, note, text, mentions, supervisors_only, by: by(asker) };
    if let Some(known) = &scene.note {
        return if known.is(asker, &added) {
            Decision::nothing_to_do()
        } else {
            Decision::bad_request("There is another note under this id.")
        };
    }
    if scene.mentioned.contains(&None) {
        return Decision::not_allowed(
            "The note mentions somebody who does not work on this account.",
            "Take the name out, or have an admin add them to the account.",
        );
    }
    if supervisors_only && scene.mentioned.contains(&Some(Role::Agent)) {
        return Decision::not_allowed(
            "A note for supervisors mentions somebody who is none.",
            "Take the name out, or write the note for all.",
        );
    }
    Decision::one(added)
}

/// Its author takes a note away, and so does a supervisor.
pub(super) fn remove(asker: &Asker, scene: &Scene, customer: &CustomerId, note: NoteId) -> Decision {
    // That there is one of another thread is told to nobody.
    let Some(known) = scene.note.as_ref().filter(|known| known.is_here) else {
        return Decision::bad_request("There is no such note in this thread.");
    };
    if asker.role == Role::Agent && known.author() != Some(asker.agent) {
        return Decision::not_allowed(
            "Only its author or a supervisor takes a note away.",
            "Ask whoever wrote it, or a supervisor of this account.",
        );
    }
    if known.is_removed {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::NoteRemoved { customer: customer.clone(), note, by: by(asker) })
}

/// Anybody with a role says what is urgent.
pub(super) fn set_priority(asker: &Asker, scene: &Scene, customer: &CustomerId, urgent: bool) -> Decision {
    if scene.urgent == urgent {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::PrioritySet { customer: customer.clone(), urgent, by: by(asker) })
}

fn unusable(fault: NoteFault) -> Decision {
    let action = match fault {
        NoteFault::Empty => "Write something.",
        NoteFault::TooLong => "Shorten it, or make two notes of it.",
        NoteFault::Mentions => "Mention fewer people, and each of them once.",
    };
    Decision::refuse(ErrorCode::BadRequest, &format!("This is no note to be kept: {fault}."), action)
}

#[cfg(test)]
mod tests {
    use baton_protocol::DeskId;

    use super::super::ThreadState;
    use super::super::tests::scene as scene_of;
    use super::*;

    const TEXT: &str = "Warehouse says the second box left too.";

    fn scene() -> Scene {
        scene_of(&ThreadState::default())
    }

    fn asker(role: Role) -> Asker {
        Asker { desk: DeskId::new(), agent: AgentId::new(), role }
    }

    fn command(note: NoteId, text: &str, mentions: Vec<AgentId>, supervisors_only: bool) -> Command {
        Command::AddNote { customer: "mara".into(), note, text: text.to_owned(), mentions, supervisors_only }
    }

    fn known(decision: Decision) -> KnownNote {
        let Decision::Accept { mut facts, .. } = decision else { panic!("{decision:?}") };
        KnownNote { is_here: true, added: facts.remove(0), is_removed: false }
    }

    fn code(decision: &Decision) -> Option<ErrorCode> {
        match decision {
            Decision::Refuse(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    #[test]
    fn a_repeat_is_nothing_to_do_and_another_text_under_the_same_id_is_refused() {
        let (ines, note) = (asker(Role::Agent), NoteId::new());
        let first = command(note, TEXT, vec![], false);
        let scene = Scene { note: Some(known(add(&ines, &first, &scene()))), ..scene() };
        assert_eq!(add(&ines, &first, &scene), Decision::nothing_to_do());
        for other in [
            command(note, "Something else.", vec![], false),
            command(note, TEXT, vec![ines.agent], false),
            command(note, TEXT, vec![], true),
        ] {
            assert_eq!(code(&add(&ines, &other, &scene)), Some(ErrorCode::BadRequest), "{other:?}");
        }
        assert_eq!(
            code(&add(&asker(Role::Admin), &first, &scene)),
            Some(ErrorCode::BadRequest),
            "not theirs"
        );
        let elsewhere = KnownNote { is_here: false, ..scene.note.clone().unwrap() };
        let scene = Scene { note: Some(elsewhere), ..scene };
        assert_eq!(code(&add(&ines, &first, &scene)), Some(ErrorCode::BadRequest), "of another thread");
    }

    #[test]
    fn a_repeat_after_it_was_taken_away_brings_nothing_back() {
        let (ines, note) = (asker(Role::Agent), NoteId::new());
        let first = command(note, TEXT, vec![], false);
        let mut gone = known(add(&ines, &first, &scene()));
        gone.added = gone.added.without_words().unwrap();
        gone.is_removed = true;
        let scene = Scene { note: Some(gone), ..scene() };
        assert_eq!(add(&ines, &first, &scene), Decision::nothing_to_do());
    }

    #[test]
    fn who_is_meant_works_on_the_account_and_may_read_the_note() {
        let ines = asker(Role::Agent);
        let say = |only| command(NoteId::new(), TEXT, vec![AgentId::new()], only);
        for (role, only, refused) in [
            (None, false, true),
            (Some(Role::Agent), false, false),
            (Some(Role::Agent), true, true),
            (Some(Role::Supervisor), true, false),
            (Some(Role::Admin), true, false),
        ] {
            let scene = Scene { mentioned: vec![role], ..scene() };
            let decision = add(&ines, &say(only), &scene);
            assert_eq!(code(&decision), refused.then_some(ErrorCode::NotAllowed), "{role:?} {only}");
        }
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let ines = asker(Role::Agent);
        for text in ["", "  \n", "a".repeat(note::TEXT_UNITS + 1).as_str()] {
            let decision = add(&ines, &command(NoteId::new(), text, vec![], false), &scene());
            assert_eq!(code(&decision), Some(ErrorCode::BadRequest));
        }
    }

    #[test]
    fn its_author_and_supervisors_take_a_note_away_and_nobody_else() {
        let (ines, note) = (asker(Role::Agent), NoteId::new());
        let added = known(add(&ines, &command(note, TEXT, vec![], false), &scene()));
        let with = |note| Scene { note, ..scene() };
        let mara = CustomerId::from("mara");
        for (who, may) in [
            (ines, true),
            (Asker { desk: DeskId::new(), ..ines }, true),
            (asker(Role::Agent), false),
            (asker(Role::Supervisor), true),
            (asker(Role::Admin), true),
        ] {
            let decision = remove(&who, &with(Some(added.clone())), &mara, note);
            assert_eq!(code(&decision), (!may).then_some(ErrorCode::NotAllowed), "{who:?}");
        }
        let gone = KnownNote { is_removed: true, ..added.clone() };
        assert_eq!(remove(&ines, &with(Some(gone)), &mara, note), Decision::nothing_to_do());
        let elsewhere = KnownNote { is_here: false, ..added };
        for unknown in [None, Some(elsewhere)] {
            let decision = remove(&asker(Role::Admin), &with(unknown), &mara, note);
            assert_eq!(code(&decision), Some(ErrorCode::BadRequest));
        }
    }

    #[test]
    fn everybody_says_what_is_urgent_and_once_is_enough() {
        let mara = CustomerId::from("mara");
        for role in [Role::Agent, Role::Supervisor, Role::Admin] {
            for urgent in [true, false] {
                let scene = Scene { urgent: !urgent, ..scene() };
                assert!(matches!(
                    set_priority(&asker(role), &scene, &mara, urgent),
                    Decision::Accept { facts, .. }
                        if matches!(facts[..], [TeamFact::PrioritySet { urgent: set, .. }] if set == urgent)
                ));
                let scene = Scene { urgent, ..scene };
                assert_eq!(set_priority(&asker(role), &scene, &mara, urgent), Decision::nothing_to_do());
            }
        }
    }
}
