/** While something lies over the page, no key acts on what is behind it; Esc closes it wherever the focus is. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandName } from '$lib/host';
import { FakeHost } from '../test/fake-host';
import { status } from '../test/said';
import { NOW } from '../test/people';
import { find, key, openThread, openWindow, part, press, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  host.answers.status = () => ({ ...status(), nowMs: NOW });
  desk = await openWindow(host);
  await openThread(3);
});

/** As after a press on a spot that takes no focus. */
function focusNowhere() {
  (document.activeElement as HTMLElement | null)?.blur();
  expect(document.activeElement).toBe(document.body);
}

const changes: CommandName[] = [
  'setStatus',
  'assign',
  'setUrgent',
  'actOnControl',
  'sendReply',
  'blockCustomer',
  'setLabel',
];
function changed(): string[] {
  return changes.filter((one) => host.calls.some(({ name }) => name === one));
}

const overs: [name: string, opens: () => Promise<void>, part: string][] = [
  ['the filter', () => press('filter'), 'filter-panel'],
  ['the menu of the thread', () => press('thread-menu'), 'menu'],
  ['how present one is', () => press('me'), 'own-state'],
  [
    'a calendar',
    () => key(document.body, 'g', { code: 'KeyG', ctrlKey: true, shiftKey: true }),
    'day-picker',
  ],
  ['the filters of the search', () => press('search-help'), 'filter-help'],
  ['a dialog', () => press('snooze'), 'snooze-picker'],
  [
    'labels',
    () => key(document.body, 'l', { code: 'KeyL', ctrlKey: true, shiftKey: true }),
    'label-picker',
  ],
  [
    'keeping a view',
    async () => {
      await press('filter');
      await press('filter-save');
    },
    'save-view',
  ],
];

describe.each(overs)('%s', (_, opens, name) => {
  const over = () =>
    name === 'menu' ? document.querySelector<HTMLElement>('[role=menu]') : find(name);

  test('leaves the thread behind alone while the focus is nowhere', async () => {
    await opens();
    await waitFor(() => expect(over()).not.toBeNull());
    for (const letter of 'Northwind et!') {
      focusNowhere();
      await key(document.body, letter);
      expect(document.activeElement, letter).not.toBe(find('composer-text'));
    }
    focusNowhere();
    // What only helps with a field leaves chords alone.
    if (name !== 'filter-help')
      await key(document.body, 'e', { code: 'KeyE', ctrlKey: true, shiftKey: true });
    await key(document.body, 'z', { ctrlKey: true });
    expect(changed()).toEqual([]);
    expect(desk.noting).toBe(false);
    expect(desk.open?.thread).toBe(3);
    expect(over()).not.toBeNull();
  });
});

describe.each(
  overs.filter(([, , name]) => !['snooze-picker', 'label-picker', 'save-view'].includes(name)),
)('%s, which the page closes itself', (_, opens, name) => {
  const over = () =>
    name === 'menu' ? document.querySelector<HTMLElement>('[role=menu]') : find(name);

  test('goes with Esc wherever the focus is, and nothing else does', async () => {
    await opens();
    await waitFor(() => expect(over()).not.toBeNull());
    focusNowhere();
    await key(document.body, 'Escape');
    await waitFor(() => expect(over()).toBeNull());
    expect(desk.wanted).not.toBe('list');
    expect(desk.open?.thread).toBe(3);
  });

  test('takes the focus on a spot that would take none, and back when it was lost', async () => {
    await opens();
    await waitFor(() => expect(over()).not.toBeNull());
    expect(over()!.closest('[tabindex="-1"]')).not.toBeNull();
    focusNowhere();
    await key(document.body, 'ArrowDown');
    expect(over()!.closest('[data-over]')!.contains(document.activeElement)).toBe(true);
  });
});

test('the key that opened it closes it', async () => {
  await press('me');
  await part('own-state');
  await key(document.activeElement!, 'p', { code: 'KeyP', altKey: true });
  await waitFor(() => expect(find('own-state')).toBeNull());
  await key(document.body, 'f', { code: 'KeyF', altKey: true });
  await part('filter-panel');
  await key(document.activeElement!, 'f', { code: 'KeyF', altKey: true });
  await waitFor(() => expect(find('filter-panel')).toBeNull());
});

test('whoever goes on by Tab from the filter leaves it', async () => {
  await press('filter');
  await part('filter-panel');
  (await part('composer-text')).focus();
  await waitFor(() => expect(find('filter-panel')).toBeNull());
});

test('once nothing lies over it the keys act again', async () => {
  await press('filter');
  await part('filter-panel');
  await key(document.activeElement!, 'Escape');
  await waitFor(() => expect(find('filter-panel')).toBeNull());
  focusNowhere();
  await key(document.body, 'n');
  await waitFor(() => expect(desk.noting).toBe(true));
});
