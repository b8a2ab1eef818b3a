/** The list as a listbox: which row the arrows, Home, End and the page keys open, and from where. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { row } from '../test/people';
import { find, key, openThread, openWindow, part, press, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

let desk: Desk;
beforeEach(async () => {
  const host = new FakeHost();
  host.rows = Array.from({ length: 40 }, (_, at) =>
    row({ thread: at + 1, name: `Customer ${at + 1}` }),
  );
  desk = await openWindow(host);
});

const focusedThread = () => Number(document.activeElement?.getAttribute('data-thread'));

async function pressed(name: string, opens: number) {
  await key(document.activeElement!, name);
  await waitFor(() => expect(desk.open?.thread).toBe(opens));
  await waitFor(() => expect(focusedThread()).toBe(opens));
}

test('arrows go row by row, a page key as far as one sees, Home and End to the ends', async () => {
  await openThread(2);
  await waitFor(() => expect(document.activeElement).toBe(find('composer-text')));
  await key(await part('composer-text'), 'Escape');
  await waitFor(() => expect(focusedThread()).toBe(2));
  await pressed('ArrowDown', 3);
  // The document of these tests has no layout; a list takes 720 px then, rows 64.
  await pressed('PageDown', 14);
  await pressed('End', 40);
  await pressed('ArrowDown', 40);
  await pressed('PageUp', 29);
  await pressed('Home', 1);
});

test('with nothing open they begin at the row that has the focus', async () => {
  await openThread(5);
  await press('back');
  await waitFor(() => expect(focusedThread()).toBe(5));
  await pressed('ArrowDown', 6);
});
