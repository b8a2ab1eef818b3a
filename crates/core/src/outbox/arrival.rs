//! What policy says to a part that is about to leave. It is judged for the moment at which Meta hears it: Meta tells its
//! time in whole seconds, and a call takes its time, so that what leaves in the last moments of a window arrives after it.

use baton_messenger::policy::{Facts as PolicyFacts, MetaNow, Verdict, decide};

use super::machine::{Facts, barred};

/// So much later than it leaves a part may arrive, milliseconds: the grain of Meta's `Date` and a slow way there.
pub const ON_ITS_WAY_MS: i64 = 3_000;

/// What policy says, for the moment at which Meta hears it.
#[must_use]
pub fn on_arrival(facts: &PolicyFacts) -> Verdict {
    let ms = facts.now.ms.saturating_add(ON_ITS_WAY_MS);
    decide(&PolicyFacts { now: MetaNow { ms, ..facts.now }, ..*facts })
}

/// As what a part leaves now; none when that is not what its agent was shown.
#[must_use]
pub fn as_shown(facts: &Facts) -> Option<Verdict> {
    barred(facts).is_none().then_some(facts.verdict)
}
