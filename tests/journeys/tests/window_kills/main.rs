//! The window is killed while it sends, at moments nobody chose, and started again: each reply is at its customer once, or
//! unknown with the reason, or in the composer again. What the desk had taken is never lost; a text that it had not got yet
//! may go with the page for a moment after its last key, and how often it did is told apart.
//!
//! A few kills here; `BATON_KILLS=200 cargo test --workspace --test window_kills -- --nocapture` for the long form, with
//! `BATON_SEED` for other moments; the seed is printed.

mod left;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_chaos_tests::sends::judge::{Fault, PartSeen, Shown};
use baton_commands::contract::thread::SendState;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, KITE_ON_INSTAGRAM, agent};
use baton_protocol::PartId;
use baton_protocol::team::{Settlement, TeamFact};
use baton_support::window::meta::{APP_ID, Phone};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use fastrand::Rng;
use left::{End, KEPT_WITHIN, Left, judge_kill};
use serde_json::json;
use tokio::time::Instant;

/// How often the window is killed without being asked for more.
const KILLS: usize = 4;
/// The seed of the moments.
const SEED: u64 = 20_261_201;
/// The longest time from the first key to the kill, milliseconds.
const LONGEST_MS: u64 = 1_600;
/// How long a reply may take to come to rest.
const REST: Duration = Duration::from_secs(75);
const PAUSE: Duration = Duration::from_millis(250);
/// From so many kills on it must not be the exception that a reply got as far as the desk.
const MANY: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn each_reply_arrives_once_or_is_unknown_with_the_reason() -> anyhow::Result<()> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let kills = number("BATON_KILLS").and_then(|kills| usize::try_from(kills).ok()).unwrap_or(KILLS);
    let seed = number("BATON_SEED").unwrap_or(SEED);
    eprintln!("seed {seed}, {kills} kills");
    let mut dice = Rng::with_seed(seed);
    let folder = tempfile::tempdir()?;
    let mut stage = begin(folder.path()).await?;
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for kill in 1..=kills {
        let (what, end) =
            one_kill(&mut stage, kill, &mut dice).await.with_context(|| format!("kill {kill}"))?;
        match end {
            Ok(end) => *ends.entry(end).or_default() += 1,
            Err(fault) => faults.push(format!("kill {kill}, {what}: {fault}")),
        }
        eprintln!("kill {kill} of {kills} ({what}): so far {ends:?}, {} faults", faults.len());
    }
    let count = |end| ends.get(&end).copied().unwrap_or(0);
    let (typing, not_kept) = (count(End::StillTyping), count(End::NotYetKept));
    eprintln!(
        "seed {seed}: {kills} kills, {ends:?}, {} faults; {typing} came while keys were typed, {not_kept} at most {} ms after \
         the last key, before the desk had taken the press or kept the draft",
        faults.len(),
        KEPT_WITHIN.as_millis()
    );
    assert!(faults.is_empty(), "seed {seed}: {faults:#?}");
    // Kills that all come too early prove nothing.
    assert!(kills < MANY || (typing + not_kept) * 4 <= kills * 3, "seed {seed}: {ends:?}");
    stage.close_desk().await
}

/// A window that is broken on purpose: its page sends again by itself what nobody knows. The same checks must find that.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_sends_again_by_itself_is_found_out() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = begin(folder.path()).await?;
    let text = "Reply of a broken window";
    let customer = {
        let phone = stage.meta().new_customer(KITE_AND_CO, "Noa Brandt").await?;
        phone.writes("Do you have the red kite?").await?;
        phone.id().to_owned()
    };
    for effect in ["answer_cut", "echo_never"] {
        let fault = json!({"effect": effect, "times": 1, "app_id": APP_ID, "customer_id": customer});
        stage.meta().goes_wrong(&fault).await?;
    }
    let desk = stage.desk()?;
    agent::opens(desk, &customer).await?;
    desk.client().execute(SENDS_AGAIN, vec![json!(text)]).await?;
    agent::writes(desk, text).await?;
    agent::sends(desk).await?;
    let phone = stage.meta().phone(KITE_AND_CO, &customer);
    until::holds("the reply to be sent again", until::LONG, async || Ok(count(&phone, text).await? > 1))
        .await?;

    stage.kill_desk()?;
    stage.open_desk(None).await?;
    agent::opens(stage.desk()?, &customer).await?;
    let taken = Left { is_taken: true, is_in_draft: false };
    let end =
        comes_to_rest(&stage, (KITE_AND_CO, &customer), text, |part| judge_kill(part, taken, None)).await?;
    assert_eq!(end, Err(Fault::Twice));
    Ok(())
}

/// Closes a reply of unknown end as soon as the page shows it, and sends its text again as a new reply: the desk sends a copy
/// of what was closed only after a look, and that would find it.
const SENDS_AGAIN: &str = r#"
    const [text] = arguments;
    const find = (css) => document.querySelector(css);
    let typed = false;
    let sent = false;
    setInterval(() => {
        find('[data-test="message"][data-state="unknown"] [data-test="discard-part"]')?.click();
        const box = find('[data-test="composer-text"]');
        if (sent || !box || !find('[data-test="message"][data-state="abandoned"]')) return;
        if (!typed) {
            typed = true;
            box.value = text;
            box.dispatchEvent(new Event('input', { bubbles: true }));
            return;
        }
        const send = find('[data-test="send"]');
        if (!send || send.disabled || box.value !== text) return;
        sent = true;
        send.click();
    }, 250);
    return null;
"#;

/// A desk whose replies leave at once.
async fn begin(folder: &Path) -> anyhow::Result<Stage> {
    let mut stage = Stage::set(folder, Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    undo_is_off(&stage).await?;
    Ok(stage)
}

/// A customer writes, the agent answers, and the window is killed somewhere in between.
async fn one_kill(
    stage: &mut Stage,
    kill: usize,
    dice: &mut Rng,
) -> anyhow::Result<(String, Result<End, Fault>)> {
    let account = if dice.bool() { KITE_AND_CO } else { KITE_ON_INSTAGRAM };
    let text = format!("Reply {kill}");
    let customer = {
        let phone = stage.meta().new_customer(account, "Noa Brandt").await?;
        phone.writes("Do you have the red kite?").await?;
        phone.id().to_owned()
    };
    let disturbed = disturb(stage, &customer, dice).await?;
    agent::opens(stage.desk()?, &customer).await?;
    let after_ms = dice.u64(0..LONGEST_MS);
    let (mut typed, mut pressed) = (None, None);
    {
        let desk = stage.desk()?;
        let typing = async {
            desk.type_keys(&text).await?;
            typed = Some(Instant::now());
            agent::sends(desk).await?;
            pressed = Some(Instant::now());
            std::future::pending::<anyhow::Result<()>>().await
        };
        // It dies while keys are typed, while it asks, while Meta answers, or after everything.
        tokio::select! {
            typed = typing => typed?,
            () = tokio::time::sleep(Duration::from_millis(after_ms)) => {}
        }
    }
    let process = stage.desk()?.pid()?;
    let last_key = typed.map(|typed: Instant| typed.elapsed());
    stage.kill_desk()?;
    ends(process).await?;
    let left = left::look(&stage.desk_start(None).data_dir, &text).await?;
    stage.open_desk(None).await?;
    agent::opens(stage.desk()?, &customer).await?;
    let end =
        comes_to_rest(stage, (account, &customer), &text, |part| judge_kill(part, left, last_key)).await?;
    let press = if pressed.is_some() { "pressed" } else { "not pressed" };
    let taken = if left.is_taken { "taken" } else { "not taken" };
    Ok((format!("{after_ms} ms after the first key, {press}, {taken}, {disturbed}"), end))
}

/// Waits until nothing of a killed program writes any more.
async fn ends(process: u32) -> anyhow::Result<()> {
    until::holds("the killed desk to end", until::SHORT, async || {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return Ok(true) };
        let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
        Ok(matches!(state, Some('Z' | 'X')))
    })
    .await
}

/// Meta is not always quick, and does not always answer.
async fn disturb(stage: &Stage, customer: &str, dice: &mut Rng) -> anyhow::Result<String> {
    let effects = [
        json!({"effect": "answer_late", "ms": 1_500}),
        json!({"effect": "answer_cut"}),
        json!({"effect": "call_cut", "call": "send"}),
        json!({"effect": "echo_late", "ms": 4_000}),
        json!({"effect": "echo_never"}),
    ];
    let mut told = Vec::new();
    for mut effect in effects {
        if dice.u8(0..4) > 0 {
            continue;
        }
        told.push(effect["effect"].as_str().unwrap_or_default().to_owned());
        effect["times"] = 1.into();
        effect["app_id"] = APP_ID.into();
        effect["customer_id"] = customer.into();
        stage.meta().goes_wrong(&effect).await?;
    }
    Ok(if told.is_empty() { "nothing disturbed".to_owned() } else { told.join(" and ") })
}

/// Looks until what became of a reply is allowed, or cannot become so any more.
async fn comes_to_rest(
    stage: &Stage,
    (account, customer): (&str, &str),
    text: &str,
    judge: impl Fn(&PartSeen) -> Result<End, Fault>,
) -> anyhow::Result<Result<End, Fault>> {
    let mut end = Err(Fault::Restless("nobody looked".to_owned()));
    for _ in 0..REST.as_millis() / PAUSE.as_millis() {
        let part = part(stage, account, customer, text).await?;
        end = judge(&part);
        if matches!(end, Ok(_) | Err(Fault::Twice)) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(end)
}

async fn part(stage: &Stage, account: &str, customer: &str, text: &str) -> anyhow::Result<PartSeen> {
    let desk = stage.desk()?;
    let shown = agent::shown(desk).await?.into_iter().filter(|message| message.text == text);
    let shown = shown
        .map(|message| Shown {
            state: message.state.as_deref().and_then(state),
            has_words: message.has_words,
        })
        .collect();
    let draft = desk.see("composer-text").await?.prop("value").await?;
    let phone = stage.meta().phone(account, customer);
    Ok(PartSeen {
        got: count(&phone, text).await?,
        shown,
        is_in_draft: draft.is_some_and(|draft| draft.contains(text)),
        granted: granted(stage, account, text).await?,
    })
}

async fn count(phone: &Phone<'_>, text: &str) -> anyhow::Result<usize> {
    phone.count(text).await
}

/// The grants of a text and their ends, as the relay's log tells them.
async fn granted(
    stage: &Stage,
    account: &str,
    said: &str,
) -> anyhow::Result<Vec<(PartId, Option<Settlement>)>> {
    let mut granted: Vec<(PartId, Option<Settlement>)> = Vec::new();
    for body in stage.relay()?.log_bodies(account).await? {
        match serde_json::from_value::<TeamFact>(body) {
            Ok(TeamFact::SendStarted { text, part, .. }) if text == said => granted.push((part, None)),
            Ok(TeamFact::SendSettled { part, settlement, .. }) => {
                for (_, end) in granted.iter_mut().filter(|(known, _)| *known == part) {
                    let known = end.as_ref().map_or(-1, |end| i16::from(end.rank()));
                    if i16::from(settlement.rank()) > known {
                        *end = Some(settlement.clone());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(granted)
}

fn state(name: &str) -> Option<SendState> {
    serde_json::from_value(name.into()).ok()
}

/// What is kept back for five seconds is killed before it leaves: here it leaves at once.
async fn undo_is_off(stage: &Stage) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    desk.click("settings").await?;
    desk.click("undo-send").await?;
    desk.click("close").await
}
