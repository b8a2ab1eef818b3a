/** Messages that Meta does not give are one calm line where they were said. */
import { expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { NOW, row } from '../../test/people';
import { message, threadView } from '../../test/said';
import { all, openThread, openWindow, said, waitFor } from '../../test/window';
import { words } from '$lib/words';

test.each([1, 12])('%i of them', async (count) => {
  const host = new FakeHost();
  host.rows = [row({ thread: 1, name: 'Noor' })];
  host.answers.openThread = () => ({
    ...threadView(host.rows[0]!, host.storeVersion),
    items: [
      message({ key: 'a', text: 'When does it leave?' }),
      { item: 'gap', key: 'gap:m_1', atMs: NOW, count },
      message({ key: 'b', text: 'Thank you.' }),
    ],
  });
  await openWindow(host);
  await openThread(1);
  await waitFor(() => expect(all('message')).toHaveLength(2));
  expect(all('gap-line')).toHaveLength(1);
  expect(await said('gap-line')).toContain(words.thread.notGiven(count));
  expect(words.thread.notGiven(count)).toContain(String(count));
});
