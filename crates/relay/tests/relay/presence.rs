//! Who is there, by hand-made calls: what each desk hears of whom, and what ends it.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_messenger::id::Platform;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::presence::{Doing, LooksAt, Presence, PresenceSaid, PresenceState, Viewing};
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::{AgentId, RunId, routes};
use baton_relay::operator::Request;
use baton_relay::people::InviteAccount;
use reqwest::{Method, StatusCode};

use crate::stage::{COFFEE, Desk, MARA, Stage, Stream, TEA};

const NOBODYS: &str = "999999999999999";

fn thread(account: &str) -> LooksAt {
    LooksAt { account: account.into(), customer: MARA.into() }
}

fn views(account: &str, doing: Doing) -> Option<Viewing> {
    Some(Viewing { thread: thread(account), doing })
}

fn said(run: RunId, seq: u64, state: PresenceState, viewing: Option<Viewing>) -> PresenceSaid {
    PresenceSaid { run, seq, state, viewing, shown_offline: None }
}

async fn say(desk: &Desk, said: &PresenceSaid) -> StatusCode {
    desk.request(Method::POST, routes::PRESENCE).json(said).send().await.unwrap().status()
}

async fn opens(desk: &Desk, presence: Option<PresenceSaid>) -> Stream {
    desk.stream(&StreamRequest { presence, ..StreamRequest::default() }).await
}

/// What a desk knows of who is there, by what its stream brought.
struct Picture {
    stream: Stream,
    agents: BTreeMap<AgentId, Presence>,
    /// How often something was told.
    times: usize,
}

impl Picture {
    /// The picture that a stream begins with.
    async fn of(desk: &Desk, presence: Option<PresenceSaid>) -> Self {
        let mut picture = Self { stream: opens(desk, presence).await, agents: BTreeMap::new(), times: 0 };
        while picture.times == 0 {
            picture.hear().await;
        }
        picture
    }

    async fn hear(&mut self) {
        if let StreamEvent::Present(present) = self.stream.news().await.expect("the stream ended") {
            assert_eq!(present.whole, self.times == 0, "the first one is whole, and no other");
            self.times += 1;
            for one in present.agents {
                self.agents.insert(one.agent, one);
            }
        }
    }

    async fn until(&mut self, looks_so: impl Fn(&Self) -> bool) {
        while !looks_so(self) {
            self.hear().await;
        }
    }

    fn state(&self, desk: &Desk) -> PresenceState {
        self.agents.get(&desk.enrolled.agent).map_or(PresenceState::Offline, |one| one.state)
    }

    fn shows(&self, desk: &Desk) -> Vec<(LooksAt, Doing)> {
        let one = self.agents.get(&desk.enrolled.agent);
        let views = one.map(|one| one.views.iter().map(|view| (view.thread.clone(), view.doing)).collect());
        views.unwrap_or_default()
    }
}

async fn ines_and_jonas(stage: &Stage) -> (Desk, Desk) {
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    (ines, jonas)
}

#[tokio::test]
async fn a_colleague_is_seen_until_a_few_seconds_after_their_desk_died() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let mut seen = Picture::of(&ines, None).await;
    assert_eq!((seen.state(&ines), seen.state(&jonas)), (PresenceState::Online, PresenceState::Offline));

    let run = RunId::new();
    let stream = opens(&jonas, Some(said(run, 1, PresenceState::TransfersOnly, None))).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::TransfersOnly).await;
    let reads = said(run, 2, PresenceState::TransfersOnly, views(TEA, Doing::Reads));
    assert_eq!(say(&jonas, &reads).await, 204);
    seen.until(|seen| seen.shows(&jonas) == [(thread(TEA), Doing::Reads)]).await;

    drop(stream);
    // A stream that comes late gets the same picture: the desk may come back.
    let late = Picture::of(&ines, None).await;
    assert_eq!(late.shows(&jonas), [(thread(TEA), Doing::Reads)]);
    // The relay hears of the closed connection a little later, and counts from then on.
    let mut seconds = 0;
    crate::stage::until("the desk to be gone", async || {
        stage.clock.advance_ms(1_000);
        seconds += 1;
        Picture::of(&ines, None).await.state(&jonas) == PresenceState::Offline
    })
    .await;
    assert!((5..15).contains(&seconds), "gone after {seconds} s");
    seen.until(|seen| seen.state(&jonas) == PresenceState::Offline).await;
    assert_eq!(seen.shows(&jonas), []);
}

#[tokio::test]
async fn typing_ends_by_itself() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let mut seen = Picture::of(&ines, None).await;
    let run = RunId::new();
    let writes = said(run, 1, PresenceState::Online, views(TEA, Doing::WritesReply));
    let _stream = opens(&jonas, Some(writes)).await;
    seen.until(|seen| seen.shows(&jonas) == [(thread(TEA), Doing::WritesReply)]).await;
    stage.clock.advance_ms(6_000);
    seen.until(|seen| seen.shows(&jonas) == [(thread(TEA), Doing::Reads)]).await;
    // A desk that goes on saying nothing is not there, whatever its connection is.
    stage.clock.advance_ms(24_000);
    seen.until(|seen| seen.state(&jonas) == PresenceState::Offline).await;
    assert_eq!(say(&jonas, &said(run, 2, PresenceState::Away, None)).await, 204);
    seen.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
}

#[tokio::test]
async fn what_overtook_a_newer_word_changes_nothing() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let mut seen = Picture::of(&ines, None).await;
    let run = RunId::new();
    let _stream = opens(&jonas, Some(said(run, 5, PresenceState::Away, None))).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
    assert_eq!(say(&jonas, &said(run, 4, PresenceState::Online, views(TEA, Doing::Reads))).await, 204);
    assert_eq!(say(&jonas, &said(run, 6, PresenceState::TransfersOnly, None)).await, 204);
    seen.until(|seen| seen.state(&jonas) != PresenceState::Away).await;
    assert_eq!((seen.state(&jonas), seen.shows(&jonas)), (PresenceState::TransfersOnly, Vec::new()));
    // The program was started again.
    assert_eq!(say(&jonas, &said(RunId::new(), 1, PresenceState::Online, None)).await, 204);
    seen.until(|seen| seen.state(&jonas) == PresenceState::Online).await;
}

#[tokio::test]
async fn a_desk_that_chose_offline_is_online_for_no_moment() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let mut seen = Picture::of(&ines, None).await;
    let run = RunId::new();
    let _stream = opens(&jonas, Some(said(run, 1, PresenceState::Offline, views(TEA, Doing::Reads)))).await;
    assert_eq!(say(&ines, &said(run, 1, PresenceState::Away, None)).await, 204);
    seen.until(|seen| {
        assert_eq!((seen.state(&jonas), seen.shows(&jonas)), (PresenceState::Offline, Vec::new()));
        seen.state(&ines) == PresenceState::Away
    })
    .await;
}

#[tokio::test]
async fn a_desk_that_is_cut_off_is_gone_at_once_its_stream_or_not() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let noa = stage.desk("Noa", &[(TEA, Role::Agent)]).await;
    let mut seen = Picture::of(&ines, None).await;
    let stays = opens(&jonas, None).await;
    let goes =
        opens(&noa, Some(said(RunId::new(), 1, PresenceState::Online, views(TEA, Doing::Reads)))).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::Online && seen.shows(&noa).len() == 1).await;
    drop(goes);
    // No time passes on the relay's clock but the machine's own, and that is less than the grace.
    for desk in [&jonas, &noa] {
        stage.operate(Request::Revoke { desk: desk.enrolled.desk }).await;
    }
    let ended = tokio::time::timeout(
        Duration::from_secs(3),
        seen.until(|seen| [&jonas, &noa].iter().all(|desk| seen.state(desk) == PresenceState::Offline)),
    );
    ended.await.expect("still there although it was cut off");
    drop(stays);
    assert_eq!(say(&jonas, &said(RunId::new(), 1, PresenceState::Online, None)).await, 401);
}

#[tokio::test]
async fn of_an_agents_two_desks_the_most_present_one_counts() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let accounts =
        vec![InviteAccount { account: TEA.into(), platform: Platform::Messenger, role: Role::Agent }];
    let agent = Some(jonas.enrolled.agent);
    let (name, valid_ms, change_roles) = (String::new(), 60_000, false);
    let request = Request::Invite { name, agent, accounts, valid_ms, change_roles };
    let baton_relay::operator::Answer::Invite { invite, .. } = stage.operate(request).await else { panic!() };
    let enrolled = stage.enrol_with(&invite).await.unwrap();
    let office =
        Desk { enrolled, private_key: String::new(), http: stage.http.clone(), url: jonas.url.clone() };

    let mut seen = Picture::of(&ines, None).await;
    let _laptop = opens(&jonas, Some(said(RunId::new(), 1, PresenceState::Away, None))).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
    let run = RunId::new();
    let online = said(run, 1, PresenceState::Online, views(TEA, Doing::WritesNote));
    let _office = opens(&office, Some(online)).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::Online).await;
    assert_eq!(seen.shows(&jonas), [(thread(TEA), Doing::WritesNote)]);
    assert_eq!(say(&office, &said(run, 2, PresenceState::Offline, None)).await, 204);
    seen.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
    assert_eq!(seen.shows(&jonas), []);
}

#[tokio::test]
async fn nothing_is_told_of_an_account_to_whoever_may_not_read_it() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(COFFEE, Role::Admin)]).await;
    jonas.connect(COFFEE, "Northwind Coffee").await;
    let noa = stage.desk("Noa", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    let mut of_ines = Picture::of(&ines, None).await;
    let mut of_jonas = Picture::of(&jonas, None).await;
    assert_eq!((of_ines.agents.len(), of_jonas.agents.len()), (1, 1), "only themselves");

    let run = RunId::new();
    let _noa = opens(&noa, Some(said(run, 1, PresenceState::Online, views(COFFEE, Doing::Reads)))).await;
    of_jonas.until(|seen| seen.shows(&noa) == [(thread(COFFEE), Doing::Reads)]).await;
    of_ines.until(|seen| seen.state(&noa) == PresenceState::Online).await;
    assert_eq!(of_ines.shows(&noa), []);
    let times = of_ines.times;

    // Nothing that Ines may see changes, so nothing is told: neither that somebody types there, nor who comes and goes.
    assert_eq!(say(&noa, &said(run, 2, PresenceState::Online, views(COFFEE, Doing::WritesReply))).await, 204);
    of_jonas.until(|seen| seen.shows(&noa) == [(thread(COFFEE), Doing::WritesReply)]).await;
    assert_eq!(say(&jonas, &said(run, 1, PresenceState::Away, views(COFFEE, Doing::Reads))).await, 204);
    of_jonas.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
    assert_eq!(say(&noa, &said(run, 3, PresenceState::Away, views(TEA, Doing::Reads))).await, 204);
    of_ines.until(|seen| seen.state(&noa) == PresenceState::Away).await;
    assert_eq!(of_ines.shows(&noa), [(thread(TEA), Doing::Reads)]);
    assert_eq!((of_ines.times, of_ines.agents.contains_key(&jonas.enrolled.agent)), (times + 1, false));
    of_jonas.until(|seen| seen.state(&noa) == PresenceState::Away).await;
    assert_eq!(of_jonas.shows(&noa), []);
}

#[tokio::test]
async fn a_thread_of_anothers_account_is_answered_like_one_of_nobodys() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(COFFEE, Role::Admin)]).await;
    jonas.connect(COFFEE, "Northwind Coffee").await;
    let mut of_jonas = Picture::of(&jonas, None).await;
    let run = RunId::new();
    // With the stream such a thread is left out: the right may have ended while the desk was away.
    let mut of_ines =
        Picture::of(&ines, Some(said(run, 1, PresenceState::Away, views(COFFEE, Doing::Reads)))).await;
    assert_eq!((of_ines.state(&ines), of_ines.shows(&ines)), (PresenceState::Away, Vec::new()));

    let mut answers = Vec::new();
    for account in [COFFEE, NOBODYS] {
        let said = said(run, 2, PresenceState::Online, views(account, Doing::Reads));
        let response = ines.request(Method::POST, routes::PRESENCE).json(&said).send().await.unwrap();
        answers.push((response.status(), response.text().await.unwrap()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 404);
    assert!(answers[0].1.contains(&ErrorCode::NoSuchLog.to_string()));
    let long = Viewing {
        thread: LooksAt { account: TEA.into(), customer: "6".repeat(101).into() },
        doing: Doing::Reads,
    };
    assert_eq!(say(&ines, &said(run, 2, PresenceState::Online, Some(long))).await, 400);
    assert_eq!(say(&ines, &said(run, 2, PresenceState::TransfersOnly, None)).await, 204);
    of_ines.until(|seen| seen.state(&ines) == PresenceState::TransfersOnly).await;
    assert_eq!(say(&jonas, &said(run, 2, PresenceState::Away, None)).await, 204);
    of_jonas.until(|seen| seen.state(&jonas) == PresenceState::Away).await;
    assert_eq!(of_jonas.agents.len(), 1);
}

#[tokio::test]
async fn whoever_loses_an_account_neither_hears_nor_is_heard_of_there() {
    let stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    let jonas = stage.desk("Jonas", &[(COFFEE, Role::Agent)]).await;
    let mut of_ines = Picture::of(&ines, None).await;
    let mut of_jonas =
        Picture::of(&jonas, Some(said(RunId::new(), 1, PresenceState::Online, views(COFFEE, Doing::Reads))))
            .await;
    of_ines.until(|seen| seen.shows(&jonas) == [(thread(COFFEE), Doing::Reads)]).await;
    assert_eq!(of_jonas.state(&ines), PresenceState::Online);
    let loses = |desk: &Desk, role| Request::SetRole {
        agent: desk.enrolled.agent,
        account: COFFEE.into(),
        platform: Platform::Messenger,
        role,
    };
    stage.operate(loses(&ines, None)).await;
    of_ines.until(|seen| seen.state(&jonas) == PresenceState::Offline).await;
    of_jonas.until(|seen| seen.state(&ines) == PresenceState::Offline).await;
    stage.operate(loses(&ines, Some(Role::Supervisor))).await;
    of_ines.until(|seen| seen.shows(&jonas) == [(thread(COFFEE), Doing::Reads)]).await;
    of_jonas.until(|seen| seen.state(&ines) == PresenceState::Online).await;
}

#[tokio::test]
async fn a_burst_is_gathered_and_a_desk_that_says_too_much_is_told_to_wait() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let mut seen = Picture::of(&ines, None).await;
    let run = RunId::new();
    let _stream = opens(&jonas, Some(said(run, 1, PresenceState::Online, None))).await;
    seen.until(|seen| seen.state(&jonas) == PresenceState::Online).await;
    let before = seen.times;
    let begun = tokio::time::Instant::now();
    let mut refused = 0;
    for seq in 2..102 {
        let state = if seq % 2 == 0 { PresenceState::Away } else { PresenceState::Online };
        if say(&jonas, &said(run, seq, state, None)).await == 429 {
            refused += 1;
        }
    }
    stage.clock.advance_ms(60_000);
    assert_eq!(say(&jonas, &said(run, 102, PresenceState::TransfersOnly, None)).await, 204);
    seen.until(|seen| seen.state(&jonas) == PresenceState::TransfersOnly).await;
    let most = begun.elapsed().as_millis() / 300 + 2;
    assert!((seen.times - before) as u128 <= most, "{} times, {most} are enough", seen.times - before);
    assert!(refused > 0, "a hundred in a moment");
}

#[tokio::test]
async fn what_a_desk_without_a_stream_says_counts_for_nothing() {
    let stage = Stage::new().await;
    let (ines, jonas) = ines_and_jonas(&stage).await;
    let run = RunId::new();
    assert_eq!(say(&jonas, &said(run, 1, PresenceState::Online, views(TEA, Doing::Reads))).await, 204);
    let seen = Picture::of(&ines, None).await;
    assert_eq!(seen.state(&jonas), PresenceState::Offline);
}
