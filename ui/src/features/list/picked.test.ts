import { beforeEach, expect, test } from 'vitest';
import { row } from '../../test/people';
import { MOST_PICKED, Picked } from './picked.svelte';

const rows = Array.from({ length: 600 }, (_, at) =>
  row({ thread: at + 1, name: `Mara ${at + 1}` }),
);
const at = (thread: number) => rows[thread - 1]!;

let picked: Picked;
beforeEach(() => {
  picked = new Picked();
});

test('a row is picked, and no longer', () => {
  picked.toggle(at(3));
  picked.toggle(at(5));
  expect([picked.threads, picked.on]).toEqual([[3, 5], true]);
  picked.toggle(at(3));
  picked.toggle(at(5));
  expect([picked.threads, picked.on]).toEqual([[], false]);
});

test('a run goes from where it began to where one is, and shrinks again', () => {
  picked.toggle(at(3));
  picked.upTo(6, rows, null);
  expect(picked.threads.sort()).toEqual([3, 4, 5, 6]);
  picked.upTo(4, rows, null);
  expect(picked.threads.sort()).toEqual([3, 4]);
  picked.upTo(1, rows, null);
  expect(picked.threads.sort()).toEqual([1, 2, 3]);
});

test('a run leaves alone what was picked besides', () => {
  picked.toggle(at(9));
  picked.toggle(at(2));
  picked.upTo(4, rows, null);
  picked.upTo(3, rows, null);
  expect(picked.threads.sort()).toEqual([2, 3, 9]);
});

test('a run begins at the row that one comes from, where nothing was picked', () => {
  picked.upTo(5, rows, 4);
  expect(picked.threads).toEqual([4, 5]);
});

test('where its beginning left the list, a run is the row alone', () => {
  picked.toggle(at(2));
  picked.upTo(5, rows.slice(3), null);
  expect(picked.threads.sort()).toEqual([2, 5]);
});

test('more than one act takes are not picked, and it is said', () => {
  picked.all(rows);
  expect([picked.size, picked.isFull]).toEqual([MOST_PICKED, true]);
  picked.toggle(at(1));
  expect([picked.size, picked.isFull]).toEqual([MOST_PICKED - 1, false]);
});

test('a long run upwards keeps what is nearest to where it began', () => {
  picked.toggle(at(600));
  picked.upTo(1, rows, null);
  expect([picked.has(600), picked.has(101), picked.has(100)]).toEqual([true, true, false]);
});

test('one can begin to pick with nothing picked, and end it', () => {
  picked.toggleMode();
  expect(picked.on).toBe(true);
  picked.toggle(at(1));
  picked.toggleMode();
  expect([picked.on, picked.size]).toEqual([false, 0]);
});
