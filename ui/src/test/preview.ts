/**
 * The page on the fake host, to look at it: `npm run dev`, then
 * /src/test/preview.html?scene=long&theme=dark&thread=4&press=settings
 * The scenes are below; `press` clicks what has these `data-test` names, one after the other.
 */
import '@fontsource-variable/inter';
import '../app/tokens.css';
import '../app/base.css';
import { mount, tick } from 'svelte';
import App from '../app/App.svelte';
import { Desk } from '../app/desk.svelte';
import { FakeHost, refuse } from './fake-host';
import type {
  ControlAct,
  Doing,
  GrantedView,
  Item,
  Layer,
  LoginView,
  OpeningView,
  OwnerView,
} from '$lib/contract';
import { searchable } from './found';
import {
  colleague,
  DAY,
  HOUR,
  deskOf,
  MINUTE,
  NOW,
  fact,
  idle,
  inbox,
  kite,
  northwind,
  ours,
  peopleView,
  person,
  readingHistory,
  row,
  session,
  team,
  upToDate,
} from './people';
import { accountStatus, mediaItems, message, status } from './said';

const asked = new URLSearchParams(location.search);
const host = new FakeHost();
host.settings.set('theme', JSON.stringify(asked.get('theme') ?? 'light'));

const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh '.repeat(3).trim();
const LONG_TEXT = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter '.repeat(8);

/** Every text of the page is this one, and every name. */
function far(name: string, text: string) {
  host.people = {
    ...host.people,
    people: host.people.people.map((one) => ({
      ...one,
      name,
      desks: one.desks.map((each) => ({ ...each, name, stillHolds: [name] })),
    })),
    accounts: host.people.accounts.map((one) => ({ ...one, name })),
    invites: host.people.invites.map((one) => ({ ...one, name, madeBy: name })),
  };
  const account = { name, defaultAppName: name };
  host.answers.session = () =>
    session({
      agentName: name,
      workspace: name,
      accounts: [
        { ...northwind, ...account },
        { ...kite, ...account, token: 'dead' },
      ],
      problems: [
        { kind: 'tokenDead', account: kite.id, words: { what: text, action: 'Do something.' } },
      ],
    });
  host.rows = host.rows.map((one) => ({
    ...one,
    name,
    accountName: name,
    preview: one.preview === '' ? '' : text,
    previewName: one.previewName && name,
    draft: one.draft && text,
    assignee: one.assignee && name,
    owner: {
      ...one.owner,
      appName: one.owner.appName && name,
      defaultAppName: name,
      firstName: name,
    },
  }));
  const openThread = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await openThread(request);
    const items = view.items.map((item): Item => {
      if (item.item !== 'message') return 'note' in item ? { ...item, note: text } : item;
      const { message } = item;
      const said = message.text === '' ? '' : text;
      const replyTo = message.replyTo && { ...message.replyTo, authorName: name, text };
      return { ...item, message: { ...message, text: said, authorName: name, replyTo } };
    });
    const held = view.held.map((line) => ({ ...line, who: name, how: text }));
    return { ...view, items, held, renaming: name };
  };
}

/** Set-up of an account by a login that stands so. */
function login(stands: LoginView, connected = false) {
  host.login = stands;
  const waits = { ...northwind, token: 'missing' as const, tokenFacts: null, connected };
  host.answers.session = () => session({ phase: 'connect', accounts: [waits] });
}

const granted = (over: Partial<GrantedView>): GrantedView => ({
  id: northwind.id,
  name: northwind.name,
  channel: 'messenger',
  mayConnect: true,
  connected: false,
  whyNot: null,
  ...over,
});

/** A thread in which something was sent. */
function sent(stranger = false) {
  const openThread = host.answers.openThread;
  host.playables.set('a.5.0', '/no-such-sound').set('a.6.0', '/no-such-film');
  host.answers.openThread = async (request) => {
    const view = await openThread(request);
    const items = view.row.thread === 4 ? mediaItems : view.items;
    return { ...view, items, stranger: stranger && !host.familiar.has(request.thread) };
  };
  host.answers.fetchMedia = ({ id }) => ({
    state: id === 'a.10.0' ? 'dead' : 'later',
    title: '',
    bytes: null,
    content: null,
  });
}

/** Somebody has typed into the search. */
function typed(text: string, thread?: number) {
  searchable(host);
  setTimeout(() => {
    if (thread === undefined) return desk.search.type(text);
    desk.find();
    desk.finding?.type(text);
  }, 600);
}

const layer = (health: Layer['health'], short: string, what: string, action = ''): Layer => ({
  health,
  short,
  words: { what, action },
});

const longAgo = layer(
  'busy',
  'Older messages 12 of 40',
  `Northwind Tea: ${readingHistory.words.what}`,
);

const scenes: Record<string, () => void> = {
  // With `press=open-board`.
  board: () => {
    host.limit = 3;
    host.settings.set('boardColumns', '["queue","a-ines","a-jonas","all"]');
    const states = ['online', 'away', 'transfersOnly', 'offline'] as const;
    host.moreAgents = Array.from({ length: 196 }, (_, at) => ({
      agent: `b-${at}`,
      name: `Agent ${String(at).padStart(3, '0')}`,
      me: false,
      state: states[at % 4] ?? 'online',
      work: {
        open: at % 23,
        onCustomer: at % 3,
        waiting: at % 7,
        oldestWaitMs: at % 5 === 0 ? null : NOW - at * MINUTE,
        due: at % 6 === 0 ? at % 4 : 0,
        nextDueMs: null,
      },
      accounts: [
        {
          account: northwind.id,
          name: northwind.name,
          open: at % 23,
          limit: 20,
          full: at % 23 >= 20,
        },
      ],
      mayReturn: at % 4 !== 3,
    }));
    host.rows = [
      ...host.rows,
      row({
        thread: 201,
        name: 'Femke Bos',
        assignee: null,
        mine: false,
        needsReply: true,
        urgent: true,
        waitingSinceMs: NOW - 23 * HOUR,
        freeUntilMs: NOW + 25 * MINUTE,
        preview: 'Do you ship to Iceland?',
      }),
      row({
        thread: 202,
        name: 'Luis Prado',
        assignee: null,
        mine: false,
        needsReply: true,
        waitingSinceMs: NOW - 6 * MINUTE,
        freeUntilMs: NOW + 4 * HOUR,
        preview: 'Invoice for September',
      }),
      row({ thread: 203, name: 'Erik Lund', status: { status: 'waitingOnCustomer' } }),
    ];
  },
  reading: () => {
    const reading = { ...northwind, history: readingHistory };
    host.answers.session = () => session({ accounts: [reading, kite] });
    const accounts = [reading, kite].map(accountStatus);
    host.answers.status = () => status({ accounts, history: longAgo });
  },
  filling: () => {
    const filling = { ...accountStatus(northwind), lacks: 3_200, lacked: 9_600 };
    const missed = { ...accountStatus(kite), history: { ...upToDate, missed: 2 } };
    const what = '3200 older events are being read from the relay; the newest are shown already.';
    host.answers.status = () =>
      status({
        desk: layer('busy', 'Catching up, 3200 left', what),
        accounts: [filling, missed],
      });
  },
  offline: () => {
    const what =
      'The relay cannot be reached, so nothing new arrives here and replies wait. The thread that you open is read from Meta itself meanwhile.';
    const action = 'Check the network. Baton goes on trying by itself.';
    const words = { what, action };
    host.answers.session = () =>
      session({ problems: [{ kind: 'relayUnreachable', account: null, words }] });
    host.answers.status = () =>
      status({
        meta: layer('bad', 'Meta not reached', 'Meta cannot be reached, so replies wait.', action),
        relay: layer('bad', 'Relay not reached', what, action),
        desk: layer(
          'busy',
          'This desk may be behind',
          'What is here can be read; what arrived since the relay was last heard is missing.',
        ),
        repliesWaiting: 2,
      });
  },
  repaired: () => {
    const words = {
      what: 'The data of this desk was damaged and was repaired. 2 drafts and 1 reply that had not left may be lost.',
      action: 'Look through your drafts.',
    };
    host.answers.session = () =>
      session({ problems: [{ kind: 'repaired', account: null, words }] });
  },
  moved: () =>
    setTimeout(() => {
      desk.list.pointAt({ x: 1, y: 1 });
      host.rows = [
        row({ thread: 91, name: 'Nina Falk' }),
        row({ thread: 92, name: 'Oskar Ruiz' }),
        ...host.rows,
      ];
      host.tell({ notice: 'lists', storeVersion: 2 });
    }, 900),
  search: () => typed(asked.get('typed') ?? 'refund'),
  hit: () => {
    typed('refund');
    setTimeout(() => desk.openFound(0), 1_500);
  },
  find: () => typed(asked.get('typed') ?? 'refund', 3),
  media: () => sent(),
  stranger: () => sent(true),
  empty: () => (host.rows = []),
  many: () =>
    (host.rows = Array.from({ length: 5_000 }, (_, i) =>
      row({ thread: i + 1, name: `Customer ${i + 1}` }),
    )),
  // Everything that a row and the head of the list may have at once, and the first unread message far up.
  crowded: () => {
    host.rows = Array.from({ length: 298 }, (_, i) =>
      row({
        thread: i + 1,
        name: `Customer ${i + 1}`,
        preview: 'Do you still make the old box kites that had a tail?',
        owner: i % 2 === 0 ? idle : inbox,
        needsReply: i < 52,
        mine: false,
        assignee: null,
        unread: 10 + i,
        freeUntilMs: null,
        lateUntilMs: i % 3 === 0 ? NOW - 1 : NOW + 5 * DAY,
      }),
    );
    const { openThread } = host.answers;
    host.answers.openThread = async (request) => ({
      ...(await openThread(request)),
      firstUnread: 'old',
      firstUnreadAt: '7',
    });
  },
  'first-run': () =>
    (host.answers.session = () =>
      session({ phase: 'enrol', accounts: [], agentName: null, workspace: null })),
  login: () => login({ state: 'none' }),
  'login-comes': () => login({ state: 'none' }, true),
  'login-waiting': () => login({ state: 'waiting', untilMs: 0, browserOpened: true, link: null }),
  'login-link': () =>
    login({
      state: 'waiting',
      untilMs: 0,
      browserOpened: false,
      link: 'https://www.facebook.com/v26.0/dialog/oauth?client_id=700100200300400&state=login_',
    }),
  'login-choosing': () =>
    login({
      state: 'choosing',
      granted: [
        granted({}),
        granted({ id: '900', name: '@northwindtea', channel: 'instagram' }),
        granted({
          id: kite.id,
          name: kite.name,
          whyNot: { what: 'Meta cannot be reached.', action: 'Try again in a moment.' },
        }),
        granted({
          id: '901',
          name: 'Harbour Books',
          mayConnect: false,
          whyNot: {
            what: 'You may not answer messages for this account.',
            action: 'Ask an administrator of its Page to let you, then log in again.',
          },
        }),
      ],
      notChosen: ['Cafe Kanne'],
    }),
  'login-failed': () =>
    login({
      state: 'failed',
      reason: 'denied',
      words: {
        what: 'Baton was not allowed to use any Page.',
        action: 'Begin the login again, and agree to what Meta asks.',
      },
    }),
  connect: () => {
    const accounts = [northwind, { ...kite, token: 'missing' as const, connected: false }];
    host.answers.session = () => session({ phase: 'connect', accounts });
  },
  problems: () => {
    host.answers.session = () =>
      session({
        accounts: [northwind, { ...kite, token: 'dead' }],
        problems: [
          {
            kind: 'tokenDead',
            account: kite.id,
            words: {
              what: 'Meta no longer accepts the Page token.',
              action: 'Paste a new one to answer again.',
            },
          },
          {
            kind: 'relayUnreachable',
            account: null,
            words: {
              what: 'The relay does not answer since 14:20.',
              action: 'You can read and write; replies leave when it is back.',
            },
          },
        ],
      });
  },
  unwell: () => {
    const off = fact('subscription', 'off', {
      state: 'bad',
      words: {
        what: 'Meta stopped sending what happens at this account, so nothing new arrives.',
        action:
          'Subscribe again. What Meta did not send meanwhile it does not send later; its own inbox shows it.',
      },
    });
    const names = fact('names', 'Meta does not give names yet', {
      state: 'warning',
      words: {
        what: 'Meta gives profiles only to apps that it approved for them.',
        action: 'Ask Meta for Business Asset User Profile Access.',
      },
    });
    const refused = fact('humanAgent', 'refused by Meta', {
      state: 'warning',
      words: {
        what: 'Meta refused late replies in two conversations within a day, as it does without the Human Agent feature, so Baton offers none here.',
        action: 'Ask Meta for the feature. When it is approved, an admin says so here.',
      },
    });
    const instead = (account: typeof kite, facts: (typeof off)[]) => ({
      ...account,
      health: account.health.map((one) => facts.find((has) => has.kind === one.kind) ?? one),
    });
    const accounts = [
      { ...instead(northwind, [refused, names]), humanAgent: 'refused' as const },
      { ...instead(kite, [off]), role: 'admin' as const },
    ];
    const problem = { kind: 'notSubscribed' as const, account: kite.id, words: off.words };
    host.answers.session = () => session({ accounts, problems: [problem] });
  },
  'no-session': () => {
    host.answers.session = () => {
      throw refuse(
        'storage',
        'The file of this desk could not be read.',
        'Free some space, then open Baton again.',
      );
    };
  },
  slow: () => {
    const never = () => new Promise<never>(() => {});
    host.answers.listThreads = never;
    host.answers.openThread = never;
    host.answers.diagnostics = never;
  },
  'thread-failed': () => {
    host.answers.openThread = () => {
      throw refuse('notFound', 'This thread is not on this desk any more.', 'Pick another.');
    };
    host.answers.diagnostics = () => {
      throw refuse('storage', 'The file of this desk could not be read.', 'Free some space.');
    };
    host.answers.status = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
  },
  blocked: () => {
    host.rows = host.rows.map((one) =>
      one.thread === 3
        ? { ...one, block: 'blocked' }
        : one.thread === 4
          ? { ...one, block: 'spam' }
          : one,
    );
  },
  frame: () => {
    const openThread = host.answers.openThread;
    host.answers.openThread = async (request) => ({
      ...(await openThread(request)),
      answering: {
        key: 'k',
        place: null,
        authorName: 'Tomasz Wilk',
        what: 'text',
        text: 'Thursday is fine, can they ring the neighbour? The name is on the bell, second floor.',
      },
      offering: ['Yes please', 'No, thank you', 'Call me first'],
    });
  },
  /** Labels, threads asleep, saved views; some rows are picked with `&picked`. */
  sorted: () => {
    const on = host.labels.labels.map((label, at) => ({
      ...label,
      name: asked.has('long') ? LONG_NAME : label.name,
      state: at === 1 ? ('puttingOn' as const) : ('on' as const),
    }));
    host.rows = host.rows.map((one) => ({
      ...one,
      labels: on.slice(0, one.thread % 4),
      status: one.thread % 5 === 0 ? { status: 'snoozed', untilMs: NOW + 18 * HOUR } : one.status,
    }));
    const view = {
      id: 'v-1',
      name: 'Late parcels',
      view: 'all' as const,
      account: null,
      channel: null,
      label: 'l-late',
      labelIsGone: false,
      sort: 'needsReply' as const,
      all: 5,
      waiting: 4,
    };
    host.savedViews = {
      ...host.savedViews,
      views: [view, { ...view, id: 'v-2', name: 'Wholesale', labelIsGone: true, waiting: 0 }],
    };
    if (asked.has('picked'))
      setTimeout(() => desk.list.picked.all(desk.list.rows.slice(1, 5)), 900);
  },
  /** Somebody fell out: what they were writing, a reply that waits on their desk, and that one was set offline oneself; with
   * `&long` names and draft are long, `&many` has 25 colleagues. */
  fallsOut: () => {
    const by = asked.has('long') ? LONG_NAME : 'Jonas Falk';
    const draft = 'Dear Samir, your order left on Thursday and';
    const text = asked.has('long') ? Array(40).fill(draft).join('\n') : draft;
    for (const { thread } of host.rows)
      host.handed.set(thread, { seq: 71, by, atMs: NOW - 4 * MINUTE, text, files: [] });
    host.rows = host.rows.map((one) => ({
      ...one,
      replyWaits: one.thread % 2 === 0 ? { name: by, me: false } : null,
    }));
    const people = Array.from({ length: asked.has('many') ? 25 : 3 }, (_, n) =>
      person({ agent: `a-${n}`, name: n === 0 ? by : `${by} ${n}`, mayReturn: n % 4 !== 3 }),
    );
    host.presence = team({ people, mine: 'offline', chosen: 'offline', setOfflineBy: by });
  },
  /** Only whoever works on a thread answers it. */
  onlyAssignee: () => {
    const openThread = host.answers.openThread;
    const who = asked.has('long') ? LONG_NAME : 'Jonas Falk';
    host.answers.openThread = async (request) => {
      const view = await openThread(request);
      const what = `Only whoever works on a thread may answer here, and ${who} works on this one.`;
      const action =
        'Ask them or a supervisor for it; a supervisor assigns it to themselves. Then send. What you wrote stays.';
      const composer = { ...view.composer, send: 'blocked' as const, forAnother: true };
      const row = { ...view.row, assignee: who, mine: false };
      return { ...view, row, composer: { ...composer, words: { what, action } } };
    };
  },
  /** Colleagues who look and type; with `&long` their names are long. */
  team: () => {
    const name = (short: string) => (asked.has('long') ? LONG_NAME : short);
    const at = (thread: number, doing: Doing) => {
      const { account, customer } = host.rows.find((one) => one.thread === thread)!;
      return { account, customer, doing };
    };
    host.presence = team({
      people: [
        person({
          agent: 'a-ada',
          name: name('Ada Okoro'),
          looksAt: [at(3, 'writesReply'), at(4, 'reads')],
        }),
        person({ agent: 'a-ines', name: 'Ines Kremer', me: true }),
        person({
          agent: 'a-jonas',
          name: name('Jonas Falk'),
          state: 'transfersOnly',
          looksAt: [at(4, 'reads'), at(2, 'writesNote')],
        }),
        person({ agent: 'a-noa', name: 'Noa Brandt', state: 'away', looksAt: [at(4, 'reads')] }),
        person({ agent: 'a-zoe', name: 'Zoë Lind', state: 'offline' }),
      ],
    });
  },
  trouble: () => {
    const openThread = host.answers.openThread;
    const said = (key: string, words: { what: string; action: string }, over: object) =>
      message({
        key,
        part: key,
        mid: null,
        author: 'me',
        text: 'Your parcel arrives tomorrow.',
        state: 'refused',
        stateWords: words,
        acts: ['sendAgain', 'takeBack', 'putAside'],
        ...over,
      });
    const restricted = {
      what: 'Meta has restricted this Page from sending messages for now.',
      action: 'A Page admin finds the reason and the end date in Meta’s support inbox.',
    };
    const owned = {
      what: 'Another app answers in this thread now, so Meta did not take the message.',
      action: 'Take control of the thread, then send again.',
    };
    const twice = {
      what: 'The same text was just sent, so Meta did not take it again.',
      action: 'Change the text if it should go out twice.',
    };
    const address = 'https://www.facebook.com/support';
    host.answers.openThread = async (request) => ({
      ...(await openThread(request)),
      items: [
        message({ key: 'a', text: 'Where is my parcel?', authorName: 'Paula Rentsch' }),
        message({
          key: 'b',
          author: 'me',
          text: 'I am looking.',
          state: 'sent',
          unchecked: true,
          reactions: [{ emoji: '👍', byCustomer: true, pending: false }],
        }),
        said('c', restricted, { help: { help: 'metaSettings', address } }),
        said('d', owned, { help: { help: 'take' } }),
        said('e', twice, { help: { help: 'change' } }),
      ],
    });
  },
  // Each way of holding a thread: `&strip=lapses`, and so on.
  strip: () => {
    const held: Record<string, [Partial<OwnerView>, ControlAct[]]> = {
      ours: [{}, ['passToDefault', 'passToInbox', 'passToApp', 'release', 'extend']],
      lapses: [
        { untilMs: NOW + 42 * MINUTE },
        ['passToDefault', 'passToInbox', 'passToApp', 'release', 'extend'],
      ],
      oursFirst: [
        { routing: 'hopV2', firstName: 'Baton' },
        ['passToDefault', 'passToInbox', 'release'],
      ],
      oursGiven: [{ routing: 'off', firstName: null }, ['passToInbox', 'release']],
      idle: [
        { owner: 'idle', untilMs: null },
        ['take', 'passToDefault', 'passToInbox', 'passToApp'],
      ],
      idleFirst: [{ owner: 'idle', untilMs: null, routing: 'hopV2' }, ['request']],
      other: [{ owner: 'other', appName: 'Teabot' }, ['take']],
      otherAsked: [{ owner: 'other', appName: 'Teabot', routing: 'hopV2' }, ['request']],
      otherGiven: [{ owner: 'other', appName: null, routing: 'off' }, ['request']],
      metaInbox: [{ owner: 'metaInbox', appName: 'Page Inbox' }, ['take']],
      questionFlow: [{ owner: 'questionFlow', appName: 'Meta’s automatic questions' }, ['take']],
      unmanaged: [{ owner: 'unmanaged', untilMs: null, routing: 'off', firstName: null }, []],
      unknown: [{ owner: 'unknown', untilMs: null }, ['take']],
    };
    const [over, acts] = held[asked.get('strip') ?? 'ours']!;
    host.rows = host.rows.map((one) =>
      one.thread === 3 ? { ...one, draft: null, owner: { ...ours, ...over } } : one,
    );
    const openThread = host.answers.openThread;
    host.answers.openThread = async (request) => {
      const view = await openThread(request);
      const items = view.items.map((item, at): Item =>
        item.item === 'message' && at < 4
          ? { ...item, message: { ...item.message, standby: item.message.author === 'customer' } }
          : item,
      );
      return { ...view, items, composer: { ...view.composer, acts } };
    };
  },
  people: () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      colleague({
        id: `a-${at}`,
        name: at % 9 === 4 ? LONG_NAME : `Colleague ${String(at).padStart(3, '0')}`,
        roles: [
          { account: northwind.id, role: (['agent', 'supervisor', 'admin'] as const)[at % 3]! },
        ],
        desks: [deskOf({ id: `d-${at}`, name: `laptop ${at}`, seenMs: NOW - at * 3 * 3_600_000 })],
      }),
    );
    const { people } = peopleView();
    host.people = peopleView({ people: [...people, ...many] });
  },
  peopleAway: () => {
    const away = { what: 'The relay does not answer.', action: 'What is shown is from before.' };
    host.people = peopleView({ away, invites: [] });
  },
  cutOff: () => {
    const cutOff = {
      workspace: 'Northwind',
      agentName: 'Ines Kremer',
      relayAddress: 'https://relay.northwind.example',
      stage: (asked.get('stage') ?? 'told') as 'removing' | 'removed' | 'told',
      drafts: 2,
      replies: 1,
      words: {
        what: 'An admin cut this desk off. What it held was removed from this computer: messages, files, drafts, replies that had not left, and its keys.',
        action: 'If that was not meant for you, ask an admin for a new invite.',
      },
    };
    host.answers.session = () =>
      session({ phase: 'enrol', agentName: null, workspace: null, accounts: [], cutOff });
  },
  opening: () => {
    const step = (asked.get('step') ?? 'copying') as OpeningView['step'];
    host.openingAt = { step, done: 42, of: 100 };
    host.answers.session = () => new Promise<never>(() => {});
  },
  erased: () => {
    const tombstone: Item = {
      item: 'erased',
      key: 'team:41',
      atMs: NOW - 60 * MINUTE,
      line: 'You erased this customer',
    };
    const openThread = host.answers.openThread;
    host.answers.openThread = async (request) => {
      const view = await openThread(request);
      return { ...view, items: [tombstone, ...view.items.slice(-2)] };
    };
    const waits = { connected: false, cutOff: false };
    host.answers.erasure = () => ({
      atMs: NOW - 60 * MINUTE,
      by: 'You',
      waiting: [
        { id: 'd-1', name: 'ada-laptop', agentName: 'Ada Okoro', seenMs: NOW - 3 * DAY, ...waits },
        { id: 'd-2', name: 'old', agentName: 'Jonas Falk', seenMs: null, ...waits, cutOff: true },
      ],
    });
  },
  long: () => far(LONG_NAME, LONG_TEXT),
  rtl: () => far('דנה לוי (2)', 'أين طلبي؟ رقم الطلب ٤٤١٢ (Northwind) 14:20.'),
  failed: () => {
    host.answers.listThreads = () => {
      throw refuse(
        'storage',
        'The file of this desk could not be read.',
        'Free some space, then try again.',
      );
    };
  },
};
scenes[asked.get('scene') ?? '']?.();
if (asked.has('fail')) {
  const failure = () => {
    throw refuse(
      asked.get('fail') as 'noKeyStore',
      'Words of the host on what happened.',
      'What can be done.',
    );
  };
  host.answers.checkRelay = failure;
  host.answers.checkPageToken = failure;
  host.answers.sendReply = failure;
}

const desk = new Desk(host);
await desk.settings.read();
mount(App, { target: document.getElementById('app')!, props: { desk } });
await tick();
if (asked.has('thread')) desk.openThread(Number(asked.get('thread')));
/** The reactions to a message are being chosen. */
desk.gestures.choosing = asked.get('choose');
for (const name of asked.get('press')?.split(',') ?? []) (await there(name)).click();
Object.assign(window, { desk, host });

async function there(name: string): Promise<HTMLElement> {
  for (;;) {
    const found = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
    if (found) return found;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
}
