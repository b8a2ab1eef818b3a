/** Whoever writes in a dialog keeps the focus, whatever the host answers meanwhile, and what was written. */
import { render } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import Modal from '$lib/components/Modal.svelte';
import { FakeHost } from '../test/fake-host';
import { team } from '../test/people';
import { find, key, openThread, openWindow, part, press, waitFor, write } from '../test/window';

let host: FakeHost;
let opened: number;
beforeEach(() => {
  host = new FakeHost();
  opened = 0;
  // As a browser does: it shows the dialog and gives the focus to what asks for it, all at once.
  vi.spyOn(HTMLDialogElement.prototype, 'showModal').mockImplementation(function (
    this: HTMLDialogElement,
  ) {
    opened += 1;
    this.open = true;
    (this.querySelector<HTMLElement>('[autofocus]') ?? this.querySelector('button'))?.focus();
    // The test's document does not tell a window of the focus in it.
    window.dispatchEvent(new FocusEvent('focus'));
  });
});
afterEach(() => vi.restoreAllMocks());

/** The host says everything anew, with something changed in the open thread. */
async function answersAnew() {
  const asked = host.asked('openThread').length;
  host.change(3, { unread: 1 });
  host.tell({ notice: 'status' });
  host.tell({ notice: 'session' });
  await waitFor(() => expect(host.asked('openThread').length).toBeGreaterThan(asked));
  await new Promise((resolve) => setTimeout(resolve, 60));
}

/** To whom the thread can be passed on is asked. */
async function passesOn() {
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const passTo = [{ app: '1', name: 'Tern' }];
    return { ...view, composer: { ...view.composer, acts: ['passToDefault'], passTo } };
  };
  await openWindow(host);
  await openThread(3);
  await key(document.body, 'o', { code: 'KeyO', ctrlKey: true, shiftKey: true });
}

async function keepsFocus(name: string) {
  const field = await part(name);
  field.focus();
  await answersAnew();
  expect(document.activeElement).toBe(field);
  expect(opened, 'the dialog is opened once').toBe(1);
}

test('what a thread is snoozed by begins at the first choice, and its text is no stop of Tab', async () => {
  await openWindow(host);
  await openThread(3);
  await press('snooze');
  const dialog = await part('snooze-picker');
  const first = dialog.querySelector('.choices button');
  expect(first).not.toBeNull();
  expect(document.activeElement).toBe(first);
  expect(dialog.querySelector('.body')?.getAttribute('tabindex')).toBe('-1');
});

test('what is only read begins at its text, which is scrolled by keys', async () => {
  const children = createRawSnippet(() => ({ render: () => '<p>What is only read.</p>' }));
  render(Modal, { props: { title: 'To read', onclose: () => {}, children, test: 'to-read' } });
  const body = (await part('to-read')).querySelector<HTMLElement>('.body');
  expect(document.activeElement).toBe(body);
  expect(body?.tabIndex).toBe(0);
  // Nobody went there: it shows no ring until somebody does.
  expect(body?.classList).toContain('given');
  body?.blur();
  body?.focus();
  await waitFor(() => expect(body?.classList).not.toContain('given'));
});

test('the list of keys begins at its field, from which what is below is read', async () => {
  await openWindow(host);
  await part('thread-row');
  await press('help');
  const body = (await part('help-dialog')).querySelector<HTMLElement>('.body')!;
  const field = await part('find-key');
  expect(document.activeElement).toBe(field);
  vi.spyOn(body, 'clientHeight', 'get').mockReturnValue(500);
  const scrollBy = vi.fn();
  body.scrollBy = scrollBy;
  for (const pressed of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp']) await key(field, pressed);
  expect(scrollBy.mock.calls.map(([to]) => to.top)).toEqual([40, -40, 450, -450]);
  expect(document.activeElement).toBe(field);
});

test('a press that sets somebody offline is not the one that Enter makes at once', async () => {
  const [jonas] = team().people.filter(({ agent }) => agent === 'a-jonas');
  host.isThere({ people: [{ ...jonas!, mayReturn: true }] });
  await openWindow(host);
  await press('me');
  await press('return-threads-of', '[data-agent="a-jonas"]');
  const go = await part('returning-go');
  expect(go.contains(document.activeElement)).toBe(false);
  expect((await part('return-threads')).contains(document.activeElement)).toBe(true);
  expect((await part('returning-cancel')).textContent).toBe('Cancel');
});

test('what is asked at one’s own picture gives the focus back to the picture', async () => {
  const [jonas] = team().people.filter(({ agent }) => agent === 'a-jonas');
  host.isThere({ people: [{ ...jonas!, mayReturn: true }] });
  await openWindow(host);
  (await part('me')).focus();
  await press('me');
  await press('return-threads-of', '[data-agent="a-jonas"]');
  await press('returning-cancel');
  await waitFor(() => expect(find('return-threads')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(find('me')));
});

test('in the form of a canned reply', async () => {
  await openWindow(host);
  await openThread(3);
  await press('settings');
  await press('tab-canned');
  await press('add-canned');
  await keepsFocus('canned-text');
});

test('where a customer gets another name', async () => {
  await openWindow(host);
  await openThread(3);
  await press('toggle-details');
  await press('rename');
  await keepsFocus('new-name');
});

test('a new name begins with the old one selected', async () => {
  await openWindow(host);
  await openThread(3);
  await press('toggle-details');
  await press('rename');
  const field = (await part('new-name')) as HTMLInputElement;
  expect(field.value).not.toBe('');
  expect(field.value.slice(field.selectionStart!, field.selectionEnd!)).toBe(field.value);
});

test('where a thread is passed on', async () => {
  await passesOn();
  await keepsFocus('pass-note');
});

test('Esc throws no note away, and closes where there is none', async () => {
  await passesOn();
  await write('pass-note', 'Where is parcel 4412?');
  await key(await part('pass-note'), 'Escape');
  await part('pass-unsaved');
  await write('pass-note', '');
  await key(await part('pass-note'), 'Escape');
  await waitFor(() => expect(find('pass-on')).toBeNull());
});
