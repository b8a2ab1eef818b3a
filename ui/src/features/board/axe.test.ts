/** axe finds nothing on the board, in none of its states. */
import axe from 'axe-core';
import { fireEvent, render } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../../app/App.svelte';
import { Desk } from '../../app/desk.svelte';
import { northwind, session } from '../../test/people';
import { FakeHost } from '../../test/fake-host';
import { find, key, openWindow, part, press, waitFor } from '../../test/window';

let host: FakeHost;
const widthBefore = window.innerWidth;

beforeEach(() => {
  host = new FakeHost();
  window.innerWidth = 1_400;
});
afterEach(() => {
  window.innerWidth = widthBefore;
});

async function board(): Promise<void> {
  await openWindow(host);
  await press('open-board');
  await part('board-card');
  await waitFor(() => expect(find('board-agent')).not.toBeNull());
}

const states: Record<string, () => Promise<unknown>> = {
  'the board': board,
  'a column of an agent who is full': async () => {
    host.limit = 2;
    await board();
    await press('board-agent', '[data-agent="a-ines"]');
    await part('board-column', '[data-column="a-ines"]');
  },
  'a thread beside it': async () => {
    await board();
    await press('board-card', '[data-thread="2"]');
    await part('composer');
  },
  'what is picked': async () => {
    await board();
    await fireEvent.click(find('board-card')!, { ctrlKey: true });
  },
  'whom to give to': async () => {
    await board();
    find('board-card')!.focus();
    await key(find('board-card')!, 'a');
    await part('board-give-to');
  },
  'whoever is full': async () => {
    host.limit = 1;
    await board();
    find('board-card')!.focus();
    await key(find('board-card')!, 'a');
    await press('board-give-to', '[data-key="a-jonas"]');
    await part('board-full-says');
  },
  'nothing on it': async () => {
    host.rows = [];
    await openWindow(host);
    await press('open-board');
    await part('column-empty');
  },
  'what could not be read': async () => {
    host.answers.board = () => {
      throw { code: 'storage', message: 'The file is damaged.', action: '', retryable: true };
    };
    await openWindow(host);
    await press('open-board');
    await part('notice');
  },
  'its own window, of somebody who is no supervisor': async () => {
    host.answers.session = () => session({ accounts: [{ ...northwind, role: 'agent' }] });
    const desk = new Desk(host, true);
    await desk.settings.read();
    render(App, { desk });
    await part('board-not-for-you');
  },
};

test.each(Object.entries(states))('in %s', async (_, go) => {
  await go();
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
});
