/** Banners: the same trouble once, and never under a pointer that moves. */
import { expect, test, vi } from 'vitest';
import { MOST_MS, Still, STILL_MS } from './still';
import { together } from './together';
import type { Problem } from '$lib/contract';

const dead = (account: string): Problem => ({
  kind: 'tokenDead',
  account,
  words: { what: 'Meta refuses the token.', action: 'Connect again.' },
});

test('the same trouble of two accounts is one, another one is not', () => {
  const other: Problem = { ...dead('c'), kind: 'notSubscribed' };
  const troubles = together([dead('a'), other, dead('b')]);
  expect(troubles.map(({ accounts }) => accounts.map(({ account }) => account))).toEqual([
    ['a', 'b'],
    ['c'],
  ]);
});

test('where nobody points it comes at once', () => {
  const run = vi.fn();
  new Still().when(run);
  expect(run).toHaveBeenCalledOnce();
});

test('under a pointer that moves it waits, and not for ever', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const still = new Still();
    const stop = still.watch();
    const move = () => window.dispatchEvent(new Event('pointermove'));
    const [first, second] = [vi.fn(), vi.fn()];
    move();
    still.when(first);
    vi.advanceTimersByTime(STILL_MS - 1);
    expect(first).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(first).toHaveBeenCalledOnce();
    move();
    still.when(second);
    for (let ms = 0; ms < MOST_MS - 100; ms += 100) {
      move();
      vi.advanceTimersByTime(100);
    }
    expect(second).not.toHaveBeenCalled();
    vi.advanceTimersByTime(STILL_MS);
    expect(second).toHaveBeenCalledOnce();
    stop();
  } finally {
    vi.useRealTimers();
  }
});
