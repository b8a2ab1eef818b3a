//! Every command × every role × every account.
//!
//! A new command does not compile until it has a name here and its rows in [`super::cases`].

use std::collections::BTreeMap;

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Settlement, Status};
use baton_protocol::{
    AgentId, CommandId, CustomerId, DeskId, LabelId, LogName, NoteId, PartId, ReplyId, routes,
};
use baton_relay::clock::Clock as _;
use reqwest::Method;

use super::cases::{Before, Case, cases};
use super::states;
use super::{ASKERS, Answer, Asker, House, NOBODYS, QUIRIN, is_accepted};
use crate::stage::{COFFEE, Desk, TEA, customer, plain};

macro_rules! kinds {
    ($($kind:ident),* $(,)?) => {
        /// The commands there are, one by one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind),*
        }

        impl Kind {
            const ALL: &[Self] = &[$(Self::$kind),*];

            fn of(command: &Command) -> Self {
                match command {
                    $(Command::$kind { .. } => Self::$kind),*
                }
            }
        }
    };
}

kinds! {
    Assign,
    SetStatus,
    StartSend,
    SettleSend,
    LearnOwner,
    ConnectAccount,
    NameCustomer,
    ReportToken,
    ReportAccount,
    ReportNames,
    SetHumanAgent,
    SetRouting,
    NameApp,
    ReportApp,
    SetWaiting,
    SetHandBack,
    SetQueue,
    ReturnThreads,
    SetReplyPending,
    FinishDraft,
    AddNote,
    RemoveNote,
    SetLabel,
    SetPriority,
    SetBlock,
    SetReaction,
    AppendAudit,
    ReportHistory,
    PauseHistory,
    EraseCustomer,
    RemoveAccount,
    DefineLabel,
    SetCannedReply,
}

/// What a command is asked about.
pub(super) struct Scene {
    pub(super) customer: CustomerId,
    pub(super) me: AgentId,
    pub(super) my_desk: DeskId,
    pub(super) colleague: AgentId,
    /// Somebody who works on the coffee alone.
    pub(super) outsider: AgentId,
    pub(super) supervisor: AgentId,
    pub(super) note: NoteId,
    pub(super) label: LabelId,
    pub(super) reply: ReplyId,
    pub(super) part: PartId,
    /// The thread's version and its last word as they are.
    pub(super) seen: (u64, u64),
}

/// What stands in the way of the code, where there is one.
fn code_of(status: u16) -> Option<ErrorCode> {
    match status {
        400 => Some(ErrorCode::BadRequest),
        403 => Some(ErrorCode::NotAllowed),
        404 => Some(ErrorCode::NoSuchLog),
        501 => Some(ErrorCode::NotImplemented),
        _ => None,
    }
}

impl Case {
    /// What is answered about the account on which those of the tea have their roles.
    fn on_tea(&self, asker: Asker) -> (u16, Option<ErrorCode>) {
        let [agent, supervisor, admin] = self.on_tea;
        let status = match asker {
            Asker::Agent | Asker::AdminElsewhere => agent,
            Asker::Supervisor => supervisor,
            Asker::Admin => admin,
            _ => return elsewhere(asker),
        };
        (status, code_of(status))
    }

    /// What is answered about the workspace.
    fn in_workspace(&self, asker: Asker) -> (u16, Option<ErrorCode>) {
        let [no_role, agent, supervisor, admin] = self.in_workspace;
        let status = match asker {
            Asker::NoRole => no_role,
            Asker::Agent => agent,
            Asker::Supervisor => supervisor,
            Asker::Admin | Asker::AdminElsewhere => admin,
            Asker::CutOff | Asker::NoToken => return elsewhere(asker),
        };
        (status, code_of(status))
    }
}

/// What is answered about an account on which nobody who asks has a role.
pub(super) fn elsewhere(asker: Asker) -> (u16, Option<ErrorCode>) {
    match asker {
        Asker::CutOff => (401, Some(ErrorCode::DeskRevoked)),
        Asker::NoToken => (401, Some(ErrorCode::Unauthenticated)),
        _ => (404, Some(ErrorCode::NoSuchLog)),
    }
}

/// Asks all of it and says where an answer is not the one of the table.
struct Table {
    house: House,
    threads: u64,
    wrong: Vec<String>,
}

impl Table {
    async fn ask(&mut self, case: &Case, asker: Asker) {
        let mut scene = self.scene(case.before, asker).await;
        let command = (case.command)(&scene);
        let (on_tea, head) = (case.on_tea(asker), self.house.head(TEA).await);
        let told = self.tell(asker, TEA, &scene, command).await;
        self.expect(case, asker, "own account", on_tea, &told);
        // The one that removes the account is the last one.
        if on_tea.0 != 200 && self.house.head(TEA).await != head {
            let (what, before) = (case.what, case.before);
            self.wrong.push(format!("{what}, {before:?}: {asker:?} was refused, and something was appended"));
        }

        let own = std::mem::replace(&mut scene.customer, customer(QUIRIN));
        let on_coffee = self.tell(asker, COFFEE, &scene, (case.command)(&scene)).await;
        self.expect(case, asker, "another account", elsewhere(asker), &on_coffee);
        let on_nobodys = self.tell(asker, NOBODYS, &scene, (case.command)(&scene)).await;
        if on_coffee.of(COFFEE) != on_nobodys.of(NOBODYS) {
            self.wrong.push(format!(
                "{}: {asker:?} can tell an account from none: {on_coffee:?}, {on_nobodys:?}",
                case.what
            ));
        }
        scene.customer = own;
        let in_workspace = self.tell(asker, "workspace", &scene, (case.command)(&scene)).await;
        self.expect(case, asker, "workspace", case.in_workspace(asker), &in_workspace);
    }

    fn expect(
        &mut self,
        case: &Case,
        asker: Asker,
        place: &str,
        expected: (u16, Option<ErrorCode>),
        told: &Answer,
    ) {
        let is_so = (told.status, told.code) == expected && (expected.0 != 200 || is_accepted(told));
        if !is_so {
            self.wrong.push(format!(
                "{}, {:?}: {asker:?}, {place}: {expected:?} expected, {} {}",
                case.what, case.before, told.status, told.text
            ));
        }
        if !told.leaks().is_empty() {
            self.wrong.push(format!("{}: {asker:?}, {place}: {:?} leaked", case.what, told.leaks()));
        }
    }

    async fn tell(&self, asker: Asker, log: &str, scene: &Scene, command: Command) -> Answer {
        let seen = matches!(command, Command::StartSend { .. }).then_some(scene.seen);
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: seen.map(|(version, _)| version),
            if_no_word_after: seen.map(|(_, word)| word),
            command,
        };
        let path = routes::commands(&LogName::from(log.to_owned()));
        let body = serde_json::to_value(&request).unwrap();
        self.house.call(asker, Method::POST, &path, Some(&body)).await
    }

    /// A thread of its own for each question, so that none changes the answer of another.
    async fn scene(&mut self, before: Before, asker: Asker) -> Scene {
        self.threads += 1;
        let (house, colleague) = (&self.house, &self.house.carla);
        let asks = house.desk(asker);
        let has_role =
            matches!(asker, Asker::Agent | Asker::AdminElsewhere | Asker::Supervisor | Asker::Admin);
        let mut scene = Scene {
            customer: customer(&format!("77{:013}", self.threads)),
            me: asks.enrolled.agent,
            my_desk: asks.enrolled.desk,
            colleague: colleague.enrolled.agent,
            outsider: house.petra.enrolled.agent,
            supervisor: house.sven.enrolled.agent,
            note: NoteId::new(),
            label: house.label,
            reply: ReplyId::new(),
            part: PartId::new(),
            seen: (0, 0),
        };
        // Whoever has no role can have nothing of their own.
        let mine = if has_role { asks } else { colleague };
        match before {
            Before::Nothing => {}
            Before::HeldByColleague => holds(colleague, &mut scene).await,
            Before::HeldByMe => holds(mine, &mut scene).await,
            Before::Done => stands(colleague, &mut scene, Status::Done).await,
            Before::DoneByMe => {
                holds(mine, &mut scene).await;
                stands(mine, &mut scene, Status::Done).await;
            }
            Before::DoneByColleague => {
                holds(colleague, &mut scene).await;
                stands(colleague, &mut scene, Status::Done).await;
            }
            Before::AsleepWithMe => {
                holds(mine, &mut scene).await;
                stands(mine, &mut scene, house.asleep()).await;
            }
            Before::AsleepWithColleague => {
                holds(colleague, &mut scene).await;
                stands(colleague, &mut scene, house.asleep()).await;
            }
            Before::KeptAway => house.keeps_away(&mut scene).await,
            Before::KeptAwayOfColleague => {
                holds(colleague, &mut scene).await;
                house.keeps_away(&mut scene).await;
            }
            Before::NoteOfColleague => notes(colleague, &scene).await,
            Before::NoteOfMe => notes(mine, &scene).await,
            Before::ReplyOfColleague => {
                sends(colleague, &scene).await;
                let unknown = Settlement::Unknown { why: "the answer was cut off".into() };
                let (customer, reply, part) = (scene.customer.clone(), scene.reply, scene.part);
                let settle = Command::SettleSend { customer, reply, part, settlement: unknown };
                colleague.do_it(TEA, settle).await;
            }
            Before::ReplyOfMe => sends(mine, &scene).await,
        }
        scene
    }
}

async fn holds(desk: &Desk, scene: &mut Scene) {
    let assignee = Some(desk.enrolled.agent);
    let accepted = desk.do_it(TEA, Command::Assign { customer: scene.customer.clone(), assignee }).await;
    scene.seen.0 = accepted.version;
}

async fn stands(desk: &Desk, scene: &mut Scene, status: Status) {
    let command = Command::SetStatus { customer: scene.customer.clone(), status };
    scene.seen.0 = desk.do_it(TEA, command).await.version;
}

impl House {
    fn asleep(&self) -> Status {
        Status::Snoozed { until_ms: self.stage.clock.wall_ms() + 24 * 60 * 60 * 1000 }
    }

    async fn keeps_away(&self, scene: &mut Scene) {
        let command = Command::SetBlock { customer: scene.customer.clone(), blocked: true, spam: false };
        scene.seen.0 = self.sven.do_it(TEA, command).await.version;
    }
}

async fn notes(desk: &Desk, scene: &Scene) {
    let (text, mentions) = ("calls back at nine".to_owned(), Vec::new());
    let (customer, note) = (scene.customer.clone(), scene.note);
    desk.do_it(TEA, Command::AddNote { customer, note, text, mentions, supervisors_only: false }).await;
}

async fn sends(desk: &Desk, scene: &Scene) {
    let command = super::cases::start(scene, false);
    let request = CommandRequest { if_version: Some(0), if_no_word_after: Some(0), ..plain(command) };
    desk.ask(TEA, &request).await.accepted();
}

#[tokio::test]
async fn every_command_is_answered_by_the_role_on_the_account_that_it_is_about() {
    let mut table = Table { house: House::new().await, threads: 0, wrong: Vec::new() };
    let coffee = table.house.head(COFFEE).await;
    let mut kinds = Kind::ALL.to_vec();
    // It ends what the others are asked about.
    kinds.sort_by_key(|kind| *kind == Kind::RemoveAccount);
    let (mut asked, mut in_state) = (0, BTreeMap::<String, usize>::new());
    for kind in kinds {
        let mut cases = cases(kind);
        cases.extend(states::cases(kind));
        assert!(!cases.is_empty(), "{kind:?} is asked by nobody");
        for case in cases {
            for asker in ASKERS {
                let sample = (case.command)(&table.scene(Before::Nothing, asker).await);
                assert_eq!(Kind::of(&sample), kind, "{}", case.what);
                table.ask(&case, asker).await;
                asked += 1;
                *in_state.entry(format!("{:?}", case.before)).or_default() += 1;
            }
        }
    }
    eprintln!("{asked} rows and askers, by how the thread stands: {in_state:?}");
    assert!(table.wrong.is_empty(), "{} of {asked}:\n{}", table.wrong.len(), table.wrong.join("\n"));
    assert_eq!(table.house.head(COFFEE).await, coffee, "something was appended on the other account");
}
