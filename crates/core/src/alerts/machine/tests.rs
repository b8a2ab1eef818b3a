use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::alerts::choice::AlertSwitch;

fn of(thread: i64, what: What) -> News {
    News {
        thread: ThreadId(thread),
        customer: Some(format!("Customer {thread}")),
        account: "Northwind Tea".to_owned(),
        what,
    }
}

fn wrote(thread: i64) -> News {
    of(thread, What::Wrote { kind: PreviewKind::Text, line: "Where is my parcel?".to_owned() })
}

fn given(thread: i64) -> News {
    of(thread, What::Given { by: Some("Jonas".to_owned()) })
}

fn meant(thread: i64, note: NoteId) -> News {
    of(thread, What::Meant { note, by: Some("Jonas".to_owned()), line: "@Ines can you look?".to_owned() })
}

fn ends(thread: i64) -> News {
    of(thread, What::Ends { end: End::Window, left_ms: 60_000 })
}

fn rules(choice: &AlertChoice, boot_ms: i64) -> Rules<'_> {
    Rules { choice, is_quiet: false, boot_ms }
}

fn tells(machine: &mut Machine, news: Vec<News>, boot_ms: i64) -> Vec<Effect> {
    machine.tell(news, rules(&AlertChoice::default(), boot_ms))
}

/// What effects do, in short.
fn short(effects: &[Effect]) -> Vec<String> {
    let slot = |slot: &Slot| match slot {
        Slot::Thread(thread) => format!("{thread}"),
        Slot::Many(kind) => format!("many {kind:?}"),
        Slot::Trial => "trial".to_owned(),
    };
    let each = effects.iter().map(|effect| match effect {
        Effect::Show(Alert { slot: at, says: Says::One(news) }) => {
            format!("show {} {:?}", slot(at), news.what.kind())
        }
        Effect::Show(Alert { slot: at, says: Says::Many { threads, .. } }) => {
            format!("show {} {threads}", slot(at))
        }
        Effect::Show(Alert { slot: at, .. }) => format!("show {}", slot(at)),
        Effect::Close(at) => format!("close {}", slot(at)),
        Effect::Sound(kind) => format!("sound {kind:?}"),
    });
    each.collect()
}

#[test]
fn a_thread_has_one_alert_which_the_next_one_replaces() {
    let mut machine = Machine::default();
    assert_eq!(short(&tells(&mut machine, vec![wrote(1)], 0)), ["show 1 Message", "sound Message"]);
    let later = short(&tells(&mut machine, vec![wrote(1)], 30_000));
    assert_eq!(later, ["show 1 Message", "sound Message"]);
    assert_eq!(machine.shown().collect::<Vec<_>>(), [(ThreadId(1), AlertKind::Message)]);
}

#[test]
fn of_several_things_at_once_in_a_thread_the_one_that_says_most_is_told() {
    let mut machine = Machine::default();
    let news = vec![meant(1, NoteId::new()), wrote(1), given(1), given(2), ends(2)];
    assert_eq!(short(&tells(&mut machine, news, 0)), ["show 2 Assigned", "show 1 Mention", "sound Mention"],);
}

#[test]
fn many_at_once_become_one_alert_that_counts() {
    let mut machine = Machine::default();
    let told = tells(&mut machine, (1..=12).map(wrote).collect(), 0);
    assert_eq!(short(&told), ["show many Message 12", "sound Message"]);
    let more = tells(&mut machine, vec![wrote(13), wrote(1)], 50_000);
    assert_eq!(short(&more), ["show many Message 13", "sound Message"]);
}

#[test]
fn one_after_the_other_they_become_one_as_soon_as_they_are_many() {
    let mut machine = Machine::default();
    for thread in 1..=3 {
        tells(&mut machine, vec![wrote(thread)], thread * 1_000);
    }
    let fourth = tells(&mut machine, vec![wrote(4)], 4_000);
    assert_eq!(short(&fourth), ["close 1", "close 2", "close 3", "show many Message 4"]);
}

#[test]
fn what_comes_far_apart_is_told_one_by_one() {
    let mut machine = Machine::default();
    for thread in 1..=20 {
        let told = tells(&mut machine, vec![wrote(thread)], thread * WHILE_MS);
        assert_eq!(short(&told), [format!("show {thread} Message"), "sound Message".to_owned()]);
    }
}

#[test]
fn after_a_while_without_any_one_is_told_by_itself_again() {
    let mut machine = Machine::default();
    tells(&mut machine, (1..=5).map(wrote).collect(), 0);
    let later = tells(&mut machine, vec![wrote(6)], COUNTS_MS);
    assert_eq!(short(&later), ["show 6 Message", "sound Message"]);
}

#[test]
fn kinds_are_counted_apart() {
    let mut machine = Machine::default();
    let news = (1..=5).map(wrote).chain((11..=15).map(given)).chain([ends(21)]).collect();
    assert_eq!(
        short(&tells(&mut machine, news, 0)),
        ["show many Message 5", "show many Assigned 5", "show 21 Shutting", "sound Shutting"],
    );
}

#[test]
fn a_thread_that_is_looked_at_is_not_told_of_and_its_alert_goes() {
    let mut machine = Machine::default();
    tells(&mut machine, vec![wrote(1), wrote(2)], 0);
    assert_eq!(short(&machine.looks(Some(ThreadId(1)))), ["close 1"]);
    assert!(tells(&mut machine, vec![wrote(1)], 60_000).is_empty());
    assert!(machine.looks(None).is_empty());
    assert_eq!(short(&tells(&mut machine, vec![wrote(1)], 120_000)), ["show 1 Message", "sound Message"]);
}

#[test]
fn do_not_disturb_lets_nothing_through_and_leaves_nothing_for_later() {
    let (mut machine, choice) = (Machine::default(), AlertChoice::default());
    let quiet = Rules { choice: &choice, is_quiet: true, boot_ms: 0 };
    assert!(machine.tell((1..=12).map(wrote).collect(), quiet).is_empty());
    assert_eq!(short(&tells(&mut machine, vec![wrote(1)], 1)), ["show 1 Message", "sound Message"]);
}

#[test]
fn popups_and_sounds_are_chosen_apart() {
    let neither = AlertSwitch { popup: false, sound: false };
    let table = [
        (AlertSwitch { popup: true, sound: false }, vec!["show 1 Message"]),
        (AlertSwitch { popup: false, sound: true }, vec!["sound Message"]),
        (neither, vec![]),
    ];
    for (message, told) in table {
        let choice = AlertChoice { message, ..AlertChoice::default() };
        assert_eq!(short(&Machine::default().tell(vec![wrote(1)], rules(&choice, 0))), told);
    }
}

#[test]
fn sounds_keep_their_distance() {
    let mut machine = Machine::default();
    let heard = (0..10).flat_map(|step| tells(&mut machine, vec![wrote(step)], step * 500));
    let sounds = heard.filter(|effect| matches!(effect, Effect::Sound(_))).count();
    assert_eq!(sounds, 3, "at 0, 2 and 4 seconds");
}

#[test]
fn an_alert_for_many_goes_once_somebody_saw_to_all_of_them() {
    let mut machine = Machine::default();
    tells(&mut machine, (1..=4).map(wrote).collect(), 0);
    for thread in 1..=3 {
        assert!(machine.settled(ThreadId(thread)).is_empty());
    }
    assert_eq!(short(&machine.settled(ThreadId(4))), ["close many Message"]);
}

#[test]
fn what_was_sent_away_is_not_closed_again_and_counts_anew() {
    let mut machine = Machine::default();
    tells(&mut machine, (1..=4).map(wrote).collect(), 0);
    machine.gone(Slot::Many(AlertKind::Message));
    assert!(machine.settled(ThreadId(1)).is_empty());
    let again = tells(&mut machine, vec![wrote(9)], 20_000);
    assert_eq!(short(&again), ["show 9 Message", "sound Message"]);
}

#[test]
fn the_words_of_a_note_that_was_taken_away_go() {
    let (mut machine, note) = (Machine::default(), NoteId::new());
    tells(&mut machine, vec![meant(1, note)], 0);
    assert!(machine.note_gone(NoteId::new()).is_empty());
    assert_eq!(short(&machine.note_gone(note)), ["close 1"]);
    tells(&mut machine, vec![meant(1, note)], 20_000);
    tells(&mut machine, vec![wrote(1)], 40_000);
    assert!(machine.note_gone(note).is_empty(), "something else stands there by now");
}

#[test]
fn all_of_them_go_together() {
    let mut machine = Machine::default();
    let news = (1..=5).map(wrote).chain([given(9)]).collect();
    tells(&mut machine, news, 0);
    assert_eq!(short(&machine.close_all()), ["close 9", "close many Message"]);
    assert!(machine.close_all().is_empty());
}

// --- against a desktop that keeps what it is told to show

#[derive(Clone, Debug)]
enum Step {
    News(Vec<(u8, u8)>),
    Quiet(Vec<(u8, u8)>),
    Looks(Option<u8>),
    Settled(u8),
    Clicked(u8),
    Passes(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let news = || prop::collection::vec((0..10_u8, 0..4_u8), 1..8);
    prop_oneof![
        6 => news().prop_map(Step::News),
        1 => news().prop_map(Step::Quiet),
        2 => prop::option::of(0..10_u8).prop_map(Step::Looks),
        1 => (0..10_u8).prop_map(Step::Settled),
        1 => (0..14_u8).prop_map(Step::Clicked),
        4 => (0..30_000_i64).prop_map(Step::Passes),
    ]
}

fn news_of((thread, kind): (u8, u8)) -> News {
    let thread = i64::from(thread);
    match kind {
        0 => wrote(thread),
        1 => given(thread),
        2 => ends(thread),
        _ => meant(thread, NoteId(uuid::Uuid::from_u128(1))),
    }
}

/// What a desktop shows, and since when.
#[derive(Default)]
struct Desktop {
    slots: BTreeMap<Slot, AlertKind>,
    /// Every alert of one thread that was shown: when, of which kind, of which thread.
    own: Vec<(i64, AlertKind, ThreadId)>,
    /// By kind: threads that the alert for many stands for, and when it was last shown.
    many: BTreeMap<AlertKind, (BTreeSet<ThreadId>, i64)>,
    sounded: Vec<i64>,
}

proptest! {
    #[test]
    fn whatever_happens_it_keeps_its_promises(steps in prop::collection::vec(step(), 1..60)) {
        let choice = AlertChoice::default();
        let (mut machine, mut desktop) = (Machine::default(), Desktop::default());
        let (mut now, mut looked_at) = (0_i64, None);
        for step in steps {
            let effects = match &step {
                Step::News(news) => {
                    let news = news.iter().copied().map(news_of).collect();
                    machine.tell(news, rules(&choice, now))
                }
                Step::Quiet(news) => {
                    let quiet = Rules { choice: &choice, is_quiet: true, boot_ms: now };
                    let told = machine.tell(news.iter().copied().map(news_of).collect(), quiet);
                    prop_assert!(told.is_empty());
                    told
                }
                Step::Looks(thread) => {
                    looked_at = thread.map(|thread| ThreadId(i64::from(thread)));
                    machine.looks(looked_at)
                }
                Step::Settled(thread) => machine.settled(ThreadId(i64::from(*thread))),
                Step::Clicked(place) => {
                    let place = usize::from(*place);
                    if let Some(slot) = desktop.slots.keys().nth(place).copied() {
                        desktop.slots.remove(&slot);
                        if let Slot::Many(kind) = slot {
                            desktop.many.remove(&kind);
                        }
                        machine.gone(slot);
                    }
                    Vec::new()
                }
                Step::Passes(ms) => {
                    now += ms;
                    Vec::new()
                }
            };
            if let Step::Settled(thread) = step {
                let thread = ThreadId(i64::from(thread));
                desktop.many.values_mut().for_each(|(threads, _)| { threads.remove(&thread); });
            }
            if let Step::Looks(Some(thread)) = step {
                let thread = ThreadId(i64::from(thread));
                desktop.many.values_mut().for_each(|(threads, _)| { threads.remove(&thread); });
            }
            for effect in &effects {
                match effect {
                    Effect::Close(slot) => {
                        prop_assert!(desktop.slots.remove(slot).is_some(), "nothing was there: {slot:?}");
                    }
                    Effect::Sound(_) => desktop.sounded.push(now),
                    Effect::Show(alert) => {
                        let kind = alert.kind().expect("no trial was asked for");
                        prop_assert!(looked_at.is_none() || alert.thread() != looked_at);
                        desktop.slots.insert(alert.slot, kind);
                        match &alert.says {
                            Says::One(news) => desktop.own.push((now, kind, news.thread)),
                            Says::Many { threads, .. } => {
                                let Step::News(news) = &step else { panic!("only news are told") };
                                let own: Vec<_> = desktop.own.iter().copied()
                                    .filter(|(at, of, _)| *of == kind && now - at < WHILE_MS)
                                    .collect();
                                // What became part of one for many is no alert of its own any more.
                                desktop.own.retain(|(_, of, _)| *of != kind);
                                let (stands_for, at) = desktop.many.entry(kind).or_default();
                                if now - *at >= COUNTS_MS {
                                    stands_for.clear();
                                }
                                *at = now;
                                stands_for.extend(own.into_iter().map(|(_, _, thread)| thread));
                                let told = one_of_each(news.iter().copied().map(news_of).collect());
                                let told = told.into_iter().filter(|one| one.what.kind() == kind);
                                let told = told.map(|one| one.thread).filter(|thread| Some(*thread) != looked_at);
                                stands_for.extend(told);
                                prop_assert_eq!(stands_for.len(), *threads);
                            }
                            Says::Trial => prop_assert!(false, "no trial was asked for"),
                        }
                    }
                }
            }
            for kind in AlertKind::ALL {
                let own: BTreeSet<ThreadId> = desktop.own.iter()
                    .filter(|(at, of, _)| *of == kind && now - at < WHILE_MS)
                    .map(|(_, _, thread)| *thread)
                    .collect();
                prop_assert!(own.len() <= MOST, "{kind:?} has {} at once", own.len());
            }
            let theirs: Vec<_> = machine.shown().collect();
            let shown: Vec<_> = desktop.slots.iter().filter_map(|(slot, kind)| match slot {
                Slot::Thread(thread) => Some((*thread, *kind)),
                _ => None,
            }).collect();
            prop_assert_eq!(theirs, shown);
            if let Some(thread) = looked_at {
                prop_assert!(!desktop.slots.contains_key(&Slot::Thread(thread)));
            }
        }
        prop_assert!(desktop.sounded.windows(2).all(|pair| pair[1] - pair[0] >= SOUND_EVERY_MS));
    }
}
