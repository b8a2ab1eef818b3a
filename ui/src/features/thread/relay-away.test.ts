/** A reply that is kept back says the truth where the relay is known to be away. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { kite, northwind, session } from '../../test/people';
import { message, status } from '../../test/said';
import {
  all,
  find,
  openThread,
  openWindow,
  part,
  press,
  said,
  waitFor,
  write,
} from '../../test/window';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  const answer = host.answers.openThread;
  host.answers.openThread = async (request) => ({
    ...(await answer(request)),
    items: [
      message({
        key: 'a',
        text: 'Tomorrow.',
        author: 'me',
        state: 'held',
        part: 'part-1',
        acts: ['takeBack', 'sendNow'],
      }),
    ],
  });
});

const away = () => {
  const { relay } = status();
  host.answers.status = () => status({ relay: { ...relay, health: 'bad' } });
};
const says = async () => (await part('message', '[data-state="held"]')).textContent;

test('it waits, and is not said to leave in a moment', async () => {
  away();
  await openWindow(host);
  await openThread(3);
  await waitFor(async () => expect(await says()).toContain('waiting to leave'));
  // What cannot be done is not offered; when it goes is said.
  expect(find('send-part-now')).toBeNull();
  expect(await said('leaves-with-relay')).toContain('once the relay answers');
  await part('discard-part');
  await write('composer-text', 'And this.');
  await press('send');
  await waitFor(() =>
    expect(all('toast').some((one) => one.textContent?.includes('The relay is away'))).toBe(true),
  );
  expect(all('toast').some((one) => one.textContent?.includes('Send now'))).toBe(false);
});

test('with the relay there it leaves in a moment', async () => {
  await openWindow(host);
  await openThread(3);
  expect(await says()).toContain('leaving in a moment');
  await part('send-part-now');
  expect(find('leaves-with-relay')).toBeNull();
});

test('where replies leave unchecked it leaves in a moment too', async () => {
  away();
  const accounts = [northwind, kite].map((one) => ({ ...one, sendsUnchecked: true }));
  host.answers.session = () => session({ accounts });
  await openWindow(host);
  await openThread(3);
  expect(await says()).toContain('leaving in a moment');
});
