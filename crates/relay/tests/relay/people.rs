//! People, desks and invites by hand-made calls: every route, every role, every account.

use std::collections::BTreeMap;

use baton_protocol::enrol::{InviteInfo, InviteQuestion, Role};
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::people::{
    Changed, INVITE_LEAST_MS, INVITE_MOST_MS, INVITE_USUAL_MS, InviteAsked, InviteMade, InvitesAsked,
    InvitesMade, NameAsked, People, Person, RoleAsked, RoleChange, RoleOn,
};
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::team::TeamFact;
use baton_protocol::{AgentId, DeskId, InviteId, routes};
use baton_relay::operator::{OperatorError, Request, act};
use baton_relay::people::InviteAccount;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::stage::{Answered, COFFEE, Desk, Stage, TEA};

const KITES: &str = "104500000000033";

/// Ines administers Tea and reads Coffee; Jonas works on both; Petra administers Coffee; Samir answers for Tea.
struct Team {
    stage: Stage,
    ines: Desk,
    jonas: Desk,
    petra: Desk,
    samir: Desk,
}

impl Team {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let ines = stage.desk("Ines", &[(TEA, Role::Admin), (COFFEE, Role::Agent)]).await;
        let petra = stage.desk("Petra", &[(COFFEE, Role::Admin)]).await;
        let jonas = stage.desk("Jonas", &[(TEA, Role::Agent), (COFFEE, Role::Supervisor)]).await;
        let samir = stage.desk("Samir", &[(TEA, Role::Agent)]).await;
        ines.connect(TEA, "Northwind Tea").await;
        petra.connect(COFFEE, "Northwind Coffee").await;
        Self { stage, ines, jonas, petra, samir }
    }
}

fn on(account: &str, role: Role) -> RoleOn {
    RoleOn { account: account.into(), role }
}

fn new_person(name: &str, roles: &[(&str, Role)]) -> InviteAsked {
    InviteAsked {
        agent: None,
        name: name.to_owned(),
        roles: roles.iter().map(|(account, role)| on(account, *role)).collect(),
        valid_ms: INVITE_USUAL_MS,
        change_roles: false,
    }
}

fn further_desk(agent: AgentId, roles: &[(&str, Role)]) -> InviteAsked {
    InviteAsked { agent: Some(agent), ..new_person("", roles) }
}

async fn invite(desk: &Desk, asked: InviteAsked) -> Answered<InviteMade> {
    let made: InvitesMade = desk.post(routes::INVITES, &InvitesAsked { invites: vec![asked] }).await?;
    Ok(made.invites.into_iter().next().unwrap())
}

async fn people(desk: &Desk) -> People {
    desk.get(routes::PEOPLE).await.map_err(|(_, no)| no).unwrap()
}

async fn person(desk: &Desk, agent: AgentId) -> Option<Person> {
    people(desk).await.people.into_iter().find(|person| person.agent == agent)
}

async fn set_role(desk: &Desk, agent: AgentId, account: &str, role: Option<Role>) -> Answered<Changed> {
    let asked = RoleAsked { account: account.into(), role };
    desk.post(&routes::of_agent(routes::AGENT_ROLE, agent), &asked).await
}

async fn rename(desk: &Desk, agent: AgentId, name: &str) -> Answered<Changed> {
    let asked = NameAsked { name: name.to_owned() };
    desk.post(&routes::of_agent(routes::AGENT_NAME, agent), &asked).await
}

async fn revoke(desk: &Desk, other: DeskId) -> Answered<Changed> {
    desk.post(&routes::revoke(other), &Value::Null).await
}

async fn take_back(desk: &Desk, invite: InviteId) -> StatusCode {
    let path = routes::take_back_invite(invite);
    desk.request(Method::DELETE, &path).send().await.unwrap().status()
}

fn refused<T>(answered: Answered<T>) -> (u16, ErrorCode) {
    let (status, no) = answered.err().unwrap();
    (status.as_u16(), no.code)
}

fn changed(answered: Answered<Changed>) -> bool {
    answered.map_err(|(_, no)| no).unwrap().changed
}

/// The facts of the workspace log, newest last.
async fn facts(desk: &Desk) -> Vec<TeamFact> {
    let entries = desk.entries("workspace").await;
    entries.iter().map(|entry| serde_json::from_str(entry.body.get()).unwrap()).collect()
}

#[tokio::test]
async fn an_admin_sees_those_who_work_on_the_own_accounts_and_no_other_account() {
    let team = Team::new().await;
    let seen = people(&team.ines).await;
    let names: Vec<&str> = seen.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ines", "Jonas", "Samir"]);
    let jonas = &seen.people[1];
    assert_eq!((jonas.roles.clone(), jonas.wholly), (vec![on(TEA, Role::Agent)], false));
    assert!(seen.people[2].wholly);
    assert_eq!(jonas.desks.len(), 1);
    assert_eq!((jonas.desks[0].name.as_str(), jonas.desks[0].connected), ("laptop", false));
    let text = serde_json::to_string(&seen).unwrap();
    assert!(!text.contains(COFFEE) && !text.contains("Petra"), "{text}");
}

#[tokio::test]
async fn agents_and_supervisors_are_told_nothing_and_change_nothing() {
    let team = Team::new().await;
    let open = invite(&team.ines, new_person("Mara", &[(TEA, Role::Agent)])).await.unwrap();
    for desk in [&team.samir, &team.jonas] {
        let samir = team.samir.enrolled.agent;
        assert_eq!(refused(desk.get::<People>(routes::PEOPLE).await), (403, ErrorCode::NotAllowed));
        assert_eq!(
            refused(set_role(desk, samir, TEA, Some(Role::Admin)).await),
            (403, ErrorCode::NotAllowed)
        );
        assert_eq!(refused(set_role(desk, samir, TEA, None).await), (403, ErrorCode::NotAllowed));
        assert_eq!(refused(rename(desk, samir, "Nobody").await), (403, ErrorCode::NotAllowed));
        assert_eq!(refused(revoke(desk, team.ines.enrolled.desk).await), (403, ErrorCode::NotAllowed));
        assert_eq!(take_back(desk, open.invite).await, 403);
        for asked in [new_person("Mara", &[(TEA, Role::Agent)]), further_desk(samir, &[])] {
            assert_eq!(refused(invite(desk, asked).await), (403, ErrorCode::NotAllowed));
        }
        let erasure = format!("{}?customer=1", routes::of_account(routes::ERASURE, &TEA.into()));
        assert_eq!(refused(desk.get::<Value>(&erasure).await), (403, ErrorCode::NotAllowed));
    }
    assert_eq!(people(&team.ines).await.invites.len(), 1);
    assert!(person(&team.ines, team.samir.enrolled.agent).await.unwrap().roles == [on(TEA, Role::Agent)]);
}

/// Coffee is an account on which Ines is an agent, Kites one that she has nothing to do with, and the last one nobody knows.
#[tokio::test]
async fn an_admin_of_one_account_changes_nothing_on_another() {
    let team = Team::new().await;
    team.stage.desk("Otto", &[(KITES, Role::Admin)]).await;
    let (samir, petra) = (team.samir.enrolled.agent, team.petra.enrolled.agent);
    for (account, no) in [
        (COFFEE, (403, ErrorCode::NotAllowed)),
        (KITES, (404, ErrorCode::NoSuchLog)),
        ("999999999999999", (404, ErrorCode::NoSuchLog)),
    ] {
        assert_eq!(refused(set_role(&team.ines, samir, account, Some(Role::Agent)).await), no, "{account}");
        assert_eq!(refused(set_role(&team.ines, petra, account, None).await), no, "{account}");
        for roles in [vec![(account, Role::Agent)], vec![(TEA, Role::Agent), (account, Role::Agent)]] {
            assert_eq!(refused(invite(&team.ines, new_person("Mara", &roles)).await), no, "{account}");
        }
        let erasure = format!("{}?customer=1", routes::of_account(routes::ERASURE, &account.into()));
        assert_eq!(refused(team.ines.get::<Value>(&erasure).await), no, "{account}");
    }
    // Whom she does not see, and whom nobody knows, are told the same.
    let unseen = (404, ErrorCode::NotFound);
    for agent in [petra, AgentId::new()] {
        assert_eq!(refused(rename(&team.ines, agent, "Nobody").await), unseen);
        assert_eq!(refused(invite(&team.ines, further_desk(agent, &[])).await), unseen);
    }
    for desk in [team.petra.enrolled.desk, DeskId::new()] {
        assert_eq!(refused(revoke(&team.ines, desk).await), unseen);
    }
    let by_petra = invite(&team.petra, new_person("Mara", &[(COFFEE, Role::Agent)])).await.unwrap();
    assert_eq!(take_back(&team.ines, by_petra.invite).await, 404);
    assert_eq!(take_back(&team.ines, InviteId::new()).await, 404);
    assert!(people(&team.ines).await.invites.is_empty());
    assert_eq!(people(&team.petra).await.invites.len(), 1);
    // Nothing of it was done by half.
    let names: Vec<TeamFact> = facts(&team.ines).await;
    assert!(!names.iter().any(|fact| matches!(fact, TeamFact::AgentNamed { name, .. } if name == "Nobody")));
}

#[tokio::test]
async fn who_works_elsewhere_too_is_not_cut_off_from_here_and_loses_the_role_instead() {
    let team = Team::new().await;
    let (jonas, desk) = (team.jonas.enrolled.agent, team.jonas.enrolled.desk);
    let (status, no) = revoke(&team.ines, desk).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    assert!(no.action.contains("End the person's role"), "{}", no.action);
    assert_eq!(refused(invite(&team.ines, further_desk(jonas, &[])).await), (403, ErrorCode::NotAllowed));

    let mut stream = team.jonas.stream(&StreamRequest::default()).await;
    assert!(changed(set_role(&team.ines, jonas, TEA, None).await));
    let left = loop {
        if let StreamEvent::AccessChanged(access) = stream.news().await.unwrap() {
            break access.accounts;
        }
    };
    assert_eq!(left.iter().map(|on| on.account.as_str()).collect::<Vec<_>>(), [COFFEE]);
    assert_eq!(refused(team.jonas.page(TEA, "").await), (404, ErrorCode::NoSuchLog));
    assert!(!changed(set_role(&team.ines, jonas, TEA, None).await));
    // He works on none of her accounts any more, and is seen as long as his desk holds one of them.
    let seen = person(&team.ines, jonas).await.unwrap();
    assert_eq!((seen.roles.len(), seen.desks[0].still_holds.clone()), (0, vec![TEA.into()]));
    let gone = serde_json::json!({"erasures": [], "accounts": [TEA]});
    let confirmed = team.jonas.request(Method::POST, routes::GONE).json(&gone).send().await.unwrap();
    assert_eq!(confirmed.status(), 204);
    assert_eq!(person(&team.ines, jonas).await, None);
}

#[tokio::test]
async fn roles_are_given_changed_and_ended_with_the_facts_of_the_operator() {
    let team = Team::new().await;
    let samir = team.samir.enrolled.agent;
    assert!(changed(set_role(&team.ines, samir, TEA, Some(Role::Supervisor)).await));
    assert!(!changed(set_role(&team.ines, samir, TEA, Some(Role::Supervisor)).await));
    assert!(changed(set_role(&team.ines, samir, TEA, None).await));
    assert!(changed(set_role(&team.ines, samir, TEA, Some(Role::Agent)).await));
    assert!(changed(rename(&team.ines, samir, "  Samir Haddad ").await));
    assert!(!changed(rename(&team.ines, samir, "Samir Haddad").await));
    let told = facts(&team.ines).await;
    let roles: Vec<Option<Role>> = told
        .iter()
        .filter_map(|fact| match fact {
            TeamFact::RoleSet { agent, role, .. } if *agent == samir => Some(*role),
            _ => None,
        })
        .collect();
    assert_eq!(roles, [Some(Role::Agent), Some(Role::Supervisor), None, Some(Role::Agent)]);
    let names: Vec<&str> = told
        .iter()
        .filter_map(|fact| match fact {
            TeamFact::AgentNamed { agent, name } if *agent == samir => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["Samir", "Samir Haddad"]);
    assert_eq!(person(&team.ines, samir).await.unwrap().name, "Samir Haddad");
}

#[tokio::test]
async fn somebody_without_a_role_can_be_given_one_again() {
    let team = Team::new().await;
    let samir = team.samir.enrolled.agent;
    assert!(changed(set_role(&team.ines, samir, TEA, None).await));
    for (admin, account) in [(&team.ines, TEA), (&team.petra, COFFEE)] {
        let seen = person(admin, samir).await.unwrap();
        assert_eq!((seen.roles.len(), seen.wholly), (0, true), "{account}");
    }
    assert!(changed(set_role(&team.petra, samir, COFFEE, Some(Role::Agent)).await));
    assert!(person(&team.petra, samir).await.is_some());
}

#[tokio::test]
async fn the_last_admin_of_an_account_stays() {
    let team = Team::new().await;
    let (ines, samir) = (team.ines.enrolled.agent, team.samir.enrolled.agent);
    for role in [None, Some(Role::Agent), Some(Role::Supervisor)] {
        let (status, no) = set_role(&team.ines, ines, TEA, role).await.err().unwrap();
        assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
        assert!(no.message.contains("Northwind Tea"), "{}", no.message);
    }
    assert!(changed(set_role(&team.ines, samir, TEA, Some(Role::Admin)).await));
    // An admin without a desk is none who could help.
    team.stage.operate(Request::Revoke { desk: team.samir.enrolled.desk }).await;
    assert_eq!(refused(set_role(&team.ines, ines, TEA, None).await), (403, ErrorCode::NotAllowed));
}

#[tokio::test]
async fn the_last_desk_of_the_last_admin_stays() {
    let stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    assert_eq!(refused(revoke(&ines, ines.enrolled.desk).await), (403, ErrorCode::NotAllowed));
    let made = invite(&ines, further_desk(ines.enrolled.agent, &[])).await.unwrap();
    let second = stage.enrol_with(&made.secret).await.unwrap();
    assert_eq!(second.agent, ines.enrolled.agent);
    assert!(changed(revoke(&ines, ines.enrolled.desk).await));
    assert_eq!(refused(ines.get::<People>(routes::PEOPLE).await), (401, ErrorCode::DeskRevoked));
}

#[tokio::test]
async fn an_invite_is_shown_once_lets_one_desk_in_and_gives_what_it_says() {
    let team = Team::new().await;
    let made = invite(&team.ines, new_person(" Mara Lind ", &[(TEA, Role::Supervisor)])).await.unwrap();
    assert_eq!(made.name, "Mara Lind");
    let listed = people(&team.ines).await;
    assert!(!serde_json::to_string(&listed).unwrap().contains(&made.secret));
    let open = &listed.invites[0];
    assert_eq!(
        (open.invite, open.name.as_str(), open.made_by, open.roles.clone()),
        (made.invite, "Mara Lind", Some(team.ines.enrolled.agent), vec![on(TEA, Role::Supervisor)])
    );
    assert_eq!(open.expires_at_ms, made.expires_at_ms);
    let mara = team.stage.enrol_with(&made.secret).await.unwrap();
    assert_eq!(mara.agent_name, "Mara Lind");
    assert!(people(&team.ines).await.invites.is_empty());
    let seen = person(&team.ines, mara.agent).await.unwrap();
    assert_eq!(seen.roles, [on(TEA, Role::Supervisor)]);
    let (status, _) = team.stage.enrol_with(&made.secret).await.err().unwrap();
    assert_eq!(status, 403);
}

#[tokio::test]
async fn an_invite_ends_in_time_and_is_listed_no_longer() {
    let team = Team::new().await;
    for (valid_ms, is_good) in [
        (INVITE_LEAST_MS - 1, false),
        (INVITE_LEAST_MS, true),
        (INVITE_MOST_MS, true),
        (INVITE_MOST_MS + 1, false),
        (i64::MAX, false),
        (-1, false),
    ] {
        let asked = InviteAsked { valid_ms, ..new_person("Mara", &[(TEA, Role::Agent)]) };
        let made = invite(&team.ines, asked).await;
        assert_eq!(made.is_ok(), is_good, "{valid_ms}");
    }
    let shortest = invite(
        &team.ines,
        InviteAsked { valid_ms: INVITE_LEAST_MS, ..new_person("Otto", &[(TEA, Role::Agent)]) },
    )
    .await
    .unwrap();
    team.stage.clock.advance_ms(INVITE_LEAST_MS + 1);
    let (status, no) = team.stage.enrol_with(&shortest.secret).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::InviteInvalid));
    let names: Vec<String> = people(&team.ines).await.invites.into_iter().map(|open| open.name).collect();
    assert_eq!(names, ["Mara"]);
}

#[tokio::test]
async fn an_invite_is_taken_back_as_far_as_it_is_ones_own() {
    let team = Team::new().await;
    let by_ines = invite(&team.ines, new_person("Mara", &[(TEA, Role::Agent)])).await.unwrap();
    assert_eq!(take_back(&team.ines, by_ines.invite).await, 204);
    assert_eq!(team.stage.enrol_with(&by_ines.secret).await.err().unwrap().0, 403);
    assert_eq!(take_back(&team.ines, by_ines.invite).await, 404);

    // The operator's is for both: without Tea it is one for Coffee alone.
    let both = team.stage.invite("Otto", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    let open = people(&team.ines).await.invites.remove(0);
    assert_eq!((open.made_by, open.roles.clone()), (None, vec![on(TEA, Role::Agent)]));
    assert_eq!(take_back(&team.ines, open.invite).await, 204);
    assert!(people(&team.ines).await.invites.is_empty());
    let otto = team.stage.enrol_with(&both).await.unwrap();
    let accounts: Vec<&str> = otto.accounts.iter().map(|on| on.account.as_str()).collect();
    assert_eq!(accounts, [COFFEE]);
}

#[tokio::test]
async fn an_invite_gives_no_more_than_its_maker_could_give_when_it_is_used() {
    let team = Team::new().await;
    let made = invite(&team.petra, new_person("Mara", &[(COFFEE, Role::Admin)])).await.unwrap();
    let another = invite(&team.petra, further_desk(team.petra.enrolled.agent, &[])).await.unwrap();
    let request = |role| Request::SetRole {
        agent: team.petra.enrolled.agent,
        account: COFFEE.into(),
        platform: baton_protocol::Platform::Messenger,
        role,
    };
    team.stage.operate(request(Some(Role::Agent))).await;
    for secret in [&made.secret, &another.secret] {
        let (status, no) = team.stage.enrol_with(secret).await.err().unwrap();
        assert_eq!((status.as_u16(), no.code), (403, ErrorCode::InviteInvalid));
    }
    // Whoever was cut off has given nothing either.
    team.stage.operate(request(Some(Role::Admin))).await;
    let made = invite(&team.petra, new_person("Otto", &[(COFFEE, Role::Agent)])).await.unwrap();
    team.stage.operate(Request::Revoke { desk: team.petra.enrolled.desk }).await;
    assert_eq!(team.stage.enrol_with(&made.secret).await.err().unwrap().0, 403);
}

#[tokio::test]
async fn many_invites_are_made_together_or_not_at_all() {
    let team = Team::new().await;
    let right = || new_person("Mara", &[(TEA, Role::Agent)]);
    let wrong = [
        new_person("Otto", &[(COFFEE, Role::Agent)]),
        new_person("", &[(TEA, Role::Agent)]),
        new_person("Otto", &[]),
        new_person("Otto\nMara", &[(TEA, Role::Agent)]),
        new_person("Otto", &[(TEA, Role::Agent), (TEA, Role::Admin)]),
        further_desk(team.jonas.enrolled.agent, &[]),
    ];
    for wrong in wrong {
        let invites = vec![right(), wrong.clone(), right()];
        let made = team.ines.post::<InvitesMade>(routes::INVITES, &InvitesAsked { invites }).await;
        assert!(made.is_err(), "{wrong:?}");
    }
    assert!(people(&team.ines).await.invites.is_empty());
    let invites = vec![right(), right()];
    let made: InvitesMade =
        team.ines.post(routes::INVITES, &InvitesAsked { invites }).await.map_err(|(_, no)| no).unwrap();
    assert_ne!(made.invites[0].secret, made.invites[1].secret);
    assert_eq!(people(&team.ines).await.invites.len(), 2);
    for invites in [Vec::new(), vec![right(); 501]] {
        let none = team.ines.post::<InvitesMade>(routes::INVITES, &InvitesAsked { invites }).await;
        assert_eq!(refused(none), (400, ErrorCode::BadRequest));
    }
}

#[tokio::test]
async fn invites_are_not_made_without_end() {
    let team = Team::new().await;
    for _ in 0..20 {
        invite(&team.ines, new_person("Mara", &[(TEA, Role::Agent)])).await.unwrap();
    }
    let one_more = invite(&team.ines, new_person("Mara", &[(TEA, Role::Agent)])).await;
    assert_eq!(refused(one_more), (429, ErrorCode::RateLimited));
    team.stage.clock.advance_ms(10_000);
    invite(&team.ines, new_person("Mara", &[(TEA, Role::Agent)])).await.unwrap();
}

#[tokio::test]
async fn another_desk_keeps_the_roles_that_its_person_has_then() {
    let team = Team::new().await;
    let samir = team.samir.enrolled.agent;
    let made = invite(&team.ines, further_desk(samir, &[])).await.unwrap();
    assert_eq!(people(&team.ines).await.invites[0].agent, Some(samir));
    assert!(changed(set_role(&team.ines, samir, TEA, Some(Role::Supervisor)).await));
    let second = team.stage.enrol_with(&made.secret).await.unwrap();
    assert_eq!((second.agent, second.accounts[0].role), (samir, Role::Supervisor));
    assert_eq!(person(&team.ines, samir).await.unwrap().desks.len(), 2);
}

#[tokio::test]
async fn another_desk_demotes_nobody_unless_that_is_said() {
    let team = Team::new().await;
    let ines = team.ines.enrolled.agent;
    // Ines works on Coffee too, so only the operator lets another desk of hers in.
    let accounts = vec![InviteAccount {
        account: TEA.into(),
        platform: baton_protocol::Platform::Messenger,
        role: Role::Agent,
    }];
    let asks = |change_roles| Request::Invite {
        name: String::new(),
        agent: Some(ines),
        accounts: accounts.clone(),
        valid_ms: INVITE_LEAST_MS,
        change_roles,
    };
    let relay = team.stage.running();
    let no = act(&**relay.log(), &*team.stage.clock, asks(false)).await.err().unwrap();
    assert!(matches!(no, OperatorError::ChangesRoles(_)), "{no}");
    assert!(no.to_string().contains("--change-role"), "{no}");

    let baton_relay::operator::Answer::Invite { invite, .. } = team.stage.operate(asks(true)).await else {
        panic!("no invite");
    };
    let url = format!("{}{}", relay.desk_url(), routes::INVITE);
    let question = InviteQuestion { invite: invite.clone() };
    let info: InviteInfo =
        team.stage.http.post(url).json(&question).send().await.unwrap().json().await.unwrap();
    assert_eq!(info.changes, [RoleChange { account: TEA.into(), from: Role::Admin, to: Role::Agent }]);
    team.stage.enrol_with(&invite).await.unwrap();
    let roles: BTreeMap<String, Role> = team
        .ines
        .get::<baton_protocol::hello::Hello>(routes::HELLO)
        .await
        .unwrap()
        .accounts
        .into_iter()
        .map(|on| (on.account.to_string(), on.role))
        .collect();
    assert_eq!(roles[TEA], Role::Agent);
}

#[tokio::test]
async fn an_admins_invite_of_another_desk_changes_a_role_only_when_that_is_said() {
    let team = Team::new().await;
    let samir = team.samir.enrolled.agent;
    let asked = further_desk(samir, &[(TEA, Role::Supervisor)]);
    let (status, no) = invite(&team.ines, asked.clone()).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    assert!(no.message.contains("Samir"), "{}", no.message);
    // The same role is no change.
    invite(&team.ines, further_desk(samir, &[(TEA, Role::Agent)])).await.unwrap();
    let made = invite(&team.ines, InviteAsked { change_roles: true, ..asked }).await.unwrap();
    let second = team.stage.enrol_with(&made.secret).await.unwrap();
    assert_eq!(second.accounts[0].role, Role::Supervisor);
    assert_eq!(person(&team.ines, samir).await.unwrap().roles, [on(TEA, Role::Supervisor)]);
}

#[tokio::test]
async fn a_desk_that_is_cut_off_hears_it_at_once_is_refused_everything_and_confirms_that_it_is_empty() {
    let team = Team::new().await;
    let (samir, desk) = (team.samir.enrolled.agent, team.samir.enrolled.desk);
    let wiped = |of: &Desk| of.request(Method::POST, routes::WIPED).send();
    let early = wiped(&team.samir).await.unwrap();
    assert_eq!(early.status(), 403);

    let mut stream = team.samir.stream(&StreamRequest::default()).await;
    stream.entries("workspace", 1).await;
    let seen = person(&team.ines, samir).await.unwrap();
    assert!(seen.desks[0].connected);
    assert!(changed(revoke(&team.ines, desk).await));
    assert!(!changed(revoke(&team.ines, desk).await));
    let mut last = None;
    while let Some(event) = stream.news().await {
        last = Some(event.name().to_owned());
    }
    assert_eq!(last.as_deref(), Some("revoked"));

    for (method, path) in [
        (Method::GET, routes::HELLO.to_owned()),
        (Method::GET, routes::OWED.to_owned()),
        (Method::POST, routes::GONE.to_owned()),
        (Method::GET, routes::PEOPLE.to_owned()),
        (Method::POST, routes::INVITES.to_owned()),
        (Method::POST, routes::STREAM.to_owned()),
        (Method::GET, routes::entries(&TEA.to_owned().into())),
    ] {
        let response = team.samir.request(method, &path).body("{}").send().await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert_eq!(response.json::<ErrorBody>().await.unwrap().code, ErrorCode::DeskRevoked, "{path}");
    }
    let listed = person(&team.ines, samir).await.unwrap().desks.remove(0);
    assert!(listed.revoked_at_ms.is_some() && listed.wiped_at_ms.is_none());
    assert_eq!(wiped(&team.samir).await.unwrap().status(), 204);
    assert_eq!(wiped(&team.samir).await.unwrap().status(), 204);
    let listed = person(&team.ines, samir).await.unwrap().desks.remove(0);
    assert!(listed.wiped_at_ms.is_some());
    let stranger = team.stage.http.post(format!("{}{}", team.samir.url, routes::WIPED));
    let stranger = stranger
        .bearer_auth("dsk_made_up")
        .header(baton_protocol::hello::VERSION_HEADER, baton_protocol::hello::VERSION.to_string());
    let response = stranger.send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.json::<ErrorBody>().await.unwrap().code, ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn what_stands_in_the_way_of_the_wire_is_answered_and_not_fallen_over() {
    let team = Team::new().await;
    let agent = team.samir.enrolled.agent;
    for (method, path, body, status) in [
        (Method::POST, routes::INVITES.to_owned(), "not json", 400),
        (Method::POST, routes::of_agent(routes::AGENT_ROLE, agent), "{\"account\":[]}", 400),
        (Method::POST, routes::of_agent(routes::AGENT_NAME, agent), "{\"name\":\" \"}", 400),
        (Method::POST, "/v1/agents/nobody/role".to_owned(), "{\"account\":\"1\",\"role\":null}", 404),
        (Method::POST, "/v1/desks/none/revoke".to_owned(), "", 404),
        (Method::DELETE, "/v1/invites/none".to_owned(), "", 404),
        (Method::GET, routes::of_account(routes::ERASURE, &TEA.into()), "", 400),
        (Method::POST, routes::GONE.to_owned(), "[]", 400),
    ] {
        let response = team.ines.request(method, &path).body(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        response.json::<ErrorBody>().await.unwrap();
    }
}
