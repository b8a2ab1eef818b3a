//! One run: rounds of replies, one per desk and round, all in one world.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use baton_commands::contract::ThreadRef;
use baton_commands::contract::attachment::AttachmentView;
use baton_commands::contract::thread::{Item, MessageView, ThreadView};
use baton_core::keys::{KeyName, KeyStore as _};
use baton_messenger::Platform;
use baton_protocol::LogName;
use baton_protocol::enrol::Role;
use baton_simulator::{CallKind, Effect, Fault as MetaFault, MessageView as OnPhone};
use baton_support::window::until;
use baton_support::world::desk::TestDesk;
use baton_support::world::file_name;
use baton_support::{Customer, JONAS, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World};
use futures_util::future::join_all;

use super::combination::{Answer, Combination, Course, EchoComes, Fate, Kill, Said};
use super::judge::{Fault, PartSeen, Shown, Verdict, judge, judge_left, judge_order, judge_tags};
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
/// So long a reply is kept back that its customer is to overtake, milliseconds.
const HOLD_MS: i64 = 3_000;
/// So much later a late reply is written.
const LATE_HOURS: u32 = 30;
/// Tells a second arming from the first of the same reply.
const SECOND: usize = 1_000_000;

/// A reply and its customer.
struct Play {
    combination: Combination,
    customer: Customer,
    thread: ThreadRef,
    said: Vec<Said>,
    deaths: u32,
    /// The sender is dead and nobody has looked yet what it left.
    is_left: bool,
    end: Result<Vec<Verdict>, Fault>,
}

/// Plays all of these, so many at once, and tells what came of them, and how far it is after each round.
///
/// # Errors
/// When the world does not come up, or they cannot all be in one ([`super::courses::runs`]); what must not be is in the tally,
/// and what could not be played too.
pub async fn run(
    program: &Path,
    flaw: Flaw,
    combinations: &[Combination],
    lanes: usize,
) -> anyhow::Result<Tally> {
    let mut worlds = combinations.iter().map(|one| one.course.world());
    let first = worlds.next();
    anyhow::ensure!(worlds.all(|world| Some(world) == first), "one world cannot play all of these");
    let has = |course: Course| combinations.iter().any(|one| one.course == course);
    let is_unchecked = has(Course::Unchecked);
    let world = World::begin_with_instagram().await?;
    let steward = world.desk(JONAS, &SHOPS).await?;
    let logs = SHOPS.map(|shop| LogName::Account(shop.id())).to_vec();
    let log = LogWatch::start(world.as_desk(&steward).await?, logs);
    let patience = if flaw == Flaw::None { REST } else { SOON };
    let mut stage = Stage { log, world, patience, written: BTreeMap::new(), steward };
    if has(Course::Late) {
        stage.a_day_passes(combinations).await?;
    }
    if is_unchecked {
        for shop in SHOPS {
            stage.steward.lets_replies_leave_unchecked(shop, true).await?;
        }
    }
    let mut senders = Vec::new();
    for lane in 0..lanes.min(combinations.len()) {
        senders.push(stage.sender(lane, program, flaw).await?);
    }
    let mut tally = Tally::of(combinations.len());
    let mut played = Vec::new();
    for round in combinations.chunks(lanes) {
        let plays = if is_unchecked {
            stage.round_without_relay(&mut senders, round).await?
        } else {
            stage.round(&mut senders, round).await
        };
        for ((play, combination), sender) in plays.into_iter().zip(round).zip(&senders) {
            match play {
                Ok(play) => {
                    tally.count(combination, play.deaths, &play.end, || sender.last_words());
                    played.push(play);
                }
                // What cannot be played is no reason to stop: what was found so far would be lost.
                Err(error) => {
                    let end = Err(Fault::Restless(format!("{error:#}")));
                    tally.count(combination, 0, &end, || sender.last_words());
                }
            }
        }
        eprintln!("{tally}");
    }
    // Nothing leaves again by itself, however much later.
    for play in played.iter().filter(|play| play.end.is_ok()) {
        let phone = play.customer.phone()?;
        if play.said.iter().any(|said| got(&phone, said) > 1) {
            tally.fault(&play.combination, Fault::Twice, String::new());
        }
    }
    Ok(tally)
}

/// How often this, sent by some app, is on the phone.
fn got(phone: &[OnPhone], said: &Said) -> usize {
    phone.iter().filter(|message| is_it(message, said)).count()
}

fn is_it(message: &OnPhone, said: &Said) -> bool {
    let name = match said {
        Said::Text(_) => message.text.clone(),
        Said::Picture(_) => file_name(message),
    };
    message.app_id.is_some() && name.as_deref() == Some(said.name())
}

/// Whether a message at the desk is this. A picture that Meta has is told by its message; one that it has not, by its own file.
fn shows(message: &MessageView, said: &Said, phone: &[OnPhone]) -> bool {
    if matches!(said, Said::Text(_)) {
        return message.text == said.name();
    }
    let at_meta = phone.iter().find(|one| message.mid.as_deref() == Some(one.mid.as_str()));
    if let Some(at_meta) = at_meta {
        return is_it(at_meta, said);
    }
    let is_its_file =
        |one: &AttachmentView| matches!(one, AttachmentView::Media { media } if media.title == said.name());
    message.attachments.iter().any(is_its_file)
}

fn shop_of(combination: &Combination) -> baton_support::people::Shop {
    match combination.channel {
        Platform::Messenger => NORTHWIND_TEA,
        Platform::Instagram => NORTHWIND_ON_INSTAGRAM,
    }
}

/// What the customer writes: the bot keeps the thread, or passes it to us.
fn opening(course: Course) -> &'static str {
    match course {
        Course::TakesFirst | Course::TakeFails => "Do you have green tea?",
        _ => "I want a person",
    }
}

fn drafts(thread: &ThreadView, said: &Said) -> bool {
    match said {
        Said::Text(text) => thread.composer.draft.contains(text),
        Said::Picture(name) => thread.composer.files.iter().any(|file| file.title == *name),
    }
}

fn phone_of(play: &Play) -> Result<Vec<OnPhone>, Fault> {
    play.customer.phone().map_err(|error| Fault::Restless(format!("{error:#}")))
}

struct Stage {
    log: LogWatch,
    world: World,
    patience: Duration,
    /// Who wrote already, by the number of the combination.
    written: BTreeMap<usize, Customer>,
    steward: TestDesk,
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

    /// The customers of late replies write, and more than a day passes.
    async fn a_day_passes(&mut self, combinations: &[Combination]) -> anyhow::Result<()> {
        for shop in SHOPS {
            self.steward.says_late_replies_are_approved(shop).await?;
        }
        for one in combinations {
            let customer = self.world.new_customer(shop_of(one))?;
            customer.writes(opening(one.course))?;
            self.written.insert(one.number, customer);
        }
        until::holds("the bot to pass all of them on", REST, async || {
            for customer in self.written.values() {
                if customer.held_by()?.as_deref() != Some("Baton") {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await?;
        self.world.moves_clock(LATE_HOURS);
        self.world.relay_knows_metas_time().await
    }

    /// The relay goes once every thread is there, and comes back once every sender did.
    async fn round_without_relay(
        &mut self,
        senders: &mut [Sender],
        round: &[Combination],
    ) -> anyhow::Result<Vec<anyhow::Result<Play>>> {
        let stage = &*self;
        let preparing = senders.iter_mut().zip(round).map(|(sender, one)| stage.prepare(sender, *one));
        let mut plays = join_all(preparing).await;
        self.world.kills_relay();
        let stage = &*self;
        let pressing = senders.iter_mut().zip(&mut plays).map(async |(sender, play)| {
            let Ok(play) = play else { return Ok(()) };
            if stage.press(sender, play).await? {
                sender.start().await?;
            }
            anyhow::Ok(())
        });
        let pressed = join_all(pressing).await;
        self.world.starts_relay().await?;
        for (play, pressed) in plays.iter_mut().zip(pressed) {
            if let Err(error) = pressed {
                *play = Err(error);
            }
        }
        let stage = &*self;
        let begun = senders.iter().zip(&mut plays);
        let begun = begun.filter_map(|(sender, play)| play.as_mut().ok().map(|play| (sender, play)));
        let resting = begun.filter(|(_, play)| play.deaths > 0).map(async |(sender, play)| {
            play.end = stage.comes_to_rest(async || stage.judge(sender, play, true).await).await;
        });
        join_all(resting).await;
        Ok(plays)
    }

    async fn round(&self, senders: &mut [Sender], round: &[Combination]) -> Vec<anyhow::Result<Play>> {
        let sends = senders.iter_mut().zip(round).map(|(sender, one)| self.send(sender, *one));
        let mut plays = join_all(sends).await;
        if !plays.iter().flatten().any(|play| play.is_left) {
            return plays;
        }
        self.world.time_passes(SILENCE);
        self.world.moves_clock(1);
        let begun = senders.iter_mut().zip(&mut plays);
        let begun = begun.filter_map(|(sender, play)| play.as_mut().ok().map(|play| (sender, play)));
        let left = begun.filter(|(_, play)| play.is_left);
        let settled = left.map(async |(sender, play)| {
            play.end = self.comes_to_rest(async || self.judge_left(play)).await;
            // Whatever the others found out, it comes back one day and finds its place.
            if let Err(error) = sender.start().await {
                play.end = Err(Fault::Restless(format!("{error:#}")));
            }
            if play.end.is_ok() {
                play.end = self.comes_to_rest(async || self.judge(sender, play, true).await).await;
            }
        });
        join_all(settled).await;
        plays
    }

    /// A customer writes, the reply is sent, and its desk dies; when it comes back at once, what becomes of it then.
    async fn send(&self, sender: &mut Sender, combination: Combination) -> anyhow::Result<Play> {
        let mut play = self.prepare(sender, combination).await?;
        if self.press(sender, &mut play).await? {
            self.comes_back(sender, &mut play).await?;
        }
        Ok(play)
    }

    /// The customer wrote, and the thread is as the course of the reply has it.
    async fn prepare(&self, sender: &mut Sender, combination: Combination) -> anyhow::Result<Play> {
        disarm(sender.folder());
        if !sender.lives()? {
            sender.start().await?;
        }
        let course = combination.course;
        let customer = match self.written.get(&combination.number) {
            Some(customer) => customer.clone(),
            None => {
                let customer = self.world.new_customer(shop_of(&combination))?;
                customer.writes(opening(course))?;
                customer
            }
        };
        let look = async || sender.thread_of(&customer, course).await;
        let thread = until::some("the thread to be as its course wants it", REST, look).await?;
        self.goes_wrong(&customer, &combination)?;
        Ok(Play {
            said: combination.said(),
            combination,
            customer,
            thread,
            deaths: 0,
            is_left: false,
            end: Err(Fault::Restless("nobody looked".to_owned())),
        })
    }

    /// The reply is pressed, and its desk dies. True when it did.
    async fn press(&self, sender: &mut Sender, play: &mut Play) -> anyhow::Result<bool> {
        let Combination { kill, number, course, .. } = play.combination;
        self.arm(sender, play, kill, number)?;
        let hold_ms = if course == Course::Overtaken { HOLD_MS } else { 0 };
        // It may die before it answers.
        let pressed = sender.answers(play.thread, &play.said, hold_ms).await;
        if course == Course::Overtaken && pressed.is_ok() {
            play.customer.writes("It has just arrived, thank you.")?;
        }
        let is_dead = self.dies(sender, play).await?;
        if !is_dead {
            pressed?;
            disarm(sender.folder());
        }
        Ok(is_dead)
    }

    /// The sender is started again at once, where it does not stay dead; what becomes of the reply then.
    async fn comes_back(&self, sender: &mut Sender, play: &mut Play) -> anyhow::Result<()> {
        let Combination { fate, again, number, .. } = play.combination;
        if fate == Fate::StaysDead {
            play.is_left = true;
            return Ok(());
        }
        if let Some(again) = again {
            self.arm(sender, play, again, number + SECOND)?;
            sender.start_to_die().await?;
            if !self.dies(sender, play).await? {
                disarm(sender.folder());
                return Ok(());
            }
        }
        sender.start().await?;
        play.end = self.comes_to_rest(async || self.judge(sender, play, true).await).await;
        Ok(())
    }

    fn arm(&self, sender: &Sender, play: &Play, kill: Kill, number: usize) -> anyhow::Result<()> {
        use baton_core::outbox::step::Step;

        let struck = u32::try_from(play.combination.struck)?;
        let which = match kill.step {
            // Once for the whole reply.
            Step::Keep => (None, 1),
            // Whichever part a desk that came back goes on with.
            _ if number >= SECOND => (None, 1),
            // A command names no part that the desk knows by its place; parts are reported in order.
            Step::Report | Step::Forget => (None, struck + 1),
            _ => (Some(struck), 1),
        };
        Armed::at(kill, number, play.thread.0, which).write(sender.folder())
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
            end = self.judge(sender, play, false).await;
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

    /// `may_wait`: Meta's limits may keep the reply from leaving.
    async fn judge(&self, sender: &Sender, play: &Play, may_wait: bool) -> Result<Vec<Verdict>, Fault> {
        let Combination { course, struck, .. } = play.combination;
        let may_wait = may_wait && course == Course::Throttled;
        let thread = sender.opens(play.thread).await;
        let thread = thread.map_err(|error| Fault::Restless(format!("{error:#}")))?;
        let parts = self.parts(play, Some(&thread))?;
        let mut verdicts = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            let is_behind = verdicts.iter().any(|verdict| *verdict != Verdict::Arrived);
            verdicts.push(judge(part, is_behind || (may_wait && place >= struck))?);
        }
        self.in_order(play)?;
        Ok(verdicts)
    }

    fn judge_left(&self, play: &Play) -> Result<Vec<Verdict>, Fault> {
        let verdicts = self.parts(play, None)?.iter().map(judge_left).collect();
        self.in_order(play)?;
        verdicts
    }

    /// The parts that arrived did so in the order of the reply, and as what it was shown as.
    fn in_order(&self, play: &Play) -> Result<(), Fault> {
        let phone = phone_of(play)?;
        let is_ours = |message: &&OnPhone| play.said.iter().any(|said| is_it(message, said));
        let tags = phone.iter().filter(is_ours).map(|message| message.tag.as_deref());
        judge_tags(tags, play.combination.course == Course::Late)?;
        judge_order(play.said.iter().map(|said| phone.iter().position(|message| is_it(message, said))))
    }

    /// What is seen of each part, by now: the phone is looked at after the desk, so that what leaves meanwhile looks restless.
    fn parts(&self, play: &Play, thread: Option<&ThreadView>) -> Result<Vec<PartSeen>, Fault> {
        let phone = phone_of(play)?;
        let seen = (0..).zip(&play.said).map(|(index, said)| {
            let messages =
                thread.into_iter().flat_map(|thread| &thread.items).filter_map(|item| match item {
                    Item::Message { message } if shows(message, said, &phone) => Some(message),
                    _ => None,
                });
            let shown = messages.map(|m| Shown { state: m.state, has_words: m.state_words.is_some() });
            PartSeen {
                got: got(&phone, said),
                shown: shown.collect(),
                is_in_draft: thread.is_some_and(|thread| drafts(thread, said)),
                granted: self.log.granted(play.customer.id(), index),
            }
        });
        Ok(seen.collect())
    }

    /// What happens to the call and the echo of the part that is struck.
    fn goes_wrong(&self, customer: &Customer, combination: &Combination) -> anyhow::Result<()> {
        let late_ms = if combination.fate == Fate::StaysDead { LATE_MS.1 } else { LATE_MS.0 };
        let of_answer = match (combination.answer, combination.echo) {
            _ if combination.course == Course::Throttled => {
                let error = match combination.channel {
                    Platform::Messenger => "rate_buc_messenger",
                    Platform::Instagram => "rate_buc_instagram",
                };
                Some(Effect::Throttled { error: error.to_owned() })
            }
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
        let after = u32::try_from(combination.struck)?;
        let fault = |effect, call| MetaFault {
            customer_id: Some(customer.id().clone()),
            app_id: Some(self.world.meta().app_id()),
            call,
            after,
            ..MetaFault::once(effect)
        };
        if combination.course == Course::TakeFails {
            let always =
                MetaFault { times: None, after: 0, ..fault(Effect::CallCut, Some(CallKind::Control)) };
            self.world.goes_wrong(always)?;
        }
        if let Some(effect) = of_answer {
            self.world.goes_wrong(fault(effect, Some(CallKind::Send)))?;
        }
        if let Some(effect) = of_echo {
            self.world.goes_wrong(fault(effect, None))?;
        }
        Ok(())
    }
}
