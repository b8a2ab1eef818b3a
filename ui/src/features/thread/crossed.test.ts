/** A reply that crossed somebody's word on its way says whose, below it and nowhere else. */
import { expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { row } from '../../test/people';
import { message, threadView } from '../../test/said';
import { all, openThread, openWindow, said, waitFor } from '../../test/window';
import type { CrossedView } from '$lib/contract';
import { words } from '$lib/words';

const mine = { author: 'me', authorName: 'Ines', state: 'sent' } as const;

test.each<[CrossedView, string]>([
  [{ by: 'customer', name: 'Noor' }, 'Noor'],
  [{ by: 'colleague', name: 'Ada' }, 'Ada'],
])('%o', async (crossed, name) => {
  const host = new FakeHost();
  host.rows = [row({ thread: 1, name: 'Noor' })];
  host.answers.openThread = () => ({
    ...threadView(host.rows[0]!, host.storeVersion),
    items: [
      message({ key: 'a', text: 'It leaves today.', ...mine, crossed }),
      message({ key: 'b', text: 'And when?' }),
      message({ key: 'c', text: 'At five.', ...mine }),
    ],
  });
  await openWindow(host);
  await openThread(1);
  await waitFor(() => expect(all('message')).toHaveLength(3));
  expect(all('crossed')).toHaveLength(1);
  expect(await said('crossed')).toContain(name);
  expect(all('message')[0]!.contains(all('crossed')[0]!)).toBe(true);
});

test('who it was is told as it was', () => {
  const says = words.thread.crossed;
  expect(says({ by: 'customer', name: 'Noor' })).toMatch(/Noor.* wrote while this was on its way/);
  expect(says({ by: 'colleague', name: 'Ada' })).toMatch(/Ada.* answered while/);
  expect(says({ by: 'inbox', name: 'Page Inbox' })).toMatch(
    /^Somebody answered in the .*Page Inbox/,
  );
  expect(says({ by: 'app', name: '' })).toMatch(/^Somebody answered/);
});
