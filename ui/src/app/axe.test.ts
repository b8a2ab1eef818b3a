/** axe finds nothing, wherever one is. Colours are held by the test of the tokens; this document has no layout. */
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import type { LoginView } from '$lib/contract';
import { kite, northwind, NOW, session } from '../test/people';
import { searchable } from '../test/found';
import { alertsView } from '../test/said';
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

const labelsOn = () => host.labels.labels.map((label) => ({ ...label, state: 'on' as const }));

async function saveTwo() {
  const one = {
    id: 'v-1',
    name: 'Late parcels',
    view: 'all',
    account: null,
    channel: null,
    label: 'l-late',
    labelIsGone: false,
    sort: 'newest',
    all: 2,
    waiting: 2,
  } as const;
  const gone = { ...one, id: 'v-2', name: 'Gone', label: 'l-gone', labelIsGone: true };
  host.savedViews = { ...host.savedViews, views: [one, gone] };
  await inbox();
  await part('saved-view');
}

async function people() {
  await inbox();
  await press('settings');
  await press('tab-people');
  await part('person');
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
  'what one is told of, on a desktop without notifications': async () => {
    const none = { what: 'Nothing shows notifications here.', action: '' };
    host.alerts = alertsView({ desktop: { shows: false, words: none, tray: false } });
    await inbox();
    await press('toggle-quiet');
    await part('status-quiet');
    await press('settings');
    await press('tab-alerts');
    await part('no-desktop-alerts');
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
  'a private note that is written, and who can be mentioned': async () => {
    await thread(5);
    await press('write-note');
    await write('note-text', '@');
    await part('offers');
  },
  'what else can be done with a thread': async () => {
    await thread(4);
    await press('thread-menu');
    await part('menu-urgent');
  },
  'whom a thread is given to': async () => {
    await thread(4);
    await press('thread-menu');
    await press('menu-give');
    await part('give-to');
  },
  'why a thread is escalated': async () => {
    await thread(4);
    await press('thread-menu');
    await press('menu-escalate');
    await write('escalate-why', 'Threatens');
    await key(await part('escalate-why'), 'Escape');
    await part('escalate-unsaved');
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
  'the details over the messages': async () => {
    await thread(4);
    resize(1024);
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
  'the people, one of them in detail': async () => {
    await people();
    await press('show-person');
    await part('person-details');
  },
  'the people, for whoever changes nothing': async () => {
    host.people = { ...host.people, isAdmin: false, invites: [] };
    await people();
    await part('person-roles');
  },
  'a person that is renamed': async () => {
    await people();
    await press('show-person');
    await press('rename-person');
    await part('person-name');
  },
  'a computer that is cut off': async () => {
    await people();
    await press('show-person');
    await press('cut-off');
    await part('cut-off-now');
  },
  'an invite and what it gives': async () => {
    await people();
    await press('invite-somebody');
    await part('make-invite');
  },
  'an invite that was made': async () => {
    await people();
    await press('invite-somebody');
    await write('invite-name', 'Mara Lind');
    await press('make-invite');
    await part('invite-secret');
  },
  'a list of people with faults': async () => {
    host.answers.checkInvites = () => ({
      people: [],
      faults: [{ line: 2, what: 'There is no account “Northwind”.' }],
    });
    await people();
    await press('invite-list');
    await write('list-text', 'name');
    await press('check-list');
    await part('list-faults');
  },
  'a list of people who would be invited': async () => {
    const one = { line: 2, name: 'Mara', roles: [], expiresDays: 7, hasNamesake: true };
    host.answers.checkInvites = () => ({ people: [one], faults: [] });
    await people();
    await press('invite-list');
    await write('list-text', 'name');
    await press('check-list');
    await part('list-people');
  },
  'before a customer is erased': async () => {
    await thread(4);
    if (!document.querySelector('[data-test="details"]')) await press('toggle-details');
    await press('erase-customer');
    await part('erase-name');
  },
  'a computer that was cut off': async () => {
    const cutOff = {
      workspace: 'Northwind',
      agentName: 'Ines Kremer',
      relayAddress: 'https://relay.northwind.example',
      stage: 'removed' as const,
      drafts: 1,
      replies: 0,
      words,
    };
    host.answers.session = () => session({ phase: 'enrol', accounts: [], cutOff });
    await openWindow(host);
    await press('join-again');
    await part('relay-address');
  },
  'the diagnostics': async () => {
    await inbox();
    await press('settings');
    await press('tab-diagnostics');
    await part('diagnostics');
  },
  'the labels of a thread': async () => {
    host.rows = host.rows.map((row) => ({ ...row, labels: labelsOn() }));
    await thread(4);
    await press('head-labels');
    await part('label-option');
  },
  'the labels and the form of one': async () => {
    await inbox();
    await press('settings');
    await press('tab-labels');
    await press('change-label');
    await part('label-form');
  },
  'no labels': async () => {
    host.labels = { ...host.labels, labels: [] };
    await inbox();
    await press('settings');
    await press('tab-labels');
    await part('no-labels');
  },
  'until when a thread sleeps': async () => {
    await thread(2);
    await press('snooze');
    await part('snooze-picker');
  },
  'threads that sleep': async () => {
    const status = { status: 'snoozed', untilMs: NOW + 90_000_000 } as const;
    host.rows = host.rows.map((row) => ({ ...row, status, labels: labelsOn() }));
    await openWindow(host);
    await press('view-snoozed');
    await part('row-sleeps');
  },
  'threads that are picked': async () => {
    await inbox();
    await press('pick');
    await press('pick-all');
    await part('row-pick');
  },
  'what would be done with many': async () => {
    host.hinders = ({ thread }) => (thread > 8 ? 'ofAnother' : null);
    await inbox();
    await press('pick');
    await press('pick-all');
    await press('many-done');
    await part('many-go');
  },
  'many threads that are being changed': async () => {
    host.answers.actOnMany = () => new Promise(() => {});
    await inbox();
    await press('pick');
    await press('pick-all');
    await press('many-markRead');
    await press('many-go');
    await part('many-progress');
  },
  'whom many threads are given to': async () => {
    await inbox();
    await press('pick');
    await press('pick-all');
    await press('many-assign');
    await part('assign-to');
  },
  'a label for many threads': async () => {
    await inbox();
    await press('pick');
    await press('pick-all');
    await press('many-label');
    await part('label-option');
  },
  'which threads of a view are shown': async () => {
    await inbox();
    await press('filter');
    await press('filter-label');
    await press('option', '[data-value="l-late"]');
    await part('filter-chips');
  },
  'saved views, one of a label that went': async () => {
    await saveTwo();
    await press('manage-views');
    await press('rename-view');
    await part('view-rename');
  },
  'the name of a saved view': async () => {
    await saveTwo();
    await press('saved-view');
    await press('filter');
    await press('filter-save');
    await part('view-name');
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
  'whether one is there': async () => {
    await inbox();
    await press('me');
    await part('team-there');
  },
  'colleagues in a thread and on a row': async () => {
    await thread(3);
    host.looks('Ada Okoro', [3, 'writesReply'], [5, 'reads']);
    await part('replies-too');
    await part('row-faces');
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
