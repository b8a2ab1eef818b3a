//! One thread: its head and what was said and done in it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachment::AttachmentView;
use super::composer::ComposerState;
use super::happened::{CameView, CrossedView, EarlierView, HappenedView, PressedView, QuoteView, StoryView};
use super::note::MentionView;
use super::queue::HandedDraftView;
use super::threads::{BlockView, ThreadRow};
use super::{ControlAct, Count, Ms, OwnerKind, StatusView, ThreadRef, Words};

/// Names a thread.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadName {
    /// The thread.
    pub thread: ThreadRef,
}

/// A thread as it opens: its head, the newest items, the composer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadView {
    /// Its row.
    pub row: ThreadRow,
    /// The newest items, oldest first.
    pub items: Vec<Item>,
    /// Where older items begin; none when these are all that this desk has.
    pub older: Option<String>,
    /// True when there were older messages before the first one here, and Meta does not give them.
    pub older_withheld: bool,
    /// The store's version that this was read at; older answers are dropped by the page.
    pub store_version: Count,
    /// What may be sent.
    pub composer: ComposerState,
    /// Who held the thread, newest first, at most ten.
    pub held: Vec<HeldLine>,
    /// Up to where this agent had read when the thread was opened: key of the first unread item.
    pub first_unread: Option<String>,
    /// The place of that item, to go there.
    pub first_unread_at: Option<String>,
    /// A new name of the customer that the team has not been told yet.
    pub renaming: Option<String>,
    /// What this desk did about keeping the customer away that the team has not been told yet.
    pub blocking: Option<BlockView>,
    /// The message that the draft answers.
    pub answering: Option<QuoteView>,
    /// Titles of the answers that the draft offers.
    pub offering: Vec<String>,
    /// How many and how long they may be.
    pub offer_limit: OfferLimit,
    /// The reactions that the channel takes from us.
    pub reactions: Vec<String>,
    /// True when this agent may block and unblock.
    pub may_block: bool,
    /// True when nobody of ours has answered the customer yet and no agent here chose to see a picture: pictures are
    /// blurred until one is clicked.
    pub stranger: bool,
    /// What somebody was writing here from whom the thread was taken; none once it was used, put aside or answered.
    pub handed: Option<HandedDraftView>,
    /// While the relay is away: when this thread was last read from Meta itself; none before, and while the relay serves this
    /// desk.
    pub from_meta_ms: Option<Ms>,
}

/// Asks for older items.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OlderItems {
    /// The thread.
    pub thread: ThreadRef,
    /// The `older` of the page before.
    pub before: String,
    /// How many messages at most; 200 is the most a page holds.
    pub limit: u32,
}

/// A page of older items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemPage {
    /// Oldest first.
    pub items: Vec<Item>,
    /// Where older items begin.
    pub older: Option<String>,
}

/// Asks for newer items.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewerItems {
    /// The thread.
    pub thread: ThreadRef,
    /// The `newer` of the stretch before.
    pub after: String,
    /// How many messages at most; 200 is the most a page holds.
    pub limit: u32,
}

/// Asks for the items around a message.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemsAround {
    /// The thread.
    pub thread: ThreadRef,
    /// The message's place: the `at` of a hit, the `place` of a message.
    pub at: String,
    /// How many messages before it, and how many from it on; 200 is the most a page holds.
    pub before: u32,
    /// The same for those that follow, with the message itself.
    pub after: u32,
}

/// Asks for the items around a moment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemsFrom {
    /// The thread.
    pub thread: ThreadRef,
    /// The moment: what was said at it or first after it is looked for, or the newest where nothing was.
    pub from_ms: Ms,
    /// How many messages before it, and how many from it on; 200 is the most a page holds.
    pub before: u32,
    /// The same for those that follow.
    pub after: u32,
}

/// Items from the middle of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemStretch {
    /// Oldest first.
    pub items: Vec<Item>,
    /// Where older items begin; none at the begin of the thread, and where only newer ones were asked for.
    pub older: Option<String>,
    /// Where newer items begin; none at the end of the thread.
    pub newer: Option<String>,
    /// The key of the message that was asked for; none when it is not there any more.
    pub key: Option<String>,
    /// When that one was said.
    pub key_ms: Option<Ms>,
}

/// Something said or done in a thread, in order of Meta's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "item", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Item {
    /// Something said.
    Message {
        /// The message.
        message: Box<MessageView>,
    },
    /// Something happened that nobody said.
    Happened {
        /// Stable key.
        key: String,
        /// When.
        at_ms: Ms,
        /// What.
        happened: Box<HappenedView>,
        /// The message it is about, where it is about one.
        about: Option<QuoteView>,
    },
    /// Control moved.
    Handover {
        /// Stable key.
        key: String,
        /// When.
        at_ms: Ms,
        /// In one line: "Teabot passed this thread to Baton".
        line: String,
        /// The note that was passed along.
        note: Option<String>,
        /// Who holds the thread after it.
        owner: OwnerKind,
    },
    /// The team did something.
    Team {
        /// Stable key.
        key: String,
        /// When, milliseconds UTC of the relay.
        at_ms: Ms,
        /// In one line: "Ines took this thread".
        line: String,
    },
    /// The customer was erased: what was said before is gone.
    Erased {
        /// Stable key.
        key: String,
        /// When, milliseconds UTC of the relay.
        at_ms: Ms,
        /// In one line: "Ines erased this customer".
        line: String,
    },
    /// A private note.
    Note {
        /// Stable key.
        key: String,
        /// When.
        at_ms: Ms,
        /// The note, to be taken away.
        note: String,
        /// Who wrote it.
        by: String,
        /// Its text.
        text: String,
        /// Whom it mentions.
        mentions: Vec<MentionView>,
        /// True when only supervisors, and whoever wrote it, see it.
        supervisors_only: bool,
        /// True until the relay has it; colleagues do not see it before.
        pending: bool,
        /// True when this agent may take it away.
        may_remove: bool,
    },
    /// Messages that Meta names and does not give: those that stand next to each other are one line.
    Gap {
        /// Stable key.
        key: String,
        /// When the oldest of them was said, to the second, as far as Meta tells.
        at_ms: Ms,
        /// How many.
        count: Count,
    },
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Stable key: it stays the same from *sending* to *seen*.
    pub key: String,
    /// Its place in the thread, to go there and to read on from there; none while it is only in this desk's outbox.
    pub place: Option<String>,
    /// Meta's id, once there is one.
    pub mid: Option<String>,
    /// The part, while it is no message yet: of this desk's outbox, or of another desk's.
    pub part: Option<String>,
    /// True for a part that another desk has on its way, or whose end nobody knows.
    pub elsewhere: bool,
    /// What can be done with the part here.
    pub acts: Vec<PartAct>,
    /// The act that helps, where it stands still.
    pub help: Option<HelpView>,
    /// Who said it.
    pub author: Author,
    /// The author's name.
    pub author_name: String,
    /// The text; empty for pure media.
    pub text: String,
    /// What came with it.
    pub attachments: Vec<AttachmentView>,
    /// When.
    pub at_ms: Ms,
    /// How our own message stands; none for what others said.
    pub state: Option<SendState>,
    /// The state in words, where a person needs them: refused, unknown, waiting.
    pub state_words: Option<Words>,
    /// For a reply that waits because Meta asks to send more slowly: when it is sent again, of Meta's clock. It may move.
    pub sent_again_ms: Option<Ms>,
    /// How much of a reply's file is at Meta, per cent, while it is on its way there.
    pub uploaded: Option<u8>,
    /// True when it left with the human-agent tag.
    pub late: bool,
    /// True when it left while the relay was away, so that nobody looked whether a colleague answers at the same time.
    pub unchecked: bool,
    /// Who said something while it was on its way, of a reply that left.
    pub crossed: Option<CrossedView>,
    /// Reactions.
    pub reactions: Vec<ReactionView>,
    /// The message it replies to.
    pub reply_to: Option<QuoteView>,
    /// The story of ours that it replies to.
    pub story: Option<StoryView>,
    /// The ad or link that led to it.
    pub came: Option<CameView>,
    /// How the text came about, when nobody typed it.
    pub pressed: Option<PressedView>,
    /// Titles of the quick replies that were offered with it.
    pub offered: Vec<String>,
    /// True when it was edited.
    pub edited: bool,
    /// What it said before, oldest first, as far as this desk knows.
    pub earlier: Vec<EarlierView>,
    /// True when it was taken back; there is no text then.
    pub unsent: bool,
    /// True when this version cannot show what arrived.
    pub unknown: bool,
    /// True when we only listened: another app held the thread.
    pub standby: bool,
    /// True when an audit found it after the webhook was missed.
    pub found_late: bool,
    /// When it was read from Meta itself, because the relay was away; none once the relay has told of it.
    pub from_meta_ms: Option<Ms>,
}

/// The act that helps when a reply was refused, waits or is in doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "help", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum HelpView {
    /// `retryPart`.
    SendAgain,
    /// `discardPart`: its text comes back to the composer, to be changed or kept.
    Change,
    /// `actOnControl`, take.
    Take,
    /// Connect the account again.
    Reconnect,
    /// `openOutside`, Meta's own inbox.
    Inbox,
    /// `openOutside`, or its address sent to a Page admin.
    MetaSettings {
        /// The page of Meta.
        address: String,
    },
    /// Give this to whoever runs Baton.
    Tell {
        /// What Meta said; no words of the customer or the reply are in it.
        text: String,
    },
}

/// What can be done with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PartAct {
    /// `sendPartNow`: it is kept back and need not be.
    SendNow,
    /// `retryPart`.
    SendAgain,
    /// `sendRest`: it waits behind a part that was refused or given up; it and what follows leave without that part.
    SendRest,
    /// `discardPart`: it has not left, and goes back to the composer with what stands behind it in its reply.
    TakeBack,
    /// `discardPart`: nobody knows whether it arrived, and nobody waits for that any longer.
    GiveUp,
    /// `putAside`: it was not sent, stays where it is, and nobody is reminded of it any longer.
    PutAside,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Author {
    /// The customer.
    Customer,
    /// This agent.
    Me,
    /// Another agent of ours.
    Colleague,
    /// Another app: a bot.
    App,
    /// People in Meta's inbox.
    Inbox,
}

/// How a message of ours stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SendState {
    /// Kept back for the undo time.
    Held,
    /// In the outbox.
    Queued,
    /// In the outbox, and something stands in the way; see the words.
    Waiting,
    /// On its way.
    Sending,
    /// Meta has it.
    Sent,
    /// It reached the customer's device.
    Delivered,
    /// The customer saw it.
    Seen,
    /// Meta refused it.
    Refused,
    /// Meta refused it, and the agent put it aside.
    Aside,
    /// Nobody knows yet whether it arrived; the words say whether that is still being checked.
    Unknown,
    /// Closed by a person without knowing.
    Abandoned,
}

/// A reaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// True when it is the customer's.
    pub by_customer: bool,
    /// True for one of this desk's that Meta took and the team has not been told of yet.
    pub pending: bool,
}

/// The draft of a thread answers a message, or none.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnswerMessage {
    /// The thread.
    pub thread: ThreadRef,
    /// Meta's id of the message; none takes it away.
    pub mid: Option<String>,
}

/// The draft of a thread offers answers that the customer can give with one tap.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferAnswers {
    /// The thread.
    pub thread: ThreadRef,
    /// Their titles; none takes them away.
    pub titles: Vec<String>,
}

/// Reacts to a message of the customer's, or takes that back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct React {
    /// The thread.
    pub thread: ThreadRef,
    /// Meta's id of the message.
    pub mid: String,
    /// One of the thread's `reactions`; none takes it away.
    pub emoji: Option<String>,
}

/// Shows the customer that this agent writes, or no longer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShowTyping {
    /// The thread.
    pub thread: ThreadRef,
    /// True while the agent writes.
    pub typing: bool,
}

/// Shows the customer that everything so far was read.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MarkSeen {
    /// The thread.
    pub thread: ThreadRef,
    /// True when the agent asked for it, and is told when it does not work; else it is done once for what is there, in
    /// the background.
    pub by_hand: bool,
}

/// What Meta takes as answers that the customer can give with one tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferLimit {
    /// How many.
    pub most: u32,
    /// How long each may be, characters.
    pub chars: u32,
}

/// One line of "who held it".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldLine {
    /// Since when.
    pub at_ms: Ms,
    /// Who.
    pub who: String,
    /// How it came.
    pub how: String,
}

/// Does something about control.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActOnControl {
    /// The thread.
    pub thread: ThreadRef,
    /// What.
    pub act: ControlAct,
    /// The app that `passToApp` is for: one of the composer's `passTo`.
    #[serde(default)]
    pub to: Option<String>,
    /// A note for whoever gets or has the thread, at most `noteMax` long; passes, takes and requests carry one.
    #[serde(default)]
    pub note: Option<String>,
}

/// Gives a thread to this agent, or to the queue.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Assign {
    /// The thread.
    pub thread: ThreadRef,
    /// True for this agent, false for the queue.
    pub to_me: bool,
}

/// Sets a thread's status.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetStatus {
    /// The thread.
    pub thread: ThreadRef,
    /// The status.
    pub status: StatusView,
}

/// Marks a thread read up to what is shown, or unread.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// The thread.
    pub thread: ThreadRef,
    /// True for read.
    pub read: bool,
}

/// A thread was marked read, or unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Marked {
    /// The store's version that has the mark. A notice that says the same tells of this mark alone.
    pub store_version: Count,
}

/// Gives a customer a name, for the whole team.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameCustomer {
    /// The thread.
    pub thread: ThreadRef,
    /// The name; empty goes back to the one that Meta gives.
    pub name: String,
}
