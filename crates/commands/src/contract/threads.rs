//! The thread list.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::labels::ThreadLabelView;
use super::queue::ReplyWaitsView;
use super::{Channel, Count, Ms, OwnerView, StatusView, ThreadRef};

/// Which threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum View {
    /// Assigned to this agent, neither done nor asleep.
    Mine,
    /// Assigned to nobody, neither done nor asleep.
    Unassigned,
    /// In which a note mentions this agent, until it was read and the thread is done; always the newest mention first.
    Mentions,
    /// Of all, who needs a reply and of whom the time to answer, or control, ends within six hours; always what ends next first.
    EndingSoon,
    /// Everything that is neither done nor asleep.
    All,
    /// Of those, who needs a reply and can get none any more; always longest wait first.
    TooLate,
    /// Asleep; always who wakes next first.
    Snoozed,
    /// Done.
    Done,
    /// Those whose customer is blocked.
    Blocked,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Sort {
    /// Who needs a reply and can get one first, the urgent before the others, longest wait on top; then who can get none any
    /// more; then the rest, newest first.
    NeedsReply,
    /// Newest activity first.
    Newest,
}

/// Asks for a page of the list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListThreads {
    /// Which threads.
    pub view: View,
    /// Only this account.
    pub account: Option<String>,
    /// Only this channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Only with this label.
    #[serde(default)]
    pub label: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// The `previous` of the page behind: the rows before it are asked for then.
    #[serde(default)]
    pub up_to: Option<String>,
    /// How many at most; 200 is the most a page holds.
    pub limit: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadPage {
    /// The rows.
    pub rows: Vec<ThreadRow>,
    /// Where the page before ends; none at the top.
    pub previous: Option<String>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
    /// How many threads each view holds, of those that are asked for.
    pub counts: ViewCounts,
    /// The same of all accounts, channels and labels; none where all are asked for.
    pub whole: Option<ViewCounts>,
}

/// How many threads each view holds, and how many of them are to be answered: they need a reply and can get one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViewCounts {
    /// Mine.
    pub mine: Count,
    /// Mine that are to be answered.
    pub mine_waiting: Count,
    /// Unassigned.
    pub unassigned: Count,
    /// Unassigned that are to be answered.
    pub unassigned_waiting: Count,
    /// In which a note mentions this agent.
    pub mentions: Count,
    /// Of those, whose note this agent has not read.
    pub mentions_open: Count,
    /// Of all, those whose time ends soon.
    pub ending_soon: Count,
    /// All that are neither done nor asleep.
    pub all: Count,
    /// All that are to be answered.
    pub all_waiting: Count,
    /// All that need a reply and can get none any more.
    pub too_late: Count,
    /// Asleep.
    pub snoozed: Count,
    /// Done.
    pub done: Count,
    /// Those whose customer is blocked.
    pub blocked: Count,
}

/// Whether a customer is kept away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BlockView {
    /// Not at all.
    No,
    /// Meta lets nothing through, either way.
    Blocked,
    /// The same, and the thread went among Meta's spam.
    Spam,
}

/// Blocks a thread's customer for the whole team, or lets them through again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlockCustomer {
    /// The thread.
    pub thread: ThreadRef,
    /// What is to be so.
    pub block: BlockView,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThreadRow {
    /// The thread.
    pub thread: ThreadRef,
    /// Its account.
    pub account: String,
    /// The account's name.
    pub account_name: String,
    /// The channel.
    pub channel: Channel,
    /// The customer's scoped id.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// Where the name comes from.
    pub name_from: NameFrom,
    /// Who said the last thing.
    pub preview_by: PreviewBy,
    /// That one's name, for a colleague, an app and Meta's inbox.
    pub preview_name: Option<String>,
    /// What the last thing was.
    pub preview_what: PreviewWhat,
    /// One line of it; empty where it has no words.
    pub preview: String,
    /// When.
    pub last_ms: Ms,
    /// The customer's messages that this agent has not read.
    pub unread: Count,
    /// Who holds the thread.
    pub owner: OwnerView,
    /// Until when a plain reply may be sent.
    pub free_until_ms: Option<Ms>,
    /// Until when a late reply may be sent, where the account may.
    pub late_until_ms: Option<Ms>,
    /// Who works on it.
    pub assignee: Option<String>,
    /// True when that is this agent.
    pub mine: bool,
    /// Where it stands.
    pub status: StatusView,
    /// Since when the customer waits for a person.
    pub waiting_since_ms: Option<Ms>,
    /// True when a person should answer.
    pub needs_reply: bool,
    /// True for urgent, as this desk did it last.
    pub urgent: bool,
    /// True while the team has not been told that it is, or is no longer.
    pub urgent_pending: bool,
    /// True when a note mentions this agent who has not read it.
    pub mentioned: bool,
    /// The labels that it carries, by name.
    pub labels: Vec<ThreadLabelView>,
    /// Whether the customer is kept away.
    pub block: BlockView,
    /// The draft's first line.
    pub draft: Option<String>,
    /// The draft is a reply that was not sent although its agent meant it to be.
    pub not_sent: bool,
    /// The worst state of a reply on its way from this desk.
    pub outgoing: Option<super::thread::SendState>,
    /// The first line of a reply that this desk sends or just sent, while nothing newer was said; the name of a file where
    /// the reply is nothing else.
    pub leaving: Option<String>,
    /// How that reply stands; none once Meta has it. Another one of this desk may stand worse.
    pub leaving_is: Option<super::thread::SendState>,
    /// A reply waits on another desk, as that desk said last.
    pub reply_waits: Option<ReplyWaitsView>,
}

/// Where a customer's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NameFrom {
    /// Meta gave it.
    Meta,
    /// Somebody of the team wrote it.
    Hand,
    /// Nobody: Meta does not give it to this app, or not yet.
    Nobody,
}

/// What the last thing of a thread was. The page has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PreviewWhat {
    /// Words.
    Text,
    /// A button that was pressed, or a quick reply that was chosen.
    Pressed,
    /// A picture.
    Image,
    /// Several files; the text is how many.
    Files,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A file.
    File,
    /// A sticker.
    Sticker,
    /// A place.
    Place,
    /// A link.
    Link,
    /// Cards; the text is the title of the first.
    Cards,
    /// A question with buttons.
    Buttons,
    /// A receipt; the text is the number of the order.
    Receipt,
    /// A product of the shop.
    Product,
    /// A shared post.
    Post,
    /// A shared reel.
    Reel,
    /// Words about a story of ours.
    StoryReply,
    /// A story that names us.
    StoryMention,
    /// An appointment.
    Appointment,
    /// A shopping cart.
    Order,
    /// A picture that is gone once it was looked at.
    Disappearing,
    /// Something that cannot be shown.
    Unknown,
    /// A message that was taken back.
    Unsent,
    /// A reaction to what we said; the text is the character.
    Reaction,
    /// A reaction to what the customer said.
    ReactionToOwn,
    /// The customer agreed to be sent messages.
    OptedIn,
    /// The customer took that back.
    OptedOut,
    /// The customer came through an ad; the text is its title.
    CameByAd,
    /// The customer finished a lead form.
    CameByLeadForm,
    /// The customer came from the business's website.
    CameByWebsite,
    /// The customer came through a link, or otherwise.
    CameByLink,
    /// The customer linked an account.
    Linked,
    /// The customer unlinked an account.
    Unlinked,
    /// The customer gave feedback.
    Feedback,
    /// Thumb up.
    ThumbUp,
    /// Thumb down.
    ThumbDown,
    /// Nobody said anything yet, and the thread was handed over; the text is the note that came with it.
    HandedOver,
    /// Nobody said anything yet, and another app asks for the thread; the text is its note.
    AskedFor,
    /// Nobody said anything yet, and a label was set in Meta's inbox; the text is its name.
    LabelSet,
    /// Nobody said anything yet, and a label was removed in Meta's inbox; the text is its name.
    LabelRemoved,
}

/// Who said the last thing of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PreviewBy {
    /// The customer.
    Customer,
    /// This agent.
    Me,
    /// Another agent of ours.
    Colleague,
    /// Another app.
    App,
    /// People in Meta's inbox.
    Inbox,
    /// Nobody: a line of the timeline.
    System,
}
