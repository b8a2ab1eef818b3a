/** Opens the page on a fake host and finds its parts by their test names. */
import { fireEvent, render, waitFor } from '@testing-library/svelte';
import { vi } from 'vitest';
import App from '../app/App.svelte';
import { Desk } from '../app/desk.svelte';
import type { FakeHost } from './fake-host';
import { PATIENCE_MS } from './patience';

export async function openWindow(host: FakeHost): Promise<Desk> {
  const desk = new Desk(host);
  await desk.settings.read();
  render(App, { desk });
  await waitFor(() => {
    if (!find('first-run') && !find('status-line') && !find('cut-off-screen'))
      throw new Error('nothing is drawn yet');
  });
  return desk;
}

export function find(name: string, more = ''): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-test="${name}"]${more}`);
}

export function all(name: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-test="${name}"]`)];
}

/** The part, once it is there. */
export function part(name: string, more = ''): Promise<HTMLElement> {
  return vi.waitFor(() => {
    const found = find(name, more);
    if (!found) throw new Error(`${name}${more} is not on the page`);
    return found;
  }, PATIENCE_MS);
}

/** What the part says, with single spaces. */
export async function said(name: string, more = ''): Promise<string> {
  return ((await part(name, more)).textContent ?? '').replace(/\s+/g, ' ').trim();
}

export async function write(name: string, text: string): Promise<void> {
  await fireEvent.input(await part(name), { target: { value: text } });
}

export async function press(name: string, more = ''): Promise<void> {
  await fireEvent.click(await part(name, more));
}

export async function openThread(thread: number): Promise<void> {
  await press('thread-row', `[data-thread="${thread}"]`);
  await part('composer');
}

export async function key(
  target: Element,
  name: string,
  over: KeyboardEventInit = {},
): Promise<void> {
  await fireEvent.keyDown(target, { key: name, bubbles: true, ...over });
}

export { waitFor };
