import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountFact, AccountView, ProblemKind } from '$lib/contract';
import { clockTime } from '$lib/format/time';
import { FakeHost, refuse } from '../../test/fake-host';
import { fact, kite, northwind, readingHistory, session } from '../../test/people';
import { status } from '../../test/said';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';
import { troubles, worst } from './health';

const words = { what: 'What happened.', action: 'What can be done.' };
const bad = (kind: AccountFact['kind'], value: string) =>
  fact(kind, value, { state: 'bad', words });

function instead(account: AccountView, facts: AccountFact[]): AccountView {
  const health = account.health.map((one) => facts.find((fact) => fact.kind === one.kind) ?? one);
  return { ...account, health };
}

let host: FakeHost;
beforeEach(() => (host = new FakeHost()));

async function openAccounts(...accounts: AccountView[]) {
  host.answers.session = () => session({ accounts });
  await openWindow(host);
  await press('settings');
  await press('tab-accounts');
  return part('account-details');
}

describe('the list', () => {
  test('has a mark and one line for each account, and details beside it', async () => {
    const unwell = instead(kite, [bad('subscription', 'off')]);
    await openAccounts(northwind, unwell);
    const rows = all('account-row');
    expect(rows.map((row) => row.dataset['state'])).toEqual(['note', 'bad']);
    expect(rows[0]?.textContent).toContain('All is well');
    expect(rows[1]?.textContent).toContain('What happened.');
    expect(rows[1]?.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('not well');
    // What is not well is shown first.
    expect(find('account-details')?.dataset['account']).toBe(kite.id);
    await press('account-row', `[data-account="${northwind.id}"]`);
    await waitFor(() => expect(find('account-details')?.dataset['account']).toBe(northwind.id));
    await press('all-accounts');
    await waitFor(() => expect(find('account-details')?.dataset['account']).toBe(kite.id));
  });

  test('is left out where there is one account alone', async () => {
    await openAccounts(northwind);
    expect(all('account-row')).toEqual([]);
  });

  test('says so where there is none', async () => {
    host.answers.session = () => session({ accounts: [] });
    await openWindow(host);
    await press('settings');
    await press('tab-accounts');
    expect(await said('no-accounts')).toContain('Ask an administrator');
  });
});

describe('handing back', () => {
  test('is chosen by a supervisor, for the whole team', async () => {
    host.answers.setHandBack = (asked) =>
      session({ accounts: [{ ...northwind, handBack: asked.on }] });
    await openAccounts({ ...northwind, role: 'supervisor' });
    expect(await said('hand-back')).toMatch(/Hand the thread back to .*Teabot/);
    await press('hand-back-on');
    await waitFor(() =>
      expect(host.asked('setHandBack')).toEqual([{ account: northwind.id, on: true }]),
    );
    expect((find('hand-back-on') as HTMLInputElement).checked).toBe(true);
  });

  test('is only looked at by an agent, and is nothing where nobody holds threads', async () => {
    await openAccounts({ ...northwind, role: 'agent' }, kite);
    expect((find('hand-back-on') as HTMLInputElement).disabled).toBe(true);
    await press('account-row', `[data-account="${kite.id}"]`);
    await waitFor(() => expect(find('account-details')?.dataset['account']).toBe(kite.id));
    expect(find('hand-back')).toBeNull();
  });
});

describe('the history', () => {
  const reading = { ...northwind, history: readingHistory };

  test('says how far it is, and is paused and let go on', async () => {
    const paused = { ...readingHistory, state: 'paused', isPaused: true } as const;
    host.answers.pauseHistory = (asked) =>
      session({ accounts: [{ ...northwind, history: asked.paused ? paused : readingHistory }] });
    await openAccounts(reading);
    expect(await said('history')).toContain('12 of 40 threads read');
    expect(find('history-progress')?.getAttribute('value')).toBe('30');
    await press('pause-history');
    await waitFor(() => expect(find('history')?.dataset['state']).toBe('paused'));
    expect(find('pause-history')?.textContent?.trim()).toBe('Go on');
    await press('pause-history');
    await waitFor(() => expect(find('history')?.dataset['state']).toBe('reading'));
    expect(host.calls.filter(({ name }) => name === 'pauseHistory')).toHaveLength(2);
  });

  test('can be paused only by whoever may', async () => {
    await openAccounts({ ...reading, history: { ...readingHistory, mayPause: false } });
    expect(find('history')).not.toBeNull();
    expect(find('pause-history')).toBeNull();
  });

  test('tells no share of what is not listed to its end', async () => {
    await openAccounts({ ...reading, history: { ...readingHistory, isListed: false } });
    await said('history');
    expect(find('history-progress')?.hasAttribute('value')).toBe(false);
  });

  test('stands in the status line of every window while it is read', async () => {
    host.answers.status = () =>
      status({
        history: { health: 'busy', short: 'Older messages 12 of 40', words: readingHistory.words },
      });
    await openWindow(host);
    expect(await said('status-history')).toContain('Older messages 12 of 40');
  });
});

describe('the details', () => {
  test('call an account whose name is not known by a word', async () => {
    await openAccounts({ ...northwind, name: northwind.id, channel: 'instagram' });
    expect(await said('account-details')).toContain('An Instagram account');
  });

  test('say every fact in words, and when something was', async () => {
    await openAccounts(northwind);
    const facts = await said('account-facts');
    for (const text of [
      'Page token',
      `worked at ${clockTime(northwind.checkedMs!)}, here since Sun, Nov 15, 2:31 PM, 5 days ago`,
      'all that are needed',
      'in 59 days',
      'all 12 kinds of events',
      'Last heard',
      '1 min ago',
      'Routing',
      'one at a time holds a thread',
      'Teabot',
      'Customers’ names',
    ])
      expect(facts).toContain(text);
    expect(await said('checked')).toMatch(/^Last checked with Meta: \d/);
    expect(find('account-trouble')).toBeNull();
  });

  test('put what is wrong first, bad before warnings, with what can be done', async () => {
    const refused = fact('humanAgent', 'refused by Meta', { state: 'warning', words });
    const account = instead(northwind, [refused, bad('policy', 'stopped from sending')]);
    await openAccounts(account);
    expect(all('account-trouble').map((one) => one.dataset['kind'])).toEqual([
      'policy',
      'humanAgent',
    ]);
    expect(await said('account-trouble')).toBe(
      'Standing with Meta What happened. What can be done.',
    );
    expect([worst(account), troubles(account).length]).toEqual(['bad', 2]);
  });

  test.each<[string, Partial<AccountView>, AccountFact]>([
    ['a dead token', { token: 'dead' }, bad('token', 'refused by Meta')],
    ['no token', { token: 'missing' }, bad('token', 'none on this computer')],
    ['too few rights', {}, bad('tokenRights', 'incomplete')],
    ['no connection', { connected: false }, bad('connection', 'not connected')],
  ])('of an account with %s lead to a new token', async (_, over, wrong) => {
    await openAccounts({ ...instead(northwind, [wrong]), ...over });
    expect(find('connect-account'), 'it is offered once').toBeNull();
    await press('trouble-connect');
    await part('reconnect-dialog');
  });

  test('that a new connection heals offer it once', async () => {
    const wrong = [bad('token', 'refused by Meta'), bad('tokenRights', 'incomplete')];
    await openAccounts({ ...instead(northwind, wrong), token: 'dead' });
    await waitFor(() => expect(all('account-trouble')).toHaveLength(2));
    expect([...all('trouble-connect'), ...all('connect-account')]).toHaveLength(1);
  });

  test('of an account that is well offer a new connection too', async () => {
    await openAccounts(northwind);
    await press('connect-account');
    await part('reconnect-dialog');
  });

  test('check with Meta now, and show what was found', async () => {
    await openAccounts(northwind);
    const found = instead(northwind, [bad('subscription', 'off')]);
    host.answers.checkAccount = () => session({ accounts: [found] });
    await press('check-now');
    expect(await said('account-trouble')).toContain('What happened.');
    expect(host.asked('checkAccount')).toEqual([{ account: northwind.id }]);
    expect(await said('toast')).toContain('Northwind Tea was checked with Meta');
  });

  test('say why a check did not work', async () => {
    await openAccounts(northwind);
    host.answers.checkAccount = () => {
      throw refuse('metaUnreachable', 'Meta cannot be reached.', 'Check the network.');
    };
    await press('check-now');
    expect(await said('toast')).toContain('Meta cannot be reached. Check the network.');
    await waitFor(() => expect(find('check-now')?.hasAttribute('disabled')).toBe(false));
  });

  test('cannot check without a token', async () => {
    await openAccounts({ ...northwind, token: 'missing' });
    expect((await part('check-now')).hasAttribute('disabled')).toBe(true);
  });

  test('try a token once more that Meta refused', async () => {
    await openAccounts({ ...instead(northwind, [bad('token', 'refused by Meta')]), token: 'dead' });
    host.answers.checkAccount = () => session({ accounts: [northwind] });
    expect((await part('check-now')).textContent?.trim()).toBe('Try the token again');
    await press('check-now');
    await waitFor(() => expect(find('account-trouble')).toBeNull());
    await waitFor(() => expect(find('check-now')?.textContent?.trim()).toBe('Check now'));
  });

  test('the Human Agent setting goes back when the host refuses it', async () => {
    await openAccounts(northwind);
    host.answers.setHumanAgent = () => {
      throw refuse('notAllowed', 'Only an administrator may change this.');
    };
    const box = (await part('human-agent')) as HTMLInputElement;
    await press('human-agent');
    await waitFor(() => expect(find('toast')?.textContent).toContain('Only an administrator'));
    expect(box.checked).toBe(true);
  });

  test('offer nothing of an administrator’s to others', async () => {
    await openAccounts(kite);
    expect([find('human-agent'), find('remove-account')]).toEqual([null, null]);
  });
});

describe('a dead token', () => {
  const dead = (account: AccountView) => ({
    kind: 'tokenDead' as ProblemKind,
    account: account.id,
    words,
  });

  test('is a banner with one button, which connects again', async () => {
    host.answers.session = () => session({ accounts: [northwind, kite], problems: [dead(kite)] });
    await openWindow(host);
    await part('banner');
    expect(find('banner')?.querySelectorAll('button')).toHaveLength(1);
    await press('reconnect');
    await part('reconnect-dialog');
  });

  test('of several accounts is one banner with one button, which shows them', async () => {
    const problems = [dead(northwind), dead(kite)];
    host.answers.session = () => session({ accounts: [northwind, kite], problems });
    await openWindow(host);
    await part('banner');
    expect(all('banner')).toHaveLength(1);
    expect(find('banner')?.querySelectorAll('button')).toHaveLength(1);
    await press('reconnect-several');
    expect((await part('account-details')).dataset['account']).toBe(northwind.id);
  });
});

describe('the other apps of an account', () => {
  const apps = [
    { app: '7005', name: 'Teabot', answersCount: false },
    { app: '42', name: null, answersCount: false },
  ];

  test('stand with their names, and those without one say so', async () => {
    await openAccounts({ ...northwind, role: 'agent', apps });
    const rows = all('known-app').map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows).toEqual(['Teabot app 7005', 'An app without a name app 42']);
    expect(find('rename-app')).toBeNull();
  });

  test('are named by an administrator where they stand', async () => {
    await openAccounts({ ...northwind, apps });
    await press('rename-app', '[data-app="42"]');
    const field = (await part('app-name')) as HTMLInputElement;
    expect(field.value).toBe('');
    await write('app-name', '  Kettle Bot ');
    const named = [apps[0]!, { app: '42', name: 'Kettle Bot', answersCount: false }];
    host.answers.renameApp = () => session({ accounts: [{ ...northwind, apps: named }] });
    await press('save-app-name');
    await waitFor(() => expect(find('app-name')).toBeNull());
    expect(host.asked('renameApp')).toEqual([
      { account: northwind.id, app: '42', name: 'Kettle Bot' },
    ]);
    expect(all('known-app')[1]?.textContent).toContain('Kettle Bot');
  });

  test('keep the name when it is not changed, or Escape ends it', async () => {
    await openAccounts({ ...northwind, apps });
    await press('rename-app', '[data-app="7005"]');
    await press('save-app-name');
    await waitFor(() => expect(find('app-name')).toBeNull());
    await press('rename-app', '[data-app="7005"]');
    await key(await part('app-name'), 'Escape');
    await waitFor(() => expect(find('app-name')).toBeNull());
    expect(find('account-details')).not.toBeNull();
    expect(host.asked('renameApp')).toEqual([]);
  });

  const unmanaged: AccountView = { ...kite, role: 'admin', apps };
  const box = async (app: string) =>
    (await part('answers-count', `[data-app="${app}"]`)) as HTMLInputElement;

  test('count as a person where an administrator says so, once they have a name', async () => {
    const counting = apps.map((app) => ({ ...app, answersCount: app.app === '7005' }));
    host.answers.countAnswers = () => session({ accounts: [{ ...unmanaged, apps: counting }] });
    await openAccounts(unmanaged);
    expect(await said('answers-count-hint')).toContain('the customer no longer waits');
    expect((await box('42')).disabled).toBe(true);
    expect(all('known-app')[1]?.textContent).toContain('Name the app first.');
    expect((await box('7005')).checked).toBe(false);
    await press('answers-count', '[data-app="7005"]');
    await waitFor(() =>
      expect(host.asked('countAnswers')).toEqual([{ account: kite.id, app: '7005', on: true }]),
    );
    expect((await box('7005')).checked).toBe(true);
  });

  test('do not count after all where the relay refuses it', async () => {
    host.answers.countAnswers = () => {
      throw refuse('relayUnreachable', 'The relay does not answer.');
    };
    await openAccounts(unmanaged);
    await press('answers-count', '[data-app="7005"]');
    expect(await said('toast')).toContain('The relay does not answer.');
    expect((await box('7005')).checked).toBe(false);
  });

  test('whose answers count is only looked at by an agent, and is not asked where apps pass threads', async () => {
    await openAccounts({ ...unmanaged, role: 'agent' }, { ...northwind, apps });
    await press('account-row', `[data-account="${kite.id}"]`);
    expect((await box('7005')).disabled).toBe(true);
    expect(await said('answers-count-hint')).toContain('An administrator chooses that.');
    await press('account-row', `[data-account="${northwind.id}"]`);
    await waitFor(() => expect(find('account-details')?.dataset['account']).toBe(northwind.id));
    await part('known-app');
    expect(find('answers-count')).toBeNull();
  });

  test('are not spoken of where there is none', async () => {
    await openAccounts({ ...northwind, apps: [] });
    expect(find('apps')).toBeNull();
  });
});

describe('a Meta app that gets nothing of a platform', () => {
  const gets = (one: AccountView) => ({
    ...one,
    health: [...one.health, bad('appSubscription', 'off')],
  });
  const problem = { kind: 'appNotSubscribed' as ProblemKind, words };

  test('is said in the details, where no desk can mend it', async () => {
    await openAccounts(gets(northwind));
    expect((await part('account-trouble')).dataset['kind']).toBe('appSubscription');
    expect(await said('account-trouble')).toContain('What can be done.');
    expect(find('account-trouble')?.querySelector('button')).toBeNull();
  });

  test('is one banner for all of its accounts, which leads to them', async () => {
    const accounts = [gets(northwind), gets(kite)];
    const problems = accounts.map((one) => ({ ...problem, account: one.id }));
    host.answers.session = () => session({ accounts, problems });
    await openWindow(host);
    await part('banner');
    expect(all('banner')).toHaveLength(1);
    expect(find('banner')?.textContent).toContain('Kite & Co');
    expect(find('banner-account')).not.toBeNull();
  });
});

describe('an account that Meta does not send', () => {
  const off = instead(northwind, [bad('subscription', 'off')]);
  const problem = {
    kind: 'notSubscribed' as ProblemKind,
    account: northwind.id,
    words,
  };

  test('is subscribed again from its details', async () => {
    await openAccounts(off);
    host.answers.subscribeAgain = () => session({ accounts: [northwind] });
    await press('subscribe-again');
    await waitFor(() => expect(find('account-trouble')).toBeNull());
    expect(host.asked('subscribeAgain')).toEqual([{ account: northwind.id }]);
  });

  test('has a banner with one button, which helps', async () => {
    host.answers.session = () => session({ accounts: [off, kite], problems: [problem] });
    await openWindow(host);
    expect(await said('banner')).toContain('Northwind Tea: What happened. What can be done.');
    expect(find('banner')?.querySelectorAll('button')).toHaveLength(1);
    host.answers.subscribeAgain = () => session();
    host.answers.session = () => session();
    await press('banner-subscribe');
    await waitFor(() => expect(find('banner')).toBeNull());
    expect(await said('toast')).toContain('Meta sends again what happens at Northwind Tea');
  });

  test('offers no button where no token works: connecting subscribes', async () => {
    const accounts = [{ ...off, token: 'dead' as const }, kite];
    host.answers.session = () => session({ accounts, problems: [problem] });
    await openWindow(host);
    await part('banner');
    expect(find('banner-subscribe')).toBeNull();
  });
});

describe('removing', () => {
  test('says before what happens and that it cannot be undone, then does it', async () => {
    await openAccounts(northwind, kite);
    await press('account-row', `[data-account="${northwind.id}"]`);
    await press('remove-account');
    const told = await part('remove-dialog');
    await waitFor(() =>
      expect(told.textContent).toContain('12 threads, 2 replies that will not be sent, 1 draft'),
    );
    for (const text of ['Remove Northwind Tea?', 'Every desk', 'cannot be undone'])
      expect(told.textContent).toContain(text);
    expect(host.asked('removeAccount')).toEqual([]);

    host.answers.session = () => session({ accounts: [kite] });
    await press('remove-now');
    await waitFor(() => expect(find('remove-dialog')).toBeNull());
    await waitFor(() => expect(find('account-details')?.dataset['account']).toBe(kite.id));
    expect(host.asked('removeAccount')).toEqual([{ account: northwind.id }]);
    expect(all('toast').map((toast) => toast.textContent?.trim())).toEqual([
      'Northwind Tea was removed.',
    ]);
  });

  test('tells what is left to do at Meta', async () => {
    await openAccounts(northwind);
    host.answers.removeAccount = () => ({
      words: { what: 'Meta could not be told.', action: 'Remove the app from the Page.' },
    });
    await press('remove-account');
    await press('remove-now');
    await waitFor(() => expect(find('toast')?.textContent).toContain('Remove the app from'));
  });

  test('a refusal leaves everything as it was', async () => {
    await openAccounts(northwind);
    host.answers.removeAccount = () => {
      throw refuse('relayUnreachable', 'The relay cannot be reached.');
    };
    await press('remove-account');
    await press('remove-now');
    await waitFor(() => expect(find('toast')?.textContent).toContain('cannot be reached'));
    expect(find('remove-dialog')).not.toBeNull();
  });

  test('what is shown of an account that is gone is left: its thread, and its list', async () => {
    const desk = await openWindow(host);
    await press('account', `[data-account="${kite.id}"]`);
    await part('only-account');
    await openThread(11);
    host.answers.session = () => session({ accounts: [northwind] });
    host.tell({ notice: 'session' });
    await waitFor(() => expect([desk.list.account, desk.open]).toEqual([null, null]));
    expect(host.asked('saveDraft')).toEqual([]);
    expect(await said('toast')).toContain('Kite & Co is no longer on this desk');
  });
});
