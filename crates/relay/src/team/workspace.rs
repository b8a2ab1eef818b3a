//! What holds for the whole workspace and names no account: shared canned replies, and which labels there are.

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;
use baton_protocol::{LabelId, canned, label};

use super::decide::{Decision, not_here};

/// What a command of the workspace log is judged against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceScene {
    /// The highest role of the asking agent on any account; none without one.
    pub role: Option<Role>,
    /// The text of the shared canned reply that the command names; none when there is none.
    pub canned: Option<String>,
    /// The labels of the workspace, also those that were taken out; for commands about one.
    pub labels: Vec<LabelNow>,
}

/// A label as the workspace log tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelNow {
    /// Its id.
    pub label: LabelId,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub colour: String,
    /// It was taken out of the workspace.
    pub is_removed: bool,
}

/// Judges a command of the workspace log.
#[must_use]
pub fn decide_workspace(request: &CommandRequest, scene: &WorkspaceScene) -> Decision {
    match &request.command {
        Command::SetCannedReply { name, text } => set_canned_reply(name, text.as_deref(), scene),
        Command::DefineLabel { label, name, colour, removed } => define_label(
            LabelNow { label: *label, name: name.clone(), colour: colour.clone(), is_removed: *removed },
            scene,
        ),
        _ => not_here(),
    }
}

/// The shared canned reply that a command is about.
#[must_use]
pub fn named_canned(command: &Command) -> Option<&str> {
    match command {
        Command::SetCannedReply { name, .. } => Some(name),
        _ => None,
    }
}

fn set_canned_reply(name: &str, text: Option<&str>, scene: &WorkspaceScene) -> Decision {
    if scene.role.is_none_or(|role| role < Role::Supervisor) {
        return Decision::not_allowed(
            "Only a supervisor or an admin changes the replies that everybody shares.",
            "Ask one, or keep the reply for yourself.",
        );
    }
    if let Err(fault) = canned::check(name, text) {
        return Decision::refuse(
            ErrorCode::BadRequest,
            &format!("This is no reply to be kept: {fault}."),
            "Shorten it, or give it a name and a text.",
        );
    }
    if scene.canned.as_deref() == text {
        return Decision::nothing_to_do();
    }
    Decision::one(TeamFact::CannedReplySet { name: name.to_owned(), text: text.map(str::to_owned) })
}

fn define_label(asked: LabelNow, scene: &WorkspaceScene) -> Decision {
    if scene.role.is_none_or(|role| role < Role::Supervisor) {
        return Decision::not_allowed(
            "Only a supervisor or an admin changes which labels there are.",
            "Ask one of them.",
        );
    }
    let known = scene.labels.iter().find(|known| known.label == asked.label);
    if asked.is_removed {
        // Programs of before go on showing it, under the name it had.
        return match known.filter(|known| !known.is_removed) {
            Some(known) => defined(LabelNow { is_removed: true, ..known.clone() }),
            None => Decision::nothing_to_do(),
        };
    }
    if known == Some(&asked) {
        return Decision::nothing_to_do();
    }
    if let Err(fault) = label::check(&asked.name, &asked.colour) {
        return no_label(
            &format!("This is no label to be kept: {fault}."),
            "Give it a short name and a colour.",
        );
    }
    let mut others = scene.labels.iter().filter(|other| !other.is_removed && other.label != asked.label);
    if others.clone().count() >= label::MOST {
        return no_label(
            "There are as many labels as there can be.",
            "Remove one that nobody needs, then try again.",
        );
    }
    if let Some(other) = others.find(|other| label::is_same_name(&other.name, &asked.name)) {
        return no_label(&format!("There is a label “{}” already.", other.name), "Choose another name.");
    }
    defined(asked)
}

fn defined(LabelNow { label, name, colour, is_removed: removed }: LabelNow) -> Decision {
    Decision::one(TeamFact::LabelDefined { label, name, colour, removed })
}

fn no_label(message: &str, action: &str) -> Decision {
    Decision::refuse(ErrorCode::BadRequest, message, action)
}

#[cfg(test)]
mod tests {
    use baton_protocol::CommandId;

    use super::*;

    fn asked(text: Option<&str>, scene: &WorkspaceScene) -> Decision {
        judged(Command::SetCannedReply { name: "hours".into(), text: text.map(str::to_owned) }, scene)
    }

    fn judged(command: Command, scene: &WorkspaceScene) -> Decision {
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: None,
            if_no_word_after: None,
            command,
        };
        decide_workspace(&request, scene)
    }

    fn vip() -> LabelNow {
        LabelNow {
            label: LabelId(uuid::Uuid::from_u128(1)),
            name: "VIP".into(),
            colour: "#b8386f".into(),
            is_removed: false,
        }
    }

    fn of_admin(labels: Vec<LabelNow>) -> WorkspaceScene {
        WorkspaceScene { role: Some(Role::Admin), canned: None, labels }
    }

    fn define(asked: LabelNow, scene: &WorkspaceScene) -> Decision {
        let LabelNow { label, name, colour, is_removed: removed } = asked;
        judged(Command::DefineLabel { label, name, colour, removed }, scene)
    }

    /// What the log is told; none when it is told nothing.
    fn told(decision: &Decision) -> Option<(String, bool)> {
        match decision {
            Decision::Accept { facts, .. } => match &facts[..] {
                [] => None,
                [TeamFact::LabelDefined { name, removed, .. }] => Some((name.clone(), *removed)),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn refused(decision: &Decision) -> Option<ErrorCode> {
        match decision {
            Decision::Refuse(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    #[test]
    fn supervisors_and_admins_set_shared_replies_and_nobody_else() {
        for (role, may) in [
            (None, false),
            (Some(Role::Agent), false),
            (Some(Role::Supervisor), true),
            (Some(Role::Admin), true),
        ] {
            let decision =
                asked(Some("At nine."), &WorkspaceScene { role, canned: None, labels: Vec::new() });
            assert_eq!(refused(&decision), (!may).then_some(ErrorCode::NotAllowed), "{role:?}");
        }
    }

    #[test]
    fn what_stands_so_already_makes_no_entry() {
        let scene = WorkspaceScene { canned: Some("At nine.".into()), ..of_admin(Vec::new()) };
        assert_eq!(asked(Some("At nine."), &scene), Decision::nothing_to_do());
        assert_ne!(asked(Some("At ten."), &scene), Decision::nothing_to_do());
        assert_ne!(asked(None, &scene), Decision::nothing_to_do());
        assert_eq!(asked(None, &WorkspaceScene { canned: None, ..scene }), Decision::nothing_to_do());
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        let scene = of_admin(Vec::new());
        assert_eq!(refused(&asked(Some("  "), &scene)), Some(ErrorCode::BadRequest));
        let long = "a".repeat(canned::TEXT_UNITS + 1);
        assert_eq!(refused(&asked(Some(&long), &scene)), Some(ErrorCode::BadRequest));
    }

    #[test]
    fn supervisors_and_admins_define_labels_and_nobody_else() {
        for (role, may) in [
            (None, false),
            (Some(Role::Agent), false),
            (Some(Role::Supervisor), true),
            (Some(Role::Admin), true),
        ] {
            for removed in [false, true] {
                let scene = WorkspaceScene { role, ..of_admin(vec![vip()]) };
                let asked = LabelNow { name: "Very important".into(), is_removed: removed, ..vip() };
                let decision = define(asked, &scene);
                assert_eq!(refused(&decision), (!may).then_some(ErrorCode::NotAllowed), "{role:?} {removed}");
            }
        }
    }

    #[test]
    fn a_label_is_defined_renamed_taken_out_and_comes_back_under_its_id() {
        assert_eq!(told(&define(vip(), &of_admin(Vec::new()))), Some(("VIP".into(), false)));
        let there = of_admin(vec![vip()]);
        assert_eq!(told(&define(vip(), &there)), None, "it stands so already");
        let lower = LabelNow { name: "vip".into(), ..vip() };
        assert_eq!(
            told(&define(lower, &there)),
            Some(("vip".into(), false)),
            "it is in nobody's way but its own"
        );
        let other_colour = LabelNow { colour: "#0b6b66".into(), ..vip() };
        assert_eq!(told(&define(other_colour, &there)), Some(("VIP".into(), false)));

        let gone = LabelNow { is_removed: true, ..vip() };
        let nameless = LabelNow { name: String::new(), colour: String::new(), ..gone.clone() };
        assert_eq!(
            told(&define(nameless, &there)),
            Some(("VIP".into(), true)),
            "it goes under the name it had"
        );
        assert_eq!(told(&define(gone.clone(), &of_admin(vec![gone.clone()]))), None);
        assert_eq!(told(&define(gone.clone(), &of_admin(Vec::new()))), None);
        assert_eq!(told(&define(vip(), &of_admin(vec![gone]))), Some(("VIP".into(), false)));
    }

    #[test]
    fn two_labels_never_go_by_one_name_and_that_of_one_that_is_gone_is_free() {
        let other = |name: &str| LabelNow { label: LabelId::new(), name: name.into(), ..vip() };
        let scene = of_admin(vec![vip()]);
        for name in ["VIP", "vip", "Vip"] {
            assert_eq!(refused(&define(other(name), &scene)), Some(ErrorCode::BadRequest), "{name}");
        }
        assert_eq!(told(&define(other("VIPs"), &scene)), Some(("VIPs".into(), false)));
        let scene = of_admin(vec![LabelNow { is_removed: true, ..vip() }]);
        assert_eq!(told(&define(other("vip"), &scene)), Some(("vip".into(), false)));
    }

    #[test]
    fn what_is_no_label_and_one_too_many_are_refused() {
        let scene = of_admin(Vec::new());
        for (name, colour) in [("", "#b8386f"), (" VIP", "#b8386f"), ("VIP", "red")] {
            let asked = LabelNow { name: name.into(), colour: colour.into(), ..vip() };
            assert_eq!(refused(&define(asked, &scene)), Some(ErrorCode::BadRequest), "{name:?} {colour:?}");
        }
        let long = LabelNow { name: "a".repeat(label::NAME_CHARS + 1), ..vip() };
        assert_eq!(refused(&define(long, &scene)), Some(ErrorCode::BadRequest));
        let many = |count: usize| {
            let label = |n| LabelNow { label: LabelId::new(), name: format!("Label {n}"), ..vip() };
            of_admin((0..count).map(label).collect())
        };
        assert_eq!(refused(&define(vip(), &many(label::MOST))), Some(ErrorCode::BadRequest));
        assert_eq!(told(&define(vip(), &many(label::MOST - 1))), Some(("VIP".into(), false)));
    }
}
