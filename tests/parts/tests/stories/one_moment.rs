//! A thread as it opens is of one moment, whatever is written while it is read.

use std::sync::atomic::{AtomicBool, Ordering};

use baton_support::Customer;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;

use crate::scene::mara_is_passed_to_ines;

const TEXT: &str = "Hello Mara, your parcel is at the depot.";
/// How often the text goes into the outbox and comes back; without a moment of its own an answer is torn within a few.
const ROUNDS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_on_its_way_or_in_the_composer_and_never_both_or_neither() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    // Without the relay nothing leaves, so what is pressed can be taken back.
    world.kills_relay();
    goes_and_comes_back(&ines, &mara).await?;

    let over = AtomicBool::new(false);
    let (written, torn) = tokio::join!(
        async {
            let written = async {
                for _ in 0..ROUNDS {
                    goes_and_comes_back(&ines, &mara).await?;
                }
                anyhow::Ok(())
            };
            let written = written.await;
            over.store(true, Ordering::SeqCst);
            written
        },
        async {
            while !over.load(Ordering::SeqCst) {
                let thread = ines.opens(&mara).await?;
                let (on_its_way, in_the_composer) = (thread.times(TEXT), thread.composer.draft == TEXT);
                if on_its_way + usize::from(in_the_composer) != 1 {
                    return Ok(Some((on_its_way, in_the_composer)));
                }
            }
            anyhow::Ok(None)
        }
    );
    written?;
    assert_eq!(torn?, None, "(times on its way, in the composer)");
    Ok(())
}

async fn goes_and_comes_back(desk: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    let sent = desk.answers(customer, TEXT).await?;
    // A part's key is the first id it went by, and any id it ever had names it.
    let part = sent.keys.first().and_then(|key| key.strip_prefix("part:")).unwrap_or_default().to_owned();
    desk.takes_back(&part).await
}
