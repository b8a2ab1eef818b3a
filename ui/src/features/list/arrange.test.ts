import { describe, expect, test } from 'vitest';
import { row } from '../../test/people';
import { arrange } from './arrange';

const rows = (...threads: number[]) =>
  threads.map((thread) => row({ thread, name: `Customer ${thread}` }));
const order = (list: { thread: number }[]) => list.map(({ thread }) => thread);

describe('while nobody points at the list', () => {
  test('the fresh order stands', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(3, 1, 2), false);
    expect([order(shown), moved]).toEqual([[3, 1, 2], 0]);
  });
});

describe('while somebody does', () => {
  test('nothing moves, and what would move is counted', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(3, 1, 2), true);
    expect([order(shown), moved]).toEqual([[1, 2, 3], 1]);
  });

  test('what a row says is fresh all the same', () => {
    const fresh = [row({ thread: 2, name: 'Mara Lindt', unread: 4 }), ...rows(1)];
    const { rows: shown } = arrange(rows(1, 2), fresh, true);
    expect(shown[1]).toMatchObject({ thread: 2, name: 'Mara Lindt', unread: 4 });
  });

  test('a new thread waits, and one that left stays', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(9, 1, 3), true);
    expect([order(shown), moved]).toEqual([[1, 2, 3], 2]);
  });

  test('a row that a new one pushed out of the page did not move', () => {
    const { rows: shown, moved } = arrange(rows(1, 2, 3), rows(9, 1, 2), true);
    expect([order(shown), moved]).toEqual([[1, 2, 3], 1]);
  });

  test('a page read below the end is added', () => {
    const { rows: shown, moved } = arrange(rows(1, 2), rows(1, 2, 3, 4), true);
    expect([order(shown), moved]).toEqual([[1, 2, 3, 4], 0]);
  });
});
