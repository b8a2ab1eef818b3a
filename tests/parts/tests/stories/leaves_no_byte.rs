//! What was taken back or erased is in no byte of any file of relay or desk any more.

use std::path::PathBuf;

use baton_commands::contract::OwnerKind;
use baton_commands::contract::search::Found;
use baton_commands::contract::thread::{Author, SendState, ThreadView};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::{CommandId, LogName, Mid};
use baton_simulator::{Effect, Fault};
use baton_support::people::Shop;
use baton_support::wait;
use baton_support::world::desk::TestDesk;
use baton_support::world::{Seen as _, escaped, traces};
use baton_support::{AYUMI, Customer, INES, MARA, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World};
use serde_json::{Value, json};

use crate::scene::{BOT_FETCHES, MARA_INSISTS};

const SAID: &str = "zq1-säid: my card is 4012-8888";
const EDITED: &str = "zq2-edited: my card is 4012-9999";
const BY_HAND: &str = "zq3-by-händ 🫖 4012-7777";
const ANSWERED: &str = "zq4-answered: your code is 77-31";
const ANSWERED_TWICE: &str = "zq5-answered: your password is tea";
const LATE: &str = "zq6-late: my address is Quay 9";
const WHISPERED: &str = "zqa-whispered: my card is 4012-6666";
const STAYS: &str = "zq9-stays: thank you";

struct Scene {
    world: World,
    ines: TestDesk,
    ayumi: Customer,
}

/// Ines serves an account, and its customer, who wrote something that stays, is in her hands.
async fn at(shop: Shop, customer: &str) -> anyhow::Result<Scene> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[shop]).await?;
    let ayumi = world.customer(customer)?;
    ayumi.writes(STAYS)?;
    ines.sees(&ayumi, "her", |t| t.says(Author::Customer, STAYS)).await?;
    if shop.is_routing_on {
        ayumi.writes(MARA_INSISTS)?;
        let passed = |t: &ThreadView| t.held_by() == OwnerKind::Ours && t.times(BOT_FETCHES) == 1;
        ines.sees(&ayumi, "that the thread is ours", passed).await?;
    }
    Ok(Scene { world, ines, ayumi })
}

impl Scene {
    fn folders(&self) -> [PathBuf; 2] {
        [self.world.folder().join("relay"), self.ines.folder().to_owned()]
    }

    /// Each of these words stands in the relay's files and in the desk's: the search itself works. A word may be missed while
    /// it moves from the file of writes into the other.
    async fn are_kept(&self, words: &[&str]) -> anyhow::Result<()> {
        wait::until("the words in the files", async || {
            for (folder, words) in self.folders().iter().flat_map(|f| words.iter().map(move |w| (f, w))) {
                if traces(folder, words).map_err(|error| error.to_string())?.is_empty() {
                    return Err(format!("“{words}” is not in {}", folder.display()));
                }
            }
            Ok(())
        })
        .await
    }

    /// None of these words stands anywhere. What is removed leaves the file of writes a moment later.
    async fn are_gone(&self, words: &[&str]) -> anyhow::Result<()> {
        wait::until("the words to leave every file", async || {
            let mut found = Vec::new();
            for (folder, words) in self.folders().iter().flat_map(|f| words.iter().map(move |w| (f, w))) {
                found.extend(traces(folder, words).map_err(|error| error.to_string())?);
            }
            if found.is_empty() { Ok(()) } else { Err(format!("{found:#?}")) }
        })
        .await
    }

    /// What the desk's search finds by the first word of this text, among what was said and among names.
    async fn finds(&self, words: &str) -> anyhow::Result<usize> {
        let first = words.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let asked = json!({"typed": first, "thread": null, "before": null, "limit": 50, "zone": "UTC"});
        let found: Found = self.ines.ask("search", asked).await?;
        Ok(found.hits.len() + found.names.len())
    }

    /// None of these is found by a search.
    async fn cannot_be_found(&self, words: &[&str]) -> anyhow::Result<()> {
        for words in words {
            anyhow::ensure!(self.finds(words).await? == 0, "a search finds “{words}”");
        }
        Ok(())
    }

    /// Relay and desk are killed and started again on what they left.
    async fn starts_anew(&mut self) -> anyhow::Result<()> {
        self.ines.dies();
        self.world.kills_relay();
        self.world.starts_relay().await?;
        self.ines.comes_back().await
    }

    /// A webhook about the thread, as this account's platform sends it.
    async fn hears(&self, from_account: bool, at_ms: i64, said: &Value) -> anyhow::Result<()> {
        let status =
            self.world.posts_bytes(self.webhook(from_account, at_ms, said).to_string().into()).await?;
        anyhow::ensure!(status == 200, "{status}");
        Ok(())
    }

    /// An event of a kind of its own, about the thread.
    async fn hears_of(&self, kind: &str, at_ms: i64, what: &Value) -> anyhow::Result<()> {
        let mut body = self.webhook(false, at_ms, what);
        let event = body.pointer_mut("/entry/0/messaging/0").and_then(Value::as_object_mut);
        if let Some(event) = event {
            event.remove("message");
            event.insert(kind.to_owned(), what.clone());
        }
        anyhow::ensure!(self.world.posts(&body).await? == 200);
        Ok(())
    }

    fn webhook(&self, from_account: bool, at_ms: i64, said: &Value) -> Value {
        let shop = self.ayumi.shop();
        let (account, customer) = (shop.id(), self.ayumi.id().clone());
        let (from, to) = if from_account {
            (account.as_str(), customer.as_str())
        } else {
            (customer.as_str(), account.as_str())
        };
        json!({"object": shop.platform.object(), "entry": [{"id": account, "time": at_ms, "messaging": [
            {"sender": {"id": from}, "recipient": {"id": to}, "timestamp": at_ms, "message": said}]}]})
    }

    /// The account takes one of its messages back.
    async fn takes_back_own(&self, mid: &Mid) -> anyhow::Result<()> {
        let said = json!({"mid": mid, "is_echo": true, "is_deleted": true});
        self.hears(true, self.world.meta().now_ms(), &said).await
    }

    async fn takes_back_theirs(&self, mid: &Mid) -> anyhow::Result<()> {
        let said = json!({"mid": mid, "is_deleted": true});
        self.hears(false, self.world.meta().now_ms(), &said).await
    }

    /// Ines answers, and it arrives. Gives the message.
    async fn answers(&self, text: &str) -> anyhow::Result<Mid> {
        self.ines.answers(&self.ayumi, text).await?;
        self.ines.sees(&self.ayumi, "it sent", |t| t.stands(text, SendState::Sent)).await?;
        Ok(self.ayumi.gets(text).await?.mid)
    }
}

fn unsent(thread: &ThreadView) -> usize {
    thread.messages().iter().filter(|message| message.unsent).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_takes_back_on_instagram_is_gone() -> anyhow::Result<()> {
    let scene = at(NORTHWIND_ON_INSTAGRAM, AYUMI).await?;
    let said = scene.ayumi.writes(SAID)?;
    scene.ayumi.edits(&said, EDITED)?;
    taken_back(scene, said).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsend_on_messenger_would_be_followed_too() -> anyhow::Result<()> {
    let scene = at(NORTHWIND_TEA, MARA).await?;
    let said = scene.ayumi.writes(SAID)?;
    scene.ayumi.edits(&said, EDITED)?;
    taken_back(scene, said).await
}

/// The whole story of one message and one answer: said, edited, quoted, answered, read again in history, taken back.
async fn taken_back(mut scene: Scene, said: Mid) -> anyhow::Result<()> {
    let now_ms = scene.world.meta().now_ms();
    // Meta's own spelling of JSON, and the hardest one.
    let by_hand = Mid::from("m_by_hand");
    let body = scene.webhook(false, now_ms, &json!({"mid": by_hand, "text": "HERE"})).to_string();
    let spelt = String::from_utf8(escaped(BY_HAND, |_| false, |unit| format!("\\u{unit:04x}")))?;
    assert_eq!(scene.world.posts_bytes(body.replace("HERE", &spelt).into()).await?, 200);
    let asked = scene.ayumi.writes_about(&said, "Did you see this?")?;
    scene
        .ines
        .sees(&scene.ayumi, "all of it", |t| t.times(BY_HAND) == 1 && t.times("Did you see this?") == 1)
        .await?;
    let answered = scene.answers(ANSWERED).await?;
    scene
        .hears(
            false,
            now_ms + 1,
            &json!({"mid": "m_asks", "text": "Which code?", "reply_to": {"mid": answered}}),
        )
        .await?;

    // What Meta may send one day, and nobody understands yet.
    let whisper = json!({"of": [{"mid": said, "text": WHISPERED}]});
    scene.hears_of("whisper", now_ms + 2, &whisper).await?;
    scene.ines.has_read_all_of(&scene.world, scene.ayumi.shop()).await?;
    scene.world.copies_log("monday.sqlite").await?;

    scene.world.kills_relay();
    scene.world.history_of(&scene.ayumi, &[(&answered, false, ANSWERED), (&said, true, SAID)]).await?;
    scene.world.starts_relay().await?;
    scene.ines.has_read_all_of(&scene.world, scene.ayumi.shop()).await?;
    let words = [SAID, EDITED, BY_HAND, ANSWERED, WHISPERED];
    scene.are_kept(&words).await?;
    for words in [EDITED, BY_HAND, ANSWERED] {
        anyhow::ensure!(scene.finds(words).await? == 1, "a search does not find “{words}”");
    }

    scene.takes_back_theirs(&said).await?;
    scene.takes_back_theirs(&by_hand).await?;
    scene.takes_back_own(&answered).await?;
    let thread = scene.ines.sees(&scene.ayumi, "three places", |t| unsent(t) == 3).await?;
    let quoting = thread.messages().into_iter().find(|message| message.text == "Did you see this?");
    let quote = quoting.and_then(|message| message.reply_to.clone());
    assert!(quote.is_some_and(|quote| quote.text.is_empty()), "{asked}: {}", thread.transcript());
    scene.are_gone(&words).await?;

    scene.starts_anew().await?;
    scene.ines.has_read_all_of(&scene.world, scene.ayumi.shop()).await?;
    scene.ines.sees(&scene.ayumi, "the same places", |t| unsent(t) == 3 && t.times(STAYS) == 1).await?;
    // Sent once more, as Meta does.
    scene.hears_of("whisper", now_ms + 3, &whisper).await?;
    scene.ines.has_read_all_of(&scene.world, scene.ayumi.shop()).await?;
    scene.are_gone(&words).await?;
    scene.cannot_be_found(&words).await?;
    anyhow::ensure!(scene.finds(STAYS).await? == 1, "a search does not find “{STAYS}”");
    scene.are_kept(&[STAYS]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_after_its_unsend_is_never_kept() -> anyhow::Result<()> {
    let scene = at(NORTHWIND_ON_INSTAGRAM, AYUMI).await?;
    let (mid, now_ms) = (Mid::from("m_late"), scene.world.meta().now_ms());
    scene.takes_back_theirs(&mid).await?;
    scene.hears(false, now_ms, &json!({"mid": mid, "text": LATE})).await?;
    scene.hears(false, now_ms, &json!({"mid": "m_next", "text": "Sorry, wrong window"})).await?;
    scene
        .ines
        .sees(&scene.ayumi, "its place", |t| unsent(t) == 1 && t.times("Sorry, wrong window") == 1)
        .await?;
    scene.are_kept(&["Sorry, wrong window"]).await?;
    scene.are_gone(&[LATE]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_taken_back_before_its_end_is_known_is_gone_from_the_outbox_too()
-> anyhow::Result<()> {
    let scene = at(NORTHWIND_ON_INSTAGRAM, AYUMI).await?;
    // Meta has it, and its answer is still on the way: on Instagram nothing else tells the two that it is this part.
    scene.world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 2_500 }))?;
    scene.ines.answers(&scene.ayumi, ANSWERED).await?;
    let mid = scene.ayumi.gets(ANSWERED).await?.mid;
    scene.takes_back_own(&mid).await?;
    scene.ines.sees(&scene.ayumi, "its place", |t| unsent(t) == 1 && t.times(ANSWERED) == 0).await?;
    scene.are_gone(&[ANSWERED]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_of_a_try_that_never_arrived_go_with_it() -> anyhow::Result<()> {
    let scene = at(NORTHWIND_ON_INSTAGRAM, AYUMI).await?;
    scene.world.goes_wrong(Fault::once(Effect::SendRefused { error: "person_unavailable".to_owned() }))?;
    scene.ines.answers(&scene.ayumi, ANSWERED_TWICE).await?;
    let refused = |t: &ThreadView| t.stands(ANSWERED_TWICE, SendState::Refused);
    scene.ines.sees(&scene.ayumi, "the refusal", refused).await?;
    scene.ines.answers(&scene.ayumi, ANSWERED_TWICE).await?;
    let mid = scene.ayumi.gets(ANSWERED_TWICE).await?.mid;
    let sent = |t: &ThreadView| {
        t.messages().iter().any(|m| m.state == Some(SendState::Sent) && m.text == ANSWERED_TWICE)
    };
    scene.ines.sees(&scene.ayumi, "it sent", sent).await?;
    scene.are_kept(&[ANSWERED_TWICE]).await?;
    scene.takes_back_own(&mid).await?;
    scene.are_gone(&[ANSWERED_TWICE]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_is_gone() -> anyhow::Result<()> {
    const NAME: &str = "zq7-Ayumi of the Quay";
    const DRAFT: &str = "zq8-draft: about your card";
    let mut scene = at(NORTHWIND_TEA, MARA).await?;
    let said = scene.ayumi.writes(SAID)?;
    scene.ayumi.edits(&said, EDITED)?;
    scene.ines.sees(&scene.ayumi, "the change", |t| t.times(EDITED) == 1).await?;
    scene.answers(ANSWERED).await?;
    scene
        .asks_relay(Command::NameCustomer {
            customer: scene.ayumi.id().clone(),
            name: NAME.to_owned(),
            by_hand: true,
        })
        .await?;
    let thread =
        scene.ines.sees(&scene.ayumi, "the name", |t| t.row.name == NAME && t.times(EDITED) == 1).await?;
    let draft = json!({"thread": thread.row.thread, "text": DRAFT, "basedOn": ""});
    scene.ines.ask::<Value>("saveDraft", draft).await?;
    let words = [STAYS, SAID, EDITED, ANSWERED, NAME];
    scene.are_kept(&words).await?;
    anyhow::ensure!(scene.finds(NAME).await? == 1, "a search does not find “{NAME}”");
    assert!(!traces(scene.ines.folder(), DRAFT)?.is_empty());

    scene.asks_relay(Command::EraseCustomer { customer: scene.ayumi.id().clone() }).await?;
    scene.ines.sees(&scene.ayumi, "nothing said", |t| t.messages().is_empty()).await?;
    scene.are_gone(&words).await?;
    scene.are_gone(&[DRAFT]).await?;

    scene.starts_anew().await?;
    scene.ayumi.writes("Hello, I am new here")?;
    scene
        .ines
        .sees(&scene.ayumi, "only what is new", |t| {
            t.messages().iter().filter(|m| m.author == Author::Customer).count() == 1
        })
        .await?;
    scene.are_gone(&words).await?;
    scene.cannot_be_found(&words).await?;
    scene.are_kept(&["Hello, I am new here"]).await
}

impl Scene {
    /// A command past the window, as the admin's desk.
    async fn asks_relay(&self, command: Command) -> anyhow::Result<()> {
        let relay = self.world.as_desk(&self.ines).await?;
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: None,
            if_no_word_after: None,
            command,
        };
        relay.command(&LogName::Account(self.ayumi.shop().id()), &request).await?;
        Ok(())
    }
}
