//! A month across the borders of Meta's windows, with the cable out and clocks set wrong: no reply leaves with a wrong tag.
//!
//! Two seeds here, and one with the whole desk; `BATON_SEEDS=50 cargo test --workspace --test month -- --nocapture` for many
//! months of both.

use baton_chaos_tests::month::{Flaw, Month, run, run_whole};

/// A month.
const DAYS: i64 = 30;
/// How many customers write in it.
const CUSTOMERS: usize = 40;
/// The first of the seeds.
const SEED: u64 = 20_261_201;
/// So many months without being asked for more.
const MONTHS: u64 = 2;
/// How many customers write to the whole desk: each reply takes a moment there.
const CUSTOMERS_OF_WHOLE: usize = 3;

/// How many months are asked for.
fn months(or: u64) -> u64 {
    std::env::var("BATON_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(or)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_leaves_with_a_wrong_tag() -> anyhow::Result<()> {
    for seed in SEED..SEED + months(MONTHS) {
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

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_of_the_whole_desk_leaves_with_a_wrong_tag() -> anyhow::Result<()> {
    for seed in SEED..SEED + months(1) {
        let month = run_whole(seed, DAYS, CUSTOMERS_OF_WHOLE).await?;
        let Month { pressed, left, returned, disturbed, wrong } = &month;
        eprintln!(
            "seed {seed}, the whole desk: {pressed} replies pressed, {} left plain and {} late, the relay away {} times, clock \
             or desk disturbed {} times, came back: {returned:?}",
            left.0, left.1, disturbed.0, disturbed.1
        );
        assert!(wrong.is_empty(), "seed {seed}: {} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(5)]);
        assert!(left.0 > 5 && left.1 > 5 && disturbed.0 + disturbed.1 > 3, "{month:?}");
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
