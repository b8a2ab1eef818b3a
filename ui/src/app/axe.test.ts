/** axe finds nothing, wherever one is. Colours are held by the test of the tokens; this document has no layout. */
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import type { LoginView } from '$lib/contract';
import { kite, northwind, NOW, session } from '../test/people';
import { searchable } from '../test/found';
import { key, openThread, openWindow, part, press, write } from '../test/window';

const widthBefore = window.innerWidth;

function resize(width: number) {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: width });
  window.dispatchEvent(new Event('resize'));
}

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => resize(widthBefore));

const fails = () => {
  throw refuse('storage', 'The file of this desk could not be read.', 'Make room on the disk.');
};
const dead = { ...kite, token: 'dead' } as const;
const words = { what: 'Meta no longer accepts the token.', action: 'Paste a new one.' };

async function inbox() {
  await openWindow(host);
  await part('thread-row');
}

async function thread(which: number) {
  await inbox();
  await openThread(which);
}

const waitsFor = (link: string | null): LoginView => ({
  state: 'waiting',
  untilMs: NOW,
  browserOpened: link === null,
  link,
});

async function login(stands: LoginView) {
  host.login = stands;
  host.answers.session = () => session({ phase: 'connect', accounts: [dead] });
  await openWindow(host);
  await part('login', `[data-state="${stands.state}"]`);
}

const places: Record<string, () => Promise<unknown>> = {
  'the inbox': inbox,
  'a thread': () => thread(4),
  'a thread with every rarer kind of message': async () => {
    host.rows = host.rows.map((row) => (row.thread === 9 ? { ...row, mine: true } : row));
    await thread(9);
  },
  'a thread where nothing may be sent': () => thread(8),
  'a reply that was refused at once': async () => {
    host.answers.sendReply = fails;
    await thread(5);
    await press('send');
    await part('send-error');
  },
  'emoji that are offered': async () => {
    await thread(5);
    await write('composer-text', ':smi');
    await part('offers');
  },
  'canned replies that are offered': async () => {
    await thread(5);
    await write('composer-text', '/ord');
    await part('canned-preview');
  },
  'canned replies and the form of one': async () => {
    await inbox();
    await press('settings');
    await press('tab-canned');
    await press('change-canned');
    await part('canned-form');
  },
  'no canned replies': async () => {
    host.canned = { replies: [], mayShare: false };
    await thread(5);
    await write('composer-text', '/');
    await part('offers-note');
  },
  'an act that can be undone': async () => {
    await thread(5);
    await press('act-pass');
    await part('toast');
  },
  'the details over a narrow thread': async () => {
    await thread(4);
    resize(600);
    await press('toggle-details');
    await part('details');
  },
  'the list alone on a narrow window': async () => {
    resize(600);
    await inbox();
  },
  'what was found': async () => {
    searchable(host);
    await inbox();
    await write('search', 'a');
    await part('search-hit');
    await part('search-name');
  },
  'the filters of the search': async () => {
    await inbox();
    await press('search-help');
    await part('search-filters');
  },
  'nothing found': async () => {
    await inbox();
    await write('search', 'xyzzy');
    await part('search-nothing');
  },
  'a thread that is searched': async () => {
    searchable(host);
    await thread(3);
    await key(document.body, 'f', { ctrlKey: true });
    await write('find-field', 'refund');
    await part('find-state');
  },
  'the settings': async () => {
    await inbox();
    await press('settings');
    await part('theme-dark');
  },
  'the accounts': async () => {
    await inbox();
    await press('settings');
    await press('tab-accounts');
    await part('account-facts');
  },
  'the removal of an account': async () => {
    await inbox();
    await press('settings');
    await press('tab-accounts');
    await press('remove-account');
    await part('removal');
  },
  'the diagnostics': async () => {
    await inbox();
    await press('settings');
    await press('tab-diagnostics');
    await part('diagnostics');
  },
  'the help': async () => {
    await inbox();
    await press('help');
  },
  'passing a thread on': async () => {
    await thread(3);
    await press('act-pass-to');
    await part('pass-now');
  },
  'a new name': async () => {
    await thread(4);
    await press('toggle-details');
    await press('rename');
  },
  'an empty view': async () => {
    host.rows = [];
    await openWindow(host);
    await part('list-empty');
  },
  'a list that failed': async () => {
    host.answers.listThreads = fails;
    await openWindow(host);
    await part('notice');
  },
  'banners and a new token': async () => {
    const problem = { kind: 'tokenDead', account: kite.id, words } as const;
    host.answers.session = () => session({ accounts: [northwind, dead], problems: [problem] });
    await openWindow(host);
    await press('reconnect');
  },
  'the first step': async () => {
    host.answers.session = () => session({ phase: 'enrol', accounts: [], agentName: null });
    await openWindow(host);
  },
  'the second step': async () => {
    host.answers.session = () =>
      session({
        phase: 'connect',
        accounts: [northwind, { ...kite, token: 'missing', connected: false }],
      });
    await openWindow(host);
  },
  'a token that is pasted': async () => {
    host.answers.session = () => session({ phase: 'connect', accounts: [dead] });
    await openWindow(host);
    await press('paste-instead');
    await part('page-token');
  },
  'a login without a browser': () => login(waitsFor('https://www.facebook.com/dialog')),
  'a login in the browser': () => login(waitsFor(null)),
  'a login that failed': () => login({ state: 'failed', reason: 'denied', words }),
  'accounts that were granted': () =>
    login({
      state: 'choosing',
      granted: [
        {
          id: kite.id,
          name: kite.name,
          channel: 'messenger',
          mayConnect: true,
          connected: false,
          whyNot: words,
        },
        {
          id: '900',
          name: 'Harbour Books',
          channel: 'instagram',
          mayConnect: false,
          connected: true,
          whyNot: null,
        },
      ],
      notChosen: ['Northwind Tea'],
    }),
};

test.each(Object.entries(places))('in %s', async (_, go) => {
  await go();
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
});
