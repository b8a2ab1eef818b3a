//! Every other route of a desk × every role × every account.
//!
//! A new route fails the test until it has its row: the rows are held against the router itself.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::people::{INVITE_USUAL_MS, InviteAsked, InvitesAsked, InvitesMade, RoleOn};
use baton_protocol::{AgentId, DeskId, InviteId, LogName, LoginId, RunId, enrol::Role, routes};
use reqwest::Method;
use serde_json::{Value, json};

use super::{ASKERS, Asker, House, NOBODYS, QUIRIN, answer};
use crate::stage::{COFFEE, Desk, MARA, TEA};

/// The relay's own table.
const ROUTER: &str = include_str!("../../../src/desk_api/mod.rs");

/// What a call is about: an account, a customer there, somebody who works there, and an invite to it.
struct Place {
    account: &'static str,
    customer: &'static str,
    agent: AgentId,
    desk: DeskId,
    invite: InviteId,
}

/// What is answered to each, in the order of [`ASKERS`]: an agent of the tea, one who administers another account, a
/// supervisor, one whose role ended, one who was cut off, nobody, an admin of the tea.
type Codes = [u16; 7];

/// One call.
struct Row {
    name: &'static str,
    method: Method,
    path: String,
    body: Option<Value>,
    /// About the tea.
    own: Codes,
    /// About the coffee.
    other: Codes,
    /// It gives out what stands in the log: whoever may read it finds what the others must not hear.
    tells: bool,
}

const ANYBODY: Codes = [200, 200, 200, 200, 401, 401, 200];
const WITH_ROLE: Codes = [200, 200, 200, 404, 401, 401, 200];
const WITH_ROLE_DONE: Codes = [204, 204, 204, 404, 401, 401, 204];
const NONE: Codes = [404, 404, 404, 404, 401, 401, 404];
const ADMIN: Codes = [403, 403, 403, 404, 401, 401, 200];
/// No token of the account was ever shown here.
const NO_PAGE_TOKEN: Codes = [422, 422, 422, 404, 401, 401, 422];
/// Among people: an admin elsewhere sees none of them, and whoever is no admin is told that.
const UNSEEN: Codes = [403, 404, 403, 403, 401, 401, 404];

fn row(
    name: &'static str,
    method: Method,
    path: String,
    body: Option<Value>,
    own: Codes,
    other: Codes,
) -> Row {
    Row { name, method, path, body, own, other, tells: false }
}

fn rows(of: &Place) -> Vec<Row> {
    let (account, log) = (of.account.into(), LogName::from(of.account.to_owned()));
    let about = |route: &str| routes::of_account(route, &account);
    let person = |route: &str| routes::of_agent(route, of.agent);
    let key = STANDARD.encode([7_u8; 32]);
    let viewing = json!({"account": of.account, "customer": of.customer, "doing": "reads"});
    let role = json!({"account": of.account, "role": "agent"});
    let invites = InvitesAsked { invites: vec![invite_to(of.account)] };
    let made_up = json!({"token": "EAAmadeup"});
    let (get, post, delete) = (|| Method::GET, || Method::POST, || Method::DELETE);
    let mut rows = vec![
        row(
            "INVITE",
            post(),
            routes::INVITE.into(),
            Some(json!({"invite": "inv_made_up"})),
            [403; 7],
            [403; 7],
        ),
        row(
            "ENROL",
            post(),
            routes::ENROL.into(),
            Some(json!({"invite": "inv_made_up", "desk_name": "laptop", "public_key": key, "version": 1})),
            [403; 7],
            [403; 7],
        ),
        // What the stream tells stands in `streams.rs`.
        row(
            "STREAM",
            post(),
            routes::STREAM.into(),
            Some(json!("no request")),
            [400, 400, 400, 400, 401, 401, 400],
            [400, 400, 400, 400, 401, 401, 400],
        ),
        row("ENTRIES", get(), format!("{}?after=0&before=900", routes::entries(&log)), None, WITH_ROLE, NONE),
        row(
            "ENTRIES",
            get(),
            format!("{}?after=0", routes::entries(&LogName::Workspace)),
            None,
            ANYBODY,
            ANYBODY,
        ),
        // No log here has all of a block.
        row("BLOCK", get(), routes::block(&log, 0), None, NONE, NONE),
        row("BLOCK", get(), routes::block(&LogName::Workspace, 0), None, NONE, NONE),
        row(
            "COMMANDS",
            post(),
            routes::commands(&log),
            Some(json!("no command")),
            [400, 400, 400, 404, 401, 401, 400],
            NONE,
        ),
        row(
            "READ_MARKS",
            post(),
            routes::read_marks(&account),
            Some(json!({"account": of.account, "customer": of.customer, "read_seq": 1})),
            WITH_ROLE_DONE,
            NONE,
        ),
        row("LOGINS", post(), routes::LOGINS.into(), Some(json!({})), ANYBODY, ANYBODY),
        row("TAKE_LOGIN", post(), routes::take_login(LoginId::new()), None, NONE, NONE),
        row(
            "TOKEN",
            post(),
            about(routes::TOKEN),
            Some(json!({"token": "not a token"})),
            NO_PAGE_TOKEN,
            NONE,
        ),
        row("TOKEN_DESKS", get(), about(routes::TOKEN_DESKS), None, ADMIN, NONE),
        row("BOXES", post(), about(routes::BOXES), Some(json!({"boxes": []})), ADMIN, NONE),
        // Nobody left one.
        row("TAKE_BOX", post(), about(routes::TAKE_BOX), None, NONE, NONE),
        row("PROOF", post(), about(routes::PROOF), Some(made_up), NO_PAGE_TOKEN, NONE),
        row("STEWARD", post(), about(routes::STEWARD), Some(json!({})), NO_PAGE_TOKEN, NONE),
        row("STEWARD", delete(), about(routes::STEWARD), None, WITH_ROLE_DONE, NONE),
        row("SLOTS", post(), about(routes::SLOTS), Some(json!({"urgency": "audit"})), WITH_ROLE, NONE),
        row(
            "PRESENCE",
            post(),
            routes::PRESENCE.into(),
            Some(json!({"run": RunId::new(), "seq": 1, "state": "online", "viewing": viewing})),
            WITH_ROLE_DONE,
            NONE,
        ),
        row(
            "DRAFTS",
            post(),
            about(routes::DRAFTS),
            Some(json!({"customer": of.customer, "text": "Dear Anna"})),
            WITH_ROLE_DONE,
            NONE,
        ),
        row(
            "AGENT_OFFLINE",
            post(),
            person(routes::AGENT_OFFLINE),
            None,
            [403, 403, 204, 404, 401, 401, 204],
            NONE,
        ),
        row(
            "PEOPLE",
            get(),
            routes::PEOPLE.into(),
            None,
            [403, 200, 403, 403, 401, 401, 200],
            [403, 200, 403, 403, 401, 401, 200],
        ),
        row("INVITES", post(), routes::INVITES.into(), Some(json!(invites)), ADMIN, NONE),
        row(
            "AGENT_ROLE",
            post(),
            person(routes::AGENT_ROLE),
            Some(role),
            [403, 403, 403, 403, 401, 401, 200],
            UNSEEN,
        ),
        row(
            "AGENT_NAME",
            post(),
            person(routes::AGENT_NAME),
            Some(json!({"name": "Nobody"})),
            [403, 404, 403, 403, 401, 401, 200],
            UNSEEN,
        ),
        row(
            "TAKE_BACK_INVITE",
            delete(),
            routes::take_back_invite(of.invite),
            None,
            [403, 404, 403, 403, 401, 401, 204],
            UNSEEN,
        ),
        row("REVOKE", post(), routes::revoke(of.desk), None, [403, 404, 403, 403, 401, 401, 200], UNSEEN),
        // Nobody was erased.
        row(
            "ERASURE",
            get(),
            format!("{}?customer={}", about(routes::ERASURE), of.customer),
            None,
            [403, 403, 403, 404, 401, 401, 404],
            NONE,
        ),
        row("OWED", get(), routes::OWED.into(), None, ANYBODY, ANYBODY),
        // What a desk does not owe is passed over.
        row(
            "GONE",
            post(),
            routes::GONE.into(),
            Some(json!({"erasures": [{"account": of.account, "seq": 1}], "accounts": [of.account]})),
            [204, 204, 204, 204, 401, 401, 204],
            [204, 204, 204, 204, 401, 401, 204],
        ),
        // The one call of a desk that was cut off.
        row(
            "WIPED",
            post(),
            routes::WIPED.into(),
            None,
            [403, 403, 403, 403, 204, 401, 403],
            [403, 403, 403, 403, 204, 401, 403],
        ),
        row("HEALTH", get(), routes::HEALTH.into(), None, [200; 7], [200; 7]),
    ];
    rows.push(Row {
        tells: true,
        ..row("ENTRIES", get(), format!("{}?after=0", routes::entries(&log)), None, WITH_ROLE, NONE)
    });
    rows.push(Row {
        tells: true,
        ..row("SNAPSHOT", get(), routes::snapshot(&account), None, WITH_ROLE, NONE)
    });
    rows.push(Row { tells: true, ..row("HELLO", get(), routes::HELLO.into(), None, ANYBODY, ANYBODY) });
    rows
}

fn invite_to(account: &str) -> InviteAsked {
    InviteAsked {
        agent: None,
        name: "Mara".to_owned(),
        roles: vec![RoleOn { account: account.into(), role: Role::Agent }],
        valid_ms: INVITE_USUAL_MS,
        change_roles: false,
    }
}

async fn open_invite(admin: &Desk, account: &str) -> InviteId {
    let asked = InvitesAsked { invites: vec![invite_to(account)] };
    let made: InvitesMade = admin.post(routes::INVITES, &asked).await.map_err(|(_, no)| no).unwrap();
    made.invites[0].invite
}

impl House {
    /// What the call of a row answers where it is not as the table has it.
    async fn objection(&self, row: &Row, asker: Asker, expected: u16) -> Option<String> {
        let told = self.call(asker, row.method.clone(), &row.path, row.body.as_ref()).await;
        let what = format!("{} {} by {asker:?}", row.method, row.path);
        if told.status != expected {
            return Some(format!("{what}: {expected} expected, {} {}", told.status, told.text));
        }
        (!told.leaks().is_empty()).then(|| format!("{what}: {:?} leaked", told.leaks()))
    }
}

#[tokio::test]
async fn every_route_answers_by_the_role_on_the_account_and_tells_nothing_of_another() {
    let house = House::new().await;
    house.stage.says(TEA, MARA, "m_tea_1", "Is the kettle there?").await;
    let place = |account, customer, (of, invite): (&Desk, InviteId)| {
        let (agent, desk) = (of.enrolled.agent, of.enrolled.desk);
        Place { account, customer, agent, desk, invite }
    };
    let tea = place(TEA, MARA, (&house.carla, open_invite(&house.ines, TEA).await));
    let coffee = place(COFFEE, QUIRIN, (&house.petra, open_invite(&house.petra, COFFEE).await));
    let nobodys = Place {
        account: NOBODYS,
        customer: QUIRIN,
        agent: AgentId::new(),
        desk: DeskId::new(),
        invite: InviteId::new(),
    };
    let (before, mut wrong) = (house.head(COFFEE).await, Vec::new());
    for (others, unknown) in rows(&coffee).iter().zip(rows(&nobodys)) {
        for (asker, expected) in ASKERS.into_iter().zip(others.other) {
            wrong.extend(house.objection(others, asker, expected).await);
            if expected >= 400 {
                let [one, none] = [others, &unknown];
                let one = house.call(asker, one.method.clone(), &one.path, one.body.as_ref()).await;
                let none = house.call(asker, none.method.clone(), &none.path, none.body.as_ref()).await;
                if one.of(COFFEE) != none.of(NOBODYS) {
                    wrong.push(format!("{} by {asker:?}: {one:?} is not {none:?}", others.name));
                }
            }
        }
        if others.tells {
            let path = &others.path;
            let told = answer(house.petra.request(others.method.clone(), path)).await;
            assert!(told.status == 200 && !told.leaks().is_empty(), "{path} tells its own admin nothing");
        }
    }
    for row in rows(&tea) {
        for (asker, expected) in ASKERS.into_iter().zip(row.own) {
            wrong.extend(house.objection(&row, asker, expected).await);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(house.head(COFFEE).await, before, "something was appended on the other account");
    // Nobody of the coffee lost or got anything.
    let people = answer(house.petra.request(Method::GET, routes::PEOPLE)).await.text;
    assert!(people.contains("\"Petra\"") && people.contains(&coffee.invite.to_string()), "{people}");
}

#[test]
fn every_route_of_the_router_has_its_row() {
    let is_of_a_name = |letter: &char| letter.is_ascii_uppercase() || *letter == '_';
    let routed: BTreeSet<String> = ROUTER
        .split("routes::")
        .skip(1)
        .map(|rest| rest.chars().take_while(is_of_a_name).collect())
        .filter(|name: &String| !name.is_empty())
        .collect();
    let place = Place {
        account: TEA,
        customer: MARA,
        agent: AgentId::new(),
        desk: DeskId::new(),
        invite: InviteId::new(),
    };
    let calls: BTreeSet<(&str, String)> =
        rows(&place).iter().map(|row| (row.name, row.method.to_string())).collect();
    let rows: BTreeSet<String> = calls.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(rows, routed);
    let handlers: usize =
        ["get(", "post(", "put(", "delete("].map(|way| ROUTER.matches(way).count()).iter().sum();
    assert_eq!(calls.len(), handlers, "a route answers in a way that no row asks for");
}
