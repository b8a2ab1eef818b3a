//! The ownership machine against a plain model: random acts, simulated time, one thread.

use baton_messenger::{AppId, CustomerId};
use proptest::prelude::*;

use super::ownership::{self, Control};
use super::routing::Routing;
use super::thread::{Customer, Profile, Thread};
use crate::clock::HOUR_MS;

fn thread() -> Thread {
    let customer = Customer {
        id: CustomerId::from("1"),
        first_name: "Mara".into(),
        last_name: "Lindt".into(),
        username: None,
        locale: "en_GB".into(),
        gender: "female".into(),
        timezone: 1,
        profile: Profile::Full,
        is_reachable: true,
        is_blocked: false,
    };
    Thread::new("t_1".into(), customer)
}

#[derive(Debug, Clone)]
enum Step {
    Write,
    Wait(i64),
    Pass(usize, usize),
    Take(usize),
    Request(usize),
    Release(usize),
    Extend(usize, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let app = 0..3_usize;
    let step = prop_oneof![
        3 => Just(Step::Write),
        3 => (1..40_i64).prop_map(|h| Step::Wait(h * HOUR_MS)),
        2 => (app.clone(), app.clone()).prop_map(|(a, b)| Step::Pass(a, b)),
        2 => app.clone().prop_map(Step::Take),
        1 => app.clone().prop_map(Step::Request),
        1 => app.clone().prop_map(Step::Release),
        1 => (app, 1..168_i64).prop_map(|(a, h)| Step::Extend(a, h * 3600)),
    ];
    proptest::collection::vec(step, 1..60)
}

/// The rules of docs/meta.md 5.2 said once more, as plainly as can be: an owner and a moment of lapse.
struct Model {
    owner: Option<(usize, i64)>,
    mode: Mode,
}

/// App 0 is the default app or the primary receiver; app 1 may take or is a secondary receiver; app 2 has no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Off,
    On,
    Roles,
}

impl Model {
    fn at(&self, now_ms: i64) -> Option<usize> {
        self.owner.filter(|(_, until_ms)| now_ms < *until_ms).map(|(app, _)| app)
    }

    fn step(&mut self, step: &Step, now_ms: i64) -> bool {
        let (day_ms, owner) = (24 * HOUR_MS, self.at(now_ms));
        match *step {
            Step::Wait(_) => {}
            Step::Write => {
                self.owner = match owner {
                    Some(app) => {
                        let until_ms = self.owner.map_or(0, |(_, until_ms)| until_ms);
                        Some((app, until_ms.max(now_ms + day_ms)))
                    }
                    None if self.mode == Mode::Off => None,
                    None => Some((0, now_ms + day_ms)),
                };
            }
            Step::Pass(by, to) => {
                let holder = owner.or((self.mode == Mode::Roles).then_some(0));
                if holder.is_some_and(|o| o != by) || holder == Some(to) {
                    return false;
                }
                if self.mode == Mode::Roles && to == 2 {
                    return false;
                }
                self.owner = Some((to, now_ms + day_ms));
            }
            Step::Take(by) => {
                let may = match self.mode {
                    Mode::Off => false,
                    Mode::On => by != 2,
                    Mode::Roles => by == 0,
                };
                if !may || owner == Some(by) {
                    return false;
                }
                self.owner = Some((by, now_ms + day_ms));
            }
            Step::Request(by) => {
                let may = match self.mode {
                    Mode::Off => true,
                    Mode::On => false,
                    Mode::Roles => by == 1,
                };
                if !may || owner == Some(by) {
                    return false;
                }
                if owner.is_none() && self.mode == Mode::Off {
                    self.owner = Some((by, now_ms + day_ms));
                }
            }
            Step::Release(by) => {
                if owner != Some(by) {
                    return false;
                }
                self.owner = None;
            }
            Step::Extend(by, seconds) => {
                if owner != Some(by) {
                    return false;
                }
                self.owner = Some((by, now_ms + seconds * 1000));
            }
        }
        true
    }
}

proptest! {
    #[test]
    fn ownership_follows_the_plain_model(
        mode in prop_oneof![Just(Mode::Off), Just(Mode::On), Just(Mode::Roles)],
        steps in steps(),
    ) {
        let apps = ["700", "800", "900"].map(AppId::from);
        let routing = match mode {
            Mode::Off => Routing::Off,
            Mode::On => {
                Routing::On { default_app: apps[0].clone(), may_take: apps[..2].iter().cloned().collect() }
            }
            Mode::Roles => {
                Routing::Roles { primary: apps[0].clone(), secondary: [apps[1].clone()].into() }
            }
        };
        let mut thread = thread();
        let mut model = Model { owner: None, mode };
        let mut now_ms = 1_791_190_800_000;
        for step in steps {
            now_ms += 1;
            let is_accepted = match step {
                Step::Wait(ms) => { now_ms += ms; true }
                Step::Write => {
                    ownership::customer_wrote(&routing, &mut thread, now_ms);
                    thread.last_customer_ms = Some(now_ms);
                    true
                }
                Step::Pass(by, to) => {
                    ownership::pass(&routing, &mut thread, &apps[by], Some(&apps[to]), now_ms).is_ok()
                }
                Step::Take(by) => ownership::take(&routing, &mut thread, &apps[by], now_ms).is_ok(),
                Step::Request(by) => ownership::request(&routing, &mut thread, &apps[by], now_ms).is_ok(),
                Step::Release(by) => ownership::release(&mut thread, &apps[by], now_ms).is_ok(),
                Step::Extend(by, s) => ownership::extend(&mut thread, &apps[by], s, now_ms).is_ok(),
            };
            prop_assert_eq!(is_accepted, model.step(&step, now_ms), "{:?}", step);
            let owner = ownership::owner(&thread, now_ms).map(|(app, _)| app.clone());
            prop_assert_eq!(owner, model.at(now_ms).map(|at| apps[at].clone()), "{:?}", step);
        }
    }
}

#[test]
fn a_new_thread_is_idle() {
    assert_eq!(thread().control, Control::Idle);
    assert_eq!(ownership::owner(&thread(), 0), None);
}
