/** Letters typed while threads change: each reaches the composer of the thread that is being opened, or stays where it was. */
import { beforeEach, expect, test } from 'vitest';
import { fireEvent } from '@testing-library/svelte';
import { FakeHost, refuse } from '../../test/fake-host';
import { find, key, openThread, openWindow, part, press, waitFor, write } from '../../test/window';
import type { CommandName, Request, Response } from '$lib/host';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

/** Makes one command wait for `go`; what it answers is read when it goes. */
function slow<K extends CommandName>(name: K): { go: () => void; waits: () => number } {
  const answer = host.answers[name] as (request: Request<K>) => Response<K> | Promise<Response<K>>;
  let waiting: (() => void)[] = [];
  const held = (request: Request<K>) =>
    new Promise<Response<K>>((resolve, reject) =>
      waiting.push(() => void Promise.resolve(request).then(answer).then(resolve, reject)),
    );
  (host.answers as Record<string, unknown>)[name] = held;
  return {
    go: () => {
      (host.answers as Record<string, unknown>)[name] = answer;
      for (const run of waiting) run();
      waiting = [];
    },
    waits: () => waiting.length,
  };
}

/** Presses letters wherever the focus is; where no text is written they are lost, as on a real page. */
async function type(text: string) {
  for (const letter of text) {
    const at = document.activeElement ?? document.body;
    await fireEvent.keyDown(at, { key: letter, bubbles: true });
    if (!(at instanceof HTMLTextAreaElement) && !(at instanceof HTMLInputElement)) continue;
    await fireEvent.input(at, { target: { value: at.value + letter } });
  }
}

const box = async () => (await part('composer-text')) as HTMLTextAreaElement;
const focused = () => waitFor(async () => expect(document.activeElement).toBe(await box()));
const nextToDo = () => key(document.activeElement ?? document.body, 'j', { ctrlKey: true });

test('what is typed while a thread is read stands in its composer', async () => {
  await openWindow(host);
  const opening = slow('openThread');
  await press('thread-row', '[data-thread="3"]');
  await type('alpha ');
  await waitFor(() => expect(opening.waits()).toBe(1));
  await type('beta');
  opening.go();
  await waitFor(async () => expect((await box()).value).toBe('alpha beta'));
  await focused();
  await waitFor(() => expect(host.drafts.get(3)).toBe('alpha beta'));
});

test('what is typed while a thread is read comes after the draft that it has', async () => {
  host.drafts.set(3, 'Half a thought');
  await openWindow(host);
  const opening = slow('openThread');
  await press('thread-row', '[data-thread="3"]');
  await type('and more');
  opening.go();
  await waitFor(async () => expect((await box()).value).toBe('Half a thought\nand more'));
});

test('what is typed after Ctrl+J is for the next customer, from its first letter on', async () => {
  const desk = await openWindow(host);
  await openThread(2);
  await focused();
  const finding = slow('listThreads');
  const opening = slow('openThread');
  await nextToDo();
  await type('one ');
  finding.go();
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  await type('two ');
  await waitFor(() => expect(opening.waits()).toBeGreaterThan(0));
  await type('three');
  opening.go();
  await waitFor(async () => expect((await box()).value).toBe('one two three'));
  expect(host.drafts.get(2) ?? '').toBe('');
});

test('Ctrl+J finishes here: what was written is kept, nobody sees it typed any more, and nothing else changes', async () => {
  const desk = await openWindow(host);
  await openThread(3);
  await focused();
  await write('composer-text', 'Half a thought');
  await waitFor(() => expect(host.asked('showTyping').at(-1)?.typing).toBe(true));
  await nextToDo();
  await waitFor(() => expect(desk.open?.thread).not.toBe(3));
  const next = desk.open?.thread;
  await focused();
  expect((await box()).value).toBe('');
  await waitFor(() => expect(host.drafts.get(3)).toBe('Half a thought'));
  expect(host.asked('showTyping').at(-1)).toEqual({ thread: 3, typing: false });
  await waitFor(() => expect(host.asked('shows').at(-1)).toEqual({ thread: next, doing: 'reads' }));
  expect(host.asked('setStatus')).toEqual([]);
  expect(host.asked('assign').filter(({ thread }) => thread === 3)).toEqual([]);
});

test('after Ctrl+J in the list no letter does anything to a thread', async () => {
  const desk = await openWindow(host);
  await part('thread-row', '[data-thread="1"]');
  const finding = slow('listThreads');
  await nextToDo();
  await type('ejy');
  finding.go();
  await waitFor(() => expect(desk.open).not.toBeNull());
  await waitFor(async () => expect((await box()).value).toBe('ejy'));
  expect(host.asked('setStatus')).toEqual([]);
});

test('where nobody else waits the letters stay with the thread that is open', async () => {
  host.rows = host.rows.filter(({ thread }) => thread === 1);
  await openWindow(host);
  await openThread(1);
  await focused();
  await write('composer-text', 'So ');
  const finding = slow('listThreads');
  await nextToDo();
  await type('far');
  finding.go();
  await waitFor(() => expect(find('toast')).not.toBeNull());
  await waitFor(async () => expect((await box()).value).toBe('So far'));
  await focused();
});

test('what is typed while a reply is on its way and the next is opened is for the next', async () => {
  const desk = await openWindow(host);
  await openThread(2);
  await focused();
  await type('It is back.');
  const sending = slow('sendReply');
  await key(document.activeElement!, 'Enter', { ctrlKey: true });
  await type('Hel');
  sending.go();
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  await type('lo');
  await waitFor(async () => expect((await box()).value).toBe('Hello'));
  await waitFor(() => expect(host.drafts.get(1)).toBe('Hello'));
  expect(host.drafts.has(2)).toBe(false);
});

test('when the reply cannot leave, what was typed after it stays behind it', async () => {
  await openWindow(host);
  await openThread(2);
  await focused();
  await type('It is back.');
  host.answers.sendReply = () => {
    throw refuse('threadChanged', 'Paula wrote again before this left.');
  };
  const sending = slow('sendReply');
  await key(document.activeElement!, 'Enter', { ctrlKey: true });
  await type(' Hi');
  sending.go();
  await part('send-error');
  await focused();
  await waitFor(async () => expect((await box()).value).toBe('It is back. Hi'));
});

test('an answer that was read before a save does not take letters back', async () => {
  await openWindow(host);
  await openThread(3);
  await focused();
  await type('al');
  await waitFor(() => expect(host.drafts.get(3)).toBe('al'));
  // A read begins, and sees the store as it is now.
  const stale = await host.answers.openThread({ thread: 3 });
  let answer: (() => void) | undefined;
  const openNow = host.answers.openThread;
  host.answers.openThread = () =>
    new Promise((resolve) => (answer = () => resolve({ ...stale, storeVersion: 99 })));
  host.tell({ notice: 'threads', threads: [3], storeVersion: 2 });
  await waitFor(() => expect(answer).toBeDefined());
  await type('pha');
  await waitFor(() => expect(host.drafts.get(3)).toBe('alpha'));
  host.answers.openThread = openNow;
  host.storeVersion = 100;
  answer?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect((await box()).value).toBe('alpha');
  await type(' beta');
  await waitFor(() => expect(host.drafts.get(3)).toBe('alpha beta'));
});

test('a reply that comes back while one writes stands first, the caret stays, and the next Enter says so once', async () => {
  await openWindow(host);
  await openThread(3);
  await focused();
  await type('Next');
  await waitFor(() => expect(host.drafts.get(3)).toBe('Next'));
  const answer = host.answers.openThread;
  const draftWords = { what: 'It did not leave.', action: '' };
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    return { ...view, composer: { ...view.composer, draftWords } };
  };
  const field = await box();
  field.setSelectionRange(2, 2);
  host.drafts.set(3, 'First\n\nNext');
  host.change(3, {});
  await waitFor(() => expect(field.value).toBe('First\n\nNext'));
  expect([field.selectionStart, field.selectionEnd]).toEqual([9, 9]);
  await key(field, 'Enter');
  await part('came-between');
  expect(host.asked('sendReply')).toEqual([]);
  await key(field, 'Enter');
  await waitFor(() => expect(host.asked('sendReply')).toMatchObject([{ text: 'First\n\nNext' }]));
});

test('a thread that is left while its reply is on its way does not get the text back as a draft', async () => {
  const desk = await openWindow(host);
  await openThread(3);
  await focused();
  await type('Sent once');
  const sending = slow('sendReply');
  await key(document.activeElement!, 'Enter');
  await waitFor(() => expect(sending.waits()).toBe(1));
  await press('thread-row', '[data-thread="2"]');
  await type('Other');
  sending.go();
  await waitFor(() => expect(host.drafts.get(2)).toBe('Other'));
  expect(host.drafts.has(3)).toBe(false);
  expect(desk.draft?.text).toBe('Other');
});

test('a draft that could not be saved is still there when its thread is opened again', async () => {
  await openWindow(host);
  const save = host.answers.saveDraft;
  host.answers.saveDraft = () => {
    throw refuse('storage', 'The disk is full.');
  };
  await openThread(3);
  await write('composer-text', 'Kept');
  await openThread(2);
  await waitFor(async () => expect((await box()).value).toBe(''));
  host.answers.saveDraft = save;
  await openThread(3);
  await waitFor(async () => expect((await box()).value).toBe('Kept'));
});

test('what was typed is saved even where the thread was left before it was read', async () => {
  host.drafts.set(3, 'Before');
  await openWindow(host);
  const opening = slow('openThread');
  await press('thread-row', '[data-thread="3"]');
  await type('after');
  await press('thread-row', '[data-thread="2"]');
  opening.go();
  await waitFor(() => expect(host.drafts.get(3)).toBe('Before\nafter'));
});
