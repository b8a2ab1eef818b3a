/** The rail: what is always to be reached stays in sight, the rest scrolls and shows that it does. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { find, openWindow, part, press, waitFor } from '../test/window';

let host: FakeHost;
beforeEach(async () => {
  host = new FakeHost();
  await openWindow(host);
  await part('thread-row');
});

test('its counts are of everything, whatever the list is narrowed to', async () => {
  const badge = () => find('view-mine', ' .badge')?.textContent?.match(/\d+/)?.[0];
  const before = badge();
  expect(Number(before)).toBeGreaterThan(0);
  const answer = host.answers.listThreads;
  host.answers.listThreads = async (asked) => {
    const page = await answer(asked);
    const narrowed = { ...page.counts, mine: 1, mineWaiting: 0, all: 1, allWaiting: 1 };
    return asked.account === null ? page : { ...page, counts: narrowed };
  };
  const asked = host.asked('listThreads').length;
  await press('account');
  await waitFor(() => expect(host.asked('listThreads').length).toBeGreaterThan(asked));
  await part('thread-row');
  expect(badge()).toBe(before);
});

test('settings, keys and one’s own picture stand below what scrolls', async () => {
  const foot = await part('rail-foot');
  const middle = await part('rail-middle');
  for (const name of ['toggle-quiet', 'help', 'settings', 'me']) {
    expect(foot.contains(find(name)), name).toBe(true);
    expect(middle.contains(find(name)), name).toBe(false);
  }
  for (const name of ['view-mine', 'account']) expect(middle.contains(find(name)), name).toBe(true);
});

test('shows on which side there is more', async () => {
  const middle = await part('rail-middle');
  const shows = () => [middle.classList.contains('above'), middle.classList.contains('below')];
  expect(shows()).toEqual([false, false]);
  Object.defineProperty(middle, 'clientHeight', { configurable: true, value: 400 });
  Object.defineProperty(middle, 'scrollHeight', { configurable: true, value: 700 });
  for (const [top, sides] of [
    [0, [false, true]],
    [100, [true, true]],
    [300, [true, false]],
  ] as const) {
    middle.scrollTop = top;
    await fireEvent.scroll(middle);
    await waitFor(() => expect(shows()).toEqual(sides));
  }
});
