/** The rail: what is always to be reached stays in sight, the rest scrolls and shows that it does. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { kite, northwind } from '../test/people';
import { all, find, key, openWindow, part, press, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  desk = await openWindow(host);
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

test('accounts of one name are told apart by their channel', async () => {
  const names = () => all('account').map((one) => one.querySelector('.name')?.textContent);
  expect(names()).toEqual([northwind.name, kite.name]);
  const twins = [
    { ...northwind, channel: 'messenger' as const },
    { ...kite, name: northwind.name, channel: 'instagram' as const },
  ];
  desk.session.data = { ...desk.session.data!, accounts: twins };
  await waitFor(() =>
    expect(names()).toEqual([`${northwind.name} (Messenger)`, `${northwind.name} (Instagram)`]),
  );
});

test('the name of an account or of a saved view is whole for whoever looks closer, and its count stands inside', async () => {
  const long = 'Northwind Teahandelsgesellschaft am Hafen';
  desk.session.data = {
    ...desk.session.data!,
    accounts: [{ ...northwind, name: long }, kite],
  };
  const view = {
    id: 'v-1',
    name: long,
    view: 'all',
    account: null,
    channel: null,
    label: null,
    labelIsGone: false,
    sort: 'newest',
    all: 120,
    waiting: 120,
  } as const;
  host.savedViews = { ...host.savedViews, views: [view] };
  await desk.savedLists.query.read();
  for (const name of ['account', 'saved-view']) {
    const button = await part(name);
    await waitFor(() => expect(button.title).toContain(long));
    expect(button.querySelector('.name')?.textContent).toBe(long);
  }
  const badge = (await part('saved-view')).querySelector('.badge')!;
  expect(badge.textContent).toContain('99+');
  expect(badge.querySelector('.unseen')?.textContent).toContain('120');
});

test('a view that nobody is in is shown while a key has opened it, where it can be seen', async () => {
  host.rows = host.rows.filter(({ block }) => block === 'no');
  await desk.list.query.read();
  await waitFor(() => expect(find('view-blocked')).toBeNull());
  const seen = vi.spyOn(Element.prototype, 'scrollIntoView');
  await key(document.body, '9', { code: 'Digit9', ctrlKey: true });
  const view = await part('view-blocked');
  expect(view.getAttribute('aria-current')).toBe('page');
  await waitFor(() => expect(seen.mock.contexts).toContain(view));
  await key(document.body, '1', { code: 'Digit1', ctrlKey: true });
  await waitFor(() => expect(find('view-blocked')).toBeNull());
  seen.mockRestore();
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
