//! Who may what, by hand-made calls: every command and every route, by every role, about the own account, about another
//! one, and about the workspace.
//!
//! ```text
//!            Northwind Tea   Northwind Coffee   another one   what may be asked
//! Ada        agent           -                  -             by her role
//! Olga       agent           -                  admin         here as an agent; in the workspace as an admin
//! Sven       supervisor      -                  -             by his role
//! Noa        -               -                  -             nothing of any account
//! Cato       (cut off)       -                  -             nothing
//! nobody     (no token)                                       nothing
//! Ines       admin           -                  -             by her role
//! Petra      -               admin              -             she shows that what is looked for can be found
//! ```

mod cases;
mod commands;
mod routes;
mod states;
mod streams;

use baton_protocol::command::{Accepted, Command};
use baton_protocol::enrol::Role;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::{AppId, LabelId, NoteId, Platform};
use baton_relay::operator::Request;
use reqwest::Method;
use serde_json::Value;

use crate::stage::{COFFEE, Desk, Stage, TEA, customer};

/// The account on which somebody is more than here.
const KITES: &str = "104500000000033";
/// An account that nobody has.
const NOBODYS: &str = "999999999999999";

/// A customer of the coffee, and what nobody else may hear: their id, their name, and whatever is said about them.
const QUIRIN: &str = "6200000000000909";
const SECRETS: [&str; 7] = [
    QUIRIN,
    "Quirin Adler",
    "the roast of the moon",
    "pays in gold",
    "handed over softly",
    "Northwind Coffee",
    "Percolator",
];

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    Agent,
    /// An agent here who administers another account.
    AdminElsewhere,
    Supervisor,
    /// Had a role once, has none any more.
    NoRole,
    CutOff,
    NoToken,
    Admin,
}

/// All of them. The admin is the last one: the admin may end what the others are asked about.
const ASKERS: [Asker; 7] = [
    Asker::Agent,
    Asker::AdminElsewhere,
    Asker::Supervisor,
    Asker::NoRole,
    Asker::CutOff,
    Asker::NoToken,
    Asker::Admin,
];

/// What the relay answered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    /// Why not, where it said so.
    code: Option<ErrorCode>,
    /// Headers and body, as they came.
    text: String,
}

impl Answer {
    /// What of another account stands in it.
    fn leaks(&self) -> Vec<&'static str> {
        leaks(&self.text)
    }

    /// The same about whichever account.
    fn of(&self, account: &str) -> Self {
        Self { text: self.text.replace(account, "ACCOUNT"), ..self.clone() }
    }
}

/// What of the coffee stands in a text.
fn leaks(text: &str) -> Vec<&'static str> {
    SECRETS.into_iter().filter(|secret| text.contains(secret)).collect()
}

/// The relay, two connected accounts, and whoever asks.
struct House {
    stage: Stage,
    ada: Desk,
    olga: Desk,
    sven: Desk,
    ines: Desk,
    noa: Desk,
    cato: Desk,
    /// A colleague of Ada's, an agent too.
    carla: Desk,
    /// The admin of the coffee.
    petra: Desk,
    /// A label of the workspace.
    label: LabelId,
}

impl House {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
        ines.connect(TEA, "Northwind Tea").await;
        let petra = stage.desk("Petra", &[(COFFEE, Role::Admin)]).await;
        petra.connect(COFFEE, "Northwind Coffee").await;
        let noa = stage.desk("Noa", &[(TEA, Role::Agent)]).await;
        let (agent, platform) = (noa.enrolled.agent, Platform::Messenger);
        stage.operate(Request::SetRole { agent, account: TEA.into(), platform, role: None }).await;
        let cato = stage.desk("Cato", &[(TEA, Role::Admin)]).await;
        stage.operate(Request::Revoke { desk: cato.enrolled.desk }).await;
        let label = LabelId::new();
        let (name, colour) = ("VIP".to_owned(), "#b8386f".to_owned());
        ines.do_it("workspace", Command::DefineLabel { label, name, colour, removed: false }).await;
        let house = Self {
            ada: stage.desk("Ada", &[(TEA, Role::Agent)]).await,
            olga: stage.desk("Olga", &[(TEA, Role::Agent), (KITES, Role::Admin)]).await,
            sven: stage.desk("Sven", &[(TEA, Role::Supervisor)]).await,
            carla: stage.desk("Carla", &[(TEA, Role::Agent)]).await,
            ines,
            noa,
            cato,
            petra,
            label,
            stage,
        };
        house.coffee_is_busy().await;
        house
    }

    /// Everything happens on the coffee that nobody of the tea may hear of.
    async fn coffee_is_busy(&self) {
        self.stage.says(COFFEE, QUIRIN, "m_coffee_1", "the roast of the moon").await;
        let of = || customer(QUIRIN);
        let (note, text) = (NoteId::new(), "pays in gold".to_owned());
        let app = AppId::from("270700100200");
        for command in [
            Command::NameCustomer { customer: of(), name: "Quirin Adler".into(), by_hand: true },
            Command::AddNote { customer: of(), note, text, mentions: Vec::new(), supervisors_only: false },
            Command::Assign { customer: of(), assignee: Some(self.petra.enrolled.agent) },
            Command::SetLabel { customer: of(), label: self.label, on: true },
            Command::LearnOwner {
                customer: of(),
                seen: baton_protocol::team::OwnerSeen::Idle,
                source: baton_protocol::team::OwnerSource::Released,
                at_ms: 1_791_190_800_500,
                until_ms: None,
                note: Some("handed over softly".into()),
                when_done: false,
            },
            Command::NameApp { app, name: "Percolator".into(), answers_count: false },
        ] {
            self.petra.do_it(COFFEE, command).await;
        }
    }

    /// The desk of whoever asks; for a call without a token any.
    fn desk(&self, asker: Asker) -> &Desk {
        match asker {
            Asker::Agent | Asker::NoToken => &self.ada,
            Asker::AdminElsewhere => &self.olga,
            Asker::Supervisor => &self.sven,
            Asker::Admin => &self.ines,
            Asker::NoRole => &self.noa,
            Asker::CutOff => &self.cato,
        }
    }

    /// One call.
    async fn call(&self, asker: Asker, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let desk = self.desk(asker);
        let request = if asker == Asker::NoToken {
            let url = format!("{}{path}", desk.url);
            self.stage.http.request(method, url).header(VERSION_HEADER, VERSION.to_string())
        } else {
            desk.request(method, path)
        };
        answer(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// How many entries a log has.
    async fn head(&self, log: &str) -> u64 {
        let reader = if log == COFFEE { &self.petra } else { &self.ines };
        reader.page(log, "limit=1").await.map_err(|(_, no)| no).unwrap().head
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    // When it was said is another moment each time.
    let headers: Vec<String> = response
        .headers()
        .iter()
        .filter(|(name, _)| name.as_str() != "date")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default()))
        .collect();
    // A block is packed: what stands in it is no text.
    let body = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
    let code = serde_json::from_str::<ErrorBody>(&body).ok().map(|no| no.code);
    Answer { status, code, text: format!("{}\n\n{body}", headers.join("\n")) }
}

/// What a command that is carried out answers.
fn is_accepted(answer: &Answer) -> bool {
    let body = answer.text.split_once("\n\n").map_or("", |(_, body)| body);
    answer.status == 200 && serde_json::from_str::<Accepted>(body).is_ok()
}
