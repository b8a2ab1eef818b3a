import { beforeEach, expect, test } from 'vitest';
import type { CutOffView } from '$lib/contract';
import { FakeHost } from '../../test/fake-host';
import { session } from '../../test/people';
import { find, openThread, openWindow, part, press, said, waitFor, write } from '../../test/window';

const cutOff = (over: Partial<CutOffView> = {}): CutOffView => ({
  workspace: 'Northwind',
  agentName: 'Ines Kremer',
  relayAddress: 'https://relay.northwind.example',
  stage: 'told',
  drafts: 2,
  replies: 1,
  words: { what: 'An admin cut this desk off.', action: 'Ask for a new invite.' },
  ...over,
});

const cut = (over: Partial<CutOffView> = {}) =>
  session({
    phase: 'enrol',
    agentName: null,
    workspace: null,
    relayAddress: null,
    accounts: [],
    cutOff: cutOff(over),
  });

let host: FakeHost;
beforeEach(() => (host = new FakeHost()));

test('it says what happened, whose it was, and what went with it', async () => {
  host.answers.session = () => cut();
  await openWindow(host);
  const words = await said('cut-off-screen');
  expect(words).toContain('It was Ines Kremer’s, at Northwind.');
  expect(words).toContain('An admin cut this desk off.');
  expect(words).toContain('2 drafts and 1 reply that had not left went with it.');
  expect(words).toContain('The relay knows that nothing is left here.');
  expect(find('first-run')).toBeNull();
});

test('while something is still here nobody joins', async () => {
  host.answers.session = () => cut({ stage: 'removing', drafts: 0, replies: 0 });
  await openWindow(host);
  expect(await said('cut-off-stage')).toContain('Removing everything that Baton kept here');
  expect((await part('join-again')).hasAttribute('disabled')).toBe(true);
  expect(find('cut-off-lost')).toBeNull();
  host.answers.session = () => cut({ stage: 'removed' });
  host.tell({ notice: 'session' });
  await waitFor(() => expect(find('join-again')?.hasAttribute('disabled')).toBe(false));
});

test('it takes the place of the inbox at once, and nothing of that is kept', async () => {
  const desk = await openWindow(host);
  await openThread(3);
  host.answers.session = () => cut({ stage: 'removing' });
  host.tell({ notice: 'session' });
  await part('cut-off-screen');
  expect(find('status-line')).toBeNull();
  expect(desk.open).toBeNull();
  expect(desk.list.rows).toEqual([]);
  // Each lost account is not told of besides.
  expect(find('toast')).toBeNull();
});

test('a record that says nothing of whose it was names nobody', async () => {
  host.answers.session = () => cut({ workspace: '', agentName: '' });
  await openWindow(host);
  expect(await said('cut-off-screen')).not.toContain('It was');
});

test('with a new invite the person joins again, at the relay of before', async () => {
  host.answers.session = () => cut();
  await openWindow(host);
  await press('join-again');
  const address = (await part('relay-address')) as HTMLInputElement;
  expect(address.value).toBe('https://relay.northwind.example');
  await write('invite', 'cake-and-tea');
  await press('check-relay');
  await press('enrol');
  await part('first-run');
  expect(find('cut-off-screen')).toBeNull();
});

test('an invite that changes a role says so before it is used', async () => {
  host.answers.session = () => cut();
  const check = host.answers.checkRelay;
  host.answers.checkRelay = async (request) => ({
    ...(await check(request)),
    changes: [{ account: 'Northwind Tea', from: 'admin', to: 'agent' }],
  });
  await openWindow(host);
  await press('join-again');
  await write('invite', 'cake-and-tea');
  await press('check-relay');
  expect(await said('role-changes')).toContain(
    'Northwind Tea: Administrator until now, Agent afterwards',
  );
});
