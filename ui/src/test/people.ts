/** People, their accounts and the rows of their threads, for tests and for looking at the page. */
import type {
  AccountFact,
  AccountView,
  HistoryView,
  Member,
  OpenInviteView,
  OwnerView,
  PeopleView,
  PersonDeskView,
  PersonView,
  PresenceView,
  QueueView,
  Session,
  TeamPerson,
  ThreadRow,
  TokenFactsView,
} from '$lib/contract';

/** Friday, 20 November 2026, 14:31 in Berlin. */
export const NOW = Date.UTC(2026, 10, 20, 13, 31);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What is known of a Page token that was kept a week ago. */
export function tokenFacts(over: Partial<TokenFactsView> = {}): TokenFactsView {
  return {
    sinceMs: NOW - 7 * DAY,
    checkedMs: NOW - 6 * HOUR,
    expiresMs: null,
    dataAccessExpiresMs: NOW + 83 * DAY,
    rights: ['pages_messaging', 'pages_manage_metadata'],
    ...over,
  };
}

/** A fact about an account; all is well with it unless it is said otherwise. */
export const fact = (
  kind: AccountFact['kind'],
  value: string,
  over: Partial<AccountFact> = {},
): AccountFact => ({
  kind,
  state: 'good',
  value,
  words: { what: '', action: '' },
  atMs: null,
  ...over,
});

const note = (what: string) => ({ state: 'note', words: { what, action: '' } }) as const;

/** The history of an account whose older messages are all here. */
export const upToDate: HistoryView = {
  state: 'upToDate',
  words: {
    what: 'Every older message that Meta gives is here. Meta is asked again every 20 minutes.',
    action: '',
  },
  threadsDone: 0,
  threadsKnown: 0,
  isListed: false,
  isPaused: false,
  mayPause: true,
  missed: 0,
  throughMs: NOW - 9 * MINUTE,
};

/** The history of an account that is being read for the first time. */
export const readingHistory: HistoryView = {
  ...upToDate,
  state: 'reading',
  words: {
    what: 'Older messages are being read from Meta. 12 of 40 threads read, 230 messages found, about 3 minutes left.',
    action: '',
  },
  threadsDone: 12,
  threadsKnown: 40,
  isListed: true,
  throughMs: null,
};

/** The rules of a queue for which nobody chose anything. */
export const manualQueue: QueueView = {
  way: 'manual',
  limit: 20,
  limitMost: 200,
  reopenToLast: true,
  reactionReopens: false,
  onlyAssigneeSends: false,
};

export const northwind: AccountView = {
  id: '101',
  name: 'Northwind Tea',
  channel: 'messenger',
  role: 'admin',
  token: 'alive',
  tokenFacts: tokenFacts(),
  connected: true,
  routing: 'on',
  humanAgent: 'approved',
  sendsUnchecked: false,
  apps: [{ app: '700555666777888', name: 'Teabot', answersCount: false }],
  defaultAppName: 'Teabot',
  handBack: false,
  queue: manualQueue,
  lastWebhookMs: NOW - MINUTE,
  namesGiven: true,
  checkedMs: NOW - 3 * HOUR,
  history: upToDate,
  health: [
    fact('connection', 'connected'),
    fact('token', 'here since', { atMs: NOW - 5 * DAY }),
    fact('tokenRights', 'all that are needed'),
    fact('tokenEnd', '', { atMs: NOW + 59 * DAY }),
    fact('subscription', 'all 12 kinds of events'),
    fact('lastWebhook', '', { ...note(''), atMs: NOW - MINUTE }),
    fact('policy', 'no trouble'),
    fact(
      'routing',
      'on',
      note('Apps pass threads to each other, and one at a time holds a thread.'),
    ),
    fact('defaultApp', 'Teabot', note('It is asked first when nobody holds a thread.')),
    fact('humanAgent', 'approved'),
    fact('names', 'given by Meta'),
  ],
};

export const kite: AccountView = {
  id: '102',
  name: 'Kite & Co',
  channel: 'messenger',
  role: 'agent',
  token: 'alive',
  tokenFacts: tokenFacts(),
  connected: true,
  routing: 'off',
  humanAgent: 'notApproved',
  sendsUnchecked: false,
  apps: [],
  defaultAppName: null,
  handBack: false,
  queue: manualQueue,
  lastWebhookMs: NOW - 3 * HOUR,
  namesGiven: null,
  checkedMs: null,
  history: null,
  health: [
    fact('connection', 'connected'),
    fact('token', ''),
    fact('subscription', 'all 12 kinds of events'),
    fact('lastWebhook', '', { ...note(''), atMs: NOW - 3 * HOUR }),
    fact('policy', 'no trouble'),
    fact(
      'routing',
      'off',
      note('Any connected app may answer, unless one of them was given a thread.'),
    ),
    fact('humanAgent', 'not approved', note('Nothing can be sent later than 24 hours after.')),
    fact('names', 'from the first customer on', note('It shows with the first customer.')),
  ],
};

export const session = (over: Partial<Session> = {}): Session => ({
  phase: 'ready',
  agentName: 'Ines Kremer',
  workspace: 'Northwind',
  relayAddress: 'https://relay.northwind.example',
  canLogIn: true,
  accounts: [northwind, kite],
  problems: [],
  cutOff: null,
  ...over,
});

/** Somebody of the team. */
export const person = (
  over: Partial<PersonView> & { agent: string; name: string },
): PersonView => ({
  me: false,
  state: 'online',
  looksAt: [],
  mayReturn: false,
  ...over,
});

/** The team as it is seen while nobody looks at anything. */
export const team = (over: Partial<PresenceView> = {}): PresenceView => ({
  known: true,
  chosen: 'online',
  mine: 'online',
  goesAway: true,
  setOfflineBy: null,
  threadsLeft: 0,
  people: [
    person({ agent: 'a-ada', name: 'Ada Okoro' }),
    person({ agent: 'a-ines', name: 'Ines Kremer', me: true }),
    person({ agent: 'a-jonas', name: 'Jonas Falk', state: 'away' }),
  ],
  ...over,
});

/** A computer of somebody's. */
export const deskOf = (
  over: Partial<PersonDeskView> & { id: string; name: string },
): PersonDeskView => ({
  thisDesk: false,
  connected: false,
  seenMs: NOW - 2 * HOUR,
  enrolledMs: NOW - 30 * DAY,
  state: 'enrolled',
  stillHolds: [],
  erasures: 0,
  ...over,
});

/** Somebody who works here, as an administrator of all their accounts sees them. */
export const colleague = (
  over: Partial<TeamPerson> & { id: string; name: string },
): TeamPerson => ({
  me: false,
  roles: [{ account: northwind.id, role: 'agent' }],
  wholly: true,
  mayRename: true,
  mayReturn: false,
  desks: [],
  ...over,
});

/** An invite that nobody used yet. */
export const openInvite = (
  over: Partial<OpenInviteView> & { id: string; name: string },
): OpenInviteView => ({
  anotherDesk: false,
  roles: [{ account: northwind.id, role: 'agent' }],
  madeBy: 'Ines Kremer',
  madeMs: NOW - HOUR,
  expiresMs: NOW + 6 * DAY,
  ...over,
});

/** Who works here: administrators of one account, colleagues of another. */
export const peopleView = (over: Partial<PeopleView> = {}): PeopleView => ({
  people: [
    colleague({
      id: 'a-ada',
      name: 'Ada Okoro',
      desks: [
        deskOf({ id: 'd-ada', name: 'ada-laptop', connected: true }),
        deskOf({ id: 'd-ada-old', name: 'ada-old', state: 'cutOff', seenMs: NOW - 9 * DAY }),
      ],
    }),
    colleague({
      id: 'a-ines',
      name: 'Ines Kremer',
      me: true,
      roles: [
        { account: northwind.id, role: 'admin' },
        { account: kite.id, role: 'agent' },
      ],
      desks: [deskOf({ id: 'd-ines', name: 'ines-desktop', thisDesk: true, connected: true })],
    }),
    colleague({
      id: 'a-jonas',
      name: 'Jonas Falk',
      roles: [
        { account: northwind.id, role: 'supervisor' },
        { account: kite.id, role: 'agent' },
      ],
      wholly: false,
      desks: [deskOf({ id: 'd-jonas', name: 'jonas', seenMs: null })],
    }),
  ],
  accounts: [
    { id: northwind.id, name: northwind.name, channel: 'messenger', administered: true },
    { id: kite.id, name: kite.name, channel: 'messenger', administered: false },
  ],
  invites: [openInvite({ id: 'i-petra', name: 'Petra Vogel' })],
  isAdmin: true,
  away: null,
  ...over,
});

/** Who works on an account. */
export const members: Member[] = [
  { agent: 'a-ada', name: 'Ada Okoro', role: 'agent', me: false, assigned: false },
  { agent: 'a-ines', name: 'Ines Kremer', role: 'agent', me: true, assigned: false },
  { agent: 'a-jonas', name: 'Jonas Falk', role: 'supervisor', me: false, assigned: false },
  { agent: 'a-petra', name: 'Petra Vogel', role: 'admin', me: false, assigned: false },
];

export const ours: OwnerView = {
  owner: 'ours',
  appName: null,
  untilMs: NOW + DAY - 2 * MINUTE,
  sinceMs: NOW - 12 * MINUTE,
  defaultAppName: 'Teabot',
  firstName: 'Teabot',
  routing: 'on',
};
export const teabot: OwnerView = { ...ours, owner: 'other', appName: 'Teabot', untilMs: null };
export const idle: OwnerView = { ...ours, owner: 'idle', untilMs: null, sinceMs: NOW - 6 * HOUR };
export const inbox: OwnerView = {
  ...ours,
  owner: 'metaInbox',
  appName: 'Page Inbox',
  untilMs: null,
};
export const unmanaged: OwnerView = {
  ...ours,
  owner: 'unmanaged',
  untilMs: null,
  defaultAppName: null,
  firstName: null,
  routing: 'off',
};

export const row = (over: Partial<ThreadRow> & { thread: number; name: string }): ThreadRow => ({
  account: northwind.id,
  accountName: northwind.name,
  channel: 'messenger',
  customer: `75${over.thread}40${over.thread}`,
  nameFrom: 'meta',
  previewBy: 'customer',
  previewName: null,
  previewWhat: 'text',
  preview: 'Where is my parcel?',
  lastMs: NOW - 5 * MINUTE,
  unread: 0,
  owner: ours,
  freeUntilMs: NOW + 20 * HOUR,
  lateUntilMs: NOW + 6 * DAY,
  assignee: 'Ines',
  mine: true,
  status: { status: 'open' },
  waitingSinceMs: null,
  needsReply: false,
  urgent: false,
  urgentPending: false,
  mentioned: false,
  labels: [],
  block: 'no',
  draft: null,
  notSent: false,
  outgoing: null,
  leaving: null,
  // It is the reply that is counted, where nothing else is said.
  leavingIs: over.leaving == null ? null : (over.outgoing ?? null),
  replyWaits: null,
  ...over,
});

export const rows: ThreadRow[] = [
  row({
    thread: 1,
    name: 'Samir Haddad',
    lastMs: NOW - HOUR,
    preview: 'أين طلبي؟ رقم الطلب ٤٤١٢',
    unread: 1,
    needsReply: true,
    waitingSinceMs: NOW - HOUR,
  }),
  row({
    thread: 2,
    name: 'ayumi.tea',
    channel: 'instagram',
    lastMs: NOW - 21 * MINUTE,
    previewWhat: 'storyReply',
    preview: 'is it back?',
    unread: 3,
    needsReply: true,
    freeUntilMs: NOW + 3 * HOUR + 4 * MINUTE,
  }),
  row({
    thread: 3,
    name: 'Paula Rentsch',
    lastMs: NOW - 2 * MINUTE,
    preview: 'The mug arrived broken, look',
    unread: 1,
    needsReply: true,
  }),
  row({
    thread: 4,
    name: 'Tomasz Wilk',
    lastMs: NOW - MINUTE,
    preview: 'Thursday is fine 👍 can they ring the neighbour?',
    needsReply: true,
    outgoing: 'unknown',
    leaving: 'Yes, I have put a note on the parcel.',
    freeUntilMs: NOW + DAY - 2 * MINUTE,
  }),
  row({
    thread: 5,
    name: 'Leonie Brandt',
    lastMs: NOW - 38 * MINUTE,
    draft: 'Of course, I can change the date for you',
  }),
  row({
    thread: 6,
    name: 'Noah Fisch',
    lastMs: NOW - 30 * HOUR,
    preview: '👍',
    owner: idle,
    freeUntilMs: NOW - 6 * HOUR,
    lateUntilMs: NOW + 5 * DAY + 18 * HOUR,
  }),
  row({
    thread: 7,
    name: 'Ilse van Dam',
    lastMs: NOW - 3 * DAY,
    previewBy: 'me',
    preview: 'Thank you, have a good week',
    freeUntilMs: NOW - 2 * DAY,
    lateUntilMs: NOW + 4 * DAY,
    owner: inbox,
  }),
  row({
    thread: 8,
    name: 'Marco Bellini',
    lastMs: NOW - 8 * DAY,
    previewWhat: 'image',
    preview: '',
    owner: idle,
    freeUntilMs: NOW - 7 * DAY,
    lateUntilMs: NOW - DAY,
  }),
  row({
    thread: 9,
    name: 'Dana Whitaker-Montgomery of the Very Long Name Society',
    channel: 'instagram',
    lastMs: NOW - 2 * HOUR,
    previewBy: 'system',
    previewWhat: 'reaction',
    preview: '❤️',
    outgoing: 'refused',
    assignee: 'Jonas',
    mine: false,
  }),
  row({
    thread: 10,
    name: 'Greta Olsen',
    lastMs: NOW - 6 * MINUTE,
    previewBy: 'app',
    previewName: 'Teabot',
    preview: 'Our shop opens at nine',
    owner: teabot,
    assignee: null,
    mine: false,
  }),
  row({
    thread: 11,
    name: 'Yusuf Kaya',
    account: kite.id,
    accountName: kite.name,
    lastMs: NOW - 3 * HOUR,
    preview: 'Do you have the red kite in stock, and do you ship to Iceland?',
    owner: unmanaged,
    lateUntilMs: null,
    outgoing: 'waiting',
    leaving: 'We have two left, and yes, we do.',
  }),
];
