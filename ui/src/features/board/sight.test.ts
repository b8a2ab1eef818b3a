/** More columns than one read brings: each has its threads once it is in sight. */
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { BoardAgent } from '$lib/contract';
import { FakeHost } from '../../test/fake-host';
import { HOUR, northwind, NOW, row } from '../../test/people';
import { all, find, openWindow, part, press, waitFor } from '../../test/window';
import { MOST_COLUMNS, near, reach } from './sight';

test.each([
  [5, { from: 0, to: 0 }, { from: 0, to: 5 }],
  [60, { from: 40, to: 44 }, { from: 0, to: 60 }],
  [200, { from: 0, to: 0 }, { from: 0, to: 60 }],
  [200, { from: 98, to: 102 }, { from: 70, to: 130 }],
  [200, { from: 196, to: 200 }, { from: 140, to: 200 }],
  // A column was taken away since it was looked.
  [61, { from: 98, to: 102 }, { from: 1, to: 61 }],
])('of %i columns with %o in sight, %o are read', (count, sight, read) => {
  expect(reach(count, sight)).toEqual(read);
});

test('what may come into sight next is near', () => {
  expect(near({ from: 4, to: 8 })).toEqual({ from: 0, to: 18 });
  expect(near({ from: 40, to: 44 })).toEqual({ from: 30, to: 54 });
});

const COLUMNS = 200;
const WIDTH = 250;
const key = (at: number) => `b-${String(at).padStart(3, '0')}`;

test('200 columns: one that is scrolled into sight has its threads, and no read asks for too many', async () => {
  const host = new FakeHost();
  const work = {
    open: 1,
    onCustomer: 0,
    waiting: 1,
    oldestWaitMs: NOW - HOUR,
    due: 0,
    nextDueMs: null,
  };
  host.moreAgents = Array.from({ length: COLUMNS }, (_, at): BoardAgent => {
    const accounts = [
      { account: northwind.id, name: northwind.name, open: 1, limit: 20, full: false },
    ];
    return {
      agent: key(at),
      name: `Zoë ${at}`,
      me: false,
      state: 'online',
      work,
      accounts,
      mayReturn: false,
    };
  });
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt', assignee: null, mine: false, needsReply: true }),
  ];
  const { board } = host.answers;
  host.answers.board = async (asked) => {
    const view = await board(asked);
    asked.columns.forEach(({ column }, at) => {
      const read = view.columns[at];
      if (column.of !== 'agent' || !read) return;
      const thread = 1000 + Number(column.agent.slice(2));
      const one = row({ thread, name: `Customer ${thread}`, mine: false, assignee: 'Zoë' });
      read.rows = [{ row: one, agent: column.agent, endsMs: null }];
    });
    return view;
  };
  const keys = Array.from({ length: COLUMNS }, (_, at) => key(at));
  host.settings.set('boardColumns', JSON.stringify(['queue', ...keys]));
  await openWindow(host);
  await press('open-board');
  await part('board-card');
  const cardsOf = (at: number) =>
    document.querySelectorAll(`[data-column="${key(at)}"] [data-test="board-card"]`).length;
  await waitFor(() => expect(cardsOf(0)).toBe(1));
  expect(cardsOf(150)).toBe(0);

  const strip = await part('board-columns');
  let scrolled = 0;
  strip.getBoundingClientRect = () => ({ left: 0, right: 4 * WIDTH }) as DOMRect;
  for (const [at, column] of all('board-column').entries())
    column.getBoundingClientRect = () =>
      ({ left: at * WIDTH - scrolled, right: (at + 1) * WIDTH - scrolled }) as DOMRect;
  scrolled = 151 * WIDTH;
  await fireEvent.scroll(strip);
  await waitFor(() => expect(cardsOf(150)).toBe(1));

  scrolled = (COLUMNS - 3) * WIDTH;
  await fireEvent.scroll(strip);
  await waitFor(() => expect(cardsOf(COLUMNS - 1)).toBe(1));
  const most = Math.max(...host.asked('board').map(({ columns }) => columns.length));
  expect(most).toBe(MOST_COLUMNS);

  // What is far away is not read with each piece of news; it is once it comes into sight again.
  const before = host.asked('board').length;
  scrolled = 0;
  await fireEvent.scroll(strip);
  await waitFor(() => expect(host.asked('board').length).toBe(before + 1));
  expect(host.asked('board').at(-1)!.columns[0]!.column).toEqual({ of: 'queue' });
  expect(find('column-empty')).toBeNull();
});
