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
export type OwnerKind = "ours" | "idle" | "other" | "metaInbox" | "questionFlow" | "unmanaged" | "unknown";

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
 * The default app's name: the bot, where there is one.
 */
defaultAppName: string | null, 
/**
 * Who gets a customer who writes while nobody holds the thread, where that is known: the default app or, in the old
 * handover protocol, the first receiver.
 */
firstName: string | null, 
/**
 * How Meta decides there which app may answer.
 */
routing: RoutingView, };

/**
 * What an agent can do about control.
 */
export type ControlAct = "take" | "passToDefault" | "passToInbox" | "passToApp" | "release" | "request" | "extend";

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
 * What is known of a Page token; never the token.
 */
export type TokenFactsView = { 
/**
 * Since when it is on this desk, milliseconds UTC of Meta's clock.
 */
sinceMs: Ms, 
/**
 * When Meta was last asked what it is worth, milliseconds UTC of Meta's clock; none before the first time.
 */
checkedMs: Ms | null, 
/**
 * When it ends, as Meta said then; none without an end of its own.
 */
expiresMs: Ms | null, 
/**
 * When Meta stops giving data for it unless the person behind it logs in again, as it said then.
 */
dataAccessExpiresMs: Ms | null, 
/**
 * The rights it carries, as Meta calls them and said then.
 */
rights: Array<string>, };

/**
 * How routing stands.
 */
export type RoutingView = "on" | "off" | "hopV2" | "unknown";

/**
 * Whether late replies may carry the human-agent tag.
 */
export type HumanAgentView = "notApproved" | "approved" | "refused";

/**
 * What a fact about an account is about.
 */
export type AccountFactKind = "connection" | "token" | "tokenRights" | "tokenEnd" | "subscription" | "appSubscription" | "lastWebhook" | "policy" | "routing" | "defaultApp" | "humanAgent" | "names" | "missed";

/**
 * How a fact about an account is.
 */
export type AccountFactState = "good" | "note" | "warning" | "bad";

/**
 * One fact about how an account is.
 */
export type AccountFact = { 
/**
 * What it is about.
 */
kind: AccountFactKind, 
/**
 * How it is.
 */
state: AccountFactState, 
/**
 * The fact itself, in a few words; empty where `at_ms` says it.
 */
value: string, 
/**
 * What it means and what can be done; empty where there is nothing to say.
 */
words: Words, 
/**
 * The moment that the fact is, or began.
 */
atMs: Ms | null, };

/**
 * Names an account.
 */
export type AccountName = { 
/**
 * Meta's id.
 */
account: string, };

/**
 * What became of a file with the evidence of late replies.
 */
export type EvidenceFile = { 
/**
 * Its name; none when the person changed their mind.
 */
name: string | null, 
/**
 * Late replies in it.
 */
rows: Count, 
/**
 * Entries of the account's log that are not on this desk yet.
 */
lacks: Count, };

/**
 * What is done with an account's history.
 */
export type HistoryStateView = "notBegun" | "reading" | "looking" | "waiting" | "paused" | "upToDate";

/**
 * How the history of an account stands.
 */
export type HistoryView = { 
/**
 * What is done with it.
 */
state: HistoryStateView, 
/**
 * In words: how far it is, and what can be done.
 */
words: Words, 
/**
 * Threads that were read.
 */
threadsDone: Count, 
/**
 * Threads that are known of.
 */
threadsKnown: Count, 
/**
 * True once all threads are known of.
 */
isListed: boolean, 
/**
 * True while somebody paused it.
 */
isPaused: boolean, 
/**
 * True when this agent may pause it, or let it go on.
 */
mayPause: boolean, 
/**
 * Messages that no webhook brought although the account was connected, and that were found by looking.
 */
missed: Count, 
/**
 * Up to when everything that Meta gives is here; none before it was read once.
 */
throughMs: Ms | null, };

/**
 * Pauses reading an account's history, or lets it go on.
 */
export type PauseHistory = { 
/**
 * The account.
 */
account: string, 
/**
 * True to pause.
 */
paused: boolean, };

/**
 * What would be lost on this desk with an account.
 */
export type RemovalView = { 
/**
 * Threads.
 */
threads: Count, 
/**
 * Parts of replies that have not left.
 */
repliesWaiting: Count, 
/**
 * Drafts.
 */
drafts: Count, };

/**
 * An account was removed.
 */
export type RemovedView = { 
/**
 * What is left to do at Meta; empty when nothing is.
 */
words: Words, };

/**
 * Another app that works at an account.
 */
export type KnownAppView = { 
/**
 * Meta's id.
 */
app: string, 
/**
 * What it is called; none when nobody named it.
 */
name: string | null, };

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
 * What is known of that token; none where there is none.
 */
tokenFacts: TokenFactsView | null, 
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
 * True when replies leave while the relay is away, marked as unchecked; else they wait.
 */
sendsUnchecked: boolean, 
/**
 * The other apps that work there, those without a name too.
 */
apps: Array<KnownAppView>, 
/**
 * The app that answers when nobody holds a thread.
 */
defaultAppName: string | null, 
/**
 * True where a thread goes back to that app when an agent is done with it.
 */
handBack: boolean, 
/**
 * When the last webhook arrived at the relay.
 */
lastWebhookMs: Ms | null, 
/**
 * Whether Meta gives the names of customers; none when nobody knows.
 */
namesGiven: boolean | null, 
/**
 * How it is, fact by fact, in the order in which facts are shown.
 */
health: Array<AccountFact>, 
/**
 * When this desk last read its settings from Meta; none when it never did.
 */
checkedMs: Ms | null, 
/**
 * How its history stands; none while it is not connected.
 */
history: HistoryView | null, };

/**
 * Which kind of problem.
 */
export type ProblemKind = "relayUnreachable" | "metaUnreachable" | "relayTooOld" | "relayTooNew" | "deskRevoked" | "deskKeyGone" | "tokenDead" | "notSubscribed" | "appNotSubscribed" | "noKeyStore" | "pageRestricted" | "pageWarned" | "storage" | "repaired";

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
 * True when people can log in with Meta through the relay; else only pasting a token is left.
 */
canLogIn: boolean, 
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
 * Begins a login and opens the browser.
 */
export type BeginLogin = { 
/**
 * True to have Meta ask again for what the person declined before.
 */
askAgain: boolean, };

/**
 * An account that the person chose at Meta.
 */
export type GrantedView = { 
/**
 * Meta's id.
 */
id: string, 
/**
 * Its name at Meta.
 */
name: string, 
/**
 * Its channel.
 */
channel: Channel, 
/**
 * True when it can be connected now.
 */
mayConnect: boolean, 
/**
 * True once it was connected by this login.
 */
connected: boolean, 
/**
 * Why it cannot be connected, or was not the last time.
 */
whyNot: Words | null, };

/**
 * Why a login brought nothing, as far as the page acts on it.
 */
export type LoginFailureView = "denied" | "noPages" | "expired" | "metaAway" | "other";

/**
 * How the login of this desk stands.
 */
export type LoginView = { "state": "none" } | { "state": "waiting", 
/**
 * When it ends by itself, milliseconds UTC of Meta's clock.
 */
untilMs: Ms, 
/**
 * Whether a browser was opened; nobody tells whether it is still there.
 */
browserOpened: boolean, 
/**
 * The address for the person to copy; only where no browser could be opened or the person asked for it, because
 * it is good for anybody.
 */
link: string | null, } | { "state": "choosing", 
/**
 * What was granted, in Meta's order.
 */
granted: Array<GrantedView>, 
/**
 * Accounts of this desk that were not chosen at Meta, by name.
 */
notChosen: Array<string>, } | { "state": "failed", 
/**
 * What the page acts on.
 */
reason: LoginFailureView, 
/**
 * What happened and what can be done.
 */
words: Words, };

/**
 * Connects accounts that were granted.
 */
export type ConnectGranted = { 
/**
 * Their ids.
 */
accounts: Array<string>, };

/**
 * Gives an app of an account another name, for the whole team. Needs an admin.
 */
export type RenameApp = { 
/**
 * The account.
 */
account: string, 
/**
 * The app.
 */
app: string, 
/**
 * Its name.
 */
name: string, };

/**
 * Chooses whether threads of an account go back to the default app when an agent is done with them.
 */
export type SetHandBack = { 
/**
 * The account.
 */
account: string, 
/**
 * True to hand them back.
 */
on: boolean, };

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
 * Chooses what replies of an account do while the relay is away.
 */
export type SetWaiting = { 
/**
 * The account.
 */
account: string, 
/**
 * True when they leave unchecked, false when they wait.
 */
sendsUnchecked: boolean, };

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
export type View = "mine" | "unassigned" | "all" | "tooLate" | "done" | "blocked";

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
 * The `previous` of the page behind: the rows before it are asked for then.
 */
upTo: string | null, 
/**
 * How many at most; 200 is the most a page holds.
 */
limit: number, };

/**
 * Who said the last thing of a thread.
 */
export type PreviewBy = "customer" | "me" | "colleague" | "app" | "inbox" | "system";

/**
 * What the last thing of a thread was. The page has the words.
 */
export type PreviewWhat = "text" | "pressed" | "image" | "files" | "video" | "audio" | "file" | "sticker" | "place" | "link" | "cards" | "buttons" | "receipt" | "product" | "post" | "reel" | "storyReply" | "storyMention" | "appointment" | "order" | "disappearing" | "unknown" | "unsent" | "reaction" | "reactionToOwn" | "optedIn" | "optedOut" | "cameByAd" | "cameByLeadForm" | "cameByWebsite" | "cameByLink" | "linked" | "unlinked" | "feedback" | "thumbUp" | "thumbDown" | "handedOver" | "askedFor" | "labelSet" | "labelRemoved";

/**
 * Where a customer's name comes from.
 */
export type NameFrom = "meta" | "hand" | "nobody";

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
 * Where the name comes from.
 */
nameFrom: NameFrom, 
/**
 * Who said the last thing.
 */
previewBy: PreviewBy, 
/**
 * That one's name, for a colleague, an app and Meta's inbox.
 */
previewName: string | null, 
/**
 * What the last thing was.
 */
previewWhat: PreviewWhat, 
/**
 * One line of it; empty where it has no words.
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
 * Whether the customer is kept away.
 */
block: BlockView, 
/**
 * The draft's first line.
 */
draft: string | null, 
/**
 * The draft is a reply that was not sent although its agent meant it to be.
 */
notSent: boolean, 
/**
 * The worst state of a reply on its way from this desk.
 */
outgoing: SendState | null, 
/**
 * The first line of a reply that this desk sends or just sent, while nothing newer was said; the name of a file where
 * the reply is nothing else.
 */
leaving: string | null, };

/**
 * Whether a customer is kept away.
 */
export type BlockView = "no" | "blocked" | "spam";

/**
 * Blocks a thread's customer for the whole team, or lets them through again.
 */
export type BlockCustomer = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * What is to be so.
 */
block: BlockView, };

/**
 * How many threads each view holds, and how many of them are to be answered: they need a reply and can get one.
 */
export type ViewCounts = { 
/**
 * Mine.
 */
mine: Count, 
/**
 * Mine that are to be answered.
 */
mineWaiting: Count, 
/**
 * Unassigned.
 */
unassigned: Count, 
/**
 * Unassigned that are to be answered.
 */
unassignedWaiting: Count, 
/**
 * All that are not done.
 */
all: Count, 
/**
 * All that are to be answered.
 */
allWaiting: Count, 
/**
 * All that need a reply and can get none any more.
 */
tooLate: Count, 
/**
 * Done.
 */
done: Count, 
/**
 * Those whose customer is blocked.
 */
blocked: Count, };

/**
 * A page of the list.
 */
export type ThreadPage = { 
/**
 * The rows.
 */
rows: Array<ThreadRow>, 
/**
 * Where the page before ends; none at the top.
 */
previous: string | null, 
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
 * What a medium is.
 */
export type MediaKind = "image" | "video" | "audio" | "file" | "sticker";

/**
 * Where a medium lies.
 */
export type MediaState = "here" | "atMeta" | "later" | "dead" | "large" | "forbidden" | "missing" | "elsewhere";

/**
 * A picture, sound, video, file or sticker.
 */
export type MediaView = { 
/**
 * Names it to the host. Stable while its message stands.
 */
id: string, 
/**
 * What it is.
 */
kind: MediaKind, 
/**
 * Its file name or title; may be empty.
 */
title: string, 
/**
 * Where it lies.
 */
state: MediaState, 
/**
 * Its size in bytes, once it is known.
 */
bytes: Count | null, 
/**
 * True for story media: it may be shown and is never kept.
 */
fleeting: boolean, 
/**
 * The emoji that a sticker stands for, where it is one.
 */
emoji: string | null, 
/**
 * What it turned out to be, once it was looked at.
 */
content: MediaContent | null, };

/**
 * What a button does.
 */
export type ButtonDoes = "opens" | "answers" | "calls" | "other";

/**
 * A button of a card, as the customer sees it.
 */
export type CardButton = { 
/**
 * What stands on it.
 */
title: string, 
/**
 * What it does.
 */
does: ButtonDoes, 
/**
 * Where it leads, for those that open something.
 */
address: string | null, };

/**
 * A card of a template.
 */
export type CardView = { 
/**
 * Its first line; may be empty.
 */
title: string, 
/**
 * Its second line, or the question over its buttons; may be empty.
 */
text: string, 
/**
 * Its picture or video.
 */
media: MediaView | null, 
/**
 * Where a press on the card leads.
 */
address: string | null, 
/**
 * What can be pressed.
 */
buttons: Array<CardButton>, };

/**
 * An amount of money.
 */
export type MoneyView = { 
/**
 * How much, in whole units of the currency with a fraction.
 */
amount: number, 
/**
 * ISO 4217; empty when Meta names none.
 */
currency: string, };

/**
 * A line of a receipt or cart.
 */
export type BoughtView = { 
/**
 * What.
 */
title: string, 
/**
 * Its second line; may be empty.
 */
text: string, 
/**
 * How many.
 */
quantity: Count | null, 
/**
 * Its price.
 */
price: MoneyView | null, };

/**
 * Which sum.
 */
export type SumKind = "subtotal" | "shipping" | "tax" | "adjustment" | "total";

/**
 * A sum of a receipt.
 */
export type SumView = { 
/**
 * Which.
 */
what: SumKind, 
/**
 * What an adjustment is called.
 */
title: string, 
/**
 * How much.
 */
amount: MoneyView, };

/**
 * A receipt.
 */
export type ReceiptView = { 
/**
 * The number of the order; may be empty.
 */
number: string, 
/**
 * Whose it is; may be empty.
 */
recipient: string, 
/**
 * How it was paid; may be empty.
 */
payment: string, 
/**
 * When it was ordered, of the world's clock.
 */
orderedMs: Ms | null, 
/**
 * Where it goes, line by line.
 */
shippedTo: Array<string>, 
/**
 * What was bought.
 */
lines: Array<BoughtView>, 
/**
 * The sums, in order; the last one is the total.
 */
sums: Array<SumView>, 
/**
 * The page of the order.
 */
address: string | null, };

/**
 * What was shared.
 */
export type SharedKind = "post" | "reel";

/**
 * Why something cannot be shown here.
 */
export type HiddenWhy = "disappearing" | "empty" | "unknown";

/**
 * What came with a message.
 */
export type AttachmentView = { "is": "media", 
/**
 * It.
 */
media: MediaView, } | { "is": "link", 
/**
 * The page's title; may be empty.
 */
title: string, 
/**
 * Where it leads, past Meta's redirector; none when Meta keeps it.
 */
address: string | null, } | { "is": "place", 
/**
 * What the customer calls it; may be empty.
 */
title: string, 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
long: number, } | { "is": "cards", 
/**
 * In order.
 */
cards: Array<CardView>, } | { "is": "receipt", 
/**
 * It.
 */
receipt: ReceiptView, } | { "is": "order", 
/**
 * What is in it.
 */
lines: Array<BoughtView>, } | { "is": "shared", 
/**
 * What.
 */
what: SharedKind, 
/**
 * Its title; may be empty.
 */
title: string, 
/**
 * The page of the post, where it has one.
 */
address: string | null, 
/**
 * Its picture or video, where Meta gives one.
 */
media: MediaView | null, } | { "is": "storyMention", 
/**
 * It, for the day that a story lives; none when Meta gives no address.
 */
media: MediaView | null, } | { "is": "appointment", 
/**
 * As Meta words its state, such as "requested"; may be empty.
 */
status: string, 
/**
 * When it begins, of the world's clock.
 */
startMs: Ms | null, 
/**
 * When it ends.
 */
endMs: Ms | null, 
/**
 * The time zone that was meant, such as "Europe/Berlin".
 */
zone: string | null, } | { "is": "hidden", 
/**
 * Why.
 */
why: HiddenWhy, 
/**
 * What Meta calls it; may be empty.
 */
title: string, };

/**
 * What a medium turned out to be. Its bytes say it, whatever it was called.
 */
export type MediaContent = { "is": "picture", 
/**
 * In pixels, as it is shown.
 */
width: number, 
/**
 * In pixels.
 */
height: number, 
/**
 * True when it has more than one frame.
 */
moves: boolean, } | { "is": "played" } | { "is": "document" } | { "is": "other" };

/**
 * Names a medium.
 */
export type MediaName = { 
/**
 * The id that its view has.
 */
id: string, };

/**
 * A medium as it stands after it was asked for.
 */
export type MediaNow = { 
/**
 * Where it lies.
 */
state: MediaState, 
/**
 * Its file name; may be empty.
 */
title: string, 
/**
 * Its size in bytes, once it is known.
 */
bytes: Count | null, 
/**
 * What it turned out to be.
 */
content: MediaContent | null, };

/**
 * Asks the host to open something outside of the window.
 */
export type OpenOutside = { "open": "address", 
/**
 * It: http or https.
 */
address: string, } | { "open": "place", 
/**
 * Degrees north.
 */
lat: number, 
/**
 * Degrees east.
 */
long: number, } | { "open": "media", 
/**
 * Its id.
 */
id: string, } | { "open": "inbox", 
/**
 * The thread it is about.
 */
thread: ThreadRef, };

/**
 * What became of saving a file.
 */
export type Saved = { 
/**
 * The name under which it was saved; none when the person changed their mind.
 */
name: string | null, };

/**
 * How much room the files of messages take on this computer.
 */
export type VaultView = { 
/**
 * What they take now, bytes.
 */
held: Count, 
/**
 * What they may take, bytes.
 */
room: Count, 
/**
 * What they may take where nobody said otherwise, bytes.
 */
usual: Count, 
/**
 * The least that they can be given, bytes.
 */
least: Count, };

/**
 * Gives the files of messages another room.
 */
export type SetVault = { 
/**
 * Bytes; none for the usual room.
 */
room: Count | null, };

/**
 * A question and its answer.
 */
export type AnswerView = { 
/**
 * The question; empty when Meta does not give its words.
 */
question: string, 
/**
 * The answer.
 */
answer: string, };

/**
 * By what a customer came here.
 */
export type CameByView = "ad" | "leadForm" | "link" | "website" | "product" | "other";

/**
 * How a customer came here.
 */
export type CameView = { 
/**
 * By what.
 */
by: CameByView, 
/**
 * The title of the ad; may be empty.
 */
title: string, 
/**
 * What the link carries; may be empty.
 */
reference: string, 
/**
 * The picture of the ad.
 */
media: MediaView | null, 
/**
 * The answers of a lead form.
 */
answers: Array<AnswerView>, };

/**
 * What happened, where nobody said anything.
 */
export type HappenedView = { "happened": "optedIn", 
/**
 * What they agreed to, as it was shown to them; may be empty.
 */
title: string, 
/**
 * False when they stopped it.
 */
on: boolean, } | { "happened": "came", 
/**
 * How.
 */
came: CameView, } | { "happened": "accountLinked", 
/**
 * True for linked.
 */
linked: boolean, } | { "happened": "feedback", 
/**
 * What was answered.
 */
answers: Array<AnswerView>, } | { "happened": "thumb", 
/**
 * Up or down.
 */
good: boolean, } | { "happened": "inboxLabel", 
/**
 * Its name.
 */
name: string, 
/**
 * True for set.
 */
on: boolean, };

/**
 * The message that another one answers.
 */
export type QuoteView = { 
/**
 * The key of its item in the thread, to jump there; none when this desk does not have it.
 */
key: string | null, 
/**
 * Its place in the thread, to read what stands around it.
 */
place: string | null, 
/**
 * Who said it; empty when it is not known.
 */
authorName: string, 
/**
 * What it was.
 */
what: PreviewWhat, 
/**
 * One line of it; may be empty.
 */
text: string, };

/**
 * The story of ours that a message answers.
 */
export type StoryView = { 
/**
 * It, for the day that a story lives; none when Meta gives no address.
 */
media: MediaView | null, };

/**
 * How a text came about when nobody typed it.
 */
export type PressedView = "quickReply" | "button" | "command";

/**
 * What a message said before it was changed.
 */
export type EarlierView = { 
/**
 * From when on it said so.
 */
atMs: Ms, 
/**
 * The text.
 */
text: string, };

/**
 * What can be done with a part.
 */
export type PartAct = "sendNow" | "sendAgain" | "sendRest" | "takeBack" | "giveUp";

/**
 * Reacts to a message of the customer's, or takes that back.
 */
export type React = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Meta's id of the message.
 */
mid: string, 
/**
 * One of the thread's `reactions`; none takes it away.
 */
emoji: string | null, };

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
byCustomer: boolean, 
/**
 * True for one of this desk's that Meta took and the team has not been told of yet.
 */
pending: boolean, };

/**
 * One message.
 */
export type MessageView = { 
/**
 * Stable key: it stays the same from *sending* to *seen*.
 */
key: string, 
/**
 * Its place in the thread, to go there and to read on from there; none while it is only in this desk's outbox.
 */
place: string | null, 
/**
 * Meta's id, once there is one.
 */
mid: string | null, 
/**
 * The part, while it is no message yet: of this desk's outbox, or of another desk's.
 */
part: string | null, 
/**
 * True for a part that another desk has on its way, or whose end nobody knows.
 */
elsewhere: boolean, 
/**
 * What can be done with the part here.
 */
acts: Array<PartAct>, 
/**
 * The act that helps, where it stands still.
 */
help: HelpView | null, 
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
 * For a reply that waits because Meta asks to send more slowly: when it is sent again, of Meta's clock. It may move.
 */
sentAgainMs: Ms | null, 
/**
 * How much of a reply's file is at Meta, per cent, while it is on its way there.
 */
uploaded: number | null, 
/**
 * True when it left with the human-agent tag.
 */
late: boolean, 
/**
 * True when it left while the relay was away, so that nobody looked whether a colleague answers at the same time.
 */
unchecked: boolean, 
/**
 * Reactions.
 */
reactions: Array<ReactionView>, 
/**
 * The message it replies to.
 */
replyTo: QuoteView | null, 
/**
 * The story of ours that it replies to.
 */
story: StoryView | null, 
/**
 * The ad or link that led to it.
 */
came: CameView | null, 
/**
 * How the text came about, when nobody typed it.
 */
pressed: PressedView | null, 
/**
 * Titles of the quick replies that were offered with it.
 */
offered: Array<string>, 
/**
 * True when it was edited.
 */
edited: boolean, 
/**
 * What it said before, oldest first, as far as this desk knows.
 */
earlier: Array<EarlierView>, 
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
message: MessageView, } | { "item": "happened", 
/**
 * Stable key.
 */
key: string, 
/**
 * When.
 */
atMs: Ms, 
/**
 * What.
 */
happened: HappenedView, 
/**
 * The message it is about, where it is about one.
 */
about: QuoteView | null, } | { "item": "handover", 
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
 * The act that helps when a reply was refused, waits or is in doubt.
 */
export type HelpView = { "help": "sendAgain" } | { "help": "change" } | { "help": "take" } | { "help": "reconnect" } | { "help": "inbox" } | { "help": "metaSettings", 
/**
 * The page of Meta.
 */
address: string, } | { "help": "tell", 
/**
 * What Meta said; no words of the customer or the reply are in it.
 */
text: string, };

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
 * True when there were older messages before the first one here, and Meta does not give them.
 */
olderWithheld: boolean, 
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
firstUnread: string | null, 
/**
 * The place of that item, to go there.
 */
firstUnreadAt: string | null, 
/**
 * A new name of the customer that the team has not been told yet.
 */
renaming: string | null, 
/**
 * What this desk did about keeping the customer away that the team has not been told yet.
 */
blocking: BlockView | null, 
/**
 * The message that the draft answers.
 */
answering: QuoteView | null, 
/**
 * Titles of the answers that the draft offers.
 */
offering: Array<string>, 
/**
 * How many and how long they may be.
 */
offerLimit: OfferLimit, 
/**
 * The reactions that the channel takes from us.
 */
reactions: Array<string>, 
/**
 * True when this agent may block and unblock.
 */
mayBlock: boolean, 
/**
 * True when nobody of ours has answered the customer yet and no agent here chose to see a picture: pictures are
 * blurred until one is clicked.
 */
stranger: boolean, };

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
before: string, 
/**
 * How many messages at most; 200 is the most a page holds.
 */
limit: number, };

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
 * Items from the middle of a thread.
 */
export type ItemStretch = { 
/**
 * Oldest first.
 */
items: Array<Item>, 
/**
 * Where older items begin; none at the begin of the thread, and where only newer ones were asked for.
 */
older: string | null, 
/**
 * Where newer items begin; none at the end of the thread.
 */
newer: string | null, 
/**
 * The key of the message that was asked for; none when it is not there any more.
 */
key: string | null, 
/**
 * When that one was said.
 */
keyMs: Ms | null, };

/**
 * Asks for newer items.
 */
export type NewerItems = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The `newer` of the stretch before.
 */
after: string, 
/**
 * How many messages at most; 200 is the most a page holds.
 */
limit: number, };

/**
 * The draft of a thread offers answers that the customer can give with one tap.
 */
export type OfferAnswers = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Their titles; none takes them away.
 */
titles: Array<string>, };

/**
 * What Meta takes as answers that the customer can give with one tap.
 */
export type OfferLimit = { 
/**
 * How many.
 */
most: number, 
/**
 * How long each may be, characters.
 */
chars: number, };

/**
 * Asks for the items around a message.
 */
export type ItemsAround = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The message's place: the `at` of a hit, the `place` of a message.
 */
at: string, 
/**
 * How many messages before it, and how many from it on; 200 is the most a page holds.
 */
before: number, 
/**
 * The same for those that follow, with the message itself.
 */
after: number, };

/**
 * Asks for the items around a moment.
 */
export type ItemsFrom = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The moment: what was said at it or first after it is looked for, or the newest where nothing was.
 */
fromMs: Ms, 
/**
 * How many messages before it, and how many from it on; 200 is the most a page holds.
 */
before: number, 
/**
 * The same for those that follow.
 */
after: number, };

/**
 * A part of what a message says.
 */
export type SnippetPiece = { 
/**
 * The words.
 */
text: string, 
/**
 * These were looked for.
 */
found: boolean, };

/**
 * A message that was found.
 */
export type SearchHit = { 
/**
 * Its thread.
 */
thread: ThreadRef, 
/**
 * Its place in the thread, for `itemsAround`.
 */
at: string, 
/**
 * The customer's scoped id.
 */
customer: string, 
/**
 * The customer's name.
 */
name: string, 
/**
 * The channel.
 */
channel: Channel, 
/**
 * The account's name.
 */
accountName: string, 
/**
 * Who said it.
 */
author: Author, 
/**
 * The author's name.
 */
authorName: string, 
/**
 * When.
 */
atMs: Ms, 
/**
 * What it says around what was found.
 */
pieces: Array<SnippetPiece>, 
/**
 * Something stands before the pieces.
 */
cutBefore: boolean, 
/**
 * Something stands after them.
 */
cutAfter: boolean, 
/**
 * What came with it, a picture or video before anything else; none without a medium, and for what must not be kept.
 */
media: MediaView | null, 
/**
 * True for a picture or video of a customer whom nobody here has answered yet: it is not shown unasked.
 */
blurred: boolean, };

/**
 * Looks for messages and customers. One that is asked later ends the one before, of the same kind: everywhere, or inside
 * a thread.
 */
export type Search = { 
/**
 * As typed: words, phrases in quotes, filters.
 */
typed: string, 
/**
 * Only in this thread.
 */
thread: ThreadRef | null, 
/**
 * The `next` of the page before.
 */
before: string | null, 
/**
 * How many hits at most; 100 is the most a page holds.
 */
limit: number, 
/**
 * The agent's time zone, such as "Europe/Berlin": where a day begins.
 */
zone: string, };

/**
 * What was found.
 */
export type Found = { 
/**
 * Threads whose customer is called so, and with filters, of whom something passes them; on the first page only.
 */
names: Array<ThreadRow>, 
/**
 * Messages, newest first.
 */
hits: Array<SearchHit>, 
/**
 * Where to go on; none when there is nothing more. It may be there although fewer hits than asked for were found.
 */
next: string | null, 
/**
 * Inside one thread, how many hits there are, on the first page; at most 1 000.
 */
count: Count | null, 
/**
 * What is wrong with what was typed; then nothing was looked for.
 */
problem: Words | null, 
/**
 * True while older messages are still being made findable on this desk.
 */
indexing: boolean, };

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
act: ControlAct, 
/**
 * The app that `passToApp` is for: one of the composer's `passTo`.
 */
to: string | null, 
/**
 * A note for whoever gets or has the thread, at most `noteMax` long; passes, takes and requests carry one.
 */
note: string | null, };

/**
 * The draft of a thread answers a message, or none.
 */
export type AnswerMessage = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Meta's id of the message; none takes it away.
 */
mid: string | null, };

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
 * Shows the customer that this agent writes, or no longer.
 */
export type ShowTyping = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * True while the agent writes.
 */
typing: boolean, };

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
 * Shows the customer that everything so far was read.
 */
export type MarkSeen = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * True when the agent asked for it, and is told when it does not work; else it is done once for what is there, in
 * the background.
 */
byHand: boolean, };

/**
 * Gives a customer a name, for the whole team.
 */
export type RenameCustomer = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The name; empty goes back to the one that Meta gives.
 */
name: string, };

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
 * What files a channel takes. What a file is, the desk finds in its bytes, and says so when it is added.
 */
export type TakesFiles = { 
/**
 * MIME types; none when everything is taken.
 */
types: Array<string>, 
/**
 * The most that a file may have, bytes; some kinds may have less.
 */
mostBytes: Count, 
/**
 * The most files of one reply.
 */
most: number, };

/**
 * An app that a thread can be passed to.
 */
export type PassTarget = { 
/**
 * Meta's id.
 */
app: string, 
/**
 * Its name, or its id where nobody named it.
 */
name: string, };

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
 * True while the customer is kept away.
 */
blocked: boolean, 
/**
 * Acts on control that can work now.
 */
acts: Array<ControlAct>, 
/**
 * The apps that `passToApp` can be for, by name.
 */
passTo: Array<PassTarget>, 
/**
 * How long a note to another app may be, in UTF-16 units as Meta counts.
 */
noteMax: number, 
/**
 * The page of Meta's settings where an admin of the account changes which app may do what.
 */
controlSetting: string, 
/**
 * How long a text may be.
 */
limit: TextLimit, 
/**
 * The saved draft.
 */
draft: string, 
/**
 * The files that were added to the draft, in order.
 */
files: Array<MediaView>, 
/**
 * What files the channel takes.
 */
takes: TakesFiles, 
/**
 * Why the draft came back from the outbox, when it did.
 */
draftWords: Words | null, 
/**
 * What the agent has seen, to be given back with the reply.
 */
seen: Seen, };

/**
 * Adds a file to a draft; its bytes travel beside this. It is on this computer's disk when the command answers.
 */
export type AttachFile = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Its real name; may be empty.
 */
name: string, };

/**
 * Takes a file out of a draft.
 */
export type RemoveFile = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The file, by the id of its view.
 */
file: string, };

/**
 * Sends a reply. It is durable when the command answers; the composer may clear.
 */
export type SendReply = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text; may be empty when there are files.
 */
text: string, 
/**
 * The files of the draft, all of them, in order, by the ids of their views. Each is a message of its own, after the text.
 */
files: Array<string>, 
/**
 * The saved draft that it goes out from, as the page knows it. When another reply came back into the draft since,
 * nothing is sent: `draftChanged`.
 */
basedOn: string, 
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
despiteUnknown: boolean, 
/**
 * For so long it is kept back and can be taken back, milliseconds; 0 for not at all.
 */
holdMs: Ms, 
/**
 * Set the thread done once the reply was sent: not before, and not when it comes back, is refused, or somebody
 * writes meanwhile.
 */
thenDone: boolean, };

/**
 * A reply that has not left this computer.
 */
export type NotLeft = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Its customer.
 */
name: string, 
/**
 * The text, and the names of its files.
 */
text: string, 
/**
 * True while it can be taken back: closed now it becomes a draft. Else it leaves after the next start.
 */
held: boolean, };

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
keys: Array<string>, 
/**
 * Its parts, in the same order.
 */
parts: Array<string>, };

/**
 * Saves a draft; an empty text removes it. When a reply came back into the draft since the page heard of it, nothing is
 * saved: `draftChanged`. The page then reads the composer and joins both texts.
 */
export type SaveDraft = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text.
 */
text: string, 
/**
 * The saved draft that it goes out from, as the page knows it; empty when there was none.
 */
basedOn: string, };

/**
 * Names a part of the outbox.
 */
export type PartName = { 
/**
 * The part.
 */
part: string, };

/**
 * What did not happen.
 */
export type SetbackKind = "notSent" | "notDone";

/**
 * A reply that did not do what its agent meant: it came back, was refused, or its thread was not set done. It is told
 * until the agent heard of it.
 */
export type Setback = { 
/**
 * The part, by the name it keeps.
 */
part: string, 
/**
 * What did not happen.
 */
kind: SetbackKind, 
/**
 * Where to look.
 */
thread: ThreadRef, 
/**
 * The customer's name.
 */
name: string, 
/**
 * What happened and what can be done.
 */
words: Words, };

/**
 * A canned reply.
 */
export type CannedReply = { 
/**
 * Its short name.
 */
name: string, 
/**
 * Its text, with `{name}`, `{agent}` and `{account}` where the page puts what they stand for.
 */
text: string, 
/**
 * True when the whole team has it; else it is this agent's alone, on this desk.
 */
shared: boolean, };

/**
 * The canned replies that this agent can use.
 */
export type CannedReplies = { 
/**
 * By name.
 */
replies: Array<CannedReply>, 
/**
 * True when this agent may change those that the team shares.
 */
mayShare: boolean, };

/**
 * Adds, changes or removes a canned reply.
 */
export type SetCannedReply = { 
/**
 * Its short name.
 */
name: string, 
/**
 * Its text; none removes it.
 */
text: string | null, 
/**
 * Whether it is the team's one that is meant, or this agent's own.
 */
shared: boolean, };

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
 * How one account is.
 */
export type AccountStatus = { 
/**
 * Meta's id.
 */
account: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its channel.
 */
channel: Channel, 
/**
 * True while its webhooks go into its log.
 */
connected: boolean, 
/**
 * When the last webhook arrived at the relay.
 */
lastWebhookMs: Ms | null, 
/**
 * Entries that the relay has and this desk has not yet.
 */
lacks: Count, 
/**
 * How many there were at most since this desk last had all.
 */
lacked: Count, 
/**
 * How its history stands; none while it is not connected.
 */
history: HistoryView | null, };

/**
 * A thread of this agent of which Baton soon loses control.
 */
export type LapsingThread = { 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * What its customer is called.
 */
name: string, 
/**
 * When control ends, of Meta's clock.
 */
untilMs: Ms, };

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
 * How far older messages are, while they are read for the first time; none else.
 */
history: Layer | null, 
/**
 * How each account is, in the order of the session's.
 */
accounts: Array<AccountStatus>, 
/**
 * Replies that have not left.
 */
repliesWaiting: Count, 
/**
 * When the first of those that Meta's limits hold back is sent again, of Meta's clock; none when none is held back.
 */
sentAgainMs: Ms | null, 
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
 * Threads that this agent is to answer, and can: what the window's title counts.
 */
waitingForMe: Count, 
/**
 * Threads of this agent of which Baton loses control within the hour, soonest first.
 */
lapsing: Array<LapsingThread>, 
/**
 * Replies that did not do what the agent meant, oldest first, until the agent was told.
 */
setbacks: Array<Setback>, };

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
storeVersion: Count, } | { "notice": "status" } | { "notice": "session" } | { "notice": "login" } | { "notice": "closing" } | { "notice": "all" };

/**
 * What the page acts on.
 */
export type CommandErrorCode = "badRequest" | "notEnrolled" | "relayUnreachable" | "notARelay" | "relayTooOld" | "relayTooNew" | "inviteInvalid" | "deskRevoked" | "noKeyStore" | "tokenInvalid" | "wrongPage" | "rightsMissing" | "metaUnreachable" | "threadChanged" | "draftChanged" | "controlUnavailable" | "sendRefused" | "notFound" | "notAllowed" | "storage" | "failed";

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
retryable: boolean, 
/**
 * The address of the page where it can be put right, outside of the window.
 */
link: string | null, };

/** Every command: what it is asked with and what it answers. */
export type Commands = {
  session: { request: null; response: Session };
  checkRelay: { request: CheckRelay; response: RelayCheck };
  enrol: { request: Enrol; response: Session };
  checkPageToken: { request: PageToken; response: PageCheck };
  connectAccount: { request: PageToken; response: Session };
  beginLogin: { request: BeginLogin; response: LoginView };
  openLoginAgain: { request: null; response: LoginView };
  showLoginAddress: { request: null; response: LoginView };
  login: { request: null; response: LoginView };
  connectGranted: { request: ConnectGranted; response: LoginView };
  cancelLogin: { request: null; response: null };
  setHumanAgent: { request: SetHumanAgent; response: null };
  setWaiting: { request: SetWaiting; response: null };
  exportEvidence: { request: AccountName; response: EvidenceFile };
  setHandBack: { request: SetHandBack; response: Session };
  renameApp: { request: RenameApp; response: Session };
  checkAccount: { request: AccountName; response: Session };
  subscribeAgain: { request: AccountName; response: Session };
  repairSeen: { request: null; response: Session };
  pauseHistory: { request: PauseHistory; response: Session };
  removal: { request: AccountName; response: RemovalView };
  removeAccount: { request: AccountName; response: RemovedView };
  listThreads: { request: ListThreads; response: ThreadPage };
  openThread: { request: ThreadName; response: ThreadView };
  olderItems: { request: OlderItems; response: ItemPage };
  newerItems: { request: NewerItems; response: ItemStretch };
  itemsAround: { request: ItemsAround; response: ItemStretch };
  itemsFrom: { request: ItemsFrom; response: ItemStretch };
  search: { request: Search; response: Found };
  composer: { request: ThreadName; response: ComposerState };
  saveDraft: { request: SaveDraft; response: null };
  removeFile: { request: RemoveFile; response: null };
  sendReply: { request: SendReply; response: SendReceipt };
  answerMessage: { request: AnswerMessage; response: null };
  offerAnswers: { request: OfferAnswers; response: null };
  react: { request: React; response: null };
  showTyping: { request: ShowTyping; response: null };
  markSeen: { request: MarkSeen; response: null };
  sendPartNow: { request: PartName; response: null };
  retryPart: { request: PartName; response: null };
  sendRest: { request: PartName; response: null };
  discardPart: { request: PartName; response: null };
  notLeft: { request: null; response: Array<NotLeft> };
  quit: { request: null; response: null };
  toldOfSetback: { request: PartName; response: null };
  cannedReplies: { request: null; response: CannedReplies };
  setCannedReply: { request: SetCannedReply; response: CannedReplies };
  actOnControl: { request: ActOnControl; response: null };
  assign: { request: Assign; response: null };
  setStatus: { request: SetStatus; response: null };
  mark: { request: Mark; response: null };
  renameCustomer: { request: RenameCustomer; response: null };
  blockCustomer: { request: BlockCustomer; response: null };
  fetchMedia: { request: MediaName; response: MediaNow };
  fetchMediaAnew: { request: MediaName; response: MediaNow };
  vault: { request: null; response: VaultView };
  setVault: { request: SetVault; response: VaultView };
  saveMedia: { request: MediaName; response: Saved };
  showPictures: { request: ThreadName; response: null };
  openOutside: { request: OpenOutside; response: null };
  status: { request: null; response: StatusLine };
  diagnostics: { request: null; response: Diagnostics };
  setting: { request: SettingName; response: Setting };
  setSetting: { request: Setting; response: null };
};
