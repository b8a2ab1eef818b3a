//! Who holds a thread is never shown wrongly for longer than one refusal or one refresh.
//!
//! A model lets customers, our agents, the bot, people in Meta's inbox and Meta's AI agent do what they like with a thread of
//! the simulator's world, with events that get lost and a clock of ours that is up to a second behind. What a desk would show
//! is folded from what it heard and learned, by the code that desks run. `BATON_STEPS` says how many steps each way of thread
//! control gets, `BATON_SEED` which ones.

mod followed;
mod model;
mod shown;

use model::{Broken, Mode, Model};

/// Steps of each mode.
const STEPS: u64 = 100_000;
/// So many steps are enough to catch a desk that is broken.
const ENOUGH: u64 = 20_000;
const SEED: u64 = 20_261_201;

fn asked(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

fn runs(mode: Mode) -> Result<(), String> {
    let (steps, seed) = (asked("BATON_STEPS", STEPS), asked("BATON_SEED", SEED));
    let ran = Model::new(mode, seed, None).and_then(|model| model.run(steps));
    let told = ran.map_err(|wrong| format!("{mode:?}, seed {seed}: {wrong}"))?;
    eprintln!("{mode:?}: {steps} steps from seed {seed}: {told}");
    Ok(())
}

#[test]
fn with_routing_on_the_shown_owner_is_right() -> Result<(), String> {
    runs(Mode::On)
}

#[test]
fn with_routing_off_the_shown_owner_is_right() -> Result<(), String> {
    runs(Mode::Off)
}

#[test]
fn under_the_old_protocol_the_shown_owner_is_right() -> Result<(), String> {
    runs(Mode::Roles)
}

/// The model finds a desk that does not learn what it should.
#[test]
fn a_desk_that_is_broken_on_purpose_is_caught() {
    for (broken, mode) in [
        (Broken::RefusalsTeachNothing, Mode::On),
        (Broken::RefusalsTeachNothing, Mode::Off),
        (Broken::NothingLapses, Mode::On),
        (Broken::NothingLapses, Mode::Roles),
        (Broken::TakesAreNotHeard, Mode::On),
        (Broken::TakesAreNotHeard, Mode::Roles),
        (Broken::OpeningAsksNobody, Mode::On),
        (Broken::OpeningAsksNobody, Mode::Off),
        (Broken::NothingIsHeldWithoutRouting, Mode::Off),
        (Broken::OthersAreNotKnown, Mode::On),
        (Broken::OthersAreNotKnown, Mode::Off),
        (Broken::OthersAreNotKnown, Mode::Roles),
    ] {
        let ran = Model::new(mode, SEED, Some(broken)).and_then(|model| model.run(ENOUGH));
        assert!(ran.is_err(), "{broken:?} under {mode:?} went unnoticed");
    }
}
