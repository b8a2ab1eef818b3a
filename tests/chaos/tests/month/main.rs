//! A month across the borders of Meta's windows, with the cable out and clocks set wrong: no reply leaves with a wrong tag.
//!
//! One seed here; `BATON_SEEDS=50 cargo test --workspace --test month -- --nocapture` for many months.

use baton_chaos_tests::month::{Flaw, Month, run};

/// A month.
const DAYS: i64 = 30;
/// How many customers write in it.
const CUSTOMERS: usize = 40;
/// The first of the seeds.
const SEED: u64 = 20_261_201;
/// So many months without being asked for more.
const MONTHS: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_leaves_with_a_wrong_tag() -> anyhow::Result<()> {
    let months = std::env::var("BATON_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(MONTHS);
    for seed in SEED..SEED + months {
        let month = run(seed, DAYS, CUSTOMERS, Flaw::None).await?;
        let Month { pressed, left, returned, disturbed, wrong } = &month;
        eprintln!(
            "seed {seed}: {pressed} replies pressed, {} left plain and {} late, the cable out {} times, clock or machine \
             disturbed {} times, came back: {returned:?}",
            left.0, left.1, disturbed.0, disturbed.1
        );
        assert!(wrong.is_empty(), "seed {seed}: {} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
        // A month in which nothing happens at the borders proves nothing.
        assert!(left.0 > 100 && left.1 > 50, "{month:?}");
        assert!(returned.contains_key("tag_needed") && returned.contains_key("window"), "{returned:?}");
    }
    Ok(())
}

/// Desks that are broken on purpose send what is wrong, and the check sees it.
#[tokio::test(flavor = "multi_thread")]
async fn desks_that_are_broken_on_purpose_are_found_out() -> anyhow::Result<()> {
    for flaw in [Flaw::OwnClock, Flaw::NoLastLook, Flaw::ToTheSecond] {
        let month = run(SEED, DAYS, CUSTOMERS, flaw).await?;
        assert!(!month.wrong.is_empty(), "{flaw:?} sends nothing wrong in {} replies", month.pressed);
        eprintln!("{flaw:?}: {} of {} replies wrong", month.wrong.len(), month.left.0 + month.left.1);
    }
    Ok(())
}
