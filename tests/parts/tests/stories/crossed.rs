//! A customer writes while the reply to them is on its way: nobody could have kept it back, and every desk says so.

use baton_commands::contract::happened::CrossedView;
use baton_commands::contract::thread::{Author, SendState, ThreadView};
use baton_simulator::{Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::{JONAS, NORTHWIND_TEA};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";
const NEXT: &str = "Yes, I see both.";

fn crossed(thread: &ThreadView, text: &str) -> Option<CrossedView> {
    thread.message(text).and_then(|message| message.crossed.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_a_customers_message_crossed_says_so_on_every_desk_for_ever() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    // Meta has it, and neither its answer nor its echo is here yet.
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 3_000 }))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 4_000 }))?;
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    mara.writes("And my other parcel?")?;

    let marked = |thread: &ThreadView| crossed(thread, REPLY).is_some();
    let thread = ines.sees(&mara, "that Mara wrote meanwhile", marked).await?;
    let by_mara = Some(CrossedView { by: Author::Customer, name: thread.row.name.clone() });
    assert_eq!(crossed(&thread, REPLY), by_mara);
    let thread = jonas.sees(&mara, "the same", marked).await?;
    assert_eq!(crossed(&thread, REPLY), by_mara);

    // What is answered after it was seen crossed nothing.
    ines.answers(&mara, NEXT).await?;
    let thread = ines.sees(&mara, "the next one sent", |t| t.stands(NEXT, SendState::Sent)).await?;
    assert_eq!(crossed(&thread, NEXT), None);

    ines.comes_back().await?;
    let thread = ines.opens(&mara).await?;
    assert_eq!((crossed(&thread, REPLY), crossed(&thread, NEXT)), (by_mara, None));
    Ok(())
}
