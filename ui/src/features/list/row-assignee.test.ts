/** Whose a row is, where rows of several stand together. */
import { expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { row } from '../../test/people';
import { all, openWindow, part, press, waitFor } from '../../test/window';

test('in all, rows of mine, a colleague’s and nobody’s are told apart, for screen readers too', async () => {
  const host = new FakeHost();
  host.rows = [
    row({ thread: 1, name: 'Mara Lindt' }),
    row({ thread: 2, name: 'Paula Rentsch', mine: false, assignee: 'Ada Okoro' }),
    row({ thread: 3, name: 'Tomasz Wilk', mine: false, assignee: null }),
  ];
  await openWindow(host);
  await part('thread-row');
  expect(all('row-assignee')).toEqual([]);
  await press('view-all');
  await waitFor(() => expect(all('row-assignee')).toHaveLength(3));
  const of = async (thread: number) =>
    (await part('thread-row', `[data-thread="${thread}"]`)).querySelector<HTMLElement>(
      '[data-test="row-assignee"]',
    )!;
  for (const [thread, says, title] of [
    [1, 'You', 'You work on this thread'],
    [2, 'Ada Okoro', 'Ada Okoro works on this thread'],
    [3, 'Nobody', 'Nobody works on this thread yet'],
  ] as const) {
    const mark = await of(thread);
    expect(mark.querySelector('bdi')?.textContent).toBe(says);
    expect(mark.title).toBe(title);
    expect(mark.querySelector('.unseen')?.textContent).toBe(title);
  }
  await press('view-unassigned');
  await waitFor(() => expect(all('thread-row')).toHaveLength(1));
  expect(all('row-assignee')).toEqual([]);
});
