/** Where one is after a thread left the list, and what a click on a picture of somebody does. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { HOUR, NOW, row } from '../test/people';
import { find, openThread, openWindow, part, press, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

let host: FakeHost;
let desk: Desk;

/** Five of mine, the first of whom waits: whoever looks for who waits comes back to the top. */
beforeEach(async () => {
  host = new FakeHost();
  host.rows = [1, 2, 3, 4, 5].map((thread) =>
    row({
      thread,
      name: `Customer ${thread}`,
      needsReply: thread === 1,
      waitingSinceMs: thread === 1 ? NOW - HOUR : null,
    }),
  );
  desk = await openWindow(host);
});

test('after Done the row below is next, and at the end of the list the one above', async () => {
  await openThread(3);
  await press('done');
  await waitFor(() => expect(desk.open?.thread).toBe(4));
  await waitFor(() => expect(find('thread-row', '[data-thread="3"]')).toBeNull());
  await press('done');
  await waitFor(() => expect(desk.open?.thread).toBe(5));
  await waitFor(() => expect(find('thread-row', '[data-thread="4"]')).toBeNull());
  await press('done');
  await waitFor(() => expect(desk.open?.thread).toBe(2));
});

test('a click on the picture in a row opens its thread', async () => {
  const picture = (await part('thread-row', '[data-thread="2"]')).querySelector('.avatar');
  picture!.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await waitFor(() => expect(desk.open?.thread).toBe(2));
});

test('a click on the picture in the head of a thread shows the details, and another hides them', async () => {
  desk.settings.set('details', false);
  await openThread(2);
  expect(find('details')).toBeNull();
  const picture = await part('head-avatar');
  expect(picture.title).toMatch(/^Details of .?Customer 2/);
  picture.querySelector<HTMLElement>('.avatar')!.click();
  await part('details');
  await press('head-avatar');
  await waitFor(() => expect(find('details')).toBeNull());
});
