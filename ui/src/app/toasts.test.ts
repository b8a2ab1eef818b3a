/** Toasts in the window: none outlives what it says, and none comes under a hand. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import { status } from '../test/said';
import { all, find, key, openThread, openWindow, part, press, said, waitFor } from '../test/window';
import { STILL_MS } from '$features/status/still';
import type { Health, Setback } from '$lib/contract';
import type { Desk } from './desk.svelte';

let host: FakeHost;
let desk: Desk;
beforeEach(async () => {
  host = new FakeHost();
  desk = await openWindow(host);
  await part('thread-row');
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const noToast = () => waitFor(() => expect(find('toast')).toBeNull());

test('that the relay is away is said for no longer than it is', async () => {
  const relayIs = (health: Health) => {
    const relay = { health, short: 'Relay', words: { what: '', action: '' } };
    host.answers.status = () => ({ ...status(), relay });
    host.tell({ notice: 'status' });
    return waitFor(() => expect(desk.status.data?.relay.health).toBe(health));
  };
  host.answers.assign = () => {
    throw refuse('relayUnreachable', 'The relay cannot be reached.', 'Try again.');
  };
  await openThread(3);
  await press('assign');
  // It is said before the status line knows it.
  expect(await said('toast')).toContain('The relay cannot be reached.');
  await relayIs('good');
  expect(find('toast')).not.toBeNull();
  await relayIs('bad');
  expect(find('toast')).not.toBeNull();
  await relayIs('good');
  await noToast();
});

test('that a thread is done is said until its customer writes again', async () => {
  await openThread(2);
  await press('done');
  expect(await said('toast')).toContain('is done');
  await waitFor(() => expect(find('thread-row', '[data-thread="2"]')).toBeNull());
  host.change(2, { status: { status: 'open' }, unread: 1 });
  await part('thread-row', '[data-thread="2"]');
  await noToast();
});

test('a reply that was let go in its thread can no longer be taken back by a toast or a key', async () => {
  await openThread(3);
  // For so long that it does not end by itself here.
  desk.offerTakeBack(desk.rowOf(3)!, ['part-1'], 600_000);
  expect(await said('toast')).toContain('Undo');
  host.change(3, { outgoing: 'held' });
  await waitFor(() => expect(desk.rowOf(3)?.outgoing).toBe('held'));
  expect(find('toast')).not.toBeNull();
  host.change(3, { outgoing: 'queued' });
  await noToast();
  expect(desk.undoLast()).toBe(false);
});

test('Ctrl+Z in an empty composer takes the last act back, and then the reply of before it', async () => {
  await openThread(3);
  desk.offerTakeBack(desk.rowOf(3)!, ['part-1'], 600_000);
  await openThread(2);
  await press('done');
  await waitFor(() => expect(host.asked('setStatus')).toHaveLength(1));
  await waitFor(() => expect(document.activeElement).toBe(find('composer-text')));
  const z = () => key(document.activeElement!, 'z', { ctrlKey: true });
  await z();
  await waitFor(() => expect(host.asked('setStatus')).toHaveLength(2));
  expect(host.asked('setStatus')[1]).toMatchObject({ thread: 2, status: { status: 'open' } });
  expect(host.asked('discardPart')).toEqual([]);
  await z();
  await waitFor(() => expect(host.asked('discardPart')).toEqual([{ part: 'part-1' }]));
});

test('what was done long ago is not taken back where the key may mean a text', async () => {
  await openThread(2);
  await press('done');
  await waitFor(() => expect(host.asked('setStatus')).toHaveLength(1));
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 60_000);
  expect(desk.undoLast(true)).toBe(false);
  expect(desk.undoLast()).toBe(true);
});

test('a reply that gave way to newer ones comes back with the time that is left', async () => {
  const since = performance.now() - 4_000;
  const drop = desk.toasts.show({ text: 'It leaves.', heldMs: 5_000, sinceMs: since });
  const run = (await part('toast')).querySelector<HTMLElement>('.run');
  expect(parseInt(run!.style.getPropertyValue('--gone'))).toBeLessThanOrEqual(-4_000);
  drop();
});

test('what went wrong with a thread is said until that thread is opened', async () => {
  host.answers.setStatus = () => {
    throw refuse('threadChanged', 'A colleague took the thread.', 'Look at it.');
  };
  await openThread(2);
  await press('done');
  expect(await said('toast')).toContain('A colleague took the thread.');
  await openThread(4);
  expect(find('toast')).not.toBeNull();
  await openThread(2);
  await noToast();
  await waitFor(() => expect(document.activeElement).toBe(find('composer-text')));
});

const setback: Setback = {
  part: 'part-7',
  kind: 'notSent',
  thread: 4,
  name: 'Tomasz Wilk',
  words: { what: 'This reply came back.', action: 'Look at it.' },
};

function comesBack(over: Partial<Setback> = {}) {
  host.answers.status = () => status({ setbacks: [{ ...setback, ...over }] });
  host.tell({ notice: 'status' });
}

test('a reply that came back is told until it is no longer there unsent', async () => {
  comesBack();
  await part('toast');
  host.change(4, { draft: 'Two days.', notSent: true });
  await part('row-not-sent');
  expect(find('toast')).not.toBeNull();
  host.change(4, { draft: null, notSent: false, outgoing: 'queued' });
  await waitFor(() => expect(host.asked('toldOfSetback')).toEqual([{ part: 'part-7' }]));
  await noToast();
});

test('that a thread was not set done is told until it is', async () => {
  await openThread(4);
  comesBack({ kind: 'notDone' });
  await part('toast');
  host.change(4, { status: { status: 'done' } });
  await noToast();
});

test('whoever comes back to the thread that is open is told by the thread', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  await openThread(4);
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 60_000);
  comesBack();
  await part('toast');
  clock.mockRestore();
  await key(document.body, 'Shift');
  await noToast();
});

test('under a hand that is at the list none comes until the hand rests; what was done elsewhere is said at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const move = (over: Element) =>
    over.dispatchEvent(new MouseEvent('pointermove', { bubbles: true, screenX: 5, screenY: 5 }));
  move(find('thread-row')!);
  desk.toasts.show({ text: 'came by itself' });
  await vi.advanceTimersByTimeAsync(STILL_MS - 50);
  expect(find('toast')).toBeNull();
  await vi.advanceTimersByTimeAsync(100);
  expect(find('toast')?.textContent).toContain('came by itself');
  move(find('status-line')!);
  desk.toasts.show({ text: 'was done here' });
  await vi.advanceTimersByTimeAsync(1);
  expect(all('toast').map((one) => one.querySelector('p')!.textContent.trim())).toEqual([
    'came by itself',
    'was done here',
  ]);
});

test('of several that can be taken back the newest is whole and the others take a line, each with its way back', async () => {
  const undone: string[] = [];
  const undo = (name: string) => [{ label: 'Undo', run: () => void undone.push(name) }];
  for (const name of ['one', 'two', 'three'])
    desk.toasts.show({ text: `${name} is done`, acts: undo(name) });
  desk.toasts.show({ text: 'It did not work', tone: 'bad' });
  desk.toasts.show({ text: 'four is done', acts: undo('four') });
  await waitFor(() => expect(all('toast').at(-1)?.textContent).toContain('four'));
  const looks = all('toast').map((toast) => [
    toast.querySelector('p')!.textContent.trim(),
    toast.classList.contains('slim'),
  ]);
  expect(looks).toEqual([
    ['three is done', true],
    ['It did not work', false],
    ['four is done', false],
  ]);
  const act = all('toast')[0]!.querySelector<HTMLElement>('.act')!;
  expect(act.tabIndex).toBe(0);
  act.focus();
  act.click();
  expect(undone).toEqual(['three']);
});
