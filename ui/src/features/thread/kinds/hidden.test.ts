/** What Meta does not give away: where it is offered to be seen is where the words say that it can be seen. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../../test/fake-host';
import { message, threadView } from '../../../test/said';
import { openThread, openWindow, part } from '../../../test/window';
import type { HiddenWhy } from '$lib/contract';
import { words } from '$lib/words';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

test.each<[HiddenWhy, boolean]>([
  ['disappearing', false],
  ['empty', true],
  ['unknown', true],
])('%s: Meta’s inbox is offered: %s', async (why, offered) => {
  host.answers.openThread = ({ thread }) => {
    const row = host.rows.find((one) => one.thread === thread)!;
    const said = message({ key: 'h', text: '', attachments: [{ is: 'hidden', why, title: '' }] });
    return { ...threadView(row, host.storeVersion), items: [said] };
  };
  await openWindow(host);
  await openThread(3);
  const tile = await part('hidden');
  expect(tile.textContent).toContain(words.kinds.hidden[why].then);
  expect(tile.textContent?.includes(words.kinds.openInbox)).toBe(offered);
});
