/** Who waits and cannot be answered any more: not among those to be answered, and not out of sight. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { DAY, HOUR, NOW, row } from '../test/people';
import { all, find, key, openWindow, part, press, said, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

const waits = { needsReply: true, waitingSinceMs: NOW - 8 * DAY };
const shut = { ...waits, freeUntilMs: NOW - 7 * DAY, lateUntilMs: NOW - HOUR };

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt', ...waits }),
    row({ thread: 2, name: 'Jonas Weber', ...shut }),
    row({ thread: 3, name: 'Paula Rentsch', ...shut, mine: false, assignee: null }),
    row({ thread: 4, name: 'Tomasz Wilk' }),
  ];
  desk = await openWindow(host);
  await part('thread-row');
});

test('the rail says how many they are, and one click lists them', async () => {
  expect(await said('view-tooLate')).toContain('2 too late to answer');
  expect(await said('list-counts')).toBe('1 of 3 to answer');
  await press('view-tooLate');
  await waitFor(() => expect(all('thread-row')).toHaveLength(2));
  expect(await said('list-counts')).toBe('2 too late to answer');
  expect(host.asked('listThreads').at(-1)).toMatchObject({ view: 'tooLate', sort: 'needsReply' });
  expect(find('sort'), 'they have one order').toBeNull();
});

test('where nobody came too late nothing is said of it', async () => {
  host.rows = host.rows.filter((one) => one.thread === 1 || one.thread === 4);
  host.tell({ notice: 'lists', storeVersion: 2 });
  await waitFor(() => expect(find('view-tooLate')).toBeNull());
  await key(document.body, '6', { code: 'Digit6', ctrlKey: true });
  expect(await said('list-empty')).toContain('No thread that waits for a reply');
});

test('going on from one of them comes to who can be answered', async () => {
  await press('view-tooLate');
  await part('thread-row', '[data-thread="2"]');
  await key(document.body, 'j', { code: 'KeyJ', ctrlKey: true });
  await waitFor(() => expect(desk.open?.thread).toBe(1));
});
