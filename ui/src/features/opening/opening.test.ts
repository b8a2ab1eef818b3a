/** A start that takes long says what takes so long; one that is quick shows nothing of it. */
import { render } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import App from '../../app/App.svelte';
import { Desk } from '../../app/desk.svelte';
import type { OpeningView, Session } from '$lib/contract';
import { words } from '$lib/words';
import { FakeHost, refuse } from '../../test/fake-host';
import { session } from '../../test/people';
import { find } from '../../test/window';
import { readOrLong, WAITS_MS } from './opening.svelte';

const copying = (done: number): OpeningView => ({ step: 'copying', done, of: 200 });

let host: FakeHost;
beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeHost();
});
afterEach(() => vi.useRealTimers());

/** The page, whose desk answers once the returned function is called. */
async function waitingPage(): Promise<() => void> {
  let open!: (session: Session) => void;
  host.answers.session = () => new Promise((resolve) => (open = resolve));
  const desk = new Desk(host);
  await desk.settings.read();
  render(App, { desk });
  await vi.advanceTimersByTimeAsync(0);
  return () => open(session());
}

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const text = (name: string) => find(name)?.textContent?.trim();

test('a start that is quick shows nothing of it, and does not even ask', async () => {
  host.openingAt = copying(10);
  const open = await waitingPage();
  await passes(WAITS_MS - 10);
  expect(find('opening-screen')).toBeNull();
  open();
  await passes(10 * WAITS_MS);
  expect(find('status-line')).not.toBeNull();
  expect([find('opening-screen'), host.askedOpening]).toEqual([null, 0]);
});

test('a long step is named with how far it is, then the next one, then the inbox is there', async () => {
  host.openingAt = copying(85);
  const open = await waitingPage();
  await passes(WAITS_MS);
  expect(find('opening-step')?.getAttribute('role')).toBe('status');
  expect(text('opening-step')).toBe(words.opening.steps.copying);
  expect(text('opening-share')).toBe('42 %');
  expect((find('opening-progress') as HTMLProgressElement).value).toBe(42);
  host.openingAt = { step: 'updating', done: 1, of: 3 };
  await passes(WAITS_MS);
  expect(text('opening-step')).toBe(words.opening.steps.updating);
  expect(text('opening-share')).toBe('33 %');
  // What comes then is short.
  host.openingAt = null;
  await passes(WAITS_MS);
  expect(find('opening-screen')).toBeNull();
  open();
  await passes(WAITS_MS);
  expect(find('status-line')).not.toBeNull();
  const asked = host.askedOpening;
  await passes(10 * WAITS_MS);
  expect(host.askedOpening).toBe(asked);
});

test('each step has words of its own', async () => {
  await waitingPage();
  for (const step of ['copying', 'updating', 'applying', 'salvaging', 'remaking'] as const) {
    host.openingAt = { step, done: 0, of: 9 };
    await passes(WAITS_MS);
    expect(find('opening-screen')?.dataset['step']).toBe(step);
    expect(text('opening-step')).toBe(words.opening.steps[step]);
  }
});

test('a desk that cannot be opened says why, and what its next try is at', async () => {
  const desk = new Desk(host);
  host.answers.session = () => {
    throw refuse('storage', 'The disk is full.', 'Make room on the disk.');
  };
  await desk.settings.read();
  render(App, { desk });
  await passes(2 * WAITS_MS);
  expect(find('notice')?.textContent).toContain('The disk is full.');
  // It goes on by itself once there is space.
  host.openingAt = { step: 'salvaging', done: 3, of: 33 };
  await passes(WAITS_MS);
  expect(find('notice')).toBeNull();
  expect(text('opening-step')).toBe(words.opening.steps.salvaging);
  host.openingAt = null;
  await passes(WAITS_MS);
  expect(find('notice')?.textContent).toContain('The disk is full.');
});

test('a host that does not answer is no trouble of its own', async () => {
  host.opening = () => Promise.reject(new Error('broken pipe'));
  const open = await waitingPage();
  await passes(3 * WAITS_MS);
  expect(find('opening-screen')).toBeNull();
  open();
  await passes(WAITS_MS);
  expect(find('status-line')).not.toBeNull();
});

test('the page is drawn once its settings are read, or once something takes long', async () => {
  let drawn = 0;
  const draws = (read: Promise<void>) => void readOrLong(host, read).then(() => (drawn += 1));
  draws(Promise.resolve());
  await passes(0);
  expect([drawn, host.askedOpening]).toEqual([1, 0]);

  const desk = new Desk(host);
  let settings!: () => void;
  const held = new Promise<void>((resolve) => (settings = resolve));
  const { setting } = host.answers;
  host.answers.setting = async (request) => {
    await held;
    return setting(request);
  };
  draws(desk.settings.read());
  await passes(5 * WAITS_MS);
  expect(drawn, 'slow, and nothing is known that takes long').toBe(1);
  host.openingAt = copying(1);
  await passes(WAITS_MS);
  expect(drawn).toBe(2);

  // The inbox waits for its settings, although the desk has answered.
  render(App, { desk });
  await passes(WAITS_MS);
  expect(find('status-line')).toBeNull();
  settings();
  await passes(WAITS_MS);
  expect(find('status-line')).not.toBeNull();
});
