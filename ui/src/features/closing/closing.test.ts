/** Closing the window while replies have not left is asked about. */
import { beforeEach, expect, test } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { find, openWindow, press, said, waitFor } from '../../test/window';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

const reply = (held: boolean) => ({
  thread: 3,
  name: 'Paula Ott',
  text: 'It is on its way.',
  held,
});

test('it says what becomes of each, and goes only when it is told so', async () => {
  host.answers.notLeft = () => [reply(true), reply(false)];
  await openWindow(host);
  host.tell({ notice: 'closing' });
  const asked = await said('closing-dialog');
  expect(asked).toContain('2 replies have not left yet');
  expect(asked).toContain('it becomes a draft');
  expect(asked).toContain('when Baton is opened again');
  await press('closing-stay');
  await waitFor(() => expect(find('closing-dialog')).toBeNull());
  expect(host.asked('quit')).toEqual([]);

  host.tell({ notice: 'closing' });
  await said('closing-dialog');
  await press('closing-quit');
  await waitFor(() => expect(host.asked('quit')).toHaveLength(1));
});

test('what leaves while it asks is no longer told of', async () => {
  host.answers.notLeft = () => [reply(true)];
  await openWindow(host);
  host.tell({ notice: 'closing' });
  expect(await said('closing-dialog')).toContain('One reply has not left yet');
  host.answers.notLeft = () => [];
  host.tell({ notice: 'threads', threads: [3], storeVersion: 2 });
  await waitFor(() =>
    expect(find('closing-dialog')?.textContent).toContain('Every reply has left now'),
  );
});

test('when everything has left meanwhile it closes', async () => {
  await openWindow(host);
  host.tell({ notice: 'closing' });
  await waitFor(() => expect(host.asked('quit')).toHaveLength(1));
  expect(find('closing-dialog')).toBeNull();
});
