/** What is slow, failed or empty is drawn, with words and with a way on. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost, refuse } from '../test/fake-host';
import { find, openWindow, part, press, said, waitFor } from '../test/window';
import { words } from '$lib/words';

const never = () => new Promise<never>(() => {});
const failing = () => {
  throw refuse('storage', 'The file of this desk could not be read.', 'Make room on the disk.');
};

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const reading = (inside: Element | null) => inside?.querySelector('[role=status]');

test('a list, a thread and diagnostics that take long say that they are being read', async () => {
  host.answers.listThreads = never;
  host.answers.openThread = never;
  host.answers.diagnostics = never;
  const desk = await openWindow(host);
  await waitFor(() => expect(reading(find('thread-list'))).not.toBeNull());
  desk.openThread(3);
  await waitFor(() => expect(reading(find('thread'))).not.toBeNull());
  await press('settings');
  await press('tab-diagnostics');
  await waitFor(() => expect(find('settings-dialog')?.textContent).toContain(words.common.loading));
});

test('a thread that cannot be read says why, and can be tried again', async () => {
  const openThread = host.answers.openThread;
  host.answers.openThread = failing;
  const desk = await openWindow(host);
  desk.openThread(3);
  await waitFor(() => expect(find('thread')?.textContent).toContain('Make room on the disk.'));
  expect(find('thread')?.querySelector('h1')).not.toBeNull();
  host.answers.openThread = openThread;
  [...find('thread')!.querySelectorAll('button')]
    .find((one) => one.textContent === words.common.tryAgain)!
    .click();
  await part('composer');
});

test('a desk that cannot say what it is can be asked again', async () => {
  const session = host.answers.session;
  host.answers.session = failing;
  // Nothing but the notice is drawn.
  const opening = openWindow(host);
  expect(await said('notice')).toContain('could not be read');
  host.answers.session = session;
  document.querySelector<HTMLElement>('main button')!.click();
  await opening;
  await part('thread-list');
});
