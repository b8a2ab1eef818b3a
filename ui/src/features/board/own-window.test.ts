/** The board in a window of its own: it shows nothing else, and takes nothing from the inbox's window. */
import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import App from '../../app/App.svelte';
import { Desk } from '../../app/desk.svelte';
import { words } from '$lib/words';
import { FakeHost } from '../../test/fake-host';
import { find, key, part, press, said, waitFor } from '../../test/window';

async function ownWindow(): Promise<{ host: FakeHost; desk: Desk }> {
  const host = new FakeHost();
  const desk = new Desk(host, true);
  await desk.settings.read();
  render(App, { desk });
  await part('board-card');
  return { host, desk };
}

test('it shows the board and no rail, and what it has not is said', async () => {
  await ownWindow();
  expect(find('settings')).toBeNull();
  expect(find('board-leave')).toBeNull();
  await key(document.body, '1', { code: 'Digit1', ctrlKey: true });
  expect(await said('toast')).toContain(words.board.notInWindow);
  expect(find('board')).not.toBeNull();
});

test('what it shows is said in its own words, so that it takes nothing back from the inbox', async () => {
  const { host } = await ownWindow();
  await press('board-card', '[data-thread="2"]');
  await part('thread', '[data-thread="2"]');
  await waitFor(() => expect(host.asked('showsOnBoard').at(-1)).toMatchObject({ thread: 2 }));
  expect(host.asked('shows')).toEqual([]);
  expect(host.asked('lookAt')).toEqual([]);
});

test('what is to be heard or answered once is left to the inbox', async () => {
  const { host, desk } = await ownWindow();
  host.tell({ notice: 'closing' });
  host.tell({ notice: 'go', thread: 3 });
  host.tell({ notice: 'alert', kind: null, title: 'T', body: 'B', thread: null });
  await Promise.resolve();
  expect(host.asked('notLeft')).toEqual([]);
  expect(desk.open).toBeNull();
  expect(find('toast')).toBeNull();
});

test('its columns are its own choice', async () => {
  const { host } = await ownWindow();
  await press('board-agent', '[data-agent="a-jonas"]');
  await waitFor(() =>
    expect(host.settings.get('ownBoardColumns')).toBe('["queue","all","a-jonas"]'),
  );
  expect(host.settings.has('boardColumns')).toBe(false);
});
