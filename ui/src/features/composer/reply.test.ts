/** An agent answers, through the page. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { HOUR, NOW, row } from '../../test/people';
import { composer, message, threadView } from '../../test/said';
import {
  all,
  find,
  key,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';
import type { ComposerState, Item } from '$lib/contract';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const box = async () => (await part('composer-text')) as HTMLTextAreaElement;

function openWith(over: Partial<ComposerState>, items?: Item[]) {
  host.answers.openThread = ({ thread }) => {
    const one = host.rows.find((row) => row.thread === thread)!;
    const view = threadView(one, host.storeVersion);
    return { ...view, items: items ?? view.items, composer: composer(over) };
  };
}

test('the composer has the focus, Enter sends, and the text goes once the host has it', async () => {
  let answered: (() => void) | undefined;
  host.answers.sendReply = () =>
    new Promise(
      (resolve) =>
        (answered = () =>
          resolve({ reply: 'r', keys: ['k'], parts: ['p'], items: [], storeVersion: 0 })),
    );
  await openWindow(host);
  await openThread(3);
  await waitFor(async () => expect(document.activeElement).toBe(await box()));
  await write('composer-text', 'A new mug is on its way.');
  await key(await box(), 'Enter');
  await waitFor(() => expect(host.asked('sendReply')).toHaveLength(1));
  expect((await box()).value).toBe('A new mug is on its way.');
  answered?.();
  await waitFor(async () => expect((await box()).value).toBe(''));
  expect(host.asked('sendReply')[0]).toMatchObject({
    thread: 3,
    text: 'A new mug is on its way.',
    seen: { version: 4, wordSeq: 31 },
    verdict: 'plain',
    takeFirst: false,
    despiteUnknown: false,
    thenDone: false,
  });
});

test('a reply can be taken back for some seconds, by its button and by Ctrl+Z', async () => {
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'It is on its way.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ holdMs: 5_000 }));
  expect(await said('toast')).toContain('Paula');
  await key(document.body, 'z', { ctrlKey: true });
  await waitFor(() => expect(host.asked('discardPart')).toEqual([{ part: 'part-1' }]));
  expect(find('toast')).toBeNull();
  await key(document.body, 'z', { ctrlKey: true });
  expect(host.asked('discardPart')).toHaveLength(1);
});

test('Ctrl+Z in the composer takes a reply back while nothing was typed since, and else is about the text', async () => {
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'It is on its way.');
  await press('send');
  await waitFor(async () => expect((await box()).value).toBe(''));
  await write('composer-text', 'And');
  await key(await box(), 'z', { ctrlKey: true });
  expect(host.asked('discardPart')).toEqual([]);
  await write('composer-text', '');
  await key(await box(), 'z', { ctrlKey: true });
  await waitFor(() => expect(host.asked('discardPart')).toEqual([{ part: 'part-1' }]));
});

test('with the setting off a reply leaves at once', async () => {
  host.settings.set('undoSend', 'false');
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'It is on its way.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ holdMs: 0 }));
  expect(find('toast')).toBeNull();
});

test('when sending fails the text stays, with the words in place', async () => {
  host.answers.sendReply = () => {
    throw refuse('threadChanged', 'Paula wrote again before this left.', 'Read it, then send.');
  };
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'A new mug is on its way.');
  await press('send');
  expect(await said('send-error')).toMatch(/Something new arrived.*Paula wrote again.*Read it/);
  expect((await box()).value).toBe('A new mug is on its way.');
});

test('Enter inside an input method sends nothing', async () => {
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'こんにちは');
  await key(await box(), 'Enter', { isComposing: true });
  await key(await box(), 'Enter', { keyCode: 229 });
  expect(host.asked('sendReply')).toEqual([]);
});

test('send and next goes to the thread that still waits longest', async () => {
  const desk = await openWindow(host);
  await openThread(2);
  await write('composer-text', 'It is back.');
  await key(await box(), 'Enter', { ctrlKey: true });
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  expect(host.asked('listThreads').at(-1)).toMatchObject({ view: 'mine', sort: 'needsReply' });
});

/** Answers the open thread, and waits until another one is open, or until it is said that none waits. */
async function sendAndNext(text: string) {
  await write('composer-text', text);
  await key(await box(), 'Enter', { ctrlKey: true });
}

test('send and next never goes to a thread that was just answered, however far its reply is', async () => {
  const desk = await openWindow(host);
  await openThread(1);
  await sendAndNext('One');
  await waitFor(() => expect(desk.open?.thread).toBe(2));
  // The first reply is queued, then with Meta and not yet heard of again: the row says that it needs a reply all along.
  host.change(1, { outgoing: 'queued' });
  await sendAndNext('Two');
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  host.change(1, { outgoing: null });
  await sendAndNext('Three');
  await waitFor(() =>
    expect(
      all('toast')
        .map((one) => one.textContent)
        .join(),
    ).toContain('Nobody else waits'),
  );
  expect(desk.open?.thread).toBe(3);
});

test.each([
  ['the customer wrote again after the answer', { waitingSinceMs: NOW }],
  ['the reply came back', { draft: 'One' }],
] as const)('an answered thread waits again when %s', async (_, over) => {
  const desk = await openWindow(host);
  await openThread(1);
  await sendAndNext('One');
  await waitFor(() => expect(desk.open?.thread).toBe(2));
  host.change(1, over);
  await sendAndNext('Two');
  await waitFor(() => expect(desk.open?.thread).toBe(1));
});

test('a thread whose reply Meta refused waits again, after all that can be answered', async () => {
  host.rows = host.rows.filter(({ thread }) => thread <= 3);
  const desk = await openWindow(host);
  await openThread(1);
  await sendAndNext('One');
  await waitFor(() => expect(desk.open?.thread).toBe(2));
  host.change(1, { outgoing: 'refused' });
  await sendAndNext('Two');
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  await sendAndNext('Three');
  await waitFor(() => expect(desk.open?.thread).toBe(1));
});

test('when none of mine waits, send and next claims from the queue, and passes over whom a colleague was faster to claim', async () => {
  const waits = { needsReply: true, waitingSinceMs: NOW - HOUR };
  const free = { ...waits, mine: false, assignee: null };
  host.rows = [
    row({ thread: 1, name: 'Mine', ...waits, mine: true }),
    row({ thread: 2, name: 'Lost', ...free, waitingSinceMs: NOW - 3 * HOUR }),
    row({ thread: 3, name: 'Free', ...free }),
  ];
  host.answers.assign = ({ thread }) => {
    if (thread === 2) throw refuse('threadChanged', 'Jonas has it now.', '');
    return null;
  };
  const desk = await openWindow(host);
  await openThread(1);
  await sendAndNext('One');
  await waitFor(() => expect(desk.open?.thread).toBe(3));
  expect(host.asked('assign').map(({ thread }) => thread)).toEqual([2, 3]);
  expect(desk.list.view).toBe('mine');
});

test('what sends says all of it, however little room there is', async () => {
  await openWindow(host);
  await openThread(1);
  expect(await said('send-next')).toBe('Send and next');
  expect(await said('send-done')).toBe('Send and done');
  expect(await said('write-note')).toBe('Note');
});

test('of all threads, send and next leaves those of colleagues alone', async () => {
  host.rows = host.rows.map((one) =>
    one.thread === 1 ? { ...one, mine: false, assignee: 'Jonas' } : one,
  );
  const desk = await openWindow(host);
  await press('view-all');
  await part('thread-row', '[data-thread="9"]');
  await openThread(2);
  await sendAndNext('It is back.');
  await waitFor(() => expect(desk.open?.thread).toBe(3));
});

test('send and done leaves it to the desk to set the thread done, and goes on', async () => {
  const desk = await openWindow(host);
  await openThread(2);
  await write('composer-text', 'It is back.');
  await key(await box(), 'Enter', { ctrlKey: true, shiftKey: true });
  await waitFor(() => expect(desk.open?.thread).toBe(1));
  expect(host.asked('sendReply')[0]).toMatchObject({ thread: 2, thenDone: true });
  expect(host.asked('setStatus')).toEqual([]);
});

test('where another app answers the button says that it takes the thread', async () => {
  openWith({ send: 'takeAndSend', words: { what: 'Teabot is answering here.', action: '' } });
  await openWindow(host);
  await openThread(3);
  expect(await said('send')).toBe('Take and send');
  expect(await said('composer-words')).toBe('Teabot is answering here.');
  await write('composer-text', 'Hello');
  await press('send', '[data-mode="takeAndSend"]');
  await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ takeFirst: true }));
});

test('a late reply says so, and leaves as one', async () => {
  openWith({ verdict: 'humanAgent' });
  await openWindow(host);
  await openThread(3);
  expect(await said('composer-policy', '[data-verdict="human-agent"]')).toMatch(
    /^Late reply, .* left\./,
  );
  await write('composer-text', 'Sorry for the wait.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ verdict: 'humanAgent' }));
});

test('when nothing may leave it says why, and Enter sends nothing', async () => {
  const words = { what: 'The customer last wrote 8 days ago.', action: 'Wait for the customer.' };
  openWith({ verdict: 'refused', send: 'blocked', words });
  await openWindow(host);
  await openThread(3);
  expect(await said('composer-words')).toBe(
    'The customer last wrote 8 days ago. Wait for the customer.',
  );
  await write('composer-text', 'Hello');
  await key(await box(), 'Enter');
  expect((await part('send')).hasAttribute('disabled')).toBe(true);
  expect(host.asked('sendReply')).toEqual([]);
});

test('the count shows near the limit, in its unit, and too much cannot be sent', async () => {
  openWith({ limit: { max: 10, unit: 'bytes' } });
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'ééé');
  expect(find('composer')?.textContent).not.toContain('/ 10');
  await write('composer-text', 'éééé');
  expect(find('composer')?.textContent).toContain('8 / 10');
  await write('composer-text', 'éééééé');
  expect(find('composer')?.textContent).toContain('2 too long');
  await key(await box(), 'Enter');
  expect(host.asked('sendReply')).toEqual([]);
});

/** Jonas sent it from his desk, and nobody knows whether it arrived. */
const unknownOfJonas = message({
  key: 'x',
  author: 'colleague',
  authorName: 'Jonas',
  part: 'part-9',
  elsewhere: true,
  acts: ['giveUp'],
  state: 'unknown',
  text: 'Hi',
});

test('over a colleague’s reply of unknown end the agent is asked first', async () => {
  openWith({}, [unknownOfJonas]);
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'Hello');
  await press('send');
  expect(await said('despite-unknown')).toContain('Jonas’s reply arrived');
  expect(host.asked('sendReply')).toEqual([]);
  await press('send');
  await waitFor(() => expect(host.asked('sendReply')[0]).toMatchObject({ despiteUnknown: true }));
});

test('past a colleague’s reply of unknown end one’s own is sent again only by who was told', async () => {
  const refused = message({
    key: 'r',
    author: 'me',
    mid: null,
    part: 'part-3',
    state: 'refused',
    stateWords: { what: 'Meta refused this.', action: '' },
    acts: ['sendAgain', 'takeBack'],
  });
  openWith({}, [unknownOfJonas, refused]);
  await openWindow(host);
  await openThread(3);
  await press('retry-part');
  expect(await said('part-despite')).toContain('Jonas’s reply arrived');
  expect(host.asked('retryPart')).toEqual([]);
  await press('retry-part');
  await waitFor(() =>
    expect(host.asked('retryPart')).toMatchObject([{ part: 'part-3', despiteUnknown: true }]),
  );
  expect(find('part-despite')).toBeNull();
});

test('a reply of unknown end from another desk can be given up, and not sent again', async () => {
  openWith({}, [unknownOfJonas]);
  await openWindow(host);
  await openThread(3);
  await part('message', '[data-key="x"]');
  expect(find('retry-part')).toBeNull();
  expect(find('discard-part')?.textContent).toContain('Give up');
  await press('discard-part');
  await waitFor(() => expect(host.asked('discardPart')).toEqual([{ part: 'part-9' }]));
});

test('a draft stays with its thread', async () => {
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'Half a thought');
  await openThread(2);
  await waitFor(async () => expect((await box()).value).toBe(''));
  await openThread(3);
  await waitFor(async () => expect((await box()).value).toBe('Half a thought'));
});

test('a refused part can be sent again or discarded', async () => {
  await openWindow(host);
  await press('view-all');
  await part('thread-row', '[data-thread="9"]');
  await openThread(9);
  const refused = all('message').find((one) => one.dataset['state'] === 'refused')!;
  expect(refused.textContent).toContain('another app holds the thread');
  (refused.querySelector('[data-test="retry-part"]') as HTMLElement).click();
  (refused.querySelector('[data-test="discard-part"]') as HTMLElement).click();
  await waitFor(() => expect(host.asked('discardPart')).toEqual([{ part: 'part-2' }]));
  expect(host.asked('retryPart')).toEqual([
    { part: 'part-2', seen: { version: 4, wordSeq: 31 }, despiteUnknown: false },
  ]);
});

test('that a reply was taken back is told calmly, and only while its text is there', async () => {
  const taken = { what: 'You took this reply back before it left.', action: '' };
  openWith({ draft: 'A new mug', draftWords: taken });
  await openWindow(host);
  await openThread(3);
  const told = await part('draft-words');
  expect(told.querySelector('[data-test="notice"]')?.className).toContain('info');
  await write('composer-text', '');
  await waitFor(() => expect(find('draft-words')).toBeNull());
});
