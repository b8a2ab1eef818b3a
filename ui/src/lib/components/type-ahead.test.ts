import { expect, test } from 'vitest';
import { startingWith, Typed } from './type-ahead';

const labels = ['Needs reply first', 'Newest first', 'Oldest first'];

test.each([
  ['o', 0, 2],
  ['n', 0, 1],
  ['n', 1, 0],
  ['nn', 1, 0],
  ['new', 0, 1],
  ['NEE', 1, 0],
  ['x', 1, null],
  ['newer', 0, null],
])('%o from %i comes to %o', (typed, at, found) => {
  expect(startingWith(typed, labels, at)).toBe(found);
});

test('letters that follow each other quickly are one beginning', () => {
  let now = 0;
  const typed = new Typed(() => now);
  expect([typed.isUnderWay, typed.with('n')]).toEqual([false, 'n']);
  now = 300;
  expect([typed.isUnderWay, typed.with('e')]).toEqual([true, 'ne']);
  now = 1_100;
  expect([typed.isUnderWay, typed.with('o')]).toEqual([false, 'o']);
});
