//! From a command's name and JSON to its function and back. Every host calls this and nothing else.

use serde_json::Value;

use crate::answer::Answering;
use crate::contract::account::{
    AccountName, CountAnswers, EvidenceFile, RemovalView, RemovedView, RenameApp,
};
use crate::contract::alerts::{AlertSettings, AlertTrial, AlertsView, LookAt, SetQuiet};
use crate::contract::attachment::{MediaName, MediaNow, OpenOutside, Saved, SetVault, VaultView};
use crate::contract::board::{BoardAgents, BoardView, BoardWindow, ReadBoard, ReadBoardAgents};
use crate::contract::canned::{CannedReplies, SetCannedReply};
use crate::contract::composer::{
    ComposerState, NotLeft, PartName, PartPress, PutAside, RemoveFile, SaveDraft, SendReceipt, SendReply,
};
use crate::contract::error::{CommandError, CommandErrorCode};
use crate::contract::history::PauseHistory;
use crate::contract::labels::{DefineLabel, LabelName, LabelsView, SetLabel};
use crate::contract::login::{BeginLogin, ConnectGranted, LoginView};
use crate::contract::many::{Many, ManyDone, ManyPreview, ManyUndone, UndoMany};
use crate::contract::note::{
    AddNote, Escalate, GiveThread, Members, NoteReceipt, RemoveNote, SaveNoteDraft, SetUrgent,
};
use crate::contract::people::{
    DeskName, ErasingView, ErasureView, InviteName, InviteShown, InviteText, InvitesChecked, InvitesFile,
    MakeInvite, PeopleView, RenameAgent, SetRole,
};
use crate::contract::presence::{PresenceView, SetPresence, Shows};
use crate::contract::queue::{AgentName, HandedDraftName, ReturnedView, ReturningView, SetQueue};
use crate::contract::search::{Found, FoundPeople, Search, SearchPeople};
use crate::contract::session::{
    CheckRelay, Enrol, PageCheck, PageToken, RelayCheck, Session, SetHandBack, SetHumanAgent, SetWaiting,
    Setting, SettingName,
};
use crate::contract::status::{Diagnostics, StatusLine};
use crate::contract::thread::{
    ActOnControl, AnswerMessage, Assign, ItemPage, ItemStretch, ItemsAround, ItemsFrom, Mark, MarkSeen,
    Marked, NewerItems, OfferAnswers, OlderItems, React, RenameCustomer, SetStatus, ShowTyping, ThreadName,
    ThreadView,
};
use crate::contract::threads::{BlockCustomer, ListThreads, ThreadPage};
use crate::contract::views::{SaveView, SavedViewName, SavedViews};

macro_rules! answer_by_name {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $response:ty;)*) => {
        /// The commands, as Rust names them.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Answers the command `name`, written as the page writes it (`listThreads`).
        ///
        /// # Errors
        /// [`CommandErrorCode::BadRequest`] for an unknown name or a request of another shape; else what the command's
        /// function gives.
        pub async fn dispatch(desk: &Answering, name: &str, request: Value) -> Result<Value, CommandError> {
            let answer = by_name(desk, name, request).await;
            if answer.as_ref().is_err_and(|error| error.code == CommandErrorCode::Storage) {
                desk.desk().suspect_file();
            }
            answer
        }

        async fn by_name(desk: &Answering, name: &str, request: Value) -> Result<Value, CommandError> {
            let name = snake(name);
            $(
                if name == stringify!($name) {
                    let request: $request = serde_json::from_value(request).map_err(|e| bad_request(&name, &e))?;
                    let response: $response = desk.$name(request).await?;
                    return serde_json::to_value(response).map_err(|e| bad_request(&name, &e));
                }
            )*
            Err(unknown_command(&name))
        }
    };
}

crate::with_commands!(answer_by_name);

/// `listThreads` as Rust writes it: `list_threads`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// The request's own words are left out: they may hold a token or an invite.
fn bad_request(name: &str, error: &serde_json::Error) -> CommandError {
    CommandError {
        code: CommandErrorCode::BadRequest,
        message: format!(
            "The window asked {name} in a form this desk does not know ({:?}).",
            error.classify()
        ),
        action: "Restart Baton. If it happens again, send the diagnostics to whoever looks after it."
            .to_owned(),
        retryable: false,
        link: None,
    }
}

fn unknown_command(name: &str) -> CommandError {
    CommandError {
        code: CommandErrorCode::BadRequest,
        message: format!("The window asked for {name}, which this desk does not know."),
        action: "Restart Baton, so that window and desk are of the same version.".to_owned(),
        retryable: false,
        link: None,
    }
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_of_the_page_become_names_of_the_list() {
        assert_eq!(snake("listThreads"), "list_threads");
        assert_eq!(snake("session"), "session");
    }
}
