/** Answering a certain message, offering answers, reacting, and what the customer is shown meanwhile. */
import { fireEvent } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost, refuse } from '../../test/fake-host';
import { message, threadView } from '../../test/said';
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
import type { ReactionView, ThreadView } from '$lib/contract';
import { words } from '$lib/words';

let host: FakeHost;
let over: Partial<ThreadView>;
let reactions: ReactionView[];
beforeEach(() => {
  host = new FakeHost();
  over = {};
  reactions = [];
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const items = [
      message({ key: 'a', text: 'Where is my parcel?' }),
      message({ key: 'b', text: 'Number 4412', reactions }),
      message({ key: 'c', text: 'I look.', author: 'me', state: 'sent' }),
    ];
    const mid = host.answering.get(request.thread) ?? null;
    const quoted = items.find((one) => one.item === 'message' && one.message.mid === mid);
    const answering =
      quoted?.item === 'message'
        ? {
            key: quoted.message.key,
            place: null,
            authorName: 'Paula',
            what: 'text' as const,
            text: quoted.message.text,
          }
        : null;
    return { ...threadView(view.row, host.storeVersion), ...view, items, answering, ...over };
  };
});

const messageOf = (which: string) => part('message', `[data-key="${which}"]`);
const hover = async (which: string) => fireEvent.pointerEnter(await messageOf(which));
const alt = (letter: string) =>
  key(document.activeElement ?? document.body, letter, {
    code: `Key${letter.toUpperCase()}`,
    altKey: true,
  });

test('a message is answered from beside it: shown above the composer, kept, and taken away by Esc', async () => {
  await openWindow(host);
  await openThread(3);
  expect(find('message-tools')).toBeNull();
  await hover('a');
  await press('quote-message');
  await waitFor(() => expect(host.asked('answerMessage')).toEqual([{ thread: 3, mid: 'm_a' }]));
  expect(await said('answering')).toContain('Where is my parcel?');
  const box = await part('composer-text');
  await key(box, 'Escape');
  await waitFor(() => expect(host.asked('answerMessage').at(-1)?.mid).toBeNull());
  await waitFor(() => expect(find('answering')).toBeNull());
});

test('by keys: the newest of the customer, then the one before', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('r');
  await waitFor(async () => expect(await said('answering')).toContain('Number 4412'));
  await alt('r');
  await waitFor(async () => expect(await said('answering')).toContain('Where is my parcel?'));
});

test('what a late reply cannot carry is said beside it', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('r');
  await part('answering');
  expect(find('quote-left-out')).toBeNull();
  over = { composer: { ...threadView(host.rows[2]!, 1).composer, verdict: 'humanAgent' } };
  host.change(3, {});
  expect(await said('quote-left-out')).toContain('24 hours');
});

test('the reply waits until the host has what stands around it', async () => {
  let done: (() => void) | null = null;
  host.answers.answerMessage = () => new Promise((resolve) => (done = () => resolve(null)));
  await openWindow(host);
  await openThread(3);
  await alt('r');
  await write('composer-text', 'Tomorrow.');
  await press('send');
  await vi.waitFor(() => expect(done).not.toBeNull());
  expect(host.asked('sendReply')).toEqual([]);
  done!();
  await waitFor(() => expect(host.asked('sendReply').length).toBe(1));
});

test('answers to one tap are written, limited and removed', async () => {
  over = { offerLimit: { most: 2, chars: 20 } };
  await openWindow(host);
  await openThread(3);
  await alt('q');
  const field = (await part('offer-text')) as HTMLInputElement;
  expect(field.maxLength).toBe(20);
  expect(await said('offer-count')).toBe('0 of 2 quick replies');
  for (const title of ['Yes', 'No']) {
    await fireEvent.input(field, { target: { value: title } });
    await key(field, 'Enter');
    await waitFor(() =>
      expect(all('offer-title').some((one) => one.textContent?.includes(title))).toBe(true),
    );
  }
  expect(host.asked('offerAnswers').at(-1)).toEqual({ thread: 3, titles: ['Yes', 'No'] });
  expect(field.disabled).toBe(true);
  expect(await said('offering')).toContain(words.gestures.full(2));
  expect(await said('offer-count')).toBe('2 of 2 quick replies');
  all('offer-title')[0]!.querySelector('button')!.click();
  await waitFor(() => expect(host.asked('offerAnswers').at(-1)?.titles).toEqual(['No']));
});

test('who empties a reply that came back gives up its quote and its buttons too', async () => {
  const { composer } = threadView(host.rows[2]!, 1);
  const draftWords = { what: 'It did not leave.', action: '' };
  over = { composer: { ...composer, draft: 'Tomorrow.', draftWords }, offering: ['Yes'] };
  host.answering.set(3, 'm_a');
  await openWindow(host);
  await openThread(3);
  await part('answering');
  await write('composer-text', '');
  await waitFor(() => expect(host.asked('answerMessage')).toEqual([{ thread: 3, mid: null }]));
  await waitFor(() => expect(host.asked('offerAnswers')).toEqual([{ thread: 3, titles: [] }]));
});

test('who takes a letter back keeps the quote that was chosen for the reply', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('r');
  await part('answering');
  await write('composer-text', 'H');
  await write('composer-text', '');
  await part('answering');
  expect(host.asked('answerMessage').every(({ mid }) => mid !== null)).toBe(true);
});

test('an Enter inside an input method adds no answer', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('q');
  const field = await part('offer-text');
  await fireEvent.input(field, { target: { value: 'はい' } });
  await key(field, 'Enter', { isComposing: true });
  await key(field, 'Enter', { keyCode: 229 });
  expect(host.asked('offerAnswers')).toEqual([]);
});

test('a reaction shows at once as on its way, then as it is', async () => {
  let done: (() => void) | null = null;
  host.answers.react = () => new Promise((resolve) => (done = () => resolve(null)));
  await openWindow(host);
  await openThread(3);
  await hover('b');
  await press('react');
  await press('reaction', '[data-emoji="👍"]');
  const shown = await part('shown-reaction');
  expect(shown.classList.contains('pending')).toBe(true);
  expect(host.asked('react')).toEqual([{ thread: 3, mid: 'm_b', emoji: '👍' }]);
  reactions = [{ emoji: '👍', byCustomer: false, pending: false }];
  done!();
  await waitFor(() => expect(find('shown-reaction')?.classList.contains('pending')).toBe(false));
  // The same once more takes it away.
  await hover('b');
  await press('react');
  await press('reaction', '[data-emoji="👍"]');
  expect(host.asked('react').at(-1)?.emoji).toBeNull();
});

test('a refused reaction goes, and says why', async () => {
  host.answers.react = () => {
    throw refuse('failed', 'The app lacks a right for this account.', 'Ask an admin.');
  };
  await openWindow(host);
  await openThread(3);
  await alt('l');
  await press('reaction', '[data-emoji="❤️"]');
  await waitFor(() => expect(find('toast')?.textContent).toContain('lacks a right'));
  await waitFor(() => expect(find('shown-reaction')).toBeNull());
});

test('by keys reactions are walked through and left; where there is one it is set', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('l');
  await part('reactions');
  await waitFor(() => expect(document.activeElement?.getAttribute('data-emoji')).toBe('❤️'));
  await key(document.activeElement!, 'ArrowRight');
  expect(document.activeElement?.getAttribute('data-emoji')).toBe('😆');
  await key(document.activeElement!, 'Escape');
  await waitFor(() => expect(find('reactions')).toBeNull());
  over = { reactions: ['❤️'] };
  host.change(3, {});
  await waitFor(async () => {
    await alt('l');
    expect(host.asked('react').at(-1)).toEqual({ thread: 3, mid: 'm_b', emoji: '❤️' });
  });
});

test('nothing of ours and nothing taken back can be reacted to', async () => {
  await openWindow(host);
  await openThread(3);
  await hover('c');
  await part('quote-message');
  expect(find('react')).toBeNull();
});

test('typing is told while somebody writes and a reply could leave, and ends with the text', async () => {
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'H');
  await write('composer-text', 'He');
  expect(host.asked('showTyping')).toEqual([{ thread: 3, typing: true }]);
  await write('composer-text', '');
  expect(host.asked('showTyping').at(-1)).toEqual({ thread: 3, typing: false });
});

test.each(['blocked', 'takeAndSend'] as const)('nothing is told where %s', async (send) => {
  over = { composer: { ...threadView(host.rows[2]!, 1).composer, send } };
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'H');
  expect(host.asked('showTyping')).toEqual([]);
});

test('nothing is told when the setting says so', async () => {
  host.settings.set('showTyping', 'false');
  await openWindow(host);
  await openThread(3);
  await write('composer-text', 'H');
  expect(host.asked('showTyping')).toEqual([]);
});

// With a reply the host does it once that left: until then it can be taken back.
test.each([
  ['onReply', 0],
  ['onOpen', 1],
  ['byHand', 0],
] as const)('seen %s: never by the press of a reply', async (setting, opened) => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  host.settings.set('markSeen', JSON.stringify(setting));
  await openWindow(host);
  await openThread(3);
  await waitFor(() => expect(host.asked('mark').length).toBe(1));
  expect(host.asked('markSeen').length).toBe(opened);
  await write('composer-text', 'Tomorrow.');
  await press('send');
  await waitFor(() => expect(host.asked('sendReply').length).toBe(1));
  await waitFor(() => expect((find('composer-text') as HTMLTextAreaElement).value).toBe(''));
  expect(host.asked('markSeen').length).toBe(opened);
  expect(host.asked('markSeen').every(({ byHand }) => !byHand)).toBe(true);
});

test('seen by hand is done at once and told', async () => {
  await openWindow(host);
  await openThread(3);
  await alt('s');
  await waitFor(() => expect(host.asked('markSeen')).toEqual([{ thread: 3, byHand: true }]));
  await part('toast');
});
