// Generated from crates/commands by `make contract`. Do not edit.

/**
 * A moment: milliseconds UTC of Meta's clock, save where a field says otherwise.
 */
export type Ms = number;

/**
 * A count.
 */
export type Count = number;

/**
 * A thread as this desk numbers it. Stable while the desk's store lives.
 */
export type ThreadRef = number;

/**
 * What happened and what can be done, for people.
 */
export type Words = { 
/**
 * What happened and what it means.
 */
what: string, 
/**
 * What can be done; empty when there is nothing to do.
 */
action: string, };

/**
 * Messenger or Instagram.
 */
export type Channel = "messenger" | "instagram";

/**
 * Which kind of owner.
 */
export type OwnerKind = "ours" | "idle" | "other" | "metaInbox" | "unmanaged" | "unknown";

/**
 * Who holds control of a thread.
 */
export type OwnerView = { 
/**
 * Which kind of owner.
 */
owner: OwnerKind, 
/**
 * The app's name, or its id where nobody named it; none for ours, idle and unmanaged.
 */
appName: string | null, 
/**
 * Until when it holds, where control lapses.
 */
untilMs: Ms | null, 
/**
 * Since when.
 */
sinceMs: Ms | null, 
/**
 * Who answers a customer who writes while nobody holds the thread: the default app's name.
 */
defaultAppName: string | null, };

/**
 * What an agent can do about control.
 */
export type ControlAct = "take" | "passToDefault" | "passToInbox" | "release" | "request" | "extend";

/**
 * Where a thread stands in the team's work.
 */
export type StatusView = { "status": "open" } | { "status": "waitingOnCustomer" } | { "status": "snoozed", 
/**
 * Until when.
 */
untilMs: Ms, } | { "status": "done" };

/**
 * How far set-up has come.
 */
export type Phase = "enrol" | "connect" | "ready";

/**
 * The agent's role on an account.
 */
export type RoleView = "agent" | "supervisor" | "admin";

/**
 * How a Page token stands.
 */
export type TokenView = "missing" | "alive" | "dead" | "locked";

/**
 * How routing stands.
 */
export type RoutingView = "on" | "off" | "hopV2" | "unknown";

/**
 * Whether late replies may carry the human-agent tag.
 */
export type HumanAgentView = "notApproved" | "approved" | "refused";

/**
 * One account of this desk.
 */
export type AccountView = { 
/**
 * Meta's id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its channel.
 */
channel: Channel, 
/**
 * The agent's role on it.
 */
role: RoleView, 
/**
 * How the Page token stands on this desk.
 */
token: TokenView, 
/**
 * True once webhooks go into the account's log.
 */
connected: boolean, 
/**
 * How routing stands.
 */
routing: RoutingView, 
/**
 * Whether late replies may carry the human-agent tag.
 */
humanAgent: HumanAgentView, 
/**
 * The app that answers when nobody holds a thread.
 */
defaultAppName: string | null, 
/**
 * When the last webhook arrived at the relay, milliseconds UTC of the relay.
 */
lastWebhookMs: Ms | null, };

/**
 * Which kind of problem.
 */
export type ProblemKind = "relayUnreachable" | "relayTooOld" | "relayTooNew" | "deskRevoked" | "tokenDead" | "noKeyStore" | "pageRestricted" | "storage";

/**
 * Something that is not well.
 */
export type Problem = { 
/**
 * Which kind.
 */
kind: ProblemKind, 
/**
 * The account, when it is about one.
 */
account: string | null, 
/**
 * In words.
 */
words: Words, };

/**
 * What the window shows first.
 */
export type Session = { 
/**
 * How far set-up has come.
 */
phase: Phase, 
/**
 * The agent's name, once enrolled.
 */
agentName: string | null, 
/**
 * The workspace's name, once enrolled.
 */
workspace: string | null, 
/**
 * The relay's address, once enrolled.
 */
relayAddress: string | null, 
/**
 * The accounts this desk may read.
 */
accounts: Array<AccountView>, 
/**
 * What is not well, in words, most urgent first.
 */
problems: Array<Problem>, };

/**
 * Asks what an invite is good for.
 */
export type CheckRelay = { 
/**
 * The relay's address as typed.
 */
address: string, 
/**
 * The invite as typed.
 */
invite: string, };

/**
 * One account of an invite.
 */
export type InvitedAccount = { 
/**
 * Meta's id.
 */
id: string, 
/**
 * Its name; the id until it was connected.
 */
name: string, 
/**
 * The role.
 */
role: RoleView, };

/**
 * What an invite is good for.
 */
export type RelayCheck = { 
/**
 * The address as it will be used.
 */
address: string, 
/**
 * The workspace's name.
 */
workspace: string, 
/**
 * The agent's name.
 */
agentName: string, 
/**
 * Names of the accounts, with the role.
 */
accounts: Array<InvitedAccount>, 
/**
 * When the invite ends, milliseconds UTC of the relay.
 */
expiresAtMs: Ms, };

/**
 * Uses an invite.
 */
export type Enrol = { 
/**
 * The relay's address.
 */
address: string, 
/**
 * The invite.
 */
invite: string, };

/**
 * A Page token for an account.
 */
export type PageToken = { 
/**
 * The account.
 */
account: string, 
/**
 * The token as pasted.
 */
token: string, };

/**
 * What Meta says of a Page token. Nothing was saved.
 */
export type PageCheck = { 
/**
 * The Page's name.
 */
pageName: string, 
/**
 * The Page's id.
 */
page: string, 
/**
 * How routing stands.
 */
routing: RoutingView, 
/**
 * Rights that the person behind the token lacks; empty when all is well.
 */
missingRights: Array<string>, };

/**
 * Changes the Human Agent setting of an account.
 */
export type SetHumanAgent = { 
/**
 * The account.
 */
account: string, 
/**
 * True when Meta approved the feature.
 */
approved: boolean, };

/**
 * A setting of this desk: theme, whether Enter sends, sizes. Values are small JSON texts chosen by the page.
 */
export type Setting = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its value; none when it was never set, and removes it when given.
 */
value: string | null, };

/**
 * Names a setting.
 */
export type SettingName = { 
/**
 * Its name.
 */
name: string, };

/**
 * Which threads.
 */
export type View = "mine" | "unassigned" | "all" | "done";

/**
 * In which order.
 */
export type Sort = "needsReply" | "newest";

/**
 * Asks for a page of the list.
 */
export type ListThreads = { 
/**
 * Which threads.
 */
view: View, 
/**
 * Only this account.
 */
account: string | null, 
/**
 * In which order.
 */
sort: Sort, 
/**
 * The `next` of the page before.
 */
after: string | null, 
/**
 * How many at most; 200 is the most a page holds.
 */
limit: number, };

/**
 * Who said the last thing of a thread.
 */
export type PreviewBy = "customer" | "me" | "colleague" | "app" | "inbox" | "system";

/**
 * One row.
 */
export type ThreadRow = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Its account.
 */
account: string, 
/**
 * The account's name.
 */
accountName: string, 
/**
 * The channel.
 */
channel: Channel, 
/**
 * The customer's scoped id.
 */
customer: string, 
/**
 * The customer's name.
 */
name: string, 
/**
 * Who said the last thing.
 */
previewBy: PreviewBy, 
/**
 * That one's name, for a colleague and an app.
 */
previewName: string | null, 
/**
 * The last thing said, one line.
 */
preview: string, 
/**
 * When.
 */
lastMs: Ms, 
/**
 * The customer's messages that this agent has not read.
 */
unread: Count, 
/**
 * Who holds the thread.
 */
owner: OwnerView, 
/**
 * Until when a plain reply may be sent.
 */
freeUntilMs: Ms | null, 
/**
 * Until when a late reply may be sent, where the account may.
 */
lateUntilMs: Ms | null, 
/**
 * Who works on it.
 */
assignee: string | null, 
/**
 * True when that is this agent.
 */
mine: boolean, 
/**
 * Where it stands.
 */
status: StatusView, 
/**
 * Since when the customer waits for a person.
 */
waitingSinceMs: Ms | null, 
/**
 * True when a person should answer.
 */
needsReply: boolean, 
/**
 * The draft's first line.
 */
draft: string | null, 
/**
 * The worst state of a reply on its way from this desk.
 */
outgoing: SendState | null, };

/**
 * How many threads each view holds, and how many of them need a reply.
 */
export type ViewCounts = { 
/**
 * Mine.
 */
mine: Count, 
/**
 * Mine that need a reply.
 */
mineWaiting: Count, 
/**
 * Unassigned.
 */
unassigned: Count, 
/**
 * Unassigned that need a reply.
 */
unassignedWaiting: Count, 
/**
 * All that are not done.
 */
all: Count, 
/**
 * All that need a reply.
 */
allWaiting: Count, 
/**
 * Done.
 */
done: Count, };

/**
 * A page of the list.
 */
export type ThreadPage = { 
/**
 * The rows.
 */
rows: Array<ThreadRow>, 
/**
 * Where the next page begins; none at the end.
 */
next: string | null, 
/**
 * How many threads each view holds.
 */
counts: ViewCounts, };

/**
 * Names a thread.
 */
export type ThreadName = { 
/**
 * The thread.
 */
thread: ThreadRef, };

/**
 * Who said something.
 */
export type Author = "customer" | "me" | "colleague" | "app" | "inbox";

/**
 * How a message of ours stands.
 */
export type SendState = "held" | "queued" | "waiting" | "sending" | "sent" | "delivered" | "seen" | "refused" | "unknown" | "abandoned";

/**
 * What came with a message.
 */
export type AttachmentView = { 
/**
 * "image", "video", "audio", "file", "sticker", "location", "link", "template", "share", "unknown".
 */
kind: string, 
/**
 * Its title or name.
 */
title: string, };

/**
 * A reaction.
 */
export type ReactionView = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * True when it is the customer's.
 */
byCustomer: boolean, };

/**
 * One message.
 */
export type MessageView = { 
/**
 * Stable key: it stays the same from *sending* to *seen*.
 */
key: string, 
/**
 * Meta's id, once there is one.
 */
mid: string | null, 
/**
 * The part of our outbox, when this desk sent it.
 */
part: string | null, 
/**
 * Who said it.
 */
author: Author, 
/**
 * The author's name.
 */
authorName: string, 
/**
 * The text; empty for pure media.
 */
text: string, 
/**
 * What came with it.
 */
attachments: Array<AttachmentView>, 
/**
 * When.
 */
atMs: Ms, 
/**
 * How our own message stands; none for what others said.
 */
state: SendState | null, 
/**
 * The state in words, where a person needs them: refused, unknown, waiting.
 */
stateWords: Words | null, 
/**
 * True when it left with the human-agent tag.
 */
late: boolean, 
/**
 * Reactions.
 */
reactions: Array<ReactionView>, 
/**
 * The message it replies to: one line of it.
 */
replyTo: string | null, 
/**
 * True when it was edited.
 */
edited: boolean, 
/**
 * True when it was taken back; there is no text then.
 */
unsent: boolean, 
/**
 * True when this version cannot show what arrived.
 */
unknown: boolean, 
/**
 * True when we only listened: another app held the thread.
 */
standby: boolean, 
/**
 * True when an audit found it after the webhook was missed.
 */
foundLate: boolean, };

/**
 * Something said or done in a thread, in order of Meta's time.
 */
export type Item = { "item": "message", 
/**
 * The message.
 */
message: MessageView, } | { "item": "handover", 
/**
 * Stable key.
 */
key: string, 
/**
 * When.
 */
atMs: Ms, 
/**
 * In one line: "Teabot passed this thread to Baton".
 */
line: string, 
/**
 * The note that was passed along.
 */
note: string | null, 
/**
 * Who holds the thread after it.
 */
owner: OwnerKind, } | { "item": "team", 
/**
 * Stable key.
 */
key: string, 
/**
 * When, milliseconds UTC of the relay.
 */
atMs: Ms, 
/**
 * In one line: "Ines took this thread".
 */
line: string, } | { "item": "note", 
/**
 * Stable key.
 */
key: string, 
/**
 * When.
 */
atMs: Ms, 
/**
 * Who wrote it.
 */
by: string, 
/**
 * Its text.
 */
text: string, };

/**
 * One line of "who held it".
 */
export type HeldLine = { 
/**
 * Since when.
 */
atMs: Ms, 
/**
 * Who.
 */
who: string, 
/**
 * How it came.
 */
how: string, };

/**
 * A thread as it opens: its head, the newest items, the composer.
 */
export type ThreadView = { 
/**
 * Its row.
 */
row: ThreadRow, 
/**
 * The newest items, oldest first.
 */
items: Array<Item>, 
/**
 * Where older items begin; none when these are all that this desk has.
 */
older: string | null, 
/**
 * The store's version that this was read at; older answers are dropped by the page.
 */
storeVersion: Count, 
/**
 * What may be sent.
 */
composer: ComposerState, 
/**
 * Who held the thread, newest first, at most ten.
 */
held: Array<HeldLine>, 
/**
 * Up to where this agent had read when the thread was opened: key of the first unread item.
 */
firstUnread: string | null, };

/**
 * Asks for older items.
 */
export type OlderItems = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The `older` of the page before.
 */
before: string, };

/**
 * A page of older items.
 */
export type ItemPage = { 
/**
 * Oldest first.
 */
items: Array<Item>, 
/**
 * Where older items begin.
 */
older: string | null, };

/**
 * Does something about control.
 */
export type ActOnControl = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * What.
 */
act: ControlAct, };

/**
 * Gives a thread to this agent, or to the queue.
 */
export type Assign = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * True for this agent, false for the queue.
 */
toMe: boolean, };

/**
 * Sets a thread's status.
 */
export type SetStatus = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The status.
 */
status: StatusView, };

/**
 * Marks a thread read up to what is shown, or unread.
 */
export type Mark = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * True for read.
 */
read: boolean, };

/**
 * As what a reply would leave.
 */
export type Verdict = "plain" | "humanAgent" | "refused";

/**
 * What the send button does.
 */
export type SendMode = "send" | "takeAndSend" | "blocked";

/**
 * The unit Meta counts in.
 */
export type TextUnit = "characters" | "bytes";

/**
 * How long a text may be.
 */
export type TextLimit = { 
/**
 * The most.
 */
max: number, 
/**
 * In which unit.
 */
unit: TextUnit, };

/**
 * What the agent has seen of a thread.
 */
export type Seen = { 
/**
 * The thread's version.
 */
version: Count, 
/**
 * The seq of its last word.
 */
wordSeq: Count, };

/**
 * What may be sent in a thread now.
 */
export type ComposerState = { 
/**
 * As what a reply would leave.
 */
verdict: Verdict, 
/**
 * Until when a plain reply may be sent.
 */
freeUntilMs: Ms | null, 
/**
 * Until when a late reply may be sent.
 */
lateUntilMs: Ms | null, 
/**
 * What the send button does.
 */
send: SendMode, 
/**
 * Why not, or what to know, in words.
 */
words: Words | null, 
/**
 * Acts on control that can work now.
 */
acts: Array<ControlAct>, 
/**
 * How long a text may be.
 */
limit: TextLimit, 
/**
 * The saved draft.
 */
draft: string, 
/**
 * Why the draft came back from the outbox, when it did.
 */
draftWords: Words | null, 
/**
 * What the agent has seen, to be given back with the reply.
 */
seen: Seen, };

/**
 * Sends a reply. It is durable when the command answers; the composer may clear.
 */
export type SendReply = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text.
 */
text: string, 
/**
 * What the agent has seen.
 */
seen: Seen, 
/**
 * As what the composer said it would leave; it never leaves as anything else.
 */
verdict: Verdict, 
/**
 * Take control first.
 */
takeFirst: boolean, 
/**
 * How long the agent had the composer focused with text in it, milliseconds.
 */
composedMs: Ms, 
/**
 * True when the agent was shown a colleague's reply of unknown end and sends all the same.
 */
despiteUnknown: boolean, };

/**
 * A reply that is in the outbox.
 */
export type SendReceipt = { 
/**
 * The reply.
 */
reply: string, 
/**
 * Keys of its messages.
 */
keys: Array<string>, };

/**
 * Saves a draft; an empty text removes it.
 */
export type SaveDraft = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text.
 */
text: string, };

/**
 * Names a part of the outbox.
 */
export type PartName = { 
/**
 * The part.
 */
part: string, };

/**
 * How a layer is.
 */
export type Health = "good" | "busy" | "bad" | "unknown";

/**
 * One layer of the status line.
 */
export type Layer = { 
/**
 * How it is.
 */
health: Health, 
/**
 * Short, for the line: "Relay 0.1 s".
 */
short: string, 
/**
 * The whole story.
 */
words: Words, };

/**
 * The status line.
 */
export type StatusLine = { 
/**
 * How Meta answers.
 */
meta: Layer, 
/**
 * How the relay answers.
 */
relay: Layer, 
/**
 * How complete this desk is.
 */
desk: Layer, 
/**
 * Replies that have not left.
 */
repliesWaiting: Count, 
/**
 * Replies of which nobody knows yet whether they arrived.
 */
repliesUnknown: Count, 
/**
 * Meta's time now, as this desk knows it; the page counts on from here.
 */
nowMs: Ms, 
/**
 * True when the clock jumped and Meta has not been heard since.
 */
nowDoubtful: boolean, 
/**
 * Threads that wait for this agent: what the window's title counts.
 */
waitingForMe: Count, };

/**
 * One fact for support. Never a secret, never a customer's words.
 */
export type DiagnosticFact = { 
/**
 * What it is.
 */
name: string, 
/**
 * How it is.
 */
value: string, };

/**
 * Facts for support.
 */
export type Diagnostics = { 
/**
 * Name and value, in order.
 */
facts: Array<DiagnosticFact>, };

/**
 * Something changed. Sent after the change is durable, in order, coalesced.
 */
export type Notice = { "notice": "threads", 
/**
 * Which.
 */
threads: Array<ThreadRef>, 
/**
 * The store's version that includes the change.
 */
storeVersion: Count, } | { "notice": "lists", 
/**
 * The store's version that includes the change.
 */
storeVersion: Count, } | { "notice": "status" } | { "notice": "session" } | { "notice": "all" };

/**
 * What the page acts on.
 */
export type CommandErrorCode = "badRequest" | "notEnrolled" | "relayUnreachable" | "notARelay" | "relayTooOld" | "relayTooNew" | "inviteInvalid" | "deskRevoked" | "noKeyStore" | "tokenInvalid" | "wrongPage" | "rightsMissing" | "metaUnreachable" | "threadChanged" | "controlUnavailable" | "sendRefused" | "notFound" | "notAllowed" | "storage" | "failed";

/**
 * Why a command failed.
 */
export type CommandError = { 
/**
 * What the page acts on.
 */
code: CommandErrorCode, 
/**
 * What happened and what it means, for people.
 */
message: string, 
/**
 * What can be done, for people; empty when there is nothing.
 */
action: string, 
/**
 * True when the same command may work later without a change.
 */
retryable: boolean, };

/** Every command: what it is asked with and what it answers. */
export type Commands = {
  session: { request: null; response: Session };
  checkRelay: { request: CheckRelay; response: RelayCheck };
  enrol: { request: Enrol; response: Session };
  checkPageToken: { request: PageToken; response: PageCheck };
  connectAccount: { request: PageToken; response: Session };
  setHumanAgent: { request: SetHumanAgent; response: null };
  listThreads: { request: ListThreads; response: ThreadPage };
  openThread: { request: ThreadName; response: ThreadView };
  olderItems: { request: OlderItems; response: ItemPage };
  composer: { request: ThreadName; response: ComposerState };
  saveDraft: { request: SaveDraft; response: null };
  sendReply: { request: SendReply; response: SendReceipt };
  retryPart: { request: PartName; response: null };
  discardPart: { request: PartName; response: null };
  actOnControl: { request: ActOnControl; response: null };
  assign: { request: Assign; response: null };
  setStatus: { request: SetStatus; response: null };
  mark: { request: Mark; response: null };
  status: { request: null; response: StatusLine };
  diagnostics: { request: null; response: Diagnostics };
  setting: { request: SettingName; response: Setting };
  setSetting: { request: Setting; response: null };
};
