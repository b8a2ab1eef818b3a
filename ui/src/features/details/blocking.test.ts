/** A customer is kept away, and let through again. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { kite, northwind, session } from '../../test/people';
import { find, key, openThread, openWindow, part, press, said, waitFor } from '../../test/window';
import { words } from '$lib/words';

const w = words.blocking;
let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => vi.useRealTimers());

const toasts = () =>
  [...document.querySelectorAll('[data-test="toast"]')].map((t) => t.textContent);
const now = async () => {
  const button = await vi.waitFor(() => {
    const all = [...document.querySelectorAll('[data-test="toast"] button')];
    const found = all.find((one) => one.textContent?.includes(words.acts.now));
    if (!found) throw new Error('nothing is held');
    return found as HTMLElement;
  });
  button.click();
};

/** Opens a thread with its details beside it. */
async function open() {
  const desk = await openWindow(host);
  await openThread(3);
  await press('toggle-details');
  await part('blocking');
  return desk;
}

test('blocking is held, then done for the team; the composer says why nothing can leave', async () => {
  const desk = await open();
  await press('block');
  expect(host.asked('blockCustomer')).toEqual([]);
  await now();
  await waitFor(() =>
    expect(host.asked('blockCustomer')).toEqual([{ thread: 3, block: 'blocked' }]),
  );
  await part('blocked-tag');
  expect(await said('composer-words')).toContain('blocked');
  expect((await part('send')).hasAttribute('disabled')).toBe(true);
  await waitFor(() => expect(find('thread-row', '[data-thread="3"]')).toBeNull());
  await press('view-blocked');
  await part('thread-row', '[data-thread="3"]');
  expect(desk.list.view).toBe('blocked');

  await press('unblock');
  await now();
  await waitFor(() => expect(host.asked('blockCustomer').at(-1)?.block).toBe('no'));
  await waitFor(() => expect(find('blocked-tag')).toBeNull());
});

test('taken back in time it is never asked for', async () => {
  const desk = await open();
  await press('spam');
  desk.undoLast();
  await Promise.resolve();
  expect(host.asked('blockCustomer')).toEqual([]);
});

test('the list has its view of the blocked only while somebody is', async () => {
  await openWindow(host);
  await part('thread-row');
  expect(find('view-blocked')).toBeNull();
  host.change(3, { block: 'spam' });
  await part('view-blocked');
});

test('an agent reads who can do it, and the key says the same', async () => {
  host.answers.session = () => session({ accounts: [{ ...northwind, role: 'agent' }, kite] });
  const openThreadAnswer = host.answers.openThread;
  host.answers.openThread = async (request) => ({
    ...(await openThreadAnswer(request)),
    mayBlock: false,
  });
  await open();
  expect(await said('may-not-block')).toBe(w.mayNot);
  expect(find('block')).toBeNull();
  await key(document.body, 'B', { code: 'KeyB', ctrlKey: true, shiftKey: true });
  await waitFor(() => expect(toasts().join()).toContain(w.mayNot));
  expect(host.asked('blockCustomer')).toEqual([]);
});

test('what Meta refuses is said', async () => {
  host.answers.blockCustomer = () => {
    throw refuse('failed', 'Meta did not let Baton do this here, so nothing changed.', 'Ask.');
  };
  await open();
  await press('block');
  await now();
  await waitFor(() => expect(toasts().join()).toContain('nothing changed'));
});

test('until the team was told, the thread says so', async () => {
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => ({
    ...(await answer(request)),
    blocking: 'blocked',
  });
  await open();
  expect(await said('blocking-pending')).toBe(w.pending);
  await part('unblock');
});

/** Its customer is kept away; `mayBlock`: whoever looks may let them through. */
function blockedAlready(mayBlock: boolean) {
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const away = { what: 'This customer is blocked.', action: 'Supervisors unblock customers.' };
    const composer = { ...view.composer, send: 'blocked', blocked: true, words: away } as const;
    return { ...view, row: { ...view.row, block: 'blocked' }, composer, mayBlock };
  };
}

test('the composer of a blocked customer is one nobody can write in, and lets them through again', async () => {
  blockedAlready(true);
  await openWindow(host);
  await openThread(3);
  const box = (await part('composer-text')) as HTMLTextAreaElement;
  expect(box.readOnly).toBe(true);
  expect(box.getAttribute('aria-disabled')).toBe('true');
  expect(box.placeholder).toBe('');
  expect(find('attach')?.hasAttribute('disabled')).toBe(true);
  const said = find('composer-words')?.textContent?.trim();
  expect(said).toBe('This customer is blocked.');
  await press('composer-unblock');
  await now();
  await waitFor(() => expect(host.asked('blockCustomer')).toEqual([{ thread: 3, block: 'no' }]));
});

test('whoever may not unblock reads beside it who can', async () => {
  blockedAlready(false);
  await openWindow(host);
  await openThread(3);
  expect(await said('composer-words')).toContain('Supervisors unblock customers.');
  expect(find('composer-unblock')).toBeNull();
});
