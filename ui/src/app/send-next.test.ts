/** Send and next: to whom it goes on, and that whoever it goes on to is assigned to the agent. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { DAY, HOUR, NOW, row } from '../test/people';
import { all, openThread, openWindow, press, waitFor, write } from '../test/window';
import type { Desk } from './desk.svelte';
import { words } from '$lib/words';

const waits = { needsReply: true, waitingSinceMs: NOW - HOUR };
const shut = { ...waits, freeUntilMs: NOW - 7 * DAY, lateUntilMs: NOW - HOUR };
const free = { mine: false, assignee: null };

let host: FakeHost;
let desk: Desk;
beforeEach(() => {
  host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt', ...waits }),
    row({ thread: 2, name: 'Jonas Weber', ...waits, ...free }),
  ];
});

async function sendFrom(thread: number, how: 'send-next' | 'send-done') {
  await openThread(thread);
  await write('composer-text', 'Tomorrow.');
  await press(how);
  await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
}
const says = (text: string) =>
  waitFor(() => expect(all('toast').some((one) => one.textContent?.includes(text))).toBe(true));

test.each(['all', 'mine', 'done'] as const)('from %s it claims who is nobody’s', async (view) => {
  desk = await openWindow(host);
  await openThread(1);
  desk.list.show(view);
  await write('composer-text', 'Tomorrow.');
  await press('send-next');
  await waitFor(() => expect(desk.open?.thread).toBe(2));
  expect(host.asked('assign')).toEqual([{ thread: 2, toMe: true }]);
  await says(words.thread.taken('Jonas Weber'));
});

test.each(['send-next', 'send-done'] as const)(
  'where all others are too late %s stays, and says that nobody waits',
  async (how) => {
    host.rows = [host.rows[0]!, row({ thread: 2, name: 'Jonas Weber', ...shut })];
    desk = await openWindow(host);
    await sendFrom(1, how);
    await says(words.composer.nobodyElseWaits);
    expect(desk.open?.thread).toBe(1);
  },
);
