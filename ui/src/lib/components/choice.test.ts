/** Picking one of a few, where the list is sorted. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { all, find, key, openWindow, part, press, waitFor } from '../../test/window';
import { words } from '$lib/words';
import type { Desk } from '../../app/desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  desk = await openWindow(host);
  await part('thread-row');
});

const isOpen = () => find('sort')?.getAttribute('aria-expanded') === 'true';
const at = () => {
  const id = find('sort')?.getAttribute('aria-activedescendant');
  return id == null ? null : document.getElementById(id)?.dataset['value'];
};

test('no popup of the desktop is left: it would have colours of its own', () => {
  expect(document.querySelector('select')).toBeNull();
});

test('a click opens it, another on an option picks that', async () => {
  const button = await part('sort');
  expect(button.getAttribute('role')).toBe('combobox');
  await press('sort');
  expect([isOpen(), at()]).toEqual([true, 'needsReply']);
  expect(all('option').map((one) => one.getAttribute('aria-selected'))).toEqual(['true', 'false']);
  await press('option', '[data-value="newest"]');
  expect(isOpen()).toBe(false);
  expect(desk.list.sort).toBe('newest');
  await waitFor(() => expect(host.asked('listThreads').at(-1)?.sort).toBe('newest'));
  expect(button.textContent?.trim()).toBe(words.list.sortShort.newest);
});

test('keys: arrows open and go, Enter picks, Esc leaves it as it was and goes no further', async () => {
  const button = await part('sort');
  button.focus();
  await key(button, 'ArrowDown');
  await waitFor(() => expect(at()).toBe('needsReply'));
  await key(button, 'ArrowDown');
  await waitFor(() => expect(at()).toBe('newest'));
  await key(button, 'ArrowDown');
  expect(at()).toBe('newest');
  await key(button, 'Escape');
  expect([isOpen(), desk.list.sort, document.activeElement]).toEqual([false, 'needsReply', button]);
  await key(button, 'Enter');
  await key(button, 'End');
  await waitFor(() => expect(at()).toBe('newest'));
  await key(button, 'Enter');
  await waitFor(() => expect(desk.list.sort).toBe('newest'));
  expect(document.activeElement).toBe(button);
});

test('letters go to what begins with them and are no keys of the page', async () => {
  const button = await part('sort');
  button.focus();
  await key(button, 'n', { code: 'KeyN' });
  await waitFor(() => expect(at()).toBe('newest'));
  await key(button, 'Escape');
  await key(button, 'j', { code: 'KeyJ' });
  expect(desk.open).toBeNull();
});

test('a press elsewhere closes it without a choice', async () => {
  await press('sort');
  expect(isOpen()).toBe(true);
  (await part('thread-row')).dispatchEvent(new Event('pointerdown', { bubbles: true }));
  await waitFor(() => expect(isOpen()).toBe(false));
  expect(desk.list.sort).toBe('needsReply');
});
