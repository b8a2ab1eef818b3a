//! Replies whose desk is killed at every durable step of the send: each part reaches its customer once, or is unknown
//! with the reason.
//!
//! Some combinations here; `BATON_SENDS=all cargo test --workspace --test sends -- --nocapture` plays every one, and
//! `BATON_SENDS=2/8` the second eighth of them.

use std::path::Path;

use anyhow::Context as _;
use baton_chaos_tests::sends::combination::{all, some};
use baton_chaos_tests::sends::judge::Fault;
use baton_chaos_tests::sends::{Answer, Combination, EchoComes, Fate, Flaw, Kill, Tally, run};
use baton_core::outbox::step::{Side, Step};
use baton_messenger::Platform;

/// How many parts replies have.
const PARTS: [usize; 1] = [1];
/// How many combinations without being asked for more.
const SOME: usize = 36;
/// How many desks send at once.
const LANES: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn each_part_arrives_once_or_is_unknown_with_the_reason() -> anyhow::Result<()> {
    let combinations = asked_for()?;
    let tally = play(Flaw::None, &combinations).await?;
    for line in &tally.not_reached {
        eprintln!("not killed: {line}");
    }
    for (combination, fault, last_words) in &tally.faults {
        eprintln!("{fault}: {combination}\n{last_words}\n");
    }
    eprintln!("{tally}");
    assert!(tally.faults.is_empty(), "{:#?}", tally.lines());
    Ok(())
}

/// Desks that are broken on purpose: the same checks must find what they double and lose.
#[tokio::test(flavor = "multi_thread")]
async fn desks_that_are_broken_on_purpose_are_found_out() -> anyhow::Result<()> {
    let cut = |number, echo| killed(number, Step::End, Side::After, Answer::CutAfter, echo);
    let tally = play(Flaw::Resends, &[cut(0, EchoComes::Late), cut(1, EchoComes::Never)]).await?;
    assert!(tally.faults.iter().any(|(_, fault, _)| *fault == Fault::Twice), "{:#?}", tally.lines());
    let kept = killed(0, Step::Keep, Side::After, Answer::Whole, EchoComes::Early);
    let tally = play(Flaw::Forgets, &[kept]).await?;
    assert!(tally.faults.iter().any(|(_, fault, _)| *fault == Fault::Lost), "{:#?}", tally.lines());
    Ok(())
}

async fn play(flaw: Flaw, combinations: &[Combination]) -> anyhow::Result<Tally> {
    let program = Path::new(env!("CARGO_BIN_EXE_sending-desk"));
    run(program, flaw, combinations, LANES).await
}

fn asked_for() -> anyhow::Result<Vec<Combination>> {
    let Ok(asked) = std::env::var("BATON_SENDS") else { return Ok(some(&PARTS, SOME)) };
    if asked == "all" {
        return Ok(all(&PARTS));
    }
    let (nth, of) = asked.split_once('/').context("BATON_SENDS is `all` or like `2/8`")?;
    let (nth, of): (usize, usize) = (nth.parse()?, of.parse()?);
    Ok(all(&PARTS).into_iter().filter(|one| one.number % of == nth % of).collect())
}

fn killed(number: usize, step: Step, side: Side, answer: Answer, echo: EchoComes) -> Combination {
    Combination {
        number,
        kill: Kill { step, side },
        again: None,
        answer,
        echo,
        channel: Platform::Messenger,
        parts: 1,
        fate: Fate::Returns,
    }
}
