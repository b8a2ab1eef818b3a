/** How an account's threads are given out: chosen by supervisors for the team, looked at by agents. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountView, PresenceState, QueueView } from '$lib/contract';
import { words } from '$lib/words';
import { FakeHost, refuse } from '../../test/fake-host';
import { manualQueue, northwind, session } from '../../test/people';
import { find, openWindow, part, press, said, waitFor } from '../../test/window';

const w = words.accounts.queue;
let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.answers.setQueue = (asked) => {
    const { way, limit, reopenToLast, reactionReopens, onlyAssigneeSends } = asked;
    const chosen = { way, limit, reopenToLast, reactionReopens, onlyAssigneeSends };
    const queue: QueueView = { ...manualQueue, ...chosen };
    return session({ accounts: [{ ...northwind, queue }] });
  };
});

async function opens(over: Partial<AccountView> = {}) {
  host.answers.session = () => session({ accounts: [{ ...northwind, ...over }] });
  await openWindow(host);
  await press('settings');
  await press('tab-accounts');
  return part('queue-rules');
}

const input = (name: string) => find(name) as HTMLInputElement;

async function types(limit: string) {
  await fireEvent.input(input('queue-limit'), { target: { value: limit } });
  await fireEvent.change(input('queue-limit'));
}

describe('a supervisor', () => {
  test('is told how many threads go to whom before they are given out, and can leave it', async () => {
    await opens({ role: 'supervisor' });
    const answer = host.answers.boardAgents;
    host.answers.boardAgents = async (asked) => {
      const all = await answer(asked);
      const there = (name: string, state: PresenceState, open: number, limit: number | null) => ({
        ...all.agents[0]!,
        agent: name,
        name,
        state,
        accounts: [
          { account: northwind.id, name: northwind.name, open, limit, full: limit === open },
        ],
      });
      const agents = [
        there('Petra', 'online', 3, 20),
        there('Jonas', 'away', 1, 20),
        there('Ada', 'online', 20, 20),
        there('Left', 'online', 2, null),
      ];
      return { queue: { ...all.queue, waiting: 12 }, agents };
    };
    await press('queue-roundRobin');
    expect(await said('give-out-waiting')).toBe(w.giveOut.waiting(12, 1));
    expect(await said('give-out-to')).toContain('Petra has 3 of 20');
    for (const name of ['Jonas', 'Ada', 'Left'])
      expect(await said('give-out-to')).not.toContain(name);
    expect(host.asked('boardAgents').at(-1)).toEqual({ accounts: [northwind.id], channel: null });
    expect(find('give-out-cancel')?.textContent).toBe('Cancel');
    await press('give-out-cancel');
    await waitFor(() => expect(find('give-out-dialog')).toBeNull());
    expect(input('queue-manual').checked).toBe(true);
    expect(host.asked('setQueue')).toEqual([]);
  });

  test('goes back to agents taking them from the toast', async () => {
    await opens({ role: 'supervisor' });
    await press('queue-roundRobin');
    await press('give-out-go');
    expect(await said('toast')).toContain(w.chosen.roundRobin('Northwind Tea'));
    await fireEvent.click(await part('toast', ' .act'));
    await waitFor(() => expect(host.asked('setQueue').at(-1)?.way).toBe('manual'));
    await waitFor(() => expect(input('queue-manual').checked).toBe(true));
  });

  test('lets threads be given out in turn, and nothing else changes with it', async () => {
    await opens({ role: 'supervisor' });
    expect(input('queue-manual').checked).toBe(true);
    await press('queue-roundRobin');
    await press('give-out-go');
    await waitFor(() => expect(input('queue-roundRobin').checked).toBe(true));
    const asked = host.asked('setQueue');
    const chosen = { account: northwind.id, ...manualQueue, way: 'roundRobin' };
    expect(asked.map((one) => ({ limitMost: manualQueue.limitMost, ...one }))).toEqual([chosen]);
  });

  test.each([
    ['queue-reopen-to-last', 'reopenToLast', false],
    ['queue-reaction-reopens', 'reactionReopens', true],
    ['queue-only-assignee', 'onlyAssigneeSends', true],
  ] as const)('turns %s round', async (name, field, becomes) => {
    await opens({ role: 'supervisor' });
    await press(name);
    await waitFor(() => expect(host.asked('setQueue')[0]?.[field]).toBe(becomes));
    await waitFor(() => expect(input(name).checked).toBe(becomes));
  });

  test('chooses how many threads one agent gets, within what can be', async () => {
    await opens({ role: 'admin' });
    await types('0');
    expect(await said('limit-hint')).toBe(w.limitWrong(200));
    expect(host.asked('setQueue')).toEqual([]);
    await types('35');
    await waitFor(() => expect(host.asked('setQueue')[0]?.limit).toBe(35));
    await waitFor(() => expect(input('queue-limit').value).toBe('35'));
    expect(await said('limit-hint')).toBe(w.limitHint(200));
  });

  test('sees what stands when the relay does not take it', async () => {
    host.answers.setQueue = () => {
      throw refuse('relayUnreachable', 'The relay cannot be reached.');
    };
    await opens({ role: 'supervisor' });
    await press('queue-only-assignee');
    await waitFor(() => expect(host.asked('setQueue')).toHaveLength(1));
    await waitFor(() => expect(input('queue-only-assignee').checked).toBe(false));
  });
});

test('an agent reads the rules and changes none', async () => {
  await opens({ role: 'agent', queue: { ...manualQueue, way: 'roundRobin', limit: 7 } });
  expect(input('queue-roundRobin').checked).toBe(true);
  expect(input('queue-limit').value).toBe('7');
  for (const name of ['queue-limit', 'queue-reopen-to-last', 'queue-only-assignee'])
    expect(input(name).disabled).toBe(true);
  expect(input('queue-manual').closest('fieldset')?.disabled).toBe(true);
  expect(await said('queue-for-whom')).toBe(w.mayNot);
});

test('a way of a newer version is said, and none of ours is chosen', async () => {
  await opens({ role: 'supervisor', queue: { ...manualQueue, way: 'unknown' } });
  expect(await said('queue-unknown')).toBe(w.wayHints.unknown);
  expect(input('queue-manual').checked || input('queue-roundRobin').checked).toBe(false);
});
