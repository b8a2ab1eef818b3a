/** Toasts: how long each stays, and that none outlives what it says. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toasts } from './toasts.svelte';

let toasts: Toasts;
const says = () => toasts.shown.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  toasts = new Toasts();
});
afterEach(() => vi.useRealTimers());

test('one about a thread goes when that thread is opened, one about what is open when another is', () => {
  const gone = vi.fn();
  toasts.show({ text: 'of three', thread: 3, stays: true, gone });
  toasts.show({ text: 'of here', here: true });
  toasts.show({ text: 'of the page' });
  toasts.opened(4);
  expect(says()).toEqual(['of three', 'of the page']);
  toasts.opened(3);
  expect(says()).toEqual(['of the page']);
  expect(gone).toHaveBeenCalledOnce();
});

test('what is not so any more goes, and what is not known to be so yet stays', () => {
  let isSo: boolean | null = false;
  toasts.show({ text: 'Mara Lindt is done', holds: () => isSo });
  toasts.review();
  expect(says(), 'it is ahead of what was read').toHaveLength(1);
  isSo = true;
  toasts.review();
  isSo = null;
  toasts.review();
  expect(says(), 'nobody knows').toHaveLength(1);
  isSo = false;
  toasts.review();
  expect(says()).toEqual([]);
});

test('the same twice is said once, and for as long as the newer one', async () => {
  toasts.show({ text: 'There is nothing to take back' });
  await vi.advanceTimersByTimeAsync(5_000);
  toasts.show({ text: 'There is nothing to take back' });
  expect(says()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(says()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(says()).toEqual([]);
});

test('while somebody points at one, none goes because of its time', async () => {
  toasts.show({ text: 'one' });
  toasts.point(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(says()).toEqual(['one']);
  toasts.point(false);
  expect(says()).toEqual([]);
  // What was closed under the pointer leaves nothing behind.
  const drop = toasts.show({ text: 'two' });
  toasts.point(true);
  drop();
  toasts.show({ text: 'three' });
  await vi.advanceTimersByTimeAsync(6_000);
  expect(says()).toEqual([]);
});
