/** What was read from Meta itself, because the relay was away, says so, and nothing can be done with it yet. */
import { expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { row } from '../../test/people';
import { message, threadView } from '../../test/said';
import { all, openThread, openWindow, said, waitFor } from '../../test/window';
import { clockTime } from '$lib/format/time';
import { words } from '$lib/words';

const AT = Date.UTC(2026, 10, 20, 9, 14);

function opensWith(fromMetaMs: number | null): FakeHost {
  const host = new FakeHost();
  host.rows = [row({ thread: 1, name: 'Noor' })];
  host.answers.openThread = () => ({
    ...threadView(host.rows[0]!, host.storeVersion),
    items: [
      message({ key: 'a', text: 'Hello?' }),
      message({ key: 'b', text: 'Are you there?', mid: null, place: null, fromMetaMs }),
    ],
    fromMetaMs,
  });
  return host;
}

test('the message and the thread say when it was read', async () => {
  await openWindow(opensWith(AT));
  await openThread(1);
  await waitFor(() => expect(all('message')).toHaveLength(2));
  expect(all('from-meta')).toHaveLength(1);
  expect(await said('from-meta')).toContain(words.thread.fromMeta(clockTime(AT)));
  expect(all('message')[1]!.contains(all('from-meta')[0]!)).toBe(true);
  expect(await said('read-from-meta')).toContain(clockTime(AT));
});

test('with the relay there nothing of it is said', async () => {
  await openWindow(opensWith(null));
  await openThread(1);
  await waitFor(() => expect(all('message')).toHaveLength(2));
  expect(all('from-meta')).toHaveLength(0);
  expect(all('read-from-meta')).toHaveLength(0);
});
