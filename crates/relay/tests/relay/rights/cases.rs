//! The table: what each command answers to whom.
//!
//! `[agent, supervisor, admin]` of the account that it is about, and for the workspace `[no role, agent, supervisor, admin]`,
//! where the highest role on any account counts. On an account without a role everything is 404, see [`super::commands`].

use baton_protocol::account::{HumanAgentRight, QueueRules, RoutingMode, WaitingRule};
use baton_protocol::audit::AuditPage;
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement, Status};
use baton_protocol::{AppId, LabelId, NoteId};

use super::commands::{Kind, Scene};
use crate::stage::{TEA, connect};

/// How the thread stands when the command is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Nothing,
    HeldByColleague,
    HeldByMe,
    /// Nobody's, and done.
    Done,
    /// The asker's, and done.
    DoneByMe,
    DoneByColleague,
    AsleepWithMe,
    AsleepWithColleague,
    /// Nobody's, and its customer is kept away.
    KeptAway,
    /// A colleague's, and its customer is kept away.
    KeptAwayOfColleague,
    NoteOfColleague,
    NoteOfMe,
    /// A colleague's reply of which nobody knows whether it arrived.
    ReplyOfColleague,
    /// A reply of the asker's that is on its way.
    ReplyOfMe,
}

/// One row.
pub(super) struct Case {
    pub(super) what: &'static str,
    pub(super) before: Before,
    pub(super) command: fn(&Scene) -> Command,
    pub(super) on_tea: [u16; 3],
    pub(super) in_workspace: [u16; 4],
}

/// A command about an account. The workspace does not know it, whoever asks.
pub(super) fn of_account(
    what: &'static str,
    before: Before,
    on_tea: [u16; 3],
    command: fn(&Scene) -> Command,
) -> Vec<Case> {
    vec![Case { what, before, command, on_tea, in_workspace: [501; 4] }]
}

/// A command about the workspace. No account knows it, whoever asks.
fn of_workspace(what: &'static str, in_workspace: [u16; 4], command: fn(&Scene) -> Command) -> Vec<Case> {
    vec![Case { what, before: Before::Nothing, command, on_tea: [501; 3], in_workspace }]
}

/// The rows of a command.
pub(super) fn cases(kind: Kind) -> Vec<Case> {
    use Before::{
        HeldByColleague, HeldByMe, NoteOfColleague, NoteOfMe, Nothing, ReplyOfColleague, ReplyOfMe,
    };
    match kind {
        Kind::Assign => [
            of_account("claims a free thread", Nothing, [200, 200, 200], |of| assign(of, Some(of.me))),
            of_account("gives a free thread to another", Nothing, [403, 200, 200], |of| {
                assign(of, Some(of.colleague))
            }),
            of_account("gives a free thread to an outsider", Nothing, [403, 403, 403], |of| {
                assign(of, Some(of.outsider))
            }),
            of_account("takes a colleague's thread", HeldByColleague, [403, 200, 200], |of| {
                assign(of, Some(of.me))
            }),
            of_account("puts a colleague's thread back", HeldByColleague, [403, 200, 200], |of| {
                assign(of, None)
            }),
            of_account("gives the own thread away", HeldByMe, [200, 200, 200], |of| {
                assign(of, Some(of.colleague))
            }),
            of_account("gives the own thread to an outsider", HeldByMe, [403, 403, 403], |of| {
                assign(of, Some(of.outsider))
            }),
            of_account("puts the own thread back", HeldByMe, [200, 200, 200], |of| assign(of, None)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::SetStatus => [
            of_account("is done with a free thread", Nothing, [200, 200, 200], done),
            of_account("is done with the own thread", HeldByMe, [200, 200, 200], done),
            of_account("is done with a colleague's", HeldByColleague, [403, 200, 200], done),
            of_account("is done where a colleague answered", ReplyOfColleague, [200, 200, 200], done),
            of_account("is done with what was just answered", ReplyOfMe, [200, 200, 200], done),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::StartSend => [
            of_account("answers and claims", Nothing, [200, 200, 200], |of| start(of, true)),
            of_account("answers in a colleague's", HeldByColleague, [200, 200, 200], |of| start(of, false)),
            of_account("answers and takes a colleague's", HeldByColleague, [403, 200, 200], |of| {
                start(of, true)
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::SettleSend => [
            of_account("says that the own reply left", ReplyOfMe, [200, 200, 200], |of| {
                let mid = format!("m_{}", of.part);
                settle(of, Settlement::Sent { mid: mid.as_str().into(), at_ms: None })
            }),
            of_account("says that a colleague's never began", ReplyOfColleague, [403, 403, 403], |of| {
                settle(of, Settlement::NotBegun)
            }),
            of_account("closes a colleague's unknown reply", ReplyOfColleague, [403, 200, 200], |of| {
                settle(of, Settlement::Abandoned { by: of.me })
            }),
            of_account("closes it in another's name", ReplyOfColleague, [403, 403, 403], |of| {
                settle(of, Settlement::Abandoned { by: of.colleague })
            }),
            of_account("settles what nobody began", Nothing, [400, 400, 400], |of| {
                settle(of, Settlement::Unknown { why: "cut off".into() })
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::LearnOwner => of_account("learns the owner", Nothing, [200, 200, 200], |of| {
            let (customer, seen, source) = (of.customer.clone(), OwnerSeen::Ours, OwnerSource::Took);
            let (at_ms, until_ms, note) = (1_791_190_800_000, None, None);
            Command::LearnOwner { customer, seen, source, at_ms, until_ms, note, when_done: false }
        }),
        Kind::ConnectAccount => {
            let mut cases =
                of_account("connects again", Nothing, [200, 200, 200], |_| connect(TEA, "Northwind Tea"));
            cases.extend(of_account(
                "connects with another app",
                Nothing,
                [403, 403, 403],
                |_| match connect(TEA, "Northwind Tea") {
                    Command::ConnectAccount { platform, name, page, routing, fields, .. } => {
                        let app = AppId::from("1");
                        Command::ConnectAccount { platform, name, page, app, routing, fields }
                    }
                    other => other,
                },
            ));
            cases
        }
        Kind::NameCustomer => of_account("names a customer", Nothing, [200, 200, 200], |of| {
            let (customer, name) = (of.customer.clone(), "Mara Lindt".to_owned());
            Command::NameCustomer { customer, name, by_hand: true }
        }),
        Kind::ReportToken => of_account("says that the token died", Nothing, [200, 200, 200], |_| {
            Command::ReportToken { alive: false }
        }),
        Kind::ReportAccount => {
            of_account("says what Meta answered", Nothing, [200, 200, 200], |_| Command::ReportAccount {
                routing: RoutingMode::On,
                subscribed: true,
                fields: vec!["messages".to_owned()],
            })
        }
        Kind::ReportNames => of_account("says that names are given", Nothing, [200, 200, 200], |_| {
            Command::ReportNames { given: true }
        }),
        // What stands so already is nothing to do for anybody, so the admin's word comes after the others were asked.
        Kind::SetHumanAgent => {
            let mut cases =
                of_account("says that late replies are approved", Nothing, [403, 403, 200], |_| {
                    Command::SetHumanAgent { right: HumanAgentRight::Approved }
                });
            cases.extend(of_account("says that Meta refused one", Nothing, [200, 200, 200], |_| {
                Command::SetHumanAgent { right: HumanAgentRight::Refused }
            }));
            cases
        }
        Kind::SetRouting => {
            let mut cases = of_account("names the default app", Nothing, [200, 200, 200], |_| {
                let default_app = Some(AppId::from("263902037430900"));
                Command::SetRouting { routing: RoutingMode::On, default_app }
            });
            cases.extend(of_account("contradicts Meta's answer", Nothing, [403, 403, 200], |_| {
                Command::SetRouting { routing: RoutingMode::Off, default_app: None }
            }));
            cases
        }
        Kind::NameApp => of_account("names an app", Nothing, [403, 403, 200], |_| Command::NameApp {
            app: AppId::from("263902037430900"),
            name: "Teabot".into(),
            answers_count: false,
        }),
        Kind::ReportApp => of_account("tells an app's name", Nothing, [200, 200, 200], |_| {
            Command::ReportApp { app: AppId::from("263902037430901"), name: "Otherbot".into() }
        }),
        Kind::SetWaiting => of_account("lets replies leave unchecked", Nothing, [403, 403, 200], |_| {
            Command::SetWaiting { rule: WaitingRule::Send }
        }),
        Kind::SetHandBack => {
            of_account("hands back", Nothing, [403, 200, 200], |_| Command::SetHandBack { on: true })
        }
        Kind::SetQueue => of_account("sets the rules of the queue", Nothing, [403, 200, 200], |_| {
            Command::SetQueue { rules: QueueRules { limit: 7, ..QueueRules::default() } }
        }),
        Kind::ReturnThreads => {
            of_account("takes all threads from a colleague", HeldByColleague, [403, 200, 200], |of| {
                Command::ReturnThreads { agent: of.colleague }
            })
        }
        Kind::SetReplyPending => of_account("says that a reply waits", Nothing, [200, 200, 200], |of| {
            Command::SetReplyPending { customer: of.customer.clone(), parts: 1 }
        }),
        Kind::FinishDraft => of_account("is done with a handed draft", Nothing, [200, 200, 200], |of| {
            Command::FinishDraft { customer: of.customer.clone(), seq: 1 }
        }),
        Kind::AddNote => [
            of_account("writes a note", Nothing, [200, 200, 200], |of| note(of, None, false)),
            of_account("means a colleague", Nothing, [200, 200, 200], |of| {
                note(of, Some(of.colleague), false)
            }),
            of_account("means an outsider", Nothing, [403, 403, 403], |of| {
                note(of, Some(of.outsider), false)
            }),
            of_account("writes to supervisors", Nothing, [200, 200, 200], |of| {
                note(of, Some(of.supervisor), true)
            }),
            of_account("means an agent among supervisors", Nothing, [403, 403, 403], |of| {
                note(of, Some(of.colleague), true)
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::RemoveNote => [
            of_account("takes a colleague's note away", NoteOfColleague, [403, 200, 200], unnote),
            of_account("takes the own note away", NoteOfMe, [200, 200, 200], unnote),
            of_account("takes away what is not there", Nothing, [400, 400, 400], |of| Command::RemoveNote {
                customer: of.customer.clone(),
                note: NoteId::new(),
            }),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Kind::SetLabel => {
            let mut cases = of_account("puts a label on", Nothing, [200, 200, 200], |of| Command::SetLabel {
                customer: of.customer.clone(),
                label: of.label,
                on: true,
            });
            cases.extend(of_account("puts one on that nobody knows", Nothing, [400, 400, 400], |of| {
                Command::SetLabel { customer: of.customer.clone(), label: LabelId::new(), on: true }
            }));
            cases
        }
        Kind::SetPriority => of_account("says that it is urgent", Nothing, [200, 200, 200], |of| {
            Command::SetPriority { customer: of.customer.clone(), urgent: true }
        }),
        Kind::SetBlock => of_account("blocks a customer", Nothing, [403, 200, 200], |of| Command::SetBlock {
            customer: of.customer.clone(),
            blocked: true,
            spam: false,
        }),
        Kind::SetReaction => of_account("reacts", Nothing, [200, 200, 200], |of| {
            let (customer, mid, emoji) = (of.customer.clone(), "m_said".into(), Some("❤".to_owned()));
            Command::SetReaction { customer, mid, emoji, at_ms: 1_791_190_800_000 }
        }),
        // No role is enough for these two: the lease is (`stewards.rs`).
        Kind::AppendAudit => of_account("appends history", Nothing, [403, 403, 403], |of| {
            let page = AuditPage {
                customer: of.customer.clone(),
                conversation: "t_1".into(),
                desk: of.my_desk,
                read_at_ms: 1_791_190_800_000,
                customer_name: None,
                messages: Vec::new(),
                is_oldest: true,
                older_withheld: false,
                lacks: Vec::new(),
            };
            Command::AppendAudit { page: Box::new(page) }
        }),
        Kind::ReportHistory => of_account("ends a pass", Nothing, [403, 403, 403], |_| {
            Command::ReportHistory { through_ms: 1_791_190_800_000, unread: Vec::new() }
        }),
        Kind::PauseHistory => {
            of_account("pauses history", Nothing, [403, 200, 200], |_| Command::PauseHistory { paused: true })
        }
        Kind::EraseCustomer => of_account("erases a customer", NoteOfColleague, [403, 403, 200], |of| {
            Command::EraseCustomer { customer: of.customer.clone() }
        }),
        Kind::RemoveAccount => {
            of_account("removes the account", Nothing, [403, 403, 200], |_| Command::RemoveAccount)
        }
        Kind::DefineLabel => of_workspace("defines a label", [403, 403, 200, 200], |of| {
            let (label, name) = (LabelId::new(), format!("Label {}", of.customer));
            Command::DefineLabel { label, name, colour: "#0b6b66".into(), removed: false }
        }),
        Kind::SetCannedReply => of_workspace("shares a canned reply", [403, 403, 200, 200], |of| {
            let text = Some(format!("At nine, {}.", of.customer));
            Command::SetCannedReply { name: "hours".into(), text }
        }),
    }
}

pub(super) fn assign(of: &Scene, assignee: Option<baton_protocol::AgentId>) -> Command {
    Command::Assign { customer: of.customer.clone(), assignee }
}

pub(super) fn start(of: &Scene, claim: bool) -> Command {
    Command::StartSend {
        customer: of.customer.clone(),
        reply: of.reply,
        part: of.part,
        index: 0,
        of: 1,
        text: "Yes, three are left.".into(),
        file: None,
        tag: None,
        claim,
        unchecked: false,
        despite_unknown: false,
    }
}

pub(super) fn done(of: &Scene) -> Command {
    Command::SetStatus { customer: of.customer.clone(), status: Status::Done }
}

fn settle(of: &Scene, settlement: Settlement) -> Command {
    Command::SettleSend { customer: of.customer.clone(), reply: of.reply, part: of.part, settlement }
}

fn note(of: &Scene, means: Option<baton_protocol::AgentId>, supervisors_only: bool) -> Command {
    let (text, mentions) = ("Warehouse says it left.".to_owned(), means.into_iter().collect());
    Command::AddNote { customer: of.customer.clone(), note: of.note, text, mentions, supervisors_only }
}

fn unnote(of: &Scene) -> Command {
    Command::RemoveNote { customer: of.customer.clone(), note: of.note }
}
