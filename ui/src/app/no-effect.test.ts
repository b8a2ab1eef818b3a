/** A key that can do nothing now says why, and not for longer than that is so. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { message, threadView } from '../test/said';
import { key, openThread, openWindow, waitFor } from '../test/window';
import { words } from '$lib/words';
import type { Desk } from './desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  desk = await openWindow(host);
});

const says = () => desk.toasts.shown.map(({ text }) => text);
const pressed = (name: string, over: KeyboardEventInit = {}) => key(document.body, name, over);
const ctrl = { ctrlKey: true };
const alt = { altKey: true };

test.each([
  ['t', { code: 'KeyT' }],
  ['y', { code: 'KeyY' }],
  ['p', { code: 'KeyP' }],
  ['r', { code: 'KeyR' }],
  ['q', { code: 'KeyQ' }],
  ['x', { code: 'KeyX' }],
  ['e', { code: 'KeyE' }],
  ['i', { code: 'KeyI' }],
  ['b', { code: 'KeyB' }],
  ['s', { code: 'KeyS' }],
  ['u', { code: 'KeyU' }],
  ['d', { code: 'KeyD' }],
  ['a', { code: 'KeyA' }],
  ['End', { code: 'End', ...alt }],
  ['q', { code: 'KeyQ', ...alt }],
] as [string, KeyboardEventInit][])('without a thread %s says so: %o', async (name, over) => {
  await pressed(name, over);
  await waitFor(() => expect(says()).toEqual([words.list.nothingPicked]));
});

test.each([
  ['t', 'take'],
  ['y', 'release'],
  ['Y', 'keep'],
  ['p', 'pass'],
])('%s says why there is nothing to %s', async (name) => {
  const openThreadAnswer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await openThreadAnswer(request);
    return { ...view, composer: { ...view.composer, acts: [] } };
  };
  await openThread(3);
  const shiftKey = name !== name.toLowerCase();
  await pressed(name, { code: `Key${name.toUpperCase()}`, shiftKey });
  const { yours, fixed, noKeeping } = words.acts.not;
  const why = { t: yours, y: fixed, Y: noKeeping, p: fixed }[name];
  await waitFor(() => expect(says()).toEqual([why]));
  await pressed(name, { code: `Key${name.toUpperCase()}`, shiftKey });
  await waitFor(() => expect(says(), 'once is enough').toEqual([why]));
  // It was said of this thread, and of how it stood.
  await openThread(4);
  await waitFor(() => expect(says()).toEqual([]));
});

test('what was said of how a thread stands goes when it stands otherwise', async () => {
  await openThread(3);
  await pressed('t', { code: 'KeyT' });
  await waitFor(() => expect(says()).toEqual([words.acts.not.yours]));
  host.change(3, { mine: false, assignee: 'Noor' });
  await waitFor(() => expect(says()).toEqual([]));
});

test('where the customer said nothing there is nothing to reply to, nor to react to', async () => {
  host.answers.openThread = ({ thread }) => {
    const view = threadView(
      host.rows.find((one) => one.thread === thread)!,
      host.storeVersion,
    );
    return { ...view, items: [message({ key: 'a', author: 'me' })] };
  };
  await openThread(3);
  await pressed('q', { code: 'KeyQ' });
  await waitFor(() => expect(says()).toEqual([words.gestures.nothingToAnswer]));
  await pressed('x', { code: 'KeyX' });
  await waitFor(() => expect(says()).toContain(words.gestures.nothingToReactTo));
});

test('the ends of the list are said, and that there is nothing to take back', async () => {
  const [first, last] = [desk.list.rows[0]!.thread, desk.list.rows.at(-1)!.thread];
  await openThread(last);
  await key(document.body, 'ArrowDown', { code: 'ArrowDown', ...alt });
  await waitFor(() => expect(says()).toEqual([words.list.last]));
  desk.openThread(first);
  await key(document.body, 'ArrowUp', { code: 'ArrowUp', ...alt });
  await waitFor(() => expect(says()).toEqual([words.list.first]));
  await pressed('z', { code: 'KeyZ', ...ctrl });
  await waitFor(() => expect(says()).toContain(words.list.nothingToUndo));
});
