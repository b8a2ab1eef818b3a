/** Going on to the next who waits: each once in a round, and never to and fro. */
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, NOW, row } from '../test/people';
import type { ThreadRef, ThreadRow, View } from '$lib/contract';
import { Answered } from './answered';
import { NextToDo, isShut } from './next-to-do';

const mine = (thread: number, over: Partial<ThreadRow> = {}) =>
  row({ thread, name: `Nr ${thread}`, needsReply: true, waitingSinceMs: NOW - HOUR, ...over });
const free = (thread: number, over: Partial<ThreadRow> = {}) =>
  mine(thread, { mine: false, assignee: null, ...over });
const shut = { freeUntilMs: NOW - DAY, lateUntilMs: NOW - HOUR };

class Round {
  readonly next = new NextToDo(new Answered());
  at: ThreadRef | null = null;
  constructor(public rows: ThreadRow[]) {}

  /** Goes on so many times and gives where it came to. */
  async go(times: number): Promise<(ThreadRef | null)[]> {
    const came: (ThreadRef | null)[] = [];
    for (let time = 0; time < times; time += 1) {
      const here = this.rows.find((one) => one.thread === this.at);
      if (here) this.next.visit(here);
      const found = await this.next.find(['mine', 'unassigned'], this.at, NOW, this.read);
      if (found?.view === 'unassigned')
        this.change(found.row.thread, { mine: true, assignee: 'Ines' });
      this.at = found?.row.thread ?? this.at;
      came.push(found?.row.thread ?? null);
    }
    return came;
  }

  change(thread: ThreadRef, over: Partial<ThreadRow>): void {
    this.rows = this.rows.map((one) => (one.thread === thread ? { ...one, ...over } : one));
  }

  /** Two rows a page. */
  read = (view: View, after: string | null) => {
    const rows = this.rows.filter((one) => (view === 'mine' ? one.mine : one.assignee === null));
    const from = Number(after ?? 0);
    const next = from + 2 < rows.length ? String(from + 2) : null;
    return Promise.resolve({ rows: rows.slice(from, from + 2), next });
  };
}

describe('next to do', () => {
  test('goes through all of mine, longest wait first, and on into the queue', async () => {
    const round = new Round([mine(1), mine(2), mine(3), free(4), free(5)]);
    expect(await round.go(5)).toEqual([1, 2, 3, 4, 5]);
  });

  test('begins anew when nobody is left, and not with the thread that is open', async () => {
    const round = new Round([mine(1), mine(2), mine(3)]);
    expect(await round.go(7)).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  test('whose refused reply was put aside is not answered', () => {
    const answered = new Answered();
    const one = mine(1);
    answered.add(one);
    expect(answered.stillWaits(one)).toBe(false);
    expect(answered.stillWaits({ ...one, outgoing: 'refused' })).toBe(true);
    expect(answered.stillWaits(one)).toBe(true);
  });

  test('never comes to those who cannot be answered any more', async () => {
    const round = new Round([mine(2), mine(1, shut), mine(3, shut), free(4)]);
    expect(await round.go(4)).toEqual([2, 4, 2, 4]);
  });

  test('says so when all who wait cannot be answered any more', async () => {
    const round = new Round([mine(1, shut), free(2, shut)]);
    expect(await round.go(1)).toEqual([null]);
  });

  test('comes to a reply that Meta refused after all who can be answered', async () => {
    const round = new Round([mine(1, { outgoing: 'refused' }), mine(2), mine(3, shut)]);
    expect(await round.go(3)).toEqual([2, 1, 2]);
  });

  test('comes back at once to somebody who wrote again', async () => {
    const round = new Round([mine(1), mine(2), mine(3)]);
    expect(await round.go(2)).toEqual([1, 2]);
    round.change(1, { lastMs: NOW + 1 });
    expect(await round.go(2)).toEqual([1, 3]);
  });

  test('says so when nobody else waits', async () => {
    const round = new Round([mine(1), row({ thread: 2, name: 'Answered' })]);
    expect(await round.go(2)).toEqual([1, null]);
  });
});

test.each<[string, Partial<ThreadRow>, boolean]>([
  ['an open window', {}, false],
  ['only a late reply', { freeUntilMs: NOW - HOUR }, false],
  ['a window that is over', shut, true],
  ['no window that is known', { freeUntilMs: null, lateUntilMs: null }, false],
])('%s is too late: %o', (_, over, late) => {
  expect(isShut(mine(1, over), NOW)).toBe(late);
});
