import { describe, expect, test } from 'vitest';
import { row } from '../../test/people';
import { arrange } from './arrange';

const rows = (...threads: number[]) =>
  threads.map((thread) => row({ thread, name: `Customer ${thread}` }));
const order = (list: { thread: number }[]) => list.map(({ thread }) => thread);

describe('while the pointer is away', () => {
  test('the fresh order stands', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(3, 1, 2), { at: 'away' });
    expect([order(shown), moved]).toEqual([[3, 1, 2], 0]);
  });
});

describe('while the pointer moves', () => {
  const pointing = { at: 'moving', over: 2 } as const;

  test('nothing moves, and what would move is counted', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(3, 1, 2), pointing);
    expect([order(shown), moved]).toEqual([[1, 2, 3], 1]);
  });

  test('what a row says is fresh all the same', () => {
    const fresh = [row({ thread: 2, name: 'Mara Lindt', unread: 4 }), ...rows(1)];
    const { rows: shown } = arrange(rows(1, 2), fresh, pointing);
    expect(shown[1]).toMatchObject({ thread: 2, name: 'Mara Lindt', unread: 4 });
  });

  test('a new thread waits, and one that left stays', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(9, 1, 3), pointing);
    expect([order(shown), moved]).toEqual([[1, 2, 3], 2]);
  });

  test('a page read below the end is added', () => {
    const { rows: shown, moved } = arrange(rows(1, 2), rows(1, 2, 3, 4), pointing);
    expect([order(shown), moved]).toEqual([[1, 2, 3, 4], 0]);
  });
});

describe('while the pointer rests', () => {
  test.each([
    ['a new one arrives on top', [1, 2, 3], 2, [9, 1, 2, 3], [9, 2, 1, 3]],
    ['its row would rise', [1, 2, 3], 3, [3, 1, 2], [1, 2, 3]],
    ['its row left the view', [1, 2, 3], 2, [1, 3], [1, 2, 3]],
    ['it is the last and the list got short', [1, 2, 3], 3, [3], [3]],
    ['it is over no row', [1, 2, 3], null, [3, 1, 2], [3, 1, 2]],
  ])('%s: its row keeps its place', (_, before, over, fresh, expected) => {
    const { rows: shown } = arrange(rows(...before), rows(...fresh), { at: 'rest', over });
    expect(order(shown)).toEqual(expected);
  });
});
