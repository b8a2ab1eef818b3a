//! Agents answer by what they saw a while ago, while customers write and colleagues answer: no reply leaves for which the
//! relay had something newer in its log when it granted it. What crosses on its way is counted, and marked on every
//! desk.
//!
//! Six desks and 30 threads here; `BATON_RACE=full cargo test --workspace --test blind -- --nocapture` for 20 desks and 500
//! threads, and `BATON_SEED=n` for another run.

use anyhow::Context as _;
use baton_chaos_tests::blind::judge::{Fault, Line, What, crossed_texts, judge};
use baton_chaos_tests::blind::{Form, Outcome, run};

fn asked_for() -> Form {
    let form = match std::env::var("BATON_RACE").as_deref() {
        Ok("full") => Form::FULL,
        _ => Form::SHORT,
    };
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok());
    Form { seed: seed.unwrap_or(form.seed), ..form }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_leaves_over_a_newer_word() -> anyhow::Result<()> {
    let form = asked_for();
    let outcome = run(form).await?;
    let judged = judge(&outcome.lines, &outcome.pressed);
    let (pressed, returned) = (outcome.pressed.len(), outcome.pressed.len().saturating_sub(judged.granted));
    eprintln!(
        "seed {}: {} desks, {} threads, {} messages meanwhile; {pressed} replies pressed, {} kept back at once, {} granted, \
         {} sent, {returned} came back; {} crossings in flight",
        form.seed,
        form.desks,
        form.threads,
        form.messages,
        outcome.kept,
        judged.granted,
        judged.sent,
        judged.crossings.len(),
    );
    for crossing in &judged.crossings {
        eprintln!("crossed: granted at {}, the customer wrote at {}", crossing.granted, crossing.word);
    }
    // Each desk marks what crossed, and nothing else.
    let crossed = crossed_texts(&outcome.lines, &judged);
    for (number, marked) in outcome.marked.iter().enumerate() {
        assert_eq!(*marked, crossed, "what desk {number} marks");
    }
    let found = &judged.faults;
    assert!(found.is_empty(), "{} faults: {:#?}", found.len(), &found[..found.len().min(5)]);
    assert!(outcome.misplaced.is_empty(), "phones and log differ: {:#?}", outcome.misplaced);
    // Where nothing is in anybody's way nothing is proved.
    let seed = form.seed;
    assert!(judged.sent > form.desks, "seed {seed}: {} sent", judged.sent);
    assert!(returned > form.desks, "seed {seed}: {returned} came back");
    assert!(!judged.crossings.is_empty() && !crossed.is_empty(), "seed {seed}: nothing crossed");
    a_newer_word_is_found(outcome)
}

/// The same log, with a customer's message right before a grant.
fn a_newer_word_is_found(outcome: Outcome) -> anyhow::Result<()> {
    let Outcome { mut lines, pressed, .. } = outcome;
    let at = lines.iter().position(|line| matches!(line.what, What::Granted { .. }));
    let at = at.context("nothing was granted")?;
    let (word, customer) = (lines[at].seq, lines[at].customer.clone());
    for line in &mut lines[at..] {
        line.seq += 1;
    }
    lines.insert(at, Line { seq: word, customer, what: What::Wrote });
    let found = judge(&lines, &pressed).faults;
    assert!(found.contains(&Fault::NewerWord { granted: word + 1, word }), "{found:#?}");
    Ok(())
}
