/** Many threads at once: picking them, what an act would do, doing it, and taking it back. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ManyOutcome } from '$lib/contract';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, NOW, row } from '../../test/people';
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
import type { Desk } from '../../app/desk.svelte';
import { byReason } from './many.svelte';
import { onAll } from './found';
import { words } from '$lib/words';

let host: FakeHost;
let desk: Desk;
beforeEach(() => {
  host = new FakeHost();
  host.answers.status = () => ({ ...status(), nowMs: NOW });
  host.rows = Array.from({ length: 60 }, (_, at) =>
    row({ thread: at + 1, name: `Customer ${at + 1}` }),
  );
});

const rowOf = (thread: number) => part('thread-row', `[data-thread="${thread}"]`);
const click = async (thread: number, over: MouseEventInit = {}) =>
  fireEvent.click(await rowOf(thread), over);
const picked = () => [...desk.list.picked.threads].sort((a, b) => a - b);
const toast = () => said('toast');

async function open() {
  desk = await openWindow(host);
  await part('thread-row');
}

async function pickTwo() {
  await open();
  await click(2, { ctrlKey: true });
  await click(3, { ctrlKey: true });
}

/** The row that has the focus. */
const focused = () => Number(document.activeElement?.getAttribute('data-thread'));

describe('picking', () => {
  test('Ctrl and a click pick one, Shift and a click all up to there; nothing opens', async () => {
    await open();
    await click(2, { ctrlKey: true });
    await click(5, { shiftKey: true });
    await click(9, { ctrlKey: true });
    expect(picked()).toEqual([2, 3, 4, 5, 9]);
    expect(desk.open).toBeNull();
    expect(await said('picked-count')).toBe('5 picked');
    expect((await rowOf(9)).getAttribute('aria-selected')).toBe('true');
    expect((await rowOf(8)).getAttribute('aria-selected')).toBe('false');
    expect(document.querySelector('[role=listbox][aria-multiselectable=true]')).not.toBeNull();
  });

  test('x picks the row that has the focus, Shift and arrows go on from it', async () => {
    await open();
    await openThread(4);
    await key(await part('composer-text'), 'Escape');
    await waitFor(() => expect(focused()).toBe(4));
    await key(document.activeElement!, 'x');
    await key(document.activeElement!, 'ArrowDown', { shiftKey: true });
    await waitFor(() => expect(focused()).toBe(5));
    await key(document.activeElement!, 'ArrowDown', { shiftKey: true });
    await waitFor(() => expect(focused()).toBe(6));
    await key(document.activeElement!, 'ArrowUp', { shiftKey: true });
    await waitFor(() => expect(focused()).toBe(5));
    expect(picked()).toEqual([4, 5]);
    expect(desk.open?.thread).toBe(4);
    await key(document.activeElement!, ' ', { ctrlKey: true });
    expect(picked()).toEqual([4]);
  });

  test('with single keys off, x is no key; Ctrl+Space is', async () => {
    host.settings.set('singleKeys', 'false');
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'x');
    expect(picked()).toEqual([]);
    await key(document.activeElement!, ' ', { ctrlKey: true });
    expect(picked()).toEqual([1]);
  });

  test('Ctrl+A picks all that are loaded, Esc none', async () => {
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'a', { ctrlKey: true });
    expect(picked()).toHaveLength(60);
    await key(document.activeElement!, 'Escape');
    await waitFor(() => expect(find('picked-bar')).toBeNull());
    expect(picked()).toEqual([]);
  });

  test('a button begins it, and then a click on a face picks', async () => {
    await open();
    await press('pick');
    const faces = await waitFor(() => {
      const found = all('row-pick');
      expect(found.length).toBeGreaterThan(3);
      return found;
    });
    await fireEvent.click(faces[1]!);
    expect(picked()).toEqual([2]);
    await click(4);
    await waitFor(() => expect(desk.open?.thread).toBe(4));
    expect(picked(), 'a click beside it opens').toEqual([2]);
    await press('pick');
    expect(find('picked-bar')).toBeNull();
  });

  test('what can be done with them stands there in words, and whole for screen readers', async () => {
    await pickTwo();
    const { short, acts: whole } = words.many;
    for (const act of Object.keys(short) as (keyof typeof short)[]) {
      const button = await part(`many-${act}`);
      expect(button.textContent?.trim()).toBe(short[act]);
      expect(button.getAttribute('aria-label')).toBe(whole[act]);
      expect(button.title).toContain(whole[act]);
    }
  });

  test('another view begins with nothing picked', async () => {
    await pickTwo();
    await press('view-all');
    await waitFor(() => expect(find('picked-bar')).toBeNull());
  });

  test('what is picked stays picked when it leaves the list', async () => {
    await pickTwo();
    host.change(3, { status: { status: 'done' } });
    await waitFor(() => expect(find('thread-row', '[data-thread="3"]')).toBeNull());
    expect(picked()).toEqual([2, 3]);
  });
});

describe('what it would do', () => {
  test('is shown before it is done: for how many it goes, and which stay, and why', async () => {
    host.hinders = ({ thread }) => {
      if (thread === 3) return 'ofAnother';
      return thread > 50 ? 'blocked' : null;
    };
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'a', { ctrlKey: true });
    await key(document.activeElement!, 'e');
    expect(await said('many-says')).toBe('Set 49 threads done');
    const whole = find('many-preview')!.textContent ?? '';
    expect(whole.split('Set 49 threads done'), 'it is said once').toHaveLength(2);
    expect(await said('many-stay')).toContain('Customer 51, Customer 52');
    expect(await said('many-stay')).toContain('and 5 more');
    expect(await said('many-stay')).toContain('its customer is blocked');
    expect(await said('many-stay')).toContain('a colleague works on it');
    expect(host.asked('actOnMany')).toEqual([]);
    await press('many-cancel');
    await waitFor(() => expect(find('many-preview')).toBeNull());
    expect(picked(), 'they stay picked').toHaveLength(60);
  });

  test('where it goes for none, nothing can be pressed but close', async () => {
    host.hinders = () => 'alreadySo';
    await pickTwo();
    await press('many-done');
    expect(await said('many-says')).toBe('It goes for none of these threads');
    expect(find('many-go')).toBeNull();
  });

  test('who sleeps past a deadline is counted', async () => {
    host.answers.previewMany = ({ threads }) => ({
      can: threads,
      cannot: [],
      gone: 1,
      pastDeadline: 2,
    });
    await pickTwo();
    await press('many-snooze');
    await press('snooze-tomorrow');
    expect(await said('many-past')).toBe(
      '2 of them sleep past the end of their time to answer, or of control.',
    );
    expect(await said('many-stay')).toContain('1 thread that this desk has no more');
  });

  test('when it cannot be told, that is said and can be tried again', async () => {
    const preview = host.answers.previewMany;
    host.answers.previewMany = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
    await pickTwo();
    await press('many-done');
    await part('notice');
    host.answers.previewMany = preview;
    await fireEvent.click(
      [...document.querySelectorAll('button')].find((one) => one.textContent === 'Try again')!,
    );
    await part('many-go');
  });

  test('those that stay are told by why, the most first', () => {
    const of = (thread: number, why: 'blocked' | 'gone') => ({ thread, name: `C${thread}`, why });
    expect(byReason([of(1, 'gone'), of(2, 'blocked'), of(3, 'blocked')])).toEqual([
      { why: 'blocked', names: ['C2', 'C3'] },
      { why: 'gone', names: ['C1'] },
    ]);
  });
});

describe('doing it', () => {
  test('some at a time, and one press takes all of it back', async () => {
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'a', { ctrlKey: true });
    await press('many-done');
    await press('many-go');
    await waitFor(async () => expect(await toast()).toContain('60 threads are done'));
    const asked = host.asked('actOnMany');
    expect(asked.map(({ threads }) => threads.length)).toEqual([25, 25, 10]);
    expect(find('picked-bar')).toBeNull();
    await waitFor(() => expect(find('list-empty')).not.toBeNull());
    await key(document.body, 'z', { ctrlKey: true });
    await waitFor(async () => expect(await toast()).toContain('60 threads stand as before'));
    expect(host.asked('undoMany').map(({ threads }) => threads.length)).toEqual([25, 25, 10]);
    expect(host.asked('undoMany')[0]?.threads[0]).toEqual({
      thread: 1,
      before: { was: 'status', status: { status: 'open' }, version: 1 },
    });
    await waitFor(() => expect(find('thread-row')).not.toBeNull());
  });

  test('it is the customer’s turn in all of them, and taken back it is not', async () => {
    await pickTwo();
    await press('many-waitOnCustomer');
    expect(await said('many-says')).toBe('Set 2 threads to waiting on customer');
    await press('many-go');
    await waitFor(async () => expect(await toast()).toContain('2 threads are waiting on customer'));
    expect(host.asked('actOnMany')[0]?.act).toEqual({ act: 'waitOnCustomer' });
    await key(document.body, 'z', { ctrlKey: true });
    await waitFor(async () => expect(await toast()).toContain('2 threads stand as before'));
  });

  test('how far it is shows meanwhile, and it can be stopped', async () => {
    let go = () => {};
    const act = host.answers.actOnMany;
    host.answers.actOnMany = async (request) => {
      await new Promise<void>((resolve) => (go = resolve));
      return act(request);
    };
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'a', { ctrlKey: true });
    await press('many-markRead');
    await press('many-go');
    expect(await said('many-progress')).toContain('0 of 60 threads');
    go();
    await waitFor(async () => expect(await said('many-progress')).toContain('25 of 60 threads'));
    await press('many-stop');
    go();
    await waitFor(async () =>
      expect(await toast()).toContain('50 threads are read. 10 were left out'),
    );
    expect(find('many-progress')).toBeNull();
  });

  test('what became of each is counted in words', async () => {
    const words = { what: 'The relay refused it.', action: '' };
    const outcomes: ManyOutcome['outcome'][] = [
      { is: 'done', before: { was: 'read', seq: 1 } },
      { is: 'not', why: 'alreadySo' },
      { is: 'lost', words },
      { is: 'failed', words },
    ];
    host.answers.actOnMany = ({ threads }) => ({
      outcomes: threads.map((thread, at) => ({ thread, outcome: outcomes[at % 4]! })),
    });
    await open();
    await click(1, { ctrlKey: true });
    await click(4, { shiftKey: true });
    await press('many-done');
    await press('many-go');
    await waitFor(async () =>
      expect(await toast()).toContain(
        '1 thread is done. 1 stayed as it was. 1 was moved by a colleague first. 1 did not work: The relay refused it.',
      ),
    );
  });

  test('when the relay goes away the rest stays as it was', async () => {
    let calls = 0;
    host.answers.actOnMany = ({ threads }) => ({
      outcomes: threads.map((thread, at) => {
        const isAway = calls > 0 || at > 19;
        if (at === threads.length - 1) calls += 1;
        return isAway
          ? { thread, outcome: { is: 'away' } }
          : { thread, outcome: { is: 'done', before: { was: 'read', seq: 1 } } };
      }),
    });
    await open();
    (await rowOf(1)).focus();
    await key(document.activeElement!, 'a', { ctrlKey: true });
    await press('many-done');
    await press('many-go');
    await waitFor(async () =>
      expect(await toast()).toContain('20 threads are done. The relay went away before 40 of them'),
    );
    expect(host.asked('actOnMany')).toHaveLength(1);
  });

  test('when the host does not answer, it says why', async () => {
    host.answers.actOnMany = () => {
      throw refuse('storage', 'The file of this desk could not be read.');
    };
    await pickTwo();
    await press('many-done');
    await press('many-go');
    await waitFor(async () =>
      expect(await toast()).toContain('2 did not work: The file of this desk could not be read.'),
    );
  });

  test('what was moved meanwhile stays, and is said', async () => {
    host.answers.undoMany = ({ threads }) => ({
      back: threads.length - 1,
      moved: [2],
      failed: [],
      words: null,
    });
    await pickTwo();
    await press('many-done');
    await press('many-go');
    await waitFor(async () => expect(await toast()).toContain('2 threads are done'));
    await key(document.body, 'z', { ctrlKey: true });
    await waitFor(async () =>
      expect(await toast()).toContain('1 thread stands as before. 1 was moved meanwhile and stays'),
    );
  });
});

describe('acts that ask more', () => {
  test('a label is put on, or taken off', async () => {
    await pickTwo();
    await key(document.activeElement!, 'l');
    await write('label-find', 'vip');
    await key(await part('label-find'), 'Enter');
    expect(await said('many-says')).toBe('Put VIP on 2 threads');
    await press('many-go');
    await waitFor(() =>
      expect(host.asked('actOnMany')[0]?.act).toEqual({ act: 'label', label: 'l-vip', on: true }),
    );
    await waitFor(async () => expect(await toast()).toContain('The label of 2 threads was set'));
  });

  test('a colleague of all their accounts comes before one of some', async () => {
    host.rows[2] = { ...host.rows[2]!, account: kite.id };
    const members = host.answers.members;
    host.answers.members = async (request) => {
      const all = await members(request);
      return request.thread === 3
        ? { members: all.members.filter(({ agent }) => agent !== 'a-ada') }
        : all;
    };
    await pickTwo();
    await key(document.activeElement!, 'a');
    await waitFor(() => expect(all('assign-to')).toHaveLength(5));
    expect(all('assign-to').map((one) => one.getAttribute('data-key'))).toEqual([
      'queue',
      'a-ines',
      'a-jonas',
      'a-petra',
      'a-ada',
    ]);
    expect(await said('assign-to', '[data-key="a-ada"]')).toContain('not on 1 of these accounts');
    await press('assign-to', '[data-key="a-jonas"]');
    expect(await said('many-says')).toBe('Give 2 threads to Jonas Falk');
    await press('many-go');
    await waitFor(() =>
      expect(host.asked('actOnMany')[0]).toEqual({
        threads: [2, 3],
        act: { act: 'assign', to: 'a-jonas' },
      }),
    );
  });

  test('what it is about is read while it is open', async () => {
    const warned = vi.spyOn(console, 'warn');
    await pickTwo();
    await key(document.activeElement!, 'a');
    await press('assign-to', '[data-key="a-jonas"]');
    await press('many-go');
    await waitFor(() => expect(host.asked('actOnMany')).toHaveLength(1));
    expect(warned.mock.calls.flat().join(' ')).not.toContain('derived_inert');
    warned.mockRestore();
  });

  test('what only others can take back from a colleague is not offered to be taken back', async () => {
    for (const at of [1, 2]) host.rows[at] = { ...host.rows[at]!, account: kite.id };
    await open();
    const give = async (...threads: number[]) => {
      const before = host.asked('actOnMany').length;
      for (const thread of threads) await click(thread, { ctrlKey: true });
      await key(document.activeElement!, 'a');
      await press('assign-to', '[data-key="a-jonas"]');
      await press('many-go');
      await waitFor(() => expect(host.asked('actOnMany')).toHaveLength(before + 1));
      await waitFor(() => expect(desk.many.isBusy).toBe(false));
      await waitFor(() => expect(find('toast')).not.toBeNull());
    };
    // Of Kite & Co they are an agent.
    await give(2, 3);
    expect(await toast()).not.toContain('Undo');
    await give(2, 4);
    await key(document.body, 'z', { ctrlKey: true });
    await waitFor(() => expect(host.asked('undoMany')).toHaveLength(1));
    expect(host.asked('undoMany')[0]?.threads.map(({ thread }) => thread)).toEqual([4]);
  });

  test('who works on several accounts is found once', () => {
    const member = (agent: string, me = false) =>
      ({ agent, name: agent, role: 'agent', me, assigned: false }) as const;
    const found = onAll([
      [member('b'), member('c'), member('z', true)],
      [member('c'), member('a')],
    ]);
    expect(found.map(({ agent, missing }) => [agent, missing])).toEqual([
      ['z', 1],
      ['c', 0],
      ['a', 1],
      ['b', 1],
    ]);
  });

  test('while one is being done another cannot begin', async () => {
    host.answers.actOnMany = () => new Promise(() => {});
    await pickTwo();
    await press('many-done');
    await press('many-go');
    await part('many-progress');
    await click(5, { ctrlKey: true });
    await key(document.activeElement!, 'e');
    await waitFor(async () => expect(await toast()).toContain('Threads are being changed.'));
  });
});
