/** The threads beside the open one are there before anybody goes to them, and what is shown of them is true. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { find, openThread, openWindow, part, waitFor } from '../../test/window';
import type { Desk } from '../../app/desk.svelte';
import type { ThreadView } from '$lib/contract';
import { Beside } from './beside';

const answerOf = (host: FakeHost) => host.answers.openThread;
const aheadOf = (host: FakeHost) =>
  host.calls.filter(({ name }) => name === 'readAhead').map(({ request }) => request);

describe('in the window', () => {
  let host: FakeHost;
  let desk: Desk;
  beforeEach(async () => {
    host = new FakeHost();
    desk = await openWindow(host);
  });

  /** Opens the first row of the list, and gives the two that follow once they were read as far as they are to be. */
  async function openFirst(): Promise<{ first: number; second: number; third: number }> {
    const [first, second, third] = desk.list.rows.map((row) => row.thread) as [
      number,
      number,
      number,
    ];
    await openThread(first);
    await waitFor(() => expect(aheadOf(host)).toEqual([{ thread: second }]));
    await vi.waitFor(() => expect(desk.beside.has(second)).toBe(true));
    return { first, second, third };
  }

  /** From now on the host answers nothing that is asked of a thread that is opened. */
  function hang(): () => void {
    const answer = answerOf(host);
    let letGo: () => void = () => {};
    const gate = new Promise<void>((go) => (letGo = go));
    host.answers.openThread = async (asked) => {
      await gate;
      return answer(asked);
    };
    return () => letGo();
  }

  test('a step leads to one that stands there at once, and it is read all the same', async () => {
    const { second } = await openFirst();
    const letGo = hang();
    host.calls.length = 0;
    desk.step(1);
    await part('composer');
    expect(find('thread')?.dataset['thread']).toBe(String(second));
    expect(find('message')).not.toBeNull();
    expect(host.asked('openThread')).toEqual([{ thread: second }]);
    letGo();
  });

  test('what was said meanwhile is not missing: a notice makes it forgotten', async () => {
    const { second } = await openFirst();
    host.tell({ notice: 'threads', threads: [second], storeVersion: 1 });
    expect(desk.beside.has(second)).toBe(false);
    const letGo = hang();
    desk.openThread(second);
    await Promise.resolve();
    expect(find('message')).toBeNull();
    letGo();
    await part('message');
  });

  test('one that is opened out of what was read before is marked read once', async () => {
    const { second } = await openFirst();
    const row = host.rows.find((one) => one.thread === second)!;
    row.unread = 2;
    host.tell({ notice: 'threads', threads: [second], storeVersion: 1 });
    await vi.waitFor(() => expect(desk.beside.has(second)).toBe(true), 3_000);
    host.calls.length = 0;
    desk.openThread(second);
    await waitFor(() => expect(host.asked('mark')).toEqual([{ thread: second, read: true }]));
    await vi.waitFor(() => expect(desk.open?.view?.row.unread).toBe(0));
    expect(host.asked('mark')).toHaveLength(1);
  });

  test('whoever is in the middle has both beside them, the one below first', async () => {
    const { first, second, third } = await openFirst();
    host.calls.length = 0;
    await openThread(second);
    await waitFor(() => expect(aheadOf(host)).toEqual([{ thread: third }, { thread: first }]));
  });
});

describe('what is held', () => {
  const FIRST = 3;
  const OTHER = 2;
  let host: FakeHost;
  let which: number[];
  let beside: Beside;
  beforeEach(() => {
    vi.useFakeTimers();
    host = new FakeHost();
    which = [FIRST, OTHER];
    beside = new Beside(host, () => which);
    return () => {
      beside.stop();
      vi.useRealTimers();
    };
  });

  test('is given once, and only what a key still leads to is kept', async () => {
    beside.look();
    await vi.advanceTimersByTimeAsync(100);
    expect([beside.has(FIRST), beside.has(OTHER)]).toEqual([true, true]);
    expect(beside.take(FIRST)?.row.thread).toBe(FIRST);
    expect(beside.take(FIRST)).toBeNull();
    which = [];
    beside.look();
    await vi.advanceTimersByTimeAsync(100);
    expect(beside.has(OTHER)).toBe(false);
  });

  test('was not read before something was opened or heard meanwhile', async () => {
    const answer = answerOf(host);
    let letGo: () => void = () => {};
    host.answers.readAhead = (asked) =>
      new Promise<ThreadView>((go) => (letGo = () => go(answer(asked) as ThreadView)));
    beside.look();
    await vi.advanceTimersByTimeAsync(100);
    beside.heard([FIRST]);
    letGo();
    await vi.advanceTimersByTimeAsync(100);
    expect(beside.has(FIRST)).toBe(false);
  });

  test('is read anew a while after news, however much is heard, and never while all is quiet', async () => {
    beside.look();
    await vi.advanceTimersByTimeAsync(100);
    for (let news = 0; news < 50; news += 1) {
      beside.heard([FIRST]);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(aheadOf(host)).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(aheadOf(host)).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(aheadOf(host)).toHaveLength(3);
  });

  test('is nothing where the host refuses', async () => {
    host.answers.readAhead = () => {
      throw refuse('notFound', 'It is gone.');
    };
    beside.look();
    await vi.advanceTimersByTimeAsync(100);
    expect(beside.take(FIRST)).toBeNull();
  });
});
