/** Settings of one desk in two windows: what is chosen in one shows in the other. */
import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import App from './App.svelte';
import { Desk } from './desk.svelte';
import { Settings } from './settings.svelte';
import { FakeHost } from '../test/fake-host';
import { part, waitFor } from '../test/window';

const theme = () => document.documentElement.dataset['theme'];

test('a theme that is chosen in one window is worn by the board’s own at once', async () => {
  const host = new FakeHost();
  const board = new Desk(host, true);
  await board.settings.read();
  render(App, { desk: board });
  await part('board');
  const inbox = new Settings(host);
  await inbox.read();
  for (const chosen of ['dark', 'light'] as const) {
    inbox.set('theme', chosen);
    host.tell({ notice: 'settings', name: 'theme' });
    await waitFor(() => expect(theme()).toBe(chosen));
  }
});

test('how another window is arranged moves nothing here', async () => {
  const host = new FakeHost();
  const settings = new Settings(host);
  await settings.read();
  host.settings.set('boardSort', '"longest"');
  host.settings.set('enterSends', 'false');
  await settings.heard('boardSort');
  await settings.heard('enterSends');
  await settings.heard('of a later version');
  expect(settings.values).toMatchObject({ boardSort: 'breach', enterSends: false });
});

test('what was chosen here meanwhile stays', async () => {
  const host = new FakeHost();
  const settings = new Settings(host);
  await settings.read();
  host.settings.set('rows', '"compact"');
  const heard = settings.heard('rows');
  settings.set('rows', 'roomy');
  await heard;
  expect(settings.values.rows).toBe('roomy');
  // A notice of the own change comes before it is saved, or after it: both say what is shown.
  await settings.heard('rows');
  expect(settings.values.rows).toBe('roomy');
});
