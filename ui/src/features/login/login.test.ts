import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost, LOGIN_LINK, refuse } from '../../test/fake-host';
import { kite, northwind, NOW, session } from '../../test/people';
import { all, find, key, openWindow, part, press, said, waitFor } from '../../test/window';
import { words } from '$lib/words';
import type { GrantedView, LoginFailureView, LoginView } from '$lib/contract';

const w = words.login;
const missing = (account: typeof northwind) => ({
  ...account,
  token: 'missing' as const,
  tokenFacts: null,
  connected: false,
});
const granted = (over: Partial<GrantedView> = {}): GrantedView => ({
  id: northwind.id,
  name: northwind.name,
  channel: 'messenger',
  mayConnect: true,
  connected: false,
  whyNot: null,
  ...over,
});
const notInvited = {
  what: 'This desk was not invited to it.',
  action: 'Ask an admin for an invite that names it.',
};
const choosing = (over: GrantedView[] = [granted()], notChosen: string[] = []): LoginView => ({
  state: 'choosing',
  granted: over,
  notChosen,
});
const waiting = (link: string | null = null): LoginView => ({
  state: 'waiting',
  untilMs: NOW + 600_000,
  browserOpened: link === null,
  link,
});

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost({
    session: () => session({ phase: 'connect', accounts: [missing(northwind), missing(kite)] }),
  });
});

describe('the first run', () => {
  test('offers the login first, and pasting behind it', async () => {
    await openWindow(host);
    expect((await part('log-in')).className).toContain('loud');
    expect(find('page-token')).toBeNull();
    await press('paste-instead');
    await part('page-token');
    await press('log-in-instead');
    await part('log-in');
  });

  test('goes by the browser, and connects what was chosen there', async () => {
    await openWindow(host);
    await press('log-in');
    await part('login-waiting');
    expect(host.asked('beginLogin')).toEqual([{ askAgain: false }]);
    expect(find('login')?.textContent).toContain(w.waiting);

    host.loginIs(
      choosing([
        granted(),
        granted({ id: '900', name: '@northwindtea', channel: 'instagram' }),
        granted({ id: '901', name: 'Harbour Books', mayConnect: false, whyNot: notInvited }),
      ]),
    );
    const list = await said('login-choosing');
    for (const word of [
      'Northwind Tea',
      '@northwindtea',
      'Instagram',
      notInvited.what,
      notInvited.action,
    ])
      expect(list).toContain(word);
    host.answers.session = () => session({ phase: 'ready', accounts: [northwind, missing(kite)] });
    await press('connect-granted');
    expect(host.asked('connectGranted')).toEqual([{ accounts: [northwind.id, '900'] }]);
    await waitFor(() => expect(find('first-run')?.textContent).toContain('Kite & Co'));
    await part('log-in');
  });

  test('opens the browser again, and can be called off', async () => {
    await openWindow(host);
    await press('log-in');
    await press('open-login-again');
    expect(host.asked('openLoginAgain')).toHaveLength(1);
    await press('cancel-login');
    expect(host.asked('cancelLogin')).toHaveLength(1);
    await part('log-in');
  });

  test('without a browser the address can be copied', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    host.login = waiting(LOGIN_LINK);
    await openWindow(host);
    const link = (await part('login-link')) as HTMLInputElement;
    expect(link.value).toContain('state=login_s');
    expect(link.readOnly).toBe(true);
    expect(find('login')?.textContent).toContain(w.noBrowser);
    await press('copy-link');
    expect(writeText).toHaveBeenCalledWith(link.value);
    await waitFor(() => expect(find('copy-link')?.textContent).toContain(words.common.copied));
  });

  test('with a browser the address is nowhere on the page until somebody asks for it', async () => {
    const copied: string[] = [];
    type Item = { of: Record<string, Promise<Blob>> };
    const write = async ([item]: Item[]) => {
      copied.push(await (await item!.of['text/plain']!).text());
    };
    Object.defineProperty(navigator, 'clipboard', { value: { write }, configurable: true });
    vi.stubGlobal(
      'ClipboardItem',
      class {
        constructor(readonly of: Item['of']) {}
      },
    );
    host.login = waiting();
    await openWindow(host);
    await part('login-waiting');
    expect([find('login-link'), find('copy-link')]).toEqual([null, null]);

    // The browser died after it was opened.
    await press('show-login-address');
    expect(((await part('login-link')) as HTMLInputElement).value).toBe(LOGIN_LINK);
    await waitFor(() => expect(copied).toEqual([LOGIN_LINK]));
    await waitFor(() => expect(find('copy-link')?.textContent).toContain(words.common.copied));
    vi.unstubAllGlobals();
    expect(find('login')?.textContent).not.toContain(w.noBrowser);
    expect(find('open-login-again')?.textContent).toContain(w.openAgain);
  });

  test('where the clipboard refuses, the address is selected to be copied by hand', async () => {
    const write = () => Promise.reject(new Error('not allowed'));
    Object.defineProperty(navigator, 'clipboard', { value: { write }, configurable: true });
    host.login = waiting();
    await openWindow(host);
    await press('show-login-address');
    const link = (await part('login-link')) as HTMLInputElement;
    await waitFor(() => expect(document.activeElement).toBe(link));
    expect(link.selectionEnd).toBe(LOGIN_LINK.length);
  });

  test.each<[LoginFailureView, boolean]>([
    ['denied', true],
    ['noPages', true],
    ['expired', false],
    ['metaAway', false],
    ['other', false],
  ])('%s has its own words; Meta is told to ask again: %s', async (reason, askAgain) => {
    host.login = {
      state: 'failed',
      reason,
      words: { what: 'What the host says.', action: 'What can be done.' },
    };
    await openWindow(host);
    const failed = await said('login-failed');
    expect(failed).toContain(w.failed[reason]);
    expect(failed).toMatch(/What the host says\..*What can be done\./);
    await press('log-in');
    expect(host.asked('beginLogin')).toEqual([{ askAgain }]);
  });

  test('a relay that is away is told in place, and nothing is lost', async () => {
    host.answers.beginLogin = () => {
      throw refuse('relayUnreachable', 'The relay cannot be reached.', 'Try again.');
    };
    await openWindow(host);
    await press('log-in');
    expect(await said('failure')).toMatch(/cannot be reached.*Try again/);
    await part('log-in');
  });

  test('what failed says why and can be tried again, what was connected is not asked for twice', async () => {
    const failed = { what: 'Meta cannot be reached.', action: 'Try again in a moment.' };
    host.login = choosing([granted(), granted({ id: kite.id, name: kite.name })]);
    host.answers.connectGranted = () =>
      (host.login = choosing([
        granted({ mayConnect: false, connected: true }),
        granted({ id: kite.id, name: kite.name, whyNot: failed }),
      ]));
    await openWindow(host);
    await press('connect-granted');
    await waitFor(() => expect(find('login-choosing')?.textContent).toContain(failed.what));
    await press('connect-granted');
    expect(host.asked('connectGranted')).toEqual([
      { accounts: [northwind.id, kite.id] },
      { accounts: [kite.id] },
    ]);
  });

  test('what is left out stays unconnected, and with nothing left there is nothing to press', async () => {
    host.login = choosing();
    await openWindow(host);
    const row = await part('granted');
    row.querySelector('input')?.click();
    await waitFor(() => expect(find('connect-granted')?.hasAttribute('disabled')).toBe(true));
  });

  test('accounts that were not chosen are named, with the way to choose again', async () => {
    host.login = choosing([granted()], ['Kite & Co']);
    await openWindow(host);
    expect(await said('not-chosen')).toContain('Kite & Co');
    await press('choose-again');
    expect(host.asked('beginLogin')).toEqual([{ askAgain: true }]);
  });

  test('when none can be used it says so and offers the login again', async () => {
    host.login = choosing([granted({ mayConnect: false, whyNot: notInvited })]);
    await openWindow(host);
    expect(await said('login-choosing')).toContain(w.noneUsable);
    expect(find('connect-granted')).toBeNull();
    expect(all('granted').map((one) => one.querySelector('input')?.disabled)).toEqual([true]);
    await part('log-in');
  });

  test('who was invited to an account that is connected hears that the token comes by itself', async () => {
    host.answers.session = () =>
      session({ phase: 'connect', accounts: [{ ...missing(northwind), connected: true }] });
    await openWindow(host);
    expect(await said('comes-by-itself')).toContain(words.firstRun.comesByItself);
    host.answers.session = () => session();
    host.tell({ notice: 'session' });
    await part('thread-list');
  });
});

describe('reconnecting', () => {
  beforeEach(() => {
    const words = { what: 'Meta no longer accepts this token.', action: 'Connect again.' };
    host.answers.session = () =>
      session({
        accounts: [{ ...northwind, token: 'dead' }, kite],
        problems: [{ kind: 'tokenDead', account: northwind.id, words }],
      });
  });

  test('one login, and the banner is gone', async () => {
    await openWindow(host);
    await press('reconnect');
    await press('log-in');
    host.loginIs(choosing([granted(), granted({ id: kite.id, name: kite.name })]));
    await part('login-choosing');
    host.answers.session = () => session();
    await press('connect-granted');
    expect(host.asked('connectGranted'), 'what works is left alone').toEqual([
      { accounts: [northwind.id] },
    ]);
    await waitFor(() => expect([find('reconnect-dialog'), find('banner')]).toEqual([null, null]));
  });

  test('who is through at Meta and closes the dialog before that is known here loses nothing', async () => {
    const desk = await openWindow(host);
    const says = () => desk.toasts.shown.map(({ text }) => text);
    await press('reconnect');
    await press('log-in');
    await part('login-waiting');
    await key(await part('reconnect-dialog'), 'Escape');
    await waitFor(() => expect(find('reconnect-dialog')).toBeNull());
    expect(says()).toEqual([w.goesOn]);
    host.loginIs(choosing());
    await waitFor(() => expect(says()).toContain(w.kept));
    expect(host.asked('cancelLogin')).toEqual([]);
    await press('reconnect');
    await part('login-choosing');
  });

  test('whoever closes the dialog is at the button of the banner again', async () => {
    await openWindow(host);
    await press('reconnect');
    await key(await part('reconnect-dialog'), 'Escape');
    await waitFor(() => expect(find('reconnect-dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(find('reconnect')));
  });

  test('where the banner is gone with its trouble, the list has the focus', async () => {
    await openWindow(host);
    (await part('reconnect')).focus();
    await press('reconnect');
    await press('log-in');
    host.loginIs(choosing([granted()]));
    await part('login-choosing');
    host.answers.session = () => session();
    await press('connect-granted');
    await waitFor(() => expect([find('reconnect-dialog'), find('banner')]).toEqual([null, null]));
    await waitFor(() => expect(find('thread-list')?.contains(document.activeElement)).toBe(true));
  });

  test('a login that fails behind a closed dialog is told', async () => {
    const desk = await openWindow(host);
    await press('reconnect');
    await press('log-in');
    await part('login-waiting');
    await key(await part('reconnect-dialog'), 'Escape');
    const failed = { what: 'The login took too long.', action: 'Log in again.' };
    host.loginIs({ state: 'failed', reason: 'expired', words: failed });
    await waitFor(() =>
      expect(desk.toasts.shown.map(({ text }) => text)).toContain(
        'The login took too long. Log in again.',
      ),
    );
  });

  test('Esc leaves what Meta granted, and says so', async () => {
    const desk = await openWindow(host);
    await press('reconnect');
    await press('log-in');
    await part('login-waiting');
    host.loginIs(choosing());
    await part('login-choosing');
    await key(await part('reconnect-dialog'), 'Escape');
    await waitFor(() => expect(desk.toasts.shown.map(({ text }) => text)).toEqual([w.kept]));
    expect(host.asked('cancelLogin')).toEqual([]);
    await press('reconnect');
    await part('login-choosing');
  });

  test('Esc while the account is being connected lets that go on, and its end is told', async () => {
    const desk = await openWindow(host);
    await press('reconnect');
    await press('log-in');
    host.loginIs(choosing());
    let connected = () => {};
    host.answers.connectGranted = () =>
      new Promise((resolve) => {
        connected = () => resolve((host.login = { state: 'none' }));
      });
    await press('connect-granted');
    await waitFor(() => expect(host.asked('connectGranted')).toHaveLength(1));
    await key(await part('reconnect-dialog'), 'Escape');
    await waitFor(() => expect(find('reconnect-dialog')).toBeNull());
    expect(desk.toasts.shown).toEqual([]);
    host.answers.session = () => session();
    connected();
    const name = words.login.connected([northwind.name]);
    await waitFor(() => expect(desk.toasts.shown.map(({ text }) => text)).toEqual([name]));
    expect(host.asked('cancelLogin')).toEqual([]);
    await waitFor(() => expect(find('banner')).toBeNull());
  });
});
