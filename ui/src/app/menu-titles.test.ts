/** What a button says to a pointer that rests on it does not lie over the menu that it opened. */
import { expect, test } from 'vitest';
import { FakeHost } from '../test/fake-host';
import { openThread, openWindow, part, press, waitFor } from '../test/window';

test.each(['thread-menu', 'filter', 'me', 'search-help'])(
  '%s has no title while it is open, and a name all the same',
  async (name) => {
    await openWindow(new FakeHost());
    await openThread(3);
    const button = await part(name);
    const { title } = button;
    expect(title).not.toBe('');
    await press(name);
    await waitFor(() => expect(button.getAttribute('aria-expanded')).toBe('true'));
    expect(button.hasAttribute('title')).toBe(false);
    expect(button.getAttribute('aria-label') ?? button.querySelector('[aria-label]')).toBeTruthy();
    await press(name);
    await waitFor(() => expect(button.title).toBe(title));
  },
);
