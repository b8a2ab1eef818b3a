//! One run: rounds of replies, one per desk and round, all in one world.

use std::path::Path;
use std::time::Duration;

use baton_commands::contract::ThreadRef;
use baton_commands::contract::thread::{Item, ThreadView};
use baton_core::keys::{KeyName, KeyStore as _};
use baton_messenger::Platform;
use baton_protocol::LogName;
use baton_protocol::enrol::Role;
use baton_simulator::{CallKind, Effect, Fault as MetaFault};
use baton_support::window::until;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World};
use futures_util::future::join_all;

use super::combination::{Answer, Combination, EchoComes, Fate, Kill};
use super::judge::{Fault, PartSeen, Shown, Verdict, judge, judge_left};
use super::kill_switch::{Armed, disarm};
use super::log_watch::LogWatch;
use super::sender::{Flaw, Sender};
use super::tally::Tally;

/// The account's Page, and its Instagram account.
const SHOPS: [baton_support::people::Shop; 2] = [NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM];
/// How long a reply may take to come to rest on a busy machine.
const REST: Duration = Duration::from_secs(60);
/// A desk that is broken on purpose shows it soon.
const SOON: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// What looks like rest is looked at once more after this: the kill may be at the very last step.
const ONCE_MORE: Duration = Duration::from_millis(600);
/// Longer than others wait for a silent desk.
const SILENCE: Duration = Duration::from_secs(65);
/// A late echo comes so much later when its desk returns, and when it stays dead: milliseconds of Meta's clock.
const LATE_MS: (u64, u64) = (4_000, 2 * 3_600_000);
/// Tells a second arming from the first of the same reply.
const SECOND: usize = 1_000_000;

/// A reply and its customer.
struct Play {
    combination: Combination,
    customer: Customer,
    thread: ThreadRef,
    texts: Vec<String>,
    deaths: u32,
    /// The sender is dead and nobody has looked yet what it left.
    is_left: bool,
    end: Result<Vec<Verdict>, Fault>,
}

/// Plays all of these, so many at once, and tells what came of them.
///
/// # Errors
/// When the world does not come up; what must not be is in the tally.
pub async fn run(
    program: &Path,
    flaw: Flaw,
    combinations: &[Combination],
    lanes: usize,
) -> anyhow::Result<Tally> {
    let world = World::begin_with_instagram().await?;
    let steward = world.desk(JONAS, &SHOPS).await?;
    let logs = SHOPS.map(|shop| LogName::Account(shop.id())).to_vec();
    let log = LogWatch::start(world.as_desk(&steward).await?, logs);
    let patience = if flaw == Flaw::None { REST } else { SOON };
    let stage = Stage { log, world, patience, _steward: steward };
    let mut senders = Vec::new();
    for lane in 0..lanes.min(combinations.len()) {
        senders.push(stage.sender(lane, program, flaw).await?);
    }
    let mut tally = Tally::default();
    let mut played = Vec::new();
    for round in combinations.chunks(lanes) {
        let plays = stage.round(&mut senders, round).await?;
        for (play, sender) in plays.iter().zip(&senders) {
            tally.count(&play.combination, play.deaths, &play.end, || sender.last_words());
        }
        eprintln!("{tally}");
        played.extend(plays);
    }
    // Nothing leaves again by itself, however much later.
    for play in &played {
        for text in &play.texts {
            if play.customer.got(text)? > 1 && play.end.is_ok() {
                tally.count(&play.combination, play.deaths, &Err(Fault::Twice), String::new);
            }
        }
    }
    Ok(tally)
}

struct Stage {
    log: LogWatch,
    world: World,
    patience: Duration,
    _steward: TestDesk,
}

impl Stage {
    /// A desk of an agent, with the account's tokens, as a process of its own.
    async fn sender(&self, lane: usize, program: &Path, flaw: Flaw) -> anyhow::Result<Sender> {
        let desk = self.world.invited_desk(&format!("Ines at desk {lane}"), &SHOPS, Role::Agent).await?;
        for shop in SHOPS {
            let token = self.world.page_token(shop)?;
            desk.keys().set(&KeyName::PageToken(shop.id()), &token).await?;
        }
        Sender::take_over(desk, program, self.world.meta().base_url(), flaw).await
    }

    async fn round(&self, senders: &mut [Sender], round: &[Combination]) -> anyhow::Result<Vec<Play>> {
        let sends = senders.iter_mut().zip(round).map(|(sender, one)| self.send(sender, *one));
        let plays: anyhow::Result<Vec<Play>> = join_all(sends).await.into_iter().collect();
        let mut plays = plays?;
        if !plays.iter().any(|play| play.is_left) {
            return Ok(plays);
        }
        self.world.time_passes(SILENCE);
        self.world.moves_clock(1);
        let left = senders.iter_mut().zip(&mut plays).filter(|(_, play)| play.is_left);
        let settled = left.map(async |(sender, play)| {
            play.end = self.comes_to_rest(async || self.judge_left(play)).await;
            // Whatever the others found out, it comes back one day and finds its place.
            sender.start().await?;
            if play.end.is_ok() {
                play.end = self.comes_to_rest(async || self.judge(sender, play).await).await;
            }
            anyhow::Ok(())
        });
        join_all(settled).await.into_iter().collect::<anyhow::Result<()>>()?;
        Ok(plays)
    }

    /// A customer writes, the reply is sent, and its desk dies; when it comes back at once, what becomes of it then.
    async fn send(&self, sender: &mut Sender, combination: Combination) -> anyhow::Result<Play> {
        if !sender.lives()? {
            sender.start().await?;
        }
        let shop = match combination.channel {
            Platform::Messenger => NORTHWIND_TEA,
            Platform::Instagram => NORTHWIND_ON_INSTAGRAM,
        };
        let customer = self.world.new_customer(shop)?;
        customer.writes("I want a person")?;
        let thread =
            until::some("the thread to be ours", REST, async || sender.thread_of(&customer).await).await?;
        self.goes_wrong(&customer, &combination)?;
        let mut play = Play {
            texts: combination.texts(),
            combination,
            customer,
            thread,
            deaths: 0,
            is_left: false,
            end: Err(Fault::Restless("nobody looked".to_owned())),
        };
        self.arm(sender, &play, combination.kill, combination.number)?;
        // It may die before it answers.
        let pressed = sender.answers(thread, &play.texts).await;
        if !self.dies(sender, &mut play).await? {
            pressed?;
            disarm(sender.folder());
            return Ok(play);
        }
        if combination.fate == Fate::StaysDead {
            play.is_left = true;
            return Ok(play);
        }
        if let Some(again) = combination.again {
            self.arm(sender, &play, again, combination.number + SECOND)?;
            sender.start_to_die().await?;
            if !self.dies(sender, &mut play).await? {
                disarm(sender.folder());
                return Ok(play);
            }
        }
        sender.start().await?;
        play.end = self.comes_to_rest(async || self.judge(sender, &play).await).await;
        Ok(play)
    }

    fn arm(&self, sender: &Sender, play: &Play, kill: Kill, number: usize) -> anyhow::Result<()> {
        use baton_core::outbox::step::Step;

        let nth = match kill.step {
            // Once for the whole reply.
            Step::Keep => 1,
            // What a desk that came back does again, it does for one part.
            _ if number >= SECOND => 1,
            _ => u32::try_from(play.combination.struck())? + 1,
        };
        Armed::at(kill, number, play.thread.0, nth).write(sender.folder())
    }

    /// Waits until the desk is dead or the reply has come to rest without that. True when it is dead; it does not die again.
    async fn dies(&self, sender: &mut Sender, play: &mut Play) -> anyhow::Result<bool> {
        let mut end = Err(Fault::Restless("nobody looked".to_owned()));
        let mut rested = false;
        for _ in 0..self.patience.as_millis() / PAUSE.as_millis() {
            if !sender.lives()? {
                disarm(sender.folder());
                play.deaths += 1;
                return Ok(true);
            }
            if rested {
                break;
            }
            end = self.judge(sender, play).await;
            rested = end.is_ok();
            tokio::time::sleep(if rested { ONCE_MORE } else { PAUSE }).await;
        }
        play.end = end;
        Ok(false)
    }

    async fn comes_to_rest(
        &self,
        mut look: impl AsyncFnMut() -> Result<Vec<Verdict>, Fault>,
    ) -> Result<Vec<Verdict>, Fault> {
        let mut seen = Err(Fault::Restless("nobody looked".to_owned()));
        for _ in 0..self.patience.as_millis() / PAUSE.as_millis() {
            seen = look().await;
            if matches!(seen, Ok(_) | Err(Fault::Twice)) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        seen
    }

    async fn judge(&self, sender: &Sender, play: &Play) -> Result<Vec<Verdict>, Fault> {
        let thread = sender.opens(play.thread).await;
        let thread = thread.map_err(|error| Fault::Restless(format!("{error:#}")))?;
        let mut verdicts = Vec::new();
        for text in &play.texts {
            let waits = verdicts.iter().any(|verdict| *verdict != Verdict::Arrived);
            verdicts.push(judge(&self.part(play, text, Some(&thread)), waits)?);
        }
        Ok(verdicts)
    }

    fn judge_left(&self, play: &Play) -> Result<Vec<Verdict>, Fault> {
        play.texts.iter().map(|text| judge_left(&self.part(play, text, None))).collect()
    }

    fn part(&self, play: &Play, text: &str, thread: Option<&ThreadView>) -> PartSeen {
        let messages = thread.into_iter().flat_map(|thread| &thread.items).filter_map(|item| match item {
            Item::Message { message } if message.text == text => Some(message),
            _ => None,
        });
        let shown = messages.map(|m| Shown { state: m.state, has_words: m.state_words.is_some() }).collect();
        PartSeen {
            got: play.customer.got(text).unwrap_or(usize::MAX),
            shown,
            is_in_draft: thread.is_some_and(|thread| thread.composer.draft.contains(text)),
            granted: self.log.granted(text),
        }
    }

    /// What happens to the call and the echo of the part that is struck.
    fn goes_wrong(&self, customer: &Customer, combination: &Combination) -> anyhow::Result<()> {
        let late_ms = if combination.fate == Fate::StaysDead { LATE_MS.1 } else { LATE_MS.0 };
        let of_answer = match (combination.answer, combination.echo) {
            (Answer::CutBefore, _) => Some(Effect::CallCut),
            (Answer::CutAfter, _) => Some(Effect::AnswerCut),
            (Answer::Whole, EchoComes::Early) => Some(Effect::AnswerAfterEcho),
            (Answer::Whole, _) => None,
        };
        let of_echo = match combination.echo {
            EchoComes::Early => None,
            EchoComes::Late => Some(Effect::EchoLate { ms: late_ms }),
            EchoComes::Never => Some(Effect::EchoNever),
        };
        let after = u32::try_from(combination.struck())?;
        let fault = |effect, call| MetaFault {
            customer_id: Some(customer.id().clone()),
            app_id: Some(self.world.meta().app_id()),
            call,
            after,
            ..MetaFault::once(effect)
        };
        if let Some(effect) = of_answer {
            self.world.goes_wrong(fault(effect, Some(CallKind::Send)))?;
        }
        if let Some(effect) = of_echo {
            self.world.goes_wrong(fault(effect, None))?;
        }
        Ok(())
    }
}
