/** A thread that waits to be given away is not, when its agent goes on working with it. */
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { all, key, openThread, openWindow, part, press, waitFor, write } from '../../test/window';
import type { Desk } from '../../app/desk.svelte';
import type { ControlAct } from '$lib/contract';
import { words } from '$lib/words';

let host: FakeHost;
let desk: Desk;
let acts: ControlAct[];
beforeEach(async () => {
  host = new FakeHost();
  acts = ['release', 'passToDefault'];
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const row = { ...view.row, owner: { ...view.row.owner, owner: 'ours' as const } };
    return { ...view, row, composer: { ...view.composer, acts } };
  };
  desk = await openWindow(host);
  await openThread(3);
  await part('act-release');
});

const toasts = () => all('toast').map((one) => one.textContent ?? '');
const chord = (letter: string) =>
  key(document.body, letter, { code: `Key${letter.toUpperCase()}`, ctrlKey: true, shiftKey: true });
const releases = async () => {
  await press('act-release');
  await waitFor(() => expect(toasts().some((text) => text.includes('Releasing'))).toBe(true));
};

test('taking it takes the release back, and says so', async () => {
  await releases();
  await chord('t');
  await waitFor(() => expect(toasts().some((text) => text.includes(words.acts.kept))).toBe(true));
  desk.held.flush();
  expect(host.asked('actOnControl')).toEqual([]);
  expect(toasts().some((text) => text.includes('Releasing'))).toBe(false);
});

test('answering takes the release back before the reply is handed over', async () => {
  await releases();
  await write('composer-text', 'One moment.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
  desk.held.flush();
  expect(host.asked('actOnControl')).toEqual([]);
});

test('passing it takes the release back: only the pass happens', async () => {
  await releases();
  await press('act-pass');
  desk.held.flush();
  await waitFor(() => expect(host.asked('actOnControl')).toHaveLength(1));
  expect(host.asked('actOnControl')).toMatchObject([{ thread: 3, act: 'passToDefault' }]);
});

test('what waits to give away another thread goes on', async () => {
  await releases();
  await openThread(2);
  await write('composer-text', 'One moment.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
  desk.held.flush();
  await waitFor(() => expect(host.asked('actOnControl')).toMatchObject([{ thread: 3 }]));
});

test('where nothing is left to be released by then it is not asked of Meta, and said', async () => {
  await releases();
  acts = ['take'];
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const owner = { ...view.row.owner, owner: 'other' as const, appName: 'Teabot' };
    return { ...view, row: { ...view.row, owner } };
  };
  host.change(3, {});
  await part('act-take');
  desk.held.flush();
  await vi.waitFor(() => expect(toasts().some((text) => text.includes('Teabot'))).toBe(true));
  expect(host.asked('actOnControl')).toEqual([]);
});
