/** News wait for what the agent just did, and not for long. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Notice } from '$lib/contract';
import { ActFirst } from './act-first';

const threads: Notice = { notice: 'threads', threads: [1], storeVersion: 2 };
const lists: Notice = { notice: 'lists', storeVersion: 3 };

let heard: Notice[];
let first: ActFirst;
/** What the desk's window does with news. */
const comes = (notice: Notice) => {
  if (!first.keeps(notice)) heard.push(notice);
};

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  first = new ActFirst((notice) => heard.push(notice));
});
afterEach(() => vi.useRealTimers());

test('what comes while something is done is heard a frame after it, in order', () => {
  const end = first.begin();
  comes(threads);
  comes(lists);
  end();
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(heard).toEqual([threads, lists]);
  comes(threads);
  expect(heard).toHaveLength(3);
});

test('what is to be heard once, or says who sits there, never waits', () => {
  first.begin();
  comes({ notice: 'session' });
  comes({ notice: 'closing' });
  expect(heard.map(({ notice }) => notice)).toEqual(['session', 'closing']);
});

test('a desk that does not answer keeps nothing back for long', () => {
  const end = first.begin();
  comes(threads);
  vi.advanceTimersByTime(249);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1);
  comes(lists);
  expect(heard).toEqual([threads, lists]);
  end();
  vi.advanceTimersByTime(100);
  expect(heard).toEqual([threads, lists]);
});

test('of two acts at one time the last one counts, and an end that is told twice is one', () => {
  const [one, two] = [first.begin(), first.begin()];
  comes(threads);
  one();
  one();
  vi.advanceTimersByTime(60);
  expect(heard).toEqual([]);
  two();
  vi.advanceTimersByTime(60);
  expect(heard).toEqual([threads]);
});
