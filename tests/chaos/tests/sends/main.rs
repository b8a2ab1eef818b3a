//! Replies whose desk is killed at every durable step of the send: each part reaches its customer once and in order, or is
//! unknown with the reason. A second matrix has what does not just leave: replies that take control first, come back as a
//! draft, wait, are late, or leave while the relay is away.
//!
//! Some combinations here, each day the next ones; their seed is printed, and `BATON_SEED=n` plays those of another day.
//! `BATON_SENDS=all cargo test --workspace --test sends -- --nocapture` plays every one, and `BATON_SENDS=2/8` the second
//! eighth of them, so that a long run can be cut into pieces and gone on with.

use std::path::Path;

use anyhow::Context as _;
use baton_chaos_tests::sends::combination::{all, some};
use baton_chaos_tests::sends::courses::{courses, runs, some_courses};
use baton_chaos_tests::sends::judge::Fault;
use baton_chaos_tests::sends::{Answer, Combination, EchoComes, Flaw, Kill, Tally, run};
use baton_core::clock::{Clock as _, SystemClock};
use baton_core::outbox::step::{Side, Step};
use baton_messenger::Platform;

/// How many parts replies have: a text, or a text and three pictures.
const PARTS: [usize; 2] = [1, 4];
/// How many combinations of each without being asked for more.
const SOME: [(usize, usize); 2] = [(1, 24), (4, 12)];
/// How many of each other course without being asked for more.
const SOME_COURSES: usize = 3;
/// How many desks send at once.
const LANES: usize = 12;
const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn each_part_arrives_once_or_is_unknown_with_the_reason() -> anyhow::Result<()> {
    let matrix = all(&PARTS);
    let combinations = asked_for(&matrix)?;
    let tally = play(Flaw::None, &combinations).await?;
    eprintln!("{tally}; the whole matrix has {} combinations", matrix.len());
    nothing_is_wrong(&tally, combinations.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_just_leave_arrives_once_too_or_is_kept() -> anyhow::Result<()> {
    let matrix = courses();
    let combinations = match std::env::var("BATON_SENDS") {
        Ok(asked) => piece(&matrix, &asked)?,
        Err(_) => some_courses(&matrix, SOME_COURSES, seed()?),
    };
    let mut killed = 0;
    for run in runs(&combinations, LANES) {
        let tally = play(Flaw::None, &run).await?;
        eprintln!("{tally}");
        nothing_is_wrong(&tally, run.len());
        killed += tally.killed;
    }
    eprintln!("the sender was killed in {killed} of {} combinations of other courses", matrix.len());
    Ok(())
}

fn nothing_is_wrong(tally: &Tally, asked: usize) {
    for line in &tally.not_reached {
        eprintln!("not killed: {line}");
    }
    for (combination, fault, last_words) in &tally.faults {
        eprintln!("{fault}: {combination}\n{last_words}\n");
    }
    assert!(tally.faults.is_empty(), "{:#?}", tally.lines());
    // A step that nobody comes to any more would let everything pass.
    assert!(tally.not_reached.is_empty(), "{:#?}", tally.not_reached);
    assert_eq!(tally.killed, asked, "{tally}");
}

/// Desks that are broken on purpose: the same checks must find what they double and lose, in a text and in a picture.
#[tokio::test(flavor = "multi_thread")]
async fn desks_that_are_broken_on_purpose_are_found_out() -> anyhow::Result<()> {
    let cut = |number, echo, parts, struck| Combination {
        parts,
        struck,
        ..killed(number, Step::End, Side::After, Answer::CutAfter, echo)
    };
    let resent =
        [cut(0, EchoComes::Late, 1, 0), cut(1, EchoComes::Never, 1, 0), cut(2, EchoComes::Never, 4, 2)];
    let tally = play(Flaw::Resends, &resent).await?;
    for parts in ["of 1", "of 4"] {
        let is_twice = |(combination, fault, _): &(String, Fault, String)| {
            combination.contains(parts) && *fault == Fault::Twice
        };
        assert!(tally.faults.iter().any(is_twice), "{parts}: {:#?}", tally.lines());
    }
    let kept = |number, parts| Combination {
        parts,
        ..killed(number, Step::Keep, Side::After, Answer::Whole, EchoComes::Early)
    };
    let tally = play(Flaw::Forgets, &[kept(0, 1), kept(1, 4)]).await?;
    let lost = tally.faults.iter().filter(|(_, fault, _)| *fault == Fault::Lost).count();
    assert_eq!(lost, 2, "{:#?}", tally.lines());
    Ok(())
}

async fn play(flaw: Flaw, combinations: &[Combination]) -> anyhow::Result<Tally> {
    let program = Path::new(env!("CARGO_BIN_EXE_sending-desk"));
    run(program, flaw, combinations, LANES).await
}

fn asked_for(matrix: &[Combination]) -> anyhow::Result<Vec<Combination>> {
    let Ok(asked) = std::env::var("BATON_SENDS") else {
        let seed = seed()?;
        let some = some(matrix, &SOME, seed);
        eprintln!("seed {seed}: {} of {} combinations", some.len(), matrix.len());
        return Ok(some);
    };
    piece(matrix, &asked)
}

fn seed() -> anyhow::Result<usize> {
    Ok(match std::env::var("BATON_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => usize::try_from(SystemClock.wall_ms() / DAY_MS)?,
    })
}

fn piece(matrix: &[Combination], asked: &str) -> anyhow::Result<Vec<Combination>> {
    if asked == "all" {
        return Ok(matrix.to_vec());
    }
    let (nth, of) = asked.split_once('/').context("BATON_SENDS is `all` or like `2/8`")?;
    let (nth, of): (usize, usize) = (nth.parse()?, of.parse()?);
    anyhow::ensure!((1..=of).contains(&nth), "BATON_SENDS={asked}: there is no such piece");
    Ok(matrix.iter().filter(|one| one.number % of == nth % of).copied().collect())
}

fn killed(number: usize, step: Step, side: Side, answer: Answer, echo: EchoComes) -> Combination {
    Combination {
        number,
        answer,
        echo,
        ..Combination::straight(Kill { step, side }, Platform::Messenger, 1, 0)
    }
}
