//! What holds for the whole workspace and names no account: shared canned replies.

use baton_protocol::canned;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;

use super::decide::{Decision, not_here};

/// What a command of the workspace log is judged against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceScene {
    /// The highest role of the asking agent on any account; none without one.
    pub role: Option<Role>,
    /// The text of the shared canned reply that the command names; none when there is none.
    pub canned: Option<String>,
}

/// Judges a command of the workspace log.
#[must_use]
pub fn decide_workspace(request: &CommandRequest, scene: &WorkspaceScene) -> Decision {
    match &request.command {
        Command::SetCannedReply { name, text } => set_canned_reply(name, text.as_deref(), scene),
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

#[cfg(test)]
mod tests {
    use baton_protocol::CommandId;

    use super::*;

    fn asked(text: Option<&str>, scene: &WorkspaceScene) -> Decision {
        let command = Command::SetCannedReply { name: "hours".into(), text: text.map(str::to_owned) };
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: None,
            if_no_word_after: None,
            command,
        };
        decide_workspace(&request, scene)
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
            let decision = asked(Some("At nine."), &WorkspaceScene { role, canned: None });
            assert_eq!(refused(&decision), (!may).then_some(ErrorCode::NotAllowed), "{role:?}");
        }
    }

    #[test]
    fn what_stands_so_already_makes_no_entry() {
        let scene = WorkspaceScene { role: Some(Role::Admin), canned: Some("At nine.".into()) };
        assert_eq!(asked(Some("At nine."), &scene), Decision::nothing_to_do());
        assert_ne!(asked(Some("At ten."), &scene), Decision::nothing_to_do());
        assert_ne!(asked(None, &scene), Decision::nothing_to_do());
        assert_eq!(asked(None, &WorkspaceScene { canned: None, ..scene }), Decision::nothing_to_do());
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        let scene = WorkspaceScene { role: Some(Role::Admin), canned: None };
        assert_eq!(refused(&asked(Some("  "), &scene)), Some(ErrorCode::BadRequest));
        let long = "a".repeat(canned::TEXT_UNITS + 1);
        assert_eq!(refused(&asked(Some(&long), &scene)), Some(ErrorCode::BadRequest));
    }
}
