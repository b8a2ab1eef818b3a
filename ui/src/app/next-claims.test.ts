/** Going on through the queue: what is claimed is said, and may be given back; who only looks at a thread has not taken it. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import { HOUR, NOW, row } from '../test/people';
import { key, openThread, openWindow, part, press, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

const waits = { needsReply: true, waitingSinceMs: NOW - HOUR };
const free = { ...waits, mine: false, assignee: null };

let host: FakeHost;
let desk: Desk;
/** Nothing of mine waits; Jonas waits longest of the queue. */
beforeEach(async () => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt' }),
    row({ thread: 2, name: 'Jonas Weber', ...free }),
    row({ thread: 3, name: 'Paula Rentsch', ...free }),
  ];
  desk = await openWindow(host);
  await press('view-unassigned');
  await part('thread-row', '[data-thread="2"]');
});

const next = () => key(document.body, 'j', { code: 'KeyJ', ctrlKey: true });
const says = () => desk.toasts.shown.map(({ text }) => text);
const claimed = () => host.asked('assign');

test('the open thread is taken when it is nobody’s and its turn, and only then the next', async () => {
  await openThread(2);
  await next();
  await waitFor(() => expect(claimed()).toEqual([{ thread: 2, toMe: true }]));
  await waitFor(() => expect(says()).toEqual(['Taken: Jonas Weber']));
  expect(desk.open?.thread).toBe(2);
  await waitFor(() => expect(desk.openRow?.mine).toBe(true));
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  expect(claimed().map(({ thread }) => thread)).toEqual([2, 3]);
  await waitFor(() => expect(says()).toContain('Taken: Paula Rentsch'));
});

test('who waits longer goes before the open one, which comes afterwards', async () => {
  await openThread(3);
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(2));
  await waitFor(() => expect(desk.openRow?.mine).toBe(true));
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  expect(claimed().map(({ thread }) => thread)).toEqual([2, 3]);
});

test('one of mine that waits goes before an open one of the queue', async () => {
  host.change(1, waits);
  await openThread(2);
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  expect(claimed()).toEqual([]);
  expect(says()).toEqual([]);
});

test('what was taken can be given back, and does not come at once again', async () => {
  await openThread(2);
  await next();
  await waitFor(() => expect(says()).toEqual(['Taken: Jonas Weber']));
  const undo = desk.toasts.shown[0]?.acts[0];
  expect(undo?.label).toBe('Undo');
  undo?.run();
  await waitFor(() => expect(claimed().at(-1)).toEqual({ thread: 2, toMe: false }));
  await waitFor(() => expect(desk.openRow?.assignee).toBeNull());
  expect(desk.open?.thread).toBe(2);
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(3));
});

test('who was faster is said, and one goes on', async () => {
  const assign = host.answers.assign;
  host.answers.assign = (asked) => {
    if (asked.thread === 2) throw refuse('threadChanged', 'Ada took this thread first.');
    return assign(asked);
  };
  await openThread(2);
  await next();
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  await waitFor(() =>
    expect(says()).toEqual([
      'Jonas Weber was not taken: Ada took this thread first.',
      'Taken: Paula Rentsch',
    ]),
  );
});
