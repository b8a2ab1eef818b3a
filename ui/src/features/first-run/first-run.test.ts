import { beforeEach, describe, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, northwind, session } from '../../test/people';
import { find, openWindow, part, press, said, waitFor, write } from '../../test/window';
import { words } from '$lib/words';
import type { CommandErrorCode } from '$lib/contract';

const fresh = () => session({ phase: 'enrol', agentName: null, workspace: null, accounts: [] });
const missing = (account: typeof northwind) => ({
  ...account,
  token: 'missing' as const,
  connected: false,
});

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost({ session: fresh });
});

async function fillRelay() {
  await write('relay-address', ' https://relay.northwind.example ');
  await write('invite', 'tea-and-cake');
  await press('check-relay');
}

describe('step one', () => {
  test('shows what the invite is good for before it is used', async () => {
    await openWindow(host);
    await fillRelay();
    const check = await said('relay-check');
    for (const word of ['Northwind', 'Ines Kremer', 'Northwind Tea', 'Kite & Co', 'Administrator'])
      expect(check).toContain(word);
    expect(host.asked('enrol')).toEqual([]);
    await press('enrol');
    await part('log-in');
    expect(host.asked('enrol')).toEqual([
      { address: 'https://relay.northwind.example', invite: 'tea-and-cake' },
    ]);
  });

  test.each<[CommandErrorCode, string]>([
    ['relayUnreachable', 'relay-address'],
    ['notARelay', 'relay-address'],
    ['relayTooOld', 'relay-address'],
    ['relayTooNew', 'relay-address'],
    ['inviteInvalid', 'invite'],
    ['deskRevoked', 'invite'],
  ])('%s has its own words, beside the %s', async (code, field) => {
    host.answers.checkRelay = () => {
      throw refuse(code, 'What the host says.', 'What can be done.');
    };
    await openWindow(host);
    await fillRelay();
    const failure = await part('failure', `[data-code="${code}"]`);
    expect(failure.textContent).toContain(words.error[code]);
    expect(failure.textContent).toContain('What the host says.');
    expect(failure.textContent).toContain('What can be done.');
    const input = await part(field);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(input.parentElement?.contains(failure)).toBe(true);
  });

  test('without a key store it says what can be done, and nothing typed is lost', async () => {
    host.answers.enrol = () => {
      throw refuse('noKeyStore', 'The key store is locked.', 'Unlock it, then try again.');
    };
    await openWindow(host);
    await fillRelay();
    await press('enrol');
    expect(await said('failure')).toMatch(/is locked.*Unlock it.*Nothing was saved/);
    expect((await part('invite')) as HTMLInputElement).toMatchObject({ value: 'tea-and-cake' });
    expect(find('enrol')).not.toBeNull();
  });

  test('says what is going on while the relay is asked, and asks once', async () => {
    let answer: (() => void) | undefined;
    host.answers.checkRelay = () =>
      new Promise((_, reject) => (answer = () => reject(refuse('notARelay', 'No relay.'))));
    await openWindow(host);
    await fillRelay();
    expect(find('first-run')?.textContent).toContain(words.firstRun.checkingRelay);
    expect((await part('check-relay')).hasAttribute('disabled')).toBe(true);
    answer?.();
    await part('failure');
    expect(host.asked('checkRelay')).toHaveLength(1);
  });
});

describe('step two, where only pasting is offered', () => {
  beforeEach(() => {
    host.answers.session = () =>
      session({ phase: 'connect', canLogIn: false, accounts: [missing(northwind), missing(kite)] });
  });

  async function checkToken() {
    await write('page-token', ' EAAB-secret ');
    await press('check-token');
  }

  test('no login is offered, and it says so', async () => {
    await openWindow(host);
    await part('page-token');
    expect([find('log-in'), find('log-in-instead')]).toEqual([null, null]);
    expect(find('first-run')?.textContent).toContain(words.firstRun.onlyPasting);
  });

  test.each(['messenger', 'instagram'] as const)(
    'an account of %s is called what it is, and by a word while its name is not known',
    async (channel) => {
      const unnamed = { ...missing(northwind), id: '1784140033', name: '1784140033', channel };
      host.answers.session = () =>
        session({ phase: 'connect', canLogIn: false, accounts: [unnamed, missing(kite)] });
      await openWindow(host);
      const shown = await said('first-run');
      expect(shown).toContain(words.firstRun.accountIntro[channel]);
      expect(shown).toContain(words.firstRun.unnamed[channel]);
      expect(shown).not.toContain(unnamed.id);
    },
  );

  test('the token is hidden, checked, and only then used', async () => {
    await openWindow(host);
    expect((await part('page-token')).getAttribute('type')).toBe('password');
    await checkToken();
    expect(await said('page-check')).toMatch(/Northwind Tea.*one app at a time.*Everything/);
    expect(host.asked('connectAccount')).toEqual([]);
    host.answers.connectAccount = () =>
      session({ phase: 'ready', canLogIn: false, accounts: [northwind, missing(kite)] });
    await press('connect');
    await waitFor(() => expect(find('first-run')?.textContent).toContain('Connect Kite & Co'));
    expect(host.asked('connectAccount')).toEqual([{ account: '101', token: 'EAAB-secret' }]);
    expect((await part('page-token')) as HTMLInputElement).toMatchObject({ value: '' });
  });

  test('once one account is connected the others can wait', async () => {
    await openWindow(host);
    expect(find('open-inbox')).toBeNull();
    host.answers.connectAccount = () =>
      session({ phase: 'ready', canLogIn: false, accounts: [northwind, missing(kite)] });
    await checkToken();
    await press('connect');
    await press('open-inbox');
    await part('thread-list');
  });

  test('when all are connected the inbox opens by itself', async () => {
    await openWindow(host);
    host.answers.connectAccount = () => session();
    await checkToken();
    await press('connect');
    await part('thread-list');
  });

  test('missing rights are named and nothing can be connected', async () => {
    host.answers.checkPageToken = () => ({
      pageName: 'Northwind Tea',
      page: '101',
      routing: 'off',
      missingRights: ['Messages', 'Moderation'],
    });
    await openWindow(host);
    await checkToken();
    expect(await said('page-check')).toMatch(/Missing: Messages, Moderation/);
    expect(find('connect')).toBeNull();
  });

  test.each<[CommandErrorCode, boolean]>([
    ['tokenInvalid', true],
    ['wrongPage', true],
    ['rightsMissing', true],
    ['metaUnreachable', false],
    ['noKeyStore', false],
    ['storage', false],
  ])('%s has its own words; beside the field: %s', async (code, beside) => {
    host.answers.checkPageToken = () => {
      throw refuse(code, 'What the host says.');
    };
    await openWindow(host);
    await checkToken();
    const failure = await part('failure', `[data-code="${code}"]`);
    expect(failure.textContent).toContain(words.error[code]);
    expect((await part('page-token')).parentElement?.contains(failure)).toBe(beside);
  });
});

describe('the names of accounts', () => {
  const unnamed = { ...missing(northwind), name: northwind.id };
  const both = [unnamed, { ...missing(kite), name: kite.id, channel: 'instagram' as const }];
  const list = () => [...find('first-run')!.querySelectorAll('[data-test=pick-account] .cut')];

  test('are words until they are known, and no numbers', async () => {
    host.answers.session = () => session({ phase: 'connect', accounts: both });
    await openWindow(host);
    await part('pick-account');
    expect(list().map((one) => one.textContent)).toEqual([
      words.firstRun.unnamed.messenger,
      words.firstRun.unnamed.instagram,
    ]);
    expect(find('first-run')?.textContent).not.toContain(northwind.id);
    expect(find('first-run')?.querySelector('h1')?.textContent).toBe('Connect the account');
  });

  test('have their numbers where two would go by the same word', async () => {
    const pages = [unnamed, { ...missing(kite), name: kite.id }];
    host.answers.session = () => session({ phase: 'connect', accounts: pages });
    await openWindow(host);
    await part('pick-account');
    const { unnamedOf, accountTitle } = words.firstRun;
    expect(list().map((one) => one.textContent)).toEqual(
      [northwind, kite].map(({ id }) => unnamedOf.messenger(id)),
    );
    expect(find('first-run')?.querySelector('h1')?.textContent).toBe(
      accountTitle(unnamedOf.messenger(northwind.id)),
    );
  });

  test('are shown as soon as a login told them', async () => {
    host.answers.session = () => session({ phase: 'connect', accounts: both });
    await openWindow(host);
    await part('pick-account');
    host.loginIs({
      state: 'choosing',
      granted: [
        {
          id: northwind.id,
          name: 'Northwind Tea',
          channel: 'messenger',
          mayConnect: true,
          connected: false,
          whyNot: null,
        },
      ],
      notChosen: [],
    });
    await waitFor(() => expect(list()[0]?.textContent).toBe('Northwind Tea'));
    expect(find('first-run')?.querySelector('h1')?.textContent).toBe('Connect Northwind Tea');
  });
});

test('a desk whose own key is gone begins with joining, and says that nothing is lost', async () => {
  const problem = {
    kind: 'deskKeyGone' as const,
    account: null,
    words: { what: 'The key is gone.', action: 'Everything on this computer stays.' },
  };
  host.answers.session = () =>
    session({ phase: 'connect', accounts: [missing(northwind)], problems: [problem] });
  await openWindow(host);
  await part('relay-address');
  expect(await said('banner')).toContain('Everything on this computer stays.');
});
