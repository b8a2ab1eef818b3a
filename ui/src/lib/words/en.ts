/**
 * Every word of the page, in English.
 *
 * Plain and calm: what happened, what it means, what can be done. Never Meta's codes, no exclamation marks.
 */
import type {
  AccountFactKind,
  AccountFactState,
  AlertKind,
  BlockView,
  BoardAccount,
  BoardSort,
  BoardStatus,
  ButtonDoes,
  CameByView,
  Channel,
  CommandErrorCode,
  ControlAct,
  CrossedView,
  CutOffStageView,
  DeskState,
  Doing,
  ErasingView,
  HiddenWhy,
  Hindrance,
  LabelState,
  LoginFailureView,
  ManyAct,
  MediaKind,
  MediaState,
  NameFrom,
  OpeningStepView,
  PresenceState,
  PressedView,
  PreviewWhat,
  QueueWayView,
  RemovalView,
  Sort,
  SumKind,
  View,
} from '$lib/contract';
import { isolated as own } from '$lib/format/bidi';

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

/** Some people by name, and how many more they are. */
const named = (names: string[]): string => {
  const shown = names.slice(0, 2).map(own);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
};

/** How much somebody has on one account. */
const hasOf = ({ open, limit, full }: BoardAccount): string =>
  `${limit === null ? `${open} open` : `${open} of ${limit}`}${full ? ' · full' : ''}`;

type SomeoneThere = { name: string; doing: Doing };
/** What each of these people does, those who do the same in one sentence. */
const eachDoes = (people: SomeoneThere[], says: Record<Doing, string>): string =>
  (Object.keys(says) as Doing[])
    .map((doing) => ({ doing, names: people.filter((one) => one.doing === doing) }))
    .filter(({ names }) => names.length > 0)
    .map(({ doing, names }) => {
      const who = named(names.map(({ name }) => name));
      return `${who} ${plural(names.length, 'is', 'are')} ${says[doing]}`;
    })
    .join(', ');

export const en = {
  product: 'Baton',
  title: (waiting: number, workspace: string | null) =>
    `${waiting > 0 ? `(${waiting}) ` : ''}${workspace ? `${own(workspace)} · ` : ''}Baton`,

  common: {
    close: 'Close',
    open: 'Open',
    undo: 'Undo',
    copy: 'Copy',
    copied: 'Copied',
    tryAgain: 'Try again',
    back: 'Back to the list',
    loading: 'Reading',
    you: 'You',
  },

  time: {
    now: 'now',
    today: 'Today',
    yesterday: 'Yesterday',
    underAMinute: 'under 1 min',
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    days: (n: number) => `${n} ${plural(n, 'day', 'days')}`,
    daysShort: (n: number) => `${n} d`,
    todayAt: (time: string) => `at ${time}`,
    tomorrowAt: (time: string) => `tomorrow ${time}`,
    yesterdayAt: (time: string) => `yesterday ${time}`,
    dayAt: (day: string, time: string) => `${day}, ${time}`,
    until: (from: string, to: string) => `${from} – ${to}`,
  },

  channel: { messenger: 'Messenger', instagram: 'Instagram' },
  metaInbox: (channel: Channel) => (channel === 'instagram' ? 'Instagram inbox' : 'Page Inbox'),
  anotherApp: 'Another app',

  firstRun: {
    stepOf: (step: number) => `Step ${step} of 2`,
    relayTitle: 'Join your workspace',
    relayIntro:
      'Your administrator gave you the address of your relay and an invite. The relay receives what customers write; the invite makes this computer one of its desks.',
    address: 'Relay address',
    addressHint: 'For example https://desks.example.com',
    invite: 'Invite',
    inviteHint: 'It works once, and only for a while.',
    check: 'Check',
    checkingRelay: 'Asking the relay what this invite is for',
    joinTitle: (workspace: string) => `You are joining ${own(workspace)}`,
    joinAs: (name: string) => `as ${own(name)}`,
    changesRoles: 'This invite changes your role, on all your computers',
    changesRole: (account: string, from: string, to: string) =>
      `${own(account)}: ${from} until now, ${to} afterwards`,
    inviteUntil: (when: string) => `The invite is good until ${when}.`,
    join: 'Join',
    joining: 'Making a key for this desk and joining',
    change: 'Change',
    accountTitle: (name: string) => `Connect ${own(name)}`,
    accountTitleUnnamed: 'Connect the account',
    accountIntro: {
      messenger:
        'This desk answers customers as the Page. For that it needs a Page token, which stays in the key store of this computer.',
      instagram:
        'This desk answers customers as the Instagram account. For that it needs the token of the Page that the account is linked to, which stays in the key store of this computer.',
    } satisfies Record<Channel, string>,
    onlyPasting: 'Nobody can log in with Meta through this relay, so the token is pasted here.',
    comesByItself: 'An administrator has connected this account already.',
    comesByItselfElse:
      'The token comes by itself as soon as a desk of an administrator is running. You need to log in only if you do not want to wait.',
    token: 'Page token',
    tokenHint: 'It is checked with Meta before anything is saved.',
    checkToken: 'Check with Meta',
    checkingToken: 'Asking Meta what this token may do',
    pageFound: (name: string) => `This token is for ${own(name)}`,
    routing: 'Routing',
    routingWords: {
      on: 'On: apps pass threads to each other, and one app at a time holds a thread.',
      off: 'Off: any connected app may answer, unless one of them was given a thread.',
      hopV2:
        'Old handover protocol: one app is the first to answer, and passes threads to the others.',
      unknown: 'Meta did not say. Baton finds out from what arrives.',
    },
    rights: 'Rights',
    rightsComplete: 'Everything that is needed',
    rightsMissing: (list: string) =>
      `Missing: ${list}. Ask whoever manages the account at Meta to add them.`,
    connect: 'Connect',
    connecting: 'Asking Meta to send what happens there, and reading back that it will',
    accounts: 'Accounts',
    connected: 'Connected',
    notConnected: 'Not connected yet',
    unnamed: {
      messenger: 'A Page, name unknown',
      instagram: 'An Instagram account, name unknown',
      either: 'An account, name unknown',
    },
    unnamedOf: {
      messenger: (id: string) => `Facebook Page ${id}`,
      instagram: (id: string) => `Instagram account ${id}`,
      either: (id: string) => `Account ${id}`,
    } satisfies Record<Channel | 'either', (id: string) => string>,
    openInbox: 'Open the inbox',
    later: 'Connect the others later, in Settings.',
    nothingSaved: 'Nothing was saved.',
  },

  login: {
    how: 'Your browser opens Meta. There you choose the Pages and Instagram accounts that this desk may answer for; the rest happens here.',
    begin: 'Log in with Meta',
    again: 'Log in again',
    beginning: 'Asking the relay for a login',
    paste: 'Paste a token instead',
    instead: 'Log in with Meta instead',
    waiting: 'Waiting for you in the browser',
    inBrowser: 'Choose the accounts at Meta and agree. Then come back here.',
    openAgain: 'Open the browser again',
    copyAddress: 'Copy the address',
    cancel: 'Cancel',
    kept: 'What you granted at Meta is kept for up to ten minutes: connect the account again, and it goes on from there.',
    goesOn:
      'The login in the browser goes on for up to ten minutes: connect the account again to see how it stands, or to cancel it.',
    connected: (names: string[]) => `Connected: ${names.map(own).join(', ')}`,
    noBrowser: 'No browser could be opened',
    copyIt:
      'Copy the address into a browser on this computer. It is good for ten minutes and for one person: show it to nobody.',
    address: 'Address of the login',
    tryBrowser: 'Try the browser again',
    choose: 'Connect these accounts',
    noneUsable: 'None of these can be connected',
    notChosen: (names: string[]) => `Not chosen at Meta: ${names.map(own).join(', ')}.`,
    chooseAgain: 'Choose again',
    connect: (count: number) => (count > 1 ? `Connect ${count} accounts` : 'Connect'),
    failed: {
      denied: 'Meta did not give access',
      noPages: 'No Page was chosen',
      expired: 'The login took too long',
      metaAway: 'Meta does not answer',
      other: 'The login did not work',
    } satisfies Record<LoginFailureView, string>,
  },

  /** A short heading for each code; the host's own message follows it. */
  error: {
    badRequest: 'That was not understood',
    notEnrolled: 'This desk has not joined a workspace yet',
    relayUnreachable: 'The relay does not answer',
    notARelay: 'There is no relay at this address',
    relayTooOld: 'The relay is older than this desk',
    relayTooNew: 'The relay is newer than this desk',
    inviteInvalid: 'This invite does not work',
    deskRevoked: 'This desk was signed out by an administrator',
    noKeyStore: 'The key store of this computer cannot be used',
    tokenInvalid: 'Meta does not accept this token',
    wrongPage: 'This token is for another account',
    rightsMissing: 'Rights are missing on the account',
    metaUnreachable: 'Meta does not answer',
    threadChanged: 'Something new arrived here first',
    draftChanged: 'A reply came back into this text',
    controlUnavailable: 'That is not possible in this thread now',
    sendRefused: 'This reply cannot leave',
    notFound: 'This is not here any more',
    notAllowed: 'Your role does not allow this',
    storage: 'This computer could not save or read',
    failed: 'That did not work',
  } satisfies Record<CommandErrorCode, string>,

  views: {
    label: 'Views',
    mine: 'Mine',
    unassigned: 'Unassigned',
    mentions: 'Mentions',
    endingSoon: 'Ending soon',
    all: 'All',
    tooLate: 'Too late',
    snoozed: 'Snoozed',
    done: 'Done',
    blocked: 'Blocked',
  } satisfies Record<View | 'label', string>,
  emptyView: {
    mine: { what: 'Nothing is assigned to you', then: 'Threads you take or answer appear here.' },
    unassigned: {
      what: 'Everything is taken',
      then: 'Threads that nobody works on appear here.',
    },
    mentions: {
      what: 'No note mentions you',
      then: 'Threads in which a colleague mentions you appear here, until you have read it and the thread is done.',
    },
    endingSoon: {
      what: 'No time ends soon',
      then: 'Threads that wait for a reply appear here while the time to answer them, or our control of them, ends within six hours: what ends next comes first.',
    },
    all: {
      what: 'No threads yet',
      then: 'When a customer writes, the thread appears here at once.',
    },
    tooLate: {
      what: 'No thread that waits for a reply has run out of time',
      then: 'Threads that wait for a reply and can get none any more appear here. Those that nobody waits on do not, even where it is too late to write.',
    },
    snoozed: {
      what: 'Nothing sleeps',
      then: 'Threads you snooze appear here until they wake: at their time, or as soon as the customer writes.',
    },
    done: { what: 'Nothing is done yet', then: 'Threads you finish appear here.' },
    blocked: { what: 'Nobody is blocked', then: 'Threads of blocked customers appear here.' },
  } satisfies Record<View, { what: string; then: string }>,
  /** Of any view, while only some of its threads are shown. */
  emptyFiltered: {
    what: 'Nothing here with this filter',
    then: (only: string[]) =>
      `Only ${only.map(own).join(', ')}. Take the filter away to see the rest.`,
    labelGone: 'The label of this view was removed. Choose another one, or take the filter away.',
  },

  rail: {
    accounts: 'Accounts',
    oneAccount: 'Show one account',
    onlyAccount: (name: string) => `Show only ${own(name)}`,
    everyAccount: (name: string) => `Only ${own(name)} is shown. Show all accounts`,
    onChannel: (name: string, channel: string) => `${name} (${channel})`,
    unwell: {
      dead: 'Meta refuses its Page token',
      missing: 'no Page token on this computer',
      locked: 'the key store is locked',
      notConnected: 'not connected yet',
      notSubscribed: 'Meta does not send all that happens there',
      restricted: 'Meta stopped it from sending',
      rights: 'its Page token lacks rights',
    },
    signedIn: (name: string, workspace: string, relay: string) =>
      `Signed in as ${own(name)} at ${own(workspace)}, on ${relay}`,
    settings: 'Settings',
    waiting: (n: number) => `${n} to answer`,
    tooLate: (n: number) => `${n} too late to answer`,
    mentions: (n: number) => `${n} ${plural(n, 'mention', 'mentions')} to read`,
    endingSoon: (n: number) => `${n} whose time ends soon`,
  },

  list: {
    label: 'Threads',
    count: (n: number, waiting: number) =>
      `${n} ${plural(n, 'thread', 'threads')}${waiting > 0 ? `, ${waiting} to answer` : ''}`,
    /** Beside the name of a view: how many of its threads are to be answered, or read. */
    some: (waiting: number, all: number) => `${waiting} of ${all}`,
    toAnswer: 'to answer',
    /** Of those who cannot be answered any more there is nothing to say but how many they are. */
    countTooLate: (n: number) => `${n} too late to answer, until the customer writes again`,
    tooLate: 'too late to answer',
    /** Of those whose time ends soon there is nothing else to say either. */
    countEndingSoon: (n: number) =>
      `${n} ${plural(n, 'thread', 'threads')} to answer before the time ends, within six hours`,
    endingSoon: 'ending soon',
    /** Of a thread that sleeps. */
    sleeps: (when: string) => `until ${when}`,
    sleepsLong: (when: string) => `Snoozed until ${when}`,
    /** Of those in which a note mentions this agent. */
    countMentions: (n: number, open: number) =>
      `${n} ${plural(n, 'thread', 'threads')} in which you are mentioned${open > 0 ? `, ${open} to read` : ''}`,
    toRead: 'to read',
    mentioned: 'A note mentions you',
    urgent: 'Urgent',
    pick: 'Pick several threads',
    only: (name: string) => `Only ${own(name)}`,
    everyAccount: 'Show all accounts',
    nothingSaid: 'Nothing said yet',
    sortLabel: 'Order',
    sort: { needsReply: 'Needs reply first', newest: 'Newest first' } satisfies Record<
      Sort,
      string
    >,
    /** Where the order stands beside the counts. */
    sortShort: { needsReply: 'Needs reply', newest: 'Newest' } satisfies Record<Sort, string>,
    moved: (n: number) => `${n} ${plural(n, 'change waits', 'changes wait')}`,
    movedWhy:
      'Nothing moves while the pointer is over the list. Move it away or press a key to see the new order.',
    previewBy: { me: 'You', account: { messenger: 'Page', instagram: 'Account' } },
    by: (who: string) => `${who}:`,
    draft: 'Draft',
    notSent: 'Not sent',
    notSentLong: 'This reply was not sent: the thread says why',
    account: (name: string) => `Account: ${own(name)}`,
    nobody: 'not held',
    /** Who works on a thread, on its row. */
    works: {
      me: 'You',
      meLong: 'You work on this thread',
      on: (name: string) => `${own(name)} works on this thread`,
      nobody: 'Nobody',
      nobodyLong: 'Nobody works on this thread yet',
    },
    leftTag: (time: string) => `${time} left`,
    leftTagLong: (time: string) => `${time} left to reply freely`,
    lateTag: (time: string) => `late: ${time} left`,
    lateTagLong: (time: string) => `Only a late reply can be sent, for another ${time}`,
    shut: 'too late',
    shutLong: 'Too late to reply: nothing can be sent until the customer writes again',
    unread: (n: number) => `${n} unread`,
    sending: 'Sending',
    waits: 'Waiting',
    refused: 'A reply was refused',
    unknown: 'Not sure a reply was sent',
    waitingToLeave: 'A reply waits to leave',
    lapsesTag: (left: string) => `lapses in ${left}`,
    questions: 'questions',
    failed: 'The list could not be read',
    resize: 'Width of the list',
    nobodyWaits: 'Nobody else waits who can be answered',
    nothingToUndo: 'There is nothing to take back',
    first: 'This is the first thread of the list',
    last: 'This is the last thread of the list',
    notNext: 'The next thread could not be opened.',
    nothingPicked: 'No thread is open',
    nothingPickedThen: (key: string) =>
      `Pick one in the list, or press ${key} for who waits longest.`,
  },

  owner: {
    ours: ['Baton', 'holds this thread'],
    oursUntil: (when: string) => ['Baton', `holds this thread until ${when}`],
    oursGiven: (when: string) => [
      'Baton',
      `was given this thread: only it may answer until ${when}`,
    ],
    oursKept: (when: string) => [
      'Baton',
      `holds this thread until ${when}, and keeps it while you write`,
    ],
    oursLapses: (left: string, next: string | null) => [
      'Baton',
      next === null
        ? `loses this thread in ${left}, unless the customer writes`
        : `loses this thread in ${left}, unless the customer writes; ${own(next)} is next`,
    ],
    idle: ['Nobody', 'holds this thread'],
    idleThen: (app: string) => [
      'Nobody',
      `holds this thread; ${own(app)} answers when the customer writes`,
    ],
    idleFirst: (app: string) => [
      'Nobody',
      `holds this thread; ${own(app)} is first to answer on this account`,
    ],
    other: (app: string, until: string | null) => [
      app,
      until === null ? 'is answering here' : `is answering here, until ${until}`,
    ],
    otherGiven: (app: string, until: string | null) => [
      app,
      `was given this thread: only it may answer${until === null ? '' : ` until ${until}`}`,
    ],
    metaInbox: (inbox: string, until: string | null) => [
      inbox,
      `holds this thread${until === null ? '' : ` until ${until}`}; somebody answers in Meta’s own inbox`,
    ],
    questionFlow: [
      'Automatic questions',
      'of an ad run here; Meta keeps replies out until the customer has answered them',
    ],
    unmanaged: ['Any connected app', 'may answer here'],
    unknown: ['Nobody knows yet', 'who holds this thread'],
    label: 'Who holds this thread',
  },

  acts: {
    take: 'Take control',
    /** Which app answers; who of us does is the assignee's. */
    takeHint: 'Take control: Baton answers here, and no other app',
    takeAssigns: 'Take control: Baton answers here, no other app, and you are assigned',
    takeFromQuestions: 'End the questions and take it',
    passToDefault: (app: string | null) =>
      app ? `Pass to ${own(app)}` : 'Pass to the default app',
    passToInbox: (inbox: string) => `Pass to ${inbox}`,
    passToApp: 'Pass to another app',
    passTo: 'Pass to …',
    passOnTo: 'Pass on, with a note',
    passing: {
      title: (name: string) => `Pass ${own(name)} on`,
      to: 'To whom',
      defaultApp: 'The default app',
      defaultHint: 'Answers first on this account.',
      inboxHint: 'For colleagues who answer in Meta’s own inbox.',
      note: 'Note for whoever gets it',
      noteHint: 'Not for the customer. The other app decides what it does with it.',
      left: (n: number) => `${n} ${plural(n, 'character', 'characters')} left`,
      tooLong: (n: number) =>
        `${n} ${plural(n, 'character', 'characters')} too many: Meta takes 999.`,
      nobody: 'This thread cannot be passed on any more.',
      unsaved: 'Not passed on yet. Pass it on, or cancel to throw the note away.',
      pass: 'Pass on',
      cancel: 'Cancel',
    },
    setting: 'Meta’s settings',
    release: 'Release',
    request: 'Ask for it',
    extend: 'Keep longer',
    held: {
      passToDefault: (app: string | null, name: string) =>
        `Passing ${own(name)} to ${app === null ? 'the default app' : own(app)}`,
      passToInbox: (inbox: string, name: string) => `Passing ${own(name)} to ${inbox}`,
      passToApp: (app: string, name: string) => `Passing ${own(name)} to ${own(app)}`,
      release: (name: string) => `Releasing ${own(name)}`,
    },
    now: 'Now',
    /** Of a release or a pass that was still held back. */
    kept: 'Taken back: the thread was not given away',
    /** What a key says whose act can do nothing now. */
    not: {
      yours: 'This thread is yours already',
      ours: (agent: string | null) =>
        agent === null
          ? 'Baton holds this thread already, and nobody works on it yet'
          : `Baton holds this thread already, and ${own(agent)} works on it`,
      fixed: 'This thread cannot be given away on this account now',
      idle: 'Nobody holds this thread, and it cannot be taken on this account now',
      nothingToGive: 'Nobody holds this thread, so there is nothing to give away',
      theirs: (app: string) => `${own(app)} holds it, and it cannot be taken on this account`,
      onlyAsk: (app: string) => `${own(app)} holds it; it can be asked for the thread`,
      notOurs: (app: string) => `${own(app)} holds it: Baton can give away only what it holds`,
      unmanaged:
        'Any connected app may answer here, so there is nothing to take or to give away. An administrator can switch routing on.',
      noKeeping: 'On this account no app can keep a thread for longer',
      notOursToKeep: (app: string) => `${own(app)} holds it: Baton can keep only what it holds`,
      unknown: 'Nobody knows yet who holds this thread',
    },
    takenForYou: 'Baton holds the thread, and it is yours',
    done: {
      take: 'Baton holds the thread',
      passToDefault: 'The thread was passed on',
      passToInbox: 'The thread was passed to Meta’s inbox',
      passToApp: 'The thread was passed on',
      release: 'The thread was released',
      request: 'The other app was asked to pass the thread',
      extend: 'The thread is kept longer',
    } satisfies Record<ControlAct, string>,
  },

  thread: {
    label: 'Messages',
    region: (name: string) => `Thread with ${own(name)}`,
    assign: 'Assign to me',
    assignHint: 'Assign to me: which of us answers. It takes control from no app',
    unassign: 'Give back',
    unassignHint: 'Give back to the queue: nobody of us is assigned. Control stays',
    assigned: (name: string) => `${own(name)} is yours now`,
    unassigned: (name: string) => `${own(name)} is in the queue again`,
    taken: (name: string) => `Taken: ${own(name)}`,
    notTaken: (name: string, why: string) => `${own(name)} was not taken: ${why}`,
    done: 'Done',
    reopen: 'Reopen',
    wasDone: (name: string) => `${own(name)} is done`,
    wasDoneUnanswered: (name: string) => `${own(name)} is done, and nobody answered`,
    wasReopened: (name: string) => `${own(name)} is open again`,
    snooze: 'Snooze',
    waits: 'Waiting on customer',
    noLongerWaits: 'No longer waiting on customer',
    waitsLong: 'Waiting on the customer. Whatever the customer writes opens it again.',
    nowWaits: (name: string) => `It is ${own(name)}’s turn now: waiting on customer`,
    wasUnread: (name: string) => `${own(name)} is unread`,
    details: 'Details',
    detailsOf: (name: string) => `Details of ${own(name)}`,
    newLine: 'NEW',
    newBelow: (n: number) => `${n} new ${plural(n, 'message', 'messages')}`,
    toBottom: 'To the newest message',
    toUnread: 'First unread message',
    allRead: 'There is no unread message here.',
    toDay: 'Go to a day',
    monthBefore: 'Month before',
    monthAfter: 'Month after',
    nothingSaid: 'Nothing was said in this thread yet.',
    otherDay: (asked: string, found: string) => `Nothing was said on ${asked}. This is ${found}.`,
    older: 'Reading older messages',
    begin: 'This is the first message this desk has.',
    withheld: 'Older messages are not available: Meta does not give them.',
    notGiven: (n: number) =>
      `${n} ${plural(n, 'message is', 'messages are')} missing here: Meta does not give ${plural(n, 'it', 'them')}.`,
    failed: 'This thread could not be read',
    handoverNote: 'Handover note',
    standby: 'to another app',
    standbyLong: 'Another app held the thread: Baton only listened.',
    otherApp: 'another app',
    fromAccount: 'From the account, sender not known',
    unsent: 'This message was taken back.',
    unknown: 'A message that cannot be shown here',
    unknownThen: 'Meta’s own inbox can show it.',
    edited: 'edited',
    showEarlier: 'Show what it said before',
    earlier: 'What it said before',
    late: 'late reply, marked as written by a person',
    unchecked: 'sent unchecked, the relay was away',
    uncheckedWhy:
      'The relay was away, so nobody could look whether a colleague answered at the same time.',
    /** Of a reply that had been let go when somebody else said something. */
    crossed: ({ by, name }: CrossedView) => {
      const who = name === '' ? 'Somebody' : own(name);
      if (by === 'customer') return `${who} wrote while this was on its way`;
      if (by === 'me') return 'You answered from another desk while this was on its way';
      if (by === 'inbox') return `Somebody answered in the ${who} while this was on its way`;
      return `${who} answered while this was on its way`;
    },
    foundLate: 'found later: Meta did not announce it',
    /** Under a message that the relay has not told of. */
    fromMeta: (time: string) => `read from Meta at ${time}`,
    fromMetaWhy:
      'The relay was away, so Baton read this from Meta itself. It counts nowhere until the relay has told of it.',
    /** Above the messages, while the relay is away. */
    readFromMeta: (time: string) =>
      `The relay is away. The newest messages here were read from Meta itself at ${time}.`,
    replyTo: 'In reply to',
    jump: 'Go to that message',
    notHere: 'An earlier message that is not on this desk',
    tooFar: 'That message is further back than this desk has read.',
    noWords: 'A message without words',
    storyReply: 'Replied to your story',
    pressed: {
      quickReply: 'Chose a quick reply',
      button: 'Pressed a button',
      command: 'Used a command',
    } satisfies Record<PressedView, string>,
    offered: 'Quick replies that were offered',
    reaction: (emoji: string, byCustomer: boolean, pending: boolean) => {
      const who = byCustomer ? 'from the customer' : 'from your side';
      return pending ? `${emoji} ${who}, on its way` : `${emoji} ${who}`;
    },
    retry: 'Send again',
    /** Of a reply that waits. */
    leavesUntil: (when: string) =>
      `It may leave until ${when}; after that its text comes back to the composer.`,
    /** Beside a reply that waits: when it leaves, and when it comes back instead. */
    whatThen: 'What then?',
    leavesWithRelay: 'The relay is away: it leaves once the relay answers.',
    takeBack: 'Take back',
    sendRest: 'Send the rest',
    /** Under a reply that is to be sent once more, or what is left of it. */
    despite: (who: string) =>
      `Nobody knows yet whether ${own(who)}’s reply arrived. Press once more to send this all the same.`,
    uploading: (percent: number) => `Uploading to Meta, ${percent} %`,
    change: 'Change it',
    help: {
      take: 'Take control',
      reconnect: 'Connect again',
      inbox: 'Look in Meta’s inbox',
      metaSettings: 'Open it at Meta',
      copyAddress: 'Copy the address for an admin',
      tell: 'Copy for whoever runs Baton',
    },
    sendNow: 'Send now',
    giveUp: 'Give up',
    putAside: 'Put aside',
    wasPutAside: 'Put aside. The reply stays in its thread, and it was not sent.',
  },

  /** The last thing of a thread in one line, and a message that another one answers. */
  preview: {
    text: (text) => text,
    pressed: (text) => (text === '' ? 'Pressed a button' : `Pressed “${own(text)}”`),
    image: () => 'Sent a photo',
    files: (count) => `Sent ${count} files`,
    video: () => 'Sent a video',
    audio: () => 'Sent a voice message',
    file: (name) => (name === '' ? 'Sent a file' : `Sent a file: ${own(name)}`),
    sticker: () => 'Sent a sticker',
    place: () => 'Sent a place',
    link: (title) => (title === '' ? 'Sent a link' : `Sent a link: ${own(title)}`),
    cards: (title) => (title === '' ? 'Sent a card' : `Sent a card: ${own(title)}`),
    buttons: (text) => (text === '' ? 'Sent buttons' : text),
    receipt: (number) => (number === '' ? 'Sent a receipt' : `Sent a receipt: ${own(number)}`),
    product: (title) => (title === '' ? 'Shared a product' : `Shared a product: ${own(title)}`),
    post: (title) => (title === '' ? 'Shared a post' : `Shared a post: ${own(title)}`),
    reel: (title) => (title === '' ? 'Shared a reel' : `Shared a reel: ${own(title)}`),
    storyReply: (text) =>
      text === '' ? 'Replied to your story' : `Replied to your story: ${own(text)}`,
    storyMention: () => 'Mentioned you in a story',
    appointment: () => 'Appointment request',
    order: () => 'Sent an order',
    disappearing: () => 'Sent a disappearing photo',
    unknown: () => 'A message that cannot be shown here',
    unsent: () => 'Message taken back',
    reaction: (emoji) => `Reacted ${emoji} to your message`,
    reactionToOwn: (emoji) => `Reacted ${emoji} to a message of their own`,
    optedIn: (title) => (title === '' ? 'Agreed to get messages' : `Agreed to get: ${own(title)}`),
    optedOut: (title) =>
      title === '' ? 'Stopped getting messages' : `Stopped getting: ${own(title)}`,
    cameByAd: (title) =>
      title === '' ? 'Came through an ad' : `Came through an ad: ${own(title)}`,
    cameByLeadForm: (title) =>
      title === '' ? 'Filled in a form' : `Filled in a form: ${own(title)}`,
    cameByWebsite: () => 'Came from the website',
    cameByLink: () => 'Came through a link',
    linked: () => 'Linked an account',
    unlinked: () => 'Unlinked an account',
    feedback: (text) => (text === '' ? 'Gave feedback' : `Gave feedback: ${own(text)}`),
    thumbUp: () => 'Rated an answer good',
    thumbDown: () => 'Rated an answer bad',
    handedOver: (note) =>
      note === '' ? 'Handed over without a note' : `Handed over: ${own(note)}`,
    askedFor: (note) =>
      note === '' ? 'Another app asks for it' : `Another app asks for it: ${own(note)}`,
    labelSet: (name) => `Label set in Meta’s inbox: ${own(name)}`,
    labelRemoved: (name) => `Label removed in Meta’s inbox: ${own(name)}`,
  } satisfies Record<PreviewWhat, (text: string) => string>,

  /** What comes with a message. */
  media: {
    look: (name: string) => `Look at it: ${name}`,
    watch: (name: string) => `Play it: ${name}`,
    album: (n: number) => `${n} photos`,
    moves: 'GIF',
    blurred: 'Hidden: a picture from a stranger. Click to see it.',
    blurredShort: 'Click to see it',
    blurredInHits:
      'Of somebody nobody here has answered yet: it is shown in the thread, on a click',
    reveal: 'Show the photos of this customer',
    coming: (name: string) => `${name}, on its way`,
    comes: 'On its way from Meta',
    later: 'Meta could not be reached',
    cannotDraw: 'cannot be shown',
    fleeting: 'A story: shown here, not kept. It ends a day after it was posted.',
    states: {
      here: '',
      atMeta: 'On its way from Meta',
      later: 'Meta could not be reached',
      dead: 'Meta’s link to it has ended',
      large: 'Too large to be fetched',
      forbidden: 'Not fetched: it is not on Meta’s servers',
      missing: 'Not given by Meta',
      elsewhere: 'Another desk is sending it',
      unheard: 'Shown once the relay is back',
    } satisfies Record<MediaState, string>,
    askMeta: 'Ask Meta again',
    askingMeta: 'Asking Meta',
    save: 'Save…',
    saved: (name: string) => `Saved as ${name}`,
    play: 'Play',
    pause: 'Pause',
    position: 'Position',
    positionOf: (at: string, of: string) => `${at} of ${of}`,
    speed: 'Speed',
    speedIs: (times: number) => `Speed: ${times} times`,
    openOutside: 'Open outside',
    cannotPlay: 'this computer cannot play it here',
    needsPackages:
      'Open it outside. To play it here, install gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad and gstreamer1.0-libav, then start Baton again.',
    needsPlayer: 'Open it outside.',
    placeOf: (at: number, of: number) => `${at} of ${of}`,
    previous: 'Previous (←)',
    next: 'Next (→)',
    nearer: 'Nearer (+)',
    farther: 'Farther (−)',
    close: 'Close (Esc)',
  },
  kinds: {
    open: 'Open',
    map: 'Map',
    openInbox: 'Meta’s inbox',
    media: {
      image: 'Photo',
      video: 'Video',
      audio: 'Voice message',
      file: 'File',
      sticker: 'Sticker',
    } satisfies Record<MediaKind, string>,
    mediaMissing: 'Not given by Meta',
    link: 'Link',
    linkKept: 'Meta does not give its address',
    cardBare: 'Meta does not give what is in it',
    place: 'Place',
    shared: { post: 'Shared post', reel: 'Shared reel' },
    storyMention: 'Mentioned you in a story',
    storyOver: 'The story has expired',
    cards: (n: number) => (n === 1 ? 'Card' : `${n} cards`),
    does: {
      opens: 'Opens a page',
      answers: 'Answers the app that sent it',
      calls: 'Calls a number',
      other: 'A button',
    } satisfies Record<ButtonDoes, string>,
    times: (n: number) => `${n} ×`,
    order: 'Order',
    orderEmpty: 'Meta tells nothing of what is in it.',
    receipt: {
      title: 'Receipt',
      numbered: (number: string) => `Receipt ${number}`,
      open: 'Open order',
      for: 'For',
      ordered: 'Ordered',
      paid: 'Paid with',
      shippedTo: 'Goes to',
      sums: {
        subtotal: 'Subtotal',
        shipping: 'Shipping',
        tax: 'Tax',
        adjustment: 'Adjustment',
        total: 'Total',
      } satisfies Record<SumKind, string>,
    },
    appointment: {
      noTime: 'Appointment without a time',
      zone: (zone: string) => `meant in the time of ${zone.replaceAll('_', ' ')}`,
      /** After the time in the zone of whoever reads it. `time` is null for a zone that is not known here. */
      inZone: (time: string | null, zone: string) =>
        time === null
          ? `in your time; meant in the time of ${zone.replaceAll('_', ' ')}`
          : `in your time; ${time} in ${zone.replaceAll('_', ' ')}`,
      status: {
        requested: 'Appointment request',
        confirmed: 'Appointment confirmed',
        cancelled: 'Appointment cancelled',
      } as Record<string, string>,
    },
    hidden: {
      disappearing: {
        what: 'Disappearing photo',
        then: 'Only the phone app can show it.',
      },
      empty: {
        what: 'Something was shared that Meta does not give away',
        then: 'Meta’s own inbox can show it.',
      },
      unknown: {
        what: 'Something that this version does not know',
        then: 'Meta’s own inbox can show it.',
      },
    } satisfies Record<HiddenWhy, { what: string; then: string }>,
    /** What Meta calls a kind that is not known, before what can be done. */
    hiddenKind: (kind: string, then: string) => `Kind: ${own(kind)}. ${then}`,
    came: {
      ad: 'Came through an ad',
      leadForm: 'Filled in an ad’s form',
      link: 'Came through a link',
      website: 'Came from the chat on the website',
      product: 'Came from a shop product',
      other: 'Came here, Meta does not say how',
    } satisfies Record<CameByView, string>,
    /** What came along: on a website the page they were on, else a word that somebody put into the link. */
    cameWith: (by: CameByView, text: string) =>
      by === 'website' ? `On ${own(text)}` : `Reference: ${own(text)}`,
    /** Questions of surveys that Meta names by their kind only. */
    question: {
      csat: { name: 'Satisfaction', most: 5 },
      nps: { name: 'Would recommend', most: 10 },
      ces: { name: 'Ease', most: 7 },
      free_form: { name: 'In their words', most: null },
    } as Record<string, { name: string; most: number | null } | undefined>,
    answer: (text: string, most: number | null) => (most === null ? text : `${text} of ${most}`),
  },

  /** What happened without a word. */
  happened: {
    came: 'The customer came here',
    optedIn: (title: string) =>
      title === ''
        ? 'The customer agreed to get messages'
        : `The customer agreed to get: ${own(title)}`,
    optedOut: (title: string) =>
      title === ''
        ? 'The customer no longer wants messages of this kind'
        : `The customer no longer wants: ${own(title)}`,
    linked: 'The customer linked an account',
    unlinked: 'The customer unlinked an account',
    feedback: 'The customer gave feedback',
    thumbUp: 'The customer rated this answer good',
    thumbDown: 'The customer rated this answer bad',
    labelSet: (name: string) => `The label “${own(name)}” was set in Meta’s inbox`,
    labelRemoved: (name: string) => `The label “${own(name)}” was removed in Meta’s inbox`,
  },

  state: {
    held: 'leaving in a moment',
    queued: 'sending',
    waiting: 'waiting to leave',
    sending: 'sending',
    sent: 'sent',
    delivered: 'delivered',
    seen: 'seen',
    refused: 'refused',
    aside: 'put aside, not sent',
    unknown: 'not sure it was sent',
    abandoned: 'given up',
  },

  composer: {
    label: (name: string) => `Reply to ${own(name)}`,
    placeholder: (name: string) => `Write to ${own(name)}`,
    ahead: 'Reply to whoever comes next',
    enterSends: 'Enter sends',
    ctrlEnterNext: (key: string) => `${key}: send and next`,
    shiftEnterSends: 'Shift+Enter sends',
    freeUntil: (when: string) => `Free until ${when}`,
    freeLeft: (time: string) => `${time} left to reply freely`,
    thenLate: (when: string) => `late reply until ${when}`,
    alwaysFree: 'A reply may be sent at any time.',
    late: (time: string) => `Late reply, ${time} left. It leaves marked as written by a person.`,
    refused: 'Nothing can be sent here now.',
    takeThread: 'Assign to me',
    send: 'Send',
    takeAndSend: 'Take and send',
    sendNextHint: (key: string) =>
      `Send and next: goes on to who waits longest and can be answered, and assigns them to you (${key})`,
    sendDone: 'Send and done',
    /** What each of the two says; where there is little room only what comes then. */
    sendAnd: { send: 'Send', next: 'and next', done: 'and done' },
    nobodyElseWaits: 'Nobody else waits here who can be answered',
    sentNotNext: 'Your reply is kept, but the next thread could not be opened.',
    more: 'More ways to send',
    sending: 'Sending',
    count: (n: number, max: number) => `${n} / ${max}`,
    tooLong: (over: number) => `${over} too long`,
    blockedHint: 'Sending is not possible now',
    /** A reply that is kept back for some seconds. */
    held: (name: string) => `Sending your reply to ${own(name)}`,
    heldForRelay: (name: string) =>
      `The relay is away: your reply to ${own(name)} leaves once it answers`,
    despite: (who: string) =>
      `Nobody knows yet whether ${own(who)}’s reply arrived. Send again to answer all the same.`,
    cameBetween: 'A reply came back into this text while you wrote.',
    cameBetweenThen: 'Read it through, then send again to send it all as it stands.',
    draftFailed: 'The draft could not be saved',
    attach: 'Attach files',
    attachHint: (key: string) =>
      `Attach files (${key}). Pictures can be pasted, files dropped here.`,
    files: 'Files of this reply',
    file: (name: string, size: string) => `${own(name)}, ${size}`,
    removeFile: (name: string) => `Remove ${own(name)}`,
    adding: (name: string) => (name === '' ? 'Adding a picture' : `Adding ${own(name)}`),
    notAdded: (name: string) =>
      name === '' ? 'The picture was not added' : `${own(name)} was not added`,
    fileTooLarge: (most: string) => `This file is larger than Meta takes (${most} at most).`,
    fileTooLargeThen: 'Attach a smaller file, or send a link to it.',
    tooManyFiles: (most: number) => `A reply takes at most ${most} files.`,
    drop: (name: string) => `Drop files here to send them to ${own(name)}`,
  },

  /** What is offered while one writes. */
  offers: {
    emoji: 'Emoji',
    canned: 'Canned replies',
    own: 'yours',
    none: 'There are no canned replies yet. Settings, Canned replies, is where they are added.',
    noneOf: 'No canned reply fits this.',
    people: 'Colleagues',
    nobody: 'Nobody of this name works on this account.',
    notSupervisor: 'No supervisor has this name. The note is for supervisors only.',
    peopleFailed: 'Who works on this account could not be read.',
    roles: { agent: '', supervisor: 'supervisor', admin: 'administrator' },
    failed: 'The canned replies could not be read.',
    blanks: (list: string[]) => `Not known here, for you to fill in: ${list.map(own).join(', ')}`,
    keptBack: (blank: string) => `${own(blank)} is not filled in yet.`,
    keptBackThen: 'Fill it in, or send again to send the text as it stands.',
  },

  canned: {
    title: 'Canned replies',
    hint: 'Texts that you write often. In an empty reply, type / and the beginning of a name.',
    variables:
      '{name} stands for the customer, {agent} for you, {account} for the account. Anything else in braces, such as {order number}, is filled in by whoever sends.',
    shared: 'Shared with the team',
    own: 'Only yours, on this computer',
    empty: 'There are none yet',
    emptyThen: 'Add one, then type / in an empty reply to use it.',
    failed: 'The canned replies could not be read',
    unsaved: 'Not saved yet. Save it, or cancel to throw it away.',
    add: 'Add a reply',
    change: 'Change',
    changeOf: (name: string) => `Change ${own(name)}`,
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${own(name)}`,
    removeNow: 'Remove it',
    keep: 'Keep it',
    name: 'Name',
    text: 'Text',
    share: 'Share it with the team',
    shareNot: 'Supervisors and administrators share replies with the team.',
    taken: 'There is a reply of this name already.',
    nameLeft: (n: number) =>
      n > 0
        ? `${n} ${plural(n, 'character', 'characters')} left`
        : 'A name has at most 40 characters, and this one has them.',
    save: 'Save',
    cancel: 'Cancel',
  },

  status: {
    label: 'State of this desk',
    waiting: (n: number) => `${n} ${plural(n, 'reply waits', 'replies wait')} to leave`,
    waitingWords:
      'They leave as soon as they can. Where Meta shows that the customer wrote first, the reply comes back to its composer.',
    /** `when`: "at 14:29", "tomorrow 14:29". */
    throttled: (when: string | null) => `Meta is throttling; sent again ${when ?? 'any moment'}.`,
    throttledFirst: (when: string | null) => `The first is sent again ${when ?? 'any moment'}.`,
    checking: (n: number) => `${n} ${plural(n, 'reply', 'replies')} being checked`,
    checkingWords:
      'The answer to a send was cut off. Baton asks Meta whether the message arrived, and sends nothing twice.',
    unsure: (n: number) => `Not sure ${n} ${plural(n, 'reply was', 'replies were')} sent`,
    unsureWords:
      'Baton looked, and Meta does not show that they arrived. Nothing is sent again by itself.',
    unsureThen:
      'Ask the customer or look in Meta’s inbox, then send them again or close them in their threads.',
    notSent: (n: number) => `${n} not sent`,
    notSentWords:
      'Meta refused a reply in these threads, or it came back to the composer. Nothing is sent by itself.',
    notSentThen: 'Open the thread: it says why. Send the reply again, change it, or put it aside.',
    lapsing: (n: number) =>
      `${n} ${plural(n, 'thread of yours lapses', 'threads of yours lapse')} soon`,
    lapsingWords:
      'Baton loses control there within the hour, and another app may answer then. Answer, or keep the thread for longer.',
    lapsingOpen: (name: string, time: string) => `${own(name)}, in ${time}`,
    doubtful: 'Time not certain',
    doubtfulWords:
      'The clock of this computer jumped, and Meta has not been heard since. Deadlines shown here may be off.',
    unread: 'The state of this desk could not be read',
    health: { good: 'well', busy: 'busy', bad: 'not well', unknown: 'not known yet' },
    account: {
      notConnected: 'Not connected.',
      noWebhook: 'Nothing came from Meta yet',
      lastWebhook: (when: string) => `Last heard from Meta: ${when}`,
      relayHeard: 'connected to the relay',
      relayAway: 'not connected to the relay',
      whole: 'Everything the relay has is here.',
      lacks: (n: number, of: number) =>
        `${n} of ${of} older ${plural(of, 'event', 'events')} still to be read from the relay.`,
      missed: (n: number) =>
        `${n} ${plural(n, 'message', 'messages')} did not arrive by ${plural(n, 'itself', 'themselves')} and ${plural(n, 'was', 'were')} found by asking Meta.`,
    },
  },

  /** What a banner offers, where something can be done right there. */
  problem: {
    deskRevoked: 'Use a new invite',
    tokenDead: 'Reconnect',
    tokensDead: 'Reconnect them',
    repaired: 'Understood',
    support: 'Open Meta’s support inbox',
    look: 'Look at the account',
    tryNow: 'Try now',
  },

  details: {
    label: 'Details',
    thread: 'Thread',
    account: 'Account',
    assignee: 'Assignee',
    nobody: 'Nobody',
    youAre: (name: string) => `${own(name)} (you)`,
    status: 'Status',
    statusWords: {
      open: 'Open',
      waitingOnCustomer: 'Waiting on customer',
      snoozed: 'Snoozed',
      done: 'Done',
    },
    snoozedUntil: (when: string) => `Snoozed until ${when}`,
    waiting: 'Waiting',
    notWaiting: 'No',
    waitingSinceCame: (time: string) => `${time}, since the thread came to Baton`,
    freeUntil: 'Reply freely until',
    lateUntil: 'Late reply until',
    free: 'Reply freely',
    late: 'Late reply',
    past: (when: string) => `over since ${when}`,
    held: 'Who held it',
    heldNone: 'Nothing is known yet.',
    customerId: 'Customer id',
    name: 'Name',
    nameFrom: {
      meta: 'As Meta gives it.',
      hand: 'Written by the team.',
      nobody: 'Meta does not give this name.',
    } satisfies Record<NameFrom, string>,
    notApproved: 'Name not approved by Meta yet.',
    notKnownYet: 'Not known yet.',
    rename: 'Rename',
    renameTitle: (name: string) => `What is ${own(name)} called?`,
    renameLabel: 'Name',
    renameHint: 'The whole team sees it. Meta and the customer do not.',
    renameSave: 'Save',
    renameBack: 'Back to Meta’s name',
    renaming: (name: string) => `“${own(name)}” is being told to the team.`,
    noName: 'no name yet',
  },

  /** What is done with a message besides answering it in words. */
  gestures: {
    tools: 'What can be done with this message',
    answer: 'Reply to this message',
    answering: 'Reply to',
    nothingToAnswer: 'There is no message of the customer here to reply to',
    nothingToReactTo: 'There is no message of the customer here to react to',
    noReactions: 'Reactions cannot be sent on this channel',
    noAnswer: 'Do not reply to a certain message (Esc)',
    leftOut: 'left out: Meta takes a quote only within 24 hours',
    react: 'React',
    choose: 'Choose a reaction',
    offerTitle: 'Buttons for the customer: quick replies, each an answer with one tap',
    offers: 'Buttons for the customer that this reply brings',
    newOffer: 'Text of a button',
    offerHint: (chars: number) => `Enter adds it. Up to ${chars} characters.`,
    offerCount: (n: number, most: number) =>
      `${n} of ${most} quick ${plural(most, 'reply', 'replies')}`,
    full: (most: number) => `These are ${most}, and Meta takes no more.`,
    removeOffer: (title: string) => `Remove ${own(title)}`,
    shown: 'Seen',
    seen: 'Show as seen',
    seenHint: 'Shows the customer that everything so far was read',
    seenDone: (name: string) => `${own(name)} is shown that everything was read`,
    seenBy: {
      onReply: 'Customers are shown that you read their messages when you answer.',
      onOpen: 'Customers are shown that you read their messages when you open them.',
      byHand: 'Customers are not shown that you read their messages.',
    },
  },

  /** Who is there. */
  presence: {
    states: {
      online: 'Online',
      away: 'Away',
      transfersOnly: 'Transfers only',
      offline: 'Offline',
      unknown: 'Not known',
    } satisfies Record<PresenceState, string>,
    /** Under one's own picture. */
    short: {
      online: 'Online',
      away: 'Away',
      transfersOnly: 'Transfers',
      offline: 'Offline',
      unknown: 'Not known',
    } satisfies Record<PresenceState, string>,
    means: {
      online: 'You get new threads.',
      away: 'You get no new threads.',
      transfersOnly: 'You get only threads that somebody hands to you.',
      offline: 'As if Baton were closed: nobody sees what you read and write.',
      unknown: '',
    } satisfies Record<PresenceState, string>,
    choose: 'Whether you are there',
    mine: (state: string) => `You are: ${state.toLowerCase()}`,
    wentAway:
      'You are away because nothing was touched for ten minutes. You come back by yourself.',
    team: 'Colleagues',
    alone: 'Nobody else works on your accounts.',
    unknown: 'While the relay does not tell, nobody knows who is there.',
    /** On a row of the list. */
    lookingAt: (people: SomeoneThere[]) =>
      eachDoes(people, {
        writesReply: 'typing a reply here',
        writesNote: 'writing a note here',
        reads: 'looking at this',
      }),
    /** In the open thread. */
    here: (people: SomeoneThere[]) =>
      eachDoes(people, { writesReply: 'typing…', writesNote: 'writing a note…', reads: 'here' }),
    /** Beside one's own reply. */
    replies: (names: string[]) =>
      `${named(names)} ${plural(names.length, 'is', 'are')} typing a reply here too`,
    /** In one's own window. */
    setOffline: (by: string, left: number) => {
      const what = `${own(by)} set you offline. You get no new threads.`;
      if (left === 0) return what;
      return `${what} ${left} of yours went back to the queue, with what you were writing there.`;
    },
    goOnline: 'Go online',
    goesAway: 'Away after ten minutes without a key or the mouse',
    goesAwayHint: 'You come back by touching something. When off, you stay as you chose.',
  },

  /** Somebody falls out: their threads go to the queue. */
  returning: {
    act: 'Set offline …',
    hint: (name: string) => `Set ${own(name)} offline and return their threads to the queue`,
    title: (name: string) => `Set ${own(name)} offline`,
    /** Of somebody who works there no more, and has threads there still. */
    actOnly: 'Return threads …',
    hintOnly: (name: string) => `Return the threads of ${own(name)} to the queue`,
    titleOnly: (name: string) => `Return the threads of ${own(name)}`,
    goOnly: (n: number) => `Return ${n} ${plural(n, 'thread', 'threads')}`,
    goingOnly: 'Returning threads …',
    didOnly: (name: string, n: number) =>
      n === 0
        ? `${own(name)} has no threads any more`
        : `${n} ${plural(n, 'thread', 'threads')} of ${own(name)} went to the queue`,
    offline: (name: string) =>
      `${own(name)} is shown as offline and gets no new threads until they go online again.`,
    threads: (n: number) => `${n} ${plural(n, 'thread goes', 'threads go')} to the queue:`,
    none: (name: string) => `${own(name)} has no open threads on accounts that you supervise.`,
    isOff: (name: string) =>
      `${own(name)} is offline already and has no open threads on accounts that you supervise.`,
    on: (n: number) => `${n} ${plural(n, 'thread', 'threads')}`,
    drafts: 'What they were writing there is shown to whoever goes on.',
    looking: 'Looking what they have',
    cancel: 'Cancel',
    go: (n: number) =>
      n === 0 ? 'Set offline' : `Set offline and return ${n} ${plural(n, 'thread', 'threads')}`,
    going: 'Setting offline …',
    /** What became of it. */
    did: (name: string, n: number) =>
      n === 0
        ? `${own(name)} is offline`
        : `${own(name)} is offline, ${n} ${plural(n, 'thread', 'threads')} went to the queue`,
    failed: (accounts: string[], why: string) =>
      `Not all of their threads of ${named(accounts)} went there: ${why}`,
  },

  /** What somebody was writing from whom a thread was taken. */
  handed: {
    label: (by: string) => `What ${own(by)} was writing`,
    title: (by: string) => `Draft of ${own(by)}, handed over when the thread moved`,
    /** Its files do not come along. */
    files: (by: string, names: string[]) =>
      `${names.length} ${plural(names.length, 'file', 'files')} stayed on the desk of ${own(by)}: ${names.map(own).join(', ')}`,
    use: 'Use it',
    add: 'Add it to your reply',
    discard: 'Discard',
    discarded: 'The draft was put aside on this desk',
  },

  /** A reply that waits on somebody else's desk. */
  replyWaits: {
    on: (name: string) =>
      `A reply is waiting on the desk of ${own(name)}. It may leave when that desk comes back.`,
    mine: 'A reply of yours is waiting on another computer. It may leave when that one comes back.',
    short: (name: string) => `on the desk of ${own(name)}`,
    shortMine: 'on another computer of yours',
    label: 'A reply waits',
  },

  /** Whom a thread is given to. */
  assigning: {
    give: 'Give to …',
    title: (name: string) => `Give ${own(name)} to`,
    find: 'Name',
    queue: 'The queue, to nobody',
    you: (name: string) => `${own(name)} (you)`,
    now: 'works on it now',
    none: 'Nobody of this name works on this account.',
    failed: 'Who works on this account could not be read.',
    given: (name: string, to: string) => `${own(name)} is ${own(to)}’s now`,
    /** Why an agent cannot move a thread. */
    theirs: (agent: string) =>
      `${own(agent)} works on this thread. Ask ${own(agent)} or a supervisor to give it to you.`,
    theirsToGive: (agent: string) =>
      `${own(agent)} works on this thread. Only ${own(agent)} or a supervisor can give it to somebody.`,
    /** Why an agent cannot change how a thread stands. */
    theirsToSet: (agent: string) =>
      `${own(agent)} works on this thread. Only ${own(agent)} or a supervisor can say that it is done, snooze it or open it again.`,
    onlySelf:
      'Nobody works on this thread. You can take it yourself; supervisors give it to others.',
  },

  /** What is urgent. */
  priority: {
    title: 'Priority',
    urgent: 'Urgent',
    normal: 'Normal',
    mark: 'Mark urgent',
    unmark: 'Not urgent any more',
    pending: 'Urgent here; the team is told once the relay answers',
    isUrgent: (name: string) => `${own(name)} is urgent`,
    isNot: (name: string) => `${own(name)} is not urgent any more`,
    escalate: 'Escalate …',
    escalateTitle: (name: string) => `Escalate ${own(name)}`,
    why: 'Why, in a line',
    whyHint: 'Marks the thread urgent and tells its supervisors why, in a private note.',
    escalateNow: 'Escalate',
    cancel: 'Cancel',
    unsaved: 'Not escalated yet. Escalate it, or cancel to throw this away.',
    escalated: (name: string) => `The supervisors are told about ${own(name)}`,
    more: 'More',
  },

  /** What a team sorts its threads by. */
  labels: {
    title: 'Labels',
    of: 'Labels:',
    set: 'Labels …',
    hint: 'Labels are for the whole team. Everybody puts them on threads; customers never see them.',
    empty: 'There are none yet',
    emptyThen: 'Add one, then press L in a thread to put it on.',
    emptyNot: 'Supervisors and administrators add them.',
    failed: 'The labels could not be read',
    mayNot: 'Supervisors and administrators add, change and remove labels.',
    full: (most: number) => `There are ${most} labels, and no more can be added.`,
    add: 'Add a label',
    change: 'Change',
    changeOf: (name: string) => `Change ${own(name)}`,
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${own(name)}`,
    removing: (name: string) => `Every thread loses ${own(name)}. This cannot be undone.`,
    removeNow: 'Remove it',
    keep: 'Keep it',
    name: 'Name',
    nameLeft: (n: number) =>
      n > 0 ? `${n} ${plural(n, 'character', 'characters')} left` : 'The name cannot be longer.',
    tooLong: (n: number) => `${n} ${plural(n, 'character', 'characters')} too many`,
    taken: 'There is a label of this name already.',
    colour: 'Colour',
    colours: {
      grey: 'Grey',
      red: 'Red',
      orange: 'Orange',
      yellow: 'Yellow',
      green: 'Green',
      teal: 'Teal',
      blue: 'Blue',
      indigo: 'Indigo',
      purple: 'Purple',
      pink: 'Pink',
    },
    unsaved: 'Not saved yet. Save it, or cancel to throw it away.',
    save: 'Save',
    cancel: 'Cancel',
    /** Where a thread gets its labels. */
    titleOf: (name: string) => `Labels of ${own(name)}`,
    titleOfMany: (n: number) => `Labels of ${n} ${plural(n, 'thread', 'threads')}`,
    find: 'Name',
    none: 'No label has this name.',
    manage: 'Change which labels there are',
    away: 'The relay is away: the team sees what you change once it answers.',
    putOn: 'Put on',
    takeOff: 'Take off',
    pending: {
      on: (name: string) => name,
      puttingOn: (name: string) => `${own(name)}: the team sees it once the relay answers`,
      takingOff: (name: string) => `${own(name)}: it goes once the relay answers`,
    } satisfies Record<LabelState, (name: string) => string>,
  },

  /** Setting a thread aside until a moment. */
  snooze: {
    title: (name: string) => `Snooze ${own(name)}`,
    titleOfMany: (n: number) => `Snooze ${n} ${plural(n, 'thread', 'threads')}`,
    hint: 'It comes back at its time, or as soon as the customer writes.',
    inAnHour: 'In 1 hour',
    laterToday: 'Later today',
    tomorrow: 'Tomorrow',
    monday: 'Monday',
    nextMonday: 'Next Monday',
    own: 'At a date and time of your own',
    date: 'Date',
    time: 'Time',
    dateHint: 'Year, month and day: 2026-11-30',
    timeHint: 'Hours and minutes: 09:00',
    wakes: (when: string) => `It wakes ${when}.`,
    fault: {
      none: 'There is no such moment.',
      past: 'That is over already.',
      far: 'That is more than a year away.',
    },
    /** What ends before it wakes. */
    past: {
      free: (when: string) => `The time to reply freely ends ${when}, before it wakes.`,
      late: (when: string) => `The time for a late reply ends ${when}, before it wakes.`,
      control: (when: string) => `Baton loses the thread ${when}, before it wakes.`,
    },
    now: 'Snooze',
    wake: 'Wake it now',
    slept: (name: string, when: string) => `${own(name)} sleeps until ${when}`,
    woken: (name: string) => `${own(name)} is awake`,
  },

  /** Which threads of a view are shown. */
  filter: {
    title: 'Filter',
    long: 'Show only some threads',
    account: 'Account',
    anyAccount: 'All accounts',
    channel: 'Channel',
    anyChannel: 'Both channels',
    label: 'Label',
    anyLabel: 'Any label',
    goneLabel: 'A label that was removed',
    on: 'Only these are shown',
    only: (name: string) => `Only ${own(name)}`,
    take: (name: string) => `Show more than ${own(name)}`,
    clear: 'Show all',
    save: 'Save as a view',
    change: 'Save the view',
  },

  /** Views that an agent keeps. */
  savedViews: {
    title: 'Saved views',
    short: 'Saved',
    manage: 'Rename and remove saved views',
    more: 'Edit',
    open: (name: string, waiting: number) =>
      waiting > 0 ? `${own(name)}: ${waiting} to answer` : name,
    gone: (name: string) => `${own(name)}: its label was removed`,
    saveTitle: 'Save this view',
    what: 'Only on this computer, for you.',
    name: 'Name',
    nameLeft: (n: number) =>
      n > 0 ? `${n} ${plural(n, 'character', 'characters')} left` : 'The name cannot be longer.',
    taken: 'There is a view of this name already.',
    full: (most: number) =>
      `There are ${most} saved views, and no more can be kept. Remove one first.`,
    saveNew: 'Save as a new view',
    save: 'Save',
    saveOver: (name: string) => `Save ${own(name)}`,
    cancel: 'Cancel',
    rename: 'Rename',
    renameOf: (name: string) => `Rename ${own(name)}`,
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${own(name)}`,
    removed: (name: string) => `The view ${own(name)} was removed`,
    saved: (name: string) => `The view ${own(name)} was saved`,
    empty: 'There are none yet',
    emptyThen: 'Choose a view and a filter, then save it under a name.',
    failed: 'The saved views could not be read',
  },

  /** What is done with many threads at once. */
  many: {
    label: 'Threads that are picked',
    picked: (n: number) => `${n} picked`,
    all: 'Pick all loaded',
    none: 'Pick none',
    full: (most: number) => `At most ${most} threads at once: these are the first ${most}.`,
    acts: {
      assign: 'Assign',
      done: 'Done',
      snooze: 'Snooze',
      waitOnCustomer: 'Waiting on customer',
      label: 'Label',
      markRead: 'Mark read',
    },
    /** The same on the buttons of the bar, which is as narrow as the list. */
    short: {
      assign: 'Assign',
      done: 'Done',
      snooze: 'Snooze',
      waitOnCustomer: 'Waiting',
      label: 'Label',
      markRead: 'Read',
    } satisfies Record<ManyAct['act'], string>,
    assignTitle: (n: number) => `Give ${n} ${plural(n, 'thread', 'threads')} to`,
    notOnAll: (n: number) => `not on ${n} of these accounts`,
    looking: 'Looking which of them it goes for',
    /** What would be done, before it is. */
    asks: {
      assign: (n: number, to: string | null) =>
        to === null
          ? `Give ${n} ${plural(n, 'thread', 'threads')} back to the queue`
          : `Give ${n} ${plural(n, 'thread', 'threads')} to ${own(to)}`,
      done: (n: number) => `Set ${n} ${plural(n, 'thread', 'threads')} done`,
      snooze: (n: number, when: string) =>
        `Snooze ${n} ${plural(n, 'thread', 'threads')} until ${when}`,
      waitOnCustomer: (n: number) =>
        `Set ${n} ${plural(n, 'thread', 'threads')} to waiting on customer`,
      putOn: (n: number, label: string) =>
        `Put ${own(label)} on ${n} ${plural(n, 'thread', 'threads')}`,
      takeOff: (n: number, label: string) =>
        `Take ${own(label)} off ${n} ${plural(n, 'thread', 'threads')}`,
      markRead: (n: number) => `Mark ${n} ${plural(n, 'thread', 'threads')} read`,
    } satisfies Record<Exclude<ManyAct['act'], 'label'> | 'putOn' | 'takeOff', unknown>,
    nothing: 'It goes for none of these threads',
    stay: (n: number) => `${n} ${plural(n, 'stays', 'stay')} as ${plural(n, 'it is', 'they are')}:`,
    why: {
      alreadySo: 'stands so already',
      ofAnother: 'a colleague works on it, and you are no supervisor there',
      notForOthers: 'nobody works on it, and only supervisors give it to others',
      noRole: 'whoever gets it does not work on its account',
      blocked: 'its customer is blocked',
      gone: 'it is not on this desk any more',
    } satisfies Record<Hindrance, string>,
    nameless: (n: number) => `${n} ${plural(n, 'thread', 'threads')} that this desk has no more`,
    andMore: (n: number) => `and ${n} more`,
    pastDeadline: (n: number) =>
      n === 1
        ? 'One of them sleeps past the end of its time to answer, or of control.'
        : `${n} of them sleep past the end of their time to answer, or of control.`,
    cancel: 'Cancel',
    close: 'Close',
    doing: (at: number, of: number) => `${at} of ${of} threads`,
    undoing: (at: number, of: number) => `Taking back: ${at} of ${of} threads`,
    stop: 'Stop',
    /** What became of it. */
    did: {
      assign: (n: number) => `${n} ${plural(n, 'thread was', 'threads were')} given`,
      done: (n: number) => `${n} ${plural(n, 'thread is', 'threads are')} done`,
      snooze: (n: number) => `${n} ${plural(n, 'thread sleeps', 'threads sleep')}`,
      waitOnCustomer: (n: number) =>
        `${n} ${plural(n, 'thread is', 'threads are')} waiting on customer`,
      label: (n: number) => `The label of ${n} ${plural(n, 'thread was', 'threads was')} set`,
      markRead: (n: number) => `${n} ${plural(n, 'thread is', 'threads are')} read`,
    } satisfies Record<ManyAct['act'], (n: number) => string>,
    stayed: (n: number) => `${n} stayed as ${plural(n, 'it was', 'they were')}`,
    lost: (n: number) => `${n} ${plural(n, 'was', 'were')} moved by a colleague first`,
    failed: (n: number, why: string) => `${n} did not work: ${why}`,
    away: (n: number) => `The relay went away before ${n} of them`,
    stopped: (n: number) => `${n} were left out, because you stopped it`,
    back: (n: number) => `${n} ${plural(n, 'thread stands', 'threads stand')} as before`,
    moved: (n: number) =>
      `${n} ${plural(n, 'was', 'were')} moved meanwhile and ${plural(n, 'stays', 'stay')}`,
    busy: 'Threads are being changed. Wait until that is done, or stop it.',
  },

  /** The supervisor's board. */
  board: {
    title: 'Board',
    open: 'Board: every thread, by agent',
    ownWindow: 'Own window',
    ownWindowHint: 'Open the board in a window of its own',
    leave: 'Back to the inbox',
    failed: 'The board could not be read',
    agentsFailed: 'Who has what to do could not be read',
    forSupervisors: 'The board is for supervisors',
    forSupervisorsWhat:
      'On none of your accounts you are a supervisor or an admin. An admin can change that under Settings, People.',
    offline:
      'The relay is away: threads are shown as this desk knew them last, and none can be moved until it is back.',
    /** Where the threads are that are not on the board. */
    asleep: 'Snoozed threads are not here until they wake.',
    asleepInInbox:
      'Snoozed threads are not here until they wake; the inbox’s view Snoozed has them.',
    showAsleep: 'Show them',
    sortLabel: 'Order',
    sort: {
      breach: 'Ends first',
      wait: 'Longest wait first',
      assignee: 'By agent',
    } satisfies Record<BoardSort, string>,
    anyStatus: 'Any status',
    statusLabel: 'Status',
    status: {
      open: 'Open',
      waitingOnCustomer: 'Waiting on customer',
    } satisfies Record<BoardStatus, string>,
    onlyWaiting: 'Only who needs a reply',
    agents: 'Agents',
    findAgent: 'Find an agent',
    noAgent: 'Nobody of this name works on these accounts.',
    nobodyElse: 'Nobody works on these accounts yet. People are invited under Settings, People.',
    queue: 'Queue',
    everybody: 'Everybody',
    hidden: 'A colleague',
    columnOf: (name: string, n: number | null) =>
      n === null ? own(name) : `${own(name)}: ${n} ${plural(n, 'thread', 'threads')}`,
    showColumn: (name: string) => `Show a column of ${own(name)}`,
    hideColumn: (name: string) => `Take the column of ${own(name)} away`,
    load: (open: number, limit: number | null) =>
      limit === null ? `${open} open` : `${open} of ${limit}`,
    loadLong: (open: number, limit: number | null) =>
      limit === null
        ? `${open} open ${plural(open, 'thread', 'threads')}`
        : `${open} of ${limit} open threads`,
    full: 'full',
    /** What somebody has on an account that is known. */
    has: hasOf,
    onAccount: (on: BoardAccount) => `${own(on.name)} ${hasOf(on)}`,
    onCustomer: (n: number) => `${n} more ${plural(n, 'waits', 'wait')} on the customer`,
    fullOn: (accounts: string[]) => `Full on ${accounts.map(own).join(', ')}`,
    /** Beside a load that is of several accounts. */
    fullThere: (accounts: string[]) => `full on ${accounts.map(own).join(', ')}`,
    /** How many tags of a card do not fit. */
    moreTags: (n: number) => `+${n}`,
    notHereNow: 'no role any more',
    oldest: (wait: string) => `waits ${wait}`,
    oldestLong: (wait: string) => `Longest wait: ${wait}`,
    due: (n: number) => `${n} due`,
    dueLong: (n: number) =>
      `Of ${n} ${plural(n, 'thread', 'threads')} window, late window or control ends within an hour`,
    nothingDue: 'Nothing ends within an hour',
    waits: (time: string) => `waiting ${time}`,
    endsIn: (time: string) => `${time} left`,
    endsInLong: (time: string) => `In ${time} the window, the late window or control ends`,
    waitingOnCustomer: 'customer’s turn',
    going: (to: string) => `going to ${own(to)}`,
    emptyQueue: 'Nothing waits in the queue.',
    emptyOf: (name: string) =>
      `${own(name)} has no open threads. Drop threads here to hand them over.`,
    emptyAll: 'No thread is open.',
    emptyFiltered: 'Nothing here that fits the filters.',
    giveTitle: (n: number, name: string) =>
      n === 1 ? `Give ${own(name)} to` : `Give ${n} threads to`,
    find: 'Name',
    toQueue: 'The queue, to nobody',
    none: 'Nobody of this name is on the board.',
    gave: (n: number, to: string) =>
      `${n} ${plural(n, 'thread is', 'threads are')} ${own(to)}’s now`,
    gaveBack: (n: number) => `${n} ${plural(n, 'thread is', 'threads are')} in the queue now`,
    asks: (n: number, to: string) => `Give ${n} ${plural(n, 'thread', 'threads')} to ${own(to)}`,
    fullTitle: (name: string) => `${own(name)} is full`,
    fullWhat: (name: string, open: number, limit: number, account: string) =>
      `${own(name)} has ${open} open ${plural(open, 'thread', 'threads')} on ${own(account)}; the rules of its queue give ${limit} at most.`,
    fullThen: 'You can hand threads over all the same. It can be taken back.',
    /** Whoever gets them is not there. */
    awayTitle: (name: string, state: 'away' | 'offline') => `${own(name)} is ${state}`,
    awayWhat: (name: string, state: 'away' | 'offline', n: number) =>
      `${own(name)} is ${state} and may not see ${plural(n, 'it', 'them')}.`,
    keep: 'Leave them where they are',
    anyway: 'Give anyway',
    giving: 'Giving …',
    dragging: (n: number) => `${n} ${plural(n, 'thread', 'threads')}`,
    /** Over the column of everybody, which takes nothing. */
    notThere: 'Not here: drop it on an agent or on the queue',
    filters: 'Filters',
    notInWindow: 'This window shows the board. Searching and lists are in the inbox.',
    inOwn: 'The board is in its own window.',
  },

  /** Private notes. */
  notes: {
    write: 'Note',
    writeHint: 'Write a private note: only your team sees it',
    begun: ', one is begun',
    label: (name: string) => `Private note about ${own(name)}`,
    placeholder: 'A note for your team. @ mentions a colleague.',
    lead: 'Private note',
    by: (name: string) => `Private note of ${own(name)}`,
    never: 'Only your team sees it. It never goes to the customer.',
    back: 'Back to the reply',
    add: 'Add note',
    added: (name: string | null) =>
      name === null
        ? 'Note added. What you write next is a reply.'
        : `Note added. What you write next goes to ${own(name)}.`,
    enterAdds: 'Enter adds it',
    shiftEnterAdds: 'Shift+Enter adds it',
    supervisorsOnly: 'Only for supervisors',
    supervisorsOnlyHint:
      'Supervisors, administrators and you are shown it. It is in the records of this account all the same.',
    forSupervisors: 'for supervisors',
    pending: 'on its way to the team',
    pendingLong: 'Colleagues see it once the relay answers.',
    mentions: 'Mentions',
    you: 'you',
    remove: 'Remove this note',
    removing: 'Removing a note, for the whole team',
    goes: 'This note is being removed.',
    draftFailed: 'What you wrote could not be saved',
    cameBetween: 'A note that was not added came back into this text while you wrote.',
    cameBetweenThen: 'Read it through, then add it again as it stands.',
    notInNotes: 'Files cannot be added to a note. Go back to the reply to send them.',
  },

  /** What is told wherever one is. */
  alerts: {
    /** `mine`: whoever reads this works on the thread; else it is on their screen. */
    passed: (by: string, name: string, mine: boolean) =>
      `${own(by)} handed ${own(name)}’s thread to ${mine ? 'you' : 'Baton'}`,
    what: 'Tell me when',
    kinds: {
      message: 'A customer writes in a thread of mine',
      assigned: 'A thread is given to me',
      mention: 'A note mentions me',
      shutting: 'The time to answer in a thread of mine ends soon',
    } satisfies Record<AlertKind, string>,
    popup: 'Notification',
    sound: 'Sound',
    listen: 'Listen',
    listenTo: (kind: string) => `Listen: ${kind}`,
    volume: 'Volume',
    quiet: {
      title: 'Do not disturb',
      short: 'Quiet',
      hint: 'No notifications and no sounds. What waits is counted all the same.',
      off: 'Off',
      hour: 'For an hour',
      morning: 'Until the morning',
      on: 'Until I switch it off',
      until: (when: string) => `Do not disturb until ${when}`,
      begun: 'Do not disturb is on until you switch it off',
      ended: 'You are told again of what happens',
      turnOff: 'Switch off',
    },
    ends: {
      title: 'Before the time to answer ends',
      far: 'Tell me first',
      near: 'And once more',
      minutes: 'minutes before',
      hint: 'When the 24 hours after a customer wrote end, or when Baton is about to lose the thread: only for threads of mine whose customer waits. 0 is never.',
    },
    onDesktop: 'On the desktop',
    hideText: 'Hide names and messages',
    hideTextHint: 'Notifications say only “New message”, for a screen that others see.',
    tray: 'An icon with the count in the tray',
    trayHint: 'A click on it brings the window to the front.',
    noTray: 'This desktop shows no tray now. The icon comes as soon as there is one.',
    keepInTray: 'Keep running in the tray when the window is closed',
    keepInTrayHint:
      'You go on being told. The menu of the icon ends Baton. Without a tray, closing the window ends it.',
    tryOne: 'Show a test notification',
    tried: {
      desktop: 'Your desktop shows it.',
      window: 'It is shown here in the window.',
    },
    failed: 'What you are told of could not be read.',
  },

  /** Keeping a customer away. */
  blocking: {
    title: 'Block',
    stands: {
      no: 'This customer can write.',
      blocked: 'Blocked: nothing arrives, and nothing can be sent.',
      spam: 'Blocked as spam: nothing arrives, and nothing can be sent. Meta’s own inbox has the thread under spam.',
    } satisfies Record<BlockView, string>,
    tag: { blocked: 'Blocked', spam: 'Spam' },
    pending: 'The team is told once the relay answers.',
    mayNot: 'Supervisors and administrators block and unblock customers.',
    block: 'Block',
    blockHint: 'Meta lets nothing through any more, either way',
    spam: 'Spam',
    spamHint: 'Blocks the customer, and moves the thread to spam in Meta’s own inbox',
    unblock: 'Unblock',
    held: {
      no: (name: string) => `Unblocking ${own(name)}`,
      blocked: (name: string) => `Blocking ${own(name)}, for the whole team`,
      spam: (name: string) => `Blocking ${own(name)} as spam, for the whole team`,
    } satisfies Record<BlockView, (name: string) => string>,
    done: {
      no: (name: string) => `${own(name)} can write again`,
      blocked: (name: string) => `${own(name)} is blocked`,
      spam: (name: string) => `${own(name)} is blocked as spam`,
    } satisfies Record<BlockView, (name: string) => string>,
  },

  /** The window is to be closed. */
  closing: {
    title: (n: number) => {
      if (n === 0) return 'Every reply has left now';
      return n === 1 ? 'One reply has not left yet' : `${n} replies have not left yet`;
    },
    held: 'Closed now, it becomes a draft.',
    waits: 'It leaves when Baton is opened again, if it may be sent then.',
    more: (n: number) => `And ${n} more.`,
    stay: 'Stay',
    quit: 'Close Baton',
  },

  accounts: {
    label: 'Accounts',
    none: 'This desk may read no account. Ask an administrator for an invite that names one.',
    back: 'All accounts',
    allWell: 'All is well',
    someUnwell: 'an account is not well',
    roles: { agent: 'Agent', supervisor: 'Supervisor', admin: 'Administrator' },
    connect: 'Connect',
    reconnect: 'Reconnect',
    facts: {
      connection: 'Connection',
      token: 'Page token',
      tokenRights: 'Its rights',
      tokenEnd: 'It ends',
      subscription: 'Events from Meta',
      appSubscription: 'Events to the relay',
      lastWebhook: 'Last heard',
      policy: 'Standing with Meta',
      routing: 'Routing',
      defaultApp: 'Answers first',
      humanAgent: 'Late replies',
      names: 'Customers’ names',
      missed: 'Found by looking',
    } satisfies Record<AccountFactKind, string>,
    states: {
      good: 'well',
      note: 'for your information',
      warning: 'needs a look',
      bad: 'not well',
    } satisfies Record<AccountFactState, string>,
    tokenWorks: 'works',
    tokenWorkedAt: (time: string) => `worked at ${time}`,
    tokenWorked: (when: string) => `worked when last asked, ${when}`,
    since: (when: string, age: string) => `${when}, ${age} ago`,
    until: (when: string, time: string) => `${when}, in ${time}`,
    check: 'Check now',
    tryToken: 'Try the token again',
    tryTokenHint: 'Asks Meta once more. If it takes the token again, nobody has to connect anew.',
    checking: 'Asking Meta',
    checked: (when: string) => `Last checked with Meta: ${when}`,
    neverChecked: 'Not checked with Meta yet',
    checkedNow: (name: string) => `${own(name)} was checked with Meta`,
    history: {
      label: 'Older messages',
      pause: 'Pause',
      goOn: 'Go on',
      paused: (name: string) => `Older messages of ${own(name)} are not read for now`,
      goesOn: (name: string) => `Older messages of ${own(name)} are read again`,
    },
    handBack: {
      label: 'When an agent is done',
      on: (app: string) => `Hand the thread back to ${own(app)}`,
      toDefault: 'Hand the thread back to the app that answers first',
      hint: 'Ten seconds after Done, unless it was taken back. For the whole team.',
      mayNot: 'A supervisor or an administrator chooses it.',
    },
    queue: {
      label: 'Queue',
      way: 'New threads',
      ways: {
        manual: 'Agents take them',
        roundRobin: 'Given out in turn',
      },
      wayHints: {
        manual: 'Whoever is free takes the next one.',
        roundRobin:
          'Whoever is online and has room gets the next one, the longest wait first. Nobody who is away gets any.',
        unknown: 'Another version of Baton chose a way that this one does not know.',
      } satisfies Record<QueueWayView, string>,
      /** Before threads are given out in turn. */
      giveOut: {
        title: (account: string) => `Give out the threads of ${own(account)} in turn`,
        waiting: (n: number, people: number) => {
          if (n === 0) return 'Nobody waits in the queue now. Whoever writes next is given out.';
          const wait = `${n} ${plural(n, 'thread waits', 'threads wait')} in the queue now.`;
          if (people === 0)
            return `${wait} Nobody is online and has room: they go out as soon as somebody is.`;
          return `${wait} They are given at once, the longest wait first, one after another to:`;
        },
        has: (open: number, limit: number) => `has ${open} of ${limit}`,
        then: 'You can go back to agents taking them. What was given by then stays with whoever has it.',
        go: 'Give out in turn',
        cancel: 'Cancel',
      },
      chosen: {
        roundRobin: (account: string) => `Threads of ${own(account)} are given out in turn now`,
        manual: (account: string) =>
          `Agents take the threads of ${own(account)} themselves now; what was given out stays`,
      },
      limit: 'Open threads of one agent at most',
      limitHint: (most: number) =>
        `From 1 to ${most}. Threads that people take or give are not held to it.`,
      limitWrong: (most: number) => `Choose a number from 1 to ${most}.`,
      reopenToLast: 'A thread that opens again goes to whoever had it last',
      reopenToLastHint: 'Where they are online and have room; else it waits in the queue.',
      reactionReopens: 'A reaction opens a thread again',
      reactionReopensHint: 'As a message does. It holds for reactions from now on.',
      onlyAssigneeSends: 'Only whoever works on a thread may answer',
      onlyAssigneeSendsHint: 'Whoever answers where nobody does takes the thread with it.',
      mayNot: 'A supervisor or an administrator chooses it, for the whole team.',
      forAll: 'For the whole team.',
    },
    apps: {
      label: 'Other apps here',
      nameless: 'An app without a name',
      id: (app: string) => `app ${app}`,
      name: 'Name it',
      rename: 'Rename',
      nameOf: (app: string) => `Name of app ${app}, for the whole team`,
      save: 'Save',
      renamed: (name: string) => `The app is called ${own(name)} now`,
      counts: 'Answers of this app count as a person’s',
      countsNameless: 'Name the app first.',
      countsHint:
        'Routing is off here, and any app may answer. After an answer that counts, the customer no longer waits, as after an agent’s. It goes for the whole team.',
      countsMayNot: 'An administrator chooses that.',
    },
    subscribeAgain: 'Subscribe again',
    subscribed: (name: string) => `Meta sends again what happens at ${own(name)}`,
    lost: (name: string) =>
      `${own(name)} is no longer on this desk: it was removed, or your right to read it has ended.`,
    evidence: 'Evidence of late replies',
    evidenceHint:
      'Who sent each late reply, when the customer had last written, and how it ended. No words are in it.',
    export: 'Export as CSV…',
    exporting: 'Writing the file',
    exported: (rows: number, name: string) =>
      `${rows} late ${plural(rows, 'reply', 'replies')} saved as ${own(name)}.`,
    exportLacks: (n: number) =>
      `${n} older ${plural(n, 'event', 'events')} are still to be read from the relay; export again then.`,
    admin: 'For administrators',
    humanAgent: 'Meta approved the Human Agent feature for this account',
    humanAgentHint: 'Late replies, up to 7 days, leave only where Meta approved it.',
    humanAgentRefused: 'Meta refused late replies, as it does without it.',
    whileAway: 'While the relay is away',
    whileAwayHint:
      'Unchecked means that nobody can look whether a colleague answers at the same time; such replies are marked. Where Meta requires the app secret, replies wait either way.',
    waits: 'Replies wait',
    unchecked: 'Replies leave unchecked',
    remove: 'Remove this account …',
    removing: {
      title: (name: string) => `Remove ${own(name)}?`,
      everywhere:
        'Every desk of the team forgets it: threads, notes, drafts, names, and the Page token.',
      here: ({ threads, repliesWaiting, drafts }: RemovalView) => {
        const parts = [
          `${threads} ${plural(threads, 'thread', 'threads')}`,
          repliesWaiting > 0 &&
            `${repliesWaiting} ${plural(repliesWaiting, 'reply', 'replies')} that will not be sent`,
          drafts > 0 && `${drafts} ${plural(drafts, 'draft', 'drafts')}`,
        ];
        return `On this desk that is: ${parts.filter(Boolean).join(', ')}.`;
      },
      meta: 'Meta is asked to send nothing more of it, and customers who write are not heard here.',
      relay:
        'The relay keeps its own record. Only whoever runs the relay can invite to the account again, or delete that record.',
      final: 'This cannot be undone.',
      keep: 'Keep it',
      remove: 'Remove for the whole team',
      doing: 'Removing',
      removed: (name: string) => `${own(name)} was removed.`,
    },
  },

  settings: {
    title: 'Settings',
    sections: {
      desk: 'This desk',
      alerts: 'Notifications',
      canned: 'Canned replies',
      labels: 'Labels',
      accounts: 'Accounts',
      people: 'People',
      diagnostics: 'Diagnostics',
    },
    look: 'Look',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    rows: 'Rows of the list',
    rowHeights: { roomy: 'Roomy', compact: 'Compact' },
    presence: 'When you are not there',
    writing: 'Writing',
    enterSends: 'Enter sends, Shift+Enter begins a line',
    enterSendsOff: 'When off, it is the other way round.',
    undoSend: 'Replies can be taken back for 5 seconds',
    undoSendHint: 'They leave after that. When off, they leave at once.',
    showTyping: 'Show customers that you are writing',
    showTypingHint: 'Only where a reply can leave. Meta ends it after 20 seconds of silence.',
    markSeen: 'Show customers that their messages were read',
    markSeenWhen: { onReply: 'When I answer', onOpen: 'When I open them', byHand: 'By hand' },
    singleKeys: 'Single keys in the list and the thread',
    singleKeysHint: 'For example j and k. Chords work either way.',
    vault: {
      title: 'Files of messages on this computer',
      room: 'They may take',
      held: (held: string) => `They take ${held} now.`,
      full: 'When that is full, the oldest files go. Meta gives a file again only for some days; after that it is gone for this computer.',
      least: (least: string) => `At least ${least}, so that the largest file has room.`,
      unit: 'GB',
      save: 'Save',
      failed: 'It could not be read how much they take',
      notANumber: 'Write a number, for example 2.',
      saved: (room: string) => `Files of messages may take ${room}`,
      gone: (held: string) => `The oldest files were removed; they take ${held} now.`,
    },
    keys: 'Keys',
    allKeys: 'Show all keys',
    diagnostics: 'Diagnostics',
    diagnosticsHint: 'For support. No secrets and no customer’s words are in here.',
    diagnosticsFailed: 'The facts could not be read',
    signedIn: (name: string, workspace: string) => `${own(name)} at ${own(workspace)}`,
  },

  people: {
    title: 'People',
    hint: 'Who works here. Administrators invite people, give roles and cut off computers.',
    hintAdmin:
      'Who works on your accounts, with which computers. Whoever loses a role, or a computer that is cut off, removes what it holds the next time it reaches the relay.',
    failed: 'It could not be read who works here',
    empty: 'Nobody is known yet.',
    find: 'Find somebody',
    foundNone: (text: string) => `Nobody here is called “${own(text)}”.`,
    count: (n: number) => `${n} ${plural(n, 'person', 'people')}`,
    columns: { name: 'Name', roles: 'Role', desks: 'Computers', seen: 'Last seen' },
    noRole: 'No role',
    /** The role is everywhere the same. */
    roleEverywhere: (role: string, n: number) => `${role} on ${n} accounts`,
    roleOn: (role: string, account: string) => `${role} on ${own(account)}`,
    invited: 'Invited',
    connectedNow: 'now',
    neverSeen: 'never',
    unsettled: 'Something is not confirmed',
    desks: (n: number) => `${n}`,
    show: (name: string) => `Show ${own(name)}`,
    roles: {
      title: 'Roles',
      label: (account: string) => `Role on ${own(account)}`,
      none: 'No role',
      notYours: 'You are no administrator there.',
      given: (name: string, role: string, account: string) =>
        `${own(name)} is ${role} on ${own(account)} now`,
      ended: (name: string, account: string) => `${own(name)} no longer works on ${own(account)}`,
      ending: {
        title: (name: string, account: string) =>
          `End the role of ${own(name)} on ${own(account)}?`,
        what: [
          'The computers of this person are cut from the account at once.',
          'What they work on there and is not done goes to the queue, with what they were writing.',
          'They remove its threads, notes, drafts and replies that have not left, the next time they reach the relay.',
          'The person keeps their other roles, and can be given this one again.',
        ],
        do: 'End the role',
        doing: 'Ending',
        keep: 'Keep it',
      },
      steppingDown: {
        title: (account: string) => `Give up administering ${own(account)}?`,
        what: [
          'You can no longer invite people to it, give roles there or erase customers.',
          'Invites that you made to it and that nobody used end.',
          'Only another administrator can make you one again.',
        ],
        do: 'Give it up',
        doing: 'Changing',
        keep: 'Stay administrator',
      },
    },
    rename: {
      do: 'Rename',
      label: (name: string) => `Name of ${own(name)}, for the whole team`,
      save: 'Save',
      cancel: 'Cancel',
      done: (name: string) => `The whole team sees the name ${own(name)} now`,
    },
    computers: {
      title: 'Computers',
      none: 'No computer has joined yet.',
      noneLeft: 'No computer of this person can read anything.',
      this: 'this computer',
      now: 'connected now',
      seen: (when: string) => `last seen ${when}`,
      unseen: 'not seen yet',
      joined: (when: string) => `joined ${when}`,
      states: {
        enrolled: '',
        cutOff: 'Cut off, not wiped yet',
        wiped: 'Cut off and wiped',
      } satisfies Record<DeskState, string>,
      waitsToWipe:
        'It may still hold messages. It removes them the next time it reaches the relay, and says so here.',
      stillHolds: (accounts: string[]) =>
        `It has not confirmed yet that it removed ${accounts.map(own).join(', ')}.`,
      erasures: (n: number) =>
        `It has not confirmed yet that ${n} erased ${plural(n, 'customer is', 'customers are')} gone.`,
      cutOff: 'Cut off',
      cutOffOf: (desk: string) => `Cut off ${own(desk)}`,
      notWholly:
        'This person also works on accounts that you do not administer. Somebody who administers all of them can cut off these computers. You can end the role on yours.',
      cutting: {
        title: (desk: string, name: string) => `Cut off ${own(desk)} of ${own(name)}?`,
        titleOwn: (desk: string) => `Cut off your computer ${own(desk)}?`,
        titleThis: 'Cut off this computer?',
        what: [
          'It can no longer read or send anything, from now on.',
          'The next time it reaches the relay it removes everything it holds: messages, notes, files, drafts, replies that have not left, and its Page tokens.',
          'Until it has said so it is listed here as not wiped.',
        ],
        off: 'Baton cannot wipe a computer that is never started again. If it may be in the wrong hands, change the Page tokens at Meta too.',
        token:
          'A Page token that was copied from it stays good at Meta until the person who logged in changes their password or removes the app there.',
        final: 'This cannot be undone. The person can join again with a new invite.',
        keep: 'Keep it',
        do: 'Cut it off',
        doing: 'Cutting it off',
        done: (desk: string) => `${own(desk)} was cut off`,
      },
      another: 'Invite another computer',
    },
    invite: {
      open: 'Invite somebody',
      title: 'Invite somebody',
      titleAnother: (name: string) => `Another computer for ${own(name)}`,
      another: (name: string) =>
        `${own(name)} keeps the same roles. The computers before this one go on working.`,
      name: 'Name',
      nameHint: 'The whole team sees it. Customers do not.',
      roles: 'Roles',
      roleNone: 'None',
      needsRole: 'Give a role on at least one account.',
      expires: 'Good for',
      expiry: {
        '1': '1 hour',
        '24': '1 day',
        '72': '3 days',
        '168': '7 days',
        '336': '14 days',
        '720': '30 days',
      },
      make: 'Make the invite',
      making: 'Asking the relay',
      cancel: 'Cancel',
      made: (name: string) => `The invite for ${own(name)} is ready`,
      once: 'It is shown this once, and it works once. Give it to that person in a way only they can read.',
      address: 'Relay address',
      secret: 'Invite',
      copy: 'Copy both',
      copied: 'The address and the invite are copied.',
      /** What is copied, for whoever it is given to. */
      both: (address: string, invite: string) => `Relay address: ${address}\nInvite: ${invite}`,
      notCopied: 'It could not be copied. Mark the text and copy it by hand.',
      until: (when: string) => `It is good until ${when}.`,
      done: 'Done',
    },
    list: {
      open: 'Invite from a list',
      title: 'Invite from a list',
      hint: 'A CSV file with the columns name, role, account and expires_days. Whoever works on several accounts has a line for each. An account is named by its name or its id; the last column may be left empty for 7 days.',
      example: 'name,role,account,expires_days',
      choose: 'Choose the file',
      other: 'Choose another file',
      label: 'The list, as CSV',
      check: 'Check the list',
      checking: 'Checking',
      notText:
        'This file is not text in UTF-8. Save it as “CSV UTF-8” in your spreadsheet and choose it again.',
      tooLarge: 'This file is too large for a list of people. At most 1 MB is read.',
      notRead: 'This file could not be read.',
      found: (n: number) => `${n} ${plural(n, 'person', 'people')} would be invited:`,
      faults: (n: number) =>
        `${plural(n, 'One thing is', `${n} things are`)} to be mended first. Nobody was invited.`,
      line: (n: number) => `Line ${n}`,
      days: (n: number) => `${n} ${plural(n, 'day', 'days')}`,
      namesake: 'Somebody here has this name already: this makes another person.',
      save: 'Invite them and save the invites',
      saving: 'Asking the relay',
      secret:
        'The invites are written into a file, and nowhere else. Whoever has that file can join: give each person their own line, then delete it.',
      saved: (n: number, name: string) =>
        `${n} ${plural(n, 'invite was', 'invites were')} saved as ${own(name)}.`,
      cancel: 'Cancel',
    },
    invites: {
      title: 'Open invites',
      newPerson: 'new person',
      anotherDesk: 'another computer',
      by: (name: string) => `made by ${own(name)}`,
      operator: 'made by whoever runs the relay',
      until: (when: string) => `good until ${when}`,
      takeBack: 'Take back',
      takeBackOf: (name: string) => `Take back the invite of ${own(name)}`,
      takenBack: (name: string) => `The invite of ${own(name)} no longer works for your accounts`,
    },
  },
  erasing: {
    title: 'Erase',
    hint: 'What this customer and your team said to each other is removed, for everybody and for ever.',
    open: 'Erase this customer …',
    head: (name: string) => `Erase ${own(name)}?`,
    gone: 'What was said is removed from the relay and from every computer of the team.',
    here: ({ messages, notes, files, hasDraft, repliesWaiting }: ErasingView) => {
      const parts = [
        `${messages} ${plural(messages, 'message', 'messages')}`,
        notes > 0 && `${notes} private ${plural(notes, 'note', 'notes')}`,
        files > 0 && `${files} ${plural(files, 'file', 'files')}`,
        hasDraft && 'what is written and not sent',
        repliesWaiting > 0 &&
          `${repliesWaiting} ${plural(repliesWaiting, 'reply that has', 'replies that have')} not arrived yet`,
      ];
      return `On this computer: ${parts.filter(Boolean).join(', ')}.`;
    },
    name: 'The customer’s name and every picture, sound and file.',
    more: 'The relay and other computers may hold older messages than this one; those go too.',
    stays:
      'What stays has no words in it: that there was a thread, who worked on it, and who erased it when.',
    off: 'A computer that is off removes it when it next reaches the relay. Until then it is listed in the details.',
    meta: 'Meta keeps its own copy: whoever can open the inbox of the account at Meta still sees the conversation there.',
    again: 'If the customer writes again, that is a new conversation.',
    final: 'This cannot be undone.',
    type: (name: string) => `Type ${own(name)} to confirm`,
    keep: 'Keep the customer',
    do: 'Erase for everybody',
    doing: 'Erasing',
    done: 'The customer was erased.',
    tombstone:
      'Everything that was said before is gone from the relay and from the computers of the team. Meta keeps its own copy.',
    was: (when: string, by: string | null) =>
      by === null ? `Erased ${when}.` : `Erased ${when} by ${own(by)}.`,
    confirmed: 'Every computer has confirmed it.',
    waiting: (n: number) =>
      `${n} ${plural(n, 'computer has', 'computers have')} not confirmed it yet:`,
    desk: (desk: string, name: string) => `${own(desk)} of ${own(name)}`,
    cutOff: 'cut off, not wiped yet',
    unknown: 'Which computers have confirmed it can be seen once the relay answers.',
  },
  cutOff: {
    title: 'This computer was cut off',
    removing: 'Removing everything that Baton kept here',
    stages: {
      removing: 'Leave Baton open until this is done.',
      removed: 'The relay is told as soon as it can be reached.',
      told: 'The relay knows that nothing is left here.',
    } satisfies Record<CutOffStageView, string>,
    who: (name: string, workspace: string) => `It was ${own(name)}’s, at ${own(workspace)}.`,
    lost: (drafts: number, replies: number) => {
      const parts = [
        drafts > 0 && `${drafts} ${plural(drafts, 'draft', 'drafts')}`,
        replies > 0 &&
          `${replies} ${plural(replies, 'reply that had', 'replies that had')} not left`,
      ];
      return `${parts.filter(Boolean).join(' and ')} went with it.`;
    },
    join: 'Use a new invite',
  },

  opening: {
    title: 'This desk is opening',
    steps: {
      copying: 'Baton is making a copy of this desk’s file before it updates it.',
      updating: 'Baton is updating this desk’s file.',
      applying: 'Baton is going through all threads once more after the update.',
      salvaging:
        'This desk’s file is damaged. Baton is repairing it, and saves what can be read first.',
      remaking:
        'This desk’s file is damaged. Baton is repairing it, and makes the threads anew from what was saved.',
    } satisfies Record<OpeningStepView, string>,
    share: (percent: number) => `${percent} %`,
    then: 'Nothing is sent meanwhile. The inbox opens by itself once this is done.',
  },

  search: {
    label: 'Search everything',
    placeholder: 'Search',
    clear: 'Leave the search',
    help: 'What can be searched for',
    results: 'What was found',
    names: 'Customers',
    messages: 'Messages, newest first',
    nothing: 'Nothing found',
    nothingThen:
      'All words have to be in one message, or in a customer’s name. With a filter, a name counts for each of their messages. Try fewer words, or only their beginning.',
    problem: 'The search cannot follow this',
    failed: 'The search failed',
    reading: 'Looking further back',
    indexing: 'Older messages on this desk are still being prepared for the search.',
    lacks: 'Older messages are still to be read from the relay; what they say is not found yet.',
    /** Accounts of which Meta has messages from before that were not all read. */
    history: (accounts: string[], paused: boolean) => {
      const of = accounts.length === 1 ? own(accounts[0]!) : `${accounts.length} accounts`;
      return paused
        ? `Reading older messages of ${of} from Meta is paused; what they say is not found yet.`
        : `Older messages of ${of} are still to be read from Meta; what they say is not found yet.`;
    },
    end: 'That is all. Private notes are not searched.',
    scope: 'Messages and customers’ names are searched; private notes are not.',
    further: 'Look further back',
    stopped: 'Older messages were not looked through yet.',
    allPeople: (count: number) => `All ${count} people`,
    morePeople: (shown: number, count: number | null) =>
      count === null
        ? `More people; ${shown} are shown`
        : `More people; ${shown} of ${count} are shown`,
    lookForPeople: 'Look for people among others who are called so',
    readingPeople: 'Looking for more people',
    gone: 'This message is not there any more.',
    noWords: 'Photo, file, or something else without words',
    inThread: 'Search in this thread',
    notHere: 'Not in this thread',
    of: (at: number, count: number, more: boolean) => `${at} of ${count}${more ? ' or more' : ''}`,
    older: 'Older (Enter)',
    newer: 'Newer (Shift+Enter)',
    close: 'Close (Esc)',
    filters: [
      ['"two words"', 'side by side, as written'],
      ['from:', 'customer, team, me, bot, or a name'],
      ['in:', 'an account, a customer, messenger or instagram'],
      ['has:', 'image, video, audio, file, link, location, sticker or attachment'],
      ['after: before:', 'a day such as 2026-11-30, a month, a year, today or yesterday'],
      ['label:', 'a label, or the beginning of its name'],
      ['is:', 'open, done, snoozed, blocked, waiting, unread, mine or unassigned'],
    ] as [string, string][],
  },

  keys: {
    title: 'Keys',
    findKey: 'Find a key or what it does',
    noKey: 'No key is for that.',
    act: 'What',
    everywhere: 'Everywhere',
    inComposer: 'In the composer',
    inList: 'In list and thread',
    groups: {
      writing: 'While you write a reply or a note',
      goOn: 'Go on, and find',
      answer: 'To the customer, and beside it',
      handle: 'What becomes of the thread',
      control: 'Who holds the thread',
      views: 'Views',
      picking: 'Several at once',
      board: 'Board',
      program: 'You and the program',
    },
    send: 'Send',
    sendNext: 'Send and next',
    sendDone: 'Send and done',
    nextToDo: 'Next to do: the urgent, then who waits longest and can be answered; assigned to you',
    nextThread: 'Next thread',
    previousThread: 'Previous thread',
    help: 'These keys',
    done: 'Done, or open again',
    snooze: 'Snooze the thread, or wake it',
    waits: 'Waiting on the customer, or open again',
    label: 'Labels of the thread',
    unread: 'Mark unread',
    assignMe: 'Assign the thread to me, or give it back to the queue',
    assign: 'Give the thread to a colleague',
    note: 'Write a private note, or go back to the reply',
    urgent: 'Urgent, or no longer',
    escalate: 'Escalate: urgent, and the supervisors are told why',
    take: 'Take control from another app, for you, or ask for it',
    pass: 'Pass the thread to the bot',
    passTo: 'Pass the thread on, with a note',
    release: 'Release the thread',
    keep: 'Keep the thread for longer',
    reply: 'Write a reply',
    block: 'Block the customer, or unblock, for supervisors',
    quote: 'Reply to the customer’s newest message; again: to the one before',
    react: 'React to that message',
    offerAnswers: 'Quick replies to offer with a reply',
    seen: 'Show the customer that everything was read',
    presence: 'Whether you are there: online, away, transfers only, offline',
    viewMine: 'View: Mine',
    viewUnassigned: 'View: Unassigned',
    viewMentions: 'View: Mentions',
    viewEndingSoon: 'View: Ending soon',
    viewAll: 'View: All',
    viewTooLate: 'View: Too late to answer',
    viewSnoozed: 'View: Snoozed',
    filter: 'Show only some threads of the view',
    viewDone: 'View: Done',
    viewBlocked: 'View: Blocked',
    board: 'Board, for supervisors: every thread by agent; again: back to the inbox',
    boardCards: 'On the board: to another thread, or to the next column',
    boardGive: 'On the board: give the thread, or all that are picked, to an agent or the queue',
    search: 'Search everything',
    find: 'Search in this thread',
    newest: 'Newest message of the thread',
    firstUnread: 'First unread message',
    day: 'Go to a day of the thread',
    attach: 'Attach files to the reply',
    settings: 'Settings',
    quiet: 'Do not disturb: no notifications and no sounds; again: off',
    pages: 'A page of the thread up or down, from the composer too',
    scroll: 'Scroll the thread that has the focus',
    rows: 'Go through the list that has the focus; the thread opens beside it',
    pick: 'Pick the row, or no longer; then done, snooze, waiting on customer, label and assign are for all that are picked',
    pickOn: 'Pick the next row too',
    pickAll: 'Pick all rows that are loaded',
    labels: 'Names beside the icons, while held',
    canned: 'Canned replies, in an empty reply',
    emoji: 'Emoji by name, in a reply: a colon and two letters',
    mention: 'Mention a colleague, in a private note',
    undo: 'Undo the last act, outside text',
    stepOut: 'Step out: first a popup, then the composer, to the list',
    singleOff: 'Single keys are off. They can be turned on in Settings.',
  },
};
