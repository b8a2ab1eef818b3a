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
name: string | null, 
/**
 * True where its answers stop the waiting time, as a person's do. It matters where routing is off.
 */
answersCount: boolean, };

/**
 * How new threads find an agent.
 */
export type QueueWayView = "manual" | "roundRobin" | "unknown";

/**
 * How an account's threads are given out, and who may answer in them.
 */
export type QueueView = { 
/**
 * How new threads find an agent.
 */
way: QueueWayView, 
/**
 * How many open threads one agent gets by the rules at most.
 */
limit: number, 
/**
 * The highest limit that can be chosen.
 */
limitMost: number, 
/**
 * Whether a thread that the customer opens again goes to whoever had it last.
 */
reopenToLast: boolean, 
/**
 * Whether a customer's reaction opens a thread again.
 */
reactionReopens: boolean, 
/**
 * Whether a thread's assignee alone may answer.
 */
onlyAssigneeSends: boolean, };

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
 * How its threads are given out, and who may answer in them.
 */
queue: QueueView, 
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
export type ProblemKind = "relayUnreachable" | "metaUnreachable" | "relayTooOld" | "relayTooNew" | "deskRevoked" | "deskUnknown" | "deskKeyGone" | "tokenDead" | "notSubscribed" | "appNotSubscribed" | "noKeyStore" | "pageRestricted" | "pageWarned" | "storage" | "repaired";

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
 * How far a desk that was cut off has come with removing what it held.
 */
export type CutOffStageView = "removing" | "removed" | "told";

/**
 * An admin cut this desk off.
 */
export type CutOffView = { 
/**
 * The workspace that it was of.
 */
workspace: string, 
/**
 * Whose it was.
 */
agentName: string, 
/**
 * The relay's address.
 */
relayAddress: string, 
/**
 * How far the removal has come.
 */
stage: CutOffStageView, 
/**
 * Drafts that went with it.
 */
drafts: Count, 
/**
 * Replies that had not left.
 */
replies: Count, 
/**
 * What happened and what can be done.
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
problems: Array<Problem>, 
/**
 * That an admin cut this desk off, until somebody joins anew with it.
 */
cutOff: CutOffView | null, };

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
 * A role that an invite changes.
 */
export type RoleChangeView = { 
/**
 * The account's name; its id until it was connected.
 */
account: string, 
/**
 * The role until now.
 */
from: RoleView, 
/**
 * The role afterwards.
 */
to: RoleView, };

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
 * Roles of somebody who is here already that it changes, on all their desks.
 */
changes: Array<RoleChangeView>, 
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
 * Chooses whether the answers of an app count as a person's where routing is off. Needs an admin.
 */
export type CountAnswers = { 
/**
 * The account.
 */
account: string, 
/**
 * The app.
 */
app: string, 
/**
 * True to count them.
 */
on: boolean, };

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
 * Chooses how an account's threads are given out, and who may answer in them.
 */
export type SetQueue = { 
/**
 * The account.
 */
account: string, 
/**
 * How new threads find an agent.
 */
way: QueueWayView, 
/**
 * How many open threads one agent gets by the rules at most.
 */
limit: number, 
/**
 * Whether a thread that the customer opens again goes to whoever had it last.
 */
reopenToLast: boolean, 
/**
 * Whether a customer's reaction opens a thread again.
 */
reactionReopens: boolean, 
/**
 * Whether a thread's assignee alone may answer.
 */
onlyAssigneeSends: boolean, };

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
 * A person's role on an account.
 */
export type PersonRole = { 
/**
 * The account, by Meta's id.
 */
account: string, 
/**
 * The role there.
 */
role: RoleView, };

/**
 * How a desk stands.
 */
export type DeskState = "enrolled" | "cutOff" | "wiped";

/**
 * A desk of a person.
 */
export type PersonDeskView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What the machine is called.
 */
name: string, 
/**
 * True for the one on which this is shown.
 */
thisDesk: boolean, 
/**
 * True while it is connected.
 */
connected: boolean, 
/**
 * When it was last connected, milliseconds UTC of the relay; none when it never was, as far as the relay knows.
 */
seenMs: Ms | null, 
/**
 * When it was let in, milliseconds UTC of the relay.
 */
enrolledMs: Ms, 
/**
 * How it stands.
 */
state: DeskState, 
/**
 * Names of accounts that it may no longer read and has not confirmed to have removed.
 */
stillHolds: Array<string>, 
/**
 * How many erased customers it has not confirmed.
 */
erasures: Count, };

/**
 * Somebody of the team.
 */
export type TeamPerson = { 
/**
 * Their id.
 */
id: string, 
/**
 * Their name.
 */
name: string, 
/**
 * True for whoever sits here.
 */
me: boolean, 
/**
 * Their roles on the accounts of this desk.
 */
roles: Array<PersonRole>, 
/**
 * True when whoever sits here administers every account that they work on: then desks of theirs can be cut off and let in.
 */
wholly: boolean, 
/**
 * True when they can be given another name.
 */
mayRename: boolean, 
/**
 * True when they can be set offline and their threads returned: somebody else, on an account that whoever sits here supervises.
 * False of who is offline and has none.
 */
mayReturn: boolean, 
/**
 * Their desks, oldest first; empty for all but admins.
 */
desks: Array<PersonDeskView>, };

/**
 * An account, as the list of people needs it.
 */
export type PeopleAccount = { 
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
 * True when whoever sits here gives, changes and ends roles on it.
 */
administered: boolean, };

/**
 * An invite that somebody may still use. Never what lets a desk in.
 */
export type OpenInviteView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Whom it is for.
 */
name: string, 
/**
 * True when it lets in another desk of somebody who is here already.
 */
anotherDesk: boolean, 
/**
 * What it gives, on accounts that whoever sits here administers.
 */
roles: Array<PersonRole>, 
/**
 * Who made it; none for whoever operates the relay.
 */
madeBy: string | null, 
/**
 * When it was made, milliseconds UTC of the relay; none when that is not known.
 */
madeMs: Ms | null, 
/**
 * When it ends, milliseconds UTC of the relay.
 */
expiresMs: Ms, };

/**
 * Everybody of the team, as far as whoever sits here may know.
 */
export type PeopleView = { 
/**
 * By name.
 */
people: Array<TeamPerson>, 
/**
 * The accounts of this desk.
 */
accounts: Array<PeopleAccount>, 
/**
 * Newest first; empty for all but admins.
 */
invites: Array<OpenInviteView>, 
/**
 * True when whoever sits here administers an account.
 */
isAdmin: boolean, 
/**
 * Why nothing can be told of desks and invites, and nothing changed now; none when all is told.
 */
away: Words | null, };

/**
 * Makes an invite.
 */
export type MakeInvite = { 
/**
 * The name of a new person.
 */
name: string, 
/**
 * The person whose further desk it is for; none for a new person.
 */
agent: string | null, 
/**
 * What it gives; empty to leave a person's roles as they are.
 */
roles: Array<PersonRole>, 
/**
 * How many hours it is good for, from 1 to 720.
 */
expiresHours: number, };

/**
 * An invite that was made, with what lets a desk in: it is shown this once.
 */
export type InviteShown = { 
/**
 * What lets a desk in, once.
 */
invite: string, 
/**
 * Whom it is for.
 */
name: string, 
/**
 * The relay's address, which is typed beside it.
 */
relayAddress: string, 
/**
 * When it ends, milliseconds UTC of the relay.
 */
expiresMs: Ms, };

/**
 * A list of people to be invited, as CSV: `name,role,account,expires_days`.
 */
export type InviteText = { 
/**
 * The whole text.
 */
text: string, };

/**
 * Somebody on such a list.
 */
export type InviteLineView = { 
/**
 * The first line that names them, from 1.
 */
line: number, 
/**
 * The name.
 */
name: string, 
/**
 * The roles.
 */
roles: Array<PersonRole>, 
/**
 * How many days the invite is good for.
 */
expiresDays: number, 
/**
 * True when somebody of the team has this name already.
 */
hasNamesake: boolean, };

/**
 * What is wrong with a line.
 */
export type InviteFaultView = { 
/**
 * The line, from 1.
 */
line: number, 
/**
 * What is wrong and what would be right.
 */
what: string, };

/**
 * Such a list, looked at. Nobody was invited.
 */
export type InvitesChecked = { 
/**
 * Whom it names, as far as their lines are right.
 */
people: Array<InviteLineView>, 
/**
 * What is wrong; nobody is invited while there is anything.
 */
faults: Array<InviteFaultView>, };

/**
 * Invites were made and written into a file.
 */
export type InvitesFile = { 
/**
 * The file's name; none when the person changed their mind, and nobody was invited.
 */
name: string | null, 
/**
 * How many invites are in it.
 */
invites: Count, };

/**
 * Names an invite.
 */
export type InviteName = { 
/**
 * Its id.
 */
invite: string, };

/**
 * Gives, changes or ends a role.
 */
export type SetRole = { 
/**
 * Whose.
 */
agent: string, 
/**
 * Where.
 */
account: string, 
/**
 * Which; none ends it.
 */
role: RoleView | null, };

/**
 * Gives a person another name.
 */
export type RenameAgent = { 
/**
 * Whom.
 */
agent: string, 
/**
 * The name.
 */
name: string, };

/**
 * Names a desk.
 */
export type DeskName = { 
/**
 * Its id.
 */
desk: string, };

/**
 * Names a person of the team.
 */
export type AgentName = { 
/**
 * Their id.
 */
agent: string, };

/**
 * An account from which threads are returned.
 */
export type ReturningAccountView = { 
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
 * How many threads that are not done the person has there.
 */
threads: Count, };

/**
 * What it would do to set somebody offline and return their threads.
 */
export type ReturningView = { 
/**
 * Their id.
 */
agent: string, 
/**
 * Their name.
 */
name: string, 
/**
 * The accounts that whoever sits here supervises.
 */
accounts: Array<ReturningAccountView>, 
/**
 * How many threads they are together.
 */
threads: Count, 
/**
 * False for whoever works on none of these accounts any more: then only their threads are returned.
 */
setsOffline: boolean, };

/**
 * What it did.
 */
export type ReturnedView = { 
/**
 * Their name.
 */
name: string, 
/**
 * The threads that went to the queue, each with how it stood, for an undo.
 */
threads: Array<ThreadBefore>, 
/**
 * Names of accounts whose threads were not all returned.
 */
failed: Array<string>, 
/**
 * Why those of the first of them were not.
 */
words: Words | null, };

/**
 * What this desk would lose with a customer who is erased. The relay and other desks may hold more.
 */
export type ErasingView = { 
/**
 * Messages of both sides.
 */
messages: Count, 
/**
 * Private notes.
 */
notes: Count, 
/**
 * Pictures, sounds, videos and files.
 */
files: Count, 
/**
 * True when something is written here and not sent.
 */
hasDraft: boolean, 
/**
 * Parts of replies that have not left.
 */
repliesWaiting: Count, };

/**
 * A desk that has not confirmed an erasure.
 */
export type ErasureDeskView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What the machine is called.
 */
name: string, 
/**
 * Its agent's name.
 */
agentName: string, 
/**
 * When it was last connected, milliseconds UTC of the relay.
 */
seenMs: Ms | null, 
/**
 * True while it is connected.
 */
connected: boolean, 
/**
 * True once it was cut off.
 */
cutOff: boolean, };

/**
 * How the last erasure of a customer stands.
 */
export type ErasureView = { 
/**
 * When.
 */
atMs: Ms, 
/**
 * Who did it; none when that is not known.
 */
by: string | null, 
/**
 * Desks that have not confirmed it, oldest first.
 */
waiting: Array<ErasureDeskView>, };

/**
 * How present an agent is.
 */
export type PresenceState = "online" | "away" | "transfersOnly" | "offline" | "unknown";

/**
 * What somebody does in a thread that they look at.
 */
export type Doing = "reads" | "writesReply" | "writesNote";

/**
 * A thread that is on somebody's screen. It is named as rows of the list name it, because this desk may not have it yet.
 */
export type OnScreen = { 
/**
 * The thread's account.
 */
account: string, 
/**
 * The customer's scoped id.
 */
customer: string, 
/**
 * What they do there.
 */
doing: Doing, };

/**
 * Somebody who works on an account of this desk.
 */
export type PersonView = { 
/**
 * The agent's id.
 */
agent: string, 
/**
 * The agent's name.
 */
name: string, 
/**
 * True for the agent of this desk.
 */
me: boolean, 
/**
 * How present, all desks of theirs together.
 */
state: PresenceState, 
/**
 * What they look at.
 */
looksAt: Array<OnScreen>, 
/**
 * True when whoever sits here may set them offline and return their threads. False of who is offline and has none.
 */
mayReturn: boolean, };

/**
 * Who is there.
 */
export type PresenceView = { 
/**
 * False while nobody can know who is there; everybody's state is unknown then.
 */
known: boolean, 
/**
 * What this agent chose on this desk.
 */
chosen: PresenceState, 
/**
 * How present this agent is on this desk: what they chose, or away because nothing was touched for long.
 */
mine: PresenceState, 
/**
 * True where that happens by itself, after ten minutes.
 */
goesAway: boolean, 
/**
 * Who set this agent offline, while they have not chosen since.
 */
setOfflineBy: string | null, 
/**
 * How many of their open threads left them since then; 0 where nobody set them offline, and after a restart.
 */
threadsLeft: Count, 
/**
 * Everybody who works on an account of this desk, this agent too, by name.
 */
people: Array<PersonView>, };

/**
 * Changes how present this agent is.
 */
export type SetPresence = { 
/**
 * The choice; none leaves it.
 */
state: PresenceState | null, 
/**
 * Whether the agent is away by themselves after ten minutes without a key or a pointer; none leaves it.
 */
goesAway: boolean | null, };

/**
 * What is on the screen of this desk.
 */
export type Shows = { 
/**
 * The thread; none while none is, or nobody can see it.
 */
thread: ThreadRef | null, 
/**
 * What the agent does there. Typing is told again at least every four seconds.
 */
doing: Doing, };

/**
 * Which threads.
 */
export type View = "mine" | "unassigned" | "mentions" | "endingSoon" | "all" | "tooLate" | "snoozed" | "done" | "blocked";

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
 * Only this channel.
 */
channel: Channel | null, 
/**
 * Only with this label.
 */
label: string | null, 
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
 * How a thread carries a label.
 */
export type LabelState = "on" | "puttingOn" | "takingOff";

/**
 * A label as a thread carries it.
 */
export type ThreadLabelView = { 
/**
 * Our id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its colour as `#rrggbb`.
 */
colour: string, 
/**
 * How.
 */
state: LabelState, };

/**
 * A reply that waits on another desk. It may leave when that desk comes back.
 */
export type ReplyWaitsView = { 
/**
 * Whose desk that is.
 */
name: string, 
/**
 * True where it is another desk of this agent.
 */
me: boolean, };

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
 * True for urgent, as this desk did it last.
 */
urgent: boolean, 
/**
 * True while the team has not been told that it is, or is no longer.
 */
urgentPending: boolean, 
/**
 * True when a note mentions this agent who has not read it.
 */
mentioned: boolean, 
/**
 * The labels that it carries, by name.
 */
labels: Array<ThreadLabelView>, 
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
leaving: string | null, 
/**
 * How that reply stands; none once Meta has it. Another one of this desk may stand worse.
 */
leavingIs: SendState | null, 
/**
 * A reply waits on another desk, as that desk said last.
 */
replyWaits: ReplyWaitsView | null, };

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
 * In which a note mentions this agent.
 */
mentions: Count, 
/**
 * Of those, whose note this agent has not read.
 */
mentionsOpen: Count, 
/**
 * Of all, those whose time ends soon.
 */
endingSoon: Count, 
/**
 * All that are neither done nor asleep.
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
 * Asleep.
 */
snoozed: Count, 
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
 * How many threads each view holds, of those that are asked for.
 */
counts: ViewCounts, 
/**
 * The same of all accounts, channels and labels; none where all are asked for.
 */
whole: ViewCounts | null, };

/**
 * A label of the workspace.
 */
export type LabelView = { 
/**
 * Our id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its colour as `#rrggbb`.
 */
colour: string, };

/**
 * The labels of the workspace.
 */
export type LabelsView = { 
/**
 * By name.
 */
labels: Array<LabelView>, 
/**
 * True when this agent may make, change and remove them.
 */
mayDefine: boolean, 
/**
 * How long a name may be, characters.
 */
nameMax: number, 
/**
 * How many there are at most.
 */
most: number, };

/**
 * Makes a label, or gives one another name or colour. For the whole workspace.
 */
export type DefineLabel = { 
/**
 * The one that is changed; none makes one.
 */
label: string | null, 
/**
 * Its name; no other label goes by it.
 */
name: string, 
/**
 * Its colour as `#rrggbb`.
 */
colour: string, };

/**
 * Names a label.
 */
export type LabelName = { 
/**
 * Our id.
 */
label: string, };

/**
 * Puts a label on a thread, or takes it off. While the relay is away it waits.
 */
export type SetLabel = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The label.
 */
label: string, 
/**
 * True to put it on.
 */
on: boolean, };

/**
 * A list under a name.
 */
export type SavedView = { 
/**
 * Our id.
 */
id: string, 
/**
 * What the agent calls it.
 */
name: string, 
/**
 * Which threads.
 */
view: View, 
/**
 * Only of this account.
 */
account: string | null, 
/**
 * Only of this channel.
 */
channel: Channel | null, 
/**
 * Only with this label.
 */
label: string | null, 
/**
 * True when that label was taken out of the workspace.
 */
labelIsGone: boolean, 
/**
 * In which order.
 */
sort: Sort, 
/**
 * How many threads it holds.
 */
all: Count, 
/**
 * How many of them are to be answered.
 */
waiting: Count, };

/**
 * The lists that this agent keeps.
 */
export type SavedViews = { 
/**
 * In the order in which they were made.
 */
views: Array<SavedView>, 
/**
 * How many there are at most.
 */
most: number, 
/**
 * How long a name may be, characters.
 */
nameMax: number, };

/**
 * Keeps a list under a name.
 */
export type SaveView = { 
/**
 * The one that is changed; none keeps another one.
 */
id: string | null, 
/**
 * What it is called.
 */
name: string, 
/**
 * Which threads.
 */
view: View, 
/**
 * Only of this account.
 */
account: string | null, 
/**
 * Only of this channel.
 */
channel: Channel | null, 
/**
 * Only with this label.
 */
label: string | null, 
/**
 * In which order.
 */
sort: Sort, };

/**
 * Names a list.
 */
export type SavedViewName = { 
/**
 * Our id.
 */
id: string, };

/**
 * What is done with each of them.
 */
export type ManyAct = { "act": "assign", 
/**
 * The id of a member; none for the queue.
 */
to: string | null, } | { "act": "done" } | { "act": "snooze", 
/**
 * Until when.
 */
untilMs: Ms, } | { "act": "waitOnCustomer" } | { "act": "label", 
/**
 * The label.
 */
label: string, 
/**
 * True to put it on.
 */
on: boolean, } | { "act": "markRead" };

/**
 * Asks for an act on many threads: at most 500 to look at, and so many at once as one wants to wait for.
 */
export type Many = { 
/**
 * Which.
 */
threads: Array<ThreadRef>, 
/**
 * What.
 */
act: ManyAct, };

/**
 * Why an act does not go for a thread.
 */
export type Hindrance = "alreadySo" | "ofAnother" | "notForOthers" | "noRole" | "blocked" | "gone";

/**
 * A thread for which an act does not go.
 */
export type HinderedThread = { 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * What its customer is called.
 */
name: string, 
/**
 * Why.
 */
why: Hindrance, };

/**
 * What an act would do.
 */
export type ManyPreview = { 
/**
 * For which it goes.
 */
can: Array<ThreadRef>, 
/**
 * For which it does not.
 */
cannot: Array<HinderedThread>, 
/**
 * How many are not on this desk any more.
 */
gone: Count, 
/**
 * How many would sleep past the end of the time to answer, or of control.
 */
pastDeadline: Count, };

/**
 * How a thread stood before an act. The page keeps it for an undo.
 */
export type BeforeView = { "was": "assignee", 
/**
 * The id of a member; none for the queue.
 */
assignee: string | null, 
/**
 * What the thread is expected to be as.
 */
version: Count, } | { "was": "status", 
/**
 * Which.
 */
status: StatusView, 
/**
 * What the thread is expected to be as.
 */
version: Count, } | { "was": "label", 
/**
 * Which.
 */
label: string, 
/**
 * Whether it did.
 */
wasOn: boolean, } | { "was": "read", 
/**
 * A place in the log.
 */
seq: Count, };

/**
 * What became of it.
 */
export type OutcomeView = { "is": "done", 
/**
 * How the thread stood before, to put it back.
 */
before: BeforeView, } | { "is": "not", 
/**
 * Why.
 */
why: Hindrance, } | { "is": "lost", 
/**
 * Who.
 */
words: Words, } | { "is": "failed", 
/**
 * Why.
 */
words: Words, } | { "is": "away" };

/**
 * What became of it for one thread.
 */
export type ManyOutcome = { 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * What.
 */
outcome: OutcomeView, };

/**
 * What became of it.
 */
export type ManyDone = { 
/**
 * For each thread, in their order.
 */
outcomes: Array<ManyOutcome>, };

/**
 * A thread and how it stood.
 */
export type ThreadBefore = { 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * How.
 */
before: BeforeView, };

/**
 * Puts threads back as they were before an act on many, each only if nobody moved it since.
 */
export type UndoMany = { 
/**
 * Which, and as what.
 */
threads: Array<ThreadBefore>, };

/**
 * What became of an undo.
 */
export type ManyUndone = { 
/**
 * How many stand as before.
 */
back: Count, 
/**
 * Which somebody moved since; they stay.
 */
moved: Array<ThreadRef>, 
/**
 * Which could not be put back, and why the first of them could not.
 */
failed: Array<ThreadRef>, 
/**
 * That, in words.
 */
words: Words | null, };

/**
 * Whose threads a column of the board holds.
 */
export type BoardOf = { "of": "all" } | { "of": "queue" } | { "of": "agent", 
/**
 * The agent's id.
 */
agent: string, };

/**
 * In which order.
 */
export type BoardSort = "breach" | "wait" | "assignee";

/**
 * Where a thread stands in the team's work.
 */
export type BoardStatus = "open" | "waitingOnCustomer";

/**
 * A column that is asked for, and how far it is read.
 */
export type ReadColumn = { 
/**
 * Whose threads.
 */
column: BoardOf, 
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
 * Asks for columns of the board, of the accounts that this agent supervises.
 */
export type ReadBoard = { 
/**
 * Only these accounts; all of them where none is named.
 */
accounts: Array<string>, 
/**
 * Only this channel.
 */
channel: Channel | null, 
/**
 * Only with this label.
 */
label: string | null, 
/**
 * Only of this status.
 */
status: BoardStatus | null, 
/**
 * Only those who need a reply.
 */
onlyWaiting: boolean, 
/**
 * In which order.
 */
sort: BoardSort, 
/**
 * Which columns, at most 60.
 */
columns: Array<ReadColumn>, };

/**
 * A thread on the board.
 */
export type BoardRow = { 
/**
 * The thread, as the list has it.
 */
row: ThreadRow, 
/**
 * The id of whoever works on it.
 */
agent: string | null, 
/**
 * Of one that needs a reply, when the next of window, late window and control ends; none when nothing will any more.
 */
endsMs: Ms | null, };

/**
 * A page of a column.
 */
export type BoardColumn = { 
/**
 * The rows.
 */
rows: Array<BoardRow>, 
/**
 * Where the page before ends; none at the top.
 */
previous: string | null, 
/**
 * Where the next page begins; none at the end.
 */
next: string | null, 
/**
 * How many there are in all; none where nobody counts them.
 */
total: Count | null, };

/**
 * Columns of the board.
 */
export type BoardView = { 
/**
 * One for each that was asked for, in their order.
 */
columns: Array<BoardColumn>, };

/**
 * Asks what everybody has to do, on the accounts that this agent supervises.
 */
export type ReadBoardAgents = { 
/**
 * Only these accounts; all of them where none is named.
 */
accounts: Array<string>, 
/**
 * Only this channel.
 */
channel: Channel | null, };

/**
 * What an agent has to do, or the queue.
 */
export type BoardWork = { 
/**
 * Open threads, without those that wait on the customer.
 */
open: Count, 
/**
 * How many more wait on the customer; they count for no limit.
 */
onCustomer: Count, 
/**
 * Of those that are open, how many are to be answered: they need a reply and can get one.
 */
waiting: Count, 
/**
 * Since when the customer waits who waits longest and can be answered.
 */
oldestWaitMs: Ms | null, 
/**
 * Of how many something ends within the next hour.
 */
due: Count, 
/**
 * When the next ends.
 */
nextDueMs: Ms | null, };

/**
 * What an agent has on one account of the board.
 */
export type BoardAccount = { 
/**
 * The account's id.
 */
account: string, 
/**
 * The account's name.
 */
name: string, 
/**
 * Open threads there, without those that wait on the customer.
 */
open: Count, 
/**
 * How many the rules of its queue give one agent at most; none for who works there no more.
 */
limit: Count | null, 
/**
 * True when they have as many as that.
 */
full: boolean, };

/**
 * An agent on the board.
 */
export type BoardAgent = { 
/**
 * The agent's id.
 */
agent: string, 
/**
 * The agent's name.
 */
name: string, 
/**
 * True for the agent of this desk.
 */
me: boolean, 
/**
 * How present, all desks of theirs together.
 */
state: PresenceState, 
/**
 * What they have to do.
 */
work: BoardWork, 
/**
 * The accounts on which they work, and those on which they only have something still; by name.
 */
accounts: Array<BoardAccount>, 
/**
 * True when whoever sits here may return their threads: of somebody who works there no more too. False of who is offline
 * and has none.
 */
mayReturn: boolean, };

/**
 * Everybody on the board.
 */
export type BoardAgents = { 
/**
 * What nobody works on.
 */
queue: BoardWork, 
/**
 * By name.
 */
agents: Array<BoardAgent>, };

/**
 * Whether the board has a window of its own now.
 */
export type BoardWindow = { 
/**
 * False in a host that opens no windows.
 */
opened: boolean, };

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
export type SendState = "held" | "queued" | "waiting" | "sending" | "sent" | "delivered" | "seen" | "refused" | "aside" | "unknown" | "abandoned";

/**
 * What a medium is.
 */
export type MediaKind = "image" | "video" | "audio" | "file" | "sticker";

/**
 * Where a medium lies.
 */
export type MediaState = "here" | "atMeta" | "later" | "dead" | "large" | "forbidden" | "missing" | "elsewhere" | "unheard";

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
 * Who said something while a reply of ours was on its way: the relay had let it go before, so that nobody could see it.
 */
export type CrossedView = { 
/**
 * Who.
 */
by: Author, 
/**
 * Their name.
 */
name: string, };

/**
 * What can be done with a part.
 */
export type PartAct = "sendNow" | "sendAgain" | "sendRest" | "takeBack" | "giveUp" | "putAside";

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
 * Who said something while it was on its way, of a reply that left.
 */
crossed: CrossedView | null, 
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
foundLate: boolean, 
/**
 * When it was read from Meta itself, because the relay was away; none once the relay has told of it.
 */
fromMetaMs: Ms | null, };

/**
 * Somebody whom a note mentions.
 */
export type MentionView = { 
/**
 * The name.
 */
name: string, 
/**
 * True for this agent.
 */
me: boolean, };

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
line: string, } | { "item": "erased", 
/**
 * Stable key.
 */
key: string, 
/**
 * When, milliseconds UTC of the relay.
 */
atMs: Ms, 
/**
 * In one line: "Ines erased this customer".
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
 * The note, to be taken away.
 */
note: string, 
/**
 * Who wrote it.
 */
by: string, 
/**
 * Its text.
 */
text: string, 
/**
 * Whom it mentions.
 */
mentions: Array<MentionView>, 
/**
 * True when only supervisors, and whoever wrote it, see it.
 */
supervisorsOnly: boolean, 
/**
 * True until the relay has it; colleagues do not see it before.
 */
pending: boolean, 
/**
 * True when this agent may take it away.
 */
mayRemove: boolean, } | { "item": "gap", 
/**
 * Stable key.
 */
key: string, 
/**
 * When the oldest of them was said, to the second, as far as Meta tells.
 */
atMs: Ms, 
/**
 * How many.
 */
count: Count, };

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
 * What somebody was writing from whom a thread was taken.
 */
export type HandedDraftView = { 
/**
 * Names it within its thread.
 */
seq: Count, 
/**
 * Who wrote it.
 */
by: string, 
/**
 * When the thread was taken, milliseconds UTC of the relay.
 */
atMs: Ms, 
/**
 * What they wrote; empty where only files were in it.
 */
text: string, 
/**
 * What its files are called, which stayed on their desk.
 */
files: Array<string>, };

/**
 * Names what was handed over with a thread. It was used, or is not needed.
 */
export type HandedDraftName = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Which.
 */
seq: Count, };

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
stranger: boolean, 
/**
 * What somebody was writing here from whom the thread was taken; none once it was used, put aside or answered.
 */
handed: HandedDraftView | null, 
/**
 * While the relay is away: when this thread was last read from Meta itself; none before, and while the relay serves this
 * desk.
 */
fromMetaMs: Ms | null, };

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
 * Asks for more of the customers whom a search found by their names. One that is asked later ends the one before.
 */
export type SearchPeople = { 
/**
 * As typed for the search.
 */
typed: string, 
/**
 * The `namesNext` of what was found, or the `next` of the page before.
 */
after: string, 
/**
 * How many at most; 100 is the most a page holds.
 */
limit: number, 
/**
 * The agent's time zone, such as "Europe/Berlin": where a day begins.
 */
zone: string, };

/**
 * More of the customers who are called so.
 */
export type FoundPeople = { 
/**
 * Their threads.
 */
people: Array<ThreadRow>, 
/**
 * Where to go on; none when there is nobody more. It may be there although fewer than asked for were found.
 */
next: string | null, };

/**
 * What was found.
 */
export type Found = { 
/**
 * Threads whose customer is called so, and with filters, of whom something passes them; on the first page only.
 */
names: Array<ThreadRow>, 
/**
 * Where more of them begin, for `searchPeople`; none when these are all.
 */
namesNext: string | null, 
/**
 * How many of them there are; none when that is not known, with filters and when they are very many.
 */
namesCount: Count | null, 
/**
 * Messages, newest first.
 */
hits: Array<SearchHit>, 
/**
 * Where to go on; none when there is nothing more. It may be there although fewer hits than asked for were found.
 */
next: string | null, 
/**
 * Inside one thread, how many hits there are, on the first page; counted up to 1 000.
 */
count: Count | null, 
/**
 * There are more than were counted; all of them can be gone through.
 */
countsOn: boolean, 
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
 * Gives a thread to a colleague, or to the queue.
 */
export type GiveThread = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The id of a member; none for the queue.
 */
to: string | null, };

/**
 * Somebody who works on an account.
 */
export type Member = { 
/**
 * The id.
 */
agent: string, 
/**
 * The name.
 */
name: string, 
/**
 * As what.
 */
role: RoleView, 
/**
 * True for this agent.
 */
me: boolean, 
/**
 * True for who works on the thread.
 */
assigned: boolean, };

/**
 * Who works on a thread's account.
 */
export type Members = { 
/**
 * By name.
 */
members: Array<Member>, };

/**
 * Saves what is written as a note; an empty text removes it. When a note came back into it since the page heard of it, nothing
 * is saved: `draftChanged`. The page then reads the composer and joins both texts.
 */
export type SaveNoteDraft = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text.
 */
text: string, 
/**
 * True when only supervisors are to see it.
 */
supervisorsOnly: boolean, 
/**
 * The saved text that it goes out from, as the page knows it; empty when there was none.
 */
basedOn: string, };

/**
 * Adds a private note. It is durable when the command answers; the team has it now or once the relay answers.
 */
export type AddNote = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The text.
 */
text: string, 
/**
 * Who is meant: ids of members.
 */
mentions: Array<string>, 
/**
 * True when only supervisors, and whoever wrote it, are to see it.
 */
supervisorsOnly: boolean, 
/**
 * The saved text that it goes out from, as the page knows it.
 */
basedOn: string, };

/**
 * A note that is on its way to the team.
 */
export type NoteReceipt = { 
/**
 * The note.
 */
note: string, };

/**
 * Takes a note away for the whole team, and its words with it.
 */
export type RemoveNote = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * The note, as its item names it.
 */
note: string, };

/**
 * Makes a thread urgent, or no longer so.
 */
export type SetUrgent = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * True for urgent.
 */
urgent: boolean, };

/**
 * Makes a thread urgent and tells its supervisors why, in a note.
 */
export type Escalate = { 
/**
 * The thread.
 */
thread: ThreadRef, 
/**
 * Why, in a line.
 */
why: string, };

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
 * A thread was marked read, or unread.
 */
export type Marked = { 
/**
 * The store's version that has the mark. A notice that says the same tells of this mark alone.
 */
storeVersion: Count, };

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
 * What is written as a private note and was not added. It is kept apart from the reply's draft.
 */
export type NoteDraft = { 
/**
 * The text; empty when nothing is written.
 */
text: string, 
/**
 * True when only supervisors are to see it.
 */
supervisorsOnly: boolean, 
/**
 * Why a note came back into it, when one did.
 */
words: Words | null, 
/**
 * How long a note may be, UTF-16 units.
 */
max: number, };

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
 * True where only the thread's assignee may answer and that is a colleague: taking the thread helps.
 */
forAnother: boolean, 
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
seen: Seen, 
/**
 * What is written as a private note.
 */
note: NoteDraft, };

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
parts: Array<string>, 
/**
 * What stands in the thread of them now, for the page to show before it reads the thread again; parts that are messages
 * already are left to that.
 */
items: Array<Item>, 
/**
 * The version of the store that these are of.
 */
storeVersion: Count, };

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
 * Puts a part aside that Meta refused, or takes that back.
 */
export type PutAside = { 
/**
 * The part.
 */
part: string, 
/**
 * Which of both.
 */
aside: boolean, };

/**
 * Names a part that an agent sends once more, or with what waits behind it, and what the agent has seen of its thread: it comes
 * back where somebody wrote since.
 */
export type PartPress = { 
/**
 * The part.
 */
part: string, 
/**
 * What the agent has seen.
 */
seen: Seen, 
/**
 * True when the agent was told, on pressing it, of a colleague's reply of unknown end, and sends all the same.
 */
despiteUnknown: boolean, };

/**
 * What did not happen.
 */
export type SetbackKind = "notSent" | "notDone" | "notNoted" | "notSet";

/**
 * A reply, a note or an act that did not do what its agent meant: it came back, was refused, or its thread was not set done.
 * It is told until the agent heard of it.
 */
export type Setback = { 
/**
 * The part, by the name it keeps; a note or an act goes by its own.
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
 * Short, for the line: "Relay ok".
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
 * A thread with a reply that was not sent and that nobody put aside.
 */
export type NotSentThread = { 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * What its customer is called.
 */
name: string, 
/**
 * True when nobody knows whether it was sent, and Meta was asked in vain.
 */
unsure: boolean, };

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
 * How many of them are still being checked. Meta does not show the others, and a person has to say what becomes of them.
 */
repliesChecking: Count, 
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
 * Threads with a reply that was not sent, or of which nobody knows whether it was, longest ago first.
 */
notSent: Array<NotSentThread>, 
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
 * What an agent can be told of.
 */
export type AlertKind = "message" | "assigned" | "mention" | "shutting";

/**
 * How one kind is told.
 */
export type AlertSwitch = { 
/**
 * By a notification.
 */
popup: boolean, 
/**
 * By a sound.
 */
sound: boolean, };

/**
 * What the agent chose to be told of, and how.
 */
export type AlertSettings = { 
/**
 * A customer wrote.
 */
message: AlertSwitch, 
/**
 * A thread was given to the agent.
 */
assigned: AlertSwitch, 
/**
 * A colleague meant the agent.
 */
mention: AlertSwitch, 
/**
 * The time to answer ends soon.
 */
shutting: AlertSwitch, 
/**
 * Notifications name no customer and quote nothing.
 */
hideText: boolean, 
/**
 * How loud sounds are, 0 to 100.
 */
volume: number, 
/**
 * How long before its end a window is told of first, minutes; 0 for not at all.
 */
farMinutes: number, 
/**
 * How long before its end it is told of again, minutes; 0 for not at all.
 */
nearMinutes: number, 
/**
 * An icon with the count stands in the desktop's tray.
 */
tray: boolean, 
/**
 * Closing the window leaves Baton running in the tray.
 */
keepInTray: boolean, };

/**
 * Do not disturb: no notification and no sound; what waits is counted all the same.
 */
export type QuietView = { "quiet": "off" } | { "quiet": "until", 
/**
 * The moment, of this computer's clock.
 */
untilMs: Ms, } | { "quiet": "on" };

/**
 * What the desktop around the window can do.
 */
export type DesktopAlerts = { 
/**
 * True when it shows notifications; else they come inside the window.
 */
shows: boolean, 
/**
 * Why it does not, and what can be done; empty when it does.
 */
words: Words, 
/**
 * True when it has a tray that shows our icon.
 */
tray: boolean, };

/**
 * Everything about alerts.
 */
export type AlertsView = { 
/**
 * What was chosen.
 */
settings: AlertSettings, 
/**
 * Do not disturb.
 */
quiet: QuietView, 
/**
 * What the desktop can do.
 */
desktop: DesktopAlerts, 
/**
 * The longest time before an end at which it can be told, minutes.
 */
mostMinutes: number, };

/**
 * Begins or ends do not disturb.
 */
export type SetQuiet = { 
/**
 * How it is from now on.
 */
quiet: QuietView, };

/**
 * What somebody looks at.
 */
export type LookAt = { 
/**
 * The open thread; none while the window has not the focus, or no thread is open.
 */
thread: ThreadRef | null, };

/**
 * What became of a test notification.
 */
export type AlertTrial = { 
/**
 * True when the desktop shows it; else it came inside the window.
 */
onDesktop: boolean, };

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
storeVersion: Count, } | { "notice": "marked", 
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
storeVersion: Count, } | { "notice": "status" } | { "notice": "session" } | { "notice": "login" } | { "notice": "presence" } | { "notice": "closing" } | { "notice": "alert", 
/**
 * What it is about; none for a test.
 */
kind: AlertKind | null, 
/**
 * Whom or what it is about.
 */
title: string, 
/**
 * What happened.
 */
body: string, 
/**
 * The thread, when it is about one.
 */
thread: ThreadRef | null, } | { "notice": "sound", 
/**
 * What happened.
 */
kind: AlertKind, 
/**
 * How loud, 0 to 100.
 */
volume: number, } | { "notice": "go", 
/**
 * The thread that it was about; none when it was about many of this agent's.
 */
thread: ThreadRef | null, } | { "notice": "alerts" } | { "notice": "passed", 
/**
 * Which.
 */
thread: ThreadRef, 
/**
 * Its customer.
 */
name: string, 
/**
 * The app that held it; none where Meta does not say.
 */
by: string | null, 
/**
 * True when this agent works on it.
 */
mine: boolean, } | { "notice": "settings", 
/**
 * Which.
 */
name: string, } | { "notice": "all" };

/**
 * What an opening desk's file goes through.
 */
export type OpeningStepView = "copying" | "updating" | "salvaging" | "remaking" | "applying";

/**
 * How far an opening desk is.
 */
export type OpeningView = { 
/**
 * Where it stands.
 */
step: OpeningStepView, 
/**
 * So much of the step is done.
 */
done: Count, 
/**
 * So much there is of it; never less than what is done.
 */
of: Count, };

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
  setQueue: { request: SetQueue; response: Session };
  renameApp: { request: RenameApp; response: Session };
  countAnswers: { request: CountAnswers; response: Session };
  checkAccount: { request: AccountName; response: Session };
  subscribeAgain: { request: AccountName; response: Session };
  repairSeen: { request: null; response: Session };
  pauseHistory: { request: PauseHistory; response: Session };
  removal: { request: AccountName; response: RemovalView };
  removeAccount: { request: AccountName; response: RemovedView };
  listThreads: { request: ListThreads; response: ThreadPage };
  openThread: { request: ThreadName; response: ThreadView };
  readAhead: { request: ThreadName; response: ThreadView };
  olderItems: { request: OlderItems; response: ItemPage };
  newerItems: { request: NewerItems; response: ItemStretch };
  itemsAround: { request: ItemsAround; response: ItemStretch };
  itemsFrom: { request: ItemsFrom; response: ItemStretch };
  search: { request: Search; response: Found };
  searchPeople: { request: SearchPeople; response: FoundPeople };
  composer: { request: ThreadName; response: ComposerState };
  saveDraft: { request: SaveDraft; response: null };
  removeFile: { request: RemoveFile; response: null };
  dropHandedDraft: { request: HandedDraftName; response: null };
  sendReply: { request: SendReply; response: SendReceipt };
  answerMessage: { request: AnswerMessage; response: null };
  offerAnswers: { request: OfferAnswers; response: null };
  react: { request: React; response: null };
  showTyping: { request: ShowTyping; response: null };
  markSeen: { request: MarkSeen; response: null };
  sendPartNow: { request: PartName; response: null };
  retryPart: { request: PartPress; response: null };
  sendRest: { request: PartPress; response: null };
  discardPart: { request: PartName; response: null };
  putAside: { request: PutAside; response: null };
  notLeft: { request: null; response: Array<NotLeft> };
  quit: { request: null; response: null };
  toldOfSetback: { request: PartName; response: null };
  cannedReplies: { request: null; response: CannedReplies };
  setCannedReply: { request: SetCannedReply; response: CannedReplies };
  actOnControl: { request: ActOnControl; response: null };
  assign: { request: Assign; response: null };
  giveThread: { request: GiveThread; response: null };
  members: { request: ThreadName; response: Members };
  saveNoteDraft: { request: SaveNoteDraft; response: null };
  addNote: { request: AddNote; response: NoteReceipt };
  removeNote: { request: RemoveNote; response: null };
  setUrgent: { request: SetUrgent; response: null };
  escalate: { request: Escalate; response: null };
  setStatus: { request: SetStatus; response: null };
  mark: { request: Mark; response: Marked };
  labels: { request: null; response: LabelsView };
  defineLabel: { request: DefineLabel; response: LabelsView };
  removeLabel: { request: LabelName; response: LabelsView };
  setLabel: { request: SetLabel; response: null };
  savedViews: { request: null; response: SavedViews };
  saveView: { request: SaveView; response: SavedViews };
  deleteView: { request: SavedViewName; response: SavedViews };
  previewMany: { request: Many; response: ManyPreview };
  actOnMany: { request: Many; response: ManyDone };
  undoMany: { request: UndoMany; response: ManyUndone };
  board: { request: ReadBoard; response: BoardView };
  boardAgents: { request: ReadBoardAgents; response: BoardAgents };
  openBoard: { request: null; response: BoardWindow };
  showsOnBoard: { request: Shows; response: null };
  lookAtOnBoard: { request: LookAt; response: null };
  renameCustomer: { request: RenameCustomer; response: null };
  blockCustomer: { request: BlockCustomer; response: null };
  fetchMedia: { request: MediaName; response: MediaNow };
  fetchMediaAnew: { request: MediaName; response: MediaNow };
  vault: { request: null; response: VaultView };
  setVault: { request: SetVault; response: VaultView };
  saveMedia: { request: MediaName; response: Saved };
  showPictures: { request: ThreadName; response: null };
  openOutside: { request: OpenOutside; response: null };
  people: { request: null; response: PeopleView };
  makeInvite: { request: MakeInvite; response: InviteShown };
  checkInvites: { request: InviteText; response: InvitesChecked };
  importInvites: { request: InviteText; response: InvitesFile };
  takeBackInvite: { request: InviteName; response: PeopleView };
  setRole: { request: SetRole; response: PeopleView };
  renameAgent: { request: RenameAgent; response: PeopleView };
  revokeDesk: { request: DeskName; response: PeopleView };
  returning: { request: AgentName; response: ReturningView };
  returnThreads: { request: AgentName; response: ReturnedView };
  erasing: { request: ThreadName; response: ErasingView };
  eraseCustomer: { request: ThreadName; response: null };
  erasure: { request: ThreadName; response: ErasureView | null };
  presence: { request: null; response: PresenceView };
  setPresence: { request: SetPresence; response: PresenceView };
  shows: { request: Shows; response: null };
  touched: { request: null; response: null };
  alerts: { request: null; response: AlertsView };
  setAlerts: { request: AlertSettings; response: AlertsView };
  setQuiet: { request: SetQuiet; response: AlertsView };
  tryAlert: { request: null; response: AlertTrial };
  lookAt: { request: LookAt; response: null };
  status: { request: null; response: StatusLine };
  wake: { request: null; response: null };
  diagnostics: { request: null; response: Diagnostics };
  setting: { request: SettingName; response: Setting };
  setSetting: { request: Setting; response: null };
};
