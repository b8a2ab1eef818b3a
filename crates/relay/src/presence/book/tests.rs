//! The book by hand, and against a plain record.

use baton_protocol::enrol::{AccountRole, Role};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn account(n: u8) -> AccountId {
    AccountId::from(format!("10{n}"))
}

fn thread(n: u8) -> LooksAt {
    LooksAt { account: account(n), customer: "6200".into() }
}

fn both() -> BTreeSet<AccountId> {
    [account(0), account(1)].into()
}

fn said(seq: u64, state: PresenceState, viewing: Option<(u8, Doing)>) -> PresenceSaid {
    let viewing = viewing.map(|(n, doing)| Viewing { thread: thread(n), doing });
    PresenceSaid { run: RunId(Uuid::nil()), seq, state, viewing, shown_offline: None }
}

fn opened(desk: DeskId, agent: AgentId, said: Option<PresenceSaid>) -> Event {
    Event::Opened { desk, agent, accounts: both(), said }
}

fn views(book: &Book, agent: AgentId) -> Vec<(LooksAt, Doing)> {
    let now = book.agents().find(|(there, _)| *there == agent);
    now.map(|(_, now)| now.views.iter().map(|view| (view.thread.clone(), view.doing)).collect())
        .unwrap_or_default()
}

#[test]
fn a_desk_that_died_is_gone_after_the_grace_and_one_that_comes_back_never_was() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    let reads = said(1, PresenceState::TransfersOnly, Some((0, Doing::Reads)));
    assert_eq!(book.step(opened(desk, ada, Some(reads)), 0).changed, [ada].into());

    assert_eq!(book.step(Event::Closed { desk }, 1_000).changed, BTreeSet::new());
    let again = said(2, PresenceState::TransfersOnly, Some((0, Doing::Reads)));
    assert_eq!(book.step(opened(desk, ada, Some(again)), 5_999).changed, BTreeSet::new());

    let effects = book.step(Event::Closed { desk }, 10_000);
    assert_eq!(effects, Effects { changed: BTreeSet::new(), look_again_ms: Some(15_000) });
    assert_eq!(book.step(Event::Tick, 14_999).changed, BTreeSet::new());
    assert_eq!(book.step(Event::Tick, 15_000).changed, [ada].into());
    assert_eq!(book.state_of(ada), PresenceState::Offline);
    assert!(book.desks.is_empty() && book.rights.is_empty() && book.agents.is_empty());
}

#[test]
fn a_desk_that_is_cut_off_is_gone_at_once() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    book.step(opened(desk, ada, None), 0);
    assert_eq!(book.step(Event::CutOff { desk }, 1).changed, [ada].into());
    assert_eq!(book.step(Event::Closed { desk }, 2), Effects::default());
}

#[test]
fn typing_ends_by_itself_and_goes_on_as_long_as_it_is_said() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    let types = |seq| said(seq, PresenceState::Online, Some((0, Doing::WritesReply)));
    let effects = book.step(opened(desk, ada, Some(types(1))), 0);
    assert_eq!(effects.look_again_ms, Some(6_000));
    assert_eq!(book.step(Event::Said { desk, said: types(2) }, 4_000).changed, BTreeSet::new());
    assert_eq!(views(&book, ada), [(thread(0), Doing::WritesReply)]);
    assert_eq!(book.step(Event::Tick, 9_999).changed, BTreeSet::new());
    assert_eq!(book.step(Event::Tick, 10_000).changed, [ada].into());
    assert_eq!(views(&book, ada), [(thread(0), Doing::Reads)]);
}

#[test]
fn a_desk_that_says_nothing_more_is_not_there_although_its_stream_is() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    book.step(opened(desk, ada, Some(said(1, PresenceState::Online, Some((0, Doing::Reads))))), 0);
    book.step(Event::Tick, 29_999);
    assert_eq!(book.state_of(ada), PresenceState::Online);
    assert_eq!(book.step(Event::Tick, 30_000).changed, [ada].into());
    assert_eq!((book.state_of(ada), views(&book, ada)), (PresenceState::Offline, Vec::new()));
    // It slept.
    book.step(Event::Said { desk, said: said(2, PresenceState::Away, None) }, 8 * 3_600_000);
    assert_eq!(book.state_of(ada), PresenceState::Away);
}

#[test]
fn a_desk_of_before_is_online_as_long_as_its_stream_is() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    book.step(opened(desk, ada, None), 0);
    assert_eq!(book.step(Event::Tick, 3_600_000), Effects::default());
    assert_eq!(book.state_of(ada), PresenceState::Online);
}

fn set_offline(agent: AgentId) -> SetOffline {
    SetOffline { agent, by: AgentId::new(), offline: OfflineId::new() }
}

fn shown(seq: u64, state: PresenceState, set: &SetOffline) -> PresenceSaid {
    PresenceSaid { shown_offline: Some(set.offline), ..said(seq, state, None) }
}

#[test]
fn whom_a_supervisor_set_offline_is_so_until_they_choose_on_any_desk() {
    let (mut book, ada) = (Book::default(), AgentId::new());
    let (laptop, office) = (DeskId::new(), DeskId::new());
    book.step(opened(laptop, ada, Some(said(1, PresenceState::Online, None))), 0);
    let set = set_offline(ada);
    assert_eq!(book.step(Event::SetOffline(set.clone()), 1).changed, [ada].into());
    assert_eq!((book.state_of(ada), book.held(ada)), (PresenceState::Offline, Some(&set)));

    // What was on its way, what a desk says by itself, and a program that starts change nothing.
    book.step(Event::Said { desk: laptop, said: said(2, PresenceState::Online, None) }, 2);
    book.step(Event::Said { desk: laptop, said: shown(3, PresenceState::Offline, &set) }, 3);
    book.step(opened(office, ada, Some(said(1, PresenceState::Online, None))), 4);
    let another = set_offline(ada);
    book.step(Event::Said { desk: office, said: shown(2, PresenceState::Online, &another) }, 5);
    assert_eq!((book.state_of(ada), book.held(ada)), (PresenceState::Offline, Some(&set)));

    book.step(Event::Said { desk: office, said: shown(3, PresenceState::Away, &set) }, 6);
    assert_eq!((book.state_of(ada), book.held(ada)), (PresenceState::Away, None));
}

#[test]
fn whoever_is_not_there_is_told_once_they_come() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    let (first, second) = (set_offline(ada), set_offline(ada));
    let before = book.changes();
    assert_eq!(book.step(Event::SetOffline(first.clone()), 0).changed, [ada].into());
    assert!(book.changes() > before, "streams look again");
    book.step(opened(desk, ada, Some(said(1, PresenceState::Online, None))), 3_600_000);
    assert_eq!((book.state_of(ada), book.held(ada)), (PresenceState::Offline, Some(&first)));
    // A second act is another one: what showed the first ends it no more.
    book.step(Event::SetOffline(second.clone()), 3_600_001);
    book.step(Event::Said { desk, said: shown(2, PresenceState::Online, &first) }, 3_600_002);
    assert_eq!(book.held(ada), Some(&second));
}

#[test]
fn a_desk_of_before_ends_it_by_coming_because_it_can_say_nothing_else() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    book.step(opened(desk, ada, None), 0);
    book.step(Event::SetOffline(set_offline(ada)), 1);
    // Another stream of a desk that is there is no coming.
    book.step(opened(desk, ada, None), 2);
    assert_eq!(book.state_of(ada), PresenceState::Offline);
    for at_ms in [3, 4] {
        book.step(Event::Closed { desk }, at_ms);
    }
    book.step(opened(desk, ada, None), 4 + GRACE_MS);
    assert_eq!((book.state_of(ada), book.held(ada)), (PresenceState::Online, None));
}

#[test]
fn of_two_desks_the_most_present_one_counts_and_each_shows_its_thread() {
    let (mut book, ada) = (Book::default(), AgentId::new());
    let (laptop, office) = (DeskId::new(), DeskId::new());
    book.step(opened(laptop, ada, Some(said(1, PresenceState::Away, Some((0, Doing::Reads))))), 0);
    assert_eq!(book.state_of(ada), PresenceState::Away);
    let writes = said(1, PresenceState::TransfersOnly, Some((1, Doing::WritesNote)));
    book.step(opened(office, ada, Some(writes)), 0);
    assert_eq!(book.state_of(ada), PresenceState::TransfersOnly);
    assert_eq!(views(&book, ada), [(thread(0), Doing::Reads), (thread(1), Doing::WritesNote)]);

    let same = said(2, PresenceState::Online, Some((1, Doing::WritesReply)));
    book.step(Event::Said { desk: laptop, said: same }, 0);
    assert_eq!(views(&book, ada), [(thread(1), Doing::WritesReply)], "what weighs more");
    let off = said(3, PresenceState::Offline, Some((1, Doing::WritesReply)));
    book.step(Event::Said { desk: laptop, said: off }, 0);
    assert_eq!(book.state_of(ada), PresenceState::TransfersOnly);
    assert_eq!(views(&book, ada), [(thread(1), Doing::WritesNote)], "a desk that plays closed shows nothing");
}

#[test]
fn whoever_shares_no_account_hears_nothing_and_a_thread_is_for_its_readers() {
    let (mut book, desk, ada) = (Book::default(), DeskId::new(), AgentId::new());
    book.step(opened(desk, ada, Some(said(1, PresenceState::Online, Some((1, Doing::Reads))))), 0);
    let reader = |agent, accounts: &[u8]| DeskAccess {
        desk: DeskId::new(),
        agent,
        agent_name: String::new(),
        is_revoked: false,
        accounts: accounts
            .iter()
            .map(|n| AccountRole {
                account: account(*n),
                platform: baton_protocol::Platform::Messenger,
                name: String::new(),
                role: Role::Agent,
                connected: true,
            })
            .collect(),
    };
    let seen = |reader: &DeskAccess| {
        book.agents().filter_map(|(agent, now)| now.seen_by(agent, reader)).collect::<Vec<_>>()
    };
    let other = AgentId::new();
    assert_eq!(seen(&reader(other, &[2])), []);
    assert_eq!(seen(&reader(other, &[])), []);
    let state = PresenceState::Online;
    let without = Presence { agent: ada, state, views: Vec::new() };
    assert_eq!(seen(&reader(other, &[0])), std::slice::from_ref(&without));
    assert_eq!(seen(&reader(ada, &[])), std::slice::from_ref(&without), "one's own other desk");
    let views = vec![Viewing { thread: thread(1), doing: Doing::Reads }];
    assert_eq!(seen(&reader(other, &[1])), [Presence { agent: ada, state, views }]);

    let rights = Event::Rights { agent: ada, accounts: [account(0)].into() };
    assert_eq!(book.step(rights, 1).changed, [ada].into());
    let seen: Vec<_> =
        book.agents().filter_map(|(agent, now)| now.seen_by(agent, &reader(other, &[0, 1]))).collect();
    assert_eq!(seen, [without], "nobody looks where they have no role any more");
}

type Shown = BTreeMap<AgentId, (PresenceState, Vec<(LooksAt, Doing)>, BTreeSet<AccountId>)>;

/// What happens, of three desks of two agents.
#[derive(Clone, Debug)]
enum Happens {
    Opens(usize, bool),
    Closes(usize),
    Says(usize, u64, usize, Option<(u8, usize)>),
    Loses(usize, u8),
    IsCutOff(usize),
    Nothing,
}

const STATES: [PresenceState; 4] =
    [PresenceState::Online, PresenceState::Away, PresenceState::TransfersOnly, PresenceState::Offline];
const DOINGS: [Doing; 3] = [Doing::Reads, Doing::WritesReply, Doing::WritesNote];

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (0usize..3, any::<bool>()).prop_map(|(desk, speaks)| Happens::Opens(desk, speaks)),
        2 => (0usize..3).prop_map(Happens::Closes),
        6 => (0usize..3, 0u64..40, 0usize..4, prop::option::of((0u8..2, 0usize..3)))
            .prop_map(|(desk, seq, state, view)| Happens::Says(desk, seq, state, view)),
        1 => (0usize..2, 0u8..3).prop_map(|(agent, left)| Happens::Loses(agent, left)),
        1 => (0usize..3).prop_map(Happens::IsCutOff),
        2 => Just(Happens::Nothing),
    ]
}

/// One desk as a plain record of what happened to it, looked at only when somebody asks.
#[derive(Clone, Debug, Default)]
struct Plain {
    streams: usize,
    left_ms: Option<i64>,
    is_seated: bool,
    said: Option<Said>,
}

/// Its place among what the desk said, which state, what it looks at and does there, and when.
type Said = (u64, usize, Option<(u8, usize)>, i64);

impl Plain {
    fn is_there(&self, now: i64) -> bool {
        self.is_seated && (self.streams > 0 || self.left_ms.is_some_and(|at| now < at + GRACE_MS))
    }
}

proptest! {
    #[test]
    fn it_is_like_a_plain_record_that_is_read_when_somebody_asks(
        story in prop::collection::vec((happens(), 0i64..9_000), 1..80),
    ) {
        let (desks, agents) = ([0u128, 1, 2].map(|n| DeskId(Uuid::from_u128(n))), [3u128, 4].map(|n| AgentId(Uuid::from_u128(n))));
        let of = [0usize, 0, 1];
        let (mut book, mut plain) = (Book::default(), [(); 3].map(|()| Plain::default()));
        let mut rights = [both(), both()];
        let (mut now, mut shown, mut due): (i64, Shown, Option<i64>) = (0, Shown::new(), None);
        for (happens, pause) in story {
            let before = now;
            now += pause;
            // Time alone changes nothing before it was said that it does.
            let early = due.map_or(now, |due| now.min(due - 1)).max(before);
            prop_assert_eq!(book.clone().step(Event::Tick, early).changed, BTreeSet::new());
            for each in &mut plain {
                if !each.is_there(now) {
                    *each = Plain::default();
                }
            }
            let hears = |each: &mut Plain, seq: u64, state: usize, view: Option<(u8, usize)>| {
                if each.is_seated && each.said.is_none_or(|(known, ..)| seq > known) {
                    each.said = Some((seq, state, view, now));
                }
            };
            let event = match happens {
                Happens::Opens(desk, speaks) => {
                    let each = &mut plain[desk];
                    (each.streams, each.left_ms, each.is_seated) = (each.streams + 1, None, true);
                    if speaks { hears(each, 20, 1, None) } else { each.said = None }
                    rights[of[desk]] = both();
                    let said = speaks.then(|| said(20, STATES[1], None));
                    opened(desks[desk], agents[of[desk]], said)
                }
                Happens::Closes(desk) => {
                    let each = &mut plain[desk];
                    if each.streams == 1 {
                        each.left_ms = Some(now);
                    }
                    each.streams = each.streams.saturating_sub(1);
                    Event::Closed { desk: desks[desk] }
                }
                Happens::Says(desk, seq, state, view) => {
                    hears(&mut plain[desk], seq, state, view);
                    let view = view.map(|(n, doing)| (n, DOINGS[doing]));
                    Event::Said { desk: desks[desk], said: said(seq, STATES[state], view) }
                }
                Happens::Loses(agent, left) => {
                    let accounts: BTreeSet<AccountId> = (0..left).map(account).collect();
                    rights[agent] = accounts.clone();
                    Event::Rights { agent: agents[agent], accounts }
                }
                Happens::IsCutOff(desk) => {
                    plain[desk] = Plain::default();
                    Event::CutOff { desk: desks[desk] }
                }
                Happens::Nothing => Event::Tick,
            };
            let effects = book.step(event, now);
            due = effects.look_again_ms;

            let mut wanted = Shown::new();
            for (agent, id) in agents.iter().enumerate() {
                let mine = (0..3usize).filter(|desk| of[*desk] == agent && plain[*desk].is_there(now));
                let tells = mine.filter_map(|desk| match plain[desk].said {
                    None => Some((PresenceState::Online, None)),
                    Some((_, 3, _, _)) => None,
                    Some((_, _, _, at)) if now - at >= SILENT_MS => None,
                    Some((_, state, view, at)) => {
                        let is_over = now - at >= TYPING_MS;
                        let view = view.map(|(n, doing)| (n, if is_over { Doing::Reads } else { DOINGS[doing] }));
                        Some((STATES[state], view))
                    }
                });
                let tells: Vec<_> = tells.collect();
                let order = [PresenceState::Online, PresenceState::TransfersOnly, PresenceState::Away];
                let Some(state) = order.into_iter().find(|one| tells.iter().any(|(state, _)| state == one)) else {
                    continue;
                };
                let mut views = Vec::new();
                for n in (0u8..2).filter(|n| rights[agent].contains(&account(*n))) {
                    let there = |doing| tells.iter().any(|(_, view)| *view == Some((n, doing)));
                    let order = [Doing::WritesReply, Doing::WritesNote, Doing::Reads];
                    views.extend(order.into_iter().find(|doing| there(*doing)).map(|doing| (thread(n), doing)));
                }
                wanted.insert(*id, (state, views, rights[agent].clone()));
            }
            let found: Shown = book
                .agents()
                .map(|(agent, now)| (agent, (now.state, views(&book, agent), now.accounts.clone())))
                .collect();
            prop_assert_eq!(&found, &wanted);
            let differs = |agent: &&AgentId| shown.get(*agent) != found.get(*agent);
            let changed: BTreeSet<AgentId> = agents.iter().filter(differs).copied().collect();
            prop_assert_eq!(effects.changed, changed);
            shown = found;
        }
    }
}
