/** A list with less than its place holds: what comes above it moves no row away from under a pointer. */
import { fireEvent } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeHost } from '../../test/fake-host';
import { all, find, openWindow, waitFor } from '../../test/window';

afterEach(() => vi.unstubAllGlobals());

/** What the engine would lay out: the place of the list, and how high its rows are. */
const ROWS = 300;
const BANNER = 38;

test('under a banner that comes it scrolls by as much, and is at its top again once the hand is gone', async () => {
  const tells: (() => void)[] = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        tells.push(tell);
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  const desk = await openWindow(new FakeHost());
  await waitFor(() => expect(all('thread-row').length).toBeGreaterThan(0));
  const port = find('thread-list')!.querySelector<HTMLElement>('.port')!;
  const field = port.querySelector<HTMLElement>('.field')!;
  let edge = 100;
  let scrolled = 0;
  const high = () => Math.max(ROWS, parseFloat(field.style.minHeight) || 0);
  const most = () => Math.max(0, high() - (600 - edge));
  Object.defineProperties(port, {
    clientHeight: { configurable: true, get: () => 600 - edge },
    scrollHeight: { configurable: true, get: () => Math.max(600 - edge, high()) },
    scrollTop: {
      configurable: true,
      get: () => scrolled,
      set: (to: number) => (scrolled = Math.max(0, Math.min(to, most()))),
    },
    getBoundingClientRect: { configurable: true, value: () => ({ top: edge }) },
  });
  const resized = () => tells.forEach((tell) => tell());
  resized();
  const rows = find('thread-list')!.querySelector<HTMLElement>('.rows') ?? port.parentElement!;
  await fireEvent.pointerMove(rows, { screenX: 10, screenY: 10 });
  await fireEvent.pointerMove(rows, { screenX: 12, screenY: 12 });
  expect(desk.list.held).toBe(true);

  edge += BANNER;
  resized();
  expect(scrolled, 'the rows stay where they are on the screen').toBe(BANNER);

  await fireEvent.pointerLeave(rows);
  expect(scrolled).toBe(0);
  await waitFor(() => expect(field.style.minHeight).toBe(''));
});
