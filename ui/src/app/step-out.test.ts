/** Esc goes one step towards the list, on wide and on narrow windows; what lies over the thread goes first. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { find, key, openThread, openWindow, part, press, said, waitFor } from '../test/window';
import type { Desk } from './desk.svelte';

const widthBefore = window.innerWidth;

function resize(width: number) {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: width });
  window.dispatchEvent(new Event('resize'));
}
afterEach(() => resize(widthBefore));

let desk: Desk;
beforeEach(async () => {
  resize(1_024);
  desk = await openWindow(new FakeHost());
});

const escape = () => key(document.activeElement ?? document.body, 'Escape');
const inComposer = () => document.activeElement === find('composer-text');
const focusedThread = () => document.activeElement?.getAttribute('data-thread');

describe('beside the list', () => {
  test('from the composer and from the thread to the list', async () => {
    await openThread(3);
    await waitFor(() => expect(inComposer()).toBe(true));
    await escape();
    await waitFor(() => expect(focusedThread()).toBe('3'));
    (await part('log')).focus();
    await escape();
    await waitFor(() => expect(focusedThread()).toBe('3'));
  });

  test('an input method keeps its Esc', async () => {
    await openThread(3);
    await waitFor(() => expect(inComposer()).toBe(true));
    await key(await part('composer-text'), 'Escape', { isComposing: true });
    expect(desk.wanted).toBeNull();
    expect(inComposer()).toBe(true);
  });

  test('the story of a layer goes before the composer is left', async () => {
    await openThread(3);
    await waitFor(() => expect(inComposer()).toBe(true));
    await press('status-meta');
    (await part('composer-text')).focus();
    expect((await part('status-meta')).classList.contains('picked')).toBe(true);
    await escape();
    await waitFor(() => expect(find('status-meta')?.classList.contains('picked')).toBe(false));
    expect(inComposer()).toBe(true);
  });
});

describe('the details over the thread', () => {
  test('take the focus, and give it back', async () => {
    await openThread(3);
    const toggle = await part('toggle-details');
    toggle.focus();
    await press('toggle-details');
    await waitFor(() => expect(document.activeElement).toBe(find('close-details')));
    await escape();
    await waitFor(() => expect(find('details')).toBeNull());
    expect(document.activeElement).toBe(toggle);
    expect(desk.open?.thread).toBe(3);
  });

  test('leave the composer free, to be written in beside them, and Esc there closes them', async () => {
    await openThread(3);
    await press('toggle-details');
    const details = await part('details');
    const composer = await part('composer');
    expect(details.parentElement?.parentElement?.contains(composer)).toBe(false);
    expect(details.parentElement?.parentElement?.contains(find('log'))).toBe(true);
    (await part('composer-text')).focus();
    await desk.open?.query.read();
    expect(inComposer()).toBe(true);
    await escape();
    await waitFor(() => expect(find('details')).toBeNull());
    expect(inComposer()).toBe(true);
  });

  test('do not take the focus from whoever begins to write in the next thread', async () => {
    await openThread(3);
    await press('toggle-details');
    await part('details');
    desk.openThread(2);
    await waitFor(() => expect(desk.open?.view?.row.thread).toBe(2));
    await part('details');
    await waitFor(() => expect(inComposer()).toBe(true));
  });

  test('are left to nothing behind them on a narrow window', async () => {
    resize(600);
    await openThread(3);
    await press('toggle-details');
    await part('details');
    expect(find('thread')?.inert).toBe(true);
    await press('close-details');
    await waitFor(() => expect(find('thread')?.inert).toBe(false));
  });
});

describe('one pane at a time', () => {
  beforeEach(() => resize(600));

  test('from the composer to the thread, from there back to the list', async () => {
    await openThread(3);
    await waitFor(() => expect(inComposer()).toBe(true));
    await escape();
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
    await escape();
    await waitFor(() => expect(desk.open).toBeNull());
    await waitFor(() => expect(focusedThread()).not.toBeUndefined());
  });

  test('arrows go through the list, and only Enter covers it with a thread', async () => {
    (await part('thread-row', '[data-thread="1"]')).focus();
    await key(document.activeElement!, 'ArrowDown');
    await waitFor(() => expect(focusedThread()).toBe('2'));
    await key(document.activeElement!, 'End');
    await waitFor(() => expect(focusedThread()).toBe('11'));
    await key(document.activeElement!, 'ArrowUp');
    await waitFor(() => expect(focusedThread()).toBe('8'));
    expect(desk.open).toBeNull();
    await key(document.activeElement!, 'Enter');
    await waitFor(() => expect(desk.open?.thread).toBe(8));
    await waitFor(() => expect(inComposer()).toBe(true));
  });

  test('a single key of the list leaves the focus in the thread that covers it', async () => {
    (await part('thread-row', '[data-thread="1"]')).focus();
    await key(document.activeElement!, 'j', { code: 'KeyJ' });
    await waitFor(() => expect(desk.open).not.toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(find('log')));
  });

  test('the way back leads to the row that was open', async () => {
    await openThread(3);
    await press('back');
    await waitFor(() => expect(focusedThread()).toBe('3'));
  });
});

test('the help lists the keys that scroll', async () => {
  await press('help');
  const help = await said('keys-goOn');
  expect(help).toMatch(/A page of the thread.*PageUp ?PageDown.*Scroll.*↑ ?↓ ?Home ?End/);
  expect(help).toMatch(/the list that has the focus.*PageUp ?PageDown ?↑ ?↓ ?Home ?End/);
});

test('no key that means something else in the list is said to work everywhere', async () => {
  await press('help');
  const tables = [...(await part('help-dialog')).querySelectorAll('table')];
  const others = tables.filter(({ dataset }) => dataset['test'] !== 'keys-writing');
  const cells = others.flatMap((table) => [...table.querySelectorAll('td:nth-child(2)')]);
  const keys = cells.map((cell) => cell.textContent).join(' ');
  expect(keys).toContain('Ctrl+J');
  expect(keys).not.toContain('Page');
  expect(keys, 'what sends means nothing elsewhere').not.toContain('Enter');
  expect(await said('keys-writing')).toContain('Ctrl+Enter');
});
