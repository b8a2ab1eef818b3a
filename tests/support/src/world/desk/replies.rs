//! What an agent does with replies: writes, sends, sends again, takes back.

use std::sync::Arc;

use anyhow::Context as _;
use baton_commands::contract::attachment::MediaView;
use baton_commands::contract::composer::{
    ComposerState, PartName, PartPress, PutAside, SaveDraft, SendMode, SendReceipt, SendReply,
};
use baton_commands::contract::{Ms, ThreadRef};
use baton_commands::files;

use super::TestDesk;
use crate::world::Customer;

/// How long a story's agent had a reply under the hands.
const COMPOSED_MS: i64 = 4_000;

impl TestDesk {
    /// Sends a reply as the composer offers it. Gives the names of what is now in the outbox.
    ///
    /// # Errors
    /// When nothing may be sent; [`CommandError`](super::CommandError).
    pub async fn answers(&self, customer: &Customer, text: &str) -> anyhow::Result<SendReceipt> {
        let composer = self.composer(customer).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        self.answers_as(customer, text, &composer).await
    }

    /// Sends a reply although the composer may have said no: what a page that lies would do.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn answers_as(
        &self,
        customer: &Customer,
        text: &str,
        composer: &ComposerState,
    ) -> anyhow::Result<SendReceipt> {
        self.ask("sendReply", self.reply(customer, text, composer).await?).await
    }

    /// Sends what is in the draft, its files and this text, as the composer offers it.
    ///
    /// # Errors
    /// When nothing may be sent; [`CommandError`](super::CommandError).
    pub async fn answers_with_files(
        &self,
        customer: &Customer,
        text: &str,
        hold_ms: i64,
    ) -> anyhow::Result<SendReceipt> {
        let composer = self.composer(customer).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        let files = composer.files.iter().map(|file| file.id.clone()).collect();
        let reply = self.reply(customer, text, &composer).await?;
        self.ask("sendReply", SendReply { files, hold_ms: Ms(hold_ms), ..reply }).await
    }

    /// Sends a reply past another desk's of unknown end, as whoever was shown that.
    ///
    /// # Errors
    /// When nothing may be sent; [`CommandError`](super::CommandError).
    pub async fn answers_despite_unknown(
        &self,
        customer: &Customer,
        text: &str,
    ) -> anyhow::Result<SendReceipt> {
        let composer = self.composer(customer).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        let reply = self.reply(customer, text, &composer).await?;
        self.ask("sendReply", SendReply { despite_unknown: true, ..reply }).await
    }

    /// Sends a reply that is kept back for a while; with `then_done`, as *Send and done*.
    ///
    /// # Errors
    /// When nothing may be sent; [`CommandError`](super::CommandError).
    pub async fn answers_and_may_undo(
        &self,
        customer: &Customer,
        text: &str,
        hold_ms: i64,
        then_done: bool,
    ) -> anyhow::Result<SendReceipt> {
        let composer = self.composer(customer).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        let reply = self.reply(customer, text, &composer).await?;
        self.ask("sendReply", SendReply { hold_ms: Ms(hold_ms), then_done, ..reply }).await
    }

    /// *Send and done*, as the composer offers it.
    ///
    /// # Errors
    /// When nothing may be sent; [`CommandError`](super::CommandError).
    pub async fn answers_and_is_done(&self, customer: &Customer, text: &str) -> anyhow::Result<SendReceipt> {
        let composer = self.composer(customer).await?;
        anyhow::ensure!(composer.send != SendMode::Blocked, "the composer is shut: {:?}", composer.words);
        let reply = self.reply(customer, text, &composer).await?;
        self.ask("sendReply", SendReply { then_done: true, ..reply }).await
    }

    /// As [`TestDesk::answers_as`], in a thread that the story knows by its number.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn answers_in(
        &self,
        thread: ThreadRef,
        text: &str,
        composer: &ComposerState,
    ) -> anyhow::Result<SendReceipt> {
        self.ask("sendReply", reply_in(thread, text, composer)).await
    }

    async fn reply(
        &self,
        customer: &Customer,
        text: &str,
        composer: &ComposerState,
    ) -> anyhow::Result<SendReply> {
        Ok(reply_in(self.thread_with(customer).await?, text, composer))
    }

    /// Adds a file to the draft of a thread, as the page does: its bytes beside the command.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError), with what may be sent.
    pub async fn attaches(&self, customer: &Customer, name: &str, bytes: &[u8]) -> anyhow::Result<MediaView> {
        let thread = self.thread_with(customer).await?;
        let asked = serde_json::json!({ "thread": thread, "name": name }).to_string();
        let header: String = asked.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let running = self.running.as_ref().context("the desk is not running")?;
        let (answering, bytes) = (Arc::clone(&running.answering), bytes.to_vec());
        let attached =
            running.island.run(async move { files::attach(&answering, Some(&header), &bytes).await });
        Ok(attached.await??)
    }

    /// Writes a reply and does not send it.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn drafts(&self, customer: &Customer, text: &str) -> anyhow::Result<()> {
        let thread = self.thread_with(customer).await?;
        let based_on = self.composer(customer).await?.draft;
        self.ask("saveDraft", SaveDraft { thread, text: text.to_owned(), based_on }).await
    }

    /// Lets a part go that is kept back.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn sends_now(&self, part: &str) -> anyhow::Result<()> {
        self.ask("sendPartNow", PartName { part: part.to_owned() }).await
    }

    /// Lets what waits behind a part that did not go out leave without it, with everything in the thread seen.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn sends_the_rest(&self, customer: &Customer, part: &str) -> anyhow::Result<()> {
        let composer = self.composer(customer).await?;
        self.sends_the_rest_as(part, &composer).await
    }

    /// The same with a composer that was read before.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn sends_the_rest_as(&self, part: &str, composer: &ComposerState) -> anyhow::Result<()> {
        self.ask("sendRest", press_of(part, composer)).await
    }

    /// Tries a part again, with everything in the thread seen: an agent's choice.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn tries_again(&self, customer: &Customer, part: &str) -> anyhow::Result<()> {
        let composer = self.composer(customer).await?;
        self.tries_again_as(part, &composer).await
    }

    /// The same with a composer that was read before.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn tries_again_as(&self, part: &str, composer: &ComposerState) -> anyhow::Result<()> {
        self.ask("retryPart", press_of(part, composer)).await
    }

    /// Tries a part again past another desk's of unknown end, as whoever was told of that.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn tries_again_despite_unknown(&self, customer: &Customer, part: &str) -> anyhow::Result<()> {
        let composer = self.composer(customer).await?;
        self.ask("retryPart", PartPress { despite_unknown: true, ..press_of(part, &composer) }).await
    }

    /// Takes back a part that has not left, or closes one of which nobody knows whether it arrived.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn takes_back(&self, part: &str) -> anyhow::Result<()> {
        self.ask("discardPart", PartName { part: part.to_owned() }).await
    }

    /// Puts a part aside that Meta refused, or takes that back.
    ///
    /// # Errors
    /// [`CommandError`](super::CommandError).
    pub async fn puts_aside(&self, part: &str, aside: bool) -> anyhow::Result<()> {
        self.ask("putAside", PutAside { part: part.to_owned(), aside }).await
    }
}

fn reply_in(thread: ThreadRef, text: &str, composer: &ComposerState) -> SendReply {
    SendReply {
        thread,
        text: text.to_owned(),
        based_on: composer.draft.clone(),
        seen: composer.seen,
        verdict: composer.verdict,
        take_first: composer.send == SendMode::TakeAndSend,
        composed_ms: Ms(COMPOSED_MS),
        despite_unknown: false,
        hold_ms: Ms(0),
        then_done: false,
        files: Vec::new(),
    }
}

/// A press on a part, with this composer seen.
fn press_of(part: &str, composer: &ComposerState) -> PartPress {
    PartPress { part: part.to_owned(), seen: composer.seen, despite_unknown: false }
}
