//! Replies that do not just leave: control is taken before them, they come back as a draft, they wait, they are late, or
//! nobody could check them. Each with the steps that only it comes by, and those that are another one's there.

use baton_core::outbox::step::{Side, Step};
use baton_messenger::Platform;

use super::combination::{Answer, Combination, Course, EchoComes, Fate, Kill, spread};

/// Their numbers go on from here, so that no text is one of the other matrix.
const FIRST_NUMBER: usize = 100_000;
const COURSES: [Course; 6] = [
    Course::TakesFirst,
    Course::TakeFails,
    Course::Overtaken,
    Course::Throttled,
    Course::Late,
    Course::Unchecked,
];
/// The steps of a send that is granted and made.
const GRANTED: [Step; 8] =
    [Step::Keep, Step::Ask, Step::Grant, Step::SeeAgain, Step::Begin, Step::Call, Step::End, Step::Report];

/// Every combination of a course that is not the straight one.
#[must_use]
pub fn courses() -> Vec<Combination> {
    let mut all = Vec::new();
    for course in COURSES {
        for channel in [Platform::Messenger, Platform::Instagram] {
            for fate in fates(course) {
                for (parts, struck) in places(course) {
                    for kill in kills(course) {
                        let of_it = Combination::straight(kill, channel, *parts, *struck);
                        let with =
                            |&(answer, echo)| Combination { answer, echo, fate: *fate, course, ..of_it };
                        all.extend(answers(course).iter().map(with));
                    }
                }
            }
        }
    }
    for (number, one) in (FIRST_NUMBER..).zip(&mut all) {
        one.number = number;
    }
    all
}

/// So many of each course, as [`super::combination::some`] chooses them.
#[must_use]
pub fn some_courses(of: &[Combination], count: usize, seed: usize) -> Vec<Combination> {
    let of_course = |course| of.iter().filter(|one| one.course == course).copied().collect::<Vec<_>>();
    let mut some: Vec<Combination> =
        COURSES.into_iter().flat_map(|course| spread(&of_course(course), count, seed)).collect();
    some.sort_by_key(|one| one.fate);
    some
}

/// In as many runs as they need: what changes the whole world for some is nothing for others, and a desk that Meta has turned
/// away is not to send again in the same run.
#[must_use]
pub fn runs(of: &[Combination], lanes: usize) -> Vec<Vec<Combination>> {
    let mut worlds: Vec<u8> = of.iter().map(|one| one.course.world()).collect();
    worlds.sort_unstable();
    worlds.dedup();
    let mut runs = Vec::new();
    for world in worlds {
        let of_world: Vec<Combination> =
            of.iter().filter(|one| one.course.world() == world).copied().collect();
        let is_for_one_send = of_world.iter().any(|one| one.course == Course::Throttled);
        let most = if is_for_one_send { lanes } else { of_world.len() };
        runs.extend(of_world.chunks(most.max(1)).map(<[Combination]>::to_vec));
    }
    runs
}

fn fates(course: Course) -> &'static [Fate] {
    match course {
        // That would move the clock for all, or leave the relay dead for longer than a lease.
        Course::Late | Course::Unchecked => &[Fate::Returns],
        _ => &[Fate::Returns, Fate::StaysDead],
    }
}

/// How many parts, and which of them is struck.
fn places(course: Course) -> &'static [(usize, usize)] {
    match course {
        Course::TakesFirst => &[(1, 0), (4, 0)],
        Course::Throttled => &[(1, 0), (4, 1), (4, 3)],
        _ => &[(1, 0)],
    }
}

fn answers(course: Course) -> &'static [(Answer, EchoComes)] {
    match course {
        // It is not called, or turned away.
        Course::TakeFails | Course::Overtaken | Course::Throttled => &[(Answer::Whole, EchoComes::Never)],
        // Meta cannot tell the relay of it.
        Course::Unchecked => &[
            (Answer::Whole, EchoComes::Never),
            (Answer::CutAfter, EchoComes::Never),
            (Answer::CutBefore, EchoComes::Never),
        ],
        _ => &[(Answer::Whole, EchoComes::Early), (Answer::CutAfter, EchoComes::Early)],
    }
}

fn kills(course: Course) -> Vec<Kill> {
    let steps: &[Step] = match course {
        Course::Straight | Course::TakesFirst | Course::Late => &GRANTED,
        Course::TakeFails => &[Step::Keep, Step::Return],
        Course::Overtaken => &[Step::Ask, Step::Grant, Step::Return],
        Course::Throttled => &[Step::End, Step::Renew],
        Course::Unchecked => {
            &[Step::Keep, Step::Ask, Step::Wait, Step::Renew, Step::Begin, Step::Call, Step::End]
        }
    };
    let sides = |step: &Step| [Side::Before, Side::After].map(|side| Kill { step: *step, side });
    let mut kills: Vec<Kill> = steps.iter().flat_map(sides).collect();
    if course == Course::Throttled {
        kills.push(Kill { step: Step::Call, side: Side::After });
    }
    kills
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_step_that_only_they_come_by_is_among_them() {
        let all = courses();
        let steps: BTreeSet<Step> = all.iter().map(|one| one.kill.step).collect();
        assert!([Step::Return, Step::Wait, Step::Renew].iter().all(|step| steps.contains(step)), "{steps:?}");
        let numbers: BTreeSet<usize> = all.iter().map(|one| one.number).collect();
        assert!(numbers.len() == all.len() && all.len() > 400, "{}", all.len());
    }

    #[test]
    fn some_meet_every_course_and_each_run_has_one_world() {
        let all = courses();
        for seed in 0..40 {
            let few = some_courses(&all, 3, seed);
            let met: BTreeSet<Course> = few.iter().map(|one| one.course).collect();
            assert_eq!((few.len(), met.len()), (18, COURSES.len()), "{seed}");
            let runs = runs(&few, 12);
            assert_eq!((runs.len(), runs.concat().len()), (4, few.len()), "{seed}");
        }
        assert!(runs(&all, 12).iter().all(|run| run[0].course != Course::Throttled || run.len() <= 12));
    }
}
