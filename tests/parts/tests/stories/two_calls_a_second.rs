//! Meta takes two calls a second, and somebody else makes them: the desk works on, waits as long as is due, and loses
//! nothing.

use std::time::Duration;

use baton_commands::contract::history::HistoryStateView;
use baton_commands::contract::thread::{Author, SendState};
use baton_protocol::audit::AuditPage;
use baton_simulator::{Call, Effect, Fault, Limits, RoutingMode};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, World, wait};
use secrecy::ExposeSecret as _;

use super::history::{an_hour_passes, history, many_write, pages, reads, turned_away, world};

/// Longer than the first wait after Meta turned a call away without saying for how long.
const WAIT_OVER: Duration = Duration::from_secs(76);
const REPLY: &str = "We do, since Monday.";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_too_many_is_followed_by_its_wait_while_replies_leave_and_the_history_completes()
-> anyhow::Result<()> {
    let world = world().await?;
    world.meta().set_routing(&NORTHWIND_TEA.id(), &RoutingMode::Off)?;
    let mara = world.customer(MARA)?;
    let wrote = many_write(&world, 12)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    wait::until("a few threads to be read", async || {
        let read = pages(&world).await.map_err(|error| error.to_string())?.len();
        if read >= 3 { Ok(()) } else { Err(format!("{read} pages")) }
    })
    .await?;
    assert!(reads(&world).len() < wrote.len(), "there is something left to read");

    // Another program that reads the same Page uses every second up.
    world.meta().set_limits(Limits { is_enforced: true, ..Limits::default() });
    wait::until("a read of the desk to be turned away", async || {
        somebody_else_lists(&world).await.map_err(|error| format!("{error:#}"))?;
        if of_the_desk(&world).is_empty() { Err("none was".to_owned()) } else { Ok(()) }
    })
    .await?;
    let (refused, made) = (of_the_desk(&world).len(), reads(&world));
    wait::stays("no read before its time", async || {
        let now = reads(&world);
        if now == made { Ok(()) } else { Err(format!("{now:#?}")) }
    })
    .await?;
    assert_eq!(of_the_desk(&world).len(), refused);

    // An agent's work does not wait with it.
    mara.writes("Do you have Darjeeling?")?;
    ines.sees(&mara, "her question", |t| t.says(Author::Customer, "Do you have Darjeeling?")).await?;
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert_eq!(reads(&world), made, "still nothing was read");

    world.time_passes(WAIT_OVER);
    let mut known = refused;
    wait::until("everything to be read", async || {
        let session = ines.session().await.map_err(|error| error.to_string())?;
        if history(&session).is_some_and(|history| history.state == HistoryStateView::UpToDate) {
            return Ok(());
        }
        Err(format!("{:?}; {}", history(&session), the_next_wait_ends(&world, &mut known)))
    })
    .await?;
    let pages = pages(&world).await?;
    for (customer, mid) in &wrote {
        let has = |page: &&AuditPage| page.messages.iter().any(|message| message.id.as_ref() == Some(mid));
        let found = pages.iter().filter(|page| page.customer == *customer).find(has);
        assert!(found.is_some(), "what {customer} wrote was not read");
    }

    // What a webhook does not bring, the next look finds within the same limit.
    let lost = Fault { page_id: Some(NORTHWIND_TEA.id()), ..Fault::always(Effect::WebhookDropped) };
    let rule = world.meta().add_fault(lost)?;
    mara.writes("And Assam?")?;
    world.meta().remove_fault(rule);
    an_hour_passes(&world);
    wait::until("what no webhook brought", async || {
        let thread = ines.opens(&mara).await.map_err(|error| format!("{error:#}"))?;
        if thread.says(Author::Customer, "And Assam?") {
            return Ok(());
        }
        Err(format!("{}; {}", thread.transcript(), the_next_wait_ends(&world, &mut known)))
    })
    .await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

/// One listing, asked for past the desk and its slots.
async fn somebody_else_lists(world: &World) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let (at, page) = (world.meta().base_url(), NORTHWIND_TEA.id());
    let version = baton_graph::DEFAULT_VERSION;
    let url = format!("{at}/{version}/{page}/conversations?platform=messenger&limit=1");
    let token = world.page_token(NORTHWIND_TEA)?;
    http.get(url).bearer_auth(token.expose_secret()).send().await?;
    Ok(())
}

/// Calls that Meta turned away, without those of the other program.
fn of_the_desk(world: &World) -> Vec<Call> {
    let is_of_another = |call: &Call| call.params.get("limit").is_some_and(|limit| limit == "1");
    turned_away(world).into_iter().filter(|call| !is_of_another(call)).collect()
}

/// On a busy machine three calls can still meet within a second on their way: then the wait for that ends too.
fn the_next_wait_ends(world: &World, known: &mut usize) -> String {
    let now = of_the_desk(world).len();
    if now > *known {
        *known = now;
        // Each refusal in a row makes the next wait longer.
        world.time_passes(WAIT_OVER * 4);
    }
    format!("{now} calls turned away")
}
