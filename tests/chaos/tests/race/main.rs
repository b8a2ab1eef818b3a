//! Desks fight for threads with claims, gives, bulk moves, undos and repeated commands while the relay is killed under them:
//! every thread has one assignee at most, every loser hears the truth, and in the end every desk has the same.
//!
//! Eight desks and 120 threads here; `BATON_RACE=full cargo test --workspace --test race -- --nocapture` for 50 desks and
//! 1 000 threads, and `BATON_SEED=n` for another race.

use anyhow::Context as _;
use baton_chaos_tests::race::judge::{Fault, carries_out, judge, names_nobody};
use baton_chaos_tests::race::told::{Asked, Move, Moved, Told};
use baton_chaos_tests::race::{Form, Outcome, differ, run};
use baton_protocol::AgentId;
use baton_protocol::enrol::Role;
use baton_protocol::team::Actor;

fn asked_for() -> Form {
    let form = match std::env::var("BATON_RACE").as_deref() {
        Ok("full") => Form::FULL,
        _ => Form::SHORT,
    };
    let seed = std::env::var("BATON_SEED").ok().and_then(|seed| seed.parse().ok());
    Form { seed: seed.unwrap_or(form.seed), ..form }
}

fn told(outcome: &Outcome, is_it: impl Fn(&Told) -> bool) -> usize {
    outcome.asked.iter().filter(|asked| asked.told.iter().any(&is_it)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thread_has_one_assignee_at_most_and_every_loser_hears_the_truth() -> anyhow::Result<()> {
    let form = asked_for();
    let outcome = run(form).await?;
    let lost = told(&outcome, |told| matches!(told, Told::Conflict { .. } | Told::Lost(_)));
    let won = told(&outcome, |told| matches!(told, Told::Accepted { .. } | Told::Done));
    let (refused, away) =
        (told(&outcome, |told| *told == Told::Refused), told(&outcome, |told| *told == Told::Away));
    let vague = told(&outcome, |told| matches!(told, Told::Lost(words) if names_nobody(words)));
    eprintln!(
        "seed {}: {} desks, {} threads, {} acts asked, {won} won, {lost} lost, {vague} of them not told to whom, {refused} \
         refused, {away} cut by {} kills; the log has {} moves",
        form.seed,
        form.desks,
        form.threads,
        outcome.asked.len(),
        form.kills,
        outcome.moves.len(),
    );
    let faults = judge(&outcome.moves, &outcome.asked, &outcome.agents);
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), &faults[..faults.len().min(5)]);
    for (number, export) in outcome.exports.iter().enumerate() {
        let differ = differ(export, &outcome.reference);
        assert!(differ.is_empty(), "desk {number} and the log differ: {differ:#?}");
    }
    assert!(vague * 10 <= lost, "{vague} of {lost} losers heard only that somebody was faster");
    // A race that nobody loses proves nothing.
    assert!(lost > form.desks * 3 && won > form.desks * 3, "{won} won, {lost} lost");
    the_judge_finds_what_is_wrong(outcome)
}

/// The same log with one thing wrong, and the same answers with one lie.
fn the_judge_finds_what_is_wrong(outcome: Outcome) -> anyhow::Result<()> {
    let Outcome { moves, mut asked, agents, .. } = outcome;
    let at = moves.iter().position(|one| matches!(one.moved, Moved::To(Some(_))));
    let at = at.context("nobody got a thread")?;
    let first = &moves[at];
    // Somebody else, who is no supervisor, takes the thread right after.
    let may_not =
        |agent: &AgentId| agents[agent].role == Role::Agent && first.moved != Moved::To(Some(*agent));
    let thief = asked.iter().find(|one| may_not(&one.agent)).context("there are no agents")?;
    let mut doctored = moves.clone();
    let second = Move {
        seq: first.seq,
        key: "another command".to_owned(),
        customer: first.customer.clone(),
        moved: Moved::To(Some(thief.agent)),
        by: Actor::Agent { agent: thief.agent, desk: thief.desk },
    };
    doctored.insert(at + 1, second);
    let faults = judge(&doctored, &asked, &agents);
    assert!(faults.contains(&Fault::TwoAssignees { seq: first.seq }), "{faults:#?}");

    // A desk that denies what it did.
    let is_same = |one: &Asked, other: &Asked| {
        (one.desk, &one.customer, &one.wanted) == (other.desk, &other.customer, &other.wanted)
            && one.command.is_none()
    };
    let is_its_own = |one: &&Asked| {
        one.command.is_none()
            && one.told == [Told::Done]
            && moves.iter().any(|entry| carries_out(entry, one))
            && asked.iter().filter(|other| is_same(other, one)).count() == 1
    };
    let denied = asked.iter().find(is_its_own).context("no desk moved a thread")?.clone();
    let denies = |one: &Asked| {
        let told = if is_same(one, &denied) { vec![Told::Refused] } else { one.told.clone() };
        Asked { told, ..one.clone() }
    };
    let faults = judge(&moves, &asked.iter().map(denies).collect::<Vec<_>>(), &agents);
    assert!(faults.iter().any(|fault| matches!(fault, Fault::CarriedOut { .. })), "{faults:#?}");

    let mut conflicts = asked.iter_mut().flat_map(|one| &mut one.told).filter_map(|told| match told {
        Told::Conflict { assignee, .. } => Some(assignee),
        _ => None,
    });
    let named = conflicts.next().context("nobody lost")?;
    let another = agents.keys().copied().find(|agent| Some(*agent) != *named);
    *named = another;
    let faults = judge(&moves, &asked, &agents);
    assert!(faults.iter().any(|fault| matches!(fault, Fault::Lied { .. })), "{faults:#?}");
    Ok(())
}
