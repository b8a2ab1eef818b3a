/** Each kind of trouble has its button, and the button does something. */
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { message, threadView } from '../../test/said';
import { find, openThread, openWindow, part, press, said, waitFor } from '../../test/window';
import type { HelpView, MessageView } from '$lib/contract';
import { words } from '$lib/words';

let host: FakeHost;
const copied = vi.fn(() => Promise.resolve());
beforeEach(() => {
  host = new FakeHost();
  copied.mockClear();
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: copied },
  });
});

async function shows(help: HelpView, acts: MessageView['acts'] = ['sendAgain', 'takeBack']) {
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => {
    const view = await answer(request);
    const refused = message({
      key: 'part:1',
      part: 'part-1',
      mid: null,
      author: 'me',
      text: 'Hello',
      state: 'refused',
      stateWords: { what: 'Meta refused this.', action: 'Do something.' },
      acts,
      help,
    });
    return { ...threadView(view.row, host.storeVersion), ...view, items: [refused] };
  };
  await openWindow(host);
  await openThread(3);
  await part('message');
}

test('take', async () => {
  await shows({ help: 'take' });
  await press('help-take');
  await waitFor(() =>
    expect(host.asked('actOnControl')).toMatchObject([{ thread: 3, act: 'take' }]),
  );
});

test('reconnect', async () => {
  await shows({ help: 'reconnect' });
  await press('help-reconnect');
  await part('reconnect-dialog');
});

test('Meta’s inbox', async () => {
  await shows({ help: 'inbox' });
  await press('help-inbox');
  expect(host.asked('openOutside')).toEqual([{ open: 'inbox', thread: 3 }]);
});

test('a page of Meta’s, to be opened or given to an admin', async () => {
  const address = 'https://www.facebook.com/support';
  await shows({ help: 'metaSettings', address });
  await press('help-settings');
  expect(host.asked('openOutside')).toEqual([{ open: 'address', address }]);
  await press('help-copy-address');
  await waitFor(() => expect(copied).toHaveBeenCalledWith(address));
});

test('the error for whoever runs Baton', async () => {
  await shows({ help: 'tell', text: 'error 1 (trace A)' });
  await press('help-tell');
  await waitFor(() => expect(copied).toHaveBeenCalledWith('error 1 (trace A)'));
});

test('send again, and change: the buttons that are there say it', async () => {
  await shows({ help: 'sendAgain' });
  expect(find('help-again')).toBeNull();
  await press('retry-part');
  expect(host.asked('retryPart')).toEqual([
    { part: 'part-1', seen: { version: 4, wordSeq: 31 }, despiteUnknown: false },
  ]);
});

test('what was refused is put aside, and that can be taken back', async () => {
  await shows({ help: 'tell', text: 'error 1 (trace A)' }, ['sendAgain', 'takeBack', 'putAside']);
  await press('put-aside');
  await waitFor(() => expect(host.asked('putAside')).toEqual([{ part: 'part-1', aside: true }]));
  const acts = [...(await part('toast')).querySelectorAll('button')];
  acts.find((one) => one.textContent?.includes(words.common.undo))!.click();
  await waitFor(() =>
    expect(host.asked('putAside').at(-1)).toEqual({ part: 'part-1', aside: false }),
  );
});

test('what wants to be changed says so on its way back', async () => {
  await shows({ help: 'change' });
  expect(await said('discard-part')).toBe(words.thread.change);
  await press('discard-part');
  expect(host.asked('discardPart')).toEqual([{ part: 'part-1' }]);
});
