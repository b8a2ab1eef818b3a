/** What is said where a view is empty. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { kite } from '../../test/people';
import { openWindow, part, said, waitFor } from '../../test/window';

let host: FakeHost;
beforeEach(() => (host = new FakeHost()));

test('where only one account is shown it says that this is why, and not that there is nothing at all', async () => {
  host.rows = host.rows.filter((row) => row.account !== kite.id);
  const desk = await openWindow(host);
  await part('thread-row');
  desk.list.only(kite.id);
  expect(await said('list-empty')).toMatch(/Nothing here with this filter.*Kite & Co/);
  desk.list.show('done');
  await waitFor(async () => expect(await said('list-empty')).toContain('with this filter'));
});

test('where every account is shown it says what would be there', async () => {
  host.rows = [];
  const desk = await openWindow(host);
  desk.list.show('done');
  await waitFor(async () => expect(await said('list-empty')).toContain('Nothing is done yet'));
});
